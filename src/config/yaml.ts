import { EVENT_ID, type Event, getScalarValue, parseEvents, YAMLException } from 'js-yaml';
import { GuardError, oneLine } from '../model/guard-error.ts';

/**
 * The subset of YAML that a configuration file needs. Scalars stay text, and every value knows its line. Anchors, aliases and
 * tags are refused, because a short file could expand to an endless one.
 */

export type Plain = string | null | Plain[] | { [key: string]: Plain };
export type Path = readonly (string | number)[];

export interface YamlFile {
  value: Plain;
  has(path: Path): boolean;
  /** Line of the value at a path, from 1. Falls back to the closest parent that exists. */
  lineOf(path: Path): number;
}

/** Far more than any real configuration file has: characters, and levels of nesting. */
const LONGEST = 65_536;
const DEEPEST = 12;

/** @throws {GuardError} in one line, with the file and the line number. */
export function readYaml(text: string, file: string): YamlFile {
  const refuse = (line: number, why: string): never => {
    throw new GuardError(`${file}, line ${line}: ${why}.`);
  };
  if (text.length > LONGEST) return refuse(1, `the file has more than ${LONGEST} characters`);
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  let events: Event[];
  try {
    events = parseEvents(text, { maxDepth: DEEPEST });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = Math.min((error.mark?.line ?? 0) + 1, lineAt(text.trimEnd().length));
    return refuse(line, `the file is not valid YAML (${reasonOf(error)})`);
  }
  const lines = new Map<string, number>();
  let at = 0;
  /** Where the last value began. */
  let last = 0;
  /** The start of an empty item, which the parser does not know: the next dash that has nothing after it. */
  const emptyItem = (): number => {
    const dash = /^[ \t]*-[ \t]*(?:#.*)?$/gm;
    dash.lastIndex = last;
    return dash.exec(text)?.index ?? last;
  };

  function value(path: Path): Plain {
    const event = events[at++];
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return null;
    const begin = event.type === EVENT_ID.ALIAS ? event.anchorStart : beginOf(event);
    const tag = event.type === EVENT_ID.ALIAS ? -1 : event.tagStart;
    // A tag without a value has its empty value on a later line.
    const offset = tag >= 0 ? tag : begin;
    const isItem = offset < 0 && typeof path.at(-1) === 'number';
    const start = isItem ? emptyItem() : Math.max(0, offset);
    last = isItem ? text.indexOf('-', start) : Math.max(last, offset);
    const line = lineAt(start);
    if (!lines.has(keyOf(path))) lines.set(keyOf(path), line);
    if (event.type === EVENT_ID.ALIAS || event.anchorStart >= 0)
      return refuse(
        line,
        'anchors (&) and aliases (*) are not accepted. Write the value out, or quote text that starts with & or *',
      );
    if (event.tagStart >= 0) return refuse(line, 'tags (!) are not accepted. Quote text that starts with !');
    if (event.type === EVENT_ID.SCALAR) {
      const scalar = getScalarValue(text, event);
      const isPlain = event.style === 1;
      return isPlain && /^(?:|~|null)$/i.test(scalar) ? null : scalar;
    }
    if (event.type === EVENT_ID.SEQUENCE) {
      const items: Plain[] = [];
      while (events[at] && events[at]?.type !== EVENT_ID.POP) items.push(value([...path, items.length]));
      at++;
      return items;
    }
    const entries = new Map<string, Plain>();
    while (events[at] && events[at]?.type !== EVENT_ID.POP) {
      const key = events[at];
      const keyLine = key?.type === EVENT_ID.SCALAR ? lineAt(key.valueStart) : line;
      if (key?.type !== EVENT_ID.SCALAR || key.anchorStart >= 0 || key.tagStart >= 0)
        return refuse(keyLine, 'a key must be plain text');
      at++;
      const name = getScalarValue(text, key);
      if (['__proto__', 'constructor', 'prototype'].includes(name))
        return refuse(keyLine, `"${name}" is not a key`);
      if (entries.has(name)) return refuse(keyLine, `"${oneLine(name, 60)}" is set twice`);
      lines.set(keyOf([...path, name]), keyLine);
      entries.set(name, value([...path, name]));
    }
    at++;
    return Object.fromEntries(entries);
  }

  const documents = events.filter((event) => event.type === EVENT_ID.DOCUMENT);
  if (documents.length > 1)
    return refuse(secondDocument(text), 'the file has several documents (---). Keep one');
  at = documents.length;
  return {
    value: value([]),
    has: (path) => lines.has(keyOf(path)),
    lineOf(path) {
      for (let length = path.length; length > 0; length--) {
        const line = lines.get(keyOf(path.slice(0, length)));
        if (line !== undefined) return line;
      }
      return 1;
    },
  };
}

/** The parser's reason. Only within brackets and quotes, it misses an indentation or the end of the text. */
function reasonOf({ reason, mark }: YAMLException): string {
  const isIndentation = reason === 'deficient indentation';
  if (!isIndentation && !/^unexpected end of .* within a (?:flow|single|double)/.test(reason))
    return oneLine(reason);
  const isAtEnd = !isIndentation || mark?.buffer.slice(mark.position).trim() === '';
  return `a bracket or a quote is not closed${isAtEnd ? '' : ', or its lines are not indented'}`;
}

const beginOf = (event: Extract<Event, { tagStart: number }>): number =>
  'valueStart' in event ? event.valueStart : event.start;

/** The line of the `---` in front of the second document, from 1. */
function secondDocument(text: string): number {
  const lines = text.split('\n');
  const firstContent = lines.findIndex((line) => /^[^#%\s]/.test(line) && !/^---(?:\s|$)/.test(line));
  return lines.findIndex((line, i) => /^---(?:\s|$)/.test(line) && i > Math.max(0, firstContent)) + 1;
}

const keyOf = (path: Path) => JSON.stringify(path);
