import { DAY } from './history.ts';
import type { Cost, Scenario } from './measuring.ts';
import { RELEASE, releaseBranch } from './release-branch.ts';
import { type Mark, servicesWorld } from './services.ts';
import { SHAPES, type Shape, SHORT_LIVED } from './teams.ts';
import {
  afterDeployment,
  EVENTS,
  MONDAY,
  mondays,
  ofEachTeam,
  onPullRequest,
  scheduled,
} from './questions.ts';

/** What is measured, and the bound of each figure. */

export interface Figure {
  name: string;
  /** No bound where there is none. */
  atMost?: number;
  of: (cost: Cost) => number;
  unit?: string;
  digits?: number;
}

/** Figures of the same runs. Each figure is the worst of all scenarios. */
export interface Group {
  name: string;
  scenarios: Scenario[];
  figures: Figure[];
  /** Measured only where `--only` names it. */
  byName?: boolean;
  /** Whether loaded files are measured, which takes longer. */
  files?: boolean;
}

const requests = (atMost?: number): Figure => ({
  name: 'requests',
  of: (cost) => cost.requests.length,
  ...(atMost === undefined ? {} : { atMost }),
});
const chain = (atMost: number): Figure => ({ name: 'longest chain', of: (cost) => cost.chain, atMost });

const NO_STAGES = { stages: 'none' };
const MONTH = { window: '30d' };
/** Since seven weeks ago changes take long. */
const SLOW_SINCE = MONDAY - 49 * DAY;

/** After a deployment of teams that are on target. */
const guard = (inputs: Record<string, string>, shapes: readonly Shape[] = SHAPES) =>
  ofEachTeam((world, shape) => [afterDeployment(world, inputs, EVENTS[shape])], {
    shapes,
    status: 'on-target',
  });

/** Services told apart in one way, after a deployment and by a schedule. */
function services(count: number, mark: Mark, changesADay: number): Scenario[] {
  const world = (until: number) => servicesWorld({ count, mark, until, changesADay });
  return [
    ...(mark === 'releases' || mark === 'tags'
      ? []
      : [{ name: `${mark}, guard`, large: true, runs: () => [afterDeployment(world, NO_STAGES)] }]),
    { name: `${mark}, scheduled`, large: true, runs: () => [scheduled(world, NO_STAGES)] },
  ];
}
const noVerdict = (count: number): Figure => ({
  name: 'services without a verdict',
  atMost: 0,
  of: ({ services: found }) =>
    count - Object.values(found).filter((each) => each !== 'insufficient-data').length,
});
const points = (atMost: number): Figure => ({ name: 'points', of: (cost) => cost.points, atMost });

export const GROUPS: Group[] = [
  {
    name: 'week on target, guard, no stages',
    scenarios: guard(NO_STAGES, SHORT_LIVED),
    figures: [requests(4)],
  },
  {
    name: 'week on target, scheduled, no stages',
    scenarios: ofEachTeam((world) => [scheduled(world, NO_STAGES)], {
      shapes: SHORT_LIVED,
      status: 'on-target',
    }),
    figures: [requests(4)],
  },
  {
    name: 'the same of a team whose branches live for weeks',
    scenarios: guard(NO_STAGES, ['long-lived branches']),
    figures: [requests()],
  },
  {
    name: 'month, guard, no stages',
    scenarios: guard({ ...MONTH, ...NO_STAGES }),
    figures: [requests(12), chain(6)],
  },
  {
    name: 'month, guard, stages auto',
    scenarios: guard(MONTH),
    figures: [requests(18)],
  },
  {
    name: 'weekly run, drifting, with an issue of earlier runs',
    scenarios: ofEachTeam((world) => mondays(4).map((monday) => scheduled(world, {}, monday)), {
      shapes: SHORT_LIVED,
      slowSince: SLOW_SINCE,
      status: 'drifted',
    }),
    figures: [requests(12)],
  },
  {
    name: 'weekly run, drifting, without an issue',
    scenarios: ofEachTeam((world) => [scheduled(world, {})], {
      shapes: SHORT_LIVED,
      slowSince: SLOW_SINCE,
      status: 'drifted',
    }),
    figures: [requests(30)],
  },
  {
    name: 'pull request, no stages',
    scenarios: [
      ...ofEachTeam((world) => [onPullRequest(world, NO_STAGES)], { name: 'week', shapes: SHORT_LIVED }),
      ...ofEachTeam((world) => [onPullRequest(world, { ...MONTH, ...NO_STAGES })], { name: 'month' }),
    ],
    figures: [requests(12)],
  },
  ...(['deploy-task', 'deploy-workflow', 'deploy-job'] as const).map((mark) => ({
    name: `twelve services by ${mark}`,
    scenarios: services(12, mark, 20),
    figures: [requests(30), noVerdict(12)],
  })),
  {
    name: 'thirty services by tag',
    scenarios: [...services(30, 'releases', 20), ...services(30, 'tags', 20)],
    figures: [requests(50), points(300), noVerdict(30)],
  },
  {
    name: 'thirty services, an environment each',
    scenarios: services(30, 'environment', 20),
    figures: [requests(60), noVerdict(30)],
  },
  {
    name: 'release branch of three months',
    scenarios: (
      [
        ['90d', { age: 80, kept: 200, isRepaired: true, runs: 'new' }],
        ['90d', { age: 80, kept: 1600, isRepaired: false, runs: 'new' }],
        ['90d', { age: 95, kept: 1600, isRepaired: false, runs: 'old' }],
        ['7d', { age: 80, kept: 1600, isRepaired: false, runs: 'new' }],
      ] as const
    ).map(([window, options]) => ({
      name: `cut ${options.age} days ago, ${options.kept} after the last, window ${window}`,
      large: true,
      runs: () => [
        scheduled((until) => releaseBranch({ until, ...options }), {
          ...NO_STAGES,
          'base-branch': RELEASE,
          target: '2d',
          window,
        }),
      ],
    })),
    figures: [
      requests(40),
      {
        name: 'without a verdict',
        of: ({ status }) => (['none', 'insufficient-data'].includes(status) ? 1 : 0),
        atMost: 0,
      },
    ],
  },
];
