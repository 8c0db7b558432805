import { isWeek, type Week } from './texts/weeks.ts';

/** The history of weeks as a hidden line of the weekly issue. The next run continues it. */

export const MOST_WEEKS = 26;

/** The weeks of several issues in one history. If two have the same week, the later line counts. */
export function allWeeks(histories: readonly (readonly Week[])[]): Week[] {
  return histories.flat().reduce<Week[]>((merged, week) => {
    const same = merged.find((other) => other.week === week.week);
    return same && (same.to ?? '') >= (week.to ?? '') ? merged : withWeek(merged, week);
  }, []);
}

/** Whether the history already has a later line than this one. */
export function isOlder(week: Week, history: readonly Week[]): boolean {
  const newest = history.at(-1);
  if (newest === undefined || week.week > newest.week) return false;
  return week.week < newest.week || (week.to ?? '') < (newest.to ?? '');
}

/** The first week of the alert that a week belongs to: the one after the last week without an alert. */
export function firstWeekOfAlert(week: Week, history: readonly Week[]): string {
  const before = history.filter((other) => other.week < week.week);
  const ended = before.findLastIndex((week) => !(week.alert ?? week.status !== 'on-target'));
  return (before[ended + 1] ?? week).week;
}

/** The history with this line, which replaces one of the same week. Oldest first, at most 26. */
export function withWeek(history: readonly Week[], week: Week): Week[] {
  return [...history.filter((other) => other.week !== week.week), week]
    .sort((a, b) => (a.week < b.week ? -1 : 1))
    .slice(-MOST_WEEKS);
}

const HIDDEN = /<!-- weeks: (\[[^>]*\]) -->/;

/** The history as a hidden comment. It contains only dates, numbers and statuses. */
export function hiddenWeeks(weeks: readonly Week[]): string {
  return `<!-- weeks: ${JSON.stringify(weeks)} -->`;
}

/** Replaces the history in a text. */
export const withWeeks = (text: string, weeks: readonly Week[]): string =>
  text.replace(HIDDEN, () => hiddenWeeks(weeks));

/** The history in an issue's body. Lines that somebody damaged are skipped. */
export function weeksIn(body: string): Week[] {
  try {
    const lines: unknown = JSON.parse(HIDDEN.exec(body)?.[1] ?? '[]');
    return Array.isArray(lines) ? lines.filter(isWeek) : [];
  } catch {
    return [];
  }
}
