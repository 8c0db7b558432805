import { describe, expect, test } from '@jest/globals';
import { inputReader } from '../../src/config/options.ts';
import { surroundingsOf } from '../../src/config/surroundings.ts';
import { planOf, plannerOf } from '../../src/config/plan.ts';
import { readConfig } from '../../src/config/file.ts';
import { connect } from '../../src/github/client.ts';
import { attribute } from '../../src/measure/attribution.ts';
import type { RepositoryFacts, ServiceFacts } from '../../src/model/facts.ts';
import { run } from '../../src/run/run.ts';
import type { World } from '../../src/fake-github/world.ts';
import { startGitHub } from '../support/github.ts';
import { steadyTeam } from '../support/steady-team.ts';

/** What a run works out once, however often it is needed. */

interface Attributed {
  facts: RepositoryFacts;
  own: ServiceFacts;
}

/** Asks about a world, and notes each attribution. */
async function attributionsOf(world: World, now: string, inputs: Record<string, string>, file?: string) {
  const github = await startGitHub(world);
  const surroundings = surroundingsOf({
    now: new Date(now),
    repository: `${world.owner}/${world.name}`,
    eventName: 'schedule',
    apiUrl: github.apiUrl,
    graphqlUrl: github.graphqlUrl,
  });
  const given = { 'github-token': 't', stages: 'none', ...inputs };
  const { settings, services } = planOf(
    given,
    surroundings,
    file ? readConfig(file, 'deploy-latency.yml') : null,
  );
  const all: Attributed[] = [];
  const answers = await run(connect({ token: 't', ...github }), services, settings, surroundings, {
    attribute: (repository, own, options) => {
      all.push({ facts: repository, own });
      return attribute(repository, own, options);
    },
  });
  await github.close();
  return { all, answers: answers.answers.map(({ report }) => report) };
}

/** Sets of facts that attributions were made from. */
const factsIn = (all: readonly Attributed[]): number => new Set(all.map(({ facts }) => facts)).size;

describe('changes are attributed once for each service and set of facts', () => {
  const team = steadyTeam({ commits: 300, days: 30, deployEvery: 1 });

  test('for the window, its findings and what is recalled', async () => {
    const { all, answers } = await attributionsOf(team.world, team.now, { window: '7d' });
    expect(answers[0]?.status).toBe('on-target');
    expect(all.length).toBe(factsIn(all));
    expect(all.length).toBeLessThanOrEqual(2);
  });

  test('for a widened window and the replay of the alert', async () => {
    const slow = steadyTeam({ commits: 60, days: 60, deployEvery: 4 });
    const { all, answers } = await attributionsOf(slow.world, slow.now, { window: '7d', target: '5m' });
    expect(answers[0]?.status).toBe('drifted');
    expect(all.length).toBe(factsIn(all));
    expect(all.length).toBeLessThanOrEqual(3);
  });

  test('for each of three services by itself', async () => {
    const file = 'services:\n  api: { paths: [api] }\n  web: { paths: [web] }\n  app: { paths: [app] }\n';
    const { all } = await attributionsOf(team.world, team.now, { window: '7d', widen: '7d' }, file);
    expect(all.length).toBe(3 * factsIn(all));
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

  test('each is taken from the runner once, however often the run is planned', () => {
    const asked: string[] = [];
    const inputs = new Proxy(
      { 'github-token': 't', target: '20m', 'fail-on': 'drift' },
      {
        get: (all, name) => {
          asked.push(String(name));
          return Reflect.get(all, name);
        },
      },
    );
    const planner = plannerOf(inputs, surroundings.now);
    planner(surroundings);
    planner({ ...surroundings, hasSchedule: true });
    planner(surroundings, readConfig('services:\n  api: { paths: [api] }\n', 'deploy-latency.yml'));
    expect(asked.toSorted()).toEqual(['fail-on', 'github-token', 'target']);
  });

  test('each value is parsed once', () => {
    const read = inputReader(surroundings.now);
    const first = read({ 'fail-on': 'drift', authors: 'people' }).value;
    const again = read({ 'fail-on': 'drift', authors: 'people', target: '20m' }).value;
    expect(again['fail-on']).toBe(first['fail-on']);
    expect(again.authors).toBe(first.authors);
  });
});
