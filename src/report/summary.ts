import { paceOf } from '../measure/batches.ts';
import type { MeasuredMergeset } from '../measure/measured.ts';
import type { AnswerDeployment, UnitAnswer } from './answer.ts';
import type { Block, Inline, Table } from './blocks.ts';
import { leadTimeChart } from './mermaid.ts';
import { diagnosisBlocks, grewBlocks } from './diagnosis.ts';
import { extraBlocks } from './extras.ts';
import { firstBlocks } from './first.ts';
import { budgetBlocks, recordBlocks, weekBlocks } from './past.ts';
import { remarkBlocks } from './remarks.ts';
import { oneLine } from '../model/guard-error.ts';
import {
  counted,
  duration,
  handWords,
  listed,
  moment,
  nameOf,
  STATUS_WORDS,
  unitName,
  verdictSentence,
  whyBatch,
  windowWords,
} from './words.ts';

const TITLE_LENGTH = 60;
const MOST_SHIPPED_SHOWN = 10;

/** The story of a window: the verdict first, then the numbers, what waits, the deployments, the batches. */
export function summaryOf(answer: UnitAnswer): Block[] {
  const { mark } = STATUS_WORDS[answer.status];
  return [
    {
      kind: 'heading',
      level: 2,
      text: [`${mark} Deploy latency: ${answer.repository} → ${unitName(answer)}`],
    },
    { kind: 'paragraph', text: [{ text: verdictSentence(answer), strong: true }] },
    { kind: 'paragraph', text: [scope(answer)] },
    numbers(answer),
    ...budgetBlocks(answer),
    ...firstBlocks(answer),
    ...remarkBlocks(answer),
    ...lowerBoundNote(answer),
    ...leadTimeChart(answer),
    ...grewBlocks(answer),
    ...folded(pending(answer)),
    ...folded([
      ...extraBlocks(answer),
      ...diagnosisBlocks(answer),
      ...deployments(answer),
      ...batches(answer),
      ...weekBlocks(answer),
    ]),
    ...recordBlocks(answer),
    ...unreadBlocks(answer),
  ];
}

/** Sections, each folded below its heading; what stands before the first heading stays as it is. */
export function folded(blocks: readonly Block[]): Block[] {
  const told: Block[] = [];
  for (const block of blocks) {
    const section = told.at(-1);
    if (block.kind === 'heading')
      told.push({
        kind: 'details',
        summary: block.text.map((each) => (typeof each === 'string' ? each : each.text)).join(''),
        blocks: [],
      });
    else if (section?.kind === 'details') section.blocks.push(block);
    else told.push(block);
  }
  return told;
}

function scope(answer: UnitAnswer): string {
  const { leadTime, mergesets, baseBranch } = answer;
  const shipped = answer.deployments.filter((each) => each.outcome === 'success').length;
  const untimed = mergesets.filter((each) => each.untimed && each.leftOut === null).length;
  const left = mergesets.filter((each) => each.leftOut !== null).length;
  return [
    `${counted(mergesets.length, 'change')} merged into ${baseBranch} in the ${windowWords(answer)}:`,
    `${leadTime.deployed} live, ${leadTime.pending} pending${untimed > 0 ? `, ${untimed} untimed` : ''}${left > 0 ? `, ${left} not counted` : ''};`,
    `${counted(shipped, 'successful deployment')}.`,
  ].join(' ');
}

/** The statistics in a row; the team's is bold. */
export function numbers({ leadTime, target }: UnitAnswer): Table {
  const names = ['p50', 'p75', 'p90', 'p95', 'mean', 'max'] as const;
  const bound = (name: (typeof names)[number]) => (name === 'mean' || name === 'max') && leadTime.pending > 0;
  const value = (name: (typeof names)[number]): Inline => {
    const seconds = leadTime[name];
    if (seconds !== null)
      return [{ text: `${bound(name) ? '≥ ' : ''}${duration(seconds)}`, strong: name === target.statistic }];
    return [leadTime.max === null ? '–' : `≥ ${duration(leadTime.max)}`];
  };
  return {
    kind: 'table',
    columns: names.map((name) => ({ title: name, align: 'right' })),
    rows: [names.map(value)],
    noun: 'row',
  };
}

function lowerBoundNote({ leadTime }: UnitAnswer): Block[] {
  if (leadTime.pending === 0) return [];
  return [
    {
      kind: 'note',
      text: [
        '≥ is a lower bound: what is still pending counts with its waiting so far, so nobody looks fast by not deploying.',
      ],
    },
  ];
}

function mergeset(each: MeasuredMergeset): Inline {
  return [{ text: nameOf(each), href: each.url }, ` ${cut(each.title)}`];
}

function cut(text: string): string {
  const points = [...text];
  return points.length > TITLE_LENGTH ? `${points.slice(0, TITLE_LENGTH - 1).join('')}…` : text;
}

export function pending(answer: UnitAnswer): Block[] {
  if (answer.pending.length === 0) return [];
  return [
    { kind: 'heading', level: 3, text: [`Merged, not live: ${answer.pending.length}`] },
    {
      kind: 'table',
      columns: [
        { title: 'Change' },
        { title: 'Author' },
        { title: 'Merged (UTC)' },
        { title: 'Waiting', align: 'right' },
      ],
      rows: answer.pending.map((each) => [
        mergeset(each),
        [each.author?.login ?? '–'],
        [moment(each.mergedAt)],
        [
          {
            text: duration(each.waitingSeconds ?? 0),
            strong: (each.waitingSeconds ?? 0) > answer.target.thresholdSeconds,
          },
        ],
      ]),
      noun: 'pending change',
      oldestFirst: true,
    },
  ];
}

function deployments(answer: UnitAnswer): Block[] {
  if (answer.deployments.length === 0)
    return [{ kind: 'paragraph', text: [`No deployment to ${answer.environment} in this window.`] }];
  return [
    { kind: 'heading', level: 3, text: ['Deployments, newest first'] },
    {
      kind: 'table',
      columns: [
        { title: 'When (UTC)' },
        { title: 'Deployment' },
        { title: 'Shipped' },
        { title: 'Lead time', align: 'right' },
        { title: 'Note' },
      ],
      rows: answer.deployments.toReversed().map((each) => [
        [moment(each.succeededAt ?? each.at)],
        [
          { text: `${each.id}`, ...(each.url ? { href: each.url } : {}) },
          ' at ',
          {
            text: each.deployment.sha.slice(0, 7),
            href: `${answer.repositoryUrl}/commit/${each.deployment.sha}`,
          },
        ],
        shippedBy(each),
        leadTimes(each, answer),
        [noteOn(each, answer)],
      ]),
      noun: 'deployment',
    },
  ];
}

function shippedBy({ mergesets }: AnswerDeployment): Inline {
  if (mergesets.length === 0) return ['–'];
  const shown = mergesets.slice(0, MOST_SHIPPED_SHOWN);
  const more = mergesets.length - shown.length;
  return [
    ...shown.flatMap((each, i) => [...(i > 0 ? ['; '] : []), ...mergeset(each)]),
    ...(more > 0 ? [` and ${more} more`] : []),
  ];
}

/** The longest lead time of what it shipped; of several, the shortest too. */
function leadTimes({ mergesets }: AnswerDeployment, { target }: UnitAnswer): Inline {
  const times = mergesets.map((each) => each.leadTimeSeconds).filter((each) => each !== null);
  if (times.length === 0) return ['–'];
  const [shortest, longest] = [Math.min(...times), Math.max(...times)];
  const text = shortest === longest ? duration(longest) : `${duration(shortest)} to ${duration(longest)}`;
  return [{ text, strong: longest > target.thresholdSeconds }];
}

/** What is worth knowing of a deployment: what became of it, why it shipped nothing, whose hand was in it. */
export function noteOn(each: AnswerDeployment, { diagnosis }: Pick<UnitAnswer, 'diagnosis'>): string {
  const byHand = diagnosis.hands.find(({ deployment }) => deployment.id === each.id);
  const notes = [
    each.outcome === 'failure' && `failed${partsIn(each, 'failure')}`,
    each.outcome === 'running' && `still running${partsIn(each, 'running')}`,
    each.deployment.failedInGuard === true && "live; failed in this guard's own step",
    each.outcome === 'success' && each.parts.length > 0 && partsWords(each),
    each.batched && `batch of ${each.mergesets.length}`,
    each.rollback && 'rollback',
    each.redeploy && 'same commit again',
    shipsNothing(each) && 'nothing new: no change was merged since the one before',
    each.seed && "this environment's first; untimed",
    each.assumed && 'this run, taken as live now',
    each.outcome === 'success' && each.succeededAt === null && 'time unknown',
    byHand !== undefined && handWords(byHand.hand),
  ];
  return notes.filter((note) => note !== false).join(', ');
}

/** A success that put nothing live, and is neither a rollback nor of the same commit again. */
const shipsNothing = ({ outcome, mergesets, rollback, redeploy, seed }: AnswerDeployment): boolean =>
  outcome === 'success' && mergesets.length === 0 && !rollback && !redeploy && !seed;

/** The parts of a rollout that came to this, by their jobs' names. */
function partsIn({ parts }: AnswerDeployment, outcome: 'failure' | 'running'): string {
  const found = parts.filter((each) => each.outcome === outcome);
  if (found.length === 0) return '';
  return ` in ${listed(found.map(partName))}, ${found.length} of ${parts.length} parts`;
}

function partsWords({ parts }: AnswerDeployment): string {
  const times = parts.map((each) => `${partName(each)} ${each.succeededAt ? moment(each.succeededAt) : '–'}`);
  return `${parts.length} parts: ${listed(times)}`;
}

const partName = ({ job, deployment }: AnswerDeployment['parts'][number]): string =>
  job === null ? `${deployment.id}` : oneLine(job, 40);

function batches(answer: UnitAnswer): Block[] {
  const batched = answer.deployments.filter((each) => each.batched).toReversed();
  if (batched.length === 0) return [];
  return [
    { kind: 'heading', level: 3, text: [`Batches: ${batched.length}`] },
    {
      kind: 'table',
      columns: [
        { title: 'When (UTC)' },
        { title: 'Deployment' },
        { title: 'Changes' },
        { title: 'Authors' },
        { title: 'Why' },
      ],
      rows: batched.map((each) => [
        [moment(each.succeededAt ?? each.at)],
        [`${each.id}`],
        [listed(each.mergesets.map(nameOf))],
        [listed(each.authors) || '–'],
        [whyBatch(each.causes, paceOf(each, answer.deployments))],
      ]),
      noun: 'batched deployment',
    },
  ];
}

export function unreadBlocks({ gaps }: UnitAnswer): Block[] {
  if (gaps.length === 0) return [];
  return [
    { kind: 'heading', level: 3, text: ['What could not be read'] },
    {
      kind: 'table',
      columns: [{ title: 'What' }, { title: 'What that does to the answer' }],
      rows: gaps.map((each) => [[each.what], [each.consequence]]),
      noun: 'gap',
    },
  ];
}
