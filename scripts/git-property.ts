/**
 * Real git repositories against the guard: `npm run git-property [-- COUNT [SEED]]`.
 *
 * Makes repositories with git (merges, squashes, rebases, cherry-picks, octopus merges, release branches, rollbacks,
 * branches that were force-pushed, dates out of order), deploys some commits in random order with random outcomes,
 * serves them through the loopback GitHub, and holds every attribution against `git merge-base --is-ancestor`.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ask } from '../__tests__/support/ask.ts';
import { numbersFrom } from '../__tests__/support/random-team.ts';
import type { World, WorldDeployment, WorldPull } from '../src/demo/world.ts';

const count = Number(process.argv[2] ?? 500);
const first = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const BEGIN = Date.parse('2026-01-05T08:00:00Z');
const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');

/** Seeds that once went wrong; they are told first, every time. */
const KEPT = [
  // The first success was of a branch of its own, and what it contained was not read.
  886053509,
];

if (process.argv[4] === 'worker') await tell(first, count);
else {
  console.log(`seed ${first}, ${count} repositories`);
  for (const seed of KEPT) await repository(seed);
  const halves = [Math.ceil(count / 2), Math.floor(count / 2)];
  const told = await Promise.all(
    halves.map(async (share, i) => {
      const begin = i === 0 ? first : first + (halves[0] ?? 0);
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...process.execArgv,
        import.meta.filename,
        String(share),
        String(begin),
        'worker',
      ]);
      return JSON.parse(stdout) as Told;
    }),
  );
  const sum = (key: keyof Told) => told.reduce((all, each) => all + each[key], 0);
  console.log(
    `${count} repositories, ${sum('commits')} commits, ${sum('merges')} pull requests, ${sum('attributions')} answers of git compared: no difference`,
  );
}

interface Told {
  attributions: number;
  commits: number;
  merges: number;
}

async function tell(begin: number, share: number): Promise<void> {
  const told: Told = { attributions: 0, commits: 0, merges: 0 };
  for (let seed = begin; seed < begin + share; seed++) {
    const found = await repository(seed);
    told.attributions += found.attributions;
    told.commits += found.commits;
    told.merges += found.merges;
  }
  console.log(JSON.stringify(told));
}

async function repository(seed: number) {
  const folder = mkdtempSync(join(tmpdir(), 'repo-'));
  try {
    const { world, end } = make(seed, folder);
    const answer = await ask(world, {
      now: iso(end),
      inputs: { window: '60d', stages: 'none', 'min-samples': '1' },
    });
    return {
      ...compare(seed, folder, world, answer),
      commits: world.commits.length,
      merges: world.pulls.length,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function make(seed: number, folder: string): { world: World; end: number } {
  const random = numbersFrom(seed);
  const upTo = (most: number) => Math.floor(random() * most);
  const chance = (share: number) => random() < share;
  let now = BEGIN;
  const git = (args: string[], at = now) => {
    const stamp = iso(at);
    return execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        GIT_AUTHOR_NAME: 'a',
        GIT_AUTHOR_EMAIL: 'a@b.c',
        GIT_COMMITTER_NAME: 'a',
        GIT_COMMITTER_EMAIL: 'a@b.c',
        GIT_AUTHOR_DATE: stamp,
        GIT_COMMITTER_DATE: stamp,
      },
    }).trim();
  };
  const head = () => git(['rev-parse', 'HEAD']);
  let files = 0;
  const commit = (at = now) => {
    files += 1;
    writeFileSync(join(folder, `f${files}`), `${files}`);
    git(['add', '-A']);
    git(['commit', '-q', '-m', `c${files}`], at);
    return head();
  };
  git(['init', '-q', '-b', 'main']);
  commit();
  const pulls: WorldPull[] = [];
  const tips: string[] = [head()];
  const steps = 1 + upTo(14);
  for (let step = 0; step < steps && files < 55; step++) {
    now += (60 + upTo(100_000)) * 1000;
    const number = step + 1;
    const skew = chance(0.2) ? -upTo(300_000) * 1000 : 0;
    const base = chance(0.3) ? (git(['rev-list', 'main']).split('\n')[upTo(4)] ?? 'main') : 'main';
    git(['checkout', '-q', '-B', 'topic', base]);
    const own = Array.from({ length: 1 + upTo(3) }, () => commit(now + skew));
    // A branch that was pushed over: its first commits are nowhere any more.
    if (chance(0.15)) {
      git(['reset', '-q', '--hard', base]);
      own.splice(0, own.length, commit());
    }
    git(['checkout', '-q', 'main']);
    const how = upTo(6);
    if (how === 0) {
      git(['merge', '-q', '--squash', 'topic']);
      git(['commit', '-q', '-m', `squash ${number}`]);
    } else if (how === 1) {
      git(['checkout', '-q', 'topic']);
      git(['rebase', '-q', 'main']);
      git(['checkout', '-q', 'main']);
      git(['merge', '-q', '--ff-only', 'topic']);
    } else if (how === 2) {
      git(['cherry-pick', ...own]);
    } else if (how === 3) {
      git(['checkout', '-q', '-B', 'second', base]);
      commit(now + skew);
      git(['checkout', '-q', 'main']);
      git(['merge', '-q', '--no-ff', '-m', `octopus ${number}`, 'topic', 'second']);
    } else git(['merge', '-q', '--no-ff', '-m', `merge ${number}`, 'topic']);
    const merged = head();
    pulls.push({
      number,
      title: `t${number}`,
      createdAt: iso(now - 1000),
      mergedAt: iso(now),
      mergeCommit: merged,
      base: 'main',
      author: 'a',
      commits: own,
    });
    tips.push(merged);
    if (chance(0.2)) {
      git(['checkout', '-q', '-B', 'release', tips[upTo(tips.length)] ?? 'main']);
      if (chance(0.5)) git(['merge', '-q', '--no-ff', '-m', 'promote', 'main']);
      else commit();
      tips.push(head());
      git(['checkout', '-q', 'main']);
    }
  }
  const deployments: WorldDeployment[] = [];
  for (let i = 0; i < 1 + upTo(10); i++) {
    const at = BEGIN + upTo((now - BEGIN) / 1000 + 86_400) * 1000;
    const outcome = chance(0.75) ? 'SUCCESS' : chance(0.5) ? 'FAILURE' : 'IN_PROGRESS';
    const statuses = [{ state: 'IN_PROGRESS', createdAt: iso(at) }];
    if (outcome !== 'IN_PROGRESS')
      statuses.push({ state: outcome, createdAt: iso(at + (chance(0.2) ? 0 : upTo(100_000)) * 1000) });
    // GitHub lists by creation; here, and among equals, in no order at all.
    deployments.splice(upTo(deployments.length + 1), 0, {
      id: 1 + i,
      environment: 'production',
      sha: tips[upTo(tips.length)] ?? head(),
      createdAt: iso(at),
      creator: 'deploy-bot',
      statuses,
    });
  }
  const log = git(['log', '--all', '--reflog', '--format=%H|%P|%aI|%cI']).split('\n');
  const world: World = {
    owner: 'acme',
    name: 'shop',
    defaultBranch: 'main',
    head: git(['rev-parse', 'main']),
    commits: log.map((line) => {
      const [oid = '', parents = '', authored = '', committed = ''] = line.split('|');
      return {
        oid,
        parents: parents === '' ? [] : parents.split(' '),
        authoredDate: authored,
        committedDate: committed,
        author: 'a',
        message: 'm',
      };
    }),
    pulls: pulls.sort(() => random() - 0.5),
    deployments,
  };
  return { world, end: now + 3 * 86_400_000 };
}

function compare(
  seed: number,
  folder: string,
  world: World,
  { report }: Awaited<ReturnType<typeof ask>>,
): { attributions: number } {
  let asked = 0;
  const contains = (ancestor: string, descendant: string) => {
    asked += 1;
    try {
      execFileSync('git', ['merge-base', '--is-ancestor', ancestor, descendant], {
        cwd: folder,
        stdio: 'ignore',
      });
      return true;
    } catch {
      return false;
    }
  };
  const successes = world.deployments
    .flatMap((each) => {
      const at = each.statuses.find((one) => one.state === 'SUCCESS')?.createdAt;
      return at === undefined ? [] : [{ ...each, at: Date.parse(at), created: Date.parse(each.createdAt) }];
    })
    .sort((a, b) => a.at - b.at || a.created - b.created || a.id - b.id);
  for (const pull of world.pulls) {
    const right = successes.find((each) => contains(pull.mergeCommit ?? '', each.sha));
    const told = report.mergesets.find((each) => each.number === pull.number);
    const seconds =
      right && right !== successes[0]
        ? Math.max(0, (right.at - Date.parse(pull.mergedAt ?? '')) / 1000)
        : null;
    if (told === undefined || told.deployment !== (right?.id ?? null) || told.leadTimeSeconds !== seconds)
      throw new Error(
        `seed ${seed}: #${pull.number} is told as ${told?.deployment} after ${told?.leadTimeSeconds} s; git says ${right?.id ?? null} after ${seconds} s`,
      );
  }
  return { attributions: asked };
}
