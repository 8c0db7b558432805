import { Unreadable } from './errors.ts';

/**
 * The list in a REST answer.
 *
 * @throws {Unreadable} where it is not there: the answer was to another question.
 */
export function listIn<T>(answer: unknown, key?: string): T[] {
  const list = key === undefined ? answer : (answer as Record<string, unknown> | null)?.[key];
  if (!Array.isArray(list)) throw new Unreadable(`GitHub's answer has no ${key ?? 'list'}. Run it again.`);
  return list as T[];
}
