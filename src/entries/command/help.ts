import { hanging } from '../../report/render/terminal.ts';
import { COMMANDS, FLAGS } from './flags.ts';

/** The text of --help, in lines of at most `columns` characters. */
export function help(columns: number): string {
  const rows = (some: readonly (readonly [string, string])[]) => {
    const width = Math.max(...some.map(([name]) => name.length)) + 2;
    return some.map(([name, text]) => hanging(`  ${name.padEnd(width)}`, text, columns));
  };
  return [
    'How long from merge to live?',
    '',
    'Usage: node dist/cli.js COMMAND [flags]',
    '',
    ...rows(Object.entries(COMMANDS).map(([name, { takes, text }]) => [`${name} ${takes}`.trim(), text])),
    '',
    'Flags:',
    ...rows(FLAGS.map(({ name, value, text }) => [`--${name}${value === null ? '' : ` ${value}`}`, text])),
    '',
    'Environment:',
    ...rows([
      [
        'GITHUB_TOKEN',
        'Token that may read the repository (contents, deployments, pull requests, actions, checks). Without it, what "gh auth token" prints.',
      ],
      [
        'GITHUB_API_URL',
        'API of a GitHub Enterprise Server, such as https://github.example.com/api/v3. With ".", that of the clone\'s origin.',
      ],
      ['GITHUB_GRAPHQL_URL', 'Its GraphQL API, if that is not beside it.'],
      ['HTTPS_PROXY', 'Proxy to go through, and NO_PROXY what not.'],
      ['NO_COLOR, TERM=dumb', 'Neither colours nor any other escape.'],
    ]),
    '',
    'Exit codes:',
    ...rows([
      ['0', 'There is an answer, and nothing that --fail-on names was found.'],
      [
        '1',
        'Something that --fail-on names was found (auto: sure-drift); or there is no answer, and one line on standard error says why and what to do.',
      ],
    ]),
    '',
  ].join('\n');
}
