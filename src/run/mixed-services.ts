import type { Measurement } from '../measure/measure.ts';
import { componentOf, separateRegions } from '../model/components.ts';
import type { Remark } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import type { Service } from '../model/service.ts';
import { isIn } from '../model/terms.ts';
import { listed } from '../report/words.ts';

/** A component or an environment is one of several from this many deployments on. */
const MIN_DEPLOYMENTS = 2;

/** Deployments of several services that count as one, because no configuration file names the services. */
export function mixedServices(
  { source, environment }: Service,
  { attribution: { facts }, window }: Measurement,
): Remark | null {
  const recent = facts.deployments.filter(({ createdAt }) => isIn(window, createdAt));
  const regions = separateRegions(facts.regions ? recent : [], MIN_DEPLOYMENTS).map((name) =>
    oneLine(name, 60),
  );
  if (regions.length > 1)
    return {
      what: `${listed(regions)} rarely got the same commits, so they may be separate services and not regions of ${oneLine(environment, 60)}.`,
      consequence:
        'They count as one service. List them under "services" in the configuration file, each with its "paths" and "environment".',
    };
  if (source.kind !== 'releases' && source.kind !== 'tags') return null;
  const counts = new Map<string, number>();
  for (const { id } of recent) {
    const component = componentOf(String(id));
    counts.set(component, (counts.get(component) ?? 0) + 1);
  }
  const components = [...counts].filter(([, count]) => count >= MIN_DEPLOYMENTS).map(([name]) => name);
  if (components.length < 2) return null;
  const names = components.map((name) => (name === '' ? 'versions without a name' : oneLine(name, 60)));
  return {
    what: `The ${source.kind} belong to several components: ${listed(names.sort())}.`,
    consequence:
      'They count as one service, so a change can seem live when only another component was released. List them under "services" in the configuration file, each with its "paths" and "deploy-tag".',
  };
}
