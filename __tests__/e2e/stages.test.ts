import { expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { withGitHub } from '../support/github.ts';
import { runStep } from '../support/runner.ts';

/** What the stages cost the built action, in requests. */

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

test.each(['auto', 'full'])(
  'stages: %s opens a hundred deployments within 25 requests, and tells how many it opened',
  async (stages) => {
    const world = busyTeam();
    await withGitHub(world, {}, async (github) => {
      const ask = async (more: Record<string, string>) => {
        github.requests.length = 0;
        const step = await runStep({
          apiUrl: github.apiUrl,
          inputs: {
            'as-of': '2026-03-08T12:00:00Z',
            window: '150h',
            'fail-on': 'none',
            comment: 'never',
            ...more,
          },
        });
        return { ...step, requests: github.requests.length };
      };
      const without = await ask({ stages: 'none' });
      const withStages = await ask({ stages });
      expect(withStages.report.stages.shipped).toBeGreaterThanOrEqual(95);
      expect(withStages.requests - without.requests).toBeLessThanOrEqual(25);
      if (stages === 'full') expect(withStages.report.stages.opened).toBe(withStages.report.stages.shipped);
      else expect(withStages.report.stages.opened).toBeLessThan(withStages.report.stages.shipped);
      expect(withStages.report.stages.opened).toBeGreaterThanOrEqual(30);
      expect(withStages.summary).toMatch(/Of (?:all \d+|\d+ of \d+) deployments that shipped something/);
      for (const { leadTimeSeconds, seconds } of withStages.report.stages.mergesets)
        expect(Object.values<number>(seconds).reduce((sum, each) => sum + each, 0)).toBe(leadTimeSeconds);
      console.log(
        `stages ${stages}: ${withStages.requests - without.requests} requests more, ${withStages.report.stages.opened} of ${withStages.report.stages.shipped} deployments opened`,
      );
    });
  },
);
