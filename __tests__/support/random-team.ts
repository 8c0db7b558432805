import { story } from '../../src/fake-github/story.ts';
import type { World } from '../../src/fake-github/world.ts';
import { type RunJobOptions, recordRun } from './actions.ts';

/** A random number generator in [0, 1), so that a failing history can be repeated from its seed. */
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
 * A team with all kinds of changes and deployments: squashes, rebases, merges of old branches, direct pushes, hotfix
 * branches, a release branch with cherry-picks, branches that are deployed before the merge, rollouts of several jobs,
 * rollbacks, failures, deployments that never end, overtake each other or repeat a commit, and commits that are older than
 * their parents.
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
  let runs = 80_000;

  const deploy = (sha: string, environment = 'production') => {
    const result = random();
    team.deploy(sha, iso(now + upTo(120) * 1000), {
      environment,
      takes: 30 + upTo(chance(0.1) ? 40_000 : 900),
      outcome: result < 0.1 ? 'FAILURE' : result < 0.14 ? 'IN_PROGRESS' : 'SUCCESS',
    });
    deployed.push(sha);
  };

  /** Several jobs of one run. One may fail and be retried. */
  const rollOut = (sha: string) => {
    const jobs: RunJobOptions[] = Array.from({ length: 2 + upTo(2) }, (_, i) => {
      const from = now + upTo(600) * 1000;
      const result = random();
      return {
        name: `deploy (${i})`,
        from: iso(from),
        to: result < 0.06 ? null : iso(from + (30 + upTo(1800)) * 1000),
        conclusion: result < 0.15 ? 'failure' : 'success',
      };
    });
    const failed = jobs.find((job) => job.conclusion === 'failure' && job.to !== null);
    if (failed && chance(0.7)) {
      const from = Date.parse(failed.to ?? '') + (60 + upTo(1200)) * 1000;
      const to = iso(from + 120_000);
      jobs.push({ name: failed.name, from: iso(from), to, attempt: 2 });
    }
    recordRun(team, sha, { id: ++runs, jobs });
    deployed.push(sha);
  };

  /** A pull request whose branch is deployed before the squash, sometimes with another deployment in between. */
  const branchDeploy = () => {
    number += 1;
    const head = team.push(iso(now), { branch: `topic-${number}`, from: team.tip() });
    now += 600_000;
    team.deploy(head, iso(now), { takes: 60 });
    now += (300 + upTo(3000)) * 1000;
    if (chance(0.3)) deploy(team.tip());
    now += (1200 + upTo(3000)) * 1000;
    const oid = team.push(iso(now), { message: `Change ${number} (#${number})` });
    line.push(oid);
    team.world.pulls.push({
      number,
      title: `Change ${number}`,
      createdAt: iso(now - 3_600_000),
      mergedAt: iso(now),
      mergeCommit: oid,
      base: 'main',
      author: 'ada',
      commits: [head],
    });
  };

  /** A change that is cherry-picked to a release branch and deployed from it. */
  const pick = () => {
    const original = team.world.commits.find((commit) => commit.oid === line.at(-1 - upTo(4)));
    if (!original || !team.world.pulls.some((pull) => pull.mergeCommit === original.oid)) return;
    const from = team.tip('release') || (line[Math.max(0, line.length - 8)] ?? team.tip());
    const oid = team.push(iso(now), {
      branch: 'release',
      from,
      message: original.message,
      author: original.author,
    });
    const copy = team.world.commits.at(-1);
    if (copy && chance(0.7)) copy.authoredDate = original.authoredDate;
    else if (copy) copy.message = `Backport\n\n(cherry picked from commit ${original.oid})`;
    deploy(oid);
  };

  // An environment without any deployment has its own tests.
  deploy(team.tip());

  for (let step = 0; step < steps; step++) {
    now += (60 + upTo(chance(0.2) ? 90_000 : 3000)) * 1000;
    const event = random();
    if (event < 0.6) {
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
    } else if (event < 0.66) {
      const skewed = chance(0.3) ? now - upTo(400_000) * 1000 : now;
      line.push(team.push(iso(Math.max(begins, skewed))));
    } else if (event < 0.88) deploy(team.tip(), chance(0.1) ? 'staging' : 'production');
    else if (event < 0.92) rollOut(team.tip());
    else if (event < 0.93) branchDeploy();
    else if (event < 0.94) pick();
    else if (event < 0.96) deploy(line[Math.max(0, line.length - 1 - upTo(12))] ?? team.tip());
    else if (event < 0.98 && branches) {
      const from = line[Math.max(0, line.length - 1 - upTo(5))] ?? team.tip();
      deploy(team.push(iso(now), { branch: `hotfix-${step}`, from }));
    } else if (deployed.length > 0)
      deploy(deployed[Math.max(0, deployed.length - 1 - upTo(4))] ?? team.tip());
  }
  return { world: team.world, begins, ends: now + 3_600_000 };
}
