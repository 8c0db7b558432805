import { GuardError, OutOfTime } from '../../model/guard-error.ts';
import { RateLimited, Refused, Unreadable } from '../errors.ts';

/** The outcome of a write that did not fail. */
export interface WriteResult {
  url: string;
  change: 'created' | 'updated' | 'unchanged';
}

/** Compares texts as GitHub stores them, apart from line ends and from the lines with the time, the run and the guard. */
export const sameText = (a: string, b: string) => contentOf(a) === contentOf(b);

const contentOf = (text: string) =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/^(?:<sub>Deploy latency guard · .*\n*|<!-- guard: .*\n)/gm, '')
    .trimEnd();

/** After this many failures of GitHub in a row, the rest is not tried. */
const MAX_FAILURES = 2;

/**
 * Writes the items one after the other, and goes on after a failure that concerns only one item.
 *
 * @returns the reasons for items that were not written, or that may not have been. After a refusal that concerns all
 *   items, or if GitHub does not answer, the remaining items are not tried and get the same reason.
 */
export async function eachWrite<T>(
  items: readonly T[],
  write: (item: T) => Promise<void>,
): Promise<Map<T, GuardError>> {
  const failed = new Map<T, GuardError>();
  let inARow = 0;
  for (const [i, item] of items.entries()) {
    try {
      await write(item);
      inARow = 0;
    } catch (error) {
      if (!(error instanceof GuardError)) throw error;
      failed.set(item, error);
      inARow = error instanceof Unreadable ? inARow + 1 : 0;
      if (!concernsAll(error) && inARow < MAX_FAILURES) continue;
      const reason = concernsAll(error)
        ? error
        : new GuardError(`${error.message} The others were not tried.`);
      for (const skipped of items.slice(i + 1)) failed.set(skipped, reason);
      break;
    }
  }
  return failed;
}

function concernsAll(error: GuardError): boolean {
  return (
    error instanceof OutOfTime ||
    error instanceof RateLimited ||
    (error instanceof Refused && error.reach !== 'thread')
  );
}

/**
 * The URL of what was written.
 *
 * @throws {Unreadable} if the answer has none, since the write may have failed then.
 */
export function addressIn(answer: unknown): string {
  const url = (answer as { html_url?: unknown } | null)?.html_url;
  if (typeof url !== 'string')
    throw new Unreadable('GitHub did not return the URL of the text, so it may not have been saved.');
  return url;
}
