import { RateLimited, recoverFrom, Unreadable } from '../github/errors.ts';
import { compare, fullCommits } from '../github/history/compare.ts';
import type { Repo } from '../github/repo.ts';
import { GuardError } from '../model/guard-error.ts';
import type { Judge } from './wait.ts';
import { none, type Sighting } from './watch.ts';

/** More names than this are not looked up. */
const MOST_NAMES = 10;

/**
 * Compares the names in an answer with the deployed commit. Asks GitHub about each answer once, and not at all if the
 * answer is the deployed commit.
 *
 * @param repo - `null`: there is no token, so only the deployed commit counts.
 */
export function judgeFor(deployed: string, repo: (() => Promise<Repo>) | null): Judge {
  const sightings = new Map<string, Promise<Sighting>>();
  return async (names) => {
    const [name] = names;
    if (name === undefined) return none('no-commit');
    if (names.length === 1 && deployed.startsWith(name)) return { kind: 'live', commit: deployed };
    const several = none('several-commits', String(names.length));
    if (names.length > 1 && (repo === null || names.length > MOST_NAMES || name.length === 40))
      return several;
    const notCompared = (why: string): Sighting => ({
      kind: 'other',
      commit: name,
      relation: 'not-compared',
      why,
    });
    if (repo === null) return notCompared('There is no token to ask GitHub with.');
    const key = names.join(' ');
    const sighting = sightings.get(key) ?? repo().then((connected) => lookUp(deployed, names, connected));
    sightings.set(key, sighting);
    return sighting.catch(
      recoverFrom(GuardError, (error) => {
        // GitHub may answer next time.
        if (error instanceof Unreadable && !(error instanceof RateLimited)) sightings.delete(key);
        return names.length > 1 ? several : notCompared(error.message);
      }),
    );
  };
}

async function lookUp(deployed: string, names: readonly string[], repo: Repo): Promise<Sighting> {
  const [commit, ...others] = await fullCommits(repo, names);
  if (others.length > 0) return none('several-commits', String(others.length + 1));
  const [name = ''] = names;
  if (commit === undefined)
    return names.length > 1
      ? none('other-commits')
      : { kind: 'other', commit: name, relation: 'not-in-repository' };
  if (commit === deployed) return { kind: 'live', commit };
  const { status } = await compare(repo, deployed, commit, { per_page: 1 });
  return status === 'ahead' || status === 'identical'
    ? { kind: 'live', commit }
    : { kind: 'other', commit, relation: status };
}
