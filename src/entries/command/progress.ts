/** How far the reading has come: a line on a terminal that is written over, and taken away at the end. */

export interface Stream {
  isTTY?: boolean;
  write(text: string): unknown;
}

const CELLS = 20;
/** The line is written over with spaces, and not erased: an escape is not for every terminal. */
const LINE = 76;

/**
 * @param most - requests that may be made: what the bar is a share of.
 * @param now - milliseconds, of any clock that goes on.
 */
export function progressOn(
  stream: Stream,
  { most, now, isDumb }: { most: number; now: () => number; isDumb: boolean },
): { step(): void; clear(): void } {
  if (!stream.isTTY || isDumb) return { step: () => {}, clear: () => {} };
  const began = now();
  let requests = 0;
  return {
    step: () => {
      requests += 1;
      const full = Math.min(CELLS, Math.ceil((requests / most) * CELLS));
      const bar = `${'█'.repeat(full)}${'░'.repeat(CELLS - full)}`;
      const seconds = ((now() - began) / 1000).toFixed(1);
      stream.write(
        `\r${`Reading GitHub ${bar} ${requests} of at most ${most} requests, ${seconds} s`.padEnd(LINE)}`,
      );
    },
    clear: () => void stream.write(`\r${' '.repeat(LINE)}\r`),
  };
}
