/** The commands of a script, without running a shell. */

/** Words before a command that do not change what it does: `sudo`, `time`, assignments. */
const PREFIXES =
  /^(?:(?:sudo(?: -\S+)*|time|exec|command|nice|env|corepack|if|then|else|do|!|retry|npx --yes)\s+|[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\S*)\s+|timeout \S+\s+)+/;

/** Commands that take no time worth measuring. */
const TRIVIAL =
  /^(?:cd|echo|printf|set|export|source|\.|pwd|ls|true|:|mkdir|cat|test|\[|fi|done|node -v|npm -v)(?:\s|$)/;

/** The commands of a script, in order, without comments and trivial commands. */
export function commandsIn(script: string): string[] {
  return script
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n|&&|\|\||;|(?<!\|)\|(?!\|)/)
    .map((command) => command.trim().replace(/^\(+/, '').replace(PREFIXES, '').trim())
    .filter((command) => command !== '' && !command.startsWith('#') && !TRIVIAL.test(command));
}

/** True if at most one command of a script is different, so that the time of the script is the time of these commands. */
export function isMostly(script: string, pattern: RegExp): boolean {
  const commands = commandsIn(script);
  const hits = commands.filter((command) => pattern.test(command)).length;
  return hits > 0 && commands.length - hits <= 1;
}

export const runsAny = (script: string, pattern: RegExp): boolean =>
  commandsIn(script).some((command) => pattern.test(command));

/** True if a script loops or retries: a wait in a loop ends as soon as the thing it waits for is ready. */
export const isLoop = (script: string): boolean =>
  /\b(?:for|while|until)\b[\s\S]*\bdo\b/.test(script) || /\b(?:retry|retries|attempt)/i.test(script);
