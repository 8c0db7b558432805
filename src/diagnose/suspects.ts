import type { Evicted } from '../model/pipeline.ts';
import type { CriticalPath } from './critical-path.ts';
import {
  fullHistory,
  installWithoutCache,
  toolchainFromScratch,
  fullHistoryWithFiles,
} from './rules/setting-up.ts';
import { builtTwice, imageWithoutLayerCache } from './rules/building.ts';
import {
  analysisInPath,
  environmentHop,
  needlessSequence,
  oneLongTestJob,
  provisionedInPath,
} from './rules/in-the-way.ts';
import {
  approval,
  byTheCalendar,
  evicted,
  fixedWait,
  queuedBehind,
  reRuns,
  runnerStarvation,
} from './rules/waiting.ts';
import { quantileOf } from '../model/survival.ts';
import { type Evidence, type Hit, onePerRun, type Rule } from './rules/rule.ts';
import type { StageReport } from './stage-report.ts';

/** One of the usual suspects, caught: what shows it, what it may save, what to do. */
export interface Suspect {
  rule: string;
  title: string;
  /** The step, job or stage, as the runs call it. */
  where: string;
  medianSeconds: number;
  /** In how many of the runs that were looked at. */
  times: number;
  /** Of all time from merge to live, from 0 to 1. */
  share: number;
  /** Seconds a deployment, from … to: observed less what is plausible, never more than another job would let it save. */
  saving: { low: number; high: number };
  advice: string;
  yaml: string | null;
  /** Addresses of runs that show it, three at most. */
  runs: string[];
}

/** Fewer runs than this are an accident. */
const LEAST_RUNS = 5;
/** Less than this of the median lead time, or in seconds, nobody would mend. */
const LEAST_SHARE = 0.1;
const LEAST_SECONDS = 30;

/**
 * The usual suspects. A rule looks at what stands on the critical path, and fires on a name or a time it can show and
 * that the workflow file confirms; to add one, write it in `rules/` and name it here.
 */
export const RULES: readonly Rule[] = [
  installWithoutCache,
  fullHistory,
  fullHistoryWithFiles,
  imageWithoutLayerCache,
  provisionedInPath,
  environmentHop,
  runnerStarvation,
  needlessSequence,
  oneLongTestJob,
  toolchainFromScratch,
  builtTwice,
  analysisInPath,
  fixedWait,
  reRuns,
  queuedBehind,
  evicted,
  approval,
  byTheCalendar,
];

/** @returns those that fired, the largest likely saving first. */
export function suspectsIn(
  path: CriticalPath,
  report: StageReport,
  evicted: readonly Evicted[],
  environment: string,
): Suspect[] {
  const evidence: Evidence = { path, report, evicted, environment };
  const lead = onePerRun(report.staged).map((change) => change.leadTimeSeconds);
  const least = Math.max(LEAST_SECONDS, lead.length > 0 ? quantileOf(lead, 0.5) * LEAST_SHARE : 0);
  const found = RULES.flatMap((rule) =>
    rule
      .find(evidence)
      .filter((match) => isWorthIt(match, least))
      .map((hit) => ({ rule, hit, suspect: suspect(rule, hit, evidence) })),
  )
    .filter(({ suspect: { saving } }) => saving.high >= LEAST_SECONDS)
    .sort((a, b) => b.suspect.saving.high * b.suspect.times - a.suspect.saving.high * a.suspect.times);
  return onePerCause(found).map((each) => each.suspect);
}

function isWorthIt({ seen, medianSeconds }: Hit, least: number): boolean {
  return new Set(seen.map((seen) => seen.run)).size >= LEAST_RUNS && medianSeconds >= least;
}

/**
 * One line for one cause: what several rules say of one job, or of one step of it and all of it, is said once, by the one
 * that may save most. Two different steps of a job are two causes.
 */
function onePerCause<F extends { rule: Rule; hit: Hit }>(found: readonly F[]): F[] {
  const told: F[] = [];
  for (const each of found) {
    const isTold = told.some(({ rule, hit }) => {
      if ((rule.isOfOrder ?? false) !== (each.rule.isOfOrder ?? false)) return false;
      if (hit.job === undefined || hit.job !== each.hit.job) return false;
      const isWhole = hit.where === hit.job || each.hit.where === each.hit.job;
      if (!isWhole) return hit.where === each.hit.where;
      // A step that is most of its job is what the job is slow by.
      const [step, job] = [each.hit.medianSeconds, hit.medianSeconds].sort((a, b) => a - b);
      return (step ?? 0) >= (job ?? 0) / 2;
    });
    if (!isTold) told.push(each);
  }
  return told;
}

function suspect(rule: Rule, hit: Hit, evidence: Evidence): Suspect {
  const { where, seen, medianSeconds, share, slackSeconds, atStakeSeconds = medianSeconds } = hit;
  const most = slackSeconds ?? Number.POSITIVE_INFINITY;
  const save = (remains: number) => Math.round(Math.min(most, atStakeSeconds * (1 - remains)));
  return {
    rule: rule.id,
    title: rule.title,
    where,
    medianSeconds,
    times: new Set(seen.map((seen) => seen.run)).size,
    share,
    saving: { low: save(rule.remains[1]), high: save(rule.remains[0]) },
    advice: rule.advice,
    yaml: rule.yaml?.(hit, evidence) ?? null,
    runs: [...new Set(seen.toSorted((a, b) => b.seconds - a.seconds).map((seen) => seen.url))]
      .filter((url) => url !== '')
      .slice(0, 3),
  };
}
