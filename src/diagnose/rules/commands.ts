/** What a script runs, command by command, as far as that can be told without a shell. */

/** Words that stand before a command and are none: `sudo`, `time`, assignments. */
const BEFORE =
  /^(?:(?:sudo(?: -\S+)*|time|exec|command|nice|env|corepack|if|then|else|do|!|retry|npx --yes)\s+|[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\S*)\s+|timeout \S+\s+)+/;

/** Commands that take no time and do nothing to what is measured. */
const ASIDE =
  /^(?:cd|echo|printf|set|export|source|\.|pwd|ls|true|:|mkdir|cat|test|\[|fi|done|node -v|npm -v)(?:\s|$)/;

/** The commands of a script, in order; comments, and what only prints or moves about, left out. */
export function commandsIn(script: string): string[] {
  return script
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n|&&|\|\||;|(?<!\|)\|(?!\|)/)
    .map((each) => each.trim().replace(/^\(+/, '').replace(BEFORE, '').trim())
    .filter((each) => each !== '' && !each.startsWith('#') && !ASIDE.test(each));
}

/** Whether nearly all that a script does is this: then its time is that of these commands. */
export function isMostly(script: string, command: RegExp): boolean {
  const commands = commandsIn(script);
  const hits = commands.filter((other) => command.test(other)).length;
  return hits > 0 && commands.length - hits <= 1;
}

/** Whether any command of a script is this. */
export const runsAny = (script: string, command: RegExp): boolean =>
  commandsIn(script).some((other) => command.test(other));

/** Whether a script goes round: what it waits in a loop, it waits for the thing itself. */
export const isLoop = (script: string): boolean =>
  /\b(?:for|while|until)\b[\s\S]*\bdo\b/.test(script) || /\b(?:retry|retries|attempt)/i.test(script);
