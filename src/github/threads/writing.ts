import { GuardError, OutOfTime } from '../../model/guard-error.ts';
import { RateLimited, Refused, Unreadable } from '../errors.ts';

/** How several things are written, of which some may not be let, and when it is enough. */

/** GitHub stores what it was given, but for line ends and the last of them. When it was told, and by which run, is no news. */
export const sameText = (a: string, b: string) => lasting(a) === lasting(b);

const lasting = (text: string) =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/^<sub>Deploy latency guard · .*\n*/gm, '')
    .trimEnd();

/** So many failures in a row of GitHub itself are not going to end. */
const MOST_FAILURES = 2;

/**
 * Writes each in turn, past what is refused for one alone.
 *
 * @returns why, for each that was not written, or of which that is not known. After a refusal that would meet all, and
 *   where GitHub does not answer, the others are not tried and failed for the same reason.
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
      if (!isForAll(error) && inARow < MOST_FAILURES) continue;
      const reason = isForAll(error) ? error : new GuardError(`${error.message} The others were not tried.`);
      for (const item of items.slice(i + 1)) failed.set(item, reason);
      break;
    }
  }
  return failed;
}

function isForAll(error: GuardError): boolean {
  return (
    error instanceof OutOfTime ||
    error instanceof RateLimited ||
    (error instanceof Refused && error.reach !== 'thread')
  );
}
