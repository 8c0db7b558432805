import { type Annotation, annotationsOf, annotationsOfRun } from '../report/annotations.ts';
import type { Block } from '../report/blocks.ts';
import type { Report, RunReport } from '../report/contract.ts';
import { summaryParts } from '../report/summary.ts';

export interface RunTexts {
  /** The job summary in parts. Parts that do not fit are left out. */
  summary: Block[][];
  annotations: Annotation[];
}

export const textsOf = (report: Report | RunReport): RunTexts => ({
  summary: summaryParts(report),
  annotations: 'units' in report ? annotationsOfRun(report) : annotationsOf(report),
});

/** The HTML page. Loaded on demand, because the charting library is as large as the rest of the code. */
export async function pageOf(report: Report | RunReport): Promise<string> {
  const { page, pageOfRun } = await import('../report/page.ts');
  return 'units' in report ? pageOfRun(report) : page(report);
}
