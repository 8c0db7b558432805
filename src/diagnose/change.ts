import { quantileOf } from '../model/survival.ts';
import { firstIndex, type Timeline } from '../measure/timeline.ts';
import { pettitt } from './pettitt.ts';
import type { StageReport } from './stage-report.ts';
import { type Stage, STAGES } from '../model/terms.ts';

/** A series in the order of its deployments, and where each value was told: milliseconds. */
export interface Series<P> {
  values: readonly number[];
  points: readonly P[];
}

/** A slip against a series' own past: the last value of the old level and the first of the new one. */
export interface Slip<P> {
  lastGood: P;
  firstBad: P;
  /** Medians, in the series' unit. */
  before: number;
  after: number;
  /** How many values stand on each side. */
  counts: { before: number; after: number };
  p: number;
}

/** So many values are looked at, */
export const LOOKED_AT = 60;
/** of which so many stand on each side of a change; */
const MARGIN = 5;
/** a change is told at this significance, */
const ALPHA = 0.01;
/** and where it is so much slower. */
const SLOWER = 1.1;
/** and, of a stage, by so many seconds. */
const LEAST_SECONDS = 30;
/** What was told is told for so long, and nothing else in that time: milliseconds. */
const APART = 28 * 86_400_000;
const WEEK = 7 * 86_400_000;
/** Twice as many weeks as a notice is told for: so that the one before it is known. */
const WEEKS_BACK = 8;

/**
 * Whether the last values of a series are slower than those before them.
 *
 * @returns `null`: that cannot be told, or they are not.
 */
export function slipIn<P>({ values, points }: Series<P>): Slip<P> | null {
  const [last, where] = [values.slice(-LOOKED_AT), points.slice(-LOOKED_AT)];
  const found = pettitt(last, MARGIN);
  if (!found || found.p > ALPHA || found.u >= 0) return null;
  const at = found.before;
  const before = quantileOf(last.slice(0, at), 0.5);
  const after = quantileOf(last.slice(at), 0.5);
  const [lastGood, firstBad] = [where[at - 1], where[at]];
  if (after < before * SLOWER || lastGood === undefined || firstBad === undefined) return null;
  return {
    lastGood,
    firstBad,
    before,
    after,
    counts: { before: at, after: last.length - at },
    p: found.p,
  };
}

/**
 * The slip that is to be told at the end of a series: the test is made now and each week before, as it would have been
 * then, and what it finds is told for 28 days, in which nothing else is, and as long as the last few are still slower.
 *
 * @param points - in order of time; `at` in milliseconds.
 * @param now - milliseconds.
 */
export function noticeAt<P extends { at: number }>(
  { values, points }: Series<P>,
  now: number,
): (Slip<P> & { noticedAt: number }) | null {
  let told: (Slip<P> & { noticedAt: number }) | null = null;
  for (let week = WEEKS_BACK; week >= 0; week--) {
    const at = now - week * WEEK;
    if (told && at - told.noticedAt < APART) continue;
    const end = firstIndex(points, (each) => each.at > at);
    const begin = Math.max(0, end - LOOKED_AT);
    const found = slipIn({ values: values.slice(begin, end), points: points.slice(begin, end) });
    // The same change is told once.
    if (found && (told === null || found.firstBad.at > told.noticedAt)) told = { ...found, noticedAt: at };
  }
  return told && now - told.noticedAt < APART && isStillSo(told, { values, points }, now) ? told : null;
}

/** Whether the last few are still slower: what was mended since is not told any more. */
function isStillSo<P extends { at: number }>(
  { before }: Slip<P>,
  { values, points }: Series<P>,
  now: number,
) {
  const end = firstIndex(points, (each) => each.at > now);
  return quantileOf(values.slice(Math.max(0, end - MARGIN), end), 0.5) >= before * SLOWER;
}

/** A deployment, as far as a change of level is told by it. */
export interface ChangePoint {
  /** `null`: only the run is known that made it. */
  id: number | string | null;
  at: number;
}

/** What changed against the team's own past: lead time, or one stage of it. */
export interface Change extends Slip<ChangePoint> {
  /** When it was noticed first, in milliseconds. */
  noticedAt: number;
  /** What slipped: `null` is lead time as a whole. */
  what: Stage | null;
  /** Of lead time: the stage that slipped with it, where one did. */
  stage: Stage | null;
  /** What went live with the interval: after the last good deployment, up to the first bad one. */
  pullRequests: number[];
}

/**
 * What slipped lately against the team's own past: lead time, or where that did not, the stage that slipped most.
 *
 * @param timeline - of which the last {@link LOOKED_AT} deployments are looked at.
 * @param stages - those that were opened, which may be fewer.
 * @param now - milliseconds.
 */
export function changeOf(timeline: Timeline, stages: StageReport | null, now: number): Change | null {
  const shipping = timeline.deployments.filter(
    (deployment) => deployment.at <= now && deployment.medianSeconds !== null,
  );
  const whole = noticeAt(
    { values: shipping.map((deployment) => deployment.medianSeconds ?? 0), points: shipping },
    now,
  );
  const byStage = stages ? stageSlips(timeline, stages, now) : [];
  const [most] = byStage.toSorted((a, b) => b.after - b.before - (a.after - a.before));
  const found = whole ?? most;
  if (!found) return null;
  const { lastGood, firstBad } = found;
  const told = ({ id, at }: ChangePoint): ChangePoint => ({ id, at });
  return {
    ...found,
    lastGood: told(lastGood),
    firstBad: told(firstBad),
    what: whole ? null : (most?.stage ?? null),
    stage: most?.stage ?? null,
    pullRequests: timeline.deployments
      .filter((deployment) => deployment.at > lastGood.at && deployment.at <= firstBad.at)
      .flatMap((deployment) => deployment.pullRequests),
  };
}

type StageSlip = Slip<ChangePoint> & { stage: Stage; noticedAt: number };

/** Each stage of the changes that were opened, one of each deployment. */
function stageSlips({ deployments }: Timeline, { staged, before }: StageReport, now: number): StageSlip[] {
  const idAt = new Map(deployments.map((deployment) => [deployment.at, deployment.id]));
  const once = new Map(staged.map((change) => [change.deployment.id, change]));
  const all = [
    ...before.map(({ liveAt, seconds }) => ({ at: liveAt.getTime(), seconds })),
    ...[...once.values()].map(({ deployment, seconds }) => ({ at: deployment.at.getTime(), seconds })),
  ].sort((a, b) => a.at - b.at);
  const points = all.map(({ at }) => ({ id: idAt.get(at) ?? null, at }));
  return STAGES.flatMap((stage) => {
    const found = noticeAt({ values: all.map(({ seconds }) => seconds[stage] ?? 0), points }, now);
    // A stage of seconds that takes some more is no news.
    return found && found.after - found.before >= LEAST_SECONDS ? [{ ...found, stage }] : [];
  });
}

/** Files that make a pipeline slower or faster without a line of the product changing. */
const KINDS_OF_FILE: readonly { kind: ChangedFile['kind']; is: RegExp }[] = [
  { kind: 'workflow', is: /^\.github\/(?:workflows|actions)\/|(?:^|\/)action\.ya?ml$/ },
  {
    kind: 'lock',
    is: /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|Gemfile\.lock|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|requirements[^/]*\.txt|Cargo\.lock|go\.sum|composer\.lock|mix\.lock|packages\.lock\.json|gradle\.lockfile|pubspec\.lock|Podfile\.lock|Package\.resolved|flake\.lock)$/,
  },
  {
    kind: 'image',
    is: /(?:^|\/)(?:[^/]*(?:Dockerfile|Containerfile)[^/]*|[^/]*\.dockerfile|(?:docker-)?compose[^/]*\.ya?ml|docker-bake\.(?:hcl|json)|\.dockerignore)$/,
  },
];

/** A file of the pipeline that went in with a change of level. */
export interface ChangedFile {
  path: string;
  kind: 'workflow' | 'lock' | 'image';
}

/** Those of some paths that are of the pipeline, each once, in order. */
export function pipelineFilesIn(paths: readonly string[]): ChangedFile[] {
  return [...new Set(paths)].sort().flatMap((path) => {
    const found = KINDS_OF_FILE.find(({ is }) => is.test(path));
    return found ? [{ path, kind: found.kind }] : [];
  });
}
