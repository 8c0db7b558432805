import type { Diagnosis } from '../diagnose/diagnose.ts';
import type { Measurement } from '../measure/measure.ts';
import type { MeasuredDeployment } from '../measure/measured.ts';
import type { Gap } from '../model/facts.ts';
import { runOf } from '../model/pipeline.ts';
import type { Service } from '../model/service.ts';
import type { Mode } from '../model/terms.ts';
import { type Finding, findingsOf } from './findings.ts';
import { type Signal, type SignalContext, signalOf } from './signal.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** The part of a service that decides its verdict and its findings. */
export type JudgedService = Pick<Service, 'target' | 'policy'>;

/** The mode, and the event that started the guard. */
export interface Trigger {
  mode: Mode;
  /** The event in guard mode; `null` outside a workflow, where the newest success is judged. */
  event: TriggerEvent | null;
}

/** The deployment of an event. */
export interface TriggerEvent {
  /** The id of the deployment. */
  deployment: number | null;
  /** The run that made the deployment: the run of the event, or the current run. */
  run: number | null;
  /** The tag of the deployment. */
  tag: string | null;
  /** The commit of the deployment. */
  sha: string | null;
  /** True if the event itself names one of these. Otherwise they are the run and the commit of the current job. */
  isNamed: boolean;
}

export interface Judgement {
  verdict: Verdict;
  findings: Finding[];
  /** The deployment that guard mode judges. */
  judged: MeasuredDeployment | null;
  /** Why guard mode judges no deployment, if the event is about one. */
  unjudged: Unjudged | null;
  /** Facts that could not be read, and their consequences. */
  gaps: Gap[];
  signal: Signal;
}

/**
 * Compares a measurement and its diagnosis with the target and the policy of the service.
 *
 * @param verdictGaps - what `verdict-gaps.ts` finds.
 */
export function judge(
  measurement: Measurement,
  diagnosis: Diagnosis,
  service: JudgedService,
  trigger: Trigger,
  verdictGaps: readonly Gap[],
  context: SignalContext,
): Judgement {
  const measured = verdictOf(measurement.leadTime, service.target, service.policy.minSamples);
  const gaps = [...measurement.gaps, ...verdictGaps, ...diagnosis.doubtful.gaps];
  const verdict: Verdict = gaps.some((gap) => gap.verdictAtRisk)
    ? { ...measured, status: 'insufficient-data', reason: 'unreadable' }
    : measured;
  const { judged, unjudged } = subjectOf(measurement, trigger);
  const signal = signalOf(measurement, verdict, service, context);
  const findings = findingsOf({
    measurement,
    diagnosis,
    verdict,
    judged,
    service,
    mode: trigger.mode,
    signal,
    requestedWindow: context.requestedWindow,
  });
  return { verdict, findings, judged, unjudged, gaps: [...gaps, ...diagnosis.gaps], signal };
}

/** There is no deployment for the event, or it failed, still runs, or shipped nothing new. */
export type Unjudged =
  | { why: 'none' }
  | { why: 'failure' | 'running' | 'nothing-new'; deployment: number | string };

/**
 * The deployment that guard mode judges: the deployment of the event, found by its id, run, tag or commit, in that order.
 * If there are several, the first that shipped a change is judged. If the deployment shipped nothing, no other one is
 * judged instead. Without an event the newest success is judged. The other modes judge no deployment.
 */
export function subjectOf(
  { deployments }: Pick<Measurement, 'deployments'>,
  { mode, event }: Trigger,
): { judged: MeasuredDeployment | null; unjudged: Unjudged | null } {
  if (mode !== 'guard') return { judged: null, unjudged: null };
  const candidates = event ? deploymentsOf(event, deployments) : [];
  if (candidates.length === 0 && !event?.isNamed && !event?.sha)
    return { judged: newestSuccess(deployments), unjudged: null };
  const shipping = candidates.find(hasShipped);
  if (shipping) return { judged: shipping, unjudged: null };
  const last = candidates.findLast(({ outcome }) => outcome === 'success') ?? candidates.at(-1);
  if (!last) return { judged: null, unjudged: { why: 'none' } };
  return {
    judged: null,
    unjudged: { why: last.outcome === 'success' ? 'nothing-new' : last.outcome, deployment: last.id },
  };
}

const hasShipped = ({ outcome, mergesets }: MeasuredDeployment): boolean =>
  outcome === 'success' && mergesets.length > 0;

/** The newest success. If it shipped nothing, the deployment of the same commit that did. */
function newestSuccess(deployments: readonly MeasuredDeployment[]): MeasuredDeployment | null {
  const newest = deployments.findLast(({ outcome }) => outcome === 'success');
  if (!newest || hasShipped(newest)) return newest ?? null;
  const { sha } = newest.deployment;
  return deployments.find((other) => other.deployment.sha === sha && hasShipped(other)) ?? newest;
}

function deploymentsOf(
  { deployment: id, run, tag, sha }: TriggerEvent,
  deployments: readonly MeasuredDeployment[],
): MeasuredDeployment[] {
  if (id !== null) return deployments.filter((deployment) => deployment.id === id || isPart(deployment, id));
  const criteria: ((deployment: MeasuredDeployment) => boolean)[] = [
    (deployment) => run !== null && (deployment.id === run || isMadeBy(run, deployment)),
    (deployment) => tag !== null && deployment.id === tag,
    (deployment) => sha !== null && deployment.deployment.sha === sha,
  ];
  return criteria.map((matches) => deployments.filter(matches)).find((matching) => matching.length > 0) ?? [];
}

const isPart = ({ deployment: { parts = [] } }: MeasuredDeployment, id: number): boolean =>
  parts.some((part) => part.attempts.some((attempt) => attempt.id === id));

const isMadeBy = (run: number, { deployment }: MeasuredDeployment): boolean =>
  deployment.statuses.some((status) => runOf({ statuses: [status] })?.run === run);
