import type { World } from '../../src/fake-github/world.ts';
import { GITOPS, withClusters } from './clusters.ts';
import { withOpenPull } from './open-pull.ts';

/** The sample team for every source that reads GitHub. Only `events` reads a file. */

/** Sources by name, with their inputs. */
export const SOURCES: readonly [name: string, inputs: Record<string, string>][] = [
  ['deployments', {}],
  ['a run', { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml' }],
  ['a job', { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml', 'deploy-job': 'deploy' }],
  ['releases', { 'deploy-source': 'releases' }],
  ['tags', { 'deploy-source': 'tags', 'deploy-tag': 'v*' }],
  ['gitops', GITOPS],
];

/**
 * The sample team with an open pull request, releases and annotated tags, and for `gitops` the repository of its clusters.
 *
 * @param every - every how many deployments there is a release.
 */
export function sampleFor(source: string, every = 1): World {
  const world = withOpenPull();
  world.releases = world.deployments
    .filter((_, i) => i % every === 0)
    .map((deployment, i) => ({
      tag: `v1.${i}`,
      sha: deployment.sha,
      createdAt: deployment.createdAt,
      publishedAt: deployment.statuses.at(-1)?.createdAt ?? deployment.createdAt,
      author: 'mira',
    }));
  world.tags = world.releases.map(({ tag: name, sha, publishedAt }) => ({
    name,
    sha,
    ...(publishedAt ? { taggedAt: publishedAt } : {}),
  }));
  return source === 'gitops' ? withClusters(world) : world;
}
