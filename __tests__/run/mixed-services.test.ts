import { describe, expect, test } from '@jest/globals';
import { recordRun } from '../support/actions.ts';
import { ask, type StepAnswer } from '../support/ask.ts';
import { runWithConfigFile } from '../support/config-file.ts';
import { at, begun, day } from '../support/day.ts';
import { requestCounts } from '../support/requests.ts';

/** Deployments of several services, without a configuration file that names the services. */

type Team = ReturnType<typeof begun>;

const inputs = { ...day.inputs, target: '15m' };
const remarkIn = ({ report }: Pick<StepAnswer, 'report'>) =>
  report.remarks.find((remark) => remark.consequence.includes('under "services"'))?.what ?? null;

const workflow = (on: string, job = 'environment: production\n    steps: [{ run: deploy }]') =>
  `on:\n  push:\n    ${on}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    ${job}\n`;

/** Each service has a workflow. All runs of `api` fail. */
function teamWithWorkflows(files: Record<string, string>): Team {
  const team = begun();
  team.world.files = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`.github/workflows/${name}`, text]),
  );
  for (let i = 0; i < 12; i++) {
    const [hour, minute] = [String(8 + Math.floor(i / 2)).padStart(2, '0'), i % 2 === 0 ? '0' : '3'];
    const service = i % 2 === 0 ? 'api' : 'web';
    const sha = team.merge(i + 1, at(`${hour}:${minute}0:00`), { files: [`${service}/main.ts`] });
    recordRun(team, sha, {
      id: 100 + i,
      workflow: `${service}.yml`,
      jobs: [
        {
          name: 'deploy',
          from: at(`${hour}:${minute}1:00`),
          to: at(`${hour}:${minute}4:00`),
          conclusion: service === 'api' ? 'failure' : 'success',
        },
      ],
    });
  }
  return team;
}

describe('several workflows that deploy different paths to one environment', () => {
  test('are named with their paths and "services"', async () => {
    const team = teamWithWorkflows({
      'api.yml': workflow('paths: [api/**]'),
      'web.yml': workflow('paths: [web/**, shared/**]'),
      'ci.yml': workflow('paths: [docs/**]', 'steps: [{ run: test }]'),
    });
    const answer = await ask(team.world, { ...day, inputs: { ...inputs, target: '2h' } });
    expect(remarkIn(answer)).toBe(
      '2 workflows deploy different paths to production: api.yml (api/**) and web.yml (web/**, shared/**).',
    );
  });

  test('are named if they call a workflow that deploys', async () => {
    const call = 'uses: ./.github/workflows/deploy.yml';
    const team = teamWithWorkflows({
      'api.yml': workflow('paths: [api/**]', call),
      'web.yml': workflow('paths-ignore: [api/**]', call),
      'deploy.yml': 'on: workflow_call\njobs:\n  deploy:\n    environment: { name: production }\n',
    });
    expect(remarkIn(await ask(team.world, { ...day, inputs }))).toContain(
      'api.yml (api/**) and web.yml (not api/**).',
    );
  });

  test.each([
    ['the same paths', { 'api.yml': 'paths: [api/**]', 'web.yml': 'paths: [api/**]' }],
    ['one of them without paths', { 'api.yml': 'paths: [api/**]', 'web.yml': 'branches: [main]' }],
  ])('are not %s', async (_, files) => {
    const team = teamWithWorkflows(
      Object.fromEntries(Object.entries(files).map(([name, on]) => [name, workflow(on)])),
    );
    expect(remarkIn(await ask(team.world, { ...day, inputs }))).toBeNull();
  });

  test('are not those of another environment', async () => {
    const team = teamWithWorkflows({
      'api.yml': workflow('paths: [api/**]'),
      'web.yml': workflow('paths: [web/**]', 'environment: staging\n    steps: [{ run: deploy }]'),
    });
    expect(remarkIn(await ask(team.world, { ...day, inputs }))).toBeNull();
  });

  test('are not named if services are configured', async () => {
    const team = teamWithWorkflows({
      'api.yml': workflow('paths: [api/**]'),
      'web.yml': workflow('paths: [web/**]'),
    });
    const file =
      'services:\n  api: { paths: [api], deploy-workflow: api.yml }\n  web: { paths: [web], deploy-workflow: web.yml }\n';
    const { units } = await runWithConfigFile(team.world, file);
    for (const report of units) expect(remarkIn({ report })).toBeNull();
  });

  test('take no request if every deployment was fast and succeeded', async () => {
    const team = begun();
    team.world.files = { '.github/workflows/api.yml': workflow('paths: [api/**]') };
    team.deploy(team.merge(1, at('09:00:00')), at('09:04:00'));
    const { requests } = await ask(team.world, { ...day, inputs });
    expect(requestCounts(requests).WorkflowFiles).toBeUndefined();
  });
});

describe('an environment per service', () => {
  const both = 'prod-*';
  /** Eight changes. `environmentsOf` says where each goes. */
  const teamWith = (environmentsOf: (i: number) => string[]) => {
    const team = begun();
    for (const environment of ['prod-api', 'prod-web'])
      team.deploy(team.tip(), '2026-03-01T12:00:00Z', { environment });
    for (let i = 1; i <= 8; i++) {
      const sha = team.merge(i, at(`0${i}:00:00`));
      environmentsOf(i).forEach((environment, j) => {
        team.deploy(sha, at(`0${i}:0${4 + j}:00`), { environment });
      });
    }
    return team;
  };
  const askBoth = (team: Team, live: 'first' | 'last' = 'first') =>
    ask(team.world, { ...day, inputs: { ...inputs, environment: both, live } });

  test.each(['first', 'last'] as const)('is named with "services" (live: %s)', async (live) => {
    const team = teamWith((i) => [i % 2 === 0 ? 'prod-api' : 'prod-web']);
    expect(remarkIn(await askBoth(team, live))).toContain(
      'prod-api and prod-web rarely got the same commits',
    );
  });

  test('is named although one change in four goes to both', async () => {
    const team = teamWith((i) =>
      i === 8 ? ['prod-api', 'prod-web'] : [i % 2 === 0 ? 'prod-api' : 'prod-web'],
    );
    expect(remarkIn(await askBoth(team))).toContain('rarely got the same commits');
  });

  test.each([
    ['regions that get every commit', () => ['prod-api', 'prod-web']],
    ['a region that lags', (i: number) => (i % 4 === 0 ? ['prod-api', 'prod-web'] : ['prod-api'])],
    ['a region that was given up', (i: number) => (i < 3 ? ['prod-api', 'prod-web'] : ['prod-api'])],
  ])('is not %s', async (_, environmentsOf) => {
    expect(remarkIn(await askBoth(teamWith(environmentsOf), 'last'))).toBeNull();
  });
});

describe('tags per component', () => {
  const askTags = (tagOf: (i: number) => string, pattern: string) => {
    const team = begun();
    team.world.tags = [];
    for (let i = 0; i <= 8; i++) {
      const sha = i === 0 ? team.tip() : team.merge(i, at(`0${i}:00:00`));
      team.world.tags.push({
        name: tagOf(i),
        sha,
        taggedAt: i === 0 ? '2026-03-01T12:00:00Z' : at(`0${i}:05:00`),
      });
    }
    return ask(team.world, {
      ...day,
      inputs: { ...inputs, 'deploy-source': 'tags', 'deploy-tag': pattern },
    });
  };
  const component = (i: number) => `${i % 2 === 0 ? 'api' : 'web'}-v1.${i}.0`;

  test('are named with "services"', async () => {
    expect(remarkIn(await askTags(component, '*'))).toBe(
      'The tags belong to several components: api and web.',
    );
  });

  test('are named if one component has no name', async () => {
    const answer = await askTags((i) => (i % 2 === 0 ? `v1.${i}.0` : component(i)), '*');
    expect(remarkIn(answer)).toBe('The tags belong to several components: versions without a name and web.');
  });

  test.each([
    ['if "deploy-tag" selects a component', component, 'api-v*'],
    ['for versions alone', (i: number) => `v1.${i}.0`, 'v*'],
  ])('are not named %s', async (_, tagOf, pattern) => {
    expect(remarkIn(await askTags(tagOf, pattern))).toBeNull();
  });
});

describe('releases per component', () => {
  const teamWith = (tagOf: (i: number) => string) => {
    const team = begun();
    for (let i = 0; i <= 8; i++) {
      const sha = i === 0 ? team.tip() : team.merge(i, at(`0${i}:00:00`));
      const publishedAt = i === 0 ? '2026-03-01T12:00:00Z' : at(`0${i}:05:00`);
      team.world.releases?.push({ tag: tagOf(i), sha, createdAt: publishedAt, publishedAt, author: 'ada' });
    }
    return team;
  };
  const askReleases = (team: Team, more = {}) =>
    ask(team.world, { ...day, inputs: { ...inputs, 'deploy-source': 'releases', ...more } });

  test.each([
    ['api-v1', (i: number) => `${i % 2 === 0 ? 'api' : 'web'}-v1.${i}.0`],
    ['@acme/api@1', (i: number) => `${i % 2 === 0 ? 'api' : 'web'}@1.${i}.0`],
    ['api/v1', (i: number) => `${i % 2 === 0 ? 'api' : 'web'}/v${i}-rc.1`],
  ])('are named with "services" (%s)', async (_, tagOf) => {
    expect(remarkIn(await askReleases(teamWith(tagOf)))).toBe(
      'The releases belong to several components: api and web.',
    );
  });

  test('are not named if "deploy-tag" selects a component', async () => {
    const team = teamWith((i) => `${i % 2 === 0 ? 'api' : 'web'}-v1.${i}.0`);
    expect(remarkIn(await askReleases(team, { 'deploy-tag': 'api-v*' }))).toBeNull();
  });

  test.each([
    ['versions', (i: number) => `v1.${i}.0`],
    ['dates', (i: number) => `2026-03-0${i + 1}`],
    ['versions with a suffix', (i: number) => `v1.${i}.0-hotfix.${i}`],
    ['versions of one product', (i: number) => `k8s-operator-1.${i}`],
  ])('are not %s', async (_, tagOf) => {
    expect(remarkIn(await askReleases(teamWith(tagOf)))).toBeNull();
  });
});
