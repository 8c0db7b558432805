import type { Person } from './facts.ts';
import { matches } from './pattern.ts';
import type { AuthorRule } from './service.ts';

/** Whose changes a statistic takes. */

/** One name for the spellings that GitHub has for one account: `renovate[bot]`, `app/renovate`, `renovate`. */
const bare = (login: string): string =>
  login
    .toLowerCase()
    .replace(/^@|^app\//, '')
    .replace(/\[bot\]$/, '');

/** A change as far as a rule looks at it. */
export interface Authored {
  author: Person | null;
  title: string;
  labels: readonly string[];
}

/** What takes a change back has to get live fastest of all. */
export const isRevert = (title: string): boolean => /^Revert ["“]/.test(title);

/** The labels that rules name, as patterns: `label:autorelease*`. */
export const labelsIn = ({ only, exclude }: AuthorRule): string[] =>
  [...only, ...exclude].flatMap((each) => (each.startsWith('label:') ? [each.slice('label:'.length)] : []));

/**
 * Why a rule leaves a change out of the statistic; `null`: it does not. A bot is known by its type and by the ending of its
 * name; an agent that writes as a person's tool counts unless it is named. A revert is never left out.
 */
export function leftOut({ only, exclude }: AuthorRule, { author, title, labels }: Authored): string | null {
  const fits = (rule: string): boolean => {
    if (rule.startsWith('label:')) return labels.some((label) => matches(rule.slice('label:'.length), label));
    if (author === null) return false;
    if (rule === 'bots') return author.isBot || author.login.endsWith('[bot]');
    return matches(bare(rule), bare(author.login));
  };
  if (isRevert(title)) return null;
  const named = exclude.find(fits);
  if (named !== undefined)
    return named === 'bots' ? 'a bot' : named.startsWith('label:') ? `by ${named}` : `by ${author?.login}`;
  if (only.length === 0 || only.some(fits)) return null;
  return author === null ? 'by nobody known' : `by ${author.login}`;
}
