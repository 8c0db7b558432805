import { BUDGET_DAYS } from '../model/terms.ts';
import { type Block, details, heading, type Inline, note, paragraph, right, table } from './blocks.ts';
import type { Report } from './contract.ts';
import {
  counted,
  duration,
  figureWords,
  listed,
  moment,
  percent,
  STAGE_WORDS,
  statusWords,
} from './words.ts';

type Budget = NonNullable<Report['budget']>;
type Change = NonNullable<Report['change']>;
type Alert = Report['alerts']['all'][number];

/** What the time before the window says: the error budget, what changed, the guard's own record, the weeks. */

const BAR = 10;

/** The objective as one row with a small bar; nothing without one. */
export function budgetBlocks({ budget }: Report): Block[] {
  if (budget === null) return [];
  const { objective, share, left, burn } = budget;
  const rate = (value: number | null) => (value === null ? 'too few' : `${value.toFixed(1)}×`);
  return [
    table(
      [
        `Objective, ${BUDGET_DAYS} days`,
        right('Within the limit'),
        'Error budget left',
        right('Spent at, last 5'),
        right('Last 20'),
      ],
      [
        [
          [`${Number((objective * 100).toFixed(4))}%`],
          [{ text: share === null ? '–' : percent(share * 100), strong: true }],
          [left === null ? '–' : `${barOf(left)} ${percent(left * 100)}`],
          [rate(burn.of5)],
          [rate(burn.of20)],
        ],
      ],
      'row',
    ),
    ...undecided(budget),
  ];
}

function undecided({ left, spent }: Budget): Block[] {
  if (left === null || left > 0 || spent) return [];
  return [
    note(
      'The budget is overspent by the count; so few changes may show that by chance, so it is no finding.',
    ),
  ];
}

function barOf(left: number): string {
  const full = Math.round(Math.min(1, Math.max(0, left)) * BAR);
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`;
}

/** What slipped against the team's own past, as a story. */
export function changeBlocks(change: Change, grew: string): Block[] {
  return [
    heading(3, 'What changed'),
    paragraph(`${changeSentence(change)}${grew === '' ? '' : ` ${grew}.`}`),
  ];
}

/** `Slower since deployment 9007 (…): the median went from … to …. In there went #12; package-lock.json.` */
export function changeSentence(change: Change): string {
  const { what, stage, beforeSeconds, afterSeconds, deployments, lastGood, firstBad, pullRequests, files } =
    change;
  const name = ({ deployment, at }: Change['lastGood']) =>
    `${deployment === null ? 'the run' : `deployment ${deployment}`} (${moment(at)} UTC)`;
  const subject = what === null ? 'from merge to live' : STAGE_WORDS[what];
  const most = what === null && stage !== null ? ` Of the stages, ${STAGE_WORDS[stage]} slipped.` : '';
  const went = [
    ...(pullRequests.length > 0 ? [listed(pullRequests.map((pullRequest) => `#${pullRequest}`))] : []),
    ...(files ?? []).map(({ path, kind }) => `${path} (${kind})`),
  ];
  const isAttributable = (files ?? []).length > 0 || pullRequests.length === 1;
  const content =
    went.length === 0
      ? 'Not attributable: no pull request went live in between.'
      : `In between went ${listed(went)}.${isAttributable ? '' : ' Not attributable to one of them.'}`;
  return `Slower than its own past: the median ${subject} went from ${duration(beforeSeconds)} (${counted(deployments.before, 'deployment')}) to ${duration(afterSeconds)} (${counted(deployments.after, 'deployment')}). The last good one was ${name(lastGood)}, the first slow one ${name(firstBad)}. ${content}${most}`;
}

const LEFT_WORDS: Record<NonNullable<Alert['left']>, string> = {
  'on-target': 'back at the target',
  'under-limit': 'surely under the limit',
  'not-sure': 'not sure for too long',
};

/** `3 alerts in 26 weeks, all borne out.`; nothing where none was, or the time before was not read. */
function recordSentence({ alerts: { from, all: alerts }, window }: Report): string | null {
  if (from === null || alerts.length === 0) return null;
  const weeks = Math.round((Date.parse(window.to) - Date.parse(from)) / (7 * 86_400_000));
  const decided = alerts.filter((alert) => alert.borneOut !== null);
  const borne = decided.filter((each) => each.borneOut === true).length;
  const open = alerts.length - decided.length;
  const words =
    decided.length === 0
      ? 'too few deployments since to say whether borne out'
      : `${borne === decided.length ? (borne === 1 ? 'borne out' : 'all borne out') : `${borne} of ${decided.length} borne out`}${open > 0 ? `, ${open} open` : ''}`;
  return `${counted(alerts.length, 'alert')} in ${counted(weeks, 'week')}, ${words}.`;
}

/** The guard's own record: when it was on alert, and whether that was borne out by the deployments after. */
export function recordBlocks(report: Report): Block[] {
  const sentence = recordSentence(report);
  if (sentence === null) return [];
  const rows = report.alerts.all
    .toReversed()
    .map((each): Inline[] => [
      [`${each.orBefore ? 'before ' : ''}${moment(each.enteredAt)}`],
      [each.deployment === null ? '–' : `${each.deployment}`],
      [`${each.votes.over} of ${each.votes.of}`],
      [
        each.leftAt === null || each.left === null
          ? 'on'
          : `${moment(each.leftAt)}, ${LEFT_WORDS[each.left]}`,
      ],
      [each.borneOut === null ? 'open' : each.borneOut ? 'yes' : 'no'],
    ]);
  return [
    details(`This guard's own record: ${sentence}`, [
      table(
        ['Alert (UTC)', 'Since deployment', right('Past the limit'), 'Left (UTC)', 'Borne out'],
        rows,
        'alert',
      ),
    ]),
  ];
}

/** The weeks in a table, newest first; nothing where none were asked for. */
export function weekBlocks({ weeks, target }: Report): Block[] {
  if (weeks === null) return [];
  return [
    heading(3, 'Week by week'),
    table(
      [
        'Week up to (UTC)',
        right(`Lead time, ${target.statistic}`),
        'Verdict',
        'Alert',
        right('Deployments'),
        right('Batches'),
      ],
      weeks
        .toReversed()
        .map((week): Inline[] => [
          [moment(week.to).slice(0, 10)],
          [figureWords(week.leadTimeSeconds, week.leadTimeAtLeastSeconds)],
          [`${statusWords(week.status)}${week.confidence === 'likely' ? ', likely' : ''}`],
          [week.alert ? 'on' : '–'],
          [`${week.deployments}`],
          [week.deployments === 0 ? '–' : percent((week.batches / week.deployments) * 100)],
        ]),
      'week',
    ),
  ];
}
