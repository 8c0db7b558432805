import { oneLine } from '../model/guard-error.ts';
import type { DeploySource } from './source.ts';
import { tagsFrom } from './tag-lists.ts';
import { TAG_INPUT, type TagOptions } from './tag-pattern.ts';

/**
 * Annotated tags as deployments that succeed when they are made, by the tagger's clock. A lightweight tag has no time:
 * it ships its changes without a lead time. GitHub orders tags by commit date, so that is their creation time here.
 */

export const tags = {
  kind: 'tags',
  inputs: TAG_INPUT,
  parse: (inputs): TagOptions => ({ pattern: inputs['deploy-tag'] || 'v*' }),
  subject: ({ pattern }) => `tags ${pattern}`,
  opening: () => ({ selection: tagsFrom() }),
  listOf: () => '',
  open: async (io, _service, options) => (await import('./tag-feed.ts')).tagFeed(io, options),
  explainEmpty: async (_io, _service, { pattern }) =>
    `Input "deploy-tag" is "${oneLine(pattern)}"; no tag in the repository matches. Accepted: the name of a tag, with * for any characters, such as v*.`,
} satisfies DeploySource<TagOptions>;
