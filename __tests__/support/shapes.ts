import { type JobOptions, type ShipOptions, story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';

/** Repositories that deploy in different ways, for `init`. */

export const NOW = '2026-06-15T12:00:00Z';
const DAY = 86_400_000;
export const daysAgo = (days: number, minutes = 0): string =>
  new Date(Date.parse(NOW) - days * DAY + minutes * 60_000).toISOString().replace('.000Z', 'Z');

export type Team = ReturnType<typeof story>;
export interface Merge {
  sha: string;
  /** When it was merged, and when it goes live 22 minutes later. */
  at: string;
  live: string;
  /** 1 for the oldest of the team's merges. 0 for the commit before them. */
  i: number;
}

export interface TeamOptions {
  /** Workflow files by name. */
  workflows?: Record<string, string>;
  /** Other files by path. */
  files?: Record<string, string>;
  /** Number of merges, one a day at noon, the last one a day ago. */
  merges?: number;
  /** Days from the last merge to now. */
  quiet?: number;
  branch?: string;
  /** Files that a merge changes. */
  changes?: (i: number) => string[];
}

/** A team that merges once a day. `release` makes each merge live, in the way of the team. */
export function team(
  release: (team: Team, merge: Merge) => void,
  {
    workflows = {},
    files = {},
    merges = 30,
    quiet = 1,
    branch = 'main',
    changes = () => [],
  }: TeamOptions = {},
): World {
  const made = story('acme', 'shop', daysAgo(merges + quiet + 20));
  Object.assign(made.world, { releases: [], tags: [], defaultBranch: branch });
  made.land(branch, made.tip('main'));
  delete made.world.branches;
  const mergeOf = (sha: string, days: number, i: number) => ({
    sha,
    at: daysAgo(days),
    live: daysAgo(days, 22),
    i,
  });
  release(made, mergeOf(made.tip(), merges + quiet + 10, 0));
  for (let i = 1; i <= merges; i++) {
    const days = merges + quiet - i;
    release(made, mergeOf(made.merge(i, daysAgo(days), { files: changes(i) }), days, i));
  }
  made.world.files = {
    ...files,
    ...Object.fromEntries(
      Object.entries(workflows).map(([name, text]) => [`.github/workflows/${name}`, text]),
    ),
  };
  made.world.pulls.push({
    number: 500,
    title: 'Open',
    createdAt: daysAgo(0, -90),
    mergedAt: null,
    mergeCommit: null,
    base: branch,
    author: 'mira',
    commits: [],
    files: changes(1),
  });
  return made.world;
}

/** A deployment without a log, 22 minutes after each merge. */
export const deployed =
  (environment: string, creator: string) =>
  (made: Team, { sha, at }: Merge) =>
    void made.deploy(sha, at, { environment, creator, takes: 22 * 60 });

const JOBS: JobOptions[] = [
  { name: 'test', takes: 600 },
  { name: 'deploy', takes: 715 },
];
/** A run whose last job deploys to an environment 22 minutes after each merge. */
export const shipped =
  (options: Partial<ShipOptions> = {}) =>
  (made: Team, { sha, at }: Merge) =>
    void made.ship(sha, at, { jobs: JOBS, ...options });

/** A run as {@link shipped}, without an environment. */
export const ran =
  (workflow: string, jobs: JobOptions[] = JOBS, options: Partial<ShipOptions> = {}) =>
  (made: Team, { sha, at }: Merge) => {
    made.ship(sha, at, { jobs, workflow, ...options });
    made.world.deployments.pop();
  };

/** The same run with a job that was skipped at the end. */
export const ranWithout =
  (workflow: string, skipped: string) =>
  (made: Team, merge: Merge): void => {
    ran(workflow, [
      { name: 'test', takes: 600 },
      { name: skipped, takes: 0 },
    ])(made, merge);
    const job = made.world.runs?.at(-1)?.jobs.at(-1);
    if (job) job.conclusion = 'skipped';
  };

export const released =
  (author: string, tag: (i: number) => string = (i) => `v1.${i}.0`) =>
  (made: Team, { sha, live, i }: Merge) =>
    void made.world.releases?.push({ tag: tag(i), sha, createdAt: live, publishedAt: live, author });

/** A workflow file with jobs as YAML after their names. */
export function workflow(name: string, on: string, jobs: Record<string, string>): string {
  const lines = Object.entries(jobs).map(([id, job]) => `  ${id}: ${job}\n`);
  return `name: ${name}\non: ${on}\njobs:\n${lines.join('')}`;
}
export const PUSH = '{ push: { branches: [main] } }';
const RUNNER = 'runs-on: ubuntu-latest';
/** A job with one step. */
export const job = (step: string, rest = ''): string => `{ ${RUNNER}, ${rest}steps: [{ ${step} }] }`;
export const TEST = job('run: npm test');
export const deployJob = (rest = ''): string => job('run: ./deploy.sh', `needs: test, ${rest}`);
