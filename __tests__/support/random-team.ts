import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';

/** A small generator of numbers in [0, 1), so that a failing history can be told again from its seed. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface RandomTeam {
  world: World;
  begins: number;
  ends: number;
}

/**
 * A team that does everything teams do: squashes, rebases and merge commits of branches cut long ago, direct pushes,
 * hotfix branches, promotions to a release branch, rollbacks, deployments that fail, never end, overtake one another,
 * or are of the same commit again; and commits whose dates are older than their parents'.
 */
export function randomTeam(seed: number, steps: number): RandomTeam {
  const random = numbersFrom(seed);
  const chance = (share: number) => random() < share;
  const upTo = (count: number) => Math.floor(random() * count);
  const begins = Date.parse('2026-01-05T08:00:00Z');
  const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');
  const team = story('acme', 'shop', iso(begins));
  const line = [team.tip()];
  const deployed: string[] = [];
  const branches = chance(0.3);
  let now = begins;
  let number = 0;

  const deploy = (sha: string, environment = 'production') => {
    const fate = random();
    team.deploy(sha, iso(now + upTo(120) * 1000), {
      environment,
      takes: 30 + upTo(chance(0.1) ? 40_000 : 900),
      outcome: fate < 0.1 ? 'FAILURE' : fate < 0.14 ? 'IN_PROGRESS' : 'SUCCESS',
    });
    deployed.push(sha);
  };

  // An environment that was never deployed to is another story.
  deploy(team.tip());

  for (let step = 0; step < steps; step++) {
    now += (60 + upTo(chance(0.2) ? 90_000 : 3000)) * 1000;
    const what = random();
    if (what < 0.6) {
      number += 1;
      const method = (['squash', 'merge', 'merge', 'rebase'] as const)[upTo(4)] ?? 'squash';
      const back = chance(0.2) ? upTo(line.length) : Math.max(0, line.length - 1 - upTo(4));
      line.push(
        team.merge(number, iso(now), {
          author: ['ada', 'ben', 'cy'][upTo(3)] ?? 'ada',
          method,
          commits: 1 + upTo(3),
          ...(method === 'merge' ? { from: line[back] ?? team.tip() } : {}),
        }),
      );
    } else if (what < 0.66) {
      const skewed = chance(0.3) ? now - upTo(400_000) * 1000 : now;
      line.push(team.push(iso(Math.max(begins, skewed))));
    } else if (what < 0.94) deploy(team.tip(), chance(0.1) ? 'staging' : 'production');
    else if (what < 0.96) deploy(line[Math.max(0, line.length - 1 - upTo(12))] ?? team.tip());
    else if (what < 0.98 && branches) {
      const from = line[Math.max(0, line.length - 1 - upTo(5))] ?? team.tip();
      deploy(team.push(iso(now), { branch: `hotfix-${step}`, from }));
    } else if (deployed.length > 0)
      deploy(deployed[Math.max(0, deployed.length - 1 - upTo(4))] ?? team.tip());
  }
  return { world: team.world, begins, ends: now + 3_600_000 };
}
