import { type Block, details, heading, paragraph, strong } from '../../report/blocks.ts';
import type { Report, ReportedChange } from '../../report/contract.ts';
import { topStages } from '../../report/diagnosis.ts';
import { withLinks, pendingIn } from '../../report/parts.ts';
import { reasonBlocks } from '../../report/reason-line.ts';
import { deploymentsTable, missing, numbers, waitingTable } from '../../report/summary.ts';
import { counted, duration, nameOf, STATUS_WORDS, verdictTitle, windowWords } from '../../report/words.ts';

/** The comment on an open pull request: what to do, what to expect, and the details folded. */

const LAST_DEPLOYMENTS = 5;

/** Number of services that fit in a comment. */
const MOST_SERVICES = 10;

/**
 * Says what merging now means.
 *
 * @param number - the pull request itself, which does not wait for a deployment; `null`: unknown.
 */
export function previewComment(report: Report, number: number | null): Block[] {
  const waiting = pendingIn(report).filter(
    ({ number: other, waitsForIdleRegions }) => (other === null || other !== number) && !waitsForIdleRegions,
  );
  const mark = `${STATUS_WORDS[report.status].mark} ${report.service ? `${report.service}: ` : ''}`;
  return [
    paragraph(...strong([mark, ...withLinks(report, advise(waiting, report))])),
    paragraph(...withLinks(report, `${expectation(report)} ${runningWords(report)}`)),
    ...missing(report),
    ...verdictBlocks(report),
    ...stageBlocks(report),
    ...lastDeployments(report),
    details('Numbers and waiting changes', [
      paragraph(`In the ${windowWords(report.window)}:`),
      numbers(report),
      ...waitingTable(report, waiting),
    ]),
  ];
}

/** The same for each service that the pull request touches. */
export function previewOfServices(reports: readonly Report[], number: number | null): Block[] {
  if (reports.length === 0)
    return [heading(3, '⚪ This change deploys nothing'), paragraph('It touches no measured service.')];
  const shown = reports.slice(0, MOST_SERVICES);
  const more = reports.length - shown.length;
  return [
    ...shown.flatMap((report) => previewComment(report, number)),
    ...(more > 0
      ? [paragraph(`It touches ${counted(more, 'more service')}. The job summary lists them.`)]
      : []),
  ];
}

/** What to do with this pull request. */
function advise(waiting: readonly ReportedChange[], { target }: Report): string {
  const [oldest, ...others] = waiting;
  if (oldest === undefined) return 'Merge when it is ready. No other change waits, so it ships alone.';
  const age = duration(oldest.waitingSeconds ?? 0);
  const isStuck = (oldest.waitingSeconds ?? 0) > target.thresholdSeconds;
  const name = nameOf(oldest);
  if (others.length === 0)
    return isStuck
      ? `${name} has waited ${age} and would ship together with this change. Deploy it before you merge.`
      : `${name} was merged ${age} ago and is not live yet. Let it go live before you merge, or both ship together.`;
  const names = `${name} and ${others.length === 1 ? nameOf(others[0] ?? oldest) : `${others.length} other changes`}`;
  return isStuck
    ? `${names} are not live and would ship together with this change. ${name} has waited ${age}. Deploy them before you merge.`
    : `${names} are not live yet. Let them go live before you merge, or all ship together.`;
}

/** When the change would be live if it were merged now. */
function expectation({ status, leadTimeSeconds, leadTimeAtLeastSeconds, target }: Report): string {
  const goal = `The target is ${duration(target.seconds)}.`;
  if (status === 'insufficient-data')
    return 'Merged now, it goes live at an unknown time: there is no verdict yet.';
  return leadTimeSeconds !== null
    ? `Merged now, it goes live in about ${duration(leadTimeSeconds)}. ${goal}`
    : `Merged now, it goes live in ${duration(leadTimeAtLeastSeconds ?? 0)} or more. ${goal}`;
}

/** The running deployments that started after the newest success; older ones have been overtaken. */
function runningWords({ deployments, window }: Report): string {
  const success = deployments.findLast((deployment) => deployment.outcome === 'success')?.createdAt ?? '';
  const running = deployments.filter(
    (deployment) =>
      deployment.outcome === 'running' && !deployment.waitsFor && deployment.createdAt > success,
  );
  const newest = running.at(-1);
  if (newest === undefined) return 'No deployment is running.';
  const since = duration((Date.parse(window.to) - Date.parse(newest.createdAt)) / 1000);
  return running.length === 1
    ? `A deployment has been running for ${since}.`
    : `${running.length} deployments are running, the newest for ${since}.`;
}

/** The verdict, folded below its title. If there is none, the reason is in the open. */
function verdictBlocks(report: Report): Block[] {
  const blocks = [paragraph(...withLinks(report, report.sentence)), ...reasonBlocks(report)];
  return report.status === 'insufficient-data' ? blocks : [details(verdictTitle(report), blocks)];
}

function stageBlocks({ stages }: Report): Block[] {
  if (!stages?.inActions || stages.rows.length === 0) return [];
  return [details('Where the time goes', [topStages(stages)])];
}

function lastDeployments(report: Report): Block[] {
  const last = report.deployments
    .filter((deployment) => deployment.outcome !== 'running')
    .slice(-LAST_DEPLOYMENTS);
  return last.length === 0 ? [] : [details('Latest deployments', [deploymentsTable(report, last)])];
}
