import type { Seen } from '../critical-path.ts';
import { longestPerRun } from '../critical-path.ts';
import { isLoop, scriptIn } from './commands.ts';
import { type Hit, hitIn, inStage, type Rule, scriptOf, stepsWhere } from './rule.ts';

/** Rules about time in which nothing happens. */

const WAITS = /\b(?:wait|sleep|pause|settle|cool[- ]?down)\b/i;
const SLEEP = /\b(?:sleep|Start-Sleep(?: -s\w*)?) (\d+)([sm]?)\b/gi;
/** Actions that do nothing for a time. */
const PAUSE = /(?:wait|sleep|delay)-action@/;

function isConstant(seen: readonly Seen[]): boolean {
  const times = seen.map(({ seconds }) => seconds);
  return Math.min(...times) >= 30 && Math.max(...times) - Math.min(...times) <= 1;
}

export const runnerStarvation: Rule = {
  id: 'runner-starvation',
  title: 'Jobs wait for a free runner',
  advice: 'Add runners, or give the deploying workflow its own runner group.',
  remains: [0.1, 0.5],
  // A job in a concurrency group may have waited for a run that was not read.
  find: inStage(
    'runner',
    'waiting for a runner',
    ({ cause }, { run }) => cause === undefined && run.isUndated !== true,
  ),
};

export const fixedWait: Rule = {
  id: 'fixed-wait',
  title: 'A step sleeps for a fixed time',
  advice:
    'Wait for what the step needs, such as a health check or a rollout status, instead of a fixed time.',
  // A short wait may be needed.
  minShare: 0.08,
  remains: [0, 0.3],
  find: (evidence) =>
    stepsWhere((step) => {
      const script = scriptOfWait(step);
      if (PAUSE.test(step.fileStep?.uses ?? '')) return isConstant(step.seen);
      const seconds = sleptIn(script);
      if (isLoop(script)) return false;
      if (seconds >= 10) return step.medianSeconds >= seconds;
      return WAITS.test(step.step) && isConstant(step.seen);
    })(evidence).map((hit) => {
      // The other commands of the script do not wait.
      const seconds = sleptIn(scriptOfWait(hit));
      return seconds >= 10 ? { ...hit, atStakeSeconds: Math.min(seconds, hit.medianSeconds) } : hit;
    }),
};

const scriptOfWait = ({ fileStep }: Pick<Hit, 'fileStep'>): string =>
  fileStep ? scriptIn(fileStep) || scriptOf({ fileStep }) : '';

/** Seconds that a script sleeps. */
const sleptIn = (script: string): number =>
  [...script.matchAll(SLEEP)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (unit === 'm' ? 60 : 1),
    0,
  );

export const reRuns: Rule = {
  id: 're-runs',
  title: 'Deployments fail at first and are run again',
  advice: 'Find what fails at first and passes later. Fix it or quarantine it.',
  remains: [0, 0.2],
  find: inStage('re-runs', 'earlier attempts'),
};

export const queuedBehind: Rule = {
  id: 'queued-behind',
  title: 'A deployment waits for the one before it',
  advice:
    'Shorten the deploy job, and keep only that job in the concurrency group. Set `queue: max`, so that waiting runs are not replaced.',
  remains: [0.1, 0.6],
  find: inStage('behind', 'waiting for another deployment'),
};

export const evicted: Rule = {
  id: 'evicted',
  title: 'A newer run replaced a waiting one, so two changes shipped together',
  advice:
    'By default a concurrency group keeps only one waiting run. Set `queue: max` on the group, so that each change ships alone.',
  remains: [0, 1],
  find: ({ evicted, report: { staged } }) => {
    const seen = staged.flatMap(({ mergeset, leadTimeSeconds }) => {
      const run = evicted.find(({ sha }) => sha === mergeset.mergeCommit);
      return run ? [{ seconds: leadTimeSeconds, run: run.id, url: run.url }] : [];
    });
    return hitIn('the concurrency group', seen, staged);
  },
};

export const approval: Rule = {
  id: 'approval',
  title: 'Deployments wait for an approval or a timer',
  advice: 'Let checks decide: remove required reviewers and wait timers from the environment.',
  remains: [0, 0],
  find: (evidence) => [
    ...inStage('approval', 'approval or other protection rule')(evidence),
    ...inStage('wait-timer', 'wait timer')(evidence),
  ],
};

export const byTheCalendar: Rule = {
  id: 'by-the-calendar',
  title: 'A person or a schedule starts the deployment',
  advice: 'Deploy on every push to the branch.',
  remains: [0, 0.1],
  find: ({ report }) => {
    const staged = report.staged.filter((change) =>
      ['schedule', 'workflow_dispatch', 'release'].includes(change.pipeline?.run.event ?? ''),
    );
    if (longestPerRun(staged).length * 2 < longestPerRun(report.staged).length) return [];
    return (['by-hand', 'schedule', 'starting'] as const).flatMap((stage) =>
      inStage(
        stage,
        stage === 'schedule' ? 'waiting for the schedule' : 'waiting for the workflow to start',
      )({ report: { ...report, staged } }),
    );
  },
};
