import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import * as core from '@actions/core';
import {
  appliesTo,
  type Door,
  isOption,
  type Option,
  OPTION_NAMES,
  type OptionName,
  OPTIONS,
  optionsAt,
  type RawOptions,
} from '../config/options.ts';
import { nearest } from '../config/nearest.ts';
import { graphqlUrlOf, isProxied, type Surroundings, workflowIn } from '../config/surroundings.ts';
import { CONFIG_FILE } from '../config/plan.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { telemetryFor } from '../telemetry/endpoints.ts';
import type { Step } from '../run/workflow-step.ts';
import { addTo } from '../run/files.ts';
import { HELD, watchdog } from './watchdog.ts';

/** Connects both actions to the runner: reads its environment and its event, writes its files and log lines. */

// By default the heap may grow to four times what is in use before garbage is collected, and a runner shares its memory.
// docs/architecture.md has the figures, under "Memory".
setFlagsFromString('--heap-growing-percent=40');

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    core.setFailed('Cancelled before there was a result. Run it again.');
    process.exit(core.ExitCode.Failure);
  });

/** Runs an action. Resolves to `true` if the step should fail. */
export type Perform = (inputs: RawOptions, surroundings: Surroundings, step: Step) => Promise<boolean>;

/**
 * Runs a step and ends the process. The step fails if `perform` resolves to `true` or rejects, or if an input belongs to
 * another place than `door`.
 */
export function runStep(door: 'input' | 'organization input', perform: Perform): void {
  endWith(async () => {
    const inputs: RawOptions = Object.fromEntries(optionsAt(door).map((name) => [name, core.getInput(name)]));
    if (inputs['github-token']) core.setSecret(inputs['github-token']);
    for (const name of OPTION_NAMES)
      if (!(name in inputs) && core.getInput(name) !== '') throw new GuardError(misplaced(name, door));
    refuseMisspelled(Object.keys(process.env), optionsAt(door));
    if (await perform(inputs, await surroundings(process), stepOf(process.env)))
      process.exitCode = core.ExitCode.Failure;
  });
}

/**
 * Runs a step and ends the process. If `main` rejects, the step fails with the error.
 *
 * @param title - heading of the error in the job summary.
 */
export function endWith(main: () => Promise<void>, title?: string): void {
  main().then(exitSoon, async (error: unknown) => {
    const line =
      error instanceof GuardError
        ? error.message
        : `Deploy latency guard has a bug: ${oneLine(String(error))}. Report it with this log.`;
    const { helpLink } = await import('../run/help-link.ts');
    const link = helpLink(error);
    core.setFailed(`${line} Help: ${link}`);
    if (!(error instanceof GuardError) && error instanceof Error) core.debug(error.stack ?? '');
    const { errorSummary } = await import('../run/after-verdict.ts');
    await stepOf(process.env).summary(errorSummary(line, link, title));
    exitSoon();
  });
}

/** The last line of a process that had to be ended. */
const ENDED = `\n::error title=Deploy latency guard was ended::${HELD}\n`;

/** GitHub only warns about an unknown input. @throws {GuardError} if it is probably a misspelled one. */
function refuseMisspelled(variables: readonly string[], accepted: readonly string[]): void {
  for (const variable of variables) {
    const name = /^INPUT_(.+)$/.exec(variable)?.[1]?.toLowerCase();
    const similar = name === undefined || isOption(name) ? undefined : nearest(name, accepted);
    if (similar !== undefined)
      throw new GuardError(`Input "${oneLine(name ?? '', 60)}" does not exist; did you mean "${similar}"?`);
  }
}

/** The error for an input that this action does not accept. */
function misplaced(name: OptionName, door: Door): string {
  if (appliesTo(name, 'organization'))
    return `Input "${name}" belongs to the organization action. Add /organization before the @ in "uses".`;
  const { doors }: Option = OPTIONS[name];
  if (door === 'input')
    return `Input "${name}" can only be set in the configuration file. Move it to ${CONFIG_FILE}.`;
  return doors.includes('organization')
    ? `Input "${name}" can only be set for each repository. Move it to ${CONFIG_FILE} there.`
    : `Input "${name}" has no effect in the organization action. Leave it out.`;
}

export function stepOf(env: NodeJS.ProcessEnv): Step {
  let hasOutputs = true;
  const kinds = { error: core.error, warning: core.warning, notice: core.notice };
  return {
    info: core.info,
    annotate: ({ severity, title, message }) => kinds[severity](message, { title }),
    output(name, value) {
      if (!hasOutputs) return;
      try {
        core.setOutput(name, value);
      } catch (error) {
        hasOutputs = false;
        core.warning(
          `The outputs could not be written (${oneLine(String(error))}). The log has the verdict.`,
          {
            title: 'No outputs',
          },
        );
      }
    },
    async summary(markdown) {
      if (!env.GITHUB_STEP_SUMMARY) return;
      // In a container or on a self-hosted runner, the file may not be writable.
      try {
        addTo(env.GITHUB_STEP_SUMMARY, markdown);
      } catch (error) {
        core.warning(
          `The job summary could not be written (${oneLine(String(error))}). The log has the verdict.`,
          { title: 'No summary' },
        );
      }
    },
    watch: watchdog(ENDED, 1),
    summaryBytes: () => bytesOf(env.GITHUB_STEP_SUMMARY ?? ''),
    folder: () => mkdtempSync(join(env.RUNNER_TEMP || tmpdir(), 'deploy-latency-')),
  };
}

/** The size of a file; 0 if it cannot be read. */
function bytesOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

export async function surroundings({ env }: NodeJS.Process): Promise<Surroundings> {
  const { action, ...event } = eventIn(env.GITHUB_EVENT_PATH);
  const pullRequest = objectWith<PullRequest>(event.pull_request, 'number', 'number');
  // For a comment on a pull request, GitHub sends an issue with a property "pull_request".
  const issue = objectWith<{ number: number; pull_request?: unknown }>(event.issue, 'number', 'number');
  const deployment = objectWith<{ id: number; environment: string }>(event.deployment, 'id', 'number');
  const isMerged = action === 'closed' && pullRequest?.merged === true;
  const apiUrl = env.GITHUB_API_URL || 'https://api.github.com';
  const workflow = workflowIn(env.GITHUB_WORKFLOW_REF ?? '', env.GITHUB_WORKFLOW_SHA ?? '');
  const runId = Number(env.GITHUB_RUN_ID || Number.NaN);
  return {
    now: new Date(),
    repository: env.GITHUB_REPOSITORY ?? '',
    eventName: env.GITHUB_EVENT_NAME ?? '',
    eventDeployment: deployment && { id: deployment.id, environment: deployment.environment },
    eventAction: typeof action === 'string' ? action : null,
    pullRequest: pullRequest?.number ?? (issue && 'pull_request' in issue ? issue.number : null),
    pullRequestBase: pullRequest?.base?.ref ?? null,
    isMerged,
    runId: Number.isSafeInteger(runId) ? runId : null,
    runUrl:
      env.GITHUB_RUN_ID && env.GITHUB_REPOSITORY
        ? `${env.GITHUB_SERVER_URL || 'https://github.com'}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`
        : null,
    job: env.GITHUB_JOB || null,
    guard: [workflow?.path ?? env.GITHUB_WORKFLOW ?? '', env.GITHUB_JOB ?? '', env.GITHUB_ACTION ?? ''].join(
      ' ',
    ),
    action: env.GITHUB_ACTION_REPOSITORY || null,
    // GITHUB_SHA may be the newest commit of the default branch, so the commit of the event comes first.
    sha:
      (isMerged ? pullRequest?.merge_commit_sha : null) ??
      objectWith<{ head_sha: string }>(event.workflow_run, 'head_sha', 'string')?.head_sha ??
      objectWith<{ sha: string }>(event.deployment, 'sha', 'string')?.sha ??
      (env.GITHUB_SHA || null),
    eventRun: objectWith<{ id: number }>(event.workflow_run, 'id', 'number')?.id ?? null,
    tag:
      objectWith<{ tag_name: string }>(event.release, 'tag_name', 'string')?.tag_name ??
      ((env.GITHUB_REF_TYPE === 'tag' && env.GITHUB_REF_NAME) || null),
    workflow,
    hasSchedule: null,
    workspace: env.GITHUB_WORKSPACE || process.cwd(),
    isProxied: isProxied(env),
    telemetry: await telemetryFor(env, isProxied(env)),
    apiUrl,
    graphqlUrl: env.GITHUB_GRAPHQL_URL || graphqlUrlOf(apiUrl),
  };
}

/** The event's payload. `@actions/github` would load an HTTP client and Octokit as well, most of the code of a run. */
function eventIn(path: string | undefined): Record<string, unknown> {
  if (!path || !existsSync(path)) return {};
  const event: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof event === 'object' && event !== null ? { ...event } : {};
}

/** A value of the payload, if it is an object whose `key` has that type. */
function objectWith<T extends object>(value: unknown, key: keyof T, type: 'number' | 'string'): T | null {
  const isMatch = typeof value === 'object' && value !== null && typeof (value as T)[key] === type;
  return isMatch ? (value as T) : null;
}

interface PullRequest {
  number: number;
  merged?: boolean;
  merge_commit_sha?: string | null;
  base?: { ref?: string };
}

/** Pending timers of Octokit's plugins would keep the process alive. */
const exitSoon = () => void setTimeout(() => process.exit(), 500).unref();
