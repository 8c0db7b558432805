import { oneLine } from '../model/guard-error.ts';
import type { DeploySource } from './source.ts';
import { releasesFrom } from './tag-lists.ts';
import { TAG_INPUT, type TagOptions } from './tag-pattern.ts';

/** Published releases as deployments that succeed when they are published. Drafts and prereleases do not count. */

export const releases = {
  kind: 'releases',
  inputs: TAG_INPUT,
  parse: (inputs): TagOptions => ({ pattern: inputs['deploy-tag'] || '*' }),
  subject: ({ pattern }) => (pattern === '*' ? 'releases' : `releases ${pattern}`),
  opening: () => ({ selection: releasesFrom() }),
  listOf: () => '',
  open: async (io, _service, options) => (await import('./release-feed.ts')).releaseFeed(io, options),
  explainEmpty: async (_io, _service, { pattern }) =>
    pattern === '*'
      ? 'Input "deploy-source" is "releases"; the repository has no published releases. Drafts, prereleases and releases older than their commit do not count. Accepted: another source, such as deployments or workflow.'
      : `Input "deploy-tag" is "${oneLine(pattern)}"; no published release has a tag that matches. Accepted: the tag of a release, with * for any characters, such as api-v*.`,
} satisfies DeploySource<TagOptions>;
