import { oneLine } from '../../model/guard-error.ts';
import { type Block, type Inline, paragraph, type Span } from '../../report/blocks.ts';
import type { Report, ReportedChange } from '../../report/contract.ts';
import { pendingIn, successesIn } from '../../report/parts.ts';
import { duration, listed, serviceName, timeOfDay } from '../../report/words.ts';

/** The comment on a change that should be live by now: what it waits for, and when it went live. */

/** A change that was overdue, and its end. */
interface OverdueChange {
  change: ReportedChange;
  state: 'waiting' | 'deploying' | 'live' | 'reverted';
  report: Report;
}

/** The comment on one pull request, with a line for each service. */
export interface OverdueComment {
  number: number;
  blocks: Block[];
  /** False if the text only replaces an earlier one. */
  isNew: boolean;
}

/** The changes that are overdue and that no running deployment holds within its usual time, oldest first. */
export const overdueIn = (report: Report): ReportedChange[] =>
  changesIn(report).flatMap(({ change, state }) => (state === 'waiting' ? [change] : []));

/**
 * One comment per pull request, oldest change first. A change is overdue if it has waited longer than the limit and than
 * nine of ten changes that were live by then. Time in a freeze does not count, and a freeze has no overdue changes.
 */
export function overdueComments(reports: readonly Report[]): OverdueComment[] {
  const byNumber = new Map<number, OverdueChange[]>();
  for (const overdue of reports.flatMap(changesIn)) {
    const { number } = overdue.change;
    if (number !== null) byNumber.set(number, [...(byNumber.get(number) ?? []), overdue]);
  }
  return [...byNumber].map(([number, changes]) => ({
    number,
    isNew: changes.some(({ state }) => state === 'waiting'),
    blocks: changes.map((change) =>
      paragraph(
        ...(reports.length > 1 ? [{ text: serviceName(change.report), strong: true }, ': '] : []),
        ...wordsOf(change),
      ),
    ),
  }));
}

/** Removes the time that grows with each run, so that only news changes the comment. */
export const withoutAge = (text: string): string => text.replace(/^(.*Merged) .* ago, not live\./gm, '$1');

function changesIn(report: Report): OverdueChange[] {
  // Data that may be wrong must not end up on somebody's pull request.
  if (report.completeness.gaps.some((gap) => gap.verdictAtRisk)) return [];
  const limit = report.target.thresholdSeconds;
  const live = report.mergesets.filter(isTimed);
  const revertOf = revertsIn(report);
  const usual = usualSeconds(report);
  /** Whether a change was overdue at some time up to `end`. The comparison changes when others go live. */
  const wasOverdue = (change: ReportedChange, end: number): boolean => {
    const earliest = Date.parse(change.mergedAt) + limit * 1000;
    if (secondsAt(change, end) <= limit) return false;
    const others = live.filter((other) => other !== change);
    const times = others.map(liveAt).filter((at) => at > earliest && at < end);
    return [...times, end].some((at) => {
      const before = others.filter((other) => liveAt(other) < at);
      const seconds = secondsAt(change, at);
      return seconds > limit && seconds > nineOfTen(before);
    });
  };
  const isSubject = ({ kind, number, counted }: ReportedChange) =>
    kind === 'pull-request' && number !== null && counted !== false;
  const now = Date.parse(report.window.to);
  const waiting = (report.frozen ? [] : pendingIn(report))
    .filter((change) => isSubject(change) && wasOverdue(change, now))
    .map((change): OverdueChange => {
      if (revertOf(change)) return { change, state: 'reverted', report };
      const age = now - Date.parse(change.runningDeployment?.createdAt ?? '');
      const isDeploying = age <= usual * 1000 && awaitedRegions(change, report).length === 0;
      return { change, state: isDeploying ? 'deploying' : 'waiting', report };
    });
  const arrived = [...report.earlier, ...report.mergesets]
    .filter((change) => isSubject(change) && isTimed(change) && wasOverdue(change, liveAt(change)))
    .map((change): OverdueChange => ({ change, state: revertOf(change) ? 'reverted' : 'live', report }));
  return [...waiting, ...arrived];
}

const isTimed = ({ leadTimeSeconds, counted, untimed }: ReportedChange): boolean =>
  leadTimeSeconds !== null && counted !== false && !untimed;

const liveAt = ({ deployedAt, mergedAt }: ReportedChange): number => Date.parse(deployedAt ?? mergedAt);

/** Seconds from the merge to an instant, without those in freezes. */
const secondsAt = ({ mergedAt, frozenSeconds = 0 }: ReportedChange, at: number): number =>
  (at - Date.parse(mergedAt)) / 1000 - frozenSeconds;

/** The time that nine of ten live changes did not exceed; 0 without any. */
function nineOfTen(live: readonly ReportedChange[]): number {
  const seconds = live.map((change) => secondsAt(change, liveAt(change))).sort((a, b) => a - b);
  return seconds[Math.ceil(seconds.length * 0.9) - 1] ?? 0;
}

/** Median from the creation of a successful deployment to its success; the limit if there is none. */
function usualSeconds(report: Report): number {
  const times = successesIn(report)
    .flatMap(({ createdAt, succeededAt, assumed }) =>
      succeededAt === null || assumed ? [] : [(Date.parse(succeededAt) - Date.parse(createdAt)) / 1000],
    )
    .sort((a, b) => a - b);
  return times[Math.floor((times.length - 1) / 2)] ?? report.target.thresholdSeconds;
}

/** Finds the change that reverts another one before it is live, by GitHub's title for reverts. */
function revertsIn(report: Report): (change: ReportedChange) => ReportedChange | undefined {
  const changes = [...report.earlier, ...report.mergesets];
  return ({ title, mergedAt, deployedAt }) =>
    changes.find(
      (other) =>
        other.title === `Revert "${title}"` &&
        other.mergedAt > mergedAt &&
        (deployedAt === null || other.mergedAt < deployedAt),
    );
}

function wordsOf({ change, state, report }: OverdueChange): Inline {
  const revert = revertsIn(report)(change);
  if (state === 'reverted' && revert)
    return ['Reverted in ', commitLink(revert, report), ' before it was live.'];
  if (state === 'live') return [`Live after ${duration(change.leadTimeSeconds ?? 0)}.`];
  const waits = waitingFor(change, report);
  return [
    `Merged ${duration(change.waitingSeconds ?? 0)} ago, not live.`,
    ...(waits.length > 0 ? [' Waiting for: ', ...waits, '.'] : []),
  ];
}

/** Regions without a deployment of the change, if nothing is running. */
const awaitedRegions = ({ runningDeployment }: ReportedChange, { deployments }: Report): readonly string[] =>
  deployments.find(({ id }) => id === runningDeployment?.id)?.waitsFor ?? [];

function waitingFor(change: ReportedChange, report: Report): Inline {
  const { waitingFor: wait, runningDeployment } = change;
  const regions = awaitedRegions(change, report).map((name) => oneLine(name, 60));
  if (wait === undefined && regions.length > 0) return [`a deployment to ${listed(regions)}`];
  if (wait === undefined)
    return runningDeployment
      ? [`the deployment that began at ${timeOfDay(runningDeployment.createdAt)} UTC`]
      : [];
  const { kind, run, reviewers, failedAt, next } = wait;
  const of: Inline = run ? [' (', runLink(run), ')'] : [];
  const name = (text: string) => ({ text: oneLine(text, 60), strong: true });
  const failure: Inline = run ? [runLink(run), ' failed', ...(failedAt ? [' at ', name(failedAt)] : [])] : [];
  const nextRun: Inline = next ? [', its commit goes with ', runLink(next)] : [];
  switch (kind) {
    case 'approval':
      return [`approval by ${listed(reviewers.map((reviewer) => oneLine(reviewer, 60)))}`, ...of];
    case 'wait-timer':
      return ['the wait timer of the environment', ...of];
    case 'protection-rule':
      return ['a protection rule of the environment', ...of];
    case 'concurrency':
      return ['another run of its ', { text: 'concurrency', code: true }, ' group', ...of];
    case 'runner':
      return ['a runner', ...of];
    case 'running':
      return run ? [runLink(run), ', which is running'] : ['a run'];
    case 'failure':
      return [...failure, ...nextRun];
    case 'replaced':
      return ['cancelled by ', { text: 'concurrency', code: true }, ...nextRun];
    case 'cancelled':
      return run ? [runLink(run), ' was cancelled', ...nextRun] : ['a cancelled run'];
    case 'not-started':
      return ['no deployment has started', ...(failure.length > 0 ? ['; ', ...failure] : [])];
  }
}

const runLink = ({ id, url }: { id: number; url: string }): Span => ({ text: `run ${id}`, href: url });

const commitLink = (change: ReportedChange, { repositoryUrl }: Report): Span => ({
  text: change.mergeCommit.slice(0, 7),
  href: `${repositoryUrl}/commit/${change.mergeCommit}`,
});
