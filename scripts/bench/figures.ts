import { DAY } from './history.ts';
import type { Cost, Scenario } from './measuring.ts';
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
];
