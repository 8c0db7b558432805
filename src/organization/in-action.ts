import { join } from 'node:path';
import { OPTIONS, type Raw } from '../config/options.ts';
import { environmentsIn, listIn, organizationOf } from '../config/many.ts';
import { badInput } from '../model/guard-error.ts';
import type { Surroundings } from '../config/surroundings.ts';
import { markdown, SUMMARY_LIMIT } from '../report/render/markdown.ts';
import type { Step } from '../run/workflow-step.ts';
import { save, writePage } from '../run/files.ts';
import { organize, type Organizing, rollUpFiles, shardsOf } from './organize.ts';
import { fails, type Rollup, statusOf } from './rollup.ts';
import { blocksOf, csvOfRollup, jsonOf, type LeftOut, sentenceOf, stepWords, usedWords } from './write.ts';

/** The action's run over many repositories: the list of them, each one's report, and the roll-up. It writes to none of them. */

/** @returns whether the step fails: some team has drifted, and `fail-on` names that. */
export async function performMany(inputs: Raw, surroundings: Surroundings, step: Step): Promise<boolean> {
  const failOn = OPTIONS['fail-on'].parse(inputs['fail-on']?.trim() || 'none', 'fail-on', surroundings.now);
  const html = OPTIONS.html.parse(inputs.html?.trim() ?? '', 'html', surroundings.now);
  if (inputs['roll-up']?.trim()) {
    const rollup = rollUpFiles(listIn(inputs['roll-up']), environmentsIn(inputs.environment));
    await tell(rollup, null, html, surroundings, step);
    return fails(rollup, failOn);
  }
  if (!inputs.repositories?.trim())
    throw badInput(
      'repositories',
      '',
      'names and patterns of repositories, such as octo-org/*; or input "roll-up" with reports',
    );
  const settings = organizationOf(inputs);
  const folder = settings.reports ?? join(step.folder(), 'reports');
  const of: Organizing = {
    settings,
    inputs,
    surroundings,
    folder,
    onNotice: (line) => step.info(line),
    onStep: (...at) => step.info(stepWords(...at)),
  };
  if (settings.shard === 'list') {
    const shards = await shardsOf(of);
    step.output('shards', JSON.stringify(shards));
    step.info(`${shards.length} shards.`);
    return false;
  }
  step.output('reports', folder);
  const { rollup, leftOut, used } = await organize(of);
  step.info(usedWords(used));
  await tell(rollup, leftOut, html, surroundings, step);
  return fails(rollup, failOn);
}

async function tell(
  rollup: Rollup,
  leftOut: LeftOut | null,
  html: string | null,
  { workspace }: Surroundings,
  step: Step,
): Promise<void> {
  const folder = step.folder();
  const file = (name: string, content: string): string => {
    save(join(folder, name), content);
    return join(folder, name);
  };
  step.output('status', statusOf(rollup));
  step.output('mergesets', String(rollup.leadTime.count));
  step.output('pending', String(rollup.leadTime.pending));
  step.output('report', file('rollup.json', `${JSON.stringify(jsonOf(rollup, leftOut), null, 2)}\n`));
  step.output('csv', file('rollup.csv', csvOfRollup(rollup)));
  await step.summary(markdown(blocksOf(rollup, leftOut), { surface: 'summary', limit: SUMMARY_LIMIT }));
  step.info(sentenceOf(rollup));
  if (html === null) return;
  const draw = async () => (await import('./rollup-page.ts')).pageOfRollup(rollup, leftOut);
  step.output('html', await writePage(draw, html, workspace, step));
}
