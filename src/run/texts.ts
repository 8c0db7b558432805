import { type Annotation, annotationsOf } from '../report/annotations.ts';
import type { Block } from '../report/blocks.ts';
import type { Report, RunReport } from '../report/contract.ts';
import { worstFirst } from '../report/parts.ts';
import { withShortNames } from '../report/short-names.ts';
import { summaryOf } from '../report/summary.ts';

/** The texts of a run besides its verdict. */
export interface RunTexts {
  /** The summary in parts. If there is no room, the last parts are left out. */
  summary: Block[][];
  annotations: Annotation[];
}

export async function textsOf(original: Report | RunReport): Promise<RunTexts> {
  const report = withShortNames(original);
  return { summary: await summaryParts(report), annotations: annotationsOf(report) };
}

/** With several services, a table comes first, then each service, the worst first. */
async function summaryParts(report: Report | RunReport): Promise<Block[][]> {
  if (!('units' in report)) return [summaryOf(report)];
  const { runBlocks } = await import('../report/services.ts');
  return [runBlocks(report), ...worstFirst(report.units).map(summaryOf)];
}

/** The page, whose code is loaded only here. */
export async function pageOf(original: Report | RunReport): Promise<string> {
  const report = withShortNames(original);
  const { page, pageOfRun } = await import('../report/page.ts');
  return 'units' in report ? pageOfRun(report) : page(report);
}
