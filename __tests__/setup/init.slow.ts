import { afterAll, describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { surroundingsOf } from '../../src/config/surroundings.ts';
import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';
import { type SetUp, setUp } from '../../src/setup/set-up.ts';
import { withGitHub } from '../support/github.ts';
import { performStep } from '../support/in-process.ts';
import type { StepResult } from '../support/runner.ts';
import {
  daysAgo,
  deployed,
  deployJob,
  job,
  type Merge,
  NOW,
  PUSH,
  ran,
  ranWithout,
  released,
  shipped,
  type Team,
  team,
  TEST,
  workflow,
} from '../support/shapes.ts';
import { holds, isStartedBy, lintErrors, workflowOf } from '../support/workflow.ts';

/** What `init` proposes for repositories of many shapes. Each proposal is linted, and run on the repository's own history. */

interface Expected {
  /** The events that start the guard, apart from `pull_request`. `null`: none. */
  on: object | string | null;
  /** Inputs, apart from `target` and `window`. */
  inputs?: Record<string, string>;
  /** Services of the configuration file, without their targets. */
  services?: Record<string, object>;
  /** Time from merge to live that the guard then measures. Defaults to 22 minutes. */
  minutes?: number;
  /** The verdict that the guard then gives. Defaults to one that is not red. */
  status?: string;
  /** Texts that standard error contains. */
  says?: (string | RegExp)[];
  /** Texts that it does not contain. */
  omits?: (string | RegExp)[];
  /** The payload of the event that starts the guard. */
  payload?: object;
}

const afterRuns = (...workflows: string[]) => ({
  workflow_run: { workflows, types: ['completed'], branches: ['main'] },
});
const RUN_SUCCEEDED = { workflow_run: { conclusion: 'success', id: 1, event: 'push', head_branch: 'main' } };
const DEPLOYMENT = (environment: string) => ({
  deployment_status: { state: 'success' },
  deployment: { id: 1, environment },
});

async function init(world: World, denied: string[] = []): Promise<SetUp> {
  return withGitHub(world, { denied }, ({ apiUrl }) =>
    setUp({
      repository: 'acme/shop',
      token: 'laptop',
      surroundings: surroundingsOf({
        now: new Date(NOW),
        repository: '',
        apiUrl,
        graphqlUrl: `${apiUrl}/graphql`,
      }),
      client: { pace: 0 },
    }),
  );
}

const AFTER = '.github/workflows/deploy-latency.yml';
const WEEKLY = '.github/workflows/deploy-latency-weekly.yml';
const CONFIG = '.github/deploy-latency.yml';

/** Runs a proposed workflow as GitHub would, with the proposed files merged; `null` if the event does not run it. */
async function run(world: World, text: string, event: string, payload: object): Promise<StepResult | null> {
  const file = workflowOf(text);
  const [guard] = Object.values(file.jobs);
  if (!isStartedBy(file, event) || !holds(guard?.if, { event: payload, event_name: event })) return null;
  const inputs = Object.entries(guard?.steps?.[0]?.with ?? {}).filter(([name]) => name !== 'html');
  return withGitHub(world, {}, ({ apiUrl }) =>
    performStep(
      {
        apiUrl,
        event,
        payload,
        inputs: Object.fromEntries(inputs.map(([name, value]) => [name, String(value)])),
      },
      { now: new Date(NOW) },
    ),
  );
}

const texts: string[] = [];
afterAll(() => expect(lintErrors(texts)).toBe(''));

async function check(world: World, expected: Expected): Promise<void> {
  const { reasons, files } = await init(world);
  const said = reasons.join('\n');
  for (const text of expected.says ?? []) expect(said).toMatch(text);
  for (const text of expected.omits ?? []) expect(said).not.toMatch(text);

  const { [AFTER]: guard = '', [WEEKLY]: weekly = '', [CONFIG]: config } = textsOf(files);
  texts.push(guard, weekly);
  const { on, jobs } = workflowOf(guard);
  const { pull_request: onPull, ...others } = on as Record<string, unknown>;
  expect(onPull).toBe(null);
  const eventsOf = (wanted: Expected['on']) =>
    wanted === null ? {} : typeof wanted === 'string' ? { [wanted]: null } : wanted;
  expect(others).toEqual(eventsOf(expected.on));
  const { target, window: _, ...inputs } = Object.values(jobs)[0]?.steps?.[0]?.with ?? {};
  expect(inputs).toEqual(expected.inputs ?? {});
  expect(Object.keys(workflowOf(weekly).on)).toEqual(['schedule', 'workflow_dispatch']);

  if (expected.services) {
    const { services } = load(config ?? '') as { services: Record<string, { target?: string }> };
    const withoutTargets = Object.entries(services).map(([name, { target: _, ...service }]) => [
      name,
      service,
    ]);
    expect(Object.fromEntries(withoutTargets)).toEqual(expected.services);
  } else {
    expect(config).toBeUndefined();
    if (world.files?.[CONFIG] === undefined) expect(target).toMatch(/^\d+[dhms]/);
  }

  world.files = { ...world.files, ...(config ? { [CONFIG]: config } : {}) };
  const [event] = Object.keys(others);
  if (event) {
    const started = await run(world, guard, event, expected.payload ?? RUN_SUCCEEDED);
    expect([started?.code, started?.outputs.status]).toEqual([
      0,
      expected.status ?? expect.stringMatching(/on-target|slipping/),
    ]);
    const [lead, most] = [Number(started?.outputs['lead-time-seconds']), expected.minutes ?? 22];
    expect(lead).toBeGreaterThan(60 * (most - 1));
    expect(lead).toBeLessThan(60 * (most + 1));
  }
  const pull = { action: 'opened', pull_request: { number: 500 } };
  const commented = await run(world, guard, 'pull_request', pull);
  expect([commented?.code, commented?.outputs['comment-url']]).toEqual([
    0,
    expect.stringContaining('issues/500#'),
  ]);
  expect((await run(world, weekly, 'schedule', {}))?.code).toBe(0);
}

const textsOf = (files: SetUp['files']): Record<string, string> =>
  Object.fromEntries(files.map(({ path, text }) => [path, text]));

const ENVIRONMENT = 'environment: production, ';
const DEPLOY = workflow('Deploy', PUSH, { test: TEST, deploy: deployJob(ENVIRONMENT) });
const both =
  (...ways: ((made: Team, merge: Merge) => void)[]) =>
  (made: Team, merge: Merge) => {
    for (const way of ways) way(made, merge);
  };
const every =
  (nth: number, way: (made: Team, merge: Merge) => void) =>
  (made: Team, merge: Merge): void => {
    if (merge.i % nth === 0) way(made, merge);
  };
/** A team that pushes to the branch once a day. Each push is live 22 minutes later. */
function pushedOnly(world: World): World {
  const made = story('acme', 'shop', daysAgo(50));
  shipped()(made, { sha: made.tip(), at: daysAgo(49), live: daysAgo(49), i: 0 });
  for (let i = 1; i <= 30; i++) {
    const at = daysAgo(31 - i);
    shipped()(made, { sha: made.push(at), at, live: at, i });
  }
  const open = world.pulls.filter(({ mergedAt }) => mergedAt === null);
  return { ...made.world, files: world.files ?? {}, pulls: open };
}
const PRODUCTION = { environment: 'production' };

describe('environments', () => {
  test('a job with an environment: the guard runs after its workflow', () =>
    check(team(shipped(), { workflows: { 'deploy.yml': DEPLOY } }), {
      on: afterRuns('Deploy'),
      inputs: PRODUCTION,
      says: [/deploy\.yml \(job "deploy"\)/],
    }));

  test('an environment by expression: the log of a deployment names the workflow', () =>
    check(
      team(shipped({ workflow: 'main.yml' }), {
        workflows: {
          'main.yml': workflow('Main', 'push', {
            test: TEST,
            deploy: deployJob(
              `environment: "\${{ github.ref == 'refs/heads/main' && 'production' || 'staging' }}", `,
            ),
          }),
        },
      }),
      { on: afterRuns('Main'), inputs: PRODUCTION, says: [/main\.yml/] },
    ));

  test('an environment passed to a reusable workflow: the guard runs after the caller', () =>
    check(
      team(
        shipped({
          workflow: 'main.yml',
          jobs: [
            { name: 'test', takes: 600 },
            { name: 'ship / deploy', takes: 715 },
          ],
        }),
        {
          workflows: {
            'main.yml': workflow('Main', PUSH, {
              test: TEST,
              ship: '{ needs: test, uses: ./.github/workflows/ship.yml, with: { to: production } }',
            }),
            'ship.yml': workflow('Ship', '{ workflow_call: { inputs: { to: { type: string } } } }', {
              deploy: job('run: ./deploy.sh', `environment: "\${{ inputs.to }}", `),
            }),
          },
        },
      ),
      { on: afterRuns('Main'), inputs: PRODUCTION },
    ));

  test('a reusable workflow of another repository: the log names the workflow that calls it', () =>
    check(
      team(
        shipped({
          workflow: 'cd.yaml',
          jobs: [
            { name: 'test', takes: 600 },
            { name: 'go / deploy', takes: 715 },
          ],
        }),
        {
          workflows: {
            'cd.yaml': workflow('CD', PUSH, {
              test: TEST,
              go: '{ needs: test, uses: acme/workflows/.github/workflows/deploy.yml@v2, with: { stage: production } }',
            }),
          },
        },
      ),
      { on: afterRuns('CD'), inputs: PRODUCTION, says: [/cd\.yaml/] },
    ));

  test('environments of a matrix: production is the last stage', () =>
    check(
      team(
        both(
          shipped({
            jobs: [
              { name: 'test', takes: 600 },
              { name: 'deploy (production)', takes: 715 },
            ],
          }),
          (made, { sha, at }) =>
            void made.deploy(sha, at, { environment: 'staging', creator: 'github-actions[bot]' }),
        ),
        {
          workflows: {
            'deploy.yml': workflow('Deploy', PUSH, {
              test: TEST,
              deploy: deployJob(
                `strategy: { max-parallel: 1, matrix: { stage: [staging, production] } }, environment: "\${{ matrix.stage }}", `,
              ),
            }),
          },
        },
      ),
      { on: afterRuns('Deploy'), inputs: PRODUCTION, says: [/Earlier stages.*: staging\./] },
    ));

  test('a matrix of regions: one service that is measured in all regions', () =>
    check(
      team(
        both(
          shipped({
            environment: 'production-eu',
            jobs: [
              { name: 'test', takes: 600 },
              { name: 'deploy (eu)', takes: 715 },
            ],
          }),
          (made, { sha, at }) =>
            void made.deploy(sha, made.later(at, 605), {
              environment: 'production-us',
              creator: 'github-actions[bot]',
              takes: 600,
              logUrl: `https://github.com/acme/shop/actions/runs/${made.world.runs?.at(-1)?.id}/job/1`,
            }),
        ),
        {
          workflows: {
            'deploy.yml': workflow('Deploy', PUSH, {
              test: TEST,
              deploy: deployJob(
                `strategy: { matrix: { region: [eu, us] } }, environment: "production-\${{ matrix.region }}", `,
              ),
            }),
          },
        },
      ),
      {
        on: afterRuns('Deploy'),
        inputs: { environment: 'production-eu\nproduction-us' },
        minutes: 20,
        says: [/got the same commits, so they count as regions/],
      },
    ));

  test('an app with previews: the guard runs after each deployment', () =>
    check(team(both(deployed('Production', 'vercel[bot]'), deployed('Preview', 'vercel[bot]'))), {
      on: 'deployment_status',
      inputs: { environment: 'Production' },
      payload: DEPLOYMENT('Production'),
      says: [/Skipped: 1 preview environment/],
    }));

  test('a script that records deployments with GITHUB_TOKEN', () =>
    check(
      team(deployed('live', 'github-actions[bot]'), {
        workflows: {
          'ship.yml': workflow('Ship', PUSH, {
            go: job('run: ./go.sh', 'permissions: { deployments: write }, '),
          }),
        },
      }),
      { on: afterRuns('Ship'), inputs: { environment: 'live' }, says: [/most likely in ship\.yml/] },
    ));

  test('deployments of an unknown origin: comments and the weekly check, with the missing part named', () =>
    check(team(deployed('production', 'github-actions[bot]')), {
      on: null,
      inputs: PRODUCTION,
      says: [/no workflow file here creates them/, /only pull requests and the weekly check/],
    }));

  test('two apps in one repository without folders: the busier one, with the other named', () =>
    check(
      team(
        both(
          deployed('shop-production', 'vercel[bot]'),
          every(2, deployed('blog-production', 'vercel[bot]')),
          deployed('shop-staging', 'vercel[bot]'),
        ),
      ),
      {
        on: 'deployment_status',
        inputs: { environment: 'shop-production' },
        payload: DEPLOYMENT('shop-production'),
        says: [/Also possible: "blog-production" \(1\d deployments\)/],
        omits: [/Also possible:[^\n]*staging/],
      },
    ));

  test('an environment of its own name next to stages: the stages are not possible as well', () =>
    check(team(both(deployed('api', 'argo-bot'), deployed('api-staging', 'argo-bot'))), {
      on: 'deployment_status',
      inputs: { environment: 'api' },
      payload: DEPLOYMENT('api'),
      says: [/Earlier stages.*: api-staging\./],
      omits: [/Also possible/],
    }));

  test('only staging: it is measured, and the missing production is named', () =>
    check(team(deployed('staging', 'argo-bot')), {
      on: 'deployment_status',
      inputs: { environment: 'staging' },
      payload: DEPLOYMENT('staging'),
      says: [/No environment seems to be production.*"staging"/],
      omits: [/no other environment is more likely to be production/],
    }));

  test('a production that a trial left behind: the environment in use is measured', () =>
    check(
      team(
        (made, merge) => {
          deployed('eu-live', 'argo-bot')(made, merge);
          if (merge.i < 2) deployed('production', 'argo-bot')(made, merge);
        },
        { merges: 60 },
      ),
      {
        on: 'deployment_status',
        inputs: { environment: 'eu-live' },
        payload: DEPLOYMENT('eu-live'),
        says: [/"production" was last deployed on 2026-04-/],
      },
    ));

  test('an environment that never gets the base branch: measuring drops it for the next', () =>
    check(
      team((made, { sha, at, i }) => {
        const own = made.commit(at, [made.world.commits[0]?.oid ?? sha]);
        made.deploy(own, at, { environment: 'production-like', creator: 'argo-bot' });
        deployed('shop', 'argo-bot')(made, { sha, at, live: at, i });
      }),
      {
        on: 'deployment_status',
        inputs: { environment: 'shop' },
        payload: DEPLOYMENT('shop'),
        says: [/Passed over: environment "production-like"/],
      },
    ));

  test('hundreds of previews by number: production is found among them', () =>
    check(
      team((made, merge) => {
        deployed('production - shop', 'render[bot]')(made, merge);
        for (let n = 0; n < 8; n++)
          deployed(`production - shop PR #${merge.i * 8 + n}`, 'render[bot]')(made, merge);
      }),
      {
        on: 'deployment_status',
        inputs: { environment: 'production - shop' },
        payload: DEPLOYMENT('production - shop'),
        says: [/Skipped: 2\d\d preview environments/],
      },
    ));
});

describe('jobs', () => {
  test('release-please next to releases: releases win, and the job that makes them is named', () =>
    check(
      team(
        both(
          ran('release-please.yml', [{ name: 'release-please', takes: 40 }]),
          released('github-actions[bot]'),
        ),
        {
          workflows: {
            'release-please.yml': workflow('Release', PUSH, {
              'release-please': job('uses: googleapis/release-please-action@v4'),
            }),
          },
        },
      ),
      {
        on: afterRuns('Release'),
        inputs: { 'deploy-source': 'releases' },
        says: [/"release-please" in release-please\.yml makes releases, so its success is not a deployment/],
      },
    ));

  test('jobs for storybook and previews before "Deploy to production" in the alphabet', () =>
    check(
      team(
        both(
          ran('a-storybook.yml', [{ name: 'deploy-storybook', takes: 100 }]),
          ranWithout('b-preview.yml', 'deploy-preview'),
          ran('deploy.yml', [
            { name: 'test', takes: 600 },
            { name: 'Deploy to production', takes: 715 },
          ]),
        ),
        {
          workflows: {
            'a-storybook.yml': workflow('Storybook', PUSH, { 'deploy-storybook': job('run: ./deploy.sh') }),
            'b-preview.yml': workflow('Preview', '[push, pull_request]', {
              test: TEST,
              'deploy-preview': job('run: ./deploy.sh', `if: "github.event_name == 'pull_request'", `),
            }),
            'deploy.yml': workflow('Deploy', PUSH, {
              test: TEST,
              deploy: deployJob('name: Deploy to production, '),
            }),
          },
        },
      ),
      {
        on: afterRuns('Deploy'),
        inputs: {
          'deploy-source': 'workflow',
          'deploy-workflow': 'deploy.yml',
          'deploy-job': 'Deploy to production',
        },
        says: [/Not counted: .*"deploy-storybook" in a-storybook\.yml/],
      },
    ));

  test('a deploy job that never ran on the branch: the next one that did', () =>
    check(
      team(
        ran('ship.yml', [
          { name: 'test', takes: 600 },
          { name: 'rollout', takes: 715 },
        ]),
        {
          workflows: {
            'deploy.yml': workflow('Old', '{ workflow_dispatch: {} }', { deploy: job('run: ./deploy.sh') }),
            'ship.yml': workflow('Ship', PUSH, { test: TEST, rollout: deployJob() }),
          },
        },
      ),
      {
        on: afterRuns('Ship'),
        inputs: { 'deploy-source': 'workflow', 'deploy-workflow': 'ship.yml', 'deploy-job': 'rollout' },
        says: [/No runs on main: "deploy" in deploy\.yml\./],
        omits: [/Also possible/],
      },
    ));

  test('a deploy job that is skipped on the branch: measuring drops it for releases', () =>
    check(
      team(both(ranWithout('ci.yml', 'deploy'), released('mira')), {
        workflows: {
          'ci.yml': workflow('CI', '[push, pull_request]', {
            test: TEST,
            deploy: deployJob(`if: "github.event_name == 'pull_request'", `),
          }),
        },
      }),
      {
        on: { release: { types: ['published'] } },
        inputs: { 'deploy-source': 'releases' },
        payload: { action: 'published' },
        says: [/Passed over: job "deploy" in ci\.yml/],
      },
    ));

  test('jobs of a matrix after which tests run: the jobs count, not the run', () =>
    check(
      team(
        (made, merge) =>
          ran('deploy.yml', [
            { name: 'deploy (eu)', takes: 1315 },
            { name: 'deploy (us)', takes: 1000, parallel: true },
            { name: 'smoke', takes: 1800 },
          ])(made, merge),
        {
          workflows: {
            'deploy.yml': workflow('Deploy', PUSH, {
              deploy: job('run: ./deploy.sh', 'strategy: { matrix: { region: [eu, us] } }, '),
              smoke: job('run: ./smoke.sh', 'needs: deploy, '),
            }),
          },
        },
      ),
      {
        on: afterRuns('Deploy'),
        inputs: { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml', 'deploy-job': 'deploy' },
      },
    ));

  test('a step that deploys in a job with another name', () =>
    check(
      team(ran('ci.yml', [{ name: 'build', takes: 1315 }]), {
        workflows: {
          'ci.yml': workflow('CI', '[push, pull_request]', {
            build: job('run: flyctl deploy --remote-only'),
          }),
        },
      }),
      {
        on: afterRuns('CI'),
        inputs: { 'deploy-source': 'workflow', 'deploy-workflow': 'ci.yml' },
        says: [/"flyctl deploy/],
      },
    ));

  test('a reusable deploy workflow of another repository without an environment', () =>
    check(
      team(
        ran('cd.yml', [
          { name: 'test', takes: 600 },
          { name: 'deploy / run', takes: 715 },
        ]),
        {
          workflows: {
            'cd.yml': workflow('CD', PUSH, {
              test: TEST,
              deploy: '{ needs: test, uses: acme/workflows/.github/workflows/deploy.yml@v2 }',
            }),
          },
        },
      ),
      {
        on: afterRuns('CD'),
        inputs: { 'deploy-source': 'workflow', 'deploy-workflow': 'cd.yml' },
        says: [/With "environment:" in that job/],
      },
    ));

  test('production by a job without an environment, and only staging recorded', () =>
    check(
      team(
        both(
          ran('prod.yml', [
            { name: 'test', takes: 600 },
            { name: 'deploy production', takes: 715 },
          ]),
          (made, { sha, at }) => void made.deploy(sha, at, { environment: 'staging', creator: 'argo-bot' }),
        ),
        {
          workflows: {
            'prod.yml': workflow('Production', PUSH, {
              test: TEST,
              go: deployJob('name: deploy production, '),
            }),
          },
        },
      ),
      {
        on: afterRuns('Production'),
        inputs: {
          'deploy-source': 'workflow',
          'deploy-workflow': 'prod.yml',
          'deploy-job': 'deploy production',
        },
        says: [/Earlier stages, judging by their names: staging\./],
        omits: [/Also possible/],
      },
    ));

  test('a publish job of a library without releases or tags', () =>
    check(
      team(ran('publish.yml', [{ name: 'publish', takes: 1315 }]), {
        workflows: { 'publish.yml': workflow('Publish', PUSH, { publish: job('run: npm publish') }) },
      }),
      {
        on: afterRuns('Publish'),
        inputs: { 'deploy-source': 'workflow', 'deploy-workflow': 'publish.yml' },
        says: [/publishes/],
      },
    ));

  test('a job that pushes images: what runs them is not recorded, and the text says so', () =>
    check(
      team(ran('image.yml', [{ name: 'publish-image', takes: 1315 }]), {
        workflows: {
          'image.yml': workflow('Image', PUSH, {
            'publish-image': job('uses: docker/build-push-action@v6, with: { push: true }'),
          }),
        },
      }),
      {
        on: afterRuns('Image'),
        inputs: { 'deploy-source': 'workflow', 'deploy-workflow': 'image.yml' },
        says: [/pushes an image.*no record shows when it runs/s],
      },
    ));
});

describe('releases, tags and pages', () => {
  test('releases by a person: the guard runs after each', () =>
    check(team(released('mira')), {
      on: { release: { types: ['published'] } },
      inputs: { 'deploy-source': 'releases' },
      payload: { action: 'published' },
    }));

  test('semantic-release: the guard runs after the workflow that releases', () =>
    check(
      team(
        both(
          ran('ci.yml', [
            { name: 'test', takes: 600 },
            { name: 'release', takes: 700 },
          ]),
          released('semantic-release-bot'),
        ),
        {
          workflows: {
            'ci.yml': workflow('CI', PUSH, {
              test: TEST,
              release: job('run: npx semantic-release', 'needs: test, '),
            }),
          },
        },
      ),
      {
        on: { release: { types: ['published'] } },
        inputs: { 'deploy-source': 'releases' },
        payload: { action: 'published' },
        says: [/"release" in ci\.yml makes releases/],
      },
    ));

  test('releases of several packages with folders: a service for each', () =>
    check(
      team(both(released('mira', (i) => `${i % 2 ? 'api' : 'web'}-v1.${i}.0`)), {
        files: { 'packages/api/package.json': '{}', 'packages/web/package.json': '{}' },
        changes: (i) => [`packages/${i % 2 ? 'api' : 'web'}/index.ts`],
      }),
      {
        on: { release: { types: ['published'] } },
        services: {
          api: { paths: ['packages/api/**'], 'deploy-source': 'releases', 'deploy-tag': 'api-v*' },
          web: { paths: ['packages/web/**'], 'deploy-source': 'releases', 'deploy-tag': 'web-v*' },
        },
        payload: { action: 'published' },
      },
    ));

  test('annotated tags', () =>
    check(
      team(
        (made, { sha, live, i }) => void made.world.tags?.push({ name: `v1.${i}.0`, sha, taggedAt: live }),
      ),
      {
        on: { push: { tags: ['v*'] } },
        inputs: { 'deploy-source': 'tags', 'deploy-tag': 'v*' },
        payload: { ref: 'refs/tags/v1.30.0' },
      },
    ));

  test('github-pages next to releases: releases win, and the pages are named', () =>
    check(
      team(both(released('mira'), shipped({ workflow: 'pages.yml', environment: 'github-pages' })), {
        workflows: {
          'pages.yml': workflow('Pages', PUSH, {
            deploy: job('uses: actions/deploy-pages@v4', 'environment: github-pages, '),
          }),
        },
      }),
      {
        on: { release: { types: ['published'] } },
        inputs: { 'deploy-source': 'releases' },
        payload: { action: 'published' },
        says: [/github-pages.*set "environment: github-pages"/],
      },
    ));

  test('github-pages alone: the site is what goes live', () =>
    check(
      team(shipped({ workflow: 'pages.yml', environment: 'github-pages' }), {
        workflows: {
          'pages.yml': workflow('Pages', PUSH, {
            deploy: job('uses: actions/deploy-pages@v4', 'environment: github-pages, '),
          }),
        },
      }),
      { on: afterRuns('Pages'), inputs: { environment: 'github-pages' } },
    ));

  test('documentation by a job next to a deploy job: the deploy job', () =>
    check(
      team(
        both(
          ran('deploy-docs.yml', [{ name: 'deploy', takes: 60 }]),
          ran('server.yml', [
            { name: 'test', takes: 600 },
            { name: 'deploy', takes: 715 },
          ]),
        ),
        {
          workflows: {
            'deploy-docs.yml': workflow('Docs', PUSH, { deploy: job('uses: peaceiris/actions-gh-pages@v4') }),
            'server.yml': workflow('Server', PUSH, { test: TEST, deploy: deployJob() }),
          },
        },
      ),
      {
        on: afterRuns('Server'),
        inputs: { 'deploy-source': 'workflow', 'deploy-workflow': 'server.yml', 'deploy-job': 'deploy' },
        says: [/Not counted: .*deploy-docs\.yml/],
      },
    ));

  test('a job that deploys each release: the guard runs without a filter for branches', () =>
    check(
      team(both(shipped({ event: 'release' }), released('mira')), {
        workflows: {
          'deploy.yml': DEPLOY.replace(PUSH, '{ release: { types: [published] } }'),
        },
      }),
      { on: { workflow_run: { workflows: ['Deploy'], types: ['completed'] } }, inputs: PRODUCTION },
    ));
});

const MONOREPO = ['api', 'web', 'mail', 'admin'];
const serviceOf = (i: number) => MONOREPO[i % 4] ?? 'api';
/** Each change deploys the service that it changes. */
const services = (environmentOf: (name: string) => string, environmentsInFiles = true, recorded = true) =>
  team(
    (made, merge) => {
      const names = merge.i === 0 ? MONOREPO : [serviceOf(merge.i)];
      for (const name of names) {
        shipped({ workflow: `deploy-${name}.yml`, environment: environmentOf(name) })(made, merge);
        if (!recorded) made.world.deployments.pop();
      }
    },
    {
      changes: (i) => [`services/${serviceOf(i)}/index.ts`],
      workflows: Object.fromEntries(
        MONOREPO.map((name) => [
          `deploy-${name}.yml`,
          workflow(
            `Deploy ${name}`,
            `{ push: { branches: [main], paths: ["services/${name}/**", ".github/workflows/deploy-${name}.yml"] } }`,
            {
              test: TEST,
              deploy: deployJob(environmentsInFiles ? `environment: ${environmentOf(name)}, ` : ''),
            },
          ),
        ]),
      ),
    },
  );
const FOUR = [...MONOREPO].sort().map((name) => `Deploy ${name}`);
const pathsOf = (name: string) => ({ paths: [`services/${name}/**`] });

describe('monorepos', () => {
  test('four workflows with paths and an environment each', () =>
    check(
      services((name) => `${name}-production`),
      {
        on: afterRuns(...FOUR),
        services: Object.fromEntries(
          MONOREPO.map((name) => [name, { ...pathsOf(name), environment: `${name}-production` }]),
        ),
        says: [/4 services/],
      },
    ));

  test('four workflows with paths and one environment', () =>
    check(
      services(() => 'production'),
      {
        on: afterRuns(...FOUR),
        services: Object.fromEntries(
          MONOREPO.map((name) => [
            name,
            { ...pathsOf(name), environment: 'production', 'deploy-workflow': `deploy-${name}.yml` },
          ]),
        ),
      },
    ));

  test('four workflows with paths and no environment', () =>
    check(
      services(() => 'production', false, false),
      {
        on: afterRuns(...FOUR),
        services: Object.fromEntries(
          MONOREPO.map((name) => [name, { ...pathsOf(name), workflow: `deploy-${name}.yml`, job: 'deploy' }]),
        ),
      },
    ));

  test('environments of an app whose names are folders of the workspace', () =>
    check(
      team(
        (made, merge) => {
          for (const name of merge.i === 0 ? ['blog', 'shop'] : [merge.i % 2 ? 'shop' : 'blog'])
            deployed(`${name}-production`, 'vercel[bot]')(made, merge);
        },
        {
          files: {
            'package.json': '{ "workspaces": ["sites/*"] }',
            'sites/shop/package.json': '{}',
            'sites/blog/package.json': '{}',
          },
          changes: (i) => [`sites/${i % 2 ? 'shop' : 'blog'}/index.ts`],
        },
      ),
      {
        on: 'deployment_status',
        services: {
          blog: { paths: ['sites/blog/**'], environment: 'blog-production' },
          shop: { paths: ['sites/shop/**'], environment: 'shop-production' },
        },
        payload: DEPLOYMENT('shop-production'),
      },
    ));

  test('a configuration file that exists is used and not replaced', () => {
    const world = services((name) => `${name}-production`);
    world.files = {
      ...world.files,
      [CONFIG]: 'services:\n  api: { paths: [services/api/**], environment: api-production, target: 30m }\n',
    };
    return check(world, { on: afterRuns(...FOUR), says: [/deploy-latency\.yml already describes/] });
  });
});

describe('GitOps and other repositories that record little', () => {
  const BUMP = `git clone https://github.com/acme/clusters && cd clusters && yq -i '.image.tag = env(SHA)' shop.yaml && git commit -am bump && git push`;

  test('a deploy job that commits to another repository: the text says what is missing', () =>
    check(
      team(
        ran('cd.yml', [
          { name: 'test', takes: 600 },
          { name: 'deploy', takes: 715 },
        ]),
        {
          workflows: {
            'cd.yml': workflow('CD', PUSH, { test: TEST, deploy: job(`run: "${BUMP}"`, 'needs: test, ') }),
          },
        },
      ),
      {
        on: afterRuns('CD'),
        inputs: { 'deploy-source': 'workflow', 'deploy-workflow': 'cd.yml', 'deploy-job': 'deploy' },
        says: [/"deploy" in cd\.yml commits to acme\/clusters.*deploy-source: gitops/s],
      },
    ));

  test('a bump job that no name gives away', () =>
    check(
      team(ran('build.yml', [{ name: 'image', takes: 1315 }]), {
        workflows: {
          'build.yml': workflow('Build', PUSH, {
            image: `{ runs-on: ubuntu-latest, steps: [{ uses: actions/checkout@v7, with: { repository: acme/clusters } }, { run: "kustomize edit set image shop=acme/shop:1 && git push" }] }`,
          }),
        },
      }),
      {
        on: afterRuns('Build'),
        inputs: { 'deploy-source': 'workflow', 'deploy-workflow': 'build.yml' },
        says: [/"image" in build\.yml commits to acme\/clusters.*deploy-source: gitops/s],
      },
    ));

  test('nothing at all: an error with the next step', async () => {
    await expect(init(team(() => undefined))).rejects.toThrow(/^Nothing shows how this repository deploys\./);
  });

  test('only tests: an error with the next step', async () => {
    const world = team(ran('ci.yml', [{ name: 'test', takes: 60 }]), {
      workflows: { 'ci.yml': workflow('CI', PUSH, { test: TEST }) },
    });
    await expect(init(world)).rejects.toThrow(/^Nothing shows how this repository deploys\./);
  });

  test('only jobs that measuring refutes: an error that names them', async () => {
    const world = team(ranWithout('ci.yml', 'deploy'), {
      workflows: { 'ci.yml': workflow('CI', '[push, pull_request]', { test: TEST, deploy: deployJob() }) },
    });
    await expect(init(world)).rejects.toThrow(/Nothing shows how .* job "deploy" in ci\.yml/);
  });
});

describe('habits and states', () => {
  test('a branch with another name', () =>
    check(
      team(
        (made, merge) => {
          shipped()(made, merge);
        },
        { branch: 'trunk', workflows: { 'deploy.yml': DEPLOY.replace('main', 'trunk') } },
      ),
      {
        on: { workflow_run: { workflows: ['Deploy'], types: ['completed'], branches: ['trunk'] } },
        inputs: PRODUCTION,
      },
    ));

  test('a deploy workflow that starts after another one', () =>
    check(
      team(shipped(), {
        workflows: {
          'ci.yml': workflow('CI', '[push, pull_request]', { test: TEST }),
          'deploy.yml': DEPLOY.replace(PUSH, '{ workflow_run: { workflows: [CI], types: [completed] } }'),
        },
      }),
      { on: afterRuns('Deploy'), inputs: PRODUCTION },
    ));

  test('deployments that a person starts', () =>
    check(
      team(shipped({ event: 'workflow_dispatch', delay: 605, jobs: [{ name: 'deploy', takes: 715 }] }), {
        workflows: { 'deploy.yml': DEPLOY.replace(PUSH, 'workflow_dispatch') },
      }),
      { on: afterRuns('Deploy'), inputs: PRODUCTION },
    ));

  test('a nightly deployment: the target and the window fit', () =>
    check(
      team(shipped({ event: 'schedule', delay: 14 * 3600 }), {
        workflows: { 'deploy.yml': DEPLOY.replace(PUSH, '{ schedule: [{ cron: "0 2 * * *" }] }') },
      }),
      { on: afterRuns('Deploy'), inputs: PRODUCTION, minutes: 14 * 60 + 22, says: [/Target 15h/] },
    ));

  test('a repository that the guard runs in already', () =>
    check(
      team(shipped(), {
        workflows: {
          'deploy.yml': DEPLOY,
          'latency.yml': workflow('Latency', '{ schedule: [{ cron: "0 7 * * 1" }] }', {
            guard: job('uses: deploy-latency-guard/deploy-latency-guard@v1'),
          }),
        },
      }),
      { on: afterRuns('Deploy'), inputs: PRODUCTION, says: [/latency\.yml already runs the guard/] },
    ));

  test('an archived repository', () => {
    const world = team(shipped(), { workflows: { 'deploy.yml': DEPLOY } });
    world.archived = true;
    return check(world, {
      on: afterRuns('Deploy'),
      inputs: PRODUCTION,
      status: 'insufficient-data',
      says: [/archived, so no workflow runs/],
    });
  });

  test('deployments that ended a year ago next to a deploy job of today: the job', () =>
    check(
      team(
        (made, merge) => {
          if (merge.i === 0)
            made.deploy(merge.sha, daysAgo(50), { environment: 'heroku', creator: 'heroku[bot]' });
          ran('fly.yml', [{ name: 'deploy', takes: 1315 }])(made, merge);
          for (const deployment of made.world.deployments) deployment.createdAt = '2025-05-01T12:00:00Z';
        },
        { workflows: { 'fly.yml': workflow('Fly', PUSH, { deploy: job('run: flyctl deploy') }) } },
      ),
      { on: afterRuns('Fly'), inputs: { 'deploy-source': 'workflow', 'deploy-workflow': 'fly.yml' } },
    ));
});

describe('the target', () => {
  test('one week of five hours is the slowest, and does not move the target', async () => {
    const world = team(
      (made, merge) => {
        const slow = merge.i >= 40 && merge.i < 47;
        shipped({ delay: slow ? 5 * 3600 : 5 })(made, merge);
      },
      { merges: 80, workflows: { 'deploy.yml': DEPLOY } },
    );
    const { reasons } = await init(world);
    const said = reasons.join('\n');
    expect(said).toMatch(/median of the fastest week is 22m, of the slowest 5h/);
    expect(said).toMatch(/Target 25m: .*in 1\d of the last 1\d weeks/);
  });

  test('half of the weeks hold it, and the text says how many', async () => {
    const world = team(
      (made, merge) => shipped({ delay: Math.floor(merge.i / 7) % 2 ? 7205 : 5 })(made, merge),
      { merges: 84, workflows: { 'deploy.yml': DEPLOY } },
    );
    const said = (await init(world)).reasons.join('\n');
    const [, held, weeks] = /in (\d+) of the last (\d+) weeks/.exec(said) ?? [];
    expect(Number(held) / Number(weeks)).toBeGreaterThanOrEqual(0.5);
  });

  test('fewer than five changes: the default, and the text says why', async () => {
    const world = team(shipped(), { merges: 4, workflows: { 'deploy.yml': DEPLOY } });
    expect((await init(world)).reasons.join('\n')).toMatch(/Target 15m: the default.*too few changes/);
  });
});

describe('other teams', () => {
  test('a deployment for each pushed tag: no filter for branches', () =>
    check(
      team(
        (made, merge) => {
          shipped()(made, merge);
          const run = made.world.runs?.at(-1);
          if (run) run.branch = `v1.${merge.i}.0`;
        },
        { workflows: { 'deploy.yml': DEPLOY.replace(PUSH, '{ push: { tags: ["v*"] } }') } },
      ),
      { on: { workflow_run: { workflows: ['Deploy'], types: ['completed'] } }, inputs: PRODUCTION },
    ));

  test('a branch for production: no filter for the base branch', () =>
    check(
      team(
        (made, merge) => {
          shipped()(made, merge);
          const run = made.world.runs?.at(-1);
          if (run) run.branch = 'production';
        },
        { workflows: { 'deploy.yml': DEPLOY.replace('[main]', '[main, production]') } },
      ),
      { on: { workflow_run: { workflows: ['Deploy'], types: ['completed'] } }, inputs: PRODUCTION },
    ));

  test('a branch for production without an environment: an error with the reason and the next step', async () => {
    const world = team(
      (made, merge) => {
        ran('deploy.yml')(made, merge);
        const run = made.world.runs?.at(-1);
        if (run) run.branch = 'production';
      },
      {
        workflows: {
          'deploy.yml': workflow('Deploy', '{ push: { branches: [production] } }', {
            test: TEST,
            deploy: deployJob(),
          }),
        },
      },
    );
    await expect(init(world)).rejects.toThrow(
      /job "deploy" in deploy\.yml\..* none of its runs on the base branch counts.* Add "environment:"/,
    );
  });

  test('an environment with the secrets of checks for pull requests: releases', () =>
    check(
      team(
        both(released('mira'), (made, merge) => {
          shipped({ workflow: 'checks.yml', environment: 'secrets', event: 'pull_request' })(made, merge);
          const run = made.world.runs?.at(-1);
          if (run) run.branch = `topic-${merge.i}`;
        }),
        {
          workflows: {
            'checks.yml': workflow('Checks', 'pull_request', {
              check: job('run: npm test', 'environment: secrets, '),
            }),
          },
        },
      ),
      {
        on: { release: { types: ['published'] } },
        inputs: { 'deploy-source': 'releases' },
        payload: { action: 'published' },
        says: [/Skipped: .*"secrets"/],
      },
    ));

  test('an agent that works in an environment on its own branches: production', () =>
    check(
      team(
        both(deployed('shop', 'argo-bot'), (made, merge) => {
          for (let n = 0; n < 3; n++) {
            shipped({ workflow: 'agent.yml', environment: 'assistant', event: 'dynamic' })(made, merge);
            const run = made.world.runs?.at(-1);
            if (run) run.branch = `assistant/${merge.i}-${n}`;
          }
        }),
      ),
      {
        on: 'deployment_status',
        inputs: { environment: 'shop' },
        payload: DEPLOYMENT('shop'),
        omits: [/Also possible/],
      },
    ));

  test('only direct pushes: they count, and the text says so', () => {
    const made = team(() => undefined, { merges: 0, workflows: { 'deploy.yml': DEPLOY } });
    return check(pushedOnly(made), {
      on: afterRuns('Deploy'),
      inputs: { ...PRODUCTION, 'direct-pushes': 'count' },
      says: [/No pull request was merged.*direct pushes count/],
    });
  });

  test('apps of a monorepo in the names that Vercel gives them', () =>
    check(
      team(both(deployed('Production – web', 'vercel[bot]'), deployed('Production – admin', 'vercel[bot]')), {
        files: { '.github/CODEOWNERS': '/clients/web/ @acme/web\n/clients/admin/** @acme/admin\n' },
        changes: (i) => [`clients/${i % 2 ? 'web' : 'admin'}/index.ts`],
      }),
      {
        on: 'deployment_status',
        services: {
          admin: { paths: ['clients/admin/**'], environment: 'Production – admin' },
          web: { paths: ['clients/web/**'], environment: 'Production – web' },
        },
        payload: DEPLOYMENT('Production – web'),
      },
    ));

  test('an environment for each customer: the text names both ways to list them', () =>
    check(team(both(deployed('globex-prod', 'argo-bot'), deployed('initech-prod', 'argo-bot'))), {
      on: 'deployment_status',
      inputs: { environment: 'globex-prod' },
      payload: DEPLOYMENT('globex-prod'),
      says: [/Also possible: "initech-prod".*"services".*under "environment", one per line/],
    }));

  test('infrastructure that a job applies', () =>
    check(
      team(
        ran('infra.yml', [
          { name: 'plan', takes: 600 },
          { name: 'apply', takes: 715 },
        ]),
        {
          workflows: {
            'infra.yml': workflow('Infra', PUSH, {
              plan: job('run: terraform plan'),
              apply: job('run: terraform apply -auto-approve', 'needs: plan, '),
            }),
          },
        },
      ),
      {
        on: afterRuns('Infra'),
        inputs: { 'deploy-source': 'workflow', 'deploy-workflow': 'infra.yml', 'deploy-job': 'apply' },
      },
    ));

  test('a team that stopped half a year ago: as of its last run', async () => {
    const world = team(ran('deploy.yml'), {
      quiet: 180,
      workflows: { 'deploy.yml': workflow('Deploy', PUSH, { test: TEST, deploy: deployJob() }) },
    });
    const said = (await init(world)).reasons.join('\n');
    expect(said).toMatch(/The last run was on 2025-12-17, so everything below is as of that day\./);
    expect(said).toMatch(/Target 25m/);
  });

  test('a token that may not read workflow runs: the files decide', async () => {
    const world = team(deployed('production', 'github-actions[bot]'), {
      workflows: { 'deploy.yml': DEPLOY },
    });
    const { files } = await init(world, ['actions']);
    expect(workflowOf(textsOf(files)[AFTER] ?? '').on).toMatchObject(afterRuns('Deploy'));
  });

  test('a package that is published to a registry through an environment', () =>
    check(
      team(
        both(shipped({ workflow: 'publish.yml', environment: 'pypi', event: 'release' }), released('mira')),
        {
          workflows: {
            'publish.yml': workflow('Publish', '{ release: { types: [published] } }', {
              publish: job('uses: pypa/gh-action-pypi-publish@v1', 'environment: pypi, '),
            }),
          },
        },
      ),
      {
        on: { workflow_run: { workflows: ['Publish'], types: ['completed'] } },
        inputs: { environment: 'pypi' },
      },
    ));

  test('stages and production as jobs of one workflow for pushes and pull requests', () =>
    check(
      team(
        both(
          (made, { sha, at }) =>
            void made.deploy(sha, at, { environment: 'staging', creator: 'github-actions[bot]' }),
          shipped({
            workflow: 'ci.yml',
            jobs: [
              { name: 'staging', takes: 600 },
              { name: 'production', takes: 715 },
            ],
          }),
        ),
        {
          workflows: {
            'ci.yml': workflow('CI', '[push, pull_request]', {
              test: TEST,
              staging: job('run: ./deploy.sh', 'needs: test, environment: staging, '),
              production: job(
                'run: ./deploy.sh',
                'needs: staging, environment: { name: production, url: "https://shop.example" }, ',
              ),
            }),
          },
        },
      ),
      { on: afterRuns('CI'), inputs: PRODUCTION, says: [/Earlier stages.*: staging\./] },
    ));

  test('jobs of one workflow that deploy what changed, with folders of the same names', () =>
    check(
      team(
        (made, merge) => {
          for (const name of merge.i === 0 ? ['api', 'web'] : [merge.i % 2 ? 'api' : 'web'])
            shipped({
              environment: `${name}-prod`,
              jobs: [
                { name: 'test', takes: 600 },
                { name: `deploy-${name}`, takes: 715 },
              ],
            })(made, merge);
        },
        {
          files: { 'apps/api/package.json': '{}', 'apps/web/package.json': '{}' },
          changes: (i) => [`apps/${i % 2 ? 'api' : 'web'}/index.ts`],
          workflows: {
            'deploy.yml': workflow('Deploy', PUSH, {
              test: TEST,
              'deploy-api': deployJob('environment: api-prod, '),
              'deploy-web': deployJob('environment: web-prod, '),
            }),
          },
        },
      ),
      {
        on: afterRuns('Deploy'),
        services: {
          api: { paths: ['apps/api/**'], environment: 'api-prod' },
          web: { paths: ['apps/web/**'], environment: 'web-prod' },
        },
      },
    ));

  test('a site of documentation and nothing else', () =>
    check(
      team(ran('docs.yml', [{ name: 'deploy', takes: 1315 }]), {
        workflows: {
          'docs.yml': workflow('Docs', PUSH, { deploy: job('uses: peaceiris/actions-gh-pages@v4') }),
        },
      }),
      { on: afterRuns('Docs'), inputs: { 'deploy-source': 'workflow', 'deploy-workflow': 'docs.yml' } },
    ));

  test('a second workflow for hotfixes to the same environment: the guard runs after both', () =>
    check(
      team((made, merge) => shipped({ workflow: merge.i % 5 ? 'deploy.yml' : 'hotfix.yml' })(made, merge), {
        workflows: {
          'deploy.yml': DEPLOY,
          'hotfix.yml': workflow('Hotfix', 'workflow_dispatch', {
            test: TEST,
            deploy: deployJob(ENVIRONMENT),
          }),
        },
      }),
      { on: afterRuns('Deploy', 'Hotfix'), inputs: PRODUCTION, says: [/one of these workflows/] },
    ));

  test('paths that a workflow ignores', () =>
    check(
      team(
        (made, merge) => {
          for (const name of merge.i === 0 ? ['api', 'web'] : [merge.i % 2 ? 'api' : 'web'])
            shipped({ workflow: `deploy-${name}.yml`, environment: `${name}-production` })(made, merge);
        },
        {
          changes: (i) => [i % 2 ? 'api/main.go' : 'src/index.ts'],
          workflows: {
            'deploy-api.yml': workflow('Deploy api', '{ push: { branches: [main], paths: ["api/**"] } }', {
              test: TEST,
              deploy: deployJob('environment: api-production, '),
            }),
            'deploy-web.yml': workflow(
              'Deploy web',
              '{ push: { branches: [main], paths-ignore: ["api/**"] } }',
              {
                test: TEST,
                deploy: deployJob('environment: web-production, '),
              },
            ),
          },
        },
      ),
      {
        on: afterRuns('Deploy api', 'Deploy web'),
        services: {
          api: { paths: ['api/**'], environment: 'api-production' },
          web: { paths: ['!api/**'], environment: 'web-production' },
        },
      },
    ));

  test('tags of scoped packages', () =>
    check(
      team(
        (made, { sha, live, i }) => {
          for (const name of i === 0 ? ['ui', 'core'] : [i % 2 ? 'ui' : 'core'])
            made.world.tags?.push({ name: `@acme/${name}@1.${i}.0`, sha, taggedAt: live });
        },
        {
          files: {
            'pnpm-workspace.yaml': 'packages:\n  - "libs/*"\n',
            'libs/ui/package.json': '{}',
            'libs/core/package.json': '{}',
          },
          changes: (i) => [`libs/${i % 2 ? 'ui' : 'core'}/index.ts`],
        },
      ),
      {
        on: { push: { tags: ['@acme/core@*', '@acme/ui@*'] } },
        services: {
          '@acme/core': { paths: ['libs/core/**'], 'deploy-source': 'tags', 'deploy-tag': '@acme/core@*' },
          '@acme/ui': { paths: ['libs/ui/**'], 'deploy-source': 'tags', 'deploy-tag': '@acme/ui@*' },
        },
        payload: { ref: 'refs/tags/@acme/core@1.30.0' },
      },
    ));

  test('workflows with paths that call one deploy workflow', () =>
    check(
      team(
        (made, merge) => {
          for (const name of merge.i === 0 ? ['api', 'web'] : [merge.i % 2 ? 'api' : 'web'])
            shipped({
              workflow: `${name}.yml`,
              jobs: [
                { name: 'test', takes: 600 },
                { name: 'ship / deploy', takes: 715 },
              ],
            })(made, merge);
        },
        {
          changes: (i) => [`${i % 2 ? 'api' : 'web'}/index.ts`],
          workflows: {
            'deploy.yml': workflow(
              'Called',
              '{ workflow_call: { inputs: { environment: { type: string } } } }',
              {
                deploy: job('run: ./deploy.sh', `environment: "\${{ inputs.environment }}", `),
              },
            ),
            ...Object.fromEntries(
              ['api', 'web'].map((name) => [
                `${name}.yml`,
                workflow(name, `{ push: { branches: [main], paths: ["${name}/**"] } }`, {
                  test: TEST,
                  ship: '{ needs: test, uses: ./.github/workflows/deploy.yml, with: { environment: production } }',
                }),
              ]),
            ),
          },
        },
      ),
      {
        on: afterRuns('api', 'web'),
        services: {
          api: { paths: ['api/**'], environment: 'production', 'deploy-workflow': 'api.yml' },
          web: { paths: ['web/**'], environment: 'production', 'deploy-workflow': 'web.yml' },
        },
      },
    ));

  test('an environment that records no deployment', () =>
    check(
      team(ran('deploy.yml'), {
        workflows: {
          'deploy.yml': workflow('Deploy', PUSH, {
            test: TEST,
            deploy: deployJob('environment: { name: production, deployment: false }, '),
          }),
        },
      }),
      {
        on: afterRuns('Deploy'),
        inputs: { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml', 'deploy-job': 'deploy' },
        omits: [/With "environment:" in that job/],
      },
    ));
});
