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
      ? value.flatMap((entry, i) => reportsFrom(entry, `${where}, report ${i + 1}`))
      : [savedOf(value, where)];
  const name = `"${oneLine(file)}"`;
  const json = parsed(text);
  if (json !== undefined) return reportsFrom(json, name);
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const value = parsed(line);
    const where = `${name}, line ${i + 1}`;
    if (value === undefined)
      throw new GuardError(
        `${where}: not JSON. Give a report of this guard, such as the "report" output of a run.`,
      );
    return reportsFrom(value, where);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function savedOf(value: unknown, where: string): Saved {
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== SCHEMA_VERSION)
    throw new GuardError(
      `${where}: not a report of schema version ${SCHEMA_VERSION} (its "schemaVersion" is ${oneLine(String(version), 40)}). Create all reports with the same version of the guard.`,
    );
  const has = (key: string) => Object.hasOwn(value as object, key);
  if (has('failed')) return checked(failedSchema, value, where);
  return has('units') ? checked(runReportSchema, value, where) : checked(reportSchema, value, where);
}

/** Unknown fields are accepted: a newer version added them. */
function checked<S extends v.GenericSchema>(schema: S, value: unknown, where: string): v.InferOutput<S> {
  const { issues = [] } = v.safeParse(schema, value);
  const fault = issues.find((issue) => issue.expected !== 'never');
  if (fault === undefined) return value as v.InferOutput<S>;
  throw new GuardError(
    `${where}: not a report, because "${oneLine(v.getDotPath(fault) ?? '')}" is missing or has an unexpected value. Give a report as the guard wrote it.`,
  );
}
