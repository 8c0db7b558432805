import { shortened } from '../model/guard-error.ts';

/** Letters of a name in a text. GitHub's own names are rarely longer. */
const LONGEST_NAME = 200;
/** Fields with sentences of ours, or with code. They contain names. */
export const PROSE = new Set([
  'sentence',
  'message',
  'notes',
  'why',
  'what',
  'consequence',
  'reason',
  'failed',
  'advice',
  'doubt',
  'yaml',
  'diff',
]);

/**
 * A copy for texts, in which long names are cut, also in sentences. Files for programs (JSON, CSV) get the original.
 *
 * @returns the same object if no name is long.
 */
export function withShortNames<T>(report: T): T {
  const names = new Map<string, string>();
  visit(report, '', (text, key) => {
    if (text.length > LONGEST_NAME && !PROSE.has(key) && !/^https?:\/\//.test(text))
      names.set(text, shortened(text, LONGEST_NAME));
  });
  if (names.size === 0) return report;
  // The longest first, because a name can contain another.
  const longest = [...names].sort(([a], [b]) => b.length - a.length);
  return changed(report, '', (text, key) => {
    if (text.length <= LONGEST_NAME || !PROSE.has(key)) return names.get(text) ?? text;
    return longest.reduce((prose, [name, short]) => prose.replaceAll(name, () => short), text);
  }) as T;
}

function visit(value: unknown, key: string, see: (text: string, key: string) => void): void {
  if (typeof value === 'string') see(value, key);
  else if (Array.isArray(value)) for (const entry of value) visit(entry, key, see);
  else if (isPlain(value))
    for (const name in value) {
      see(name, '');
      visit(value[name], name, see);
    }
}

function changed(value: unknown, key: string, change: (text: string, key: string) => string): unknown {
  if (typeof value === 'string') return change(value, key);
  if (Array.isArray(value)) return value.map((entry) => changed(entry, key, change));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [change(name, ''), changed(field, name, change)]),
  );
}

/** A date stays as it is. */
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof Map);
