import type { UnitAnswer } from './answer.ts';
import type { Block } from './blocks.ts';
import { weeksChart } from './mermaid.ts';
import { numbers } from './summary.ts';
import { missing, waitingTable } from './thread-parts.ts';
import type { Week } from './weeks.ts';
import { duration, nameOf, STATUS_WORDS, verdictSentence } from './words.ts';

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

/** Whether a title is of the form that this unit's has, whatever its figures. */
export function hasTitleOf({ environment }: Pick<UnitAnswer, 'environment'>, title: string): boolean {
  return (
    title.startsWith('Deploy latency: ') && title.includes(plainTitle(` in ${environment}, target `).trim())
  );
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
