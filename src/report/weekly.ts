import type { Status, Window } from '../model/terms.ts';
import type { UnitName } from '../model/unit.ts';
import type { UnitAnswer } from './answer.ts';
import type { Block } from './blocks.ts';
import { codeBlocks } from './extras.ts';
import { weeksChart } from './mermaid.ts';
import { numbers } from './summary.ts';
import { missing, waitingTable } from './thread-parts.ts';
import { aside, type RunAnswer, runSentence, unitsTable, worstFirst } from './units.ts';
import { type Week, weekOf } from './weeks.ts';
import { duration, listed, nameOf, STATUS_WORDS, unitName, verdictSentence } from './words.ts';

/** What the weekly issue tells of: one unit, or several. */
export interface WeeklyStory {
  status: Status;
  name: UnitName;
  window: Window;
  generatedAt: Date;
  week: Week;
  issue(weeks: readonly Week[], mention: readonly string[]): { title: string; blocks: Block[] };
  /** The comment with which the issue is closed. */
  closing: Block[];
  /** Whether a title is of the form that this story's has, whatever its figures. */
  hasTitle(title: string): boolean;
}

/** So many stories have room in an issue. */
const MOST_SECTIONS = 15;

export function weeklyStory(answer: UnitAnswer): WeeklyStory {
  return {
    status: answer.status,
    name: answer.name,
    window: answer.window,
    generatedAt: answer.generatedAt,
    week: weekOf(answer),
    issue: (weeks, mention) => weeklyIssue(answer, weeks, mention),
    closing: closingComment(verdictSentence(answer)),
    hasTitle: (title) =>
      title.startsWith('Deploy latency: ') &&
      title.includes(plainTitle(` in ${answer.environment}, target `).trim()),
  };
}

/** A service of which too little is known in a week says nothing against those that are back at their target. */
function storyStatus(answers: readonly UnitAnswer[]): Status {
  const all = new Set(answers.map((each) => each.status));
  return (['drifted', 'slipping', 'on-target'] as const).find((each) => all.has(each)) ?? 'insufficient-data';
}

/** One issue for several units, with a section for each that has drifted. */
export function runStory(run: RunAnswer, name: UnitName): WeeklyStory | null {
  const [worst] = worstFirst(run.answers);
  if (!worst) return null;
  const drifted = worstFirst(run.answers).filter((each) => each.status === 'drifted');
  const names = drifted.map(unitName);
  const shown = drifted.slice(0, MOST_SECTIONS);
  const head = 'Deploy latency of services: ';
  return {
    status: storyStatus(run.answers),
    name,
    window: worst.window,
    generatedAt: worst.generatedAt,
    week: weekOf(worst),
    issue: (weeks, mention) => ({
      title: plainTitle(
        `${head}${names.length > 0 ? `${listed(names)} ${names.length === 1 ? 'has' : 'have'} drifted` : 'none has drifted'}`,
      ),
      blocks: [
        { kind: 'paragraph', text: [{ text: runSentence(run), strong: true }] },
        { kind: 'paragraph', text: ['Closed when every one is back at or under its target.'] },
        unitsTable(run),
        ...aside(run),
        weeksTable(weeks),
        ...(drifted.length > shown.length
          ? [
              {
                kind: 'paragraph' as const,
                text: [
                  `Of the ${drifted.length} that have drifted the ${shown.length} worst are told below.`,
                ],
              },
            ]
          : []),
        ...shown.flatMap((each): Block[] => [
          { kind: 'heading', level: 3, text: [unitName(each)] },
          { kind: 'paragraph', text: [verdictSentence(each)] },
          numbers(each),
          ...codeBlocks(each),
          ...slowest(each),
          ...waitingTable(each.pending),
          ...missing(each),
        ]),
        ...(mention.length > 0 ? [{ kind: 'mention' as const, handles: [...mention] }] : []),
      ],
    }),
    closing: closingComment(runSentence(run)),
    hasTitle: (title) => title.startsWith(head),
  };
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
      ...codeBlocks(answer),
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
  const isCoded = weeks.some((each) => each.code !== undefined);
  return {
    kind: 'table',
    columns: [
      { title: 'Week of' },
      { title: 'Verdict' },
      { title: 'Lead time', align: 'right' },
      { title: 'Changes', align: 'right' },
      { title: 'Pending', align: 'right' },
      { title: 'Batches', align: 'right' },
      ...(isCoded ? [{ title: 'Code to live', align: 'right' as const }] : []),
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
        ...(isCoded ? [[typeof each.code === 'number' ? duration(each.code) : '–']] : []),
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
function closingComment(sentence: string): Block[] {
  return [
    {
      kind: 'paragraph',
      text: [`${sentence} Back at the target, so this is closed; it is opened again when lead time drifts.`],
    },
  ];
}
