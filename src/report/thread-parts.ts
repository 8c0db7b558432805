import { type Block, table } from './blocks.ts';
import type { Report, ReportedChange } from './contract.ts';
import { unreadBlocks } from './summary.ts';
import { duration, nameOf } from './words.ts';

/** What several of the texts in threads share. */

/** What could not be read, where the verdict says that something is missing; a comment does not repeat the rest. */
export function missing(report: Report): Block[] {
  return report.reason === 'unreadable' ? unreadBlocks(report) : [];
}

export function waitingTable(waiting: readonly ReportedChange[]): Block[] {
  if (waiting.length === 0) return [];
  return [
    table(
      ['Waiting', 'Change', 'Author'],
      waiting.map((each) => [
        [duration(each.waitingSeconds ?? 0)],
        [`${nameOf(each)} ${each.title}`],
        [each.author ?? '–'],
      ]),
      'pending change',
      { oldestFirst: true },
    ),
  ];
}
