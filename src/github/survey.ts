import * as v from 'valibot';
import type { FileJob } from '../model/workflow-file.ts';
import { instant, pageOf } from './answers.ts';
import { workflowFiles } from './workflow-folder.ts';
import { eventsIn, jobsInFile, nameIn } from './actions/workflow-yaml.ts';
import { PAGE } from './paging.ts';
import { actor } from './person.ts';
import type { Repo } from './repo.ts';

/** Reads how a repository deploys: its newest deployments, releases and tags, and its workflow files. */

const DEPLOYMENTS = `deployments(first: $first, after: $after, orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes { environment createdAt state creator { __typename login } }
    }`;
const SURVEY = `
query Survey($owner: String!, $name: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    defaultBranchRef { name }
    ${DEPLOYMENTS}
    releases(first: $first, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes { tagName isDraft isPrerelease publishedAt author { login } }
    }
    refs(refPrefix: "refs/tags/", first: $first, orderBy: { field: TAG_COMMIT_DATE, direction: DESC }) {
      nodes { name target { __typename } }
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
    creator: actor,
  }),
);
/** Preview environments can make hundreds of deployments a day, so reading stops here. */
const MAX_PAGES = 10;
/** In milliseconds. */
const MAX_AGE = 90 * 86_400_000;

const survey = v.object({
  repository: v.object({
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
          v.object({ name: v.string(), target: v.nullable(v.object({ __typename: v.string() })) }),
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
  /** Whether it creates deployments through the API, apart from `environment:`. */
  makesDeployments: boolean;
}

export interface Survey {
  baseBranch: string;
  /** Newest first, without those that have no environment. */
  deployments: { environment: string; at: Date; isSuccess: boolean; creator: string | null }[];
  /** When the oldest deployment that was read was created; `null`: all of the last 90 days were read. */
  readTo: Date | null;
  /** Published ones, newest first. */
  releases: { tag: string; publishedAt: Date; author: string | null }[];
  tags: { name: string; isAnnotated: boolean }[];
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
    readTo,
    deployments: nodes.flatMap(({ environment, createdAt, state, creator }) =>
      environment === null
        ? []
        : [
            {
              environment,
              at: new Date(createdAt),
              isSuccess: ['ACTIVE', 'INACTIVE', 'SUCCESS'].includes(state ?? ''),
              creator: creator?.login ?? null,
            },
          ],
    ),
    releases: repository.releases.nodes.flatMap(({ tagName, isDraft, isPrerelease, publishedAt, author }) =>
      isDraft || isPrerelease || publishedAt === null
        ? []
        : [{ tag: tagName, publishedAt: new Date(publishedAt), author: author?.login ?? null }],
    ),
    tags: (repository.refs?.nodes ?? []).map(({ name, target }) => ({
      name,
      isAnnotated: target?.__typename === 'Tag',
    })),
    workflows: texts.map(({ name: file, text }) => ({
      file,
      name: nameIn(text, `.github/workflows/${file}`),
      events: eventsIn(text),
      jobs: jobsInFile(text),
      makesDeployments: /createDeployment\b|deployments:\s*write|\/deployments\b/.test(text),
    })),
  };
}

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
