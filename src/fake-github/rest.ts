import { isLatest, jobId, VIEWER, changedIn } from './graphql.ts';
import type { World, WorldComment, WorldIssue, WorldRun } from './world.ts';

export interface RestAnswer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** GitHub gives no more than this many of a filtered list of runs. */
const LIST_CAP = 1000;

/** `GET /orgs/OWNER/properties/values`: every repository's custom properties; `null`: it is another path. */
export function propertiesAt(all: readonly World[], path: string, query: URLSearchParams): RestAnswer | null {
  const [, owner] = /^\/orgs\/([^/]+)\/properties\/values$/.exec(path) ?? [];
  if (owner === undefined) return null;
  const size = Number(query.get('per_page') ?? 30);
  const start = (Number(query.get('page') ?? 1) - 1) * size;
  const theirs = all.filter((world) => world.owner === owner).slice(start, start + size);
  return {
    status: 200,
    body: theirs.map((world) => ({
      repository_id: 1,
      repository_name: world.name,
      repository_full_name: `${world.owner}/${world.name}`,
      properties: Object.entries(world.properties ?? {}).map(([property_name, value]) => ({
        property_name,
        value,
      })),
    })),
  };
}

/** The few REST resources that the guard reads: workflow runs, their attempts and jobs, and the workflows there are. */
export function restOf(world: World, denied: readonly string[] = [], prefix = '') {
  const base = `/repos/${world.owner}/${world.name}`;
  const runs = (world.runs ?? []).toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));

  const run = (it: WorldRun, attempt = it.attempt ?? 1) => {
    const earlier = it.earlier?.[attempt - 1];
    return {
      id: it.id,
      head_sha: it.sha,
      head_branch: it.branch,
      head_commit: {
        id: it.sha,
        timestamp: world.commits.find((commit) => commit.oid === it.sha)?.committedDate ?? it.createdAt,
      },
      event: it.event,
      status: earlier ? 'completed' : it.status,
      conclusion: earlier ? earlier.conclusion : it.conclusion,
      run_attempt: attempt,
      run_started_at: it.startedAt ?? it.createdAt,
      path: `.github/workflows/${it.workflow}`,
      name: it.workflow.replace(/\.ya?ml$/, ''),
      created_at: it.createdAt,
      updated_at: earlier ? earlier.updatedAt : it.updatedAt,
      html_url: `https://github.com/${world.owner}/${world.name}/actions/runs/${it.id}`,
      check_suite_node_id: `${prefix}CS_${it.id}`,
      actor: it.actor ? { login: it.actor, type: it.actor.endsWith('[bot]') ? 'Bot' : 'User' } : null,
    };
  };

  return (path: string, query: URLSearchParams, origin: string): RestAnswer => {
    const missing = {
      status: 404,
      body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' },
    };
    if (!path.toLowerCase().startsWith(`${base.toLowerCase()}/`)) return missing;
    if (denied.includes('actions'))
      return {
        status: 403,
        body: {
          message: 'Resource not accessible by integration',
          documentation_url: 'https://docs.github.com/rest',
        },
      };
    const rest = path.slice(base.length);
    const page = <T>(items: readonly T[], key: string, total = items.length): RestAnswer => {
      const size = Number(query.get('per_page') ?? 30);
      const number = Number(query.get('page') ?? 1);
      const next = new URLSearchParams(query);
      next.set('page', String(number + 1));
      const more = number * size < items.length;
      return {
        status: 200,
        body: { total_count: total, [key]: items.slice((number - 1) * size, number * size) },
        ...(more ? { headers: { link: `<${origin}${path}?${next}>; rel="next"` } } : {}),
      };
    };

    const list = /^\/actions\/workflows\/([^/]+)\/runs$/.exec(rest);
    if (list) {
      const ofFile = runs.filter((run) => run.workflow === decodeURIComponent(list[1] ?? ''));
      if (!world.runs?.some((run) => run.workflow === decodeURIComponent(list[1] ?? ''))) return missing;
      const [since = '*', until = ''] = (query.get('created') ?? '').split('..');
      const found = ofFile.filter(
        (run) =>
          (!query.has('branch') || run.branch === query.get('branch')) &&
          (!query.has('event') || run.event === query.get('event')) &&
          (since === '*' || since === '' || Date.parse(run.createdAt) >= Date.parse(since)) &&
          (until === '' || Date.parse(run.createdAt) <= Date.parse(until)),
      );
      return page(
        found.slice(0, LIST_CAP).map((other) => run(other)),
        'workflow_runs',
        found.length,
      );
    }
    const pushed = /^\/commits\/([0-9a-f]{40})$/.exec(rest);
    if (pushed) {
      const all = new Map(world.commits.map((commit) => [commit.oid, commit]));
      const commit = all.get(pushed[1] ?? '');
      if (!commit) return missing;
      const files = changedIn(commit, all).map((filename) => ({ filename }));
      const [size, number] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)];
      return {
        status: 200,
        body: { sha: commit.oid, files: files.slice((number - 1) * size, number * size) },
      };
    }
    if (rest === '/actions/workflows') {
      const files = [...new Set(runs.map((run) => run.workflow))];
      return page(
        files.map((file) => ({ path: `.github/workflows/${file}` })),
        'workflows',
      );
    }
    const one = /^\/actions\/runs\/(\d+)\/(?:jobs|approvals|attempts\/(\d+))$/.exec(rest);
    const it = runs.find((run) => run.id === Number(one?.[1]));
    if (!one || !it) return missing;
    if (one[2]) return { status: 200, body: run(it, Number(one[2])) };
    if (rest.endsWith('/approvals')) {
      const user = it.approvedBy && {
        login: it.approvedBy,
        type: it.approvedBy.endsWith('[bot]') ? 'Bot' : 'User',
      };
      return { status: 200, body: user ? [{ state: 'approved', comment: '', environments: [], user }] : [] };
    }
    return page(
      it.jobs
        .filter((job) => query.get('filter') !== 'latest' || isLatest(it, job))
        .map((job) => ({
          id: jobId(it, job),
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

/**
 * What is written: comments and issues, kept in the world. A comment on a pull request takes the permission
 * `pull-requests:write`, on an issue `issues:write`.
 */
export function writesOf(world: World, denied: readonly string[] = []) {
  const base = `/repos/${world.owner}/${world.name}`.toLowerCase();
  const html = `https://github.com/${world.owner}/${world.name}`;
  world.comments ??= [];
  world.issues ??= [];
  const { comments, issues } = world;
  const viewer = () => world.viewer ?? VIEWER;
  const missing: RestAnswer = { status: 404, body: { message: 'Not Found' } };
  const refused: RestAnswer = { status: 403, body: { message: 'Resource not accessible by integration' } };
  const addressOf = (it: WorldComment) => `${html}/issues/${it.number}#issuecomment-${it.id}`;
  const deniedOn = (number: number) =>
    denied.includes(issues.some((issue) => issue.number === number) ? 'issues:write' : 'pull-requests:write');

  return (method: string, path: string, body: Record<string, unknown>): RestAnswer => {
    if (!path.toLowerCase().startsWith(`${base}/issues`)) return missing;
    const rest = path.slice(`${base}/issues`.length);
    const thread = /^\/(\d+)\/comments$/.exec(rest);
    if (method === 'POST' && thread) {
      const number = Number(thread[1]);
      if (deniedOn(number)) return refused;
      if (world.vanished?.includes(number)) return missing;
      if (world.locked?.includes(number) || issues.some((issue) => issue.number === number && issue.locked))
        return { status: 403, body: { message: 'Unable to create comment because issue is locked.' } };
      if (String(body.body).length > 65_536)
        return { status: 422, body: { message: 'Validation Failed: body is too long' } };
      const made = {
        id: 3_000_000_000 + comments.length + 1,
        number,
        author: viewer(),
        body: String(body.body),
        createdAt: new Date().toISOString(),
      };
      comments.push(made);
      return { status: 201, body: { id: made.id, html_url: addressOf(made) } };
    }
    const one = /^\/comments\/(\d+)$/.exec(rest);
    if (one) {
      const found = comments.find((comment) => comment.id === Number(one[1]));
      if (!found) return missing;
      if (deniedOn(found.number) || found.author !== viewer()) return refused;
      if (method === 'DELETE') comments.splice(comments.indexOf(found), 1);
      else found.body = String(body.body);
      return { status: method === 'DELETE' ? 204 : 200, body: { id: found.id, html_url: addressOf(found) } };
    }
    if (denied.includes('issues:write')) return refused;
    if (String(body.body ?? '').length > 65_536)
      return { status: 422, body: { message: 'Validation Failed: body is too long' } };
    if (method === 'POST' && rest === '') {
      const labels = (body.labels as string[] | undefined) ?? [];
      if (String(body.title).length > 256 || labels.some((label) => label.length > 50))
        return { status: 422, body: { message: 'Validation Failed: title or label is too long' } };
      const number =
        Math.max(0, ...issues.map((issue) => issue.number), ...world.pulls.map((pull) => pull.number)) + 1;
      issues.push({
        number,
        title: String(body.title),
        body: String(body.body),
        state: 'open',
        // Without the right to sort issues labels are left out, and nothing is said.
        labels: denied.includes('labels:write') ? [] : (body.labels as string[]),
        author: viewer(),
      });
      return { status: 201, body: { number, html_url: `${html}/issues/${number}` } };
    }
    const issue = issues.find((issue) => `/${issue.number}` === rest);
    if (method !== 'PATCH' || !issue) return missing;
    if (String(body.title ?? '').length > 256)
      return {
        status: 422,
        body: { message: 'Validation Failed: title is too long (maximum is 256 characters)' },
      };
    const { title, body: text, state, labels } = body as Partial<WorldIssue>;
    const edited =
      text === undefined || text === issue.body
        ? {}
        : { editedAt: new Date().toISOString(), editor: viewer() };
    Object.assign(issue, JSON.parse(JSON.stringify({ title, body: text, state, labels })), edited);
    return { status: 200, body: { number: issue.number, html_url: `${html}/issues/${issue.number}` } };
  };
}
