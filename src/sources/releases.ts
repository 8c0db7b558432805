import { present } from '../github/answers.ts';
import type { GitHub } from '../github/client.ts';
import { type DeploymentList, pagedList } from './deployments.ts';
import { fitting, PAGE } from '../github/paging.ts';
import type { Place } from '../github/history/history.ts';
import { type BareCommitNode, type Page, RELEASES, type ReleaseNode } from '../github/queries.ts';

/**
 * Published releases, told as deployments that succeeded when they were published. Drafts and prereleases are
 * not deployments.
 */
export async function releasesOf(
  github: GitHub,
  place: Place,
  first: Page<ReleaseNode>,
  onCommit: (node: BareCommitNode) => void,
): Promise<DeploymentList> {
  return pagedList(
    first,
    (node) => {
      if (node.isDraft || node.isPrerelease || node.publishedAt === null) return null;
      if (node.tagCommit) onCommit(node.tagCommit);
      const publishedAt = new Date(node.publishedAt);
      return {
        id: node.tagName,
        sha: node.tagCommit?.oid ?? '',
        commitExists: node.tagCommit !== null,
        // A release is made of a draft or a tag, either of which can be older than the publishing or the commit.
        createdAt: new Date(Math.min(publishedAt.getTime(), new Date(node.createdAt).getTime())),
        state: 'SUCCESS',
        statuses: [{ state: 'SUCCESS', createdAt: publishedAt, logUrl: null }],
        creator: node.author && { login: node.author.login, isBot: node.author.login.endsWith('[bot]') },
        trigger: 'release',
        url: node.url,
      };
    },
    async (after) => {
      const answer = await fitting(PAGE, (size) =>
        github.graphql<{ repository: { releases: Page<ReleaseNode> } | null }>(RELEASES, {
          ...place,
          after,
          first: size,
        }),
      );
      return present(answer.repository?.releases, 'releases');
    },
  );
}
