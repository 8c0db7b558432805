import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { graphqlUrlOf, parseConfig, type Surroundings } from '../config/config.ts';
import { INPUT_NAMES } from '../config/inputs.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { type Answer, guard } from '../run/run.ts';
import type { Measures } from '../measure/measure.ts';
import type { Block } from '../report/blocks.ts';
import { NothingDeployed } from '../run/collect.ts';
import { markdown } from '../report/render/markdown.ts';
import { setUpComment } from '../report/threads.ts';
import { type Told, tell, tellUnknown } from '../tell.ts';
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

async function run(): Promise<void> {
  core.info('Deploy latency guard: how long until it was live?');
  const inputs = Object.fromEntries(INPUT_NAMES.map((name) => [name, core.getInput(name)]));
  if (inputs['github-token']) core.setSecret(inputs['github-token']);
  // Octokit and undici are most of the bundle; nothing before them should wait until they are set up.
  const { context } = await import('@actions/github');
  const { connect, connectWriter } = await import('../github/client.ts');
  const config = parseConfig(inputs, surroundings(context));
  const { apiUrl, graphqlUrl } = config.surroundings;
  const end = deadline(config.timeout);
  const client = {
    token: config.token,
    apiUrl,
    graphqlUrl,
    onNotice: core.info,
    signal: end.signal,
    maxRequests: config.maxRequests,
  };
  const voice = { github: connect(client), writer: connectWriter(client) };

  const answer = await guard(config, voice.github).catch((error: unknown) => {
    // On a pull request it is no failure that nothing was ever deployed: it is what its author should be told.
    if (config.mode === 'pull-request' && error instanceof NothingDeployed) return error.message;
    throw error;
  });
  if (typeof answer === 'string') {
    const told = await tellUnknown(answer, config, voice);
    core.setOutput('comment-url', told.commentUrl);
    await say(told, setUpComment(answer), answer);
    return;
  }
  const told = await tell(answer.measures, config, voice);
  await write(answer, told);
  await say(told, [...told.extra, ...answer.summary], answer.sentence);
  const annotate = { error: core.error, warning: core.warning, notice: core.notice };
  for (const { severity, title, message } of answer.annotations) annotate[severity](message, { title });
  if (answer.failed) process.exitCode = core.ExitCode.Failure;
}

function surroundings(context: typeof import('@actions/github').context): Surroundings {
  const { payload, eventName, runId, apiUrl, serverUrl } = context;
  const deployment: unknown = payload.deployment;
  return {
    now: new Date(),
    repository: process.env.GITHUB_REPOSITORY ?? '',
    eventName,
    eventDeployment: isDeployment(deployment)
      ? { id: deployment.id, environment: deployment.environment }
      : null,
    pullRequest: payload.pull_request?.number ?? null,
    runId: Number.isSafeInteger(runId) ? runId : null,
    apiUrl,
    graphqlUrl: process.env.GITHUB_GRAPHQL_URL || graphqlUrlOf(apiUrl),
    serverUrl,
  };
}

function isDeployment(value: unknown): value is { id: number; environment: string } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number';
}

/** The report, the page and the outputs. */
async function write(answer: Answer, { commentUrl, issueUrl }: Told): Promise<void> {
  const folder = mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), 'deploy-latency-'));
  const report = join(folder, 'report.json');
  writeFileSync(report, `${JSON.stringify(answer.report, null, 2)}\n`);
  const html = await writePage(answer.measures, join(folder, 'report.html'));
  const outputs = outputsOf(answer.measures, { report, html, commentUrl, issueUrl });
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}

/** The page is an extra: that it could not be drawn changes nothing about the verdict. */
async function writePage(measures: Measures, file: string): Promise<string> {
  try {
    const { page } = await import('../report/render/html.ts');
    writeFileSync(file, page(measures));
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

run().catch((error: unknown) => {
  if (error instanceof GuardError) core.setFailed(error.message);
  else
    core.setFailed(
      `Deploy latency guard has a defect: ${oneLine(String(error))}. Please report it with this log.`,
    );
  if (!(error instanceof GuardError) && error instanceof Error) core.debug(error.stack ?? '');
});
