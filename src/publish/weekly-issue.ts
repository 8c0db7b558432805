import { keepComments } from '../github/threads/comments.ts';
import {
  changeIssue,
  closeDuplicate,
  type FoundIssues,
  type Issue,
  issuesBy,
  openIssue,
} from '../github/threads/issues.ts';
import { Refused, Unreadable } from '../github/errors.ts';
import { type GuardError, oneLine } from '../model/guard-error.ts';
import { isMarked, type Marker, type Region, regionIn, unmarked, withRegion } from '../model/marked-text.ts';
import { footOf, markerOf } from '../report/marker.ts';
import { markdown, THREAD_LIMIT } from '../report/render/markdown.ts';
import { hiddenAlerts } from '../report/alert-record.ts';
import type { WeeklyStory } from '../report/weekly.ts';
import {
  allWeeks,
  hiddenWeeks,
  isOlder,
  spellOf,
  type Week,
  weeksIn,
  withWeek,
  withWeeks,
} from '../report/weeks.ts';
import { cut, issuesOf, LONGEST_LABEL, WORDS } from './issues-found.ts';
import {
  isPast,
  notWritten,
  ofThePast,
  orElse,
  SILENT,
  type Published,
  type PublishOptions,
} from './publish-options.ts';

/** Keeps the one issue of the weeks: open while the alert is on, closed when it is left. */

/** GitHub refuses a longer one. */
const LONGEST_TITLE = 256;

/** The issue as it would be this week. */
interface WeeklyText {
  week: Week;
  marker: Marker;
  label: string;
  title: string;
  /** The body, with the weeks before, among what else is in it. */
  body(weeks: readonly Week[], region: Region): string;
  notices: string[];
}

export async function keepWeek(story: WeeklyStory, options: PublishOptions): Promise<Published> {
  if (options.issue === 'never') return SILENT;
  if (isPast(story.report) && options.issue !== 'always') return { ...SILENT, notices: [ofThePast('issue')] };
  const isOnAlert = story.alert === true;
  const text = weeklyText(story, isOnAlert ? options.mention.handles : [], options);
  const unsaid = isOnAlert ? { ...SILENT, extra: story.issue([text.week], []).blocks } : SILENT;
  return orElse(unsaid, async () => {
    const found = await issuesOf(options);
    const [own, ...twins] = ownIn(found, story, text);
    if (own) return tellIn(own, twins, story, text, options);
    const theirs = theirsIn(found, text);
    if (theirs) return { ...unsaid, notices: [ofAnotherToken(theirs)] };
    return isOnAlert ? open(found, story, text, options) : SILENT;
  });
}

function weeklyText(
  story: WeeklyStory,
  mention: readonly string[],
  { issueLabel: givenLabel, written: told }: Pick<PublishOptions, 'issueLabel' | 'written'>,
): WeeklyText {
  const marker = markerOf('weekly', story.name);
  const label = cut(givenLabel, LONGEST_LABEL);
  const whole = story.issue([], []).title;
  const title = cut(whole, LONGEST_TITLE);
  return {
    week: story.week,
    marker,
    label,
    title,
    body(weeks, region) {
      const { blocks } = story.issue(weeks, mention);
      const own = markdown([...blocks, footOf(story.name, told, 'issue: never')], {
        surface: 'thread',
        marker: {
          begin: [marker.begin, hiddenWeeks(weeks), hiddenAlerts(story.alerts)].join('\n'),
          end: marker.end,
        },
        limit: THREAD_LIMIT - Buffer.byteLength(region.before + region.after),
      });
      return withRegion(region, own);
    },
    notices: [
      ...(label === givenLabel
        ? []
        : [
            `Input "issue-label" is longer than the ${LONGEST_LABEL} characters that a label may have: "${label}" is taken.`,
          ]),
      ...(title === whole
        ? []
        : [`The issue's title is cut to the ${LONGEST_TITLE} characters that GitHub takes.`]),
    ],
  };
}

/**
 * Those of a unit that this token wrote, oldest first: by their markers, or, where a person took those away, by their
 * label and the form of their title.
 */
function ownIn({ issues }: FoundIssues, story: WeeklyStory, { marker, label }: WeeklyText): Issue[] {
  const own = issues.filter((issue) => issue.isOwn);
  const marked = own.filter((issue) => regionIn(issue.body, marker) !== null);
  if (marked.length > 0) return marked;
  return own
    .filter(
      (issue) =>
        issue.labels.includes(label) && story.hasTitle(issue.title) && !isMarked(issue.body, 'weekly'),
    )
    .slice(0, 1);
}

const NOTHING: Region = { before: '', text: '', after: '' };
const regionOf = (body: string, marker: Marker): Region =>
  regionIn(body, marker) ?? { ...NOTHING, before: body.replaceAll('\r\n', '\n') };

/** Brings the issue up to date: with what its twins knew, open or closed as the week has it. */
async function tellIn(
  own: Issue,
  twins: readonly Issue[],
  story: WeeklyStory,
  text: WeeklyText,
  { issueRepo: repo, writer }: PublishOptions,
): Promise<Published> {
  const { label, marker, week } = text;
  const all = [own, ...twins];
  const before = allWeeks(all.map((issue) => weeksIn(issue.body)));
  const wasOpen = all.some((issue) => issue.state === 'OPEN');
  const isLate = isOlder(week, before);
  const isNews = !isLate && (wasOpen || story.alert === true);
  const notices = isLate
    ? [
        `Issue #${own.number} tells of the week of ${before.at(-1)?.week} already, which is later than what was asked about: nothing is changed.`,
      ]
    : [];
  if (!isNews && twins.length === 0) return { ...SILENT, issueUrl: wasOpen ? own.url : '', notices };

  const closes = isNews && wasOpen && story.alert === false;
  if (closes) {
    // The comment first: what is closed is not looked at again.
    const closed = markerOf('closed', story.name, spellOf(week, before));
    const comment = markdown(story.closing, { surface: 'thread', marker: closed });
    const kept = await keepComments(repo, writer, closed, new Map([[own.number, () => comment]]));
    const refused = kept.failed.get(own.number);
    if (refused && !isForGood(refused)) throw refused;
    if (refused) notices.push(`No closing comment on issue #${own.number}: ${notWritten(refused)}`);
  }
  const region = regionOf(own.body, marker);
  const words = isNews
    ? { title: text.title, body: text.body(withWeek(before, week), region) }
    : { title: own.title, body: withRegion(region, withWeeks(newestOf(all, marker), before)) };
  if (isNews) notices.push(...text.notices);
  const state = (isNews ? !closes : wasOpen) ? 'open' : 'closed';
  const { url } = await changeIssue(repo, writer, label, own, words, state);
  for (const twin of twins)
    await closeDuplicate(
      repo,
      writer,
      label,
      twin,
      `Told in #${own.number}, so this is closed.\n\n${unmarked(twin.body, marker)}`,
    );
  return { ...SILENT, issueUrl: url, notices };
}

/** What those texts say that is ours, by the one that tells of the latest. */
function newestOf(all: readonly Issue[], marker: Marker): string {
  const latest = (issue: Issue) => weeksIn(issue.body).at(-1)?.to ?? '';
  const [newest] = all.toSorted((a, b) => latest(b).localeCompare(latest(a)));
  return newest ? regionOf(newest.body, marker).text : '';
}

/** Whether a further try would be refused alike: then it is not waited for. */
const isForGood = (error: GuardError) => error instanceof Refused && error.reach !== 'token';

/** The open one that another token keeps for this unit, where whoever wrote it is of the team. */
function theirsIn({ issues }: FoundIssues, { marker }: WeeklyText): Issue | undefined {
  return issues.find(
    (issue) =>
      !issue.isOwn && issue.isOfTheTeam && issue.state === 'OPEN' && regionIn(issue.body, marker) !== null,
  );
}

const ofAnotherToken = ({ number, author }: Issue) =>
  `Issue #${number} is this guard's, and was written with another token (${oneLine(author, 60)}): it is left as it is, and no second one is opened. Close it to have one of this token, or give "github-token" the token that wrote it.`;

/** Opens the issue, and looks again, as another run may have done the same. */
async function open(
  found: FoundIssues,
  story: WeeklyStory,
  text: WeeklyText,
  options: PublishOptions,
): Promise<Published> {
  const { issueRepo: repo, writer } = options;
  const { label } = text;
  const notices = [
    ...text.notices,
    ...(found.unsearched === null
      ? []
      : [
          `Issues were looked for by their label alone (${found.unsearched}). Should there be another one, it is closed as a duplicate by a later run.`,
        ]),
  ];
  const body = text.body([text.week], NOTHING);
  const made = await openIssue(repo, writer, label, { title: text.title, body }).catch((error: unknown) => {
    // It may be there all the same.
    if (!(error instanceof Unreadable)) throw error;
    return error;
  });
  const again = await issuesBy(repo, label, WORDS);
  const all = ownIn(again, story, text);
  const [oldest, ...twins] = all;
  if (oldest && twins.length > 0) await tellIn(oldest, twins, story, text, options);
  if (made instanceof Unreadable) {
    if (!oldest) throw made;
    return { ...SILENT, issueUrl: oldest.url, notices };
  }
  if (oldest) return { ...SILENT, issueUrl: oldest.url, notices };
  return {
    ...SILENT,
    issueUrl: made.url,
    notices: [
      ...notices,
      `The issue was opened (${made.url}) and cannot be found again by its label "${label}" or its words. If it stays so, the next run opens another: see that the token may set labels ("permissions: issues: write").`,
    ],
  };
}
