import type { LoopbackOptions } from '../../src/fake-github/loopback.ts';

/** Turns of the event loop without a new request after which no other is on its way. */
const QUIET_TURNS = 10;

/**
 * Holds all requests back until no other comes, and then answers them together. So those that do not wait for an answer
 * are under way at once, however busy the machine is.
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
