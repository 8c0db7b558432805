import { commitRunsOf, type CommitRuns } from '../github/actions/suites.ts';
import { runListsOf, type RunLists } from '../github/actions/runs.ts';
import { Refused, Unreadable } from '../github/errors.ts';
import { type OpenedRepository, openRepository } from '../github/history/opening.ts';
import { onceEach } from '../github/once.ts';
import type { Repo } from '../github/repo.ts';
import type { Asker } from '../model/asker.ts';
import { badInput, GuardError, oneLine, OutOfTime } from '../model/guard-error.ts';
import type { Window } from '../model/terms.ts';
import type { Unit } from '../model/unit.ts';
import { sourceOf } from '../sources/registry.ts';
import type { Outside, SourceIO } from '../sources/source.ts';
import { NothingDeployed } from './nothing-deployed.ts';
import type { Place } from './reading.ts';

/** The repository as the first request brought it. */
export interface Opened {
  repository: OpenedRepository;
  /** The service whose deployments came along; `null`: none did. */
  service: Unit | null;
  /** Commits that are younger were left out; `null`: none were. */
  until: Date | null;
}

interface Asked {
  window: Window;
  /** Whether the window ends now. A question about the past can leave later commits out. */
  live: boolean;
}

/**
 * Opens the repository along with the deployments of one service, and the configuration file where one is asked for.
 *
 * @param before - what was opened for other services: where it serves these too, nothing is asked again.
 */
export async function open(
  repo: Repo,
  services: readonly Unit[],
  { live, window }: Asked,
  { file = null, before }: { file?: string | null; before?: Opened } = {},
): Promise<Opened> {
  const baseBranch = services[0]?.baseBranch ?? null;
  // The branch's own line has to be told from its tip on where direct pushes are counted.
  const until = live || services.some((each) => each.countDirectPushes) ? null : window.to;
  const isSame =
    before !== undefined &&
    (baseBranch === null ? before.repository.isDefaultBranch : baseBranch === before.repository.baseBranch) &&
    (before.until?.getTime() ?? null) === (until?.getTime() ?? null);
  if (isSame) return before;
  const service = services.find((each) => sourceOf(each).opening(each, each.source.options) !== null) ?? null;
  const part = service && sourceOf(service).opening(service, service.source.options);
  return { repository: await openRepository(repo, baseBranch, until, part, file), service, until };
}

/** What several readers share in a run: each list and each run is read once. */
export interface Shared {
  repo: Repo;
  outside: Outside;
  runs: RunLists;
  commitRuns: CommitRuns;
  io: Omit<SourceIO, 'opened'>;
}

export function sharedBy(
  repo: Repo,
  { repository }: Opened,
  { asker, outside, until }: { asker: Asker; outside: Outside; until: Date },
): Shared {
  const runs = runListsOf(repo, until);
  const commitRuns = commitRunsOf(repo);
  const { baseBranch, history } = repository;
  const once = onceEach();
  return {
    repo,
    outside,
    runs,
    commitRuns,
    io: { repo, outside, once, runs, commitRuns, baseBranch, until, asker, history },
  };
}

/**
 * The places of each service. Where there are several services, one that cannot be told keeps no other from it.
 *
 * @throws {GuardError} where the only service cannot be told, or where the reason concerns all of them.
 */
export function openPlaces(
  services: readonly Unit[],
  { io }: Shared,
  opened: Opened,
): Promise<(Place[] | GuardError)[]> {
  return Promise.all(
    services.map((service) =>
      placesOf(service, io, opened).catch((error: unknown) => {
        if (services.length === 1 || !(error instanceof GuardError) || isOfAll(error)) throw error;
        return error;
      }),
    ),
  );
}

/** Whether the deployments of all services came along with the repository. */
export const isAllAlong = (services: readonly Unit[], opened: Opened): boolean =>
  services.every(
    (service) => service.environments.length === 1 && service.stages.length === 0 && isAlong(service, opened),
  );

const isAlong = (service: Unit, opened: Opened): boolean =>
  opened.service !== null && listOf(service) === listOf(opened.service);

/** Whether an error is of the token, of GitHub or of the time, and not of one service. */
const isOfAll = (error: GuardError): boolean =>
  error instanceof Unreadable || error instanceof Refused || error instanceof OutOfTime;

/** Each region of what is judged, and each stage before it. */
async function placesOf(service: Unit, io: Shared['io'], opened: Opened): Promise<Place[]> {
  const source = sourceOf(service);
  const { options } = service.source;
  const named = async (patterns: readonly string[]) =>
    (await source.environmentsOf?.(io, patterns)) ?? [service.environment];
  const [regions, ...stages] = await Promise.all([
    named(service.environments),
    ...service.stages.map(async (stage) => onlyOf(stage, await named([stage]))),
  ]);
  if (regions.length === 0)
    throw new NothingDeployed(await source.explainEmpty(io, service, options), io.baseBranch);
  const at = (environment: string, isStage: boolean) =>
    regions.length === 1 && !isStage && environment === service.environment
      ? service
      : { ...service, environment, environments: [environment] };
  return Promise.all(
    [
      ...regions.map((name) => ({ name, isStage: false })),
      ...stages.map((name) => ({ name, isStage: true })),
    ].map(async ({ name, isStage }): Promise<Place> => {
      const there = at(name, isStage);
      const feed = await source.open(
        { ...io, opened: isAlong(there, opened) ? opened.repository.answer : null },
        there,
        options,
      );
      return { service: there, feed, isStage };
    }),
  );
}

/** Names the list that a service's deployments are read from. */
function listOf(service: Unit): string {
  const { kind, options } = service.source;
  const list = sourceOf(service).listOf?.(service) ?? JSON.stringify([options, service.environment]);
  return `${kind} ${list}`;
}

/** The one environment of a stage; its pattern where there is none. */
function onlyOf(pattern: string, found: readonly string[]): string {
  if (found.length > 1)
    throw badInput(
      'environments',
      pattern,
      `a stage of one environment; this one is of ${found.map((each) => oneLine(each, 60)).join(', ')}`,
    );
  return found[0] ?? pattern;
}
