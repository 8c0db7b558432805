import { type Block, details, heading, type Inline, paragraph } from './blocks.ts';
import type { Report, ReportedChange, ReportedDeployment } from './contract.ts';
import { topStages } from './diagnosis.ts';
import { pendingIn } from './parts.ts';
import { changeSentence } from './past.ts';
import { deploymentsTable, numbers } from './summary.ts';
import { missing, waitingTable } from './thread-parts.ts';
import { counted, duration, listed, nameOf, STATUS_WORDS, verdictTitle, windowWords } from './words.ts';

const LAST_DEPLOYMENTS = 5;

/** On an open pull request: what merging now means. `own` is its number: it does not wait for itself. */
export function previewComment(report: Report, own: number | null): Block[] {
  const waiting = pendingIn(report).filter((each) => each.number === null || each.number !== own);
  const running = underWayIn(report);
  return [
    heading(3, headingOf(report)),
    paragraph(...toDo(waiting, report), ` ${underWay(running, report)}`),
    ...missing(report),
    ...whyThat(report),
    ...goesWhere(report),
    ...foldedDeployments(report),
    details('The numbers', [
      paragraph(`In the ${windowWords(report.window)}:`),
      numbers(report),
      ...waitingTable(waiting),
    ]),
  ];
}

/** On an open pull request, of the services that it concerns: each in short, its numbers folded. */
export function previewOfServices(reports: readonly Report[], own: number | null): Block[] {
  const [only, ...others] = reports;
  if (only === undefined)
    return [
      heading(3, '⚪ Nothing is deployed by this change'),
      paragraph('It concerns none of the services that are told about.'),
    ];
  if (others.length === 0) return previewComment(only, own);
  const told = reports.slice(0, MOST_SERVICES);
  const more = reports.length - told.length;
  const rest: Block[] =
    more > 0 ? [paragraph(`It concerns ${counted(more, 'more service')}: the job summary has them.`)] : [];
  return [...told.flatMap((report) => inShort(report, own)), ...rest];
}

/** So many services have room in a comment. */
const MOST_SERVICES = 10;

function inShort(report: Report, own: number | null): Block[] {
  const waiting = pendingIn(report).filter((each) => each.number === null || each.number !== own);
  return [
    heading(3, headingOf(report)),
    paragraph(...toDo(waiting, report), ' ', underWay(underWayIn(report), report)),
    ...missing(report),
    details(verdictTitle(report), [
      paragraph(report.sentence),
      numbers(report),
      ...waitingTable(waiting),
      ...lastDeployments(report),
    ]),
  ];
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
  const named = waiting.map((each) => `${nameOf(each)} (${duration(each.waitingSeconds ?? 0)})`);
  const isStuck = (oldest.waitingSeconds ?? 0) > target.thresholdSeconds;
  return [
    { text: isStuck ? `Deploy ${nameOf(oldest)} first:` : 'Let what is merged go live first:', strong: true },
    ` ${listed(named)} ${waiting.length === 1 ? 'is' : 'are'} merged and not live, and this change would ship with ${waiting.length === 1 ? 'it' : 'them'}.`,
  ];
}

/** Why no verdict can be given stands open; a verdict is folded under its title. */
function whyThat(report: Report): Block[] {
  const blocks: Block[] = [paragraph(report.sentence), ...slipped(report)];
  return report.status === 'insufficient-data' ? blocks : [details(verdictTitle(report), blocks)];
}

/** Those created since the newest success: what was overtaken is not going to end. */
function underWayIn({ deployments }: Report): ReportedDeployment[] {
  const newest = deployments.findLast((each) => each.outcome === 'success')?.createdAt ?? '';
  return deployments.filter((each) => each.outcome === 'running' && each.createdAt > newest);
}

function underWay(running: readonly ReportedDeployment[], { window }: Report): string {
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

/** What slipped lately against the team's own past, in one line. */
function slipped({ change }: Report): Block[] {
  return change === null ? [] : [paragraph(changeSentence(change))];
}

function foldedDeployments(report: Report): Block[] {
  const blocks = lastDeployments(report);
  return blocks.length === 0 ? [] : [details('The last deployments', blocks)];
}

function lastDeployments(report: Report): Block[] {
  const last = report.deployments.filter((each) => each.outcome !== 'running').slice(-LAST_DEPLOYMENTS);
  return last.length === 0 ? [] : [deploymentsTable(report, last)];
}
