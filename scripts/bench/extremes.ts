import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { steadyTeam } from '../../__tests__/support/steady-team.ts';
import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';
import { DAY, HOUR, iso, MINUTE } from './history.ts';
import type { Scenario } from './measuring.ts';

/** Repositories that are far larger in one respect than any team's. */

interface Extreme extends Scenario {
  /** Its name in the table of docs/limits.md. */
  row: string;
}

const NOW = Date.parse('2026-03-09T00:00:00Z');
const INPUTS = { window: '30d', comment: 'never', issue: 'never', stages: 'none', 'max-requests': '2000' };

function extreme(
  row: string,
  name: string,
  world: () => World,
  inputs: Record<string, string> = {},
): Extreme {
  const step = { inputs: { ...INPUTS, ...inputs }, event: 'push' };
  return { row, name, large: true, runs: () => [{ world: world(), now: NOW, step }] };
}

/** A file of deployment events of a team with 3,000 changes, each deployed again and again. */
function eventsFile(count: number): Extreme {
  const runs = () => {
    const { world } = steadyTeam({ commits: 3000, days: 30, deployEvery: 1, begins: iso(NOW - 33 * DAY) });
    const line = world.commits.map(({ oid }) => oid);
    const workspace = mkdtempSync(join(tmpdir(), 'events-'));
    const events = Array.from({ length: count }, (_, i) => ({
      time: iso(NOW - 33 * DAY + 2 * MINUTE + Math.floor((32.9 * DAY * i) / count)),
      sha: line[Math.floor((i * (line.length - 1)) / count)],
      environment: 'production',
      status: 'success',
      id: `deploy-${i}`,
    }));
    writeFileSync(join(workspace, 'deploys.jsonl'), events.map((event) => JSON.stringify(event)).join('\n'));
    const step = { inputs: INPUTS, event: 'push', env: { GITHUB_WORKSPACE: workspace } };
    const files = { '.github/deploy-latency.yml': 'deploy-source: events\nevents-file: deploys.jsonl\n' };
    return [{ world: { ...world, deployments: [], files }, now: NOW, step }];
  };
  const events = count.toLocaleString('en');
  return {
    row: `A file of ${events} events about 3,000 changes`,
    name: `a file of ${events} events`,
    large: true,
    runs,
  };
}

/** A team that merged `changes` in 29 days and deployed once before and, if `isDeployed`, once after them. */
function manyAtOnce(changes: number, isDeployed: boolean): World {
  const team = story('acme', 'shop', iso(NOW - 40 * DAY));
  team.deploy(team.tip(), iso(NOW - 39 * DAY));
  for (let number = 1; number <= changes; number++)
    team.merge(number, iso(NOW - 29.5 * DAY + Math.floor((29 * DAY * number) / changes)));
  if (isDeployed) team.deploy(team.tip(), iso(NOW - 2 * HOUR));
  return team.world;
}

/** Each of 300 changes is deployed to every environment. */
function environments(count: number): World {
  const team = story('acme', 'shop', iso(NOW - 40 * DAY));
  for (let number = 0; number <= 300; number++) {
    const at = NOW - 31 * DAY + number * 2 * HOUR;
    const sha = number === 0 ? team.tip() : team.merge(number, iso(at));
    for (let i = 1; i <= count; i++) team.deploy(sha, iso(at + i * MINUTE), { environment: `region-${i}` });
  }
  return team.world;
}

const regions = (count: number): Extreme =>
  extreme(
    `${count} environments with 300 deployments each`,
    `${count} environments`,
    () => environments(count),
    { environment: Array.from({ length: count }, (_, i) => `region-${i + 1}`).join('\n') },
  );

export const EXTREMES: Extreme[] = [
  extreme(
    'A branch of 100,000 commits, of which 3,000 are in the window',
    'a branch of 100,000 commits',
    () => steadyTeam({ commits: 100_000, days: 1000, deployEvery: 10, begins: iso(NOW - 1003 * DAY) }).world,
  ),
  regions(10),
  regions(50),
  extreme('One deployment of 10,000 changes', 'one batch of 10,000 changes', () => manyAtOnce(10_000, true)),
  extreme('5,000 pending changes', '5,000 pending changes', () => manyAtOnce(5_000, false)),
  eventsFile(60_000),
];
