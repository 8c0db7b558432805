import { BudgetSpent, NotFound, RateLimited, Refused, Unreadable } from '../github/errors.ts';
import { GuardError, OutOfTime } from '../model/guard-error.ts';

/** Links from errors to the section of docs/messages.md that explains them. */

const PAGE = 'https://github.com/deploy-latency-guard/deploy-latency-guard/blob/main/docs/messages.md';

/** Sections by the beginning of the message. The first match applies. */
const SECTIONS: readonly [RegExp, string][] = [
  [/^Input "[^"]+" (?:belongs to|can only be set|does not exist|has no effect)/, 'inputs-in-the-wrong-place'],
  [/^[^"]+\.ya?ml, line \d|^There are two configuration files|^The pattern /i, 'configuration-file'],
  [/^".*: not |^"[^"]*" (?:cannot|contains|does not exist)|^There are no reports/, 'reports'],
  [/^[^"]+, line \d/, 'events-file'],
  [/^(?:The organization or user|No repository|The reports|"[^"]*" could not)/, 'many-repositories'],
  [/^Repository /, 'repository'],
  [/^Production /, 'production'],
  [/^No service /, 'no-verdict'],
  [/^(?:The proxy|Node\.js|The connection|The host name)/, 'github-did-not-answer'],
  [/^(?:GitHub rejected the token|The token|The organization)/, 'token-and-permissions'],
  [/^GitHub's points/, 'rate-limits-and-time'],
];

/** The section for an error that ends a run. */
function sectionFor(error: unknown): string {
  if (!(error instanceof GuardError)) return 'bugs';
  const { message } = error;
  const section = SECTIONS.find(([pattern]) => pattern.test(message))?.[1];
  if (section !== undefined) return section;
  const input = /^Input "([a-z-]+)"/.exec(message)?.[1];
  if (input !== undefined) return `input-${input}`;
  if (error instanceof OutOfTime || error instanceof RateLimited || error instanceof BudgetSpent)
    return 'rate-limits-and-time';
  if (error instanceof Unreadable) return 'github-did-not-answer';
  if (error instanceof NotFound) return 'token-and-permissions';
  return error instanceof Refused ? 'github-refused-the-request' : 'command-line';
}

export const helpLink = (error: unknown): string => `${PAGE}#${sectionFor(error)}`;
