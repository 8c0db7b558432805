import type { Gap, Remark } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';

/** A remark or a gap, if there is a reason for it. */
export const noteIf = <Note extends Gap | Remark>(hasReason: boolean, note: Note): Note[] =>
  hasReason ? [note] : [];

/** `1 deployment`, `2 deployments`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The first names of a list: `v1, v2 and 3 more`. */
export function firstOf(names: readonly (string | number)[], most = 10): string {
  const shown = names.slice(0, most).map((name) => oneLine(String(name), 60));
  return `${shown.join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`;
}
