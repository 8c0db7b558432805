import type { story } from '../../src/fake-github/story.ts';
import type { World, WorldJob } from '../../src/fake-github/world.ts';

/** Times, random numbers and the state of a repository at an instant, for simulated histories. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const iso = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');

export type Story = ReturnType<typeof story>;

/** Random decisions for a history. */
export function chancesOf(random: () => number) {
  const upTo = (count: number) => Math.floor(random() * count);
  return {
    upTo,
    happens: (share: number) => random() < share,
    /** A whole number from `least` to `most`. */
    between: (least: number, most: number) => least + upTo(most - least + 1),
    oneOf: <T>(items: readonly [T, ...T[]]): T => items[upTo(items.length)] ?? items[0],
  };
}
export type Chances = ReturnType<typeof chancesOf>;

/** Instants of weekdays between 8:00 and 18:00, about `aDay` a day. */
export function* workingTimes(chances: Chances, from: number, until: number, aDay: number) {
  for (let day = Math.floor(from / DAY) * DAY; day < until; day += DAY) {
    if ([0, 6].includes(new Date(day).getUTCDay())) continue;
    const count = chances.between(Math.floor(aDay * 0.6), Math.ceil(aDay * 1.4));
    const times = Array.from({ length: count }, () => day + 8 * HOUR + chances.upTo(36_000) * 1000);
    for (const at of times.sort((a, b) => a - b)) if (at >= from && at < until) yield at;
  }
}

/** Days after which GitHub deletes the statuses of a deployment. */
const STATUSES_KEPT = 90;

/** The world as GitHub shows it at an instant, without later events and with unfinished runs. */
export function asOf(world: World, now: number): World {
  const isKnown = (at: string) => Date.parse(at) <= now;
  const jobAt = (job: WorldJob): WorldJob =>
    job.completedAt === null || isKnown(job.completedAt)
      ? job
      : {
          ...job,
          conclusion: null,
          completedAt: null,
          startedAt: job.startedAt !== null && isKnown(job.startedAt) ? job.startedAt : null,
          steps: (job.steps ?? []).filter((step) => isKnown(step.completedAt)),
        };
  return {
    ...world,
    deployments: world.deployments
      .filter((deployment) => isKnown(deployment.createdAt))
      .map((deployment) => ({
        ...deployment,
        statuses: deployment.statuses.filter((status) => isKnown(status.createdAt)),
        ...(now - Date.parse(deployment.createdAt) > STATUSES_KEPT * DAY ? { statusesGone: true } : {}),
      })),
    runs: (world.runs ?? [])
      .filter((run) => isKnown(run.createdAt))
      .map((run) => {
        if (isKnown(run.updatedAt)) return run;
        const jobs = run.jobs
          .filter((job) => job.createdAt === undefined || isKnown(job.createdAt))
          .map(jobAt);
        return { ...run, jobs, status: 'in_progress', conclusion: null, updatedAt: iso(now) };
      }),
  };
}
