/**
 * Something the reader of one line can mend: what happened, to which input or request, and what to do.
 * Every other error that reaches a door is a defect of ours.
 */
export class GuardError extends Error {
  override name = 'GuardError';
}

/** The time that input "timeout" allows is over. What was read by then is no answer, and nothing more is asked. */
export class OutOfTime extends GuardError {
  constructor(seconds: number) {
    super(
      `It took longer than input "timeout" allows (${seconds} s). Raise it, or shorten "window"; check https://www.githubstatus.com if it is often so.`,
    );
  }
}

/** Text from outside made fit for one log line: no control characters, no line breaks, a bounded length. */
export function oneLine(text: string, max = 200): string {
  const flat = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const points = [...flat];
  return points.length > max ? `${points.slice(0, max - 1).join('')}…` : flat;
}

/** An input that cannot be used. The line names the input, the value and what is accepted. */
export function badInput(input: string, value: string, accepted: string): GuardError {
  return new GuardError(`Input "${input}" is "${oneLine(value)}"; accepted: ${accepted}.`);
}
