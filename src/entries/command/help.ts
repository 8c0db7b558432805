import { hanging } from '../../report/render/terminal.ts';
import { type Command, COMMANDS, type Flag, flagsOf, GLOBAL_FLAGS } from './flags.ts';

/** Texts of --help. Each fits a screen, in lines of at most `columns` characters. */

const NAME = 'deploy-latency-guard';

type Row = readonly [name: string, text: string];

function rows(entries: readonly Row[], columns: number): string[] {
  const width = Math.max(...entries.map(([name]) => name.length)) + 2;
  return entries.map(([name, text]) => hanging(`  ${name.padEnd(width)}`, text, columns));
}

export function help(columns: number): string {
  return [
    'How long from merge to live?',
    '',
    `Usage: ${NAME} COMMAND [flags]    (or node dist/cli.js COMMAND)`,
    '',
    ...rows(
      [
        ...Object.entries(COMMANDS).map(([name, { takes, text }]): Row => [`${name} ${takes}`.trim(), text]),
        ...Object.entries(GLOBAL_FLAGS).map(([name, text]): Row => [`--${name}`, text]),
      ],
      columns,
    ),
    '',
    ...rows(
      [
        ['GITHUB_TOKEN', 'Token. Defaults to GH_TOKEN, then to "gh auth token".'],
        ['GITHUB_API_URL', 'API of another server: https://HOST/api/v3.'],
        ['GITHUB_GRAPHQL_URL', 'GraphQL API, if it has another address.'],
        ['HTTPS_PROXY, NO_PROXY', 'Proxy, and hosts to reach without it.'],
        ['NO_COLOR, TERM=dumb', 'No colors or other escape sequences.'],
      ],
      columns,
    ),
    '',
    'Exit codes:',
    ...rows(
      [
        ['0', 'A result without findings of --fail-on.'],
        ['1', 'A result with a finding of --fail-on.'],
        ['2', 'No result. One line on standard error has the reason and the fix.'],
      ],
      columns,
    ),
    '',
  ].join('\n');
}

export function helpOf(command: Command, columns: number): string {
  const { takes, text } = COMMANDS[command];
  const flags = flagsOf(command);
  const first = flags.filter((flag) => flag.isFirst);
  const others = flags.filter((flag) => !flag.isFirst).map(({ name }) => `--${name}`);
  const usage = [NAME, command, takes, flags.length > 0 ? '[flags]' : ''].filter((word) => word !== '');
  const named = ({ name, value }: Flag) => `--${name}${value === null ? '' : ` ${value}`}`;
  return [
    text,
    '',
    `Usage: ${usage.join(' ')}`,
    takes === 'OWNER/NAME' && 'You can also give the web address or the clone address of the repository.',
    first.length > 0 && '',
    ...rows(
      first.map((flag) => [named(flag), flag.text]),
      columns,
    ),
    others.length > 0 && '',
    others.length > 0 && hanging('  ', `Also ${others.join(' ')}. See docs/configuration.md.`, columns),
    '',
  ]
    .filter((line) => line !== false)
    .join('\n');
}
