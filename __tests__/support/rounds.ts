import type { LoopbackOptions } from '../../src/fake-github/loopback.ts';

/** Turns of the event loop without a new request that end a round. */
const QUIET_TURNS = 10;

/**
 * Holds requests back until no new one arrives, and then answers them together. Requests that do not depend on each other
 * are in the same round, even on a busy machine.
 */
export function answeredInRounds(): Required<Pick<LoopbackOptions, 'interfere'>> {
  let held: (() => void)[] = [];
  let quietTurns = 0;
  const wait = () => {
    quietTurns += 1;
    if (quietTurns < QUIET_TURNS) {
      setTimeout(wait, 5);
      return;
    }
    const released = held;
    held = [];
    for (const release of released) release();
  };
  return {
    async interfere() {
      quietTurns = 0;
      if (held.length === 0) setTimeout(wait, 5);
      await new Promise<void>((release) => {
        held.push(release);
      });
      return false;
    },
  };
}
