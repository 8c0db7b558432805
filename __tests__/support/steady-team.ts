import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';

export interface SteadyTeam {
  world: World;
  /** Time after the last event. */
  now: string;
}

export interface SteadyOptions {
  commits: number;
  days: number;
  /** Number of commits from one deployment to the next. */
  deployEvery: number;
  /** Number of deployments from one rollback to the next. Defaults to no rollbacks. */
  rollbackEvery?: number;
  /** Merge commits of slightly older branches instead of squashes: two commits for a pull request. */
  mergeCommits?: boolean;
  begins?: string;
}

/**
 * A team that merges at a steady pace for `days`, and deploys every few commits a minute after the merge. It does the same
 * for three days before, so that something is live at the start of the window.
 */
export function steadyTeam({
  commits,
  days,
  deployEvery,
  rollbackEvery,
  mergeCommits = false,
  begins = '2026-01-01T00:00:00Z',
}: SteadyOptions): SteadyTeam {
  const start = Date.parse(begins);
  const iso = (time: number) => new Date(Math.floor(time / 1000) * 1000).toISOString().replace('.000Z', 'Z');
  const step = (days * 86_400_000) / commits;
  const team = story('acme', 'shop', iso(start));
  const line = [team.tip()];
  const first = -Math.ceil((3 * 86_400_000) / step);
  const perMerge = mergeCommits ? 2 : 1;
  let deployed = 0;
  for (let i = first; i < commits; i += perMerge) {
    const at = start + 3 * 86_400_000 + (i + 0.5) * step;
    const from = line[Math.max(0, line.length - 3)] ?? team.tip();
    line.push(team.merge(i - first + 1, iso(at), mergeCommits ? { method: 'merge', from } : {}));
    if (Math.abs(i) % deployEvery < perMerge) {
      deployed += 1;
      const back = rollbackEvery !== undefined && deployed % rollbackEvery === 0;
      team.deploy(
        back ? (line[Math.max(0, line.length - 1 - deployEvery)] ?? team.tip()) : team.tip(),
        iso(at + 60_000),
      );
    }
  }
  return { world: team.world, now: iso(start + (3 + days) * 86_400_000) };
}
