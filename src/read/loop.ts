import { Unreadable } from '../github/errors.ts';
import type { Gap, Oid } from '../model/facts.ts';
import type { Readers } from './readers.ts';
import type { Destination, Reading } from './reading.ts';
import { type Question, type View, viewOf } from './view.ts';
import { type Kind, keyOf, type Need, type Request } from './request.ts';

/** Waves of asking for what the last answers turned out to need; each one reads something new. */
export const MOST_WAVES = 50;

const INCOMPLETE =
  'Changes or deployments may be missing, so there is no verdict. Run it again later, with a shorter "window", or with a higher "max-requests".';

/** What could not be read, of the repository and of each destination. */
export interface ReadGaps {
  repository: Gap[];
  destinations: Map<Destination, Gap[]>;
}

/** One reading: what is asked, and what became of it so far. */
export interface Session {
  reading: Reading;
  question: Question;
  readers: Readers;
  gaps: ReadGaps;
  /** Keys of requests that could not be answered. */
  failed: Set<string>;
  lookedBelow: Map<Destination, Set<Oid>>;
}

export const sessionOf = (reading: Reading, question: Question, readers: Readers): Session => ({
  reading,
  question,
  readers,
  gaps: {
    repository: [],
    destinations: new Map(reading.destinations.map((destination) => [destination, []])),
  },
  failed: new Set(),
  lookedBelow: new Map(),
});

/**
 * Makes the requests of all needs, those of one wave side by side, until no need asks for more.
 *
 * @returns whether nothing is missing; otherwise the waves were used up.
 */
export async function readUntilComplete(session: Session, needs: readonly Need[]): Promise<boolean> {
  for (let waves = 0; waves < MOST_WAVES; ) {
    const view = sessionView(session);
    const wave = requestsOf(session, needs, view);
    if (wave.size === 0) return true;
    // Pages of deployments are bounded by the requests that a run may make.
    if ([...wave.keys()].some((kind) => kind !== 'page')) waves += 1;
    await readWave(session, needs, wave, view);
  }
  return false;
}

type Wave = Map<Kind, Map<string, Request[]>>;

/** Pages follow one another: while the rest of the wave is under way, one after the other is asked for. */
async function readWave(session: Session, needs: readonly Need[], wave: Wave, view: View): Promise<void> {
  let isUnderWay = true;
  const others = [...wave].filter(([kind]) => kind !== 'page');
  const rest = Promise.all(others.map(([kind, requests]) => readKind(session, kind, requests, view))).finally(
    () => {
      isUnderWay = false;
    },
  );
  const pages = async () => {
    let next = wave.get('page');
    while (next) {
      await readKind(session, 'page', next, view);
      next = isUnderWay ? requestsOf(session, needs, sessionView(session)).get('page') : undefined;
    }
  };
  await Promise.all([rest, pages()]);
}

/** True if no need asks for anything. */
export const isComplete = (session: Session, needs: readonly Need[]): boolean =>
  requestsOf(session, needs, sessionView(session)).size === 0;

export function sessionView({ reading, question, failed, lookedBelow, gaps }: Session): View {
  const mayHaveMore = ({ verdictAtRisk }: Gap) => verdictAtRisk;
  return viewOf(reading, question, {
    lookedBelow,
    isAsked: (key) => reading.answered.has(key) || failed.has(key),
    isGivenUp: (kind, destination) =>
      failed.has(kind === 'page' && destination ? `page ${reading.destinations.indexOf(destination)}` : kind),
    isSilent: (destination) =>
      destination.feed.items.length === 0 &&
      ![...(gaps.destinations.get(destination) ?? []), ...(destination.feed.gaps ?? [])].some(mayHaveMore),
  });
}

/** What the needs ask for and was not asked yet, by kind. */
function requestsOf({ reading, failed }: Session, needs: readonly Need[], view: View): Wave {
  const wave: Wave = new Map();
  for (const need of needs)
    for (const request of need(view)) {
      const key = keyOf(request, (destination) => reading.destinations.indexOf(destination));
      // What is below a commit may be asked for again, by a destination that has not looked there.
      const isKnown = reading.answered.has(key) && !isEdge(request);
      if (isKnown || failed.has(key)) continue;
      const ofKind = wave.get(request.kind) ?? new Map<string, Request[]>();
      wave.set(request.kind, ofKind.set(key, [...(ofKind.get(key) ?? []), request]));
    }
  return wave;
}

const isEdge = (request: Request): boolean => request.kind === 'below' && request.edgeOf !== undefined;

async function readKind(
  { reading, readers, gaps, failed, lookedBelow }: Session,
  kind: Kind,
  requests: ReadonlyMap<string, Request[]>,
  view: View,
): Promise<void> {
  const all = [...requests.values()].flat();
  for (const request of all)
    if (request.kind === 'below' && request.edgeOf) {
      const looked = lookedBelow.get(request.edgeOf) ?? new Set();
      lookedBelow.set(request.edgeOf, looked.add(request.oid));
    }
  const fresh = [...requests].filter(([key]) => !reading.answered.has(key));
  if (fresh.length === 0) return;
  const { what, read } = readers[kind];
  try {
    // Of several who ask for the same, one may want more of it.
    const single = fresh.flatMap(
      ([, [first, ...others]]) => others.find((request) => !isEdge(request)) ?? first ?? [],
    );
    await read(single as never, view, reading.gaps);
    if (kind !== 'page') for (const [key] of fresh) reading.answered.add(key);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    failed.add(kind);
    for (const [key] of fresh) failed.add(key);
    const gap: Gap = {
      what: `${what} could not be read in full. ${error.message}`,
      consequence: INCOMPLETE,
      verdictAtRisk: true,
    };
    const destinations = all.flatMap((request) => ('destination' in request ? [request.destination] : []));
    if (destinations.length === 0) gaps.repository.push(gap);
    for (const destination of new Set(destinations)) gaps.destinations.get(destination)?.push(gap);
  }
}
