import { differenceInSeconds } from 'date-fns';
import type { PathJob } from '../../diagnose/critical-path.ts';
import type { DoubtfulDeployments } from '../../diagnose/doubtful-deployments.ts';
import type { StageReport } from '../../diagnose/stage-report.ts';
import type { Caveats } from '../../measure/caveats.ts';
import type { MeasuredDeployment, MeasuredMergeset } from '../../measure/measured.ts';
import type { Remark } from '../../model/facts.ts';
import { oneLine } from '../../model/guard-error.ts';
import type { Target } from '../../model/terms.ts';
import { counted, duration, listed, moment, nameOf, statisticWords } from '../../report/words.ts';
import { firstOf } from '../../sources/phrases.ts';
import type { Judged } from './judged.ts';
import { revokedWords } from './sentences.ts';

/** With this many merged pull requests, a branch looks like the one that a team works on. */
const MIN_CARRIED = 3;

/** Remarks about cases that few repositories have. Loaded only if there is such a case. */
export function rareRemarksOf({
  diagnosis: { doubtful, path, stages },
  measurement: { caveats, deployments, mergesets, pending, window },
  service: { environment, target },
  repository: { baseBranch },
  facts: { idleRegions },
}: Judged): Remark[] {
  const branch = oneLine(baseBranch, 60);
  return [
    carried(caveats, branch, target),
    ...hotfixes(caveats, branch),
    ...revoked(caveats),
    olderCommits(mergesets),
    branchRecords(deployments),
    races(caveats, window.to, environment),
    skippedSteps(doubtful),
    borrowed(stages?.borrowers ?? null, environment),
    ambiguous(path?.now.jobs ?? []),
    idle(idleRegions, pending),
  ].filter((remark) => remark !== null);
}

function borrowed(borrowers: StageReport['borrowers'], environment: string): Remark | null {
  if (borrowers === null) return null;
  const [deploy, after] = [borrowers.deploy, listed(borrowers.after)].map((name) => oneLine(name, 60));
  return {
    what: `Jobs after the deployment also use the environment ${oneLine(environment, 60)} (${after}), and GitHub records a deployment for each of them.`,
    consequence: `Changes count as live only when these jobs end. To end their time with ${deploy}, set "deploy-job: ${deploy}".`,
  };
}

/** Jobs whose names do not say which job of the file they are. */
function ambiguous(jobs: readonly PathJob[]): Remark | null {
  const unclear = jobs.filter((job) => job.ambiguous);
  const [first] = unclear;
  if (!first) return null;
  const more = unclear.length > 1 ? ` The same holds for ${counted(unclear.length - 1, 'other job')}.` : '';
  return {
    what: `The job name "${oneLine(first.job, 60)}" fits several jobs in the workflow files (${listed(first.ambiguous ?? [])}).${more}`,
    consequence:
      'Times alone decide its place, and there is no advice about it. Give these jobs different names.',
  };
}

/** The branch with the most pull requests that reached the base branch through another merge. */
function carried(caveats: Caveats, baseBranch: string, { statistic }: Target): Remark | null {
  const busiest = caveats.carried.find(
    ({ pullRequests, deployments, leadTime }) =>
      pullRequests >= MIN_CARRIED && pullRequests > deployments && leadTime.deployed > 0,
  );
  if (!busiest) return null;
  const branch = oneLine(busiest.branch, 60);
  const value = statisticWords(busiest.leadTime, statistic, 'at least');
  return {
    what: `${busiest.pullRequests} pull requests were merged into ${branch} first and reached ${baseBranch} later. From their own merge to live, the ${statistic} is ${value}.`,
    consequence: `The figures count the merges into ${baseBranch} instead. To count these pull requests, set "base-branch: ${branch}".`,
  };
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

/** Deployments that were marked failed after they succeeded. Those that took changes back come first. */
function revoked({ revoked: all }: Caveats): Remark[] {
  return [false, true].flatMap((wasReplaced) => {
    const [first, ...others] = all.filter((revocation) => (revocation.wasReplaced ?? false) === wasReplaced);
    if (!first) return [];
    const more = others.length > 0 ? ` So were ${others.length} more.` : '';
    return [
      {
        what: `The deployment of ${moment(first.succeededAt)} UTC was ${revokedWords(first)}.${more}`,
        consequence: wasReplaced
          ? 'A later deployment had replaced it before, so its changes count for it. Otherwise the last status decides.'
          : 'Its changes count for the next success, because the last status decides. If it stayed live, the figures are too high.',
      },
    ];
  });
}

/** Changes that a deployment may not have contained, by the reason. */
function olderCommits(mergesets: readonly MeasuredMergeset[]): Remark | null {
  const doubtful = mergesets.filter(({ notes }) => notes.includes('older-commit'));
  if (doubtful.length === 0) return null;
  return {
    what: `${counted(doubtful.length, 'change')} may have gone live later than reported (${firstOf(doubtful.map(nameOf), 5)}).`,
    consequence:
      'An older commit than the recorded one may have been deployed: the deployment names a branch and no run, or its run can get a commit as an input. There is no verdict if it depends on this.',
  };
}

/** Deployments whose commit is the newest of a branch at the time of their record, whatever they took. */
function branchRecords(deployments: readonly MeasuredDeployment[]): Remark | null {
  const count = deployments.filter(isBranchRecord).length;
  if (count === 0) return null;
  return {
    what: `GitHub recorded the newest commit of the branch for ${counted(count, 'deployment')} that ${count === 1 ? 'names' : 'name'} no run.`,
    consequence:
      'A change that was merged after the deployment had begun went live later than these figures say. Create deployments with their commit, or with the URL of their run as "log_url".',
  };
}

/** True for a success whose record shows only the newest commit of a branch. */
const isBranchRecord = ({ outcome, mergesets, deployment }: MeasuredDeployment): boolean =>
  outcome === 'success' && mergesets.length > 0 && deployment.mayBeOlder === 'branch';

/** The last race, with the minutes in which a change was not live any more. */
function races({ races }: Caveats, now: Date, environment: string): Remark | null {
  const last = races.at(-1);
  if (!last) return null;
  const { mergesets, from, replacedAt, againAt } = last.race;
  const names = mergesets.length > 0 ? listed(mergesets.map(nameOf)) : 'The newer commit';
  const was = mergesets.length > 1 ? 'were' : 'was';
  const [live, gone] = [
    differenceInSeconds(replacedAt, from),
    differenceInSeconds(againAt ?? now, replacedAt),
  ].map(duration);
  const more =
    races.length > 1 ? ` There were ${counted(races.length - 1, 'other race')} in this window.` : '';
  return {
    what: `Two deployments raced on ${moment(replacedAt)} UTC, and the one with the older commit ended last. ${names} ${was} live for ${live}, ${againAt ? `then not for ${gone}, then again` : `and not for the ${gone} since then`}.${more}`,
    consequence: last.isByActions
      ? 'Lead time ends when a change is live first. To deploy one commit at a time, add these lines to the deploy workflow:'
      : 'Lead time ends when a change is live first. Let each deployment wait for the one before it.',
    ...(last.isByActions ? { yaml: queueYaml(environment) } : {}),
  };
}

function idle(
  regions: Judged['facts']['idleRegions'] = [],
  pending: readonly MeasuredMergeset[],
): Remark | null {
  const waiting = pending.filter((mergeset) => mergeset.waitsForIdleRegions).length;
  if (regions.length === 0 || waiting === 0) return null;
  const names = regions.map(({ name }) => oneLine(name, 60));
  const excluded = names.map((name) => `"!${name}"`);
  return {
    what: `${waiting === 1 ? '1 change waits' : `${waiting} changes wait`} only for ${listed(names)}. Other regions were deployed at least twice since.`,
    consequence: `Deploy to ${regions.length === 1 ? 'it' : 'them'}, or add ${listed(excluded)} to "environment". This waiting alone makes no drift certain and no change stuck.`,
  };
}

function skippedSteps({ skippedSteps: deployments }: DoubtfulDeployments): Remark | null {
  const [first] = deployments;
  if (!first) return null;
  return {
    what: `The step that deploys was skipped in ${counted(deployments.length, 'successful deployment')} ("${oneLine(first.step, 60)}" in ${listed(deployments.map(({ id }) => `${id}`))}).`,
    consequence:
      'They count as live, because GitHub records a success for the job. Give the step a job of its own that uses the environment.',
  };
}

const queueYaml = (environment: string): string =>
  [
    'concurrency:',
    `  group: deploy-${environment.match(/[\w.-]*\w/)?.[0].slice(0, 60) ?? 'production'}`,
    '  cancel-in-progress: false',
    '  queue: max',
  ].join('\n');
