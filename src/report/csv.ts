import type { MeasuredMergeset } from '../measure/measured.ts';
import type { UnitAnswer } from './answer.ts';

/** A row for each change, as RFC 4180 has it: for a spreadsheet, or whatever reads one. */

const COLUMNS: readonly [string, (answer: UnitAnswer, change: MeasuredMergeset) => string | number | null][] =
  [
    ['repository', (answer) => answer.repository],
    ['service', (answer) => answer.name.service ?? null],
    ['environment', (answer) => answer.environment],
    ['pull_request', (_, change) => change.number],
    ['merge_commit', (_, change) => change.mergeCommit],
    ['title', (_, change) => change.title],
    ['author', (_, change) => change.author?.login ?? null],
    ['merged_at', (_, change) => change.mergedAt.toISOString()],
    ['deployment', (_, change) => change.deployment],
    ['deployed_at', (_, change) => change.deployedAt?.toISOString() ?? null],
    ['lead_time_seconds', (_, change) => change.leadTimeSeconds],
    ['waiting_seconds', (_, change) => change.waitingSeconds],
    ['untimed', (_, change) => String(change.untimed)],
    ['not_counted', (_, change) => change.leftOut],
  ];

/** The changes of some units that were merged in their windows, oldest first, below a row of names. */
export function csvOf(answers: readonly UnitAnswer[]): string {
  return [
    COLUMNS.map(([name]) => name),
    ...answers.flatMap((answer) =>
      answer.mergesets.map((change) => COLUMNS.map(([, value]) => cell(value(answer, change)))),
    ),
  ]
    .map((row) => `${row.join(',')}\r\n`)
    .join('');
}

/** A text that begins as a formula does is none: a spreadsheet would run what an outsider called their pull request. */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
