import type { Unjudged } from '../../judge/judge.ts';
import type { Caveats } from '../../measure/caveats.ts';
import { type LeadTime, statisticOf } from '../../model/lead-time.ts';
import type { Target } from '../../model/terms.ts';
import type { Remark } from '../../model/facts.ts';
import { oneLine } from '../../model/guard-error.ts';
import type { Judged } from './judged.ts';
import { counted, statisticWords } from '../../report/words.ts';

/** What is worth knowing beside the numbers: one line each, only where it is so. */

/** Of so many successes at least a share can be told, and from this share on it is worth a line. */
const LEAST_SUCCESSES = 3;
const SHARE_AGAIN = 1 / 3;
/** Pull requests that a branch carries, before it looks like the one that a team works on. */
const LEAST_CARRIED = 3;

export function remarksOf({
  judgement,
  measurement: { caveats },
  service,
  repository,
  facts: own,
}: Judged): Remark[] {
  const { environment, target } = service;
  const { baseBranch } = repository;
  return [
    ...unjudged(judgement.unjudged, environment),
    ...bots(caveats, target),
    ...carried(caveats, baseBranch, target),
    ...withoutPullRequest(caveats, baseBranch),
    ...again(caveats),
    ...(own.remarks ?? []),
  ];
}

/** Guard mode was asked about one deployment, and there is nothing to judge about it. */
function unjudged(it: Unjudged | null, environment: string): Remark[] {
  if (it === null) return [];
  const which = 'deployment' in it ? ` (${it.deployment})` : '';
  const what = {
    none: `What this event is about made no deployment to ${oneLine(environment, 60)}.`,
    failure: `The deployment of this event${which} failed.`,
    running: `The deployment of this event${which} is still running.`,
    'nothing-new': `The deployment of this event${which} put nothing live that was not live before.`,
  }[it.why];
  return [{ what, consequence: 'So no deployment is judged here, and nothing is commented; the window is.' }];
}

function bots({ authors }: Caveats, { statistic, tolerance }: Target): Remark[] {
  if (authors === null) return [];
  const { bots, people } = authors;
  const value = (of: LeadTime) => {
    const { seconds, atLeastSeconds } = statisticOf(of, statistic);
    return seconds ?? atLeastSeconds ?? 0;
  };
  const [less, more] = [value(bots), value(people)].sort((a, b) => a - b);
  if ((more ?? 0) <= (less ?? 0) * (1 + tolerance)) return [];
  const words = (of: LeadTime) => statisticWords(of, statistic, 'at least');
  return [
    {
      what: `${bots.count} of ${bots.count + people.count} by bots: ${statistic} ${words(bots)}; by people: ${words(people)}.`,
      consequence: 'All of them count.',
    },
  ];
}

function carried(caveats: Caveats, baseBranch: string, { statistic }: Target): Remark[] {
  return caveats.carried
    .filter(
      (branch) =>
        branch.pullRequests >= LEAST_CARRIED &&
        branch.pullRequests > branch.deployments &&
        branch.leadTime.deployed > 0,
    )
    .slice(0, 1)
    .map(({ branch, pullRequests, leadTime }) => {
      const took = statisticWords(leadTime, statistic, 'at least');
      const name = oneLine(branch, 60);
      return {
        what: `${counted(pullRequests, 'pull request')} that ${pullRequests === 1 ? 'was' : 'were'} merged into ${name} ${pullRequests === 1 ? 'was' : 'were'} carried to ${oneLine(baseBranch, 60)}: from their own merge to live the ${statistic} is ${took}.`,
        consequence: `The numbers are of what carried them; "base-branch: ${name}" counts them.`,
      };
    });
}

function withoutPullRequest({ withoutPullRequest: count }: Caveats, baseBranch: string): Remark[] {
  if (count === 0) return [];
  return [
    {
      what: `${counted(count, 'commit')} reached ${oneLine(baseBranch, 60)} without a pull request.`,
      consequence: `${count === 1 ? 'It is' : 'They are'} not in the numbers; "direct-pushes: count" counts ${count === 1 ? 'it' : 'them'}.`,
    },
  ];
}

function again({ again: { successes, redeploys, rollbacks } }: Caveats): Remark[] {
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
