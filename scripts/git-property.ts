/**
 * Compares the guard with git on random repositories: `npm run git-property [-- COUNT [SEED]]`.
 *
 * git decides which deployment contains which change (see `__tests__/support/git-repository.ts`). A repository with a wrong
 * result is saved in `__tests__/github/counter-examples`, where the tests run it again.
 */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { answersOfTheGuard, makeCase } from '../__tests__/support/git-repository.ts';

const count = Number(process.argv[2] ?? 500);
const first = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const COUNTER_EXAMPLES = join(import.meta.dirname, '../__tests__/github/counter-examples');

interface Result {
  commits: number;
  merges: number;
  asked: number;
  wrong: string[];
}

async function compare(begin: number, share: number): Promise<Result> {
  const result: Result = { commits: 0, merges: 0, asked: 0, wrong: [] };
  for (let seed = begin; seed < begin + share; seed++) {
    const { asked, ...made } = makeCase(seed);
    const { answers, unread } = await answersOfTheGuard(made);
    result.commits += made.world.commits.length;
    result.merges += Object.keys(made.answers).length;
    result.asked += asked;
    if (isDeepStrictEqual(answers, made.answers) && unread.length === 0) continue;
    result.wrong.push(
      `seed ${seed}: git says ${JSON.stringify(made.answers)}, the guard says ${JSON.stringify(answers)}; gaps: ${JSON.stringify(unread)}`,
    );
    writeFileSync(
      join(COUNTER_EXAMPLES, `seed-${seed}.json`),
      `${JSON.stringify({ why: 'The cause is unknown.', ...made })}\n`,
    );
  }
  return result;
}

if (process.argv[4] === 'worker') console.log(JSON.stringify(await compare(first, count)));
else {
  console.log(`seed ${first}, ${count} repositories`);
  const halves = [Math.ceil(count / 2), Math.floor(count / 2)] as const;
  const results = await Promise.all(
    halves.map(async (share, i) => {
      const begin = i === 0 ? first : first + halves[0];
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...process.execArgv,
        import.meta.filename,
        String(share),
        String(begin),
        'worker',
      ]);
      return JSON.parse(stdout) as Result;
    }),
  );
  const sum = (key: 'commits' | 'merges' | 'asked') =>
    results.reduce((total, result) => total + result[key], 0);
  const wrong = results.flatMap((result) => result.wrong);
  for (const line of wrong) console.error(line);
  console.log(
    `${count} repositories, ${sum('commits')} commits, ${sum('merges')} pull requests, ${sum('asked')} questions to git: ${wrong.length} wrong`,
  );
  process.exitCode = wrong.length > 0 ? 1 : 0;
}
