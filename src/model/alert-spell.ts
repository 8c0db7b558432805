/**
 * The alert starts with the first sure drift and ends when lead time has recovered. Its state is not stored: the guard
 * applies the rule again to each earlier deployment, as it was known at that time.
 */
export interface Alert {
  /** Milliseconds. */
  enteredAt: number;
  /** The newest deployment at that time; `null`: there was none. */
  deployment: number | string | null;
  /** Recent deployments, and how many of them were over the limit. */
  votes: { of: number; over: number };
  chance: number;
  /** When the drift was last sure, in milliseconds. */
  lastSure: number;
  /** True if the start is known. Otherwise the alert may have started before the data that was read. */
  isCertain: boolean;
}

/** A past alert, or the current one. */
export interface AlertSpell extends Alert {
  /** Milliseconds; `null`: the alert is on. */
  leftAt: number | null;
  /** Why it ended: at the target, surely under the limit, or not sure for too long. `null`: it is on. */
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
  /** When the latest deployments that shipped changes succeeded, oldest first, in milliseconds. */
  recent: readonly number[];
}
