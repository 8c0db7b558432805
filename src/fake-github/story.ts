import { createHash } from 'node:crypto';
import { addSeconds, parseISO } from 'date-fns';
import type { World, WorldDeployment, WorldJob, WorldStatus } from './world.ts';

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
  /** What each of its commits, or the last of them, changes: files of a new content; `null` removes one. */
  files?: Files | Files[];
  labels?: string[];
  /** The base's tip becomes the branch's own last commit, as when somebody pushes it. */
  headline?: string;
}

/** Contents by path; a list is of files that get a new content each. */
export type Files = string[] | Record<string, string | null>;

export interface DeployOptions {
  /** Seconds from its creation to its last status. */
  takes?: number;
  outcome?: 'SUCCESS' | 'FAILURE' | 'ERROR' | 'IN_PROGRESS';
  environment?: string;
  creator?: string;
  logUrl?: string;
  ref?: string;
  task?: string;
  statusesGone?: boolean;
}

export interface JobOptions {
  name: string;
  /** Seconds that it waits for a runner. */
  queue?: number;
  /** Seconds that it takes; of its steps together, by default. */
  takes?: number;
  steps?: [name: string, seconds: number][];
  /** Runs beside the job before it, off the path, and ends first. */
  parallel?: boolean;
}

export interface ShipOptions {
  jobs: JobOptions[];
  workflow?: string;
  event?: string;
  actor?: string;
  /** Seconds from the merge to the run. */
  delay?: number;
  /** Seconds that the environment's protection rules hold the last job, and who let it go on. */
  hold?: number;
  approvedBy?: string;
  /** Seconds of an attempt before this one. */
  failedFor?: number;
  /** A run of the same commit that this one waits for, through `workflow_run`. */
  upstream?: { workflow: string; jobs: JobOptions[] };
  /** The deployment's number. */
  id?: number;
  environment?: string;
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
  let numbered = 9000;

  const later = (instant: string, seconds: number) =>
    addSeconds(parseISO(instant), seconds).toISOString().replace('.000Z', 'Z');
  const land = (branch: string, oid: string) => {
    tips[branch] = oid;
    if (branch === world.defaultBranch) world.head = oid;
    else if (world.branches) world.branches[branch] = oid;
    return oid;
  };

  const filesAt = new Map<string, Record<string, string>>();
  function changed(parent: string | undefined, files: Files, by: number): Record<string, string> {
    const now = { ...filesAt.get(parent ?? '') };
    const entries: [string, string | null][] = Array.isArray(files)
      ? files.map((path) => [path, `${path}@${by}`])
      : Object.entries(files);
    for (const [path, content] of entries)
      if (content === null) delete now[path];
      else {
        const [text = '', mode] = content.split(' ');
        now[path] = `${createHash('sha1').update(text).digest('hex')}${mode ? ` ${mode}` : ''}`;
      }
    return now;
  }

  /** A commit that no branch points to yet. */
  function commit(
    at: string,
    parents: string[],
    { author = 'ada', message = '', files = [] as Files, like = '' } = {},
  ): string {
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
    const own = like ? { ...filesAt.get(like) } : changed(parents[0], files, made);
    if (Object.keys(own).length > 0) {
      filesAt.set(oid, own);
      const told = world.commits.at(-1);
      if (told) told.files = own;
    }
    return oid;
  }

  /** A commit pushed straight to a branch; a new branch is cut from `from`. */
  function push(
    at: string,
    { branch = world.defaultBranch, from = '', author = 'ada', message = '', files = [] as Files } = {},
  ): string {
    const parent = from || tips[branch];
    return land(branch, commit(at, parent ? [parent] : [], { author, message, files }));
  }

  /** Merges a pull request that was opened an hour before. Returns its merge commit. */
  function merge(number: number, at: string, options: MergeOptions = {}): string {
    const { author = 'ada', method = 'squash', base = world.defaultBranch, commits = 1 } = options;
    const title = options.title ?? `Change ${number}`;
    const tip = tips[base] ?? '';
    const opened = later(at, -3600);
    const own: string[] = [];
    let parent = method === 'rebase' ? tip : (options.from ?? tip);
    const { files = [] } = options;
    const isEach = Array.isArray(files) && typeof files[0] === 'object';
    for (let i = 0; i < commits; i++) {
      const mine: Files = isEach ? ((files as Files[])[i] ?? []) : i === commits - 1 ? (files as Files) : [];
      parent = commit(method === 'rebase' ? at : later(opened, i), [parent], {
        author,
        message: `${title}, part ${i + 1}`,
        files: mine,
      });
      own.push(parent);
    }
    const mergeCommit =
      method === 'rebase'
        ? parent
        : commit(at, method === 'merge' ? [tip, parent] : [tip], {
            author,
            message: `${title} (#${number})`,
            // What the branch was cut from is what it is merged into, but for a branch that was cut before.
            ...(isEach || options.from === undefined ? { like: parent } : { files: files as Files }),
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
      ...(options.labels ? { labels: options.labels } : {}),
    });
    return land(base, mergeCommit);
  }

  function deploy(sha: string, at: string, options: DeployOptions = {}): WorldDeployment {
    const { takes = 60, outcome = 'SUCCESS', environment = 'production', creator = 'deploy-bot' } = options;
    const log = options.logUrl === undefined ? {} : { logUrl: options.logUrl };
    const statuses: WorldStatus[] = [{ state: 'IN_PROGRESS', createdAt: at, ...log }];
    if (outcome !== 'IN_PROGRESS') statuses.push({ state: outcome, createdAt: later(at, takes), ...log });
    const deployment: WorldDeployment = {
      id: ++numbered,
      environment,
      sha,
      createdAt: at,
      creator,
      statuses,
      ...(options.statusesGone ? { statusesGone: true } : {}),
      ...(options.ref ? { ref: options.ref } : {}),
      ...(options.task ? { task: options.task } : {}),
    };
    world.deployments.push(deployment);
    return deployment;
  }

  /** Jobs one after the other from `at`; resolves to them and to when the last has ended. */
  function tellJobs(
    jobs: readonly JobOptions[],
    at: string,
  ): { told: WorldJob[]; end: string; ready: string } {
    let [ready, end] = [at, at];
    const told = jobs.map((job): WorldJob => {
      const takes = job.takes ?? (job.steps ?? []).reduce((sum, [, seconds]) => sum + seconds, 0);
      const begin = job.parallel ? ready : end;
      const startedAt = later(begin, job.queue ?? 0);
      const completedAt = later(startedAt, takes);
      let step = startedAt;
      const steps = (job.steps ?? []).map(([name, seconds]) => {
        const from = step;
        step = later(step, seconds);
        return { name, startedAt: from, completedAt: step };
      });
      if (!job.parallel) [ready, end] = [begin, completedAt];
      return { name: job.name, createdAt: begin, startedAt, completedAt, conclusion: 'success', steps };
    });
    return { told, end, ready };
  }

  /** Ships a commit by a workflow run whose last job deploys. */
  function ship(sha: string, mergedAt: string, options: ShipOptions): WorldDeployment {
    const {
      workflow = 'deploy.yml',
      event = 'push',
      actor = 'ada',
      delay = 5,
      hold = 0,
      environment = 'production',
    } = options;
    const runs = world.runs ?? [];
    const base = { sha, branch: world.defaultBranch, status: 'completed', conclusion: 'success', actor };
    let at = later(mergedAt, delay);
    if (options.upstream) {
      const { told, end } = tellJobs(options.upstream.jobs, at);
      runs.push({
        ...base,
        id: 5000 + runs.length,
        workflow: options.upstream.workflow,
        event: 'push',
        createdAt: at,
        updatedAt: end,
        jobs: told,
      });
      at = later(end, 3);
    }
    const createdAt = at;
    const startedAt = later(at, options.failedFor ?? 0);
    const checks = tellJobs(options.jobs.slice(0, -1), startedAt);
    const ready = later(checks.end, hold);
    const last = tellJobs(options.jobs.slice(-1), ready);
    const deployJob = last.told[0];
    if (deployJob) deployJob.createdAt = checks.end;
    const id = 5000 + runs.length;
    runs.push({
      ...base,
      id,
      workflow,
      event: options.upstream ? 'workflow_run' : event,
      createdAt,
      startedAt,
      attempt: options.failedFor ? 2 : 1,
      updatedAt: later(last.end, 600),
      jobs: [...checks.told, ...last.told],
      ...(options.failedFor ? { earlier: [{ conclusion: 'failure', updatedAt: startedAt }] } : {}),
      ...(options.approvedBy ? { approvedBy: options.approvedBy } : {}),
    });
    const logUrl = `https://github.com/${owner}/${name}/actions/runs/${id}/job/${id * 100 + options.jobs.length - 1}`;
    const deployment: WorldDeployment = {
      id: options.id ?? ++numbered,
      environment,
      sha,
      createdAt: checks.end,
      creator: 'github-actions[bot]',
      statuses: [
        ...(hold > 0 ? [{ state: 'WAITING', createdAt: checks.end, logUrl }] : []),
        { state: 'IN_PROGRESS', createdAt: later(ready, options.jobs.at(-1)?.queue ?? 0), logUrl },
        { state: 'SUCCESS', createdAt: last.end, logUrl },
      ],
    };
    world.deployments.push(deployment);
    return deployment;
  }

  push(begins, { message: 'Begin' });
  return {
    world,
    commit,
    land,
    push,
    merge,
    deploy,
    ship,
    later,
    tip: (branch = world.defaultBranch) => tips[branch] ?? '',
  };
}
