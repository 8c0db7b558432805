import type { MeasuredMergeset } from '../measure/measured.ts';
import type { UnitAnswer } from './answer.ts';
import type { Block } from './blocks.ts';
import { unreadBlocks } from './summary.ts';
import { duration, nameOf } from './words.ts';

/** What several of the texts in threads share. */

/** What could not be read, where the verdict says that something is missing; a comment does not repeat the rest. */
export function missing(answer: UnitAnswer): Block[] {
  return answer.reason === 'unreadable' ? unreadBlocks(answer) : [];
}

export function waitingTable(waiting: readonly MeasuredMergeset[]): Block[] {
  if (waiting.length === 0) return [];
  return [
    {
      kind: 'table',
      columns: [{ title: 'Waiting' }, { title: 'Change' }, { title: 'Author' }],
      rows: waiting.map((each) => [
        [duration(each.waitingSeconds ?? 0)],
        [`${nameOf(each)} ${each.title}`],
        [each.author?.login ?? '–'],
      ]),
      noun: 'pending change',
      oldestFirst: true,
    },
  ];
}
