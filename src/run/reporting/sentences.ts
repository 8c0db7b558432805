import type { ByHand } from '../../diagnose/by-hand.ts';
import type { Budget } from '../../judge/budget.ts';
import type { FailedParts, Finding } from '../../judge/findings.ts';
import type { Signal } from '../../judge/signal.ts';
import type { Verdict } from '../../judge/verdict.ts';
import { type BatchCause, type Pace, paceOf } from '../../measure/batches.ts';
import type { MeasuredDeployment, MeasuredMergeset, Note } from '../../measure/measured.ts';
import { oneLine } from '../../model/guard-error.ts';
import type { Revocation } from '../../model/outcome.ts';
import { statisticOf } from '../../model/lead-time.ts';
import { BUDGET_DAYS, type Statistic, thresholdOf } from '../../model/terms.ts';
import type { Judged } from './judged.ts';
import {
  counted,
  duration,
  listed,
  moment,
  nameOf,
  percent,
  windowWords,
  uncapital,
} from '../../report/words.ts';

/** Sentences for people that need more than the report's own figures. */

const NOTE_WORDS: Record<Note, string> = {
  'older-commit': 'an older commit may have been deployed, so it may have gone live later',
  'first-success': 'live with the first deployment to this environment, so its lead time is unknown',
  'statuses-gone': "GitHub no longer has its deployment's statuses",
  'tag-without-time': 'its tag has no date',
  assumed: 'this deployment still runs and counts as successful',
  declared: 'declared in the configuration, not proven',
  'before-merge': 'deployed before it was merged, counts as 0s',
  'deployed-before-merge': 'deployed before the merge',
  picked: 'cherry-picked',
  'by-headline': 'matched by the number in its commit message',
  foreign: 'in no deployed commit that was read, so it may be live or not',
};

/** Everything worth knowing about a change. */
export function notesOf(mergeset: MeasuredMergeset, isNotSeen: boolean): string[] {
  return [
    ...mergeset.notes.map((note) =>
      note === 'picked' && mergeset.pickedAs !== null
        ? `cherry-picked as ${mergeset.pickedAs.slice(0, 7)}`
        : NOTE_WORDS[note],
    ),
    ...(mergeset.excludedBecause === null ? [] : [`not counted: ${mergeset.excludedBecause}`]),
    ...(isNotSeen ? ['recorded as live, but production does not run it'] : []),
    ...(mergeset.frozenSeconds > 0 ? [`${duration(mergeset.frozenSeconds)} of it in a freeze`] : []),
  ];
}

/** The verdict for people: the number, the target, how certain it is and since when; or why there is no verdict. */
export const verdictSentence = (judged: Judged): string => `${mainSentence(judged)}${idleWords(judged)}`;

/** Regions that changes wait for although they get no deployments any more. */
function idleWords({ facts: { idleRegions = [] } }: Judged): string {
  return idleRegions
    .map(({ name, since }) => ` ${oneLine(name, 60)} has had no deployment since ${moment(since)} UTC.`)
    .join('');
}

function mainSentence(judged: Judged): string {
  const { service, measurement, judgement } = judged;
  const { status, reason, leadTimeSeconds, leadTimeAtLeastSeconds } = judgement.verdict;
  const { leadTime } = measurement;
  const { statistic } = service.target;
  const [target, limit] = [duration(service.target.seconds), duration(thresholdOf(service.target))];
  const place = `in ${oneLine(service.environment, 60)}${service.service ? ` (${oneLine(service.service, 60)})` : ''}`;
  const waiting = `${leadTime.pending} of ${counted(leadTime.count, 'change')} ${leadTime.pending === 1 ? 'is' : 'are'} still waiting`;

  if (judged.noVerdict) return `No verdict. ${judged.noVerdict.what} ${judged.noVerdict.fix}`;
  if (reason === 'unreadable')
    return 'No verdict: data that the verdict depends on could not be read. The gaps are listed below.';
  if (reason === 'too-few') return tooFewSentence(judged);
  const seconds = leadTimeSeconds ?? leadTimeAtLeastSeconds ?? 0;
  const over = overWords(statistic, seconds, place, leadTimeAtLeastSeconds !== null);
  if (status === 'drifted')
    return `${over}${leadTimeSeconds === null ? `: ${waiting}` : ''}. The target is ${target}.${surenessWords(judged)}`;
  if (leadTimeSeconds === null)
    return `No verdict yet: ${waiting}. The ${statistic} is at least ${duration(seconds)} so far. The target is ${target}, the limit ${limit}.`;
  if (status === 'slipping')
    return `Slipping: ${uncapital(over)}. The target is ${target}, the limit ${limit}.`;
  const alert = judgement.signal.alert ? ' The alert ends when this has lasted for a day.' : '';
  return `On target: ${withinWords(statistic, leadTimeSeconds, place)}. The target is ${target}.${upperHalfWords(judged)}${alert}`;
}

/** Why there are too few changes for a verdict. */
function tooFewSentence({ service, measurement, requestedWindow }: Judged): string {
  const { leadTime, mergesets, window } = measurement;
  const when = `in the ${windowWords({ ...window, askedFrom: requestedWindow.from })}`;
  const needed = `A verdict needs ${service.policy.minSamples}.`;
  const untimed = mergesets.filter((mergeset) => mergeset.untimed);
  const excluded = mergesets.filter(
    (mergeset) => mergeset.excludedBecause !== null && !mergeset.deploysNothing,
  );
  if (excluded.length > 0)
    return `No verdict: ${leadTime.count} of ${counted(mergesets.length, 'change')} merged ${when} ${leadTime.count === 1 ? 'counts' : 'count'}, because "authors" excludes ${excluded.length}. ${needed}`;
  if (leadTime.count === 0 && untimed.length > 0)
    return `No verdict: the lead time of ${untimed.length === 1 ? 'the only change' : `all ${untimed.length} changes`} merged ${when} is unknown, because ${whyUntimed(untimed)}.`;
  const merged = leadTime.count === 0 ? 'no change' : `only ${counted(leadTime.count, 'change')}`;
  return `No verdict: ${merged} ${leadTime.count > 1 ? 'were' : 'was'} merged ${when}. ${needed}`;
}

/** The statistic as people say it, for a verdict past the target: `Half of the changes take more than 24m 35s to go live`. */
function overWords(statistic: Statistic, seconds: number, place: string, isLowerBound: boolean): string {
  const time = duration(seconds);
  const known = isLowerBound ? `at least ${time}` : time;
  const live = `to go live ${place}`;
  return {
    p50: `Half of the changes take more than ${time} ${live}`,
    p75: `A quarter of the changes take more than ${time} ${live}`,
    p90: `1 in 10 changes takes more than ${time} ${live}`,
    p95: `1 in 20 changes takes more than ${time} ${live}`,
    mean: `Changes take ${known} on average ${live}`,
    max: `The slowest change takes ${known} ${live}`,
  }[statistic];
}

/** The same for a verdict within the target: `half of the changes go live in production within 2m`. */
function withinWords(statistic: Statistic, seconds: number, place: string): string {
  const time = duration(seconds);
  const subject = {
    p50: 'half of the changes go live',
    p75: '3 of 4 changes go live',
    p90: '9 of 10 changes go live',
    p95: '19 of 20 changes go live',
    mean: 'changes go live',
    max: 'every change goes live',
  }[statistic];
  return statistic === 'mean'
    ? `${subject} ${place} after ${time} on average`
    : `${subject} ${place} within ${time}`;
}

/** A median on target can hide a slow half; then the verdict names it. */
function upperHalfWords({ service: { target }, measurement: { leadTime } }: Judged): string {
  const { seconds, atLeastSeconds } = statisticOf(leadTime, 'p75');
  const upper = seconds ?? atLeastSeconds ?? 0;
  return target.statistic === 'p50' && upper > thresholdOf(target)
    ? ` The other half is slower: a quarter of the changes take more than ${duration(upper)}.`
    : '';
}

/** How certain a drift is, on what evidence, and since when the alert is on. */
function surenessWords({ judgement: { signal }, measurement, service }: Judged): string {
  const { confidence, alert, memory } = signal;
  if (confidence === null) return '';
  const current = alert === true ? memory?.spells.at(-1) : undefined;
  const limit = thresholdOf(service.target);
  const evidence = evidenceWords(signal, duration(limit));
  if (current === undefined) return ` ${evidence}`;
  const { enteredAt } = current;
  const shipped = measurement.deployments
    .find(({ id, at }) => id === current.deployment && at.getTime() === enteredAt)
    ?.mergesets.filter(({ number }) => number !== null);
  // An alert can also start between two deployments, while changes wait.
  const late = measurement.mergesets.filter(
    ({ mergedAt, deployedAt }) =>
      enteredAt - mergedAt.getTime() > limit * 1000 &&
      (deployedAt === null || deployedAt.getTime() > enteredAt),
  );
  const [how, changes] = shipped?.length ? ['with ', shipped] : ['while ', late];
  const names =
    changes.length > 0 ? `, ${how}${listed(changes.map(nameOf))}${how === 'with ' ? '' : ' waited'}` : '';
  const start = `${moment(new Date(enteredAt))} UTC${names}`;
  return ` ${evidence} The alert started on ${start}${current.isCertain ? '' : ', or earlier'}.`;
}

/** The evidence for a drift, and what it is worth. */
function evidenceWords(
  { votes, chance, changes, waiting, sureBy, pause, memory }: Signal,
  limit: string,
): string {
  if (sureBy === 'lasting')
    return `Each of the last ${memory?.drift?.windows} windows was over the limit of ${limit}, and they share no change, so this is unlikely to be chance.`;
  if (pause)
    return `Nothing was merged or deployed from ${moment(new Date(pause.from))} to ${moment(new Date(pause.to))} UTC. Without the changes that waited through this pause, lead time is not surely over the limit of ${limit}.`;
  if (sureBy === 'waiting') return `${waiting} changes have each waited longer than the limit of ${limit}.`;
  if (votes.of === 0) return 'No deployment shipped a change that counts, so this is not certain yet.';
  const which = votes.of === 1 ? 'The only deployment' : `${votes.over} of the last ${votes.of} deployments`;
  const were = votes.of === 1 || votes.over === 1 ? 'was' : 'were';
  const oldest = waiting > 0 ? ' (the oldest waiting change counts as one)' : '';
  const over = `${which}${oldest} ${were} over the limit of ${limit}`;
  if (sureBy === 'changes')
    return `${over}, and so were ${changes.over} of ${counted(changes.of, 'change')}, so this is unlikely to be chance.`;
  const odds = oddsWords(chance);
  return sureBy === 'votes'
    ? `${over}, so this is unlikely to be chance${odds && ` (${odds})`}.`
    : `${over}, so this could still be chance${odds && ` (${odds})`}.`;
}

/** A chance for people: `1 in 18`; empty above one half. */
function oddsWords(chance: number): string {
  if (chance > 0.5) return '';
  const times = 1 / chance;
  if (times > 1e6) return 'less than 1 in a million';
  return `1 in ${times < 9.5 ? Number(times.toFixed(1)) : Math.round(times).toLocaleString('en-US')}`;
}

/** The reason that most of these changes share. */
function whyUntimed(untimed: readonly MeasuredMergeset[]): string {
  const reasons = ['first-success', 'statuses-gone', 'tag-without-time'] as const;
  const countOf = (note: Note) => untimed.filter((mergeset) => mergeset.notes.includes(note)).length;
  const [most] = reasons.toSorted((a, b) => countOf(b) - countOf(a));
  if (most === 'first-success') return 'the environment had no earlier successful deployment';
  return most === 'statuses-gone'
    ? 'GitHub no longer has the statuses of their deployments'
    : 'the tags that shipped them have no date';
}

function causeWords(cause: BatchCause): string {
  if (cause.kind === 'evicted')
    return `Run ${cause.run} was canceled in its concurrency group before it started (${moment(cause.at)} UTC)`;
  return cause.kind === 'landed-together'
    ? `${cause.count} of them were merged at the same moment, as a merge queue does (${moment(cause.at)} UTC)`
    : `The deployment before it failed (${moment(cause.at)} UTC)`;
}

/** Why a deployment is a batch: the events that caused it, or the pace of merges and deployments. Without a final stop. */
export function batchReason(causes: readonly BatchCause[], pace: Pace | null): string {
  if (causes.length > 0) return causes.map(causeWords).join('. ');
  if (pace === null) return 'They were merged between two deployments; when they went live is unknown';
  const { apartSeconds, takesSeconds, busySeconds } = pace;
  const busy =
    busySeconds >= 60 ? `Other deployments were running for ${duration(busySeconds)} of the wait. ` : '';
  const [apart, takes] = [duration(apartSeconds), duration(takesSeconds)];
  return apartSeconds < takesSeconds
    ? `${busy}Merges arrive every ${apart} but a deployment takes ${takes}, so changes pile up`
    : `${busy}No merge was deployed on its own, although merges arrive only every ${apart} and a deployment takes ${takes}`;
}

function batchSentence(
  deployment: MeasuredDeployment,
  causes: readonly BatchCause[],
  { service, measurement }: Judged,
): string {
  const { mergesets, authors, succeededAt, at } = deployment;
  const by = authors.length > 1 ? ` by ${authors.length} authors` : '';
  const pace = paceOf(deployment, measurement.deployments);
  const why = causes.length === 0 && pace === null ? '' : ` ${batchReason(causes, pace)}.`;
  const most = service.policy.maxBatch;
  return `${mergesets.length} changes${by} shipped together on ${moment(succeededAt ?? at)} UTC: ${listed(mergesets.map(nameOf))}. "max-batch" allows ${most}.${why}`;
}

/** What to do if there is no verdict. */
const NO_DATA_ADVICE: Record<Verdict['reason'], string> = {
  measured: '',
  'too-few': 'If that is normal here, widen "window" or lower "min-samples".',
  'too-many-waiting': 'Deploy the waiting changes to get one.',
  unreadable: 'Fix them or run this again; a wider window does not help.',
};

/** What happened and what to do, in one line that holds no text from outside. */
export function findingMessage(finding: Finding, judged: Judged): string {
  const limit = duration(thresholdOf(judged.service.target));
  switch (finding.kind) {
    case 'drift':
      return `${verdictSentence(judged)} Start with the slowest deployments and the changes that wait.`;
    case 'budget-spent': {
      const odds = oddsWords(finding.budget.chance);
      return `The error budget is spent: ${budgetWords(finding.budget)}.${odds && ` If the objective were met, this many late changes would happen by chance ${odds.replace('1 in ', 'once in ')}.`}`;
    }
    case 'budget-burning':
      return `The error budget is spent too fast: at ${times(finding.budget.burn.of20)} the rate that the objective allows over the last 20 deployments, and at ${times(finding.budget.burn.of5)} over the last 5.`;
    case 'no-data':
      return judged.noVerdict
        ? verdictSentence(judged)
        : `${verdictSentence(judged)} ${NO_DATA_ADVICE[judged.judgement.verdict.reason]}`;
    case 'batch':
      return `${batchSentence(finding.deployment, finding.causes, judged)} Deploy each merge on its own.`;
    case 'slow':
      return `${nameOf(finding.mergeset)} took ${duration(finding.mergeset.leadTimeSeconds ?? 0)} from merge to live. The limit is ${limit}.`;
    case 'manual':
      return `The deployment of ${moment(finding.deployment.succeededAt ?? finding.deployment.at)} UTC ${handWords(finding.hand)}. Let every merge deploy automatically.`;
    case 'not-live':
      return finding.message;
    case 'stuck':
      return `${nameOf(finding.mergeset)} was merged ${duration(finding.mergeset.waitingSeconds ?? 0)} ago and is not live. The limit is ${limit}. Deploy it, or find the deployment that should have shipped it.${failedWords(finding.failed)}`;
  }
}

const times = (rate: number | null): string => `${(rate ?? 0).toFixed(1)} times`;

/** `41 of 60 changes (68%) went live within the limit in the last 28 days; the objective is 90%`. */
function budgetWords({ changes, late, share, objective }: Budget): string {
  return `${changes - late} of ${counted(changes, 'change')} (${percent((share ?? 0) * 100)}) went live within the limit in the last ${BUDGET_DAYS} days; the objective is ${Number((objective * 100).toFixed(4))}%`;
}

function failedWords(failed: FailedParts | null): string {
  return failed === null ? '' : ` Its newest deployment failed in ${oneLine(listed(failed.jobs))}.`;
}

/** Everything worth knowing about a deployment: its outcome, why it shipped nothing, and who started it. */
export function deploymentNotes(deployment: MeasuredDeployment, hand: ByHand | null): string[] {
  const { outcome, mergesets, rollback, redeploy, isFirstSuccess } = deployment;
  const isExpectedToShip = outcome === 'success' && !rollback && !redeploy && !isFirstSuccess;
  const notes = [
    outcome === 'failure' && `failed${partsIn(deployment, 'failure')}`,
    deployment.revoked !== undefined && revokedWords(deployment.revoked),
    outcome === 'running' && runningWords(deployment),
    deployment.deployment.failedInGuard === true && "live, but failed in the guard's own step",
    outcome === 'success' && deployment.parts.length > 0 && partsWords(deployment),
    deployment.batched && `batch of ${mergesets.length}`,
    rollback && (deployment.race ? 'older commit, ended after a newer one (race)' : 'rollback'),
    redeploy && 'same commit again',
    deployment.records > 1 && `${deployment.records} deployments`,
    isExpectedToShip && mergesets.length === 0 && 'nothing new was merged since the last one',
    isFirstSuccess &&
      `first deployment to this environment${mergesets.every(({ untimed }) => untimed) ? ', untimed' : ''}`,
    deployment.assumed && 'this run, counts as live now',
    outcome === 'success' && deployment.succeededAt === null && 'time unknown',
    hand !== null && handWords(hand).replace(/^was /, ''),
  ];
  return notes.filter((note) => note !== false);
}

/** `marked failed 45m after it succeeded` */
export const revokedWords = ({ succeededAt, failedAt }: Revocation): string =>
  `marked failed ${duration((failedAt.getTime() - succeededAt.getTime()) / 1000)} after it succeeded`;

/** Parts of a rollout that nothing was deployed to yet, if no other part is running. */
export function awaitedParts({ parts, outcome }: MeasuredDeployment): MeasuredDeployment['parts'] {
  const running = parts.filter((part) => part.outcome === 'running');
  return outcome === 'running' && running.every((part) => part.deployment.isAwaited) ? running : [];
}

function runningWords(deployment: MeasuredDeployment): string {
  const awaited = awaitedParts(deployment).map(partName);
  return awaited.length > 0
    ? `not deployed to ${listed(awaited)} yet`
    : `still running${partsIn(deployment, 'running')}`;
}

/** The jobs of a rollout with this outcome. */
function partsIn({ parts }: MeasuredDeployment, outcome: 'failure' | 'running'): string {
  const some = parts.filter((part) => part.outcome === outcome && !part.deployment.isAwaited);
  if (some.length === 0) return '';
  const share = parts.length > 1 ? ` (${some.length} of ${parts.length} jobs)` : '';
  return ` in ${listed(some.map(partName))}${share}`;
}

function partsWords({ parts }: MeasuredDeployment): string {
  const times = parts.map((part) => `${partName(part)} ${part.succeededAt ? moment(part.succeededAt) : '–'}`);
  return `${parts.length} jobs: ${listed(times)}`;
}

const partName = ({ job, deployment }: MeasuredDeployment['parts'][number]): string =>
  job === null ? `${deployment.id}` : oneLine(job, 40);

/** The manual step of a deployment, as a predicate: `was started manually by octocat`. */
function handWords({ how, by, waited }: ByHand): string {
  const who = oneLine(by, 60);
  if (how === 'approved') return `waited ${duration(waited ?? 0)} for approval by ${who}`;
  return {
    dispatched: `was started manually by ${who}`,
    released: `was started by a release of ${who}`,
    created: `was created manually by ${who}`,
  }[how];
}
