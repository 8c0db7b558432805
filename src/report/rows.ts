import type { MeasuredMergeset } from '../measure/measured.ts';
import type { UnitAnswer } from './answer.ts';

/** A flat row for each change and unit: one table, whose columns stay what they are. New ones come at its end. */

type Value = string | number | boolean | null;

interface Column {
  name: string;
  /** What it holds. */
  text: string;
  value(answer: UnitAnswer, change: MeasuredMergeset): Value;
}

const column = (name: string, text: string, value: Column['value']): Column => ({ name, text, value });

export const COLUMNS: readonly Column[] = [
  column('repository', 'owner/name.', (answer) => answer.repository),
  column('service', 'Where a file of settings names some.', (answer) => answer.name.service ?? null),
  column('environment', 'The environment that counts.', (answer) => answer.environment),
  column('pull_request', 'Its number; null for a direct push.', (_, change) => change.number),
  column('merge_commit', 'The commit that put it on the base branch.', (_, change) => change.mergeCommit),
  column('title', 'Its title, as it was written.', (_, change) => change.title),
  column('author', 'A login.', (_, change) => change.author?.login ?? null),
  column('merged_at', 'When its lead time begins.', (_, change) => change.mergedAt.toISOString()),
  column('deployment', 'The deployment that shipped it, as a text.', (_, change) =>
    change.deployment === null ? null : String(change.deployment),
  ),
  column('deployed_at', 'When that succeeded.', (_, change) => change.deployedAt?.toISOString() ?? null),
  column(
    'lead_time_seconds',
    'From merge to live; null while pending or untimed.',
    (_, change) => change.leadTimeSeconds,
  ),
  column('waiting_seconds', 'So far; null unless pending.', (_, change) => change.waitingSeconds),
  column('untimed', 'Live, but since when cannot be known.', (_, change) => change.untimed),
  column('not_counted', 'Why the statistic leaves it out; null: it counts.', (_, change) => change.leftOut),
  column('base_branch', 'The branch that it was merged into.', (answer) => answer.baseBranch),
  column('window_from', 'What changes are taken from, included.', (answer) =>
    answer.window.from.toISOString(),
  ),
  column('as_of', 'What holds then is told.', (answer) => answer.window.to.toISOString()),
  column('target_seconds', "The team's time.", (answer) => answer.target.seconds),
  column('limit_seconds', 'target × (1 + tolerance).', (answer) => answer.target.thresholdSeconds),
];

/** The changes of some units that were merged in their windows, each unit's oldest first. */
export function rowsOf(answers: readonly UnitAnswer[]): Value[][] {
  return answers.flatMap((answer) =>
    answer.mergesets.map((change) => COLUMNS.map(({ value }) => value(answer, change))),
  );
}

/** The same as JSON Lines: an object a row, each with all columns. */
export function jsonLinesOf(answers: readonly UnitAnswer[]): string {
  return rowsOf(answers)
    .map(
      (row) =>
        `${JSON.stringify(Object.fromEntries(COLUMNS.map(({ name }, i) => [name, row[i] ?? null])))}\n`,
    )
    .join('');
}
