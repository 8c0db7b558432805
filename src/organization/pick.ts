import { createHash } from 'node:crypto';
import { matches } from '../model/pattern.ts';

/** Which repositories of an owner are measured. */

export interface Listed {
  nameWithOwner: string;
  isArchived: boolean;
  isFork: boolean;
  /** `null`: nothing was ever pushed. */
  pushedAt: Date | null;
  /** When the newest deployment was created. */
  deployedAt: Date | null;
  topics: readonly string[];
}

export interface Choice {
  /** Names or patterns, with or without the owner; `!` leaves out. Empty: all. */
  repositories: readonly string[];
  topic: string | null;
  /** Those that have a custom property; `null`: it was not asked for. */
  withProperty: ReadonlySet<string> | null;
  /** What was neither pushed to nor deployed since then is dormant. */
  since: Date;
  /** One part of several: the `i`th of `n`, from 1 on. */
  shard: { i: number; n: number } | null;
}

export interface Picked {
  repositories: string[];
  skipped: { archived: number; forks: number; dormant: number; elsewhere: number };
}

/** By name, so that it is the same each time. */
export function pick(all: readonly Listed[], choice: Choice): Picked {
  const skipped = { archived: 0, forks: 0, dormant: 0, elsewhere: 0 };
  const repositories: string[] = [];
  for (const run of all) {
    const name = run.nameWithOwner;
    if (!isNamed(name, choice.repositories)) continue;
    if (choice.topic !== null && !run.topics.includes(choice.topic.toLowerCase())) continue;
    if (choice.withProperty !== null && !choice.withProperty.has(name.toLowerCase())) continue;
    if (choice.shard !== null && shardOf(name, choice.shard.n) !== choice.shard.i) skipped.elsewhere += 1;
    else if (run.isArchived) skipped.archived += 1;
    else if (run.isFork && !isNamedItself(name, choice.repositories)) skipped.forks += 1;
    else if (!isAwake(run, choice.since)) skipped.dormant += 1;
    else repositories.push(name);
  }
  return { repositories: repositories.sort(), skipped };
}

/** From 1 to `n`: by the name alone, so that machines that list at different moments agree. */
export function shardOf(name: string, n: number): number {
  return (createHash('sha256').update(name.toLowerCase()).digest().readUInt32BE(0) % n) + 1;
}

const isAwake = ({ pushedAt, deployedAt }: Listed, since: Date): boolean =>
  (pushedAt !== null && pushedAt >= since) || (deployedAt !== null && deployedAt >= since);

/** The last pattern that fits decides, as in a .gitignore; where only some are left out, all others are meant. */
function isNamed(nameWithOwner: string, patterns: readonly string[]): boolean {
  let named = patterns.every((pattern) => pattern.startsWith('!'));
  for (const other of patterns) {
    const pattern = other.replace(/^!/, '');
    if (fits(pattern, nameWithOwner)) named = !other.startsWith('!');
  }
  return named;
}

const isNamedItself = (nameWithOwner: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => !pattern.includes('*') && fits(pattern, nameWithOwner));

const fits = (pattern: string, nameWithOwner: string): boolean =>
  matches(
    pattern.toLowerCase(),
    (pattern.includes('/') ? nameWithOwner : (nameWithOwner.split('/')[1] ?? '')).toLowerCase(),
  );
