import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { sampleTeam } from '../../src/demo/sample.ts';
import { workflowsFor } from '../../src/setup/workflows.ts';
import { recordRun } from '../support/actions.ts';
import { at, begun } from '../support/day.ts';
import { withGitHub } from '../support/github.ts';
import { DRIFTED, performOn, weekWith, writes } from '../support/written.ts';

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

test('a schedule has a file of its own in every recipe and in what init writes, because GitHub disables whole files', () => {
  const written = workflowsFor({
    inputs: {},
    services: null,
    source: 'deployments',
    start: { on: 'deployment_status', environments: ['production'] },
    target: { value: '15m', why: 'the default' },
    window: null,
  });
  const texts = [
    ...readdirSync('examples', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.yml'))
      .map((path) => readFileSync(`examples/${path}`, 'utf8')),
    ...written.map(({ text }) => text),
  ];
  const triggers = texts
    .map((text) => (load(text) as { on?: string | Record<string, unknown> } | undefined)?.on)
    .flatMap((on) => (typeof on === 'object' && 'schedule' in on ? [Object.keys(on)] : []));
  expect(triggers.length).toBeGreaterThan(5);
  for (const names of triggers)
    expect(names.filter((name) => name !== 'schedule' && name !== 'workflow_dispatch')).toEqual([]);
  expect(written.at(-1)?.text).toContain('after 60 days without activity');
});

test('the weekly issue says when it was last checked', async () => {
  const world = sampleTeam();
  await withGitHub(world, {}, async (github) => {
    await performOn(world, github, weekWith(DRIFTED));
    expect(world.issues?.[0]?.body).toContain('Last checked on 13 Mar 2026.');
    await performOn(world, github, { ...weekWith(DRIFTED), at: '2026-03-14T17:00:00Z' });
    expect(world.issues?.[0]?.body).toContain('Last checked on 14 Mar 2026.');
  });
});
