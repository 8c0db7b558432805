import { type KeptComments, keepComments, type Text } from '../github/threads/comments.ts';
import type { GuardError } from '../model/guard-error.ts';
import type { Marker } from '../model/marked-text.ts';
import type { UnitName } from '../model/unit.ts';
import type { MeasuredMergeset } from '../measure/measured.ts';
import type { UnitAnswer } from '../report/answer.ts';
import type { Block } from '../report/blocks.ts';
import { markerOf, signed } from '../report/marker.ts';
import { markdown, THREAD_LIMIT } from '../report/render/markdown.ts';
import { isWrong, shippedComment } from '../report/shipped.ts';
import { counted } from '../report/words.ts';
import { notWritten, orElse, SILENT, type Told, type Voice } from './voice.ts';

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
  name: UnitName,
  voice: Voice,
  unfit: string | null,
): Promise<Told> {
  const unsaid = { ...SILENT, extra: blocks };
  const { pullRequest } = voice;
  if (voice.comment === 'never') return unsaid;
  if (unfit !== null) return { ...unsaid, notices: [unfit] };
  if (pullRequest === null) {
    // A merge group is of several pull requests, each of which had its comment.
    if (voice.eventName === 'merge_group') return unsaid;
    return {
      ...unsaid,
      notices: [
        `Mode pull-request, and the event${voice.eventName ? ` ${voice.eventName}` : ''} is about no pull request: nothing is commented; the job summary has it. Input "pull-request" takes its number.`,
      ],
    };
  }
  const marker = markerOf('preview', name);
  const text = commentOf([...blocks, signed(name)], marker);
  return orElse(unsaid, async () => {
    const kept = await keepComments(voice.repo, voice.writer, marker, new Map([[pullRequest, text]]));
    const url = kept.written.get(pullRequest)?.url;
    if (url !== undefined) return { ...SILENT, commentUrl: url };
    return { ...unsaid, notices: whyNot(kept) };
  });
}

/** @param unfit - why nothing is commented, for the log; `null`: nothing speaks against it. */
export async function commentOnShipped(
  answer: UnitAnswer,
  voice: Voice,
  unfit: string | null,
): Promise<Told> {
  const { judged, name, target } = answer;
  if (judged === null || voice.comment === 'never') return SILENT;
  const due = judged.mergesets.filter(
    (each) =>
      each.kind === 'pull-request' &&
      each.number !== null &&
      each.leadTimeSeconds !== null &&
      (voice.comment === 'always' || isWrong(each, judged, target.thresholdSeconds)),
  );
  if (due.length === 0) return SILENT;
  if (unfit !== null) return { ...SILENT, notices: [unfit] };
  if (!voice.isOfADeployment)
    return {
      ...SILENT,
      notices: ['What started this run made no deployment: it is judged again, and nothing is commented.'],
    };
  const marker = markerOf('shipped', name);
  const textOf = (each: MeasuredMergeset) => {
    const wrong = isWrong(each, judged, target.thresholdSeconds);
    const blocks = shippedComment(each, judged, answer, wrong ? mentioned(voice, each) : []);
    return commentOf([...blocks, signed(name)], marker);
  };
  const told = due.slice(0, MOST_COMMENTS);
  const beyond: Block[] =
    due.length > MOST_COMMENTS
      ? [
          {
            kind: 'paragraph',
            text: [
              `${counted(due.length - MOST_COMMENTS, 'more pull request')} that deployment ${judged.id} shipped got no comment: ${MOST_COMMENTS} is the most for one deployment.`,
            ],
          },
        ]
      : [];
  const inSummary = (some: readonly MeasuredMergeset[]) => [
    ...some.flatMap((each) => shippedComment(each, judged, answer, [])),
    ...beyond,
  ];
  return orElse({ ...SILENT, extra: inSummary(told) }, async () => {
    const kept = await keepComments(
      voice.repo,
      voice.writer,
      marker,
      new Map(told.map((each) => [each.number ?? 0, textOf(each)])),
    );
    return {
      ...SILENT,
      commentUrl: [...kept.written.values()][0]?.url ?? '',
      extra: inSummary(told.filter((each) => kept.failed.has(each.number ?? 0))),
      notices: whyNot(kept),
    };
  });
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
function mentioned({ mention }: Voice, change: MeasuredMergeset): string[] {
  const author = mention.authors && change.author && !change.author.isBot ? [change.author.login] : [];
  return [...new Set([...author, ...mention.handles])];
}
