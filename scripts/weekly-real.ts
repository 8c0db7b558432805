/**
 * Runs the built action week by week over a recorded history, as a schedule would, and reports what happens to its issue:
 *
 *     npm run weekly:real -- FILE.json.gz [target]
 *
 * FILE is a history as `src/fake-github/world.ts` describes it. Writes its section of docs/evidence.md.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { startLoopback } from '../src/fake-github/loopback.ts';
import type { World, WorldIssue } from '../src/fake-github/world.ts';
import { runStep } from '../__tests__/support/runner.ts';
import { writeSection } from './sections.ts';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const [file, target = '5m'] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: npm run weekly:real -- FILE.json.gz [target]');
  process.exit(2);
}

const recorded = JSON.parse(gunzipSync(readFileSync(file)).toString()) as World;
const world = { ...recorded, pulls: recorded.pulls.map((pull) => ({ ...pull, title: pull.title ?? '' })) };
const times = world.deployments.map(({ createdAt }) => Date.parse(createdAt));
const monday = (time: number) => time - ((new Date(time).getUTCDay() + 6) % 7) * DAY - (time % DAY);
const firstEnd = monday(Math.min(...times)) + WEEK;
const lastMerge = Math.max(...world.pulls.map(({ mergedAt }) => Date.parse(mergedAt ?? '')));

const github = await startLoopback(world);
const rows: string[] = [];
const counts = { opened: 0, updated: 0, closed: 0, reopened: 0, skipped: 0 };
let stateBefore: string | undefined;

/** What people do to the open issue, each after a share of the history. */
const NOTE = 'Mira looks after this one.';
const EVENTS: { after: number; what: string; happen(issue: WorldIssue): void }[] = [
  { after: 0.2, what: 'label renamed', happen: (issue) => (issue.labels = ['area: delivery']) },
  { after: 0.36, what: 'note added', happen: (issue) => (issue.body = `${NOTE}\n\n${issue.body}`) },
  { after: 0.42, what: 'token replaced', happen: () => (world.viewer = 'release-app[bot]') },
];
for (let end = firstEnd; end <= lastMerge + WEEK; end += WEEK) {
  github.requests.length = 0;
  const issue = world.issues?.[0];
  const [next] = EVENTS;
  const event =
    next && issue?.state === 'open' && end > firstEnd + next.after * (lastMerge - firstEnd) ? next : null;
  if (event && issue) {
    event.happen(issue);
    EVENTS.shift();
  }
  const { outputs, code, log } = await runStep({
    apiUrl: github.apiUrl,
    repository: `${world.owner}/${world.name}`,
    event: 'schedule',
    inputs: { 'as-of': new Date(end).toISOString(), target, window: '7d', issue: 'always' },
  });
  if (code !== 0) throw new Error(log);
  const issues = world.issues ?? [];
  if (issues.length > 1) throw new Error(`There are ${issues.length} issues.`);
  const [current] = issues;
  if (EVENTS.length < 2 && !current?.body.startsWith(NOTE)) throw new Error('The note was lost.');
  const writes = github.requests.filter(({ method, path }) => method !== 'GET' && path !== '/graphql').length;
  const change = changeOf(current, writes, log);
  if (change !== null) counts[change] += 1;
  const cells = [
    new Date(end - WEEK).toISOString().slice(0, 10),
    outputs.status,
    outputs['lead-time'] || '–',
    outputs.mergesets,
    outputs.pending,
    [event?.what, change].filter(Boolean).join(', '),
    writes,
  ];
  rows.push(`| ${cells.join(' | ')} |`);
  stateBefore = current?.state;
}
await github.close();

/** What a run did with the issue; it skips one of another token, and names it in the log. */
function changeOf(issue: WorldIssue | undefined, writes: number, log: string): keyof typeof counts | null {
  if (issue?.state !== stateBefore) {
    if (issue?.state === 'closed') return 'closed';
    return stateBefore === 'closed' ? 'reopened' : 'opened';
  }
  if (writes > 0) return 'updated';
  return issue?.state === 'open' && new RegExp(`issue #${issue.number}\\b`, 'i').test(log) ? 'skipped' : null;
}

const { opened, updated, closed, reopened, skipped } = counts;
const text = `\`npm run weekly:real -- FILE\` writes this section.

The built action ran each Monday, as a schedule would run it, over ${rows.length} weeks of a real team's history. It used \`target: ${target}\`,
\`issue: always\` because the dates are in the past, and defaults for everything else. A sure drift opened the issue.

| Opened | Updated | Closed | Reopened | Second issues | Weeks skipped, other token |
| ---: | ---: | ---: | ---: | ---: | ---: |
| ${opened} | ${updated} | ${closed} | ${reopened} | 0 | ${skipped} |

Three things happened to the open issue along the way:

- Its label was renamed. The next run restored the label.
- Someone added a note above the text. The note stayed.
- The workflow got another token. The guard edits only issues of its own token, so it skipped this one from then on and named it in
  the log. The log also said what to do: close the issue, so that the new token can open its own.

<details><summary>Every week</summary>

| Week of | Verdict | p50 | Changes | Pending | Issue | Writes |
| --- | --- | ---: | ---: | ---: | --- | ---: |
${rows.join('\n')}

</details>`;
writeSection('docs/evidence.md', 'weekly', text);
console.log(text);
