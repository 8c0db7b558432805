import * as v from 'valibot';
import { checked, instant, type Page, pageOf } from '../github/answers.ts';
import { BARE_COMMIT, bareCommit } from '../github/history/commits.ts';
import { fitting, PAGE, pagedFeed } from '../github/paging.ts';
import { personOf } from '../github/person.ts';
import type { DeploySource } from './source.ts';

/**
 * Published releases, told as deployments that succeeded when they were published. Drafts and prereleases are not
 * deployments.
 */

const RELEASE_PAGE = `
  pageInfo { hasNextPage endCursor }
  nodes {
    tagName isDraft isPrerelease createdAt publishedAt url
    author { login }
    tagCommit { ${BARE_COMMIT} }
  }`;
const NEWEST_FIRST = 'orderBy: { field: CREATED_AT, direction: DESC }';
const RELEASES = `
query Releases($owner: String!, $name: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) { releases(first: $first, after: $after, ${NEWEST_FIRST}) { ${RELEASE_PAGE} } }
}`;

const release = v.pipe(
  v.object({
    tagName: v.string(),
    isDraft: v.boolean(),
    isPrerelease: v.boolean(),
    createdAt: instant,
    publishedAt: v.nullable(instant),
    url: v.string(),
    author: v.nullable(v.object({ login: v.string() })),
    tagCommit: v.nullable(bareCommit),
  }),
  v.forward(
    v.check((it) => it.isDraft || it.publishedAt !== null),
    ['publishedAt'],
  ),
);
const releasePage = v.object({ releases: pageOf(release) });

export const releases = {
  kind: 'releases',
  summary: 'published releases',
  permissions: [],
  inputs: {},
  parse: (): null => null,
  opening: () => ({
    declarations: [],
    variables: {},
    selection: `releases(first: $first, ${NEWEST_FIRST}) { ${RELEASE_PAGE} }`,
  }),
  async open({ repo, opened, history }) {
    const page = async (after: string | null): Promise<Page<v.InferOutput<typeof release>>> => {
      const answer = await fitting(PAGE, (size) =>
        repo.graphql(RELEASES, { after, first: size }, v.object({ repository: releasePage })),
      );
      return answer.repository.releases;
    };
    return pagedFeed(
      opened === null ? await page(null) : checked(releasePage, opened, 'query Opening').releases,
      (node) => {
        if (node.isDraft || node.isPrerelease || node.publishedAt === null) return null;
        if (node.tagCommit) history.add(node.tagCommit);
        const publishedAt = new Date(node.publishedAt);
        return {
          id: node.tagName,
          sha: node.tagCommit?.oid ?? '',
          commitExists: node.tagCommit !== null,
          // A release is made of a draft or a tag, either of which can be older than the publishing or the commit.
          createdAt: new Date(Math.min(publishedAt.getTime(), new Date(node.createdAt).getTime())),
          state: 'SUCCESS',
          statuses: [{ state: 'SUCCESS', createdAt: publishedAt, logUrl: null }],
          creator: node.author && personOf(node.author.login, null),
          trigger: 'release',
          url: node.url,
        };
      },
      page,
    );
  },
  explainEmpty: async () =>
    'Input "deploy-source" is "releases"; the repository has no published releases. Accepted: deployments or workflow, where that is how it deploys.',
} satisfies DeploySource<null>;
