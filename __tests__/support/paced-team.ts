import { type Files, story } from '../../src/fake-github/story.ts';

const MINUTE = 60_000;

/** A team that merges a change every few hours and deploys each one alone, after the given minutes. */
export function pacedTeam(
  minutes: readonly number[],
  { every = 8, files = {} as Record<number, Files> } = {},
) {
  const begins = Date.parse('2026-01-05T00:00:00Z');
  const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');
  const team = story('acme', 'shop', iso(begins - 7 * 86_400_000));
  team.deploy(team.tip(), iso(begins - 6 * 86_400_000));
  const ids: number[] = [];
  const ends: string[] = [];
  minutes.forEach((minute, i) => {
    const at = begins + i * every * 3_600_000;
    const touched = files[i + 1];
    const sha = team.merge(i + 1, iso(at), touched ? { files: touched } : {});
    const live = at + minute * MINUTE;
    ids.push(team.deploy(sha, iso(live - MINUTE), { takes: 60 }).id);
    ends.push(iso(live));
  });
  return { ...team, ids, ends, last: ends.at(-1) ?? '' };
}

/** Minutes for {@link pacedTeam}: runs of equal deployments. */
export const minutesOf = (...runs: [count: number, minutes: number][]): number[] =>
  runs.flatMap(([count, minutes]) => Array.from({ length: count }, () => minutes));
