/**
 * The alert: on from the first sure drift, and off again when lead time is back. It is kept nowhere: its state is what
 * the rule would have made of each deployment before, as it was known then.
 */
export interface Alert {
  /** Milliseconds. */
  enteredAt: number;
  /** The newest deployment at that moment; `null`: there was none. */
  deployment: number | string | null;
  /** What made it sure. */
  votes: { of: number; over: number };
  chance: number;
  /** When it was sure last. */
  lastSure: number;
  /** Whether it began there: otherwise it may have been on before what was read. */
  isCertain: boolean;
}

/** An alert of the past, or the one that is on. */
export interface AlertSpell extends Alert {
  leftAt: number | null;
  /** Why it was left: back at the target; surely under the limit; or not sure for too long. `null`: it is on. */
  left: 'on-target' | 'under-limit' | 'not-sure' | null;
  /** Whether most of the next ten deployments were past the limit; `null`: that is open yet. */
  borneOut: boolean | null;
  /** How many of those were past the limit and how many were not, as far as they are known. */
  bearing: { over: number; under: number };
}

/** What was known of the alert at an instant: enough to go on from there without the time before. */
export interface AlertMemory {
  /** What it was judged by. Where anything of that has changed, what is remembered says nothing. */
  settings: string;
  /** Milliseconds; alerts are told from here on. */
  from: number;
  /** Up to here everything was looked at. */
  until: number;
  /** Whether the alert is known to have been off at some time since `from`. */
  isKnownOff: boolean;
  spells: readonly AlertSpell[];
  /** When the last deployments succeeded that shipped something, oldest first. */
  recent: readonly number[];
}
