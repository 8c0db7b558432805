import type { ServiceName } from '../model/service.ts';
import { type Block, paragraph } from '../report/blocks.ts';
import { footerOf, markerOf } from './marker.ts';
import { type OverdueComment, withoutAge } from '../report/overdue.ts';
import { commentOf, MOST_COMMENTS, whyNot } from './on-pull-requests.ts';
import {
  NOTHING_PUBLISHED,
  type Published,
  type PublishOptions,
  writeOrFallBack,
} from './publish-options.ts';

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
  const unwritten = { ...NOTHING_PUBLISHED, extra: inSummary(comments) };
  if (notToComment !== null) return { ...unwritten, notices: [notToComment] };
  const marker = markerOf('overdue', name, options.guard);
  const footer = footerOf(name, options.footer, 'comment: never');
  return writeOrFallBack(unwritten, async () => {
    const { keepComments } = await import('../github/threads/comments.ts');
    const kept = await keepComments(
      options.repo,
      options.writer,
      marker,
      new Map(comments.map(({ number, blocks }) => [number, commentOf([...blocks, footer], marker)])),
      {
        isNew: (number) => comments.some((comment) => comment.number === number && comment.isNew),
        content: withoutAge,
        most: MOST_COMMENTS,
      },
    );
    return {
      ...NOTHING_PUBLISHED,
      commentUrl: [...kept.written.values()][0]?.url ?? '',
      extra: inSummary(comments.filter(({ number }) => kept.failed.has(number))),
      notices: whyNot(kept),
    };
  });
}
