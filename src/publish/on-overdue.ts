import type { ServiceName } from '../model/service.ts';
import { type Block, paragraph } from '../report/blocks.ts';
import { type OverdueComment, withoutAge } from './texts/overdue.ts';
import { MOST_COMMENTS, writeComments } from './on-pull-requests.ts';
import { NOTHING_PUBLISHED, type Published, type PublishOptions } from './publish-options.ts';

/**
 * Keeps one comment on each overdue change. A run writes at most 25; the next one writes the others.
 *
 * @param name - the name of the texts: one service, or all of them.
 * @param notToComment - why no comment may be written, for the log; `null`: it may.
 */
export async function commentOnOverdue(
  comments: readonly OverdueComment[],
  name: ServiceName,
  options: PublishOptions,
  notToComment: string | null,
): Promise<Published> {
  const inSummary = (unwritten: readonly OverdueComment[]): Block[] =>
    unwritten
      .filter(({ isNew }) => isNew)
      .flatMap(({ number, blocks }) => [paragraph({ text: `#${number}`, strong: true }), ...blocks]);
  if (notToComment !== null)
    return { ...NOTHING_PUBLISHED, extra: inSummary(comments), notices: [notToComment] };
  return writeComments('overdue', comments, name, options, inSummary, {
    isNew: (number) => comments.some((comment) => comment.number === number && comment.isNew),
    content: withoutAge,
    most: MOST_COMMENTS,
  });
}
