/**
 * Real git repositories against the guard: `npm run git-property [-- COUNT [SEED]]`.
 *
 * Holds every attribution against `git merge-base --is-ancestor` (see `__tests__/support/git-repository.ts`). A
 * repository that is told wrong is written to `__tests__/github/counter-examples`, where `npm test` tells it again.
 */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { answersOfTheGuard, makeCase } from '../__tests__/support/git-repository.ts';

const count = Number(process.argv[2] ?? 500);
const first = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const KEPT = join(import.meta.dirname, '../__tests__/github/counter-examples');

interface Told {
  commits: number;
  merges: number;
  asked: number;
  wrong: string[];
}

async function tell(begin: number, share: number): Promise<Told> {
  const told: Told = { commits: 0, merges: 0, asked: 0, wrong: [] };
  for (let seed = begin; seed < begin + share; seed++) {
    const { asked, ...made } = makeCase(seed);
    const { answers, unread } = await answersOfTheGuard(made);
    told.commits += made.world.commits.length;
    told.merges += Object.keys(made.answers).length;
    told.asked += asked;
    if (isDeepStrictEqual(answers, made.answers) && unread.length === 0) continue;
    told.wrong.push(
      `seed ${seed}: git says ${JSON.stringify(made.answers)}, the guard ${JSON.stringify(answers)}; unread: ${JSON.stringify(unread)}`,
    );
    writeFileSync(join(KEPT, `seed-${seed}.json`), `${JSON.stringify({ why: 'Not known yet.', ...made })}\n`);
  }
  return told;
}

if (process.argv[4] === 'worker') console.log(JSON.stringify(await tell(first, count)));
else {
  console.log(`seed ${first}, ${count} repositories`);
  const halves = [Math.ceil(count / 2), Math.floor(count / 2)] as const;
  const told = await Promise.all(
    halves.map(async (share, i) => {
      const begin = i === 0 ? first : first + halves[0];
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...process.execArgv,
        import.meta.filename,
        String(share),
        String(begin),
        'worker',
      ]);
      return JSON.parse(stdout) as Told;
    }),
  );
  const sum = (key: 'commits' | 'merges' | 'asked') => told.reduce((all, each) => all + each[key], 0);
  const wrong = told.flatMap((each) => each.wrong);
  for (const line of wrong) console.error(line);
  console.log(
    `${count} repositories, ${sum('commits')} commits, ${sum('merges')} pull requests, ${sum('asked')} answers of git compared: ${wrong.length} told otherwise`,
  );
  process.exitCode = wrong.length > 0 ? 1 : 0;
}
