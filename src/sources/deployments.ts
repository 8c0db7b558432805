import * as v from 'valibot';
import { checked, instant, type Page, pageOf } from '../github/answers.ts';
import { BARE_COMMIT, bareCommit } from '../github/history/commits.ts';
import { fitting, PAGE, pagedFeed } from '../github/paging.ts';
import { actor, personOf } from '../github/person.ts';
import type { Repo } from '../github/repo.ts';
import type { Deployment, DeploymentState, Gap } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import type { DeploySource } from './source.ts';

/** GitHub's own record: the deployments of an environment. */

const STATUS_PAGE = 'pageInfo { hasNextPage endCursor } nodes { state createdAt logUrl }';
const DEPLOYMENT_PAGE = `
  pageInfo { hasNextPage endCursor }
  nodes {
    id databaseId commitOid createdAt state
    creator { __typename login }
    commit { ${BARE_COMMIT} }
    statuses(first: 100) { ${STATUS_PAGE} }
  }`;
const NEWEST_FIRST = 'orderBy: { field: CREATED_AT, direction: DESC }';

const DEPLOYMENTS = `
query Deployments($owner: String!, $name: String!, $first: Int!, $after: String, $environments: [String!]) {
  repository(owner: $owner, name: $name) {
    deployments(first: $first, after: $after, environments: $environments, ${NEWEST_FIRST}) { ${DEPLOYMENT_PAGE} }
  }
}`;
const STATUSES = `
query Statuses($id: ID!, $after: String) {
  node(id: $id) { ... on Deployment { statuses(first: 100, after: $after) { ${STATUS_PAGE} } } }
}`;
/** What else the repository deploys to, for the error that lists it. */
const ENVIRONMENTS = `
query Environments($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    environments(first: 100) { nodes { name } }
    deployments(first: 100, ${NEWEST_FIRST}) { nodes { environment } }
  }
}`;

/** A state that is new to GitHub is neither a success nor a failure here: what has it is still running. */
const state = v.pipe(
  v.string(),
  v.transform((text) => text as DeploymentState),
);
const statusPage = pageOf(v.object({ state: state, createdAt: instant, logUrl: v.nullable(v.string()) }));
const deploymentNode = v.object({
  id: v.string(),
  databaseId: v.nullable(v.number()),
  commitOid: v.string(),
  createdAt: instant,
  state: state,
  creator: actor,
  commit: v.nullable(bareCommit),
  statuses: statusPage,
});
const deploymentPage = v.object({ deployments: pageOf(deploymentNode) });

type DeploymentNode = v.InferOutput<typeof deploymentNode>;

export const deployments = {
  kind: 'deployments',
  summary: 'GitHub deployments of the environment',
  permissions: ['deployments: read'],
  inputs: {},
  parse: (): null => null,
  opening: ({ environment }) => ({
    declarations: ['$environments: [String!]'],
    variables: { environments: [environment] },
    selection: `deployments(first: $first, environments: $environments, ${NEWEST_FIRST}) { ${DEPLOYMENT_PAGE} }`,
  }),
  async open({ repo, opened, history }, { environment }) {
    const gaps: Gap[] = [];
    const page = async (after: string | null): Promise<Page<DeploymentNode>> => {
      const answer = await fitting(PAGE, (size) =>
        repo.graphql(
          DEPLOYMENTS,
          { environments: [environment], after, first: size },
          v.object({ repository: deploymentPage }),
        ),
      );
      return answer.repository.deployments;
    };
    const feed = await pagedFeed(
      opened === null ? await page(null) : checked(deploymentPage, opened, 'query Opening').deployments,
      async (node) => {
        if (node.commit) history.add(node.commit);
        if (node.databaseId === null) gaps.push(unnumbered(node.id));
        return deploymentOf(node, await everyStatus(repo, node));
      },
      page,
    );
    return Object.assign(feed, { gaps });
  },
  async explainEmpty(repo, { environment }) {
    const { repository } = await repo.graphql(
      ENVIRONMENTS,
      {},
      v.object({
        repository: v.object({
          environments: v.object({ nodes: v.array(v.object({ name: v.string() })) }),
          deployments: v.object({ nodes: v.array(v.object({ environment: v.nullable(v.string()) })) }),
        }),
      }),
    );
    const deployed = repository.deployments.nodes.map((each) => each.environment);
    const named = repository.environments.nodes.map((each) => each.name);
    const exists = named.includes(environment);
    const others = [...new Set([...deployed, ...named.filter((each) => each !== environment)])].filter(
      (each) => each !== null,
    );
    return `Input "environment" is "${oneLine(environment)}"; ${exists ? 'it has no deployments' : 'there is no such environment'}. Accepted: ${
      others.length > 0
        ? `one of ${oneLine(others.join(', '), 1000)}`
        : 'an environment that a job deploys to with "environment:"; this repository has none, so set "deploy-source: workflow" with "deploy-workflow", or "deploy-source: releases"'
    }.`;
  },
} satisfies DeploySource<null>;

function deploymentOf(node: DeploymentNode, statuses: v.InferOutput<typeof statusPage>['nodes']): Deployment {
  return {
    id: node.databaseId ?? node.id,
    sha: node.commitOid,
    commitExists: node.commit !== null,
    createdAt: new Date(node.createdAt),
    state: node.state,
    statuses: statuses.map((each) => ({ ...each, createdAt: new Date(each.createdAt) })),
    creator: node.creator && personOf(node.creator.login, node.creator.__typename),
    trigger: null,
    url: null,
  };
}

/** GraphQL's integers end at 2,147,483,647; a number past that may be left out. */
function unnumbered(id: string): Gap {
  return {
    what: `GitHub did not say the number of deployment ${id}.`,
    consequence: 'It is called by its node id, and is not found where an event names it by its number.',
    verdictAtRisk: false,
  };
}

/** All of a deployment's statuses: the first success may be the oldest of more than a page. */
async function everyStatus(repo: Repo, node: DeploymentNode) {
  const statuses = [...node.statuses.nodes];
  let page = node.statuses;
  while (page.pageInfo.hasNextPage) {
    const answer = await repo.graphql(
      STATUSES,
      { id: node.id, after: page.pageInfo.endCursor },
      v.object({ node: v.object({ statuses: statusPage }) }),
    );
    page = answer.node.statuses;
    statuses.push(...page.nodes);
  }
  return statuses;
}
