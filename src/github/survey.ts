import * as v from 'valibot';
import type { FileJob } from '../model/workflow-file.ts';
import { instant, pageOf } from './answers.ts';
import { workflowFiles } from './actions/files.ts';
import { eventsIn, jobsInFile, nameIn } from './actions/workflow-yaml.ts';
import { PAGE } from './paging.ts';
import type { Repo } from './repo.ts';

/** How a repository deploys, as far as a few requests tell: its newest deployments, releases and tags, and its workflow files. */

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
    creator: v.nullable(v.object({ __typename: v.string(), login: v.string() })),
  }),
);
/** Previews make hundreds a day: so many pages are read at most, and no further back than this, in milliseconds. */
const MOST_PAGES = 10;
const FAR_BACK = 90 * 86_400_000;

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
  /** As `workflow_run` names it. */
  name: string;
  events: string[];
  jobs: FileJob[];
  /** Whether it makes deployments by itself, past `environment:`. */
  makesDeployments: boolean;
}

export interface Survey {
  baseBranch: string;
  /** The newest, newest first, those without an environment left out. */
  deployments: { environment: string; at: Date; isSuccess: boolean; creator: string | null }[];
  /** Where there were more of the last ninety days than were read: when the oldest that was read was made. */
  readTo: Date | null;
  /** Published ones, newest first. */
  releases: { tag: string; publishedAt: Date; author: string | null }[];
  tags: { name: string; isAnnotated: boolean }[];
  workflows: SurveyedWorkflow[];
}

/** @throws {GuardError} where the repository cannot be read, or is empty. */
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

/** Ninety days of deployments, from the newest on. */
async function deploymentsOf(
  repo: Repo,
  first: Deployments,
): Promise<{ nodes: Deployments['nodes']; readTo: Date | null }> {
  const nodes = [...first.nodes];
  const newest = Date.parse(nodes[0]?.createdAt ?? '');
  let { pageInfo } = first;
  const oldest = () => new Date(nodes.at(-1)?.createdAt ?? 0);
  const goesOn = () => pageInfo.hasNextPage && newest - oldest().getTime() < FAR_BACK;
  for (let page = 1; page < MOST_PAGES && goesOn(); page++) {
    const { repository } = await repo.graphql(
      OLDER,
      { first: PAGE, after: pageInfo.endCursor },
      v.object({ repository: v.object({ deployments }) }),
    );
    nodes.push(...repository.deployments.nodes);
    pageInfo = repository.deployments.pageInfo;
  }
  return { nodes, readTo: goesOn() ? oldest() : null };
}
