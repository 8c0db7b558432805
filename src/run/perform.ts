import { join } from 'node:path';
import type { Surroundings } from '../config/surroundings.ts';
import { NoToken, type Settings } from '../config/units.ts';
import { CONFIG_FILE } from '../config/units.ts';
import { type Repo, repoOf } from '../github/repo.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { UnitName } from '../model/unit.ts';
import type { Told, Voice } from '../publish/voice.ts';
import type { Annotation } from '../report/annotations.ts';
import type { Block } from '../report/blocks.ts';
import type { Left, Outputs } from '../report/outputs.ts';
import { counted } from '../report/words.ts';
import { markdown, SUMMARY_LIMIT } from '../report/render/markdown.ts';
import { errorBlocks, setUpComment } from '../report/preview.ts';
import { NothingDeployed } from '../read/nothing-deployed.ts';
import { isClosedUnmerged, prepare, type RunContext } from './context.ts';
import { fileMatcher } from './path-rules.ts';
import { type Answer, nameOf } from './answer.ts';
import { type Answers, run } from './run.ts';
import { runAnswerOf, type Whole, wholeOf } from './whole.ts';
import { writeBadge, writePage, writeReport, writeRows } from './write.ts';

/** What a step of a workflow can say, and where it may leave files. */
export interface Step {
  info(line: string): void;
  annotate(annotation: Annotation): void;
  output(name: keyof Outputs, value: string): void;
  summary(markdown: string): Promise<void>;
  /** An empty folder of its own. */
  folder(): string;
}

/**
 * The action's run, from its inputs to what is written on GitHub and for the runner.
 *
 * @returns whether the step fails: a finding is of a kind that `fail-on` names.
 */
export async function perform(context: RunContext, step: Step): Promise<boolean> {
  const { surroundings } = context;
  const prepared = await prepare(context).catch((error: unknown) => {
    if (error instanceof NoToken && error.mode === 'pull-request') return error;
    throw error;
  });
  if (prepared instanceof NoToken) return withoutToken(step, prepared);
  const { settings, units, github, writer, opened } = prepared;
  step.info(`Mode ${settings.mode}, ${settings.modeReason}.`);
  if (isClosedUnmerged(settings, surroundings)) {
    step.info('The pull request was closed without being merged: there is nothing to say.');
    return false;
  }
  const voice: Voice = {
    ...settings,
    repo: repoOf(github, { owner: settings.owner, name: settings.repo }),
    issueRepo: repoOf(github, settings.issueRepository),
    isElsewhere: isElsewhere(settings, surroundings),
    writer,
    pullRequest: settings.pullRequest ?? surroundings.pullRequest,
    // An input may name another one than the event is about.
    pullRequestBase: settings.pullRequest === null ? surroundings.pullRequestBase : null,
    eventName: settings.pullRequest === null ? surroundings.eventName : '',
    told: { at: settings.window.to, runUrl: surroundings.runUrl },
    isOfADeployment: isOfADeployment(surroundings),
  };
  const summary = summaryOn(step);
  const told = await run(github, units, settings, surroundings, opened).catch((error: unknown) => {
    // On a pull request it is no failure that nothing was ever deployed: it is what its author should be told.
    if (settings.mode === 'pull-request' && error instanceof NothingDeployed) return error;
    throw error;
  });
  if (told instanceof NothingDeployed) {
    step.output('comment-url', '');
    await summary(setUpComment(told.message));
    step.info(oneLine(told.message, 1000));
    const [unit, ...others] = units;
    const { publishUnknown } = await import('../publish/publish.ts');
    const name =
      unit && others.length === 0 ? nameOf(unit, told.baseBranch) : nameOfAll(settings, told.baseBranch);
    await tell(step, await publishUnknown(told.message, name, voice));
    return false;
  }
  // All that is known is said before anything is written to GitHub, where time may run out.
  const whole = await wholeOf(told);
  const files = await leave(step, whole, told);
  for (const [name, value] of Object.entries(
    whole.outputs({ ...files, html: '', commentUrl: '', issueUrl: '' }),
  ))
    step.output(name as keyof Outputs, value);
  await inParts(summary, whole.summary);
  step.info(oneLine(whole.sentence, 1000));
  for (const each of whole.annotations) step.annotate(each);
  if (settings.html !== null) {
    step.output('html', await writePage(whole.page, settings.html, surroundings.workspace, step));
  }
  const written = await publishAll(told, settings, voice);
  await tell(step, written);
  if (written.extra.length > 0) await summary(written.extra);
  if (surroundings.telemetry !== null) {
    const { sendTelemetry } = await import('./telemetry.ts');
    for (const message of await sendTelemetry(told, settings, surroundings.telemetry))
      step.annotate({ severity: 'notice', title: 'Not sent to OpenTelemetry', message });
  }
  return whole.failed;
}

async function publishAll(told: Answers, settings: Settings, voice: Voice): Promise<Told> {
  const { publish, publishRun } = await import('../publish/publish.ts');
  const [only, ...others] = told.answers;
  if (only && others.length === 0 && told.untold.length === 0) return publish(only.answer, voice);
  const { pullRequest } = voice;
  const touched =
    settings.mode === 'pull-request' && pullRequest !== null && !voice.isElsewhere
      ? await touchedBy(voice.repo, pullRequest, told.answers)
      : null;
  const isUnknown = touched === null && settings.mode === 'pull-request' && pullRequest !== null;
  const name = nameOfAll(settings, told.facts.baseBranch);
  const written = await publishRun(
    runAnswerOf(told),
    name,
    voice,
    touched?.map((each) => each.answer) ?? null,
  );
  if (!isUnknown || voice.isElsewhere) return written;
  const notice = 'Which services the pull request concerns could not be read: it is told of all of them.';
  return { ...written, notices: [...written.notices, notice] };
}

/** What the texts of several units together are known by. */
const nameOfAll = ({ config }: Settings, baseBranch: string): UnitName => ({
  environment: 'all services',
  source: config ?? CONFIG_FILE,
  baseBranch,
});

/** The units that an open pull request concerns, by its files; `null`: those could not be read. */
async function touchedBy(repo: Repo, number: number, answers: readonly Answer[]): Promise<Answer[] | null> {
  const { filesOfPull } = await import('../github/history/concerning.ts');
  const files = await filesOfPull(repo, number).catch((error: unknown) => {
    if (error instanceof GuardError) return null;
    throw error;
  });
  if (files === null) return null;
  const touched = await Promise.all(
    answers.map(async ({ unit }) => unit.paths === null || files.some(await fileMatcher(unit.paths))),
  );
  return answers.filter((_, i) => touched[i]);
}

/** Writes the parts of a summary, and says how many had no room. */
async function inParts(summary: Summary, parts: readonly Block[][]): Promise<void> {
  let left = 0;
  for (const part of parts) if (!(await summary(part, RESERVE))) left += 1;
  if (left > 0)
    await summary([
      {
        kind: 'note',
        text: [
          `${counted(left, 'more story', 'more stories')} left out, to stay below GitHub's limit. The report has all of them.`,
        ],
      },
    ]);
}

/** Writes one text, and leaves so many bytes to those after it; resolves to whether there was room for it. */
type Summary = (blocks: Block[], reserve?: number) => Promise<boolean>;

/** Bytes of a summary that are kept for what could not be written elsewhere. */
const RESERVE = 200_000;

/**
 * Writes to the summary, one text after the other, all together below what GitHub takes: it drops a larger one. Each
 * ends with a blank line: right after HTML, such as a closing `</details>`, a heading would be text.
 */
function summaryOn(step: Step): Summary {
  let written = 0;
  return async (blocks, reserve = 0) => {
    const room = SUMMARY_LIMIT - written - reserve;
    const text = `${markdown(blocks, { surface: 'summary', limit: room - 1 })}\n`;
    // Only rows can be left out of a text: what has no room for the rest of it is not begun.
    if (Buffer.byteLength(text) > room) return false;
    written += Buffer.byteLength(text);
    await step.summary(text);
    return true;
  };
}

async function tell(step: Step, { commentUrl, issueUrl, notices }: Told): Promise<void> {
  if (commentUrl !== '') step.output('comment-url', commentUrl);
  if (issueUrl !== '') step.output('issue-url', issueUrl);
  for (const message of notices) step.annotate({ severity: 'notice', title: 'Not written', message });
}

function isElsewhere({ owner, repo }: Settings, { repository }: Surroundings): boolean {
  return repository !== '' && repository.toLowerCase() !== `${owner}/${repo}`.toLowerCase();
}

/** Secrets are empty for pull requests of forks and of Dependabot: nothing is wrong with them. */
async function withoutToken(step: Step, { message }: NoToken): Promise<boolean> {
  const line = `${message} (For pull requests of forks and of Dependabot a workflow's own secrets are empty.)`;
  step.annotate({ severity: 'notice', title: 'No token', message: line });
  await step.summary(errorSummary(line));
  return false;
}

/** Events by which a deployment is made, or ends; any other one only looks. */
const DEPLOYING = new Set([
  'deployment',
  'deployment_status',
  'merge_group',
  'push',
  'repository_dispatch',
  'workflow_call',
  'workflow_dispatch',
  'workflow_run',
]);

function isOfADeployment({ eventName, eventAction, isMerged }: Surroundings): boolean {
  if (eventName === 'release') return eventAction === null || /^(?:published|released)$/.test(eventAction);
  return DEPLOYING.has(eventName) || isMerged;
}

/** The summary of a step that ends without an answer: the line that its log ends with. */
export const errorSummary = (line: string): string => markdown(errorBlocks(line), { surface: 'summary' });

/** The files that a step leaves, by the output that has their path. */
const FILES = {
  report: 'report.json',
  badge: 'badge.svg',
  rows: 'rows.jsonl',
  devlake: 'devlake.jsonl',
} as const;
type Files = Pick<Left, keyof typeof FILES>;
const NO_FILES: Files = { report: '', badge: '', rows: '', devlake: '' };

/** Files are extras: that one could not be written changes nothing about the verdict. */
async function leave(step: Step, whole: Whole, { answers }: Answers): Promise<Files> {
  try {
    const folder = step.folder();
    const files = Object.fromEntries(
      Object.entries(FILES).map(([name, file]) => [name, join(folder, file)]),
    ) as unknown as Files;
    writeReport(whole, files.report);
    writeBadge(whole, files.badge);
    await writeRows(
      answers.map((each) => each.answer),
      files,
    );
    return files;
  } catch (error) {
    step.annotate({
      severity: 'warning',
      title: 'No report',
      message: `The report could not be written (${oneLine(String(error))}). Give the job a temporary folder that it may write to (RUNNER_TEMP).`,
    });
    return NO_FILES;
  }
}
