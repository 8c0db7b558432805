import { type Annotation, annotationsOf } from '../report/annotations.ts';
import type { Block } from '../report/blocks.ts';
import type { Report, RunReport } from '../report/contract.ts';
import { summaryParts } from '../report/summary.ts';

/** The texts of a run besides its verdict. */
export interface RunTexts {
  /** The summary in parts. If there is no room, the last parts are left out. */
  summary: Block[][];
  annotations: Annotation[];
}

export const textsOf = (report: Report | RunReport): RunTexts => ({
  summary: summaryParts(report),
  annotations: annotationsOf(report),
});

/** The page, whose charting library is as large as all the rest and is loaded only here. */
export async function pageOf(report: Report | RunReport): Promise<string> {
  const { page, pageOfRun } = await import('../report/page.ts');
  return 'units' in report ? pageOfRun(report) : page(report);
}
