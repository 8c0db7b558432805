import { setImmediate as nextTurn } from 'node:timers/promises';
import { recoverFrom, Unreadable } from '../github/errors.ts';
import type { Repo } from '../github/repo.ts';
import type { Gap, ServiceFacts } from '../model/facts.ts';
import { GuardError } from '../model/guard-error.ts';
import type { Window } from '../model/terms.ts';
import type { Service } from '../model/service.ts';
import { workflowFilesOf } from '../sources/workflow-jobs.ts';
import { reachOf, recalled } from './beyond-window.ts';
import { changedFilesOf } from './changed-files.ts';
import { NEEDS, NEEDS_OF_PAST, LATE_NEEDS } from './all-needs.ts';
import { atGitHubsTime, type Facts, type FactsRequest } from './facts-request.ts';
import { readUntilComplete, type Session, sessionOf, sessionView } from './session.ts';
import { notePromotions } from './needs/promotions.ts';
import { promotedPullRequests } from './needs/pull-requests.ts';
import { nothingDeployed } from './nothing-deployed.ts';
import { open, type Opened, type Shared, sharedBy } from './open.ts';
import { areAllOpened, openDestinations } from './destinations.ts';
import { readersOf } from './readers.ts';
import { branchFactsOf, emptyReading, type Destination, type Reading, repositoryFactsOf } from './reading.ts';
import { withPushOfFirst } from './first-deployment.ts';
import { serviceFactsOf } from './service-facts.ts';
import { unknownsOf, unplacedOf } from './unknowns.ts';

/**
 * Reads what the services' answers need: deployments back to the last success before the window, and commits back to those
 * that this success contains. The history is read once for all services.
 *
 * @param services - at least one, all with the same base branch. If one cannot be measured, the others still are.
 * @throws {GuardError} if the only service cannot be measured, or if something that all services need cannot be read.
 */
export async function readFacts(
  repo: Repo,
  services: readonly Service[],
  requested: FactsRequest,
  before?: Opened,
): Promise<Facts> {
  const opened = before ?? (await open(repo, services, requested));
  const request = atGitHubsTime(requested);
  const { window } = request;
  const { history } = opened.repository;
  const shared = sharedBy(repo, opened, { ...request, until: window.to });
  const [destinations] = await Promise.all([
    openDestinations(services, shared, opened),
    // The branch is read at the same time. If that fails, the loop tries again and reports it.
    ...(areAllOpened(services, opened)
      ? []
      : [history.reachBack(window.from).catch(recoverFrom(Unreadable, () => {}))]),
  ]);
  const reading = emptyReading(
    opened.repository,
    services,
    destinations.flatMap((ofService) => (ofService instanceof GuardError ? [] : ofService)),
  );
  const facts = await read(reading, { services, destinations, shared, window, request }, window);
  for (const [i, ofService] of destinations.entries()) {
    const regions = ofService instanceof GuardError ? [] : ofService.filter(({ isStage }) => !isStage);
    const error = regions.map(({ feed }) => feed.error).find((error) => error instanceof GuardError);
    // Noted in both, because a longer period may be read later.
    if (error) facts.services[i] = destinations[i] = error;
  }
  const [service, ...others] = facts.services;
  if (others.length === 0 && service instanceof GuardError) throw service;
  return facts;
}

interface Run {
  services: readonly Service[];
  destinations: readonly (Destination[] | GuardError)[];
  shared: Shared;
  /** The window of the request. A region without a deployment in it counts as retired. */
  window: Window;
  request: FactsRequest;
}

/** Reads what a window needs and was not read before. */
async function read(reading: Reading, run: Run, window: Window): Promise<Facts> {
  const { shared, request } = run;
  const { asker, withLabels } = request;
  const question = { ...window, runId: asker.runId, withLabels };
  const session = sessionOf(reading, question, readersOf(shared.repo));
  return factsOf(session, run, window, await readUntilComplete(session, NEEDS));
}

/** The facts about a window, after the needs that only show at the end. */
async function factsOf(session: Session, run: Run, window: Window, isComplete: boolean): Promise<Facts> {
  const { reading } = session;
  const { shared, request } = run;
  const unknowns = unknownsOf(sessionView(session), isComplete);
  await nextTurn();
  await readUntilComplete(session, LATE_NEEDS);
  notePromotions(sessionView(session));
  await readUntilComplete(session, [promotedPullRequests]);
  const gaps = [
    ...session.gaps.repository,
    ...reading.gaps,
    ...unknowns,
    ...unplacedOf(reading, window),
    ...withheldFrom(shared.repo),
    ...(reading.opened.isArchived && request.endsNow ? [archived(reading.opened.repository)] : []),
  ];
  /** Copies the commits, because the history grows when a longer period is read. */
  const keepCommits = () => {
    facts.repository.commits = new Map(facts.repository.commits);
  };
  const facts: Facts = {
    ...shared,
    now: request.asker.now,
    window,
    repository: repositoryFactsOf(reading, gaps),
    services: await servicesOf(session, run),
    labels: new Map(reading.labels),
    workflowFiles: () => workflowFilesOf(shared),
    everywhere: async () => (await import('../sources/elsewhere.ts')).newestEverywhere(shared),
    changedFiles: (mergesets, gaps) => changedFilesOf(shared.repo, reading, mergesets, gaps),
    readFurtherBack(from) {
      keepCommits();
      return read(reading, run, { ...window, from });
    },
    reach: (requests) => reachOf(reading, requests, window.to),
    async fromMemory(from) {
      const longer = recalled(session, from, NEEDS_OF_PAST);
      if (longer === null) return null;
      keepCommits();
      return factsOf(longer, run, { ...window, from: longer.question.from }, true);
    },
  };
  return facts;
}

const archived = (repository: string): Gap => ({
  what: `Repository ${repository} is archived, so nothing is merged or deployed any more.`,
  consequence: 'Waiting changes will never go live, so there is no verdict. Remove the check.',
  verdictAtRisk: true,
});

/** Gaps for the entries of lists that GitHub withheld, without those that are known. */
export const withheldFrom = (repo: Repo, known: readonly string[] = [], verdictAtRisk = true): Gap[] =>
  repo
    .withheld()
    .filter((entries) => !known.includes(entries))
    .map((entries) => ({
      what: `GitHub withheld some ${entries}`,
      consequence: verdictAtRisk
        ? 'Changes or deployments may be missing, so there is no verdict.'
        : 'Stages, past weeks and alerts show only what was read.',
      verdictAtRisk,
    }));

function servicesOf(
  session: Session,
  { services, destinations, shared, window }: Run,
): Promise<(ServiceFacts | GuardError)[]> {
  const { reading, question, gaps } = session;
  const { runId } = question;
  const view = sessionView(session);
  const branch = branchFactsOf(reading);
  return Promise.all(
    destinations.map(async (ofService, i) => {
      const service = services[i];
      if (ofService instanceof GuardError || !service) return ofService as GuardError;
      const gapsOf = (destination: Destination) => gaps.destinations.get(destination) ?? [];
      const nothing = await nothingDeployed(shared, service, ofService, view);
      if (nothing) return nothing;
      const facts = await serviceFactsOf(reading, branch.commits, ofService, gapsOf, { window, runId });
      const { countDirectPushes } = service;
      return withPushOfFirst(facts, { ...shared, ...branch, ...question, countDirectPushes });
    }),
  );
}
