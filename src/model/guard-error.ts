/**
 * Something the reader of one line can mend: what happened, to which input or request, and what to do.
 * Every other error that reaches a door is a defect of ours.
 */
export class GuardError extends Error {
  override name = 'GuardError';
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
