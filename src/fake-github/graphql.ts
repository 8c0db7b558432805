import { createHash } from 'node:crypto';
import type {
  World,
  WorldComment,
  WorldCommit,
  WorldDeployment,
  WorldIssue,
  WorldText,
  WorldJob,
  WorldPull,
  WorldRun,
  WorldStatus,
} from './world.ts';

/**
 * A world as objects of GitHub's GraphQL schema. Fields are properties, and fields with arguments are methods. Any
 * executor can read them; tests use graphql-js with GitHub's published schema.
 */

/** Owner of a workflow's token. */
export const VIEWER = 'github-actions[bot]';

class GraphError extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

export interface GraphOptions {
  /** Missing permissions, as in a workflow: `deployments` or `pull-requests`, and `issues:write` for writing. */
  denied?: readonly string[];
}

interface Paging {
  first?: number | null;
  after?: string | null;
}

interface CheckRunFilter {
  checkName?: string | null;
  checkType?: 'ALL' | 'LATEST' | null;
  conclusions?: string[] | null;
}

type Dates = Paging & { since?: string | null; until?: string | null; path?: string };

/** All repositories of the fake GitHub, the main one first. */
export const repositoriesOf = (world: World): World[] => [world, ...(world.others ?? [])];

/** True for the current and earlier names of a repository, in upper or lower case. */
export const isCalled = (world: World, nameWithOwner: string): boolean =>
  [`${world.owner}/${world.name}`, ...(world.formerNames ?? [])].some(
    (name) => name.toLowerCase() === nameWithOwner.toLowerCase(),
  );

export function graphOf(world: World, options: GraphOptions = {}) {
  const repositories = repositoriesOf(world);
  const graphs = new Map<World, ReturnType<typeof repositoryGraph>>();
  const graphFor = (repository: World) => {
    const graph =
      graphs.get(repository) ??
      repositoryGraph(repository, options, prefixOf(repositories.indexOf(repository)));
    graphs.set(repository, graph);
    return graph;
  };
  /** The ids of another repository's objects begin with its index. */
  const graphWith = (id: string) => graphFor(repositories[Number(/^(\d+):/.exec(id)?.[1] ?? 0)] ?? world);
  return {
    ...graphFor(world),
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const repository = repositories.find((other) => isCalled(other, `${owner}/${name}`));
      if (!repository)
        throw new GraphError(
          'NOT_FOUND',
          `Could not resolve to a Repository with the name '${owner}/${name}'.`,
        );
      return graphFor(repository).repository;
    },
    repositoryOwner: ({ login }: { login: string }) => {
      const owned = repositories.filter((other) => other.owner.toLowerCase() === login.toLowerCase());
      if (owned.length === 0) return null;
      return {
        __typename: 'Organization',
        login: owned[0]?.owner,
        repositories: (page: Paging) => connection(owned, page, (other) => graphFor(other).repository),
      };
    },
    node: ({ id }: { id: string }) => graphWith(id).nodeOf(id),
    nodes: ({ ids }: { ids: string[] }) => ids.map((id) => graphWith(id).nodeOf(id)),
  };
}

/** Prefix of the ids of a repository's objects; empty for the main repository. */
export const prefixOf = (index: number): string => (index === 0 ? '' : `${index}:`);

function repositoryGraph(world: World, options: GraphOptions, prefix: string) {
  const commits = new Map(world.commits.map((commit) => [commit.oid, commit]));
  const pullsOf = pullsByCommit(world.pulls);
  const statuses = statusesOf(world.deployments);
  const nameWithOwner = `${world.owner}/${world.name}`;
  const url = `https://github.com/${nameWithOwner}`;
  const walks = new Map<string, Walk>();
  const viewer = () => world.viewer ?? VIEWER;

  const demand = (permission: string) => {
    if (options.denied?.includes(permission))
      throw new GraphError('FORBIDDEN', 'Resource not accessible by integration');
  };
  const actor = (login: string) => ({
    __typename: login.endsWith('[bot]') || login.endsWith('-bot') ? 'Bot' : 'User',
    login,
  });

  /** Like `git rev-list --since --until`: newest first by commit date, children before parents, cut at the first older commit. */
  function history(tip: string, since: number, until: number, most = Infinity): WorldCommit[] {
    const key = `${tip} ${since} ${until}`;
    const walk = walks.get(key) ?? walkFrom(tip);
    walks.set(key, walk);
    const { order, frontier, seen } = walk;
    while (order.length < most) {
      const next = frontier.pop();
      if (!next) break;
      const { commit, at } = next;
      if (at < since) continue;
      if (at <= until) order.push(commit);
      for (const parent of commit.parents) {
        const unseen = seen.has(parent) ? undefined : commits.get(parent);
        seen.add(parent);
        if (unseen) addTo(frontier, unseen);
      }
    }
    return order;
  }

  function walkFrom(tip: string): Walk {
    const first = commits.get(tip);
    return {
      order: [],
      frontier: first ? [{ commit: first, at: time(first) }] : [],
      seen: new Set([tip]),
    };
  }

  const commit = (oid: string): object | null => {
    const source = commits.get(oid);
    if (!source) return null;
    return {
      __typename: 'Commit',
      id: `C_${oid}`,
      oid,
      url: `${url}/commit/${oid}`,
      messageHeadline: source.message.split('\n')[0],
      messageBody: source.message.split('\n').slice(1).join('\n').trim(),
      message: source.message,
      tree: { oid: source.tree ?? treeOf(source.oid) },
      file: ({ path }: { path: string }) => {
        const text = textAt(source, path);
        return text === null
          ? entryAt(source, path)
          : { oid: treeOf(text), mode: 33188, object: { __typename: 'Blob', text, isTruncated: false } };
      },
      status: source.statuses ? { contexts: source.statuses } : null,
      deployments: (page: Paging & { environments?: string[] | null }) =>
        connection(
          newestFirst.filter(
            (deployment) =>
              deployment.sha === oid && (page.environments?.includes(deployment.environment) ?? true),
          ),
          page,
          deployment,
        ),
      authoredDate: source.authoredDate,
      committedDate: source.committedDate,
      author: { name: source.author, user: { login: source.author } },
      parents: (page: Paging) =>
        connection(
          source.parents,
          page,
          (parent) =>
            commit(parent) ?? { __typename: 'Commit', oid: parent, committedDate: source.committedDate },
        ),
      associatedPullRequests: (page: Paging) => {
        demand('pull-requests');
        return connection(pullsOf.get(oid) ?? [], page, pull);
      },
      checkSuites: (page: Paging) => {
        demand('checks');
        return connection(
          (world.runs ?? []).filter((run) => run.sha === oid),
          page,
          (run) => checkSuite(`${prefix}CS_${run.id}`),
        );
      },
      history: ({ since, until, path, ...page }: Dates) => {
        if (path !== undefined) return connection(changesOf(oid, path), page, commit);
        const read = (most?: number) =>
          history(
            oid,
            since ? Date.parse(since) : Number.NEGATIVE_INFINITY,
            until ? Date.parse(until) : Number.POSITIVE_INFINITY,
            most,
          );
        // One more than the page shows if there is a next page.
        const items = read(startOf(page) + (page.first ?? 0) + 1);
        return {
          ...connection(items, page, (other) => commit(other.oid)),
          totalCount: () => read().length,
        };
      },
    };
  };

  const pathsOfTexts = new Set(world.commits.flatMap((commit) => Object.keys(commit.texts ?? {})));
  const textAt = (source: WorldCommit, path: string): string | null => {
    if (!pathsOfTexts.has(path)) return null;
    for (let at: WorldCommit | undefined = source; at; at = commits.get(at.parents[0] ?? '')) {
      const text = at.texts?.[path];
      if (text !== undefined) return text;
    }
    return null;
  };
  /** Commits that changed a file, newest first. */
  const changesOf = (tip: string, path: string): string[] =>
    world.fileChanges?.[path] ??
    history(tip, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
      .filter((commit) => commit.texts?.[path] !== undefined)
      .map((commit) => commit.oid);

  const filesOf = (source: WorldPull): string[] => {
    if (source.files) return source.files;
    const after = commits.get(source.mergeCommit ?? '');
    return after ? changedIn(after, commits) : [];
  };

  const pull = (source: WorldPull) => ({
    __typename: 'PullRequest',
    number: source.number,
    title: source.title,
    url: `${url}/pull/${source.number}`,
    merged: source.mergedAt !== null,
    mergedAt: source.mergedAt,
    closedAt: source.closedAt ?? source.mergedAt,
    createdAt: source.createdAt,
    baseRefName: source.base,
    headRefName: source.head ?? `topic-${source.number}`,
    headRefOid:
      source.headOid ?? source.commits.at(-1) ?? source.mergeCommit ?? treeOf(String(source.number)),
    mergeCommit: source.mergeCommit ? { __typename: 'Commit', oid: source.mergeCommit } : null,
    author: actor(source.author),
    labels: (page: Paging) => connection(source.labels ?? [], page, (name) => ({ name })),
    changedFiles: source.changedFiles ?? filesOf(source).length,
    files: (page: Paging) => connection(filesOf(source), page, (path) => ({ path })),
    commits: (page: Paging) => {
      const dates = source.commits.map((oid) => commits.get(oid)?.authoredDate ?? source.createdAt);
      return connection(dates, page, (authoredDate) => ({ commit: { authoredDate } }));
    },
  });

  const deployment = (source: WorldDeployment) => {
    const history = statuses.get(source.id) ?? [];
    return {
      __typename: 'Deployment',
      id: `${prefix}D_${source.id}`,
      databaseId: source.id,
      commitOid: source.sha,
      commit: commit(source.sha),
      environment: source.environment,
      task: source.task ?? 'deploy',
      ref: refOf(source.ref),
      createdAt: source.createdAt,
      creator: actor(source.creator),
      state: stateOf(source, history),
      statuses: (page: Paging) =>
        connection(source.statusesGone ? [] : history.toReversed(), page, (status) => ({
          state: status.state,
          createdAt: status.createdAt,
          logUrl: status.logUrl ?? null,
        })),
    };
  };

  const commentsOn = (number: number) =>
    (world.comments ?? []).filter((comment) => comment.number === number);
  const editsOf = (source: WorldText) => ({
    lastEditedAt: source.editedAt ?? null,
    editor: source.editor ? actor(source.editor) : null,
    userContentEdits: (page: Paging) =>
      connection(source.edits?.toReversed() ?? [], page, ({ body, editor, editedAt }) => ({
        diff: body,
        editedAt,
        editor: actor(editor),
      })),
  });
  const comment = (source: WorldComment) => ({
    __typename: 'IssueComment',
    id: `${prefix}IC_${source.id}`,
    fullDatabaseId: String(source.id),
    url: `${url}/issues/${source.number}#issuecomment-${source.id}`,
    body: source.body,
    createdAt: source.createdAt,
    viewerDidAuthor: source.author === viewer(),
    author: actor(source.author),
    ...editsOf(source),
  });
  const issue = (source: WorldIssue) => ({
    __typename: 'Issue',
    id: `${prefix}I_${source.number}`,
    number: source.number,
    title: source.title,
    body: source.body,
    state: source.state.toUpperCase(),
    url: `${url}/issues/${source.number}`,
    viewerDidAuthor: source.author === viewer(),
    authorAssociation: 'NONE',
    author: actor(source.author),
    ...editsOf(source),
    labels: (page: Paging) => connection(source.labels, page, (name) => ({ name })),
  });

  const newestFirst = [...world.deployments].sort(
    (a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt),
  );
  const branch = (name: string, oid: string | undefined) =>
    oid && { __typename: 'Ref', name, target: commit(oid) };

  const repository = {
    __typename: 'Repository',
    nameWithOwner,
    url,
    isArchived: world.archived ?? false,
    isFork: world.fork ?? false,
    pushedAt: world.pushedAt ?? commits.get(world.head)?.committedDate ?? null,
    repositoryTopics: (page: Paging) => connection(world.topics ?? [], page, (name) => ({ topic: { name } })),
    defaultBranchRef: () => {
      demand('contents');
      return branch(world.defaultBranch, world.head);
    },
    ref: ({ qualifiedName }: { qualifiedName: string }) => {
      demand('contents');
      if (qualifiedName.startsWith('refs/tags/')) {
        const tag = world.tags?.find((tag) => `refs/tags/${tag.name}` === qualifiedName);
        if (!tag) return null;
        const target = commit(tag.sha);
        return {
          __typename: 'Ref',
          name: tag.name,
          target: tag.taggedAt ? { __typename: 'Tag', target } : target,
        };
      }
      const name = qualifiedName.replace('refs/heads/', '');
      return branch(name, name === world.defaultBranch ? world.head : world.branches?.[name]) || null;
    },
    object: ({ oid, expression }: { oid?: string; expression?: string }) => {
      demand('contents');
      if (oid !== undefined) return commit(oid);
      const [, path] = (expression ?? '').split(':');
      if (path === undefined && /^[0-9a-f]{7,40}$/.test(expression ?? '')) {
        const matching = world.commits.filter((commit) => commit.oid.startsWith(expression ?? ''));
        return matching.length === 1 ? commit(matching[0]?.oid ?? '') : null;
      }
      if (path === undefined) return commit(world.head);
      const entries = Object.entries(world.files ?? {}).filter(([name]) => name.startsWith(`${path}/`));
      if (entries.length > 0)
        return {
          __typename: 'Tree',
          entries: entries.map(([name, text]) => ({
            name: name.slice(path.length + 1),
            object: { __typename: 'Blob', text },
          })),
        };
      const text = world.files?.[path];
      return text === undefined ? null : { __typename: 'Blob', text };
    },
    deployments: ({ environments, ...page }: Paging & { environments?: string[] | null }) => {
      demand('deployments');
      const matching = environments
        ? newestFirst.filter((deployment) => environments.includes(deployment.environment))
        : newestFirst;
      return connection(matching, page, deployment);
    },
    pullRequest: ({ number }: { number: number }) => {
      demand('pull-requests');
      const source = world.pulls.find((other) => other.number === number);
      if (!source)
        throw new GraphError('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
      return pull(source);
    },
    issueOrPullRequest: ({ number }: { number: number }) => {
      const isIssue = world.issues?.some((issue) => issue.number === number);
      if (
        world.vanished?.includes(number) ||
        (!isIssue && !world.pulls.some((pull) => pull.number === number))
      )
        throw new GraphError(
          'NOT_FOUND',
          `Could not resolve to an issue or pull request with the number of ${number}.`,
        );
      return {
        __typename: isIssue ? 'Issue' : 'PullRequest',
        comments: (page: Paging) => connection(commentsOn(number), page, comment),
      };
    },
    issues: ({ labels, ...page }: Paging & { labels?: string[] | null }) => {
      demand('issues');
      const matching = (world.issues ?? []).filter(
        (issue) => !labels || issue.labels.some((label) => labels.includes(label)),
      );
      return connection(matching, page, issue);
    },
    environments: (page: Paging) => {
      const names = new Set([
        ...world.deployments.map((deployment) => deployment.environment),
        ...(world.environments ?? []),
      ]);
      return connection([...names], page, (name) => ({ name }));
    },
    refs: (page: Paging) => {
      demand('contents');
      const byCommit = (world.tags ?? []).toSorted(
        (a, b) => time(commits.get(b.sha)) - time(commits.get(a.sha)) || (a.name < b.name ? -1 : 1),
      );
      return connection(byCommit, page, (tag) => ({
        name: tag.name,
        target: tag.taggedAt
          ? { __typename: 'Tag', tagger: { date: tag.taggedAt }, target: commit(tag.sha) }
          : commit(tag.sha),
      }));
    },
    releases: (page: Paging) => {
      demand('contents');
      const releases = (world.releases ?? []).toSorted(
        (a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt),
      );
      return connection(releases, page, (release) => ({
        tagName: release.tag,
        isDraft: release.draft ?? false,
        isPrerelease: release.prerelease ?? false,
        createdAt: release.createdAt,
        publishedAt: release.publishedAt,
        url: `${url}/releases/tag/${release.tag}`,
        author: actor(release.author),
        tagCommit: commit(release.sha),
      }));
    },
  };

  const checkSuite = (id: string) => {
    const run = world.runs?.find((run) => `${prefix}CS_${run.id}` === id);
    if (!run) return null;
    return {
      __typename: 'CheckSuite',
      id,
      status: run.status.toUpperCase(),
      conclusion: run.conclusion?.toUpperCase() ?? null,
      workflowRun: {
        event: run.event,
        createdAt: run.createdAt,
        url: `${url}/actions/runs/${run.id}`,
        file: { path: `.github/workflows/${run.workflow}` },
        workflow: { name: run.workflow.replace(/\.ya?ml$/, '') },
      },
      checkRuns: ({ filterBy, ...page }: Paging & { filterBy?: CheckRunFilter | null }) => {
        demand('checks');
        const jobs = run.jobs.filter(
          (job) =>
            (!filterBy?.checkName || job.name === filterBy.checkName) &&
            (!filterBy?.conclusions || filterBy.conclusions.includes(job.conclusion?.toUpperCase() ?? '')) &&
            (filterBy?.checkType !== 'LATEST' || isLatest(run, job)),
        );
        return connection(jobs, page, (job) => ({
          name: job.name,
          status:
            job.status?.toUpperCase() ??
            (job.completedAt ? 'COMPLETED' : job.startedAt ? 'IN_PROGRESS' : 'QUEUED'),
          conclusion: job.conclusion?.toUpperCase() ?? null,
          startedAt: job.startedAt,
          completedAt: job.completedAt,
          detailsUrl: `${url}/actions/runs/${run.id}/job/${jobId(run, job)}`,
          permalink: `${url}/runs/${jobId(run, job)}`,
          steps: (steps: Paging) =>
            connection(job.steps ?? [], steps, (step) => ({
              ...step,
              number: (job.steps ?? []).indexOf(step) + 1,
              status: 'COMPLETED',
              conclusion: (step.conclusion ?? 'success').toUpperCase(),
            })),
        }));
      },
    };
  };

  return {
    repository,
    nodeOf: (id: string) => {
      const source = world.deployments.find((other) => `${prefix}D_${other.id}` === id);
      if (source) return deployment(source);
      const text = world.comments?.find((other) => `${prefix}IC_${other.id}` === id);
      const thread = world.issues?.find((other) => `${prefix}I_${other.number}` === id);
      return text ? comment(text) : thread ? issue(thread) : checkSuite(id);
    },
    search: ({ query, ...page }: Paging & { query: string }) => {
      demand('issues');
      const words = /"([^"]+)"/.exec(query)?.[1]?.toLowerCase() ?? '';
      const isHere = query.toLowerCase().includes(`repo:${nameWithOwner.toLowerCase()} `);
      const matching = (world.issues ?? []).filter(
        (issue) => isHere && !issue.unindexed && issue.body.toLowerCase().includes(words),
      );
      return connection(matching, page, issue);
    },
  };
}

/** The tree entry of a file or a folder. A folder's id depends on all its files. */
function entryAt({ files = {}, entries }: WorldCommit, path: string): { oid: string; mode: number } | null {
  if (entries) return entries[path] ? { oid: entries[path] ?? '', mode: 16384 } : null;
  const [oid, mode] = (files[path] ?? '').split(' ');
  if (oid) return { oid, mode: Number(mode ?? 33188) };
  const inside = Object.entries(files)
    .filter(([name]) => name.startsWith(`${path}/`))
    .sort();
  return inside.length > 0 ? { oid: treeOf(JSON.stringify(inside)), mode: 16384 } : null;
}

/** The files that differ between a commit and its first parent. */
export function changedIn(commit: WorldCommit, commits: ReadonlyMap<string, WorldCommit>): string[] {
  const [now, before] = [commit.files ?? {}, commits.get(commit.parents[0] ?? '')?.files ?? {}];
  return [...new Set([...Object.keys(now), ...Object.keys(before)])].filter(
    (path) => now[path] !== before[path],
  );
}

/** True for the last attempt of a job. */
export function isLatest({ jobs }: WorldRun, job: WorldJob): boolean {
  return !jobs.some((other) => other.name === job.name && (other.attempt ?? 1) > (job.attempt ?? 1));
}

/** A unique object id. */
const treeOf = (text: string): string => createHash('sha1').update(`tree of ${text}`).digest('hex');

function refOf(full: string | undefined): { __typename: 'Ref'; name: string; prefix: string } | null {
  const match = /^(refs\/[^/]+\/)(.+)$/.exec(full ?? '');
  return match ? { __typename: 'Ref', prefix: match[1] ?? '', name: match[2] ?? '' } : null;
}

export function jobId(run: WorldRun, job: WorldJob): number {
  return job.id ?? run.id * 100 + run.jobs.indexOf(job);
}

/** A walk through the ancestors of a commit, as far as it was needed. */
interface Walk {
  order: WorldCommit[];
  /** Commits to continue from, newest last. Commits of the same date are in reverse order of discovery. */
  frontier: { commit: WorldCommit; at: number }[];
  seen: Set<string>;
}

function addTo(frontier: Walk['frontier'], commit: WorldCommit): void {
  const at = time(commit);
  let [low, high] = [0, frontier.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((frontier[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  frontier.splice(low, 0, { commit, at });
}

const time = (commit: WorldCommit | undefined): number => (commit ? Date.parse(commit.committedDate) : 0);

const startOf = ({ after }: Paging): number =>
  after ? Number(Buffer.from(after, 'base64url').toString()) : 0;

function connection<T>(items: readonly T[], page: Paging, node: (item: T) => unknown) {
  const start = startOf(page);
  const end = Math.min(items.length, start + (page.first ?? 0));
  return {
    totalCount: items.length,
    pageInfo: {
      hasNextPage: end < items.length,
      endCursor: end > start ? Buffer.from(String(end)).toString('base64url') : null,
    },
    nodes: () => items.slice(start, end).map(node),
  };
}

function pullsByCommit(pulls: readonly WorldPull[]): Map<string, WorldPull[]> {
  const byCommit = new Map<string, WorldPull[]>();
  for (const pull of pulls) {
    if (pull.unlinked) continue;
    for (const oid of new Set([...pull.commits, ...(pull.mergeCommit ? [pull.mergeCommit] : [])])) {
      byCommit.set(oid, [...(byCommit.get(oid) ?? []), pull]);
    }
  }
  return byCommit;
}

/** The statuses of each deployment, oldest first. A success gets `INACTIVE` when a later deployment succeeds. */
function statusesOf(deployments: readonly WorldDeployment[]): Map<number, WorldStatus[]> {
  const statuses = new Map(deployments.map((deployment) => [deployment.id, [...deployment.statuses]]));
  const successes = deployments
    .flatMap((deployment) =>
      deployment.statuses
        .filter((status) => status.state === 'SUCCESS')
        .slice(0, 1)
        .map((status) => ({ deployment, at: status.createdAt })),
    )
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const live = new Map<string, WorldDeployment>();
  for (const { deployment, at } of successes) {
    const before = live.get(deployment.environment);
    if (before) statuses.get(before.id)?.push({ state: 'INACTIVE', createdAt: at });
    live.set(deployment.environment, deployment);
  }
  return statuses;
}

function stateOf(deployment: WorldDeployment, statuses: readonly WorldStatus[]): string {
  const last = statuses.at(-1)?.state;
  if (last === undefined) return deployment.statusesGone ? 'INACTIVE' : 'PENDING';
  return last === 'SUCCESS' ? 'ACTIVE' : last;
}
