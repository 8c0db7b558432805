import type { Evicted } from '../model/pipeline.ts';
import type { CriticalPath } from './critical-path.ts';
import { fullHistory, installWithoutCache, toolchainFromScratch } from './rules/setting-up.ts';
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
import type { Evidence, Hit, Rule } from './rules/rule.ts';
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
const LEAST_SHARE = 0.1;
const LEAST_SECONDS = 60;

/**
 * The usual suspects. A rule looks at what stands on the critical path, and fires on a name or a time it can show and
 * that the workflow file confirms; to add one, write it in `rules/` and name it here.
 */
export const RULES: readonly Rule[] = [
  installWithoutCache,
  fullHistory,
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
  return RULES.flatMap((rule) =>
    rule
      .find(evidence)
      .filter(isWorthIt)
      .map((hit) => suspect(rule, hit)),
  )
    .filter((each) => each.saving.high > 0)
    .sort((a, b) => b.saving.high * b.times - a.saving.high * a.times);
}

function isWorthIt({ seen, medianSeconds, share }: Hit): boolean {
  return (
    new Set(seen.map((each) => each.run)).size >= LEAST_RUNS &&
    (share >= LEAST_SHARE || medianSeconds >= LEAST_SECONDS)
  );
}

function suspect(rule: Rule, { where, seen, medianSeconds, share, slackSeconds }: Hit): Suspect {
  const most = slackSeconds ?? Number.POSITIVE_INFINITY;
  const save = (remains: number) => Math.round(Math.min(most, medianSeconds * (1 - remains)));
  return {
    rule: rule.id,
    title: rule.title,
    where,
    medianSeconds,
    times: new Set(seen.map((each) => each.run)).size,
    share,
    saving: { low: save(rule.remains[1]), high: save(rule.remains[0]) },
    advice: rule.advice,
    yaml: rule.yaml,
    runs: [...new Set(seen.toSorted((a, b) => b.seconds - a.seconds).map((each) => each.url))]
      .filter((url) => url !== '')
      .slice(0, 3),
  };
}
