import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { answersOfTheGuard, type GitCase, makeCase } from '../support/git-repository.ts';

/** Repositories that git made and that were once told wrong (`npm run git-property` writes what it finds there). */
const FOLDER = join(import.meta.dirname, 'counter-examples');
const kept = readdirSync(FOLDER).map(
  (file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as GitCase & { why: string },
);

describe('a repository that was once told wrong is told as git tells it', () => {
  test.each(kept.map((each) => [each.why, each] as const))('%s', async (_, each) => {
    const { answers, unread } = await answersOfTheGuard(each);
    expect(answers).toEqual(each.answers);
    expect(unread).toEqual([]);
  });
});

test('a few repositories made by git, told as git tells them', async () => {
  for (let seed = 1; seed <= 2; seed++) {
    const made = makeCase(seed);
    expect([seed, (await answersOfTheGuard(made)).answers]).toEqual([seed, made.answers]);
  }
}, 120_000);
