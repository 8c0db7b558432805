import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { recordRun } from '../support/actions.ts';
import { at, begun } from '../support/day.ts';
import { withGitHub } from '../support/github.ts';
import { performOn, writes } from '../support/written.ts';

/** The recipe for a job that deploys with its own token, whose deployment starts no other workflow. */

const recipe = readFileSync('examples/after-deploy-workflow.yml', 'utf8');
const workflow = load(recipe) as {
  on: { workflow_run: { workflows: string[]; types: string[]; branches: string[] } };
  jobs: { guard: { if: string; steps: { with: Record<string, string> }[] } };
};

test('after-deploy-workflow.yml runs after a successful deploy workflow and judges the deployment of that run', async () => {
  expect(workflow.on.workflow_run).toEqual({
    workflows: ['Deploy'],
    types: ['completed'],
    branches: ['main'],
  });
  expect(workflow.jobs.guard.if).toBe("github.event.workflow_run.conclusion == 'success'");

  const team = begun();
  team.merge(1, at('10:00:00'));
  const sha = team.merge(2, at('10:05:00'));
  recordRun(team, sha, { id: 51, jobs: [{ name: 'deploy', from: at('10:40:00'), to: at('10:45:00') }] });
  const later = team.merge(3, at('11:00:00'));
  recordRun(team, later, { id: 52, jobs: [{ name: 'deploy', from: at('11:01:00'), to: at('11:05:00') }] });
  await withGitHub(team.world, {}, async (github) => {
    const { log, summary } = await performOn(team.world, github, {
      at: at('11:10:00'),
      event: 'workflow_run',
      around: { eventRun: 51, sha },
      inputs: { ...workflow.jobs.guard.steps[0]?.with, 'min-samples': '1' },
    });
    expect(log).toContain('Mode guard, because the event is workflow_run.');
    expect(writes(github)).toEqual(['POST /issues/1/comments', 'POST /issues/2/comments']);
    expect(summary).toContain('batch of 2');
  });
});
