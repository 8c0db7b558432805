/** The words of the contract that more than one room uses. The lists are what an input accepts. */

export const MODES = ['guard', 'pull-request', 'scheduled'] as const;
export type Mode = (typeof MODES)[number];

export const STATISTICS = ['p50', 'p75', 'p90', 'p95', 'mean', 'max'] as const;
export type Statistic = (typeof STATISTICS)[number];

export const FINDING_KINDS = [
  'drift',
  'batch',
  'slow',
  'stuck',
  'manual',
  'no-data',
  'budget-spent',
  'budget-burning',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** What can fail a step: a kind of finding, or of drift those that are sure. */
export const FAIL_KINDS = ['sure-drift', ...FINDING_KINDS] as const;
export type FailKind = (typeof FAIL_KINDS)[number];

/** Both ends are part of it; the end is "now". */
export interface Window {
  from: Date;
  to: Date;
}

export const isIn = ({ from, to }: Window, instant: Date): boolean => instant >= from && instant <= to;

export type Status = 'on-target' | 'slipping' | 'drifted' | 'insufficient-data';

/** The team's time from merge to live. */
export interface Target {
  seconds: number;
  /** A fraction: 0.25 is 25%. */
  tolerance: number;
  statistic: Statistic;
}

/** The time past which lead time has drifted, in seconds: target × (1 + tolerance), free of binary fractions' noise. */
export function thresholdOf(target: Target): number {
  return Math.round(target.seconds * (1 + target.tolerance) * 1e6) / 1e6;
}

/** Where the time from merge to live goes, in the order in which it usually passes. */
export const STAGES = [
  'behind',
  'by-hand',
  'starting',
  're-runs',
  'runner',
  'checks',
  'approval',
  'deploy',
  'before-deployment',
  'deploying',
] as const;
export type Stage = (typeof STAGES)[number];

/** Days that the error budget is told over. */
export const BUDGET_DAYS = 28;

/** The last step on the way through the stages; each text has its own name for it. */
export const LIVE = 'live';
