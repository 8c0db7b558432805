import { join } from 'node:path';
import { repoOf } from '../github/repo.ts';
import { oneLine } from '../model/guard-error.ts';
import { publish, publishUnknown } from '../publish/publish.ts';
import type { Told } from '../publish/voice.ts';
import type { Annotation } from '../report/annotations.ts';
import type { Block } from '../report/blocks.ts';
import { type Outputs, outputsOf } from '../report/outputs.ts';
import { markdown } from '../report/render/markdown.ts';
import { errorBlocks, setUpComment } from '../report/preview.ts';
import { NothingDeployed } from './collect.ts';
import { prepare, type RunContext } from './context.ts';
import { type Answer, run } from './run.ts';
import { writePage, writeReport } from './write.ts';

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
  const { settings, units, github, writer } = await prepare(context);
  const voice = {
    ...settings,
    repo: repoOf(github, { owner: settings.owner, name: settings.repo }),
    writer,
    environment: units[0]?.environment ?? '',
    pullRequest: surroundings.pullRequest,
  };
  const answers = await run(github, units, settings, surroundings).catch((error: unknown) => {
    // On a pull request it is no failure that nothing was ever deployed: it is what its author should be told.
    if (settings.mode === 'pull-request' && error instanceof NothingDeployed) return error.message;
    throw error;
  });
  if (typeof answers === 'string') {
    const told = await publishUnknown(answers, voice);
    step.output('comment-url', told.commentUrl);
    await say(step, told, setUpComment(answers), answers);
    return false;
  }
  for (const answer of answers) {
    const told = await publish(answer.answer, voice);
    const files = await leave(step, answer);
    const outputs = outputsOf(answer.answer, { ...files, ...told });
    for (const [name, value] of Object.entries(outputs)) step.output(name as keyof Outputs, value);
    await say(step, told, [...told.extra, ...answer.summary], answer.sentence);
    for (const each of answer.annotations) step.annotate(each);
  }
  return answers.some((each) => each.failed);
}

/** The summary of a step that ends without an answer: the line that its log ends with. */
export const errorSummary = (line: string): string => markdown(errorBlocks(line), { surface: 'summary' });

/** Files are extras: that one could not be written changes nothing about the verdict. */
async function leave(step: Step, answer: Answer): Promise<{ report: string; html: string }> {
  let report = '';
  let html = '';
  try {
    const folder = step.folder();
    [report, html] = [join(folder, 'report.json'), join(folder, 'report.html')];
    writeReport(answer, report);
  } catch (error) {
    step.annotate({
      severity: 'warning',
      title: 'No report',
      message: `The report and the page could not be written (${oneLine(String(error))}). Give the job a temporary folder that it may write to (RUNNER_TEMP).`,
    });
    return { report: '', html: '' };
  }
  try {
    await writePage(answer, html);
    return { report, html };
  } catch (error) {
    step.annotate({
      severity: 'warning',
      title: 'No page',
      message: `The page could not be drawn (${oneLine(String(error))}). Please report it.`,
    });
    return { report, html: '' };
  }
}

async function say(step: Step, told: Told, summary: Block[], sentence: string): Promise<void> {
  await step.summary(markdown(summary, { surface: 'summary' }));
  step.info(oneLine(sentence, 1000));
  for (const message of told.notices) step.annotate({ severity: 'notice', title: 'Not written', message });
}
