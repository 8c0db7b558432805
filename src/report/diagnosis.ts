import type { UnitAnswer } from './answer.ts';
import type { Regression } from '../diagnose/regression.ts';
import type { Staged, StageReport, StageRow } from '../diagnose/stage-report.ts';
import type { Suspect } from '../diagnose/suspects.ts';
import type { Block, Table } from './blocks.ts';
import { changeBlocks } from './past.ts';
import { counted, duration, moment, nameOf, percent, STAGE_WORDS } from './words.ts';

/** Where the time went, who is suspected, what grew: for the summary, and three lines for a comment. */

/** Rules whose advice is spelled out. */
const RULES_SHOWN = 8;

export function diagnosisBlocks(answer: UnitAnswer): Block[] {
  const { diagnosis } = answer;
  const { stages, suspects } = diagnosis;
  return [
    ...(stages && stages.staged.length > 0 ? stageBlocks(stages) : []),
    ...(stages?.inActions ? waterfalls(stages) : []),
    ...(suspects.length > 0 ? suspectBlocks(suspects) : []),
  ];
}

/** The stages in a table, and of how many deployments it tells. */
export function stageBlocks(stages: StageReport): Block[] {
  return [
    { kind: 'heading', level: 3, text: ['Where the time goes'] },
    stageTable(stages),
    { kind: 'note', text: [coverage(stages)] },
  ];
}

/** Of how many deployments the stages tell, and how much more is known of them. */
function coverage({ opened, shipped, inActions }: StageReport): string {
  const of =
    opened === shipped
      ? `Of all ${counted(shipped, 'deployment')} that shipped something.`
      : `Of ${opened} of ${counted(shipped, 'deployment')} that shipped something: all slow ones, and a sample of the others.`;
  return inActions
    ? of
    : `${of} They were made from outside GitHub Actions, or their runs could not be read, so no more is known than when each was created.`;
}

function stageTable({ rows }: StageReport): Table {
  return {
    kind: 'table',
    columns: [
      { title: 'Stage' },
      { title: 'Median', align: 'right' },
      { title: 'p90', align: 'right' },
      { title: 'Share', align: 'right' },
      { title: 'Change', align: 'right' },
    ],
    rows: rows.map((each) => [
      [STAGE_WORDS[each.stage]],
      [duration(each.medianSeconds)],
      [duration(each.p90Seconds)],
      [percent(each.share * 100)],
      [changeOf(each)],
    ]),
    noun: 'stage',
  };
}

/** Against the period before. */
function changeOf({ medianSeconds, beforeSeconds }: StageRow): string {
  if (beforeSeconds === null) return '–';
  const change = medianSeconds - beforeSeconds;
  return change === 0 ? 'unchanged' : `${change > 0 ? '+' : '−'}${duration(Math.abs(change))}`;
}

/** The three stages that take most, in a table. */
export function topStages(stages: StageReport): Table {
  const most = stages.rows.toSorted((a, b) => b.share - a.share).slice(0, 3);
  return stageTable({ ...stages, rows: most });
}

function waterfalls({ slowest, median }: StageReport): Block[] {
  const [first, second] = [slowest, median];
  if (first === null || first.segments.length === 0) return [];
  return [
    gantt('slowest', first),
    ...(second !== null && second !== first && second.segments.length > 0 ? [gantt('median', second)] : []),
  ];
}

/** One change's way to live. The labels are our own: a job's name is not drawn. */
function gantt(which: string, { segments, mergeset, leadTimeSeconds }: Staged): Block {
  const begin = segments[0]?.from ?? 0;
  // From a midnight on: of seconds alone Mermaid takes beginnings and ends for different units.
  const at = (seconds: number) =>
    new Date(Date.UTC(2000, 0, 1) + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const bars = segments.map(
    ({ stage, from, to }, i) => `  ${STAGE_WORDS[stage]} :s${i}, ${at(from - begin)}, ${at(to - begin)}`,
  );
  return {
    kind: 'mermaid',
    source: [
      'gantt',
      `  title The ${which}, ${nameOf(mergeset).replace('#', '')}, ${duration(leadTimeSeconds)} from merge to live`,
      '  dateFormat YYYY-MM-DD HH:mm:ss',
      `  axisFormat ${leadTimeSeconds >= 86_400 ? 'day %d %H:%M' : leadTimeSeconds >= 3600 ? '%H:%M' : '%M:%S'}`,
      '  section From merge to live',
      ...bars,
    ].join('\n'),
  };
}

/** What changed against the team's own past; where that cannot be told, what grew against the period before. */
export function grewBlocks(answer: UnitAnswer): Block[] {
  const { regression } = answer.diagnosis;
  if (answer.change !== null) return changeBlocks(answer.change, regression ? growthWords(regression) : '');
  return regression ? regressionBlocks(regression) : [];
}

function regressionBlocks(regression: Regression): Block[] {
  return [
    { kind: 'heading', level: 3, text: ['What grew'] },
    { kind: 'paragraph', text: [regressionSentence(regression)] },
  ];
}

export function regressionSentence(regression: Regression): string {
  const { beforeSeconds, nowSeconds, stage, since } = regression;
  const grew = `The median went from ${duration(beforeSeconds)} in the period before to ${duration(nowSeconds)}.`;
  if (stage === null) return `${grew} There is no single cause: no stage explains half of it.`;
  const when =
    since === null
      ? ''
      : ` since deployment ${since.deployment} (${moment(since.at)} UTC)${since.pullRequests.length > 0 ? `, which shipped ${since.pullRequests.map((each) => `#${each}`).join(', ')}` : ''}${since.workflowChange ? `, with a change to ${since.workflowChange.path} (${since.workflowChange.sha.slice(0, 7)})` : ''}`;
  return `${grew} ${growthWords(regression)}${when}.`;
}

/** The stage, job and step that grew most; nothing where there is no single cause. */
function growthWords({ stage, stageGrewSeconds, job, step }: Regression): string {
  if (stage === null) return '';
  const what = `${STAGE_WORDS[stage]}${job === null ? '' : ` (${job}${step === null ? '' : `, step ${step}`})`}`;
  return `Most of it is ${what}: ${duration(stageGrewSeconds ?? 0)} more`;
}

export function suspectBlocks(suspects: readonly Suspect[]): Block[] {
  const rules = [...new Map(suspects.map((each) => [each.rule, each])).values()].slice(0, RULES_SHOWN);
  return [
    { kind: 'heading', level: 3, text: ['The usual suspects'] },
    {
      kind: 'table',
      columns: [
        { title: 'What' },
        { title: 'Where' },
        { title: 'Median', align: 'right' },
        { title: 'Runs', align: 'right' },
        { title: 'Share', align: 'right' },
        { title: 'May save', align: 'right' },
      ],
      rows: suspects.map((each) => [
        [each.title],
        [{ text: each.where, ...(each.runs[0] ? { href: each.runs[0] } : {}) }],
        [duration(each.medianSeconds)],
        [`${each.times}`],
        [percent(each.share * 100)],
        [savingOf(each)],
      ]),
      noun: 'suspect',
    },
    ...rules.map((each): Block => {
      const yaml: Block[] = each.yaml === null ? [] : [{ kind: 'code', language: 'yaml', text: each.yaml }];
      return {
        kind: 'details',
        summary: each.title,
        blocks: [{ kind: 'paragraph', text: [each.advice] }, ...yaml],
      };
    }),
  ];
}

/** What a suspect may save, a deployment. */
export function savingOf({ saving }: Suspect): string {
  return saving.low === saving.high
    ? duration(saving.high)
    : `${duration(saving.low)} to ${duration(saving.high)}`;
}
