import { type Block, heading, paragraph } from './blocks.ts';

/** Texts for a run without a verdict. */

/** The comment on a pull request: the reason, and what to set up. */
export function setUpComment(reason: string): Block[] {
  return [heading(3, '⚪ No verdict yet'), paragraph(reason)];
}

/** The job summary of a step that failed. */
export function errorBlocks(line: string, title = '⚪ Deploy latency could not be measured'): Block[] {
  return [heading(2, title), paragraph(line)];
}
