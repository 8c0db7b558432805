import { describe, expect, test } from '@jest/globals';
import { type AskOptions, ask, changeOf } from '../support/ask.ts';
import { at, begun, NOW } from '../support/day.ts';
import type { World } from '../../src/fake-github/world.ts';
import { story } from '../../src/fake-github/story.ts';
import { groupFinder } from '../../src/model/linear-pattern.ts';
import { valuesIn } from '../../src/sources/gitops/values-in-file.ts';
import { hasRequest } from '../support/requests.ts';

/** `deploy-source: gitops`: a deployment is a change of the image tag or SHA in a file of another repository. */

const FILE = 'shop/values.yaml';
const valuesFile = (tag: string, more = '') =>
  `image:\n  repository: ghcr.io/acme/shop\n  tag: ${tag}\n${more}`;

/** The repository that the cluster reads. */
function clusters() {
  const config = story('acme', 'clusters');
  const last = () => config.world.commits.at(-1) as World['commits'][number];
  /** Adds the file to the last commit; the commit. */
  const withFile = (text: string) => {
    last().texts = { [FILE]: text };
    return last().oid;
  };
  return {
    world: config.world,
    /** Deploys a tag with a commit on the branch; the commit. */
    bump(tag: string, time: string, more = '') {
      config.push(time, { message: `Deploy ${tag}` });
      return withFile(valuesFile(tag, more));
    },
    /** The same with a pull request, whose commit is older than its merge. */
    bumpByPull(number: number, tag: string, committed: string, merged: string) {
      config.merge(number, merged, { author: 'renovate[bot]' });
      last().committedDate = new Date(committed).toISOString();
      return withFile(valuesFile(tag));
    },
    /** Changes another value in the file. */
    touch(tag: string, time: string) {
      config.push(time, { message: 'More replicas' });
      return withFile(valuesFile(tag, `replicas: ${time.length}${time.slice(-3, -1)}\n`));
    },
    status(oid: string, context: string, state: string, createdAt: string) {
      const commit = config.world.commits.find((candidate) => candidate.oid === oid);
      if (commit) commit.statuses = [...(commit.statuses ?? []), { context, state, createdAt }];
    },
    deploy: config.deploy,
  };
}

/** A team with two changes whose cluster has been running the commit before them for a day. */
function team() {
  const { world, tip, merge } = begun();
  const live = tip();
  const change1 = merge(1, at('10:00:00'));
  const change2 = merge(2, at('11:00:00'));
  const config = clusters();
  config.bump(live, '2026-03-01T12:00:00Z');
  const withClusters: World = { ...world, deployments: [], others: [config.world] };
  return { world: withClusters, config, live, change1, change2 };
}

const INPUTS = {
  'deploy-source': 'gitops',
  'gitops-repository': 'acme/clusters',
  'gitops-file': FILE,
  window: '20h',
  stages: 'none',
};
const answerTo = (world: World, inputs: AskOptions['inputs'] = {}) =>
  ask(world, { now: NOW, inputs: { ...INPUTS, ...inputs } });
const outcomes = ({ report }: Awaited<ReturnType<typeof answerTo>>) =>
  report.deployments.map((deployment) => [deployment.outcome, deployment.declared ?? false]);

describe('the value in a file', () => {
  const sha = '0123456789abcdef0123456789abcdef01234567';
  test.each([
    ['is the first full SHA', `# ${'b'.repeat(64)}\nref: ${sha}\ntag: abc1234\n`, [sha]],
    ['is a short SHA if there is no full one', 'image: ghcr.io/acme/shop:abc1234\n', ['abc1234']],
    [
      'is a short SHA in a tag of several parts, or the tag',
      'newTag: "main-20260302-abc1234"\n',
      ['abc1234', 'main-20260302-abc1234'],
    ],
    ['is a short SHA without letters if it is an image tag', 'image:\n  tag: 1234567\n', ['1234567']],
    ['is not any number', 'memory: 536870912\nimage: acme/shop:v1.2.3\n', ['v1.2.3']],
    ['is not a short SHA inside a digest', `image: acme/shop@sha256:${'ab'.repeat(32)}\n`, ['ab'.repeat(32)]],
    ['is a tag name if there is no SHA', "- name: acme/shop\n  newTag: 'v1.2.3'\n", ['v1.2.3']],
    [
      'is the version of the image and not of the chart',
      'version: 0.1.0\nimage: host:5000/acme/shop:v7\n',
      ['v7'],
    ],
    ['is missing if the image has no version', 'image: nginx\n', []],
    ['can be in JSON', '{"image": {"tag": "v9"}}', ['v9']],
  ])('%s', (_, text, expected) => {
    expect(valuesIn(text, null)).toEqual(expected);
  });

  test('is the first group of gitops-pattern, or the whole match', () => {
    expect(valuesIn('api: a1b2c3d\nweb: e4f5a6b\n', groupFinder('web: (\\S+)'))).toEqual(['e4f5a6b']);
    expect(valuesIn('x\nrelease-7\n', groupFinder('release-\\d+'))).toEqual(['release-7']);
    expect(valuesIn('image: acme/shop:v3\n', groupFinder('image: (.*)'))).toEqual(['v3']);
  });
});

describe('each change of the value is a deployment', () => {
  test('that is live when the commit arrives, and is reported as declared', async () => {
    const { world, config, change1 } = team();
    config.bump(change1.slice(0, 10), at('10:20:00'));
    const answer = await answerTo(world);
    expect(changeOf(answer, 1)).toMatchObject({
      leadTimeSeconds: 1200,
      notes: ['declared in the configuration, not proven'],
    });
    expect(changeOf(answer, 2)).toMatchObject({ leadTimeSeconds: null });
    expect(outcomes(answer)).toEqual([['success', true]]);
    expect(answer.report.remarks.map((remark) => remark.what)).toContain(
      'Deployments are declared in acme/clusters, but nothing proves that they run.',
    );
  });

  test('but not a change of another value', async () => {
    const { world, config, change1 } = team();
    config.bump(change1, at('10:20:00'));
    config.touch(change1, at('10:40:00'));
    expect(outcomes(await answerTo(world))).toHaveLength(1);
  });

  test('that arrives when its pull request is merged, not at the date of its commit', async () => {
    const { world, config, change1 } = team();
    config.bumpByPull(7, change1, at('10:05:00'), at('10:45:00'));
    expect(changeOf(await answerTo(world), 1)).toMatchObject({ leadTimeSeconds: 2700 });
  });

  test('and a revert of it is a rollback', async () => {
    const { world, config, live, change1 } = team();
    config.bump(change1, at('10:20:00'));
    config.bump(live, at('10:50:00'));
    const { report } = await answerTo(world);
    expect(report.deployments.at(-1)).toMatchObject({ rollback: true, mergesets: [] });
  });

  test('of the commit that a tag of the app repository points to', async () => {
    const { world, config, change1 } = team();
    world.tags = [{ name: 'v1.1.0', sha: change1 }];
    config.bump('v1.1.0', at('10:30:00'));
    expect(changeOf(await answerTo(world), 1)).toMatchObject({ leadTimeSeconds: 1800 });
    world.tags = [{ name: 'v1.1.0', sha: change1, taggedAt: at('10:15:00') }];
    expect(changeOf(await answerTo(world), 1)).toMatchObject({ leadTimeSeconds: 1800 });
  });

  test('and gitops-pattern selects one of several values in a file', async () => {
    const { world, config, change1, change2 } = team();
    config.bump(change2, at('11:30:00'), `api: ${change1}\n`);
    config.bump(change2, at('11:40:00'), `api: ${change2}\n`);
    const answer = await answerTo(world, { 'gitops-pattern': 'api: (\\S+)' });
    expect(changeOf(answer, 1)).toMatchObject({ untimed: true });
    expect(changeOf(answer, 2)?.deployedAt).toBe('2026-03-02T11:40:00.000Z');
  });

  test('and a value that is neither a commit nor a tag is skipped and reported', async () => {
    const { world, config, change1 } = team();
    config.bump('v9.9.9', at('10:10:00'));
    config.bump(change1, at('10:30:00'));
    const answer = await answerTo(world);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 1800 });
    expect(answer.report.completeness.gaps.map((gap) => gap.what)).toEqual([
      'Skipped values of the configuration that do not match exactly one commit or tag of this repository: v9.9.9.',
    ]);
  });
});

test('there is no verdict if the newest value is neither a commit nor a tag', async () => {
  const { world, config, change1 } = team();
  config.bump(change1, at('10:10:00'));
  config.bump('v9.9.9', at('10:30:00'));
  const { report } = await answerTo(world);
  expect(report.status).toBe('insufficient-data');
  expect(report.completeness.gaps).toMatchObject([
    { consequence: expect.stringContaining('what is live now is unknown'), verdictAtRisk: true },
  ]);
});

describe('a success in the other repository proves a deployment', () => {
  test('by a continuous-delivery/* status on the commit: it is live with the first success', async () => {
    const { world, config, change1 } = team();
    const oid = config.bump(change1, at('10:20:00'));
    config.status(oid, 'continuous-delivery/shop-eu', 'SUCCESS', at('10:31:00'));
    config.status(oid, 'continuous-delivery/shop-us', 'SUCCESS', at('10:26:00'));
    config.status(oid, 'ci/lint', 'SUCCESS', at('10:21:00'));
    const answer = await answerTo(world);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 1560, notes: [] });
    expect(outcomes(answer)).toEqual([['success', false]]);
  });

  test('but not a failure or a deployment that is running', async () => {
    const { world, config, change1, change2 } = team();
    config.status(
      config.bump(change1, at('10:20:00')),
      'continuous-delivery/shop',
      'FAILURE',
      at('10:25:00'),
    );
    config.status(
      config.bump(change2, at('11:20:00')),
      'continuous-delivery/shop',
      'PENDING',
      at('11:21:00'),
    );
    const answer = await answerTo(world);
    expect(outcomes(answer)).toEqual([
      ['failure', false],
      ['running', false],
    ]);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: null });
  });

  test('that Argo CD recorded under a commit of the configuration, and a remark says so', async () => {
    const { world, config, change1 } = team();
    const oid = config.bump(change1, at('10:20:00'));
    config.deploy(oid, at('10:22:00'), {
      environment: 'production',
      takes: 60,
      logUrl: 'https://argo.acme.example/applications/shop?operation=true',
    });
    const answer = await answerTo(world);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 1380, notes: [] });
    expect(answer.report.remarks.map((remark) => remark.what)).toContain(
      'Argo CD records its deployments under the commits of acme/clusters.',
    );
  });

  test('and a remark warns if the guard runs in the repository that Argo CD reads', async () => {
    const { config, live } = team();
    const oid = config.bump(live, at('10:20:00'));
    config.deploy(oid, at('10:22:00'), {
      logUrl: 'https://argo.acme.example/applications/shop?operation=true',
    });
    const { report } = await ask(config.world, {
      now: NOW,
      inputs: { window: '20h', 'direct-pushes': 'count' },
    });
    expect(report.remarks.map((remark) => remark.what)).toContain('Argo CD records these deployments.');
  });

  test('with its first success, even if Argo CD adds another one later', async () => {
    const { world, config, change1 } = team();
    const oid = config.bump(change1, at('10:20:00'));
    config.deploy(oid, at('10:22:00'), { environment: 'production', takes: 60 });
    config.world.deployments[0]?.statuses.push({ state: 'SUCCESS', createdAt: at('15:00:00') });
    expect(changeOf(await answerTo(world), 1)).toMatchObject({ leadTimeSeconds: 1380 });
  });

  test('even if the commit has more deployments than are read at first', async () => {
    const { world, config, change1 } = team();
    const oid = config.bump(change1, at('10:20:00'));
    config.deploy(oid, at('10:22:00'), { environment: 'production', takes: 60 });
    for (let i = 0; i < 9; i++)
      config.deploy(oid, at(`11:0${i}:00`), { environment: `cluster-${i}`, takes: 60 });
    expect(changeOf(await answerTo(world), 1)).toMatchObject({ leadTimeSeconds: 1380, notes: [] });
  });

  test('but not a deployment to another environment', async () => {
    const { world, config, change1 } = team();
    const oid = config.bump(change1, at('10:20:00'));
    config.deploy(oid, at('10:22:00'), { environment: 'staging', takes: 60 });
    expect(outcomes(await answerTo(world))).toEqual([['success', true]]);
  });
});

describe('requests and errors', () => {
  test('a hundred bumps take one request and one point', async () => {
    const { world, config, live, change1 } = team();
    for (let i = 0; i < 150; i++)
      config.bump(
        i % 2 === 0 ? live : change1,
        new Date(Date.parse(at('10:10:00')) + i * 60_000).toISOString(),
      );
    const { requests } = await answerTo(world);
    const pages = requests.filter((request) => hasRequest(request, 'Bumps'));
    expect(pages.map((page) => page.points)).toEqual([1, 1]);
  });

  test('a change of the value between two pages counts once', async () => {
    const { world, config, live, change1, change2 } = team();
    const minute = (i: number) => new Date(Date.parse(at('11:10:00')) + i * 60_000).toISOString();
    // The first page ends with the oldest of 99 changes of another value.
    config.bump(change1, minute(0));
    for (let i = 1; i <= 99; i++) config.touch(change1, minute(i));
    config.bump(change2, minute(100));
    const { report } = await answerTo(world);
    expect(report.deployments.map((deployment) => deployment.sha)).toEqual([change1, change2]);
    expect(live).not.toBe(change1);
  });

  test.each([
    [
      'a missing repository name is an error',
      { 'gitops-repository': '' },
      'Input "gitops-repository" is ""; accepted: owner/name',
    ],
    [
      'a missing file name is an error',
      { 'gitops-file': '' },
      'Input "gitops-file" is ""; accepted: the path of a file',
    ],
    [
      'an invalid regular expression is an error',
      { 'gitops-pattern': '(' },
      'Input "gitops-pattern" is "("; accepted: a regular expression',
    ],
    [
      'a repository that does not exist or is private is an error',
      { 'gitops-repository': 'acme/none' },
      'Input "gitops-repository" is "acme/none"; the token cannot find this repository.',
    ],
    [
      'a file that does not exist is an error',
      { 'gitops-file': 'none.yaml' },
      'Input "gitops-file" is "none.yaml"; the default branch of acme/clusters has no commit where that file contains an image tag or a SHA',
    ],
  ])('%s', async (_, inputs, message) => {
    await expect(answerTo(team().world, inputs)).rejects.toThrow(message);
  });
});
