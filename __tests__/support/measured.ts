import { attribute, type AttributionOptions } from '../../src/measure/attribution.ts';
import { type Measurement, measureIn, type Question } from '../../src/measure/measure.ts';
import type { RepositoryFacts, ServiceFacts } from '../../src/model/facts.ts';

/** How to attribute changes, and the window to measure. The window ends at the instant of the answer. */
export type MeasuredQuestion = Question & Omit<AttributionOptions, 'asOf'>;

/** Attributes changes and measures them, for one question about one set of facts. */
export const measured = (
  repository: RepositoryFacts,
  service: ServiceFacts,
  question: MeasuredQuestion,
): Measurement =>
  measureIn(attribute(repository, service, { ...question, asOf: question.window.to }), question);
