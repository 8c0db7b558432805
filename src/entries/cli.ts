#!/usr/bin/env node
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { graphqlUrlOf, isProxied, type Surroundings, surroundingsOf } from '../config/surroundings.ts';
import { OPTIONS, optionsAt, type OptionCommand, type RawOptions } from '../config/options.ts';
import { startLoopback } from '../fake-github/loopback.ts';
import { sampleMonorepo } from '../demo/monorepo.ts';
import { SAMPLE_NOW, sampleTeam } from '../demo/sample.ts';
import { GuardError, oneLine, OutOfTime } from '../model/guard-error.ts';
import { VERSION } from '../model/version.ts';
import { telemetryFor } from '../telemetry/endpoints.ts';
import { HELD, watchdog } from './watchdog.ts';
import type { Rollup } from '../organization/rollup.ts';
import type { LeftOut } from '../organization/write.ts';
import { prepare } from '../run/context.ts';
import { run } from '../run/run.ts';
import { savedReport } from '../run/saved-files.ts';
import { pageOf, textsOf } from '../run/after-verdict.ts';
import type { RunTexts } from '../run/texts.ts';
import { type RunVerdict, verdictOf } from '../run/run-verdict.ts';
import { save, writeNew } from '../run/files.ts';
import { helpLink } from '../run/help-link.ts';
import type { Report, RunReport } from '../report/contract.ts';
import { reportsOf } from '../report/parts.ts';
import { hanging, terminal } from '../report/render/terminal.ts';
import { reportText } from '../report/report-file.ts';
import { completionFor } from './command/completion.ts';
import { parse, type Parsed } from './command/flags.ts';
import { help, helpOf } from './command/help.ts';
import { originIn, ownerIn, serverOf } from './command/address.ts';
import { openInBrowser, originOf, tokenOfGh } from './command/programs.ts';
import { progressOn } from './command/progress.ts';

/** The command line. It never writes to GitHub. */

/** Exit codes: a finding of `--fail-on`, and no result. */
const FINDING = 1;
const NO_RESULT = 2;
/** Line width if the output is not a terminal. */
const COLUMNS = 110;

interface Screen {
  columns: number;
  colour: boolean;
  isDumb: boolean;
  quiet: boolean;
}

type Env = NodeJS.ProcessEnv;
type Values = Parsed['values'];

async function main(args: readonly string[], env: Env): Promise<number> {
  const { command, helpOf: helpCommand, subject, subjects, values } = parse(args);
  const screen = screenOf(env, values);
  switch (command) {
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return 0;
    case 'help':
      process.stdout.write(helpCommand === null ? help(screen.columns) : helpOf(helpCommand, screen.columns));
      return 0;
    case null:
      process.stderr.write(help(screen.columns));
      return NO_RESULT;
    case 'completion':
      process.stdout.write(completionFor(subject ?? ''));
      return 0;
    case 'demo':
      return demo(values, screen);
    case 'check':
      return measure(inputsOf('check', values), await repositoryOf(subject ?? '', env), values, screen);
    case 'organization': {
      const { owner, host } = ownerIn(subject ?? '');
      return organization(owner, await subjectOn(host, '', env), values, screen);
    }
    case 'report':
      checkOutput(values);
      return printReport(savedReport(subject ?? ''), values, screen);
    case 'rollup':
      return rollup(subjects, values, screen);
    case 'init':
      return init(await repositoryOf(subject ?? '', env), values, screen);
  }
}

function screenOf(env: Env, { quiet }: Values): Screen {
  const isDumb = env.TERM === 'dumb';
  return {
    columns: process.stdout.columns || Number(env.COLUMNS) || COLUMNS,
    colour: process.stdout.isTTY === true && !env.NO_COLOR && !isDumb,
    isDumb,
    quiet: quiet === true,
  };
}

const text = (value: string | true | undefined): string => (typeof value === 'string' ? value : '');

const inputsOf = (command: OptionCommand, values: Values): RawOptions =>
  Object.fromEntries(optionsAt(command).map((name) => [name, text(values[name])]));

/** A repository, and how to reach its API. */
interface Subject {
  repository: string;
  token: string;
  surroundings: Surroundings;
}

/** Resolves `OWNER/NAME`, an address, or the folder of a clone. */
async function repositoryOf(subject: string, env: Env): Promise<Subject> {
  const isClone = /^\.{0,2}(?:[/\\]|$)/.test(subject);
  const origin = isClone ? originOf(resolve(subject)) : originIn(subject);
  return subjectOn(origin?.host ?? null, origin?.repository ?? subject.replace(/(?:\.git)?\/?$/, ''), env);
}

async function subjectOn(address: string | null, repository: string, env: Env): Promise<Subject> {
  const { apiUrl, host, tokens } = serverOf(address, env.GITHUB_API_URL ?? '');
  const token = tokens.map((name) => env[name]).find((value) => value) ?? tokenOfGh(host);
  if (token === '')
    throw new GuardError(
      `No token for ${host} was found. Set ${tokens.join(' or ')} to a token with read access, or run "gh auth login".`,
    );
  return {
    repository,
    token,
    surroundings: surroundingsOf({
      now: new Date(),
      repository: '',
      workspace: process.cwd(),
      isProxied: isProxied(env),
      telemetry: await telemetryFor(env, isProxied(env)),
      apiUrl,
      // Alone, it could belong to another host than the token.
      graphqlUrl: (env.GITHUB_API_URL && env.GITHUB_GRAPHQL_URL) || graphqlUrlOf(apiUrl),
    }),
  };
}

const SAMPLES = { team: sampleTeam, monorepo: sampleMonorepo };

async function demo(values: Values, screen: Screen): Promise<number> {
  const sample = text(values.sample) || 'team';
  const makeSample = SAMPLES[sample as keyof typeof SAMPLES];
  if (!makeSample)
    throw new GuardError(
      `Flag --sample is "${oneLine(sample)}"; accepted: ${Object.keys(SAMPLES).join(', ')}. See --help.`,
    );
  const world = makeSample();
  const github = await startLoopback(world);
  try {
    const surroundings = surroundingsOf({
      now: new Date(SAMPLE_NOW),
      repository: `${world.owner}/${world.name}`,
      eventName: 'schedule',
      apiUrl: github.apiUrl,
      graphqlUrl: github.graphqlUrl,
    });
    const heading = `A sample team as of ${SAMPLE_NOW}, read from a simulated GitHub at ${github.apiUrl}`;
    const subject = { repository: '', token: 'demo', surroundings };
    return await measure(inputsOf('demo', values), subject, values, screen, heading);
  } finally {
    await github.close();
  }
}

async function measure(
  inputs: RawOptions,
  { repository, token, surroundings }: Subject,
  values: Values,
  screen: Screen,
  heading = '',
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
    watch: watchdog(`${HELD}\n`, 2),
  });
  const { report } = await run(github, services, settings, surroundings, { opened }).finally(progress.clear);
  if (heading !== '' && isForPeople(values, screen))
    process.stdout.write(`${hanging('', heading, screen.columns)}\n\n`);
  const code = await printReport(report, values, screen);
  if (surroundings.telemetry === null) return code;
  const { sendTelemetry } = await import('../run/telemetry.ts');
  const unsent = await sendTelemetry(report, settings, surroundings.telemetry);
  for (const line of unsent) process.stderr.write(`${line}\n`);
  // A pending request would keep the process alive.
  if (unsent.length > 0) setTimeout(() => process.exit(), 500).unref();
  return code;
}

/** Prints and writes a new or a saved report, in the formats that the flags name. */
async function printReport(original: Report | RunReport, values: Values, screen: Screen): Promise<number> {
  const report = values.redact ? (await import('../report/redact.ts')).redacted(original) : original;
  const verdict = await verdictOf(report);
  const services = reportsOf(report);
  const { csvOf } = await import('../report/csv.ts');
  const content = reportText(report);
  if (isForPeople(values, screen)) print(await textsOf(report), verdict, screen);
  if (values.json) process.stdout.write(content);
  if (values.csv) process.stdout.write(csvOf(services));
  await writeFiles(() => pageOf(report), services, content, values, screen);
  return verdict.failed ? FINDING : 0;
}

/** Flags that replace the text for people on standard output. */
const standardOutputFlags = (values: Values): string[] =>
  [
    values.json === true && '--json',
    values.csv === true && '--csv',
    values.report === '-' && '--report -',
    ...(['html', 'rows'] as const).map((name) => values[name] === '-' && `--${name} -`),
  ].filter((flag) => flag !== false);

const isForPeople = (values: Values, { quiet }: Screen): boolean =>
  !quiet && standardOutputFlags(values).length === 0;

function checkOutput(values: Values): void {
  const flags = standardOutputFlags(values);
  if (flags.length > 1)
    throw new GuardError(
      `${flags.join(' and ')} both write to standard output. Keep one, and give the other a file.`,
    );
}

/** Writes the files that the flags name, and opens the page. */
async function writeFiles(
  page: () => Promise<string>,
  services: readonly Report[],
  report: string,
  values: Values,
  screen: Screen,
): Promise<void> {
  const write = (file: string, content: string, name: string) => {
    if (file === '-') return void process.stdout.write(content);
    save(file, content);
    if (isForPeople(values, screen)) process.stdout.write(`${name}: ${file}\n`);
  };
  if (values.report) write(text(values.report), report, '\nReport');
  if (values.rows)
    write(text(values.rows), (await import('../report/rows.ts')).jsonLinesOf(services), 'Rows');
  if (values.html === undefined && !values.open) return;
  const file = text(values.html) || join(mkdtempSync(join(tmpdir(), 'deploy-latency-')), 'report.html');
  write(file, await page(), 'Page');
  if (values.open && file !== '-')
    openInBrowser(resolve(file), (command) =>
      process.stderr.write(
        `No browser was opened, because "${command}" was not found. Open ${file} yourself.\n`,
      ),
    );
}

function print(texts: RunTexts, { failed }: RunVerdict, { columns, colour }: Screen): void {
  process.stdout.write(terminal(texts.summary.flat(), { columns, colour }));
  if (failed) process.stdout.write('\n');
  // The summary already contains the findings that do not fail the step.
  for (const { severity, message } of texts.annotations)
    if (severity === 'error')
      process.stdout.write(`${hanging('error: ', oneLine(message, 1000), columns)}\n`);
}

/** Measures many repositories, one after the other, and combines the results. */
async function organization(
  owner: string,
  { token, surroundings }: Subject,
  values: Values,
  screen: Screen,
): Promise<number> {
  checkOutput(values);
  const { organizationSettings } = await import('../config/organization-settings.ts');
  const { organize, shardsOf } = await import('../organization/organize.ts');
  const { progressText, costText } = await import('../organization/write.ts');
  const inputs = inputsOf('organization', values);
  const settings = organizationSettings(inputs, owner);
  const log = (line: string) => void (screen.quiet || process.stderr.write(`${oneLine(line)}\n`));
  const request = {
    settings,
    inputs: { ...inputs, 'github-token': token },
    surroundings,
    folder: settings.reports ?? mkdtempSync(join(tmpdir(), 'deploy-latency-')),
    onNotice: log,
    onStep: (...step: Parameters<typeof progressText>) => log(progressText(...step)),
  };
  if (settings.shard === 'list') {
    process.stdout.write(`${JSON.stringify(await shardsOf(request))}\n`);
    return 0;
  }
  const { rollup, leftOut, used } = await organize(request);
  log(`${costText(used)} Reports: ${request.folder}`);
  return printRollup(rollup, leftOut, values, screen);
}

/** Combines saved reports. */
async function rollup(files: readonly string[], values: Values, screen: Screen): Promise<number> {
  checkOutput(values);
  const { rollUpFiles } = await import('../organization/organize.ts');
  const { rollupSettings } = await import('../config/organization-settings.ts');
  const { environments } = rollupSettings(inputsOf('rollup', values));
  return printRollup(rollUpFiles(files, environments), null, values, screen);
}

async function printRollup(
  rollup: Rollup,
  leftOut: LeftOut | null,
  values: Values,
  screen: Screen,
): Promise<number> {
  const { blocksOf, csvOfRollup, jsonOf } = await import('../organization/write.ts');
  const { fails, refuseEmpty } = await import('../organization/rollup.ts');
  const { rollupSettings } = await import('../config/organization-settings.ts');
  const { failOn } = rollupSettings(inputsOf('rollup', values));
  const report = `${JSON.stringify(jsonOf(rollup, leftOut), null, 2)}\n`;
  if (isForPeople(values, screen)) process.stdout.write(terminal(blocksOf(rollup, leftOut), screen));
  if (values.json) process.stdout.write(report);
  if (values.csv) process.stdout.write(csvOfRollup(rollup));
  const page = async () => (await import('../organization/rollup-page.ts')).pageOfRollup(rollup, leftOut);
  await writeFiles(page, [], report, values, screen);
  refuseEmpty(rollup);
  return fails(rollup, failOn) ? FINDING : 0;
}

/** Prints or writes workflows for a repository. The reasons go to standard error. */
async function init(
  { repository, token, surroundings }: Subject,
  values: Values,
  screen: Screen,
): Promise<number> {
  const { setUp } = await import('../setup/set-up.ts');
  const { reasons, files } = await setUp({ repository, token, surroundings, client: {} });
  for (const line of reasons) process.stderr.write(`${hanging('', line, screen.columns)}\n`);
  if (values.write) {
    writeNew(files);
    for (const { path } of files) process.stdout.write(`Written: ${path}\n`);
    process.stdout.write(`\nOpen a pull request with:\n${pullRequestCommands(files)}`);
  } else process.stdout.write(files.map(({ path, text }) => `# ${path}\n${text}`).join('\n'));
  return 0;
}

const pullRequestCommands = (files: readonly { path: string }[]): string =>
  [
    `git switch -c deploy-latency && git add ${files.map(({ path }) => path).join(' ')}`,
    'git commit -m "Measure deploy latency" && git push -u origin HEAD',
    'gh pr create --fill',
  ]
    .map((line) => `  ${line}\n`)
    .join('');

/** An error about an input, under the name of the flag that set it. */
const asGiven = (message: string, args: readonly string[]): string =>
  message.replace(/^Input "([\w-]+)"/, (input, name) =>
    args.some((arg) => arg.split('=')[0] === `--${name}`) ? `Flag --${name}` : input,
  );

// A reader such as "head" closes the pipe when it has seen enough. Files are still written.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

main(process.argv.slice(2), process.env).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const line =
      error instanceof GuardError
        ? asGiven(error.message, process.argv)
        : `Deploy latency guard has a bug: ${oneLine(String(error))}. Report it with this line.`;
    process.stderr.write(`error: ${line} Help: ${helpLink(error)}\n`);
    process.exitCode = NO_RESULT;
    if (error instanceof OutOfTime) process.exit();
  },
);
