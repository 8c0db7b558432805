import type { Marker, TextKind } from '../model/marked-text.ts';
import type { UnitName } from '../model/unit.ts';
import type { Block } from './blocks.ts';
import { markdown } from './render/markdown.ts';
import { moment } from './words.ts';

/** The lines by which a text about a unit is found again, hidden ones and one for people. */

/** A name as part of a hidden line; without `-` nothing in it can end the line. */
const part = (text: string) => encodeURIComponent(text.replace(/\p{Cs}/gu, '')).replaceAll('-', '%2D');

const hidden = (kind: TextKind, name: UnitName) =>
  `deploy-latency-guard ${kind} ${name.service ? `service=${part(name.service)} ` : ''}environment=${part(name.environment.toLowerCase())} source=${part(name.source)} base=${part(name.baseBranch)}`;

/**
 * The marker of one kind of text about one unit.
 *
 * @param spell - what sets this text apart from others of its kind in the same thread; none by default.
 */
export function markerOf(kind: TextKind, name: UnitName, spell = ''): Marker {
  const own = (each: UnitName) => `${hidden(kind, each)}${spell && ` ${part(spell)}`}`;
  return {
    kind,
    begin: `<!-- ${own(name)} -->`,
    end: `<!-- /${own(name)} -->`,
    former: [
      // What was told of the whole repository is told of the service that has its environment.
      ...(name.service ? [`<!-- ${own({ ...name, service: null })} -->`] : []),
      ...(name.formerBranches ?? []).map((baseBranch) => `<!-- ${own({ ...name, baseBranch })} -->`),
      ...[...new Set([name.environment, name.asGiven ?? name.environment])].map((each) =>
        formerly(kind, each),
      ),
    ],
    signature: kind === 'closed' ? null : signatureOf(name),
  };
}

/** Before there were units, a text was known by its environment alone. */
export const formerly = (kind: TextKind, environment: string): string =>
  `<!-- deploy-latency-guard ${kind} ${part(environment)} -->`;

/** Which unit a text is about, for people: the last line of each. */
export function signed(name: UnitName): Block {
  return {
    kind: 'note',
    text: [
      `Deploy latency guard of ${name.service ? `${name.service}, ` : ''}${name.environment}: ${name.source}, into ${name.baseBranch}`,
    ],
  };
}

/**
 * When a text holds, where the rest of it is, and what stops it: the line above the signature. It is no news by itself, so
 * a text that differs in nothing else is not written again.
 *
 * @param stop - the input that stops it, with its value.
 */
export function footOf({ at, runUrl }: { at: Date; runUrl: string | null }, stop: string): Block {
  return {
    kind: 'note',
    text: [
      `As of ${moment(at)} UTC. `,
      ...(runUrl === null ? [] : [{ text: 'The summary of this run', href: runUrl }, ' has all of it. ']),
      `"${stop}" stops it.`,
    ],
  };
}

const signatureOf = (name: UnitName) => markdown([signed(name)], { surface: 'thread' }).trim();
