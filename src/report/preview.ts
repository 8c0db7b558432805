import { type Block, details, heading, type Inline, paragraph } from './blocks.ts';
import type { Report, ReportedChange } from './contract.ts';
import { topStages } from './diagnosis.ts';
import { pendingIn } from './parts.ts';
import { changeSentence } from './past.ts';
import { deploymentsTable, missing, numbers, waitingTable } from './summary.ts';
import { counted, duration, listed, nameOf, STATUS_WORDS, verdictTitle, windowWords } from './words.ts';

const LAST_DEPLOYMENTS = 5;

/** So many services have room in a comment. */
const MOST_SERVICES = 10;

/** On an open pull request: what merging now means. `own` is its number: it does not wait for itself. */
export function previewComment(report: Report, own: number | null): Block[] {
  const waiting = pendingIn(report).filter((mergeset) => mergeset.number === null || mergeset.number !== own);
  return [
    heading(3, headingOf(report)),
    paragraph(...toDo(waiting, report), ` ${underWay(report)}`),
    ...missing(report),
    ...whyThat(report),
    ...goesWhere(report),
    ...lastDeployments(report),
    details('The numbers', [
      paragraph(`In the ${windowWords(report.window)}:`),
      numbers(report),
      ...waitingTable(report, waiting),
    ]),
  ];
}

/** The same of the services that the pull request concerns. */
export function previewOfServices(reports: readonly Report[], own: number | null): Block[] {
  if (reports.length === 0)
    return [
      heading(3, '⚪ Nothing is deployed by this change'),
      paragraph('It concerns none of the services that are told about.'),
    ];
  const shown = reports.slice(0, MOST_SERVICES);
  const more = reports.length - shown.length;
  const rest: Block[] =
    more > 0 ? [paragraph(`It concerns ${counted(more, 'more service')}: the job summary has them.`)] : [];
  return [...shown.flatMap((report) => previewComment(report, own)), ...rest];
}

const headingOf = (report: Report): string =>
  `${STATUS_WORDS[report.status].mark} ${report.service ? `${report.service}: ` : ''}${mergingNow(report)}`;

function mergingNow({ status, leadTimeSeconds, leadTimeAtLeastSeconds }: Report): string {
  if (status === 'insufficient-data') return 'Merged now, live when? Not known yet';
  if (leadTimeSeconds !== null) return `Merged now, live in about ${duration(leadTimeSeconds)}`;
  return `Merged now, live in no less than ${duration(leadTimeAtLeastSeconds ?? 0)}`;
}

/** What to do, and why: the second line, of which the beginning is enough. */
function toDo(waiting: readonly ReportedChange[], { target }: Report): Inline {
  const [oldest] = waiting;
  if (oldest === undefined)
    return [{ text: 'Merge when it is ready:', strong: true }, ' nothing else waits, it would ship alone.'];
  const named = waiting.map((mergeset) => `${nameOf(mergeset)} (${duration(mergeset.waitingSeconds ?? 0)})`);
  const isStuck = (oldest.waitingSeconds ?? 0) > target.thresholdSeconds;
  return [
    { text: isStuck ? `Deploy ${nameOf(oldest)} first:` : 'Let what is merged go live first:', strong: true },
    ` ${listed(named)} ${waiting.length === 1 ? 'is' : 'are'} merged and not live, and this change would ship with ${waiting.length === 1 ? 'it' : 'them'}.`,
  ];
}

/** Why no verdict can be given stands open; a verdict is folded under its title. */
function whyThat(report: Report): Block[] {
  const { change } = report;
  const blocks = [
    paragraph(report.sentence),
    ...(change === null ? [] : [paragraph(changeSentence(change))]),
  ];
  return report.status === 'insufficient-data' ? blocks : [details(verdictTitle(report), blocks)];
}

/** Of those created since the newest success: what was overtaken is not going to end. */
function underWay({ deployments, window }: Report): string {
  const success = deployments.findLast((deployment) => deployment.outcome === 'success')?.createdAt ?? '';
  const running = deployments.filter(
    (deployment) => deployment.outcome === 'running' && deployment.createdAt > success,
  );
  const newest = running.at(-1);
  if (newest === undefined) return 'No deployment is under way.';
  const since = (Date.parse(window.to) - Date.parse(newest.createdAt)) / 1000;
  const others = running.length > 1 ? ` (and ${running.length - 1} more)` : '';
  return `Deployment ${newest.id} has been under way for ${duration(since)}${others}.`;
}

/** The stages that take most, folded. */
function goesWhere({ stages }: Report): Block[] {
  if (!stages?.inActions || stages.rows.length === 0) return [];
  return [details('Where the time goes', [topStages(stages)])];
}

function lastDeployments(report: Report): Block[] {
  const last = report.deployments
    .filter((deployment) => deployment.outcome !== 'running')
    .slice(-LAST_DEPLOYMENTS);
  return last.length === 0 ? [] : [details('The last deployments', [deploymentsTable(report, last)])];
}
