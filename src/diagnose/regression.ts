import type { FileChange } from '../model/pipeline.ts';
import { quantileOf } from '../model/survival.ts';
import { type Stage, STAGES } from '../model/terms.ts';
import type { CriticalPath } from './critical-path.ts';
import type { StageReport, Staged } from './stage-report.ts';

/** What made the window slower than the period before it, and since when. */
export interface Regression {
  /** Medians from merge to live, in seconds. */
  beforeSeconds: number;
  nowSeconds: number;
  /** The stage that explains most of it; `null` if there is no single cause. */
  stage: Stage | null;
  stageGrewSeconds: number | null;
  /** The job of that stage that grew most, if the jobs are known. */
  job: string | null;
  /** The step of that job that grew most. */
  step: string | null;
  /** The first slow deployment. */
  since: Since | null;
}

export interface Since {
  deployment: number | string;
  at: Date;
  pullRequests: number[];
  /** The change of a workflow file that this deployment shipped, if any. */
  workflowChange: FileChange | null;
}

/** A commit that changed a workflow file, and the deployment that shipped it. */
export interface ShippedChange {
  change: FileChange;
  deployment: number | string | null;
}

type Paths = { now: CriticalPath; before: CriticalPath };
type Growth = { name: string; grew: number };

const MIN_CHANGES = 5;

const median = (seconds: readonly number[]): number => quantileOf(seconds, 0.5);

/**
 * Compares the medians of the window with those of the period before. A stage is the cause if it accounts for at least
 * half of the growth.
 *
 * @returns `null` if the window is not slower by at least a tenth and half a minute, or if either has fewer than five
 * changes.
 */
export function regressionOf(
  report: StageReport,
  path: Paths,
  changes: readonly ShippedChange[],
): Regression | null {
  const { staged, before } = report;
  const now = staged.filter((change) => change.pipeline !== null);
  if (now.length < MIN_CHANGES || before.length < MIN_CHANGES) return null;
  const beforeSeconds = median(before.map(({ leadTimeSeconds }) => leadTimeSeconds));
  const nowSeconds = median(now.map(({ leadTimeSeconds }) => leadTimeSeconds));
  const growth = nowSeconds - beforeSeconds;
  if (growth < 30 || growth < beforeSeconds * 0.1) return null;

  const [largest] = STAGES.map((stage) => {
    const medianIn = (changes: readonly Pick<Staged, 'seconds'>[]) =>
      median(changes.map(({ seconds }) => seconds[stage] ?? 0));
    const [earlier, later] = [medianIn(before), medianIn(now)];
    return { stage, halfway: (earlier + later) / 2, grew: later - earlier };
  }).sort((a, b) => b.grew - a.grew);
  const cause = largest && largest.grew >= growth / 2 ? largest : null;
  const job = cause && jobThatGrew(now, before, cause.stage);
  return {
    beforeSeconds,
    nowSeconds,
    stage: cause?.stage ?? null,
    stageGrewSeconds: cause?.grew ?? null,
    job,
    step: job === null ? null : stepThatGrew(job, path),
    since: cause && changePoint(now, cause.stage, cause.halfway, changes),
  };
}

function jobThatGrew(now: readonly Staged[], before: StageReport['before'], stage: Stage): string | null {
  const medians = (changes: readonly Pick<Staged, 'segments'>[]) => {
    const times = new Map<string, number[]>();
    for (const { segments } of changes)
      for (const segment of segments)
        if (segment.stage === stage && segment.name !== null)
          times.set(segment.name, [...(times.get(segment.name) ?? []), segment.to - segment.from]);
    return new Map([...times].map(([name, seconds]) => [name, median(seconds)]));
  };
  const earlier = medians(before);
  return largestGrowth(
    [...medians(now)].map(([name, median]) => ({ name, grew: median - (earlier.get(name) ?? 0) })),
  );
}

function stepThatGrew(job: string, { now, before }: Paths): string | null {
  const earlier = (name: string) =>
    before.steps.find((step) => step.job === job && step.step === name)?.medianSeconds ?? 0;
  return largestGrowth(
    now.steps
      .filter((step) => step.job === job)
      .map((step) => ({ name: step.step, grew: step.medianSeconds - earlier(step.step) })),
  );
}

function largestGrowth(growths: Growth[]): string | null {
  const [first] = growths.sort((a, b) => b.grew - a.grew);
  return first && first.grew > 0 ? first.name : null;
}

/**
 * The first deployment at the new level: the cut of the series that puts the fewest changes on the wrong side of
 * `halfway`, and the earliest of several such cuts.
 */
function changePoint(
  now: readonly Staged[],
  stage: Stage,
  halfway: number,
  changes: readonly ShippedChange[],
): Since | null {
  const inOrder = now.toSorted((a, b) => a.deployment.at.getTime() - b.deployment.at.getTime());
  const isSlow = inOrder.map((change) => (change.seconds[stage] ?? 0) >= halfway);
  let misplaced = isSlow.filter((slow) => !slow).length;
  let best = { at: 0, misplaced };
  for (const [i, slow] of isSlow.entries()) {
    misplaced += slow ? 1 : -1;
    if (misplaced < best.misplaced) best = { at: i + 1, misplaced };
  }
  const first = inOrder[best.at]?.deployment;
  if (!first) return null;
  return {
    deployment: first.id,
    at: first.at,
    pullRequests: first.mergesets.flatMap((mergeset) => mergeset.number ?? []),
    workflowChange: changes.find((change) => change.deployment === first.id)?.change ?? null,
  };
}
