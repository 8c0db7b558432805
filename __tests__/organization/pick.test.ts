import { describe, expect, test } from '@jest/globals';
import { type Choice, type Listed, pick, shardOf } from '../../src/organization/pick.ts';

/** Which repositories of an owner are measured. */

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
  test('archived, forks, dormant: skipped and counted; one that was deployed is not dormant', () => {
    expect(picked()).toEqual({
      repositories: ['acme/api', 'acme/released', 'acme/web', 'acme/web-old'],
      skipped: { archived: 1, forks: 1, dormant: 2, elsewhere: 0 },
    });
  });

  test.each([
    ['list', ['acme/web', 'acme/api'], ['acme/api', 'acme/web']],
    ['glob', ['acme/web*'], ['acme/web', 'acme/web-old']],
    ['glob with one left out', ['acme/*', '!acme/web-old'], ['acme/api', 'acme/released', 'acme/web']],
    ['all but', ['!acme/web*'], ['acme/api', 'acme/released']],
    ['a fork that is named itself', ['acme/upstream'], ['acme/upstream']],
  ])('by %s', (_, repositories, expected) => {
    expect(picked({ repositories }).repositories).toEqual(expected);
  });

  test('by topic, by custom property', () => {
    expect(picked({ topic: 'tier-1' }).repositories).toEqual(['acme/api']);
    expect(picked({ withProperty: new Set(['acme/web']) }).repositories).toEqual(['acme/web']);
  });
});

describe('256 limit: shard by i/n', () => {
  const many = Array.from({ length: 1000 }, (_, i) => listed(`repository-${i}`));
  const shard = (i: number, n: number) =>
    pick(many, { repositories: [], topic: null, withProperty: null, since: SINCE, shard: { i, n } });

  test('every repository is in one shard, and none is empty', () => {
    const parts = Array.from({ length: 50 }, (_, i) => shard(i + 1, 50).repositories);
    expect(parts.flat().sort()).toEqual(many.map((run) => run.nameWithOwner).sort());
    expect(Math.min(...parts.map((part) => part.length))).toBeGreaterThan(3);
    expect(shard(1, 50).skipped.elsewhere).toBe(1000 - (parts[0]?.length ?? 0));
  });

  test('by the name alone, in capitals or not', () => {
    expect(shardOf('Acme/Web', 7)).toBe(shardOf('acme/web', 7));
  });
});
