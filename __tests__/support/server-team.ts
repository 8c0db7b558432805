import { story } from '../../src/fake-github/story.ts';
import type { World, WorldDeployment } from '../../src/fake-github/world.ts';
import { type RunJobOptions, recordRun } from './actions.ts';
import type { LiveVersion } from './oracle.ts';
import { numbersFrom } from './random-team.ts';

/** How the record of a deployment can differ from what the servers ran. */
export type Kind =
  | 'plain'
  /** GitHub resolved a branch to a newer commit than the run had checked out. */
  | 'branch'
  /** The same, and the deployment names no run. */
  | 'branch, no log'
  /** A `workflow_run` deployed the commit of the run that triggered it. */
  | 'workflow_run'
  /** A run started by hand deployed the commit of an input. */
  | 'input'
  /** A monitor marked the deployment as failed and took the servers back. */
  | 'revoked'
  /** The same, and the deployment succeeded again. */
  | 'recovered'
  /** Marked as failed after another deployment had replaced it, which changed nothing on the servers. */
  | 'marked late'
  /** The job that deploys failed in a successful run. */
  | 'continue-on-error'
  /** Recorded under another environment or by another workflow, once. */
  | 'elsewhere'
  /** The same from a time on. */
  | 'moved';

/**
 * A single deployment to another environment cannot be told from one to a test environment. Its change seems to go live
 * with the next deployment.
 */
const MAKES_SINGLE_RECORDS_ELSEWHERE = false;

export interface ServerTeam {
  world: World;
  from: number;
  to: number;
  inputs: Record<string, string>;
  /** What the servers of each region ran, without versions that were taken back by `to`. */
  regions: LiveVersion[][];
  /** The region that makes a change live. */
  liveWith: 'first' | 'last';
  /** Deployments whose record differs from what the servers ran. */
  wrong: { kind: Kind; id: number; sha: string; recorded: string; created: number; lasts: number }[];
  description: string;
}

/** A run that wants to deploy. */
interface Trigger {
  event: string;
  /** When it was created, and when its checks had ended. */
  at: number;
  ready: number;
  /** The commit of the run, and the one that it checks out. */
  sha: string;
  checkedOut: string;
  workflow: string;
  kind: Kind;
}

/** A deployment to one region. */
interface Attempt extends LiveVersion {
  region: string;
  /** The commit that GitHub recorded. */
  recorded: string;
  kind: Kind;
  succeeds: boolean;
  /** When a monitor marks it as failed, and when it succeeds again. */
  markedAt: number | null;
  againAt: number | null;
  record: WorldDeployment | null;
}

const BEGIN = Date.parse('2026-02-02T08:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');

/** A team whose servers are simulated: what they ran at each second, and what GitHub recorded of it. */
export function serverTeam(seed: number): ServerTeam {
  const random = numbersFrom(seed);
  const upTo = (most: number) => Math.floor(random() * most);
  const chance = (share: number) => random() < share;
  const anyOf = <T>(items: readonly T[]): T => items[upTo(items.length)] as T;
  const team = story('acme', 'shop', iso(BEGIN));
  const { world } = team;

  const byRuns = chance(0.4);
  const means = byRuns
    ? anyOf(['job', 'job', 'workflow_run'])
    : anyOf(['job', 'job', 'commit', 'branch', 'branch', 'workflow_run']);
  const isTriggered = means === 'workflow_run';
  const checksOutTrigger = isTriggered && chance(0.7);
  const environments =
    !byRuns && !isTriggered && chance(0.3) ? ['production-eu', 'production-us'] : ['production'];
  const isQueued = chance(0.35);
  const liveWith = chance(0.3) ? ('first' as const) : ('last' as const);
  const has = {
    failures: chance(0.6),
    marks: !byRuns && chance(0.5),
    softFailures: means !== 'branch' && means !== 'commit' && chance(0.3),
    inputs: means === 'job' && chance(0.35),
    byHand: chance(0.5),
    elsewhere: chance(0.12),
    moved: chance(0.12),
    noLogs: means === 'branch' && chance(0.25),
  };

  // Merges, and the newest commit at each time.
  const line = [{ at: BEGIN, sha: team.tip() }];
  let now = BEGIN + HOUR;
  const merges = 8 + upTo(18);
  for (let number = 1; number <= merges; number++) {
    now += (1 + upTo(chance(0.6) ? 20 : 180)) * MINUTE + upTo(60) * 1000;
    const method = anyOf(['squash', 'squash', 'merge', 'rebase'] as const);
    const from = line[Math.max(0, line.length - 1 - upTo(4))]?.sha ?? team.tip();
    const sha = chance(0.08)
      ? team.push(iso(now))
      : team.merge(number, iso(now), {
          method,
          commits: 1 + upTo(3),
          ...(method === 'merge' ? { from } : {}),
        });
    line.push({ at: now, sha });
  }
  const headAt = (time: number) => line.findLast(({ at }) => at <= time)?.sha ?? '';
  const ends = now + (10 + upTo(240)) * MINUTE;

  // Runs that want to deploy.
  const movedAt = has.moved ? BEGIN + upTo(now - BEGIN) : Number.POSITIVE_INFINITY;
  const workflowAt = (time: number) => (byRuns && time >= movedAt ? 'release.yml' : 'deploy.yml');
  const triggers = line.slice(1).flatMap(({ at, sha }): Trigger[] => {
    if (!chance(0.9)) return [];
    const begun = at + (3 + upTo(40)) * 1000;
    const ready = begun + (30 + upTo(chance(0.3) ? 1800 : 300)) * 1000;
    const usual = { event: 'push', at: begun, ready, sha, checkedOut: sha, workflow: workflowAt(begun) };
    if (!isTriggered) return [{ ...usual, kind: 'plain' }];
    recordRun(team, sha, {
      id: 20_000 + upTo(1_000_000_000),
      workflow: 'ci.yml',
      jobs: [{ name: 'test', from: iso(begun), to: iso(ready), deploys: false }],
    });
    const started = ready + 3000;
    const head = headAt(started);
    const checkedOut = checksOutTrigger ? sha : head;
    const run = { event: 'workflow_run', at: started, ready: started, sha: head, checkedOut };
    return [{ ...run, workflow: workflowAt(started), kind: checkedOut === head ? 'plain' : 'workflow_run' }];
  });
  if (has.byHand)
    for (let i = 1 + upTo(3); i > 0; i--) {
      const at = BEGIN + 2 * HOUR + upTo((now - BEGIN) / 1000) * 1000;
      const head = headAt(at);
      const older = line.filter((entry) => entry.at <= at).at(-2 - upTo(4))?.sha ?? head;
      const isInput = has.inputs && chance(0.7);
      // Without an input, an older commit is deployed from a tag, or named in the call.
      const sha = isInput || chance(0.3) ? head : older;
      const run = { event: 'workflow_dispatch', at, ready: at + 20_000, sha, workflow: workflowAt(at) };
      triggers.push({
        ...run,
        checkedOut: isInput ? older : sha,
        kind: isInput && older !== head ? 'input' : 'plain',
      });
    }
  triggers.sort((a, b) => a.ready - b.ready);

  const attempts: Attempt[] = [];
  /** The first two deployments are before the window, so that every change has one before it. */
  for (const hours of [0.2, 0.6])
    for (const region of environments) {
      const at = BEGIN + hours * HOUR;
      const sha = line[0]?.sha ?? '';
      const jobs = [{ name: 'deploy', from: iso(at), to: iso(at + MINUTE) }];
      const run = 100 + attempts.length;
      const [record] = recordRun(team, sha, { id: run, jobs, environment: region });
      attempts.push(plainAttempt(byRuns ? run : (record?.id ?? 0), sha, region, at, at + MINUTE));
    }
  function plainAttempt(id: number, sha: string, region: string, created: number, at: number): Attempt {
    const never = { markedAt: null, againAt: null, record: null };
    return { id, sha, recorded: sha, region, created, at, kind: 'plain', succeeds: true, ...never };
  }

  let freeAt = 0;
  let lastId = 1000;
  triggers.forEach((trigger, i) => {
    lastId += 1;
    const isWaiting = isQueued && trigger.ready < freeAt;
    const isReplaced = isWaiting && (triggers[i + 1]?.ready ?? freeAt) < freeAt;
    const begins = isWaiting ? freeAt : trigger.ready;
    const isCancelled = !isReplaced && has.failures && chance(0.06);
    const isSoft = has.softFailures && chance(0.1);
    const isElsewhere =
      MAKES_SINGLE_RECORDS_ELSEWHERE && has.elsewhere && trigger.kind === 'plain' && chance(0.1);
    const isMoved = trigger.at >= movedAt;
    const branch =
      trigger.event === 'workflow_dispatch' && trigger.sha !== headAt(trigger.at) ? 'v1' : 'main';
    const workflow = isElsewhere && byRuns ? 'hotfix.yml' : trigger.workflow;
    const test = { name: 'test', from: iso(trigger.at), to: iso(trigger.ready), deploys: false };
    if (isReplaced) {
      const jobs = [{ ...test, conclusion: 'success' }];
      recordRun(team, trigger.sha, {
        id: lastId,
        jobs,
        conclusion: 'cancelled',
        event: trigger.event,
        branch,
        workflow,
      });
      return;
    }
    const legs = environments.map((region) => {
      const created = begins + upTo(20) * 1000;
      const takes = (40 + upTo(chance(0.15) ? 5400 : 700)) * 1000;
      const hasFailed = isCancelled || isSoft || (has.failures && chance(0.1));
      return { region, created, ended: created + takes, hasFailed };
    });
    freeAt = Math.max(...legs.map(({ ended }) => ended));
    const isByApi = means === 'commit' || means === 'branch';
    const jobs = legs.map(
      ({ region, created, ended, hasFailed }): RunJobOptions => ({
        name: environments.length > 1 ? `deploy (${region})` : 'deploy',
        from: iso(created),
        to: iso(ended),
        conclusion: isCancelled ? 'cancelled' : hasFailed ? 'failure' : 'success',
        deploys: !isByApi,
      }),
    );
    const records: (WorldDeployment | undefined)[] = recordRun(team, trigger.sha, {
      id: lastId,
      event: trigger.event,
      branch,
      workflow,
      jobs: isTriggered ? jobs : [test, ...jobs],
      ...(isCancelled ? { conclusion: 'cancelled' } : isSoft ? { conclusion: 'success' } : {}),
      createdAt: iso(trigger.at),
    });
    legs.forEach(({ region, created, ended, hasFailed }, j) => {
      let { kind } = trigger;
      if (isByApi) {
        const isOfBranch = means === 'branch' && branch === 'main' && trigger.event === 'push';
        const recorded = isOfBranch ? headAt(created) : trigger.checkedOut;
        const log = `https://github.com/acme/shop/actions/runs/${lastId}`;
        if (recorded !== trigger.checkedOut) kind = has.noLogs ? 'branch, no log' : 'branch';
        records[j] = team.deploy(recorded, iso(created), {
          takes: (ended - created) / 1000,
          outcome: hasFailed ? anyOf(['FAILURE', 'ERROR'] as const) : 'SUCCESS',
          ...(has.noLogs ? {} : { logUrl: log }),
          ...(isOfBranch ? { ref: 'refs/heads/main' } : {}),
        });
      }
      const record = records[j];
      if (isSoft) kind = 'continue-on-error';
      if (isElsewhere) kind = 'elsewhere';
      if (isMoved) kind = 'moved';
      if (record) record.environment = isMoved || isElsewhere ? region.replace('production', 'live') : region;
      const markedAt =
        !hasFailed && has.marks && kind === 'plain' && chance(0.15) ? ended + (1 + upTo(60)) * MINUTE : null;
      const againAt = markedAt !== null && chance(0.2) ? markedAt + (1 + upTo(30)) * MINUTE : null;
      attempts.push({
        id: byRuns ? lastId : (record?.id ?? 0),
        sha: trigger.checkedOut,
        recorded: record?.sha ?? trigger.sha,
        created,
        at: ended,
        region,
        kind,
        succeeds: !hasFailed,
        markedAt,
        againAt,
        record: record ?? null,
      });
    });
  });

  const to = chance(0.3) ? BEGIN + Math.floor(((ends - BEGIN) * (0.5 + random() / 2)) / 1000) * 1000 : ends;
  const regions = environments.map((region) =>
    runServers(
      attempts.filter((attempt) => attempt.region === region),
      to,
    ),
  );
  const wrong = attempts.flatMap(({ kind, id, sha, recorded, created, at, markedAt, againAt }) =>
    kind === 'plain'
      ? []
      : [{ kind, id, sha, recorded, created, lasts: Math.max(at, markedAt ?? 0, againAt ?? 0) }],
  );

  const ref = has.inputs
    ? '${' + '{ inputs.sha || github.sha }}'
    : checksOutTrigger
      ? '${' + '{ github.event.workflow_run.head_sha }}'
      : '';
  const file = [
    isTriggered ? 'on:\n  workflow_run:\n    workflows: [CI]' : 'on:\n  push:\n  workflow_dispatch:',
    ...(isQueued ? ['concurrency: deploy'] : []),
    'jobs:\n  test:\n    steps: []\n  deploy:',
    `    environment: ${environments.length > 1 ? '${' + '{ matrix.region }}' : 'production'}`,
    ...(environments.length > 1 ? [`    strategy:\n      matrix:\n        region: [${environments}]`] : []),
    `    steps:\n      - uses: actions/checkout@v4${ref && `\n        with:\n          ref: ${ref}`}\n`,
  ].join('\n');
  world.files = {
    '.github/workflows/deploy.yml': file,
    ...(isTriggered
      ? { '.github/workflows/ci.yml': 'name: CI\non: push\njobs:\n  test:\n    steps: []\n' }
      : {}),
  };
  const from = BEGIN + HOUR + Math.floor(upTo(Math.floor((to - BEGIN) * 0.4)) / 1000) * 1000;
  return {
    world,
    from,
    to,
    regions,
    liveWith,
    wrong,
    inputs: {
      window: `${(to - from) / 1000}s`,
      target: `${Math.min(10 + upTo(80), Math.floor((to - from) / 2.5 / MINUTE))}m`,
      'min-samples': '3',
      environment: environments.length > 1 ? 'production-*' : 'production',
      live: liveWith,
      ...(byRuns ? { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml' } : {}),
    },
    description: `${byRuns ? 'runs' : 'deployments'} by ${means}${isQueued ? ', queued' : ''}, ${environments.length > 1 ? `live: ${liveWith}` : 'one region'}`,
  };
}

/**
 * Plays the deployments to one region second by second. A monitor that marks the running version as failed takes the
 * servers back to the version before. Writes the marks to the records.
 */
function runServers(attempts: readonly Attempt[], to: number): LiveVersion[] {
  const events = attempts
    .filter(({ succeeds }) => succeeds)
    .flatMap((attempt) => [
      { at: attempt.at, what: 'ends' as const, attempt },
      ...(attempt.markedAt === null ? [] : [{ at: attempt.markedAt, what: 'fails' as const, attempt }]),
      ...(attempt.againAt === null
        ? []
        : [{ at: attempt.againAt, what: 'succeeds again' as const, attempt }]),
    ])
    .sort((a, b) => a.at - b.at || a.attempt.created - b.attempt.created || a.attempt.id - b.attempt.id);
  const versions: (LiveVersion & { attempt: Attempt; isTakenBack: boolean })[] = [];
  let current: Attempt | null = null;
  const before = new Map<Attempt, Attempt | null>();
  const begin = (attempt: Attempt, at: number) => {
    if (current !== attempt) before.set(attempt, current);
    current = attempt;
    const { id, sha, created } = attempt;
    versions.push({ id, sha, created, at, attempt, isTakenBack: false });
  };
  for (const { at, what, attempt } of events) {
    const logUrl = attempt.record?.statuses.at(-1)?.logUrl;
    const status = (state: string) =>
      attempt.record?.statuses.push({ state, createdAt: iso(at), ...(logUrl ? { logUrl } : {}) });
    if (what === 'ends') begin(attempt, at);
    else if (what === 'fails') {
      status('FAILURE');
      attempt.kind = current === attempt ? 'revoked' : 'marked late';
      if (current !== attempt) continue;
      if (at <= to)
        for (const version of versions) if (version.attempt === attempt) version.isTakenBack = true;
      current = before.get(attempt) ?? null;
    } else {
      status('SUCCESS');
      if (attempt.kind === 'revoked') attempt.kind = 'recovered';
      begin(attempt, at);
    }
  }
  return versions.filter(({ isTakenBack }) => !isTakenBack);
}
