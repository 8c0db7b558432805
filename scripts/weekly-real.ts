/**
 * Runs the built action week by week over a recorded history, as a schedule would, and tells what became of its issue:
 *
 *     npm run weekly:real -- FILE.json.gz [target]
 *
 * FILE is a history as `src/demo/world.ts` describes it. Prints `docs/weekly.md`.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { startLoopback } from '../src/fake-github/loopback.ts';
import type { World } from '../src/fake-github/world.ts';
import { runStep } from '../__tests__/support/runner.ts';

const DAY = 86_400_000;
const [file, target = '5m'] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: npm run weekly:real -- FILE.json.gz [target]');
  process.exit(2);
}

const raw = JSON.parse(gunzipSync(readFileSync(file)).toString()) as World;
const world = { ...raw, pulls: raw.pulls.map((pull) => ({ ...pull, title: pull.title ?? '' })) };
const times = world.deployments.map((each) => Date.parse(each.createdAt));
const monday = (time: number) => time - ((new Date(time).getUTCDay() + 6) % 7) * DAY - (time % DAY);
const [first, last] = [
  monday(Math.min(...times)) + 7 * DAY,
  Math.max(...world.pulls.map((each) => Date.parse(each.mergedAt ?? ''))),
];

const github = await startLoopback(world);
const rows: string[] = [];
let [opened, reopened, closed, kept] = [0, 0, 0, 0];
let before: string | undefined;
for (let end = first; end <= last + 7 * DAY; end += 7 * DAY) {
  github.requests.length = 0;
  const { outputs, code, log } = await runStep({
    apiUrl: github.apiUrl,
    repository: `${world.owner}/${world.name}`,
    event: 'schedule',
    inputs: { 'as-of': new Date(end).toISOString(), target, window: '7d', issue: 'always' },
  });
  if (code !== 0) throw new Error(log);
  const states = (world.issues ?? []).map((each) => each.state);
  if (states.length > 1) throw new Error(`${states.length} issues`);
  const [now] = states;
  const writes = github.requests.filter((each) => each.method !== 'GET' && each.path !== '/graphql').length;
  const change =
    now === before
      ? writes > 0
        ? 'updated'
        : ''
      : now === 'closed'
        ? 'closed'
        : before === 'closed'
          ? 'reopened'
          : 'opened';
  if (change === 'opened') opened++;
  if (change === 'reopened') reopened++;
  if (change === 'closed') closed++;
  if (change === 'updated') kept++;
  const figure = outputs['lead-time'] || '–';
  rows.push(
    `| ${new Date(end - 7 * DAY).toISOString().slice(0, 10)} | ${outputs.status} | ${figure} | ${outputs.mergesets} | ${outputs.pending} | ${change} | ${writes} |`,
  );
  before = now;
}
await github.close();

console.log(`# The weekly issue, week by week

The built action, run as a schedule would run it each Monday, over ${rows.length} weeks of a real team's recorded history, with
\`target: ${target}\` and everything else at its default. In all the issue was opened ${opened} time${opened === 1 ? '' : 's'}, reopened
${reopened} times, closed ${closed} times and updated ${kept} times. One run changes its state once at the most, so there is no
week in which it opened and closed twice; there was never a second issue.

A week that is slipping, or has too few changes for a verdict, leaves an open issue open and a closed one closed.

| Week of | Verdict | p50 | Changes | Pending | Issue | Writes |
| --- | --- | ---: | ---: | ---: | --- | ---: |
${rows.join('\n')}`);
