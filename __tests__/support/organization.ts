import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';

/** An owner with many repositories, each with a day of its own. */

export const MANY_NOW = '2026-03-09T12:00:00Z';

/** A team with some changes in the week before, each live after `minutes`; the last one may wait. */
export function teamOf(
  name: string,
  { minutes = 10, changes = 6, waiting = false, owner = 'acme', environment = 'production' } = {},
): World {
  const made = story(owner, name, '2026-02-01T09:00:00Z');
  const at = (hours: number, more = 0) =>
    new Date(Date.parse('2026-03-03T08:00:00Z') + hours * 3_600_000 + more * 60_000).toISOString();
  made.deploy(made.tip(), '2026-02-20T09:00:00Z', { environment });
  for (let i = 1; i <= changes; i++) {
    const sha = made.merge(i, at(i * 8));
    if (!(waiting && i === changes)) made.deploy(sha, at(i * 8, minutes - 1), { takes: 60, environment });
  }
  return made.world;
}

/** One GitHub with all of them; the first is the one that the server is started with. */
export function together([first, ...rest]: World[]): World {
  if (!first) throw new Error('no world');
  return { ...first, others: rest };
}
