/**
 * Finds the guard's text in a comment or an issue that people edit, too. The text is between two hidden lines that name
 * its kind and service, and its last visible line names the service, too. The guard does not change any other text.
 */

export type TextKind = 'preview' | 'shipped' | 'weekly' | 'closed';

export interface Marker {
  kind: TextKind;
  begin: string;
  end: string;
  /** First lines under earlier names of the service. The text is rewritten with the current name. */
  former: readonly string[];
  /** The last visible line of the text; `null`: there is none. */
  signature: string | null;
}

/** A body in three parts: the guard's text with its markers, and what is before and after it. */
export interface Region {
  before: string;
  text: string;
  after: string;
}

/**
 * Finds the text of `marker` in `body`; `null` if there is none.
 *
 * Without its last line, the text ends with its signature, or else with the body. Without its first line, it begins with
 * another hidden line of the guard. If there is none either, the text is empty, so that no person's text is lost.
 */
export function regionIn(body: string, marker: Marker): Region | null {
  const text = body.replaceAll('\r\n', '\n');
  const starts = [marker.begin, ...marker.former].map((line) => lineIn(text, line)).filter((at) => at >= 0);
  const end = [marker.end, ...(marker.signature ? [marker.signature] : [])]
    .map((line) => ({ line, at: lineIn(text, line, Math.max(0, ...starts)) }))
    .find(({ at }) => at >= 0);
  if (starts.length === 0 && end === undefined) return null;
  const to = end ? end.at + end.line.length : text.length;
  const from = starts.length > 0 ? Math.min(...starts) : strayBegin(text, marker.kind, to);
  return { before: text.slice(0, from), text: text.slice(from, to), after: text.slice(to) };
}

/** True if a body has a text of this kind, for any service. */
export function isMarked(body: string, kind: TextKind): boolean {
  const lines = body.matchAll(
    /^<!-- deploy-latency-guard (\w+) (?:service=\S+ )?environment=\S+ source=\S+ base=\S+ -->\r?$/gm,
  );
  return [...lines].some(([, lineKind]) => lineKind === kind);
}

/** Position of the first hidden line before `to` that may begin a text of this kind; `to` if there is none. */
function strayBegin(text: string, kind: TextKind, to: number): number {
  const lines = [
    ...text
      .slice(0, to)
      .matchAll(/^<!-- (?!\/)(?:deploy-latency-guard (\w+) .*|(?:weeks|alerts): .*) -->$/gm),
  ];
  return lines.find(([, lineKind]) => lineKind === undefined || lineKind === kind)?.index ?? to;
}

function lineIn(text: string, line: string, from = 0): number {
  for (let at = text.indexOf(line, from); at >= 0; at = text.indexOf(line, at + 1)) {
    const end = at + line.length;
    if ((at === 0 || text[at - 1] === '\n') && (end === text.length || text[end] === '\n')) return at;
  }
  return -1;
}

/** The body with `text` in place of the guard's earlier text, or at its end. */
export function withRegion({ before, after }: Region, text: string): string {
  const joint = before === '' || before.endsWith('\n') ? '' : '\n\n';
  return `${before}${joint}${text.trimEnd()}${after}`;
}

/** A body without the guard's markers, so that it is not found again. Visible text and records stay. */
export function unmarked(body: string, { begin, end, former, signature }: Marker): string {
  const markers = new Set([begin, end, ...former, ...(signature ? [signature] : [])]);
  return body
    .replaceAll('\r\n', '\n')
    .split('\n')
    .filter((line) => !markers.has(line))
    .join('\n');
}
