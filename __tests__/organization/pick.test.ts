import { describe, expect, test } from '@jest/globals';
import { type Choice, type Listed, pick, shardOf } from '../../src/organization/pick.ts';

/** Selects the repositories of an owner that are measured. */

const SINCE = new Date('2026-03-02T12:00:00Z');
const listed = (name: string, more: Partial<Listed> = {}): Listed => ({
  nameWithOwner: `acme/${name}`,
  isArchived: false,
  isFork: false,
  pushedAt: new Date('2026-03-05T00:00:00Z'),
  deployedAt: null,
  topics: [],
  ...more,
});
const ALL = [
  listed('web'),
  listed('web-old'),
  listed('api', { topics: ['tier-1'] }),
  listed('attic', { isArchived: true }),
  listed('upstream', { isFork: true }),
  listed('asleep', { pushedAt: new Date('2026-01-01T00:00:00Z') }),
  listed('released', {
    pushedAt: new Date('2026-01-01T00:00:00Z'),
    deployedAt: new Date('2026-03-04T00:00:00Z'),
  }),
  listed('empty', { pushedAt: null }),
];
const picked = (choice: Partial<Choice> = {}) =>
  pick(ALL, {
    repositories: [],
    topic: null,
    withProperty: null,
    since: SINCE,
    shard: null,
    ...choice,
  });

describe('pick', () => {
  test('archived repositories, forks and dormant ones are skipped and counted; a deployed one is not dormant', () => {
    expect(picked()).toEqual({
      repositories: ['acme/api', 'acme/released', 'acme/web', 'acme/web-old'],
      skipped: { archived: 1, forks: 1, dormant: 2, elsewhere: 0 },
    });
  });

  test.each([
    ['names', ['acme/web', 'acme/api'], ['acme/api', 'acme/web']],
    ['a pattern', ['acme/web*'], ['acme/web', 'acme/web-old']],
    ['a pattern with an exclusion', ['acme/*', '!acme/web-old'], ['acme/api', 'acme/released', 'acme/web']],
    ['an exclusion alone', ['!acme/web*'], ['acme/api', 'acme/released']],
    ['the name of a fork', ['acme/upstream'], ['acme/upstream']],
  ])('%s selects repositories', (_, repositories, expected) => {
    expect(picked({ repositories }).repositories).toEqual(expected);
  });

  test('a topic or a custom property narrows the list', () => {
    expect(picked({ topic: 'tier-1' }).repositories).toEqual(['acme/api']);
    expect(picked({ withProperty: new Set(['acme/web']) }).repositories).toEqual(['acme/web']);
  });
});

describe('shards', () => {
  const many = Array.from({ length: 1000 }, (_, i) => listed(`repository-${i}`));
  const shard = (i: number, n: number) =>
    pick(many, { repositories: [], topic: null, withProperty: null, since: SINCE, shard: { i, n } });

  test('every repository is in one shard, and no shard is empty', () => {
    const parts = Array.from({ length: 50 }, (_, i) => shard(i + 1, 50).repositories);
    expect(parts.flat().sort()).toEqual(many.map(({ nameWithOwner }) => nameWithOwner).sort());
    expect(Math.min(...parts.map((part) => part.length))).toBeGreaterThan(3);
    expect(shard(1, 50).skipped.elsewhere).toBe(1000 - (parts[0]?.length ?? 0));
  });

  test('a shard depends on the name alone, in upper or lower case', () => {
    expect(shardOf('Acme/Web', 7)).toBe(shardOf('acme/web', 7));
  });
});
