import type { Report, RunReport } from '../report/contract.ts';
import { type Outputs, outputsOf } from '../report/outputs.ts';
import { subjectsIn, reportsOf, worstFirst } from '../report/parts.ts';

/** The verdict of a run, for one service or several. */
export interface RunVerdict {
  sentence: string;
  failed: boolean;
  outputs: Outputs;
}

export async function verdictOf(report: Report | RunReport): Promise<RunVerdict> {
  const failed = subjectsIn(reportsOf(report)).some(({ findings }) =>
    findings.some((finding) => finding.severity === 'error'),
  );
  if ('units' in report) {
    const { runOutputs, runSentence } = await import('../report/services.ts');
    const sentences = worstFirst(report.units).map((report) => report.sentence);
    return { sentence: [runSentence(report), ...sentences].join(' '), failed, outputs: runOutputs(report) };
  }
  const verdict = { sentence: report.sentence, failed, outputs: outputsOf(report) };
  if (report.service === undefined) return verdict;
  const { servicesJson } = await import('../report/services.ts');
  const services = servicesJson({ units: [report], untold: [] });
  return { ...verdict, outputs: { ...verdict.outputs, units: services } };
}
