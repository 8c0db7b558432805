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

/** Makes untrusted text safe for one log line: no control characters, no line breaks, at most `max` letters. */
export function oneLine(text: string, max = 200): string {
  return shortened(
    text
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
    max,
  );
}

/** The most code units of a letter. Real ones have fewer: an emoji of a family has eleven. */
const LONGEST_LETTER = 16;

/** At most `max` letters of a text, cut between letters as people see them: accents and flags stay whole. */
export function shortened(text: string, max: number): string {
  if (text.length <= max) return text;
  let [letters, end] = [0, 0];
  for (const { index, segment } of new Intl.Segmenter().segment(text.slice(0, (max + 1) * LONGEST_LETTER))) {
    letters += 1;
    if (letters === max) end = index;
    if (letters > max || segment.length > LONGEST_LETTER) return `${text.slice(0, end || index)}…`;
  }
  return text;
}

/** An address without its password, query and fragment, which may be secret. Any other text stays the same. */
export const withoutQuery = (text: string): string =>
  text.replace(/^(\w+:\/\/)(?:[^/?#]*@)?([^?#]*).*/s, '$1$2');

/** An error for an invalid input: its name, its value and what is accepted. */
export function badInput(input: string, value: string, accepted: string): GuardError {
  return new GuardError(`Input "${input}" is "${oneLine(withoutQuery(value))}"; accepted: ${accepted}.`);
}
