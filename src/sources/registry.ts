import type { Service } from '../model/service.ts';
import { deployments } from './deployments.ts';
import { events } from './events/events.ts';
import { gitops } from './gitops/gitops.ts';
import { releases } from './releases.ts';
import type { DeploySource, SourceInput } from './source.ts';
import { tags } from './tags.ts';
import { workflow } from './workflow.ts';

/** Every source there is, the default first. To add one, write its file and name it here. */
export const SOURCES = [deployments, workflow, releases, tags, events, gitops] as const;

export const SOURCE_KINDS = SOURCES.map((each) => each.kind);

/** The inputs that belong to sources, for the table of all inputs. */
export const SOURCE_INPUTS = {
  ...deployments.inputs,
  ...workflow.inputs,
  ...releases.inputs,
  ...tags.inputs,
  ...events.inputs,
  ...gitops.inputs,
} satisfies Record<string, SourceInput>;

/** @throws {RangeError} for a kind that no input could have brought. */
export function sourceOf({ source }: Pick<Service, 'source'>): DeploySource {
  const found = SOURCES.find((each) => each.kind === source.kind);
  if (!found) throw new RangeError(`no deploy source "${source.kind}"`);
  // Its options were made by its own `parse`, where the unit was.
  return found as DeploySource;
}
