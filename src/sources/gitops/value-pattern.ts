/**
 * What "gitops-pattern" says: the one regular expression that is made of a text. Whoever writes the workflow, or the
 * settings on the base branch, writes it; nobody from outside can.
 *
 * @returns `null`: it is none.
 */
export function patternOf(text: string): RegExp | null {
  try {
    return new RegExp(text, 'm');
  } catch {
    return null;
  }
}
