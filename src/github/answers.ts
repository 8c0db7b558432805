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

/** What has to be in an answer. Its absence is never the end of a list: something was not read. */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined)
    throw new Unreadable(`GitHub's answer has no ${what}. Run it again.`);
  return value;
}
