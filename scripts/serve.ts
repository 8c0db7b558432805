/**
 * Serves the fake GitHub with the sample team, to try `check` and `init` without a network. `npm run serve` prints the commands
 * and runs until it is stopped.
 */
import { startGitHub } from '../__tests__/support/github.ts';
import { SAMPLE_NOW, sampleTeam } from '../src/demo/sample.ts';

const world = sampleTeam();
const { apiUrl } = await startGitHub(world, {});
console.log(
  [
    `export GITHUB_API_URL=${apiUrl} GITHUB_TOKEN=sample`,
    `node dist/cli.js init ${world.owner}/${world.name}`,
    `node dist/cli.js check ${world.owner}/${world.name} --as-of ${SAMPLE_NOW}`,
  ].join('\n'),
);
