import type { Oid } from './facts.ts';

/** How the commit that production runs relates to the newest record of success. */
export const SEEN_STATES = [
  /** It is the newest record, or has the same files or changes of the service. */
  'recorded',
  /** It is newer, and its deployment is still running. */
  'newer',
  'older',
  /** The newest record is an older commit, which does not run. */
  'not-rolled-back',
  'unrecorded',
  /** It is on another branch. */
  'diverged',
  'not-in-repository',
  /** No commit could be read or compared. */
  'unknown',
] as const;
export type SeenState = (typeof SEEN_STATES)[number];

/** One look at production, as the report has it. */
export interface Seen {
  region?: string;
  state: SeenState;
  /** `null`: unknown. The name in the answer if the repository has no such commit. */
  commit: Oid | null;
  /** The pull request with that merge commit, if there is one. */
  pullRequest: number | null;
  at: string;
  recorded: { commit: Oid; pullRequest: number | null; deployment: number | string; at: string } | null;
  /** Changes that the record claims and production does not run; `null`: unknown. */
  behind: number | null;
  sentence: string;
}

/** What the looks at production mean for a measurement. */
export interface Proof {
  seen: Seen[];
  /** A finding for each address where the record has claimed more than runs for longer than the limit. */
  overdue: { message: string; subject: string; evidence: Record<string, unknown> }[];
  /** Merge commits of changes that are recorded as live and do not run. */
  notSeen: ReadonlySet<Oid>;
  /** Why there is no verdict, if the verdict would differ without those changes. */
  doubt: { what: string; fix: string } | null;
}
