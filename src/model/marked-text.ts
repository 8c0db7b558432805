/**
 * Finds the guard's text in a comment or an issue that people edit, too. The text is between two hidden lines that name
 * its kind and service, and its last visible line names the service, too. The guard does not change any other text.
 */

export type TextKind = 'preview' | 'shipped' | 'overdue' | 'weekly' | 'closed';

export interface Marker {
  kind: TextKind;
  begin: string;
  end: string;
  /** All hidden lines before the text: the first line, and one that names the guard. */
  head: string;
  /** First lines under earlier names of the service. The text is rewritten with the current name. */
  former: readonly string[];
  /** The beginning of the text's last visible line; `null`: it has none. */
  signature: string | null;
  /** The guard that looks for the text; `null`: any. */
  guard: Guard | null;
}

/** A guard in a workflow. Several may write about one service, each with its own settings and its own text. */
export interface Guard {
  /** Its workflow, job and step, encoded as part of a hidden line. */
  id: string;
  /** A hash of the settings that its texts depend on. */
  settings: string;
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
  const begins = [marker.begin, ...marker.former].map((line) => lineIn(text, line)).filter((at) => at >= 0);
  const after = Math.max(0, ...begins);
  const endLine = lineIn(text, marker.end, after);
  const footer = endLine < 0 && marker.signature ? lineIn(text, marker.signature, after, true) : endLine;
  if (begins.length === 0 && footer < 0) return null;
  // Texts of other kinds and of other guards can have the same footer. They differ in their first line.
  if (begins.length === 0 && endLine < 0 && isMarked(text)) return null;
  const to = footer < 0 ? text.length : endOfLine(text, footer);
  const from = begins.length > 0 ? Math.min(...begins) : strayBegin(text, marker.kind, to);
  if (isOfAnotherGuard(text.slice(from, to), marker.guard)) return null;
  return { before: text.slice(0, from), text: text.slice(from, to), after: text.slice(to) };
}

const GUARD = /^<!-- guard: (\S*) (\S*) -->$/m;

/**
 * True if a text names another guard with other settings. With the same settings both would write the same text, and the
 * same guard may get other settings.
 */
function isOfAnotherGuard(text: string, guard: Guard | null): boolean {
  const [line, id, settings] = GUARD.exec(text) ?? [];
  return guard !== null && line !== undefined && id !== guard.id && settings !== guard.settings;
}

/** True if a body has a text of this kind, or of any kind by default, for any service. */
export function isMarked(body: string, kind?: TextKind): boolean {
  const lines = body.matchAll(
    /^<!-- deploy-latency-guard (\w+) (?:service=\S+ )?environment=\S+ source=\S+ base=\S+ -->\r?$/gm,
  );
  return [...lines].some(([, lineKind]) => kind === undefined || lineKind === kind);
}

/** Position of the first hidden line before `to` that may begin a text of this kind; `to` if there is none. */
function strayBegin(text: string, kind: TextKind, to: number): number {
  const lines = [
    ...text
      .slice(0, to)
      .matchAll(/^<!-- (?!\/)(?:deploy-latency-guard (\w+) .*|(?:guard|weeks|alerts): .*) -->$/gm),
  ];
  return lines.find(([, lineKind]) => lineKind === undefined || lineKind === kind)?.index ?? to;
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

/** The body with `text` in place of the guard's earlier text, or at its end. */
export function withRegion({ before, after }: Region, text: string): string {
  const joint = before === '' || before.endsWith('\n') ? '' : '\n\n';
  return `${before}${joint}${text.trimEnd()}${after}`;
}

/** A body without the guard's markers, so that it is not found again. Visible text and records stay. */
export function unmarked(body: string, { begin, end, former, signature }: Marker): string {
  const ours = new Set([begin, end, ...former]);
  return body
    .replaceAll('\r\n', '\n')
    .split('\n')
    .filter((line) => !ours.has(line) && !(signature && line.startsWith(signature)))
    .join('\n');
}
