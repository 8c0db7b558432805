import type { Marker, TextKind } from '../model/marked-text.ts';
import type { ServiceName } from '../model/service.ts';
import { type Block, note } from './blocks.ts';
import { hiddenMarkerOf } from './hidden-marker.ts';
import { markdown } from './render/markdown.ts';
import { moment } from './words.ts';

/** The lines by which a text about a unit is found again, hidden ones and one for people. */

/**
 * The marker of one kind of text about one unit.
 *
 * @param spell - what sets this text apart from others of its kind in the same thread; none by default.
 */
export const markerOf = (kind: TextKind, name: ServiceName, spell = ''): Marker => ({
  ...hiddenMarkerOf(kind, name, spell),
  signature: kind === 'closed' ? null : signatureOf(name),
});

/** Which unit a text is about, for people: the last line of each. */
export function signed(name: ServiceName): Block {
  return note(
    `Deploy latency guard of ${name.service ? `${name.service}, ` : ''}${name.environment}: ${name.source}, into ${name.baseBranch}`,
  );
}

/**
 * When a text holds, where the rest of it is, and what stops it: the line above the signature. It is no news by itself, so
 * a text that differs in nothing else is not written again.
 *
 * @param stop - the input that stops it, with its value.
 */
export function footOf({ at, runUrl }: { at: Date; runUrl: string | null }, stop: string): Block {
  return note(
    `As of ${moment(at)} UTC. `,
    ...(runUrl === null ? [] : [{ text: 'The summary of this run', href: runUrl }, ' has all of it. ']),
    `"${stop}" stops it.`,
  );
}

const signatureOf = (name: ServiceName) => markdown([signed(name)], { surface: 'thread' }).trim();
