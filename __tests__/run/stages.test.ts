import { beforeAll, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { withGitHub } from '../support/github.ts';
import { performStep } from '../support/in-process.ts';

/** The requests that stages take. */

function busyTeam() {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  for (let i = 0; i < 200; i++) {
    const at = team.later('2026-02-24T00:30:00Z', i * 5400);
    const jobs = [
      { name: 'test', queue: i % 3 ? 5 : 200, takes: 400 },
      { name: 'deploy', takes: i % 2 ? 300 : 900 },
    ];
    team.ship(team.merge(i + 1, at), at, {
      jobs,
      hold: i % 4 ? 0 : 60,
      approvedBy: 'ben',
      failedFor: i % 5 ? 0 : 120,
    });
  }
  team.world.files = { '.github/workflows/deploy.yml': 'jobs: {}' };
  return team.world;
}

const ask = (stages: string) => {
  const world = busyTeam();
  return withGitHub(world, {}, async (github) => {
    const step = await performStep({
      apiUrl: github.apiUrl,
      inputs: {
        'as-of': '2026-03-08T12:00:00Z',
        window: '150h',
        'fail-on': 'none',
        comment: 'never',
        stages,
      },
    });
    return { ...step, requests: github.requests.length };
  });
};

let requestsWithout: number;
beforeAll(async () => {
  ({ requests: requestsWithout } = await ask('none'));
});

test.each(['auto', 'full'])(
  '"stages: %s" opens a hundred deployments within 25 requests and reports how many it opened',
  async (stages) => {
    const { requests, report, summary } = await ask(stages);
    const { shipped, opened, mergesets } = report.stages;
    expect(shipped).toBeGreaterThanOrEqual(95);
    expect(requests - requestsWithout).toBeLessThanOrEqual(25);
    if (stages === 'full') expect(opened).toBe(shipped);
    else expect(opened).toBeLessThan(shipped);
    expect(opened).toBeGreaterThanOrEqual(30);
    expect(summary).toMatch(/Measured in (?:all \d+|\d+ of \d+) deployments that shipped something/);
    for (const { leadTimeSeconds, seconds } of mergesets)
      expect(Object.values<number>(seconds).reduce((sum, stage) => sum + stage, 0)).toBe(leadTimeSeconds);
  },
);
