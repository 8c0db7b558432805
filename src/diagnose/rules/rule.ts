import { quantileOf } from '../../measure/survival.ts';
import type { Evicted } from '../../model/pipeline.ts';
import type { CriticalPath, PathJob, PathStep, Seen } from '../critical-path.ts';
import type { Staged, StageReport } from '../stage-report.ts';
import type { Stage } from '../stages.ts';

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
}

export interface Rule {
  id: string;
  title: string;
  advice: string;
  yaml: string | null;
  /** The share of what was observed that would plausibly remain, at best and at worst. */
  remains: [number, number];
  find(evidence: Evidence): Hit[];
}

export const step =
  (matches: (step: PathStep) => boolean) =>
  ({ path }: Evidence): Hit[] =>
    path.steps.filter(matches).map((each) => ({
      ...each,
      where: `${each.job} / ${each.step}`,
      slackSeconds: slackOf(path, each.job),
    }));
export const job =
  (matches: (job: PathJob, evidence: Evidence) => boolean) =>
  (evidence: Evidence): Hit[] =>
    evidence.path.jobs
      .filter((each) => matches(each, evidence))
      .map((each) => ({ ...each, where: each.job }));
export const stage =
  (name: Stage, where: string) =>
  ({ report }: Evidence): Hit[] =>
    inStage(report, name, where);

const slackOf = (path: CriticalPath, name: string): number | null =>
  path.jobs.find((each) => each.job === name)?.slackSeconds ?? null;

export function inStage({ staged }: StageReport, name: Stage, where: string): Hit[] {
  const with_ = onePerRun(staged).filter((each) => (each.seconds[name] ?? 0) > 0);
  if (with_.length === 0) return [];
  const total = onePerRun(staged).reduce((sum, each) => sum + each.leadTimeSeconds, 0);
  const seen = with_.map((each) => ({
    seconds: each.seconds[name] ?? 0,
    run: each.pipeline?.run.id ?? 0,
    url: each.pipeline?.run.url ?? '',
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
  for (const each of staged) {
    const id = each.pipeline?.run.id;
    if (id !== undefined && each.leadTimeSeconds > (longest.get(id)?.leadTimeSeconds ?? -1))
      longest.set(id, each);
  }
  return [...longest.values()];
}

export const script = ({ fileStep }: PathStep): string => fileStep?.run ?? '';
export const uses = ({ fileStep }: PathStep, action: RegExp): boolean => action.test(fileStep?.uses ?? '');
export const cached = ({ fileJob }: PathStep): boolean =>
  fileJob?.steps.some(
    (each) =>
      /(?:^|\/)cache(?:@|\/)/.test(each.uses ?? '') ||
      each.with.cache !== undefined ||
      each.with['cache-dependency-path'] !== undefined ||
      each.with['bundler-cache'] !== undefined,
  ) ?? false;
