import { type Surroundings, surroundingsOf } from '../../src/config/surroundings.ts';
import { type Plan, planOf } from '../../src/config/plan.ts';
import type { OptionName } from '../../src/config/options.ts';
import type { LoggedRequest, LoopbackOptions } from '../../src/fake-github/loopback.ts';
import type { World } from '../../src/fake-github/world.ts';
import { connect } from '../../src/github/client.ts';
import type { Ask } from '../../src/production/ask.ts';
import { annotationsOf } from '../../src/report/annotations.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { summaryOf } from '../../src/report/summary.ts';
import type { Answer } from '../../src/run/answer.ts';
import { run } from '../../src/run/run.ts';
import { startGitHub } from './github.ts';

export interface AskOptions {
  now: string;
  inputs?: Partial<Record<OptionName, string>>;
  surroundings?: Partial<Surroundings>;
  github?: LoopbackOptions;
  /** Asks production. By default over the network. */
  production?: Ask;
}

/** An answer and the texts made from it. */
export interface StepAnswer extends Answer {
  requests: LoggedRequest[];
  plan: Plan;
  summary: ReturnType<typeof summaryOf>;
  sentence: string;
  /** True if the step would fail. */
  failed: boolean;
  annotations: ReturnType<typeof annotationsOf>;
}

/** Runs the guard on a world over HTTP, as in a workflow but in this process. */
export async function ask(
  world: World,
  { now, inputs = {}, surroundings = {}, github = {}, production }: AskOptions,
): Promise<StepAnswer> {
  const server = await startGitHub(world, github);
  try {
    const stepSurroundings = surroundingsOf({
      now: new Date(now),
      repository: `${world.owner}/${world.name}`,
      eventName: 'push',
      apiUrl: server.apiUrl,
      graphqlUrl: server.graphqlUrl,
      ...surroundings,
    });
    const plan = planOf({ 'github-token': 'test-token', 'min-samples': '1', ...inputs }, stepSurroundings);
    const client = connect({
      token: plan.settings.token,
      apiUrl: server.apiUrl,
      graphqlUrl: server.graphqlUrl,
      pace: 0,
    });
    const {
      answers: [answer],
    } = await run(
      client,
      plan.services,
      plan.settings,
      stepSurroundings,
      production ? { ask: production } : {},
    );
    if (!answer) throw new Error('no answer');
    return {
      ...answer,
      sentence: answer.report.sentence,
      failed: answer.report.findings.some((finding) => finding.severity === 'error'),
      summary: summaryOf(answer.report),
      annotations: annotationsOf(answer.report),
      requests: server.requests,
      plan,
    };
  } finally {
    await server.close();
  }
}

/** A pull request in the report. */
export function changeOf({ report }: Pick<StepAnswer, 'report'>, number: number) {
  return report.mergesets.find((mergeset) => mergeset.number === number);
}

/** The job summary as Markdown. */
export const summaryText = ({ summary }: Pick<StepAnswer, 'summary'>): string =>
  markdown(summary, { surface: 'summary' });

/** A deployment in the report. */
export function deploymentOf({ report }: Pick<StepAnswer, 'report'>, id: number | string) {
  return report.deployments.find((deployment) => deployment.id === id);
}
