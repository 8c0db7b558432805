import { badInput } from '../model/guard-error.ts';
import { optionReader, appliesTo, OPTION_NAMES, OPTIONS, type RawOptions } from './options.ts';

/** Options about many repositories together. Every other option applies to each repository. */

export interface OrganizationSettings {
  /** Names and patterns as `owner/name`. An owner is never a pattern. */
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

/** Items of a text that separates them by commas or line breaks. */
export const splitList = (text: string | undefined): string[] =>
  (text ?? '').split(/[\n,]/).flatMap((item) => item.trim() || []);

/**
 * @param owner - owner of the patterns that do not name one; empty: every pattern has to name its owner.
 * @throws {GuardError} for the first invalid option, with its value and the accepted values.
 */
export function organizationSettings(raw: RawOptions, owner = ''): OrganizationSettings {
  const options = OPTION_NAMES.filter((name) => appliesTo(name, 'organization')).map((name) => [
    name,
    raw[name],
  ]);
  const { value } = optionReader(new Date(0))(Object.fromEntries(options));
  const patterns = splitList(value.repositories).map((pattern) => {
    const [, not = '', name = ''] = /^(!?)(.*)$/.exec(pattern) ?? [];
    const fullName = name.includes('/') || owner === '' ? name : `${owner}/${name}`;
    if (!/^[\w.-]+\/[\w.*-]+$/.test(fullName))
      throw badInput('repositories', pattern, 'owner/name, or a pattern such as octo-org/web-*');
    if (owner !== '' && ownerOf(fullName).toLowerCase() !== owner.toLowerCase())
      throw badInput('repositories', pattern, `repositories of ${owner}, such as ${owner}/web-*`);
    return `${not}${fullName}`;
  });
  // Owners are case-insensitive on GitHub.
  const owners = new Map(
    [...patterns.map(ownerOf), owner].filter((name) => name !== '').map((name) => [name.toLowerCase(), name]),
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
  if (name === '') throw badInput('property', text, 'a custom property and its value, such as tier=1');
  return { name: name.trim(), value: value.trim() };
}

function shardIn(text: string): OrganizationSettings['shard'] {
  if (text === '' || text === 'list') return text === '' ? null : text;
  const [, i, n] = /^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? [];
  const shard = { i: Number(i), n: Number(n) };
  // GitHub limits a matrix to 256 jobs.
  if (!(shard.i >= 1 && shard.i <= shard.n && shard.n <= 256))
    throw badInput('shard', text, 'one part of up to 256, such as 3/7, or list');
  return shard;
}

/** What a roll-up of saved reports takes of the options. */
export const rollupSettings = (raw: RawOptions) => ({
  environments: namedEnvironments(raw.environment),
  failOn: OPTIONS['fail-on'].parse(raw['fail-on'] || 'none', 'fail-on', new Date(0)),
});

/** Environments in the option's value, one per line. `null` without a value. */
export function namedEnvironments(environment: string | undefined): string[] | null {
  const text = environment?.trim() ?? '';
  if (text === '') return null;
  return text.split('\n').flatMap((line) => line.trim() || []);
}
