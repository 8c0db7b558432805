'use strict';
/**
 * Loaded into the action before it starts. It sets the action's clock, and writes what the process used when it ends.
 * `node:inspector` names the files that are loaded, which costs time, so that is done only where it is asked for.
 */
const { writeFileSync } = require('node:fs');
const { BENCH_NOW, BENCH_USED, BENCH_FILES } = process.env;

if (BENCH_NOW) {
  const System = Date;
  const ahead = System.parse(BENCH_NOW) - System.now();
  globalThis.Date = class extends System {
    constructor(...given) {
      if (given.length === 0) super(System.now() + ahead);
      else super(...given);
    }
    static now() {
      return System.now() + ahead;
    }
  };
}

/** Files in the order in which they were loaded, and how many were there with each line of the log. */
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

process.on('exit', () => {
  if (!BENCH_USED) return;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const milliseconds = (userCPUTime + systemCPUTime) / 1000;
  writeFileSync(BENCH_USED, JSON.stringify({ milliseconds, mebibytes: maxRSS / 1024, files, lines }));
});
