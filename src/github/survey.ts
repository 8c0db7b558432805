import * as v from 'valibot';
import type { FileJob } from '../model/workflow-file.ts';
import { instant } from './answers.ts';
import { workflowFiles } from './actions/files.ts';
import { eventsIn, jobsInFile, nameIn } from './actions/workflow-yaml.ts';
import { PAGE } from './paging.ts';
import type { Repo } from './repo.ts';

/** How a repository deploys, as far as two requests tell: its newest deployments, releases and tags, and its workflow files. */

const SURVEY = `
query Survey($owner: String!, $name: String!, $first: Int!) {
  repository(owner: $owner, name: $name) {
    defaultBranchRef { name }
    deployments(first: $first, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes { environment createdAt state creator { __typename login } }
    }
    releases(first: 20, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes { tagName isDraft isPrerelease publishedAt author { login } }
    }
    refs(refPrefix: "refs/tags/", first: 20, orderBy: { field: TAG_COMMIT_DATE, direction: DESC }) {
      nodes { name target { __typename } }
    }
  }
}`;
const survey = v.object({
  repository: v.object({
    defaultBranchRef: v.nullable(v.object({ name: v.string() })),
    deployments: v.object({
      nodes: v.array(
        v.object({
          environment: v.nullable(v.string()),
          createdAt: instant,
          state: v.nullable(v.string()),
          creator: v.nullable(v.object({ __typename: v.string(), login: v.string() })),
        }),
      ),
    }),
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
  /** Published ones, newest first. */
  releases: { tag: string; publishedAt: Date; author: string | null }[];
  tags: { name: string; isAnnotated: boolean }[];
  workflows: SurveyedWorkflow[];
}

/** @throws {GuardError} where the repository cannot be read, or is empty. */
export async function surveyOf(repo: Repo): Promise<Survey> {
  const { repository } = await repo.graphql(SURVEY, { first: PAGE }, survey);
  const baseBranch = repository.defaultBranchRef?.name ?? 'main';
  const texts = await workflowFiles(repo, baseBranch);
  return {
    baseBranch,
    deployments: repository.deployments.nodes.flatMap(({ environment, createdAt, state, creator }) =>
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
