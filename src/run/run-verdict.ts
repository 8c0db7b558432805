import type { Report, RunReport } from '../report/contract.ts';
import { type Outputs, outputsOf } from '../report/outputs.ts';
import { subjectsIn, unitsOf, worstFirst } from '../report/parts.ts';

/** The verdict of a run, whether it answers for one service or for several. It needs no text and no file. */
export interface RunVerdict {
  sentence: string;
  failed: boolean;
  outputs: Outputs;
}

export async function verdictOf(report: Report | RunReport): Promise<RunVerdict> {
  const failed = subjectsIn(unitsOf(report)).some(({ findings }) =>
    findings.some((finding) => finding.severity === 'error'),
  );
  if (!('units' in report)) {
    const outputs = outputsOf(report);
    if (report.service === undefined) return { sentence: report.sentence, failed, outputs };
    const { unitsJson } = await import('../report/units.ts');
    const units = unitsJson({ units: [report], untold: [] });
    return { sentence: report.sentence, failed, outputs: { ...outputs, units } };
  }
  const { runOutputs, runSentence } = await import('../report/units.ts');
  const sentences = worstFirst(report.units).map((report) => report.sentence);
  return { sentence: [runSentence(report), ...sentences].join(' '), failed, outputs: runOutputs(report) };
}
