import type { Beside } from '../measure/beside.ts';
import { statisticOf } from '../model/lead-time.ts';
import type { Remark } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import type { UnitAnswer } from './answer.ts';
import type { Block } from './blocks.ts';
import { counted, duration } from './words.ts';

/** What is worth knowing beside the numbers: one line each, only where it is so. */

/** Of so many successes at least a share can be told, and from this share on it is worth a line. */
const LEAST_SUCCESSES = 3;
const SHARE_AGAIN = 1 / 3;
/** Pull requests that a branch carries, before it looks like the one that a team works on. */
const LEAST_CARRIED = 3;

export function remarksOf(answer: UnitAnswer): Remark[] {
  const { beside } = answer;
  return [
    ...unjudged(answer),
    ...bots(answer),
    ...carried(answer),
    ...withoutPullRequest(answer),
    ...again(beside),
    ...answer.told,
  ];
}

export function remarkBlocks(answer: UnitAnswer): Block[] {
  return remarksOf(answer).map((each) => ({ kind: 'note', text: [`${each.what} ${each.consequence}`] }));
}

/** Guard mode was asked about one deployment, and there is nothing to judge about it. */
function unjudged({ unjudged: it, environment }: UnitAnswer): Remark[] {
  if (it === null) return [];
  const where = oneLine(environment, 60);
  const what = {
    none: `What this event is about made no deployment to ${where}.`,
    failure: `The deployment of this event${'deployment' in it ? ` (${it.deployment})` : ''} failed.`,
    running: `The deployment of this event${'deployment' in it ? ` (${it.deployment})` : ''} is still running.`,
    'nothing-new': `The deployment of this event${'deployment' in it ? ` (${it.deployment})` : ''} put nothing live that was not live before.`,
  }[it.why];
  return [{ what, consequence: 'So no deployment is judged here, and nothing is commented; the window is.' }];
}

function bots({ beside: { authors }, target }: UnitAnswer): Remark[] {
  if (authors === null) return [];
  const value = (of: 'bots' | 'people') => {
    const { seconds, atLeastSeconds } = statisticOf(authors[of], target.statistic);
    return { seconds: seconds ?? atLeastSeconds ?? 0, isBound: seconds === null || atLeastSeconds !== null };
  };
  const [byBots, byPeople] = [value('bots'), value('people')];
  const [less, more] = [byBots.seconds, byPeople.seconds].sort((a, b) => a - b);
  if ((more ?? 0) <= (less ?? 0) * (1 + target.tolerance)) return [];
  const words = (each: typeof byBots) => `${each.isBound ? 'at least ' : ''}${duration(each.seconds)}`;
  const { bots, people } = authors;
  return [
    {
      what: `${bots.count} of ${bots.count + people.count} by bots: ${target.statistic} ${words(byBots)}; by people: ${words(byPeople)}.`,
      consequence: 'All of them count.',
    },
  ];
}

function carried({ beside, baseBranch, target }: UnitAnswer): Remark[] {
  return beside.carried
    .filter(
      (each) =>
        each.pullRequests >= LEAST_CARRIED &&
        each.pullRequests > each.deployments &&
        each.leadTime.deployed > 0,
    )
    .slice(0, 1)
    .map(({ branch, pullRequests, leadTime }) => {
      const { seconds, atLeastSeconds } = statisticOf(leadTime, target.statistic);
      const took = `${seconds === null ? 'at least ' : ''}${duration(seconds ?? atLeastSeconds ?? 0)}`;
      const name = oneLine(branch, 60);
      return {
        what: `${counted(pullRequests, 'pull request')} that ${pullRequests === 1 ? 'was' : 'were'} merged into ${name} ${pullRequests === 1 ? 'was' : 'were'} carried to ${oneLine(baseBranch, 60)}: from their own merge to live the ${target.statistic} is ${took}.`,
        consequence: `The numbers are of what carried them; "base-branch: ${name}" counts them.`,
      };
    });
}

function withoutPullRequest({ beside: { withoutPullRequest: count }, baseBranch }: UnitAnswer): Remark[] {
  if (count === 0) return [];
  return [
    {
      what: `${counted(count, 'commit')} reached ${oneLine(baseBranch, 60)} without a pull request.`,
      consequence: `${count === 1 ? 'It is' : 'They are'} not in the numbers; "direct-pushes: count" counts ${count === 1 ? 'it' : 'them'}.`,
    },
  ];
}

function again({ again: { successes, redeploys, rollbacks } }: Beside): Remark[] {
  const count = redeploys + rollbacks;
  if (successes < LEAST_SUCCESSES || count < successes * SHARE_AGAIN) return [];
  return [
    {
      what: `${count} of ${counted(successes, 'successful deployment')} were of the same commit again (${redeploys}) or of an older one (${rollbacks}): perhaps not everything that is recorded there is a deploy.`,
      consequence:
        'Inputs "deploy-job" and "deploy-workflow" tell the deploy from other jobs that have the environment.',
    },
  ];
}
