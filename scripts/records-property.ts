/**
 * Compares the guard with simulated servers: `npm run records-property [-- --count 300] [--seed N]`.
 *
 * A random team's servers are played second by second (`__tests__/support/server-team.ts`), and the guard reads what GitHub
 * recorded of it. A lead time or a verdict that differs from the servers has to be said.
 */
import { parseArgs } from 'node:util';
import { compareRecords, type Difference } from '../__tests__/support/records.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '300' }, seed: { type: 'string', default: '20261128' } },
});
const [count, first] = [Number(values.count), Number(values.seed)];
const differences: Difference[] = [];
const verdicts = new Map<string, number>();
let [changes, withheld] = [0, 0];
for (let seed = first; seed < first + count; seed++) {
  const compared = await compareRecords(seed);
  changes += compared.changes;
  withheld += compared.isWithheld ? 1 : 0;
  verdicts.set(compared.verdict, (verdicts.get(compared.verdict) ?? 0) + 1);
  differences.push(...compared.differences);
}
const silent = differences.filter(({ isSaid }) => !isSaid);
for (const { seed, kind, line } of silent) console.error(`seed ${seed}, ${kind}: ${line}`);
const kinds = [...new Set(differences.map(({ kind }) => kind))].map((kind) => {
  const ofKind = differences.filter((difference) => difference.kind === kind);
  return `${kind} ${ofKind.length} (${ofKind.filter(({ isSaid }) => !isSaid).length} in silence)`;
});
console.log(`seed ${first}: ${count} teams, ${changes} changes compared. ${kinds.join(', ')}.`);
console.log(
  `Verdicts: ${[...verdicts].map(([status, teams]) => `${status} ${teams}`).join(', ')}; ${withheld} without one although no change differs.`,
);
console.log(`${differences.length - silent.length} differences said, ${silent.length} in silence.`);
process.exitCode = silent.length > 0 ? 1 : 0;
