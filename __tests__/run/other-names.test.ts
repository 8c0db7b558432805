import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { recordRun } from '../support/actions.ts';
import { ask, changeOf, deploymentOf, type StepAnswer, summaryText } from '../support/ask.ts';
import { at, begun, day } from '../support/day.ts';

/** Changes that go live with another commit than their merge commit. The names are those in docs/attribution.md. */

const remarksIn = ({ report }: StepAnswer) =>
  report.remarks.map((remark) => `${remark.what} ${remark.consequence}`).join('\n');

type Team = ReturnType<typeof begun>;

/** Opens a pull request, to be squashed or merged later with `land`. */
function openPull(team: Team, number: number, when: string) {
  const head = team.push(when, { branch: `topic-${number}`, from: team.tip(), message: `Work ${number}` });
  return {
    head,
    land(mergedAt: string, method: 'squash' | 'merge' = 'squash', tree?: string) {
      const oid = team.commit(mergedAt, method === 'merge' ? [team.tip(), head] : [team.tip()], {
        message: `Change ${number} (#${number})`,
      });
      const commit = team.world.commits.at(-1);
      if (commit && tree) commit.tree = tree;
      team.land(team.world.defaultBranch, oid);
      team.world.pulls.push({
        number,
        title: `Change ${number}`,
        createdAt: when,
        mergedAt,
        mergeCommit: oid,
        base: team.world.defaultBranch,
        author: 'ada',
        commits: [head],
      });
      return oid;
    },
  };
}

describe('branch deploy: a pull request is deployed from its branch, then merged', () => {
  test.each(['squash', 'merge'] as const)(
    'is live at its merge with a lead time of 0 and a note (%s)',
    async (method) => {
      const team = begun();
      const pull = openPull(team, 1, at('09:00:00'));
      const branch = team.deploy(pull.head, at('09:30:00'));
      const merged = pull.land(at('10:00:00'), method);
      const main = team.deploy(merged, at('10:20:00'));
      const answer = await ask(team.world, day);
      expect(changeOf(answer, 1)).toMatchObject({
        deployment: branch.id,
        deployedAt: '2026-03-02T10:00:00.000Z',
        leadTimeSeconds: 0,
        notes: ['deployed before the merge'],
      });
      expect(deploymentOf(answer, main.id)).toMatchObject({ mergesets: [] });
    },
  );

  test('is live at its merge if the deployed commit has the same tree as the merge commit', async () => {
    const team = begun();
    const pull = openPull(team, 1, at('09:00:00'));
    const merge = team.commit(at('09:20:00'), [team.tip(), pull.head], { message: 'Merge main into topic' });
    const commit = team.world.commits.at(-1);
    if (commit) commit.tree = 'e'.repeat(40);
    team.deploy(merge, at('09:30:00'));
    team.deploy(pull.land(at('10:00:00'), 'squash', 'e'.repeat(40)), at('10:20:00'));
    const headless = team.world.pulls[0];
    if (headless) headless.headOid = 'd'.repeat(40);
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({ leadTimeSeconds: 0 });
  });

  test('goes live with the next deployment if another branch was deployed before its merge', async () => {
    const team = begun();
    const first = openPull(team, 1, at('09:00:00'));
    const second = openPull(team, 2, at('09:05:00'));
    team.deploy(first.head, at('09:30:00'));
    team.deploy(second.head, at('09:40:00'));
    const merged = first.land(at('10:00:00'));
    const main = team.deploy(merged, at('10:20:00'));
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({
      deployment: main.id,
      leadTimeSeconds: 1260,
      notes: [],
    });
  });

  test('goes live with its deployment if that is after the merge', async () => {
    const team = begun();
    const pull = openPull(team, 1, at('09:00:00'));
    const merged = pull.land(at('10:00:00'));
    const main = team.deploy(merged, at('10:20:00'));
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({
      deployment: main.id,
      leadTimeSeconds: 1260,
    });
  });
});

describe('cherry-picked to a release branch', () => {
  const released = (message?: string) => {
    const team = begun();
    team.push('2026-03-01T11:00:00Z', { branch: 'release', from: team.tip() });
    team.deploy(team.tip('release'), '2026-03-01T12:00:00Z');
    const merged = team.merge(1, at('10:00:00'));
    team.merge(2, at('10:10:00'));
    const original = team.world.commits.find((commit) => commit.oid === merged);
    const picked = team.push(at('11:00:00'), {
      branch: 'release',
      message: message?.replace('OID', merged) ?? original?.message ?? '',
    });
    const copy = team.world.commits.find((commit) => commit.oid === picked);
    if (copy && original && message === undefined) copy.authoredDate = original.authoredDate;
    return { team, picked, deployment: team.deploy(picked, at('11:05:00')) };
  };

  test('is live with a commit of the same author, author date and headline', async () => {
    const { team, picked, deployment } = released();
    const answer = await ask(team.world, day);
    expect(changeOf(answer, 1)).toMatchObject({
      deployment: deployment.id,
      leadTimeSeconds: 3960,
      notes: [`cherry-picked as ${picked.slice(0, 7)}`],
    });
    expect(changeOf(answer, 2)).toMatchObject({ deployment: null });
    expect(deploymentOf(answer, deployment.id)).toMatchObject({ mergesets: [1] });
  });

  test('is live with a commit whose message names it', async () => {
    const { team, deployment } = released('Backport\n\n(cherry picked from commit OID)');
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({
      deployment: deployment.id,
      leadTimeSeconds: 3960,
    });
  });

  test('is not live with any other commit of that branch', async () => {
    const { team } = released('Something else');
    expect(changeOf(await ask(team.world, day), 1)).toMatchObject({ deployment: null });
  });
});

describe('develop is squashed into main, with base-branch: develop', () => {
  const develop = { ...day, inputs: { ...day.inputs, 'base-branch': 'develop' } };
  const promotedTeam = (isLinked: boolean) => {
    const team = story();
    team.push('2026-03-01T10:00:00Z', { branch: 'develop', from: team.tip() });
    const before = team.merge(90, '2026-03-01T11:00:00Z', { base: 'develop' });
    const squash = (number: number, when: string, head: string) => {
      const oid = team.push(when, { message: `Promote (#${number})` });
      team.world.pulls.push({
        number,
        title: 'Promote',
        createdAt: when,
        mergedAt: when,
        mergeCommit: oid,
        base: 'main',
        author: 'ada',
        commits: [head],
        head: 'develop',
        unlinked: !isLinked,
      });
      return team.deploy(oid, when, { ref: 'refs/heads/main' });
    };
    squash(91, '2026-03-01T12:00:00Z', before);
    team.merge(1, at('10:00:00'), { base: 'develop' });
    const second = team.merge(2, at('10:30:00'), { base: 'develop' });
    const shipped = squash(92, at('11:00:00'), second);
    team.merge(3, at('12:00:00'), { base: 'develop' });
    return { team, shipped };
  };

  test('a squash commit ships the changes that the head of its pull request contains', async () => {
    const { team, shipped } = promotedTeam(true);
    const answer = await ask(team.world, develop);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: shipped.id, leadTimeSeconds: 3660 });
    expect(changeOf(answer, 2)).toMatchObject({ deployment: shipped.id, leadTimeSeconds: 1860 });
    expect(changeOf(answer, 3)).toMatchObject({ deployment: null });
  });

  test('there is no verdict if no deployed commit contains its merges, and a gap names the branch to set', async () => {
    const { team } = promotedTeam(false);
    const answer = await ask(team.world, develop);
    expect(answer.report.status).toBe('insufficient-data');
    const gap = answer.report.completeness.gaps.find((gap) => gap.verdictAtRisk);
    expect(gap?.what).toContain('no change that was merged into develop. Deployed from: main.');
    expect(gap?.consequence).toContain('"base-branch: main"');
    expect(answer.report.findings.map((finding) => finding.kind)).toEqual(['no-data']);
    expect(summaryText(answer)).not.toContain('not live');
  });
});

describe('a few pull requests carry develop to main', () => {
  test('a remark counts the carried pull requests, gives their lead time and names "base-branch: develop"', async () => {
    const team = begun();
    team.push('2026-03-01T11:00:00Z', { branch: 'develop', from: team.tip() });
    for (let i = 1; i <= 4; i++) team.merge(i, at(`0${i}:00:00`), { base: 'develop' });
    const carrier = team.commit(at('10:00:00'), [team.tip(), team.tip('develop')], {
      message: 'Promote (#9)',
    });
    team.land('main', carrier);
    team.world.pulls.push({
      number: 9,
      title: 'Promote',
      createdAt: at('09:00:00'),
      mergedAt: at('10:00:00'),
      mergeCommit: carrier,
      base: 'main',
      author: 'ada',
      commits: [],
      headOid: team.tip('develop'),
    });
    team.deploy(carrier, at('10:07:00'));
    const answer = await ask(team.world, day);
    expect(answer.report).toMatchObject({ status: 'on-target', leadTimeSeconds: 480 });
    expect(remarksIn(answer)).toContain(
      '4 pull requests were merged into develop first and reached main later. From their own merge to live, the p50 is 7h 8m.',
    );
    expect(remarksIn(answer)).toContain('To count these pull requests, set "base-branch: develop".');
  });

  test('a remark counts them if develop is squashed into main, too', async () => {
    const team = begun();
    team.push('2026-03-01T11:00:00Z', { branch: 'develop', from: team.tip() });
    let number = 0;
    for (const [i, hour] of ['04', '10'].entries()) {
      for (let j = 0; j < 3; j++) team.merge(++number, at(`0${i * 5 + j}:00:00`), { base: 'develop' });
      const squash = team.push(at(`${hour}:00:00`), { message: `Promote (#${90 + i})` });
      team.world.pulls.push({
        number: 90 + i,
        title: 'Promote',
        createdAt: at('00:00:00'),
        mergedAt: at(`${hour}:00:00`),
        mergeCommit: squash,
        base: 'main',
        author: 'ada',
        commits: [],
        head: 'develop',
        headOid: team.tip('develop'),
      });
      team.deploy(squash, at(`${hour}:07:00`));
    }
    const answer = await ask(team.world, day);
    expect(answer.report.leadTime).toMatchObject({ count: 2, p50: 480 });
    expect(remarksIn(answer)).toContain(
      '6 pull requests were merged into develop first and reached main later. From their own merge to live, the p50 is 3h 8m.',
    );
  });

  test('a single stacked pull request gets no remark', async () => {
    const team = begun();
    team.push(at('09:00:00'), { branch: 'feature', from: team.tip() });
    team.merge(1, at('09:30:00'), { base: 'feature', method: 'merge' });
    team.deploy(
      team.merge(2, at('10:00:00'), { method: 'merge', from: team.tip('feature') }),
      at('10:05:00'),
    );
    expect(remarksIn(await ask(team.world, day))).not.toContain('reached main later');
  });
});

describe('the default branch was renamed during the window', () => {
  const renamedTeam = (oldBranchExists: boolean) => {
    const team = begun();
    const old = team.merge(1, at('10:00:00'));
    const pull = team.world.pulls[0];
    if (pull) pull.base = 'master';
    if (oldBranchExists && team.world.branches) team.world.branches.master = old;
    team.deploy(old, at('10:05:00'));
    team.deploy(team.merge(2, at('12:00:00')), at('12:05:00'));
    return team;
  };

  test('pull requests merged into the old name count', async () => {
    const answer = await ask(renamedTeam(false).world, day);
    expect(changeOf(answer, 1)).toMatchObject({ leadTimeSeconds: 360 });
    expect(answer.report.leadTime.count).toBe(2);
  });

  test('pull requests merged into an old branch that still exists do not count', async () => {
    const answer = await ask(renamedTeam(true).world, day);
    expect(answer.report.leadTime.count).toBe(1);
  });
});

describe('a commit without a linked pull request', () => {
  const teamWithPull = (times: { mergedAt: string | null; closedAt?: string }) => {
    const team = begun();
    const oid = team.push(at('10:00:00'), { message: 'Speed up (#55)' });
    team.world.pulls.push({
      number: 55,
      title: 'Speed up',
      createdAt: at('08:00:00'),
      mergeCommit: null,
      base: 'main',
      author: 'ada',
      commits: [],
      unlinked: true,
      ...times,
    });
    team.deploy(oid, at('10:10:00'));
    return team;
  };

  test('belongs to the pull request that its headline names', async () => {
    const answer = await ask(teamWithPull({ mergedAt: at('10:00:00') }).world, day);
    expect(changeOf(answer, 55)).toMatchObject({ leadTimeSeconds: 660, author: 'ada' });
    expect(changeOf(answer, 55)?.notes[0]).toContain('matched by the number in its commit message');
  });

  test('counts from the closing if a bot squashed and closed the pull request', async () => {
    const answer = await ask(teamWithPull({ mergedAt: null, closedAt: at('10:00:30') }).world, day);
    expect(changeOf(answer, 55)).toMatchObject({ leadTimeSeconds: 630 });
  });

  test('has no pull request if the number in its headline is not one', async () => {
    const team = begun();
    team.deploy(team.push(at('10:00:00'), { message: 'See (#77)' }), at('10:10:00'));
    const answer = await ask(team.world, day);
    expect(answer.report.mergesets).toEqual([]);
    expect(remarksIn(answer)).toContain('1 commit reached main without a pull request and is not counted.');
  });

  test('otherwise a remark counts it, and "direct-pushes: count" makes it a change', async () => {
    const team = begun();
    team.push(at('10:00:00'));
    team.deploy(team.push(at('10:01:00')), at('10:10:00'));
    expect(remarksIn(await ask(team.world, day))).toContain(
      '2 commits reached main without a pull request and are not counted.',
    );
    const counted = await ask(team.world, {
      ...day,
      inputs: { ...day.inputs, widen: 'none', 'direct-pushes': 'count' },
    });
    expect(counted.report.leadTime.count).toBe(2);
    expect(remarksIn(counted)).not.toContain('without a pull request');
  });
});

test('only one known deployment: no change has a lead time', async () => {
  const team = story();
  for (let i = 1; i <= 3; i++) team.merge(i, at(`0${i}:00:00`));
  team.deploy(team.tip(), at('10:00:00'));
  const { sentence } = await ask(team.world, day);
  expect(sentence).toContain('the lead time of all 3 changes merged in the');
  expect(sentence).toContain('because the environment had no earlier successful deployment');
});

describe('release pull requests by a bot', () => {
  const releasedTeam = () => {
    const team = begun();
    for (let i = 1; i <= 3; i++) {
      team.merge(i, at(`${9 + i}:00:00`), { title: `Feature ${i}` });
      const release = team.merge(10 + i, at(`${9 + i}:40:00`), {
        title: `chore(main): release 1.${i}.0`,
        author: 'release-please[bot]',
      });
      team.deploy(release, at(`${9 + i}:45:00`));
    }
    return team;
  };

  test('count like any other change, and a change with its release is not a batch', async () => {
    const answer = await ask(releasedTeam().world, day);
    expect(answer.report.leadTime.count).toBe(6);
    expect(answer.report.deployments.every((deployment) => !deployment.batched)).toBe(true);
  });

  test('get a remark that compares bots with people if they differ by more than the tolerance', async () => {
    const answer = await ask(releasedTeam().world, day);
    expect(remarksIn(answer)).toContain('3 of 6 changes are by bots. Their p50 is 6m, for people it is 46m.');
  });

  test('get no remark if bots and people take the same time', async () => {
    const team = begun();
    team.deploy(team.merge(1, at('10:00:00')), at('10:05:00'));
    team.deploy(team.merge(2, at('11:00:00'), { author: 'renovate[bot]' }), at('11:05:00'));
    expect(remarksIn(await ask(team.world, day))).not.toContain('by bots');
  });

  test('make a batch if they release two changes', async () => {
    const team = begun();
    team.merge(1, at('10:00:00'));
    team.merge(2, at('10:10:00'));
    const bump = team.merge(3, at('10:20:00'), {
      title: 'chore: release 2.0.0',
      author: 'github-actions[bot]',
    });
    const { id } = team.deploy(bump, at('10:25:00'));
    expect(deploymentOf(await ask(team.world, day), id)).toMatchObject({ batched: true });
  });
});

test('a long-lived release branch takes few requests', async () => {
  const team = story('acme', 'shop', '2025-06-01T09:00:00Z');
  team.push('2025-06-02T09:00:00Z', { branch: 'release', from: team.tip() });
  const day0 = Date.parse('2025-06-03T09:00:00Z');
  const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');
  let number = 0;
  for (let i = 0; i < 270; i++) {
    const when = day0 + i * 86_400_000;
    for (let j = 0; j < 3; j++) team.merge(++number, iso(when + j * 3_600_000));
    const promoted = team.commit(iso(when + 12 * 3_600_000), [team.tip('release'), team.tip()], {
      message: 'Promote',
    });
    team.land('release', promoted);
    team.deploy(promoted, iso(when + 12 * 3_600_000 + 60_000), { ref: 'refs/heads/release' });
  }
  const answer = await ask(team.world, {
    now: iso(day0 + 270 * 86_400_000),
    inputs: { window: '30d', stages: 'none' },
  });
  expect(answer.report.leadTime).toMatchObject({ count: 90, pending: 0 });
  expect(answer.report.completeness.gaps).toEqual([]);
  // Lead time has drifted, so the history before the window takes two more requests.
  expect(answer.requests.length).toBeLessThanOrEqual(8);
});

test('deployments whose commits share nothing with the base branch: no verdict, and a gap names their branch and the workflow source', async () => {
  const team = begun();
  team.world.deployments = [];
  let built = team.commit('2026-03-01T12:00:00Z', [], { message: 'Build' });
  for (let i = 1; i <= 6; i++) {
    team.merge(i, at(`0${i}:00:00`));
    built = team.commit(at(`0${i}:05:00`), [built], { message: 'Build' });
    team.land('gh-pages', built);
    team.deploy(built, at(`0${i}:06:00`), { ref: 'refs/heads/gh-pages' });
  }
  const answer = await ask(team.world, day);
  expect(answer.report.status).toBe('insufficient-data');
  const gap = answer.report.completeness.gaps.find((gap) => gap.verdictAtRisk);
  expect(gap?.what).toContain('gh-pages');
  expect(gap?.consequence).toContain('deploy-source: workflow');
  expect(answer.report.findings.map((finding) => finding.kind)).toEqual(['no-data']);
});

describe('deployed from the merge queue (merge_group)', () => {
  test('the lead time is 0 if the change was live before it landed', async () => {
    const team = begun();
    const workflow = {
      ...day,
      inputs: { ...day.inputs, 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml' },
    };
    const run = (id: number, sha: string, event: string, from: string, to: string) =>
      recordRun(team, sha, {
        id,
        event,
        branch: event === 'merge_group' ? 'gh-readonly-queue/main/pr-1' : 'main',
        jobs: [{ name: 'deploy', from, to, deploys: false }],
      });
    run(41, team.tip(), 'push', '2026-03-01T10:01:00Z', '2026-03-01T10:05:00Z');
    const merged = team.merge(1, at('10:00:00'));
    run(42, merged, 'merge_group', at('09:50:00'), at('09:59:00'));
    const answer = await ask(team.world, workflow);
    expect(changeOf(answer, 1)).toMatchObject({ deployment: 42, leadTimeSeconds: 0 });
  });
});
