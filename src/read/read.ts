import { max } from 'date-fns';
import { PAGE } from '../github/paging.ts';
import type { Repo } from '../github/repo.ts';
import { Unreadable } from '../github/errors.ts';
import type { Asker } from '../model/asker.ts';
import type { RepositoryFacts, UnitFacts } from '../model/facts.ts';
import { GuardError } from '../model/guard-error.ts';
import type { Oid } from '../model/facts.ts';
import type { Window } from '../model/terms.ts';
import type { Unit } from '../model/unit.ts';
import type { Outside } from '../sources/source.ts';
import { workflowFilesOf } from '../sources/workflow-jobs.ts';
import { isComplete, readUntilComplete, type Session, sessionOf, sessionView } from './loop.ts';
import { branch } from './needs/branch.ts';
import { branchNames, headlines } from './needs/branchNames.ts';
import { changedPaths, labels } from './needs/changes.ts';
import { deployments } from './needs/deployments.ts';
import { identity } from './needs/identity.ts';
import { liveEdge } from './needs/liveEdge.ts';
import { namedCommits } from './needs/namedCommits.ts';
import { oldParents } from './needs/oldParents.ts';
import { notePromotions, promotions } from './needs/promotions.ts';
import { promotedPullRequests, pullRequests, pullRequestsInCommon } from './needs/pullRequests.ts';
import { type ChangedFiles, changedFilesOf } from './changed-files.ts';
import { nothingDeployed } from './nothing-deployed.ts';
import { isAllAlong, open, type Opened, openPlaces, type Shared, sharedBy } from './open.ts';
import { readersOf } from './readers.ts';
import { branchFactsOf, type Place, type Reading, repositoryFactsOf } from './reading.ts';
import { serviceFactsOf } from './service-facts.ts';
import { unknownsOf, unplacedOf } from './unknowns.ts';

/** Reads what the answers of some services need and nothing else: the history once for all, each one's deployments. */

export interface FactsRequest {
  window: Window;
  /** Whether the window ends now; a question about the past can leave later commits out. */
  live: boolean;
  asker: Asker;
  outside: Outside;
  /** Whether the answer depends on labels of pull requests. */
  withLabels: boolean;
  /** What time it is at GitHub, by its latest answer; `null`: there was none. */
  clock(): Date | null;
}

/** What was read of a window. */
export interface Facts extends Pick<Shared, 'repo' | 'runs' | 'commitRuns'> {
  /** Now: the later of the runner's clock and GitHub's, as what GitHub tells of is not in the future. */
  now: Date;
  /** The window that was asked about, up to that moment where it ends now. */
  window: Window;
  repository: RepositoryFacts;
  /** In the order of the services; of one that cannot be told, why. */
  services: (UnitFacts | GuardError)[];
  /** Labels of pull requests, by the commit that merged them. */
  labels: ReadonlyMap<Oid, readonly string[]>;
  /** The files that changes changed, by the commit that merged them; `null`: not all of a change's are known. */
  changedFiles: ChangedFiles;
  /** The workflow files of the base branch. */
  workflowFiles(): Promise<{ name: string; text: string }[]>;
  /**
   * Reads the same of a longer time. What was told before stays as it is, so that what is lacking there puts nothing of
   * it at risk.
   *
   * @param from - an instant before the window's beginning.
   */
  deepen(from: Date): Promise<Facts>;
  /**
   * What is known of a longer time without asking for more: back to `from`, or as far as the reading went beyond the
   * window by itself. `null`: no further than the window.
   */
  recall(from: Date): Promise<Facts | null>;
  /** About how far back so many more pages of deployments and of commits lead. */
  reach(pages: number): Date;
}

/** What an answer stands on. The order means nothing: all that they ask for in a wave is asked for side by side. */
const NEEDS = [
  branch,
  deployments,
  identity,
  branchNames,
  headlines,
  namedCommits,
  oldParents,
  pullRequests,
  liveEdge,
  changedPaths,
  labels,
];
/** What memory stands on. A deployment that does not say what it is counts as it stands. */
const NEEDS_OF_MEMORY = NEEDS.filter((need) => need !== identity);
/** What makes it clearer, once all of that is known. */
const NEEDS_OF_WHAT_IS_KNOWN = [pullRequestsInCommon, promotions];

/**
 * Deployments back to the last success before the window, and commits back to what that success contains.
 *
 * @param services - of one base branch; at least one. Where there are several, one that cannot be told keeps no other from it.
 * @throws {GuardError} where something could not be read, or where an input names what is not there.
 */
export async function readFacts(
  repo: Repo,
  services: readonly Unit[],
  asking: FactsRequest,
  before?: Opened,
): Promise<Facts> {
  const opened = before ?? (await open(repo, services, asking));
  const request = atGitHubsTime(asking);
  const { window } = request;
  const { history } = opened.repository;
  const shared = sharedBy(repo, opened, { ...request, until: window.to });
  const [places] = await Promise.all([
    openPlaces(services, shared, opened),
    // While deployments are asked for, so is the branch; that it fails is told by the loop.
    ...(isAllAlong(services, opened) ? [] : [history.reachBack(window.from).catch(unreadable)]),
  ]);
  const reading: Reading = {
    opened: opened.repository,
    services,
    places: places.flatMap((each) => (each instanceof GuardError ? [] : each)),
    formerNames: [],
    named: new Map(),
    gone: new Set(),
    paths: null,
    changedFiles: new Map(),
    labels: new Map(),
    gaps: [],
    answered: new Set(),
  };
  const facts = await read(reading, { services, places, shared, near: window, request }, window);
  const [only, ...others] = facts.services;
  if (others.length === 0 && only instanceof GuardError) throw only;
  return facts;
}

function unreadable(error: unknown): void {
  if (!(error instanceof Unreadable)) throw error;
}

interface Run {
  services: readonly Unit[];
  places: readonly (Place[] | GuardError)[];
  shared: Shared;
  /** The window that was asked about first: in it a region has to have been deployed to. */
  near: Window;
  request: FactsRequest;
}

/** Reads what a window needs, and nothing that was read before. */
async function read(reading: Reading, run: Run, window: Window): Promise<Facts> {
  const { shared, request } = run;
  const { runId } = request.asker;
  const question = { ...window, runId, withLabels: request.withLabels };
  const session = sessionOf(reading, question, readersOf(shared.repo));
  const isWhole = await readUntilComplete(session, NEEDS);
  return factsOf(session, run, window, isWhole);
}

/** The facts of a window, with what makes them clearer. */
async function factsOf(session: Session, run: Run, window: Window, isWhole: boolean): Promise<Facts> {
  const { reading } = session;
  const { shared, request } = run;
  const unknowns = unknownsOf(sessionView(session), isWhole);
  await readUntilComplete(session, NEEDS_OF_WHAT_IS_KNOWN);
  notePromotions(sessionView(session));
  await readUntilComplete(session, [promotedPullRequests]);
  const gaps = [...session.gaps.repository, ...reading.gaps, ...unknowns, ...unplacedOf(reading, window)];
  const facts: Facts = {
    ...shared,
    now: request.asker.now,
    window,
    repository: repositoryFactsOf(reading, gaps),
    services: await servicesOf(session, run),
    labels: new Map(reading.labels),
    workflowFiles: () => workflowFilesOf(shared.io),
    changedFiles: (mergesets, lacks) => changedFilesOf(shared.repo, reading, mergesets, lacks),
    deepen(from) {
      // The history goes on growing; this keeps what it was.
      facts.repository.commits = new Map(facts.repository.commits);
      return read(reading, run, { ...window, from });
    },
    reach: (pages) => reachOf(reading, pages, window.to),
    async recall(from) {
      const known = recalled(session, from);
      if (known === null) return null;
      facts.repository.commits = new Map(facts.repository.commits);
      return factsOf(known, run, { ...window, from: known.question.from }, true);
    },
  };
  return facts;
}

function reachOf({ opened: { history }, places }: Reading, more: number, to: Date): Date {
  const byCommits = history.readTo.getTime() - more * history.pace * PAGE;
  const byDeployments = places.map(({ feed: { complete, pages = 1, readTo: read } }) =>
    complete ? 0 : read.getTime() - (more * (to.getTime() - read.getTime())) / Math.max(1, pages),
  );
  return new Date(Math.max(0, byCommits, ...byDeployments));
}

/** Beginnings that are tried between the window's and the oldest that was read. */
const TRIES = 3;

/** A session of a longer time that needs nothing more: of the longest there is, back to `from` at most. */
function recalled({ reading, question, readers }: Session, from: Date): Session | null {
  const oldest = max([
    from,
    reading.opened.history.readTo,
    ...reading.places.map(({ feed }) => readTo(feed)),
  ]);
  const step = Math.max(0, question.from.getTime() - oldest.getTime()) / TRIES;
  const begins = Array.from({ length: TRIES }, (_, tries) => new Date(oldest.getTime() + tries * step));
  for (const begin of begins.filter((each) => each < question.from || each >= from)) {
    const session = sessionOf(reading, { ...question, from: begin }, readers);
    if (isComplete(session, NEEDS_OF_MEMORY)) return session;
  }
  return null;
}

const readTo = ({ complete, readTo: read }: Place['feed']): Date => (complete ? new Date(0) : read);

function servicesOf(
  session: Session,
  { services, places, shared, near, request }: Run,
): Promise<(UnitFacts | GuardError)[]> {
  const { reading, gaps } = session;
  const view = sessionView(session);
  const { commits } = branchFactsOf(reading);
  return Promise.all(
    places.map(async (own, i) => {
      const service = services[i];
      if (own instanceof GuardError || !service) return own as GuardError;
      const nothing = await nothingDeployed(shared.io, service, own, view);
      const question = { window: near, runId: request.asker.runId };
      return (
        nothing ?? serviceFactsOf(reading, commits, own, (place) => gaps.places.get(place) ?? [], question)
      );
    }),
  );
}

/** The same question, by GitHub's clock where the runner's is behind it. */
function atGitHubsTime(request: FactsRequest): FactsRequest {
  const { asker, clock, live, window } = request;
  const now = max([asker.now, clock() ?? asker.now]);
  const late = now.getTime() - asker.now.getTime();
  const moved = (date: Date) => new Date(date.getTime() + late);
  return {
    ...request,
    asker: { ...asker, now },
    window: live ? { from: moved(window.from), to: moved(window.to) } : window,
  };
}
