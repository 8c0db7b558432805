import type { Lookups, Survey, SurveyedDeployment, SurveyedRun, SurveyedWorkflow } from '../github/survey.ts';
import { oneLine } from '../model/guard-error.ts';
import type { FileJob } from '../model/workflow-file.ts';
import { counted, listed } from '../report/words.ts';
import {
  afterWorkflows,
  areApart,
  asOfReason,
  BEFORE_PRODUCTION,
  byName,
  type Candidate,
  dayOf,
  filesOf,
  GITHUB_ITSELF,
  groupedBy,
  isRecent,
  named,
  PRODUCTION,
  pathsOf,
  runsAfter,
  type SetUpService,
  type Start,
  serviceNameOf,
  servicesReason,
  workflowsThatDeploy,
} from './candidate.ts';

/** Environments, their regions and their services as candidates. */

/** Milliseconds. An environment that was last deployed that long before the others may be a leftover. */
const QUIET_MS = 28 * 86_400_000;
export const PREVIEW = /preview|^review\b|(?:^|[-_/ ])pr[-_ ]?#?\d+/i;
/** Environments that checks and agents use for their secrets. */
const CHECKS = /(?:^|[-_/ ])(?:ci|e2e|integration|copilot)(?:[-_/ ]|$)/i;
const PRODUCTION_WORD = /prod(?:uction)?|live/gi;
const REGION =
  /(?:^|[-_/ .])(?:(?:eu|us|uk|ca|ap|sa|me|af|emea|apac|amer|asia|europe|america|australia|north|south|east|west|central|northeast|southeast|[a-d]|\d+)(?=[-_/ .\d]|$)\d*)+/gi;
export const PAGES = /^github-pages$/i;
/** Environments whose runs are looked up, and runs for each. */
const MAX_LOOKED_UP = 12;
const MAX_RUNS = 5;
/** Branches that are not topic branches although they have many names. */
const RELEASE_BRANCH = /^(?:release|hotfix)|\d+\.\d/i;

/** Likelihood that an environment is production, from 0 (most likely) to 3. */
export function rankOf(environment: string): number {
  if (/^prod(?:uction)?$/i.test(environment)) return 0;
  if (BEFORE_PRODUCTION.test(environment) || CHECKS.test(environment)) return 3;
  return PRODUCTION.test(environment) ? 1 : 2;
}

export interface Environment {
  name: string;
  deployments: SurveyedDeployment[];
  rank: number;
  newest: Date;
  /** True if others were deployed long after it. */
  isQuiet: boolean;
  /** Some of the runs in the logs of its deployments. */
  runs: SurveyedRun[];
}

function environmentsIn(deployments: readonly SurveyedDeployment[], at: Date) {
  const recent = deployments.filter((deployment) => deployment.isSuccess && isRecent(deployment.at, at));
  const byName = groupedBy(recent, ({ environment }) => environment);
  const previews = [...byName.keys()].filter((name) => PREVIEW.test(name));
  for (const name of previews) byName.delete(name);
  const newestOf = (list: readonly SurveyedDeployment[]) => list[0]?.at ?? new Date(0);
  const newest = Math.max(...[...byName.values()].map((list) => newestOf(list).getTime()));
  const environments = [...byName].map(
    ([name, list]): Environment => ({
      name,
      deployments: list,
      rank: rankOf(name),
      newest: newestOf(list),
      isQuiet: newest - newestOf(list).getTime() > QUIET_MS,
      runs: [],
    }),
  );
  environments.sort(
    (a, b) =>
      Number(a.isQuiet) - Number(b.isQuiet) ||
      a.rank - b.rank ||
      b.deployments.length - a.deployments.length ||
      (a.name < b.name ? -1 : 1),
  );
  return { environments, previews };
}

/** True if most runs are for pull requests or for topic branches, so that changes do not go live in the environment. */
function areOfTopics(runs: readonly SurveyedRun[], baseBranch: string): boolean {
  const ofPulls = runs.filter(({ event }) => event.startsWith('pull_request'));
  const branches = runs.flatMap(({ branch, event }) =>
    branch === null || branch === baseBranch || event === 'release' || RELEASE_BRANCH.test(branch)
      ? []
      : branch,
  );
  return (
    ofPulls.length * 2 > runs.length || (branches.length * 2 > runs.length && new Set(branches).size > 2)
  );
}

/** Name without its region, and without the words for production. */
const stemOf = (name: string) => name.replace(REGION, '').toLowerCase();
const appOf = (name: string) =>
  name.replace(PRODUCTION_WORD, '').replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');

const shasOf = ({ deployments }: Environment) => new Set(deployments.map(({ sha }) => sha));

/** Environments that get the same commits as another one whose name differs by the region only. */
function regionsOf(environment: Environment, others: readonly Environment[]): Environment[] {
  const shas = shasOf(environment);
  const regions = others.filter((other) => {
    const own = shasOf(other);
    const common = [...own].filter((sha) => shas.has(sha)).length;
    return (
      other !== environment &&
      !other.isQuiet &&
      other.rank <= Math.max(1, environment.rank) &&
      stemOf(other.name) === stemOf(environment.name) &&
      common * 2 >= Math.min(own.size, shas.size)
    );
  });
  return [environment, ...regions].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const tierOf = ({ name, rank, isQuiet }: Environment): number =>
  PAGES.test(name) ? 3 : rank === 3 ? 3.3 : isQuiet ? 3.2 : rank / 10;

export async function environmentCandidates(
  survey: Survey,
  lookups: Lookups,
  at: Date,
  asOf: Date | null,
  skipped: Set<string>,
): Promise<Candidate[]> {
  const { environments: all, previews } = environmentsIn(survey.deployments, at);
  await Promise.all(
    all.slice(0, MAX_LOOKED_UP).map(async (environment) => {
      const ids = [...new Set(environment.deployments.flatMap(({ run }) => run ?? []))];
      // The newest and some of the older ones, as several workflows may deploy.
      const step = Math.ceil(ids.length / MAX_RUNS);
      environment.runs = await lookups.runs(ids.filter((_, i) => i % step === 0));
    }),
  );
  const ofTopics = all.filter(({ runs }) => areOfTopics(runs, survey.baseBranch));
  const environments = all.filter((environment) => !ofTopics.includes(environment));
  if (previews.length > 0) skipped.add(`Skipped: ${counted(previews.length, 'preview environment')}.`);
  if (ofTopics.length > 0) {
    const names = listed(ofTopics.slice(0, 5).map(({ name }) => named(name)));
    skipped.add(`Skipped: ${names}, deployed by runs of pull requests and topic branches.`);
  }
  const taken = new Set<Environment>();
  const groups = environments.flatMap((environment) => {
    if (taken.has(environment)) return [];
    const regions = environment.rank < 3 ? regionsOf(environment, environments) : [environment];
    for (const region of regions) taken.add(region);
    return [{ first: environment, regions }];
  });
  const candidates = groups.map(({ first, regions }) => {
    const origin = originOf(regions, survey);
    const names = regions.map(({ name }) => name);
    const count = first.deployments.length;
    const stages = environments.filter((other) => other.rank === 3 && first.rank < 3);
    const alternatives = environments.filter(
      (other) =>
        !regions.includes(other) &&
        !other.isQuiet &&
        !PAGES.test(other.name) &&
        (first.rank === 3
          ? other.rank === 3
          : other.rank < 3 && Math.min(other.rank, 1) === Math.min(first.rank, 1)),
    );
    const quiet = environments.filter((other) => other.isQuiet && other.rank < 3);
    const likelihood =
      first.rank === 0
        ? ', and its name suggests production'
        : first.rank === 3
          ? ''
          : environments.length === 1
            ? ', and no other environment has any'
            : ', and no other environment is more likely to be production';
    return {
      origin,
      candidate: {
        label: `environment ${named(first.name)}`,
        tier: tierOf(first),
        count,
        inputs: { environment: names.join('\n') },
        services: null,
        source: 'deployments' as const,
        start: origin.start,
        asOf,
        reasons: [
          asOfReason('deployment', asOf),
          first.rank === 3 &&
            `No environment seems to be production. ${named(first.name)} is measured instead. Add "environment: production" to the job that deploys to production, and run this again.`,
          `Environment ${named(first.name)} has ${counted(count, 'successful deployment')} in the last 90 days${likelihood}.`,
          regions.length > 1 &&
            `${listed(names.map(named))} got the same commits, so they count as regions of one service. If they are services, list each under "services" in .github/deploy-latency.yml, and take "environment" and "target" out of "with".`,
          alternatives.length > 0 &&
            `Also possible: ${alternatives.map((other) => `${named(other.name)} (${counted(other.deployments.length, 'deployment')})`).join(', ')}. If they are services, list each under "services" in .github/deploy-latency.yml with its "paths", and take "environment" and "target" out of "with". If they are regions or customers, list them under "environment", one per line.`,
          stages.length > 0 && stagesRemark(stages.map(({ name }) => name)),
          ...quiet.map(
            (other) =>
              `${named(other.name)} was last deployed on ${dayOf(other.newest)}, so it may no longer be in use.`,
          ),
          origin.why,
        ].filter((reason) => reason !== false),
      } satisfies Candidate,
      first,
      regions,
    };
  });
  const combined = await environmentServices(candidates, survey, lookups);
  return [...(combined ? [combined] : []), ...candidates.map(({ candidate }) => candidate)];
}

interface Origin {
  start: Start;
  why: string;
  workflows: SurveyedWorkflow[];
}

/** The workflows and apps that make the deployments to an environment and its regions. */
function originOf(regions: readonly Environment[], { workflows, baseBranch }: Survey): Origin {
  const names = new Set(regions.map(({ name }) => name.toLowerCase()));
  const deployments = regions.flatMap((region) => region.deployments);
  const runs = regions.flatMap((region) => region.runs);
  const sources = [...new Set(deployments.map(({ creator }) => creator))];
  const isOwn = (job: FileJob) => job.makesDeployment && names.has(job.environment?.toLowerCase() ?? '');
  const after = (found: SurveyedWorkflow[], source: string, detail = ''): Origin => {
    const jobs = found.flatMap(({ file, jobs }) => jobs.filter(isOwn).map(({ id }) => ({ file, id })));
    const only = jobs.length === 1 ? jobs[0] : undefined;
    return {
      workflows: found,
      start: afterWorkflows(found, baseBranch, only, runs),
      why: `${source} ${filesOf(found)}${only ? ` (job ${named(only.id)})` : ''}${detail}. ${runsAfter(found)}${only ? ' It could also be a job in that file. The comment in deploy-latency.yml shows how.' : ''}`,
    };
  };
  const byRuns = workflows.filter(({ file }) => runs.some((run) => run.file === file));
  if (byRuns.length > 0) return after(byRuns, 'The deployments come from', ', as their logs show');
  const byFiles = workflowsThatDeploy(workflows, (workflow) => workflow.jobs.some(isOwn));
  if (byFiles.length > 0) return after(byFiles, 'The deployments come from', ', with GITHUB_TOKEN');
  if (sources.every((login) => login !== null && !GITHUB_ITSELF.test(login)))
    return {
      workflows: [],
      start: { on: 'deployment_status', environments: regions.map(({ name }) => name) },
      why: `The deployments come from ${sources.map((login) => oneLine(login ?? '', 40)).join(', ')}. They start workflows, so the guard runs after each successful one ("deployment_status").`,
    };
  const byScript = workflowsThatDeploy(workflows, (workflow) => workflow.makesDeployments);
  if (byScript.length > 0) return after(byScript, 'The deployments use GITHUB_TOKEN, most likely in');
  return {
    workflows: [],
    start: { on: 'nothing' },
    why: 'The deployments use a token that does not start workflows, and no workflow file here creates them. So only pull requests and the weekly check measure them. Add the guard to whatever deploys, with "workflow_dispatch" or as its last job.',
  };
}

interface EnvironmentGroup {
  candidate: Candidate;
  origin: Origin;
  first: Environment;
  regions: Environment[];
}

/** The environments, or the workflows of one environment, as services. `null` if they are not apart. */
async function environmentServices(
  groups: readonly EnvironmentGroup[],
  { baseBranch }: Survey,
  lookups: Lookups,
): Promise<Candidate | null> {
  const [best] = groups;
  if (!best || tierOf(best.first) > 2) return null;
  const active = groups.filter(
    ({ first }) => tierOf(first) < 2 && Math.min(first.rank, 1) === Math.min(best.first.rank, 1),
  );
  const services = active.flatMap(({ origin, first, regions }): SetUpService[] => {
    const names = regions.map(({ name }) => name);
    const environment = names.length === 1 ? (names[0] ?? '') : names;
    const name = appOf(stemOf(first.name));
    const [only, ...others] = origin.workflows;
    if (others.length === 0)
      return [
        {
          name: name || serviceNameOf(only?.file ?? first.name),
          paths: only ? pathsOf(only) : null,
          keys: { environment },
        },
      ];
    const perFile = origin.workflows.map((workflow) => ({
      name: serviceNameOf(workflow.file),
      paths: pathsOf(workflow),
      keys: { environment, 'deploy-workflow': workflow.file },
    }));
    return areApart(perFile) ? perFile : [{ name, paths: null, keys: { environment } }];
  });
  if (services.length < 2) return null;
  if (!areApart(services)) {
    const folders = await lookups.folders();
    for (const service of services) {
      const folder = folders.get(service.name.toLowerCase());
      if (folder !== undefined) service.paths ??= [`${folder}/**`];
    }
  }
  if (!areApart(services) || services.some(({ name, paths }) => name === '' || paths === null)) return null;
  const workflows = [...new Set(active.flatMap(({ origin }) => origin.workflows))];
  const isByApps = active.every(({ candidate }) => candidate.start.on === 'deployment_status');
  return {
    ...best.candidate,
    label: `services ${listed(services.map(({ name }) => oneLine(name, 40)))}`,
    inputs: {},
    services: byName(services),
    tier: best.candidate.tier - 0.01,
    start: isByApps
      ? {
          on: 'deployment_status',
          environments: active.flatMap(({ regions }) => regions.map(({ name }) => name)),
        }
      : workflows.length > 0
        ? afterWorkflows(
            workflows.sort((a, b) => (a.file < b.file ? -1 : 1)),
            baseBranch,
          )
        : best.candidate.start,
    reasons: [
      servicesReason(services, 'from environments, workflows and folders'),
      ...best.candidate.reasons.filter(
        (reason) => reason !== best.origin.why && !/^(?:Also possible|Environment )/.test(reason),
      ),
      workflows.length > 0 && !isByApps
        ? `The deployments come from ${filesOf(workflows)}. ${runsAfter(workflows)}`
        : best.origin.why,
    ],
  };
}

export const stagesRemark = (names: readonly string[]) =>
  `Earlier stages, judging by their names: ${names
    .slice(0, 5)
    .map((name) => oneLine(name, 40))
    .join(', ')}.`;
