import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { answersOfTheGuard, type GitCase, makeCase } from '../support/git-repository.ts';

/** Repositories that once gave a wrong answer. `npm run git-property` saves new ones here. */
const FOLDER = join(import.meta.dirname, 'counter-examples');
const cases = readdirSync(FOLDER).map(
  (file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as GitCase & { why: string },
);

describe('a repository that once gave a wrong answer gives the same answer as git', () => {
  test.each(cases.map((gitCase) => [gitCase.why, gitCase] as const))('%s', async (_, gitCase) => {
    const { answers, unread } = await answersOfTheGuard(gitCase);
    expect(answers).toEqual(gitCase.answers);
    expect(unread).toEqual([]);
  });
});

test('repositories made by git give the same answers as git', async () => {
  for (let seed = 1; seed <= 2; seed++) {
    const gitCase = makeCase(seed);
    expect([seed, (await answersOfTheGuard(gitCase)).answers]).toEqual([seed, gitCase.answers]);
  }
}, 120_000);
