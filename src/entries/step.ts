import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { graphqlUrlOf, isLoopback, isProxied, type Surroundings } from '../config/surroundings.ts';
import { planOf } from '../config/units.ts';
import { INPUT_NAMES } from '../config/inputs.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { type Answer, run } from '../run/run.ts';
import type { Block } from '../report/blocks.ts';
import { NothingDeployed } from '../run/collect.ts';
import { markdown } from '../report/render/markdown.ts';
import { setUpComment } from '../report/threads.ts';
import { publish, publishUnknown } from '../publish/publish.ts';
import type { Told } from '../publish/voice.ts';
import type { UnitAnswer } from '../report/answer.ts';
import { outputsOf } from '../report/outputs.ts';

/** The action's door: a runner's environment in, its files and log lines out. */

/** Aborts when the time is up; what is waiting then, waits no longer. */
function deadline(seconds: number): { signal: AbortSignal } {
  const end = new AbortController();
  setTimeout(() => {
    end.abort();
    stop(
      `It took longer than input "timeout" allows (${seconds} s). Raise it, or shorten "window"; check https://www.githubstatus.com if it is often so.`,
    );
  }, seconds * 1000).unref();
  return end;
}

/** Ends the process at once, with one line. */
function stop(line: string): never {
  core.setFailed(line);
  process.exit(core.ExitCode.Failure);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => stop('Cancelled before there was an answer. Run it again.'));

async function main(): Promise<void> {
  const inputs = Object.fromEntries(INPUT_NAMES.map((name) => [name, core.getInput(name)]));
  if (inputs['github-token']) core.setSecret(inputs['github-token']);
  // Octokit is most of what is loaded; nothing before them should wait until they are set up.
  const { connect, connectWriter } = await import('../github/client.ts');
  const { repoOf } = await import('../github/repo.ts');
  const around = surroundings(process);
  const { settings, units } = planOf(inputs, around);
  const end = deadline(settings.timeout);
  const client = {
    token: settings.token,
    apiUrl: around.apiUrl,
    graphqlUrl: around.graphqlUrl,
    onNotice: core.info,
    signal: end.signal,
    maxRequests: settings.maxRequests,
    proxied: isProxied(process.env),
    ...(isLoopback(around.apiUrl) ? { pace: 0 } : {}),
  };
  const github = connect(client);
  const voice = {
    ...settings,
    repo: repoOf(github, { owner: settings.owner, name: settings.repo }),
    writer: connectWriter(client),
    environment: units[0]?.environment ?? '',
    pullRequest: around.pullRequest,
  };

  const answers = await run(github, units, settings, around).catch((error: unknown) => {
    // On a pull request it is no failure that nothing was ever deployed: it is what its author should be told.
    if (settings.mode === 'pull-request' && error instanceof NothingDeployed) return error.message;
    throw error;
  });
  if (typeof answers === 'string') {
    const told = await publishUnknown(answers, voice);
    core.setOutput('comment-url', told.commentUrl);
    await say(told, setUpComment(answers), answers);
    return;
  }
  for (const answer of answers) {
    const told = await publish(answer.answer, voice);
    await write(answer, told);
    await say(told, [...told.extra, ...answer.summary], answer.sentence);
    annotate(answer);
    if (answer.failed) process.exitCode = core.ExitCode.Failure;
  }
}

function annotate({ annotations }: Answer): void {
  const kinds = { error: core.error, warning: core.warning, notice: core.notice };
  for (const { severity, title, message } of annotations) kinds[severity](message, { title });
}

function surroundings({ env }: NodeJS.Process): Surroundings {
  const { deployment, pull_request } = eventIn(env.GITHUB_EVENT_PATH);
  const apiUrl = env.GITHUB_API_URL || 'https://api.github.com';
  const runId = Number(env.GITHUB_RUN_ID || Number.NaN);
  return {
    now: new Date(),
    repository: env.GITHUB_REPOSITORY ?? '',
    eventName: env.GITHUB_EVENT_NAME ?? '',
    eventDeployment: isDeployment(deployment)
      ? { id: deployment.id, environment: deployment.environment }
      : null,
    pullRequest: isNumbered(pull_request) ? pull_request.number : null,
    runId: Number.isSafeInteger(runId) ? runId : null,
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
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number';
}

function isNumbered(value: unknown): value is { number: number } {
  return typeof value === 'object' && value !== null && 'number' in value && typeof value.number === 'number';
}

/** The report, the page and the outputs. */
async function write(answer: Answer, { commentUrl, issueUrl }: Told): Promise<void> {
  const folder = mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), 'deploy-latency-'));
  const report = join(folder, 'report.json');
  writeFileSync(report, `${JSON.stringify(answer.report, null, 2)}\n`);
  const html = await writePage(answer.answer, join(folder, 'report.html'));
  const outputs = outputsOf(answer.answer, { report, html, commentUrl, issueUrl });
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}

/** The page is an extra: that it could not be drawn changes nothing about the verdict. */
async function writePage(answer: UnitAnswer, file: string): Promise<string> {
  try {
    const { page } = await import('../report/render/html.ts');
    writeFileSync(file, page(answer));
    return file;
  } catch (error) {
    core.warning(`The page could not be drawn (${oneLine(String(error))}). Please report it.`);
    return '';
  }
}

async function say(told: Told, summary: Block[], sentence: string): Promise<void> {
  if (process.env.GITHUB_STEP_SUMMARY)
    await core.summary.addRaw(markdown(summary, { place: 'summary' })).write();
  core.info(oneLine(sentence, 1000));
  for (const notice of told.notices) core.notice(notice, { title: 'Not written' });
}

main().catch((error: unknown) => {
  if (error instanceof GuardError) core.setFailed(error.message);
  else
    core.setFailed(
      `Deploy latency guard has a defect: ${oneLine(String(error))}. Please report it with this log.`,
    );
  if (!(error instanceof GuardError) && error instanceof Error) core.debug(error.stack ?? '');
});
