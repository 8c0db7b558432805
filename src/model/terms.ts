/** Terms that several parts of the code share. The lists contain the accepted values of inputs. */

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
  'not-live',
  'no-data',
  'budget-spent',
  'budget-burning',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** Reasons to fail a step: a kind of finding, or sure drift only. */
export const FAIL_KINDS = ['sure-drift', ...FINDING_KINDS] as const;
export type FailKind = (typeof FAIL_KINDS)[number];

/** Includes both ends. The end is "now". */
export interface Window {
  from: Date;
  to: Date;
}

export const isIn = ({ from, to }: Window, instant: Date): boolean => instant >= from && instant <= to;

export const STATUSES = ['on-target', 'slipping', 'drifted', 'insufficient-data'] as const;
export type Status = (typeof STATUSES)[number];

/** The team's target for the time from merge to live. */
export interface Target {
  seconds: number;
  /** A fraction: 0.25 is 25%. */
  tolerance: number;
  statistic: Statistic;
}

/** The limit in seconds: target × (1 + tolerance), rounded to microseconds to remove floating-point noise. */
export function thresholdOf(target: Target): number {
  return Math.round(target.seconds * (1 + target.tolerance) * 1e6) / 1e6;
}

/** Stages from merge to live, in their usual order. */
export const STAGES = [
  'behind',
  'by-hand',
  'schedule',
  'starting',
  're-runs',
  'runner',
  'checks',
  'serial',
  'approval',
  'wait-timer',
  'deploy',
  'after-deploy',
  'before-deployment',
  'deploying',
] as const;
export type Stage = (typeof STAGES)[number];

/** Obstacles between a merge and its deployment. */
export const WAITS = [
  'approval',
  'wait-timer',
  'protection-rule',
  'concurrency',
  'runner',
  'running',
  'failure',
  'replaced',
  'cancelled',
  'not-started',
] as const;

export const BUDGET_DAYS = 28;

/** The last environment of the promotion path. Each text has its own name for it. */
export const LIVE = 'live';
