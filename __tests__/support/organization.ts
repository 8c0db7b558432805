import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';

/** An owner with many repositories. */

export const MANY_NOW = '2026-03-09T12:00:00Z';

/** A team with changes in the week before, each live after `minutes`. The last one may be pending. */
export function teamOf(
  name: string,
  { minutes = 10, changes = 6, waiting = false, owner = 'acme', environment = 'production' } = {},
): World {
  const team = story(owner, name, '2026-02-01T09:00:00Z');
  const at = (hours: number, more = 0) =>
    new Date(Date.parse('2026-03-03T08:00:00Z') + hours * 3_600_000 + more * 60_000).toISOString();
  team.deploy(team.tip(), '2026-02-20T09:00:00Z', { environment });
  for (let i = 1; i <= changes; i++) {
    const sha = team.merge(i, at(i * 8));
    if (!(waiting && i === changes)) team.deploy(sha, at(i * 8, minutes - 1), { takes: 60, environment });
  }
  return team.world;
}

/** One world with all repositories. The first one is the main repository. */
export function together([first, ...others]: World[]): World {
  if (!first) throw new Error('no world');
  return { ...first, others };
}
