import * as v from 'valibot';
import type { Report } from '../../report/contract.ts';
import { batchesIn, pendingIn } from '../../report/parts.ts';

const number = v.pipe(v.number(), v.finite());
const instant = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);
const line = v.object({
  /** The week's Monday in UTC: `2026-03-09`. */
  week: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/)),
  status: v.picklist(['on-target', 'slipping', 'drifted', 'insufficient-data']),
  /** The window that was measured. Lines of older versions have none. */
  from: v.optional(instant),
  to: v.optional(instant),
  /** The statistic; `null`: unknown. */
  seconds: v.nullable(number),
  /** Lower bound of an unknown statistic. */
  atLeast: v.nullable(number),
  mergesets: number,
  pending: number,
  batches: number,
  /** Seconds that the oldest pending change waited, if nothing was deployed in the last seven days. */
  waited: v.optional(number),
  /** The median from the first commit to live, if there is a configuration file. */
  code: v.optional(v.nullable(number)),
  /** Whether the alert was on; omitted if unknown. */
  alert: v.optional(v.boolean()),
});
/** One line of the weekly issue's history. */
export type Week = v.InferOutput<typeof line>;
export const isWeek = (value: unknown): value is Week => v.is(line, value);

const DAY = 86_400_000;

/** Whether the alert is on; `null`: unknown. If the past was not read, a sure drift is an alert, and on target is none. */
export function alertOf({ alert, confidence, status }: Report): boolean | null {
  if (alert.on !== null) return alert.on;
  if (confidence === 'sure') return true;
  return status === 'on-target' ? false : null;
}

/** The week in which a window ends. A window that ends at Monday's midnight belongs to the week before. */
export function weekOf(report: Report): Week {
  const { window, leadTime, codeToLive } = report;
  const last = new Date(Date.parse(window.to) - 1);
  const monday = new Date(Date.parse(last.toISOString().slice(0, 10)) - ((last.getUTCDay() + 6) % 7) * DAY);
  const alert = alertOf(report);
  const waited = waitedIn(report);
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
    ...(waited === null ? {} : { waited }),
    ...(codeToLive ? { code: codeToLive.p50 } : {}),
    ...(alert === null ? {} : { alert }),
  };
}

/** How long the oldest pending change has waited, in seconds; `null` if none waits or something was deployed this week. */
function waitedIn(report: Report): number | null {
  const weekStart = Date.parse(report.window.to) - 7 * DAY;
  const isThisWeek = ({ succeededAt }: Report['deployments'][number]) =>
    succeededAt !== null && Date.parse(succeededAt) > weekStart;
  const waits = pendingIn(report).flatMap(({ counted, waitingSeconds }) =>
    counted === false ? [] : (waitingSeconds ?? []),
  );
  return waits.length === 0 || report.deployments.some(isThisWeek) ? null : Math.max(...waits);
}
