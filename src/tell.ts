import type { Config } from './config/config.ts';
import { GuardError } from './model/guard-error.ts';
import type { GitHub, GitHubWriter } from './github/client.ts';
import { NotAllowed } from './github/errors.ts';
import type { Place } from './github/history/history.ts';
import { closeIssue, keepComments, keepIssueOpen, ownIssues } from './github/threads.ts';
import type { MeasuredMergeset, Measures } from './measure/measure.ts';
import type { Block } from './report/blocks.ts';
import { markdown } from './report/render/markdown.ts';
import {
  closingComment,
  isWrong,
  markerOf,
  previewComment,
  setUpComment,
  shippedComment,
  weeklyIssue,
} from './report/threads.ts';
import { hiddenWeeks, weekOf, weeksIn, withWeek } from './report/weeks.ts';
import { counted } from './report/words.ts';

/** More comments than this for one deployment would be a flood. */
const MOST_COMMENTS = 25;

/** What became of the telling. It never changes the verdict: what could not be written goes to the summary instead. */
export interface Told {
  commentUrl: string;
  issueUrl: string;
  /** For the log: what could not be written, and what would let it. */
  notices: string[];
  /** For the summary: what was to be written and could not be, or is not written anywhere else. */
  extra: Block[];
}

export interface Voice {
  github: GitHub;
  writer: GitHubWriter;
}

const SILENT: Told = { commentUrl: '', issueUrl: '', notices: [], extra: [] };

/** Says it where the team looks: on the open pull request, on the shipped ones, or in the weekly issue. */
export async function tell(measures: Measures, config: Config, voice: Voice): Promise<Told> {
  if (config.mode === 'pull-request')
    return tellOpen(previewComment(measures, config.surroundings.pullRequest), config, voice);
  return config.mode === 'guard' ? tellShipped(measures, config, voice) : tellWeek(measures, config, voice);
}

/** Says on an open pull request that nothing is known yet, and why. */
export function tellUnknown(reason: string, config: Config, voice: Voice): Promise<Told> {
  return tellOpen(setUpComment(reason), config, voice);
}

async function tellOpen(blocks: Block[], config: Config, { github, writer }: Voice): Promise<Told> {
  const { pullRequest } = config.surroundings;
  // A merge group has no pull request of its own to comment on.
  if (pullRequest === null || config.comment === 'never') return { ...SILENT, extra: blocks };
  const marker = markerOf('preview', config.environment);
  const body = markdown(blocks, { place: 'thread', marker });
  return orElse(
    { ...SILENT, extra: blocks },
    'Add "permissions: pull-requests: write" to the job to have it as a comment. (For pull requests of forks and of Dependabot only the pull_request_target event may.)',
    async () => {
      const written = await keepComments(
        github,
        writer,
        placeOf(config),
        marker,
        new Map([[pullRequest, body]]),
      );
      return { ...SILENT, commentUrl: written.get(pullRequest)?.url ?? '' };
    },
  );
}

async function tellShipped(measures: Measures, config: Config, { github, writer }: Voice): Promise<Told> {
  const { judged, target } = measures;
  if (judged === null || config.comment === 'never') return SILENT;
  const due = judged.mergesets.filter(
    (each) =>
      each.kind === 'pull-request' &&
      each.leadTimeSeconds !== null &&
      (config.comment === 'always' || isWrong(each, judged, target.thresholdSeconds)),
  );
  if (due.length === 0) return SILENT;

  const marker = markerOf('shipped', config.environment);
  const textOf = (each: MeasuredMergeset) => {
    const wrong = isWrong(each, judged, target.thresholdSeconds);
    return shippedComment(each, judged, measures, wrong ? mentioned(config, each) : []);
  };
  const bodies = new Map(
    due
      .slice(0, MOST_COMMENTS)
      .flatMap((each) =>
        each.number === null
          ? []
          : [[each.number, markdown(textOf(each), { place: 'thread', marker })] as const],
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
  const unsaid = due.slice(0, MOST_COMMENTS).flatMap((each) => shippedComment(each, judged, measures, []));
  return orElse(
    { ...SILENT, extra: [...unsaid, ...beyond] },
    'Add "permissions: pull-requests: write" to the job to have it as a comment.',
    async () => {
      const written = await keepComments(github, writer, placeOf(config), marker, bodies);
      return { ...SILENT, commentUrl: [...written.values()][0]?.url ?? '', extra: beyond };
    },
  );
}

/** The author of this change, where a person can be told, and the handles that the team gave. */
function mentioned({ mention }: Config, change: MeasuredMergeset): string[] {
  const author = mention.authors && change.author && !change.author.isBot ? [change.author.login] : [];
  return [...new Set([...author, ...mention.handles])];
}

async function tellWeek(measures: Measures, config: Config, { github, writer }: Voice): Promise<Told> {
  if (config.issue === 'never') return SILENT;
  const place = placeOf(config);
  const marker = markerOf('weekly', config.environment);
  const { status } = measures;
  const textOf = (weeks: ReturnType<typeof weeksIn>) => {
    const { title, blocks } = weeklyIssue(
      measures,
      weeks,
      status === 'drifted' ? config.mention.handles : [],
    );
    return { title, body: markdown(blocks, { place: 'thread', marker: `${marker}\n${hiddenWeeks(weeks)}` }) };
  };
  const week = weekOf(measures);
  return orElse(
    status === 'drifted' ? { ...SILENT, extra: weeklyIssue(measures, [week], []).blocks } : SILENT,
    'Add "permissions: issues: write" to the job to have it as an issue.',
    async () => {
      const [own] = await ownIssues(github, place, config.issueLabel, marker);
      if (status !== 'drifted' && own?.state !== 'OPEN') return SILENT;
      const text = textOf(withWeek(own ? weeksIn(own.body) : [], week));
      if (own && status === 'on-target') {
        const closedMarker = `${markerOf('closed', config.environment)}<!-- ${week.week} -->`;
        const comment = markdown(closingComment(measures), { place: 'thread', marker: closedMarker });
        const written = await closeIssue(github, writer, place, own, text, closedMarker, comment);
        return { ...SILENT, issueUrl: written.url };
      }
      const written = await keepIssueOpen(github, writer, place, config.issueLabel, marker, own, text);
      return { ...SILENT, issueUrl: written.url };
    },
  );
}

/** Tries to write; where the token may not, or GitHub does not let it, falls back to what can be said without. */
async function orElse(unsaid: Told, remedy: string, write: () => Promise<Told>): Promise<Told> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    const notice =
      error instanceof NotAllowed
        ? `${error.message} It is in the job summary instead. ${remedy}`
        : `${error.message} What was to be written is in the job summary.`;
    return { ...unsaid, notices: [notice] };
  }
}

function placeOf({ owner, repo }: Config): Place {
  return { owner, name: repo };
}
