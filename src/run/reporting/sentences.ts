import type { ByHand } from '../../diagnose/by-hand.ts';
import type { Budget } from '../../judge/budget.ts';
import type { FailedParts, Finding } from '../../judge/findings.ts';
import type { Sureness } from '../../judge/look.ts';
import type { Signal } from '../../judge/signal.ts';
import type { Verdict } from '../../judge/verdict.ts';
import { type BatchCause, type Pace, paceOf } from '../../measure/batches.ts';
import type { MeasuredDeployment, MeasuredMergeset, Note } from '../../measure/measured.ts';
import { oneLine } from '../../model/guard-error.ts';
import { BUDGET_DAYS, thresholdOf } from '../../model/terms.ts';
import type { Judged } from './judged.ts';
import { counted, duration, listed, moment, nameOf, percent, windowWords } from '../../report/words.ts';

/** What the report says for people: sentences that need more than the report's own figures. */

const NOTE_WORDS: Record<Note, string> = {
  'first-success': "live with the environment's first success",
  'statuses-gone': "the deployment's statuses are gone",
  'tag-without-time': 'its tag has no time',
  assumed: 'the deployment is taken as succeeding now',
  declared: 'declared in the configuration; not proved to run',
  'before-merge': 'deployed before it was merged; counted as 0',
  'deployed-before-merge': 'deployed before the merge',
  picked: 'picked',
  'by-headline': 'not linked with its commit by GitHub, which names it in its headline',
  foreign: 'not held by any deployed commit that was read; whether it is live is not known',
};

/** All that is worth saying of a change, in words. */
export function notesOf(mergeset: MeasuredMergeset): string[] {
  return [
    ...mergeset.notes.map((note) =>
      note === 'picked' && mergeset.pickedAs !== null
        ? `picked as ${mergeset.pickedAs.slice(0, 7)}`
        : NOTE_WORDS[note],
    ),
    ...(mergeset.leftOut === null ? [] : [`not counted: ${mergeset.leftOut}`]),
    ...(mergeset.frozenSeconds > 0 ? [`${duration(mergeset.frozenSeconds)} of it in a freeze`] : []),
  ];
}

/** The verdict in one sentence: the statistic against the target, or why there is none. */
export function verdictSentence({ service, measurement, judgement, requestedWindow: asked }: Judged): string {
  const { status, reason, leadTimeSeconds, leadTimeAtLeastSeconds, driftPercent } = judgement.verdict;
  const { leadTime, mergesets, window } = measurement;
  const { minSamples } = service.policy;
  const what = `${service.target.statistic} lead time from merge to live in ${oneLine(service.environment, 60)}${service.service ? ` (${oneLine(service.service, 60)})` : ''}`;
  const limits = `the target is ${duration(service.target.seconds)}, the limit ${duration(thresholdOf(service.target))}`;
  const waiting = `${leadTime.pending} of ${counted(leadTime.count, 'change')} ${leadTime.pending === 1 ? 'is' : 'are'} still waiting`;

  if (reason === 'unreadable')
    return `No verdict: not everything could be read that ${what} depends on; what is missing is said below.`;
  if (reason === 'too-few') {
    const when = windowWords({ ...window, askedFrom: asked.from });
    const untimed = mergesets.filter((mergeset) => mergeset.untimed);
    const left = mergesets.filter((mergeset) => mergeset.leftOut !== null && !mergeset.ridesAlong);
    if (left.length > 0)
      return `No verdict: ${leadTime.count === 0 ? 'none' : `only ${leadTime.count}`} of the ${counted(mergesets.length, 'change')} merged in the ${when} ${leadTime.count === 1 ? 'is' : 'are'} counted, as "authors" leaves ${left.length} out, and it takes ${minSamples}.`;
    if (leadTime.count === 0 && untimed.length > 0)
      return `No verdict: ${counted(untimed.length, 'change')} ${untimed.length === 1 ? 'was' : 'were'} merged in the ${when} and ${untimed.length === 1 ? 'it cannot' : 'none can'} be timed, as ${whyUntimed(untimed)}.`;
    const merged =
      leadTime.count === 0
        ? 'no change was'
        : `only ${counted(leadTime.count, 'change')} ${leadTime.count === 1 ? 'was' : 'were'}`;
    return `No verdict: ${merged} merged in the ${when}, and it takes ${minSamples}.`;
  }
  if (leadTimeSeconds === null) {
    const atLeast = leadTimeAtLeastSeconds === null ? '' : ` at least ${duration(leadTimeAtLeastSeconds)}`;
    return status === 'drifted'
      ? `Drifted: ${what} is${atLeast}, as ${waiting}; ${limits}.${surenessWords(judgement.signal)}`
      : `No verdict: ${what} is not known yet (${atLeast.trim()}), as ${waiting}; ${limits}.`;
  }
  const value = `${leadTimeAtLeastSeconds === null ? '' : 'at least '}${duration(leadTimeSeconds)}`;
  if (status === 'on-target') return `On target: ${what} is ${value}; ${limits}.`;
  const over = `${value}, ${percent(driftPercent ?? 0)} past the target; ${limits}.`;
  return status === 'slipping'
    ? `Slipping: ${what} is ${over}`
    : `Drifted: ${what} is ${over}${surenessWords(judgement.signal)}`;
}

/** How sure a drift is, by what, and since when it is on alert. */
function surenessWords(signal: Signal): string {
  const { confidence, alert, alerts } = signal;
  if (confidence === null) return '';
  const current = alert === true ? alerts.at(-1) : undefined;
  const since =
    current === undefined || current.deployment === null
      ? ''
      : `${confidence === 'sure' ? ' Since' : ' On alert since'} deployment ${current.deployment}${current.isCertain ? '' : ' or before'}.`;
  return ` ${confidence === 'sure' ? 'Sure' : 'Likely'}: ${evidenceWords(signal)}.${since}`;
}

/** What shows how sure it is. */
function evidenceWords({ votes, chance, changes, waiting, by }: Sureness): string {
  if (by === 'waiting') return `${waiting} changes have each waited past the limit`;
  if (votes.of === 0) return 'no deployment shipped anything that counts';
  const oldest = waiting > 0 ? ', the oldest change that still waits counted as one,' : '';
  const which = votes.of === 1 ? 'the only one' : `${votes.over} of the last ${votes.of} deployments`;
  const deployments = `${which}${oldest} ${votes.of === 1 || votes.over === 1 ? 'was' : 'were'} past the limit`;
  if (by === 'changes') return `${deployments}, and ${changes.over} of ${counted(changes.of, 'change')}`;
  return `${deployments}; by chance ${oddsWords(chance)}`;
}

/** A chance as one time in so many. */
function oddsWords(chance: number): string {
  if (chance > 0.5) return 'more often than not';
  const times = 1 / chance;
  if (times > 1e6) return 'less than one time in a million';
  return `one time in ${times < 9.5 ? Number(times.toFixed(1)) : Math.round(times).toLocaleString('en-US')}`;
}

/** The reason of most of them; all have one. */
function whyUntimed(untimed: readonly MeasuredMergeset[]): string {
  const reasons = ['first-success', 'statuses-gone', 'tag-without-time'] as const;
  const has = (note: Note) => untimed.filter((mergeset) => mergeset.notes.includes(note)).length;
  const [most] = reasons.toSorted((a, b) => has(b) - has(a));
  if (most === 'first-success') return "this is the environment's first known success";
  return most === 'statuses-gone'
    ? 'the statuses of the deployments that shipped them are gone'
    : 'the tags that shipped them have no time';
}

function causeWords(cause: BatchCause): string {
  if (cause.kind === 'evicted')
    return `run ${cause.run} was replaced in its concurrency group before it began (${moment(cause.at)})`;
  return cause.kind === 'landed-together'
    ? `${cause.count} of them landed at one moment (${moment(cause.at)}), as a merge queue does`
    : `deployment ${cause.deployment} failed before it (${moment(cause.at)})`;
}

/** Why a deployment is a batch: what the facts show, or how fast changes were merged and how fast they go live. */
export function batchReason(causes: readonly BatchCause[], pace: Pace | null): string {
  if (causes.length > 0) return causes.map(causeWords).join('; ');
  if (pace === null) return 'merged between two deployments; when they went live is not known';
  const { apartSeconds, takesSeconds, busySeconds } = pace;
  const busy =
    busySeconds >= 60 ? `other deployments were under way for ${duration(busySeconds)} of the wait; ` : '';
  const speeds = `merges came ${duration(apartSeconds)} apart while going live takes ${duration(takesSeconds)}`;
  return apartSeconds < takesSeconds
    ? `${busy}${speeds}: a batch was bound to happen`
    : `${busy}no merge was deployed by itself, though ${speeds}`;
}

function batchSentence(
  { id, mergesets, authors, ...its }: MeasuredDeployment,
  causes: readonly BatchCause[],
  { service, measurement }: Judged,
): string {
  const by = authors.length > 1 ? `, by ${authors.length} authors` : '';
  const pace = paceOf({ mergesets, ...its }, measurement.deployments);
  const why = causes.length === 0 && pace === null ? '' : `: ${batchReason(causes, pace)}`;
  return `Deployment ${id} shipped ${mergesets.length} changes at once (${listed(mergesets.map(nameOf))})${by}, and max-batch is ${service.policy.maxBatch}${why}.`;
}

/** What to do where there is no verdict, by why there is none. */
const NO_DATA_ADVICE: Record<Verdict['reason'], string> = {
  measured: '',
  'too-few': 'Widen "window" or lower "min-samples" if that is normal here.',
  'too-many-waiting': 'Deploy what is waiting; the verdict comes with it.',
  unreadable: 'Mend what is said there, or run it again; a wider window does not help.',
};

/** What is wrong and what to do, in one line without any outsider's prose. */
export function findingMessage(finding: Finding, judged: Judged): string {
  const limit = duration(thresholdOf(judged.service.target));
  switch (finding.kind) {
    case 'drift':
      return `${verdictSentence(judged)} Fix the pipeline: the job summary names the slowest deployments and what is waiting.`;
    case 'budget-spent':
      return `The error budget is spent: ${budgetWords(finding.budget)}. Were the objective kept, so many would be late by chance ${oddsWords(finding.budget.chance)}.`;
    case 'budget-burning':
      return `The error budget burns: the last 20 deployments spent it ${times(finding.budget.burn.of20)} as fast as the objective allows, the last 5 ${times(finding.budget.burn.of5)}.`;
    case 'no-data':
      return `${verdictSentence(judged)} ${NO_DATA_ADVICE[judged.judgement.verdict.reason]}`;
    case 'batch':
      return `${batchSentence(finding.deployment, finding.causes, judged)} Deploy each merge on its own.`;
    case 'slow':
      return `${nameOf(finding.mergeset)} took ${duration(finding.mergeset.leadTimeSeconds ?? 0)} from merge to live (deployment ${finding.deployment}); the limit is ${limit}.`;
    case 'manual':
      return `Deployment ${finding.deployment.id} was ${handWords(finding.hand)}. Let every merge deploy by itself.`;
    case 'stuck':
      return `${nameOf(finding.mergeset)} was merged ${duration(finding.mergeset.waitingSeconds ?? 0)} ago and is not live; the limit is ${limit}. Deploy it, or find the deployment that should have.${failedWords(finding.failed)}`;
  }
}

const times = (rate: number | null): string => `${(rate ?? 0).toFixed(1)} times`;

/** `41 of 60 changes (68.3%) were live within the limit in 28 days, and the objective is 90%`. */
function budgetWords({ changes, late, share, objective }: Budget): string {
  return `${changes - late} of ${counted(changes, 'change')} (${percent((share ?? 0) * 100)}) ${changes - late === 1 ? 'was' : 'were'} live within the limit in ${BUDGET_DAYS} days, and the objective is ${Number((objective * 100).toFixed(4))}%`;
}

function failedWords(failed: FailedParts | null): string {
  if (failed === null) return '';
  return ` Deployment ${failed.deployment} failed in ${oneLine(listed(failed.jobs))}.`;
}

/** What is worth knowing of a deployment: what became of it, why it shipped nothing, whose hand was in it. */
export function deploymentNotes(deployment: MeasuredDeployment, hand: ByHand | null): string[] {
  const notes = [
    deployment.outcome === 'failure' && `failed${partsIn(deployment, 'failure')}`,
    deployment.outcome === 'running' && `still running${partsIn(deployment, 'running')}`,
    deployment.deployment.failedInGuard === true && "live; failed in this guard's own step",
    deployment.outcome === 'success' && deployment.parts.length > 0 && partsWords(deployment),
    deployment.batched && `batch of ${deployment.mergesets.length}`,
    deployment.rollback && 'rollback',
    deployment.redeploy && 'same commit again',
    shipsNothing(deployment) && 'nothing new: no change was merged since the one before',
    deployment.seed && "this environment's first; untimed",
    deployment.assumed && 'this run, taken as live now',
    deployment.outcome === 'success' && deployment.succeededAt === null && 'time unknown',
    hand !== null && handWords(hand),
  ];
  return notes.filter((note) => note !== false);
}

/** A success that put nothing live, and is neither a rollback nor of the same commit again. */
const shipsNothing = ({ outcome, mergesets, rollback, redeploy, seed }: MeasuredDeployment): boolean =>
  outcome === 'success' && mergesets.length === 0 && !rollback && !redeploy && !seed;

/** The parts of a rollout that came to this, by their jobs' names. */
function partsIn({ parts }: MeasuredDeployment, outcome: 'failure' | 'running'): string {
  const found = parts.filter((part) => part.outcome === outcome);
  if (found.length === 0) return '';
  return ` in ${listed(found.map(partName))}, ${found.length} of ${parts.length} parts`;
}

function partsWords({ parts }: MeasuredDeployment): string {
  const times = parts.map((part) => `${partName(part)} ${part.succeededAt ? moment(part.succeededAt) : '–'}`);
  return `${parts.length} parts: ${listed(times)}`;
}

const partName = ({ job, deployment }: MeasuredDeployment['parts'][number]): string =>
  job === null ? `${deployment.id}` : oneLine(job, 40);

/** Whose hand a deployment took. */
function handWords({ how, by, waited }: ByHand): string {
  const who = oneLine(by, 60);
  if (how === 'approved') return `held for ${duration(waited ?? 0)} until ${who} approved it`;
  return {
    dispatched: `started by hand, by ${who}`,
    released: `started by a release of ${who}`,
    created: `made by hand, by ${who}`,
  }[how];
}
