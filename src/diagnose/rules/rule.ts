import { quantileOf } from '../../model/survival.ts';
import type { Evicted } from '../../model/pipeline.ts';
import type { CriticalPath, PathJob, PathStep, Seen } from '../critical-path.ts';
import type { Staged, StageReport } from '../stage-report.ts';
import type { FileJob, FileStep } from '../../model/workflow-file.ts';
import type { Stage } from '../../model/terms.ts';

/** What a rule is, and the ways in which rules look at what stands on the critical path. */

/** What rules look at. */
export interface Evidence {
  path: CriticalPath;
  report: StageReport;
  evicted: readonly Evicted[];
  environment: string;
}

export interface Hit {
  where: string;
  seen: Seen[];
  medianSeconds: number;
  share: number;
  slackSeconds: number | null;
  /** How much of its time could be saved at the very best; all of it, by default. */
  atStakeSeconds?: number;
  /** The job that it is about, and what the file says of it and of the step; nothing where it is about none. */
  job?: string;
  fileJob?: FileJob | null;
  fileStep?: FileStep | null;
}

export interface Rule {
  id: string;
  title: string;
  advice: string;
  /** To paste, made of the file's own names; `null`: nothing that would run as it stands. */
  yaml: ((hit: Hit, evidence: Evidence) => string | null) | null;
  /** The share of what was observed that would plausibly remain, at best and at worst. */
  remains: [number, number];
  /** Whether it is about when a job runs, and not about what it does: then it is another cause than what it does. */
  isOfOrder?: boolean;
  find(evidence: Evidence): Hit[];
}

export const step =
  (matches: (step: PathStep) => boolean) =>
  ({ path }: Evidence): Hit[] =>
    path.steps.filter(matches).map((step) => ({
      ...step,
      where: `${step.job} / ${step.step}`,
      job: step.job,
      slackSeconds: slackOf(path, step.job),
    }));
export const job =
  (matches: (job: PathJob, evidence: Evidence) => boolean) =>
  (evidence: Evidence): Hit[] =>
    evidence.path.jobs.filter((job) => matches(job, evidence)).map((job) => ({ ...job, where: job.job }));
export const stage =
  (name: Stage, where: string) =>
  ({ report }: Evidence): Hit[] =>
    inStage(report, name, where);

const slackOf = (path: CriticalPath, name: string): number | null =>
  path.jobs.find((job) => job.job === name)?.slackSeconds ?? null;

export function inStage({ staged }: StageReport, name: Stage, where: string): Hit[] {
  const with_ = onePerRun(staged).filter((change) => (change.seconds[name] ?? 0) > 0);
  if (with_.length === 0) return [];
  const total = onePerRun(staged).reduce((sum, change) => sum + change.leadTimeSeconds, 0);
  const seen = with_.map((change) => ({
    seconds: change.seconds[name] ?? 0,
    run: change.pipeline?.run.id ?? 0,
    url: change.pipeline?.run.url ?? '',
  }));
  return [
    {
      where,
      seen,
      medianSeconds: quantileOf(
        seen.map((each) => each.seconds),
        0.5,
      ),
      share: seen.reduce((sum, each) => sum + each.seconds, 0) / total,
      slackSeconds: null,
    },
  ];
}

export function onePerRun(staged: readonly Staged[]): Staged[] {
  const longest = new Map<number, Staged>();
  for (const change of staged) {
    const id = change.pipeline?.run.id;
    if (id !== undefined && change.leadTimeSeconds > (longest.get(id)?.leadTimeSeconds ?? -1))
      longest.set(id, change);
  }
  return [...longest.values()];
}

export const script = ({ fileStep }: Pick<Hit, 'fileStep'>): string => fileStep?.run ?? '';
export const uses = ({ fileStep }: PathStep, action: RegExp): boolean => action.test(fileStep?.uses ?? '');
/** Whether something of what a job does is not in its file: an action of the repository's own, a workflow that it calls. */
export const isOpaque = (job: FileJob | null | undefined): boolean =>
  job != null && (job.calls !== null || job.steps.some((step) => step.uses?.startsWith('./')));

/** Actions that keep what they fetched by themselves, unless they are told not to. */
const CACHES_BY_ITSELF =
  /^(?:swatinem\/rust-cache|astral-sh\/setup-uv|gradle\/(?:actions\/setup-gradle|gradle-build-action)|actions\/setup-go@v(?:[4-9]|\d\d)|jdx\/mise-action|pre-commit\/action|useblacksmith\/|buildjet\/cache|mozilla-actions\/sccache-action|nick-fields\/cache)/i;
const CACHE_INPUTS = ['cache', 'cache-dependency-path', 'bundler-cache', 'enable-cache', 'cache-downloads'];

/** Whether the job of a step keeps packages between runs. */
export const cached = ({ fileJob }: Pick<PathStep, 'fileJob'>): boolean =>
  fileJob?.steps.some((step) => {
    const off = CACHE_INPUTS.some((name) => String(step.with[name]) === 'false');
    return (
      /(?:^|\/)cache(?:@|\/)/.test(step.uses ?? '') ||
      (CACHES_BY_ITSELF.test(step.uses ?? '') && !off) ||
      CACHE_INPUTS.some((name) => step.with[name] !== undefined && String(step.with[name]) !== 'false')
    );
  }) ?? false;

/** Steps to put into a job of the file, as a piece of it; nothing where the file does not have the job. */
export function jobYaml({ fileJob }: Pick<Hit, 'fileJob'>, steps: readonly string[]): string | null {
  if (!fileJob || !/^[\w-]+$/.test(fileJob.id)) return null;
  return [`jobs:`, `  ${fileJob.id}:`, `    steps:`, ...steps.map((step) => `      ${step}`)].join('\n');
}
