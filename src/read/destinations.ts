import { Refused, Unreadable } from '../github/errors.ts';
import { badInput, GuardError, oneLine, OutOfTime } from '../model/guard-error.ts';
import type { Service } from '../model/service.ts';
import { sourceOf } from '../sources/registry.ts';
import { NothingDeployed } from './nothing-deployed.ts';
import type { Opened, Shared } from './open.ts';
import type { Destination } from './reading.ts';

/**
 * The destinations of each service. Where there are several services, one that cannot be told keeps no other from it.
 *
 * @throws {GuardError} where the only service cannot be told, or where the reason concerns all of them.
 */
export function openDestinations(
  services: readonly Service[],
  { io }: Shared,
  opened: Opened,
): Promise<(Destination[] | GuardError)[]> {
  return Promise.all(
    services.map((service) =>
      destinationsOf(service, io, opened).catch((error: unknown) => {
        if (services.length === 1 || !(error instanceof GuardError) || isOfAll(error)) throw error;
        return error;
      }),
    ),
  );
}

/** True if the deployments of all services came along with the repository. */
export const isAllAlong = (services: readonly Service[], opened: Opened): boolean =>
  services.every(
    (service) => service.environments.length === 1 && service.stages.length === 0 && isAlong(service, opened),
  );

const isAlong = (service: Service, opened: Opened): boolean =>
  opened.service !== null && listOf(service) === listOf(opened.service);

/** True if an error is of the token, of GitHub or of the time, and not of one service. */
const isOfAll = (error: GuardError): boolean =>
  error instanceof Unreadable || error instanceof Refused || error instanceof OutOfTime;

/** Each region of what is judged, and each stage before it. */
async function destinationsOf(service: Service, io: Shared['io'], opened: Opened): Promise<Destination[]> {
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
    ].map(async ({ name, isStage }): Promise<Destination> => {
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
function listOf(service: Service): string {
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
