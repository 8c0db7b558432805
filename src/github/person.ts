import * as v from 'valibot';
import type { Person } from '../model/facts.ts';

/** Who somebody is: one rule for every answer that names a person. */

/** An account as GraphQL tells it; `null`: it is gone. `User` in `__typename` is a person, all else reads for nobody. */
export const actor = v.nullable(v.object({ __typename: v.string(), login: v.string() }));

/** An account as REST tells it. */
export const account = v.nullish(v.object({ login: v.string(), type: v.string() }));

/**
 * @param type - GraphQL's `__typename` or REST's `type`; `null` where neither is told, as of a release's author, whom
 *   GitHub's schema calls a user even where a workflow made it.
 */
export function personOf(login: string, type: string | null): Person {
  return { login, isBot: (type !== null && type !== 'User') || isBotsName(login) };
}

/** Apps that make releases and merges, as GraphQL spells them. */
const APPS = new Set([
  'copilot-swe-agent',
  'dependabot',
  'github-actions',
  'github-merge-queue',
  'mergify',
  'release-please',
  'renovate',
  'semantic-release',
]);

/** REST spells bots with `[bot]`, GraphQL without, the `gh` command line as `app/…`. */
function isBotsName(login: string): boolean {
  const bare = login
    .toLowerCase()
    .replace(/^app\//, '')
    .replace(/\[bot\]$/, '');
  return bare !== login.toLowerCase() || APPS.has(bare) || bare.endsWith('-bot');
}
