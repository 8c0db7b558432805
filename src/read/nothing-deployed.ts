import { GuardError } from '../model/guard-error.ts';
import type { Service } from '../model/service.ts';
import { sourceOf } from '../sources/registry.ts';
import type { SourceIO } from '../sources/source.ts';
import type { Destination } from './reading.ts';
import type { View } from './view.ts';

/** There is nothing to measure yet, and this is what to set up. */
export class NothingDeployed extends GuardError {
  constructor(
    message: string,
    /** The branch whose merges were asked about. */
    readonly baseBranch: string,
  ) {
    super(message);
  }
}

/** Why a service has nothing to tell of; `null`: it has. */
export async function nothingDeployed(
  io: Pick<SourceIO, 'repo' | 'outside' | 'once' | 'baseBranch'>,
  service: Service,
  destinations: readonly Destination[],
  { isSilent }: Pick<View, 'isSilent'>,
): Promise<NothingDeployed | null> {
  const judged = destinations.filter((destination) => !destination.isStage);
  if (!judged.every(isSilent)) return null;
  const one = judged.length === 1 ? (judged[0]?.service ?? service) : service;
  return new NothingDeployed(
    await sourceOf(service).explainEmpty(io, one, service.source.options),
    io.baseBranch,
  );
}
