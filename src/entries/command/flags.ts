import { parseArgs } from 'node:util';
import { INPUT_NAMES, INPUTS, type InputName } from '../../config/inputs.ts';
import { ORGANIZATION_INPUTS, type OrganizationInput } from '../../config/organization.ts';
import { GuardError, oneLine } from '../../model/guard-error.ts';

/** What the command line takes: its commands and flags, a row each; help, parsing and completion are made of them. */

export const COMMANDS = {
  demo: { takes: '', text: 'A built-in sample team; no network.' },
  check: { takes: 'OWNER/NAME', text: 'A repository; "." is the one that the clone here comes from.' },
  init: {
    takes: 'OWNER/NAME',
    text: 'Looks at how it deploys, and prints the workflows that fit; "." as above.',
  },
  organization: {
    takes: 'OWNER',
    text: 'All repositories of an owner, one after the other, and what they come to together.',
  },
  rollup: { takes: 'FILES…', text: 'Reports, or folders of them, as one.' },
  completion: { takes: 'bash|zsh|fish', text: 'Prints what completes commands and flags in that shell.' },
} as const;
export type Command = keyof typeof COMMANDS;

/** Inputs that the command line takes another way, or that are of what it never does: it writes nothing to GitHub. */
const NOT_FLAGS = new Set<InputName>([
  'github-token',
  'repository',
  'pull-request',
  'comment',
  'issue',
  'issue-label',
  'issue-repository',
  'mention',
  'html',
]);
export const INPUT_FLAGS = INPUT_NAMES.filter((name) => !NOT_FLAGS.has(name));

/** What the command line calls inputs of many repositories. */
export const ORGANIZATION_FLAGS = {
  repos: 'repositories',
  topic: 'topic',
  property: 'property',
  shard: 'shard',
  reports: 'reports',
  'budget-points': 'budget-points',
  'budget-time': 'budget-time',
} as const satisfies Record<string, OrganizationInput>;

export interface Flag {
  name: string;
  /** What stands for its value; `null`: it takes none. */
  value: string | null;
  text: string;
  commands: readonly Command[];
}

const ANSWERS: readonly Command[] = ['demo', 'check'];
const MANY: readonly Command[] = ['organization', 'rollup'];
/** Inputs that tell apart, where many are put together, what may be. */
const OF_ROLLUP = new Set<InputName>(['environment', 'fail-on']);

export const FLAGS: readonly Flag[] = [
  ...INPUT_FLAGS.map((name): Flag => {
    const fallback: string = INPUTS[name].default;
    return {
      name,
      value: 'VALUE',
      text: `${INPUTS[name].description}${fallback ? ` (${fallback})` : ''}`,
      commands: [...ANSWERS, 'organization', ...(OF_ROLLUP.has(name) ? ['rollup' as const] : [])],
    };
  }),
  ...Object.entries(ORGANIZATION_FLAGS).map(
    ([name, input]): Flag => ({
      name,
      value: 'VALUE',
      text: ORGANIZATION_INPUTS[input].description
        .replace(/^Instead of one repository many/, 'Those of its repositories')
        .replace(/^With repositories: (.)/, (_, first: string) => first.toUpperCase()),
      commands: ['organization'],
    }),
  ),
  {
    name: 'sample',
    value: 'NAME',
    text: 'Of demo: team, or monorepo (three services, two regions, a staging). (team)',
    commands: ['demo'],
  },
  {
    name: 'json',
    value: null,
    text: 'The JSON report on standard output, and nothing else.',
    commands: [...ANSWERS, ...MANY],
  },
  {
    name: 'csv',
    value: null,
    text: 'A row for each change on standard output, and nothing else.',
    commands: [...ANSWERS, ...MANY],
  },
  {
    name: 'report',
    value: 'FILE',
    text: 'Writes the JSON report there; - is standard output.',
    commands: [...ANSWERS, ...MANY],
  },
  {
    name: 'rows',
    value: 'FILE',
    text: 'Writes a flat row for each change there, as JSON Lines; - is standard output.',
    commands: ANSWERS,
  },
  {
    name: 'redact',
    value: null,
    text: 'Leaves names, titles and addresses out of the report, so that it can be shown to others.',
    commands: ANSWERS,
  },
  {
    name: 'html',
    value: 'FILE',
    text: 'Writes the page there: one file for a browser, without a script or a request; - is standard output.',
    commands: [...ANSWERS, ...MANY],
  },
  {
    name: 'open',
    value: null,
    text: 'Opens the page in the browser; without --html it is written to a temporary folder.',
    commands: [...ANSWERS, ...MANY],
  },
  {
    name: 'write',
    value: null,
    text: 'Of init: writes the workflows into this folder, and nothing where one of them is there.',
    commands: ['init'],
  },
  {
    name: 'quiet',
    value: null,
    text: 'Prints nothing but errors; the exit code is the answer.',
    commands: ['demo', 'check', 'init', ...MANY],
  },
  { name: 'version', value: null, text: 'The version.', commands: [] },
  { name: 'help', value: null, text: 'This text.', commands: [] },
];

export interface Parsed {
  command: Command | 'help' | 'version' | null;
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
  'bash|zsh|fish': 'shell, as bash, zsh or fish',
};

/** @throws {GuardError} naming what is not known, or what does nothing with that command. */
export function parse(args: readonly string[]): Parsed {
  const options = Object.fromEntries(
    FLAGS.map(({ name, value }) => [
      name,
      {
        type: value === null ? ('boolean' as const) : ('string' as const),
        ...(name === 'help' ? { short: 'h' } : {}),
      },
    ]),
  );
  const { values, positionals } = parsed(args, options);
  if (values.version) return { command: 'version', subject: null, subjects: [], values };
  const [command, subject = null, ...rest] = positionals;
  if (values.help || command === 'help') return { command: 'help', subject: null, subjects: [], values };
  if (command === undefined) return { command: null, subject: null, subjects: [], values };
  if (!(command in COMMANDS))
    throw new GuardError(
      `There is no command "${oneLine(positionals.join(' '))}". Accepted: ${Object.entries(COMMANDS)
        .map(([name, { takes }]) => `${name} ${takes}`.trim())
        .join(', ')}. See --help.`,
    );
  const { takes } = COMMANDS[command as Command];
  const takesSeveral = takes.endsWith('…');
  if ((rest.length > 0 && !takesSeveral) || (takes === '') !== (subject === null))
    throw new GuardError(
      takes === ''
        ? `"${command}" takes flags alone. See --help.`
        : takesSeveral
          ? `"${command}" takes files of reports, or folders of them. See --help.`
          : `"${command}" takes one ${ONE[takes]}. See --help.`,
    );
  for (const name of Object.keys(values)) {
    const { commands = [] } = FLAGS.find((each) => each.name === name) ?? {};
    if (!commands.includes(command as Command))
      throw new GuardError(
        `Flag --${name} does nothing with "${command}"; it is for ${commands.join(' and ')}. See --help.`,
      );
  }
  return { command: command as Command, subject, subjects: positionals.slice(1), values };
}

function parsed(args: readonly string[], options: NonNullable<Parameters<typeof parseArgs>[0]>['options']) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    return { values: values as Parsed['values'], positionals };
  } catch (error) {
    throw new GuardError(`${oneLine((error as Error).message)} See --help.`);
  }
}
