import { describe, expect, test } from '@jest/globals';
import { optionReader } from '../../src/config/options.ts';
import { surroundingsOf } from '../../src/config/surroundings.ts';
import { planOf, plannerOf } from '../../src/config/plan.ts';
import { readConfig } from '../../src/config/file.ts';
import { connect } from '../../src/github/client.ts';
import { attribute } from '../../src/measure/attribution.ts';
import type { RepositoryFacts } from '../../src/model/facts.ts';
import { run } from '../../src/run/run.ts';
import type { World } from '../../src/fake-github/world.ts';
import { startGitHub } from '../support/github.ts';
import { steadyTeam } from '../support/steady-team.ts';

/** Work that a run does only once. */

/** Runs the guard and records the facts of each attribution. */
async function attributionsOf(world: World, now: string, inputs: Record<string, string>, file?: string) {
  const github = await startGitHub(world);
  const surroundings = surroundingsOf({
    now: new Date(now),
    repository: `${world.owner}/${world.name}`,
    eventName: 'schedule',
    apiUrl: github.apiUrl,
    graphqlUrl: github.graphqlUrl,
  });
  const { settings, services } = planOf(
    { 'github-token': 't', stages: 'none', ...inputs },
    surroundings,
    file ? readConfig(file, 'deploy-latency.yml') : null,
  );
  const attributions: RepositoryFacts[] = [];
  const answers = await run(connect({ token: 't', ...github }), services, settings, surroundings, {
    attribute: (repository, serviceFacts, options) => {
      attributions.push(repository);
      return attribute(repository, serviceFacts, options);
    },
  });
  await github.close();
  return { attributions, reports: answers.answers.map(({ report }) => report) };
}

/** The number of different sets of facts. */
const factsIn = (attributions: readonly RepositoryFacts[]): number => new Set(attributions).size;

describe('changes are attributed once for each service and set of facts', () => {
  const team = steadyTeam({ commits: 300, days: 30, deployEvery: 1 });

  test('for the window, its findings and the history in memory', async () => {
    const { attributions, reports } = await attributionsOf(team.world, team.now, { window: '7d' });
    expect(reports[0]?.status).toBe('on-target');
    expect(attributions.length).toBe(factsIn(attributions));
    expect(attributions.length).toBeLessThanOrEqual(2);
  });

  test('for a widened window and the replay of the alert', async () => {
    const slow = steadyTeam({ commits: 60, days: 60, deployEvery: 4 });
    const { attributions, reports } = await attributionsOf(slow.world, slow.now, {
      window: '7d',
      target: '5m',
    });
    expect(reports[0]?.status).toBe('drifted');
    expect(attributions.length).toBe(factsIn(attributions));
    expect(attributions.length).toBeLessThanOrEqual(3);
  });

  test('for each of three services', async () => {
    const file = 'services:\n  api: { paths: [api] }\n  web: { paths: [web] }\n  app: { paths: [app] }\n';
    const { attributions } = await attributionsOf(team.world, team.now, { window: '7d', widen: '7d' }, file);
    expect(attributions.length).toBe(3 * factsIn(attributions));
  });
});

describe('inputs are read once', () => {
  const surroundings = surroundingsOf({
    now: new Date('2026-03-02T10:00:00Z'),
    repository: 'acme/shop',
    eventName: 'push',
    apiUrl: 'http://127.0.0.1',
    graphqlUrl: 'http://127.0.0.1/graphql',
  });

  test('from the runner, even if the run is planned several times', () => {
    const readNames: string[] = [];
    const inputs = new Proxy(
      { 'github-token': 't', target: '20m', 'fail-on': 'drift' },
      {
        get: (target, name) => {
          readNames.push(String(name));
          return Reflect.get(target, name);
        },
      },
    );
    const planner = plannerOf(inputs, surroundings.now);
    planner.first(surroundings);
    planner.first({ ...surroundings, hasSchedule: true });
    planner.plan(surroundings, readConfig('services:\n  api: { paths: [api] }\n', 'deploy-latency.yml'));
    expect(readNames.toSorted()).toEqual(['fail-on', 'github-token', 'target']);
  });

  test('and parsed once', () => {
    const read = optionReader(surroundings.now);
    const first = read({ 'fail-on': 'drift', authors: 'people' }).value;
    const again = read({ 'fail-on': 'drift', authors: 'people', target: '20m' }).value;
    expect(again['fail-on']).toBe(first['fail-on']);
    expect(again.authors).toBe(first.authors);
  });
});
