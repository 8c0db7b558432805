import type { Gap, Remark, RepositoryFacts, ServiceFacts } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import type { Window } from '../model/terms.ts';
import { firstOf } from '../sources/phrases.ts';
import { deploymentsOf, goesBackToFirst, type Destination, type Reading } from './reading.ts';

/** The facts about a service: its regions merged into one, and its stages. */
export async function serviceFactsOf(
  reading: Pick<Reading, 'gone'>,
  commits: RepositoryFacts['commits'],
  destinations: readonly Destination[],
  gapsOf: (destination: Destination) => readonly Gap[],
  { window, runId }: { window: Window; runId: number | null },
): Promise<ServiceFacts> {
  const factsAt = (destination: Destination): ServiceFacts => ({
    // A copy, because the feed grows when older deployments are read.
    deployments: [...deploymentsOf(reading, destination)],
    deploymentsComplete: goesBackToFirst(destination),
    environment: destination.feed.environment ?? null,
    gaps: [...gapsOf(destination), ...(destination.feed.gaps ?? [])],
    remarks: [...(destination.feed.remarks ?? [])],
    otherTasks: destination.feed.otherTasks ?? [],
  });
  const regions = destinations
    .filter((destination) => !destination.isStage)
    .map((destination) => ({
      name: destination.service.environment,
      live: destination.service.live,
      facts: factsAt(destination),
    }));
  const stages = destinations
    .filter((destination) => destination.isStage)
    .map((destination) => ({ name: destination.service.environment, ...factsAt(destination) }));
  const [region, ...others] = regions;
  if (!region) throw new RangeError('a service without a destination');
  const withStages = stages.length > 0 ? { stages } : {};
  // The verdict is about the regions only, so gaps of stages do not put it at risk.
  const stageGaps = stages.flatMap(({ gaps }) => gaps.map((gap) => ({ ...gap, verdictAtRisk: false })));
  const stageRemarks = stages
    .filter((stage) => stage.deployments.length === 0)
    .map(({ name }) => unusedStage(name));
  if (others.length === 0)
    return {
      ...region.facts,
      ...withStages,
      gaps: [...region.facts.gaps, ...stageGaps],
      remarks: [...(region.facts.remarks ?? []), ...stageRemarks],
    };
  const { combineRegions, distinct } = await import('../model/regions.ts');
  const { deployments, retired, idle } = combineRegions(
    commits,
    regions.map(({ name, facts }) => ({ name, deployments: facts.deployments })),
    region.live,
    window,
    runId,
  );
  return {
    deployments,
    deploymentsComplete: regions.every(({ facts }) => facts.deploymentsComplete),
    gaps: [...distinct(regions.flatMap(({ facts }) => facts.gaps)), ...stageGaps],
    remarks: [
      ...stageRemarks,
      ...distinct(regions.flatMap(({ facts }) => facts.remarks ?? [])),
      ...(retired.length > 0 ? [retiredRegions(retired)] : []),
      ...regions.filter(({ facts }) => facts.deployments.length === 0).map(({ name }) => unusedRegion(name)),
    ],
    regions: regions.map(({ name }) => name),
    idleRegions: idle,
    otherTasks: regions.flatMap(({ facts }) => facts.otherTasks ?? []),
    ...withStages,
  };
}

const unusedStage = (stage: string): Remark => ({
  what: `Stage "${oneLine(stage, 60)}" has no deployments.`,
  consequence: 'All changes count as having skipped it. Check the spelling.',
});

const unusedRegion = (region: string): Remark => ({
  what: `Region "${oneLine(region, 60)}" has no deployments.`,
  consequence: 'No change waits for it. Check the spelling.',
});

const retiredRegions = (regions: readonly string[]): Remark => ({
  what: `Retired regions: ${firstOf(regions)}. They had no deployments in the window and lagged behind the others before.`,
  consequence: 'No change waits for a retired region.',
});
