/** The answers so far, and what follows from them. No clock and no requests. */

/** How a commit that does not contain the deployed one relates to it. */
export type Relation = 'behind' | 'diverged' | 'not-in-repository' | 'not-compared';

export type Sighting =
  /** Production runs the deployed commit, or one that contains it. */
  | { kind: 'live'; commit: string; cached?: boolean }
  | { kind: 'other'; commit: string; relation: Relation; why?: string }
  /** No commit can be read from the answer. */
  | { kind: 'none'; reason: Reason; detail?: string };

/** Why an answer names no commit. */
export type Reason =
  | 'status'
  | 'silence'
  | 'connection'
  | 'redirect'
  | 'size'
  | 'encoding'
  | 'no-commit'
  | 'several-commits'
  | 'other-commits';

export const none = (reason: Reason, detail?: string): Sighting =>
  detail === undefined ? { kind: 'none', reason } : { kind: 'none', reason, detail };

export interface Watch {
  /** The newest answers, at most {@link IN_A_ROW}, oldest first. */
  recent: readonly Sighting[];
  latest: Sighting | null;
}

/** Answers in a row that show the change on every instance. */
export const IN_A_ROW = 10;

export const NOTHING_SEEN: Watch = { recent: [], latest: null };

/** A cached answer with the change counts once for all instances, so it does not add to the row. */
export function after({ recent }: Watch, latest: Sighting): Watch {
  const isRepeated = latest.kind === 'live' && latest.cached === true;
  return { recent: isRepeated ? recent : [...recent, latest].slice(-IN_A_ROW), latest };
}

const isLiveAnswer = ({ kind }: Sighting): boolean => kind === 'live';

export function isLive({ recent, latest }: Watch, rule: 'first' | 'last'): boolean {
  if (rule === 'first') return latest?.kind === 'live';
  return recent.length === IN_A_ROW && recent.every(isLiveAnswer);
}

/** Milliseconds until the next question. */
export const pauseAfter = ({ latest }: Watch): number => (latest?.kind === 'live' ? 1000 : 2000);

/** The newest answer without the change; `null` if there is none among the newest ten. */
export const latestWithout = ({ recent }: Watch): Exclude<Sighting, { kind: 'live' }> | null =>
  recent.findLast((sighting) => sighting.kind !== 'live') ?? null;

export const countWithout = ({ recent }: Watch): number =>
  recent.filter((sighting) => !isLiveAnswer(sighting)).length;
