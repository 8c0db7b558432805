import type { EvictedRun } from '../model/pipeline.ts';
import { quantileOf } from '../model/survival.ts';
import { type CriticalPath, longestPerRun, type PathJob, type PathStep } from './critical-path.ts';
import {
  ancestorsOf,
  type Change,
  type GraphJob,
  idOf,
  isSameInFile,
  type JobGraph,
  keyOf,
  savedBy,
} from './job-graph.ts';
import { builtTwice, noCompilerCache } from './rules/building.ts';
import { imageAsArtifact, largeArtifact } from './rules/handed-over.ts';
import { emulatedPlatform, imageWithoutLayerCache, machineImageInPath } from './rules/images.ts';
import { builtInSequence, rolledOutInSequence } from './rules/in-turn.ts';
import { environmentHop } from './rules/environments.ts';
import { imageAfterTests, longBeforeQuick, needlessSequence } from './rules/job-order.ts';
import { oneLongTestJob } from './rules/test-jobs.ts';
import {
  analysisInPath,
  notNeededByDeployment,
  plannedTwice,
  provisionedInPath,
  smallJob,
} from './rules/unneeded.ts';
import {
  deploymentsIn,
  does,
  type Evidence,
  type Hit,
  jobOf,
  namesIn,
  partsOf,
  type Rule,
  stepsOf,
} from './rules/rule.ts';
import {
  databaseSetUpAgain,
  fullHistory,
  fullHistoryWithFiles,
  installWithoutCache,
  largeImagePulled,
  retaggedImage,
  serviceContainers,
  setUpAgain,
  toolchainFromScratch,
} from './rules/setting-up.ts';
import {
  approval,
  byTheCalendar,
  evicted,
  fixedWait,
  queuedBehind,
  reRuns,
  runnerStarvation,
} from './rules/waiting.ts';
import { MIN_RUNS, type StageReport } from './stage-report.ts';

/** A step, a job or a wait that probably makes deployments slower than necessary. */
export interface Suspect {
  rule: string;
  title: string;
  /** The step, job or stage, with the names that its runs use. */
  where: string;
  medianSeconds: number;
  /** Number of runs that show it. */
  times: number;
  /** Share of all time from merge to live, from 0 to 1. */
  share: number;
  /** Seconds that a deployment would probably save. Never more than the jobs in parallel allow. */
  saving: { low: number; high: number };
  advice: string;
  yaml: string | null;
  /** A fact that would make it wrong and the files do not show. Then it is a question. */
  doubt?: string;
  /** The change of the workflow file, if the file shows enough to write it. */
  diff?: string;
  /** Addresses of the slowest runs that show it, at most three. */
  runs: string[];
}

/** A suspect must take this share of the median lead time, and take and save this many seconds. */
const MIN_SHARE = 0.04;
const MIN_SECONDS = 30;
/** A step or a job must save this many seconds at worst, and this many and this share of the median lead time at best. */
const MIN_LOW_SECONDS = 15;
const MIN_HIGH_SECONDS = 45;
const MIN_SAVED_SHARE = 0.06;
/** The share that a question must save at best, to be worth asking. */
const MIN_OF_QUESTION = 0.1;
/** This is worth a change, however long a deployment takes. Seconds. */
const MUCH_SECONDS = 150;
/** Fewer seconds are enough if they are this share. */
const LARGE_SHARE = 0.12;
const MIN_OF_LARGE_SHARE = 36;
/** Suspects in steps and jobs of one pipeline. A team can hardly make more changes at once. */
const MAX_IN_JOBS = 4;

/** All rules. To add one, write it in `rules/`, let it fire only on names and times it can show, and list it here. */
export const RULES: readonly Rule[] = [
  installWithoutCache,
  setUpAgain,
  fullHistory,
  fullHistoryWithFiles,
  toolchainFromScratch,
  databaseSetUpAgain,
  serviceContainers,
  largeImagePulled,
  retaggedImage,
  imageWithoutLayerCache,
  emulatedPlatform,
  machineImageInPath,
  noCompilerCache,
  builtTwice,
  builtInSequence,
  rolledOutInSequence,
  imageAsArtifact,
  largeArtifact,
  provisionedInPath,
  plannedTwice,
  environmentHop,
  smallJob,
  runnerStarvation,
  needlessSequence,
  imageAfterTests,
  longBeforeQuick,
  oneLongTestJob,
  analysisInPath,
  notNeededByDeployment,
  fixedWait,
  reRuns,
  queuedBehind,
  evicted,
  approval,
  byTheCalendar,
];

/** @returns the suspects, the largest likely saving of all runs first. */
export function suspectsIn(
  path: CriticalPath,
  report: StageReport,
  evicted: readonly EvictedRun[],
  environment: string,
): Suspect[] {
  // A job whose place in the file is unknown says nothing, and one after the deployment delays none.
  const isClear = ({ job, workflow }: Pick<PathJob, 'job' | 'workflow'>) =>
    !path.jobs.some(
      (other) => other.job === job && other.workflow === workflow && (other.ambiguous || other.isAfter),
    );
  const visible = { ...path, jobs: path.jobs.filter(isClear), steps: path.steps.filter(isClear) };
  const deployments = deploymentsIn({ path: visible });
  // A step after the last one that deploys delays the result of the run, but not the change.
  const isLive = (step: PathStep) => {
    const own = stepsOf(step, visible);
    const last = own.findLastIndex((other) => deployments.includes(other));
    return (jobOf(step, visible)?.isDeploy ?? false) && last >= 0 && own.indexOf(step) > last;
  };
  const clear = { ...visible, steps: visible.steps.filter((step) => !isLive(step)) };
  const evidence: Evidence = { path: clear, report, evicted, environment };
  // The time until somebody or a schedule starts the run says nothing about its steps.
  const leadTimes = longestPerRun(report.staged).map(
    ({ leadTimeSeconds, seconds }) =>
      leadTimeSeconds - (seconds['by-hand'] ?? 0) - (seconds.schedule ?? 0) - (seconds.starting ?? 0),
  );
  const leadTime = quantileOf(leadTimes, 0.5);
  const minSaving = ({ doubt }: Hit) =>
    Math.min(
      MUCH_SECONDS,
      Math.max(MIN_HIGH_SECONDS, leadTime * (doubt ? MIN_OF_QUESTION : MIN_SAVED_SHARE)),
      Math.max(MIN_OF_LARGE_SHARE, leadTime * LARGE_SHARE),
    );
  const isWorth = ({ rule, suspect: { times, medianSeconds, saving }, hit }: Finding) =>
    times >= MIN_RUNS &&
    medianSeconds >= Math.max(MIN_SECONDS, leadTime * (rule.minShare ?? MIN_SHARE)) &&
    (hit.job === undefined
      ? saving.high >= MIN_SECONDS
      : saving.high >= minSaving(hit) && saving.low >= MIN_LOW_SECONDS);
  const findings = RULES.flatMap((rule) =>
    rule.find(evidence).map((hit) => ({ rule, hit, suspect: suspectOf(rule, hit, evidence) })),
  )
    .filter(isWorth)
    .sort((a, b) => b.suspect.saving.high * b.suspect.times - a.suspect.saving.high * a.suspect.times);
  const worth = withOthers(
    onePerCause(findings.filter((finding) => !isAnswered(finding, findings))),
    clear.graphs,
  ).filter(isWorth);
  const inJobs = worth
    .filter(({ hit }) => hit.job !== undefined)
    .sort((a, b) => b.suspect.saving.high - a.suspect.saving.high)
    .slice(0, MAX_IN_JOBS);
  return worth
    .filter((finding) => finding.hit.job === undefined || inJobs.includes(finding))
    .map(({ suspect }) => suspect);
}

/** True for a question about the order of steps that surer findings move or leave out, so that their change answers it. */
function isAnswered({ rule, hit }: Finding, findings: readonly Finding[]): boolean {
  const moved = findings.flatMap(({ rule: { cause, id }, hit: other }) =>
    other.doubt === undefined && (cause === 'order' || id === provisionedInPath.id) ? namesIn([other]) : [],
  );
  return (
    hit.doubt !== undefined &&
    rule.cause === 'order' &&
    namesIn([hit]).every((where) => moved.includes(where))
  );
}

interface Finding {
  rule: Rule;
  hit: Hit;
  suspect: Suspect;
}

/** The change that a finding asks for: the order of jobs, or the time of its job or of the jobs of its parts. */
function changeOf({ rule, hit }: Finding): Change {
  if (hit.change) return hit.change;
  const [best, worst] = hit.remains ?? rule.remains;
  const share = 1 - (best + worst) / 2;
  const parts = partsOf(hit);
  const total = parts.reduce((sum, { medianSeconds }) => sum + medianSeconds, 0);
  const scale = total > 0 ? (share * (hit.atStakeSeconds ?? hit.medianSeconds)) / total : 0;
  return (job, { jobs }) => {
    const seconds = parts
      .filter(({ id }) => [...jobs.values()].some((other) => isNamed(other, id) && isSameInFile(other, job)))
      .reduce((sum, { medianSeconds }) => sum + medianSeconds * scale, 0);
    return seconds > 0 ? { ...job, seconds: Math.max(0, job.seconds - seconds) } : job;
  };
}
const isNamed = (job: GraphJob, id: string | undefined): boolean => idOf(job) === id || keyOf(job) === id;

/** A finding without what it saves in some steps, which another change leaves out. */
function withoutSteps(finding: Finding, steps: ReadonlySet<string>): Finding {
  const parts = partsOf(finding.hit);
  const sum = (some: readonly Hit[]) => some.reduce((total, { medianSeconds }) => total + medianSeconds, 0);
  const kept = parts.filter(({ where }) => !steps.has(where));
  // What a job takes from another one, it does not build beside it.
  const isMoved = finding.rule === imageAfterTests && kept.length < parts.length;
  const share = isMoved ? 0 : sum(kept) / Math.max(1, sum(parts));
  const { low, high } = finding.suspect.saving;
  const saving = { low: Math.round(low * share), high: Math.round(high * share) };
  return share === 1 ? finding : { ...finding, suspect: { ...finding.suspect, saving } };
}

/** A finding that saves at most some seconds. */
function limitedTo(finding: Finding, limit: number): Finding {
  const { low, high } = finding.suspect.saving;
  const most = Math.max(0, Math.min(high, limit));
  const saving = { low: Math.round(high === 0 ? 0 : (low * most) / high), high: Math.round(most) };
  return { ...finding, suspect: { ...finding.suspect, saving } };
}

const INSTEAD = 'If it runs beside what it waits for now, this hardly saves anything.';

/** Limits each finding to what it saves after jobs were put into a new order by those before it. */
function withOthers(findings: readonly Finding[], graphs: readonly JobGraph[]): Finding[] {
  const known = (hit: Hit) =>
    graphs.some((graph) =>
      [graph.last, ...ancestorsOf(graph, graph.last)].some((key) => {
        const job = graph.jobs.get(key);
        return job !== undefined && partsOf(hit).some(({ id }) => isNamed(job, id));
      }),
    );
  const builtAgain = findings.flatMap(({ rule, hit }) => (rule === builtTwice ? partsOf(hit) : []));
  const again = new Set(namesIn(builtAgain));
  const imagesAgain = namesIn(builtAgain.filter(({ fileStep = null }) => does({ fileStep }, 'image')));
  let made: Change = (job) => job;
  const moved: (string | undefined)[] = [];
  return findings.map((found) => {
    const { hit } = found;
    const isMadeAgain =
      found.rule === imageAfterTests && imagesAgain.some((where) => where.startsWith(`${hit.where} / `));
    const finding = isMadeAgain
      ? limitedTo(found, 0)
      : hit.change || found.rule === builtTwice
        ? found
        : withoutSteps(found, again);
    const { suspect } = finding;
    if (hit.job === undefined || hit.atStakeSeconds === 0 || !known(hit)) return finding;
    const [before, own] = [made, changeOf(finding)];
    const both: Change = (job, graph) => own(before(job, graph), graph);
    // Only a new order takes jobs out of the path: those that were waited for, rather than the one that waited.
    if (hit.change) {
      const added = savedBy(graphs, both) - savedBy(graphs, before);
      made = both;
      moved.push(...(hit.moves ?? [hit.id]));
      return limitedTo(finding, added);
    }
    if (partsOf(hit).every(({ id }) => moved.includes(id))) {
      const left = savedBy(graphs, both) - savedBy(graphs, before);
      return left * 2 < suspect.saving.low
        ? { ...finding, suspect: { ...suspect, advice: `${suspect.advice} ${INSTEAD}` } }
        : finding;
    }
    const { high } = suspect.saving;
    // Without other changes, the rule has said what it saves.
    const alone = savedBy(graphs, own);
    const limit =
      alone === 0 ? high : (high * Math.max(0, savedBy(graphs, both) - savedBy(graphs, before))) / alone;
    return limitedTo(finding, limit);
  });
}

/** Keeps the finding that may save most for each cause. */
function onePerCause(findings: readonly Finding[]): Finding[] {
  const kept: Finding[] = [];
  for (const finding of findings) if (!kept.some((other) => isSameCause(other, finding))) kept.push(finding);
  return kept;
}

/** True if two findings are about one step, or one is about a job and the other about most of that job. */
function isSameCause(a: Finding, b: Finding): boolean {
  // A check that another change makes quick need not move.
  if (
    b.rule === analysisInPath &&
    partsOf(b.hit).every((one) => partsOf(a.hit).some(({ where }) => where === one.where))
  )
    return true;
  if (a.rule.cause !== b.rule.cause) return false;
  // Images that are built earlier can still be built one after the other.
  const rules = [a.rule, b.rule];
  if (rules.includes(imageAfterTests) && rules.includes(builtInSequence)) return false;
  const isAboutJob = ({ where, job }: Hit) => where === job;
  return partsOf(a.hit).some((one) =>
    partsOf(b.hit).some((other) => {
      if (one.job === undefined || one.job !== other.job) return false;
      if (one.where === other.where) return true;
      const times = [one.medianSeconds, other.medianSeconds];
      return isAboutJob(one) !== isAboutJob(other) && Math.min(...times) >= Math.max(...times) / 2;
    }),
  );
}

/** The most steps that a finding names. */
const MAX_NAMED = 3;

/** The steps of a finding, the one that it is named after first: `build / Lint, Types and 2 more`. */
function whereOf(hit: Hit): string {
  const { where, medianSeconds, parts = [] } = hit;
  let job = parts.find((part) => part.where === where)?.job ?? hit.job;
  const named = parts
    .filter((part, i) => parts.findIndex((one) => one.where === part.where) === i)
    .filter((part) => part.where !== where && part.medianSeconds * MAX_NAMED * 3 >= medianSeconds)
    .map((part) => {
      const name = part.job === job ? part.where.slice(`${job} / `.length) : part.where;
      job = part.job;
      return name;
    });
  if (named.length === 0 || parts.some((part) => part.where === part.job)) return where;
  const rest = named.length + 1 - MAX_NAMED;
  const all = [where, ...(rest < 2 ? named : [...named.slice(0, MAX_NAMED - 1), `${rest} more`])];
  return `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

function suspectOf(rule: Rule, hit: Hit, evidence: Evidence): Suspect {
  const { seen, medianSeconds, share, slackSeconds, atStakeSeconds = medianSeconds } = hit;
  const diff = rule.diff?.(hit, evidence);
  const [best, worst] = hit.remains ?? rule.remains;
  const limit = slackSeconds ?? Number.POSITIVE_INFINITY;
  const saving = (remains: number) => Math.round(Math.min(limit, atStakeSeconds * (1 - remains)));
  return {
    rule: rule.id,
    title: rule.title,
    where: whereOf(hit),
    medianSeconds,
    times: new Set(seen.map((seen) => seen.run)).size,
    share: Math.round(share * 10_000) / 10_000,
    saving: { low: saving(worst), high: saving(best) },
    advice: hit.advice ?? rule.advice,
    yaml: rule.yaml?.(hit, evidence) ?? null,
    ...(diff ? { diff } : {}),
    ...(hit.doubt ? { doubt: hit.doubt } : {}),
    runs: [...new Set(seen.toSorted((a, b) => b.seconds - a.seconds).map((seen) => seen.url))]
      .filter((url) => url !== '')
      .slice(0, 3),
  };
}
