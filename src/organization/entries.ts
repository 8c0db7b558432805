import type { Report } from '../report/contract.ts';
import { sampleOf } from '../report/parts.ts';
import type { Saved } from '../report/saved-reports.ts';

/** The input of a roll-up: the report of each service, or the reason why there is none. */

/** A repository that could not be measured, or one of its services. */
export interface FailedEntry {
  repository: string;
  service: string | null;
  window: { from: string; to: string };
  generatedAt: string;
  failed: string;
}

export type Entry = Report | FailedEntry;

export const isFailed = (entry: Entry): entry is FailedEntry => 'failed' in entry;

export function entriesOf(saved: Saved): Entry[] {
  if ('failed' in saved) return [{ ...saved, service: null }];
  if (!('units' in saved)) return [saved];
  const { repository, window, generatedAt, units: reports, untold: failures } = saved;
  return [
    ...reports,
    ...failures.map(({ service, environment, reason }) => ({
      repository,
      service: service ?? environment,
      window: { from: window.from, to: window.to },
      generatedAt,
      failed: reason,
    })),
  ];
}

/** Start of the requested window. A service's own window may be wider; this one is the same for all. */
export const windowStart = (window: Saved['window']): Date =>
  new Date(('askedFrom' in window ? window.askedFrom : undefined) ?? window.from);

/** The changes that were merged in the requested window. */
export function samplesOf(report: Report) {
  const from = windowStart(report.window);
  return sampleOf(report.mergesets.filter((mergeset) => new Date(mergeset.mergedAt) >= from));
}

/** The missing data that puts a verdict at risk; `null` if there is none. */
export const atRisk = ({ completeness }: Report): string | null =>
  completeness.gaps.find((gap) => gap.verdictAtRisk)?.what ?? null;

/** Lead time before and after it grew, and the stage that grew most. */
export interface Growth {
  beforeSeconds: number;
  afterSeconds: number;
  stage: NonNullable<Report['change']>['stage'];
}

export function growthOf({ change, regression }: Report): Growth | null {
  if (change !== null)
    return {
      beforeSeconds: change.beforeSeconds,
      afterSeconds: change.afterSeconds,
      stage: change.what ?? change.stage,
    };
  return (
    regression && {
      beforeSeconds: regression.beforeSeconds,
      afterSeconds: regression.nowSeconds,
      stage: regression.stage,
    }
  );
}
