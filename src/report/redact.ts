/**
 * A report that can be shown to others. Numbers, times and our own words stay. A team's names (repository, branches,
 * environments, titles, people, commits, jobs, addresses) are replaced. The same name always gets the same replacement,
 * so related entries remain related. Any text that is not known to be harmless is replaced.
 */

/** Fields whose values come from a fixed list of ours or GitHub's. */
const FIXED = new Set([
  'statistic',
  'status',
  'reason',
  'mode',
  'confidence',
  'by',
  'kind',
  'outcome',
  'severity',
  'trigger',
  'how',
  'stage',
  'state',
  'rule',
  'advice',
  'left',
  'what',
  'currency',
  'shipsIn',
]);
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)?$/;
const SUBJECT = /^(?:window|deployment \d+|mergeset \d+)$/;
/** Sentences that mix our words with the team's names. */
const MIXED = new Set(['message', 'sentence', 'notes', 'why', 'consequence', 'yaml', 'diff']);

/** @returns the same shape, without anything that identifies the team. */
export function redacted<T extends object>(report: T): T {
  const replacements = new Map<string, string>();
  const nameOf = (value: string, key: string): string => {
    const replacement = replacements.get(value) ?? `${key}-${replacements.size + 1}`;
    replacements.set(value, replacement);
    return replacement;
  };
  const text = (value: string, key: string, isFixed: boolean): string => {
    if (value === '' || INSTANT.test(value) || isFixed) return value;
    if (MIXED.has(key)) return 'left out';
    return key === 'subject' && SUBJECT.test(value) ? value : nameOf(value, key);
  };
  const walk = (value: unknown, key: string, inSuspect: boolean, inRemark: boolean): unknown => {
    if (typeof value === 'string')
      return text(
        value,
        key,
        (FIXED.has(key) && !(key === 'what' && inRemark)) || (inSuspect && key === 'title'),
      );
    if (Array.isArray(value)) return value.map((entry) => walk(entry, key, inSuspect, inRemark));
    if (typeof value !== 'object' || value === null) return value;
    const isSuspect = 'rule' in value;
    const isRemark = 'consequence' in value;
    // Promotion stages are keyed by the team's own names for them.
    const hasTeamKeys =
      key === 'stages' && Object.values(value).every((field) => field === null || typeof field === 'string');
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [
        hasTeamKeys ? nameOf(name, 'stage') : name,
        walk(field, name, isSuspect, isRemark),
      ]),
    );
  };
  return walk(report, '', false, false) as T;
}
