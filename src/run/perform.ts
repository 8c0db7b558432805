import { join } from 'node:path';
import { repoOf } from '../github/repo.ts';
import { oneLine } from '../model/guard-error.ts';
import { publish, publishUnknown } from '../publish/publish.ts';
import type { Told } from '../publish/voice.ts';
import type { Annotation } from '../report/annotations.ts';
import type { Block } from '../report/blocks.ts';
import { type Outputs, outputsOf } from '../report/outputs.ts';
import { markdown } from '../report/render/markdown.ts';
import { setUpComment, setUpSummary } from '../report/preview.ts';
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
  const answers = await run(github, units, settings, surroundings).catch(async (error: unknown) => {
    // On a pull request it is no failure that nothing was ever deployed: it is what its author should be told.
    if (!(error instanceof NothingDeployed)) throw error;
    if (settings.mode === 'pull-request') return error.message;
    // Whoever sets it up looks at the summary, where the list of names can be copied from.
    await step.summary(markdown(setUpSummary(error.message), { surface: 'summary' }));
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

/** The page is an extra: that it could not be drawn changes nothing about the verdict. */
async function leave(step: Step, answer: Answer): Promise<{ report: string; html: string }> {
  const folder = step.folder();
  const [report, html] = [join(folder, 'report.json'), join(folder, 'report.html')];
  writeReport(answer, report);
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
