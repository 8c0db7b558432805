import * as v from 'valibot';
import type { Observation } from '../model/survival.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { SCHEMA_VERSION } from '../model/version.ts';
import type { Status, Window } from '../model/terms.ts';

/** What is taken of reports: a unit's verdict with all of its samples, or why a repository has none. */

/** A unit of a repository that could be measured. */
export interface UnitEntry {
  kind: 'unit';
  repository: string;
  service: string | null;
  environment: string;
  /** As it was asked for: where a unit's own was widened, this is the one that all have. */
  window: Window;
  generatedAt: Date;
  status: Status;
  /** How sure a drift is; `null`: there is none. */
  confidence: string | null;
  statistic: string;
  leadTimeSeconds: number | null;
  atLeastSeconds: number | null;
  targetSeconds: number;
  limitSeconds: number;
  /** Why what could not be read puts its verdict at risk; its samples are not pooled then. */
  atRisk: string | null;
  /** Of the changes that were merged in the window as it was asked for. */
  samples: Observation[];
  batches: number;
  deployments: number;
  /** What it came from and to, in seconds, where it grew. */
  grew: { beforeSeconds: number; afterSeconds: number; stage: string | null } | null;
  suspects: { rule: string; title: string; saving: { low: number; high: number } }[];
}

/** A repository, or a service of one, of which nothing can be told. */
export interface FailedEntry {
  kind: 'failed';
  repository: string;
  service: string | null;
  window: Window;
  generatedAt: Date;
  reason: string;
}

export type Entry = UnitEntry | FailedEntry;

const instant = v.pipe(v.string(), v.isoTimestamp());
const statistic = v.nullable(v.number());

const unitReport = v.object({
  repository: v.string(),
  service: v.optional(v.string()),
  environment: v.string(),
  generatedAt: instant,
  window: v.object({ from: instant, to: instant, askedFrom: v.optional(instant) }),
  target: v.object({ seconds: v.number(), thresholdSeconds: v.number(), statistic: v.string() }),
  status: v.picklist(['on-target', 'slipping', 'drifted', 'insufficient-data']),
  confidence: v.nullable(v.string()),
  leadTimeSeconds: statistic,
  leadTimeAtLeastSeconds: statistic,
  change: v.nullable(
    v.object({
      beforeSeconds: v.number(),
      afterSeconds: v.number(),
      what: v.nullable(v.string()),
      stage: v.nullable(v.string()),
    }),
  ),
  regression: v.nullable(
    v.object({ beforeSeconds: v.number(), nowSeconds: v.number(), stage: v.nullable(v.string()) }),
  ),
  mergesets: v.array(
    v.object({
      mergedAt: instant,
      leadTimeSeconds: statistic,
      waitingSeconds: statistic,
      untimed: v.boolean(),
      counted: v.optional(v.literal(false)),
    }),
  ),
  deployments: v.array(v.object({ outcome: v.string(), batched: v.boolean() })),
  suspects: v.array(
    v.object({
      rule: v.string(),
      title: v.string(),
      saving: v.object({ low: v.number(), high: v.number() }),
    }),
  ),
  completeness: v.object({ gaps: v.array(v.object({ what: v.string(), verdictAtRisk: v.boolean() })) }),
});

const runReport = v.object({
  repository: v.string(),
  generatedAt: instant,
  window: v.object({ from: instant, to: instant }),
  units: v.array(unitReport),
  untold: v.array(v.object({ service: v.nullable(v.string()), environment: v.string(), reason: v.string() })),
});

/** What `organization` leaves for a repository of which it has no report. */
const failedReport = v.object({
  schemaVersion: v.literal(SCHEMA_VERSION),
  repository: v.string(),
  generatedAt: instant,
  window: v.object({ from: instant, to: instant }),
  failed: v.string(),
});

/**
 * The entries of one file: a report, of one unit or of several; a list of them; or one a line.
 *
 * @throws {GuardError} naming the file, and where it is a line, the line.
 */
export function entriesIn(text: string, file: string): Entry[] {
  const told = (value: unknown, where: string): Entry[] => {
    if (Array.isArray(value)) return value.flatMap((each, i) => told(each, `${where}, report ${i + 1}`));
    return entriesOf(value, where);
  };
  const whole = parsed(text);
  if (whole !== undefined) return told(whole, oneLine(file));
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const value = parsed(line);
    const where = `${oneLine(file)}, line ${i + 1}`;
    if (value === undefined) throw new GuardError(`${where}: it is no JSON. Give reports of this guard.`);
    return told(value, where);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function entriesOf(value: unknown, where: string): Entry[] {
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== SCHEMA_VERSION)
    throw new GuardError(
      `${where}: it is no report of schema version ${SCHEMA_VERSION} (its "schemaVersion" is ${oneLine(String(version), 40)}). Make all reports with one version of the guard.`,
    );
  const read = <S extends v.GenericSchema>(schema: S): v.InferOutput<S> => {
    const result = v.safeParse(schema, value);
    if (result.success) return result.output;
    const [hole] = result.issues;
    throw new GuardError(
      `${where}: it is no report: "${v.getDotPath(hole) ?? ''}" is not what a report has there. Give reports as the guard writes them.`,
    );
  };
  const has = (key: string) => typeof value === 'object' && value !== null && key in value;
  if (has('failed')) {
    const { repository, window, generatedAt, failed } = read(failedReport);
    return [failure({ repository, window, generatedAt }, null, failed)];
  }
  if (!has('units')) return [unitOf(read(unitReport))];
  const run = read(runReport);
  return [
    ...run.units.map(unitOf),
    ...run.untold.map((each) => failure(run, each.service ?? each.environment, each.reason)),
  ];
}

const windowOf = ({ from, to }: { from: string; to: string }): Window => ({
  from: new Date(from),
  to: new Date(to),
});

function failure(
  of: { repository: string; window: { from: string; to: string }; generatedAt: string },
  service: string | null,
  reason: string,
): FailedEntry {
  return {
    kind: 'failed',
    repository: of.repository,
    service,
    window: windowOf(of.window),
    generatedAt: new Date(of.generatedAt),
    reason,
  };
}

function unitOf(report: v.InferOutput<typeof unitReport>): UnitEntry {
  const { window, change, regression } = report;
  const from = new Date(window.askedFrom ?? window.from);
  return {
    kind: 'unit',
    repository: report.repository,
    service: report.service ?? null,
    environment: report.environment,
    window: { from, to: new Date(window.to) },
    generatedAt: new Date(report.generatedAt),
    status: report.status,
    confidence: report.confidence,
    statistic: report.target.statistic,
    leadTimeSeconds: report.leadTimeSeconds,
    atLeastSeconds: report.leadTimeAtLeastSeconds,
    targetSeconds: report.target.seconds,
    limitSeconds: report.target.thresholdSeconds,
    atRisk: report.completeness.gaps.find((each) => each.verdictAtRisk)?.what ?? null,
    samples: report.mergesets
      .filter((each) => !each.untimed && each.counted !== false && new Date(each.mergedAt) >= from)
      .flatMap((each): Observation[] => {
        if (each.leadTimeSeconds !== null) return [{ seconds: each.leadTimeSeconds, shipped: true }];
        return each.waitingSeconds === null ? [] : [{ seconds: each.waitingSeconds, shipped: false }];
      }),
    batches: report.deployments.filter((each) => each.outcome === 'success' && each.batched).length,
    deployments: report.deployments.filter((each) => each.outcome === 'success').length,
    grew: change
      ? {
          beforeSeconds: change.beforeSeconds,
          afterSeconds: change.afterSeconds,
          stage: change.what ?? change.stage,
        }
      : regression && {
          beforeSeconds: regression.beforeSeconds,
          afterSeconds: regression.nowSeconds,
          stage: regression.stage,
        },
    suspects: report.suspects,
  };
}
