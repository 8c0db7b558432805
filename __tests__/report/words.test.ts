import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { duration, listed } from '../../src/report/words.ts';
import { terminal } from '../../src/report/render/terminal.ts';
import { ask } from '../support/ask.ts';

const at = (time: string) => `2026-03-02T${time}Z`;
const NOW = at('20:00:00');

/** A day on which each of `seconds` is how long one change took. */
function day(...seconds: number[]) {
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

describe('the verdict is one sentence', () => {
  const sentence = async (team: ReturnType<typeof story>, inputs = {}) =>
    (await ask(team.world, { now: NOW, inputs: { window: '20h', ...inputs } })).sentence;

  test('on target', async () => {
    expect(await sentence(day(600, 700, 800))).toBe(
      'On target: p50 lead time from merge to live in production is 11m 40s; the target is 15m, the limit 18m 45s.',
    );
  });

  test('slipping', async () => {
    expect(await sentence(day(1000, 1000))).toBe(
      'Slipping: p50 lead time from merge to live in production is 16m 40s, 11.1% past the target; the target is 15m, the limit 18m 45s.',
    );
  });

  test('drifted', async () => {
    expect(await sentence(day(1200))).toBe(
      'Drifted: p50 lead time from merge to live in production is 20m, 33.3% past the target; the target is 15m, the limit 18m 45s. Likely: the only one was past the limit; by chance one time in 2.',
    );
  });

  test('drifted, because too much still waits', async () => {
    const team = day(600);
    team.merge(8, at('12:00:00'));
    team.merge(9, at('13:00:00'));
    expect(await sentence(team)).toBe(
      'Drifted: p50 lead time from merge to live in production is at least 8h, as 2 of 3 changes are still waiting; the target is 15m, the limit 18m 45s. Likely: 1 of the last 2 deployments, the oldest change that still waits counted as one, was past the limit; by chance more often than not.',
    );
  });

  test('no verdict yet, as what waits has not waited long', async () => {
    const team = day(60);
    team.merge(8, at('19:50:00'));
    team.merge(9, at('19:55:00'));
    expect(await sentence(team)).toBe(
      'No verdict: p50 lead time from merge to live in production is not known yet (at least 10m), as 2 of 3 changes are still waiting; the target is 15m, the limit 18m 45s.',
    );
  });

  test('no verdict, as too little was merged', async () => {
    expect(await sentence(day(600), { 'min-samples': '5' })).toBe(
      'No verdict: only 1 change was merged in the 20h up to 2026-03-02 20:00 UTC, and it takes 5.',
    );
    expect(await sentence(day())).toBe(
      'No verdict: no change was merged in the 20h up to 2026-03-02 20:00 UTC, and it takes 1.',
    );
  });
});

test('the summary: the verdict first, then numbers, what waits, the deployments newest first, the batches', async () => {
  const team = day(600, 1200);
  const lost = team.deploy(
    team.merge(3, at('10:00:00'), { author: 'ben', title: 'Mend | the <b>cart</b> @org/team' }),
    at('10:05:00'),
    { outcome: 'FAILURE' },
  );
  team.deploy(team.merge(4, at('11:00:00')), at('11:05:00'));
  team.merge(5, at('19:00:00'), { author: 'cy' });
  const answer = await ask(team.world, { now: NOW, inputs: { window: '20h' } });
  expect(markdown(answer.summary, { surface: 'summary' })).toBe(`## 🔴 Deploy latency: acme/shop → production

**Drifted: p50 lead time from merge to live in production is 20m, 33.3% past the target; the target is 15m, the limit 18m 45s. Likely: 2 of the last 4 deployments, the oldest change that still waits counted as one, were past the limit; by chance more often than not.**

5 changes merged into main in the 20h up to 2026-03-02 20:00 UTC: 4 live, 1 pending; 3 successful deployments.

| p50 | p75 | p90 | p95 | mean | max |
| ---: | ---: | ---: | ---: | ---: | ---: |
| **20m** | 1h 6m | 1h 6m | 1h 6m | ≥ 32m 24s | ≥ 1h 6m |

**First:** deploy #\u200b5: merged 1h ago, and not live.

<sub>≥ is a lower bound: what is still pending counts with its waiting so far, so nobody looks fast by not deploying.</sub>

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

<details><summary>Merged, not live: 1</summary>

| Change | Author | Merged (UTC) | Waiting |
| --- | --- | --- | ---: |
| [#5](https://github.com/acme/shop/pull/5) Change 5 | cy | 2026-03-02 19:00 | **1h** |

</details>

<details><summary>Where the time goes</summary>

| Stage | Median | p90 | Share | Change |
| --- | ---: | ---: | ---: | ---: |
| before the deployment was created | 9m 30s | 1h 5m | 97.1% | – |
| deploying | 30s | 1m | 2.9% | – |

<sub>Of all 3 deployments that shipped something. They were made from outside GitHub Actions, or their runs could not be read, so so only their creation time is known.</sub>

</details>

<details><summary>Deployments, newest first</summary>

| When (UTC) | Deployment | Shipped | Lead time | Note |
| --- | --- | --- | ---: | --- |
| 2026-03-02 11:06 | 9005 at [${team.world.pulls[3]?.mergeCommit?.slice(0, 7)}](https://github.com/acme/shop/commit/${team.world.pulls[3]?.mergeCommit}) | [#3](https://github.com/acme/shop/pull/3) Mend \\| the &lt;b&gt;cart&lt;/b&gt; @\u200borg/team; [#4](https://github.com/acme/shop/pull/4) Change 4 | **6m to 1h 6m** | batch of 2 |
| 2026-03-02 10:06 | 9004 at [${lost.sha.slice(0, 7)}](https://github.com/acme/shop/commit/${lost.sha}) | – | – | failed |
| 2026-03-02 02:20 | 9003 at [${team.world.pulls[1]?.mergeCommit?.slice(0, 7)}](https://github.com/acme/shop/commit/${team.world.pulls[1]?.mergeCommit}) | [#2](https://github.com/acme/shop/pull/2) Change 2 | **20m** |   |
| 2026-03-02 01:10 | 9002 at [${team.world.pulls[0]?.mergeCommit?.slice(0, 7)}](https://github.com/acme/shop/commit/${team.world.pulls[0]?.mergeCommit}) | [#1](https://github.com/acme/shop/pull/1) Change 1 | 10m |   |

</details>

<details><summary>Batches: 1</summary>

| When (UTC) | Deployment | Changes | Authors | Why |
| --- | --- | --- | --- | --- |
| 2026-03-02 11:06 | 9005 | #\u200b3, #\u200b4 | ben, ada | deployment 9004 failed before it (2026-03-02 10:06) |

</details>
`);
});

test('the terminal shows the same story within its columns, and no escape sequence of an outsider', async () => {
  const team = day(600);
  team.merge(2, at('19:00:00'), { title: `\u001b[31mred\u001b[0m \u202e${'long '.repeat(40)}` });
  const { summary } = await ask(team.world, { now: NOW, inputs: { window: '20h' } });
  const text = terminal(summary, { columns: 80 });
  expect(text).toContain('Merged, not live: 1');
  expect(text).not.toMatch(/[\u001b\u202e]/);
  expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(80);
  expect(terminal(summary, { columns: 80, colour: true })).toContain('\u001b[1m');
});
