/**
 * A past alert, or the current one. It starts with the first sure drift and ends when lead time has recovered. Its state does
 * not depend on when the guard ran: the guard applies the rule again to earlier instants, as each was known at that time.
 */
export interface AlertSpell {
  /** Milliseconds. */
  enteredAt: number;
  /** The newest deployment at that time; `null`: there was none. */
  deployment: number | string | null;
  /** The evidence that made it sure: votes, changes, waiting changes, or a drift that lasted. */
  by: 'votes' | 'changes' | 'waiting' | 'lasting';
  /** Recent deployments, and how many of them were over the limit. */
  votes: { of: number; over: number };
  chance: number;
  /** True if the start is known. Otherwise the alert may have started before the data that was read. */
  isCertain: boolean;
  /** Milliseconds; `null`: the alert is on. */
  leftAt: number | null;
  /** Why it ended: at the target, surely under the limit, or no drift for too long. `null`: it is on. */
  left: 'on-target' | 'under-limit' | 'not-sure' | null;
  /** True if most of the next ten deployments were over the limit; `null`: too early to know. */
  borneOut: boolean | null;
  /** How many of those deployments were over and under the limit so far. */
  bearing: { over: number; under: number };
}

/** The alerts up to an instant: enough to continue from there without reading the time before. */
export interface AlertMemory {
  /** The settings they were judged by. A memory with other settings is not used. */
  settings: string;
  /** Start of the time that was judged, in milliseconds. */
  from: number;
  /** End of the time that was judged, in milliseconds. */
  until: number;
  /** True if the alert was off at some time since `from`. */
  isKnownOff: boolean;
  spells: readonly AlertSpell[];
  /** When lead time was last over the limit, in milliseconds; `null`: never. */
  lastDrift: number | null;
  /** Since when lead time is back, in milliseconds; `null`: it is not. */
  backSince: number | null;
  /** A drift that has not been interrupted for a day; `null`: there is none. */
  drift: LastingDrift | null;
  /** When the latest deployments that shipped changes succeeded, oldest first, in milliseconds. */
  recent: readonly number[];
}

/** The alerts by service. Without services, the name is empty. */
export type AlertRecords = Readonly<Record<string, AlertMemory>>;

/** How long a drift has lasted. */
export interface LastingDrift {
  /** Windows over the limit, one after the other, that share no change. */
  windows: number;
  /** Start of the first window and end of the last one, in milliseconds. */
  from: number;
  until: number;
}
