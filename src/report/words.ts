import prettyMilliseconds from 'pretty-ms';
import { oneLine } from '../model/guard-error.ts';
import { type BatchCause, type Pace, paceOf } from '../measure/batches.ts';
import type { ByHand } from '../diagnose/by-hand.ts';
import type { Budget } from '../judge/budget.ts';
import { BUDGET_DAYS } from '../model/terms.ts';
import type { FailedParts, Finding } from '../judge/findings.ts';
import type { Sureness } from '../judge/look.ts';
import type { MeasuredDeployment, MeasuredMergeset, Note } from '../measure/measured.ts';
import type { UnitAnswer } from './answer.ts';
import type { FindingKind } from '../model/terms.ts';
import type { Stage } from '../model/terms.ts';

/** A time for people, its two largest units: `6m 26s`, `1d 2h`, `0s`. Whole seconds, cut and not rounded. */
export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole === 0) return '0s';
  return prettyMilliseconds(whole * 1000, { unitCount: 2, hideYear: true });
}

/** An instant for people, in UTC to the minute: `2026-01-31 14:02`. */
export function moment(instant: Date): string {
  return instant.toISOString().slice(0, 16).replace('T', ' ');
}

export function percent(value: number): string {
  return `${value.toFixed(1)}%`;
}

/** `1 change`, `2 changes`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** What a mergeset is called in a line: its number, or a direct push's short commit. */
export function nameOf(mergeset: MeasuredMergeset): string {
  return mergeset.number === null ? mergeset.mergeCommit.slice(0, 7) : `#${mergeset.number}`;
}

/** What a unit is called: its service and where that is live. */
export function unitName({ name, environment }: Pick<UnitAnswer, 'name' | 'environment'>): string {
  return name.service ? `${name.service} (${environment})` : environment;
}

export const STATUS_WORDS: Record<UnitAnswer['status'], { mark: string; title: string }> = {
  'on-target': { mark: '🟢', title: 'On target' },
  slipping: { mark: '🟡', title: 'Slipping' },
  drifted: { mark: '🔴', title: 'Drifted' },
  'insufficient-data': { mark: '⚪', title: 'No verdict' },
};

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

/** All that is worth saying of a mergeset, in words. */
export function notesOf(each: MeasuredMergeset): string[] {
  return [
    ...each.notes.map((note) => noteWords(note, each)),
    ...(each.leftOut === null ? [] : [`not counted: ${each.leftOut}`]),
    ...(each.frozenSeconds > 0 ? [`${duration(each.frozenSeconds)} of it in a freeze`] : []),
  ];
}

/** What is worth saying of a mergeset, in words. */
export function noteWords(note: Note, { pickedAs }: Pick<MeasuredMergeset, 'pickedAs'>): string {
  return note === 'picked' && pickedAs !== null ? `picked as ${pickedAs.slice(0, 7)}` : NOTE_WORDS[note];
}

/** The verdict in one sentence: the statistic against the target, or why there is none. */
export function verdictSentence(answer: UnitAnswer): string {
  const { status, leadTime, leadTimeSeconds, leadTimeAtLeastSeconds, driftPercent, minSamples } = answer;
  const { statistic, seconds, thresholdSeconds } = answer.target;
  const what = `${statistic} lead time from merge to live in ${oneLine(answer.environment, 60)}${answer.name.service ? ` (${oneLine(answer.name.service, 60)})` : ''}`;
  const limits = `the target is ${duration(seconds)}, the limit ${duration(thresholdSeconds)}`;
  const waiting = `${leadTime.pending} of ${counted(leadTime.count, 'change')} ${leadTime.pending === 1 ? 'is' : 'are'} still waiting`;

  if (answer.reason === 'unreadable')
    return `No verdict: not everything could be read that ${what} depends on; what is missing is said below.`;
  const untimed = answer.mergesets.filter((each) => each.untimed);
  const left = answer.mergesets.filter((each) => each.leftOut !== null && !each.ridesAlong);
  if (answer.reason === 'too-few' && left.length > 0)
    return `No verdict: ${leadTime.count === 0 ? 'none' : `only ${leadTime.count}`} of the ${counted(answer.mergesets.length, 'change')} merged in the ${windowWords(answer)} ${leadTime.count === 1 ? 'is' : 'are'} counted, as "authors" leaves ${left.length} out, and it takes ${minSamples}.`;
  if (answer.reason === 'too-few' && leadTime.count === 0 && untimed.length > 0)
    return `No verdict: ${counted(untimed.length, 'change')} ${untimed.length === 1 ? 'was' : 'were'} merged in the ${windowWords(answer)} and ${untimed.length === 1 ? 'it cannot' : 'none can'} be timed, as ${whyUntimed(untimed)}.`;
  if (answer.reason === 'too-few') {
    const merged =
      leadTime.count === 0
        ? 'no change was'
        : `only ${counted(leadTime.count, 'change')} ${leadTime.count === 1 ? 'was' : 'were'}`;
    return `No verdict: ${merged} merged in the ${windowWords(answer)}, and it takes ${minSamples}.`;
  }
  if (leadTimeSeconds === null) {
    const atLeast = leadTimeAtLeastSeconds === null ? '' : ` at least ${duration(leadTimeAtLeastSeconds)}`;
    return status === 'drifted'
      ? `Drifted: ${what} is${atLeast}, as ${waiting}; ${limits}.${surenessWords(answer)}`
      : `No verdict: ${what} is not known yet (${atLeast.trim()}), as ${waiting}; ${limits}.`;
  }
  const value = `${leadTimeAtLeastSeconds === null ? '' : 'at least '}${duration(leadTimeSeconds)}`;
  const over = percent(driftPercent ?? 0);
  if (status === 'on-target') return `On target: ${what} is ${value}; ${limits}.`;
  if (status === 'slipping') return `Slipping: ${what} is ${value}, ${over} past the target; ${limits}.`;
  return `Drifted: ${what} is ${value}, ${over} past the target; ${limits}.${surenessWords(answer)}`;
}

/** The verdict in a line that is read in a second: `🔴 Drifted: p50 24m 35s, target 15m, limit 18m 45s`. */
export function verdictTitle(answer: UnitAnswer): string {
  const { status, leadTimeSeconds, leadTimeAtLeastSeconds, target } = answer;
  const { mark, title } = STATUS_WORDS[status];
  if (status === 'insufficient-data') return `${mark} ${title}`;
  const time =
    leadTimeSeconds === null ? `≥ ${duration(leadTimeAtLeastSeconds ?? 0)}` : duration(leadTimeSeconds);
  return `${mark} ${title}: ${target.statistic} ${time}, target ${duration(target.seconds)}, limit ${duration(target.thresholdSeconds)}`;
}

/** How sure a drift is, by what, and since when it is on alert. */
function surenessWords({ signal }: UnitAnswer): string {
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
export function oddsWords(chance: number): string {
  if (chance > 0.5) return 'more often than not';
  const times = 1 / chance;
  if (times > 1e6) return 'less than one time in a million';
  return `one time in ${times < 9.5 ? Number(times.toFixed(1)) : Math.round(times).toLocaleString('en-US')}`;
}

/** The reason of most of them; all have one. */
function whyUntimed(untimed: readonly MeasuredMergeset[]): string {
  const reasons = ['first-success', 'statuses-gone', 'tag-without-time'] as const;
  const has = (note: Note) => untimed.filter((each) => each.notes.includes(note)).length;
  const [most] = reasons.toSorted((a, b) => has(b) - has(a));
  if (most === 'first-success') return "this is the environment's first known success";
  return most === 'statuses-gone'
    ? 'the statuses of the deployments that shipped them are gone'
    : 'the tags that shipped them have no time';
}

export function windowWords({ window, askedWindow }: Pick<UnitAnswer, 'window' | 'askedWindow'>): string {
  const long = (from: Date) => duration((window.to.getTime() - from.getTime()) / 1000);
  const widened = window.from < askedWindow.from ? `, widened from ${long(askedWindow.from)}` : '';
  return `${long(window.from)} up to ${moment(window.to)} UTC${widened}`;
}

export function causeWords(cause: BatchCause): string {
  if (cause.kind === 'evicted')
    return `run ${cause.run} was replaced in its concurrency group before it began (${moment(cause.at)})`;
  return cause.kind === 'landed-together'
    ? `${cause.count} of them landed at one moment (${moment(cause.at)}), as a merge queue does`
    : `deployment ${cause.deployment} failed before it (${moment(cause.at)})`;
}

const MOST_NAMES = 20;

export function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

/** Why a deployment is a batch: what the facts show, or how fast changes were merged and how fast they go live. */
export function whyBatch(causes: readonly BatchCause[], pace: Pace | null): string {
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

export function batchSentence(
  deployment: MeasuredDeployment,
  causes: readonly BatchCause[],
  answer: Pick<UnitAnswer, 'maxBatch' | 'deployments'>,
): string {
  const { id, mergesets, authors } = deployment;
  const by = authors.length > 1 ? `, by ${authors.length} authors` : '';
  const pace = paceOf(deployment, answer.deployments);
  const why = causes.length === 0 && pace === null ? '' : `: ${whyBatch(causes, pace)}`;
  return `Deployment ${id} shipped ${mergesets.length} changes at once (${listed(mergesets.map(nameOf))})${by}, and max-batch is ${answer.maxBatch}${why}.`;
}

/** What to do where there is no verdict, by why there is none. */
const NO_DATA_ADVICE: Record<UnitAnswer['reason'], string> = {
  measured: '',
  'too-few': 'Widen "window" or lower "min-samples" if that is normal here.',
  'too-many-waiting': 'Deploy what is waiting; the verdict comes with it.',
  unreadable: 'Mend what is said there, or run it again; a wider window does not help.',
};

/** Findings by their kinds, those of which there are fewest first: one of a kind is not hidden behind many of another. */
export function rarestFirst<F extends { kind: FindingKind }>(findings: readonly F[]): F[] {
  const counts = new Map<FindingKind, number>();
  for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].sort((a, b) => a[1] - b[1]).map(([kind]) => kind);
  return kinds.flatMap((kind) => findings.filter((each) => each.kind === kind));
}

/** `6 more: 4 slow, 2 batch. See the job summary for the full list.` */
export function restWords(rest: readonly { kind: FindingKind }[]): string {
  const kinds = [...new Set(rest.map((each) => each.kind))];
  const words = kinds.map((kind) => `${rest.filter((each) => each.kind === kind).length} ${kind}`);
  return `${rest.length} more: ${words.join(', ')}. See the job summary for the full list.`;
}

/** What is wrong and what to do, in one line without any outsider's prose. */
export function findingMessage(finding: Finding, answer: UnitAnswer): string {
  const limit = duration(answer.target.thresholdSeconds);
  switch (finding.kind) {
    case 'drift':
      return `${verdictSentence(answer)} Fix the pipeline: the job summary names the slowest deployments and what is waiting.`;
    case 'budget-spent':
      return `The error budget is spent: ${budgetWords(finding.budget)}. Were the objective kept, so many would be late by chance ${oddsWords(finding.budget.chance)}.`;
    case 'budget-burning':
      return `The error budget burns: the last 20 deployments spent it ${times(finding.budget.burn.of20)} as fast as the objective allows, the last 5 ${times(finding.budget.burn.of5)}.`;
    case 'no-data':
      return `${verdictSentence(answer)} ${NO_DATA_ADVICE[answer.reason]}`;
    case 'batch':
      return `${batchSentence(finding.deployment, finding.causes, answer)} Deploy each merge on its own.`;
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
export function budgetWords({ changes, late, share, objective }: Budget): string {
  return `${changes - late} of ${counted(changes, 'change')} (${percent((share ?? 0) * 100)}) ${changes - late === 1 ? 'was' : 'were'} live within the limit in ${BUDGET_DAYS} days, and the objective is ${Number((objective * 100).toFixed(4))}%`;
}

function failedWords(failed: FailedParts | null): string {
  if (failed === null) return '';
  return ` Deployment ${failed.deployment} failed in ${oneLine(listed(failed.jobs))}.`;
}

/** Whose hand a deployment took. */
export function handWords({ how, by, waited }: ByHand): string {
  const who = oneLine(by, 60);
  if (how === 'approved') return `held for ${duration(waited ?? 0)} until ${who} approved it`;
  return {
    dispatched: `started by hand, by ${who}`,
    released: `started by a release of ${who}`,
    created: `made by hand, by ${who}`,
  }[how];
}

/** The stages, in words that stand in a table. */
export const STAGE_WORDS: Record<Stage, string> = {
  behind: 'behind another deployment',
  'by-hand': 'until someone started it',
  starting: 'until the pipeline started',
  're-runs': 'earlier attempts',
  runner: 'waiting for a runner',
  checks: 'checks before the deploy job',
  approval: 'waiting for approval',
  deploy: 'the deploy job',
  'before-deployment': 'before the deployment was created',
  deploying: 'deploying',
};
