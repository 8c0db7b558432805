import { type Block, details, heading, note, paragraph, right, type Table, table } from './blocks.ts';
import type { Report, Waterfall } from './contract.ts';
import { changeBlocks } from './past.ts';
import { calledBy, counted, duration, moment, percent, STAGE_WORDS } from './words.ts';

type Stages = NonNullable<Report['stages']>;
type Suspect = Report['suspects'][number];
type Regression = NonNullable<Report['regression']>;

/** Where the time went, who is suspected, what grew: for the summary, and three lines for a comment. */

/** Rules whose advice is spelled out. */
const RULES_SHOWN = 8;

export function diagnosisBlocks({ stages, suspects }: Report): Block[] {
  return [
    ...(stages && stages.opened > 0 ? stageBlocks(stages) : []),
    ...(stages?.inActions ? waterfallsIn(stages).map(gantt) : []),
    ...(suspects.length > 0 ? suspectBlocks(suspects) : []),
  ];
}

/** The stages in a table, and of how many deployments it tells. */
export function stageBlocks(stages: Stages): Block[] {
  return [heading(3, 'Where the time goes'), stageTable(stages), note(coverage(stages))];
}

/** Of how many deployments the stages tell, and how much more is known of them. */
function coverage({ opened, shipped, inActions }: Stages): string {
  const of =
    opened === shipped
      ? `Of all ${counted(shipped, 'deployment')} that shipped something.`
      : `Of ${opened} of ${counted(shipped, 'deployment')} that shipped something: all slow ones, and a sample of the others.`;
  return inActions
    ? of
    : `${of} They were made from outside GitHub Actions, or their runs could not be read, so no more is known than when each was created.`;
}

function stageTable({ rows }: Stages): Table {
  return table(
    ['Stage', right('Median'), right('p90'), right('Share'), right('Change')],
    rows.map((row) => [
      [STAGE_WORDS[row.stage]],
      [duration(row.medianSeconds)],
      [duration(row.p90Seconds)],
      [percent(row.share * 100)],
      [changeOf(row)],
    ]),
    'stage',
  );
}

/** Against the period before. */
function changeOf({ medianSeconds, beforeSeconds }: Stages['rows'][number]): string {
  if (beforeSeconds === null) return '–';
  const change = medianSeconds - beforeSeconds;
  return change === 0 ? 'unchanged' : `${change > 0 ? '+' : '−'}${duration(Math.abs(change))}`;
}

/** The three stages that take most, in a table. */
export function topStages(stages: Stages): Table {
  const most = stages.rows.toSorted((a, b) => b.share - a.share).slice(0, 3);
  return stageTable({ ...stages, rows: most });
}

/** The slowest change's way to live and the median one's, as far as they can be drawn. */
export function waterfallsIn({
  slowest,
  median,
}: Stages): { which: string; waterfall: Waterfall; seconds: number }[] {
  const isAnother = median?.mergeset !== slowest?.mergeset || median?.deployment !== slowest?.deployment;
  return [
    { which: 'slowest', waterfall: slowest },
    { which: 'median', waterfall: isAnother ? median : null },
  ].flatMap(({ which, waterfall }) =>
    waterfall && waterfall.segments.length > 0
      ? [{ which, waterfall, seconds: waterfall.segments.reduce((sum, segment) => sum + segment.seconds, 0) }]
      : [],
  );
}

/** One change's way to live. The labels are our own: a job's name is not drawn. */
function gantt({
  which,
  waterfall: way,
  seconds: leadTimeSeconds,
}: ReturnType<typeof waterfallsIn>[number]): Block {
  // From a midnight on: of seconds alone Mermaid takes beginnings and ends for different units.
  const at = (seconds: number) =>
    new Date(Date.UTC(2000, 0, 1) + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  let from = 0;
  const bars = way.segments.map(({ stage, seconds }, i) => {
    const to = from + seconds;
    const bar = `  ${STAGE_WORDS[stage]} :s${i}, ${at(from)}, ${at(to)}`;
    from = to;
    return bar;
  });
  return {
    kind: 'mermaid',
    source: [
      'gantt',
      `  title The ${which}, ${calledBy(way.mergeset).replace('#', '')}, ${duration(leadTimeSeconds)} from merge to live`,
      '  dateFormat YYYY-MM-DD HH:mm:ss',
      `  axisFormat ${leadTimeSeconds >= 86_400 ? 'day %d %H:%M' : leadTimeSeconds >= 3600 ? '%H:%M' : '%M:%S'}`,
      '  section From merge to live',
      ...bars,
    ].join('\n'),
  };
}

/** What changed against the team's own past; where that cannot be told, what grew against the period before. */
export function grewBlocks({ regression, change }: Report): Block[] {
  if (change !== null) return changeBlocks(change, regression ? growthWords(regression) : '');
  return regression ? regressionBlocks(regression) : [];
}

function regressionBlocks(regression: Regression): Block[] {
  return [heading(3, 'What grew'), paragraph(regressionSentence(regression))];
}

function regressionSentence(regression: Regression): string {
  const { beforeSeconds, nowSeconds, stage, since } = regression;
  const grew = `The median went from ${duration(beforeSeconds)} in the period before to ${duration(nowSeconds)}.`;
  if (stage === null) return `${grew} There is no single cause: no stage explains half of it.`;
  const when =
    since === null
      ? ''
      : ` since deployment ${since.deployment} (${moment(since.at)} UTC)${since.pullRequests.length > 0 ? `, which shipped ${since.pullRequests.map((pullRequest) => `#${pullRequest}`).join(', ')}` : ''}${since.workflowChange ? `, with a change to ${since.workflowChange.path} (${since.workflowChange.sha.slice(0, 7)})` : ''}`;
  return `${grew} ${growthWords(regression)}${when}.`;
}

/** The stage, job and step that grew most; nothing where there is no single cause. */
function growthWords({ stage, stageGrewSeconds, job, step }: Regression): string {
  if (stage === null) return '';
  const what = `${STAGE_WORDS[stage]}${job === null ? '' : ` (${job}${step === null ? '' : `, step ${step}`})`}`;
  return `Most of it is ${what}: ${duration(stageGrewSeconds ?? 0)} more`;
}

export function suspectBlocks(suspects: readonly Suspect[]): Block[] {
  const rules = [...new Map(suspects.map((suspect) => [suspect.rule, suspect])).values()].slice(
    0,
    RULES_SHOWN,
  );
  return [
    heading(3, 'The usual suspects'),
    table(
      ['What', 'Where', right('Median'), right('Runs'), right('Share'), right('May save')],
      suspects.map((suspect) => [
        [suspect.title],
        [{ text: suspect.where, ...(suspect.runs[0] ? { href: suspect.runs[0] } : {}) }],
        [duration(suspect.medianSeconds)],
        [`${suspect.times}`],
        [percent(suspect.share * 100)],
        [savingOf(suspect)],
      ]),
      'suspect',
    ),
    ...rules.map((rule): Block => {
      const yaml: Block[] = rule.yaml === null ? [] : [{ kind: 'code', language: 'yaml', text: rule.yaml }];
      return details(rule.title, [paragraph(rule.advice), ...yaml]);
    }),
  ];
}

/** What a suspect may save, a deployment. */
export function savingOf({ saving }: Pick<Suspect, 'saving'>): string {
  return saving.low === saving.high
    ? duration(saving.high)
    : `${duration(saving.low)} to ${duration(saving.high)}`;
}
