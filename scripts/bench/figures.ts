import type { SteadyOptions } from '../../__tests__/support/steady-team.ts';
import { EXTREMES } from './extremes.ts';
import { DAY } from './history.ts';
import { type Cost, type HowMeasured, millisecondsOfNode, type Scenario } from './measuring.ts';
import { RELEASE, RELEASE_NAMES, releaseBranch } from './release-branch.ts';
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
  steadily,
} from './questions.ts';

/** The figures, with their bounds and the scenarios behind them. */

export interface Figure {
  name: string;
  /** The bound, if there is one. */
  atMost?: number;
  of: (cost: Cost) => number;
  unit?: string;
  digits?: number;
}

/** Figures of the same runs. Each figure is the worst of all scenarios. */
export interface Group extends HowMeasured {
  name: string;
  scenarios: Scenario[];
  figures: Figure[];
  /** Measured only if `--only` names it. */
  byName?: boolean;
  /** Its name in the table of docs/limits.md. */
  row?: string;
}

const requests = (atMost?: number): Figure => ({
  name: 'requests',
  of: (cost) => cost.requests.length,
  ...(atMost === undefined ? {} : { atMost }),
});
const chain = (atMost: number): Figure => ({ name: 'longest chain', of: (cost) => cost.chain, atMost });

const NO_STAGES = { stages: 'none' };
const MONTH = { window: '30d' };
/** Changes are slow since seven weeks ago. */
const SLOW_SINCE = MONDAY - 49 * DAY;

/** After a deployment of teams that are on target. */
const guard = (inputs: Record<string, string>, shapes: readonly Shape[] = SHAPES) =>
  ofEachTeam((world, shape) => [afterDeployment(world, inputs, EVENTS[shape])], {
    shapes,
    status: 'on-target',
  });

/** Repositories whose services have one kind of mark, measured after a deployment and on a schedule. */
function services(count: number, mark: Mark): Scenario[] {
  const world = (until: number) => servicesWorld({ count, mark, until, changesADay: 20 });
  const guarded = { name: `${mark}, guard`, large: true, runs: () => [afterDeployment(world, NO_STAGES)] };
  const weekly = { name: `${mark}, scheduled`, large: true, runs: () => [scheduled(world, NO_STAGES)] };
  return mark === 'releases' || mark === 'tags' ? [weekly] : [guarded, weekly];
}
const noVerdict = (count: number): Figure => ({
  name: 'services without a verdict',
  atMost: 0,
  of: ({ services }) =>
    count - Object.values(services).filter((status) => status !== 'insufficient-data').length,
});
const points = (atMost?: number): Figure => ({
  name: 'points',
  of: (cost) => cost.points,
  ...(atMost === undefined ? {} : { atMost }),
});

/** A team with a steady pace for four months, measured over the last 90 days. */
const many = (team: Pick<SteadyOptions, 'commits' | 'mergeCommits'>, name: string): Scenario => ({
  name,
  large: true,
  runs: () => [steadily({ days: 120, deployEvery: 10, ...team }, '90d')],
});

/** Changes in a year, and the number of them in a deployment. */
const SIZES = [
  [1_000, 10],
  [10_000, 10],
  [10_000, 1],
  [30_000, 10],
  [100_000, 10],
] as const;
/** Figures of large repositories. They have no bounds, because machines differ. */
const SCALE: Figure[] = [
  requests(),
  { name: 'longest chain', of: (cost) => cost.chain },
  { name: 'changes', of: (cost) => cost.changes },
  { name: 'processor time, ms', of: (cost) => cost.milliseconds },
  { name: 'peak memory, MiB', of: (cost) => cost.mebibytes },
  { name: 'longest turn of the event loop, ms', of: (cost) => cost.longestTurn },
  points(),
];

export const GROUPS: Group[] = [
  {
    name: 'week on target, guard, no stages',
    scenarios: guard(NO_STAGES, SHORT_LIVED),
    figures: [requests(4), points()],
  },
  {
    name: 'week on target, scheduled, no stages',
    scenarios: ofEachTeam((world) => [scheduled(world, NO_STAGES)], {
      shapes: SHORT_LIVED,
      status: 'on-target',
    }),
    figures: [requests(4), points()],
  },
  {
    name: 'week on target, branches that live for weeks',
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
    figures: [requests(18), points()],
  },
  {
    name: 'weekly run, drifting, with an issue of earlier runs',
    scenarios: ofEachTeam((world) => mondays(3).map((monday) => scheduled(world, {}, monday)), {
      shapes: SHORT_LIVED,
      slowSince: SLOW_SINCE,
      status: 'drifted',
    }),
    figures: [requests(12), points()],
  },
  {
    name: 'weekly run, drifting, without an issue',
    scenarios: ofEachTeam((world) => [scheduled(world, {})], {
      shapes: SHORT_LIVED,
      slowSince: SLOW_SINCE,
      status: 'drifted',
    }),
    figures: [requests(30), points()],
  },
  {
    name: 'pull request, no stages',
    scenarios: [
      ...ofEachTeam((world) => [onPullRequest(world, NO_STAGES)], { name: 'week', shapes: SHORT_LIVED }),
      ...ofEachTeam((world) => [onPullRequest(world, { ...MONTH, ...NO_STAGES })], { name: 'month' }),
    ],
    figures: [requests(12), points()],
  },
  ...(['deploy-task', 'deploy-workflow', 'deploy-job'] as const).map((mark) => ({
    name: `twelve services by ${mark}`,
    scenarios: services(12, mark),
    figures: [requests(30), points(), noVerdict(12)],
  })),
  {
    name: 'thirty services by tag',
    scenarios: [...services(30, 'releases'), ...services(30, 'tags')],
    figures: [requests(50), points(300), noVerdict(30)],
  },
  {
    name: 'thirty services, an environment each',
    scenarios: services(30, 'environment'),
    figures: [requests(60), points(), noVerdict(30)],
  },
  {
    name: 'a hundred services, an environment each',
    byName: true,
    scenarios: services(100, 'environment'),
    figures: [requests(), points(), noVerdict(100)],
  },
  {
    name: 'release branch of three months',
    scenarios: RELEASE_NAMES.map((name) => ({
      name,
      large: true,
      runs: () => [
        scheduled((until) => releaseBranch(name, until), {
          ...NO_STAGES,
          'base-branch': RELEASE,
          target: '2d',
          window: '90d',
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
  {
    name: 'kilobytes loaded',
    files: true,
    scenarios: guard(MONTH, SHORT_LIVED),
    figures: [
      { name: 'until the verdict', of: ({ loaded }) => loaded.toVerdict / 1000, atMost: 358 },
      { name: 'to the end, without a page', of: ({ loaded }) => loaded.withoutPage / 1000, atMost: 518 },
      { name: 'to the end', of: ({ loaded }) => loaded.toEnd / 1000 },
    ],
  },
  {
    // Writing to GitHub needs additional code.
    name: 'kilobytes loaded, with an issue or a comment',
    files: true,
    scenarios: [
      ...ofEachTeam((world) => [scheduled(world, {})], { name: 'scheduled', shapes: ['squashes'] }),
      ...ofEachTeam((world) => [onPullRequest(world, {})], { name: 'pull request', shapes: ['squashes'] }),
    ],
    figures: [
      { name: 'until the verdict', of: ({ loaded }) => loaded.toVerdict / 1000, atMost: 366 },
      { name: 'to the end, without a page', of: ({ loaded }) => loaded.withoutPage / 1000, atMost: 528 },
    ],
  },
  {
    name: 'processor time of a month, guard',
    scenarios: guard(MONTH, SHORT_LIVED),
    times: 5,
    figures: [
      {
        name: 'times `node -e 0`',
        of: ({ milliseconds }) => milliseconds / millisecondsOfNode(),
        atMost: 9,
        digits: 1,
      },
    ],
  },
  {
    name: '10,000 changes in 90 days',
    scenarios: [many({ commits: 13_334 }, 'squashes')],
    figures: [points(500), requests()],
  },
  {
    name: '10,000 changes in 90 days, of two commits each',
    scenarios: [many({ commits: 26_667, mergeCommits: true }, 'merge commits')],
    figures: [points(), requests()],
  },
  ...SIZES.map(([commits, deployEvery]) => ({
    name: `scale, ${commits.toLocaleString('en')} commits in a year${deployEvery === 1 ? ', each deployed' : ''}`,
    row: `${commits.toLocaleString('en')} changes${deployEvery === 1 ? ', each with its own deployment' : ''}`,
    byName: true,
    scenarios: [
      {
        name: '',
        large: true,
        runs: () => [steadily({ commits, days: 365, deployEvery, rollbackEvery: 50 }, '365d')],
      },
    ],
    figures: SCALE,
  })),
  ...EXTREMES.map((scenario) => ({
    name: `scale, ${scenario.name}`,
    row: scenario.row,
    byName: true,
    scenarios: [scenario],
    figures: SCALE,
  })),
  {
    name: `scale, the last week of 100,000 commits`,
    byName: true,
    scenarios: [
      {
        name: '',
        large: true,
        runs: () => [steadily({ commits: 100_000, days: 365, deployEvery: 10 }, '7d')],
      },
    ],
    figures: SCALE,
  },
];
