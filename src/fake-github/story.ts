import { createHash } from 'node:crypto';
import { addSeconds, parseISO } from 'date-fns';
import type { World, WorldDeployment, WorldJob, WorldStatus } from './world.ts';

export interface MergeOptions {
  title?: string;
  author?: string;
  /** Merge method. Defaults to `squash`. */
  method?: 'squash' | 'merge' | 'rebase';
  commits?: number;
  base?: string;
  /** Commit that its branch started from. Defaults to the tip of the base. */
  from?: string;
  /** Files that its last commit changes, or a list for each of its commits. */
  files?: Files | Files[];
  labels?: string[];
}

/** Contents by path, in which `null` deletes a file; or paths of files that get new contents. */
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
  /** Seconds that it takes. Defaults to the sum of its steps. */
  takes?: number;
  steps?: [name: string, seconds: number][];
  /** Runs in parallel with the job before it and ends first. */
  parallel?: boolean;
}

export interface ShipOptions {
  jobs: JobOptions[];
  workflow?: string;
  event?: string;
  actor?: string;
  /** Seconds from the merge to the run. */
  delay?: number;
  /** Seconds that the environment's protection rules delay the last job. */
  hold?: number;
  approvedBy?: string;
  /** Seconds of a failed first attempt. */
  failedFor?: number;
  /** A run of the same commit that triggers this one through `workflow_run`. */
  upstream?: { workflow: string; jobs: JobOptions[] };
  id?: number;
  environment?: string;
}

/**
 * Builds a world from a team's history, step by step. Object ids depend on the order of the steps, so the same history
 * always has the same ids.
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
  let commitCount = 0;
  let lastId = 9000;

  const later = (instant: string, seconds: number) =>
    addSeconds(parseISO(instant), seconds).toISOString().replace('.000Z', 'Z');
  const land = (branch: string, oid: string) => {
    tips[branch] = oid;
    if (branch === world.defaultBranch) world.head = oid;
    else if (world.branches) world.branches[branch] = oid;
    return oid;
  };

  const filesAt = new Map<string, Record<string, string>>();
  /** The files after a commit, given its number. */
  function changed(parent: string | undefined, files: Files, commit: number): Record<string, string> {
    const now = { ...filesAt.get(parent ?? '') };
    const entries: [string, string | null][] = Array.isArray(files)
      ? files.map((path) => [path, `${path}@${commit}`])
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
    commitCount += 1;
    const oid = createHash('sha1').update(`${owner}/${name}#${commitCount}`).digest('hex');
    const now = like ? { ...filesAt.get(like) } : changed(parents[0], files, commitCount);
    const hasFiles = Object.keys(now).length > 0;
    if (hasFiles) filesAt.set(oid, now);
    world.commits.push({
      oid,
      parents,
      authoredDate: at,
      committedDate: at,
      author,
      message: message || `Commit ${commitCount}`,
      ...(hasFiles ? { files: now } : {}),
    });
    return oid;
  }

  /** Pushes a commit to a branch. A new branch starts at `from`. */
  function push(
    at: string,
    { branch = world.defaultBranch, from = '', author = 'ada', message = '', files = [] as Files } = {},
  ): string {
    const parent = from || tips[branch];
    return land(branch, commit(at, parent ? [parent] : [], { author, message, files }));
  }

  /** Merges a pull request that was opened an hour earlier. Returns its merge commit. */
  function merge(number: number, at: string, options: MergeOptions = {}): string {
    const { author = 'ada', method = 'squash', base = world.defaultBranch, commits = 1 } = options;
    const title = options.title ?? `Change ${number}`;
    const tip = tips[base] ?? '';
    const opened = later(at, -3600);
    const oids: string[] = [];
    let parent = method === 'rebase' ? tip : (options.from ?? tip);
    const { files = [] } = options;
    const isPerCommit = Array.isArray(files) && typeof files[0] === 'object';
    for (let i = 0; i < commits; i++) {
      const changes: Files = isPerCommit
        ? ((files as Files[])[i] ?? [])
        : i === commits - 1
          ? (files as Files)
          : [];
      parent = commit(method === 'rebase' ? at : later(opened, i), [parent], {
        author,
        message: `${title}, part ${i + 1}`,
        files: changes,
      });
      oids.push(parent);
    }
    const mergeCommit =
      method === 'rebase'
        ? parent
        : commit(at, method === 'merge' ? [tip, parent] : [tip], {
            author,
            message: `${title} (#${number})`,
            // A branch with an older start does not contain the changes of the base since then.
            ...(isPerCommit || options.from === undefined ? { like: parent } : { files: files as Files }),
          });
    world.pulls.push({
      number,
      title,
      createdAt: opened,
      mergedAt: at,
      mergeCommit,
      base,
      author,
      commits: oids,
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
      id: ++lastId,
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

  /** Runs jobs one after the other from `at`. Returns them with the end of the last one. */
  function runJobs(options: readonly JobOptions[], at: string): { jobs: WorldJob[]; end: string } {
    let [ready, end] = [at, at];
    const jobs = options.map((job): WorldJob => {
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
    return { jobs, end };
  }

  /** Deploys a commit with a workflow run, whose last job deploys. */
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
      const { jobs, end } = runJobs(options.upstream.jobs, at);
      runs.push({
        ...base,
        id: 5000 + runs.length,
        workflow: options.upstream.workflow,
        event: 'push',
        createdAt: at,
        updatedAt: end,
        jobs,
      });
      at = later(end, 3);
    }
    const createdAt = at;
    const startedAt = later(at, options.failedFor ?? 0);
    const checks = runJobs(options.jobs.slice(0, -1), startedAt);
    const ready = later(checks.end, hold);
    const last = runJobs(options.jobs.slice(-1), ready);
    const deployJob = last.jobs[0];
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
      jobs: [...checks.jobs, ...last.jobs],
      ...(options.failedFor ? { earlier: [{ conclusion: 'failure', updatedAt: startedAt }] } : {}),
      ...(options.approvedBy ? { approvedBy: options.approvedBy } : {}),
    });
    const logUrl = `https://github.com/${owner}/${name}/actions/runs/${id}/job/${id * 100 + options.jobs.length - 1}`;
    const deployment: WorldDeployment = {
      id: options.id ?? ++lastId,
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
