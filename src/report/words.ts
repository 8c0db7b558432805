import prettyMilliseconds from 'pretty-ms';
import { oneLine, shortened } from '../model/guard-error.ts';
import { type LeadTime, statisticOf } from '../model/lead-time.ts';
import type { FindingKind, Stage, Statistic, Status } from '../model/terms.ts';
import type { Report } from './contract.ts';

/** Letters of one text in a line of a summary, a comment, the page or the terminal. Names are much shorter. */
const LONGEST_TEXT = 1000;

/** Control, format and line-breaking characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** Any text as part of a line: without characters that are not printed, and not too long. */
export const partOfLine = (text: string): string =>
  shortened(text.replace(UNPRINTABLE, ' ').replace(/\s+/g, ' '), LONGEST_TEXT);

/** Code to paste: each line like a text, with its spaces. */
export const codeLines = (code: string): string =>
  code
    .split('\n')
    .map((line) => shortened(line.replace(UNPRINTABLE, ' '), LONGEST_TEXT))
    .join('\n');

/** A duration for people, in its two largest units: `6m 26s`, `1d 2h`, `0s`. Whole seconds, cut and not rounded. */
export function duration(seconds: number): string {
  const rounded = Math.floor(seconds);
  if (rounded === 0) return '0s';
  return prettyMilliseconds(rounded * 1000, { unitCount: 2, hideYear: true });
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** An instant for people, in UTC to the minute: `13 Mar, 12:43`. */
export function moment(instant: Date | string): string {
  const date = new Date(instant);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}, ${timeOfDay(date)}`;
}

/** A day in UTC, with its year: `13 Mar 2026`. For tables that go back months. */
export function day(instant: Date | string): string {
  const date = new Date(instant);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** The time of an instant in UTC, to the minute: `12:43`. */
export const timeOfDay = (instant: Date | string): string => new Date(instant).toISOString().slice(11, 16);

/** A share for people: `14%`, and with one decimal where a whole number would hide something: `3.4%`, `99.5%`. */
export function percent(value: number): string {
  return `${value >= 10 && value < 90 ? Math.round(value) : Number(value.toFixed(1))}%`;
}

/** A text with its first letter as a capital. */
export const capital = (text: string): string => text.replace(/^./, (letter) => letter.toUpperCase());

/** A sentence as it continues after a colon: its first letter small, unless it begins a name. */
export const uncapital = (text: string): string =>
  text.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());

/** `1 change`, `2 changes`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** A statistic for people: `24m 35s`, `≥ 24m 35s` if it is a lower bound, `–` if it is unknown. */
export function figureWords(seconds: number | null, atLeastSeconds: number | null, atLeast = '≥'): string {
  if (atLeastSeconds !== null) return `${atLeast} ${duration(seconds ?? atLeastSeconds)}`;
  return seconds === null ? '–' : duration(seconds);
}

/** One of several statistics for people. */
export function statisticWords(leadTime: LeadTime, name: Statistic, atLeast?: string): string {
  const { seconds, atLeastSeconds } = statisticOf(leadTime, name);
  return figureWords(seconds, atLeastSeconds, atLeast);
}

/** A change's name in a line: its number, or a direct push's short commit. */
export const nameOf = ({ number, mergeCommit }: { number: number | null; mergeCommit: string }): string =>
  calledBy(number ?? mergeCommit);

/** The same, from its number or commit. */
export const calledBy = (reference: number | string): string =>
  typeof reference === 'number' ? `#${reference}` : reference.slice(0, 7);

/** A service's name with its environment: `web (production)`. */
export const serviceName = ({
  service,
  environment,
}: {
  service?: string | null | undefined;
  environment: string;
}): string => (service ? `${service} (${environment})` : environment);

export const STATUS_WORDS: Record<Status, { mark: string; title: string }> = {
  'on-target': { mark: '🟢', title: 'On target' },
  slipping: { mark: '🟡', title: 'Slipping' },
  drifted: { mark: '🔴', title: 'Drifted' },
  'insufficient-data': { mark: '⚪', title: 'No verdict' },
};

/** A verdict in two words, with its mark. */
export const statusWords = (status: Status): string =>
  `${STATUS_WORDS[status].mark} ${STATUS_WORDS[status].title}`;

/** The verdict at a glance: `🔴 Drifted: p50 24m 35s, target 15m, limit 18m 45s`. */
export function verdictTitle({ status, leadTimeSeconds, leadTimeAtLeastSeconds, target }: Report): string {
  if (status === 'insufficient-data') return statusWords(status);
  const time = figureWords(leadTimeSeconds, leadTimeAtLeastSeconds);
  return `${statusWords(status)}: ${target.statistic} ${time}, target ${duration(target.seconds)}, limit ${duration(target.thresholdSeconds)}`;
}

/** A window for people: `7d up to 9 Mar, 12:00 UTC`, with its first length if it was widened. */
export function windowWords(window: {
  from: Date | string;
  to: Date | string;
  askedFrom?: Date | string | undefined;
}): string {
  const [from, to] = [new Date(window.from), new Date(window.to)];
  const requested = new Date(window.askedFrom ?? from);
  const long = (begin: Date) => duration((to.getTime() - begin.getTime()) / 1000);
  return `${long(from)} up to ${moment(to)} UTC${from < requested ? `, widened from ${long(requested)}` : ''}`;
}

const MOST_NAMES = 20;

/** Names as a sentence lists them: `#1, #2 and #3`. After twenty it counts the others. */
export function listed(names: readonly string[]): string {
  const shown =
    names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), `${names.length - MOST_NAMES} more`] : names;
  const last = shown.at(-1) ?? '';
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${last}` : last;
}

/** Findings by kind, the rarest kind first, so that many of one kind do not hide the others. */
export function rarestFirst<F extends { kind: FindingKind }>(findings: readonly F[]): F[] {
  const counts = new Map<FindingKind, number>();
  for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].sort((a, b) => a[1] - b[1]).map(([kind]) => kind);
  return kinds.flatMap((kind) => findings.filter((finding) => finding.kind === kind));
}

/** The title of a kind of finding, and its noun for a count: `2 batched deployments`. */
export const FINDING_WORDS: Record<FindingKind, { title: string; noun: string }> = {
  drift: { title: 'Deploy latency has drifted', noun: 'drift' },
  batch: { title: 'Several changes in one deployment', noun: 'batched deployment' },
  slow: { title: 'Slow to go live', noun: 'slow change' },
  stuck: { title: 'Merged, but not live', noun: 'stuck change' },
  manual: { title: 'Deployed manually', noun: 'manual deployment' },
  'not-live': { title: 'Recorded as live, but not running', noun: 'unproved record' },
  'no-data': { title: 'Deploy latency: no verdict', noun: 'missing verdict' },
  'budget-spent': { title: 'Error budget spent', noun: 'spent error budget' },
  'budget-burning': {
    title: 'Error budget spent too fast',
    noun: 'error budget spent too fast',
  },
};

/** Findings counted by kind: `4 slow changes and 2 batched deployments`. */
export function countedFindings(findings: readonly { kind: FindingKind }[]): string {
  const kinds = [...new Set(findings.map((finding) => finding.kind))];
  return listed(
    kinds.map((kind) => {
      const { noun } = FINDING_WORDS[kind];
      return counted(findings.filter((finding) => finding.kind === kind).length, noun);
    }),
  );
}

/** The stages of a deployment, as a table names them. */
export const STAGE_WORDS: Record<Stage, string> = {
  behind: 'waiting for another deployment',
  'by-hand': 'waiting for a manual start',
  schedule: 'waiting for the schedule',
  starting: 'waiting for the workflow to start',
  're-runs': 'earlier attempts',
  runner: 'waiting for a runner',
  checks: 'checks before the deploy job',
  serial: 'earlier jobs of the matrix (max-parallel)',
  approval: 'approval or other protection rule',
  'wait-timer': 'wait timer',
  deploy: 'the deploy job',
  'after-deploy': 'jobs after the deploy job',
  'before-deployment': 'before the deployment was created',
  deploying: 'deploying',
};

/** One wait or job of a change: `waiting for another deployment (group production)`, `after staging (max-parallel: 1)`. */
export function segmentWords({
  stage,
  name,
  cause,
}: {
  stage: Stage;
  name?: string | null | undefined;
  cause?: string | undefined;
}): string {
  const limit = cause === undefined ? null : oneLine(cause, 60);
  if (stage === 'serial') return `after ${oneLine(name ?? '', 60)}${limit === null ? '' : ` (${limit})`}`;
  if (stage === 'behind' && limit !== null) return `${STAGE_WORDS.behind} (group ${limit})`;
  return `${STAGE_WORDS[stage]}${name ? ` (${oneLine(name, 60)})` : ''}`;
}
