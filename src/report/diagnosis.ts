import { type Block, details, heading, note, paragraph, right, type Table, table } from './blocks.ts';
import type { Report, Waterfall } from './contract.ts';
import { coded, withLinks } from './parts.ts';
import { changeSentence } from './trends.ts';
import { calledBy, capital, counted, duration, listed, moment, percent, STAGE_WORDS } from './words.ts';

type Stages = NonNullable<Report['stages']>;
type Suspect = Report['suspects'][number];
type Regression = NonNullable<Report['regression']>;

/** Stages, suspects and the slowdown, for the summary and, in short, for a comment. */

/** Number of suspects whose advice is written out. */
const RULES_SHOWN = 8;

export function diagnosisBlocks({ stages, suspects }: Report): Block[] {
  return [
    ...(stages && stages.opened > 0 ? stageBlocks(stages) : []),
    ...(stages?.inActions ? waterfallsIn(stages).map(gantt) : []),
    ...(suspects.length > 0 ? suspectBlocks(suspects) : []),
  ];
}

/** The stages in a table, with the number of deployments behind it. */
export function stageBlocks(stages: Stages): Block[] {
  return [heading(3, 'Where the time goes'), stageTable(stages), note(coverage(stages))];
}

function coverage({ opened, shipped, inActions, rows }: Stages): string {
  const deployments =
    opened === shipped
      ? `Measured in ${shipped === 1 ? 'the only deployment' : `all ${shipped} deployments`} that shipped something.`
      : `Measured in ${opened} of ${counted(shipped, 'deployment')} that shipped something: all slow ones and a sample of the others.`;
  if (inActions) return deployments;
  const known = rows.some(({ stage }) => stage === 'checks')
    ? '. Checks are runs of their commits that had ended by then.'
    : ', so only their creation time is known.';
  return `${deployments} No run of GitHub Actions created them, or it could not be read${known}`;
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

/** The difference to the period before. */
function changeOf({ medianSeconds, beforeSeconds }: Stages['rows'][number]): string {
  if (beforeSeconds === null) return '–';
  const change = medianSeconds - beforeSeconds;
  return change === 0 ? 'unchanged' : `${change > 0 ? '+' : '−'}${duration(Math.abs(change))}`;
}

/** The three longest stages, in a table. */
export function topStages(stages: Stages): Table {
  const most = stages.rows.toSorted((a, b) => b.share - a.share).slice(0, 3);
  return stageTable({ ...stages, rows: most });
}

/** The stages of the slowest change and of the median one, if they are known. */
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

/** One change's stages as a Gantt chart. The labels are our own, never a job's name. */
function gantt({
  which,
  waterfall,
  seconds: leadTimeSeconds,
}: ReturnType<typeof waterfallsIn>[number]): Block {
  // Full dates, because Mermaid misreads plain seconds.
  const at = (seconds: number) =>
    new Date(Date.UTC(2000, 0, 1) + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  let from = 0;
  const bars = waterfall.segments.map(({ stage, seconds }, i) => {
    const to = from + seconds;
    const bar = `  ${STAGE_WORDS[stage]} :s${i}, ${at(from)}, ${at(to)}`;
    from = to;
    return bar;
  });
  return {
    kind: 'mermaid',
    source: [
      'gantt',
      `  title The ${which}, ${calledBy(waterfall.mergeset).replace('#', '')}, ${duration(leadTimeSeconds)} from merge to live`,
      '  dateFormat YYYY-MM-DD HH:mm:ss',
      `  axisFormat ${leadTimeSeconds >= 86_400 ? 'day %d %H:%M' : leadTimeSeconds >= 3600 ? '%H:%M' : '%M:%S'}`,
      '  section From merge to live',
      ...bars,
    ].join('\n'),
  };
}

/** The slowdown against the team's own past, or if that is unknown, against the period before. */
export function slowerBlocks(report: Report): Block[] {
  const { regression, change } = report;
  if (change === null && regression === null) return [];
  const text = [
    ...(change ? [changeSentence(change)] : []),
    ...(regression ? [regressionSentence(regression)] : []),
  ];
  return [heading(3, 'Slower than before'), ...text.map((words) => paragraph(...withLinks(report, words)))];
}

function regressionSentence(regression: Regression): string {
  const { beforeSeconds, nowSeconds, stage } = regression;
  const medians = `The median lead time was ${duration(beforeSeconds)} in the period before and is ${duration(nowSeconds)} now.`;
  return stage === null
    ? `${medians} There is no single cause: no stage explains half of the difference.`
    : `${medians} ${growthWords(regression)}${fileWords(regression)}`;
}

const fileWords = ({ since }: Regression): string =>
  since?.workflowChange ? ` That deployment changed ${since.workflowChange.path}.` : '';

/** The stage, job and step that grew most: `The deploy job (deploy, step Push) takes 2m more since 11 Mar, 10:35 UTC (#417).` */
export function growthWords({ stage, stageGrewSeconds, job, step, since }: Regression): string {
  if (stage === null) return '';
  const place = job === null ? '' : ` (${job}${step === null ? '' : `, step ${step}`})`;
  const shipped = since?.pullRequests.length ? ` (${listed(since.pullRequests.map(calledBy))})` : '';
  const start = since === null ? '' : ` since ${moment(since.at)} UTC${shipped}`;
  const subject = `"${capital(STAGE_WORDS[stage])}"${place}`;
  return `${subject} takes ${duration(stageGrewSeconds ?? 0)} more${start}.`;
}

export function suspectBlocks(suspects: readonly Suspect[]): Block[] {
  const rules = [...new Map(suspects.map((suspect) => [suspect.rule, suspect])).values()].slice(
    0,
    RULES_SHOWN,
  );
  return [
    heading(3, 'Suspects'),
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
      return details(rule.title, [paragraph(...coded(rule.advice)), ...yaml]);
    }),
  ];
}

/** The time that fixing a suspect may save per deployment. */
export function savingOf({ saving }: Pick<Suspect, 'saving'>): string {
  return saving.low === saving.high
    ? duration(saving.high)
    : `${duration(saving.low)} to ${duration(saving.high)}`;
}
