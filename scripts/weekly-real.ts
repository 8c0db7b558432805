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
import type { World, WorldIssue } from '../src/fake-github/world.ts';
import { runStep } from '../__tests__/support/runner.ts';

const DAY = 86_400_000;
const [file, target = '5m'] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: npm run weekly:real -- FILE.json.gz [target]');
  process.exit(2);
}

const raw = JSON.parse(gunzipSync(readFileSync(file)).toString()) as World;
const world = { ...raw, pulls: raw.pulls.map((pull) => ({ ...pull, title: pull.title ?? '' })) };
const times = world.deployments.map((deployment) => Date.parse(deployment.createdAt));
const monday = (time: number) => time - ((new Date(time).getUTCDay() + 6) % 7) * DAY - (time % DAY);
const [first, last] = [
  monday(Math.min(...times)) + 7 * DAY,
  Math.max(...world.pulls.map((pull) => Date.parse(pull.mergedAt ?? ''))),
];

const github = await startLoopback(world);
const rows: string[] = [];
let [opened, reopened, closed, kept] = [0, 0, 0, 0];
let left = 0;
let before: string | undefined;

/** What happens to the issue over the year, each thing once so much of it is over and the issue is open. */
const NOTE = 'Mira looks after this one.';
const HAPPENINGS: { after: number; what: string; befall(issue: WorldIssue): void }[] = [
  { after: 0.2, what: 'its label is renamed', befall: (issue) => (issue.labels = ['area: delivery']) },
  {
    after: 0.36,
    what: 'a note is written above',
    befall: (issue) => (issue.body = `${NOTE}\n\n${issue.body}`),
  },
  { after: 0.42, what: 'the token is another', befall: () => (world.viewer = 'release-app[bot]') },
];
for (let end = first; end <= last + 7 * DAY; end += 7 * DAY) {
  github.requests.length = 0;
  const issue = world.issues?.[0];
  const [next] = HAPPENINGS;
  const befell = next && issue?.state === 'open' && end > first + next.after * (last - first) ? next : null;
  if (befell && issue) {
    befell.befall(issue);
    HAPPENINGS.shift();
  }
  const { outputs, code, log } = await runStep({
    apiUrl: github.apiUrl,
    repository: `${world.owner}/${world.name}`,
    event: 'schedule',
    inputs: { 'as-of': new Date(end).toISOString(), target, window: '7d', issue: 'always' },
  });
  if (code !== 0) throw new Error(log);
  const states = (world.issues ?? []).map((issue) => issue.state);
  if (states.length > 1) throw new Error(`${states.length} issues`);
  const [now] = states;
  if (HAPPENINGS.length < 2 && !world.issues?.[0]?.body.startsWith(NOTE)) throw new Error('the note is lost');
  const isLeft = log.includes('was written with another token');
  const writes = github.requests.filter(
    (request) => request.method !== 'GET' && request.path !== '/graphql',
  ).length;
  const change =
    now === before
      ? writes > 0
        ? 'updated'
        : isLeft
          ? 'left, and named'
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
  if (isLeft) left++;
  const figure = outputs['lead-time'] || '–';
  rows.push(
    `| ${new Date(end - 7 * DAY).toISOString().slice(0, 10)} | ${outputs.status} | ${figure} | ${outputs.mergesets} | ${outputs.pending} | ${[befell?.what, change].filter(Boolean).join('; ')} | ${writes} |`,
  );
  before = now;
}
await github.close();

console.log(`# The weekly issue, week by week

The built action, run as a schedule would run it each Monday, over ${rows.length} weeks of a real team's recorded history, with
\`target: ${target}\` and everything else at its default. In all the issue was opened ${opened} time${opened === 1 ? '' : 's'}, reopened
${reopened} time${reopened === 1 ? '' : 's'}, closed ${closed} time${closed === 1 ? '' : 's'} and updated ${kept} times. One run changes its state once at the most, so there is no
week in which it opened and closed twice.

In the middle of it its label was renamed, a note was written above its text, and the workflow got another token. There was
never a second issue: the first two were mended by the next run, and the note stayed; the issue of the other token was named in
the log and left as it was from then on, in all ${left} weeks, as only whoever wrote a text writes
over it; closing it, as the log says, would have let the new token open its own.

It is opened by a drift that is sure, and stays open while the alert is on, whatever a single week says.

| Week of | Verdict | p50 | Changes | Pending | Issue | Writes |
| --- | --- | ---: | ---: | ---: | --- | ---: |
${rows.join('\n')}`);
