import type { Gap, Remark, RepositoryFacts, ServiceFacts } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import { together } from '../model/regions.ts';
import type { Window } from '../model/terms.ts';
import { deploymentsOf, goesBackToFirst, type Destination, type Reading } from './reading.ts';

/** What was read for a service: its regions put together, and its stages beside them. */
export function serviceFactsOf(
  reading: Pick<Reading, 'gone'>,
  commits: RepositoryFacts['commits'],
  destinations: readonly Destination[],
  gapsOf: (destination: Destination) => readonly Gap[],
  { window, runId }: { window: Window; runId: number | null },
): ServiceFacts {
  const factsAt = (destination: Destination): ServiceFacts => ({
    // The feed goes on growing; this keeps what it was.
    deployments: [...deploymentsOf(reading, destination)],
    deploymentsComplete: goesBackToFirst(destination),
    environment: destination.feed.environment ?? null,
    gaps: [...gapsOf(destination), ...(destination.feed.gaps ?? [])],
    remarks: [...(destination.feed.remarks ?? [])],
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
  const [only, ...others] = regions;
  if (!only) throw new RangeError('a service without a destination');
  const more = stages.length > 0 ? { stages } : {};
  // Only the last stage is judged: what lacks before it puts no verdict at risk.
  const stageGaps = stages.flatMap((stage) => stage.gaps).map((gap) => ({ ...gap, verdictAtRisk: false }));
  const stageRemarks = stages
    .filter((stage) => stage.deployments.length === 0)
    .map(({ name }) => unused(name));
  if (others.length === 0)
    return {
      ...only.facts,
      ...more,
      gaps: [...only.facts.gaps, ...stageGaps],
      remarks: [...(only.facts.remarks ?? []), ...stageRemarks],
    };
  const { deployments, retired } = together(
    commits,
    regions.map(({ name, facts }) => ({ name, deployments: facts.deployments })),
    only.live,
    window,
    runId,
  );
  return {
    deployments,
    deploymentsComplete: regions.every(({ facts }) => facts.deploymentsComplete),
    gaps: [...regions.flatMap(({ facts }) => facts.gaps), ...stageGaps],
    remarks: [
      ...stageRemarks,
      ...regions.flatMap(({ facts }) => facts.remarks ?? []),
      ...(retired.length > 0 ? [givenUp(retired)] : []),
    ],
    regions: regions.map(({ name }) => name),
    ...more,
  };
}

const unused = (stage: string): Remark => ({
  what: `Stage "${oneLine(stage, 60)}": nothing was deployed there.`,
  consequence: 'Each change counts as having skipped it. Check how it is spelled.',
});

const givenUp = (regions: readonly string[]): Remark => ({
  what: `${regions.map((name) => oneLine(name, 60)).join(', ')}: nothing was deployed there in the window, and it was behind the other regions before.`,
  consequence: 'It is taken for retired, and nothing waits for it.',
});
