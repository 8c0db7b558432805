import { firstIndex } from '../measure/sorted.ts';
import type { Timeline } from '../measure/timeline.ts';
import { quantileOf } from '../model/survival.ts';
import { type Stage, STAGES } from '../model/terms.ts';
import { pettitt } from './pettitt.ts';
import type { StageReport } from './stage-report.ts';

/** Values in the order of their deployments, and the deployment of each value. */
export interface Series<P> {
  values: readonly number[];
  points: readonly P[];
}

/** A series that became slower: the last point at its old level and the first at its new one. */
export interface Slip<P> {
  lastGood: P;
  firstBad: P;
  /** Medians of the values before and after the change. */
  before: number;
  after: number;
  /** Number of values before and after the change. */
  counts: { before: number; after: number };
  p: number;
}

/** The test looks at this many of the latest values. */
export const MAX_VALUES = 60;
/** The least number of values on each side of a change. */
const MARGIN = 5;
/** Significance level of the test. */
const ALPHA = 0.01;
/** The new median must be at least this many times the old one. */
const MIN_RATIO = 1.1;
/** A stage must also take at least this many seconds more. */
const MIN_STAGE_SECONDS = 30;
const WEEK = 7 * 86_400_000;
/** A slip is reported for this long, and no other slip in that time. Milliseconds. */
const NOTICE_PERIOD = 4 * WEEK;
/** Twice the notice period in weeks, so that the notice before the current one is known too. */
const WEEKS_BACK = 8;

/**
 * Finds a change of level in the last {@link MAX_VALUES} values of a series.
 *
 * @returns `null` if the series did not become slower, or is too short.
 */
export function slipIn<P>({ values, points }: Series<P>): Slip<P> | null {
  const latest = values.slice(-MAX_VALUES);
  const latestPoints = points.slice(-MAX_VALUES);
  const change = pettitt(latest, MARGIN);
  if (!change || change.p > ALPHA || change.u >= 0) return null;
  const start = change.before;
  const before = quantileOf(latest.slice(0, start), 0.5);
  const after = quantileOf(latest.slice(start), 0.5);
  const [lastGood, firstBad] = [latestPoints[start - 1], latestPoints[start]];
  if (after < before * MIN_RATIO || lastGood === undefined || firstBad === undefined) return null;
  const counts = { before: start, after: latest.length - start };
  return { lastGood, firstBad, before, after, counts, p: change.p };
}

type Notice<P> = Slip<P> & { noticedAt: number };

/**
 * The slip to report now. The test is repeated for now and for each of the weeks before, as it would have come out then.
 * A slip is reported for 28 days from the week that first shows it, and only while the latest values are still slower.
 *
 * @param points - in order of time; `at` in milliseconds.
 * @param now - milliseconds.
 */
export function noticeAt<P extends { at: number }>(
  { values, points }: Series<P>,
  now: number,
): Notice<P> | null {
  let notice: Notice<P> | null = null;
  for (let week = WEEKS_BACK; week >= 0; week--) {
    const at = now - week * WEEK;
    if (notice && at - notice.noticedAt < NOTICE_PERIOD) continue;
    const end = firstIndex(points, (point) => point.at > at);
    const slip = slipIn({ values: values.slice(0, end), points: points.slice(0, end) });
    // A change that was already reported is not reported again.
    if (slip && (notice === null || slip.firstBad.at > notice.noticedAt)) notice = { ...slip, noticedAt: at };
  }
  if (!notice || now - notice.noticedAt >= NOTICE_PERIOD) return null;
  const end = firstIndex(points, (point) => point.at > now);
  const latest = quantileOf(values.slice(Math.max(0, end - MARGIN), end), 0.5);
  return latest >= notice.before * MIN_RATIO ? notice : null;
}

/** A deployment at one side of a change of level. */
export interface ChangePoint {
  /** `null` if only the run that made the deployment is known. */
  id: number | string | null;
  at: number;
}

/** Lead time, or one of its stages, that became slower than the team's own past. */
export interface Change extends Slip<ChangePoint> {
  /** When it was first noticed, in milliseconds. */
  noticedAt: number;
  /** The stage that became slower; `null` for lead time in total. */
  slippedStage: Stage | null;
  /** The stage that became slower together with lead time, if any. */
  stageAlongside: Stage | null;
  /** Pull requests that went live after the last good deployment, up to the first bad one. */
  pullRequests: number[];
}

/**
 * The latest slip against the team's own past: lead time, or the stage that slipped most if lead time did not slip.
 *
 * @param stages - the stages of the deployments that were opened.
 * @param now - milliseconds.
 */
export function changeOf(timeline: Timeline, stages: StageReport | null, now: number): Change | null {
  const shipping = timeline.deployments.filter(
    (deployment) => deployment.at <= now && deployment.medianSeconds !== null,
  );
  const values = shipping.map((deployment) => deployment.medianSeconds ?? 0);
  const leadTimeNotice = noticeAt<ChangePoint>({ values, points: shipping }, now);
  const [stageNotice] = (stages ? stageNotices(timeline, stages, now) : []).sort(
    (a, b) => b.after - b.before - (a.after - a.before),
  );
  const notice = leadTimeNotice ?? stageNotice;
  if (!notice) return null;
  const { lastGood, firstBad } = notice;
  const stage = stageNotice?.stage ?? null;
  return {
    ...notice,
    lastGood: { id: lastGood.id, at: lastGood.at },
    firstBad: { id: firstBad.id, at: firstBad.at },
    slippedStage: leadTimeNotice ? null : stage,
    stageAlongside: stage,
    pullRequests: timeline.deployments
      .filter((deployment) => deployment.at > lastGood.at && deployment.at <= firstBad.at)
      .flatMap((deployment) => deployment.pullRequests),
  };
}

/** The slips of the stages, measured with one change of each opened deployment. */
function stageNotices(
  { deployments }: Timeline,
  { staged, before }: StageReport,
  now: number,
): (Notice<ChangePoint> & { stage: Stage })[] {
  const idAt = new Map(deployments.map((deployment) => [deployment.at, deployment.id]));
  const perDeployment = new Map(staged.map((change) => [change.deployment.id, change]));
  const changes = [
    ...before.map(({ liveAt, seconds }) => ({ at: liveAt.getTime(), seconds })),
    ...[...perDeployment.values()].map(({ deployment, seconds }) => ({
      at: deployment.at.getTime(),
      seconds,
    })),
  ].sort((a, b) => a.at - b.at);
  const points = changes.map(({ at }) => ({ id: idAt.get(at) ?? null, at }));
  return STAGES.flatMap((stage) => {
    const notice = noticeAt({ values: changes.map(({ seconds }) => seconds[stage] ?? 0), points }, now);
    return notice && notice.after - notice.before >= MIN_STAGE_SECONDS ? [{ ...notice, stage }] : [];
  });
}

/** Files that can make a pipeline slower or faster without any change to the product's code. */
const PIPELINE_FILES: readonly { kind: ChangedFile['kind']; pattern: RegExp }[] = [
  { kind: 'workflow', pattern: /^\.github\/(?:workflows|actions)\/|(?:^|\/)action\.ya?ml$/ },
  {
    kind: 'lock',
    pattern:
      /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|Gemfile\.lock|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|requirements[^/]*\.txt|Cargo\.lock|go\.sum|composer\.lock|mix\.lock|packages\.lock\.json|gradle\.lockfile|pubspec\.lock|Podfile\.lock|Package\.resolved|flake\.lock)$/,
  },
  {
    kind: 'image',
    pattern:
      /(?:^|\/)(?:[^/]*(?:Dockerfile|Containerfile)[^/]*|[^/]*\.dockerfile|(?:docker-)?compose[^/]*\.ya?ml|docker-bake\.(?:hcl|json)|\.dockerignore)$/,
  },
];

/** A pipeline file that changed together with the level. */
export interface ChangedFile {
  path: string;
  kind: 'workflow' | 'lock' | 'image';
}

/** The pipeline files among some paths, without duplicates, sorted. */
export function pipelineFilesIn(paths: readonly string[]): ChangedFile[] {
  return [...new Set(paths)].sort().flatMap((path) => {
    const match = PIPELINE_FILES.find(({ pattern }) => pattern.test(path));
    return match ? [{ path, kind: match.kind }] : [];
  });
}
