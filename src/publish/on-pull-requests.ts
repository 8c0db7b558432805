import type { KeptComments, Text } from '../github/threads/comments.ts';
import type { GuardError } from '../model/guard-error.ts';
import type { Marker } from '../model/marked-text.ts';
import type { ServiceName } from '../model/service.ts';
import type { Block } from '../report/blocks.ts';
import type { Report, ReportedChange } from '../report/contract.ts';
import { footOf, markerOf } from '../report/marker.ts';
import { judgedIn, shippedIn } from '../report/parts.ts';
import { markdown, THREAD_LIMIT } from '../report/render/markdown.ts';
import { elsewhereLine, isWrong, shippedComment } from '../report/shipped.ts';
import { counted } from '../report/words.ts';
import { notWritten, orElse, SILENT, type Published, type PublishOptions } from './publish-options.ts';

/** More comments than this for one deployment would be a flood. */
const MOST_COMMENTS = 25;

/** The text of a comment about a unit, as long as what else is in the comment lets it be. */
const commentOf =
  (blocks: readonly Block[], marker: Marker): Text =>
  (taken) =>
    markdown(blocks, { surface: 'thread', marker, limit: THREAD_LIMIT - taken });

/** @param unfit - why nothing is commented, for the log; `null`: nothing speaks against it. */
export async function commentOnOpen(
  blocks: Block[],
  name: ServiceName,
  options: PublishOptions,
  unfit: string | null,
): Promise<Published> {
  const unsaid = { ...SILENT, extra: blocks };
  const { pullRequest } = options;
  if (options.comment === 'never') return unsaid;
  if (unfit !== null) return { ...unsaid, notices: [unfit] };
  if (pullRequest === null) {
    // A merge group is of several pull requests, each of which had its comment.
    if (options.eventName === 'merge_group') return unsaid;
    return {
      ...unsaid,
      notices: [
        `Mode pull-request, and the event${options.eventName ? ` ${options.eventName}` : ''} is about no pull request: nothing is commented; the job summary has it. Input "pull-request" takes its number.`,
      ],
    };
  }
  const marker = markerOf('preview', name);
  const text = commentOf([...blocks, footOf(name, options.written, 'comment: never')], marker);
  return orElse(unsaid, async () => {
    const { keepComments } = await import('../github/threads/comments.ts');
    const kept = await keepComments(options.repo, options.writer, marker, new Map([[pullRequest, text]]));
    const url = kept.written.get(pullRequest)?.url;
    if (url !== undefined) return { ...SILENT, commentUrl: url };
    return { ...unsaid, notices: whyNot(kept) };
  });
}

/** What there is to say on a change that was shipped, and what it is without anybody named. */
interface Due {
  number: number;
  blocks: Block[];
  unnamed: Block[];
}

function dueOf(report: Report, others: readonly Report[], options: PublishOptions): Due[] {
  const judged = judgedIn(report);
  if (judged === null) return [];
  return shippedIn(report)(judged).flatMap((mergeset): Due[] => {
    const wrong = isWrong(mergeset, judged, report.target.thresholdSeconds);
    if (mergeset.kind !== 'pull-request' || mergeset.number === null || mergeset.leadTimeSeconds === null)
      return [];
    if (options.comment !== 'always' && !wrong) return [];
    const { number } = mergeset;
    const beside = others.flatMap((other) => elsewhereLine(number, other));
    return [
      {
        number,
        blocks: [
          ...shippedComment(mergeset, judged, report, wrong ? mentioned(options, mergeset) : []),
          ...beside,
        ],
        unnamed: shippedComment(mergeset, judged, report, []),
      },
    ];
  });
}

/**
 * One comment on each change that was shipped, of all units that have shipped it just now.
 *
 * @param name - whose texts they are: a unit's, or that of all of them.
 * @param unfit - why nothing is commented, for the log; `null`: nothing speaks against it.
 */
export async function commentOnShipped(
  reports: readonly Report[],
  name: ServiceName,
  options: PublishOptions,
  unfit: string | null,
): Promise<Published> {
  if (options.comment === 'never') return SILENT;
  const byNumber = new Map<number, Due>();
  for (const report of reports)
    for (const due of dueOf(
      report,
      reports.filter((other) => other !== report && !hasShipped(other, report)),
      options,
    )) {
      const before = byNumber.get(due.number);
      byNumber.set(due.number, {
        number: due.number,
        blocks: [...(before?.blocks ?? []), ...due.blocks],
        unnamed: [...(before?.unnamed ?? []), ...due.unnamed],
      });
    }
  const due = [...byNumber.values()];
  if (due.length === 0) return SILENT;
  if (unfit !== null) return { ...SILENT, notices: [unfit] };
  if (!options.isOfADeployment)
    return {
      ...SILENT,
      notices: ['What started this run made no deployment: it is judged again, and nothing is commented.'],
    };
  const marker = markerOf('shipped', name);
  const told = due.slice(0, MOST_COMMENTS);
  const shipping = reports.flatMap((report) => report.judged ?? []);
  const beyond: Block[] =
    due.length > MOST_COMMENTS
      ? [
          {
            kind: 'paragraph',
            text: [
              `${counted(due.length - MOST_COMMENTS, 'more pull request')} that deployment ${shipping.join(', ')} shipped got no comment: ${MOST_COMMENTS} is the most for one deployment.`,
            ],
          },
        ]
      : [];
  const inSummary = (some: readonly Due[]) => [...some.flatMap((due) => due.unnamed), ...beyond];
  return orElse({ ...SILENT, extra: inSummary(told) }, async () => {
    const { keepComments } = await import('../github/threads/comments.ts');
    const kept = await keepComments(
      options.repo,
      options.writer,
      marker,
      new Map(
        told.map((due) => [
          due.number,
          commentOf([...due.blocks, footOf(name, options.written, 'comment: never')], marker),
        ]),
      ),
    );
    return {
      ...SILENT,
      commentUrl: [...kept.written.values()][0]?.url ?? '',
      extra: inSummary(told.filter((due) => kept.failed.has(due.number))),
      notices: whyNot(kept),
    };
  });
}

/** Whether both have a deployment that was judged: then each speaks for itself. */
function hasShipped(other: Report, report: Report): boolean {
  const [theirs, own] = [judgedIn(other)?.mergesets ?? [], judgedIn(report)?.mergesets ?? []];
  return theirs.some((each) => own.includes(each));
}

/** One notice: which threads got no comment, each with the reason that GitHub gave. */
function whyNot({ failed }: KeptComments): string[] {
  if (failed.size === 0) return [];
  const byReason = new Map<string, number[]>();
  for (const [number, error] of failed)
    byReason.set(reasonOf(error), [...(byReason.get(reasonOf(error)) ?? []), number]);
  const parts = [...byReason].map(
    ([reason, numbers]) => `#${numbers.join(', #')}: ${reason.replace(/\.?$/, '.')}`,
  );
  return [`No comment on ${parts.join(' ')} What was to be written is in the job summary.`];
}

/** Requests name their thread's own address, by which no two reasons would be one. */
const reasonOf = (error: GuardError) =>
  notWritten(error).replace(/\/issues\/(?:comments\/)?\d+/, '/issues/…');

/** The author of this change, where a person can be told, and the handles that the team gave. */
function mentioned({ mention }: PublishOptions, change: ReportedChange): string[] {
  const author = mention.authors && change.author !== null && !change.bot ? [change.author] : [];
  return [...new Set([...author, ...mention.handles])];
}
