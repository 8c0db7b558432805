import { describe, expect, test } from '@jest/globals';
import { longestChain } from '../../src/fake-github/loopback.ts';
import { withGitHub } from '../support/github.ts';
import { runStep } from '../support/runner.ts';
import { type SteadyOptions, steadyTeam } from '../support/steady-team.ts';

/** Requests of the built action. `chain` is the longest sequence of requests that wait for each other. */

async function measure(options: SteadyOptions, latency = 0) {
  const { world, now } = steadyTeam(options);
  return withGitHub(world, { latency }, async ({ apiUrl, requests }) => {
    const { report, code } = await runStep({
      apiUrl,
      inputs: { 'as-of': now, window: `${options.days}d`, 'fail-on': 'none', comment: 'never' },
    });
    expect(code).toBe(0);
    return {
      requests: requests.length,
      chain: longestChain(requests),
      commits: options.commits,
      deployments: report.deployments.length as number,
      deployed: report.leadTime.deployed as number,
    };
  });
}

const bound = (commits: number, deployments: number) =>
  2 + Math.ceil(commits / 100) + Math.ceil(deployments / 100);

describe('a week', () => {
  test.each([
    ['100 commits, each deployed', { commits: 100, days: 7, deployEvery: 1 }],
    [
      '50 merge commits of branches, each deployed',
      { commits: 100, days: 7, deployEvery: 2, mergeCommits: true },
    ],
    ['100 commits, ten deployments', { commits: 100, days: 7, deployEvery: 10 }],
    ['ten commits', { commits: 10, days: 7, deployEvery: 1 }],
  ])('of %s takes at most three requests', async (_, options) => {
    const { requests } = await measure(options);
    expect(requests).toBeLessThanOrEqual(3);
  });
});

describe('C commits and D deployments take at most 2 + ⌈C/100⌉ + ⌈D/100⌉ requests', () => {
  test.each([
    [{ commits: 300, days: 14, deployEvery: 1 }],
    [{ commits: 700, days: 30, deployEvery: 2, mergeCommits: true }],
    [{ commits: 1000, days: 30, deployEvery: 10, rollbackEvery: 9 }],
    [{ commits: 2500, days: 60, deployEvery: 40 }],
  ])('%j', async (options) => {
    const { requests, commits, deployments } = await measure(options);
    expect(requests).toBeLessThanOrEqual(bound(commits, deployments));
  });
});

test('90 days with 3,000 commits and 900 deployments are read in parallel', async () => {
  const { requests, chain, deployed, deployments } = await measure(
    { commits: 3000, days: 90, deployEvery: 10 / 3 },
    100,
  );
  expect(deployments).toBeGreaterThanOrEqual(890);
  expect(deployed).toBeGreaterThan(2990);
  expect(requests).toBeLessThanOrEqual(bound(3000, 900));
  expect(chain).toBeLessThanOrEqual(15);
}, 20_000);
