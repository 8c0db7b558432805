/**
 * How often the guard cries, and how soon: made-up teams of known lead times, each deployment judged as it would have been
 * then, by the alert and by the rule without memory beside it.
 *
 *     npm run signal                        writes docs/signal.md; exits 1 where a bound is missed
 *     npm run signal -- 20                  prints it, with so many team-years a row (200 are published)
 *
 * The seeds are fixed. The work is shared out to processes, as many as there are cores.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { PUBLISHED, pageOf, resultOf, type Task, type TaskResult, tasksFor } from './signal/tables.ts';

const [first] = process.argv.slice(2);

if (first === '--worker') {
  process.on('message', (task: Task) => process.send?.(resultOf(task)));
} else {
  const years = Number(first ?? PUBLISHED);
  if (!Number.isInteger(years) || years < 1) {
    console.error('usage: npm run signal [-- TEAM-YEARS]');
    process.exit(2);
  }
  const tasks = tasksFor(years);
  const results = await shared(tasks);
  const { text, missed } = pageOf(years, tasks, results);
  if (first === undefined) writeFileSync('docs/signal.md', text);
  console.log(text);
  for (const each of missed) console.error(`missed: ${each}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
}

/** Hands out the tasks, the longest first, and brings what each came to in their own order. */
function shared(tasks: readonly Task[]): Promise<TaskResult[]> {
  const order = tasks.map((task, i) => ({ task, i })).sort((a, b) => b.task.case.rate - a.task.case.rate);
  const results: TaskResult[] = [];
  return new Promise((resolve, reject) => {
    let open = tasks.length;
    const next = (worker: ChildProcess): void => {
      const one = order.shift();
      if (one === undefined) {
        worker.disconnect();
        return;
      }
      worker.once('message', (result) => {
        results[one.i] = result as TaskResult;
        open -= 1;
        process.stderr.write(`\r${tasks.length - open} of ${tasks.length} `);
        if (open === 0) {
          process.stderr.write('\n');
          resolve(results);
        }
        next(worker);
      });
      worker.send(one.task);
    };
    for (let i = 0; i < availableParallelism(); i++) {
      const worker = fork(import.meta.filename, ['--worker'], { execArgv: process.execArgv });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        if (code) reject(new Error(`a worker ended with ${code}`));
      });
      next(worker);
    }
  });
}
