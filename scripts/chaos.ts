/**
 * A GitHub that misbehaves at every request of a run in turn, once and from there on; in every mode, with every source;
 * and the run after it, which makes up for what was not written:
 *
 *     npm run chaos [NAME]
 *
 * NAME: only scenarios with it in their name. Prints a matrix for each, fault by request: `.` recovered, `t` told what
 * the answer lacks or what was not written, `e` ended with one line, `W` a wrong answer, a twin or something lost, `H` a
 * hang. Exits 1 if there is a W or an H.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  type Baseline,
  baseline,
  type Cell,
  cell,
  type Outcome,
  SCENARIOS,
} from '../__tests__/support/chaos.ts';
import { FAULTS } from '../__tests__/support/faults.ts';

/** Most of a run is waiting. */
const AT_ONCE = 24;
const MARKS: Record<Outcome, string> = {
  recovered: '.',
  reported: 't',
  ended: 'e',
  'wrong answer': 'W',
  hang: 'H',
};

interface Wanted {
  scenario: number;
  known: Baseline;
  fault: string;
  at: number;
  forever: boolean;
}

if (process.send) process.once('message', (wanted: Wanted[]) => void work(wanted));
else await main();

async function work(wanted: Wanted[]): Promise<void> {
  const one = async ({ scenario, known, fault, at, forever }: Wanted) => {
    const which = SCENARIOS[scenario];
    if (which) process.send?.(await cell(which, known, fault, at, forever));
  };
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = wanted.shift(); next !== undefined; next = wanted.shift()) await one(next);
    }),
  );
  process.disconnect?.();
  setTimeout(() => process.exit(), 1000).unref();
}

async function main(): Promise<void> {
  const began = performance.now();
  const only = process.argv[2] ?? '';
  // One of so many, each request and each fault among them; all by default.
  const every = Number(process.env.CHAOS_EVERY ?? 1);
  const all: Wanted[] = [];
  for (const [scenario, each] of SCENARIOS.entries()) {
    if (!each.name.includes(only)) continue;
    const known = await baseline(each);
    if (!known.writes) throw new Error(`${each.name}: nothing is written, so nothing could be lost`);
    for (const fault of Object.keys(FAULTS))
      for (const forever of [false, true])
        for (let at = 0; at < known.requests; at++) all.push({ scenario, known, fault, at, forever });
  }
  const wanted = all.filter((_, i) => i % every === 0);
  const cells = await inWorkers(wanted);
  for (const { name } of SCENARIOS.filter((scenario) => scenario.name.includes(only)))
    print(
      name,
      cells.filter((cell) => cell.scenario === name),
    );
  const count = (outcome: Outcome) => cells.filter((cell) => cell.outcome === outcome).length;
  console.log(
    `\n${cells.length} cells of ${wanted.length}: ${count('recovered')} recovered, ${count('reported')} reported, ${count('ended')} ended with one line, ${count('wrong answer')} wrong, ${count('hang')} hung; ${((performance.now() - began) / 1000).toFixed(0)} s`,
  );
  for (const bad of cells.filter((cell) => cell.outcome === 'wrong answer' || cell.outcome === 'hang'))
    console.log(
      `${bad.outcome}: ${bad.scenario}: ${bad.fault} at request ${bad.at}${bad.forever ? ' and after' : ''}: ${bad.line}`,
    );
  process.exitCode = cells.length < wanted.length || count('wrong answer') + count('hang') > 0 ? 1 : 0;
}

/** Shares the cells out among twice as many processes as the machine can run at once: half of the time they wait. */
async function inWorkers(wanted: readonly Wanted[]): Promise<Cell[]> {
  const cells: Cell[] = [];
  const count = 2 * availableParallelism();
  await Promise.all(
    Array.from({ length: count }, (_, mine) => {
      const worker = fork(fileURLToPath(import.meta.url));
      worker.send(wanted.filter((_one, i) => i % count === mine));
      worker.on('message', (done: Cell) => cells.push(done));
      return new Promise<void>((done, fail) => {
        worker.on('error', fail);
        worker.on('exit', () => done());
      });
    }),
  );
  return cells;
}

function print(name: string, cells: readonly Cell[]): void {
  const requests = Math.max(...cells.map((cell) => cell.at)) + 1;
  const width = Math.max(...Object.keys(FAULTS).map((fault) => fault.length));
  console.log(`\n${name.padEnd(width)}  ${'once'.padEnd(requests + 2)}  from there on`);
  for (const fault of Object.keys(FAULTS)) {
    const row = (forever: boolean) =>
      cells
        .filter((cell) => cell.fault === fault && cell.forever === forever)
        .sort((a, b) => a.at - b.at)
        .map((cell) => MARKS[cell.outcome])
        .join('');
    console.log(`${fault.padEnd(width)}  ${row(false).padEnd(requests + 2)}  ${row(true)}`);
  }
}
