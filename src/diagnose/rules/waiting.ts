import { quantileOf } from '../../model/survival.ts';
import type { Seen } from '../critical-path.ts';
import { isLoop } from './commands.ts';
import { inStage, onePerRun, script, stage, step, type Rule } from './rule.ts';

/** Time in which nothing is done at all. */

/** A name that says so, of a step that always takes the same. */
const WAITS = /\b(?:wait|sleep|pause|settle|cool[- ]?down)\b/i;
const SLEEP = /\bsleep (\d+)(m?)\b/;

function isConstant(seen: readonly Seen[]): boolean {
  const times = seen.map((seen) => seen.seconds);
  return Math.min(...times) >= 30 && Math.max(...times) - Math.min(...times) <= 1;
}

export const runnerStarvation: Rule = {
  id: 'runner-starvation',
  title: 'Jobs wait for a runner',
  advice: 'Add runners or larger pools for the deploying workflow, or a runner group of its own.',
  yaml: null,
  remains: [0.1, 0.5],
  find: stage('runner', 'waiting for a runner'),
};

export const fixedWait: Rule = {
  id: 'fixed-wait',
  title: 'A step waits for a fixed time',
  advice: 'Wait for the thing itself (a health check, a rollout status), not for a time.',
  yaml: null,
  remains: [0, 0.3],
  find: step((step) => {
    const match = SLEEP.exec(script(step));
    const seconds = Number(match?.[1] ?? 0) * (match?.[2] === 'm' ? 60 : 1);
    // In a loop it waits for the thing itself, a little at a time.
    if (isLoop(script(step))) return false;
    if (seconds >= 10) return step.medianSeconds >= seconds;
    return WAITS.test(step.step) && isConstant(step.seen);
  }),
};

export const reRuns: Rule = {
  id: 're-runs',
  title: 'Deployments are run again',
  advice: 'Find what fails at first and passes later, and mend or quarantine it.',
  yaml: null,
  remains: [0, 0.2],
  find: stage('re-runs', 'earlier attempts'),
};

export const queuedBehind: Rule = {
  id: 'queued-behind',
  title: 'Deployments wait behind one another',
  advice:
    'Make the deploy job shorter, keep only it in the concurrency group, and let the group queue all of its runs (`queue: max`).',
  yaml: null,
  remains: [0.1, 0.6],
  find: stage('behind', 'behind another deployment'),
};

export const evicted: Rule = {
  id: 'evicted',
  title: 'Deployments are replaced in their queue by newer ones',
  advice:
    'A concurrency group keeps one waiting run: let it queue all (`queue: max`), so that each change ships by itself.',
  yaml: null,
  remains: [0, 1],
  find: ({ evicted, report }) => {
    const total = report.staged.reduce((sum, change) => sum + change.leadTimeSeconds, 0);
    const hit = report.staged.filter((change) =>
      evicted.some((evicted) => evicted.sha === change.mergeset.mergeCommit),
    );
    const seen = hit.map((change) => ({
      seconds: change.leadTimeSeconds,
      run: evicted.find((evicted) => evicted.sha === change.mergeset.mergeCommit)?.id ?? 0,
      url: evicted.find((evicted) => evicted.sha === change.mergeset.mergeCommit)?.url ?? '',
    }));
    if (seen.length === 0) return [];
    return [
      {
        where: 'the concurrency group',
        seen,
        medianSeconds: quantileOf(
          seen.map((each) => each.seconds),
          0.5,
        ),
        share: total > 0 ? seen.reduce((sum, each) => sum + each.seconds, 0) / total : 0,
        slackSeconds: null,
      },
    ];
  },
};

export const approval: Rule = {
  id: 'approval',
  title: 'Deployments wait for an approval or a timer',
  advice: 'Let the checks decide: take reviewers and wait timers off the environment.',
  yaml: null,
  remains: [0, 0],
  find: stage('approval', "the environment's protection rules"),
};

export const byTheCalendar: Rule = {
  id: 'by-the-calendar',
  title: 'Deploying is started by hand or by the clock',
  advice: 'Deploy on every push to the branch.',
  yaml: null,
  remains: [0, 0.1],
  find: ({ report }) => {
    const held = report.staged.filter((change) =>
      ['schedule', 'workflow_dispatch', 'release'].includes(change.pipeline?.run.event ?? ''),
    );
    const runs = onePerRun(held);
    if (runs.length * 2 < onePerRun(report.staged).length) return [];
    return ['by-hand' as const, 'starting' as const].flatMap((name) =>
      inStage({ ...report, staged: held }, name, 'until the workflow was started'),
    );
  },
};
