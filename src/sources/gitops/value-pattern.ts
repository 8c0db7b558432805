/**
 * True for a regular expression that can be matched in linear time: without a look ahead or behind, and without a reference to
 * one of its groups. What matches it, `model/linear-pattern.ts`, is loaded only with a pattern.
 */
export function isPattern(text: string): boolean {
  return groupsIn(text) !== null && !/\(\?<?[=!]|\\(?:[1-9]|k<)/.test(text);
}

/** The number of groups; `null` if a regular expression is not valid. Only its syntax is checked here. */
export function groupsIn(text: string): number | null {
  try {
    // With an empty alternative the expression always matches, so that its groups can be counted.
    return (''.match(new RegExp(`${text}|`, 'm'))?.length ?? 1) - 1;
  } catch {
    return null;
  }
}
