import { createHash } from 'node:crypto';
import type { Guard, Marker, TextKind } from '../model/marked-text.ts';
import type { ServiceName } from '../model/service.ts';

/** The hidden lines that let the guard find its text about a service again. */

/** Letters of a name in a hidden line. GitHub's own names are shorter. */
const LONGEST_NAME = 300;

/** A name as part of a hidden line. Without `-`, it cannot end the line. A longer name is known by its hash. */
const part = (text: string) =>
  encodeURIComponent(
    text.length > LONGEST_NAME
      ? createHash('sha256').update(text).digest('hex')
      : text.replace(/\p{Cs}/gu, ''),
  ).replaceAll('-', '%2D');

const hidden = (kind: TextKind, name: ServiceName) =>
  `deploy-latency-guard ${kind} ${name.service ? `service=${part(name.service)} ` : ''}environment=${part(name.environment.toLowerCase())} source=${part(name.source)} base=${part(name.baseBranch)}`;

/**
 * The hidden lines of one kind of text about one service.
 *
 * @param guard - the guard that writes it; by default it finds the texts of any guard.
 * @param spell - distinguishes this text from others of its kind in the same thread; none by default.
 */
export function hiddenMarkerOf(
  kind: TextKind,
  name: ServiceName,
  guard: Guard | null = null,
  spell = '',
): Marker {
  const line = (named: ServiceName) => `${hidden(kind, named)}${spell && ` ${part(spell)}`}`;
  return {
    kind,
    begin: `<!-- ${line(name)} -->`,
    head: [
      `<!-- ${line(name)} -->`,
      ...(guard ? [`<!-- guard: ${guard.id} ${guard.settings} -->`] : []),
    ].join('\n'),
    end: `<!-- /${line(name)} -->`,
    former: [
      // A text about the repository becomes the text of the service that has its environment.
      ...(name.service ? [`<!-- ${line({ ...name, service: null })} -->`] : []),
      ...(name.formerBranches ?? []).map((baseBranch) => `<!-- ${line({ ...name, baseBranch })} -->`),
      ...[...new Set([name.environment, name.asGiven ?? name.environment])].map((environment) =>
        formerMarker(kind, environment),
      ),
    ],
    signature: null,
    guard,
  };
}

/** The marker of older versions, which identified a text by its environment alone. */
export const formerMarker = (kind: TextKind, environment: string): string =>
  `<!-- deploy-latency-guard ${kind} ${part(environment)} -->`;
