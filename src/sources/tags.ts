import { oneLine } from '../model/guard-error.ts';
import type { DeploySource } from './source.ts';
import { tagsFrom } from './tag-lists.ts';
import { TAG_INPUT, type TagOptions, tagPatternIn } from './tag-pattern.ts';

/**
 * Annotated tags, told as deployments that succeeded when they were made, by the tagger's clock. A lightweight tag has
 * no time of its own: it is a success at an unknown one, and what it ships is left untimed. GitHub lists tags by the
 * dates of their commits, so that is when they count as created.
 */

export const tags = {
  kind: 'tags',
  inputs: TAG_INPUT,
  parse: (inputs) => ({ pattern: tagPatternIn(inputs, 'v*') }),
  subject: ({ pattern }) => `tags ${pattern}`,
  opening: () => ({
    declarations: [],
    variables: {},
    selection: tagsFrom(),
  }),
  listOf: () => '',
  // What reads them is loaded where it is asked for.
  open: async (io, _service, options) => (await import('./tag-feed.ts')).tagFeed(io, options),
  explainEmpty: async (_io, _service, { pattern }) =>
    `Input "deploy-tag" is "${oneLine(pattern)}"; the repository has no tag like that. Accepted: the name of a tag, with * for any characters, such as v*.`,
} satisfies DeploySource<TagOptions>;
