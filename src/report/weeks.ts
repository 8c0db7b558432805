import * as v from 'valibot';
import type { Report } from './contract.ts';
import { batchesIn } from './parts.ts';

const number = v.pipe(v.number(), v.finite());
const instant = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);
const line = v.object({
  /** Its Monday, `2026-03-09`, in UTC. */
  week: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/)),
  status: v.picklist(['on-target', 'slipping', 'drifted', 'insufficient-data']),
  /** The window that it was told of; of lines that older versions wrote, nothing. */
  from: v.optional(instant),
  to: v.optional(instant),
  /** The statistic; `null` where it was unknown. */
  seconds: v.nullable(number),
  /** What an unknown one was at least. */
  atLeast: v.nullable(number),
  mergesets: number,
  pending: number,
  batches: number,
  /** The median from the first commit to live, where there is a file of settings. */
  code: v.optional(v.nullable(number)),
  /** Whether the alert was on; left out where it was not known. */
  alert: v.optional(v.boolean()),
});
/** One line of the weekly issue's history. */
export type Week = v.InferOutput<typeof line>;
const isWeek = (value: unknown): value is Week => v.is(line, value);

export const MOST_WEEKS = 26;

const DAY = 86_400_000;

/**
 * Whether there is an alert. Where the time before was not read, a sure drift is one, and at the target there is none;
 * `null`: that is not known.
 */
export function alertOf({ alert, confidence, status }: Report): boolean | null {
  if (alert.on !== null) return alert.on;
  if (confidence === 'sure') return true;
  return status === 'on-target' ? false : null;
}

/** The week that a window ends in: of the last moment before its end, so that a Monday's midnight closes a week. */
export function weekOf(report: Report): Week {
  const { window, leadTime, codeToLive } = report;
  const last = new Date(Date.parse(window.to) - 1);
  const monday = new Date(Date.parse(last.toISOString().slice(0, 10)) - ((last.getUTCDay() + 6) % 7) * DAY);
  const alert = alertOf(report);
  return {
    week: monday.toISOString().slice(0, 10),
    status: report.status,
    from: window.from,
    to: window.to,
    seconds: report.leadTimeSeconds,
    atLeast: report.leadTimeAtLeastSeconds,
    mergesets: leadTime.count,
    pending: leadTime.pending,
    batches: batchesIn(report),
    ...(codeToLive ? { code: codeToLive.p50 } : {}),
    ...(alert === null ? {} : { alert }),
  };
}

/** What several issues recorded, of which one week each may hold more than the others: of each week the later line. */
export function allWeeks(histories: readonly (readonly Week[])[]): Week[] {
  return histories.flat().reduce<Week[]>((all, history) => {
    const same = all.find((week) => week.week === history.week);
    return same && (same.to ?? '') >= (history.to ?? '') ? all : withWeek(all, history);
  }, []);
}

/** Whether the history knows of later than this week's line does: then the line is no news. */
export function isOlder(week: Week, history: readonly Week[]): boolean {
  const newest = history.at(-1);
  if (newest === undefined || week.week > newest.week) return false;
  return week.week < newest.week || (week.to ?? '') < (newest.to ?? '');
}

/**
 * The week in which the story began that a week belongs to: the first one after there was last no alert.
 */
export function spellOf(week: Week, history: readonly Week[]): string {
  const before = history.filter((other) => other.week < week.week);
  const ended = before.findLastIndex((week) => !(week.alert ?? week.status !== 'on-target'));
  return (before[ended + 1] ?? week).week;
}

/** The history with this week's line in it, in place of one of the same week: oldest first, 26 at most. */
export function withWeek(history: readonly Week[], week: Week): Week[] {
  return [...history.filter((other) => other.week !== week.week), week]
    .sort((a, b) => (a.week < b.week ? -1 : 1))
    .slice(-MOST_WEEKS);
}

const HIDDEN = /<!-- weeks: (\[[^>]*\]) -->/;

/** The history as a comment that is not seen; it holds dates, numbers and statuses alone. */
export function hiddenWeeks(weeks: readonly Week[]): string {
  return `<!-- weeks: ${JSON.stringify(weeks)} -->`;
}

/** A text with another history in place of its own. */
export const withWeeks = (text: string, weeks: readonly Week[]): string =>
  text.replace(HIDDEN, () => hiddenWeeks(weeks));

/** The history in an issue's body. A body that somebody edited may have lost it, or lines of it: those are left out. */
export function weeksIn(body: string): Week[] {
  try {
    const found: unknown = JSON.parse(HIDDEN.exec(body)?.[1] ?? '[]');
    return Array.isArray(found) ? found.filter(isWeek) : [];
  } catch {
    return [];
  }
}
