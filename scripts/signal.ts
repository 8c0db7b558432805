/**
 * Measures false alarms and detection times on simulated teams with known lead times, for the guard's rule and for a
 * simple rule without memory.
 *
 *     npm run signal                        writes its section of docs/evidence.md; exits 1 if a bound is exceeded
 *     npm run signal -- 20                  prints the section, with 20 team-years in a row (200 are published)
 *
 * The seeds are fixed. One process for each core shares the work.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { writeSection } from './sections.ts';
import { PUBLISHED, resultOf, sectionOf, type Task, type TaskResult, tasksFor } from './signal/tables.ts';

const [argument] = process.argv.slice(2);

if (argument === '--worker') {
  process.on('message', (task: Task) => process.send?.(resultOf(task)));
} else {
  const years = Number(argument ?? PUBLISHED);
  if (!Number.isInteger(years) || years < 1) {
    console.error('usage: npm run signal [-- TEAM-YEARS]');
    process.exit(2);
  }
  const tasks = tasksFor(years);
  const { text, exceeded } = sectionOf(years, tasks, await resultsOf(tasks));
  if (argument === undefined) writeSection('docs/evidence.md', 'signal', text);
  console.log(text);
  for (const message of exceeded) console.error(message);
  process.exitCode = exceeded.length > 0 ? 1 : 0;
}

/** Hands the tasks out to workers, the longest first, and returns the results in the order of the tasks. */
function resultsOf(tasks: readonly Task[]): Promise<TaskResult[]> {
  const queue = tasks.map((task, i) => ({ task, i })).sort((a, b) => b.task.case.rate - a.task.case.rate);
  const results: TaskResult[] = [];
  return new Promise((resolve, reject) => {
    let open = tasks.length;
    const assign = (worker: ChildProcess): void => {
      const next = queue.shift();
      if (next === undefined) {
        worker.disconnect();
        return;
      }
      worker.once('message', (result) => {
        results[next.i] = result as TaskResult;
        open -= 1;
        process.stderr.write(`\r${tasks.length - open} of ${tasks.length} `);
        if (open === 0) {
          process.stderr.write('\n');
          resolve(results);
        }
        assign(worker);
      });
      worker.send(next.task);
    };
    for (let i = 0; i < availableParallelism(); i++) {
      const worker = fork(import.meta.filename, ['--worker'], { execArgv: process.execArgv });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        if (code) reject(new Error(`a worker ended with ${code}`));
      });
      assign(worker);
    }
  });
}
