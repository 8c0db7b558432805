import { type FoundIssues, issuesBy } from '../github/threads/issues.ts';
import { regionIn } from '../model/marked-text.ts';
import type { ServiceName } from '../model/service.ts';
import { type AlertRecords, alertsIn } from '../report/alert-record.ts';
import { hiddenMarkerOf } from '../report/hidden-marker.ts';
import type { PublishOptions } from './publish-options.ts';

/** The guard's issues and what they remember. It is looked at before there is a verdict, and needs no text. */

/** GitHub refuses a longer label. */
export const LONGEST_LABEL = 50;
/** What all issues of the guard have in their text. */
export const WORDS = '"deploy-latency-guard"';

/** Cut by code point, with a mark where something is left out. */
export function cut(text: string, length: number): string {
  const points = [...text];
  return points.length > length ? `${points.slice(0, length - 1).join('')}…` : text;
}

/** The issues of the guard, asked for once in a run. */
export function issuesOf(options: PublishOptions): Promise<FoundIssues> {
  options.issues ??= issuesBy(options.issueRepo, cut(options.issueLabel, LONGEST_LABEL), WORDS).catch(
    (error: unknown) => {
      delete options.issues;
      throw error;
    },
  );
  return options.issues;
}

/**
 * What earlier runs knew of the alert, by the texts that this token wrote and that nobody else has changed since.
 *
 * @param names - what each text is known by.
 */
export async function alertsRemembered(
  names: readonly ServiceName[],
  options: PublishOptions,
): Promise<AlertRecords> {
  const markers = names.map((name) => hiddenMarkerOf('weekly', name));
  const { issues } = await issuesOf(options);
  const vouched = issues.filter((issue) => issue.isOwn && issue.isUnedited);
  const records = vouched.flatMap(({ body }) =>
    markers.flatMap((marker) => {
      const region = regionIn(body, marker);
      return region ? Object.entries(alertsIn(region.text)) : [];
    }),
  );
  // Of several texts the one that knows of the latest.
  return Object.fromEntries(records.toSorted(([, a], [, b]) => a.until - b.until));
}
