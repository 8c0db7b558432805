import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { duration, listed } from '../../src/report/words.ts';
import { terminal } from '../../src/report/render/terminal.ts';
import { ask } from '../support/ask.ts';

const at = (time: string) => `2026-03-02T${time}Z`;
const NOW = at('20:00:00');

/** A team that shipped changes alone, which took `seconds` from merge to live. */
function teamWith(...seconds: number[]) {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  seconds.forEach((seconds, i) => {
    const merged = at(`${String(i + 1).padStart(2, '0')}:00:00`);
    team.deploy(team.merge(i + 1, merged, { title: `Change ${i + 1}` }), team.later(merged, seconds - 30), {
      takes: 30,
    });
  });
  return team;
}

test.each([
  [0, '0s'],
  [59.9, '59s'],
  [386, '6m 26s'],
  [3600, '1h'],
  [90_061, '1d 1h'],
  [1_500_000, '17d 8h'],
  [40_000_000, '462d 23h'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test('a long list of names ends in a count', () => {
  expect(listed(Array.from({ length: 23 }, (_, i) => `#${i}`))).toMatch(/^#0, .*#19 and 3 more$/);
});

test('code to paste keeps its indentation, and nothing in it controls a terminal', () => {
  const text = 'jobs:\n  \u001b]0;title\u0007\u009b31mbuild:\u202e\n\truns-on: x\r\n';
  const expected = 'jobs:\n   ]0;title 31mbuild: \n runs-on: x \n';
  expect(terminal([{ kind: 'code', language: 'yaml', text }])).toBe(`${expected.replace(/^/gm, '    ')}\n`);
  expect(markdown([{ kind: 'code', language: 'yaml', text }], { surface: 'summary' })).toContain(expected);
});

describe('the verdict in words', () => {
  const sentence = async (team: ReturnType<typeof story>, inputs = {}) =>
    (await ask(team.world, { now: NOW, inputs: { window: '20h', ...inputs } })).sentence;

  test('on target', async () => {
    expect(await sentence(teamWith(600, 700, 800))).toBe(
      'On target: half of the changes go live in production within 11m 40s. The target is 15m.',
    );
  });

  test('on target with a slow upper half: it says so', async () => {
    expect(await sentence(teamWith(600, 600, 600, 1500, 1500))).toBe(
      'On target: half of the changes go live in production within 10m. The target is 15m. The other half is slower: a quarter of the changes take more than 25m.',
    );
  });

  test('on target in another statistic: the upper half is part of it', async () => {
    expect(await sentence(teamWith(600, 600, 600, 800, 1500), { statistic: 'p75' })).toBe(
      'On target: 3 of 4 changes go live in production within 13m 20s. The target is 15m.',
    );
  });

  test('slipping', async () => {
    expect(await sentence(teamWith(1000, 1000))).toBe(
      'Slipping: half of the changes take more than 16m 40s to go live in production. The target is 15m, the limit 18m 45s.',
    );
  });

  test('drifted', async () => {
    expect(await sentence(teamWith(1200))).toBe(
      'Half of the changes take more than 20m to go live in production. The target is 15m. The only deployment was over the limit of 18m 45s, so this could still be chance (1 in 2).',
    );
  });

  test('drifted, because too many changes still wait', async () => {
    const team = teamWith(600);
    team.merge(8, at('12:00:00'));
    team.merge(9, at('13:00:00'));
    expect(await sentence(team)).toBe(
      'Half of the changes take more than 8h to go live in production: 2 of 3 changes are still waiting. The target is 15m. 1 of the last 2 deployments (the oldest waiting change counts as one) was over the limit of 18m 45s, so this could still be chance.',
    );
  });

  test('no verdict yet, because the waiting changes have not waited long', async () => {
    const team = teamWith(60);
    team.merge(8, at('19:50:00'));
    team.merge(9, at('19:55:00'));
    expect(await sentence(team)).toBe(
      'No verdict yet: 2 of 3 changes are still waiting. The p50 is at least 10m so far. The target is 15m, the limit 18m 45s.',
    );
  });

  test('no verdict, because too few changes were merged', async () => {
    expect(await sentence(teamWith(600), { 'min-samples': '5' })).toBe(
      'No verdict: only 1 change was merged in the 20h up to 2 Mar, 20:00 UTC. A verdict needs 5.',
    );
    expect(await sentence(teamWith())).toBe(
      'No verdict: no change was merged in the 20h up to 2 Mar, 20:00 UTC. A verdict needs 1.',
    );
  });
});

test('the summary: verdict, reason, numbers, pending changes, deployments from the newest on, batches', async () => {
  const team = teamWith(600, 1200);
  const lost = team.deploy(
    team.merge(3, at('10:00:00'), { author: 'ben', title: 'Fix | the <b>cart</b> @org/team' }),
    at('10:05:00'),
    { outcome: 'FAILURE' },
  );
  team.deploy(team.merge(4, at('11:00:00')), at('11:05:00'));
  team.merge(5, at('19:00:00'), { author: 'cy' });
  const merged = team.world.pulls.map((pull) => pull.mergeCommit);
  const linkTo = (sha: string | null | undefined) =>
    `[${sha?.slice(0, 7)}](https://github.com/acme/shop/commit/${sha})`;
  const answer = await ask(team.world, { now: NOW, inputs: { window: '20h' } });
  expect(markdown(answer.summary, { surface: 'summary' })).toBe(`## 🔴 Deploy latency: acme/shop → production

**Half of the changes take more than 20m to go live in production. The target is 15m. 2 of the last 4 deployments (the oldest waiting change counts as one) were over the limit of 18m 45s, so this could still be chance.**

**First:** deploy [#5](https://github.com/acme/shop/pull/5), merged 1h ago and not live.

5 changes merged into main in the 20h up to 2 Mar, 20:00 UTC: 4 live, 1 pending. 3 successful deployments.

| p50 | p75 | p90 | p95 | mean | max |
| ---: | ---: | ---: | ---: | ---: | ---: |
| **20m** | 1h 6m | 1h 6m | 1h 6m | ≥ 32m 24s | ≥ 1h 6m |

<sub>No deployment to production was recorded since 2 Mar, 11:05 UTC, and 1 change waits. After a move to another environment or workflow, the changes may be live and the figures too high.</sub>

<sub>≥ marks a lower bound: a pending change counts with its waiting time so far, so nobody looks fast by not deploying.</sub>

\`\`\`mermaid
---
config:
  xyChart:
    width: 900
    xAxis:
      labelFontSize: 12
  themeVariables:
    xyChart:
      plotColorPalette: '#388bfd, #2da44e, #e5534b'
---
xychart-beta
  title "Minutes from merge to live: target green, limit red"
  x-axis ["1", "2", "3", "4", "5"]
  y-axis "minutes" 0 --> 66
  bar [10, 20, 66, 6, 60]
  line [15, 15, 15, 15, 15]
  line [18.8, 18.8, 18.8, 18.8, 18.8]
\`\`\`

<details><summary>1 change merged, not live</summary>

| Change | Author | Merged (UTC) | Waiting |
| --- | --- | --- | ---: |
| [#5](https://github.com/acme/shop/pull/5) Change 5 | cy | 2 Mar, 19:00 | **1h** |

</details>

From the first commit to live: p50 1h 20m, p90 2h 6m.

<details><summary>Where the time goes</summary>

| Stage | Median | p90 | Share | Change |
| --- | ---: | ---: | ---: | ---: |
| before the deployment was created | 9m 30s | 1h 5m | 97.1% | – |
| deploying | 30s | 1m | 2.9% | – |

<sub>Measured in all 3 deployments that shipped something. No run of GitHub Actions created them, or it could not be read, so only their creation time is known.</sub>

</details>

<details><summary>4 deployments</summary>

| When (UTC) | Deployment | Shipped | Lead time | Note |
| --- | --- | --- | ---: | --- |
| 2 Mar, 11:06 | ${linkTo(merged[3])} | [#3](https://github.com/acme/shop/pull/3) Fix \\| the &lt;b&gt;cart&lt;/b&gt; @\u200borg/team; [#4](https://github.com/acme/shop/pull/4) Change 4 | **6m to 1h 6m** | batch of 2 |
| 2 Mar, 10:06 | ${linkTo(lost.sha)} | – | – | failed |
| 2 Mar, 02:20 | ${linkTo(merged[1])} | [#2](https://github.com/acme/shop/pull/2) Change 2 | **20m** |   |
| 2 Mar, 01:10 | ${linkTo(merged[0])} | [#1](https://github.com/acme/shop/pull/1) Change 1 | 10m |   |

</details>

<details><summary>1 batch</summary>

| When (UTC) | Deployment | Changes | Authors | Why |
| --- | --- | --- | --- | --- |
| 2 Mar, 11:06 | ${linkTo(merged[3])} | [#3](https://github.com/acme/shop/pull/3) and [#4](https://github.com/acme/shop/pull/4) | ben and ada | The deployment before it failed (2 Mar, 10:06 UTC) |

</details>
`);
});

test('the terminal shows the same within its columns, without escape sequences from a title', async () => {
  const team = teamWith(600);
  team.merge(2, at('19:00:00'), { title: `\u001b[31mred\u001b[0m \u202e${'long '.repeat(40)}` });
  const { summary } = await ask(team.world, { now: NOW, inputs: { window: '20h' } });
  const text = terminal(summary, { columns: 80 });
  expect(text).toContain('1 change merged, not live');
  expect(text).not.toMatch(/[\u001b\u202e]/);
  expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(80);
  expect(terminal(summary, { columns: 80, colour: true })).toContain('\u001b[1m');
});

test('a list with more waiting changes than "pending" says which of them it leaves out', async () => {
  const team = teamWith(600, 600);
  team.merge(11, at('10:00:00'), { title: 'Waits since before the window' });
  team.merge(12, at('18:00:00'), { title: 'By a bot', author: 'renovate[bot]' });
  team.merge(13, at('19:00:00'), { title: 'Waits' });
  const { summary, report } = await ask(team.world, {
    now: NOW,
    inputs: { window: '8h', widen: 'none', authors: 'people' },
  });
  const text = terminal(summary, { columns: 200 });
  expect(report.leadTime.pending).toBe(1);
  expect(text).toContain('1 pending');
  expect(text).toContain('3 changes merged, not live (1 merged before the window and 1 not counted):');
  expect(text).toContain('First: deploy #11 and #13. The oldest was merged 10h ago.');
});
