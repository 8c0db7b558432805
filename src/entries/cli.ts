import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { graphqlUrlOf, isProxied, type Surroundings, surroundingsOf } from '../config/surroundings.ts';
import { INPUT_NAMES, INPUTS, type InputName } from '../config/inputs.ts';
import { startLoopback } from '../fake-github/loopback.ts';
import { sampleMonorepo } from '../demo/monorepo.ts';
import { SAMPLE_NOW, sampleTeam } from '../demo/sample.ts';
import { GuardError, oneLine, OutOfTime } from '../model/guard-error.ts';
import { prepare, type RunContext } from '../run/context.ts';
import { run } from '../run/run.ts';
import { type Whole, wholeOf } from '../run/whole.ts';
import { writePage, writeReport } from '../run/write.ts';
import { terminal } from '../report/render/terminal.ts';

/** The command line's door: flags and a token in, a terminal and a file out. It never writes to GitHub. */

/** Inputs that the command line takes another way. */
const NOT_FLAGS = new Set<InputName>(['github-token', 'repository']);
const FLAGS = INPUT_NAMES.filter((name) => !NOT_FLAGS.has(name));
const REPORT = 'deploy-latency-report.json';

interface Files {
  report: string;
  /** Empty: no page, unless it is to be opened. */
  html: string;
  open: boolean;
}

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
    line('sample', 'Of demo: team, or monorepo (three services, two regions, a staging). (team)'),
    line('report', `File for the JSON report. (${REPORT})`),
    line('html', 'File for the page: one file for a browser, without a script or a request.'),
    line('open', 'Open the page in the browser; without --html it is written to a temporary folder.'),
    line('help', 'This text.'),
    '',
    'Environment:',
    '  GITHUB_TOKEN        token that may read the repository (contents, deployments, pull requests; with',
    '                      --deploy-source workflow also actions and checks)',
    '  GITHUB_API_URL      API of a GitHub Enterprise Server, such as https://github.example.com/api/v3',
    '  GITHUB_GRAPHQL_URL  its GraphQL API, if that is not beside it',
    '  NO_COLOR            no colours',
    '',
    'Exit: 0, or 1 when a finding that --fail-on names was made (auto: sure-drift), or when something went wrong.',
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
  const files: Files = {
    report: text(values.report) || REPORT,
    html: text(values.html),
    open: values.open === true,
  };
  if (command === 'demo' && repository === undefined)
    return demo(text(values.sample) || 'team', inputs, files, env);
  if (command === 'check' && repository !== undefined && rest.length === 0)
    return check({ ...inputs, repository, 'github-token': env.GITHUB_TOKEN ?? '' }, files, env);
  throw new GuardError(
    command === 'check'
      ? '"check" takes one repository, as OWNER/NAME. See --help.'
      : `There is no command "${oneLine(positionals.join(' '))}". Accepted: demo, check OWNER/NAME. See --help.`,
  );
}

function parse(args: string[]): { values: Record<string, unknown>; positionals: string[] } {
  const options = Object.fromEntries(
    [...FLAGS, 'report', 'html', 'sample'].map((name) => [name, { type: 'string' as const }]),
  );
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { ...options, open: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new GuardError(`${oneLine((error as Error).message)} See --help.`);
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Teams to look at without one's own. */
const SAMPLES = { team: sampleTeam, monorepo: sampleMonorepo };

async function demo(
  sample: string,
  inputs: Partial<Record<InputName, string>>,
  files: Files,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const make = SAMPLES[sample as keyof typeof SAMPLES];
  if (!make)
    throw new GuardError(
      `Flag --sample is "${oneLine(sample)}"; accepted: ${Object.keys(SAMPLES).join(', ')}. See --help.`,
    );
  const world = make();
  const github = await startLoopback(world);
  try {
    const surroundings = surroundingsOf({
      now: new Date(SAMPLE_NOW),
      repository: `${world.owner}/${world.name}`,
      eventName: 'schedule',
      apiUrl: github.apiUrl,
      graphqlUrl: github.graphqlUrl,
    });
    process.stdout.write(
      `A sample team, as of ${SAMPLE_NOW}, read from a small GitHub at ${github.apiUrl}\n\n`,
    );
    // No proxy stands before the loopback address.
    return await answer({ ...inputs, 'github-token': 'demo' }, surroundings, files, env, { proxied: false });
  } finally {
    await github.close();
  }
}

async function check(
  inputs: Partial<Record<InputName, string>>,
  files: Files,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const apiUrl = env.GITHUB_API_URL || 'https://api.github.com';
  return answer(
    inputs,
    surroundingsOf({
      now: new Date(),
      repository: '',
      apiUrl,
      graphqlUrl: env.GITHUB_GRAPHQL_URL || graphqlUrlOf(apiUrl),
    }),
    files,
    env,
  );
}

async function answer(
  inputs: Partial<Record<InputName, string>>,
  surroundings: Surroundings,
  files: Files,
  env: NodeJS.ProcessEnv,
  transport: RunContext['client'] = { proxied: isProxied(env) },
): Promise<number> {
  const progress = progressOn(process.stderr);
  const { github, units, settings, opened } = await prepare({
    inputs,
    surroundings,
    client: {
      onAnswer: progress.step,
      onNotice: (line) => process.stderr.write(`${oneLine(line)}\n`),
      ...transport,
    },
  });
  const told = await run(github, units, settings, surroundings, opened).finally(progress.clear);
  const whole = await wholeOf(told);
  print(whole, env);
  await write(whole, files);
  return whole.failed ? 1 : 0;
}

async function write(whole: Whole, { report, html, open }: Files): Promise<void> {
  writeReport(whole, report);
  process.stdout.write(`\nReport: ${report}\n`);
  if (html === '' && !open) return;
  const file = html || join(mkdtempSync(join(tmpdir(), 'deploy-latency-')), 'report.html');
  await writePage(whole, file);
  process.stdout.write(`Page: ${file}\n`);
  if (open) openInBrowser(resolve(file));
}

/** Hands the file to the desktop's own opener, past any shell; where there is none, the path was printed. */
function openInBrowser(file: string): void {
  const openers: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
    darwin: ['open'],
    win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  };
  const [command, ...args] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, file], { detached: true, stdio: 'ignore' });
  child.on('error', () => process.stderr.write(`No program to open it with was found (${command}).\n`));
  child.unref();
}

function print(result: Whole, env: NodeJS.ProcessEnv): void {
  const colour = process.stdout.isTTY === true && !env.NO_COLOR;
  process.stdout.write(terminal(result.summary.flat(), { columns: process.stdout.columns ?? 110, colour }));
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

// Whoever reads the output may have seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

main(process.argv.slice(2), process.env).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const line =
      error instanceof GuardError ? error.message : `a defect: ${oneLine(String(error))}. Please report it.`;
    process.stderr.write(`error: ${line}\n`);
    process.exitCode = 1;
    if (error instanceof OutOfTime) process.exit();
  },
);
