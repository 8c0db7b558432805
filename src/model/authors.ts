import type { PullRequest } from './facts.ts';
import { matches } from './pattern.ts';
import type { AuthorRule } from './service.ts';

/** Decides by author, label and title which changes count. */

/** GitHub spells one account as `renovate[bot]`, `app/renovate` or `renovate`. */
const accountName = (login: string): string =>
  login
    .toLowerCase()
    .replace(/^@|^app\//, '')
    .replace(/\[bot\]$/, '');

/** A revert always counts, because it has to go live fast. */
export const isRevert = (title: string): boolean => /^Revert ["“]/.test(title);

/** The label patterns of a rule, such as `autorelease*` from `label:autorelease*`. */
export const labelsIn = ({ only, exclude }: AuthorRule): string[] =>
  [...only, ...exclude].flatMap((rule) => (rule.startsWith('label:') ? [rule.slice('label:'.length)] : []));

/**
 * Why a rule excludes a change; `null` if the change counts. An account is a bot by its type or the suffix `[bot]`. A
 * coding agent that uses a person's account counts unless a rule names it. A revert always counts.
 */
export function exclusionReason(
  { only, exclude }: AuthorRule,
  { author, title, labels }: Pick<PullRequest, 'author' | 'title'> & { labels: readonly string[] },
): string | null {
  const fits = (rule: string): boolean => {
    if (rule.startsWith('label:')) return labels.some((label) => matches(rule.slice('label:'.length), label));
    if (author === null) return false;
    if (rule === 'bots') return author.isBot || author.login.endsWith('[bot]');
    return matches(accountName(rule), accountName(author.login));
  };
  if (isRevert(title)) return null;
  const excluded = exclude.find(fits);
  if (excluded !== undefined)
    return excluded === 'bots' ? 'a bot' : `by ${excluded.startsWith('label:') ? excluded : author?.login}`;
  if (only.length === 0 || only.some(fits)) return null;
  return author === null ? 'by nobody known' : `by ${author.login}`;
}
