import { GuardError } from '../model/guard-error.ts';
import type { Service } from '../model/service.ts';
import { sourceOf } from '../sources/registry.ts';
import type { SourceIO } from '../sources/source.ts';
import type { Destination } from './reading.ts';
import type { View } from './view.ts';

/** There is no deployment to measure yet. The message says what to set up. */
export class NothingDeployed extends GuardError {
  constructor(
    message: string,
    /** The branch whose changes would be measured. */
    readonly baseBranch: string,
  ) {
    super(message);
  }
}

/** The error of a service without deployments; `null` if it has some. */
export async function nothingDeployed(
  io: Pick<SourceIO, 'repo' | 'outside' | 'once' | 'baseBranch'>,
  service: Service,
  destinations: readonly Destination[],
  { hasNoDeployments }: Pick<View, 'hasNoDeployments'>,
): Promise<NothingDeployed | null> {
  const regions = destinations.filter((destination) => !destination.isStage);
  if (io.repo.withheld().length > 0 || !regions.every(hasNoDeployments)) return null;
  const [region, ...others] = regions;
  const subject = region && others.length === 0 ? region.service : service;
  return new NothingDeployed(
    await sourceOf(service).explainEmpty(io, subject, service.source.options),
    io.baseBranch,
  );
}
