import { diagnose as diagnoseStage } from '../../src/diagnose/diagnose.ts';
import { type StageDepth, worthOpening as worthOpeningStage } from '../../src/diagnose/stage-report.ts';
import { judge } from '../../src/judge/judge.ts';
import { attribute as attributeStage } from '../../src/measure/attribution.ts';
import { NO_PIPELINES, type Pipelines } from '../../src/model/pipeline.ts';
import { answerOf, type UnitAnswer } from '../../src/report/answer.ts';
import type { Facts, HandQuestion } from './facts.ts';
import { measured } from './measured.ts';

/** The stages one after the other over facts by hand, as a run does it with facts that were read. */

export function answered(
  facts: Facts,
  question: HandQuestion,
  pipelines: Pipelines = NO_PIPELINES,
): UnitAnswer {
  const { target, minSamples, maxBatch, failOn, countDirectPushes, environment } = question;
  const measurement = measured(facts, facts, question);
  const diagnosis = diagnoseStage(measurement, pipelines, question);
  const judgement = judge(measurement, diagnosis, question, question, facts.baseBranch);
  const unit = {
    id: environment,
    source: { kind: 'deployments', options: null },
    service: null,
    paths: null,
    environment,
    environments: [environment],
    live: 'first' as const,
    stages: [],
    authors: { only: [], exclude: [] },
    baseBranch: null,
    countDirectPushes,
    target,
    policy: { minSamples, maxBatch, failOn },
  };
  return answerOf(
    facts,
    unit,
    { environment, source: 'deployments', baseBranch: facts.baseBranch },
    facts,
    measurement,
    diagnosis,
    judgement,
    question,
  );
}

export const measure = (facts: Facts, question: HandQuestion) => answered(facts, question);

export const diagnose = (_: UnitAnswer, facts: Facts, pipelines: Pipelines, question: HandQuestion) =>
  answered(facts, question, pipelines);

export const attribute = (facts: Facts, options: Parameters<typeof attributeStage>[2]) =>
  attributeStage(facts, facts, options);

export const worthOpening = (answer: UnitAnswer, depth: StageDepth) =>
  worthOpeningStage(answer, {
    depth,
    thresholdSeconds: answer.target.thresholdSeconds,
    judged: answer.judged,
  });
