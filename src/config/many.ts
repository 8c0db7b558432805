import { badInput } from '../model/guard-error.ts';
import { inputReader, isOf, OPTION_NAMES, OPTIONS, type Raw } from './options.ts';

/** What is asked about many repositories together; every other option holds for each of them. */

export interface OrganizationSettings {
  /** With their owners; of a pattern the owner has none. */
  repositories: string[];
  owners: string[];
  topic: string | null;
  property: { name: string; value: string } | null;
  shard: { i: number; n: number } | 'list' | null;
  reports: string | null;
  points: number | null;
  /** Seconds. */
  time: number;
}

export const listIn = (text: string | undefined): string[] =>
  (text ?? '')
    .split(/[\n,]/)
    .map((each) => each.trim())
    .filter((each) => each !== '');

/**
 * @param owner - whose the patterns without an owner are; empty: each has to name its own.
 * @throws {GuardError} on the first that cannot be used: the option, its value and what is accepted.
 */
export function organizationOf(raw: Raw, owner = ''): OrganizationSettings {
  const own = OPTION_NAMES.filter((name) => isOf(name, 'organization')).map((name) => [name, raw[name]]);
  const { value } = inputReader(new Date(0))(Object.fromEntries(own));
  const patterns = listIn(value.repositories).map((each) => {
    const [, not = '', name = ''] = /^(!?)(.*)$/.exec(each) ?? [];
    const whole = name.includes('/') || owner === '' ? name : `${owner}/${name}`;
    if (!/^[\w.-]+\/[\w.*-]+$/.test(whole))
      throw badInput('repositories', each, 'owner/name, or a pattern such as octo-org/web-*');
    if (owner !== '' && ownerOf(whole).toLowerCase() !== owner.toLowerCase())
      throw badInput('repositories', each, `names and patterns of ${owner}'s own`);
    return `${not}${whole}`;
  });
  // GitHub's names are the same in capitals or not.
  const owners = new Map(
    [...patterns.map(ownerOf), owner].filter((each) => each !== '').map((each) => [each.toLowerCase(), each]),
  );
  return {
    repositories: patterns,
    owners: [...owners.values()],
    topic: value.topic || null,
    property: propertyIn(value.property),
    shard: shardIn(value.shard),
    reports: value.reports || null,
    points: value['budget-points'],
    time: value['budget-time'],
  };
}

const ownerOf = (pattern: string): string => pattern.replace(/^!/, '').split('/')[0] ?? '';

function propertyIn(text: string): OrganizationSettings['property'] {
  if (text === '') return null;
  const [, name = '', value = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === '') throw badInput('property', text, 'a custom property with its value, such as tier=1');
  return { name: name.trim(), value: value.trim() };
}

function shardIn(text: string): OrganizationSettings['shard'] {
  if (text === '' || text === 'list') return text === '' ? null : text;
  const [, i, n] = /^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? [];
  const shard = { i: Number(i), n: Number(n) };
  // A matrix of GitHub's has 256 jobs at most.
  if (!(shard.i >= 1 && shard.i <= shard.n && shard.n <= 256))
    throw badInput('shard', text, 'one part of up to 256, such as 3/7; or list');
  return shard;
}

/** Environments that an option names, a line each; `null`: none is named, and a runner filled in the default. */
export function environmentsIn(environment: string | undefined): string[] | null {
  const text = environment?.trim() ?? '';
  if (text === '' || text === OPTIONS.environment.default) return null;
  return text.split('\n').flatMap((each) => each.trim() || []);
}
