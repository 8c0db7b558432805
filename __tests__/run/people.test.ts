import { describe, expect, test } from '@jest/globals';
import type { World } from '../../src/fake-github/world.ts';
import { ask } from '../support/ask.ts';
import { at, begun, day } from '../support/day.ts';
import { runWithConfigFile } from '../support/config-file.ts';
import { hasRequest } from '../support/requests.ts';

/** Options "authors", "splits" and "freezes", and the time from the first commit. */

/** A team with a change by a person, live in ten minutes, and one by a bot, live with a person's hours later. */
function teamWithBot(bot = 'renovate[bot]') {
  const team = begun();
  team.merge(1, at('09:00:00'), { author: 'mira', labels: ['team/a', 'bug'] });
  team.deploy(team.tip(), at('09:09:00'));
  team.merge(2, at('10:00:00'), { author: bot, labels: ['team/b'] });
  team.merge(3, at('15:50:00'), { author: 'noor', labels: ['team/a', 'team/b'] });
  team.deploy(team.tip(), at('15:59:00'));
  return team;
}

const reportWith = async (file: string, world: World = teamWithBot().world) => {
  const run = await runWithConfigFile(world, file);
  return { ...run, report: run.units[0] };
};

describe('a change by a bot, excluded by "authors"', () => {
  test('is not in the statistic, and its row gives the reason', async () => {
    const { report, summary } = await reportWith('authors: { exclude: [bots] }\n');
    expect(report.leadTime).toMatchObject({ count: 2, p50: 600 });
    expect(report.mergesets[1]).toMatchObject({
      number: 2,
      counted: false,
      why: 'a bot',
      leadTimeSeconds: 21_600,
    });
    expect(summary).toContain('1 change is not counted, because "authors" excludes it: 1 by a bot.');
  });

  test('is not pending in the table of services, their sections and the outputs', async () => {
    const team = teamWithBot();
    team.merge(4, at('16:10:00'), { author: 'mira' });
    team.merge(5, at('16:20:00'), { author: 'renovate[bot]' });
    const services = ['api', 'web'].map((name) => `  ${name}: { environment: production }\n`).join('');
    const { summary, outputs, units } = await reportWith(
      `authors: people\nservices:\n${services}`,
      team.world,
    );
    expect(units.map((report) => report.leadTime.pending)).toEqual([1, 1]);
    expect(summary.match(/\| \*\*(?:api|web) \(production\)\*\* \|.*\| 1 \| \d+ \|$/gm)).toHaveLength(2);
    expect(summary.match(/ live, 1 pending, 2 not counted\./g)).toHaveLength(2);
    expect(JSON.parse(outputs.units ?? '').map((service: { pending: number }) => service.pending)).toEqual([
      1, 1,
    ]);
    expect(outputs.pending).toBe('2');
  });

  test('belongs to its deployment and counts for a batch', async () => {
    const { report } = await reportWith('authors: people\n');
    expect(report.deployments.at(-1)).toMatchObject({ mergesets: [2, 3], batched: true });
  });

  test('can be stuck', async () => {
    const team = teamWithBot();
    team.merge(4, at('16:30:00'), { author: 'renovate[bot]' });
    const { report } = await reportWith('authors: people\n', team.world);
    expect(report.findings.find((finding: { kind: string }) => finding.kind === 'stuck')).toMatchObject({
      subject: 'mergeset 4',
    });
  });

  test('counts by default', async () => {
    expect((await reportWith('target: 15m\n')).report.leadTime.count).toBe(3);
  });
});

describe('a pattern matches an author', () => {
  test.each([
    ['without regard to case', '!MIRA', 1],
    ['without [bot]', '!renovate', 2],
    ['with [bot]', '!renovate[bot]', 2],
    ['with app/, as gh spells it', '!app/renovate', 2],
    ['with a wildcard', '!reno*', 2],
  ])('%s', async (_, authors, excluded) => {
    const { report } = await reportWith(`authors: "${authors}"\n`);
    expect(
      report.mergesets
        .filter((mergeset: { counted?: boolean }) => mergeset.counted === false)
        .map((mergeset: { number: number }) => mergeset.number),
    ).toEqual([excluded]);
  });

  test('and "only" counts nobody else', async () => {
    const { report } = await reportWith('authors: { only: mira }\n');
    expect(report.leadTime).toMatchObject({ count: 1, p50: 600 });
  });

  test('and an agent that writes for a person counts, unless a pattern names it', async () => {
    const { world } = teamWithBot('cursoragent');
    expect((await reportWith('authors: people\n', world)).report.leadTime.count).toBe(3);
    expect(
      (await reportWith('authors: "people, !cursoragent"\n', teamWithBot('cursoragent').world)).report
        .leadTime.count,
    ).toBe(2);
  });
});

test('a revert counts like any other change', async () => {
  const team = teamWithBot();
  team.merge(4, at('16:30:00'), { author: 'mira', title: 'Revert "Change 3"' });
  team.deploy(team.tip(), at('16:35:00'));
  const { report } = await reportWith('authors: { only: noor }\n', team.world);
  expect(report.leadTime.count).toBe(2);
  expect(report.mergesets.at(-1)).toMatchObject({ number: 4, revert: true });
});

test('a release of release-please is excluded by its label', async () => {
  const team = teamWithBot();
  team.merge(4, at('16:30:00'), { author: 'mira', labels: ['autorelease: tagged'] });
  team.deploy(team.tip(), at('16:35:00'));
  const { report } = await reportWith('authors: { exclude: ["label:autorelease*"] }\n', team.world);
  expect(report.mergesets.at(-1)).toMatchObject({ counted: false, why: 'by label:autorelease*' });
  expect(report.leadTime.count).toBe(3);
});

test('if all changes are excluded, there is no verdict and the summary gives the reason', async () => {
  const { report, summary } = await reportWith('authors: nobody\n');
  expect(report.status).toBe('insufficient-data');
  expect(summary).toContain('No verdict: 0 of 3 changes merged in the');
  expect(summary).toContain('because "authors" excludes 3');
});

describe('splits', () => {
  test('a change with several labels is in several groups, and one without is unassigned', async () => {
    const team = teamWithBot();
    team.merge(4, at('16:30:00'), { author: 'mira' });
    team.deploy(team.tip(), at('16:35:00'));
    const { report, summary } = await reportWith('splits: [label:team/*]\n', team.world);
    expect(
      report.splits[0].groups.map((group: { name: string; leadTime: { count: number } }) => [
        group.name,
        group.leadTime.count,
      ]),
    ).toEqual([
      ['team/a', 2],
      ['team/b', 2],
      ['unassigned', 1],
    ]);
    expect(summary).toContain('<summary>By label:team/*</summary>');
  });

  test('a group with fewer changes than "min-samples" has no figure', async () => {
    const { summary } = await runWithConfigFile(teamWithBot().world, 'splits: [label:team/*]\n', {
      inputs: { 'min-samples': '3' },
    });
    expect(summary).toContain('| team/a | too few | – | 2 | 0 |');
  });

  test('splitting by author is refused', async () => {
    const { code, log } = await reportWith('splits: [author]\n');
    expect(code).toBe(1);
    expect(log).toContain('"splits.0" is "author"; accepted: a list such as [label:team/*, service]');
  });
});

describe('a freeze', () => {
  const FREEZE = 'freezes:\n  - { from: 2026-03-02T12:00Z, to: 2026-03-02T14:00Z, why: launch }\n';

  test('is shown next to the lead time and not subtracted from it', async () => {
    const { report, summary } = await reportWith(FREEZE);
    expect(report.mergesets[1]).toMatchObject({ leadTimeSeconds: 21_600, frozenSeconds: 7200 });
    expect(report.mergesets[1].notes).toContain('2h of it in a freeze');
    expect(summary).toContain('1 change waited in a freeze, for up to 2h. That time counts.');
  });

  test('keeps pending changes from being stuck while it lasts', async () => {
    const team = teamWithBot();
    team.merge(4, at('16:30:00'), { author: 'mira' });
    const { report } = await reportWith('freezes:\n  - { from: 2026-03-02, to: 2026-03-03 }\n', team.world);
    expect(report.findings.filter((finding: { kind: string }) => finding.kind === 'stuck')).toEqual([]);
    expect(report.leadTime.pending).toBe(1);
  });

  test('can be every weekend', async () => {
    const team = begun();
    team.merge(1, '2026-02-27T20:00:00Z');
    team.deploy(team.tip(), '2026-03-02T08:59:00Z');
    const { units: services } = await runWithConfigFile(team.world, 'freezes: [weekends]\n', {
      inputs: { window: '7d' },
    });
    expect(services[0].mergesets[0]).toMatchObject({ number: 1, frozenSeconds: 172_800 });
  });
});

describe('time from the first commit to live', () => {
  test('begins with the first commit of a squashed pull request', async () => {
    const { report, summary } = await reportWith('target: 15m\n');
    expect(report.mergesets[0]).toMatchObject({ leadTimeSeconds: 600, codeToLiveSeconds: 4200 });
    expect(report.codeToLive).toMatchObject({ count: 3, p50: 4200, undated: 0 });
    expect(summary).toContain('From the first commit to live: p50 1h 10m');
  });

  test('is in the weekly issue, next to lead time and in the table of weeks', async () => {
    const team = teamWithBot();
    for (const number of [4, 5]) {
      team.merge(number, at(`17:${number}0:00`), { author: 'mira' });
      team.deploy(team.tip(), at(`17:${number}6:00`));
    }
    const { world } = team;
    await runWithConfigFile(world, 'target: 3m\n');
    const [issue] = world.issues ?? [];
    expect(issue?.body).toContain('From the first commit to live: p50 1h 10m');
    expect(issue?.body).toContain('| Batches | Code to live |');
  });

  test('leaves out a first commit dated after the merge, and the summary counts it', async () => {
    const team = teamWithBot();
    const first = team.world.pulls[0];
    for (const commit of team.world.commits)
      if (first?.commits.includes(commit.oid)) commit.authoredDate = '2026-03-05T00:00:00Z';
    const { report, summary } = await reportWith('target: 15m\n', team.world);
    expect(report.mergesets[0].codeToLiveSeconds).toBeNull();
    expect(report.codeToLive).toMatchObject({ count: 2, undated: 1 });
    expect(summary).toContain(
      '1 change is left out, because the first commit is unknown or dated after the merge',
    );
  });

  test.each([
    ['the oldest, wherever it is in the list', ['09:58:40', '08:00:00', '09:00:00'], 7800],
    ['no commit after the merge', ['10:30:00', '09:00:00', '09:30:00'], 4200],
  ])('The first of several commits: %s', async (_, authored, seconds) => {
    const team = begun();
    team.merge(1, at('10:00:00'), { commits: 3 });
    const pull = team.world.pulls.at(-1);
    for (const commit of team.world.commits) {
      const index = pull?.commits.indexOf(commit.oid) ?? -1;
      if (index >= 0) commit.authoredDate = at(authored[index] ?? '');
    }
    team.deploy(team.tip(), at('10:09:00'));
    const { report } = await reportWith('target: 15m\n', team.world);
    expect(report.mergesets[0]).toMatchObject({ leadTimeSeconds: 600, codeToLiveSeconds: seconds });
  });

  test('is in the report without a configuration file, and takes no request', async () => {
    const { world } = teamWithBot();
    const { report, requests } = await ask(world, { ...day, inputs: { ...day.inputs, stages: 'none' } });
    expect(report.codeToLive).toMatchObject({ count: 3 });
    expect(requests.filter((request) => !hasRequest(request, 'WorkflowFiles'))).toHaveLength(1);
  });

  test('uses the authored date of a rebased commit', async () => {
    const team = begun();
    team.merge(1, at('09:00:00'), { method: 'rebase' });
    const [commit] = team.world.commits.slice(-1);
    if (commit) commit.authoredDate = at('07:00:00');
    team.deploy(team.tip(), at('09:09:00'));
    const { report } = await reportWith('target: 15m\n', team.world);
    expect(report.mergesets[0]).toMatchObject({ leadTimeSeconds: 600, codeToLiveSeconds: 7800 });
  });
});
