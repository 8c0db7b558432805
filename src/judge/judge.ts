import type { Diagnosis } from '../diagnose/diagnose.ts';
import type { Measurement } from '../measure/measure.ts';
import type { MeasuredDeployment } from '../measure/measured.ts';
import { runOf } from '../model/pipeline.ts';
import type { Gap } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import type { FailKind, Mode, Target } from '../model/terms.ts';
import { type Finding, findingsOf } from './findings.ts';
import { type Outlook, type Signal, signalOf } from './signal.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** What the team holds itself to. */
export interface Policy {
  target: Target;
  minSamples: number;
  failOn: ReadonlySet<FailKind>;
}

/** Why it is asked now. */
export interface Trigger {
  mode: Mode;
  /** What guard mode is asked about; `null` outside of a workflow: then it is the newest success. */
  event: TriggerEvent | null;
}

/** What an event says of the deployment that it is about. */
export interface TriggerEvent {
  /** The deployment itself. */
  deployment: number | null;
  /** The run that made it: one that the event is about, or the one that asks. */
  run: number | null;
  /** Its tag. */
  tag: string | null;
  /** Its commit. */
  sha: string | null;
  /** Whether the event itself names one of these, and is not only the run and the commit of the job that asks. */
  isNamed: boolean;
}

export interface Judgement {
  verdict: Verdict;
  findings: Finding[];
  /** The deployment that guard mode judges. */
  judged: MeasuredDeployment | null;
  /** Why guard mode judges no deployment, where it was asked about one. */
  unjudged: Unjudged | null;
  /** All that could not be read, and what that does to the answer. */
  gaps: Gap[];
  /** How sure the verdict is, and what the time before says. */
  signal: Signal;
}

/** Holds what was measured and diagnosed against the policy. */
export function judge(
  measurement: Measurement,
  diagnosis: Diagnosis,
  policy: Policy,
  trigger: Trigger,
  baseBranch: string,
  outlook: Outlook = NO_OUTLOOK,
): Judgement {
  const { target, minSamples, failOn } = policy;
  const measured = verdictOf(measurement.leadTime, target, minSamples);
  const gaps = [
    ...measurement.gaps,
    ...goneCommits(measurement, measured, policy),
    ...foreignCommits(measurement, baseBranch),
  ];
  const verdict: Verdict = gaps.some((gap) => gap.verdictAtRisk)
    ? { ...measured, status: 'insufficient-data', reason: 'unreadable' }
    : measured;
  const { judged, unjudged } = subjectOf(measurement, trigger);
  const signal = signalOf(measurement, verdict, target, outlook);
  const findings = findingsOf({
    measurement,
    diagnosis,
    verdict,
    judged,
    target,
    mode: trigger.mode,
    failOn,
    confidence: signal.confidence,
    budget: signal.budget,
    requestedWindow: outlook.requestedWindow ?? measurement.window,
  });
  return { verdict, findings, judged, unjudged, gaps: [...gaps, ...diagnosis.gaps], signal };
}

const NO_OUTLOOK: Outlook = { requestedWindow: null, past: null, rule: null, objective: null, weeks: null };

/** Of what the event is about: there is no deployment, it came to nothing, or it put nothing live. */
export type Unjudged =
  | { why: 'none' }
  | { why: 'failure' | 'running' | 'nothing-new'; deployment: number | string };

/**
 * The deployment that guard mode judges: the event's, by its number, its run, its tag or its commit, in that order. Of
 * several the one that put something live. Where it put nothing live, none is judged in its stead. Without an event it is
 * the newest success; outside guard mode there is none.
 */
export function subjectOf(
  { deployments }: Pick<Measurement, 'deployments'>,
  { mode, event }: Trigger,
): { judged: MeasuredDeployment | null; unjudged: Unjudged | null } {
  if (mode !== 'guard') return { judged: null, unjudged: null };
  const of = event ? eventsOwn(deployments, event) : [];
  if (of.length === 0 && !event?.isNamed && !event?.sha)
    return { judged: newestSuccess(deployments), unjudged: null };
  const shipping = of.find(
    (deployment) => deployment.outcome === 'success' && deployment.mergesets.length > 0,
  );
  if (shipping) return { judged: shipping, unjudged: null };
  const last = of.findLast((deployment) => deployment.outcome === 'success') ?? of.at(-1);
  if (!last) return { judged: null, unjudged: { why: 'none' } };
  return {
    judged: null,
    unjudged: { why: last.outcome === 'success' ? 'nothing-new' : last.outcome, deployment: last.id },
  };
}

/** The newest success; where it put nothing live, the one of the same commit that did. */
function newestSuccess(deployments: readonly MeasuredDeployment[]): MeasuredDeployment | null {
  const newest = deployments.findLast((deployment) => deployment.outcome === 'success');
  if (!newest || newest.mergesets.length > 0) return newest ?? null;
  const same = deployments.filter((deployment) => deployment.deployment.sha === newest.deployment.sha);
  return (
    same.find((deployment) => deployment.outcome === 'success' && deployment.mergesets.length > 0) ?? newest
  );
}

function eventsOwn(
  deployments: readonly MeasuredDeployment[],
  { deployment, run, tag, sha }: TriggerEvent,
): MeasuredDeployment[] {
  // A deployment that the event names is meant, and no other.
  if (deployment !== null)
    return deployments.filter((other) => other.id === deployment || isPart(other, deployment));
  const ways: ((each: MeasuredDeployment) => boolean)[] = [
    (deployment) => run !== null && (deployment.id === run || isOfRun(deployment, run)),
    (deployment) => tag !== null && deployment.id === tag,
    (deployment) => sha !== null && deployment.deployment.sha === sha,
  ];
  return ways.map((way) => deployments.filter(way)).find((found) => found.length > 0) ?? [];
}

const isPart = ({ deployment: { parts = [] } }: MeasuredDeployment, id: number): boolean =>
  parts.some((part) => part.attempts.some((attempt) => attempt.id === id));

const isOfRun = ({ deployment }: MeasuredDeployment, run: number): boolean =>
  deployment.statuses.some((status) => runOf({ statuses: [status] })?.run === run);

/**
 * Deployments of commits that are gone. Where the verdict would be another if they had shipped all that was merged
 * before them, there is none.
 */
function goneCommits(
  { gone, window }: Measurement,
  { status }: Verdict,
  { target, minSamples }: Policy,
): Gap[] {
  const verdictAtRisk = verdictOf(gone.leadTime, target, minSamples).status !== status;
  return gone.deployments
    .filter((deployment) => deployment.createdAt >= window.from)
    .map((deployment) => ({
      what: `Deployment ${deployment.id} is of commit ${deployment.sha.slice(0, 7) || '(none)'}, which the repository no longer has; it was skipped.`,
      consequence: `What it shipped is counted with the deployment after it.${verdictAtRisk ? ' The verdict would be another if it had shipped all that was merged before, so there is none.' : ''}`,
      verdictAtRisk,
    }));
}

/** Deployments that hold nothing of the branch: of what branch they are, and what would count. */
function foreignCommits({ isForeign, attribution }: Measurement, baseBranch: string): Gap[] {
  if (!isForeign) return [];
  const { shipments } = attribution;
  const branches = [...new Set(shipments.flatMap((shipment) => shipment.deployment.ref ?? []))].filter(
    (each) => each !== baseBranch,
  );
  const names = oneLine(branches.slice(0, 3).join(', '));
  return [
    {
      what: `None of the ${shipments.length} successful deployments that were read holds a change that was merged into ${oneLine(baseBranch)}${names === '' ? '' : `; they were made from ${names}`}.`,
      consequence: `Which of those changes are live cannot be told, so there is no verdict. ${names === '' ? '"base-branch" names the branch whose merges are deployed' : `"base-branch: ${oneLine(branches[0] ?? '')}" counts what was merged there`}; where what is deployed is a branch of built files, "deploy-source: workflow" takes the runs that build it.`,
      verdictAtRisk: true,
    },
  ];
}
