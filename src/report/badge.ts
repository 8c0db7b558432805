import type { Status } from '../model/terms.ts';

/** The verdict as a badge: an SVG that stands alone, and what shields.io draws one from. */

const LABEL = 'merge to live';
/** The state's colour, as shields.io names it and as GitHub's own badges have it. */
const COLOURS: Record<Status, { name: string; hex: string }> = {
  'on-target': { name: 'brightgreen', hex: '#2da44e' },
  slipping: { name: 'yellow', hex: '#9a6700' },
  drifted: { name: 'red', hex: '#cf222e' },
  'insufficient-data': { name: 'lightgrey', hex: '#6e7781' },
};
/** Pixels of a letter of eleven pixels' height; the text is fitted to its room, whatever font a reader has. */
const LETTER = 6.4;
const BESIDE = 8;

export interface Badge {
  svg: string;
  /** As https://shields.io/badges/endpoint-badge takes it. */
  endpoint: { schemaVersion: 1; label: string; message: string; color: string };
}

/** @param time - the statistic for people; empty where it is not known. */
export function badgeOf(status: Status, time: string): Badge {
  const message = time === '' ? 'no verdict' : time;
  const { name, hex } = COLOURS[status];
  const [left, right] = [LABEL, message].map((text) => Math.round(text.length * LETTER) + 2 * BESIDE) as [
    number,
    number,
  ];
  const text = (words: string, x: number, width: number) =>
    `<text x="${x}" y="14" textLength="${width - 2 * BESIDE}" lengthAdjust="spacingAndGlyphs">${words}</text>`;
  return {
    svg: [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${LABEL}: ${message}">`,
      `<title>${LABEL}: ${message}</title>`,
      `<clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath>`,
      `<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#40464d"/><rect x="${left}" width="${right}" height="20" fill="${hex}"/></g>`,
      `<g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">${text(LABEL, BESIDE, left)}${text(message, left + BESIDE, right)}</g>`,
      '</svg>\n',
    ].join(''),
    endpoint: { schemaVersion: 1, label: LABEL, message, color: name },
  };
}
