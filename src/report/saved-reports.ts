import * as v from 'valibot';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { SCHEMA_VERSION } from '../model/version.ts';
import { type Report, type RunReport, reportSchema, runReportSchema } from './contract.ts';

/** Reads saved reports. A file is checked before anything is drawn from it. */

const instant = v.pipe(v.string(), v.isoTimestamp());

/** The file that `organization` writes for a repository without a report. */
const failedSchema = v.object({
  schemaVersion: v.literal(SCHEMA_VERSION),
  repository: v.string(),
  generatedAt: instant,
  window: v.object({ from: instant, to: instant }),
  failed: v.string(),
});
export type FailedReport = v.InferOutput<typeof failedSchema>;
export type Saved = Report | RunReport | FailedReport;

/**
 * Reads a file with one report, a JSON list of reports, or one report per line.
 *
 * @throws {GuardError} with the file and, if there is one report per line, the line.
 */
export function savedIn(content: string, file: string): Saved[] {
  // Some editors and shells write a byte order mark first.
  const text = content.replace(/^\uFEFF/, '');
  const reportsFrom = (value: unknown, where: string): Saved[] =>
    Array.isArray(value)
      ? value.map((entry, i) => savedOf(entry, `${where}, report ${i + 1}`))
      : [savedOf(value, where)];
  const name = `"${oneLine(file)}"`;
  const [json, reason] = parsed(text);
  if (reason === null) return reportsFrom(json, name);
  const lines = text.split('\n');
  // Only one report per line begins with a line that is JSON.
  const isOnePerLine = parsed(lines.find((line) => line.trim() !== '') ?? '')[1] === null;
  if (!isOnePerLine && text.trim() !== '') throw notJson(name, text.includes('\0') ? UTF_16 : reason);
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    const [value, reason] = parsed(line);
    const where = `${name}, line ${i + 1}`;
    if (reason !== null) throw notJson(where, reason);
    return reportsFrom(value, where);
  });
}

const UTF_16 = 'the file is UTF-16; save it as UTF-8';

const notJson = (where: string, reason: string): GuardError =>
  new GuardError(
    `${where}: not JSON (${oneLine(reason)}). Give a report of this guard, such as the "report" output of a run.`,
  );

/** The value of a text, or why it is not JSON. */
function parsed(text: string): [value: unknown, reason: string | null] {
  try {
    return [JSON.parse(text), null];
  } catch (error) {
    return [undefined, (error as Error).message];
  }
}

/** Levels of nesting that no report has. Deeper values would exhaust the stack of what draws them. */
const DEEPEST = 30;

function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++)
    level = level.flatMap((entry) =>
      typeof entry === 'object' && entry !== null ? Object.values(entry) : [],
    );
  return level.length > 0;
}

function savedOf(value: unknown, where: string): Saved {
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== SCHEMA_VERSION)
    throw new GuardError(
      `${where}: not a report of schema version ${SCHEMA_VERSION} (its "schemaVersion" is ${oneLine(JSON.stringify(version) ?? 'missing', 40)}). Create it with this version of the guard.`,
    );
  if (isTooDeep(value))
    throw new GuardError(
      `${where}: not a report, because it is nested too deeply. Give a report as the guard wrote it.`,
    );
  const has = (key: string) => Object.hasOwn(value as object, key);
  if (has('failed')) return checked(failedSchema, value, where);
  return has('units') ? checked(runReportSchema, value, where) : checked(reportSchema, value, where);
}

/** A saved report without unknown fields, which a newer version added. */
export const knownIn = (report: Report): Report => v.safeParse(reportSchema, report).output as Report;

/** Unknown fields are accepted: a newer version added them. */
function checked<S extends v.GenericSchema>(schema: S, value: unknown, where: string): v.InferOutput<S> {
  const { issues = [] } = v.safeParse(schema, value);
  const fault = issues.find((issue) => issue.expected !== 'never');
  if (fault === undefined) return value as v.InferOutput<S>;
  throw new GuardError(
    `${where}: not a report, because "${oneLine(v.getDotPath(fault) ?? '')}" is missing or has an unexpected value. Give a report as the guard wrote it.`,
  );
}
