/**
 * True for a regular expression that can be matched in linear time: without a look ahead or behind, and without a reference to
 * one of its groups. What matches it, `model/linear-pattern.ts`, is loaded only with a pattern.
 */
export function isPattern(text: string): boolean {
  return patternOf(text) !== null && !/\(\?<?[=!]|\\(?:[1-9]|k<)/.test(text);
}

/** @returns `null` if it is not valid. */
export function patternOf(text: string): RegExp | null {
  try {
    return new RegExp(text, 'm');
  } catch {
    return null;
  }
}
