import { type Block, heading, paragraph } from './blocks.ts';

/** What is said where there is no answer. */

/** On a pull request where nothing can be said yet: why, and what to set up. */
export function setUpComment(reason: string): Block[] {
  return [heading(3, '⚪ Merged now, live when? Nothing is known yet'), paragraph(reason)];
}

/** For the summary of a step that ends without an answer. */
export function errorBlocks(line: string): Block[] {
  return [heading(2, '⚪ Deploy latency: no answer'), paragraph(line)];
}
