import type { Report } from './contract.ts';
import { batchesIn, successesIn } from './parts.ts';
import { duration } from './words.ts';

export const OUTPUTS = {
  status: 'Verdict: on-target, slipping, drifted or insufficient-data.',
  confidence: 'Certainty of a drift: sure or likely. Empty without a drift.',
  alert:
    'State of the alert: on from the first sure drift until lead time recovers, otherwise off. Empty if unknown.',
  'lead-time': 'Lead time as text, such as 6m 26s. Empty if unknown.',
  'lead-time-seconds': 'Lead time in seconds. Empty if unknown.',
  'threshold-seconds': 'Limit in seconds: target × (1 + tolerance).',
  'drift-percent':
    'Difference between lead time and target, in percent of the target. Negative below the target.',
  mergesets: 'Number of changes behind the verdict.',
  deployments: 'Number of successful deployments in the window.',
  'batched-deployments': 'Number of deployments with more changes than max-batch.',
  pending: 'Number of changes in the window that are not live yet.',
  units: 'Services as JSON, for fromJSON in a matrix. Only set for several services.',
  report: 'Path of the JSON report.',
  html: 'Absolute path of the HTML page. Only set if the input html names one.',
  rows: 'Path of a JSON Lines file with a row for each change and service.',
  badge: 'Path of the badge, an SVG. The same folder has badge.json for the shields.io endpoint.',
  csv: 'Path of a CSV file with a row for each repository.',
  reports: 'Folder with the report of each repository, for a rollup or the next run.',
  shards: 'Shards as JSON, for fromJSON in a matrix. Only set with "shard: list".',
  'comment-url': 'URL of the comment. With several comments, the URL of the first.',
  'issue-url': 'URL of the weekly issue.',
  commit: 'Commit that production answers with. Only in the action live. Empty if unknown.',
} as const;

/** Outputs that only the organization action has. */
const OF_ORGANIZATION = ['csv', 'reports', 'shards'] as const;
export const ORGANIZATION_OUTPUTS = [
  'status',
  'mergesets',
  'pending',
  'report',
  'html',
  ...OF_ORGANIZATION,
] as const;
/** Outputs of the action that asks production. */
export const LIVE_OUTPUTS = ['commit'] as const;
/** A function, so that the bundle leaves out the descriptions, which only the documents need. */
export const actionOutputs = () =>
  (Object.keys(OUTPUTS) as (keyof typeof OUTPUTS)[]).filter(
    (name) => ![...OF_ORGANIZATION, ...LIVE_OUTPUTS].some((output) => output === name),
  );

/** Outputs of runs with several services or repositories, and of the action that asks production. */
type Optional = 'units' | 'csv' | 'reports' | 'shards' | 'commit';
export type Outputs = Record<Exclude<keyof typeof OUTPUTS, Optional>, string> &
  Partial<Record<Optional, string>>;

/** Paths and URLs, empty until the file or the text is written. */
const NOT_WRITTEN = {
  report: '',
  html: '',
  badge: '',
  rows: '',
  'comment-url': '',
  'issue-url': '',
};

/** The outputs of one service. An unknown value is an empty string. */
export function outputsOf(report: Report): Outputs {
  const { leadTimeSeconds, driftPercent, alert, leadTime } = report;
  const text = (value: number | null) => (value === null ? '' : String(value));
  return {
    status: report.status,
    confidence: report.confidence ?? '',
    alert: alert.on === null ? '' : alert.on ? 'on' : 'off',
    'lead-time': leadTimeSeconds === null ? '' : duration(leadTimeSeconds),
    'lead-time-seconds': text(leadTimeSeconds),
    'threshold-seconds': String(Number(report.target.thresholdSeconds.toFixed(3))),
    'drift-percent': text(driftPercent),
    mergesets: String(leadTime.count),
    deployments: String(successesIn(report).length),
    'batched-deployments': String(batchesIn(report)),
    pending: String(leadTime.pending),
    ...NOT_WRITTEN,
  };
}
