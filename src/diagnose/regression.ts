import type { FileChange } from '../model/pipeline.ts';
import type { CriticalPath } from './critical-path.ts';
import { quantileOf } from '../model/survival.ts';
import type { StageReport, Staged } from './stage-report.ts';
import { type Stage, STAGES } from '../model/terms.ts';

/** Where a window is slower than the period before: what grew, and since when. */
export interface Regression {
  /** Medians from merge to live, in seconds. */
  beforeSeconds: number;
  nowSeconds: number;
  /** The stage that explains most of it; `null`: no single cause. */
  stage: Stage | null;
  stageGrewSeconds: number | null;
  /** The job of that stage that grew most, where jobs are told. */
  job: string | null;
  /** The step of that job that grew most. */
  step: string | null;
  /** The first deployment of the change, and the pull requests that went in there. */
  since: Since | null;
}

export interface Since {
  deployment: number | string;
  at: Date;
  pullRequests: number[];
  /** The change of a workflow file that went in there, if any. */
  workflowChange: FileChange | null;
}

/** A commit that changed a workflow file, and the deployment that shipped it. */
export interface ShippedChange {
  change: FileChange;
  deployment: number | string | null;
}

const LEAST = 5;

/**
 * Compares medians with the period before. A stage is the cause where it grew by half of the whole growth at least;
 * the change is where the series goes from nearer the old median to nearer the new. Nothing where the window is not slower
 * by a tenth and by half a minute, or where fewer than five of either are known.
 */
export function regressionOf(
  report: StageReport,
  path: { now: CriticalPath; before: CriticalPath },
  changes: readonly ShippedChange[],
): Regression | null {
  const { staged, before } = report;
  const now = staged.filter((change) => change.pipeline !== null);
  if (now.length < LEAST || before.length < LEAST) return null;
  const total = (seconds: Partial<Record<Stage, number>>) =>
    Object.values(seconds).reduce((sum, each) => sum + each, 0);
  const beforeSeconds = quantileOf(
    before.map((each) => total(each.seconds)),
    0.5,
  );
  const nowSeconds = quantileOf(
    now.map((change) => change.leadTimeSeconds),
    0.5,
  );
  const growth = nowSeconds - beforeSeconds;
  if (growth < 30 || growth < beforeSeconds * 0.1) return null;

  const median = (all: readonly { seconds: Partial<Record<Stage, number>> }[], stage: Stage) =>
    quantileOf(
      all.map((each) => each.seconds[stage] ?? 0),
      0.5,
    );
  const [largest] = STAGES.map((stage) => {
    const [was, is] = [median(before, stage), median(now, stage)];
    return { stage, before: was, now: is, grew: is - was };
  }).sort((a, b) => b.grew - a.grew);
  if (!largest || largest.grew < growth / 2)
    return {
      beforeSeconds,
      nowSeconds,
      stage: null,
      stageGrewSeconds: null,
      job: null,
      step: null,
      since: null,
    };
  const job = jobThatGrew(now, before, largest.stage);
  return {
    beforeSeconds,
    nowSeconds,
    stage: largest.stage,
    stageGrewSeconds: largest.grew,
    job,
    step: job === null ? null : stepThatGrew(job, path),
    since: changePoint(now, largest.stage, (largest.before + largest.now) / 2, changes),
  };
}

function jobThatGrew(now: readonly Staged[], before: StageReport['before'], stage: Stage): string | null {
  const medians = (all: readonly Pick<Staged, 'segments'>[]) => {
    const times = new Map<string, number[]>();
    for (const { segments } of all)
      for (const segment of segments)
        if (segment.stage === stage && segment.name !== null)
          times.set(segment.name, [...(times.get(segment.name) ?? []), segment.to - segment.from]);
    return new Map([...times].map(([name, all]) => [name, quantileOf(all, 0.5)]));
  };
  const earlier = medians(before);
  const [first] = [...medians(now)]
    .map(([name, median]) => ({ name, grew: median - (earlier.get(name) ?? 0) }))
    .sort((a, b) => b.grew - a.grew);
  return first && first.grew > 0 ? first.name : null;
}

function stepThatGrew(
  job: string,
  { now, before }: { now: CriticalPath; before: CriticalPath },
): string | null {
  const earlier = (name: string) =>
    before.steps.find((step) => step.job === job && step.step === name)?.medianSeconds ?? 0;
  const [first] = now.steps
    .filter((step) => step.job === job)
    .map((step) => ({ name: step.step, grew: step.medianSeconds - earlier(step.step) }))
    .sort((a, b) => b.grew - a.grew);
  return first && first.grew > 0 ? first.name : null;
}

/** Where the series goes from nearer the old median to nearer the new: the earliest cut with the fewest on the wrong side. */
function changePoint(
  now: readonly Staged[],
  stage: Stage,
  between: number,
  changes: readonly ShippedChange[],
): Since | null {
  const inOrder = now.toSorted((a, b) => a.deployment.at.getTime() - b.deployment.at.getTime());
  const isNew = inOrder.map((change) => (change.seconds[stage] ?? 0) >= between);
  let wrong = isNew.filter((each) => !each).length;
  let best = { at: 0, wrong };
  for (const [i, each] of isNew.entries()) {
    wrong += each ? 1 : -1;
    if (wrong < best.wrong) best = { at: i + 1, wrong };
  }
  const first = inOrder[best.at]?.deployment;
  if (!first) return null;
  return {
    deployment: first.id,
    at: first.at,
    pullRequests: first.mergesets.flatMap((mergeset) => (mergeset.number === null ? [] : [mergeset.number])),
    workflowChange: changes.find((change) => change.deployment === first.id)?.change ?? null,
  };
}
