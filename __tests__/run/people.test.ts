import { describe, expect, test } from '@jest/globals';
import type { World } from '../../src/fake-github/world.ts';
import { at, begun } from '../support/day.ts';
import { filed } from '../support/filed.ts';

/** Whose changes count, by what they are shown again, and what freezes explain. */

/** A change of a person, live in ten minutes, and one of a bot that rides along hours later. */
function team(bot = 'renovate[bot]') {
  const made = begun();
  made.merge(1, at('09:00:00'), { author: 'mira', labels: ['team/a', 'bug'] });
  made.deploy(made.tip(), at('09:09:00'));
  made.merge(2, at('10:00:00'), { author: bot, labels: ['team/b'] });
  made.merge(3, at('15:50:00'), { author: 'noor', labels: ['team/a', 'team/b'] });
  made.deploy(made.tip(), at('15:59:00'));
  return made;
}

const told = async (file: string, world: World = team().world) => {
  const run = await filed(world, file);
  return { ...run, one: run.units[0] };
};

describe("a bot's change that is left out", () => {
  test('is not in the statistic, and its row says why', async () => {
    const { one, summary } = await told('authors: { exclude: [bots] }\n');
    expect(one.leadTime).toMatchObject({ count: 2, p50: 600 });
    expect(one.mergesets[1]).toMatchObject({
      number: 2,
      counted: false,
      why: 'a bot',
      leadTimeSeconds: 21_600,
    });
    expect(summary).toContain('1 change is attributed and not counted, as "authors" says: 1 a bot.');
  });

  test('pending is one figure: in the table of services, their stories and the outputs', async () => {
    const made = team();
    made.merge(4, at('16:10:00'), { author: 'mira' });
    made.merge(5, at('16:20:00'), { author: 'renovate[bot]' });
    const services = ['api', 'web'].map((name) => `  ${name}: { environment: production }\n`).join('');
    const { summary, outputs, units } = await told(`authors: people\nservices:\n${services}`, made.world);
    expect(units.map((each) => each.leadTime.pending)).toEqual([1, 1]);
    expect(summary.match(/\| \*\*(?:api|web) \(production\)\*\* \|.*\| 1 \| \d+ \|$/gm)).toHaveLength(2);
    expect(summary.match(/ live, 1 pending, 2 not counted;/g)).toHaveLength(2);
    expect(JSON.parse(outputs.units ?? '').map((each: { pending: number }) => each.pending)).toEqual([1, 1]);
    expect(outputs.pending).toBe('2');
  });

  test('is still in its deployment, and counts for a batch', async () => {
    const { one } = await told('authors: people\n');
    expect(one.deployments.at(-1)).toMatchObject({ mergesets: [2, 3], batched: true });
  });

  test('can be stuck', async () => {
    const made = team();
    made.merge(4, at('16:30:00'), { author: 'renovate[bot]' });
    const { one } = await told('authors: people\n', made.world);
    expect(one.findings.find((finding: { kind: string }) => finding.kind === 'stuck')).toMatchObject({
      subject: 'mergeset 4',
    });
  });

  test('counts by default', async () => {
    expect((await told('target: 15m\n')).one.leadTime.count).toBe(3);
  });
});

describe('an author is matched', () => {
  test.each([
    ['without regard to case', '!MIRA', 1],
    ['without [bot]', '!renovate', 2],
    ['with [bot]', '!renovate[bot]', 2],
    ['as gh spells it', '!app/renovate', 2],
    ['by a pattern', '!reno*', 2],
  ])('%s', async (_, authors, left) => {
    const { one } = await told(`authors: "${authors}"\n`);
    expect(
      one.mergesets
        .filter((mergeset: { counted?: boolean }) => mergeset.counted === false)
        .map((mergeset: { number: number }) => mergeset.number),
    ).toEqual([left]);
  });

  test('as one of those that alone count', async () => {
    const { one } = await told('authors: { only: mira }\n');
    expect(one.leadTime).toMatchObject({ count: 1, p50: 600 });
  });

  test('an agent that writes as a tool of a person counts, unless it is named', async () => {
    const { world } = team('cursoragent');
    expect((await told('authors: people\n', world)).one.leadTime.count).toBe(3);
    expect(
      (await told('authors: "people, !cursoragent"\n', team('cursoragent').world)).one.leadTime.count,
    ).toBe(2);
  });
});

test('a change that reverts another counts like any', async () => {
  const made = team();
  made.merge(4, at('16:30:00'), { author: 'mira', title: 'Revert "Change 3"' });
  made.deploy(made.tip(), at('16:35:00'));
  const { one } = await told('authors: { only: noor }\n', made.world);
  expect(one.leadTime.count).toBe(2);
  expect(one.mergesets.at(-1)).toMatchObject({ number: 4, revert: true });
});

test('a version of release-please is left out by its label', async () => {
  const made = team();
  made.merge(4, at('16:30:00'), { author: 'mira', labels: ['autorelease: tagged'] });
  made.deploy(made.tip(), at('16:35:00'));
  const { one } = await told('authors: { exclude: ["label:autorelease*"] }\n', made.world);
  expect(one.mergesets.at(-1)).toMatchObject({ counted: false, why: 'by label:autorelease*' });
  expect(one.leadTime.count).toBe(3);
});

test('where all of the window are left out there is no verdict, and it says why', async () => {
  const { one, summary } = await told('authors: nobody\n');
  expect(one.status).toBe('insufficient-data');
  expect(summary).toContain('No verdict: none of the 3 changes merged in the');
  expect(summary).toContain('as "authors" leaves 3 out');
});

describe('splits', () => {
  test('by label: a change of several stands in each, one of none is unassigned', async () => {
    const made = team();
    made.merge(4, at('16:30:00'), { author: 'mira' });
    made.deploy(made.tip(), at('16:35:00'));
    const { one, summary } = await told('splits: [label:team/*]\n', made.world);
    expect(
      one.splits[0].groups.map((group: { name: string; leadTime: { count: number } }) => [
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

  test('below min-samples there is no figure', async () => {
    const { summary } = await filed(team().world, 'splits: [label:team/*]\n', {
      inputs: { 'min-samples': '3' },
    });
    expect(summary).toContain('| team/a | too few | – | 2 | 0 |');
  });

  test('never a table of persons', async () => {
    const { code, log } = await told('splits: [author]\n');
    expect(code).toBe(1);
    expect(log).toContain('"splits.0" is "author"; accepted: a list such as [label:team/*, service]');
  });
});

describe('a freeze', () => {
  const FREEZE = 'freezes:\n  - { from: 2026-03-02T12:00Z, to: 2026-03-02T14:00Z, why: launch }\n';

  test('stands beside the lead time, and is not subtracted', async () => {
    const { one, summary } = await told(FREEZE);
    expect(one.mergesets[1]).toMatchObject({ leadTimeSeconds: 21_600, frozenSeconds: 7200 });
    expect(one.mergesets[1].notes).toContain('2h of it in a freeze');
    expect(summary).toContain('1 change waited in a freeze, up to 2h of the time; it counts all the same.');
  });

  test('that holds now: what waits is not called stuck', async () => {
    const made = team();
    made.merge(4, at('16:30:00'), { author: 'mira' });
    const { one } = await told('freezes:\n  - { from: 2026-03-02, to: 2026-03-03 }\n', made.world);
    expect(one.findings.filter((finding: { kind: string }) => finding.kind === 'stuck')).toEqual([]);
    expect(one.leadTime.pending).toBe(1);
  });

  test('weekends can be one', async () => {
    const made = begun();
    made.merge(1, '2026-02-27T20:00:00Z');
    made.deploy(made.tip(), '2026-03-02T08:59:00Z');
    const { units: services } = await filed(made.world, 'freezes: [weekends]\n', {
      inputs: { window: '7d' },
    });
    expect(services[0].mergesets[0]).toMatchObject({ number: 1, frozenSeconds: 172_800 });
  });
});

describe('from when the code was written', () => {
  test('a squash: from the first of its own commits', async () => {
    const { one, summary } = await told('target: 15m\n');
    expect(one.mergesets[0]).toMatchObject({ leadTimeSeconds: 600, codeToLiveSeconds: 4200 });
    expect(one.codeToLive).toMatchObject({ count: 3, p50: 4200, undated: 0 });
    expect(summary).toContain('From when the code was written (the first commit) to live: p50 1h 10m');
  });

  test('in the weekly issue: beside the numbers, and in the table of the weeks', async () => {
    const made = team();
    for (const number of [4, 5]) {
      made.merge(number, at(`17:${number}0:00`), { author: 'mira' });
      made.deploy(made.tip(), at(`17:${number}6:00`));
    }
    const { world } = made;
    await filed(world, 'target: 3m\n');
    const [issue] = world.issues ?? [];
    expect(issue?.body).toContain('From when the code was written (the first commit) to live: p50 1h 10m');
    expect(issue?.body).toContain('| Batches | Code to live |');
  });

  test('a date after the merge is not used, and that is said', async () => {
    const made = team();
    const first = made.world.pulls[0];
    for (const commit of made.world.commits)
      if (first?.commits.includes(commit.oid)) commit.authoredDate = '2026-03-05T00:00:00Z';
    const { one, summary } = await told('target: 15m\n', made.world);
    expect(one.mergesets[0].codeToLiveSeconds).toBeNull();
    expect(one.codeToLive).toMatchObject({ count: 2, undated: 1 });
    expect(summary).toContain('Of 1 change the first commit is not known, or dated after the merge');
  });

  test('a rebase: the authored date, which a rebase leaves as it was', async () => {
    const made = begun();
    made.merge(1, at('09:00:00'), { method: 'rebase' });
    const [commit] = made.world.commits.slice(-1);
    if (commit) commit.authoredDate = at('07:00:00');
    made.deploy(made.tip(), at('09:09:00'));
    const { one } = await told('target: 15m\n', made.world);
    expect(one.mergesets[0]).toMatchObject({ leadTimeSeconds: 600, codeToLiveSeconds: 7800 });
  });
});
