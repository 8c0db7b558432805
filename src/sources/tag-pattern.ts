import type { SourceInput } from './source.ts';

/** The input for the tags that count, shared by the sources `tags` and `releases`. */

export const TAG_INPUT = {
  'deploy-tag': {
    default: '',
    isInput: true,
    accepts: {
      pattern: '^[^\\s~^:?[\\\\]{1,200}$',
      words: 'the name of a tag, with * for any characters, such as v*',
    },
    description:
      'Tags that count as deployments. `*` matches any characters. Source `tags` needs annotated tags. Defaults to `v*` for `tags`, all for `releases`.',
  },
} satisfies Record<string, SourceInput>;

export interface TagOptions {
  pattern: string;
}
