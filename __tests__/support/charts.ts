import type { Block } from '../../src/report/blocks.ts';

/** The Mermaid charts in a block, folded ones too. */
export function chartsIn(block: Block): Extract<Block, { kind: 'mermaid' }>[] {
  if (block.kind === 'mermaid') return [block];
  return block.kind === 'details' ? block.blocks.flatMap(chartsIn) : [];
}
