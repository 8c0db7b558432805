import { Unreadable } from '../github/errors.ts';
import type { Repo } from '../github/repo.ts';
import type { ServiceFacts } from '../model/facts.ts';
import { GuardError } from '../model/guard-error.ts';
import type { Window } from '../model/terms.ts';
import type { Service } from '../model/service.ts';
import { workflowFilesOf } from '../sources/workflow-jobs.ts';
import { reachOf, recalled } from './back.ts';
import { changedFilesOf } from './changed-files.ts';
import { NEEDS, NEEDS_OF_MEMORY, NEEDS_OF_WHAT_IS_KNOWN } from './every-need.ts';
import { atGitHubsTime, type Facts, type FactsRequest } from './facts-request.ts';
import { readUntilComplete, type Session, sessionOf, sessionView } from './loop.ts';
import { notePromotions } from './needs/promotions.ts';
import { promotedPullRequests } from './needs/pull-requests-need.ts';
import { nothingDeployed } from './nothing-deployed.ts';
import { open, type Opened, type Shared, sharedBy } from './open.ts';
import { isAllAlong, openDestinations } from './destinations.ts';
import { readersOf } from './readers.ts';
import { branchFactsOf, nothingRead, type Destination, type Reading, repositoryFactsOf } from './reading.ts';
import { serviceFactsOf } from './service-facts.ts';
import { unknownsOf, unplacedOf } from './unknowns.ts';

/** Reads what the answers of some services need and nothing else: the history once for all, each one's deployments. */

/**
 * Deployments back to the last success before the window, and commits back to what that success contains.
 *
 * @param services - of one base branch; at least one. Where there are several, one that cannot be told keeps no other from it.
 * @throws {GuardError} where something could not be read, or where an input names what is not there.
 */
export async function readFacts(
  repo: Repo,
  services: readonly Service[],
  asking: FactsRequest,
  before?: Opened,
): Promise<Facts> {
  const opened = before ?? (await open(repo, services, asking));
  const request = atGitHubsTime(asking);
  const { window } = request;
  const { history } = opened.repository;
  const shared = sharedBy(repo, opened, { ...request, until: window.to });
  const [destinations] = await Promise.all([
    openDestinations(services, shared, opened),
    // While deployments are asked for, so is the branch; that it fails is told by the loop.
    ...(isAllAlong(services, opened) ? [] : [history.reachBack(window.from).catch(unreadable)]),
  ]);
  const known = destinations.flatMap((destination) => (destination instanceof GuardError ? [] : destination));
  const reading = nothingRead(opened.repository, services, known);
  const facts = await read(reading, { services, destinations, shared, near: window, request }, window);
  const [only, ...others] = facts.services;
  if (others.length === 0 && only instanceof GuardError) throw only;
  return facts;
}

function unreadable(error: unknown): void {
  if (!(error instanceof Unreadable)) throw error;
}

interface Run {
  services: readonly Service[];
  destinations: readonly (Destination[] | GuardError)[];
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
    reach: (requests) => reachOf(reading, requests, window.to),
    async recall(from) {
      const known = recalled(session, from, NEEDS_OF_MEMORY);
      if (known === null) return null;
      facts.repository.commits = new Map(facts.repository.commits);
      return factsOf(known, run, { ...window, from: known.question.from }, true);
    },
  };
  return facts;
}

function servicesOf(
  session: Session,
  { services, destinations, shared, near, request }: Run,
): Promise<(ServiceFacts | GuardError)[]> {
  const { reading, gaps } = session;
  const view = sessionView(session);
  const { commits } = branchFactsOf(reading);
  return Promise.all(
    destinations.map(async (own, i) => {
      const service = services[i];
      if (own instanceof GuardError || !service) return own as GuardError;
      const nothing = await nothingDeployed(shared.io, service, own, view);
      const question = { window: near, runId: request.asker.runId };
      return (
        nothing ??
        serviceFactsOf(
          reading,
          commits,
          own,
          (destination) => gaps.destinations.get(destination) ?? [],
          question,
        )
      );
    }),
  );
}
