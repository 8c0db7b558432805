import { keepComments } from '../github/threads/comments.ts';
import type { MeasuredMergeset } from '../measure/measured.ts';
import type { UnitAnswer } from '../report/answer.ts';
import type { Block } from '../report/blocks.ts';
import { markdown } from '../report/render/markdown.ts';
import { isWrong, shippedComment } from '../report/shipped.ts';
import { markerOf } from '../report/marker.ts';
import { counted } from '../report/words.ts';
import { orElse, SILENT, type Told, type Voice } from './voice.ts';

/** More comments than this for one deployment would be a flood. */
const MOST_COMMENTS = 25;

export async function commentOnOpen(blocks: Block[], voice: Voice): Promise<Told> {
  const { pullRequest } = voice;
  // A merge group has no pull request of its own to comment on.
  if (pullRequest === null || voice.comment === 'never') return { ...SILENT, extra: blocks };
  const marker = markerOf('preview', voice.environment);
  const body = markdown(blocks, { surface: 'thread', marker });
  return orElse(
    { ...SILENT, extra: blocks },
    'Add "permissions: pull-requests: write" to the job to have it as a comment. (For pull requests of forks and of Dependabot only the pull_request_target event may.)',
    async () => {
      const written = await keepComments(voice.repo, voice.writer, marker, new Map([[pullRequest, body]]));
      return { ...SILENT, commentUrl: written.get(pullRequest)?.url ?? '' };
    },
  );
}

export async function commentOnShipped(answer: UnitAnswer, voice: Voice): Promise<Told> {
  const { judged, target } = answer;
  if (judged === null || voice.comment === 'never') return SILENT;
  const due = judged.mergesets.filter(
    (each) =>
      each.kind === 'pull-request' &&
      each.leadTimeSeconds !== null &&
      (voice.comment === 'always' || isWrong(each, judged, target.thresholdSeconds)),
  );
  if (due.length === 0) return SILENT;

  if (!voice.isOfADeployment)
    return {
      ...SILENT,
      notices: ['What started this run made no deployment: it is judged again, and nothing is commented.'],
    };
  const marker = markerOf('shipped', voice.environment);
  const textOf = (each: MeasuredMergeset) => {
    const wrong = isWrong(each, judged, target.thresholdSeconds);
    return shippedComment(each, judged, answer, wrong ? mentioned(voice, each) : []);
  };
  const bodies = new Map(
    due
      .slice(0, MOST_COMMENTS)
      .flatMap((each) =>
        each.number === null
          ? []
          : [[each.number, markdown(textOf(each), { surface: 'thread', marker })] as const],
      ),
  );
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
  const unsaid = due.slice(0, MOST_COMMENTS).flatMap((each) => shippedComment(each, judged, answer, []));
  return orElse(
    { ...SILENT, extra: [...unsaid, ...beyond] },
    'Add "permissions: pull-requests: write" to the job to have it as a comment.',
    async () => {
      const written = await keepComments(voice.repo, voice.writer, marker, bodies);
      return { ...SILENT, commentUrl: [...written.values()][0]?.url ?? '', extra: beyond };
    },
  );
}

/** The author of this change, where a person can be told, and the handles that the team gave. */
function mentioned({ mention }: Voice, change: MeasuredMergeset): string[] {
  const author = mention.authors && change.author && !change.author.isBot ? [change.author.login] : [];
  return [...new Set([...author, ...mention.handles])];
}
