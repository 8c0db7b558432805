import { Refused, Unreadable } from '../github/errors.ts';
import { badInput, GuardError, OutOfTime } from '../model/guard-error.ts';
import type { Service } from '../model/service.ts';
import { firstOf } from '../sources/phrases.ts';
import { sourceOf } from '../sources/registry.ts';
import { NothingDeployed } from './nothing-deployed.ts';
import type { Opened, Shared } from './open.ts';
import type { Destination } from './reading.ts';

/**
 * Opens the destinations of every service. If one of several services cannot be measured, the others still are.
 *
 * @throws {GuardError} if the only service cannot be measured, or if the reason concerns all of them.
 */
export function openDestinations(
  services: readonly Service[],
  io: Shared,
  opened: Opened,
): Promise<(Destination[] | GuardError)[]> {
  return Promise.all(
    services.map((service) =>
      destinationsOf(service, io, opened).catch((error: unknown) => {
        if (services.length === 1 || !(error instanceof GuardError) || concernsAll(error)) throw error;
        return error;
      }),
    ),
  );
}

/** True if the first request brought the deployments of all services. */
export const areAllOpened = (services: readonly Service[], opened: Opened): boolean =>
  services.every(
    (service) =>
      service.environments.length === 1 && service.stages.length === 0 && isOpened(service, opened),
  );

const isOpened = (service: Service, opened: Opened): boolean =>
  opened.service !== null && listOf(service) === listOf(opened.service);

/** True if the token, GitHub or the time limit is the cause, and not a service. */
const concernsAll = (error: GuardError): boolean =>
  error instanceof Unreadable || error instanceof Refused || error instanceof OutOfTime;

/** The regions of a service, and the stages before them. */
async function destinationsOf(service: Service, io: Shared, opened: Opened): Promise<Destination[]> {
  const source = sourceOf(service);
  const { options } = service.source;
  const environmentsOf = async (patterns: readonly string[]) =>
    (await source.environmentsOf?.(io, patterns)) ?? [service.environment];
  const [regions, ...stages] = await Promise.all([
    environmentsOf(service.environments),
    ...service.stages.map(async (stage) => stageOf(stage, await environmentsOf([stage]))),
  ]);
  if (regions.length === 0)
    throw new NothingDeployed(await source.explainEmpty(io, service, options), io.baseBranch);
  const openAt = async (environment: string, isStage: boolean): Promise<Destination> => {
    const isService = regions.length === 1 && !isStage && environment === service.environment;
    const at = isService ? service : { ...service, environment, environments: [environment] };
    const answer = isOpened(at, opened) ? opened.repository.answer : null;
    return { service: at, feed: await source.open({ ...io, opened: answer }, at, options), isStage };
  };
  return Promise.all([
    ...regions.map((region) => openAt(region, false)),
    ...stages.map((stage) => openAt(stage, true)),
  ]);
}

/** Identifies the list that a service's deployments are read from. */
function listOf(service: Service): string {
  const { kind, options } = service.source;
  const list = sourceOf(service).listOf?.(service) ?? JSON.stringify([options, service.environment]);
  return `${kind} ${list}`;
}

/** The environment of a stage, or its pattern if no environment matches. */
function stageOf(pattern: string, environments: readonly string[]): string {
  if (environments.length > 1)
    throw badInput(
      'environments',
      pattern,
      `a stage that is one environment; this pattern matches ${firstOf(environments)}`,
    );
  return environments[0] ?? pattern;
}
