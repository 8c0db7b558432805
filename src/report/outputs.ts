import type { Report } from './contract.ts';
import { batchesIn, successesIn } from './parts.ts';
import { duration } from './words.ts';

export const OUTPUTS = {
  status: 'on-target, slipping, drifted or insufficient-data.',
  confidence: 'Of a drift: sure or likely.',
  alert: 'on from the first sure drift until lead time is back, else off; empty where that is not known.',
  'lead-time': 'The statistic for people, such as 6m 26s.',
  'lead-time-seconds': 'The statistic in seconds.',
  'threshold-seconds': 'The time past which lead time has drifted: target × (1 + tolerance).',
  'drift-percent': 'How far past the target the statistic is, in percent; below it, negative.',
  mergesets: 'How many merged changes the verdict stands on.',
  deployments: 'How many deployments succeeded in the window.',
  'batched-deployments': 'How many of them shipped more than max-batch merged changes.',
  pending: "How many of the window's merged changes are not live yet.",
  units: 'Of several units: each as JSON, for fromJSON in a matrix.',
  report: 'Path of the JSON report.',
  html: 'Absolute path of the page, where input html names one and it was written.',
  rows: 'Path of a flat row for each change and unit, as JSON Lines.',
  badge: "Path of the badge: an SVG; beside it, with .json at its end, what shields.io's endpoint takes.",
  csv: 'Path of a row for each repository.',
  reports: "The folder of each repository's report, for a roll-up or the next run.",
  shards: 'With shard list: the parts as JSON, for fromJSON in a matrix.',
  'comment-url': 'Address of the comment; of several, the first.',
  'issue-url': 'Address of the weekly issue.',
} as const;

/** Outputs of the action for organizations; those that only it has. */
const OF_MANY = ['csv', 'reports', 'shards'] as const;
export const ORGANIZATION_OUTPUTS = ['status', 'mergesets', 'pending', 'report', 'html', ...OF_MANY] as const;
/** Outputs of the action. */
export const ACTION_OUTPUTS = (Object.keys(OUTPUTS) as (keyof typeof OUTPUTS)[]).filter(
  (name) => !OF_MANY.some((each) => each === name),
);

/** Those that a run has only where it is of several units, or of many repositories. */
type OfSome = 'units' | 'csv' | 'reports' | 'shards';
export type Outputs = Record<Exclude<keyof typeof OUTPUTS, OfSome>, string> & Partial<Record<OfSome, string>>;

/** Outputs that name a file or an address. GitHub reads an output that was never set as empty, so only this list empties them. */
const NOT_WRITTEN = {
  report: '',
  html: '',
  badge: '',
  rows: '',
  'comment-url': '',
  'issue-url': '',
};

/** The outputs that the verdict has; a value that is unknown is the empty string. */
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
