import type { Settings } from '../config/plan.ts';
import type { Surroundings } from '../config/surroundings.ts';
import type { Change } from '../diagnose/change.ts';
import type { Diagnosis } from '../diagnose/diagnose.ts';
import { judge, type Trigger } from '../judge/judge.ts';
import type { Past } from '../judge/signal.ts';
import { codeToLiveOf, type Measurement } from '../measure/measure.ts';
import type { PromotionPath } from '../measure/promotion-path.ts';
import type { Gap } from '../model/facts.ts';
import type { Service, ServiceName } from '../model/service.ts';
import type { Facts } from '../read/facts-request.ts';
import { reportOf } from './reporting/report-of.ts';
import type { Remembered } from '../report/weekly.ts';
import { sourceOf } from '../sources/registry.ts';
import type { Present } from './service-past.ts';
import { splitsIn, type AttributionInput } from './attributed-services.ts';
import { ruleOf } from './widen.ts';
import { filesWith } from './pipeline-changes.ts';

/** What a run came to for one service. */
export interface Answer extends Remembered {
  service: Service;
}

/** A service with its diagnosis, and what the time before says. */
export interface Diagnosed extends Present {
  trigger: Trigger;
  promotion: PromotionPath | null;
  diagnosis: Diagnosis;
  past: Past | null;
  /** Over all of the time that was read. */
  widest: Measurement;
  change: Change | null;
}

/** What a service is known by where it is written about. */
export function nameOf(service: Service, baseBranch: string): ServiceName {
  return {
    ...(service.service === null ? {} : { service: service.service }),
    environment: service.environment,
    source: sourceOf(service).subject(service.source.options),
    baseBranch,
  };
}

/** Judges a service, and says what there is to be said. */
export async function answerFor(
  {
    service,
    facts: own,
    attribution,
    trigger,
    measurement,
    promotion,
    diagnosis,
    past,
    widest: whole,
    change,
  }: Diagnosed,
  facts: Facts,
  tellers: AttributionInput,
  settings: Settings,
  surroundings: Surroundings,
): Promise<Answer> {
  const { repository } = attribution;
  const { mode, hasFile, window, weeks } = settings;
  const lacks: Gap[] = [];
  const files = change && (await filesWith({ facts, measurement: whole }, change, lacks));
  const judgement = judge(
    measurement,
    { ...diagnosis, gaps: [...diagnosis.gaps, ...lacks] },
    { ...service.policy, target: service.target },
    trigger,
    repository.baseBranch,
    {
      requestedWindow: window,
      past,
      rule: ruleOf(service, settings),
      objective: service.policy.objective ?? null,
      weeks,
    },
  );
  const environment = own.environment ?? service.environment;
  const isOnly = tellers.services.length === 1;
  const report = reportOf({
    repository,
    service: { ...service, environment },
    facts: own,
    measurement,
    diagnosis,
    // Another service may be what the event is about.
    judgement: isOnly || judgement.unjudged?.why !== 'none' ? judgement : { ...judgement, unjudged: null },
    mode,
    generatedAt: surroundings.now,
    requestedWindow: window,
    change: change && { ...change, files },
    promotion,
    splits: splitsIn(measurement.mergesets, tellers, facts.labels),
    // From the first commit on: where there is a file of settings, as a run without one says what it always did.
    codeToLive: hasFile ? codeToLiveOf(measurement.mergesets) : null,
  });
  return {
    service,
    name: {
      ...nameOf({ ...service, environment }, repository.baseBranch),
      asGiven: service.environment,
      formerBranches: repository.formerNames ?? [],
    },
    report,
    memory: judgement.signal.memory,
  };
}
