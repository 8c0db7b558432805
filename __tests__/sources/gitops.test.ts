import { describe, expect, test } from '@jest/globals';
import { type AskOptions, ask, changeOf } from '../support/ask.ts';
import { at, begun, NOW } from '../support/day.ts';
import type { World } from '../../src/fake-github/world.ts';
import { story } from '../../src/fake-github/story.ts';
import { valuesIn } from '../../src/sources/gitops/value.ts';
import { asksFor } from '../support/requests.ts';

/** `deploy-source: gitops`: a deploy is a change of the image tag or the sha in a file of another repository. */

const FILE = 'shop/values.yaml';
const values = (tag: string, more = '') => `image:\n  repository: ghcr.io/acme/shop\n  tag: ${tag}\n${more}`;

/** The repository that the cluster reads, and what happens there. */
function clusters() {
  const config = story('acme', 'clusters');
  const last = () => config.world.commits.at(-1) as World['commits'][number];
  const told = (text: string) => {
    last().texts = { [FILE]: text };
    return last().oid;
  };
  return {
    world: config.world,
    /** Writes the file on the branch; the commit. */
    bump(tag: string, time: string, more = '') {
      config.push(time, { message: `Deploy ${tag}` });
      return told(values(tag, more));
    },
    /** The same by a pull request, whose commit is of another time than its merge. */
    bumpByPull(number: number, tag: string, committed: string, merged: string) {
      config.merge(number, merged, { author: 'renovate[bot]' });
      last().committedDate = new Date(committed).toISOString();
      return told(values(tag));
    },
    /** Changes something else of the file. */
    touch(tag: string, time: string) {
      config.push(time, { message: 'More replicas' });
      return told(values(tag, `replicas: ${time.length}${time.slice(-3, -1)}\n`));
    },
    status(oid: string, context: string, state: string, createdAt: string) {
      const it = config.world.commits.find((commit) => commit.oid === oid);
      if (it) it.statuses = [...(it.statuses ?? []), { context, state, createdAt }];
    },
    deploy: config.deploy,
  };
}

/** A team whose code is here, and whose cluster runs the first commit since the day before. */
function team() {
  const made = begun();
  const first = made.tip();
  const one = made.merge(1, at('10:00:00'));
  const two = made.merge(2, at('11:00:00'));
  const config = clusters();
  config.bump(first, '2026-03-01T12:00:00Z');
  const world: World = { ...made.world, deployments: [], others: [config.world] };
  return { world, config, first, one, two };
}

const INPUTS = {
  'deploy-source': 'gitops',
  'gitops-repository': 'acme/clusters',
  'gitops-file': FILE,
  window: '20h',
  stages: 'none',
};
const asked = (world: World, { inputs = {}, ...rest }: Partial<AskOptions> = {}) =>
  ask(world, { now: NOW, inputs: { ...INPUTS, ...inputs }, ...rest });
const outcomes = ({ report }: Awaited<ReturnType<typeof asked>>) =>
  report.deployments.map((deployment) => [deployment.outcome, deployment.declared ?? false]);

describe('which value', () => {
  const sha = '0123456789abcdef0123456789abcdef01234567';
  test.each([
    ['first 40-hex', `# ${'b'.repeat(64)}\nref: ${sha}\ntag: abc1234\n`, [sha]],
    ['else 7–12-hex', 'image: ghcr.io/acme/shop:abc1234\n', ['abc1234']],
    ['in a tag of several parts', 'newTag: "main-20260302-abc1234"\n', ['abc1234', 'main-20260302-abc1234']],
    ['of digits alone where it is an image tag', 'image:\n  tag: 1234567\n', ['1234567']],
    ['not a number that is none', 'memory: 536870912\nimage: acme/shop:v1.2.3\n', ['v1.2.3']],
    ['not a digest', `image: acme/shop@sha256:${'ab'.repeat(32)}\n`, ['ab'.repeat(32)]],
    ['else a tag name', "- name: acme/shop\n  newTag: 'v1.2.3'\n", ['v1.2.3']],
    ['the image before the chart', 'version: 0.1.0\nimage: host:5000/acme/shop:v7\n', ['v7']],
    ['an image without a version names nothing', 'image: nginx\n', []],
    ['JSON', '{"image": {"tag": "v9"}}', ['v9']],
  ])('%s', (_, text, expected) => {
    expect(valuesIn(text, null)).toEqual(expected);
  });

  test('gitops-pattern: its first group, or all of it', () => {
    expect(valuesIn('api: a1b2c3d\nweb: e4f5a6b\n', /web: (\S+)/)).toEqual(['e4f5a6b']);
    expect(valuesIn('x\nrelease-7\n', /release-\d+/)).toEqual(['release-7']);
    expect(valuesIn('image: acme/shop:v3\n', /image: (.*)/)).toEqual(['v3']);
  });
});

describe('each change of value is a deploy', () => {
  test('live when the commit arrived: declared, and that is said', async () => {
    const { world, config, one } = team();
    config.bump(one.slice(0, 10), at('10:20:00'));
    const answer = await asked(world);
    expect(changeOf(answer, 1)).toMatchObject({
      leadTimeSeconds: 1200,
      notes: ['declared in the configuration; not proved to run'],
    });
    expect(changeOf(answer, 2)).toMatchObject({ leadTimeSeconds: null });
    expect(outcomes(answer)).toEqual([['success', true]]);
    expect(answer.report.remarks.map((remark) => remark.what)).toContain(
      'Deploys are declared in acme/clusters, and nothing proves that these run.',
    );
  });

  test('a change of something else is none', async () => {
    const { world, config, one } = team();
    config.bump(one, at('10:20:00'));
    config.touch(one, at('10:40:00'));
    expect(outcomes(await asked(world))).toHaveLength(1);
  });

  test("time is the pull request's mergedAt where there is one, not the commit's date", async () => {
    const { world, config, one } = team();
    config.bumpByPull(7, one, at('10:05:00'), at('10:45:00'));
    expect(changeOf(await asked(world), 1)).toMatchObject({ leadTimeSeconds: 2700 });
  });

  test('a revert of the bump is a rollback', async () => {
    const { world, config, first, one } = team();
    config.bump(one, at('10:20:00'));
    config.bump(first, at('10:50:00'));
    const { report } = await asked(world);
    expect(report.deployments.at(-1)).toMatchObject({ rollback: true, mergesets: [] });
  });

  test('a tag name is resolved in the app repository', async () => {
    const { world, config, one } = team();
    world.tags = [{ name: 'v1.1.0', sha: one }];
    config.bump('v1.1.0', at('10:30:00'));
    expect(changeOf(await asked(world), 1)).toMatchObject({ leadTimeSeconds: 1800 });
    world.tags = [{ name: 'v1.1.0', sha: one, taggedAt: at('10:15:00') }];
    expect(changeOf(await asked(world), 1)).toMatchObject({ leadTimeSeconds: 1800 });
  });

  test('gitops-pattern picks one of several in a file', async () => {
    const { world, config, one, two } = team();
    config.bump(two, at('11:30:00'), `api: ${one}\n`);
    config.bump(two, at('11:40:00'), `api: ${two}\n`);
    const answer = await asked(world, { inputs: { 'gitops-pattern': 'api: (\\S+)' } });
    expect(changeOf(answer, 1)).toMatchObject({ untimed: true });
    expect(changeOf(answer, 2)?.deployedAt).toBe('2026-03-02T11:40:00.000Z');
  });

  test('what is no commit and no tag here is skipped, and named', async () => {
    const { world, config, one } = team();
    config.bump('v9.9.9', at('10:10:00'));
    config.bump(one, at('10:30:00'));
    const answer = await asked(world);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 1800 });
    expect(answer.report.completeness.gaps.map((gap) => gap.what)).toEqual([
      'The configuration names v9.9.9, which is no one commit and no tag of this repository: skipped.',
    ]);
  });
});

test('the newest value is nothing here: what is live now is not known, and there is no verdict', async () => {
  const { world, config, one } = team();
  config.bump(one, at('10:10:00'));
  config.bump('v9.9.9', at('10:30:00'));
  const { report } = await asked(world);
  expect(report.status).toBe('insufficient-data');
  expect(report.completeness.gaps).toMatchObject([
    { consequence: expect.stringContaining('what is live now is not known'), verdictAtRisk: true },
  ]);
});

describe('a success there proves it', () => {
  test('a status continuous-delivery/* of that commit: live with the first success, and not declared', async () => {
    const { world, config, one } = team();
    const oid = config.bump(one, at('10:20:00'));
    config.status(oid, 'continuous-delivery/shop-eu', 'SUCCESS', at('10:31:00'));
    config.status(oid, 'continuous-delivery/shop-us', 'SUCCESS', at('10:26:00'));
    config.status(oid, 'ci/lint', 'SUCCESS', at('10:21:00'));
    const answer = await asked(world);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 1560, notes: [] });
    expect(outcomes(answer)).toEqual([['success', false]]);
  });

  test('one that failed, or is under way, is not live', async () => {
    const { world, config, one, two } = team();
    config.status(config.bump(one, at('10:20:00')), 'continuous-delivery/shop', 'FAILURE', at('10:25:00'));
    config.status(config.bump(two, at('11:20:00')), 'continuous-delivery/shop', 'PENDING', at('11:21:00'));
    const answer = await asked(world);
    expect(outcomes(answer)).toEqual([
      ['failure', false],
      ['running', false],
    ]);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: null });
  });

  test("Argo CD that records under the config repository's shas is recognised and said", async () => {
    const { world, config, one } = team();
    const oid = config.bump(one, at('10:20:00'));
    config.deploy(oid, at('10:22:00'), {
      environment: 'production',
      takes: 60,
      logUrl: 'https://argo.acme.example/applications/shop?operation=true',
    });
    const answer = await asked(world);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 1380, notes: [] });
    expect(answer.report.remarks.map((remark) => remark.what)).toContain(
      'Argo CD records its deployments under the commits of acme/clusters.',
    );
  });

  test('asked in the repository that Argo CD reads, the times are of configuration: that is said', async () => {
    const { config, first } = team();
    const oid = config.bump(first, at('10:20:00'));
    config.deploy(oid, at('10:22:00'), {
      logUrl: 'https://argo.acme.example/applications/shop?operation=true',
    });
    const { report } = await ask(config.world, {
      now: NOW,
      inputs: { window: '20h', 'direct-pushes': 'count' },
    });
    expect(report.remarks.map((remark) => remark.what)).toContain('Argo CD records these deployments.');
  });

  test("Argo's second success of an old deployment changes nothing: the first counts", async () => {
    const { world, config, one } = team();
    const oid = config.bump(one, at('10:20:00'));
    config.deploy(oid, at('10:22:00'), { environment: 'production', takes: 60 });
    config.world.deployments[0]?.statuses.push({ state: 'SUCCESS', createdAt: at('15:00:00') });
    expect(changeOf(await asked(world), 1)).toMatchObject({ leadTimeSeconds: 1380 });
  });

  test('the first success is found among more deployments of a commit than most have', async () => {
    const { world, config, one } = team();
    const oid = config.bump(one, at('10:20:00'));
    config.deploy(oid, at('10:22:00'), { environment: 'production', takes: 60 });
    for (let i = 0; i < 9; i++)
      config.deploy(oid, at(`11:0${i}:00`), { environment: `cluster-${i}`, takes: 60 });
    expect(changeOf(await asked(world), 1)).toMatchObject({ leadTimeSeconds: 1380, notes: [] });
  });

  test('a deployment to another environment proves nothing', async () => {
    const { world, config, one } = team();
    const oid = config.bump(one, at('10:20:00'));
    config.deploy(oid, at('10:22:00'), { environment: 'staging', takes: 60 });
    expect(outcomes(await asked(world))).toEqual([['success', true]]);
  });
});

describe('what it takes', () => {
  test('one request and one point for a hundred bumps', async () => {
    const { world, config, first, one } = team();
    for (let i = 0; i < 150; i++)
      config.bump(i % 2 === 0 ? first : one, new Date(Date.parse(at('10:10:00')) + i * 60_000).toISOString());
    const { requests } = await asked(world);
    const pages = requests.filter((request) => asksFor(request, 'Bumps'));
    expect(pages.map((page) => page.points)).toEqual([1, 1]);
  });

  test('what changed the value on the border of two pages is told once', async () => {
    const { world, config, first, one, two } = team();
    const minute = (i: number) => new Date(Date.parse(at('11:10:00')) + i * 60_000).toISOString();
    // A hundred changes of something else, of which the hundredth from the end is the border.
    config.bump(one, minute(0));
    for (let i = 1; i <= 99; i++) config.touch(one, minute(i));
    config.bump(two, minute(100));
    const { report } = await asked(world);
    expect(report.deployments.map((deployment) => deployment.sha)).toEqual([one, two]);
    expect(first).not.toBe(one);
  });

  test.each([
    ['no repository', { 'gitops-repository': '' }, 'Input "gitops-repository" is ""; accepted: owner/name'],
    ['no file', { 'gitops-file': '' }, 'Input "gitops-file" is ""; accepted: the path of a file'],
    [
      'no regular expression',
      { 'gitops-pattern': '(' },
      'Input "gitops-pattern" is "("; accepted: a regular expression',
    ],
    [
      'a repository that is not there, or private',
      { 'gitops-repository': 'acme/none' },
      'Input "gitops-repository" is "acme/none"; the token finds no such repository.',
    ],
    [
      'a file that is not there',
      { 'gitops-file': 'none.yaml' },
      'Input "gitops-file" is "none.yaml"; the default branch of acme/clusters has no commit where that file names an image tag or a sha',
    ],
  ])('%s', async (_, inputs, message) => {
    await expect(asked(team().world, { inputs })).rejects.toThrow(message);
  });
});
