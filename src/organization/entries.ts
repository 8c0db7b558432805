import type { Report } from '../report/contract.ts';
import { sampleOf } from '../report/parts.ts';
import type { Saved } from '../report/saved.ts';

/** What a roll-up is made of: the report of each team, or why there is none. */

/** A repository, or a service of one, without an answer. */
export interface FailedEntry {
  repository: string;
  service: string | null;
  window: { from: string; to: string };
  generatedAt: string;
  failed: string;
}

export type Entry = Report | FailedEntry;

export const isFailed = (entry: Entry): entry is FailedEntry => 'failed' in entry;

/** The teams of a saved report. */
export function entriesOf(saved: Saved): Entry[] {
  if ('failed' in saved) return [{ ...saved, service: null }];
  if (!('units' in saved)) return [saved];
  const { repository, window, generatedAt, units: reports, untold } = saved;
  return [
    ...reports,
    ...untold.map(({ service, environment, reason }) => ({
      repository,
      service: service ?? environment,
      window: { from: window.from, to: window.to },
      generatedAt,
      failed: reason,
    })),
  ];
}

/** When a window began as it was asked for: where a team's own was widened, this is the one that all have. */
export const askedFrom = ({ window }: Entry): Date =>
  new Date(('askedFrom' in window ? window.askedFrom : undefined) ?? window.from);

/** The changes that were merged in the window as it was asked for. */
export function samplesOf(report: Report) {
  const from = askedFrom(report);
  return sampleOf(report.mergesets.filter((mergeset) => new Date(mergeset.mergedAt) >= from));
}

/** Why what could not be read puts a verdict at risk; `null`: nothing does. */
export const atRisk = ({ completeness }: Report): string | null =>
  completeness.gaps.find((gap) => gap.verdictAtRisk)?.what ?? null;

/** What lead time came from and to, in seconds, where it grew. */
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
