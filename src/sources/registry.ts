import type { Service } from '../model/service.ts';
import { deployments } from './deployments.ts';
import { events } from './events/events.ts';
import { gitops } from './gitops/gitops.ts';
import { releases } from './releases.ts';
import type { DeploySource, SourceInput } from './source.ts';
import { tags } from './tags.ts';
import { workflow } from './workflow.ts';

/** All sources, the default first. */
export const SOURCES = [deployments, workflow, releases, tags, events, gitops] as const;

export const SOURCE_KINDS = SOURCES.map((source) => source.kind);

export const SOURCE_INPUTS = {
  ...deployments.inputs,
  ...workflow.inputs,
  ...releases.inputs,
  ...tags.inputs,
  ...events.inputs,
  ...gitops.inputs,
} satisfies Record<string, SourceInput>;

/** @throws {RangeError} for an unknown kind; the inputs are checked before. */
export function sourceOf({ source: { kind } }: Pick<Service, 'source'>): DeploySource {
  const source = SOURCES.find((candidate) => candidate.kind === kind);
  if (!source) throw new RangeError(`no deploy source "${kind}"`);
  // The service's options come from the `parse` of this source.
  return source as DeploySource;
}
