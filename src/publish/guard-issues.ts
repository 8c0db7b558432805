import { type IssueSearch, findIssues } from '../github/threads/issues.ts';
import { regionIn } from '../model/marked-text.ts';
import type { ServiceName } from '../model/service.ts';
import type { AlertRecords } from '../model/alert-spell.ts';
import { alertsIn } from './alert-record.ts';
import { hiddenMarkerOf } from './hidden-marker.ts';
import type { PublishOptions } from './publish-options.ts';

/** Finds the guard's issues and reads the alerts that they record. Used before there is a verdict. */

/** Longest label that GitHub accepts. */
export const LONGEST_LABEL = 50;
/** The search term for issues of the guard: all of them contain it. */
export const SEARCH_TERM = '"deploy-latency-guard"';

/** Cuts to UTF-16 code units, the stricter way to count, between code points. A cut text ends with an ellipsis. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** The issues of the guard, requested once per run. */
export function issuesOf(options: PublishOptions): Promise<IssueSearch> {
  options.issues ??= findIssues(
    options.issueRepo,
    shortened(options.issueLabel, LONGEST_LABEL),
    SEARCH_TERM,
  ).catch((error: unknown) => {
    delete options.issues;
    throw error;
  });
  return options.issues;
}

/**
 * The alerts that earlier runs recorded. Only issues that this token wrote and nobody else edited are trusted.
 *
 * @param names - the services that the texts are about.
 */
export async function recordedAlerts(
  names: readonly ServiceName[],
  options: PublishOptions,
): Promise<AlertRecords> {
  const markers = names.map((name) => hiddenMarkerOf('weekly', name, options.guard));
  const { issues } = await issuesOf(options);
  const trusted = issues.filter((issue) => issue.isOwn && issue.isUnedited);
  const records = trusted.flatMap(({ body }) =>
    markers.flatMap((marker) => {
      const region = regionIn(body, marker);
      return region ? Object.entries(alertsIn(region.text)) : [];
    }),
  );
  // If several texts record the same service, the latest one wins.
  return Object.fromEntries(records.toSorted(([, a], [, b]) => a.until - b.until));
}
