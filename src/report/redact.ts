/**
 * A report that can be shown to others: numbers, times and our own words stay; what a team calls things (repository,
 * branches, environments, titles, people, commits, jobs, addresses) is replaced, the same by the same, so that it can
 * still be seen what belongs together. Whatever is not known to be harmless is replaced.
 */

/** Under these names stand our own words, or GitHub's: of a list that is closed. */
const OURS = new Set([
  'statistic',
  'status',
  'reason',
  'mode',
  'confidence',
  'kind',
  'outcome',
  'severity',
  'trigger',
  'how',
  'stage',
  'rule',
  'advice',
  'left',
  'what',
  'currency',
  'shipsIn',
]);
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)?$/;
const SUBJECT = /^(?:window|deployment \d+|mergeset \d+)$/;
/** Texts that are made of both. */
const MIXED = new Set(['message', 'sentence', 'notes', 'why', 'consequence', 'yaml']);

/** @returns the same shape, with nothing in it that could tell whose it is. */
export function redacted(report: object): object {
  const names = new Map<string, string>();
  const nameOf = (value: string, key: string): string => {
    const known = names.get(value);
    if (known !== undefined) return known;
    const name = `${key}-${names.size + 1}`;
    names.set(value, name);
    return name;
  };
  const text = (value: string, key: string, isOurs: boolean): string => {
    if (value === '' || INSTANT.test(value) || isOurs) return value;
    if (MIXED.has(key)) return 'left out';
    return key === 'subject' && SUBJECT.test(value) ? value : nameOf(value, key);
  };
  const walk = (value: unknown, key: string, isRule: boolean, isRemark: boolean): unknown => {
    if (typeof value === 'string')
      return text(
        value,
        key,
        (OURS.has(key) && !(key === 'what' && isRemark)) || (isRule && key === 'title'),
      );
    if (Array.isArray(value)) return value.map((each) => walk(each, key, isRule, isRemark));
    if (typeof value !== 'object' || value === null) return value;
    const isOfRule = 'rule' in value;
    const isOfRemark = 'consequence' in value;
    // The stages of a way are keyed by what the team calls them.
    const keyed =
      key === 'stages' && Object.values(value).every((each) => each === null || typeof each === 'string');
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        keyed ? nameOf(name, 'stage') : name,
        walk(each, name, isOfRule, isOfRemark),
      ]),
    );
  };
  return walk(report, '', false, false) as object;
}
