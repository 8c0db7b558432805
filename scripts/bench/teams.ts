import { numbersFrom } from '../../__tests__/support/random-team.ts';
import { story } from '../../src/fake-github/story.ts';
import type { World, WorldCommit } from '../../src/fake-github/world.ts';
import {
  asOf,
  type Chances,
  chancesOf,
  DAY,
  HOUR,
  iso,
  MINUTE,
  type Story,
  workingTimes,
} from './history.ts';
import { type DeployRun, pipelineOf, queueOf } from './pipeline.ts';

/**
 * Teams that deploy with GitHub Actions, with different ways to merge and deploy. Each history has a fixed seed and begins more
 * than a year before the window.
 */

export const SHAPES = ['squashes', 'merge commits', 'hotfixes and rollbacks', 'long-lived branches'] as const;
export type Shape = (typeof SHAPES)[number];
/** Teams whose branches live for at most a few days. */
export const SHORT_LIVED = SHAPES.slice(0, -1);

export interface TeamOptions {
  shape: Shape;
  /** The history ends here. */
  until: number;
  /** Changes take much longer from here on. */
  slowSince?: number;
}

const BEGINS = Date.parse('2025-04-07T06:00:00Z');
const PEOPLE = ['ada', 'ben', 'cleo', 'dan', 'eve', 'finn', 'renovate[bot]'] as const;
const SEEDS: Record<Shape, number> = {
  squashes: 101,
  'merge commits': 202,
  'hotfixes and rollbacks': 303,
  'long-lived branches': 404,
};
/** Changes a working day. */
const PACE: Record<Shape, number> = {
  squashes: 12,
  'merge commits': 5,
  'hotfixes and rollbacks': 8,
  'long-lived branches': 6,
};

/** State that every shape shares. */
interface TeamState {
  team: Story;
  chances: Chances;
  pipeline: ReturnType<typeof pipelineOf>;
  queue: ReturnType<typeof queueOf>;
  /** Commits of the base branch, oldest first. */
  line: string[];
  /** Gives the next pull request its number and author. */
  next(): { number: number; author: string };
  isSlow(at: number): boolean;
}

const LANDINGS: Record<Shape, (state: TeamState, at: number) => void> = {
  squashes: landSquash,
  'merge commits': landMergeCommit,
  'hotfixes and rollbacks': landOrFix,
  'long-lived branches': (state, at) =>
    landMergeCommit(state, at, state.chances.happens(0.05) ? state.chances.between(60, 150) : 0),
};

export function teamOf({ shape, until, slowSince }: TeamOptions): World {
  const chances = chancesOf(numbersFrom(SEEDS[shape]));
  const team = story('acme', 'shop', iso(BEGINS));
  const pipeline = pipelineOf(team, chances);
  let number = 0;
  const state: TeamState = {
    team,
    chances,
    pipeline,
    queue: queueOf(pipeline),
    line: [team.tip()],
    next: () => ({ number: ++number, author: chances.oneOf(PEOPLE) }),
    isSlow: (at) => slowSince !== undefined && at >= slowSince,
  };
  pipeline.deploy({ sha: team.tip(), at: BEGINS + MINUTE });
  for (const at of workingTimes(chances, BEGINS + DAY, until, PACE[shape])) {
    state.queue.advance(at);
    LANDINGS[shape](state, at);
  }
  state.queue.advance(until);
  team.world.files = { '.github/workflows/deploy.yml': WORKFLOWS[shape] };
  return asOf(team.world, until);
}

/** Some deployments fail, and half of them are run again. */
function failureOf({ happens }: Chances): Pick<DeployRun, 'fails'> {
  if (!happens(0.08)) return {};
  return { fails: happens(0.5) ? 'rerun' : 'for good' };
}

/** Every squash is deployed, and a few are deployed again by hand. */
function landSquash({ team, chances, pipeline, queue, line, next, isSlow }: TeamState, at: number): void {
  const { number, author } = next();
  const sha = team.merge(number, iso(at), { author });
  describe(team, ['src/app.ts', `src/part-${number % 40}.ts`]);
  line.push(sha);
  pipeline.check(sha, at + 3000);
  queue.add({
    sha,
    at: at + 4000,
    actor: author,
    ...failureOf(chances),
    ...(isSlow(at) ? { slower: 26 * MINUTE } : {}),
  });
  if (chances.happens(0.03))
    pipeline.deploy({ sha, at: at + 2 * HOUR, event: 'workflow_dispatch', actor: 'ada' });
}

/**
 * Merges a branch that started a few days or `mergesEarlier` merges ago. Staging comes before production. A change of documents
 * alone is not deployed.
 */
function landMergeCommit(
  { team, chances, pipeline, queue, line, next, isSlow }: TeamState,
  at: number,
  mergesEarlier = 0,
): void {
  const { number, author } = next();
  const back = mergesEarlier || chances.upTo(16);
  const from = line[Math.max(0, line.length - 1 - back)] ?? team.tip();
  const commits = chances.between(1, 5);
  const before = team.world.commits.length;
  const sha = team.merge(number, iso(at), { author, method: 'merge', from, commits });
  spread(team.world.commits.slice(before, -1), dateOf(team, from), at - 20 * MINUTE);
  const isText = chances.happens(0.06);
  describe(team, isText ? ['docs/guide.md'] : ['src/app.ts', `src/part-${number % 40}.ts`]);
  line.push(sha);
  pipeline.check(sha, at + 3000);
  if (isText) return;
  queue.add({
    sha,
    at: at + 4000,
    actor: author,
    step: 'Deploy',
    deploys: [
      { job: 'stage', environment: 'staging' },
      { job: 'deploy', environment: 'production' },
    ],
    ...failureOf(chances),
    ...(isSlow(at) ? { hold: chances.between(35, 110) * MINUTE } : {}),
  });
}

/**
 * Squashes and direct pushes, with rollbacks; hotfixes that are deployed from a branch before the merge; and commits that are
 * cherry-picked to a release branch and deployed there.
 */
function landOrFix(state: TeamState, at: number): void {
  const { team, chances, pipeline, queue, line, next, isSlow } = state;
  const { number, author } = next();
  const kind = chances.upTo(100);
  let sha: string;
  if (kind < 8) sha = team.push(iso(at), { author, message: `Quick repair ${number}` });
  else if (kind < 11) {
    const from = line.at(-2) ?? team.tip();
    const branch = `hotfix-${number}`;
    const fix = team.push(iso(at - 50 * MINUTE), { branch, from, author, message: `Hotfix ${number}` });
    pipeline.deploy({ sha: fix, at: at - 49 * MINUTE, event: 'workflow_dispatch', branch, actor: author });
    sha = team.merge(number, iso(at), { author, method: 'merge', from: fix });
    describe(team, ['src/app.ts']);
    removeBranch(team, branch);
  } else {
    sha = team.merge(number, iso(at), { author });
    describe(team, ['src/app.ts', `src/part-${number % 40}.ts`]);
  }
  line.push(sha);
  pipeline.check(sha, at + 3000);
  // A slow team deploys twice a day by hand.
  if (isSlow(at)) {
    if (number % 4 === 0)
      queue.add({ sha, at: at + 40 * MINUTE, event: 'workflow_dispatch', ...failureOf(chances) });
    return;
  }
  queue.add({ sha, at: at + 4000, actor: author, ...failureOf(chances) });
  if (kind >= 96)
    pipeline.deploy({
      sha: line.at(-2) ?? sha,
      at: at + 25 * MINUTE,
      event: 'workflow_dispatch',
      actor: 'ada',
    });
  else if (kind >= 94) pick(state, sha, at);
}

/** Cherry-picks a change to a release branch and deploys it there. */
function pick({ team, pipeline, line }: TeamState, sha: string, at: number): void {
  const original = team.world.commits.find((commit) => commit.oid === sha);
  if (!original) return;
  const { message, author, authoredDate } = original;
  const branch = `release-${iso(at).slice(0, 10)}`;
  const copy = team.push(iso(at + 20 * MINUTE), { branch, from: line.at(-4) ?? sha, author, message });
  const picked = team.world.commits.at(-1);
  if (picked) picked.authoredDate = authoredDate;
  pipeline.deploy({ sha: copy, at: at + 21 * MINUTE, event: 'workflow_dispatch', branch, actor: author });
}

/** Deletes a branch. Its deployments have no ref then. */
function removeBranch({ world }: Story, name: string): void {
  delete world.branches?.[name];
  for (const deployment of world.deployments)
    if (deployment.ref === `refs/heads/${name}`) delete deployment.ref;
}

/** Sets the files of the newest pull request. */
function describe(team: Story, files: string[]): void {
  const pull = team.world.pulls.at(-1);
  if (pull) pull.files = files;
}

function dateOf({ world }: Story, oid: string): number {
  return Date.parse(world.commits.findLast((commit) => commit.oid === oid)?.committedDate ?? '');
}

/** Spreads the dates of commits evenly. */
function spread(commits: WorldCommit[], from: number, to: number): void {
  commits.forEach((commit, i) => {
    const at = iso(from + Math.floor(((to - from) * (i + 1)) / commits.length / 1000) * 1000);
    commit.authoredDate = at;
    commit.committedDate = at;
  });
}

const workflow = (push: object, deploys: Record<string, object>) =>
  JSON.stringify({
    name: 'Deploy',
    on: { push: { branches: ['main'], ...push }, workflow_dispatch: {} },
    jobs: {
      build: { 'runs-on': 'ubuntu-latest', steps: [{ run: './build.sh' }] },
      test: { 'runs-on': 'ubuntu-latest', steps: [{ run: './test.sh' }] },
      ...deploys,
      latency: {
        needs: 'deploy',
        'runs-on': 'ubuntu-latest',
        steps: [{ uses: 'deploy-latency-guard/deploy-latency-guard@v1' }],
      },
    },
  });
const deployJob = (environment: string, needs: string[], step: object) => ({
  needs,
  environment,
  'runs-on': 'ubuntu-latest',
  steps: [{ uses: 'actions/checkout@v7' }, step],
});
const ONE_JOB = workflow({}, { deploy: deployJob('production', ['build', 'test'], { run: './deploy.sh' }) });
const TWO_JOBS = workflow(
  { 'paths-ignore': ['docs/**'] },
  {
    stage: deployJob('staging', ['build', 'test'], { name: 'Deploy', run: './deploy.sh' }),
    deploy: deployJob('production', ['stage'], { name: 'Deploy', run: './deploy.sh' }),
  },
);
const WORKFLOWS: Record<Shape, string> = {
  squashes: ONE_JOB,
  'merge commits': TWO_JOBS,
  'hotfixes and rollbacks': ONE_JOB,
  'long-lived branches': TWO_JOBS,
};
