import { isLatest, jobId, VIEWER, changedIn } from './graphql.ts';
import type { World, WorldComment, WorldIssue, WorldRun, WorldText } from './world.ts';

export interface RestAnswer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** A refusal, with GitHub's reason. */
const failure = (status: number, message: string): RestAnswer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest' },
});
const MISSING = failure(404, 'Not Found');
const NOT_ACCESSIBLE = failure(403, 'Resource not accessible by integration');

const userOf = (login: string) => ({ login, type: login.endsWith('[bot]') ? 'Bot' : 'User' });

/** GitHub returns at most this many runs of a filtered list. */
const LIST_CAP = 1000;

function pageOf<T>(items: readonly T[], query: URLSearchParams): T[] {
  const size = Number(query.get('per_page') ?? 30);
  const end = Number(query.get('page') ?? 1) * size;
  return items.slice(end - size, end);
}

/** `GET /orgs/OWNER/properties/values`, the custom properties of all repositories; `null` for any other path. */
export function propertiesAt(
  repositories: readonly World[],
  path: string,
  query: URLSearchParams,
): RestAnswer | null {
  const [, owner] = /^\/orgs\/([^/]+)\/properties\/values$/.exec(path) ?? [];
  if (owner === undefined) return null;
  const owned = repositories.filter((world) => world.owner === owner);
  return {
    status: 200,
    body: pageOf(owned, query).map((world) => ({
      repository_full_name: `${world.owner}/${world.name}`,
      properties: Object.entries(world.properties ?? {}).map(([property_name, value]) => ({
        property_name,
        value,
      })),
    })),
  };
}

/** GitHub compares at most this many commits without paging. */
const LARGEST_COMPARISON = 250;

/** `GET /compare/FROM...TO`; `null` if a commit does not exist. */
function comparisonOf(world: World, from: string, to: string, size: number) {
  const commits = new Map(world.commits.map((commit) => [commit.oid, commit]));
  const reachable = (oid: string) => {
    const reached = new Set<string>();
    const open = [oid];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(...(commits.get(next)?.parents ?? []));
    }
    return reached;
  };
  if (!commits.has(from) || !commits.has(to)) return null;
  const [base, head] = [reachable(from), reachable(to)];
  const ahead = world.commits.filter(({ oid }) => head.has(oid) && !base.has(oid));
  const isBehind = !head.has(from);
  const status = ahead.length > 0 ? (isBehind ? 'diverged' : 'ahead') : isBehind ? 'behind' : 'identical';
  return {
    status,
    ahead_by: ahead.length,
    commits: ahead.slice(0, size).map(({ oid, parents, committedDate, message }) => ({
      sha: oid,
      parents: parents.map((sha) => ({ sha })),
      commit: { message, committer: { date: committedDate } },
    })),
  };
}

/** The REST resources that the guard reads: workflows, their runs, attempts and jobs, and the files of a commit. */
export function restOf(world: World, denied: readonly string[] = [], prefix = '') {
  const base = `/repos/${world.owner}/${world.name}`;
  const runs = (world.runs ?? []).toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));

  const run = (source: WorldRun, attempt = source.attempt ?? 1) => {
    const earlier = source.earlier?.[attempt - 1];
    return {
      id: source.id,
      head_sha: source.sha,
      head_branch: source.branch,
      head_commit: {
        id: source.sha,
        timestamp:
          world.commits.find((commit) => commit.oid === source.sha)?.committedDate ?? source.createdAt,
      },
      event: source.event,
      status: earlier ? 'completed' : source.status,
      conclusion: earlier ? earlier.conclusion : source.conclusion,
      run_attempt: attempt,
      run_started_at: source.startedAt ?? source.createdAt,
      path: `.github/workflows/${source.workflow}`,
      name: source.workflow.replace(/\.ya?ml$/, ''),
      created_at: source.createdAt,
      updated_at: earlier ? earlier.updatedAt : source.updatedAt,
      html_url: `https://github.com/${world.owner}/${world.name}/actions/runs/${source.id}`,
      check_suite_node_id: `${prefix}CS_${source.id}`,
      actor: source.actor ? userOf(source.actor) : null,
    };
  };

  return (path: string, query: URLSearchParams, origin: string): RestAnswer => {
    if (!path.toLowerCase().startsWith(`${base.toLowerCase()}/`)) return MISSING;
    const resource = path.slice(base.length);
    const isContent = /^\/(?:compare|branches)\b/.test(resource);
    if (denied.includes(isContent ? 'contents' : 'actions')) return NOT_ACCESSIBLE;
    const [, from, to] = /^\/compare\/([0-9a-f]{40})\.\.\.([0-9a-f]{40})$/.exec(resource) ?? [];
    if (from && to) {
      const body = comparisonOf(world, from, to, Number(query.get('per_page') ?? LARGEST_COMPARISON));
      return body ? { status: 200, body } : MISSING;
    }
    if (resource === '/branches') {
      const tips = Object.entries({ ...world.branches, [world.defaultBranch]: world.head });
      return { status: 200, body: pageOf(tips, query).map(([name, sha]) => ({ name, commit: { sha } })) };
    }
    const page = <T>(items: readonly T[], key: string, total = items.length): RestAnswer => {
      const size = Number(query.get('per_page') ?? 30);
      const number = Number(query.get('page') ?? 1);
      const next = new URLSearchParams(query);
      next.set('page', String(number + 1));
      return {
        status: 200,
        body: { total_count: total, [key]: pageOf(items, query) },
        ...(number * size < items.length
          ? { headers: { link: `<${origin}${path}?${next}>; rel="next"` } }
          : {}),
      };
    };

    const list = /^\/actions\/workflows\/([^/]+)\/runs$/.exec(resource);
    if (list) {
      const ofFile = runs.filter(({ workflow }) => workflow === decodeURIComponent(list[1] ?? ''));
      if (ofFile.length === 0) return MISSING;
      const [since = '*', until = ''] = (query.get('created') ?? '').split('..');
      const filtered = ofFile.filter(
        (run) =>
          (!query.has('branch') || run.branch === query.get('branch')) &&
          (!query.has('event') || run.event === query.get('event')) &&
          (!query.has('status') || run.status === query.get('status')) &&
          (since === '*' || since === '' || Date.parse(run.createdAt) >= Date.parse(since)) &&
          (until === '' || Date.parse(run.createdAt) <= Date.parse(until)),
      );
      return page(
        filtered.slice(0, LIST_CAP).map((listed) => run(listed)),
        'workflow_runs',
        filtered.length,
      );
    }
    const pushed = /^\/commits\/([0-9a-f]{40})$/.exec(resource);
    if (pushed) {
      const commits = new Map(world.commits.map((commit) => [commit.oid, commit]));
      const commit = commits.get(pushed[1] ?? '');
      if (!commit) return MISSING;
      const files = changedIn(commit, commits).map((filename) => ({ filename }));
      return { status: 200, body: { sha: commit.oid, files: pageOf(files, query) } };
    }
    if (resource === '/actions/workflows') {
      const files = [...new Set(runs.map((run) => run.workflow))];
      return page(
        files.map((file) => ({ path: `.github/workflows/${file}` })),
        'workflows',
      );
    }
    const [, id, attempt] =
      /^\/actions\/runs\/(\d+)(?:\/(?:jobs|approvals|pending_deployments|attempts\/(\d+)))?$/.exec(
        resource,
      ) ?? [];
    const source = runs.find((other) => other.id === Number(id));
    if (!source) return MISSING;
    if (attempt) return { status: 200, body: run(source, Number(attempt)) };
    if (resource.endsWith(`/${id}`)) return { status: 200, body: run(source) };
    if (resource.endsWith('/pending_deployments')) {
      const reviewers = (source.reviewers ?? []).map((name) =>
        name.startsWith('@')
          ? { type: 'Team', reviewer: { id: 1, name: name.slice(1), slug: name.slice(1) } }
          : { type: 'User', reviewer: { id: 1, login: name, type: 'User' } },
      );
      const waits = source.jobs.some((job) => job.status === 'waiting');
      return {
        status: 200,
        body: waits
          ? [{ environment: { name: 'production' }, wait_timer: source.waitTimer ?? 0, reviewers }]
          : [],
      };
    }
    if (resource.endsWith('/approvals')) {
      const user = source.approvedBy && userOf(source.approvedBy);
      return { status: 200, body: user ? [{ state: 'approved', comment: '', environments: [], user }] : [] };
    }
    return page(
      source.jobs
        .filter((job) => query.get('filter') !== 'latest' || isLatest(source, job))
        .map((job) => ({
          id: jobId(source, job),
          name: job.name,
          ...(job.createdAt ? { created_at: job.createdAt } : {}),
          conclusion: job.conclusion,
          started_at: job.startedAt,
          completed_at: job.completedAt,
          run_attempt: job.attempt ?? 1,
          steps: (job.steps ?? []).map((step, i) => ({
            name: step.name,
            status: 'completed',
            conclusion: step.conclusion ?? 'success',
            number: i + 1,
            started_at: step.startedAt,
            completed_at: step.completedAt,
          })),
        })),
      'jobs',
    );
  };
}

/** Changes a text as its author or somebody else, and keeps its history. */
export function edit(text: WorldText, body: string, editor: string): void {
  if (body === text.body) return;
  const editedAt = new Date().toISOString();
  const first = { body: text.body, editor: text.author, editedAt: new Date(0).toISOString() };
  Object.assign(text, {
    body,
    editor,
    editedAt,
    edits: [...(text.edits ?? [first]), { body, editor, editedAt }],
  });
}

/**
 * Writes comments and issues to the world. A comment on a pull request requires `pull-requests:write`, and one on an issue
 * `issues:write`.
 */
export function writesOf(world: World, denied: readonly string[] = []) {
  const base = `/repos/${world.owner}/${world.name}`.toLowerCase();
  const html = `https://github.com/${world.owner}/${world.name}`;
  world.comments ??= [];
  world.issues ??= [];
  const { comments, issues } = world;
  const viewer = () => world.viewer ?? VIEWER;
  const addressOf = ({ number, id }: WorldComment) => `${html}/issues/${number}#issuecomment-${id}`;
  const deniedOn = (number: number) =>
    denied.includes(issues.some((issue) => issue.number === number) ? 'issues:write' : 'pull-requests:write');

  return (method: string, path: string, body: Record<string, unknown>): RestAnswer => {
    if (!path.toLowerCase().startsWith(`${base}/issues`)) return MISSING;
    const resource = path.slice(`${base}/issues`.length);
    const thread = /^\/(\d+)\/comments$/.exec(resource);
    if (method === 'POST' && thread) {
      const number = Number(thread[1]);
      if (deniedOn(number)) return NOT_ACCESSIBLE;
      if (world.vanished?.includes(number)) return MISSING;
      if (world.locked?.includes(number) || issues.some((issue) => issue.number === number && issue.locked))
        return failure(403, 'Unable to create comment because issue is locked.');
      if (String(body.body).length > 65_536) return failure(422, 'Validation Failed: body is too long');
      const comment = {
        id: 3_000_000_000 + comments.length + 1,
        number,
        author: viewer(),
        body: String(body.body),
        createdAt: new Date().toISOString(),
      };
      comments.push(comment);
      return { status: 201, body: { id: comment.id, html_url: addressOf(comment) } };
    }
    const [, commentId] = /^\/comments\/(\d+)$/.exec(resource) ?? [];
    if (commentId) {
      const comment = comments.find(({ id }) => id === Number(commentId));
      if (!comment) return MISSING;
      if (deniedOn(comment.number) || comment.author !== viewer()) return NOT_ACCESSIBLE;
      const result = { id: comment.id, html_url: addressOf(comment) };
      if (method === 'DELETE') {
        comments.splice(comments.indexOf(comment), 1);
        return { status: 204, body: result };
      }
      edit(comment, String(body.body), viewer());
      return { status: 200, body: result };
    }
    if (denied.includes('issues:write')) return NOT_ACCESSIBLE;
    if (String(body.body ?? '').length > 65_536) return failure(422, 'Validation Failed: body is too long');
    if (method === 'POST' && resource === '') {
      const labels = (body.labels as string[] | undefined) ?? [];
      if (String(body.title).length > 256 || labels.some((label) => label.length > 50))
        return failure(422, 'Validation Failed: title or label is too long');
      const number =
        Math.max(0, ...issues.map((issue) => issue.number), ...world.pulls.map((pull) => pull.number)) + 1;
      issues.push({
        number,
        title: String(body.title),
        body: String(body.body),
        state: 'open',
        // Without triage access GitHub ignores labels silently.
        labels: denied.includes('labels:write') ? [] : (body.labels as string[]),
        author: viewer(),
      });
      return { status: 201, body: { number, html_url: `${html}/issues/${number}` } };
    }
    const issue = issues.find((issue) => `/${issue.number}` === resource);
    if (method !== 'PATCH' || !issue) return MISSING;
    if (String(body.title ?? '').length > 256)
      return failure(422, 'Validation Failed: title is too long (maximum is 256 characters)');
    const { title, body: text, state, labels } = body as Partial<WorldIssue>;
    if (text !== undefined) edit(issue, text, viewer());
    Object.assign(issue, JSON.parse(JSON.stringify({ title, state, labels })));
    return { status: 200, body: { number: issue.number, html_url: `${html}/issues/${issue.number}` } };
  };
}
