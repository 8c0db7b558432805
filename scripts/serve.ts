/**
 * The loopback GitHub with the sample team, for whoever tries `check` and `init` without a network: `npm run serve` prints how it
 * is reached and answers until it is stopped. It answers by GitHub's own schema, as in the tests.
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
