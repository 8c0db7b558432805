import type { Report, RunReport } from '../report/contract.ts';
import { type Outputs, outputsOf } from '../report/outputs.ts';
import { subjectsIn, reportsOf, worstFirst } from '../report/parts.ts';

/** The verdict of a run, for one service or several. */
export interface RunVerdict {
  sentence: string;
  failed: boolean;
  outputs: Outputs;
}

/** Letters of a sentence that may contain a long name. */
const LONG = 600;

export async function verdictOf(original: Report | RunReport): Promise<RunVerdict> {
  const isLong = reportsOf(original).some(({ sentence }) => sentence.length > LONG);
  const report = isLong ? (await import('../report/short-names.ts')).withShortNames(original) : original;
  const failed = subjectsIn(reportsOf(report)).some(({ findings }) =>
    findings.some((finding) => finding.severity === 'error'),
  );
  if ('units' in report) {
    const { runOutputs, runSentence } = await import('../report/services.ts');
    const sentences = worstFirst(report.units).map((report) => report.sentence);
    return {
      sentence: [runSentence(report), ...sentences].join(' '),
      failed,
      outputs: runOutputs(original as RunReport),
    };
  }
  const verdict = { sentence: report.sentence, failed, outputs: outputsOf(report) };
  if (report.service === undefined) return verdict;
  const { servicesJson } = await import('../report/services.ts');
  const services = servicesJson({ units: [original as Report], untold: [] });
  return { ...verdict, outputs: { ...verdict.outputs, units: services } };
}
