import { Unreadable } from '../github/errors.ts';
import type { Gap, Oid } from '../model/facts.ts';
import type { Readers } from './readers.ts';
import type { Destination, Reading } from './reading.ts';
import { type Question, type View, viewOf } from './view.ts';
import { type Kind, keyOf, type Need, type Request } from './request.ts';

/** Waves of requests. Every wave reads something new that the answers before it made necessary. */
export const MOST_WAVES = 50;

const INCOMPLETE =
  'Changes or deployments may be missing, so there is no verdict. Run the guard again later, shorten "window", or raise "max-requests".';

/** A question, and the progress of its requests. */
export interface Session {
  reading: Reading;
  question: Question;
  readers: Readers;
  /** Everything that could not be read. */
  gaps: { repository: Gap[]; destinations: Map<Destination, Gap[]> };
  /** Keys and kinds of requests that failed. */
  failed: Set<string>;
  /** Commits below which the walk from what was live was continued. */
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
 * Makes the requests of all needs, one wave after the other, until no need has any.
 *
 * @returns true if nothing is missing, false if the limit of waves was reached.
 */
export async function readUntilComplete(session: Session, needs: readonly Need[]): Promise<boolean> {
  for (let waves = 0; waves < MOST_WAVES; ) {
    const view = sessionView(session);
    const wave = requestsOf(session, needs, view);
    if (wave.size === 0) return true;
    // Only "max-requests" limits the pages of deployments.
    if ([...wave.keys()].some((kind) => kind !== 'page')) waves += 1;
    await readWave(session, needs, wave, view);
  }
  return false;
}

type Wave = Map<Kind, Map<string, Request[]>>;

/** Pages of deployments depend on each other, so further ones are requested while the rest of the wave is under way. */
async function readWave(session: Session, needs: readonly Need[], wave: Wave, view: View): Promise<void> {
  let isUnderWay = true;
  const others = [...wave].filter(([kind]) => kind !== 'page');
  const readOthers = Promise.all(
    others.map(([kind, requests]) => readKind(session, kind, requests, view)),
  ).finally(() => {
    isUnderWay = false;
  });
  const readPages = async () => {
    let next = wave.get('page');
    while (next) {
      await readKind(session, 'page', next, view);
      next = isUnderWay ? requestsOf(session, needs, sessionView(session)).get('page') : undefined;
    }
  };
  await Promise.all([readOthers, readPages()]);
}

export const isComplete = (session: Session, needs: readonly Need[]): boolean =>
  requestsOf(session, needs, sessionView(session)).size === 0;

export function sessionView({ reading, question, failed, lookedBelow, gaps }: Session): View {
  const mayHaveMore = ({ verdictAtRisk }: Gap) => verdictAtRisk;
  return viewOf(reading, question, {
    lookedBelow,
    isAsked: (key) => reading.answered.has(key) || failed.has(key),
    isGivenUp: (kind, destination) =>
      failed.has(kind === 'page' && destination ? `page ${reading.destinations.indexOf(destination)}` : kind),
    hasNoDeployments: (destination) =>
      destination.feed.items.length === 0 &&
      ![...(gaps.destinations.get(destination) ?? []), ...(destination.feed.gaps ?? [])].some(mayHaveMore),
  });
}

/** The needs' requests that were not made yet, by kind. */
function requestsOf({ reading, failed }: Session, needs: readonly Need[], view: View): Wave {
  const wave: Wave = new Map();
  for (const need of needs)
    for (const request of need(view)) {
      const key = keyOf(request, (destination) => reading.destinations.indexOf(destination));
      // Another destination may have read below this commit, but this one must still note that it did.
      const isAnswered = reading.answered.has(key) && !isEdge(request);
      if (isAnswered || failed.has(key)) continue;
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
  const wanted = [...requests.values()].flat();
  for (const request of wanted)
    if (request.kind === 'below' && request.edgeOf) {
      const oids = lookedBelow.get(request.edgeOf) ?? new Set();
      lookedBelow.set(request.edgeOf, oids.add(request.oid));
    }
  const fresh = [...requests].filter(([key]) => !reading.answered.has(key));
  if (fresh.length === 0) return;
  const { subject, read } = readers[kind];
  try {
    // Requests with the same key are made once. One that is not of an edge reads more, so it comes first.
    const unique = fresh.flatMap(
      ([, [first, ...others]]) => others.find((request) => !isEdge(request)) ?? first ?? [],
    );
    await read(unique as never, view, reading.gaps);
    if (kind !== 'page') for (const [key] of fresh) reading.answered.add(key);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    failed.add(kind);
    for (const [key] of fresh) failed.add(key);
    const gap: Gap = {
      what: `${subject} could not be read in full. ${error.message}`,
      consequence: INCOMPLETE,
      verdictAtRisk: true,
    };
    const destinations = wanted.flatMap((request) => ('destination' in request ? [request.destination] : []));
    if (destinations.length === 0) gaps.repository.push(gap);
    for (const destination of new Set(destinations)) gaps.destinations.get(destination)?.push(gap);
  }
}
