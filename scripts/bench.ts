/**
 * Measures the requests, points, bytes and processor time of the built action, and compares them with their bounds.
 *
 *     npm run bench -- [REVISION] [--only WORDS] [--requests]
 *
 * With a revision, `dist` of that revision is measured, too, in another column. `--only` measures the figures that
 * contain the words. `--only scale` measures the largest repositories, which are skipped otherwise. `--requests` lists
 * the requests behind each figure. `--only scale` also writes the table of docs/limits.md. Exits 1 if a figure of this build is over its bound.
 */
import { parseArgs } from 'node:util';
import { GROUPS } from './bench/figures.ts';
import { costOf } from './bench/measuring.ts';
import { buildOf } from './bench/revision.ts';
import { headline, type Measured, rowOfLimits, rowsOf, tableOfLimits } from './bench/table.ts';
import { writeSection } from './sections.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, requests: { type: 'boolean', default: false } },
});
const [revision] = positionals;
const { only } = values;
const has = (text: string) => text.toLowerCase().includes(only?.toLowerCase() ?? '');
const groups = GROUPS.filter(({ name, byName = false, figures }) => {
  if (byName) return only !== undefined && has(name);
  return figures.some((figure) => has(`${name}: ${figure.name}`));
});
if (groups.length === 0) {
  console.error(`No figure contains "${only}".`);
  process.exit(2);
}

const earlier = revision === undefined ? null : buildOf(revision);
let isOver = false;
const documented: string[] = [];
try {
  console.log(headline(revision));
  for (const group of groups) {
    const builds: Measured[][] = [];
    for (const dist of [...(earlier ? [earlier.dist] : []), 'dist']) {
      const measured: Measured[] = [];
      for (const scenario of group.scenarios)
        measured.push({ scenario, cost: await costOf(scenario, dist, group) });
      builds.push(measured);
    }
    const { lines, over } = rowsOf(group, builds, values.requests);
    console.log(lines.join('\n'));
    const cost = builds.at(-1)?.[0]?.cost;
    if (group.row !== undefined && cost) documented.push(rowOfLimits(group.row, cost));
    isOver ||= over;
  }
  if (only === 'scale') writeSection('docs/limits.md', 'size', tableOfLimits(documented));
} finally {
  earlier?.remove();
}
process.exitCode = isOver ? 1 : 0;
