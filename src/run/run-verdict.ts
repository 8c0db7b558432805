import type { Report, RunReport } from '../report/contract.ts';
import { type Outputs, outputsOf } from '../report/outputs.ts';
import { subjectsIn, reportsOf, worstFirst } from '../report/parts.ts';

/** The verdict of a run, whether it answers for one service or for several. It needs no text and no file. */
export interface RunVerdict {
  sentence: string;
  failed: boolean;
  outputs: Outputs;
}

export async function verdictOf(report: Report | RunReport): Promise<RunVerdict> {
  const failed = subjectsIn(reportsOf(report)).some(({ findings }) =>
    findings.some((finding) => finding.severity === 'error'),
  );
  if (!('units' in report)) {
    const outputs = outputsOf(report);
    if (report.service === undefined) return { sentence: report.sentence, failed, outputs };
    const { servicesJson } = await import('../report/services.ts');
    const services = servicesJson({ units: [report], untold: [] });
    return { sentence: report.sentence, failed, outputs: { ...outputs, units: services } };
  }
  const { runOutputs, runSentence } = await import('../report/services.ts');
  const sentences = worstFirst(report.units).map((report) => report.sentence);
  return { sentence: [runSentence(report), ...sentences].join(' '), failed, outputs: runOutputs(report) };
}
