import * as v from 'valibot';
import type { FileJob } from '../model/workflow-file.ts';
import { instant, pageOf } from './answers.ts';
import { workflowFiles } from './workflow-folder.ts';
import { runsById } from './actions/runs.ts';
import {
  eventsIn,
  jobsInFile,
  nameIn,
  type PushPaths,
  pushPathsIn,
  pushRefsIn,
} from './actions/workflow-yaml.ts';
import { NotFound, recoverFrom, Refused } from './errors.ts';
import { PAGE } from './paging.ts';
import { actor } from './person.ts';
import type { Repo } from './repo.ts';

/** Reads how a repository deploys: its newest deployments, releases and tags, and its workflow files. */

const DEPLOYMENTS = `deployments(first: $first, after: $after, orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes {
        environment createdAt state commitOid creator { __typename login }
        statuses(first: 5) { nodes { logUrl } }
      }
    }`;
const SURVEY = `
query Survey($owner: String!, $name: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    isArchived
    defaultBranchRef { name }
    ${DEPLOYMENTS}
    releases(first: $first, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes { tagName isDraft isPrerelease publishedAt author { login } }
    }
    refs(refPrefix: "refs/tags/", first: $first, orderBy: { field: TAG_COMMIT_DATE, direction: DESC }) {
      nodes { name target { __typename ... on Tag { tagger { date } } } }
    }
  }
}`;
const OLDER = `
query OlderDeployments($owner: String!, $name: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) { ${DEPLOYMENTS} }
}`;
const deployments = pageOf(
  v.object({
    environment: v.nullable(v.string()),
    createdAt: instant,
    state: v.nullable(v.string()),
    commitOid: v.string(),
    creator: actor,
    statuses: v.object({ nodes: v.array(v.object({ logUrl: v.nullable(v.string()) })) }),
  }),
);
/** Preview environments can make hundreds of deployments a day, so reading stops here. */
const MAX_PAGES = 10;
/** In milliseconds. */
const MAX_AGE = 90 * 86_400_000;

const survey = v.object({
  repository: v.object({
    isArchived: v.boolean(),
    defaultBranchRef: v.nullable(v.object({ name: v.string() })),
    deployments,
    releases: v.object({
      nodes: v.array(
        v.object({
          tagName: v.string(),
          isDraft: v.boolean(),
          isPrerelease: v.boolean(),
          publishedAt: v.nullable(instant),
          author: v.nullable(v.object({ login: v.string() })),
        }),
      ),
    }),
    refs: v.nullable(
      v.object({
        nodes: v.array(
          v.object({
            name: v.string(),
            target: v.nullable(
              v.object({
                __typename: v.string(),
                tagger: v.optional(v.nullable(v.object({ date: v.nullable(v.string()) }))),
              }),
            ),
          }),
        ),
      }),
    ),
  }),
});

export interface SurveyedWorkflow {
  /** `deploy.yml`. */
  file: string;
  /** The name that `workflow_run` uses. */
  name: string;
  events: string[];
  jobs: FileJob[];
  /** The files whose changes start it; `null`: all. */
  paths: PushPaths | null;
  /** The branches and tags whose pushes start it. */
  refs: ReturnType<typeof pushRefsIn>;
  /** Whether it runs the guard. */
  runsGuard: boolean;
  /** Whether it creates deployments through the API, apart from `environment:`. */
  makesDeployments: boolean;
}

export interface SurveyedDeployment {
  environment: string;
  at: Date;
  isSuccess: boolean;
  sha: string;
  creator: string | null;
  /** The workflow run of this repository that its log address names. */
  run: number | null;
}

export interface Survey {
  baseBranch: string;
  isArchived: boolean;
  /** Newest first, without those that have no environment. */
  deployments: SurveyedDeployment[];
  /** When the oldest deployment that was read was created; `null`: all of the last 90 days were read. */
  readTo: Date | null;
  /** Published ones, newest first. */
  releases: { tag: string; publishedAt: Date; author: string | null }[];
  /** Annotated ones, those of the newest commits first. */
  tags: { name: string; at: Date }[];
  workflows: SurveyedWorkflow[];
}

/** @throws {GuardError} if the repository cannot be read. */
export async function surveyOf(repo: Repo): Promise<Survey> {
  const { repository } = await repo.graphql(SURVEY, { first: PAGE, after: null }, survey);
  const { nodes, readTo } = await deploymentsOf(repo, repository.deployments);
  const baseBranch = repository.defaultBranchRef?.name ?? 'main';
  const texts = await workflowFiles(repo, baseBranch);
  return {
    baseBranch,
    isArchived: repository.isArchived,
    readTo,
    deployments: nodes.flatMap(({ environment, createdAt, state, commitOid, creator, statuses }) =>
      environment === null
        ? []
        : [
            {
              environment,
              at: new Date(createdAt),
              isSuccess: ['ACTIVE', 'INACTIVE', 'SUCCESS'].includes(state ?? ''),
              sha: commitOid,
              creator: creator?.login ?? null,
              run: runIn(repo, statuses.nodes),
            },
          ],
    ),
    releases: repository.releases.nodes.flatMap(({ tagName, isDraft, isPrerelease, publishedAt, author }) =>
      isDraft || isPrerelease || publishedAt === null
        ? []
        : [{ tag: tagName, publishedAt: new Date(publishedAt), author: author?.login ?? null }],
    ),
    tags: (repository.refs?.nodes ?? []).flatMap(({ name, target }) =>
      target?.tagger?.date ? [{ name, at: new Date(target.tagger.date) }] : [],
    ),
    workflows: texts.map(({ name: file, text }) => ({
      file,
      name: nameIn(text, `.github/workflows/${file}`),
      events: eventsIn(text),
      jobs: jobsInFile(text),
      paths: pushPathsIn(text),
      refs: pushRefsIn(text),
      runsGuard: text.includes('deploy-latency-guard/'),
      makesDeployments: /createDeployment\b|deployments:\s*write|\/deployments\b/.test(text),
    })),
  };
}

/** The run that the log address of a deployment names, if it is one of this repository. */
function runIn({ owner, name }: Repo, statuses: readonly { logUrl: string | null }[]): number | null {
  const prefix = `/${owner}/${name}/actions/runs/`.toLowerCase();
  for (const { logUrl } of statuses) {
    const [, id] = logUrl?.toLowerCase().split(prefix) ?? [];
    if (id) return Number.parseInt(id, 10) || null;
  }
  return null;
}

/** A run of a workflow file. */
export interface SurveyedRun {
  file: string;
  event: string;
  /** Name of its branch or tag. */
  branch: string | null;
}

/** What a survey looks up when it matters. Without permission to read runs, nothing is found. */
export interface Lookups {
  /** Runs by their ids, without deleted ones. */
  runs(ids: readonly number[]): Promise<SurveyedRun[]>;
  /**
   * Runs of a workflow file on the base branch, or for releases and tags: how many, and the newest. `null`: unknown.
   */
  activityOf(file: string): Promise<{ count: number; newest: Date | null } | null>;
  /** Folders of packages, by their names: `api` for `packages/api`. */
  folders(): Promise<ReadonlyMap<string, string>>;
}

const runCount = v.object({
  total_count: v.number(),
  workflow_runs: v.array(v.object({ created_at: instant })),
});
const blob = v.nullable(v.object({ text: v.optional(v.nullable(v.string())) }));
const tree = v.nullable(v.object({ entries: v.nullish(v.array(v.object({ name: v.string() }))) }));
const PARENTS = ['packages', 'apps', 'services'];
const OWNERS = ['CODEOWNERS', '.github/CODEOWNERS', 'docs/CODEOWNERS'];
const WORKSPACES = ['package.json', 'pnpm-workspace.yaml'];

export function lookupsIn(repo: Repo, { baseBranch }: Pick<Survey, 'baseBranch'>): Lookups {
  const objects = async <S extends v.GenericSchema>(paths: readonly string[], fields: string, answer: S) => {
    const fieldsOf = (path: string, i: number) =>
      `at${i}: object(expression: ${JSON.stringify(`${baseBranch}:${path}`)}) { ${fields} }`;
    const { repository } = await repo.graphql(
      `query Objects($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ${paths.map(fieldsOf).join(' ')} } }`,
      {},
      v.object({ repository: v.record(v.string(), answer) }),
    );
    return paths.map((path, i) => ({ path, object: repository[`at${i}`] ?? null }));
  };
  return {
    runs: (ids) =>
      allowed([], async () => {
        const runs = await runsById(repo, ids);
        return [...runs.values()].flatMap(({ file, event, branch }) =>
          file === null ? [] : [{ file: file.split('/').at(-1) ?? '', event, branch }],
        );
      }),
    activityOf: (file) =>
      allowed(null, async () => {
        for (const filter of [{ branch: baseBranch }, { event: 'release' }, { event: 'push' }]) {
          const path = `/actions/workflows/${encodeURIComponent(file)}/runs`;
          const { total_count: count, workflow_runs: newest } = await repo
            .get(path, { ...filter, per_page: 1 }, runCount)
            .catch(recoverFrom(NotFound, () => ({ total_count: 0, workflow_runs: [] })));
          if (count > 0) return { count, newest: newest[0] ? new Date(newest[0].created_at) : null };
        }
        return { count: 0, newest: null };
      }),
    async folders() {
      const texts = await objects([...OWNERS, ...WORKSPACES], '... on Blob { text }', blob);
      const parents = new Set(PARENTS);
      const folders = new Set<string>();
      for (const { path, object } of texts) {
        const text = object?.text ?? '';
        const isOwners = OWNERS.includes(path);
        // Both files of workspaces have patterns such as `packages/*`, quoted or after a dash.
        const pattern = isOwners
          ? /^\/?([\w.-]+(?:\/[\w.-]+)*)\/?(?:\*\*?)?\s/gm
          : /["' ]([\w.-]+(?:\/[\w.-]+)*)\/\*/g;
        for (const [, folder = ''] of text.matchAll(pattern)) (isOwners ? folders : parents).add(folder);
      }
      for (const { path, object } of await objects([...parents], '... on Tree { entries { name } }', tree))
        for (const { name } of object?.entries ?? []) folders.add(`${path}/${name.split('/')[0]}`);
      return new Map([...folders].map((folder) => [folder.split('/').at(-1)?.toLowerCase() ?? '', folder]));
    },
  };
}

/** A fallback for what the token may not read. */
const allowed = <T>(fallback: T, read: () => Promise<T>): Promise<T> =>
  read().catch(recoverFrom(Refused, () => fallback));

type Deployments = v.InferOutput<typeof deployments>;

/** The deployments of the 90 days before the newest, newest first. */
async function deploymentsOf(
  repo: Repo,
  first: Deployments,
): Promise<{ nodes: Deployments['nodes']; readTo: Date | null }> {
  const nodes = [...first.nodes];
  const newest = Date.parse(nodes[0]?.createdAt ?? '');
  let { pageInfo } = first;
  const oldest = () => new Date(nodes.at(-1)?.createdAt ?? 0);
  const hasMore = () => pageInfo.hasNextPage && newest - oldest().getTime() < MAX_AGE;
  for (let page = 1; page < MAX_PAGES && hasMore(); page++) {
    const { repository } = await repo.graphql(
      OLDER,
      { first: PAGE, after: pageInfo.endCursor },
      v.object({ repository: v.object({ deployments }) }),
    );
    nodes.push(...repository.deployments.nodes);
    pageInfo = repository.deployments.pageInfo;
  }
  return { nodes, readTo: hasMore() ? oldest() : null };
}
