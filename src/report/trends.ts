import { BUDGET_DAYS } from '../model/terms.ts';
import { type Block, details, heading, type Inline, note, right, table } from './blocks.ts';
import type { Report } from './contract.ts';
import {
  calledBy,
  capital,
  counted,
  day,
  duration,
  figureWords,
  listed,
  moment,
  percent,
  STAGE_WORDS,
  statusWords,
  timeOfDay,
} from './words.ts';

type Budget = NonNullable<Report['budget']>;
type Change = NonNullable<Report['change']>;
type Alert = Report['alerts']['all'][number];

/** The time before the window: the error budget, the slowdown, past alerts, the weeks. */

const BAR = 10;

/** The objective as one row with a small bar. Empty without an objective. */
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
        right('Burn rate, last 5'),
        right('Burn rate, last 20'),
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
  return [note('The budget is overspent, but by so few changes that it may be chance.')];
}

function barOf(left: number): string {
  const full = Math.round(Math.min(1, Math.max(0, left)) * BAR);
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`;
}

/** The slowdown in one sentence: `The deploy job took 2m and takes 16m 44s since 11 Mar, 09:20 UTC (#417).` */
export function changeWords({ what, beforeSeconds, afterSeconds, firstBad, pullRequests }: Change): string {
  const subject = what === null ? 'Going live' : capital(STAGE_WORDS[what]);
  const shipped = pullRequests.length > 0 ? ` (${listed(pullRequests.map(calledBy))})` : '';
  return `${subject} took ${duration(beforeSeconds)} and takes ${duration(afterSeconds)} since ${moment(firstBad.at)} UTC${shipped}.`;
}

/** The slowdown with its evidence: how many deployments show it, and what could have caused it. */
export function changeSentence(change: Change): string {
  const { what, stage, deployments, lastGood, pullRequests, files } = change;
  const stageWords = what === null && stage !== null ? ` Most of it is in "${STAGE_WORDS[stage]}".` : '';
  const touched = (files ?? []).map(({ path, kind }) => `${path} (${kind})`);
  const cause =
    touched.length > 0
      ? `${touched.length === 1 ? 'A file' : 'Files'} of the pipeline changed then: ${listed(touched)}.`
      : pullRequests.length === 0
        ? 'No pull request went live in between, so none can be named as the cause.'
        : pullRequests.length === 1
          ? ''
          : 'Several pull requests went live in between, so the cause is one of them.';
  return `${changeWords(change)}${stageWords} Compared: the medians of ${counted(deployments.before, 'deployment')} until ${moment(lastGood.at)} UTC and of ${deployments.after} since. ${cause}`.trim();
}

const END_WORDS: Record<NonNullable<Alert['left']>, string> = {
  'on-target': 'back at the target',
  'under-limit': 'clearly under the limit',
  'not-sure': 'no drift for at least four weeks',
};

/** `3 in 26 weeks, 2 confirmed, 1 still on`; `null` if there was none, or if the time before was not read. */
function recordWords({ alerts: { from, all: alerts }, window }: Report): string | null {
  if (from === null || alerts.length === 0) return null;
  const weeks = Math.round((Date.parse(window.to) - Date.parse(from)) / (7 * 86_400_000));
  const decided = alerts.filter((alert) => alert.borneOut !== null);
  const confirmed = decided.filter((alert) => alert.borneOut === true).length;
  const number = (count: number) => (alerts.length === 1 ? '' : `${count} `);
  const parts = [
    `${alerts.length} in ${counted(weeks, 'week')}`,
    ...(confirmed > 0 ? [`${number(confirmed)}confirmed`] : []),
    ...(decided.length > confirmed ? [`${number(decided.length - confirmed)}not confirmed`] : []),
    ...(alerts.at(-1)?.leftAt === null ? [`${number(1)}still on`] : []),
  ];
  return parts.join(', ');
}

/** The guard's past alerts, and whether the deployments after them confirmed each. */
export function recordBlocks(report: Report): Block[] {
  const words = recordWords(report);
  if (words === null) return [];
  const time = (instant: string) => `${day(instant)}, ${timeOfDay(instant)}`;
  const rows = report.alerts.all
    .toReversed()
    .map((alert): Inline[] => [
      [`${alert.orBefore ? 'before ' : ''}${time(alert.enteredAt)}`],
      [alert.by === 'lasting' ? 'four windows in a row' : `${alert.votes.over} of ${alert.votes.of}`],
      [
        alert.leftAt === null || alert.left === null
          ? 'still on'
          : `${time(alert.leftAt)}, ${END_WORDS[alert.left]}`,
      ],
      [alert.borneOut === null ? 'too early' : alert.borneOut ? 'yes' : 'no'],
    ]);
  return [
    details(`Past alerts: ${words}`, [
      table(
        ['Started (UTC)', right('Deployments over the limit'), 'Ended (UTC)', 'Confirmed'],
        rows,
        'alert',
      ),
    ]),
  ];
}

/** The weeks in a table, newest first. Empty unless `weeks` is set. */
export function weekBlocks({ weeks, target }: Report): Block[] {
  if (weeks === null) return [];
  // Deployments that do not come show in what waits for them.
  const waits = weeks.map(({ deployments, oldestWaitingSeconds: seconds = null }) =>
    deployments === 0 && seconds !== null ? duration(seconds) : '–',
  );
  const hasWaits = waits.some((words) => words !== '–');
  return [
    heading(3, 'Week by week'),
    table(
      [
        'Week until (UTC)',
        right(`Lead time, ${target.statistic}`),
        'Verdict',
        'Alert',
        right('Deployments'),
        right('Batches'),
        ...(hasWaits ? [right('Oldest pending')] : []),
      ],
      weeks
        .map((week, i): Inline[] => [
          [day(week.to)],
          [figureWords(week.leadTimeSeconds, week.leadTimeAtLeastSeconds)],
          [`${statusWords(week.status)}${week.confidence === 'likely' ? ', likely' : ''}`],
          [week.alert ? 'on' : '–'],
          [`${week.deployments}`],
          [week.deployments === 0 ? '–' : percent((week.batches / week.deployments) * 100)],
          ...(hasWaits ? [[waits[i] ?? '–']] : []),
        ])
        .toReversed(),
      'week',
    ),
  ];
}
