import { createHash } from 'node:crypto';
import type {
  World,
  WorldComment,
  WorldCommit,
  WorldDeployment,
  WorldIssue,
  WorldJob,
  WorldPull,
  WorldRun,
  WorldStatus,
} from './world.ts';

/**
 * A world as the objects that GitHub's GraphQL schema describes: fields are properties, fields with arguments are
 * methods. Any executor can walk them; tests use graphql-js with GitHub's published schema.
 */

/** Whose token a workflow's is. */
export const VIEWER = 'github-actions[bot]';

/** An error as GitHub words it: with a type beside the message. */
class GraphError extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

export interface GraphOptions {
  /** Permissions that the token lacks, as a workflow names them: `deployments`, `pull-requests`; to write: `issues:write`. */
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

/** Every repository of a GitHub, the one that the world is about first. */
export const repositoriesOf = (world: World): World[] => [world, ...(world.others ?? [])];

/** True if a repository has that name, or had it. */
export const isCalled = (world: World, nameWithOwner: string): boolean =>
  [`${world.owner}/${world.name}`, ...(world.formerNames ?? [])].some(
    (each) => each.toLowerCase() === nameWithOwner.toLowerCase(),
  );

/** A GitHub's root: its repositories, each with what is found by an id alone. */
export function graphOf(world: World, options: GraphOptions = {}) {
  const all = repositoriesOf(world);
  const made = new Map<World, ReturnType<typeof graphOfOne>>();
  const of = (world: World) => {
    const known = made.get(world) ?? graphOfOne(world, options, prefixOf(all.indexOf(world)));
    made.set(world, known);
    return known;
  };
  const own = of(world);
  /** Ids of another repository's objects begin with its number. */
  const holding = (id: string) => {
    const one = all[Number(/^(\d+):/.exec(id)?.[1] ?? 0)];
    return one ? of(one) : own;
  };
  return {
    ...own,
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const one = all.find((world) => isCalled(world, `${owner}/${name}`));
      if (!one)
        throw new GraphError(
          'NOT_FOUND',
          `Could not resolve to a Repository with the name '${owner}/${name}'.`,
        );
      return of(one).repository;
    },
    repositoryOwner: ({ login }: { login: string }) => {
      const theirs = all.filter((world) => world.owner.toLowerCase() === login.toLowerCase());
      if (theirs.length === 0) return null;
      return {
        __typename: 'Organization',
        login: theirs[0]?.owner,
        repositories: (page: Paging) => connection(theirs, page, (world) => of(world).repository),
      };
    },
    node: ({ id }: { id: string }) => holding(id).node({ id }),
    nodes: ({ ids }: { ids: string[] }) => ids.map((id) => holding(id).suite(id)),
  };
}

/** What ids of a repository's objects begin with: nothing, where it is the one that the world is about. */
export const prefixOf = (place: number): string => (place === 0 ? '' : `${place}:`);

function graphOfOne(world: World, options: GraphOptions, prefix: string) {
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

  /** `git rev-list --since --until`: newest first by commit date, children before parents, cut at the first older commit. */
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
        const found = seen.has(parent) ? undefined : commits.get(parent);
        seen.add(parent);
        if (found) see(frontier, found);
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
    const it = commits.get(oid);
    if (!it) return null;
    return {
      __typename: 'Commit',
      id: `C_${oid}`,
      oid,
      url: `${url}/commit/${oid}`,
      messageHeadline: it.message.split('\n')[0],
      messageBody: it.message.split('\n').slice(1).join('\n').trim(),
      message: it.message,
      tree: { oid: it.tree ?? treeOf(it.oid) },
      file: ({ path }: { path: string }) => {
        const text = textAt(it, path);
        return text === null
          ? entryAt(it, path)
          : { oid: treeOf(text), mode: 33188, object: { __typename: 'Blob', text, isTruncated: false } };
      },
      status: it.statuses
        ? { contexts: it.statuses.map((status) => ({ ...status, targetUrl: null })) }
        : null,
      deployments: (page: Paging & { environments?: string[] | null }) =>
        connection(
          newestFirst.filter(
            (deployment) =>
              deployment.sha === oid && (page.environments?.includes(deployment.environment) ?? true),
          ),
          page,
          deployment,
        ),
      authoredDate: it.authoredDate,
      committedDate: it.committedDate,
      author: { name: it.author, user: { login: it.author } },
      parents: (page: Paging) =>
        connection(
          it.parents,
          page,
          (parent) =>
            commit(parent) ?? { __typename: 'Commit', oid: parent, committedDate: it.committedDate },
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
        // One more than the page, to know whether there is a next one.
        const items = read(startOf(page) + (page.first ?? 0) + 1);
        return {
          ...connection(items, page, (other) => commit(other.oid)),
          totalCount: () => read().length,
        };
      },
    };
  };

  const pathsOfTexts = new Set(world.commits.flatMap((commit) => Object.keys(commit.texts ?? {})));
  /** A file's text at a commit: what the newest that changed it says. */
  const textAt = (it: WorldCommit, path: string): string | null => {
    if (!pathsOfTexts.has(path)) return null;
    for (let at: WorldCommit | undefined = it; at; at = commits.get(at.parents[0] ?? '')) {
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

  /** What a pull request changed: what it says, or what differs between its commit and the one before. */
  const filesOf = (it: WorldPull): string[] => {
    if (it.files) return it.files;
    const after = commits.get(it.mergeCommit ?? '');
    return after ? changedIn(after, commits) : [];
  };

  const pull = (it: WorldPull) => ({
    __typename: 'PullRequest',
    number: it.number,
    title: it.title,
    url: `${url}/pull/${it.number}`,
    merged: it.mergedAt !== null,
    mergedAt: it.mergedAt,
    closedAt: it.closedAt ?? it.mergedAt,
    createdAt: it.createdAt,
    baseRefName: it.base,
    headRefName: it.head ?? `topic-${it.number}`,
    headRefOid: it.headOid ?? it.commits.at(-1) ?? it.mergeCommit ?? treeOf(String(it.number)),
    baseRepository: { nameWithOwner },
    mergeCommit: it.mergeCommit ? { __typename: 'Commit', oid: it.mergeCommit } : null,
    author: actor(it.author),
    labels: (page: Paging) => connection(it.labels ?? [], page, (name) => ({ name })),
    changedFiles: it.changedFiles ?? filesOf(it).length,
    files: (page: Paging) => connection(filesOf(it), page, (path) => ({ path })),
    commits: (page: Paging) => {
      const dates = it.commits.map((oid) => commits.get(oid)?.authoredDate ?? it.createdAt).sort();
      return connection(dates, page, (authoredDate) => ({ commit: { authoredDate } }));
    },
  });

  const deployment = (it: WorldDeployment) => {
    const all = statuses.get(it.id) ?? [];
    return {
      __typename: 'Deployment',
      id: `${prefix}D_${it.id}`,
      databaseId: it.id,
      commitOid: it.sha,
      commit: commit(it.sha),
      environment: it.environment,
      task: it.task ?? 'deploy',
      ref: refOf(it.ref),
      createdAt: it.createdAt,
      creator: actor(it.creator),
      state: stateOf(it, all),
      statuses: (page: Paging) =>
        connection(it.statusesGone ? [] : all.toReversed(), page, (status) => ({
          state: status.state,
          createdAt: status.createdAt,
          logUrl: status.logUrl ?? null,
        })),
    };
  };

  const commentsOn = (number: number) =>
    (world.comments ?? []).filter((comment) => comment.number === number);
  const comment = (it: WorldComment) => ({
    fullDatabaseId: String(it.id),
    url: `${url}/issues/${it.number}#issuecomment-${it.id}`,
    body: it.body,
    createdAt: it.createdAt,
    viewerDidAuthor: it.author === viewer(),
  });
  const issue = (it: WorldIssue) => ({
    __typename: 'Issue',
    number: it.number,
    title: it.title,
    body: it.body,
    state: it.state.toUpperCase(),
    url: `${url}/issues/${it.number}`,
    viewerDidAuthor: it.author === viewer(),
    authorAssociation: it.association ?? 'NONE',
    author: actor(it.author),
    lastEditedAt: it.editedAt ?? null,
    editor: it.editor ? actor(it.editor) : null,
    labels: (page: Paging) => connection(it.labels, page, (name) => ({ name })),
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
    isEmpty: world.commits.length === 0,
    isDisabled: false,
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
        const alike = world.commits.filter((commit) => commit.oid.startsWith(expression ?? ''));
        return alike.length === 1 ? commit(alike[0]?.oid ?? '') : null;
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
      const wanted = environments
        ? newestFirst.filter((deployment) => environments.includes(deployment.environment))
        : newestFirst;
      return connection(wanted, page, deployment);
    },
    pullRequest: ({ number }: { number: number }) => {
      demand('pull-requests');
      const found = world.pulls.find((pull) => pull.number === number);
      if (!found)
        throw new GraphError('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
      return pull(found);
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
      const found = (world.issues ?? []).filter(
        (issue) => !labels || issue.labels.some((label) => labels.includes(label)),
      );
      return connection(found, page, issue);
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
          status: job.completedAt ? 'COMPLETED' : job.startedAt ? 'IN_PROGRESS' : 'QUEUED',
          conclusion: job.conclusion?.toUpperCase() ?? null,
          startedAt: job.startedAt,
          completedAt: job.completedAt,
          detailsUrl: `${url}/actions/runs/${run.id}/job/${jobId(run, job)}`,
          permalink: `${url}/runs/${jobId(run, job)}`,
          steps: (steps: Paging) =>
            connection(job.steps ?? [], steps, (worldStep) => ({
              ...worldStep,
              number: (job.steps ?? []).indexOf(worldStep) + 1,
              status: 'COMPLETED',
              conclusion: (worldStep.conclusion ?? 'success').toUpperCase(),
            })),
        }));
      },
    };
  };

  return {
    repository,
    suite: checkSuite,
    search: ({ query, ...page }: Paging & { query: string }) => {
      demand('issues');
      const words = /"([^"]+)"/.exec(query)?.[1]?.toLowerCase() ?? '';
      const isHere = query.toLowerCase().includes(`repo:${nameWithOwner.toLowerCase()} `);
      const found = (world.issues ?? []).filter(
        (issue) => isHere && !issue.unindexed && issue.body.toLowerCase().includes(words),
      );
      return connection(found, page, issue);
    },
    node: ({ id }: { id: string }) => {
      const found = world.deployments.find((deployment) => `${prefix}D_${deployment.id}` === id);
      return found ? deployment(found) : checkSuite(id);
    },
  };
}

/** The entry of a path: a file's content and mode, or a folder's, made of all that is in it. */
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
    (each) => now[each] !== before[each],
  );
}

/** Of jobs of one name the last attempt's. */
export function isLatest({ jobs }: WorldRun, job: WorldJob): boolean {
  return !jobs.some((other) => other.name === job.name && (other.attempt ?? 1) > (job.attempt ?? 1));
}

/** An object id that nothing else has. */
const treeOf = (text: string): string => createHash('sha1').update(`tree of ${text}`).digest('hex');

function refOf(full: string | undefined): { __typename: 'Ref'; name: string; prefix: string } | null {
  const match = /^(refs\/[^/]+\/)(.+)$/.exec(full ?? '');
  return match ? { __typename: 'Ref', prefix: match[1] ?? '', name: match[2] ?? '' } : null;
}

export function jobId(run: WorldRun, job: WorldJob): number {
  return job.id ?? run.id * 100 + run.jobs.indexOf(job);
}

/** A walk down from a commit, as far as it was asked for. */
interface Walk {
  order: WorldCommit[];
  /** Commits to go on from: by date, the newest last; of one date the first to be seen is the last. */
  frontier: { commit: WorldCommit; at: number }[];
  seen: Set<string>;
}

function see(frontier: Walk['frontier'], commit: WorldCommit): void {
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
      hasPreviousPage: start > 0,
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

/** Each deployment's statuses, oldest first, with the `INACTIVE` that GitHub gives a success when a later one lands. */
function statusesOf(deployments: readonly WorldDeployment[]): Map<number, WorldStatus[]> {
  const statuses = new Map(deployments.map((deployment) => [deployment.id, [...deployment.statuses]]));
  const successes = deployments
    .flatMap((deployment) =>
      deployment.statuses
        .filter((status) => status.state === 'SUCCESS')
        .slice(0, 1)
        .map((status) => ({ each: deployment, at: status.createdAt })),
    )
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const live = new Map<string, WorldDeployment>();
  for (const { each, at } of successes) {
    const before = live.get(each.environment);
    if (before) statuses.get(before.id)?.push({ state: 'INACTIVE', createdAt: at });
    live.set(each.environment, each);
  }
  return statuses;
}

function stateOf(deployment: WorldDeployment, statuses: readonly WorldStatus[]): string {
  const last = statuses.at(-1)?.state;
  if (last === undefined) return deployment.statusesGone ? 'INACTIVE' : 'PENDING';
  return last === 'SUCCESS' ? 'ACTIVE' : last;
}
