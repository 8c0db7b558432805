import { parseArgs } from 'node:util';
import leven from 'leven';
import { COMMANDS_WITH_OPTIONS, isOption, type Option, OPTIONS, optionsAt } from '../../config/options.ts';
import { GuardError, oneLine } from '../../model/guard-error.ts';

/** What the command line takes: its commands and flags, a row each; help, parsing and completion are made of them. */

export const COMMANDS = {
  demo: { takes: '', text: 'A built-in sample team; no network.' },
  check: { takes: 'OWNER/NAME', text: 'A repository; "." is that of the clone here.' },
  init: { takes: 'OWNER/NAME', text: 'Prints the workflows that fit how it deploys.' },
  organization: { takes: 'OWNER', text: 'All repositories of an owner, and all together.' },
  report: { takes: 'FILE', text: 'A saved report, drawn again without a request.' },
  rollup: { takes: 'FILES…', text: 'Reports, or folders of them, as one.' },
  completion: { takes: 'bash|zsh|fish', text: 'What completes commands and flags in that shell.' },
} as const;
export type Command = keyof typeof COMMANDS;

export interface Flag {
  name: string;
  /** What stands for its value; `null`: it takes none. */
  value: string | null;
  text: string;
  commands: readonly Command[];
  /** Whether it stands in a command's help with its text, and not by its name alone. */
  isFirst: boolean;
}

const ANSWERS = ['demo', 'check', 'report'] as const;
const TELLING = [...ANSWERS, 'organization', 'rollup'] as const;

/** Flags that are no options: what is printed, and where it is written. */
const OWN: readonly Omit<Flag, 'isFirst'>[] = [
  {
    name: 'sample',
    value: 'NAME',
    text: 'team, or monorepo (three services, two regions, a staging). (team)',
    commands: ['demo'],
  },
  { name: 'json', value: null, text: 'The JSON report on standard output, alone.', commands: TELLING },
  { name: 'csv', value: null, text: 'A row for each change on standard output, alone.', commands: TELLING },
  {
    name: 'report',
    value: 'FILE',
    text: 'Writes the JSON report there; - is standard output.',
    commands: TELLING,
  },
  {
    name: 'rows',
    value: 'FILE',
    text: 'Writes a row for each change there, as JSON Lines.',
    commands: ANSWERS,
  },
  {
    name: 'redact',
    value: null,
    text: 'Leaves names, titles and addresses out of the report.',
    commands: ANSWERS,
  },
  { name: 'html', value: 'FILE', text: 'Writes the page there: one file for a browser.', commands: TELLING },
  { name: 'open', value: null, text: 'Opens the page in the browser.', commands: TELLING },
  {
    name: 'write',
    value: null,
    text: 'Writes the workflows into this folder, unless one of them is there.',
    commands: ['init'],
  },
  {
    name: 'quiet',
    value: null,
    text: 'Prints errors alone; the exit code is the answer.',
    commands: [...TELLING, 'init'],
  },
];

/** The first clause of a description: what a line of help has room for. */
const brief = ({ description, default: fallback }: Option): string =>
  `${description.replace(/[.:;,(][\s\S]*$/, '').trim()}.${fallback ? ` (${fallback})` : ''}`;

function optionFlags(): Flag[] {
  const names = new Set(COMMANDS_WITH_OPTIONS.flatMap((command) => optionsAt(command)));
  return [...names].map((name) => {
    const row: Option = OPTIONS[name];
    return {
      name,
      value: 'VALUE',
      text: brief(row),
      commands: COMMANDS_WITH_OPTIONS.filter((each) => row.doors.includes(each)),
      isFirst: row.group === 'first' || row.group === 'many',
    };
  });
}

export const FLAGS: readonly Flag[] = [...optionFlags(), ...OWN.map((omit) => ({ ...omit, isFirst: true }))];
/** Flags that are of no command. */
export const EVERYWHERE = { version: 'The version.', help: 'This text; of a command, its own.' };

export const flagsOf = (command: Command): Flag[] => FLAGS.filter((flag) => flag.commands.includes(command));

export interface Parsed {
  command: Command | 'version' | 'help' | null;
  /** The command whose help is asked for; `null`: the help of all. */
  helpOf: Command | null;
  /** What the command is about. */
  subject: string | null;
  /** All of them, where it takes several. */
  subjects: readonly string[];
  /** Flags that were given; those without a value are `true`. */
  values: Readonly<Record<string, string | true | undefined>>;
}

const ONE: Record<string, string> = {
  'OWNER/NAME': 'repository, as OWNER/NAME',
  OWNER: 'organization or user',
  FILE: 'file with a report',
  'bash|zsh|fish': 'shell, as bash, zsh or fish',
};

const isCommand = (text: string | undefined): text is Command => text !== undefined && text in COMMANDS;

/** @throws {GuardError} naming what is not known, or what does nothing with that command. */
export function parse(args: readonly string[]): Parsed {
  const { values, positionals } = parsed(args);
  const nothing = { helpOf: null, subject: null, subjects: [], values };
  if (values.version) return { ...nothing, command: 'version' };
  const [command, subject = null, ...rest] = positionals;
  const about = command === 'help' ? subject : command;
  if (values.help || command === 'help')
    return { ...nothing, command: 'help', helpOf: isCommand(about ?? undefined) ? (about as Command) : null };
  if (command === undefined) return { ...nothing, command: null };
  if (!isCommand(command)) {
    const meant = nearest(command, Object.keys(COMMANDS));
    throw new GuardError(
      `There is no command "${oneLine(command)}"${meant === undefined ? '.' : `; did you mean "${meant}"?`} Accepted: ${Object.keys(COMMANDS).join(', ')}. See --help.`,
    );
  }
  for (const name of Object.keys(values)) checkFlag(name, command);
  const { takes } = COMMANDS[command];
  const takesSeveral = takes.endsWith('…');
  if ((rest.length > 0 && !takesSeveral) || (takes === '') !== (subject === null))
    throw new GuardError(
      takes === ''
        ? `"${command}" takes flags alone. See "${command} --help".`
        : takesSeveral
          ? `"${command}" takes files of reports, or folders of them. See "${command} --help".`
          : `"${command}" takes one ${ONE[takes]}. See "${command} --help".`,
    );
  return { ...nothing, command, subject, subjects: positionals.slice(1) };
}

/** The word that another is most like, if it is like one. */
function nearest(word: string, words: readonly string[]): string | undefined {
  const [found] = words
    .map((other) => ({ each: other, far: leven(other, word) }))
    .filter(({ each, far }) => far <= Math.max(2, each.length / 3))
    .sort((a, b) => a.far - b.far);
  return found?.each;
}

function checkFlag(name: string, command: Command): void {
  const flag = FLAGS.find((flag) => flag.name === name);
  if (flag?.commands.includes(command)) return;
  if (flag)
    throw new GuardError(
      `Flag --${name} does nothing with "${command}"; it is for ${flag.commands.join(' and ')}. See "${command} --help".`,
    );
  const meant = nearest(
    name,
    flagsOf(command).map((flag) => flag.name),
  );
  if (isOption(name) && (OPTIONS[name] as Option).doors.includes('file'))
    throw new GuardError(
      `Flag --${name} is for comments and issues, and the command line writes none. Leave it out.`,
    );
  throw new GuardError(
    `There is no flag --${oneLine(name, 60)}${meant === undefined ? '.' : `; did you mean --${meant}?`} See "${command} --help".`,
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
    values[name] = value ?? true;
  }
  return { values, positionals };
}

/** What may stand for a flag's value. */
const exampleOf = (name: string): string =>
  (isOption(name) && OPTIONS[name].default) || (FLAGS.find((flag) => flag.name === name)?.value ?? 'VALUE');
