import type { Block } from '../report/blocks.ts';
import { errorBlocks } from '../report/no-answer.ts';
import { markdown, SUMMARY_LIMIT } from '../report/render/markdown.ts';
import { counted } from '../report/words.ts';
import type { Step } from './workflow-step.ts';

/** The summary of a step, which GitHub drops as a whole where it is too large. */

/** Writes one text, and leaves so many bytes to those after it; resolves to whether there was room for it. */
export type Summary = (blocks: Block[], reserve?: number) => Promise<boolean>;

/** Bytes of a summary that are kept for what could not be written elsewhere. */
const RESERVE = 200_000;

/**
 * Writes to the summary, one text after the other, all together below what GitHub takes: it drops a larger one. Each
 * ends with a blank line: right after HTML, such as a closing `</details>`, a heading would be text.
 */
export function summaryOn(step: Pick<Step, 'summary'>): Summary {
  let written = 0;
  return async (blocks, reserve = 0) => {
    const room = SUMMARY_LIMIT - written - reserve;
    const text = `${markdown(blocks, { surface: 'summary', limit: room - 1 })}\n`;
    // Only rows can be left out of a text: what has no room for the rest of it is not begun.
    if (Buffer.byteLength(text) > room) return false;
    written += Buffer.byteLength(text);
    await step.summary(text);
    return true;
  };
}

/** Writes the parts of a summary, and says how many had no room. */
export async function inParts(summary: Summary, parts: readonly Block[][]): Promise<void> {
  let left = 0;
  for (const part of parts) if (!(await summary(part, RESERVE))) left += 1;
  if (left > 0)
    await summary([
      {
        kind: 'note',
        text: [
          `${counted(left, 'more story', 'more stories')} left out, to stay below GitHub's limit. The report has all of them.`,
        ],
      },
    ]);
}

/** The summary of a step that ends without an answer: the line that its log ends with. */
export const errorSummary = (line: string): string => markdown(errorBlocks(line), { surface: 'summary' });
