import { type Block, paragraph } from '../report/blocks.ts';
import { errorBlocks } from '../report/failure-texts.ts';
import { markdown, SUMMARY_LIMIT } from '../report/render/markdown.ts';
import { counted } from '../report/words.ts';
import type { Step } from './workflow-step.ts';

/**
 * Writes blocks to the job summary and keeps `reserve` bytes free for later ones. Resolves to `false` if they did not
 * fit.
 */
export type Summary = (blocks: Block[], reserve?: number) => Promise<boolean>;

/** Bytes kept for comments that could not be posted and go to the summary instead. */
const RESERVE = 200_000;

/**
 * Writes to the summary and keeps the total below GitHub's limit, because GitHub drops a larger summary entirely. Each
 * text ends with a blank line: a heading right after HTML, such as a closing `</details>`, would be plain text.
 */
export function summaryOn(step: Pick<Step, 'summary' | 'summaryBytes'>): Summary {
  let written = step.summaryBytes?.() ?? 0;
  return async (blocks, reserve = 0) => {
    const room = SUMMARY_LIMIT - written - reserve;
    const text = `${markdown(blocks, { surface: 'summary', limit: room - 1 })}\n`;
    // `markdown` can drop only rows of tables, so the text may still be too long.
    if (Buffer.byteLength(text) > room) return false;
    written += Buffer.byteLength(text);
    await step.summary(text);
    return true;
  };
}

/** Writes the parts that fit, and a note with the number of those that did not. */
export async function writeParts(summary: Summary, parts: readonly Block[][]): Promise<void> {
  let omitted = 0;
  for (const part of parts) if (!(await summary(part, RESERVE))) omitted += 1;
  if (omitted === 0) return;
  const text = `GitHub limits the size of a job summary, so ${counted(omitted, 'section')} had to be left out. The report contains everything.`;
  await summary([{ kind: 'note', text: [text] }]);
}

/** The summary of a step that failed with an error. */
export const errorSummary = (line: string, link: string, title?: string): string =>
  markdown([...errorBlocks(line, title), paragraph({ text: 'Help for this error', href: link })], {
    surface: 'summary',
  });
