import { EVENT_ID, type Event, getScalarValue, parseEvents, YAMLException } from 'js-yaml';
import { GuardError, oneLine } from '../model/guard-error.ts';

/**
 * YAML as a file of settings needs it, and no more: every scalar is its text, and each thing knows its line. Anchors,
 * aliases and tags are refused: nothing of ours takes them, and with them a short file can be an endless one.
 */

export type Plain = string | null | Plain[] | { [key: string]: Plain };
export type Path = readonly (string | number)[];

export interface YamlFile {
  value: Plain;
  /** Whether something stands at a path. */
  has(path: Path): boolean;
  /** The line, from 1, of what stands at a path; of the nearest thing above it where nothing does. */
  lineOf(path: Path): number;
}

/** More characters, or a deeper nesting, no file of settings has. */
const LONGEST = 65_536;
const DEEPEST = 12;

/** @throws {GuardError} in one line that names the file and the line. */
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
    return refuse((error.mark?.line ?? 0) + 1, `it is no YAML that can be read (${oneLine(error.reason)})`);
  }
  const lines = new Map<string, number>();
  let at = 0;
  const next = () => events[at++];

  function value(path: Path): Plain {
    const event = next();
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return null;
    const begin = event.type === EVENT_ID.ALIAS ? event.anchorStart : beginOf(event);
    const tag = event.type === EVENT_ID.ALIAS ? -1 : event.tagStart;
    // The value of a tag alone stands, empty, on a later line.
    const offset = tag >= 0 ? tag : begin;
    const line = lineAt(Math.max(0, offset));
    if (!lines.has(keyOf(path))) lines.set(keyOf(path), line);
    if (event.type === EVENT_ID.ALIAS || event.anchorStart >= 0)
      return refuse(
        line,
        'anchors (&) and aliases (*) are not accepted; write it out, or quote a text that begins so',
      );
    if (event.tagStart >= 0) return refuse(line, 'tags (!) are not accepted; quote a text that begins so');
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
        return refuse(keyLine, 'a key that is no plain text');
      at++;
      const name = getScalarValue(text, key);
      if (['__proto__', 'constructor', 'prototype'].includes(name))
        return refuse(keyLine, `"${name}" is accepted as no key`);
      if (entries.has(name)) return refuse(keyLine, `"${oneLine(name, 60)}" stands there twice`);
      lines.set(keyOf([...path, name]), keyLine);
      entries.set(name, value([...path, name]));
    }
    at++;
    return Object.fromEntries(entries);
  }

  const documents = events.filter((event) => event.type === EVENT_ID.DOCUMENT);
  if (documents.length > 1)
    return refuse(secondDocument(text), 'it holds several documents (---), and one is accepted');
  at = documents.length;
  const whole = value([]);
  return {
    value: whole,
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

const beginOf = (event: Extract<Event, { tagStart: number }>): number =>
  'valueStart' in event ? event.valueStart : event.start;

/** The line of the mark that ends the first of several documents. */
function secondDocument(text: string): number {
  const lines = text.split('\n');
  const begun = lines.findIndex((line) => /^[^#%\s]/.test(line) && !/^---(?:\s|$)/.test(line));
  return lines.findIndex((line, i) => /^---(?:\s|$)/.test(line) && i > Math.max(0, begun)) + 1;
}

const keyOf = (path: Path) => JSON.stringify(path);
