import type { Guard, Marker, TextKind } from '../model/marked-text.ts';
import type { ServiceName } from '../model/service.ts';
import { type Block, type Inline, note } from '../report/blocks.ts';
import { hiddenMarkerOf } from './hidden-marker.ts';
import { markdown } from '../report/render/markdown.ts';
import { withShortNames } from '../report/short-names.ts';
import { moment } from '../report/words.ts';

/** The lines that mark a text as the guard's: hidden ones, and a footer for people. */

/**
 * The marker of one kind of text about one service.
 *
 * @param guard - the guard that writes it; by default it finds the texts of any guard.
 * @param spell - distinguishes this text from others of its kind in the same thread; none by default.
 */
export const markerOf = (
  kind: TextKind,
  name: ServiceName,
  guard: Guard | null = null,
  spell = '',
): Marker => ({
  ...hiddenMarkerOf(kind, name, guard, spell),
  signature: kind === 'closed' ? null : signatureOf(name),
});

/**
 * The footer: which service the text is about, a link to the run with the details, when the text was true, and how to turn
 * it off. A text whose footer alone differs is not written again.
 *
 * @param stop - the input that turns the text off, with its value.
 */
export function footerOf(
  name: ServiceName,
  { at, runUrl }: { at: Date; runUrl: string | null },
  stop: string,
): Block {
  return note(
    ...about(name),
    ...(runUrl === null ? [] : [{ text: 'details', href: runUrl }, ' · ']),
    `as of ${moment(at)} UTC · turn off with `,
    { text: stop, code: true },
  );
}

/** `Deploy latency guard · production · `, with the source and the branch if they are not the usual ones. */
function about(name: ServiceName): Inline {
  const { service, environment, source, baseBranch } = withShortNames(name);
  const isUsual = source === 'deployments' && /^(?:main|master)$/.test(baseBranch);
  return [
    `Deploy latency guard · ${service ? `${service}, ` : ''}${environment} · ${isUsual ? '' : `${source} into ${baseBranch} · `}`,
  ];
}

/** The beginning of the footer, up to where texts about the same service differ. */
const signatureOf = (name: ServiceName) =>
  markdown([note(...about(name))], { surface: 'thread' })
    .trim()
    .replace(/\s*<\/sub>$/, '');
