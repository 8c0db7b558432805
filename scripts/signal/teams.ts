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

/** A team with a name, how it deploys, and its target in seconds. A team without `soon` is not over its limit. */
export interface NamedTeam {
  name: string;
  what: string;
  target: number;
  /** Days and deployments until nine of ten such teams have an alert, at most. */
  soon?: { days: number; deployments?: number };
  /** The share of the team-years to simulate. */
  share?: number;
  timeline(days: number, seed: number): Timeline;
}

type Shipment = [mergedAt: number, liveAt: number][];
const HOURS = 1 / 24;

/** A timeline of shipments, with instants in days. Each shipment is one deployment. */
function timelineOf(shipments: readonly Shipment[], days: number): Timeline {
  const changes: TimelineChange[] = [];
  const deployments: Timeline['deployments'][number][] = [];
  for (const shipment of shipments) {
    const shipped = shipment.map(([merged, live]): TimelineChange & { liveAt: number; seconds: number } => {
      const [mergedAt, liveAt] = [Math.round(merged * 86_400) * 1000, Math.round(live * 86_400) * 1000];
      return { mergedAt, liveAt, seconds: (liveAt - mergedAt) / 1000 };
    });
    const at = Math.max(...shipped.map(({ liveAt }) => liveAt));
    changes.push(...shipped);
    if (shipped.length === 0 || at > days * DAY) continue;
    const seconds = shipped.map((change) => change.seconds).sort((a, b) => a - b);
    const batched = shipped.length > 1;
    deployments.push({
      id: 0,
      at,
      medianSeconds: lowerMedian(seconds),
      seconds,
      batched,
      pullRequests: [],
      sha: '',
    });
  }
  changes.sort((a, b) => a.mergedAt - b.mergedAt);
  deployments.sort((a, b) => a.at - b.at);
  return {
    from: 0,
    changes,
    deployments: deployments.map((deployment, i) => ({ ...deployment, id: i + 1 })),
  };
}

/** Merges in days: a Poisson process between two instants. */
function merges(random: () => number, aWeek: number, from: number, to: number): number[] {
  const times: number[] = [];
  const gap = () => (-Math.log(1 - random()) * 7) / aWeek;
  for (let day = from + gap(); day < to; day += gap()) times.push(day);
  return times;
}

/** One deployment at each of `slots`, in days, ships what was merged since the one before. */
function slotted(random: () => number, aWeek: number, slots: readonly number[]): Shipment[] {
  return slots.map((slot, i) =>
    merges(random, aWeek, slots[i - 1] ?? 0, slot).map((merged): [number, number] => [merged, slot]),
  );
}

const slotsEvery = (apart: number, days: number): number[] =>
  Array.from({ length: Math.ceil(days / apart) }, (_, i) => (i + 1) * apart + 10 * HOURS);

/** Each change alone, with a lognormal lead time in days. */
const alone = (random: () => number, times: readonly number[], median: number, sigma: number): Shipment[] =>
  times.map((merged) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return [[merged, merged + median * Math.exp(sigma * normal)]];
  });

const MINUTES = 1 / 1440;
const QUARTER_HOUR = 900;

/** Days without merges and deployments, twice a year. */
const isInFreeze = (day: number): boolean => day % 182 >= 100 && day % 182 < 112;

export const NAMED_TEAMS: readonly NamedTeam[] = [
  {
    name: 'Train beside singles',
    what: 'eight changes a week go live alone in 10 minutes, twelve that were merged in eight hours go live with a train; target 15m',
    target: QUARTER_HOUR,
    soon: { days: 28 },
    timeline(days, seed) {
      const random = randomFrom(seed);
      const shipments: Shipment[] = [];
      for (let week = 0; week < days; week += 7) {
        // The same number each week, spread over it.
        const singles = Array.from({ length: 8 }, (_, i) => week + ((i + random()) * 7) / 8);
        const train = Array.from({ length: 12 }, () => week + 3 + random() * 8 * HOURS);
        shipments.push(
          ...alone(random, singles, 10 * MINUTES, 0.35),
          train.map((merged): [number, number] => [merged, week + 3 + 10 * HOURS]),
        );
      }
      return timelineOf(shipments, days);
    },
  },
  ...([14, 21] as const).map(
    (apart): NamedTeam => ({
      name: `Every ${apart} days`,
      what: `five changes a week wait for the next deployment; target 1d`,
      target: 86_400,
      soon: { days: 4 * apart, deployments: 4 },
      timeline: (days, seed) => timelineOf(slotted(randomFrom(seed), 5, slotsEvery(apart, days)), days),
    }),
  ),
  {
    name: 'Twice a month',
    what: 'three changes a week wait for the 1st or the 15th; target 1d',
    target: 86_400,
    soon: { days: 61, deployments: 4 },
    timeline(days, seed) {
      const slots = Array.from(
        { length: Math.ceil(days / 30.4375) * 2 },
        (_, i) => Math.floor(((i >> 1) + 1) * 30.4375) + (i % 2 === 0 ? 0 : 14) + 10 * HOURS,
      );
      return timelineOf(slotted(randomFrom(seed), 3, slots), days);
    },
  },
  {
    name: 'Daily slot',
    what: 'fifteen changes a week go live at 16:00; half of them take 12 hours; target 12h 38m',
    target: 45_480,
    timeline: (days, seed) => timelineOf(slotted(randomFrom(seed), 15, slotsEvery(1, days)), days),
  },
  {
    name: '200 a day',
    what: 'each change goes live alone, at 95% of the target; target 15m',
    target: QUARTER_HOUR,
    share: 0.005,
    timeline: (days, seed) =>
      timelineOfTeam({ kind: 'plain', rate: 1400, sigma: 0.35, median: () => 855, days, seed }),
  },
  {
    name: 'Freezes',
    what: 'ten changes a week go live alone at 80% of the target; twice a year nothing is merged or deployed for twelve days, and six changes of the last hour wait for the end; target 15m',
    target: QUARTER_HOUR,
    timeline(days, seed) {
      const random = randomFrom(seed);
      const usual = merges(random, 10, 0, days).filter((day) => !isInFreeze(day));
      const shipments = alone(random, usual, 12 * MINUTES, 0.35);
      for (let start = 100; start < days; start += 182)
        shipments.push(
          Array.from({ length: 6 }, (): [number, number] => [
            start - random() * HOURS,
            start + 12 + 9 * HOURS,
          ]),
        );
      return timelineOf(shipments, days);
    },
  },
];
