import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { graphqlUrlOf, parseConfig, type Surroundings } from './config/config.ts';
import { INPUT_NAMES } from './config/inputs.ts';
import { GuardError, oneLine } from './facts/guard-error.ts';
import { type Answer, guard } from './guard.ts';
import { markdown } from './report/markdown.ts';
import { outputsOf } from './report/outputs.ts';

/** The action's door: a runner's environment in, its files and log lines out. */
async function run(): Promise<void> {
  core.info('Deploy latency guard: how long until it was live?');
  const inputs = Object.fromEntries(INPUT_NAMES.map((name) => [name, core.getInput(name)]));
  if (inputs['github-token']) core.setSecret(inputs['github-token']);
  // Octokit and undici are most of the bundle; nothing before them should wait until they are set up.
  const { context } = await import('@actions/github');
  const { connect } = await import('./github/client.ts');
  const config = parseConfig(inputs, surroundings(context));
  const { apiUrl, graphqlUrl } = config.surroundings;

  const answer = await guard(
    config,
    connect({ token: config.token, apiUrl, graphqlUrl, onNotice: core.info }),
  );
  await say(answer);
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
    runId: Number.isSafeInteger(runId) ? runId : null,
    apiUrl,
    graphqlUrl: process.env.GITHUB_GRAPHQL_URL || graphqlUrlOf(apiUrl),
    serverUrl,
  };
}

function isDeployment(value: unknown): value is { id: number; environment: string } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number';
}

async function say(answer: Answer): Promise<void> {
  const report = join(
    mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), 'deploy-latency-')),
    'report.json',
  );
  writeFileSync(report, `${JSON.stringify(answer.report, null, 2)}\n`);
  for (const [name, value] of Object.entries(outputsOf(answer.measures, report))) core.setOutput(name, value);
  if (process.env.GITHUB_STEP_SUMMARY) await core.summary.addRaw(markdown(answer.summary)).write();

  core.info(oneLine(answer.sentence, 1000));
  const annotate = { error: core.error, warning: core.warning, notice: core.notice };
  for (const { severity, title, message } of answer.annotations) annotate[severity](message, { title });
}

run().catch((error: unknown) => {
  if (error instanceof GuardError) core.setFailed(error.message);
  else
    core.setFailed(
      `Deploy latency guard has a defect: ${oneLine(String(error))}. Please report it with this log.`,
    );
  if (!(error instanceof GuardError) && error instanceof Error) core.debug(error.stack ?? '');
});
