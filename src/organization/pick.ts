import { createHash } from 'node:crypto';
import { matches } from '../model/pattern.ts';

/** Selects the repositories of an owner that are measured. */

export interface Listed {
  nameWithOwner: string;
  isArchived: boolean;
  isFork: boolean;
  /** `null`: nothing was ever pushed. */
  pushedAt: Date | null;
  deployedAt: Date | null;
  topics: readonly string[];
}

export interface Choice {
  /** Names or patterns as `owner/name`; `!` excludes. Empty: all. */
  repositories: readonly string[];
  topic: string | null;
  /** Names, in lower case, of the repositories with the custom property; `null`: no property is required. */
  withProperty: ReadonlySet<string> | null;
  /** A repository without a push or a deployment since then is dormant. */
  since: Date;
  /** The `i`th of `n` parts, counted from 1. */
  shard: { i: number; n: number } | null;
}

export interface Picked {
  /** Sorted by name. */
  repositories: string[];
  skipped: { archived: number; forks: number; dormant: number; elsewhere: number };
}

export function pick(listed: readonly Listed[], choice: Choice): Picked {
  const skipped = { archived: 0, forks: 0, dormant: 0, elsewhere: 0 };
  const repositories: string[] = [];
  for (const repository of listed) {
    const name = repository.nameWithOwner;
    if (!isSelected(name, choice.repositories)) continue;
    if (choice.topic !== null && !repository.topics.includes(choice.topic.toLowerCase())) continue;
    if (choice.withProperty !== null && !choice.withProperty.has(name.toLowerCase())) continue;
    if (choice.shard !== null && shardOf(name, choice.shard.n) !== choice.shard.i) skipped.elsewhere += 1;
    else if (repository.isArchived) skipped.archived += 1;
    else if (repository.isFork && !isNamed(name, choice.repositories)) skipped.forks += 1;
    else if (!isActive(repository, choice.since)) skipped.dormant += 1;
    else repositories.push(name);
  }
  return { repositories: repositories.sort(), skipped };
}

/** From 1 to `n`. Depends on the name alone, so that jobs that list repositories at different times agree. */
export function shardOf(name: string, n: number): number {
  return (createHash('sha256').update(name.toLowerCase()).digest().readUInt32BE(0) % n) + 1;
}

const isActive = ({ pushedAt, deployedAt }: Listed, since: Date): boolean =>
  (pushedAt !== null && pushedAt >= since) || (deployedAt !== null && deployedAt >= since);

/** The last pattern that matches decides, as in a .gitignore. A list of exclusions alone selects all other repositories. */
function isSelected(nameWithOwner: string, patterns: readonly string[]): boolean {
  const last = patterns.findLast((pattern) => fits(pattern.replace(/^!/, ''), nameWithOwner));
  return last === undefined ? patterns.every((pattern) => pattern.startsWith('!')) : !last.startsWith('!');
}

const isNamed = (nameWithOwner: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => !pattern.includes('*') && fits(pattern, nameWithOwner));

const fits = (pattern: string, nameWithOwner: string): boolean =>
  matches(pattern.toLowerCase(), nameWithOwner.toLowerCase());
