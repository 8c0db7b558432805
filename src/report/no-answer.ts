import type { Block } from './blocks.ts';

/** What is said where there is no answer. */

/** On a pull request where nothing can be said yet: why, and what to set up. */
export function setUpComment(reason: string): Block[] {
  return [
    { kind: 'heading', level: 3, text: ['⚪ Merged now, live when? Nothing is known yet'] },
    { kind: 'paragraph', text: [reason] },
  ];
}

/** For the summary of a step that ends without an answer. */
export function errorBlocks(line: string): Block[] {
  return [
    { kind: 'heading', level: 2, text: ['⚪ Deploy latency: no answer'] },
    { kind: 'paragraph', text: [line] },
  ];
}
