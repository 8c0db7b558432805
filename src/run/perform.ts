import type { Surroundings } from '../config/surroundings.ts';
import { NoToken, type Settings } from '../config/plan.ts';
import { CONFIG_FILE } from '../config/plan.ts';
import { type Repo, repoOf } from '../github/repo.ts';
import { GuardError, oneLine, OutOfTime } from '../model/guard-error.ts';
import type { Service, ServiceName } from '../model/service.ts';
import type { Published, PublishOptions } from '../publish/publish-options.ts';
import type { AlertRecords } from '../report/alert-record.ts';
import type { Report, RunReport } from '../report/contract.ts';
import type { Outputs } from '../report/outputs.ts';
import { NothingDeployed } from '../read/nothing-deployed.ts';
import { isClosedUnmerged, prepare, type RunContext } from './context.ts';
import { fileMatcher } from './path-rules.ts';
import { type Answer, nameOf } from './answer.ts';
import { type Answers, run } from './run.ts';
import type { Step } from './workflow-step.ts';
import { verdictOf } from './run-verdict.ts';

/**
 * The action's run, from its inputs to what is written on GitHub and for the runner.
 *
 * @returns whether the step fails: a finding is of a kind that `fail-on` names.
 */
export async function perform(context: RunContext, step: Step): Promise<boolean> {
  const { surroundings } = context;
  const prepared = await prepare(context).catch((error: unknown) => {
    if (error instanceof NoToken && error.mode === 'pull-request') return error;
    throw error;
  });
  if (prepared instanceof NoToken) return withoutToken(step, prepared);
  const { settings, services, github, writer, opened } = prepared;
  step.info(`Mode ${settings.mode}, ${settings.modeReason}.`);
  if (isClosedUnmerged(settings, surroundings)) {
    step.info('The pull request was closed without being merged: there is nothing to say.');
    return false;
  }
  const options: PublishOptions = {
    ...settings,
    repo: repoOf(github, { owner: settings.owner, name: settings.repo }),
    issueRepo: repoOf(github, settings.issueRepository),
    isElsewhere: isElsewhere(settings, surroundings),
    writer,
    pullRequest: settings.pullRequest ?? surroundings.pullRequest,
    // An input may name another one than the event is about.
    pullRequestBase: settings.pullRequest === null ? surroundings.pullRequestBase : null,
    eventName: settings.pullRequest === null ? surroundings.eventName : '',
    written: { at: settings.window.to, runUrl: surroundings.runUrl },
    isOfADeployment: isOfADeployment(surroundings),
  };
  if (settings.mode === 'scheduled' && settings.issue !== 'never') {
    const { issuesOf } = await import('../publish/issues-found.ts');
    // They are needed at the end in any case, and go with the first request for the facts.
    void issuesOf(options).catch(() => {});
  }
  const remember = (baseBranch: string) => alertsKnown(services, settings, options, baseBranch);
  const told = await run(github, services, settings, surroundings, { opened, remember }).catch(
    (error: unknown) => {
      // On a pull request it is no failure that nothing was ever deployed: it is what its author should be told.
      if (settings.mode === 'pull-request' && error instanceof NothingDeployed) return error;
      throw error;
    },
  );
  if (told instanceof NothingDeployed) {
    const { setUpComment, summaryOn } = await import('./after-verdict.ts');
    await summaryOn(step)(setUpComment(told.message));
    step.info(oneLine(told.message, 1000));
    const [service, ...others] = services;
    const { publishUnknown } = await import('../publish/publish.ts');
    const name =
      service && others.length === 0
        ? nameOf(service, told.baseBranch)
        : nameOfAll(settings, told.baseBranch);
    await tell(step, await publishUnknown(told.message, name, options));
    return false;
  }
  // The verdict needs nothing that is loaded or written from here on, and is said before time may run out.
  const verdict = await verdictOf(told.report);
  step.info(oneLine(verdict.sentence, 1000));
  for (const [name, value] of Object.entries(verdict.outputs)) step.output(name as keyof Outputs, value);
  const { summaryOn, writeTexts } = await import('./after-verdict.ts');
  const summary = summaryOn(step);
  await writeTexts(told.report, verdict.outputs, summary, step);
  if (settings.html !== null) await writePageOf(told.report, settings.html, surroundings, step);
  const written = await publishAll(told, settings, options);
  await tell(step, written);
  if (written.extra.length > 0) await summary(written.extra);
  if (surroundings.telemetry !== null) {
    const { sendTelemetry } = await import('./telemetry.ts');
    for (const message of await sendTelemetry(told.report, settings, surroundings.telemetry))
      step.annotate({ severity: 'notice', title: 'Not sent to OpenTelemetry', message });
  }
  return verdict.failed;
}

async function writePageOf(
  report: Report | RunReport,
  path: string,
  { workspace }: Surroundings,
  step: Step,
): Promise<void> {
  const { pageOf, writePage } = await import('./after-verdict.ts');
  step.output('html', await writePage(() => pageOf(report), path, workspace, step));
}

/** What the weekly issue knows of the alert; nothing where there is none, or it cannot be read. */
async function alertsKnown(
  services: readonly Service[],
  settings: Settings,
  options: PublishOptions,
  baseBranch: string,
): Promise<AlertRecords> {
  if (settings.issue === 'never') return {};
  const [only, ...others] = services;
  const isOfAll = only === undefined || (others.length > 0 && settings.issue !== 'per-service');
  const names = isOfAll
    ? [nameOfAll(settings, baseBranch)]
    : services.map((service) => nameOf(service, baseBranch));
  try {
    const { alertsRemembered } = await import('../publish/issues-found.ts');
    return await alertsRemembered(names, options);
  } catch (error) {
    if (!(error instanceof GuardError) || error instanceof OutOfTime) throw error;
    return {};
  }
}

async function publishAll(told: Answers, settings: Settings, options: PublishOptions): Promise<Published> {
  const { publish, publishRun } = await import('../publish/publish.ts');
  const { report, answers } = told;
  const [first] = answers;
  if (first === undefined) throw new RangeError('a run without an answer');
  if (!('units' in report)) return publish(first, options);
  const { pullRequest } = options;
  const touched =
    settings.mode === 'pull-request' && pullRequest !== null && !options.isElsewhere
      ? await touchedBy(options.repo, pullRequest, answers)
      : null;
  const isUnknown = touched === null && settings.mode === 'pull-request' && pullRequest !== null;
  const name = nameOfAll(settings, told.facts.baseBranch);
  const written = await publishRun(
    report,
    answers,
    name,
    options,
    touched?.map((answer) => answer.report) ?? null,
  );
  if (!isUnknown || options.isElsewhere) return written;
  const notice = 'Which services the pull request concerns could not be read: it is told of all of them.';
  return { ...written, notices: [...written.notices, notice] };
}

/** What the texts of several units together are known by. */
const nameOfAll = ({ config }: Settings, baseBranch: string): ServiceName => ({
  environment: 'all services',
  source: config ?? CONFIG_FILE,
  baseBranch,
});

/** The units that an open pull request concerns, by its files; `null`: those could not be read. */
async function touchedBy(repo: Repo, number: number, answers: readonly Answer[]): Promise<Answer[] | null> {
  const { filesOfPull } = await import('../github/history/concerning.ts');
  const files = await filesOfPull(repo, number).catch((error: unknown) => {
    if (error instanceof GuardError) return null;
    throw error;
  });
  if (files === null) return null;
  const touched = await Promise.all(
    answers.map(
      async ({ service }) => service.paths === null || files.some(await fileMatcher(service.paths)),
    ),
  );
  return answers.filter((_, i) => touched[i]);
}

async function tell(step: Step, { commentUrl, issueUrl, notices }: Published): Promise<void> {
  if (commentUrl !== '') step.output('comment-url', commentUrl);
  if (issueUrl !== '') step.output('issue-url', issueUrl);
  for (const message of notices) step.annotate({ severity: 'notice', title: 'Not written', message });
}

function isElsewhere({ owner, repo }: Settings, { repository }: Surroundings): boolean {
  return repository !== '' && repository.toLowerCase() !== `${owner}/${repo}`.toLowerCase();
}

/** Secrets are empty for pull requests of forks and of Dependabot: nothing is wrong with them. */
async function withoutToken(step: Step, { message }: NoToken): Promise<boolean> {
  const { errorSummary } = await import('./after-verdict.ts');
  const line = `${message} (For pull requests of forks and of Dependabot a workflow's own secrets are empty.)`;
  step.annotate({ severity: 'notice', title: 'No token', message: line });
  await step.summary(errorSummary(line));
  return false;
}

/** Events by which a deployment is made, or ends; any other one only looks. */
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
