import type { OptionName } from '../../src/config/options.ts';
import { surroundingsOf } from '../../src/config/surroundings.ts';
import { planOf } from '../../src/config/plan.ts';
import type { Loopback } from '../../src/fake-github/loopback.ts';
import type { World } from '../../src/fake-github/world.ts';
import { connect } from '../../src/github/client.ts';
import { repoOf } from '../../src/github/repo.ts';
import type { RepositoryFacts, ServiceFacts } from '../../src/model/facts.ts';
import { GuardError } from '../../src/model/guard-error.ts';
import { NEEDS, LATE_NEEDS } from '../../src/read/all-needs.ts';
import type { FactsRequest } from '../../src/read/facts-request.ts';
import { readUntilComplete, sessionOf, sessionView } from '../../src/read/session.ts';
import { notePromotions } from '../../src/read/needs/promotions.ts';
import { promotedPullRequests } from '../../src/read/needs/pull-requests.ts';
import { open, sharedBy } from '../../src/read/open.ts';
import { openDestinations } from '../../src/read/destinations.ts';
import { readFacts } from '../../src/read/read.ts';
import { readersOf } from '../../src/read/readers.ts';
import { emptyReading, repositoryFactsOf } from '../../src/read/reading.ts';
import type { Need } from '../../src/read/request.ts';
import { serviceFactsOf } from '../../src/read/service-facts.ts';
import { unknownsOf, unplacedOf } from '../../src/read/unknowns.ts';

/** Reads facts like a run, with the needs in any order. */

export interface ReadQuestion {
  now: string;
  inputs?: Partial<Record<OptionName, string>>;
}

/** The facts of one service. */
export interface ReadFacts {
  repository: RepositoryFacts;
  service: ServiceFacts;
}

function requestOn(github: Loopback, world: World, { now, inputs }: ReadQuestion) {
  const { apiUrl, graphqlUrl } = github;
  const surroundings = surroundingsOf({
    now: new Date(now),
    repository: `${world.owner}/${world.name}`,
    apiUrl,
    graphqlUrl,
  });
  const { settings, services } = planOf({ 'github-token': 'test-token', ...inputs }, surroundings);
  const { window, endsNow } = settings;
  const client = connect({ token: settings.token, apiUrl, graphqlUrl, pace: 0 });
  const repo = repoOf(client, { owner: settings.owner, name: settings.repo });
  const request: FactsRequest = {
    window,
    endsNow,
    asker: { now: new Date(now), runId: null, job: null, action: null },
    outside: { workspace: '.', proxied: false },
    withLabels: false,
    clock: client.clock,
  };
  return { repo, units: services, request };
}

/** The facts that `readFacts` reads. */
export async function readFactsLikeRun(
  github: Loopback,
  world: World,
  question: ReadQuestion,
): Promise<ReadFacts> {
  const { repo, units, request } = requestOn(github, world, question);
  const { repository, services } = await readFacts(repo, units, request);
  return { repository, service: orThrow(services[0]) };
}

/** The same facts, with the needs in the order of `ordered`. */
export async function factsInOrder(
  github: Loopback,
  world: World,
  question: ReadQuestion,
  ordered: (needs: readonly Need[]) => Need[],
): Promise<ReadFacts> {
  const { repo, units: services, request } = requestOn(github, world, question);
  const { window } = request;
  const opened = await open(repo, services, request);
  const shared = sharedBy(repo, opened, { ...request, until: window.to });
  const destinations = orThrow((await openDestinations(services, shared, opened))[0]);
  const reading = emptyReading(opened.repository, services, destinations);
  const session = sessionOf(reading, { ...window, runId: null, withLabels: false }, readersOf(repo));
  const isComplete = await readUntilComplete(session, ordered(NEEDS));
  const unknowns = unknownsOf(sessionView(session), isComplete);
  await readUntilComplete(session, ordered(LATE_NEEDS));
  notePromotions(sessionView(session));
  await readUntilComplete(session, [promotedPullRequests]);
  const { gaps } = session;
  return {
    repository: repositoryFactsOf(reading, [
      ...gaps.repository,
      ...reading.gaps,
      ...unknowns,
      ...unplacedOf(reading, window),
    ]),
    service: await serviceFactsOf(
      reading,
      reading.opened.history.commits,
      destinations,
      (destination) => gaps.destinations.get(destination) ?? [],
      { window, runId: null },
    ),
  };
}

function orThrow<T>(result: T | GuardError | undefined): T {
  if (result === undefined || result instanceof GuardError) throw result ?? new Error('no service');
  return result;
}
