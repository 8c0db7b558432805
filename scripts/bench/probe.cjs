'use strict';
/**
 * Loaded into the action before it starts. Sets the action's clock, and writes the process's resource usage when it ends. With
 * BENCH_FILES it also lists the loaded files, which takes time.
 */
const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');
const { BENCH_NOW, BENCH_USED, BENCH_FILES } = process.env;

if (BENCH_NOW) {
  const SystemDate = Date;
  const offset = SystemDate.parse(BENCH_NOW) - SystemDate.now();
  globalThis.Date = class extends SystemDate {
    constructor(...values) {
      if (values.length === 0) super(SystemDate.now() + offset);
      else super(...values);
    }
    static now() {
      return SystemDate.now() + offset;
    }
  };
}

/** Files in the order of loading, and lines of the log with the number of files so far. */
const files = [];
const lines = [];
if (BENCH_FILES) {
  const { Session } = require('node:inspector');
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params: { url } }) => {
    if (url.startsWith('file:') && !files.includes(url)) files.push(url);
  });
  session.post('Debugger.enable');
  const { write } = process.stdout;
  process.stdout.write = function writeCounted(text, ...rest) {
    for (const line of String(text).split('\n')) if (line.trim()) lines.push({ line, files: files.length });
    return write.call(this, text, ...rest);
  };
}

/** The longest time that the event loop was held, in milliseconds, up to its last turn. */
const TICK = 20;
const { now } = performance;
let last = now.call(performance);
let longestTurn = 0;
const noteTurn = () => {
  const time = now.call(performance);
  longestTurn = Math.max(longestTurn, time - last);
  last = time;
};
setInterval(noteTurn, TICK).unref();

process.on('exit', () => {
  if (!BENCH_USED || !isMainThread) return;
  noteTurn();
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const milliseconds = (userCPUTime + systemCPUTime) / 1000;
  writeFileSync(
    BENCH_USED,
    JSON.stringify({ milliseconds, mebibytes: maxRSS / 1024, longestTurn, files, lines }),
  );
});
