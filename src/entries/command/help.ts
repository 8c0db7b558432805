import { hanging } from '../../report/render/terminal.ts';
import { type Command, COMMANDS, EVERYWHERE, type Flag, flagsOf } from './flags.ts';

/** The texts of --help, each of a screen, in lines of at most `columns` characters. */

const NAME = 'deploy-latency-guard';

type Row = readonly [name: string, text: string];

function rows(some: readonly Row[], columns: number): string[] {
  const width = Math.max(...some.map(([name]) => name.length)) + 2;
  return some.map(([name, text]) => hanging(`  ${name.padEnd(width)}`, text, columns));
}

/** What each command is for. */
export function help(columns: number): string {
  return [
    'How long from merge to live?',
    '',
    `Usage: ${NAME} COMMAND [flags]    (or node dist/cli.js COMMAND)`,
    '',
    ...rows(
      [
        ...Object.entries(COMMANDS).map(([name, { takes, text }]): Row => [`${name} ${takes}`.trim(), text]),
        ...Object.entries(EVERYWHERE).map(([name, text]): Row => [`--${name}`, text]),
      ],
      columns,
    ),
    '',
    ...rows(
      [
        ['GITHUB_TOKEN', 'A token; or GH_TOKEN, or what "gh auth token" prints.'],
        ['GITHUB_API_URL', 'API of another server: https://HOST/api/v3.'],
        ['GITHUB_GRAPHQL_URL', 'Its GraphQL API, if that is not beside it.'],
        ['HTTPS_PROXY, NO_PROXY', 'Proxy to go through, and what not.'],
        ['NO_COLOR, TERM=dumb', 'Neither colours nor any other escape.'],
      ],
      columns,
    ),
    '',
    'Exit codes:',
    ...rows(
      [
        ['0', 'An answer, and nothing that --fail-on names.'],
        ['1', 'An answer, and something that --fail-on names.'],
        ['2', 'No answer: one line on standard error says why, and what to do.'],
      ],
      columns,
    ),
    '',
  ].join('\n');
}

/** What one command takes. */
export function helpOf(command: Command, columns: number): string {
  const { takes, text } = COMMANDS[command];
  const all = flagsOf(command);
  const first = all.filter((flag) => flag.isFirst);
  const others = all.filter((flag) => !flag.isFirst).map(({ name }) => `--${name}`);
  const usage = [NAME, command, takes, ...(all.length > 0 ? ['[flags]'] : [])].filter((each) => each !== '');
  const named = ({ name, value }: Flag) => `--${name}${value === null ? '' : ` ${value}`}`;
  return [
    text,
    '',
    `Usage: ${usage.join(' ')}`,
    ...(takes === 'OWNER/NAME' ? ['The address of a repository, or of its clone, is taken too.'] : []),
    ...(first.length > 0
      ? [
          '',
          ...rows(
            first.map((flag) => [named(flag), flag.text]),
            columns,
          ),
        ]
      : []),
    ...(others.length > 0
      ? ['', hanging('  ', `And ${others.join(' ')}: see docs/configuration.md.`, columns)]
      : []),
    '',
  ].join('\n');
}
