import { parseArgs } from 'node:util';
import { nearest } from '../../config/nearest.ts';
import { COMMANDS_WITH_OPTIONS, isOption, type Option, OPTIONS, optionsAt } from '../../config/options.ts';
import { GuardError, oneLine } from '../../model/guard-error.ts';
import { listed } from '../../report/words.ts';

/** Commands and flags. Help, parsing and completion are generated from these lists. */

export const COMMANDS = {
  demo: { takes: '', text: 'Measures a built-in sample team, without a network.' },
  check: { takes: 'OWNER/NAME', text: 'Measures a repository, or "." for this clone.' },
  init: { takes: 'OWNER/NAME', text: 'Prints workflows that fit how a repository deploys.' },
  organization: { takes: 'OWNER', text: 'Measures all repositories of an owner.' },
  report: { takes: 'FILE', text: 'Shows a saved report again, without requests.' },
  rollup: { takes: 'FILES…', text: 'Combines saved reports: files or folders.' },
  completion: { takes: 'bash|zsh|fish', text: 'Prints a completion script for a shell.' },
} as const;
export type Command = keyof typeof COMMANDS;

export interface Flag {
  name: string;
  /** Placeholder for the value. `null`: a flag without a value. */
  value: string | null;
  text: string;
  commands: readonly Command[];
  /** `true` if the help of a command describes the flag. It lists other flags only by name. */
  isFirst: boolean;
}

const SINGLE_REPORT = ['demo', 'check', 'report'] as const;
const ANY_REPORT = [...SINGLE_REPORT, 'organization', 'rollup'] as const;

/** Flags for the output of the command line. All others are options. */
const OUTPUT_FLAGS: readonly Omit<Flag, 'isFirst'>[] = [
  {
    name: 'sample',
    value: 'NAME',
    text: 'Sample to use: team, or monorepo with three services. (team)',
    commands: ['demo'],
  },
  { name: 'json', value: null, text: 'Prints only the JSON report.', commands: ANY_REPORT },
  { name: 'csv', value: null, text: 'Prints only CSV.', commands: ANY_REPORT },
  {
    name: 'report',
    value: 'FILE',
    text: 'Writes the JSON report to a file (- prints it).',
    commands: ANY_REPORT,
  },
  {
    name: 'rows',
    value: 'FILE',
    text: 'Writes a row for each change to a file, as JSON Lines.',
    commands: SINGLE_REPORT,
  },
  {
    name: 'redact',
    value: null,
    text: 'Removes names, titles and addresses from the output.',
    commands: SINGLE_REPORT,
  },
  { name: 'html', value: 'FILE', text: 'Writes the report as an HTML page.', commands: ANY_REPORT },
  { name: 'open', value: null, text: 'Opens the HTML page in a browser.', commands: ANY_REPORT },
  {
    name: 'write',
    value: null,
    text: 'Writes the workflows to files. Overwrites nothing.',
    commands: ['init'],
  },
  {
    name: 'quiet',
    value: null,
    text: 'Prints only errors. The exit code is the result.',
    commands: ANY_REPORT,
  },
];

/** The first clause of a description and the default, to fit a line. */
const brief = ({ description, default: fallback }: Option): string =>
  `${description
    .replaceAll('`', '')
    .replace(/[.:;,(][\s\S]*$/, '')
    .trim()}.${fallback ? ` (${fallback})` : ''}`;

function optionFlags(): Flag[] {
  const names = new Set(COMMANDS_WITH_OPTIONS.flatMap((command) => optionsAt(command)));
  return [...names].map((name) => {
    const row: Option = OPTIONS[name];
    return {
      name,
      value: 'VALUE',
      text: brief(row),
      commands: COMMANDS_WITH_OPTIONS.filter((command) => row.doors.includes(command)),
      isFirst: row.group === 'first' || row.group === 'many',
    };
  });
}

export const FLAGS: readonly Flag[] = [
  ...optionFlags(),
  ...OUTPUT_FLAGS.map((flag) => ({ ...flag, isFirst: true })),
];
/** Flags that do not need a command. */
export const GLOBAL_FLAGS = {
  version: 'Prints the version.',
  help: 'Prints this text, or the flags of a command.',
};

export const flagsOf = (command: Command): Flag[] => FLAGS.filter((flag) => flag.commands.includes(command));

export interface Parsed {
  command: Command | 'version' | 'help' | null;
  /** Command to print the help of. `null`: the general help. */
  helpOf: Command | null;
  /** First argument of the command, such as a repository. */
  subject: string | null;
  /** All arguments of the command. */
  subjects: readonly string[];
  /** Flags by name, `true` for a flag without a value. */
  values: Readonly<Record<string, string | true | undefined>>;
}

const ARGUMENT_WORDS: Record<string, string> = {
  'OWNER/NAME': 'repository, as OWNER/NAME',
  OWNER: 'organization or user',
  FILE: 'report file',
  'bash|zsh|fish': 'shell, as bash, zsh or fish',
};

const isCommand = (text: string | undefined): text is Command => text !== undefined && text in COMMANDS;

/** @throws {GuardError} for an unknown command or flag, or for one that has no effect. */
export function parse(args: readonly string[]): Parsed {
  const { values, positionals } = parsed(args);
  const base = { helpOf: null, subject: null, subjects: [], values };
  if (values.version) return { ...base, command: 'version' };
  const [command, subject = null, ...others] = positionals;
  const topic = command === 'help' ? (subject ?? undefined) : command;
  const isHelp = values.help === true || command === 'help';
  for (const name of Object.keys(values)) checkFlag(name, isCommand(topic) ? topic : null);
  if (topic !== undefined && !isCommand(topic)) throw unknownCommand(topic);
  if (isHelp || topic === undefined)
    return { ...base, command: isHelp ? 'help' : null, helpOf: topic ?? null };
  const { takes } = COMMANDS[topic];
  const takesSeveral = takes.endsWith('…');
  if ((others.length > 0 && !takesSeveral) || (takes === '') !== (subject === null))
    throw new GuardError(
      takes === ''
        ? `"${topic}" takes only flags. See "${topic} --help".`
        : takesSeveral
          ? `"${topic}" needs report files, or folders that contain them. See "${topic} --help".`
          : `"${topic}" needs one ${ARGUMENT_WORDS[takes]}. See "${topic} --help".`,
    );
  return { ...base, command: topic, subject, subjects: positionals.slice(1) };
}

function unknownCommand(name: string): GuardError {
  const similar = nearest(name, Object.keys(COMMANDS));
  return new GuardError(
    `"${oneLine(name)}" is not a command${similar === undefined ? '.' : `; did you mean "${similar}"?`} Accepted: ${Object.keys(COMMANDS).join(', ')}. See --help.`,
  );
}

/** @param command - `null` if there is none, or none of that name: then any flag is accepted. */
function checkFlag(name: string, command: Command | null): void {
  if (Object.hasOwn(GLOBAL_FLAGS, name)) return;
  const flag = FLAGS.find((flag) => flag.name === name);
  if (flag && (command === null || flag.commands.includes(command))) return;
  if (flag)
    throw new GuardError(
      `Flag --${name} has no effect on "${command}". It belongs to ${listed(flag.commands)}. See "${command} --help".`,
    );
  if (isOption(name) && (OPTIONS[name] as Option).doors.includes('file'))
    throw new GuardError(
      `Flag --${name} is about comments and issues, which the command line does not write. Leave it out.`,
    );
  const known = command === null ? FLAGS : flagsOf(command);
  const similar = nearest(name, [...known.map((flag) => flag.name), ...Object.keys(GLOBAL_FLAGS)]);
  const given = `${name.length === 1 ? '-' : '--'}${oneLine(name, 60)}`;
  throw new GuardError(
    `Flag ${given} does not exist${similar === undefined ? '.' : `; did you mean --${similar}?`} See ${command === null ? '--help' : `"${command} --help"`}.`,
  );
}

function parsed(args: readonly string[]): Pick<Parsed, 'values'> & { positionals: string[] } {
  const options = Object.fromEntries([
    ...FLAGS.map(({ name, value }) => [name, { type: value === null ? 'boolean' : 'string' }] as const),
    ['version', { type: 'boolean' }] as const,
    ['help', { type: 'boolean', short: 'h' }] as const,
  ]);
  const { tokens, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options,
  });
  const values: Record<string, string | true> = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, value } = token;
    const type = options[name]?.type;
    const isMissing = value === undefined || value === '' || (!token.inlineValue && /^--./.test(value));
    if (type === 'string' && isMissing)
      throw new GuardError(`Flag --${name} needs a value, such as --${name} ${exampleOf(name)}. See --help.`);
    if (type === 'boolean' && value !== undefined)
      throw new GuardError(`Flag --${name} takes no value. See --help.`);
    if (Object.hasOwn(values, name)) throw new GuardError(`Flag --${name} is given twice. Keep one.`);
    values[name] = value ?? true;
  }
  return { values, positionals };
}

const exampleOf = (name: string): string =>
  (isOption(name) && OPTIONS[name].default) || (FLAGS.find((flag) => flag.name === name)?.value ?? 'VALUE');
