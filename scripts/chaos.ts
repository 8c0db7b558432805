/**
 * The built action against a GitHub that misbehaves, at every request of a run in turn: once, and from there on.
 *
 *     npm run chaos
 *
 * Prints the matrix, fault by request: `.` recovered, `t` told what the answer lacks, `e` ended with one line, `W` a
 * wrong answer, `H` a hang. Exits 1 if there is a W or an H.
 */
import { baseline, type Cell, cell, type Outcome } from '../__tests__/support/chaos.ts';
import { FAULTS } from '../__tests__/support/faults.ts';

const AT_ONCE = 10;
const MARKS: Record<Outcome, string> = {
  recovered: '.',
  told: 't',
  ended: 'e',
  'wrong answer': 'W',
  hang: 'H',
};

const began = performance.now();
const known = await baseline();
const wanted = Object.keys(FAULTS).flatMap((fault) =>
  [false, true].flatMap((forever) =>
    Array.from({ length: known.requests }, (_, at) => ({ fault, at, forever })),
  ),
);
const cells: Cell[] = [];
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let next = wanted.shift(); next !== undefined; next = wanted.shift())
      cells.push(await cell(known, next.fault, next.at, next.forever));
  }),
);

const width = Math.max(...Object.keys(FAULTS).map((fault) => fault.length));
console.log(`${''.padEnd(width)}  once${' '.repeat(Math.max(1, known.requests - 2))}  from there on`);
for (const fault of Object.keys(FAULTS)) {
  const row = (forever: boolean) =>
    cells
      .filter((each) => each.fault === fault && each.forever === forever)
      .sort((a, b) => a.at - b.at)
      .map((each) => MARKS[each.outcome])
      .join('');
  console.log(`${fault.padEnd(width)}  ${row(false).padEnd(known.requests + 2)}  ${row(true)}`);
}
const count = (outcome: Outcome) => cells.filter((each) => each.outcome === outcome).length;
console.log(
  `\n${cells.length} cells, ${known.requests} requests a run: ${count('recovered')} recovered, ${count('told')} told, ${count('ended')} ended with one line, ${count('wrong answer')} wrong, ${count('hang')} hung; ${((performance.now() - began) / 1000).toFixed(0)} s`,
);
for (const bad of cells.filter((each) => each.outcome === 'wrong answer' || each.outcome === 'hang'))
  console.log(
    `${bad.outcome}: ${bad.fault} at request ${bad.at}${bad.forever ? ' and after' : ''}: ${bad.line}`,
  );
process.exitCode = count('wrong answer') + count('hang') > 0 ? 1 : 0;
