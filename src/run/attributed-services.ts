import { setImmediate as nextTurn } from 'node:timers/promises';
import type { attribute, Attribution, AttributionOptions } from '../measure/attribution.ts';
import { type Measurement, measureIn, type Question } from '../measure/measure.ts';
import type { MeasuredMergeset } from '../measure/measured.ts';
import { labelPatternsIn, type Split, splitsOf } from '../measure/splits.ts';
import type { PromotionStage } from '../measure/promotion-path.ts';
import { labelsIn, exclusionReason } from '../model/authors.ts';
import { concernCheck, missingPaths } from '../model/concerns.ts';
import type { RepositoryFacts, ServiceFacts } from '../model/facts.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Mergeset } from '../model/mergesets.ts';
import type { Window } from '../model/terms.ts';
import type { Service } from '../model/service.ts';
import type { Facts } from '../read/facts-request.ts';
import { pathRuleOf } from './path-rules.ts';

/** A service with the deployment of each change. Any of its windows can be measured from this. */
export interface AttributedService {
  service: Service;
  facts: ServiceFacts;
  attribution: Attribution;
  stages: PromotionStage[];
  window: Window;
  labelsOf(mergeset: Mergeset): readonly string[];
}

/** Options for attributing changes to deployments, the same for all services. */
export interface AttributionInput {
  services: readonly Service[];
  runId: number | null;
  splits: readonly string[];
  freezes: readonly { from: Date; to: Date }[];
  attribute: typeof attribute;
}

/** Whether a setting depends on the labels of pull requests. */
export const needsLabels = ({ services, splits }: Pick<AttributionInput, 'services' | 'splits'>): boolean =>
  labelPatternsIn(splits).length > 0 || services.some((service) => labelsIn(service.authors).length > 0);

/** Attributes changes to the deployments of each service. Leaves out services whose deployments could not be read. */
export async function attributeServices(
  { services, runId, attribute }: AttributionInput,
  facts: Facts,
): Promise<AttributedService[]> {
  const { repository, window } = facts;
  const attributedServices: AttributedService[] = [];
  for (const [i, service] of services.entries()) {
    const read = facts.services[i];
    if (read === undefined || read instanceof GuardError) continue;
    await nextTurn();
    const serviceFacts = withMissingPaths(read, service, repository);
    const options: AttributionOptions = {
      asOf: window.to,
      runId,
      countDirectPushes: service.countDirectPushes,
      belongsToService: await concernsFor(service, repository),
    };
    attributedServices.push({
      service,
      facts: serviceFacts,
      attribution: attribute(repository, serviceFacts, options),
      stages: (serviceFacts.stages ?? []).map((stage) => ({
        name: stage.name,
        attribution: attribute(repository, stage, options),
      })),
      window,
      labelsOf: ({ mergeCommit }) => facts.labels.get(mergeCommit) ?? [],
    });
  }
  return attributedServices;
}

/** @param question - what differs from the window and the settings of the service. */
export const measured = (
  { service, attribution, window, labelsOf }: AttributedService,
  { freezes }: Pick<AttributionInput, 'freezes'>,
  question: Partial<Question> = {},
): Measurement =>
  measureIn(attribution, {
    window,
    maxBatch: service.policy.maxBatch,
    excludedBecause: (mergeset) =>
      exclusionReason(service.authors, { ...mergeset, labels: labelsOf(mergeset) }),
    freezes,
    ...question,
  });

/** Lead time by the groups of option `splits`. */
export const splitsIn = (
  mergesets: readonly MeasuredMergeset[],
  { splits }: Pick<AttributionInput, 'splits'>,
  labels: Facts['labels'],
): Split[] => splitsOf(mergesets, labelPatternsIn(splits), labels);

/** Adds a remark about those of a service's paths that do not exist. */
function withMissingPaths(
  serviceFacts: ServiceFacts,
  { paths }: Service,
  repository: RepositoryFacts,
): ServiceFacts {
  const missing = paths !== null && repository.paths ? missingPaths(paths, repository.paths) : [];
  if (missing.length === 0) return serviceFacts;
  const remark = {
    what: `No commit that was read contains ${oneLine(missing.map((path) => `"${path}"`).join(', '))}.`,
    consequence: 'No change can match. Check the spelling, including upper and lower case.',
  };
  return {
    ...serviceFacts,
    remarks: [...(serviceFacts.remarks ?? []), remark],
    matchesNothing: missing.length === paths?.length,
  };
}

/** A test whether a change touches a service. A change whose files are unknown counts for every service. */
export async function concernsFor(
  { paths }: Service,
  repository: RepositoryFacts,
): Promise<(mergeset: Mergeset) => boolean> {
  if (paths === null || !repository.paths) return () => true;
  const concerns = concernCheck(repository, repository.paths, await pathRuleOf(paths));
  return (mergeset) => concerns(mergeset) ?? true;
}
