import type { History } from '../github/history/history.ts';
import type { FeedQuestion } from '../model/deployment-feed.ts';
import type { Oid } from '../model/facts.ts';
import { type BranchFacts, branchAt } from '../model/mergesets.ts';
import type { Window } from '../model/terms.ts';
import { type Boundary, boundaryOf as settledAt } from './boundary.ts';
import { branchFactsOf, deploymentsOf, goesBackToFirst, type Destination, type Reading } from './reading.ts';
import { type BranchWalk, branchWalk, type Walk, walkOf } from './walk.ts';

/** What is asked, as far as it decides what has to be read. */
export interface Question extends Window {
  runId: number | null;
  /** True if the answer depends on labels of pull requests. */
  withLabels: boolean;
}

/** What is known at the beginning of a wave. Everything here is worked out when it is first looked at. */
export interface View extends Progress {
  reading: Reading;
  question: Question;
  history: History;
  facts: BranchFacts;
  /** True if the branch has been read back to the window's beginning. */
  isBranchRead: boolean;
  branch: BranchWalk;
  boundaryOf(destination: Destination): Boundary;
  walkOf(destination: Destination): Walk;
  /** What a feed is asked. */
  feedQuestion: FeedQuestion;
  /** The commit date of anything that was read or named; the window's end where that is not known. */
  dateOf(oid: Oid): Date;
}

/** What became of the requests of this reading. */
export interface Progress {
  /** Of each destination, the commits below which the walk from what was live has been followed. */
  lookedBelow: ReadonlyMap<Destination, ReadonlySet<Oid>>;
  /** True if a request with this key was made, whatever became of it. */
  isAsked(key: string): boolean;
  /** True if a request of this kind could not be answered. */
  isGivenUp(kind: 'branch' | 'page', destination?: Destination): boolean;
  /** True if nothing was deployed at a destination, as far as that can be told. */
  isSilent(destination: Destination): boolean;
}

export function viewOf(reading: Reading, question: Question, progress: Progress): View {
  const { history } = reading.opened;
  const facts = branchFactsOf(reading);
  const isBranchRead = history.readTo <= question.from;
  const branch = lazily(() => branchWalk(facts));
  const onBranch = lazily(() => branchAt(facts));
  const boundaryOf = perDestination((destination) =>
    settledAt(deploymentsOf(reading, destination), goesBackToFirst(destination), question),
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
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function perDestination<T>(make: (destination: Destination) => T): (destination: Destination) => T {
  const made = new Map<Destination, T>();
  return (destination) => {
    if (!made.has(destination)) made.set(destination, make(destination));
    return made.get(destination) as T;
  };
}
