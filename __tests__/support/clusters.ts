import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';

/** Moves a team's deployments to a GitOps repository. */

export const GITOPS = {
  'deploy-source': 'gitops',
  'gitops-repository': 'octo-org/clusters',
  'gitops-file': 'shop/values.yaml',
};

/** Adds a repository that changes a file for each deployment. A status or a deployment proves two of three changes. */
export function withClusters(world: World): World {
  const config = story('octo-org', 'clusters', '2026-01-01T00:00:00Z');
  for (const [i, { sha, createdAt, statuses }] of world.deployments.entries()) {
    const oid = config.push(createdAt, { message: 'Deploy' });
    const last = config.world.commits.at(-1);
    if (last) last.texts = { [GITOPS['gitops-file']]: `image:\n  tag: ${sha.slice(0, 12)}\n` };
    const success = statuses.find((status) => status.state === 'SUCCESS');
    if (i % 3 === 0 && success && last)
      last.statuses = [
        { context: 'continuous-delivery/shop', state: 'SUCCESS', createdAt: success.createdAt },
      ];
    if (i % 3 === 1 && success)
      config.world.deployments.push({
        id: 100 + i,
        environment: 'production',
        sha: oid,
        createdAt,
        creator: 'argo[bot]',
        statuses: [success],
      });
  }
  return { ...world, deployments: [], others: [config.world] };
}
