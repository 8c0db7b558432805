import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Execute } from '../../src/fake-github/execute.ts';
import type {
  World,
  WorldDeployment,
  WorldPull,
  WorldRun,
  WorldStatus,
} from '../../src/fake-github/world.ts';
import type { OptionName } from '../../src/config/options.ts';
import { ask } from './ask.ts';
import { numbersFrom } from './random-team.ts';
import { executeAsGitHub } from './schema.ts';
import { inPagesOf } from './requests.ts';

/** A repository, how the fake GitHub lists it, and git's answers. It is plain data, so that it can be saved. */
export interface GitCase {
  world: World;
  now: string;
  window: string;
  /** Maximum number of items a page. */
  page: number;
  /** Random seed for the order of unordered lists. */
  shuffle: number;
  /** The deployment that shipped each pull request of the window, and the seconds since the merge. */
  answers: Record<string, [deployment: number | null, seconds: number | null]>;
}

export type MadeCase = GitCase & { asked: number };

const BEGIN = Date.parse('2026-01-05T08:00:00Z');
const DAY = 86_400_000;
const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');

/**
 * Makes a repository with git: merges, squashes, rebases, cherry-picks, octopus merges, release branches, force-pushed
 * branches (sometimes the base branch), and commits whose dates are out of order or equal. Deploys some of its commits in
 * random order with random outcomes. git decides which commit contains which.
 */
export function makeCase(seed: number): MadeCase {
  const folder = mkdtempSync(join(tmpdir(), 'repo-'));
  try {
    return make(seed, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function make(seed: number, folder: string): MadeCase {
  const random = numbersFrom(seed);
  const upTo = (most: number) => Math.floor(random() * most);
  const chance = (share: number) => random() < share;
  const anyOf = <T>(items: readonly T[]): T => items[upTo(items.length)] as T;
  let now = BEGIN;
  const git = (args: string[], at = now) => {
    const stamp = iso(at);
    return execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        GIT_AUTHOR_NAME: 'a',
        GIT_AUTHOR_EMAIL: 'a@b.c',
        GIT_COMMITTER_NAME: 'a',
        GIT_COMMITTER_EMAIL: 'a@b.c',
        GIT_AUTHOR_DATE: stamp,
        GIT_COMMITTER_DATE: stamp,
      },
    }).trim();
  };
  const head = () => git(['rev-parse', 'HEAD']);
  let files = 0;
  const commit = (at = now) => {
    files += 1;
    writeFileSync(join(folder, `f${files}`), `${files}`);
    git(['add', '-A']);
    git(['commit', '-q', '-m', `c${files}`], at);
    return head();
  };

  git(['init', '-q', '-b', 'main']);
  const tips = [commit()];
  const madeAt = new Map<string, number>([[tips[0] ?? '', BEGIN]]);
  const tip = (oid: string) => {
    tips.push(oid);
    if (!madeAt.has(oid)) madeAt.set(oid, now);
  };
  const built: string[] = [];
  const pulls: WorldPull[] = [];
  const mostSteps = upTo(16);
  // Some teams have many events within one second.
  const pace = chance(0.2) ? 1 : 100_000;
  for (let step = 1; step <= mostSteps && files < 55; step++) {
    now += upTo(pace) * 1000;
    const skew = chance(0.2) ? -upTo(300_000) * 1000 : 0;
    const base = chance(0.3) ? anyOf(git(['rev-list', '-4', 'main']).split('\n')) : 'main';
    git(['checkout', '-q', '-B', 'topic', base]);
    const oids = Array.from({ length: 1 + upTo(3) }, () => commit(now + skew));
    tip(oids.at(-1) ?? '');
    // A force push leaves the first commits of the branch on no branch.
    if (chance(0.15)) {
      git(['reset', '-q', '--hard', base]);
      oids.splice(0, oids.length, commit());
      tip(oids.at(-1) ?? '');
    }
    // The branch may be deployed before it is merged.
    if (chance(0.3)) now += upTo(pace) * 1000;
    git(['checkout', '-q', 'main']);
    const method = upTo(6);
    if (method === 0) {
      git(['merge', '-q', '--squash', 'topic']);
      git(['commit', '-q', '-m', `squash ${step}`]);
    } else if (method === 1) {
      git(['checkout', '-q', 'topic']);
      git(['rebase', '-q', 'main']);
      git(['checkout', '-q', 'main']);
      git(['merge', '-q', '--ff-only', 'topic']);
    } else if (method === 2) {
      git(['cherry-pick', ...oids]);
    } else if (method === 3) {
      git(['checkout', '-q', '-B', 'second', base]);
      commit(now + skew);
      git(['checkout', '-q', 'main']);
      git(['merge', '-q', '--no-ff', '-m', `octopus ${step}`, 'topic', 'second']);
    } else git(['merge', '-q', '--no-ff', '-m', `merge ${step}`, 'topic']);
    const merged = head();
    const pull = (number: number, target: string, mergeCommit: string | null): WorldPull => ({
      number,
      title: `t${number}`,
      createdAt: iso(now - 1000),
      mergedAt: mergeCommit === null ? null : iso(now),
      mergeCommit,
      base: target,
      author: 'a',
      commits: oids,
    });
    pulls.push(pull(step, 'main', merged));
    // The same commits can also be a stack, a backport or an open pull request. GitHub does not list all of many.
    if (chance(0.2))
      for (let i = 0; i < (chance(0.3) ? 8 : 1); i++)
        pulls.push(pull(step * 100 + i, 'stable', chance(0.5) ? (oids.at(-1) ?? null) : null));
    tip(merged);
    if (chance(0.2)) {
      git(['checkout', '-q', '-B', 'release', anyOf(tips)]);
      if (chance(0.5)) git(['merge', '-q', '--no-ff', '-m', 'promote', 'main']);
      else commit();
      tip(head());
      git(['checkout', '-q', 'main']);
    }
    // A branch of build output shares no commits with the base branch.
    if (chance(0.08)) {
      git(['checkout', '-q', '--orphan', `built-${step}`]);
      git(['rm', '-rfq', '.']);
      built.push(commit());
      madeAt.set(built.at(-1) ?? '', now);
      git(['checkout', '-q', '-f', 'main']);
    }
    // A force push removes the newest merge from the base branch.
    if (chance(0.04) && git(['rev-list', '--count', '--first-parent', 'main']) > '1')
      git(['reset', '-q', '--hard', 'main~1']);
  }

  // With large pages the guard reads the entire history. With small pages a commit must not be deployed before it exists.
  const page = chance(0.5) ? 100 : 6 + upTo(20);
  const deployments: WorldDeployment[] = [];
  const count = 1 + upTo(12);
  for (let i = 1; i <= count; i++) {
    const sha = chance(0.04) ? 'f'.repeat(39) + upTo(10) : anyOf([...tips, ...built]);
    const earliest = page === 100 ? BEGIN : (madeAt.get(sha) ?? BEGIN);
    const at = earliest + upTo(Math.max(pace, now - earliest + DAY) / 1000) * 1000;
    const ended = at + (chance(0.2) ? 0 : upTo(pace)) * 1000;
    const status = (state: string, time: number): WorldStatus => ({ state, createdAt: iso(time) });
    const result = random();
    const statuses = [status('QUEUED', at), status('IN_PROGRESS', at)];
    if (result < 0.7) statuses.push(status('SUCCESS', ended));
    else if (result < 0.85) statuses.push(status('FAILURE', ended));
    // A retry succeeds after a failure, or a success is reported twice.
    if (result < 0.1) statuses.push(status('SUCCESS', ended + upTo(3) * 1000));
    if (result > 0.8) statuses.push(status('SUCCESS', ended + upTo(pace) * 1000));
    deployments.push({
      id: i,
      environment: 'production',
      sha,
      createdAt: iso(at),
      creator: 'deploy-bot',
      statuses,
    });
  }

  // Some runs have several jobs that deploy.
  const runs: WorldRun[] = [];
  for (const deployment of [...deployments]) {
    if (!chance(0.15)) continue;
    const run = 500 + deployment.id;
    const parts = [
      deployment,
      ...Array.from({ length: 1 + upTo(2) }, (_, i) => another(deployment, deployment.id + 100 * (i + 1))),
    ];
    // A retry starts after the first attempt has ended. An earlier start is another job.
    const ended = Math.max(...deployment.statuses.map(({ createdAt }) => Date.parse(createdAt)));
    const names = parts.map((part, i) =>
      i > 0 && chance(0.5) && Date.parse(part.createdAt) > ended ? 'job 0' : `job ${i}`,
    );
    parts.forEach((part, i) => {
      for (const status of part.statuses)
        status.logUrl = `https://github.com/acme/shop/actions/runs/${run}/job/${run * 100 + i}`;
      if (i > 0) deployments.push(part);
    });
    runs.push(runOf(run, deployment, names));
  }
  function another(first: WorldDeployment, id: number): WorldDeployment {
    const later = upTo(pace) * 1000;
    const statuses = first.statuses.map((status) => ({
      state: status.state,
      createdAt: iso(Date.parse(status.createdAt) + later),
    }));
    if (chance(0.2)) statuses.pop();
    return { ...first, id, createdAt: iso(Date.parse(first.createdAt) + later), statuses };
  }

  const ends = Math.max(
    now,
    ...deployments.flatMap((deployment) => deployment.statuses.map(({ createdAt }) => Date.parse(createdAt))),
  );
  const from = chance(0.5) ? BEGIN - 60 * DAY : ends - (1 + upTo(8)) * DAY;
  const world: World = {
    owner: 'acme',
    name: 'shop',
    defaultBranch: 'main',
    head: git(['rev-parse', 'main']),
    commits: git(['log', '--all', '--reflog', '--format=%H|%P|%aI|%cI|%T|%s'])
      .split('\n')
      .map((line) => {
        const [oid = '', parents = '', authoredDate = '', committedDate = '', tree = '', message = ''] =
          line.split('|');
        return {
          oid,
          parents: parents === '' ? [] : parents.split(' '),
          authoredDate,
          committedDate,
          author: 'a',
          tree,
          message,
        };
      }),
    pulls: shuffled(pulls, random),
    deployments: shuffled(deployments, random),
    runs,
  };
  return {
    world,
    now: iso(ends),
    window: `${(ends - from) / 1000}s`,
    page,
    shuffle: upTo(2 ** 31),
    ...answersOf(world, from, folder),
  };
}

/** A run with jobs that deploy. The guard reads only their names. */
function runOf(id: number, { sha, createdAt }: WorldDeployment, names: readonly string[]): WorldRun {
  return {
    id,
    workflow: 'deploy.yml',
    sha,
    branch: 'main',
    event: 'push',
    status: 'completed',
    conclusion: 'success',
    createdAt,
    updatedAt: createdAt,
    jobs: names.map((name, i) => ({
      id: id * 100 + i,
      name,
      conclusion: 'success',
      startedAt: createdAt,
      completedAt: createdAt,
    })),
  };
}

/**
 * The rollouts of each run. A second job of the same name is a retry, or starts another rollout if all jobs of the first
 * were live.
 */
function rolloutsIn(world: World): { id: number; sha: string; at: number; created: number }[] {
  const liveAt = ({ statuses }: WorldDeployment) =>
    Math.min(
      ...statuses.filter(({ state }) => state === 'SUCCESS').map(({ createdAt }) => Date.parse(createdAt)),
    );
  const groups = new Map<number, WorldDeployment[]>();
  for (const deployment of world.deployments) {
    const run = Number(/runs\/(\d+)/.exec(deployment.statuses[0]?.logUrl ?? '')?.[1] ?? -deployment.id);
    groups.set(run, [...(groups.get(run) ?? []), deployment]);
  }
  return [...groups].flatMap(([run, group]) => {
    const names = world.runs?.find((other) => other.id === run)?.jobs.map((job) => job.name) ?? [];
    const nameOf = ({ statuses }: WorldDeployment) =>
      names[Number(/(\d\d)$/.exec(statuses[0]?.logUrl ?? '')?.[1] ?? 0)] ?? 'alone';
    const rollouts: Map<string, WorldDeployment[]>[] = [];
    for (const deployment of group.sort(
      (a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || a.id - b.id,
    )) {
      let current = rollouts.at(-1);
      const isLive = [...(current?.values() ?? [])].every((tries) =>
        tries.some((other) => liveAt(other) <= Date.parse(deployment.createdAt)),
      );
      if (!current || (current.has(nameOf(deployment)) && isLive)) {
        current = new Map();
        rollouts.push(current);
      }
      current.set(nameOf(deployment), [...(current.get(nameOf(deployment)) ?? []), deployment]);
    }
    return rollouts.map((parts) => {
      const last = [...parts.values()].at(-1)?.at(-1);
      const created = Math.min(...[...parts.values()].flat().map((part) => Date.parse(part.createdAt)));
      const at = Math.max(...[...parts.values()].map((tries) => Math.min(...tries.map(liveAt))));
      return { id: last?.id ?? 0, sha: last?.sha ?? '', at, created };
    });
  });
}

/** Git's answers for all pull requests of the window, from `git rev-list` of the successes and the base branch. */
function answersOf(world: World, from: number, folder: string): Pick<MadeCase, 'answers' | 'asked'> {
  let asked = 0;
  const ancestors = new Map<string, Set<string>>();
  const contains = (ancestor: string, descendant: string): boolean => {
    asked += 1;
    let oids = ancestors.get(descendant);
    if (!oids) {
      const listed = execFileSync('git', ['rev-list', descendant], { cwd: folder, encoding: 'utf8' });
      oids = new Set(listed.trim().split('\n'));
      ancestors.set(descendant, oids);
    }
    return oids.has(ancestor);
  };
  const exists = new Set(world.commits.map((commit) => commit.oid));
  const successes = rolloutsIn(world)
    .filter((rollout) => exists.has(rollout.sha) && Number.isFinite(rollout.at))
    .sort((a, b) => a.at - b.at || a.created - b.created || a.id - b.id);
  const answers: GitCase['answers'] = {};
  const byOid = new Map(world.commits.map((commit) => [commit.oid, commit]));
  const signature = (oid: string) => {
    const { authoredDate, message } = byOid.get(oid) ?? {};
    return `${authoredDate} ${message}`;
  };
  for (const pull of world.pulls) {
    const { mergeCommit, mergedAt, number } = pull;
    if (pull.base !== 'main' || mergeCommit === null || mergedAt === null) continue;
    const merged = Date.parse(mergedAt);
    if (merged < from || !contains(mergeCommit, world.head)) continue;
    const first = successes.find((success) => contains(mergeCommit, success.sha));
    const record = (by: typeof first, seconds: number) => {
      answers[number] = [by?.id ?? null, by && by !== successes[0] ? Math.max(0, seconds) : null];
    };
    // A cherry-pick on another branch has the same author date and headline.
    const picks = world.commits
      .filter(
        (commit) => signature(commit.oid) === signature(mergeCommit) && !contains(commit.oid, world.head),
      )
      .map((commit) => commit.oid);
    const before = successes.findLast((success) => success.at <= merged);
    const wasLive =
      before &&
      ([...(pull.commits.slice(-1) ?? []), ...picks].some((oid) => contains(oid, before.sha)) ||
        byOid.get(before.sha)?.tree === byOid.get(mergeCommit)?.tree);
    const picked = successes.find(
      (success) => success.at >= merged && picks.some((oid) => contains(oid, success.sha)),
    );
    if (first && first.at <= merged) record(first, 0);
    else if (before && wasLive) answers[number] = [before.id, 0];
    else if (picked && (!first || successes.indexOf(picked) < successes.indexOf(first)))
      record(picked, (picked.at - merged) / 1000);
    else record(first, first ? (first.at - merged) / 1000 : 0);
  }
  return { answers, asked };
}

/** The guard's answers to a case, and the gaps that it should not have. */
export async function answersOfTheGuard({ world, now, window, page, shuffle }: GitCase) {
  const { report } = await ask(world, {
    now,
    inputs: { window, stages: 'none' } satisfies Partial<Record<OptionName, string>>,
    github: { execute: listing(page, numbersFrom(shuffle)) },
  });
  // The guard widens a window with too few changes.
  const from = report.window.askedFrom ?? report.window.from;
  return {
    answers: Object.fromEntries(
      report.mergesets
        .filter((mergeset) => mergeset.mergedAt >= from)
        .map((mergeset) => [mergeset.number, [mergeset.deployment, mergeset.leadTimeSeconds]]),
    ),
    // The gap of a deleted commit is expected.
    unread: report.completeness.gaps
      .filter((gap) => !gap.what.includes('the repository no longer has'))
      // So is the gap of deployments that contain no change, if no answer names a deployment.
      .filter(
        (gap) =>
          !gap.what.includes('no change that was merged into') ||
          report.mergesets.some((mergeset) => mergeset.deployment !== null),
      ),
  };
}

/** GitHub with at most `most` items a page, and with unordered lists shuffled. */
function listing(most: number, random: () => number): Execute {
  return async (root, request) => {
    const answer = await executeAsGitHub(root, inPagesOf(most, request));
    return { ...answer, data: reordered(answer.data, random) };
  };
}

function reordered(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => reordered(item, random));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const inside = reordered(field, random) as { nodes?: Dated[] } | null;
      if (!Array.isArray(inside?.nodes)) return [name, inside];
      const anyOrder = name === 'statuses' || name === 'associatedPullRequests';
      const nodes = anyOrder ? shuffled(inside.nodes, random) : equalsShuffled(inside.nodes, random);
      return [name, { ...inside, nodes }];
    }),
  );
}

interface Dated {
  createdAt?: string;
  committedDate?: string;
  parents?: unknown;
}

/** Shuffles neighbours with the same timestamp. Parents keep their order. */
function equalsShuffled(nodes: Dated[], random: () => number): Dated[] {
  const stamp = (node: Dated | undefined) => node?.createdAt ?? (node?.parents && node.committedDate);
  const groups: Dated[][] = [];
  for (const node of nodes) {
    const group = groups.at(-1);
    if (group && stamp(node) !== undefined && stamp(group[0]) === stamp(node)) group.push(node);
    else groups.push([node]);
  }
  return groups.flatMap((group) => shuffled(group, random));
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
