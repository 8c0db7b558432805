import * as v from 'valibot';
import { checked, instant, pageOf } from '../github/answers.ts';
import { DEPLOYED_COMMIT, deployedCommit } from '../github/history/commits.ts';
import { pageListOf } from '../github/once.ts';
import { fitting, PAGE, pagedFeed, SHARE_OF_A_PAGE } from '../github/paging.ts';
import { personOf } from '../github/person.ts';
import type { Gap } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import type { DeploySource } from './source.ts';
import { matches } from '../model/pattern.ts';
import { TAG_INPUT, tagPatternIn } from './tag-pattern.ts';

/**
 * Published releases, told as deployments that succeeded when they were published. Drafts and prereleases are not
 * deployments.
 */

const RELEASE_PAGE = `
  pageInfo { hasNextPage endCursor }
  nodes {
    tagName isDraft isPrerelease createdAt publishedAt url
    author { login }
    tagCommit { ${DEPLOYED_COMMIT} }
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
    tagCommit: v.nullable(deployedCommit),
  }),
  v.forward(
    v.check((it) => it.isDraft || it.publishedAt !== null),
    ['publishedAt'],
  ),
);
const releasePage = v.object({ releases: pageOf(release) });

export const releases = {
  kind: 'releases',
  inputs: TAG_INPUT,
  parse: (inputs): ReleaseOptions => ({ pattern: tagPatternIn(inputs, '*') }),
  subject: ({ pattern }) => (pattern === '*' ? 'releases' : `releases ${pattern}`),
  opening: () => ({
    declarations: [],
    variables: {},
    selection: `releases(first: $first, ${NEWEST_FIRST}) { ${RELEASE_PAGE} }`,
  }),
  listOf: () => '',
  async open({ repo, once, opened, history }, _unit, { pattern }) {
    const older: string[] = [];
    const list = await once('releases', async () =>
      pageListOf<v.InferOutput<typeof release>>(
        async (after) => {
          const { repository } = await fitting(PAGE, (first) =>
            repo.graphql(RELEASES, { after, first }, v.object({ repository: releasePage }), SHARE_OF_A_PAGE),
          );
          return repository.releases;
        },
        opened === null ? null : checked(releasePage, opened, 'query Opening').releases,
      ),
    );
    const feed = await pagedFeed(list, (node) => {
      if (node.isDraft || node.isPrerelease || node.publishedAt === null) return null;
      if (!matches(pattern, node.tagName)) return null;
      const publishedAt = new Date(node.publishedAt);
      if (node.tagCommit && new Date(node.tagCommit.committedDate) > publishedAt) {
        older.push(node.tagName);
        return null;
      }
      if (node.tagCommit) history.add(node.tagCommit);
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
    });
    return Object.defineProperty(feed, 'gaps', { get: () => rolling(older) });
  },
  explainEmpty: async (_io, _unit, { pattern }) =>
    pattern === '*'
      ? 'Input "deploy-source" is "releases"; the repository has no published releases. (Drafts, prereleases and releases that are older than their commit are none.) Accepted: deployments or workflow, where that is how it deploys.'
      : `Input "deploy-tag" is "${oneLine(pattern)}"; no published release has a tag like that. Accepted: the tag of a release, with * for any characters, such as api-v*.`,
} satisfies DeploySource<ReleaseOptions>;

interface ReleaseOptions {
  pattern: string;
}

/** A release whose tag was moved to a younger commit says no more when that commit was released. */
function rolling(names: readonly string[]): Gap[] {
  if (names.length === 0) return [];
  const one = names.length === 1;
  return [
    {
      what: `${one ? 'Release' : 'Releases'} ${oneLine(names.slice(0, 10).join(', '))}${names.length > 10 ? ` and ${names.length - 10} more` : ''} ${one ? 'is older than its commit: its tag moves' : 'are older than their commits: their tags move'}. Left out.`,
      consequence:
        'When what it holds was released is not known, so it ships nothing. "deploy-tag" takes the releases whose tags stay, such as v*; "deploy-source: workflow" takes the runs that make it.',
      verdictAtRisk: false,
    },
  ];
}
