import * as v from 'valibot';
import type { Person } from '../model/facts.ts';

/** An account in GraphQL; `null`: it was deleted. */
export const actor = v.nullable(v.object({ __typename: v.string(), login: v.string() }));

/** An account in REST. */
export const account = v.nullish(v.object({ login: v.string(), type: v.string() }));

/**
 * @param type - GraphQL's `__typename` or REST's `type`: every type except `User` is a bot. `null` if unknown, such as
 *   for the author of a release, which GitHub's schema calls a user even if a workflow created it.
 */
export function personOf(login: string, type: string | null): Person {
  return { login, isBot: (type !== null && type !== 'User') || isBotName(login) };
}

/** Apps that create releases and merges, as GraphQL spells them. */
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

/** REST adds `[bot]` to the name of a bot, the `gh` command line adds `app/`, and GraphQL adds neither. */
function isBotName(login: string): boolean {
  const bare = login
    .toLowerCase()
    .replace(/^app\//, '')
    .replace(/\[bot\]$/, '');
  return bare !== login.toLowerCase() || APPS.has(bare) || bare.endsWith('-bot');
}
