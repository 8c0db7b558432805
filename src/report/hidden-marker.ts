import type { Marker, TextKind } from '../model/marked-text.ts';
import type { ServiceName } from '../model/service.ts';

/** The hidden lines by which a text about a unit is found again. */

/** A name as part of a hidden line; without `-` nothing in it can end the line. */
const part = (text: string) => encodeURIComponent(text.replace(/\p{Cs}/gu, '')).replaceAll('-', '%2D');

const hidden = (kind: TextKind, name: ServiceName) =>
  `deploy-latency-guard ${kind} ${name.service ? `service=${part(name.service)} ` : ''}environment=${part(name.environment.toLowerCase())} source=${part(name.source)} base=${part(name.baseBranch)}`;

/**
 * The hidden lines of one kind of text about one unit, without the one for people.
 *
 * @param spell - what sets this text apart from others of its kind in the same thread; none by default.
 */
export function hiddenMarkerOf(kind: TextKind, name: ServiceName, spell = ''): Marker {
  const own = (service: ServiceName) => `${hidden(kind, service)}${spell && ` ${part(spell)}`}`;
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
    signature: null,
  };
}

/** Before there were units, a text was known by its environment alone. */
export const formerly = (kind: TextKind, environment: string): string =>
  `<!-- deploy-latency-guard ${kind} ${part(environment)} -->`;
