import * as v from 'valibot';
import { checked, instant, pageOf } from '../github/answers.ts';
import type { GitHub } from '../github/client.ts';
import { PAGE } from '../github/paging.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Listed } from './pick.ts';

/** Lists the repositories of an owner. A page of 100 costs two points. */

const LIST = `
query Repositories($owner: String!, $first: Int!, $after: String) {
  repositoryOwner(login: $owner) {
    repositories(first: $first, after: $after, ownerAffiliations: OWNER, orderBy: { field: NAME, direction: ASC }) {
      pageInfo { hasNextPage endCursor }
      nodes {
        nameWithOwner isArchived isFork pushedAt
        repositoryTopics(first: 20) { nodes { topic { name } } }
        deployments(first: 1, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { createdAt } }
      }
    }
  }
}`;

const listed = v.object({
  nameWithOwner: v.string(),
  isArchived: v.boolean(),
  isFork: v.boolean(),
  pushedAt: v.nullable(instant),
  repositoryTopics: v.object({ nodes: v.array(v.object({ topic: v.object({ name: v.string() }) })) }),
  deployments: v.object({ nodes: v.array(v.object({ createdAt: instant })) }),
});
const answer = v.object({
  repositoryOwner: v.nullable(v.object({ repositories: pageOf(listed) })),
});

/** @throws {GuardError} if the owner does not exist. */
export async function repositoriesOf(github: GitHub, owner: string): Promise<Listed[]> {
  const repositories: Listed[] = [];
  let after: string | null = null;
  for (;;) {
    const response: unknown = await github.graphql(LIST, { owner, first: PAGE, after });
    const { repositoryOwner } = checked(answer, response, 'query Repositories');
    if (repositoryOwner === null)
      throw new GuardError(
        `The organization or user "${oneLine(owner)}" does not exist, or the token cannot see it. Check the spelling, or use a token from a GitHub App that is installed there.`,
      );
    const { nodes, pageInfo } = repositoryOwner.repositories;
    for (const node of nodes)
      repositories.push({
        nameWithOwner: node.nameWithOwner,
        isArchived: node.isArchived,
        isFork: node.isFork,
        pushedAt: node.pushedAt === null ? null : new Date(node.pushedAt),
        deployedAt: node.deployments.nodes[0] ? new Date(node.deployments.nodes[0].createdAt) : null,
        topics: node.repositoryTopics.nodes.map(({ topic }) => topic.name),
      });
    if (!pageInfo.hasNextPage) return repositories;
    after = pageInfo.endCursor;
  }
}

const properties = v.array(
  v.object({
    repository_full_name: v.string(),
    properties: v.array(
      v.object({ property_name: v.string(), value: v.nullable(v.union([v.string(), v.array(v.string())])) }),
    ),
  }),
);

/** Names, in lower case, of the repositories whose custom property has this value. GraphQL cannot list them, so this uses REST. */
export async function withProperty(
  github: GitHub,
  owner: string,
  { name, value }: { name: string; value: string },
): Promise<Set<string>> {
  const repositories = new Set<string>();
  for (let page = 1; ; page++) {
    const values = checked(
      properties,
      await github.get(`/orgs/${owner}/properties/values`, { per_page: PAGE, page }),
      'GET /orgs/…/properties/values',
    );
    for (const repository of values)
      if (
        repository.properties.some(
          (property) => property.property_name === name && [property.value].flat().includes(value),
        )
      )
        repositories.add(repository.repository_full_name.toLowerCase());
    if (values.length < PAGE) return repositories;
  }
}
