import type { Config } from '../config/config.ts';
import type { GitHub } from '../github/client.ts';
import { collect } from './collect.ts';
import { collectPipelines } from '../github/actions/pipelines.ts';
import { type DiagnoseOptions, diagnose } from '../diagnose/diagnose.ts';
import { type Measures, measure } from '../measure/measure.ts';
import { worthOpening } from '../diagnose/stage-report.ts';
import { type Annotation, annotationsOf } from '../report/annotations.ts';
import type { Block } from '../report/blocks.ts';
import { reportOf } from '../report/report.ts';
import { summaryOf } from '../report/summary.ts';
import { verdictSentence } from '../report/words.ts';

export interface Answer {
  measures: Measures;
  /** The verdict in one sentence. */
  sentence: string;
  summary: Block[];
  report: ReturnType<typeof reportOf>;
  annotations: Annotation[];
  /** Whether a finding is of a kind that `fail-on` names. */
  failed: boolean;
}

/** The whole story: facts → measures → verdict → where the time went → words. What becomes of the words is the door's business. */
export async function guard(config: Config, github: GitHub): Promise<Answer> {
  const { window, surroundings, live } = config;
  const runId = live ? surroundings.runId : null;

  const facts = await collect(github, {
    owner: config.owner,
    name: config.repo,
    baseBranch: config.baseBranch,
    environment: config.environment,
    source: config.source,
    countDirectPushes: config.countDirectPushes,
    ...window,
    live,
    runId,
  });

  const options: DiagnoseOptions = {
    environment: config.environment,
    target: config.target,
    window,
    minSamples: config.minSamples,
    maxBatch: config.maxBatch,
    countDirectPushes: config.countDirectPushes,
    mode: config.mode,
    failOn: config.failOn,
    runId,
    eventDeployment: config.source.kind === 'deployments' ? surroundings.eventDeployment : null,
    generatedAt: surroundings.now,
    withStages: config.stages !== 'none',
    engineers: config.engineers,
  };
  const measured = measure(facts, options);

  const opened = worthOpening(measured, config.stages).map((each) => each.deployment);
  const pipelines = await collectPipelines(github, { owner: config.owner, name: config.repo }, opened, {
    ...window,
    baseBranch: facts.baseBranch,
    deployJob: config.source.kind === 'workflow' ? config.source.job : null,
  });
  const measures = diagnose(measured, facts, pipelines, options);

  return {
    measures,
    sentence: verdictSentence(measures),
    summary: summaryOf(measures),
    report: reportOf(measures),
    annotations: annotationsOf(measures),
    failed: measures.findings.some((each) => each.severity === 'error'),
  };
}
