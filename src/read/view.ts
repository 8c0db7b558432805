import type { History } from '../github/history/history.ts';
import type { FeedContext } from '../model/deployment-feed.ts';
import type { Oid } from '../model/facts.ts';
import { type BranchFacts, branchAt } from '../model/mergesets.ts';
import { type Boundary, boundaryOf as boundaryIn, type Period } from './boundary.ts';
import { branchFactsOf, deploymentsOf, goesBackToFirst, type Destination, type Reading } from './reading.ts';
import { type BranchWalk, branchWalk, type Walk, walkOf } from './walk.ts';

/** The parts of a question that decide what has to be read. */
export interface Question extends Period {
  /** True if the answer depends on labels of pull requests. */
  withLabels: boolean;
}

/** Everything known at the beginning of a wave, computed on first use. */
export interface View extends Progress {
  reading: Reading;
  question: Question;
  history: History;
  facts: BranchFacts;
  /** True if the branch was read back to the beginning of the window. */
  isBranchRead: boolean;
  branch: BranchWalk;
  boundaryOf(destination: Destination): Boundary;
  walkOf(destination: Destination): Walk;
  /** The question to the feeds. */
  feedQuestion: FeedContext;
  /** Date of a commit; the end of the window if it is unknown. */
  dateOf(oid: Oid): Date;
}

/** Results of the requests so far. */
export interface Progress {
  /** Per destination, the commits below which the walk from what was live was continued. */
  lookedBelow: ReadonlyMap<Destination, ReadonlySet<Oid>>;
  /** True if a request with this key was made, even if it failed. */
  isAsked(key: string): boolean;
  /** True if a request of this kind failed. */
  isGivenUp(kind: 'branch' | 'page', destination?: Destination): boolean;
  /** True if a destination has no deployment, and none can have been missed. */
  hasNoDeployments(destination: Destination): boolean;
}

export function viewOf(reading: Reading, question: Question, progress: Progress): View {
  const { history } = reading.opened;
  const facts = branchFactsOf(reading);
  const isBranchRead = history.readTo <= question.from;
  const branch = lazily(() => branchWalk(facts));
  const onBranch = lazily(() => branchAt(facts));
  const boundaryOf = perDestination((destination) =>
    boundaryIn(deploymentsOf(reading, destination), goesBackToFirst(destination), question),
  );
  return {
    ...progress,
    reading,
    question,
    history,
    facts,
    isBranchRead,
    get branch() {
      return branch();
    },
    boundaryOf,
    walkOf: perDestination((destination) =>
      walkOf(
        facts,
        branch(),
        boundaryOf(destination),
        { ...question, countDirectPushes: destination.service.countDirectPushes },
        history.dateOf,
      ),
    ),
    feedQuestion: { ...question, isBranchRead, wasOnBranch: (oid, at) => onBranch()(oid, at) },
    dateOf: (oid) => history.dateOf(oid) ?? question.to,
  };
}

function lazily<T>(make: () => T): () => T {
  let cached: { value: T } | null = null;
  return () => {
    cached ??= { value: make() };
    return cached.value;
  };
}

function perDestination<T>(make: (destination: Destination) => T): (destination: Destination) => T {
  const cached = new Map<Destination, T>();
  return (destination) => {
    if (!cached.has(destination)) cached.set(destination, make(destination));
    return cached.get(destination) as T;
  };
}
