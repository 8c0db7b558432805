import { oneLine } from '../model/guard-error.ts';
import type { DeploySource } from './source.ts';
import { releasesFrom } from './tag-lists.ts';
import { TAG_INPUT, type TagOptions, tagPatternIn } from './tag-pattern.ts';

/**
 * Published releases, told as deployments that succeeded when they were published. Drafts and prereleases are not
 * deployments.
 */

export const releases = {
  kind: 'releases',
  inputs: TAG_INPUT,
  parse: (inputs): TagOptions => ({ pattern: tagPatternIn(inputs, '*') }),
  subject: ({ pattern }) => (pattern === '*' ? 'releases' : `releases ${pattern}`),
  opening: () => ({
    declarations: [],
    variables: {},
    selection: releasesFrom(),
  }),
  listOf: () => '',
  // What reads them is loaded where it is asked for.
  open: async (io, _service, options) => (await import('./release-feed.ts')).releaseFeed(io, options),
  explainEmpty: async (_io, _service, { pattern }) =>
    pattern === '*'
      ? 'Input "deploy-source" is "releases"; the repository has no published releases. (Drafts, prereleases and releases that are older than their commit are none.) Accepted: deployments or workflow, where that is how it deploys.'
      : `Input "deploy-tag" is "${oneLine(pattern)}"; no published release has a tag like that. Accepted: the tag of a release, with * for any characters, such as api-v*.`,
} satisfies DeploySource<TagOptions>;
