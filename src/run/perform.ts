import type { Surroundings } from '../config/surroundings.ts';
import { CONFIG_FILE, NoToken, type Settings } from '../config/plan.ts';
import type { Cost } from '../github/client.ts';
import { type Repo, repoOf } from '../github/repo.ts';
import { GuardError, oneLine, OutOfTime } from '../model/guard-error.ts';
import type { Service, ServiceName } from '../model/service.ts';
import type { Published, PublishOptions } from '../publish/publish-options.ts';
import type { AlertRecords } from '../model/alert-spell.ts';
import type { Outputs } from '../report/outputs.ts';
import { NothingDeployed } from '../read/nothing-deployed.ts';
import { isClosedUnmerged, prepare, type RunContext } from './context.ts';
import { fileMatcher } from './path-rules.ts';
import { type Answer, nameOf } from './answer.ts';
import { type Answers, run } from './run.ts';
import type { Step } from './workflow-step.ts';
import { hashOfTexts } from './settings-hash.ts';
import { verdictOf } from './run-verdict.ts';

/**
 * Runs the action: reads and judges, then writes to GitHub and the runner.
 *
 * @returns whether the step fails, because `fail-on` names the kind of a finding.
 */
export async function perform(context: RunContext, step: Step): Promise<boolean> {
  const { surroundings } = context;
  const prepared = await prepare({ ...context, watch: step.watch }).catch((error: unknown) => {
    if (error instanceof NoToken && error.mode === 'pull-request') return error;
    throw error;
  });
  if (prepared instanceof NoToken) return withoutToken(step, prepared);
  const { settings, services, github, writer } = prepared;
  step.info(`Mode ${settings.mode}, ${settings.modeReason}.`);
  if (isClosedUnmerged(settings, surroundings)) {
    step.info('The pull request was closed without being merged, so there is nothing to report.');
    return false;
  }
  const options: PublishOptions = {
    ...settings,
    repo: repoOf(github, { owner: settings.owner, name: settings.repo }),
    issueRepo: repoOf(github, settings.issueRepository),
    measuresAnotherRepository: isElsewhere(settings, surroundings),
    writer,
    guard: {
      id: encodeURIComponent(surroundings.guard).replaceAll('-', '%2D'),
      settings: hashOfTexts(services, settings),
    },
    // Comments on overdue changes need a schedule.
    comment: settings.comment === 'overdue' && settings.mode !== 'scheduled' ? 'never' : settings.comment,
    pullRequest: settings.pullRequest ?? surroundings.pullRequest,
    // Input "pull-request" may name another pull request than the event's.
    pullRequestBase: settings.pullRequest === null ? surroundings.pullRequestBase : null,
    eventName: settings.pullRequest === null ? surroundings.eventName : '',
    footer: { at: settings.window.to, runUrl: surroundings.runUrl },
    isDeploymentEvent: isOfADeployment(surroundings),
  };
  if (settings.mode === 'scheduled' && settings.issue !== 'never') {
    const { issuesOf } = await import('../publish/guard-issues.ts');
    // Needed at the end in any case. Asked for now, they share a request with the facts.
    void issuesOf(options).catch(() => {});
  }
  const remember = (baseBranch: string) => savedAlerts(services, settings, options, baseBranch);
  const result = await run(github, services, settings, surroundings, {
    opened: prepared.opened,
    remember,
    suspectsLater: true,
  }).catch((error: unknown) => {
    // A pull request must not fail because nothing was ever deployed. Its author gets a comment instead.
    if (settings.mode === 'pull-request' && error instanceof NothingDeployed) return error;
    throw error;
  });
  if (result instanceof NothingDeployed) {
    const { setUpComment, summaryOn } = await import('./after-verdict.ts');
    await summaryOn(step)(setUpComment(result.message));
    step.info(oneLine(result.message, 1000));
    const [service, ...others] = services;
    const { publishNoVerdict } = await import('../publish/publish.ts');
    const name =
      service && others.length === 0
        ? nameOf(service, result.baseBranch)
        : nameOfAll(settings, result.baseBranch);
    reportPublished(step, await publishNoVerdict(result.message, name, options));
    return false;
  }
  const { report } = result;
  // The history takes most of the memory, and the texts do not need it.
  delete prepared.opened;
  // The verdict comes first, because the time may run out while the rest is loaded and written.
  const verdict = await verdictOf(report);
  step.info(oneLine(verdict.sentence, 1000));
  for (const [name, value] of Object.entries(verdict.outputs)) step.output(name as keyof Outputs, value);
  await result.addSuspects();
  const { forTexts, pageOf, summaryOn, writePage, writeTexts } = await import('./after-verdict.ts');
  const summary = summaryOn(step);
  await writeTexts(report, verdict.outputs, summary, step);
  if (settings.html !== null)
    step.output('html', await writePage(() => pageOf(report), settings.html, surroundings.workspace, step));
  const published = await publishAll(forTexts(result), settings, options);
  reportPublished(step, published);
  if (published.extra.length > 0) await summary(published.extra);
  if (surroundings.telemetry !== null) {
    const { sendTelemetry } = await import('./telemetry.ts');
    for (const message of await sendTelemetry(report, settings, surroundings.telemetry))
      step.annotate({ severity: 'notice', title: 'Not sent to OpenTelemetry', message });
  }
  step.info(costLine(github.cost()));
  return verdict.failed;
}

/** What the run's reads cost. */
const costLine = ({ requests, points }: Cost): string =>
  `Read with ${requests === 1 ? '1 request' : `${requests} requests`}.${points === null ? '' : ` The token has ${points.left} of ${points.limit} GraphQL points left this hour.`}`;

/** The alert states saved in the weekly issue; none if there is no issue or it cannot be read. */
async function savedAlerts(
  services: readonly Service[],
  settings: Settings,
  options: PublishOptions,
  baseBranch: string,
): Promise<AlertRecords> {
  if (settings.issue === 'never') return {};
  const [only, ...others] = services;
  const isShared = only === undefined || (others.length > 0 && settings.issue !== 'per-service');
  const names = isShared
    ? [nameOfAll(settings, baseBranch)]
    : services.map((service) => nameOf(service, baseBranch));
  try {
    const { recordedAlerts } = await import('../publish/guard-issues.ts');
    return await recordedAlerts(names, options);
  } catch (error) {
    if (!(error instanceof GuardError) || error instanceof OutOfTime) throw error;
    return {};
  }
}

async function publishAll(
  { report, answers, baseBranch }: Answers,
  settings: Settings,
  options: PublishOptions,
): Promise<Published> {
  const { publish } = await import('../publish/publish.ts');
  const [first] = answers;
  if (first === undefined) throw new RangeError('a run without an answer');
  const isRun = 'units' in report;
  const name = isRun ? nameOfAll(settings, baseBranch) : first.name;
  const { pullRequest, measuresAnotherRepository } = options;
  if (!isRun || settings.mode !== 'pull-request' || pullRequest === null || measuresAnotherRepository)
    return publish(report, answers, name, options, null);
  const touched = await touchedBy(options.repo, pullRequest, answers);
  const touchedReports = touched?.map((answer) => answer.report) ?? null;
  const published = await publish(report, answers, name, options, touchedReports);
  if (touched !== null) return published;
  const notice = 'The files of the pull request could not be read, so the comment covers all services.';
  return { ...published, notices: [...published.notices, notice] };
}

/** The name of a comment or an issue about several services. */
const nameOfAll = ({ config }: Settings, baseBranch: string): ServiceName => ({
  environment: 'all services',
  source: config ?? CONFIG_FILE,
  baseBranch,
});

/** The services whose paths an open pull request touches; `null` if its files could not be read. */
async function touchedBy(repo: Repo, number: number, answers: readonly Answer[]): Promise<Answer[] | null> {
  const { filesOfPullRequest } = await import('../github/history/changed-paths.ts');
  const files = await filesOfPullRequest(repo, number).catch((error: unknown) => {
    if (error instanceof GuardError) return null;
    throw error;
  });
  if (files === null) return null;
  const touched = await Promise.all(
    answers.map(
      async ({ service }) =>
        service.paths === null || files.some(await fileMatcher(service.paths, 'service')),
    ),
  );
  return answers.filter((_, i) => touched[i]);
}

function reportPublished(step: Step, { commentUrl, issueUrl, notices }: Published): void {
  if (commentUrl !== '') step.output('comment-url', commentUrl);
  if (issueUrl !== '') step.output('issue-url', issueUrl);
  for (const message of notices) step.annotate({ severity: 'notice', title: 'Not written', message });
}

function isElsewhere({ owner, repo, formerName }: Settings, { repository }: Surroundings): boolean {
  const names = [`${owner}/${repo}`, formerName];
  return repository !== '' && !names.some((name) => name?.toLowerCase() === repository.toLowerCase());
}

/** A missing token is not a failure: secrets are empty for pull requests from forks and Dependabot. */
async function withoutToken(step: Step, error: NoToken): Promise<boolean> {
  const { errorSummary } = await import('./after-verdict.ts');
  const { helpLink } = await import('./help-link.ts');
  const line = `${error.message} Pull requests from forks and from Dependabot cannot read a workflow's own secrets.`;
  step.annotate({ severity: 'notice', title: 'No token', message: line });
  await step.summary(errorSummary(line, helpLink(error)));
  return false;
}

/** Events that make or finish a deployment. */
const DEPLOYING = new Set([
  'deployment',
  'deployment_status',
  'merge_group',
  'push',
  'repository_dispatch',
  'workflow_call',
  'workflow_dispatch',
  'workflow_run',
]);

function isOfADeployment({ eventName, eventAction, isMerged }: Surroundings): boolean {
  if (eventName === 'release') return eventAction === null || /^(?:published|released)$/.test(eventAction);
  return DEPLOYING.has(eventName) || isMerged;
}
