import type { Unjudged } from '../../judge/judge.ts';
import type { Caveats } from '../../measure/caveats.ts';
import type { Measurement } from '../../measure/measure.ts';
import { type LeadTime, statisticOf } from '../../model/lead-time.ts';
import type { Target } from '../../model/terms.ts';
import type { Remark } from '../../model/facts.ts';
import { oneLine } from '../../model/guard-error.ts';
import type { Judged } from './judged.ts';
import { awaitedParts } from './sentences.ts';
import { targetRemark } from './target-check.ts';
import { changesSinceDeployment } from '../waiting-changes.ts';
import { counted, moment, statisticWords } from '../../report/words.ts';

/** Repeated deployments get a remark from this many successes and this share on. */
const MIN_SUCCESSES = 3;
const REPEATED_SHARE = 1 / 3;

/** One line for each caveat that a reader of the figures should know. */
export function remarksOf(judged: Judged): Remark[] {
  const { judgement, measurement, moved, service, repository, facts, rareRemarks = [] } = judged;
  const { environment, target } = service;
  const { caveats } = measurement;
  const branch = oneLine(repository.baseBranch, 60);
  return [
    unjudged(judgement.unjudged, environment, measurement),
    bots(caveats, target),
    ...rareRemarks,
    withoutPullRequest(caveats, branch),
    repeated(caveats),
    moved ? null : undeployed(measurement, service),
    targetRemark(judged),
    ...(facts.remarks ?? []),
  ].filter((remark) => remark !== null);
}

/** Guard mode has no deployment to judge. */
function unjudged(reason: Unjudged | null, environment: string, { deployments }: Measurement): Remark | null {
  if (reason === null) return null;
  const isWaiting = deployments.some(
    (deployment) =>
      'deployment' in reason && deployment.id === reason.deployment && awaitedParts(deployment).length > 0,
  );
  const deployment = `The deployment of this event${'deployment' in reason ? ` (${reason.deployment})` : ''}`;
  const what = {
    none: `This event made no deployment to ${oneLine(environment, 60)}.`,
    failure: `${deployment} failed.`,
    running: isWaiting ? `${deployment} is not in all regions yet.` : `${deployment} is still running.`,
    'nothing-new': `${deployment} put no new change live.`,
  }[reason.why];
  return { what, consequence: 'The verdict covers the window only, and no pull request gets a comment.' };
}

function bots({ authors }: Caveats, { statistic, tolerance }: Target): Remark | null {
  if (authors === null) return null;
  const { bots, people } = authors;
  const value = (leadTime: LeadTime) => {
    const { seconds, atLeastSeconds } = statisticOf(leadTime, statistic);
    return seconds ?? atLeastSeconds ?? 0;
  };
  const [less = 0, more = 0] = [value(bots), value(people)].sort((a, b) => a - b);
  if (more <= less * (1 + tolerance)) return null;
  const words = (leadTime: LeadTime) => statisticWords(leadTime, statistic, 'at least');
  return {
    what: `${bots.count} of ${bots.count + people.count} changes are by bots. Their ${statistic} is ${words(bots)}, for people it is ${words(people)}.`,
    consequence: 'All of them count. To count only changes by people, set "authors: people".',
  };
}

function withoutPullRequest({ withoutPullRequest: count }: Caveats, baseBranch: string): Remark | null {
  if (count === 0) return null;
  const isOne = count === 1;
  return {
    what: `${counted(count, 'commit')} reached ${baseBranch} without a pull request and ${isOne ? 'is' : 'are'} not counted.`,
    consequence: `To count ${isOne ? 'it' : 'them'}, set "direct-pushes: count".`,
  };
}

/** Changes that wait for longer than the target without a deployment since. They may only seem to wait. */
function undeployed(measurement: Measurement, { environment, target }: Judged['service']): Remark | null {
  if (measurement.isFrozen || measurement.attribution.shipments.length === 0) return null;
  const { last, waiting } = changesSinceDeployment(measurement);
  if (!measurement.pending.some(({ waitingSeconds }) => (waitingSeconds ?? 0) > target.seconds)) return null;
  if (waiting.length === 0) return null;
  return {
    what: `No deployment to ${oneLine(environment, 60)} was recorded since ${moment(last)} UTC, and ${counted(waiting.length, 'change')} ${waiting.length === 1 ? 'waits' : 'wait'}.`,
    consequence:
      'After a move to another environment or workflow, the changes may be live and the figures too high.',
  };
}

function repeated({ repeated: { successes, redeploys, rollbacks, afterOtherRun } }: Caveats): Remark | null {
  const count = redeploys + rollbacks;
  if (successes < MIN_SUCCESSES || count < successes * REPEATED_SHARE) return null;
  return {
    what: `${count} of ${successes} successful deployments put no new commit live: ${counted(redeploys, 'redeploy')} and ${counted(rollbacks, 'rollback')}. Some of them may not be deploys.`,
    consequence:
      afterOtherRun * 2 > redeploys
        ? 'Another run had deployed most of these commits shortly before. If it only used the environment, the figures are too low: name the deploy with "deploy-job" or "deploy-workflow".'
        : 'If other jobs use the environment too, name the deploy with "deploy-job" or "deploy-workflow".',
  };
}
