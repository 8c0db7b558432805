import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import {
  isOf,
  type Option,
  OPTION_NAMES,
  type OptionName,
  OPTIONS,
  optionsAt,
  type Raw,
} from '../config/options.ts';
import { graphqlUrlOf, isProxied, type Surroundings, workflowIn } from '../config/surroundings.ts';
import { CONFIG_FILE } from '../config/plan.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { telemetryAsked } from '../telemetry/endpoints.ts';
import type { Step } from '../run/workflow-step.ts';
import { addTo } from '../run/files.ts';

/** The doors of both actions: a runner's environment in, its files and log lines out. */

/** Ends the process at once, with one line. */
function stop(line: string): never {
  core.setFailed(line);
  process.exit(core.ExitCode.Failure);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => stop('Cancelled before there was an answer. Run it again.'));

/** What a door does: with the inputs that it takes, and where it runs. */
export type Perform = (inputs: Raw, surroundings: Surroundings, step: Step) => Promise<boolean>;

/**
 * Runs a step and ends the process: it fails where `perform` resolves to `true`, or rejects.
 *
 * @param door - whose inputs are taken; one that belongs elsewhere is an error that says where.
 */
export function runStep(door: 'input' | 'organization input', perform: Perform): void {
  const main = async () => {
    const inputs: Raw = Object.fromEntries(optionsAt(door).map((name) => [name, core.getInput(name)]));
    if (inputs['github-token']) core.setSecret(inputs['github-token']);
    for (const name of OPTION_NAMES)
      if (!(name in inputs) && core.getInput(name) !== '') throw new GuardError(elsewhere(name));
    if (await perform(inputs, await surroundings(process), stepOf(process.env)))
      process.exitCode = core.ExitCode.Failure;
  };
  main().then(leave, async (error: unknown) => {
    const line =
      error instanceof GuardError
        ? error.message
        : `Deploy latency guard has a defect: ${oneLine(String(error))}. Please report it with this log.`;
    core.setFailed(line);
    if (!(error instanceof GuardError) && error instanceof Error) core.debug(error.stack ?? '');
    const { errorSummary } = await import('../run/after-verdict.ts');
    await stepOf(process.env).summary(errorSummary(line));
    leave();
  });
}

/** Where an input belongs that a door does not take. */
function elsewhere(name: OptionName): string {
  if (isOf(name, 'organization'))
    return `Input "${name}" belongs to the organization action. Add /organization before the @ in "uses".`;
  const { doors }: Option = OPTIONS[name];
  return doors.includes('file')
    ? `Input "${name}" can only be set in the configuration file. Move it to ${CONFIG_FILE}.`
    : `Input "${name}" has no effect where many repositories are measured. Leave it out.`;
}

function stepOf(env: NodeJS.ProcessEnv): Step {
  const kinds = { error: core.error, warning: core.warning, notice: core.notice };
  return {
    info: core.info,
    annotate: ({ severity, title, message }) => kinds[severity](message, { title }),
    output(name, value) {
      try {
        core.setOutput(name, value);
      } catch (error) {
        core.warning(`Output "${name}" could not be written (${oneLine(String(error))}).`, {
          title: 'No outputs',
        });
      }
    },
    async summary(markdown) {
      if (!env.GITHUB_STEP_SUMMARY) return;
      // In a container, or on a runner of one's own, the file may not be there for us.
      try {
        addTo(env.GITHUB_STEP_SUMMARY, markdown);
      } catch (error) {
        core.warning(
          `The job summary could not be written (${oneLine(String(error))}); the log has the verdict.`,
          {
            title: 'No summary',
          },
        );
      }
    },
    folder: () => mkdtempSync(join(env.RUNNER_TEMP || tmpdir(), 'deploy-latency-')),
  };
}

async function surroundings({ env }: NodeJS.Process): Promise<Surroundings> {
  const { action, deployment, issue, pull_request, release, workflow_run } = eventIn(env.GITHUB_EVENT_PATH);
  const change = isNumbered(pull_request) ? pull_request : null;
  // A comment on a pull request comes as one on an issue that has a pull request.
  const commented = isNumbered(issue) && 'pull_request' in issue ? issue : null;
  const isMerged = action === 'closed' && change?.merged === true;
  const apiUrl = env.GITHUB_API_URL || 'https://api.github.com';
  const runId = Number(env.GITHUB_RUN_ID || Number.NaN);
  return {
    now: new Date(),
    repository: env.GITHUB_REPOSITORY ?? '',
    eventName: env.GITHUB_EVENT_NAME ?? '',
    eventDeployment: isDeployment(deployment)
      ? { id: deployment.id, environment: deployment.environment }
      : null,
    eventAction: typeof action === 'string' ? action : null,
    pullRequest: (change ?? commented)?.number ?? null,
    pullRequestBase: change?.base?.ref ?? null,
    isMerged,
    runId: Number.isSafeInteger(runId) ? runId : null,
    runUrl:
      env.GITHUB_RUN_ID && env.GITHUB_REPOSITORY
        ? `${env.GITHUB_SERVER_URL || 'https://github.com'}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`
        : null,
    job: env.GITHUB_JOB || null,
    action: env.GITHUB_ACTION_REPOSITORY || null,
    // A merge, a run and a deployment say their own commit; GITHUB_SHA is then the default branch's newest, or the same.
    sha:
      (isMerged ? change?.merge_commit_sha : null) ??
      shaOf(workflow_run) ??
      shaOf(deployment) ??
      (env.GITHUB_SHA || null),
    eventRun: isIdentified(workflow_run) ? workflow_run.id : null,
    tag: isTagged(release)
      ? release.tag_name
      : env.GITHUB_REF_TYPE === 'tag'
        ? env.GITHUB_REF_NAME || null
        : null,
    workflow: workflowIn(env.GITHUB_WORKFLOW_REF ?? '', env.GITHUB_WORKFLOW_SHA ?? ''),
    hasSchedule: null,
    workspace: env.GITHUB_WORKSPACE || process.cwd(),
    proxied: isProxied(env),
    telemetry: await telemetryAsked(env),
    apiUrl,
    graphqlUrl: env.GITHUB_GRAPHQL_URL || graphqlUrlOf(apiUrl),
  };
}

/**
 * What the event was, as the runner wrote it down; nothing outside of a workflow. (`@actions/github` reads it too, and
 * with it come an HTTP client and Octokit, most of what a run would load.)
 */
function eventIn(path: string | undefined): Record<string, unknown> {
  if (!path || !existsSync(path)) return {};
  const event: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof event === 'object' && event !== null ? { ...event } : {};
}

function isDeployment(value: unknown): value is { id: number; environment: string } {
  return isIdentified(value);
}

function isIdentified(value: unknown): value is { id: number } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number';
}

/** `head_sha` of a workflow run, `sha` of a deployment. */
function shaOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { sha, head_sha } = value as { sha?: unknown; head_sha?: unknown };
  const found = head_sha ?? sha;
  return typeof found === 'string' ? found : null;
}

function isTagged(value: unknown): value is { tag_name: string } {
  return (
    typeof value === 'object' && value !== null && 'tag_name' in value && typeof value.tag_name === 'string'
  );
}

interface Change {
  number: number;
  merged?: boolean;
  merge_commit_sha?: string | null;
  base?: { ref?: string };
}

function isNumbered(value: unknown): value is Change {
  return typeof value === 'object' && value !== null && 'number' in value && typeof value.number === 'number';
}

/** What a plugin still waits for keeps nobody waiting: all has been said. */
const leave = () => void setTimeout(() => process.exit(), 500).unref();
