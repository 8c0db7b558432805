import prettyMilliseconds from 'pretty-ms';
import { type LeadTime, statisticOf } from '../model/lead-time.ts';
import type { FindingKind, Stage, Statistic, Status } from '../model/terms.ts';
import type { Report } from './contract.ts';

/** A time for people, its two largest units: `6m 26s`, `1d 2h`, `0s`. Whole seconds, cut and not rounded. */
export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole === 0) return '0s';
  return prettyMilliseconds(whole * 1000, { unitCount: 2, hideYear: true });
}

/** An instant for people, in UTC to the minute: `2026-01-31 14:02`. */
export function moment(instant: Date | string): string {
  return new Date(instant).toISOString().slice(0, 16).replace('T', ' ');
}

export function percent(value: number): string {
  return `${value.toFixed(1)}%`;
}

/** `1 change`, `2 changes`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** A statistic for people: `24m 35s`, `≥ 24m 35s` where it is a lower bound, `–` where nothing is known. */
export function figureWords(seconds: number | null, atLeastSeconds: number | null, atLeast = '≥'): string {
  if (atLeastSeconds !== null) return `${atLeast} ${duration(seconds ?? atLeastSeconds)}`;
  return seconds === null ? '–' : duration(seconds);
}

/** One of several statistics for people. */
export function statisticWords(leadTime: LeadTime, name: Statistic, atLeast?: string): string {
  const { seconds, atLeastSeconds } = statisticOf(leadTime, name);
  return figureWords(seconds, atLeastSeconds, atLeast);
}

/** What a change is called in a line: its number, or a direct push's short commit. */
export const nameOf = ({ number, mergeCommit }: { number: number | null; mergeCommit: string }): string =>
  calledBy(number ?? mergeCommit);

/** The same, from its number or commit. */
export const calledBy = (reference: number | string): string =>
  typeof reference === 'number' ? `#${reference}` : reference.slice(0, 7);

/** What a service is called: its name and where it is live. */
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

/** The verdict in a line that is read in a second: `🔴 Drifted: p50 24m 35s, target 15m, limit 18m 45s`. */
export function verdictTitle({ status, leadTimeSeconds, leadTimeAtLeastSeconds, target }: Report): string {
  if (status === 'insufficient-data') return statusWords(status);
  const time = figureWords(leadTimeSeconds, leadTimeAtLeastSeconds);
  return `${statusWords(status)}: ${target.statistic} ${time}, target ${duration(target.seconds)}, limit ${duration(target.thresholdSeconds)}`;
}

/** A window for people; it was widened where it begins before it was asked to. */
export function windowWords(window: {
  from: Date | string;
  to: Date | string;
  askedFrom?: Date | string | undefined;
}): string {
  const [from, to] = [new Date(window.from), new Date(window.to)];
  const asked = new Date(window.askedFrom ?? from);
  const long = (begin: Date) => duration((to.getTime() - begin.getTime()) / 1000);
  return `${long(from)} up to ${moment(to)} UTC${from < asked ? `, widened from ${long(asked)}` : ''}`;
}

const MOST_NAMES = 20;

export function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

/** Findings by their kinds, those of which there are fewest first: one of a kind is not hidden behind many of another. */
export function rarestFirst<F extends { kind: FindingKind }>(findings: readonly F[]): F[] {
  const counts = new Map<FindingKind, number>();
  for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].sort((a, b) => a[1] - b[1]).map(([kind]) => kind);
  return kinds.flatMap((kind) => findings.filter((finding) => finding.kind === kind));
}

/** `6 more: 4 slow, 2 batch. See the job summary for the full list.` */
export function restWords(rest: readonly { kind: FindingKind }[]): string {
  const kinds = [...new Set(rest.map((each) => each.kind))];
  const words = kinds.map((kind) => `${rest.filter((each) => each.kind === kind).length} ${kind}`);
  return `${rest.length} more: ${words.join(', ')}. See the job summary for the full list.`;
}

/** The stages, in words that stand in a table. */
export const STAGE_WORDS: Record<Stage, string> = {
  behind: 'behind another deployment',
  'by-hand': 'until someone started it',
  starting: 'until the pipeline started',
  're-runs': 'earlier attempts',
  runner: 'waiting for a runner',
  checks: 'checks before the deploy job',
  approval: 'waiting for approval',
  deploy: 'the deploy job',
  'before-deployment': 'before the deployment was created',
  deploying: 'deploying',
};
