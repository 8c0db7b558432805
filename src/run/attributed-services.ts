import type { attribute, Attribution, AttributionOptions } from '../measure/attribution.ts';
import { type Measurement, measureIn } from '../measure/measure.ts';
import type { MeasuredMergeset } from '../measure/measured.ts';
import { labelPatternsIn, type Split, splitsOf } from '../measure/splits.ts';
import type { Stage } from '../measure/promotion-path.ts';
import { labelsIn, leftOut } from '../model/authors.ts';
import { concernsOf, pathsNowhere } from '../model/concerns.ts';
import type { Gap, RepositoryFacts, ServiceFacts } from '../model/facts.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Mergeset } from '../model/mergesets.ts';
import type { Window } from '../model/terms.ts';
import type { Service } from '../model/service.ts';
import type { Facts } from '../read/facts-request.ts';
import { pathRuleOf } from './path-rules.ts';

/** One service by one set of facts: which deployment shipped which change. Any window of it is measured from this. */
export interface AttributedService {
  service: Service;
  facts: ServiceFacts;
  attribution: Attribution;
  stages: Stage[];
  window: Window;
  labelsOf(mergeset: Mergeset): readonly string[];
}

/** What services are attributed with, whatever the facts. */
export interface AttributionInput {
  services: readonly Service[];
  runId: number | null;
  splits: readonly string[];
  freezes: readonly { from: Date; to: Date }[];
  attribute: typeof attribute;
}

/** Whether labels of pull requests decide something. */
export const needsLabels = ({ services, splits }: Pick<AttributionInput, 'services' | 'splits'>): boolean =>
  labelPatternsIn(splits).length > 0 || services.some((service) => labelsIn(service.authors).length > 0);

/** Attributes the changes of each service that can be told, once by these facts. */
export async function attributeServices(
  { services, runId, attribute: attributed }: AttributionInput,
  facts: Facts,
): Promise<AttributedService[]> {
  const { repository, window } = facts;
  const attributedServices = await Promise.all(
    services.map(async (service, i): Promise<AttributedService[]> => {
      const found = facts.services[i];
      if (found === undefined || found instanceof GuardError) return [];
      const own = withoutPaths(found, service, repository);
      const options: AttributionOptions = {
        asOf: window.to,
        runId,
        countDirectPushes: service.countDirectPushes,
        concerns: await concernsFor(service, repository),
      };
      return [
        {
          service,
          facts: own,
          attribution: attributed(repository, own, options),
          stages: (own.stages ?? []).map((stage) => ({
            name: stage.name,
            attribution: attributed(repository, stage, options),
          })),
          window,
          labelsOf: ({ mergeCommit }) => facts.labels.get(mergeCommit) ?? [],
        },
      ];
    }),
  );
  return attributedServices.flat();
}

/** Options for measuring an attributed service. */
export interface MeasureOptions {
  window?: Window;
  /** Which changes deploy nothing by themselves. */
  ridesAlong?: ((mergeset: Mergeset) => boolean) | null;
  /** What else could not be read. */
  gaps?: readonly Gap[];
}

/** Measures an attributed service over a window, by default its own. */
export function measured(
  { service, attribution, window: own, labelsOf }: AttributedService,
  { freezes }: Pick<AttributionInput, 'freezes'>,
  { window = own, ridesAlong, gaps = [] }: MeasureOptions = {},
): Measurement {
  const { repository } = attribution;
  return measureIn(
    gaps.length === 0
      ? attribution
      : { ...attribution, repository: { ...repository, gaps: [...repository.gaps, ...gaps] } },
    {
      window,
      maxBatch: service.policy.maxBatch,
      leftOut: (mergeset) => leftOut(service.authors, { ...mergeset, labels: labelsOf(mergeset) }),
      freezes,
      ...(ridesAlong ? { ridesAlong } : {}),
    },
  );
}

/** The same figures by what the run splits them by. */
export const splitsIn = (
  mergesets: readonly MeasuredMergeset[],
  { splits }: Pick<AttributionInput, 'splits'>,
  labels: Facts['labels'],
): Split[] => splitsOf(mergesets, labelPatternsIn(splits), labels);

/** Says of a service's paths that are not there that nothing concerns them. */
function withoutPaths(own: ServiceFacts, { paths }: Service, repository: RepositoryFacts): ServiceFacts {
  const nowhere = paths !== null && repository.paths ? pathsNowhere(paths, repository.paths) : [];
  if (nowhere.length === 0) return own;
  const remark = {
    what: `${oneLine(nowhere.join(', '))}: there is no such path in any of the commits that were looked at.`,
    consequence: 'No change concerns it. Check how it is spelled, capitals too.',
  };
  return { ...own, remarks: [...(own.remarks ?? []), remark] };
}

/** Whether a mergeset is one of a service: where that is not known, it is. */
export async function concernsFor(
  { paths }: Service,
  repository: RepositoryFacts,
): Promise<(mergeset: Mergeset) => boolean> {
  if (paths === null || !repository.paths) return () => true;
  const known = concernsOf(repository, repository.paths, await pathRuleOf(paths));
  return (mergeset) => known(mergeset) ?? true;
}
