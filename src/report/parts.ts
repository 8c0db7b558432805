import type { Observation } from '../model/survival.ts';
import type { Status } from '../model/terms.ts';
import type { Inline, Span } from './blocks.ts';
import type { Report, ReportedChange, ReportedDeployment, RunReport } from './contract.ts';
import { nameOf } from './words.ts';

/** Parts of a report that several texts share. */

/** The services of a report: one, or those of a report of several. */
export const reportsOf = (report: Report | RunReport): readonly Report[] =>
  'units' in report ? report.units : [report];

/** All that wait for a deployment, oldest first, also those merged before the window. */
export const pendingIn = ({ earlier, mergesets }: Report): ReportedChange[] =>
  [...earlier, ...mergesets].filter((mergeset) => mergeset.waitingSeconds !== null);

/** A change's key in lists: its number, or a direct push's commit. */
export const referenceOf = ({ number, mergeCommit }: Pick<ReportedChange, 'number' | 'mergeCommit'>) =>
  number ?? mergeCommit;

/** Finds the changes that a deployment of the report shipped. */
export function shippedIn({ earlier, mergesets }: Report): (by: ReportedDeployment) => ReportedChange[] {
  const changes = new Map([...earlier, ...mergesets].map((mergeset) => [referenceOf(mergeset), mergeset]));
  return (by) => by.mergesets.flatMap((mergeset) => changes.get(mergeset) ?? []);
}

const AGREEING = new Set(['recorded', 'newer', 'unknown']);

/** Where production and the record disagree, in words. A look without a commit is among the remarks. */
export const disagreementsIn = ({ seen = [] }: Report): string[] =>
  seen.filter(({ state }) => !AGREEING.has(state)).map(({ sentence }) => sentence);

export const successesIn = ({ deployments }: Pick<Report, 'deployments'>): ReportedDeployment[] =>
  deployments.filter((deployment) => deployment.outcome === 'success');

/** The number of batched deployments. */
export const batchesIn = ({ deployments }: Pick<Report, 'deployments'>): number =>
  deployments.filter((deployment) => deployment.batched).length;

/** A change's lead time, or its waiting time so far. */
export const secondsOf = ({ leadTimeSeconds, waitingSeconds }: ReportedChange): number =>
  leadTimeSeconds ?? waitingSeconds ?? 0;

/** The sample behind the statistics. */
export const sampleOf = (mergesets: readonly ReportedChange[]): Observation[] =>
  mergesets
    .filter((mergeset) => !mergeset.untimed && mergeset.counted !== false)
    .map((mergeset) => ({ seconds: secondsOf(mergeset), shipped: mergeset.leadTimeSeconds !== null }));

/** The time at which a deployment succeeded, failed, or was last seen. */
export const timeOf = ({ succeededAt, at, createdAt }: ReportedDeployment): string =>
  succeededAt ?? at ?? createdAt;

/** The deployment that guard mode judges, if any. */
export const judgedIn = ({ judged, deployments }: Report): ReportedDeployment | null =>
  deployments.find((deployment) => deployment.id === judged) ?? null;

/**
 * The services whose findings can fail the run. In guard mode these are the services whose deployment started it, so
 * that another service's drift does not fail it. If no service's deployment started it, all count.
 */
export function subjectsIn(reports: readonly Report[]): readonly Report[] {
  const judged = reports.filter((report) => report.judged !== null);
  return judged.length > 0 ? judged : reports;
}

type Unmeasured = RunReport['untold'];

export const WORST: readonly Status[] = ['drifted', 'slipping', 'insufficient-data', 'on-target'];

/** The worst status first; equal ones keep their order. */
export function worstFirst(reports: readonly Report[]): Report[] {
  return reports.toSorted((a, b) => WORST.indexOf(a.status) - WORST.indexOf(b.status));
}

/** The verdict of every service. One without an answer has insufficient data. */
export const statusesOf = (reports: readonly Report[], unmeasured: Unmeasured): Status[] => [
  ...reports.map((report) => report.status),
  ...unmeasured.map(() => 'insufficient-data' as const),
];

/** The worst verdict. */
export function worstOf(reports: readonly Report[], unmeasured: Unmeasured): Status {
  const statuses = statusesOf(reports, unmeasured);
  return WORST.find((status) => statuses.includes(status)) ?? 'insufficient-data';
}

/** A change as a link. Comments and issues link its merge commit instead, so that nothing is added to its pull request. */
export const changeLink = (
  mergeset: Pick<ReportedChange, 'number' | 'mergeCommit' | 'url'>,
  { repositoryUrl }: Pick<Report, 'repositoryUrl'>,
): Span => ({
  text: nameOf(mergeset),
  href: mergeset.url,
  quiet: `${repositoryUrl}/commit/${mergeset.mergeCommit}`,
});

/** One of our own sentences with what is between backticks as code. */
export const coded = (sentence: string): Inline =>
  sentence
    .split(/(`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part) =>
      part.startsWith('`') && part.length > 2 ? { text: part.slice(1, -1), code: true } : part,
    );

/** The changes of a report by name. A text can have thousands of sentences about thousands of changes. */
const changesByName = new WeakMap<Report, ReadonlyMap<string, ReportedChange>>();

/** The same with its `#123` as links, if the report has that change. */
export function withLinks(report: Report, sentence: string): Inline {
  const changes =
    changesByName.get(report) ??
    new Map([...report.earlier, ...report.mergesets].map((mergeset) => [nameOf(mergeset), mergeset]));
  changesByName.set(report, changes);
  return coded(sentence).flatMap((part): Inline => {
    if (typeof part !== 'string') return [part];
    return part
      .split(/(#\d+\b)/)
      .filter((text) => text !== '')
      .map((text) => {
        const mergeset = changes.get(text);
        return mergeset ? changeLink(mergeset, report) : text;
      });
  });
}

/** A deployment as a link to its run, release or commit, named by its tag or its commit. */
export const deploymentLink = (
  { id, url, sha }: Pick<ReportedDeployment, 'id' | 'url' | 'sha'>,
  { repositoryUrl }: Pick<Report, 'repositoryUrl'>,
): Span => ({
  text: typeof id === 'number' || id.length > 40 || /^[0-9a-f]{40}/.test(id) ? sha.slice(0, 7) : id,
  href: url ?? `${repositoryUrl}/commit/${sha}`,
});
