import { describe, expect, test } from '@jest/globals';
import { ask, type StepAnswer } from '../support/ask.ts';
import { at, begun, day } from '../support/day.ts';

/** Pull requests that were merged into the deployed branch, and not into the base branch. */

type Team = ReturnType<typeof begun>;

const hotfixRemark = ({ report }: StepAnswer) =>
  report.remarks.find((remark) => remark.what.includes('hotfix'))?.what ?? null;

/** A team that deploys `release`, to which it promotes `main` by pull requests. */
function teamWithRelease() {
  const team = begun();
  team.push('2026-03-01T11:00:00Z', { branch: 'release', from: team.tip() });
  team.deploy(team.tip('release'), '2026-03-01T12:00:00Z');
  return team;
}

/** Merges or squashes `main` into `release` with a pull request. */
function promote(team: Team, number: number, when: string, method: 'squash' | 'merge' = 'merge') {
  const head = team.tip();
  const parents = method === 'merge' ? [team.tip('release'), head] : [team.tip('release')];
  const oid = team.commit(when, parents, { message: `Release (#${number})`, author: 'eve' });
  team.world.pulls.push({
    number,
    title: 'Release',
    createdAt: when,
    mergedAt: when,
    mergeCommit: oid,
    base: 'release',
    author: 'eve',
    commits: [head],
    headOid: head,
  });
  return team.land('release', oid);
}

describe('hotfix merged straight into the deployed branch', () => {
  test.each(['squash', 'merge', 'rebase'] as const)('is named, and not counted (%s)', async (method) => {
    const team = teamWithRelease();
    team.merge(1, at('09:00:00'));
    team.deploy(promote(team, 2, at('09:10:00')), at('09:11:00'));
    const hotfix = { base: 'release', from: team.tip('release'), method };
    team.deploy(team.merge(14, at('10:00:00'), hotfix), at('10:01:00'));
    team.deploy(team.merge(15, at('11:00:00'), { ...hotfix, from: team.tip('release') }), at('11:01:00'));
    const answer = await ask(team.world, day);
    expect(hotfixRemark(answer)).toBe(
      '2 hotfixes were merged straight into release (#14 and #15); they are not counted.',
    );
    expect(answer.report.leadTime).toMatchObject({ count: 1, p50: 720 });
  });

  test('is named if a later one was deployed together with it', async () => {
    const team = teamWithRelease();
    team.merge(1, at('09:00:00'));
    team.deploy(promote(team, 2, at('09:10:00')), at('09:11:00'));
    team.merge(14, at('10:00:00'), { base: 'release', from: team.tip('release') });
    const second = team.merge(15, at('10:05:00'), { base: 'release', from: team.tip('release') });
    team.deploy(second, at('10:06:00'));
    expect(hotfixRemark(await ask(team.world, day))).toContain('(#14 and #15)');
  });

  test('is named if a promotion was deployed together with it', async () => {
    const team = teamWithRelease();
    team.merge(1, at('09:00:00'));
    team.merge(14, at('09:05:00'), { base: 'release', from: team.tip('release') });
    team.deploy(promote(team, 2, at('09:10:00')), at('09:11:00'));
    expect(hotfixRemark(await ask(team.world, day))).toBe(
      '1 hotfix was merged straight into release (#14); it is not counted.',
    );
  });

  test('is named with a workflow as the source', async () => {
    const team = teamWithRelease();
    const run = (sha: string, when: string) =>
      team.ship(sha, when, { jobs: [{ name: 'deploy', takes: 60 }], event: 'workflow_dispatch' });
    run(team.tip('release'), '2026-03-01T12:30:00Z');
    team.merge(1, at('09:00:00'));
    run(promote(team, 2, at('09:10:00')), at('09:11:00'));
    run(team.merge(14, at('10:00:00'), { base: 'release', from: team.tip('release') }), at('10:01:00'));
    const inputs = { ...day.inputs, 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml' };
    expect(hotfixRemark(await ask(team.world, { ...day, inputs }))).toContain('1 hotfix was merged straight');
  });

  test('takes no request of its own', async () => {
    const requestsWith = async (unlinked: boolean) => {
      const team = teamWithRelease();
      team.merge(1, at('09:00:00'));
      team.deploy(promote(team, 2, at('09:10:00')), at('09:11:00'));
      const hotfix = { base: 'release', from: team.tip('release'), method: 'merge' } as const;
      team.deploy(team.merge(14, at('10:00:00'), hotfix), at('10:01:00'));
      const pull = team.world.pulls.at(-1);
      if (pull) pull.unlinked = unlinked;
      return (await ask(team.world, day)).requests.length;
    };
    expect(await requestsWith(false)).toBe(await requestsWith(true));
  });
});

describe('no hotfix', () => {
  test.each(['merge', 'squash'] as const)('is a promotion of main (%s)', async (method) => {
    const team = teamWithRelease();
    team.merge(1, at('09:00:00'));
    team.deploy(promote(team, 2, at('09:10:00'), method), at('09:11:00'));
    team.merge(3, at('10:00:00'));
    team.deploy(promote(team, 4, at('10:10:00'), method), at('10:11:00'));
    const answer = await ask(team.world, day);
    expect(hotfixRemark(answer)).toBeNull();
    expect(answer.report.leadTime.deployed).toBe(2);
  });

  test('is a backport of a change of main', async () => {
    const team = teamWithRelease();
    const merged = team.merge(1, at('09:00:00'));
    const oid = team.commit(at('09:30:00'), [team.tip('release')], {
      message: `Backport change 1 (#5)\n\n(cherry picked from commit ${merged})`,
    });
    team.world.pulls.push({
      number: 5,
      title: 'Backport',
      createdAt: at('09:20:00'),
      mergedAt: at('09:30:00'),
      mergeCommit: oid,
      base: 'release',
      author: 'ada',
      commits: [],
    });
    team.deploy(team.land('release', oid), at('09:31:00'));
    expect(hotfixRemark(await ask(team.world, day))).toBeNull();
  });

  test('is a pull request that was merged before the window', async () => {
    const team = teamWithRelease();
    const early = team.merge(14, '2026-03-01T13:00:00Z', { base: 'release', from: team.tip('release') });
    team.deploy(early, '2026-03-01T13:05:00Z');
    team.merge(1, at('09:00:00'));
    team.deploy(promote(team, 2, at('09:10:00')), at('09:11:00'));
    expect(hotfixRemark(await ask(team.world, day))).toBeNull();
  });

  test('is a pull request that a branch brought to main', async () => {
    const team = begun();
    team.push(at('08:00:00'), { branch: 'topic', from: team.tip() });
    team.merge(7, at('08:30:00'), { base: 'topic', from: team.tip('topic') });
    team.deploy(team.merge(8, at('09:00:00'), { method: 'merge', from: team.tip('topic') }), at('09:01:00'));
    expect(hotfixRemark(await ask(team.world, day))).toBeNull();
  });
});
