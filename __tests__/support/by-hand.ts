import { diagnose as diagnoseStage } from '../../src/diagnose/diagnose.ts';
import { type StageDepth, worthOpening as worthOpeningStage } from '../../src/diagnose/stage-report.ts';
import { verdictGaps } from '../../src/judge/verdict-gaps.ts';
import { judge } from '../../src/judge/judge.ts';
import { attribute as attributeStage } from '../../src/measure/attribution.ts';
import { NO_PIPELINES, type Pipelines } from '../../src/model/pipeline.ts';
import { thresholdOf } from '../../src/model/terms.ts';
import type { Facts, HandQuestion } from './facts.ts';
import { measured } from './measured.ts';

/** Attributes, measures, diagnoses and judges facts written by hand. */

export type MeasuredByHand = ReturnType<typeof answerByHand>;

export function answerByHand(facts: Facts, question: HandQuestion, pipelines: Pipelines = NO_PIPELINES) {
  const { target } = question;
  const service = { target, policy: question };
  const measurement = measured(facts, facts, question);
  const diagnosis = diagnoseStage(measurement, pipelines, question);
  const judgement = judge(
    measurement,
    diagnosis,
    service,
    question,
    verdictGaps(measurement, service, facts.baseBranch),
    {
      requestedWindow: measurement.window,
      past: null,
      rule: { target, minSamples: question.minSamples, window: 0, widen: 0 },
      replayed: null,
      weeks: null,
    },
  );
  const { origins, evictions } = diagnosis;
  const deployments = measurement.deployments.map((deployment) => ({
    ...deployment,
    trigger: origins.get(deployment.id)?.trigger ?? deployment.deployment.trigger,
    url: deployment.deployment.url ?? origins.get(deployment.id)?.url ?? null,
    causes: [...deployment.causes, ...(evictions.get(deployment.id) ?? [])],
  }));
  return {
    ...measurement,
    ...judgement,
    ...judgement.verdict,
    target: { ...target, thresholdSeconds: thresholdOf(target) },
    diagnosis,
    deployments,
    judged: deployments.find((deployment) => deployment.id === judgement.judged?.id) ?? null,
  };
}

export const measure = (facts: Facts, question: HandQuestion) => answerByHand(facts, question);

export const diagnose = (_: MeasuredByHand, facts: Facts, pipelines: Pipelines, question: HandQuestion) =>
  answerByHand(facts, question, pipelines);

export const attribute = (facts: Facts, options: Parameters<typeof attributeStage>[2]) =>
  attributeStage(facts, facts, options);

export const worthOpening = (answer: MeasuredByHand, depth: StageDepth) =>
  worthOpeningStage(answer, {
    depth,
    thresholdSeconds: answer.target.thresholdSeconds,
    judged: answer.judged,
  });
