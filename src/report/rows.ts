import type { Report, ReportedChange } from './contract.ts';

/** A flat row for each change and service. Columns keep their meaning, and new ones are added at the end. */

type Value = string | number | boolean | null;

interface Column {
  name: string;
  description: string;
  value(report: Report, change: ReportedChange): Value;
}

const column = (name: string, description: string, value: Column['value']): Column => ({
  name,
  description,
  value,
});

export const COLUMNS: readonly Column[] = [
  column('repository', 'The repository, as owner/name.', (report) => report.repository),
  column(
    'service',
    'The service; null if no configuration file names services.',
    (report) => report.service ?? null,
  ),
  column('environment', 'The environment that is measured.', (report) => report.environment),
  column('pull_request', 'Number of the pull request; null for a direct push.', (_, change) => change.number),
  column(
    'merge_commit',
    'The commit that brought the change to the base branch.',
    (_, change) => change.mergeCommit,
  ),
  column('title', 'Title of the change.', (_, change) => change.title),
  column('author', "The author's login, or the name in the commit.", (_, change) => change.author),
  column('merged_at', 'Start of the lead time: the merge or the push.', (_, change) => change.mergedAt),
  column('deployment', 'The deployment that shipped the change, as text.', (_, change) =>
    change.deployment === null ? null : String(change.deployment),
  ),
  column(
    'deployed_at',
    'Time at which the change went live; null if pending or unknown.',
    (_, change) => change.deployedAt,
  ),
  column(
    'lead_time_seconds',
    'Time from merge to live; null while pending or untimed.',
    (_, change) => change.leadTimeSeconds,
  ),
  column(
    'waiting_seconds',
    'Waiting time so far; null unless pending.',
    (_, change) => change.waitingSeconds,
  ),
  column('untimed', 'Live, but at an unknown time.', (_, change) => change.untimed),
  column(
    'not_counted',
    'Reason why the statistic excludes the change; null if it counts.',
    (_, change) => change.why ?? null,
  ),
  column('base_branch', 'The branch that the change was merged into.', (report) => report.baseBranch),
  column('window_from', 'Start of the window, included.', (report) => report.window.from),
  column('as_of', 'End of the window. The row is as of this time.', (report) => report.window.to),
  column('target_seconds', 'Merge-to-live time to aim for, in seconds.', (report) => report.target.seconds),
  column(
    'limit_seconds',
    'The limit in seconds: target × (1 + tolerance).',
    (report) => report.target.thresholdSeconds,
  ),
  column(
    'not_seen',
    'Recorded as live, but production does not run it; null if production was not asked.',
    (report, change) => (report.seen ? change.notSeen === true : null),
  ),
];

/** The changes merged in each service's window, oldest first within a service. */
export function rowsOf(reports: readonly Report[]): Value[][] {
  return reports.flatMap((report) =>
    report.mergesets.map((change) => COLUMNS.map(({ value }) => value(report, change))),
  );
}

/** The same as JSON Lines: one object per row, with every column. */
export const jsonLinesOf = (reports: readonly Report[]): string => [...jsonLines(reports)].join('');

/** The same line by line. */
export function* jsonLines(reports: readonly Report[]): Generator<string> {
  for (const report of reports)
    for (const change of report.mergesets)
      yield `${JSON.stringify(Object.fromEntries(COLUMNS.map(({ name, value }) => [name, value(report, change)])))}\n`;
}
