import type { Status } from '../model/terms.ts';

/** The verdict as a badge: an SVG, and the JSON from which shields.io draws one. */

const LABEL = 'merge to live';
/** The colour of each status: its name at shields.io, and the value that GitHub's own badges use. */
const COLOURS: Record<Status, { name: string; hex: string }> = {
  'on-target': { name: 'brightgreen', hex: '#2da44e' },
  slipping: { name: 'yellow', hex: '#9a6700' },
  drifted: { name: 'red', hex: '#cf222e' },
  'insufficient-data': { name: 'lightgrey', hex: '#6e7781' },
};
/** Width of a letter in pixels, at a height of 11. `textLength` fits the text, whatever font a reader has. */
const LETTER = 6.4;
/** Space on both sides of a text, in pixels. */
const PADDING = 8;

export interface Badge {
  svg: string;
  /** The format of https://shields.io/badges/endpoint-badge. */
  endpoint: { schemaVersion: 1; label: string; message: string; color: string };
}

/** @param time - the statistic for people; empty if unknown. */
export function badgeOf(status: Status, time: string): Badge {
  const message = time === '' ? 'no verdict' : time;
  const { name, hex } = COLOURS[status];
  const widthOf = (words: string) => Math.round(words.length * LETTER) + 2 * PADDING;
  const [left, right] = [widthOf(LABEL), widthOf(message)];
  const text = (words: string, x: number, width: number) =>
    `<text x="${x}" y="14" textLength="${width - 2 * PADDING}" lengthAdjust="spacingAndGlyphs">${words}</text>`;
  return {
    svg: [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${LABEL}: ${message}">`,
      `<title>${LABEL}: ${message}</title>`,
      `<clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath>`,
      `<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#40464d"/><rect x="${left}" width="${right}" height="20" fill="${hex}"/></g>`,
      `<g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">${text(LABEL, PADDING, left)}${text(message, left + PADDING, right)}</g>`,
      '</svg>\n',
    ].join(''),
    endpoint: { schemaVersion: 1, label: LABEL, message, color: name },
  };
}
