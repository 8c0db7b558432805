import * as v from 'valibot';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { SCHEMA_VERSION } from '../model/version.ts';
import { type Report, type RunReport, reportSchema, runReportSchema } from './contract.ts';

/** Reports that were saved, read again: what a file says is checked before anything is drawn of it. */

const instant = v.pipe(v.string(), v.isoTimestamp());

/** What `organization` leaves for a repository without a report. */
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
 * The reports of a file: one, a list of them, or one a line.
 *
 * @throws {GuardError} naming the file, and where it is a line, the line.
 */
export function savedIn(content: string, file: string): Saved[] {
  // Some editors and shells put a byte order mark before everything else.
  const text = content.replace(/^\uFEFF/, '');
  const reports = (value: unknown, where: string): Saved[] =>
    Array.isArray(value)
      ? value.flatMap((each, i) => reports(each, `${where}, report ${i + 1}`))
      : [savedOf(value, where)];
  const whole = parsed(text);
  if (whole !== undefined) return reports(whole, oneLine(file));
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const value = parsed(line);
    const where = `${oneLine(file)}, line ${i + 1}`;
    if (value === undefined) throw new GuardError(`${where}: it is no JSON. Give reports of this guard.`);
    return reports(value, where);
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
      `${where}: it is no report of schema version ${SCHEMA_VERSION} (its "schemaVersion" is ${oneLine(String(version), 40)}). Make all reports with one version of the guard.`,
    );
  const has = (key: string) => Object.hasOwn(value as object, key);
  if (has('failed')) return checked(failedSchema, value, where);
  return has('units') ? checked(runReportSchema, value, where) : checked(reportSchema, value, where);
}

/** A field that is not known is one of a newer version, which added it. */
function checked<S extends v.GenericSchema>(schema: S, value: unknown, where: string): v.InferOutput<S> {
  const { issues = [] } = v.safeParse(schema, value);
  const hole = issues.find((issue) => issue.expected !== 'never');
  if (hole === undefined) return value as v.InferOutput<S>;
  throw new GuardError(
    `${where}: it is no report: "${oneLine(v.getDotPath(hole) ?? '')}" is not what a report has there. Give reports as the guard writes them.`,
  );
}
