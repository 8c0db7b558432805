import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { graphqlUrlOf, parseConfig, type Surroundings } from './config/config.ts';
import { INPUT_NAMES, INPUTS, type InputName } from './config/inputs.ts';
import { startLoopback } from './demo/loopback.ts';
import { SAMPLE_NOW, sampleTeam } from './demo/sample.ts';
import { GuardError, oneLine } from './facts/guard-error.ts';
import { type ClientOptions, connect } from './github/client.ts';
import { type Answer, guard } from './guard.ts';
import { terminal } from './report/terminal.ts';

/** The command line's door: flags and a token in, a terminal and a file out. It never writes to GitHub. */

/** Inputs that the command line takes another way. */
const NOT_FLAGS = new Set<InputName>(['github-token', 'repository']);
const FLAGS = INPUT_NAMES.filter((name) => !NOT_FLAGS.has(name));
const REPORT = 'deploy-latency-report.json';

function help(): string {
  const width = Math.max(...FLAGS.map((name) => name.length)) + 2;
  const line = (flag: string, text: string) => `  --${flag.padEnd(width)}${text}`;
  return [
    'How long from merge to live?',
    '',
    'Usage:',
    '  node dist/cli.js demo [flags]               a built-in sample team, no network',
    '  node dist/cli.js check OWNER/NAME [flags]   a repository, with the token in GITHUB_TOKEN',
    '',
    'Flags:',
    ...FLAGS.map((name) => {
      const fallback: string = INPUTS[name].default;
      return line(name, `${INPUTS[name].description}${fallback ? ` (${fallback})` : ''}`);
    }),
    line('report', `File for the JSON report. (${REPORT})`),
    line('help', 'This text.'),
    '',
    'Environment:',
    '  GITHUB_TOKEN        token that may read the repository (contents, deployments, pull requests; with',
    '                      --deploy-source workflow also actions and checks)',
    '  GITHUB_API_URL      API of a GitHub Enterprise Server, such as https://github.example.com/api/v3',
    '  GITHUB_GRAPHQL_URL  its GraphQL API, if that is not beside it',
    '  NO_COLOR            no colours',
    '',
    'Exit: 0, or 1 when a finding that --fail-on names was made (auto: drift), or when something went wrong.',
    '',
  ].join('\n');
}

async function main(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values, positionals } = parse(args);
  const [command, repository, ...rest] = positionals;
  if (values.help || command === 'help' || command === undefined) {
    process.stdout.write(help());
    return command === undefined && !values.help ? 1 : 0;
  }
  const inputs = Object.fromEntries(FLAGS.map((name) => [name, text(values[name])]));
  if (command === 'demo' && repository === undefined) return demo(inputs, text(values.report), env);
  if (command === 'check' && repository !== undefined && rest.length === 0)
    return check({ ...inputs, repository, 'github-token': env.GITHUB_TOKEN ?? '' }, text(values.report), env);
  throw new GuardError(
    command === 'check'
      ? '"check" takes one repository, as OWNER/NAME. See --help.'
      : `There is no command "${oneLine(positionals.join(' '))}". Accepted: demo, check OWNER/NAME. See --help.`,
  );
}

function parse(args: string[]): { values: Record<string, unknown>; positionals: string[] } {
  const options = Object.fromEntries([...FLAGS, 'report'].map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { ...options, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new GuardError(`${oneLine((error as Error).message)} See --help.`);
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

async function demo(
  inputs: Partial<Record<InputName, string>>,
  report: string,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const world = sampleTeam();
  const github = await startLoopback(world);
  try {
    const surroundings: Surroundings = {
      now: new Date(SAMPLE_NOW),
      repository: `${world.owner}/${world.name}`,
      eventName: 'schedule',
      eventDeployment: null,
      runId: null,
      apiUrl: github.apiUrl,
      graphqlUrl: github.graphqlUrl,
      serverUrl: 'https://github.com',
    };
    process.stdout.write(
      `A sample team, as of ${SAMPLE_NOW}, read from a small GitHub at ${github.apiUrl}\n\n`,
    );
    // No proxy stands before the loopback address.
    return await answer({ ...inputs, 'github-token': 'demo' }, surroundings, report, env, { fetch });
  } finally {
    await github.close();
  }
}

async function check(
  inputs: Partial<Record<InputName, string>>,
  report: string,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const apiUrl = env.GITHUB_API_URL || 'https://api.github.com';
  return answer(
    inputs,
    {
      now: new Date(),
      repository: '',
      eventName: '',
      eventDeployment: null,
      runId: null,
      apiUrl,
      graphqlUrl: env.GITHUB_GRAPHQL_URL || graphqlUrlOf(apiUrl),
      serverUrl: env.GITHUB_SERVER_URL || 'https://github.com',
    },
    report,
    env,
  );
}

async function answer(
  inputs: Partial<Record<InputName, string>>,
  surroundings: Surroundings,
  report: string,
  env: NodeJS.ProcessEnv,
  transport: Pick<ClientOptions, 'fetch'> = {},
): Promise<number> {
  const config = parseConfig(inputs, surroundings);
  const progress = progressOn(process.stderr);
  const github = connect({
    token: config.token,
    apiUrl: surroundings.apiUrl,
    graphqlUrl: surroundings.graphqlUrl,
    onAnswer: progress.step,
    onNotice: (line) => process.stderr.write(`${oneLine(line)}\n`),
    ...transport,
  });
  const result = await guard(config, github).finally(progress.clear);
  print(result, env);
  const file = report || REPORT;
  writeFileSync(file, `${JSON.stringify(result.report, null, 2)}\n`);
  process.stdout.write(`\nReport: ${file}\n`);
  return result.failed ? 1 : 0;
}

function print(result: Answer, env: NodeJS.ProcessEnv): void {
  const colour = process.stdout.isTTY === true && !env.NO_COLOR;
  process.stdout.write(terminal(result.summary, { columns: process.stdout.columns ?? 110, colour }));
  if (result.annotations.length > 0) process.stdout.write('\n');
  for (const { severity, message } of result.annotations)
    process.stdout.write(`${severity}: ${oneLine(message, 1000)}\n`);
}

/** How many answers have come, on a terminal only, on a line that is taken away at the end. */
function progressOn(stream: NodeJS.WriteStream): { step(): void; clear(): void } {
  let answers = 0;
  if (!stream.isTTY) return { step: () => {}, clear: () => {} };
  return {
    step: () => {
      answers += 1;
      stream.write(`\rReading GitHub: ${answers} answers`);
    },
    clear: () => void stream.write('\r\x1b[K'),
  };
}

main(process.argv.slice(2), process.env).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const line =
      error instanceof GuardError ? error.message : `a defect: ${oneLine(String(error))}. Please report it.`;
    process.stderr.write(`error: ${line}\n`);
    process.exitCode = 1;
  },
);
