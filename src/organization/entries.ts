import type { Window } from '../model/terms.ts';
import type { Report } from '../report/contract.ts';
import { sampleOf } from '../report/parts.ts';
import type { FailedReport, Saved } from '../report/saved-reports.ts';

/** The input of a roll-up: the report of each service, or the reason why there is none. */

/** A repository that could not be measured, or one of its services. */
export interface FailedEntry extends Omit<FailedReport, 'schemaVersion'> {
  service: string | null;
  /** `null`: the entire repository. */
  environment: string | null;
}

export type Entry = Report | FailedEntry;

export const isFailed = (entry: Entry): entry is FailedEntry => 'failed' in entry;

export function entriesOf(saved: Saved): Entry[] {
  if ('failed' in saved) return [{ ...saved, service: null, environment: null }];
  if (!('units' in saved)) return [saved];
  const { repository, window, generatedAt, units: reports, untold: failures } = saved;
  return [
    ...reports,
    ...failures.map(({ service, environment, reason }) => ({
      repository,
      service: service ?? environment,
      environment,
      window: { from: window.from, to: window.to },
      generatedAt,
      failed: reason,
    })),
  ];
}

/** The requested window. A service's own window may be wider; this one is the same for all. */
export const requestedWindow = (window: Saved['window']): Window => ({
  from: new Date(('askedFrom' in window ? window.askedFrom : undefined) ?? window.from),
  to: new Date(window.to),
});

/** The changes that were merged in the requested window. */
export function samplesOf(report: Report) {
  const { from } = requestedWindow(report.window);
  return sampleOf(report.mergesets.filter((mergeset) => new Date(mergeset.mergedAt) >= from));
}

/** The missing data that puts a verdict at risk; `null` if there is none. */
export const atRisk = ({ completeness }: Report): string | null =>
  completeness.gaps.find((gap) => gap.verdictAtRisk)?.what ?? null;

/** Lead time before and after it grew, and the stage that grew most; `null` if it did not grow. */
export function growthOf({ change, regression }: Report) {
  if (change !== null) {
    const { beforeSeconds, afterSeconds, what, stage } = change;
    return { beforeSeconds, afterSeconds, stage: what ?? stage };
  }
  if (regression === null) return null;
  const { beforeSeconds, nowSeconds: afterSeconds, stage } = regression;
  return { beforeSeconds, afterSeconds, stage };
}
