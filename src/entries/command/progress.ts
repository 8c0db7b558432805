/** A progress line on a terminal, removed at the end. */

export interface Stream {
  isTTY?: boolean;
  write(text: string): unknown;
}

const CELLS = 20;
/** Spaces overwrite the line, because some terminals do not support escape sequences. */
const LINE = 76;

/**
 * @param most - number of requests that fills the bar.
 * @param now - milliseconds of a monotonic clock.
 */
export function progressOn(
  stream: Stream,
  { most, now, isDumb }: { most: number; now: () => number; isDumb: boolean },
): { step(): void; clear(): void } {
  if (!stream.isTTY || isDumb) return { step: () => {}, clear: () => {} };
  const start = now();
  let requests = 0;
  return {
    step: () => {
      requests += 1;
      const full = Math.min(CELLS, Math.ceil((requests / most) * CELLS));
      const bar = `${'█'.repeat(full)}${'░'.repeat(CELLS - full)}`;
      const seconds = ((now() - start) / 1000).toFixed(1);
      stream.write(
        `\r${`Reading GitHub ${bar} ${requests} of at most ${most} requests, ${seconds} s`.padEnd(LINE)}`,
      );
    },
    clear: () => void stream.write(`\r${' '.repeat(LINE)}\r`),
  };
}
