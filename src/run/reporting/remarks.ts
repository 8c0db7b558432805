import { differenceInSeconds } from 'date-fns';
import type { DoubtfulDeployments } from '../../diagnose/doubtful-deployments.ts';
import type { Unjudged } from '../../judge/judge.ts';
import type { Caveats } from '../../measure/caveats.ts';
import { type LeadTime, statisticOf } from '../../model/lead-time.ts';
import type { Target } from '../../model/terms.ts';
import type { MeasuredMergeset } from '../../measure/measured.ts';
import type { Remark } from '../../model/facts.ts';
import { oneLine } from '../../model/guard-error.ts';
import type { Judged } from './judged.ts';
import { awaitedParts, revokedWords } from './sentences.ts';
import { targetRemarks } from './target-check.ts';
import { counted, duration, listed, moment, nameOf, statisticWords } from '../../report/words.ts';

/** Repeated deployments get a remark from this many successes and this share on. */
const MIN_SUCCESSES = 3;
const REPEATED_SHARE = 1 / 3;
/** With this many merged pull requests, a branch looks like the one that a team works on. */
const MIN_CARRIED = 3;

/** One line for each caveat that a reader of the figures should know. */
export function remarksOf({
  judgement,
  diagnosis: { doubtful },
  measurement,
  service,
  repository: { baseBranch },
  facts: { remarks = [], idleRegions = [] },
}: Judged): Remark[] {
  const { environment, target } = service;
  const { caveats } = measurement;
  const branch = oneLine(baseBranch, 60);
  return [
    ...unjudged(judgement.unjudged, environment, measurement),
    ...bots(caveats, target),
    ...carried(caveats, branch, target),
    ...hotfixes(caveats, branch),
    ...withoutPullRequest(caveats, branch),
    ...repeated(caveats),
    ...revoked(caveats),
    ...races(caveats, measurement.window.to, environment),
    ...skippedSteps(doubtful),
    ...otherCheckouts(doubtful),
    ...idle(idleRegions, measurement.pending),
    ...targetRemarks({ service, measurement }),
    ...remarks,
  ];
}

/** Guard mode has no deployment to judge. */
function unjudged(
  reason: Unjudged | null,
  environment: string,
  { deployments }: Pick<Judged['measurement'], 'deployments'>,
): Remark[] {
  if (reason === null) return [];
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
  return [{ what, consequence: 'The verdict covers the window only, and no pull request gets a comment.' }];
}

function bots({ authors }: Caveats, { statistic, tolerance }: Target): Remark[] {
  if (authors === null) return [];
  const { bots, people } = authors;
  const value = (leadTime: LeadTime) => {
    const { seconds, atLeastSeconds } = statisticOf(leadTime, statistic);
    return seconds ?? atLeastSeconds ?? 0;
  };
  const [less = 0, more = 0] = [value(bots), value(people)].sort((a, b) => a - b);
  if (more <= less * (1 + tolerance)) return [];
  const words = (leadTime: LeadTime) => statisticWords(leadTime, statistic, 'at least');
  return [
    {
      what: `${bots.count} of ${bots.count + people.count} changes are by bots. Their ${statistic} is ${words(bots)}, for people it is ${words(people)}.`,
      consequence: 'All of them count. To count only changes by people, set "authors: people".',
    },
  ];
}

/** The branch with the most pull requests that reached the base branch through another merge. */
function carried(caveats: Caveats, baseBranch: string, { statistic }: Target): Remark[] {
  const busiest = caveats.carried.find(
    ({ pullRequests, deployments, leadTime }) =>
      pullRequests >= MIN_CARRIED && pullRequests > deployments && leadTime.deployed > 0,
  );
  if (!busiest) return [];
  const branch = oneLine(busiest.branch, 60);
  const value = statisticWords(busiest.leadTime, statistic, 'at least');
  return [
    {
      what: `${busiest.pullRequests} pull requests were merged into ${branch} first and reached ${baseBranch} later. From their own merge to live, the ${statistic} is ${value}.`,
      consequence: `The figures count the merges into ${baseBranch} instead. To count these pull requests, set "base-branch: ${branch}".`,
    },
  ];
}

function hotfixes({ hotfixes: all }: Caveats, baseBranch: string): Remark[] {
  return [...new Set(all.map((hotfix) => hotfix.branch))].map((branch) => {
    const numbers = all.filter((hotfix) => hotfix.branch === branch).map(({ number }) => `#${number}`);
    const isOne = numbers.length === 1;
    const were = isOne ? '1 hotfix was' : `${numbers.length} hotfixes were`;
    return {
      what: `${were} merged straight into ${oneLine(branch, 60)} (${listed(numbers)}); ${isOne ? 'it is' : 'they are'} not counted.`,
      consequence: `The figures count the merges into ${baseBranch} only.`,
    };
  });
}

function withoutPullRequest({ withoutPullRequest: count }: Caveats, baseBranch: string): Remark[] {
  if (count === 0) return [];
  const isOne = count === 1;
  return [
    {
      what: `${counted(count, 'commit')} reached ${baseBranch} without a pull request and ${isOne ? 'is' : 'are'} not counted.`,
      consequence: `To count ${isOne ? 'it' : 'them'}, set "direct-pushes: count".`,
    },
  ];
}

function revoked({ revoked: [first, ...others] }: Caveats): Remark[] {
  if (!first) return [];
  const more = others.length > 0 ? ` So were ${others.length} more.` : '';
  return [
    {
      what: `The deployment of ${moment(first.succeededAt)} UTC was ${revokedWords(first)}.${more}`,
      consequence: 'Its changes count for the next success, because the last status decides.',
    },
  ];
}

function idle(regions: Judged['facts']['idleRegions'] = [], pending: readonly MeasuredMergeset[]): Remark[] {
  const waiting = pending.filter((mergeset) => mergeset.waitsForIdleRegions).length;
  if (regions.length === 0 || waiting === 0) return [];
  const names = regions.map(({ name }) => oneLine(name, 60));
  const excluded = names.map((name) => `"!${name}"`);
  return [
    {
      what: `${waiting === 1 ? '1 change waits' : `${waiting} changes wait`} only for ${listed(names)}. Other regions were deployed at least twice since.`,
      consequence: `Deploy to ${regions.length === 1 ? 'it' : 'them'}, or add ${listed(excluded)} to "environment". This waiting alone makes no drift certain.`,
    },
  ];
}

function skippedSteps({ skippedSteps: deployments }: DoubtfulDeployments): Remark[] {
  const [first] = deployments;
  if (!first) return [];
  return [
    {
      what: `The step that deploys was skipped in ${counted(deployments.length, 'successful deployment')} ("${oneLine(first.step, 60)}" in ${listed(deployments.map(({ id }) => `${id}`))}).`,
      consequence:
        'They count as live, because GitHub records a success for the job. Give the step a job of its own that uses the environment.',
    },
  ];
}

/** The last race, with the minutes in which a change was not live any more. */
function races({ races }: Caveats, now: Date, environment: string): Remark[] {
  const last = races.at(-1);
  if (!last) return [];
  const { mergesets, from, replacedAt, againAt } = last.race;
  const names = mergesets.length > 0 ? listed(mergesets.map(nameOf)) : 'The newer commit';
  const was = mergesets.length > 1 ? 'were' : 'was';
  const [live, gone] = [
    differenceInSeconds(replacedAt, from),
    differenceInSeconds(againAt ?? now, replacedAt),
  ].map(duration);
  const more =
    races.length > 1 ? ` There were ${counted(races.length - 1, 'other race')} in this window.` : '';
  return [
    {
      what: `Two deployments raced on ${moment(replacedAt)} UTC, and the one with the older commit ended last. ${names} ${was} live for ${live}, ${againAt ? `then not for ${gone}, then again` : `and not for the ${gone} since then`}.${more}`,
      consequence: last.isByActions
        ? 'Lead time ends when a change is live first. To deploy one commit at a time, add these lines to the deploy workflow:'
        : 'Lead time ends when a change is live first. Let each deployment wait for the one before it.',
      ...(last.isByActions ? { yaml: queueYaml(environment) } : {}),
    },
  ];
}

function otherCheckouts({ otherCheckouts: deployments }: DoubtfulDeployments): Remark[] {
  const [first] = deployments;
  if (!first) return [];
  const file = oneLine(first.file.replace(/^.*\//, ''), 60);
  return [
    {
      what: `${file} is started by workflow_run and may check out another commit than GitHub recorded for ${counted(deployments.length, 'deployment')}.`,
      consequence: `Their changes may have gone live later than reported. Set "deploy-source: workflow" and "deploy-workflow: ${file}" to count the commits that were checked out.`,
    },
  ];
}

const queueYaml = (environment: string): string =>
  [
    'concurrency:',
    `  group: deploy-${environment.match(/[\w.-]*\w/)?.[0].slice(0, 60) ?? 'production'}`,
    '  cancel-in-progress: false',
    '  queue: max',
  ].join('\n');

function repeated({ repeated: { successes, redeploys, rollbacks } }: Caveats): Remark[] {
  const count = redeploys + rollbacks;
  if (successes < MIN_SUCCESSES || count < successes * REPEATED_SHARE) return [];
  return [
    {
      what: `${count} of ${successes} successful deployments put no new commit live: ${counted(redeploys, 'redeploy')} and ${counted(rollbacks, 'rollback')}. Some of them may not be deploys.`,
      consequence:
        'If other jobs use the environment too, name the deploy with "deploy-job" or "deploy-workflow".',
    },
  ];
}
