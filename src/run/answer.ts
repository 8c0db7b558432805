import type { Settings } from '../config/plan.ts';
import type { Surroundings } from '../config/surroundings.ts';
import type { Change } from '../diagnose/change.ts';
import type { Diagnosis } from '../diagnose/diagnose.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { replaying } from '../judge/alert.ts';
import { judge, type Trigger } from '../judge/judge.ts';
import type { Past } from '../judge/signal.ts';
import { codeToLiveOf, type Measurement } from '../measure/measure.ts';
import type { PromotionPath } from '../measure/promotion-path.ts';
import type { Gap } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import type { Service, ServiceName } from '../model/service.ts';
import type { Facts } from '../read/facts-request.ts';
import type { Judged, LongestPeriod } from './reporting/judged.ts';
import { reportOf } from './reporting/report-of.ts';
import type { ServiceRecord } from '../publish/texts/weekly.ts';
import { sourceOf } from '../sources/registry.ts';
import type { MeasuredService } from './service-past.ts';
import { splitsIn, type AttributionInput } from './attributed-services.ts';
import { ruleOf } from './widen.ts';
import { pipelineFilesOf } from './pipeline-changes.ts';

/** The result of a run for one service. */
export interface Answer extends ServiceRecord {
  service: Service;
}

/** A service with its diagnosis and its history. */
export interface DiagnosedService extends MeasuredService {
  trigger: Trigger;
  promotion: PromotionPath | null;
  diagnosis: Diagnosis;
  past: Past | null;
  longest: LongestPeriod;
  change: Change | null;
}

/** The name of a service in comments and issues. */
export function nameOf(service: Service, baseBranch: string): ServiceName {
  return {
    ...(service.service === null ? {} : { service: service.service }),
    environment: service.environment,
    source: sourceOf(service).subject(service.source.options),
    baseBranch,
  };
}

export async function answerFor(
  diagnosed: DiagnosedService,
  facts: Facts,
  input: AttributionInput,
  settings: Settings,
  surroundings: Surroundings,
): Promise<Answer> {
  const { service, facts: serviceFacts, measurement, diagnosis, change, moved } = diagnosed;
  // The changes would seem to wait in the past, too.
  const past = moved ? null : diagnosed.past;
  const { repository } = diagnosed.attribution;
  const { mode, window, weeks } = settings;
  const fileGaps: Gap[] = [];
  const files = change && (await pipelineFilesOf(facts, diagnosed.longest.shipments, change, fileGaps));
  const rule = ruleOf(service, settings);
  const replayed =
    past && (await inTurns(replaying(past.timeline, rule, past.memory, measurement.window.to.getTime())));
  const judgement = judge(
    measurement,
    { ...diagnosis, gaps: [...diagnosis.gaps, ...fileGaps] },
    service,
    diagnosed.trigger,
    mayHaveGaps(measurement)
      ? (await import('../judge/verdict-gaps.ts')).verdictGaps(measurement, service, repository.baseBranch)
      : [],
    { requestedWindow: window, past, rule, replayed, weeks },
  );
  await nextTurn();
  const environment = serviceFacts.environment ?? service.environment;
  const isOnly = input.services.length === 1;
  const judged: Judged = {
    repository,
    service: { ...service, environment },
    facts: serviceFacts,
    measurement,
    longest: diagnosed.longest,
    diagnosis,
    // With several services, the event may belong to another one.
    judgement: isOnly || judgement.unjudged?.why !== 'none' ? judgement : { ...judgement, unjudged: null },
    mode,
    generatedAt: surroundings.now,
    requestedWindow: window,
    change: change && { ...change, files },
    promotion: diagnosed.promotion,
    stopped: diagnosed.stopped,
    moved,
    noVerdict:
      moved ??
      measurement.proof?.doubt ??
      (serviceFacts.matchesNothing ? matchesNothing(service.paths ?? [], repository.baseBranch) : null),
    splits: splitsIn(measurement.mergesets, input, facts.labels),
    codeToLive: codeToLiveOf(measurement.mergesets),
  };
  const rareRemarks = hasRareCase(judged)
    ? (await import('./reporting/rare-remarks.ts')).rareRemarksOf(judged)
    : [];
  await nextTurn();
  const report = reportOf({ ...judged, rareRemarks });
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

/** Steps that are done without a break. */
const STEPS_A_TURN = 10;

/** The result of work in steps, with breaks between them. */
async function inTurns<Result>(work: Generator<unknown, Result>): Promise<Result> {
  for (let steps = 1; ; steps++) {
    const { done, value } = work.next();
    if (done) return value;
    if (steps % STEPS_A_TURN === 0) await nextTurn();
  }
}

/** The reason why a service has no changes, if its paths are misspelled. */
const matchesNothing = (paths: readonly string[], branch: string) => ({
  what: `"paths" of this service matches nothing on ${oneLine(branch, 60)}: ${oneLine(paths.map((path) => `"${path}"`).join(', '))}.`,
  fix: 'Check the spelling, including upper and lower case.',
});

const mayHaveGaps = ({ missingCommits, unknownTimes, isForeign }: Measurement): boolean =>
  isForeign || missingCommits.deployments.length > 0 || unknownTimes.mergesets.length > 0;

function hasRareCase({ measurement, diagnosis, facts: { idleRegions = [] } }: Judged): boolean {
  const { mergesets, deployments, caveats } = measurement;
  const { carried, hotfixes, revoked, races } = caveats;
  const { skippedSteps } = diagnosis.doubtful;
  return (
    mergesets.some(({ notes }) => notes.includes('older-commit')) ||
    deployments.some(({ deployment }) => deployment.mayBeOlder === 'branch') ||
    diagnosis.stages?.borrowers != null ||
    diagnosis.path?.now.jobs.some(({ ambiguous }) => ambiguous) ||
    [carried, hotfixes, revoked, races, skippedSteps, idleRegions].some(({ length }) => length > 0)
  );
}
