import type { Person } from './facts.ts';
import { matches } from './pattern.ts';
import type { AuthorRule } from './unit.ts';

/** Whose changes a statistic takes. */

/** One name for the spellings that GitHub has for one account: `renovate[bot]`, `app/renovate`, `renovate`. */
const bare = (login: string): string =>
  login
    .toLowerCase()
    .replace(/^@|^app\//, '')
    .replace(/\[bot\]$/, '');

/**
 * Why a rule leaves an author's change out of the statistic; `null`: it does not. A bot is known by its type and by the
 * ending of its name; an agent that writes as a person's tool counts unless it is named.
 */
export function leftOut({ only, exclude }: AuthorRule, author: Person | null): string | null {
  const fits = (rule: string) =>
    author !== null &&
    (rule === 'bots'
      ? author.isBot || author.login.endsWith('[bot]')
      : matches(bare(rule), bare(author.login)));
  const named = exclude.find(fits);
  if (named !== undefined) return named === 'bots' ? 'a bot' : `by ${author?.login}`;
  if (only.length === 0 || only.some(fits)) return null;
  return author === null ? 'by nobody known' : `by ${author.login}`;
}
