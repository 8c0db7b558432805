import { join } from 'node:path';
import { namedEnvironments, splitList, organizationSettings } from '../config/organization-settings.ts';
import { OPTIONS, type RawOptions } from '../config/options.ts';
import type { Surroundings } from '../config/surroundings.ts';
import { badInput, oneLine } from '../model/guard-error.ts';
import { counted } from '../report/words.ts';
import { markdown, SUMMARY_LIMIT } from '../report/render/markdown.ts';
import { save, writePage } from '../run/files.ts';
import type { Step } from '../run/workflow-step.ts';
import { organize, type OrganizeOptions, rollUpFiles, shardsOf } from './organize.ts';
import { fails, refuseEmpty, type Rollup, statusOf } from './rollup.ts';
import { blocksOf, csvOfRollup, headlineOf, jsonOf, type LeftOut, progressText, costText } from './write.ts';

/** The action for many repositories. It writes to none of the repositories it measures. */

/** @returns whether the step fails: a service has drifted, and `fail-on` includes drift. */
export async function performOrganization(
  inputs: RawOptions,
  surroundings: Surroundings,
  step: Step,
): Promise<boolean> {
  const failOn = OPTIONS['fail-on'].parse(inputs['fail-on']?.trim() || 'none', 'fail-on', surroundings.now);
  const html = OPTIONS.html.parse(inputs.html?.trim() ?? '', 'html', surroundings.now);
  const publish = async (rollup: Rollup, leftOut: LeftOut | null): Promise<boolean> => {
    await publishRollup(rollup, leftOut, step);
    if (html !== null) {
      const draw = async () => (await import('./rollup-page.ts')).pageOfRollup(rollup, leftOut);
      step.output('html', await writePage(draw, html, surroundings.workspace, step));
    }
    refuseEmpty(rollup);
    return fails(rollup, failOn);
  };
  if (inputs['roll-up']?.trim())
    return publish(rollUpFiles(splitList(inputs['roll-up']), namedEnvironments(inputs.environment)), null);
  if (!inputs.repositories?.trim())
    throw badInput(
      'repositories',
      '',
      'names and patterns of repositories, such as octo-org/*; or input "roll-up" with reports',
    );
  const settings = organizationSettings(inputs);
  const options: OrganizeOptions = {
    settings,
    inputs,
    surroundings,
    folder: settings.reports ?? join(step.folder(), 'reports'),
    onNotice: (line) => step.info(line),
    watch: step.watch,
    onStep: (...progress) => step.info(progressText(...progress)),
  };
  if (settings.shard === 'list') {
    const shards = await shardsOf(options);
    step.output('shards', JSON.stringify(shards));
    step.info(`${counted(shards.length, 'shard')}.`);
    return false;
  }
  step.output('reports', options.folder);
  const { rollup, leftOut, used } = await organize(options);
  step.info(costText(used));
  return publish(rollup, leftOut);
}

async function publishRollup(rollup: Rollup, leftOut: LeftOut | null, step: Step): Promise<void> {
  const folder = step.folder();
  const write = (name: string, content: string): string => {
    const file = join(folder, name);
    save(file, content);
    return file;
  };
  step.output('status', statusOf(rollup));
  step.output('mergesets', String(rollup.leadTime.count));
  step.output('pending', String(rollup.leadTime.pending));
  step.output('report', write('rollup.json', `${JSON.stringify(jsonOf(rollup, leftOut), null, 2)}\n`));
  step.output('csv', write('rollup.csv', csvOfRollup(rollup)));
  const limit = SUMMARY_LIMIT - (step.summaryBytes?.() ?? 0);
  await step.summary(markdown(blocksOf(rollup, leftOut), { surface: 'summary', limit }));
  // Titles and names come from report files.
  step.info(oneLine(headlineOf(rollup), 1000));
}
