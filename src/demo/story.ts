import { createHash } from 'node:crypto';
import { addSeconds, parseISO } from 'date-fns';
import type { World, WorldDeployment, WorldStatus } from './world.ts';

export interface MergeOptions {
  title?: string;
  author?: string;
  /** How the pull request lands; a squash by default. */
  method?: 'squash' | 'merge' | 'rebase';
  /** How many commits of its own it has. */
  commits?: number;
  /** The branch it is merged into. */
  base?: string;
  /** What its branch was cut from; the tip of the base by default. */
  from?: string;
  /** The base's tip becomes the branch's own last commit, as when somebody pushes it. */
  headline?: string;
}

export interface DeployOptions {
  /** Seconds from its creation to its last status. */
  takes?: number;
  outcome?: 'SUCCESS' | 'FAILURE' | 'ERROR' | 'IN_PROGRESS';
  environment?: string;
  creator?: string;
  logUrl?: string;
  statusesGone?: boolean;
}

/**
 * Tells a team's history step by step, as it would happen, and keeps the world that results. Object ids are made
 * from the order of telling, so the same story has the same ids.
 */
export function story(owner = 'acme', name = 'shop', begins = '2026-03-01T09:00:00Z') {
  const world: World = {
    owner,
    name,
    defaultBranch: 'main',
    head: '',
    branches: {},
    commits: [],
    pulls: [],
    deployments: [],
    releases: [],
    runs: [],
  };
  const tips: Record<string, string> = {};
  let made = 0;

  const later = (instant: string, seconds: number) =>
    addSeconds(parseISO(instant), seconds).toISOString().replace('.000Z', 'Z');
  const land = (branch: string, oid: string) => {
    tips[branch] = oid;
    if (branch === world.defaultBranch) world.head = oid;
    else if (world.branches) world.branches[branch] = oid;
    return oid;
  };

  /** A commit that no branch points to yet. */
  function commit(at: string, parents: string[], { author = 'ada', message = '' } = {}): string {
    made += 1;
    const oid = createHash('sha1').update(`${owner}/${name}#${made}`).digest('hex');
    world.commits.push({
      oid,
      parents,
      authoredDate: at,
      committedDate: at,
      author,
      message: message || `Commit ${made}`,
    });
    return oid;
  }

  /** A commit pushed straight to a branch; a new branch is cut from `from`. */
  function push(
    at: string,
    { branch = world.defaultBranch, from = '', author = 'ada', message = '' } = {},
  ): string {
    const parent = from || tips[branch];
    return land(branch, commit(at, parent ? [parent] : [], { author, message }));
  }

  /** Merges a pull request that was opened an hour before. Returns its merge commit. */
  function merge(number: number, at: string, options: MergeOptions = {}): string {
    const { author = 'ada', method = 'squash', base = world.defaultBranch, commits = 1 } = options;
    const title = options.title ?? `Change ${number}`;
    const tip = tips[base] ?? '';
    const opened = later(at, -3600);
    const own: string[] = [];
    let parent = method === 'rebase' ? tip : (options.from ?? tip);
    for (let i = 0; i < commits; i++) {
      parent = commit(method === 'rebase' ? at : later(opened, i), [parent], {
        author,
        message: `${title}, part ${i + 1}`,
      });
      own.push(parent);
    }
    const mergeCommit =
      method === 'rebase'
        ? parent
        : commit(at, method === 'merge' ? [tip, parent] : [tip], {
            author,
            message: `${title} (#${number})`,
          });
    world.pulls.push({
      number,
      title,
      createdAt: opened,
      mergedAt: at,
      mergeCommit,
      base,
      author,
      commits: own,
    });
    return land(base, mergeCommit);
  }

  function deploy(sha: string, at: string, options: DeployOptions = {}): WorldDeployment {
    const { takes = 60, outcome = 'SUCCESS', environment = 'production', creator = 'deploy-bot' } = options;
    const log = options.logUrl === undefined ? {} : { logUrl: options.logUrl };
    const statuses: WorldStatus[] = [{ state: 'IN_PROGRESS', createdAt: at, ...log }];
    if (outcome !== 'IN_PROGRESS') statuses.push({ state: outcome, createdAt: later(at, takes), ...log });
    const deployment: WorldDeployment = {
      id: 9000 + world.deployments.length + 1,
      environment,
      sha,
      createdAt: at,
      creator,
      statuses,
      ...(options.statusesGone ? { statusesGone: true } : {}),
    };
    world.deployments.push(deployment);
    return deployment;
  }

  push(begins, { message: 'Begin' });
  return {
    world,
    commit,
    push,
    merge,
    deploy,
    later,
    tip: (branch = world.defaultBranch) => tips[branch] ?? '',
  };
}
