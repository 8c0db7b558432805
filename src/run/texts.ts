import { type Annotation, annotationsOf, annotationsOfRun } from '../report/annotations.ts';
import type { Block } from '../report/blocks.ts';
import type { Report, RunReport } from '../report/contract.ts';
import { summaryParts } from '../report/summary.ts';

/** What a run says beside its verdict. */
export interface RunTexts {
  /** The summary in parts: what has no room is left out from the end. */
  summary: Block[][];
  annotations: Annotation[];
}

export const textsOf = (report: Report | RunReport): RunTexts => ({
  summary: summaryParts(report),
  annotations: 'units' in report ? annotationsOfRun(report) : annotationsOf(report),
});

/** The page, whose charting library is as large as all the rest and is loaded only here. */
export async function pageOf(report: Report | RunReport): Promise<string> {
  const { page, pageOfRun } = await import('../report/page.ts');
  return 'units' in report ? pageOfRun(report) : page(report);
}
