import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { oneLine } from '../model/guard-error.ts';
import type { Status } from '../model/terms.ts';
import { badgeOf } from '../report/badge.ts';
import type { Report, RunReport } from '../report/contract.ts';
import type { Outputs } from '../report/outputs.ts';
import { reportsOf } from '../report/parts.ts';
import { jsonLines } from '../report/rows.ts';
import { withShortNames } from '../report/short-names.ts';
import { reportParts } from '../report/report-file.ts';
import type { Step } from './workflow-step.ts';
import { type Summary, writeParts } from './step-summary.ts';
import type { Answers } from './run.ts';
import { textsOf } from './texts.ts';
import { save } from './files.ts';

/** Writes the texts and files of a step. Loaded only after the verdict is logged, because the verdict needs none of this. */

export { setUpComment } from '../report/failure-texts.ts';
export { errorSummary, summaryOn } from './step-summary.ts';
export { pageOf, textsOf } from './texts.ts';
export { writePage } from './files.ts';

/** A result whose reports have short names. */
export function forTexts(result: Answers): Answers {
  const answers = result.answers.map((answer) => ({ ...answer, report: withShortNames(answer.report) }));
  const { report } = result;
  const units = answers.map((answer) => answer.report);
  const [only = report] = units;
  return { ...result, answers, report: 'units' in report ? { ...withShortNames(report), units } : only };
}

export async function writeTexts(
  report: Report | RunReport,
  outputs: Outputs,
  summary: Summary,
  step: Step,
): Promise<void> {
  writeFiles(report, outputs, step);
  await nextTurn();
  const texts = await textsOf(report);
  await writeParts(summary, texts.summary);
  for (const annotation of texts.annotations) step.annotate(annotation);
}

/** Files are extras: one that cannot be written does not change the verdict. */
function writeFiles(report: Report | RunReport, outputs: Outputs, step: Step): void {
  try {
    const folder = step.folder();
    const write = (name: 'report' | 'badge' | 'rows', file: string, content: string | Iterable<string>) => {
      save(join(folder, file), content);
      step.output(name, join(folder, file));
    };
    write('report', 'report.json', reportParts(report));
    const { svg, endpoint } = badgeOf(outputs.status as Status, outputs['lead-time']);
    save(join(folder, 'badge.json'), `${JSON.stringify(endpoint)}\n`);
    write('badge', 'badge.svg', svg);
    write('rows', 'rows.jsonl', jsonLines(reportsOf(report)));
  } catch (error) {
    step.annotate({
      severity: 'warning',
      title: 'No report',
      message: `The report could not be written (${oneLine(String(error))}). Check that the job can write to its temporary folder (RUNNER_TEMP).`,
    });
  }
}
