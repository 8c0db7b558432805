import type { InputName } from '../../src/config/inputs.ts';
import { surroundingsOf } from '../../src/config/surroundings.ts';
import { planOf } from '../../src/config/units.ts';
import type { Loopback } from '../../src/fake-github/loopback.ts';
import type { World } from '../../src/fake-github/world.ts';
import { connect } from '../../src/github/client.ts';
import { repoOf } from '../../src/github/repo.ts';
import type { RepositoryFacts, UnitFacts } from '../../src/model/facts.ts';
import { GuardError } from '../../src/model/guard-error.ts';
import { readUntilComplete, sessionOf, sessionView } from '../../src/read/loop.ts';
import { branch } from '../../src/read/needs/branch.ts';
import { branchNames, headlines } from '../../src/read/needs/branchNames.ts';
import { changedPaths, labels } from '../../src/read/needs/changes.ts';
import { deployments } from '../../src/read/needs/deployments.ts';
import { identity } from '../../src/read/needs/identity.ts';
import { liveEdge } from '../../src/read/needs/liveEdge.ts';
import { namedCommits } from '../../src/read/needs/namedCommits.ts';
import { oldParents } from '../../src/read/needs/oldParents.ts';
import { notePromotions, promotions } from '../../src/read/needs/promotions.ts';
import {
  promotedPullRequests,
  pullRequests,
  pullRequestsInCommon,
} from '../../src/read/needs/pullRequests.ts';
import { open, sharedBy } from '../../src/read/open.ts';
import { openPlaces } from '../../src/read/places.ts';
import type { FactsRequest } from '../../src/read/facts-request.ts';
import { readFacts } from '../../src/read/read.ts';
import { readersOf } from '../../src/read/readers.ts';
import { type Reading, repositoryFactsOf } from '../../src/read/reading.ts';
import type { Need } from '../../src/read/request.ts';
import { serviceFactsOf } from '../../src/read/service-facts.ts';
import { unknownsOf, unplacedOf } from '../../src/read/unknowns.ts';

/** Reads facts as a run does, with the needs in an order that a test chooses. */

export interface ReadQuestion {
  now: string;
  inputs?: Partial<Record<InputName, string>>;
}

/** The facts of one service, without what asks for more. */
export interface ReadFacts {
  repository: RepositoryFacts;
  service: UnitFacts;
}

/** The needs of a run. {@link factsByRun} tells whether they are all. */
export const NEEDS: readonly Need[] = [
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

function requestOn(github: Loopback, world: World, { now, inputs }: ReadQuestion) {
  const { apiUrl, graphqlUrl } = github;
  const surroundings = surroundingsOf({
    now: new Date(now),
    repository: `${world.owner}/${world.name}`,
    apiUrl,
    graphqlUrl,
  });
  const { settings, units } = planOf({ 'github-token': 'test-token', ...inputs }, surroundings);
  const { window, live } = settings;
  const client = connect({ token: settings.token, apiUrl, graphqlUrl, pace: 0 });
  const repo = repoOf(client, { owner: settings.owner, name: settings.repo });
  const request: FactsRequest = {
    window,
    live,
    asker: { now: new Date(now), runId: null, job: null, action: null },
    outside: { workspace: '.', proxied: false },
    withLabels: false,
    clock: client.clock,
  };
  return { repo, units, request };
}

/** Facts as `readFacts` reads them. */
export async function factsByRun(github: Loopback, world: World, question: ReadQuestion): Promise<ReadFacts> {
  const { repo, units, request } = requestOn(github, world, question);
  const { repository, services } = await readFacts(repo, units, request);
  return { repository, service: known(services[0]) };
}

/** The same facts by {@link NEEDS} in the order that `ordered` puts them in. */
export async function factsInOrder(
  github: Loopback,
  world: World,
  question: ReadQuestion,
  ordered: (needs: readonly Need[]) => Need[],
): Promise<ReadFacts> {
  const { repo, units, request } = requestOn(github, world, question);
  const { window } = request;
  const opened = await open(repo, units, request);
  const shared = sharedBy(repo, opened, { ...request, until: window.to });
  const places = known((await openPlaces(units, shared, opened))[0]);
  const reading: Reading = {
    opened: opened.repository,
    services: units,
    places,
    formerNames: [],
    named: new Map(),
    gone: new Set(),
    paths: null,
    changedFiles: new Map(),
    labels: new Map(),
    gaps: [],
    answered: new Set(),
  };
  const session = sessionOf(reading, { ...window, runId: null, withLabels: false }, readersOf(repo));
  const isComplete = await readUntilComplete(session, ordered(NEEDS));
  const unknowns = unknownsOf(sessionView(session), isComplete);
  await readUntilComplete(session, ordered([pullRequestsInCommon, promotions]));
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
    service: serviceFactsOf(
      reading,
      reading.opened.history.commits,
      places,
      (place) => gaps.places.get(place) ?? [],
      { window, runId: null },
    ),
  };
}

function known<T>(found: T | GuardError | undefined): T {
  if (found === undefined || found instanceof GuardError) throw found ?? new Error('no service');
  return found;
}
