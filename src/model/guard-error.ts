/**
 * An error that the user can fix. Its message is one line: the input or request, what happened and what to do. Any other
 * error that reaches an entry point is a bug in the guard.
 */
export class GuardError extends Error {
  override name = 'GuardError';
}

/** The time of input "timeout" is over. No further requests are made, and there is no result. */
export class OutOfTime extends GuardError {
  constructor(seconds: number) {
    super(
      `The run took longer than "timeout" (${seconds} s). Raise "timeout" or shorten "window". If this happens often, check https://www.githubstatus.com.`,
    );
  }
}

/** Makes untrusted text safe for one log line: no control characters, no line breaks, at most `max` characters. */
export function oneLine(text: string, max = 200): string {
  const flat = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...flat];
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : flat;
}

/** An error for an invalid input: its name, its value and what is accepted. */
export function badInput(input: string, value: string, accepted: string): GuardError {
  return new GuardError(`Input "${input}" is "${oneLine(value)}"; accepted: ${accepted}.`);
}
