import * as v from 'valibot';
import { checked, instant, pageOf } from '../github/answers.ts';
import { deployedCommit } from '../github/history/commits.ts';
import { pageListOf } from '../github/once.ts';
import { fitting, PAGE, pagedFeed, SHARE_OF_A_PAGE } from '../github/paging.ts';
import { personOf } from '../github/person.ts';
import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type { Gap } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import { matches } from '../model/pattern.ts';
import { releasesFrom } from './tag-lists.ts';
import type { TagOptions } from './tag-pattern.ts';
import type { SourceIO } from './source.ts';

/** Published releases as deployments, newest first. */

const RELEASES = `
query Releases($owner: String!, $name: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) { ${releasesFrom(', after: $after')} }
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

export async function releaseFeed(
  { repo, once, opened, history }: SourceIO,
  { pattern }: TagOptions,
): Promise<DeploymentFeed> {
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
