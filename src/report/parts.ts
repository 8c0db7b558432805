import type { Observation } from '../model/survival.ts';
import type { Status } from '../model/terms.ts';
import type { Report, ReportedChange, ReportedDeployment, RunReport } from './contract.ts';

/** What several texts take from a report. */

/** The services of a report: one, or those of a report of several. */
export const reportsOf = (report: Report | RunReport): readonly Report[] =>
  'units' in report ? report.units : [report];

/** All that wait for a deployment, oldest first, also those merged before the window. */
export const pendingIn = ({ earlier, mergesets }: Report): ReportedChange[] =>
  [...earlier, ...mergesets].filter((mergeset) => mergeset.waitingSeconds !== null);

/** What a list names a change by: its number, or a direct push's commit. */
export const referenceOf = ({ number, mergeCommit }: Pick<ReportedChange, 'number' | 'mergeCommit'>) =>
  number ?? mergeCommit;

/** Finds the changes that a deployment of the report shipped. */
export function shippedIn({ earlier, mergesets }: Report): (by: ReportedDeployment) => ReportedChange[] {
  const changes = new Map([...earlier, ...mergesets].map((mergeset) => [referenceOf(mergeset), mergeset]));
  return (by) => by.mergesets.flatMap((mergeset) => changes.get(mergeset) ?? []);
}

export const successesIn = ({ deployments }: Pick<Report, 'deployments'>): ReportedDeployment[] =>
  deployments.filter((deployment) => deployment.outcome === 'success');

/** How many deployments were batches. */
export const batchesIn = ({ deployments }: Pick<Report, 'deployments'>): number =>
  deployments.filter((deployment) => deployment.batched).length;

/** How long a change took, or has waited so far. */
export const secondsOf = ({ leadTimeSeconds, waitingSeconds }: ReportedChange): number =>
  leadTimeSeconds ?? waitingSeconds ?? 0;

/** The sample that the statistics stand on. */
export const sampleOf = (mergesets: readonly ReportedChange[]): Observation[] =>
  mergesets
    .filter((mergeset) => !mergeset.untimed && mergeset.counted !== false)
    .map((mergeset) => ({ seconds: secondsOf(mergeset), shipped: mergeset.leadTimeSeconds !== null }));

/** When a deployment succeeded, failed, or was seen last. */
export const timeOf = ({ succeededAt, at, createdAt }: ReportedDeployment): string =>
  succeededAt ?? at ?? createdAt;

/** The deployment that guard mode judges. */
export const judgedIn = ({ judged, deployments }: Report): ReportedDeployment | null =>
  deployments.find((deployment) => deployment.id === judged) ?? null;

/**
 * Those that the run is about. In guard mode a service whose deployment started it is, and another one's drift does not
 * fail it; where it is nobody's, all are.
 */
export function subjectsIn(reports: readonly Report[]): readonly Report[] {
  const judged = reports.filter((report) => report.judged !== null);
  return judged.length > 0 ? judged : reports;
}

type Untold = RunReport['untold'];

export const WORST: readonly Status[] = ['drifted', 'slipping', 'insufficient-data', 'on-target'];

/** The worst first; of equals in the order in which they were asked. */
export function worstFirst(reports: readonly Report[]): Report[] {
  return reports.toSorted((a, b) => WORST.indexOf(a.status) - WORST.indexOf(b.status));
}

/** The verdicts of all; a service without an answer has none. */
export const statusesOf = (reports: readonly Report[], untold: Untold): Status[] => [
  ...reports.map((report) => report.status),
  ...untold.map(() => 'insufficient-data' as const),
];

/** The worst of all. */
export function worstOf(reports: readonly Report[], untold: Untold): Status {
  const all = statusesOf(reports, untold);
  return WORST.find((status) => all.includes(status)) ?? 'insufficient-data';
}
