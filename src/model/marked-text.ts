/**
 * How a text of the guard is found again where others write too: it stands between two hidden lines that name its kind
 * and its unit, and ends with a line for people that names the unit too. What stands outside of them is not ours.
 */

export type TextKind = 'preview' | 'shipped' | 'weekly' | 'closed';

export interface Marker {
  kind: TextKind;
  /** The line before the text. */
  begin: string;
  /** The line after it. */
  end: string;
  /** Lines that began such a text under another name of the unit: taken over, and written anew under today's. */
  former: readonly string[];
  /** The beginning of the text's last visible line; `null`: it has none. */
  signature: string | null;
}

/** A body in three parts: what is ours with its markers, and what is not. */
export interface Region {
  before: string;
  text: string;
  after: string;
}

/**
 * Where the text that bears `marker` stands in `body`; `null`: nowhere.
 *
 * Where the line after it is gone, it ends with its signature, and without one with the body. Where the line before it
 * is gone or was changed, it begins with another line of ours; without one nothing is taken for ours, so that no word
 * of a person is lost.
 */
export function regionIn(body: string, marker: Marker): Region | null {
  const text = body.replaceAll('\r\n', '\n');
  const begins = [marker.begin, ...marker.former].map((line) => lineIn(text, line)).filter((at) => at >= 0);
  const after = Math.max(0, ...begins);
  const endLine = lineIn(text, marker.end, after);
  const footer = endLine < 0 && marker.signature ? lineIn(text, marker.signature, after, true) : endLine;
  // Guards of one environment can have the same footer. A text with the marker of another guard is not ours.
  if (begins.length === 0 && (footer < 0 || isMarked(text, marker.kind))) return null;
  const to = footer < 0 ? text.length : endOfLine(text, footer);
  const from = begins.length > 0 ? Math.min(...begins) : strayBegin(text, marker.kind, to);
  return { before: text.slice(0, from), text: text.slice(from, to), after: text.slice(to) };
}

/** Whether a body has the line of some unit's text of a kind. */
export function isMarked(body: string, kind: TextKind): boolean {
  const lines = body.matchAll(
    /^<!-- deploy-latency-guard (\w+) (?:service=\S+ )?environment=\S+ source=\S+ base=\S+ -->\r?$/gm,
  );
  return [...lines].some(([, of]) => of === kind);
}

/** The last line of ours before `to` that may begin a text of this kind; `to`: there is none. */
function strayBegin(text: string, kind: TextKind, to: number): number {
  const lines = [
    ...text
      .slice(0, to)
      .matchAll(/^<!-- (?!\/)(?:deploy-latency-guard (\w+) .*|(?:weeks|alerts): .*) -->$/gm),
  ];
  const stray = lines.filter(([, of]) => of === undefined || of === kind).at(0);
  return stray?.index ?? to;
}

/** The index of a line in a text, or -1. With `isPrefix` the line only has to begin so. */
function lineIn(text: string, line: string, from = 0, isPrefix = false): number {
  for (let at = text.indexOf(line, from); at >= 0; at = text.indexOf(line, at + 1)) {
    const isAtStart = at === 0 || text[at - 1] === '\n';
    if (isAtStart && (isPrefix || endOfLine(text, at) === at + line.length)) return at;
  }
  return -1;
}

const endOfLine = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
};

/** The body with `own` in place of what is ours; after all else where nothing is. */
export function withRegion({ before, after }: Region, own: string): string {
  const joint = before === '' || before.endsWith('\n') ? '' : '\n\n';
  return `${before}${joint}${own.trimEnd()}${after}`;
}

/** A body without our markers, so that it is not found again; what can be seen stays, and what it recorded. */
export function unmarked(body: string, { begin, end, former, signature }: Marker): string {
  const ours = new Set([begin, end, ...former]);
  return body
    .replaceAll('\r\n', '\n')
    .split('\n')
    .filter((line) => !ours.has(line) && !(signature && line.startsWith(signature)))
    .join('\n');
}
