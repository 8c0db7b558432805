import {
  changeIssue,
  closeDuplicate,
  type IssueSearch,
  type Issue,
  findIssues,
  openIssue,
} from '../github/threads/issues.ts';
import { Refused, Unreadable } from '../github/errors.ts';
import { type GuardError, oneLine } from '../model/guard-error.ts';
import { isMarked, type Marker, type Region, regionIn, unmarked, withRegion } from '../model/marked-text.ts';
import { markdown, THREAD_LIMIT } from '../report/render/markdown.ts';
import { type Block, paragraph } from '../report/blocks.ts';
import { day } from '../report/words.ts';
import type { WeeklyStory } from './texts/weekly.ts';
import type { Week } from './texts/weeks.ts';
import { hiddenAlerts } from './alert-record.ts';
import { footerOf, markerOf } from './marker.ts';
import { shortened, issuesOf, LONGEST_LABEL, SEARCH_TERM } from './guard-issues.ts';
import {
  isPast,
  reasonNotWritten,
  pastNotice,
  writeOrFallBack,
  NOTHING_PUBLISHED,
  type Published,
  type PublishOptions,
} from './publish-options.ts';
import {
  allWeeks,
  firstWeekOfAlert,
  hiddenWeeks,
  isOlder,
  weeksIn,
  withWeek,
  withWeeks,
} from './week-history.ts';

/** Keeps the weekly issue: open while the alert is on, closed when it ends. */

/** Longest title that GitHub accepts. */
const LONGEST_TITLE = 256;

/** The contents of the issue this week. */
interface WeeklyText {
  marker: Marker;
  label: string;
  title: string;
  /** The body with its history, between the other text of the issue. */
  body(weeks: readonly Week[], region: Region, closing?: readonly Block[]): string;
  notices: string[];
}

export async function keepWeek(story: WeeklyStory, options: PublishOptions): Promise<Published> {
  if (options.issue === 'never') return NOTHING_PUBLISHED;
  if (isPast(story.report) && options.issue !== 'always')
    return { ...NOTHING_PUBLISHED, notices: [pastNotice('issue')] };
  const isOnAlert = story.alert === true;
  const text = weeklyText(story, isOnAlert ? options.mention.handles : [], options);
  const inSummary = isOnAlert
    ? { ...NOTHING_PUBLISHED, extra: story.issue([story.week], []).blocks }
    : NOTHING_PUBLISHED;
  return writeOrFallBack(inSummary, async () => {
    const existing = await issuesOf(options);
    const own = ownIssues(existing, story, text);
    const edited = own.filter((issue) => !issue.isUnedited);
    const replaced =
      edited.length > 0
        ? await (await import('../github/threads/edits.ts')).replacedTexts(
            options.issueRepo,
            edited,
            text.marker,
          )
        : new Map<string, string>();
    const [issue, ...duplicates] = own.filter(({ node }) => !replaced.has(node));
    if (issue) return update(issue, duplicates, story, text, options);
    const kept = own.find(({ node, state }) => replaced.has(node) && state === 'OPEN');
    if (kept)
      return {
        ...inSummary,
        notices: [
          `${oneLine(replaced.get(kept.node) ?? '', 60)} replaced the text of issue #${kept.number}, so it was left alone and no second issue was opened. Close it to get a new one.`,
        ],
      };
    const foreign = issueOfAnotherToken(existing, text);
    if (foreign) return { ...inSummary, notices: [anotherTokenNotice(foreign)] };
    if (!isOnAlert) return NOTHING_PUBLISHED;
    if (!(await options.writer.turn?.())) return open(existing, story, text, options);
    // Another run may have opened it meanwhile.
    delete options.issues;
    return keepWeek(story, options);
  });
}

function weeklyText(
  story: WeeklyStory,
  mention: readonly string[],
  { issueLabel, footer, guard }: Pick<PublishOptions, 'issueLabel' | 'footer' | 'guard'>,
): WeeklyText {
  const marker = markerOf('weekly', story.name, guard);
  const label = shortened(issueLabel, LONGEST_LABEL);
  const fullTitle = story.issue([], []).title;
  const title = shortened(fullTitle, LONGEST_TITLE);
  return {
    marker,
    label,
    title,
    body(weeks, region, closing = []) {
      const { blocks } = story.issue(weeks, mention);
      const text = markdown(
        [...closing, ...blocks, lastChecked(footer.at), footerOf(story.name, footer, 'issue: never')],
        {
          surface: 'thread',
          marker: {
            head: [marker.head, hiddenWeeks(weeks), hiddenAlerts(story.alerts)].join('\n'),
            end: marker.end,
          },
          limit: THREAD_LIMIT - Buffer.byteLength(region.before + region.after),
        },
      );
      return withRegion(region, text);
    },
    notices: [
      label !== issueLabel &&
        `Input "issue-label" was cut to "${label}", because a label has at most ${LONGEST_LABEL} characters.`,
      title !== fullTitle &&
        `The issue's title was cut, because GitHub accepts at most ${LONGEST_TITLE} characters.`,
    ].filter((notice) => notice !== false),
  };
}

/** For an issue that nothing updates any more. */
const lastChecked = (at: Date): Block =>
  paragraph(
    `Last checked on ${day(at)}. While this issue is open, every scheduled run updates it. If the last check was long ago, look whether the workflow is disabled: GitHub does that after 60 days without activity in a public repository.`,
  );

/**
 * The issues about a service that this token wrote, oldest first. They have the marker. If somebody removed it, the label
 * and the form of the title identify the issue.
 */
function ownIssues({ issues }: IssueSearch, story: WeeklyStory, { marker, label }: WeeklyText): Issue[] {
  const written = issues.filter((issue) => issue.isOwn);
  const marked = written.filter((issue) => regionIn(issue.body, marker) !== null);
  if (marked.length > 0) return marked;
  return written
    .filter(
      (issue) =>
        issue.labels.includes(label) && story.hasTitle(issue.title) && !isMarked(issue.body, 'weekly'),
    )
    .slice(0, 1);
}

const NOTHING: Region = { before: '', text: '', after: '' };
const regionOf = (body: string, marker: Marker): Region =>
  regionIn(body, marker) ?? { ...NOTHING, before: body.replaceAll('\r\n', '\n') };

/** Updates the issue, opens or closes it, and takes over the history of its duplicates. */
async function update(
  issue: Issue,
  duplicates: readonly Issue[],
  story: WeeklyStory,
  text: WeeklyText,
  { issueRepo: repo, writer, guard }: PublishOptions,
): Promise<Published> {
  const { label, marker } = text;
  const { week } = story;
  let closing: readonly Block[] = [];
  const issues = [issue, ...duplicates];
  const history = allWeeks(issues.map(({ body }) => weeksIn(body)));
  const wasOpen = issues.some(({ state }) => state === 'OPEN');
  const isLate = isOlder(week, history);
  const isNews = !isLate && (wasOpen || story.alert === true);
  const notices = isLate
    ? [
        `Issue #${issue.number} was not changed, because it already has a later week (${history.at(-1)?.week}) than this run.`,
      ]
    : [];
  if (!isNews && duplicates.length === 0)
    return { ...NOTHING_PUBLISHED, issueUrl: wasOpen ? issue.url : '', notices };

  const closes = isNews && wasOpen && story.alert === false;
  if (closes) {
    // The comment comes first, because a closed issue is not read again.
    const closed = markerOf('closed', story.name, guard, firstWeekOfAlert(week, history));
    const comment = markdown(story.closing, { surface: 'thread', marker: closed });
    const { keepComments } = await import('../github/threads/comments.ts');
    const kept = await keepComments(repo, writer, closed, new Map([[issue.number, () => comment]]));
    const refused = kept.failed.get(issue.number);
    if (refused && !isPermanent(refused)) throw refused;
    if (refused) {
      closing = story.closing;
      notices.push(
        `No closing comment on issue #${issue.number}, so its text says why it was closed. ${reasonNotWritten(refused)}`,
      );
    }
  }
  const region = regionOf(issue.body, marker);
  const contents = isNews
    ? { title: text.title, body: text.body(withWeek(history, week), region, closing) }
    : { title: issue.title, body: withRegion(region, withWeeks(newestText(issues, marker), history)) };
  if (isNews) notices.push(...text.notices);
  const state = (isNews ? !closes : wasOpen) ? 'open' : 'closed';
  const { url } = await changeIssue(repo, writer, label, issue, contents, state);
  for (const duplicate of duplicates)
    await closeDuplicate(
      repo,
      writer,
      label,
      duplicate,
      `Duplicate of #${issue.number}, so this issue is closed.\n\n${unmarked(duplicate.body, marker)}`,
    );
  return { ...NOTHING_PUBLISHED, issueUrl: url, notices };
}

/** The guard's text of the issue with the latest week. */
function newestText(issues: readonly Issue[], marker: Marker): string {
  const latest = (issue: Issue) => weeksIn(issue.body).at(-1)?.to ?? '';
  const [newest] = issues.toSorted((a, b) => latest(b).localeCompare(latest(a)));
  return newest ? regionOf(newest.body, marker).text : '';
}

/** Whether another try would be refused as well. */
const isPermanent = (error: GuardError) => error instanceof Refused && error.reach !== 'token';

/** The open issue about this service that another token of the team keeps. */
function issueOfAnotherToken({ issues }: IssueSearch, { marker }: WeeklyText): Issue | undefined {
  return issues.find(
    (issue) =>
      !issue.isOwn && issue.isFromTeam && issue.state === 'OPEN' && regionIn(issue.body, marker) !== null,
  );
}

const anotherTokenNotice = ({ number, author }: Issue) =>
  `Issue #${number} was written with another token (${oneLine(author, 60)}), so it was not changed and no second issue was opened. Set "github-token" to that token, or close the issue to get a new one.`;

/** Opens the issue, then searches again, because another run may have opened one at the same time. */
async function open(
  existing: IssueSearch,
  story: WeeklyStory,
  text: WeeklyText,
  options: PublishOptions,
): Promise<Published> {
  const { issueRepo: repo, writer } = options;
  const { label } = text;
  const notices = [
    ...text.notices,
    existing.searchError !== null &&
      `Issues were found by their label only (${existing.searchError}). If there is another one, a later run closes it as a duplicate.`,
  ].filter((notice) => notice !== false);
  const body = text.body([story.week], NOTHING);
  const opened = await openIssue(repo, writer, label, { title: text.title, body }).catch((error: unknown) => {
    // GitHub may have opened it anyway.
    if (!(error instanceof Unreadable)) throw error;
    return error;
  });
  const [oldest, ...duplicates] = ownIssues(await findIssues(repo, label, SEARCH_TERM), story, text);
  // Every run that opened one at the same time closes its own.
  const own = opened instanceof Unreadable ? duplicates : duplicates.filter(({ url }) => url === opened.url);
  if (oldest && own.length > 0) await update(oldest, own, story, text, options);
  if (oldest) return { ...NOTHING_PUBLISHED, issueUrl: oldest.url, notices };
  if (opened instanceof Unreadable) throw opened;
  return {
    ...NOTHING_PUBLISHED,
    issueUrl: opened.url,
    notices: [
      ...notices,
      `The issue was opened (${opened.url}), but GitHub does not find it by its label "${label}" or its text. If this does not change, the next run opens another one. Allow the token to set labels ("permissions: issues: write").`,
    ],
  };
}
