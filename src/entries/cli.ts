#!/usr/bin/env node
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { graphqlUrlOf, isProxied, type Surroundings, surroundingsOf } from '../config/surroundings.ts';
import { OPTIONS, optionsAt, type OptionCommand, type Raw } from '../config/options.ts';
import { startLoopback } from '../fake-github/loopback.ts';
import { sampleMonorepo } from '../demo/monorepo.ts';
import { SAMPLE_NOW, sampleTeam } from '../demo/sample.ts';
import { GuardError, oneLine, OutOfTime } from '../model/guard-error.ts';
import { VERSION } from '../model/version.ts';
import { telemetryAsked } from '../telemetry/endpoints.ts';
import type { Rollup } from '../organization/rollup.ts';
import type { LeftOut } from '../organization/write.ts';
import { prepare } from '../run/context.ts';
import { run } from '../run/run.ts';
import { savedReport } from '../run/saved-files.ts';
import { pageOf, textsOf } from '../run/after-verdict.ts';
import type { RunTexts } from '../run/texts.ts';
import { type RunVerdict, verdictOf } from '../run/run-verdict.ts';
import { save, writeNew } from '../run/files.ts';
import type { Report, RunReport } from '../report/contract.ts';
import { reportsOf } from '../report/parts.ts';
import { hanging, terminal } from '../report/render/terminal.ts';
import { reportText } from '../report/written.ts';
import { completionFor } from './command/completion.ts';
import { parse, type Parsed } from './command/flags.ts';
import { help, helpOf } from './command/help.ts';
import { openInBrowser, originIn, originOf, tokenOfGh } from './command/programs.ts';
import { progressOn } from './command/progress.ts';

/** The command line's door: flags and a token in, a terminal and files out. It never writes to GitHub. */

/** Exit codes: something was found that `--fail-on` names, and there is no answer. */
const FOUND = 1;
const NO_ANSWER = 2;
/** Columns of what is not a terminal. */
const COLUMNS = 110;

/** What is known of the terminal, and whether it is to be written to at all. */
interface Screen {
  columns: number;
  colour: boolean;
  isDumb: boolean;
  quiet: boolean;
}

type Env = NodeJS.ProcessEnv;
type Values = Parsed['values'];

async function main(args: readonly string[], env: Env): Promise<number> {
  const { command, helpOf: about, subject, subjects, values } = parse(args);
  const screen = screenOf(env, values);
  switch (command) {
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return 0;
    case 'help':
      process.stdout.write(about === null ? help(screen.columns) : helpOf(about, screen.columns));
      return 0;
    case null:
      process.stderr.write(help(screen.columns));
      return NO_ANSWER;
    case 'completion':
      process.stdout.write(completionFor(subject ?? ''));
      return 0;
    case 'demo':
      return demo(values, screen);
    case 'check':
      return answer(inputsOf('check', values), await placeOf(subject ?? '', env), values, screen);
    case 'organization':
      return organization(subject ?? '', await placeOf(subject ?? '', env), values, screen);
    case 'report':
      checkOutput(values);
      return draw(savedReport(subject ?? ''), values, screen);
    case 'rollup':
      return rollup(subjects, values, screen);
    case 'init':
      return init(await placeOf(subject ?? '', env), values, screen);
  }
}

function screenOf(env: Env, { quiet }: Values): Screen {
  const isDumb = env.TERM === 'dumb';
  return {
    columns: process.stdout.columns ?? (Number(env.COLUMNS) || COLUMNS),
    colour: process.stdout.isTTY === true && !env.NO_COLOR && !isDumb,
    isDumb,
    quiet: quiet === true,
  };
}

const text = (value: string | true | undefined): string => (typeof value === 'string' ? value : '');

const inputsOf = (command: OptionCommand, values: Values): Raw =>
  Object.fromEntries(optionsAt(command).map((name) => [name, text(values[name])]));

/** A repository, and how GitHub is reached: by what is set, or else by the clone that this is, or by its address. */
interface Subject {
  repository: string;
  token: string;
  surroundings: Surroundings;
}

async function placeOf(subject: string, env: Env): Promise<Subject> {
  const isClone = /^\.{0,2}(?:[/\\]|$)/.test(subject);
  const origin = isClone ? originOf(resolve(subject)) : originIn(subject);
  const own =
    origin !== null && origin.host !== 'github.com'
      ? `https://${origin.host}/api/v3`
      : 'https://api.github.com';
  const apiUrl = env.GITHUB_API_URL || own;
  const host = new URL(apiUrl).hostname.replace(/^api\./, '');
  const token = env.GITHUB_TOKEN || env.GH_TOKEN || tokenOfGh(host);
  if (token === '')
    throw new GuardError(
      `There is no token for ${host}. Set GITHUB_TOKEN (or GH_TOKEN) to one that may read, or log in with "gh auth login".`,
    );
  return {
    repository: origin?.repository ?? subject,
    token,
    surroundings: surroundingsOf({
      now: new Date(),
      repository: '',
      workspace: process.cwd(),
      proxied: isProxied(env),
      telemetry: await telemetryAsked(env),
      apiUrl,
      graphqlUrl: env.GITHUB_GRAPHQL_URL || graphqlUrlOf(apiUrl),
    }),
  };
}

/** Teams to look at without one's own. */
const SAMPLES = { team: sampleTeam, monorepo: sampleMonorepo };

async function demo(values: Values, screen: Screen): Promise<number> {
  const sample = text(values.sample) || 'team';
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
    if (isForPeople(values, screen))
      process.stdout.write(
        `${hanging('', `A sample team, as of ${SAMPLE_NOW}, read from a small GitHub at ${github.apiUrl}`, screen.columns)}\n\n`,
      );
    const place = { repository: '', token: 'demo', surroundings };
    return await answer(inputsOf('demo', values), place, values, screen);
  } finally {
    await github.close();
  }
}

async function answer(
  inputs: Raw,
  { repository, token, surroundings }: Subject,
  values: Values,
  screen: Screen,
): Promise<number> {
  checkOutput(values);
  const progress = progressOn(process.stderr, {
    most: Number(inputs['max-requests'] || OPTIONS['max-requests'].default),
    now: () => performance.now(),
    isDumb: screen.isDumb || screen.quiet,
  });
  const { github, services, settings, opened } = await prepare({
    inputs: { ...inputs, repository, 'github-token': token },
    surroundings,
    client: {
      onAnswer: progress.step,
      onNotice: (line) => void (screen.quiet || process.stderr.write(`${oneLine(line)}\n`)),
    },
  });
  const told = await run(github, services, settings, surroundings, { opened }).finally(progress.clear);
  const code = await draw(told.report, values, screen);
  if (surroundings.telemetry === null) return code;
  const { sendTelemetry } = await import('../run/telemetry.ts');
  const unsent = await sendTelemetry(told.report, settings, surroundings.telemetry);
  for (const line of unsent) process.stderr.write(`${line}\n`);
  // A request that nobody answers would keep the process.
  if (unsent.length > 0) setTimeout(() => process.exit(), 500).unref();
  return code;
}

/** Prints and writes what is asked for of a report, whether it was made just now or saved. */
async function draw(report: Report | RunReport, values: Values, screen: Screen): Promise<number> {
  const verdict = await verdictOf(report);
  const services = reportsOf(report);
  const { csvOf } = await import('../report/csv.ts');
  const { redacted } = await import('../report/redact.ts');
  const content = reportText(values.redact ? redacted(report) : report);
  if (isForPeople(values, screen)) print(textsOf(report), verdict, screen);
  if (values.json) process.stdout.write(content);
  if (values.csv) process.stdout.write(csvOf(services));
  await leave(() => pageOf(report), services, content, values, screen);
  return verdict.failed ? FOUND : 0;
}

/** What goes to standard output instead of the story for people. */
const machines = (values: Values): string[] =>
  [
    values.json === true && '--json',
    values.csv === true && '--csv',
    values.report === '-' && '--report -',
    ...(['html', 'rows'] as const).map((name) => values[name] === '-' && `--${name} -`),
  ].filter((each) => each !== false);

const isForPeople = (values: Values, { quiet }: Screen): boolean => !quiet && machines(values).length === 0;

function checkOutput(values: Values): void {
  if (values.redact && !values.json && !values.report)
    throw new GuardError('Flag --redact is for a report. Give --json, or --report with a file.');
  const wanted = machines(values);
  if (wanted.length > 1)
    throw new GuardError(
      `${wanted.join(' and ')} are both for standard output. Give one of them, and a file for the other.`,
    );
}

/** The files that were asked for, and no other. */
async function leave(
  page: () => Promise<string>,
  answers: readonly Report[],
  report: string,
  values: Values,
  screen: Screen,
): Promise<void> {
  const say = (line: string) => void (isForPeople(values, screen) && process.stdout.write(`${line}\n`));
  const put = (file: string, content: string, name: string) => {
    if (file === '-') return void process.stdout.write(content);
    save(file, content);
    say(`${name}: ${file}`);
  };
  if (values.report) put(text(values.report), report, '\nReport');
  if (values.rows) put(text(values.rows), (await import('../report/rows.ts')).jsonLinesOf(answers), 'Rows');
  if (values.html === undefined && !values.open) return;
  const file = text(values.html) || join(mkdtempSync(join(tmpdir(), 'deploy-latency-')), 'report.html');
  put(file, await page(), 'Page');
  if (values.open && file !== '-')
    openInBrowser(resolve(file), (command) =>
      process.stderr.write(`No program to open it with was found (${command}). The page is ${file}.\n`),
    );
}

function print(texts: RunTexts, { failed }: RunVerdict, { columns, colour }: Screen): void {
  process.stdout.write(terminal(texts.summary.flat(), { columns, colour }));
  if (failed) process.stdout.write('\n');
  // What does not fail the step stands in the story above.
  for (const { severity, message } of texts.annotations.filter(
    (annotation) => annotation.severity === 'error',
  ))
    process.stdout.write(`${hanging(`${severity}: `, oneLine(message, 1000), columns)}\n`);
}

/** Many repositories, one after the other, and what they come to together. */
async function organization(
  owner: string,
  { token, surroundings }: Subject,
  values: Values,
  screen: Screen,
): Promise<number> {
  checkOutput(values);
  const { organizationOf } = await import('../config/many.ts');
  const { organize, shardsOf } = await import('../organization/organize.ts');
  const { stepWords, usedWords } = await import('../organization/write.ts');
  const inputs = inputsOf('organization', values);
  const settings = organizationOf(inputs, owner);
  const say = (line: string) => void (screen.quiet || process.stderr.write(`${oneLine(line)}\n`));
  const of = {
    settings,
    inputs: { ...inputs, 'github-token': token },
    surroundings,
    folder: settings.reports ?? mkdtempSync(join(tmpdir(), 'deploy-latency-')),
    onNotice: say,
    onStep: (...at: Parameters<typeof stepWords>) => say(stepWords(...at)),
  };
  if (settings.shard === 'list') {
    process.stdout.write(`${JSON.stringify(await shardsOf(of))}\n`);
    return 0;
  }
  const { rollup: all, leftOut, used } = await organize(of);
  say(`${usedWords(used)} Reports: ${of.folder}`);
  return tellMany(all, leftOut, values, screen);
}

/** Reports of files as one. */
async function rollup(files: readonly string[], values: Values, screen: Screen): Promise<number> {
  checkOutput(values);
  const { rollUpFiles } = await import('../organization/organize.ts');
  const { environmentsIn } = await import('../config/many.ts');
  return tellMany(rollUpFiles(files, environmentsIn(text(values.environment))), null, values, screen);
}

async function tellMany(
  all: Rollup,
  leftOut: LeftOut | null,
  values: Values,
  screen: Screen,
): Promise<number> {
  const { blocksOf, csvOfRollup, jsonOf } = await import('../organization/write.ts');
  const { fails } = await import('../organization/rollup.ts');
  const failOn = OPTIONS['fail-on'].parse(text(values['fail-on']) || 'none', 'fail-on', new Date());
  const report = `${JSON.stringify(jsonOf(all, leftOut), null, 2)}\n`;
  if (isForPeople(values, screen)) process.stdout.write(terminal(blocksOf(all, leftOut), screen));
  if (values.json) process.stdout.write(report);
  if (values.csv) process.stdout.write(csvOfRollup(all));
  const page = async () => (await import('../organization/rollup-page.ts')).pageOfRollup(all, leftOut);
  await leave(page, [], report, values, screen);
  return fails(all, failOn) ? FOUND : 0;
}

/** Workflows that fit a repository: on standard output, or in files that are not there yet. What was seen goes to standard error. */
async function init(
  { repository, token, surroundings }: Subject,
  values: Values,
  screen: Screen,
): Promise<number> {
  const { setUp } = await import('../setup/set-up.ts');
  const { saw, files } = await setUp({
    repository,
    token,
    surroundings,
    client: {},
  });
  if (!screen.quiet) for (const line of saw) process.stderr.write(`${hanging('', line, screen.columns)}\n`);
  if (values.write) {
    writeNew(files);
    if (!screen.quiet) for (const { path } of files) process.stdout.write(`Written: ${path}\n`);
  } else process.stdout.write(files.map(({ path, text }) => `# ${path}\n${text}`).join('\n'));
  return 0;
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
    process.exitCode = NO_ANSWER;
    if (error instanceof OutOfTime) process.exit();
  },
);
