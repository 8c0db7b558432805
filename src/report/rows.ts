import type { Report, ReportedChange } from './contract.ts';

/** A flat row for each change and unit: one table, whose columns stay what they are. New ones come at its end. */

type Value = string | number | boolean | null;

interface Column {
  name: string;
  /** What it holds. */
  text: string;
  value(report: Report, change: ReportedChange): Value;
}

const column = (name: string, text: string, value: Column['value']): Column => ({ name, text, value });

export const COLUMNS: readonly Column[] = [
  column('repository', 'owner/name.', (report) => report.repository),
  column('service', 'Where a file of settings names some.', (report) => report.service ?? null),
  column('environment', 'The environment that counts.', (report) => report.environment),
  column('pull_request', 'Its number; null for a direct push.', (_, change) => change.number),
  column('merge_commit', 'The commit that put it on the base branch.', (_, change) => change.mergeCommit),
  column('title', 'Its title, as it was written.', (_, change) => change.title),
  column('author', 'A login.', (_, change) => change.author),
  column('merged_at', 'When its lead time begins.', (_, change) => change.mergedAt),
  column('deployment', 'The deployment that shipped it, as a text.', (_, change) =>
    change.deployment === null ? null : String(change.deployment),
  ),
  column('deployed_at', 'When that succeeded.', (_, change) => change.deployedAt),
  column(
    'lead_time_seconds',
    'From merge to live; null while pending or untimed.',
    (_, change) => change.leadTimeSeconds,
  ),
  column('waiting_seconds', 'So far; null unless pending.', (_, change) => change.waitingSeconds),
  column('untimed', 'Live, but since when cannot be known.', (_, change) => change.untimed),
  column(
    'not_counted',
    'Why the statistic leaves it out; null: it counts.',
    (_, change) => change.why ?? null,
  ),
  column('base_branch', 'The branch that it was merged into.', (report) => report.baseBranch),
  column('window_from', 'What changes are taken from, included.', (report) => report.window.from),
  column('as_of', 'What holds then is told.', (report) => report.window.to),
  column('target_seconds', "The team's time.", (report) => report.target.seconds),
  column('limit_seconds', 'target × (1 + tolerance).', (report) => report.target.thresholdSeconds),
];

/** The changes of some units that were merged in their windows, each unit's oldest first. */
export function rowsOf(reports: readonly Report[]): Value[][] {
  return reports.flatMap((report) =>
    report.mergesets.map((change) => COLUMNS.map(({ value }) => value(report, change))),
  );
}

/** The same as JSON Lines: an object a row, each with all columns. */
export function jsonLinesOf(reports: readonly Report[]): string {
  return rowsOf(reports)
    .map(
      (row) =>
        `${JSON.stringify(Object.fromEntries(COLUMNS.map(({ name }, i) => [name, row[i] ?? null])))}\n`,
    )
    .join('');
}
