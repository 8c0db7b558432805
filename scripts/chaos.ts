/**
 * Runs the guard with a fault of GitHub at each request in turn, once or from there on, in every mode and with every source.
 * The next run has to write what is missing:
 *
 *     npm run chaos [NAME [FAULT]]
 *
 * NAME selects the scenarios and FAULT the faults whose names contain it. With CHAOS_EVERY=10 and CHAOS_SEED=7, one of ten
 * cells runs, another tenth for each seed. Prints a matrix of faults and requests for each scenario: `.` recovered,
 * `t` reported missing data or texts, `e` ended with one line, `W` a wrong result, duplicate or lost text, `H` a hang. Exits
 * 1 if there is a W or an H.
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
import { numbersFrom } from '../__tests__/support/random-team.ts';

/** A run mostly waits. */
const PARALLEL_RUNS = 24;
const MARKS: Record<Outcome, string> = {
  recovered: '.',
  reported: 't',
  ended: 'e',
  'wrong answer': 'W',
  hang: 'H',
};

interface Task {
  scenario: number;
  expected: Baseline;
  fault: string;
  at: number;
  forever: boolean;
}

if (process.send) process.once('message', (tasks: Task[]) => void work(tasks));
else await main();

async function work(tasks: Task[]): Promise<void> {
  await Promise.all(
    Array.from({ length: PARALLEL_RUNS }, async () => {
      for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
        const { expected, fault, at, forever } = task;
        const scenario = SCENARIOS[task.scenario];
        if (scenario) process.send?.(await cell(scenario, expected, fault, at, forever));
      }
    }),
  );
  process.disconnect?.();
  setTimeout(() => process.exit(), 1000).unref();
}

async function main(): Promise<void> {
  const began = performance.now();
  const [, , only = '', onlyFault = ''] = process.argv;
  const every = Number(process.env.CHAOS_EVERY ?? 1);
  const random = numbersFrom(Number(process.env.CHAOS_SEED ?? 1));
  const all: Task[] = [];
  for (const [i, scenario] of SCENARIOS.entries()) {
    if (!scenario.name.includes(only)) continue;
    const expected = await baseline(scenario);
    if (!expected.writes) throw new Error(`${scenario.name} writes nothing, so nothing could be lost.`);
    for (const fault of Object.keys(FAULTS).filter((name) => name.includes(onlyFault)))
      for (const forever of [false, true])
        for (let at = 0; at < expected.requests; at++)
          all.push({ scenario: i, expected, fault, at, forever });
  }
  const tasks = all.filter(() => random() * every < 1);
  const cells = await inWorkers(tasks);
  const order = Object.keys(FAULTS);
  cells.sort((a, b) => order.indexOf(a.fault) - order.indexOf(b.fault));
  for (const name of new Set(cells.map((cell) => cell.scenario)))
    print(
      name,
      cells.filter((cell) => cell.scenario === name),
    );
  const count = (outcome: Outcome) => cells.filter((cell) => cell.outcome === outcome).length;
  console.log(
    `\n${cells.length} cells of ${tasks.length}: ${count('recovered')} recovered, ${count('reported')} reported, ${count('ended')} ended with one line, ${count('wrong answer')} wrong, ${count('hang')} hung; ${((performance.now() - began) / 1000).toFixed(0)} s`,
  );
  for (const bad of cells.filter((cell) => cell.outcome === 'wrong answer' || cell.outcome === 'hang'))
    console.log(
      `${bad.outcome}: ${bad.scenario}: ${bad.fault} at request ${bad.at}${bad.forever ? ' and after' : ''}: ${bad.line}`,
    );
  process.exitCode = cells.length < tasks.length || count('wrong answer') + count('hang') > 0 ? 1 : 0;
}

/** Divides the cells among twice as many processes as there are cores, because they wait half of the time. */
async function inWorkers(tasks: readonly Task[]): Promise<Cell[]> {
  const cells: Cell[] = [];
  const count = 2 * availableParallelism();
  await Promise.all(
    Array.from({ length: count }, (_, index) => {
      const worker = fork(fileURLToPath(import.meta.url));
      worker.send(tasks.filter((_task, i) => i % count === index));
      worker.on('message', (result: Cell) => cells.push(result));
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
  for (const fault of new Set(cells.map((cell) => cell.fault))) {
    const row = (forever: boolean) =>
      cells
        .filter((cell) => cell.fault === fault && cell.forever === forever)
        .sort((a, b) => a.at - b.at)
        .map((cell) => MARKS[cell.outcome])
        .join('');
    console.log(`${fault.padEnd(width)}  ${row(false).padEnd(requests + 2)}  ${row(true)}`);
  }
}
