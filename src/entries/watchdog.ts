import { Worker } from 'node:worker_threads';

/**
 * Ends the process if code holds its event loop after the time of a run is over. No timer of the process itself can fire then,
 * so a thread looks at its pulse.
 */

/** The process has this much longer than `timeout`, in milliseconds. */
const GRACE = 5000;
/** What is printed before the process ends. */
export const HELD =
  'The guard kept the processor busy after "timeout" was over, so it was ended. There is no verdict. Report this as a bug, with the log.';

/** Without a pulse for this long, the loop is held. */
const PULSE = 500;

const THREAD = `
const { writeSync } = require('node:fs');
const { workerData: { times, line, output } } = require('node:worker_threads');
setInterval(() => {
  const [pulse, deadline] = times;
  const now = Date.now();
  if (now < deadline || now - pulse < ${4 * PULSE}) return;
  writeSync(output, line);
  process.kill(process.pid, 'SIGKILL');
}, ${PULSE});
`;

/**
 * @param line - what is printed before the process ends.
 * @param output - the file descriptor to print it on.
 * @returns a function that sets how many seconds the run may take from now on.
 */
export function watchdog(line: string, output: 1 | 2): (seconds: number) => void {
  /** The last pulse and the deadline, in milliseconds since the epoch. */
  const times = new Float64Array(new SharedArrayBuffer(16));
  let thread: Worker | null = null;
  return (seconds) => {
    times.set([Date.now(), Date.now() + seconds * 1000 + GRACE]);
    if (thread !== null) return;
    thread = new Worker(THREAD, { eval: true, workerData: { times, line, output } });
    thread.unref();
    setInterval(() => {
      times[0] = Date.now();
    }, PULSE).unref();
  };
}
