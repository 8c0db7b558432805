import { type JobOptions, type MergeOptions, story } from '../fake-github/story.ts';
import type { World } from '../fake-github/world.ts';

/** End of the sample: a Friday evening. */
export const SAMPLE_NOW = '2026-03-13T17:00:00Z';

const WORKFLOW = '.github/workflows/deploy.yml';

const WORKFLOW_FILE = `name: deploy
on:
  push:
    branches: [main]
concurrency: production
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v4
      - run: npm ci
      - run: npm test
  browser-tests:
    name: browser tests
    needs: test
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: npm ci
      - run: npx playwright test
  deploy:
    needs: browser-tests
    environment: production
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: ./deploy.sh
`;

/**
 * A week of a sample team with a target of 15 minutes. Its pipeline gets slower from Tuesday on. Two deployments are batches,
 * one is rolled back, and one change is still pending.
 */
export function sampleTeam(): World {
  const team = story('larkspur', 'storefront', '2026-02-27T09:00:00Z');
  const { world, push, merge, deploy } = team;
  const on = (day: number, time: string) => `2026-03-${String(day).padStart(2, '0')}T${time}Z`;

  /** Runs the workflow. Its deploy job starts at `deployStart` and takes `takes` seconds. */
  const ship = (sha: string, mergedAt: string, deployStart: string, takes: number, id?: number) => {
    const testSeconds = (Date.parse(deployStart) - Date.parse(mergedAt)) / 1000 - 5;
    const jobs: JobOptions[] =
      testSeconds > 900 ? [tests(170), browserTests(testSeconds - 170)] : [tests(testSeconds)];
    const deployJob: JobOptions = {
      name: 'deploy',
      steps: [
        ['Run actions/checkout@v5', 7],
        ['Run ./deploy.sh', takes - 7],
      ],
    };
    return team.ship(sha, mergedAt, { jobs: [...jobs, deployJob], ...(id === undefined ? {} : { id }) });
  };
  /** Merges a change and ships it on the same day. Returns its merge commit. */
  const change = (
    number: number,
    author: string,
    title: string,
    [day, mergedAt, deployStart]: [day: number, mergedAt: string, deployStart: string],
    takes: number,
    options: MergeOptions = {},
  ): string => {
    const sha = merge(number, on(day, mergedAt), { author, title, ...options });
    ship(sha, on(day, mergedAt), on(day, deployStart), takes);
    return sha;
  };

  deploy(
    push('2026-02-27T09:30:00Z', { author: 'noor', message: 'Set up the shop' }),
    '2026-02-27T09:40:00Z',
    { takes: 300 },
  );

  // The week before: fast, one change at a time.
  const earlier: [number, string, string][] = [
    [2, '10:12:00', 'Show prices with tax'],
    [3, '09:45:00', 'Compress product images'],
    [3, '15:20:00', 'Remember the last search'],
    [4, '11:05:00', 'Test the invoice numbers'],
    [4, '16:40:00', 'Shorten the order mail'],
  ];
  earlier.forEach(([day, time, title], i) => {
    const at = on(day, time);
    ship(merge(402 + i, at, { author: 'mira', title }), at, team.later(at, 175), 410, 8001 + i);
  });
  const before = merge(411, on(5, '10:02:00'), {
    author: 'mira',
    title: 'Show delivery dates in the basket',
  });
  deploy(before, on(5, '10:06:00'), { takes: 420 });

  // Monday: on target.
  change(412, 'jonas', 'Sort search results by relevance', [9, '09:31:10', '09:34:00'], 402);
  change(413, 'mira', 'Cache the category tree', [9, '14:12:45', '14:15:30'], 431, {
    commits: 3,
    method: 'merge',
  });

  // Tuesday: the tests take longer, and the merge queue merges two changes at once.
  merge(415, on(10, '11:20:05'), { author: 'priya', title: 'Validate vouchers on the server' });
  change(416, 'jonas', 'Drop support for the old checkout', [10, '11:20:05', '11:29:55'], 560);
  change(414, 'noor', 'Log slow queries', [10, '16:03:30', '16:13:10'], 640);

  // Wednesday: the deployment waits for the browser tests.
  const slower = change(
    417,
    'priya',
    'Run the browser tests before every deploy',
    [11, '10:11:00', '10:29:00'],
    395,
  );
  world.files = { [WORKFLOW]: WORKFLOW_FILE };
  world.fileChanges = { [WORKFLOW]: [slower] };
  const good = change(418, 'mira', 'Round prices half to even', [11, '13:40:20', '14:00:00'], 410, {
    commits: 2,
    method: 'rebase',
  });

  // Thursday: a deployment fails, so the next one ships two changes. It is rolled back, and a fix follows.
  deploy(
    merge(419, on(12, '09:20:00'), { author: 'jonas', title: 'Speed up the product page' }),
    on(12, '09:41:00'),
    { takes: 380, outcome: 'FAILURE' },
  );
  change(420, 'priya', 'Retry the payment provider once', [12, '10:05:00', '10:24:00'], 425);
  deploy(good, on(12, '10:50:00'), { takes: 95, creator: 'noor' });
  change(421, 'priya', 'Retry the payment provider, with a limit', [12, '11:30:40', '11:52:00'], 437);

  // Friday: one change goes live, and one is still pending.
  change(422, 'mira', 'Say when an item is the last one', [13, '12:15:00', '12:36:30'], 418);
  merge(423, on(13, '15:52:00'), { author: 'jonas', title: 'Upgrade the image resizer' });
  return world;
}

const tests = (takes: number): JobOptions => ({
  name: 'test',
  steps: [
    ['Run actions/checkout@v5', 6],
    ['Run actions/setup-node@v4', 9],
    ['Run npm ci', 88],
    ['Run npm test', takes - 103],
  ],
});

const browserTests = (takes: number): JobOptions => ({
  name: 'browser tests',
  queue: 21,
  steps: [
    ['Run actions/checkout@v5', 6],
    ['Run npm ci', 91],
    ['Run npx playwright test', takes - 118],
  ],
});
