import type { CommentText, KeepOptions, KeptComments } from '../github/threads/comments.ts';
import type { GuardError } from '../model/guard-error.ts';
import type { TextKind } from '../model/marked-text.ts';
import type { ServiceName } from '../model/service.ts';
import { type Block, paragraph } from '../report/blocks.ts';
import type { Report, ReportedChange } from '../report/contract.ts';
import { footerOf, markerOf } from './marker.ts';
import { judgedIn, shippedIn } from '../report/parts.ts';
import { markdown, THREAD_LIMIT } from '../report/render/markdown.ts';
import { elsewhereLine, isWrong, shippedComment } from './texts/shipped.ts';
import { counted } from '../report/words.ts';
import {
  IN_SUMMARY,
  reasonNotWritten,
  writeOrFallBack,
  NOTHING_PUBLISHED,
  type Published,
  type PublishOptions,
} from './publish-options.ts';

/** Comments for one deployment, or for one run on overdue changes. */
export const MOST_COMMENTS = 25;

/**
 * Keeps one comment on each pull request.
 *
 * @param inSummary - the blocks for the job summary about comments that were not written.
 */
export async function writeComments<T extends { number: number; blocks: readonly Block[] }>(
  kind: TextKind,
  comments: readonly T[],
  name: ServiceName,
  options: PublishOptions,
  inSummary: (unwritten: readonly T[]) => Block[],
  keep: KeepOptions = {},
): Promise<Published> {
  const marker = markerOf(kind, name, options.guard);
  const footer = footerOf(name, options.footer, 'comment: never');
  // The text is shortened to the room that other text in the comment leaves.
  const textOf =
    (blocks: readonly Block[]): CommentText =>
    (taken) =>
      markdown([...blocks, footer], { surface: 'thread', marker, limit: THREAD_LIMIT - taken });
  return writeOrFallBack({ ...NOTHING_PUBLISHED, extra: inSummary(comments) }, async () => {
    const { keepComments } = await import('../github/threads/comments.ts');
    const texts = new Map(comments.map(({ number, blocks }) => [number, textOf(blocks)]));
    const kept = await keepComments(options.repo, options.writer, marker, texts, keep);
    return {
      ...NOTHING_PUBLISHED,
      commentUrl: [...kept.written.values()][0]?.url ?? '',
      extra: inSummary(comments.filter(({ number }) => kept.failed.has(number))),
      notices: whyNot(kept),
    };
  });
}

/** @param notToComment - why no comment may be written, for the log; `null`: it may. */
export async function commentOnOpen(
  blocks: Block[],
  name: ServiceName,
  options: PublishOptions,
  notToComment: string | null,
): Promise<Published> {
  const inSummary = { ...NOTHING_PUBLISHED, extra: blocks };
  const { pullRequest } = options;
  if (options.comment === 'never') return inSummary;
  if (notToComment !== null) return { ...inSummary, notices: [notToComment] };
  if (pullRequest === null) {
    // The pull requests of a merge group already have their comments.
    if (options.eventName === 'merge_group') return inSummary;
    const event = options.eventName ? `The event "${options.eventName}"` : 'The event';
    return {
      ...inSummary,
      notices: [
        `${event} has no pull request, so no comment was posted. ${IN_SUMMARY} Set "pull-request" to the number of one.`,
      ],
    };
  }
  const comments = [{ number: pullRequest, blocks }];
  return writeComments('preview', comments, name, options, (unwritten) =>
    unwritten.flatMap((comment) => comment.blocks),
  );
}

/** The comment on a shipped change, and the same without mentions for the job summary. */
interface ShippedText {
  number: number;
  blocks: Block[];
  withoutMentions: Block[];
}

function textsFor(report: Report, others: readonly Report[], options: PublishOptions): ShippedText[] {
  const judged = judgedIn(report);
  if (judged === null) return [];
  return shippedIn(report)(judged).flatMap((mergeset): ShippedText[] => {
    const wrong = isWrong(mergeset, judged, report.target.thresholdSeconds);
    if (mergeset.kind !== 'pull-request' || mergeset.number === null || mergeset.leadTimeSeconds === null)
      return [];
    if (options.comment !== 'always' && !wrong) return [];
    const { number } = mergeset;
    return [
      {
        number,
        blocks: [
          ...shippedComment(mergeset, judged, report, wrong ? mentioned(options, mergeset) : []),
          ...others.flatMap((other) => elsewhereLine(number, other)),
        ],
        withoutMentions: shippedComment(mergeset, judged, report, []),
      },
    ];
  });
}

/**
 * Keeps one comment on each shipped change, with a section for each service that has just shipped it.
 *
 * @param name - the name of the texts: one service, or all of them.
 * @param notToComment - why no comment may be written, for the log; `null`: it may.
 */
export async function commentOnShipped(
  reports: readonly Report[],
  name: ServiceName,
  options: PublishOptions,
  notToComment: string | null,
): Promise<Published> {
  const byNumber = new Map<number, ShippedText>();
  for (const report of reports)
    for (const { number, blocks, withoutMentions } of textsFor(
      report,
      reports.filter((other) => other !== report && !shipTogether(other, report)),
      options,
    )) {
      const before = byNumber.get(number);
      byNumber.set(number, {
        number,
        blocks: [...(before?.blocks ?? []), ...blocks],
        withoutMentions: [...(before?.withoutMentions ?? []), ...withoutMentions],
      });
    }
  const texts = [...byNumber.values()];
  if (texts.length === 0) return NOTHING_PUBLISHED;
  if (notToComment !== null) return { ...NOTHING_PUBLISHED, notices: [notToComment] };
  if (!options.isDeploymentEvent)
    return {
      ...NOTHING_PUBLISHED,
      notices: [
        'The event that started this run made no deployment, so the newest one was judged again and no comment was posted.',
      ],
    };
  const published = texts.slice(0, MOST_COMMENTS);
  const beyond: Block[] =
    texts.length > MOST_COMMENTS
      ? [
          paragraph(
            `${counted(texts.length - MOST_COMMENTS, 'more pull request')} of this deployment got no comment. The limit is ${MOST_COMMENTS} comments per deployment.`,
          ),
        ]
      : [];
  return writeComments('shipped', published, name, options, (unwritten) => [
    ...unwritten.flatMap(({ withoutMentions }) => withoutMentions),
    ...beyond,
  ]);
}

/** Whether the judged deployments of two services shipped the same change. Then each has its own section. */
function shipTogether(other: Report, report: Report): boolean {
  const shipped = judgedIn(report)?.mergesets ?? [];
  return (judgedIn(other)?.mergesets ?? []).some((mergeset) => shipped.includes(mergeset));
}

/** One notice with the pull requests that got no comment, by the reason that GitHub gave. */
function whyNot({ failed }: KeptComments): string[] {
  if (failed.size === 0) return [];
  const byReason = new Map<string, number[]>();
  for (const [number, error] of failed)
    byReason.set(reasonOf(error), [...(byReason.get(reasonOf(error)) ?? []), number]);
  const parts = [...byReason].map(
    ([reason, numbers]) => `#${numbers.join(', #')}: ${reason.replace(/\.?$/, '.')}`,
  );
  return [`No comment on ${parts.join(' ')} ${IN_SUMMARY}`];
}

/** The reason without the address of its thread, so that equal reasons can be grouped. */
const reasonOf = (error: GuardError) =>
  reasonNotWritten(error).replace(/\/issues\/(?:comments\/)?\d+/, '/issues/…');

/** The author of the change, unless it is a bot, and the handles of the input. */
function mentioned({ mention }: PublishOptions, change: ReportedChange): string[] {
  const author = mention.authors && change.author !== null && !change.bot ? [change.author] : [];
  return [...new Set([...author, ...mention.handles])];
}
