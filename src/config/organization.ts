import { badInput } from '../model/guard-error.ts';
import { DURATION_FORMS, parseDuration } from './duration.ts';
import { INPUTS } from './inputs.ts';

/** What can be said of many repositories together; every other input holds for each of them. */

export const ORGANIZATION_INPUTS = {
  repositories: {
    default: '',
    description:
      'Instead of one repository many, one after the other: names and patterns, such as octo-org/*, a line or a comma each; ! leaves out. Archived ones, forks and dormant ones are skipped.',
  },
  topic: { default: '', description: 'With repositories: only those of a topic.' },
  property: {
    default: '',
    description: 'With repositories: only those that have a custom property, as name=value.',
  },
  shard: {
    default: '',
    description:
      'With repositories: one part of several, such as 3/7; or list, which measures nothing and gives output "shards" for a matrix.',
  },
  reports: {
    default: '',
    description:
      "With repositories: the folder that keeps each one's report, from which a run that was stopped goes on. A new one by default.",
  },
  'roll-up': {
    default: '',
    description:
      'Instead of measuring: a folder, or files, of reports that are put together, a line or a comma each.',
  },
  'budget-points': {
    default: '',
    description:
      "With repositories: how many of GitHub's points all may use. By default nine tenths of what the token has.",
  },
  'budget-time': { default: '50m', description: 'With repositories: how long all may take.' },
} as const;

export type OrganizationInput = keyof typeof ORGANIZATION_INPUTS;
export const ORGANIZATION_INPUT_NAMES = Object.keys(ORGANIZATION_INPUTS) as OrganizationInput[];

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

type Raw = Partial<Record<OrganizationInput, string>>;

export const listIn = (text: string | undefined): string[] =>
  (text ?? '')
    .split(/[\n,]/)
    .map((each) => each.trim())
    .filter((each) => each !== '');

/**
 * @param owner - whose the patterns without an owner are; empty: each has to name its own.
 * @throws {GuardError} on the first that cannot be used: the input, its value and what is accepted.
 */
export function organizationOf(raw: Raw, owner = ''): OrganizationSettings {
  const patterns = listIn(raw.repositories).map((each) => {
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
    topic: raw.topic?.trim() || null,
    property: propertyIn(raw.property?.trim() ?? ''),
    shard: shardIn(raw.shard?.trim() ?? ''),
    reports: raw.reports?.trim() || null,
    points: pointsIn(raw['budget-points']?.trim() ?? ''),
    time: timeIn(raw['budget-time']?.trim() || ORGANIZATION_INPUTS['budget-time'].default),
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

function pointsIn(text: string): number | null {
  if (text === '') return null;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw badInput('budget-points', text, 'a whole number from 1 up');
  return Number(text);
}

function timeIn(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === null || seconds <= 0)
    throw badInput('budget-time', text, `${DURATION_FORMS}, longer than zero`);
  return seconds;
}

/** Environments that an input names, a line each; `null`: none is named, and a runner filled in the default. */
export function environmentsIn(environment: string | undefined): string[] | null {
  const text = environment?.trim() ?? '';
  if (text === '' || text === INPUTS.environment.default) return null;
  return text.split('\n').flatMap((each) => each.trim() || []);
}
