import * as v from 'valibot';
import { checked, instant, pageOf } from '../github/answers.ts';
import type { GitHub } from '../github/client.ts';
import { PAGE } from '../github/paging.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Listed } from './pick.ts';

/** The repositories of an owner: two points for a hundred. */

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

/** @throws {GuardError} where there is no such owner. */
export async function repositoriesOf(github: GitHub, owner: string): Promise<Listed[]> {
  const found: Listed[] = [];
  let after: string | null = null;
  for (;;) {
    const asked: unknown = await github.graphql(LIST, { owner, first: PAGE, after });
    const { repositoryOwner } = checked(answer, asked, 'query Repositories');
    if (repositoryOwner === null)
      throw new GuardError(
        `GitHub knows no organization or user "${oneLine(owner)}", or the token may not see it. Check the spelling, or give a token of a GitHub App that is installed there.`,
      );
    const { nodes, pageInfo } = repositoryOwner.repositories;
    for (const node of nodes)
      found.push({
        nameWithOwner: node.nameWithOwner,
        isArchived: node.isArchived,
        isFork: node.isFork,
        pushedAt: node.pushedAt === null ? null : new Date(node.pushedAt),
        deployedAt: node.deployments.nodes[0] ? new Date(node.deployments.nodes[0].createdAt) : null,
        topics: node.repositoryTopics.nodes.map(({ topic }) => topic.name),
      });
    if (!pageInfo.hasNextPage) return found;
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

/** The repositories, in lower case, whose custom property has a value; of GitHub's REST, as GraphQL has no list of them. */
export async function withProperty(
  github: GitHub,
  owner: string,
  { name, value }: { name: string; value: string },
): Promise<Set<string>> {
  const found = new Set<string>();
  for (let page = 1; ; page++) {
    const some = checked(
      properties,
      await github.get(`/orgs/${owner}/properties/values`, { per_page: PAGE, page }),
      'GET /orgs/…/properties/values',
    );
    for (const each of some)
      if (
        each.properties.some(
          (property) => property.property_name === name && [property.value].flat().includes(value),
        )
      )
        found.add(each.repository_full_name.toLowerCase());
    if (some.length < PAGE) return found;
  }
}
