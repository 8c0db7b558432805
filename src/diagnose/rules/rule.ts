import type { EvictedRun } from '../../model/pipeline.ts';
import { quantileOf } from '../../model/survival.ts';
import type { Stage } from '../../model/terms.ts';
import { allSteps, type FileJob, type FileStep } from '../../model/workflow-file.ts';
import {
  type CriticalPath,
  longestPerRun,
  mostFrequent,
  type PathJob,
  type PathStep,
  type Seen,
} from '../critical-path.ts';
import type { StageReport } from '../stage-report.ts';
import type { Segment } from '../stages.ts';

/** The type of a rule, and helpers that find steps, jobs and stages on the critical path. */

export interface Evidence {
  path: CriticalPath;
  report: StageReport;
  evicted: readonly EvictedRun[];
  environment: string;
}

export interface Hit {
  /** The step, job or stage, as people read it. */
  where: string;
  seen: Seen[];
  medianSeconds: number;
  share: number;
  slackSeconds: number | null;
  /** The part of its time that could be saved at best. Defaults to `medianSeconds`. */
  atStakeSeconds?: number;
  /** The job, and the job and the step in the workflow file; absent if the hit does not belong to a job. */
  job?: string;
  fileJob?: FileJob | null;
  fileStep?: FileStep | null;
}

export interface Rule {
  id: string;
  title: string;
  advice: string;
  /** YAML to paste, with the names of the workflow file. It returns `null` if it cannot write YAML that would run. */
  yaml: ((hit: Hit, evidence: Evidence) => string | null) | null;
  /** The share of the observed time that would probably remain, at best and at worst. */
  remains: [number, number];
  /** True if the rule is about when a job runs, which is a different cause than what the job does. */
  isOfOrder?: boolean;
  find(evidence: Evidence): Hit[];
}

export const stepsWhere =
  (matches: (step: PathStep) => boolean) =>
  ({ path }: Evidence): Hit[] =>
    path.steps.filter(matches).map((step) => ({
      ...step,
      where: `${step.job} / ${step.step}`,
      slackSeconds: path.jobs.find((job) => job.job === step.job)?.slackSeconds ?? null,
    }));

export const jobsWhere =
  (matches: (job: PathJob, evidence: Evidence) => boolean) =>
  (evidence: Evidence): Hit[] =>
    evidence.path.jobs.filter((job) => matches(job, evidence)).map((job) => ({ ...job, where: job.job }));

/**
 * The time that runs spent in a stage, as one hit that names the most frequent cause; nothing if no run did.
 *
 * @param counts - the segments of the stage that count. Defaults to all.
 */
export const inStage =
  (stage: Stage, where: string, counts: (segment: Segment) => boolean = () => true) =>
  ({ report }: Pick<Evidence, 'report'>): Hit[] => {
    const changes = longestPerRun(report.staged);
    const causes: string[] = [];
    const seen = changes.flatMap(({ pipeline, segments }) => {
      const inStage = segments.filter((segment) => segment.stage === stage && counts(segment));
      const seconds = inStage.reduce((sum, { from, to }) => sum + to - from, 0);
      causes.push(...new Set(inStage.flatMap(({ cause }) => cause ?? [])));
      return pipeline && seconds > 0 ? [{ seconds, run: pipeline.run.id, url: pipeline.run.url }] : [];
    });
    const cause = mostFrequent(causes);
    return hitIn(cause === null ? where : `${where} (group ${cause})`, seen, changes);
  };

/** A hit whose share is its part of the lead times of some changes; nothing if it was never seen. */
export function hitIn(
  where: string,
  seen: Seen[],
  changes: readonly Pick<StageReport['staged'][number], 'leadTimeSeconds'>[],
): Hit[] {
  if (seen.length === 0) return [];
  const times = seen.map(({ seconds }) => seconds);
  const sum = times.reduce((subtotal, seconds) => subtotal + seconds, 0);
  const total = changes.reduce((subtotal, change) => subtotal + change.leadTimeSeconds, 0);
  const share = total > 0 ? sum / total : 0;
  return [{ where, seen, medianSeconds: quantileOf(times, 0.5), share, slackSeconds: null }];
}

export const scriptOf = ({ fileStep }: Pick<Hit, 'fileStep'>): string => fileStep?.run ?? '';
export const usesAction = ({ fileStep }: PathStep, action: RegExp): boolean =>
  action.test(fileStep?.uses ?? '');

/** True if the files do not show all of a job: it calls a workflow, or uses an action of its own repository that was not read. */
export const isOpaque = (job: FileJob | null | undefined): boolean =>
  job != null && (job.calls !== null || allSteps(job.steps).some((step) => step.uses?.startsWith('./')));

/** Actions that cache by default. */
const CACHES_BY_DEFAULT =
  /^(?:swatinem\/rust-cache|astral-sh\/setup-uv|gradle\/(?:actions\/setup-gradle|gradle-build-action)|actions\/setup-go@v(?:[4-9]|\d\d)|jdx\/mise-action|pre-commit\/action|useblacksmith\/|buildjet\/cache|mozilla-actions\/sccache-action|nick-fields\/cache)/i;
const CACHE_INPUTS = ['cache', 'cache-dependency-path', 'bundler-cache', 'enable-cache', 'cache-downloads'];

/** True if the job of a step keeps packages between runs. */
export const hasCache = ({ fileJob }: Pick<PathStep, 'fileJob'>): boolean =>
  allSteps(fileJob?.steps ?? []).some((step) => {
    const inputs = CACHE_INPUTS.filter((name) => step.with[name] !== undefined);
    const off = inputs.filter((name) => String(step.with[name]) === 'false');
    return (
      /(?:^|\/)cache(?:@|\/)/.test(step.uses ?? '') ||
      (CACHES_BY_DEFAULT.test(step.uses ?? '') && off.length === 0) ||
      off.length < inputs.length
    );
  });

/** Steps to add to a job, as YAML; `null` if the file does not have the job or its name needs quotes. */
export function jobYaml({ fileJob }: Pick<Hit, 'fileJob'>, steps: readonly string[]): string | null {
  if (!fileJob || !/^[\w-]+$/.test(fileJob.id)) return null;
  return [`jobs:`, `  ${fileJob.id}:`, `    steps:`, ...steps.map((step) => `      ${step}`)].join('\n');
}
