import * as v from 'valibot';
import { instant, pageOf } from '../github/answers.ts';
import { deployedCommit } from '../github/history/commits.ts';
import { pagedFeed } from '../github/paging.ts';
import { personOf } from '../github/person.ts';
import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type { Gap } from '../model/facts.ts';
import { matches } from '../model/pattern.ts';
import { firstOf, noteIf } from './phrases.ts';
import { repositoryPages } from './repository-pages.ts';
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
    v.check(({ isDraft, publishedAt }) => isDraft || publishedAt !== null),
    ['publishedAt'],
  ),
);
const releasePage = v.object({ releases: pageOf(release) });

export async function releaseFeed(io: SourceIO, { pattern }: TagOptions): Promise<DeploymentFeed> {
  const movedTags: string[] = [];
  const list = await repositoryPages(
    io,
    { name: 'releases', query: RELEASES },
    releasePage,
    (repository) => repository.releases,
  );
  const feed = await pagedFeed(list, (node) => {
    if (node.isDraft || node.isPrerelease || node.publishedAt === null) return null;
    if (!matches(pattern, node.tagName)) return null;
    const publishedAt = new Date(node.publishedAt);
    if (node.tagCommit && new Date(node.tagCommit.committedDate) > publishedAt) {
      movedTags.push(node.tagName);
      return null;
    }
    if (node.tagCommit) io.history.add(node.tagCommit);
    return {
      id: node.tagName,
      sha: node.tagCommit?.oid ?? '',
      commitExists: node.tagCommit !== null,
      // A draft or a tag can be older than the release that is made from it.
      createdAt: new Date(Math.min(publishedAt.getTime(), new Date(node.createdAt).getTime())),
      state: 'SUCCESS',
      statuses: [{ state: 'SUCCESS', createdAt: publishedAt, logUrl: null }],
      creator: node.author && personOf(node.author.login, null),
      trigger: 'release',
      url: node.url,
    };
  });
  return Object.defineProperty(feed, 'gaps', { get: () => movedReleases(movedTags) });
}

/** If a release's tag was moved to a newer commit, the time at which that commit was released is unknown. */
function movedReleases(names: readonly string[]): Gap[] {
  return noteIf(names.length > 0, {
    what: `Skipped releases that are older than their commits because their tags were moved: ${firstOf(names)}.`,
    consequence:
      'When those commits were released is unknown. Select releases with fixed tags with "deploy-tag", such as v*, or measure the runs that publish with "deploy-source: workflow".',
    verdictAtRisk: false,
  });
}
