import type { MeasuredMergeset } from '../measure/measure.ts';
import type { AnswerDeployment, UnitAnswer } from './answer.ts';
import type { Block, Inline } from './blocks.ts';
import { weeksChart } from './mermaid.ts';
import { topStages } from './diagnosis.ts';
import { numbers, unreadBlocks } from './summary.ts';
import type { Week } from './weeks.ts';
import {
  counted,
  duration,
  listed,
  moment,
  nameOf,
  STATUS_WORDS,
  verdictSentence,
  windowWords,
} from './words.ts';

/** The texts that are written where the team looks: on a pull request before and after it shipped, and in an issue. */

const LAST_DEPLOYMENTS = 5;

/** The hidden line by which a text is found again: one for each kind and environment. */
export function markerOf(kind: 'preview' | 'shipped' | 'weekly' | 'closed', environment: string): string {
  return `<!-- deploy-latency-guard ${kind} ${encodeURIComponent(environment).replaceAll('-', '%2D')} -->`;
}

/** On an open pull request: what merging now means. `own` is its number: it does not wait for itself. */
export function previewComment(answer: UnitAnswer, own: number | null): Block[] {
  const { mark } = STATUS_WORDS[answer.status];
  const waiting = answer.pending.filter((each) => each.number === null || each.number !== own);
  const running = underWayIn(answer);
  return [
    { kind: 'heading', level: 3, text: [`${mark} ${mergingNow(answer)}`] },
    { kind: 'paragraph', text: [verdictSentence(answer)] },
    { kind: 'paragraph', text: company(waiting) },
    { kind: 'paragraph', text: [underWay(running, answer)] },
    ...goesWhere(answer),
    ...lastDeployments(answer),
    ...missing(answer),
    {
      kind: 'details',
      summary: 'The numbers',
      blocks: [
        { kind: 'paragraph', text: [`In the ${windowWords(answer)}:`] },
        numbers(answer),
        ...waitingTable(waiting),
      ],
    },
  ];
}

/** What could not be read, where the verdict says that something is missing; a comment does not repeat the rest. */
function missing(answer: UnitAnswer): Block[] {
  return answer.reason === 'unreadable' ? unreadBlocks(answer) : [];
}

function mergingNow({ status, leadTimeSeconds, leadTimeAtLeastSeconds }: UnitAnswer): string {
  if (status === 'insufficient-data') return 'Merged now, live when? Not known yet';
  if (leadTimeSeconds !== null) return `Merged now, live in about ${duration(leadTimeSeconds)}`;
  return `Merged now, live in no less than ${duration(leadTimeAtLeastSeconds ?? 0)}`;
}

function company(waiting: readonly MeasuredMergeset[]): Inline {
  if (waiting.length === 0) return ['Nothing else is waiting: this change would ship alone.'];
  const named = waiting.map((each) => `${nameOf(each)} (${duration(each.waitingSeconds ?? 0)})`);
  return [
    { text: `${counted(waiting.length, 'merged change')} not live yet:`, strong: true },
    ` ${listed(named)}. This change would ship with ${waiting.length === 1 ? 'it' : 'them'}.`,
  ];
}

/** Those created since the newest success: what was overtaken is not going to end. */
function underWayIn({ deployments }: UnitAnswer): AnswerDeployment[] {
  const newest =
    deployments.findLast((each) => each.outcome === 'success')?.deployment.createdAt ?? new Date(0);
  return deployments.filter((each) => each.outcome === 'running' && each.deployment.createdAt > newest);
}

function underWay(running: readonly AnswerDeployment[], { window }: UnitAnswer): string {
  const newest = running.at(-1);
  if (newest === undefined) return 'No deployment is under way.';
  const since = (window.to.getTime() - newest.deployment.createdAt.getTime()) / 1000;
  const others = running.length > 1 ? ` (and ${running.length - 1} more)` : '';
  return `Deployment ${newest.id} has been under way for ${duration(since)}${others}.`;
}

/** Three lines on where the time goes. */
function goesWhere({ diagnosis }: UnitAnswer): Block[] {
  const lines = diagnosis?.stages ? topStages(diagnosis.stages) : [];
  if (lines.length === 0 || !diagnosis?.stages?.inActions) return [];
  return [
    { kind: 'paragraph', text: ['Where the time goes:'] },
    ...lines.map((each): Block => ({ kind: 'paragraph', text: [each] })),
  ];
}

function lastDeployments({ deployments, target }: UnitAnswer): Block[] {
  const last = deployments
    .filter((each) => each.outcome !== 'running')
    .slice(-LAST_DEPLOYMENTS)
    .toReversed();
  if (last.length === 0) return [];
  return [
    {
      kind: 'table',
      columns: [
        { title: 'Last deployments (UTC)' },
        { title: 'Shipped' },
        { title: 'Lead time', align: 'right' },
      ],
      rows: last.map((each) => {
        const times = each.mergesets.map((one) => one.leadTimeSeconds).filter((one) => one !== null);
        const longest = Math.max(...times);
        return [
          [moment(each.succeededAt ?? each.at)],
          [outcomeWords(each)],
          times.length > 0 ? [{ text: duration(longest), strong: longest > target.thresholdSeconds }] : ['–'],
        ];
      }),
      noun: 'deployment',
    },
  ];
}

function outcomeWords(each: AnswerDeployment): string {
  if (each.outcome === 'failure') return 'failed';
  if (each.rollback) return 'nothing new (rollback)';
  if (each.mergesets.length === 0) return 'nothing new';
  return `${listed(each.mergesets.map(nameOf))}${each.batched ? `, a batch of ${each.mergesets.length}` : ''}`;
}

function waitingTable(waiting: readonly MeasuredMergeset[]): Block[] {
  if (waiting.length === 0) return [];
  return [
    {
      kind: 'table',
      columns: [{ title: 'Waiting' }, { title: 'Change' }, { title: 'Author' }],
      rows: waiting.map((each) => [
        [duration(each.waitingSeconds ?? 0)],
        [`${nameOf(each)} ${each.title}`],
        [each.author?.login ?? '–'],
      ]),
      noun: 'pending change',
      oldestFirst: true,
    },
  ];
}

/** On a pull request where nothing can be said yet: why, and what to set up. */
export function setUpComment(reason: string): Block[] {
  return [
    { kind: 'heading', level: 3, text: ['⚪ Merged now, live when? Nothing is known yet'] },
    { kind: 'paragraph', text: [reason] },
  ];
}

/** Whether a shipped change has something to be told about: it was past the threshold, or one of a batch. */
export function isWrong(
  change: MeasuredMergeset,
  deployment: AnswerDeployment,
  thresholdSeconds: number,
): boolean {
  return deployment.batched || (change.leadTimeSeconds ?? 0) > thresholdSeconds;
}

/** On a pull request that a deployment has shipped: live how long after the merge, alone or with which others. */
export function shippedComment(
  change: MeasuredMergeset,
  deployment: AnswerDeployment,
  answer: UnitAnswer,
  mention: readonly string[],
): Block[] {
  const { target, environment } = answer;
  const seconds = change.leadTimeSeconds ?? 0;
  const others = deployment.mergesets.filter((each) => each !== change);
  const mark = seconds > target.thresholdSeconds ? '🔴' : seconds > target.seconds ? '🟡' : '🟢';
  const against =
    seconds <= target.seconds ? 'within' : seconds <= target.thresholdSeconds ? 'past' : 'far past';
  const company =
    others.length === 0
      ? 'It shipped alone.'
      : `It shipped together with ${listed(others.map(nameOf))}${deployment.batched ? `: a batch of ${deployment.mergesets.length}, where ${answer.maxBatch} is the most` : ''}.`;
  return [
    {
      kind: 'heading',
      level: 3,
      text: [`${mark} Live in ${environment} ${duration(seconds)} after the merge`],
    },
    {
      kind: 'paragraph',
      text: [
        `That is ${against} the target of ${duration(target.seconds)} (the limit is ${duration(target.thresholdSeconds)}). ${company} `,
        `Deployment ${deployment.id}, ${moment(deployment.succeededAt ?? deployment.at)} UTC.`,
      ],
    },
    ...(mention.length > 0 ? [{ kind: 'mention' as const, handles: [...mention] }] : []),
  ];
}

/** The weekly issue: its title has the figure, its body the week and the weeks before. */
export function weeklyIssue(
  answer: UnitAnswer,
  weeks: readonly Week[],
  mention: readonly string[],
): { title: string; blocks: Block[] } {
  const { target, environment, leadTimeSeconds, leadTimeAtLeastSeconds } = answer;
  const figure =
    leadTimeSeconds !== null
      ? duration(leadTimeSeconds)
      : leadTimeAtLeastSeconds !== null
        ? `at least ${duration(leadTimeAtLeastSeconds)}`
        : 'unknown';
  return {
    title: plainTitle(
      `Deploy latency: ${target.statistic} is ${figure} in ${environment}, target ${duration(target.seconds)}`,
    ),
    blocks: [
      { kind: 'paragraph', text: [{ text: verdictSentence(answer), strong: true }] },
      { kind: 'paragraph', text: ['Closed when a week is back at or under the target.'] },
      numbers(answer),
      ...weeksChart(weeks, target.seconds, target.thresholdSeconds),
      weeksTable(weeks),
      ...slowest(answer),
      ...(answer.pending.length > 0
        ? [
            {
              kind: 'heading' as const,
              level: 3 as const,
              text: [`Merged, not live: ${answer.pending.length}`],
            },
            ...waitingTable(answer.pending),
          ]
        : []),
      ...missing(answer),
      ...(mention.length > 0 ? [{ kind: 'mention' as const, handles: [...mention] }] : []),
    ],
  };
}

/** A title is not Markdown, but a mention or a reference in it would still be one. */
function plainTitle(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[@#]|GH-(?=\d)|:(?=\/\/)/gi, '$&\u200B');
}

function weeksTable(weeks: readonly Week[]): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'Week of' },
      { title: 'Verdict' },
      { title: 'Lead time', align: 'right' },
      { title: 'Changes', align: 'right' },
      { title: 'Pending', align: 'right' },
      { title: 'Batches', align: 'right' },
    ],
    rows: weeks
      .toReversed()
      .map((each) => [
        [each.week],
        [`${STATUS_WORDS[each.status].mark} ${STATUS_WORDS[each.status].title}`],
        [
          each.seconds !== null
            ? duration(each.seconds)
            : each.atLeast !== null
              ? `≥ ${duration(each.atLeast)}`
              : '–',
        ],
        [`${each.mergesets}`],
        [`${each.pending}`],
        [`${each.batches}`],
      ]),
    noun: 'week',
  };
}

const SLOWEST = 10;

function slowest({ mergesets }: UnitAnswer): Block[] {
  const slow = mergesets
    .filter((each) => each.leadTimeSeconds !== null)
    .sort((a, b) => (b.leadTimeSeconds ?? 0) - (a.leadTimeSeconds ?? 0))
    .slice(0, SLOWEST);
  if (slow.length === 0) return [];
  return [
    { kind: 'heading', level: 3, text: ['The slowest'] },
    {
      kind: 'table',
      columns: [
        { title: 'Lead time', align: 'right' },
        { title: 'Change' },
        { title: 'Author' },
        { title: 'Deployment' },
      ],
      rows: slow.map((each) => [
        [duration(each.leadTimeSeconds ?? 0)],
        [`${nameOf(each)} ${each.title}`],
        [each.author?.login ?? '–'],
        [`${each.deployment}`],
      ]),
      noun: 'change',
    },
  ];
}

/** The comment with which the issue is closed. */
export function closingComment(answer: UnitAnswer): Block[] {
  return [
    {
      kind: 'paragraph',
      text: [
        `${verdictSentence(answer)} Back at the target, so this is closed; it is opened again when lead time drifts.`,
      ],
    },
  ];
}
