import { lowerMedian, type Timeline, type TimelineChange } from '../../src/measure/timeline.ts';

/** Simulated teams with known lead times, drawn from fixed seeds. */

export const KINDS = ['plain', 'outliers', 'weekends', 'batches'] as const;
/**
 * `plain`: each change is deployed alone. `outliers`: one in twenty takes a day longer. `weekends`: nothing is merged
 * on Saturdays and Sundays. `batches`: changes are merged and go live in groups of two and a half on average.
 */
export type Kind = (typeof KINDS)[number];

export interface Team {
  kind: Kind;
  /** Changes a week. */
  rate: number;
  /** Standard deviation of the logarithm of lead time. */
  sigma: number;
  /** The median lead time at an instant, in seconds; instants in days from the beginning. */
  median(day: number): number;
  days: number;
  seed: number;
}

const DAY = 86_400_000;
const OUTLIERS = 0.05;
const GROUP = 2.5;

/** mulberry32: a random number generator in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A team's timeline: merges are a Poisson process, lead times lognormal. */
export function timelineOfTeam({ kind, rate, sigma, median, days, seed }: Team): Timeline {
  const random = randomFrom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const groups = kind === 'batches' ? rate / GROUP : rate;
  const perDay = groups / (kind === 'weekends' ? 5 : 7);
  const changes: TimelineChange[] = [];
  const deployments: Timeline['deployments'][number][] = [];
  for (let day = 0; ; ) {
    day += -Math.log(1 - random()) / perDay;
    // Days of work, five of each seven.
    const at = kind === 'weekends' ? Math.floor(day / 5) * 7 + (day % 5) : day;
    if (at >= days) break;
    let size = 1;
    if (kind === 'batches') while (random() > 1 / GROUP) size += 1;
    const outlying = kind === 'outliers' && random() < OUTLIERS ? 86_400 : 0;
    const seconds = Math.round(median(at) * Math.exp(sigma * normal()) + outlying);
    const mergedAt = Math.round(at * 86_400) * 1000;
    const liveAt = mergedAt + seconds * 1000;
    for (let i = 0; i < size; i++) changes.push({ mergedAt, liveAt, seconds });
    const all = Array.from({ length: size }, () => seconds);
    deployments.push({
      id: deployments.length + 1,
      at: liveAt,
      medianSeconds: lowerMedian(all),
      seconds: all,
      batched: size > 1,
      pullRequests: [],
      sha: '',
    });
  }
  deployments.sort((a, b) => a.at - b.at);
  return { from: 0, changes, deployments };
}

export const daysOf = (milliseconds: number): number => milliseconds / DAY;
