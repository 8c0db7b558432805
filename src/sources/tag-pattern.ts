import { badInput } from '../model/guard-error.ts';
import type { SourceInput } from './source.ts';

/** The input for the tags that count, shared by the sources `tags` and `releases`. */

export const TAG_INPUT = {
  'deploy-tag': {
    default: '',
    isInput: true,
    accepts: { pattern: '^[^\\s~^:?[\\\\]{1,200}$' },
    description:
      'Tags that count as deployments. `*` matches any characters. Source `tags` needs annotated tags. Defaults to `v*` for `tags`, all for `releases`.',
  },
} satisfies Record<string, SourceInput>;

export interface TagOptions {
  pattern: string;
}

/** @throws {GuardError} if no tag can match the pattern. */
export function tagPatternIn(inputs: Readonly<Record<string, string>>, byDefault: string): string {
  const pattern = inputs['deploy-tag'] || byDefault;
  if (!/^[^\s~^:?[\\]{1,200}$/.test(pattern))
    throw badInput('deploy-tag', pattern, 'the name of a tag, with * for any characters, such as v*');
  return pattern;
}
