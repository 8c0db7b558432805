/**
 * The regular expression in "gitops-pattern", "match" or "live-match". Only authors of the workflow, or of the configuration file on the base
 * branch, can set it, so it is safe to compile.
 *
 * @returns `null` if it is not valid.
 */
export function patternOf(text: string): RegExp | null {
  try {
    return new RegExp(text, 'm');
  } catch {
    return null;
  }
}
