import type { Lookups, Survey, SurveyedDeployment, SurveyedRun, SurveyedWorkflow } from '../github/survey.ts';
import { componentOf } from '../model/components.ts';
import { oneLine } from '../model/guard-error.ts';
import type { FileJob, FileStep } from '../model/workflow-file.ts';
import { counted, listed } from '../report/words.ts';

/** Finds the ways to measure a repository, from how it deploys. The most likely one comes first. */

/** The event that starts the guard after a deployment. */
export type Start =
  | {
      on: 'workflow_run';
      workflows: string[];
      branch: string | null;
      /** Key and file of the single job that deploys. The guard could be a job in that file instead. */
      job: { file: string; id: string } | null;
    }
  | { on: 'deployment_status'; environments: string[] }
  | { on: 'release' }
  | { on: 'push-of-tags'; patterns: string[] }
  /** No event, so only pull requests and the weekly workflow measure. */
  | { on: 'nothing' };

/** A service of the configuration file. */
export interface SetUpService {
  name: string;
  /** `null`: the entire repository. */
  paths: string[] | null;
  /** Its other keys. */
  keys: Record<string, string | string[]>;
}

/** A way to measure the repository. */
export interface Candidate {
  /** How it is called in a sentence: `job "deploy" in ci.yml`. */
  label: string;
  /** Likelihood that it is what makes changes live, from 0 (most likely). */
  tier: number;
  /** Number of deployments or runs. The higher one of the same tier comes first. */
  count: number;
  /** Inputs of the action that select deployments. */
  inputs: Record<string, string>;
  /** Services for the configuration file. `null`: the repository is one. */
  services: SetUpService[] | null;
  source: 'deployments' | 'workflow' | 'releases' | 'tags';
  start: Start;
  /** Time of the last deployment, if that is long ago. Measurements end there. `null`: now. */
  asOf: Date | null;
  /** Reasons for the choice, and alternatives, as sentences. */
  reasons: string[];
}

export interface Candidates {
  /** The most likely one first. */
  candidates: Candidate[];
  /** Sentences about what is no candidate, or may be another one than was chosen. */
  remarks(chosen: Candidate): string[];
}

/** Milliseconds. An older deployment does not show how a team deploys now. */
const RECENT_MS = 90 * 86_400_000;
/** Milliseconds. An environment that was last deployed that long before the others may be a leftover. */
const QUIET_MS = 28 * 86_400_000;
const PREVIEW = /preview|^review\b|(?:^|[-_/ ])pr[-_ ]?#?\d+/i;
const BEFORE_PRODUCTION =
  /(?:^|[-_/ ])(?:staging|stage|stg|dev|development|test|testing|qa|uat|sandbox|demo|pre-?prod(?:uction)?|non-?prod(?:uction)?|canary)(?:[-_/ ]|$)/i;
/** Environments that checks and agents use for their secrets. */
const CHECKS = /(?:^|[-_/ ])(?:ci|e2e|integration|copilot)(?:[-_/ ]|$)/i;
const PRODUCTION = /prod|live/i;
const PRODUCTION_WORD = /prod(?:uction)?|live/gi;
const REGION =
  /(?:^|[-_/ .])(?:(?:eu|us|uk|ca|ap|sa|me|af|emea|apac|amer|asia|europe|america|australia|north|south|east|west|central|northeast|southeast|[a-d]|\d+)(?=[-_/ .\d]|$)\d*)+/gi;
const PAGES = /^github-pages$/i;
const DEPLOYS = /deploy|promote|roll-?out|\bship\b/i;
const PUBLISHES = /release|publish/i;
const NOT_PRODUCTION = /preview|\breview\b|storybook|\b(?:docs?|documentation|pages)\b/i;
const PAGES_STEP = /gh-pages|github-pages|deploy-pages|mkdocs gh-deploy/i;
const DEPLOYING_STEP =
  /\b(?:fly(?:ctl)? deploy|vercel\b.*--prod|netlify deploy\b.*--prod|git push (?:dokku|heroku)|kubectl (?:apply|set image|rollout)|helm (?:upgrade|install)|(?:serverless|sls|cdk|sam|wrangler|firebase|kamal|eb) deploy|gcloud (?:run|app|functions) deploy|aws (?:ecs update-service|lambda update-function-code|deploy )|az (?:webapp|containerapp)|docker stack deploy|railway up|pulumi up|terra(?:form|grunt) (?:\S+ )*apply|ansible-playbook)/;
const DEPLOYING_ACTION = /deploy|flyctl|heroku|wrangler-action|helm-action/i;
const RELEASING_STEP =
  /release-please|semantic-release|action-gh-release|release-action|create-release|changesets\/action|goreleaser|release-drafter|gh release create|release-it/i;
const IMAGE_STEP = /docker\/build-push-action|docker (?:push|buildx build\b.*--push)/i;
const GITHUB_ITSELF = /^github-actions(?:\[bot\])?$/;
/** Environments whose runs are looked up, and runs for each. */
const MAX_LOOKED_UP = 12;
const MAX_RUNS = 5;
/** Branches that are no topic branches although they have many names. */
const RELEASE_BRANCH = /^(?:release|hotfix)|\d+\.\d/i;

/** Likelihood that an environment is production, from 0 (most likely) to 3. */
function rankOf(environment: string): number {
  if (/^prod(?:uction)?$/i.test(environment)) return 0;
  if (BEFORE_PRODUCTION.test(environment) || CHECKS.test(environment)) return 3;
  return PRODUCTION.test(environment) ? 1 : 2;
}

function groupedBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const dayOf = (instant: Date) => instant.toISOString().slice(0, 10);
const ageOf = (at: Date, now: Date) => now.getTime() - at.getTime();
const named = (name: string) => `"${oneLine(name, 60)}"`;

/** Every way that the repository may deploy. */
export async function candidatesFor(survey: Survey, lookups: Lookups, now: Date): Promise<Candidates> {
  const { releases, tags, deployments } = survey;
  const skipped = new Set<string>();
  const jobs = await jobCandidates(survey, lookups, now);
  const candidatesAt = async (at: Date, asOf: Date | null) => [
    ...(await environmentCandidates(survey, lookups, at, asOf, skipped)),
    ...(await releaseCandidates(survey, lookups, at, asOf)),
  ];
  const lastDeployed = deployments.find(
    (deployment) => deployment.isSuccess && !PREVIEW.test(deployment.environment),
  )?.at;
  const last = lastDeployed ?? releases[0]?.publishedAt ?? tags[0]?.at;
  const candidates = [...(await candidatesAt(now, null)), ...jobs.candidates];
  if (!candidates.some((candidate) => candidate.asOf === null) && last && ageOf(last, now) > RECENT_MS)
    candidates.push(...(await candidatesAt(last, last)));
  candidates.sort((a, b) => a.tier - b.tier || b.count - a.count);
  return {
    candidates,
    remarks: (chosen) => [
      ...(survey.isArchived
        ? ['This repository is archived, so no workflow runs in it. Unarchive it before you add these files.']
        : []),
      ...survey.workflows
        .filter(({ runsGuard }) => runsGuard)
        .map(
          ({ file }) =>
            `Workflow ${oneLine(file, 60)} already runs the guard. Remove it, or keep it instead of these files.`,
        ),
      ...skipped,
      ...jobs.remarks(chosen),
      ...otherEnvironments(candidates, chosen),
      ...(survey.readTo === null
        ? []
        : [
            `Deployments before ${dayOf(survey.readTo)} were not read. Environments with only older ones are missing here.`,
          ]),
    ],
  };
}

/** Environments that were not chosen, because they are not production. */
function otherEnvironments(candidates: readonly Candidate[], chosen: Candidate): string[] {
  const others = candidates.flatMap(({ inputs: { environment } }) => environment ?? []);
  const stages = chosen.source === 'deployments' ? [] : others.filter((name) => rankOf(name) === 3);
  const isPages = others.some((name) => PAGES.test(name)) && !PAGES.test(chosen.inputs.environment ?? '');
  return [
    ...(stages.length > 0 ? [stagesRemark(stages)] : []),
    ...(isPages
      ? [
          'Environment "github-pages" is probably a site next to the product. To measure the site, set "environment: github-pages".',
        ]
      : []),
  ];
}

const stagesRemark = (names: readonly string[]) =>
  `Earlier stages, judging by their names: ${names
    .slice(0, 5)
    .map((name) => oneLine(name, 40))
    .join(', ')}.`;

// Environments

interface Environment {
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
  const recent = deployments.filter(({ isSuccess, at: deployed }) => {
    const age = ageOf(deployed, at);
    return isSuccess && age >= 0 && age <= RECENT_MS;
  });
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

/** True if most runs are for pull requests or for topic branches, so that the environment is no place to go live. */
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

async function environmentCandidates(
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
          ...(asOf === null
            ? []
            : [`The last deployment was on ${dayOf(asOf)}, so everything below is as of that day.`]),
          ...(first.rank === 3
            ? [
                `No environment seems to be production. ${named(first.name)} is measured instead. Add "environment: production" to the job that deploys to production, and run this again.`,
              ]
            : []),
          `Environment ${named(first.name)} has ${counted(count, 'successful deployment')} in the last 90 days${likelihood}.`,
          ...(regions.length > 1
            ? [
                `${listed(names.map(named))} got the same commits, so they count as regions of one service. If they are services, list each under "services" in .github/deploy-latency.yml.`,
              ]
            : []),
          ...(alternatives.length > 0
            ? [
                `Also possible: ${alternatives.map((other) => `${named(other.name)} (${counted(other.deployments.length, 'deployment')})`).join(', ')}. If they are services, list each under "services" in .github/deploy-latency.yml with its "paths". If they are regions or customers, list them under "environment", one per line.`,
              ]
            : []),
          ...(stages.length > 0 ? [stagesRemark(stages.map(({ name }) => name))] : []),
          ...quiet.map(
            (other) =>
              `${named(other.name)} was last deployed on ${dayOf(other.newest)}, so it may no longer be in use.`,
          ),
          origin.why,
        ],
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

/** What makes the deployments to an environment and its regions. */
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

const runsAfter = ({ length }: readonly SurveyedWorkflow[]) =>
  `They do not start workflows, so the guard runs when ${length === 1 ? 'that workflow' : 'one of these workflows'} has finished ("workflow_run").`;

const filesOf = (workflows: readonly SurveyedWorkflow[]) =>
  workflows.map(({ file }) => oneLine(file, 60)).join(', ');

/** Workflows that deploy or call one that does, except those that run only for pull requests. */
function workflowsThatDeploy(
  workflows: readonly SurveyedWorkflow[],
  deploys: (workflow: SurveyedWorkflow) => boolean,
): SurveyedWorkflow[] {
  const direct = workflows.filter(deploys);
  const callers = workflows.filter((workflow) =>
    workflow.jobs.some((job) => direct.some(({ file }) => job.calls === `./.github/workflows/${file}`)),
  );
  return [...new Set([...direct, ...callers])].filter((workflow) =>
    workflow.events.some((event) => event !== 'workflow_call' && !event.startsWith('pull_request')),
  );
}

/**
 * Filters by branch only if all runs are on the base branch. Others deploy from a branch of their own, or for releases and
 * tags, whose runs have the tag as their branch.
 *
 * @param runs - some of their runs; by default the files decide.
 */
function afterWorkflows(
  workflows: readonly SurveyedWorkflow[],
  baseBranch: string,
  job?: { file: string; id: string },
  runs: readonly Pick<SurveyedRun, 'branch'>[] = [],
): Start {
  const isOnBase = workflows.every(
    ({ events, refs: { branches, tags } }) =>
      !tags &&
      (runs.length > 0 || (branches ?? []).every((branch) => branch === baseBranch)) &&
      events.every((event) => ON_BRANCHES.has(event) || event.startsWith('pull_request')),
  );
  return {
    on: 'workflow_run',
    workflows: workflows.map(({ name }) => name),
    branch: isOnBase && runs.every(({ branch }) => branch === baseBranch) ? baseBranch : null,
    job: job && /^[\w-]+$/.test(job.id) ? { file: job.file, id: job.id } : null,
  };
}
const ON_BRANCHES = new Set([
  'push',
  'workflow_dispatch',
  'schedule',
  'merge_group',
  'workflow_call',
  'workflow_run',
]);

// Services

/** Paths of a service from those that start its workflow, without workflow files. `null`: any file. */
function pathsOf({ paths }: SurveyedWorkflow): string[] | null {
  if (paths === null) return null;
  const own = paths.paths.filter((path) => !/^!?\.github\//.test(path));
  if (own.length === 0) return null;
  return paths.ignore ? own.map((path) => `!${path}`) : own;
}

/** A name such as `api` for `deploy-api.yml`. */
const serviceNameOf = (file: string) =>
  file
    .replace(/\.ya?ml$/i, '')
    .split(/[-_. ]+/)
    .filter(
      (word) => !/^(?:deploy(?:ment)?|release|publish|ship|cd|ci|prod(?:uction)?|live|to|main)$/i.test(word),
    )
    .join('-') || file;

/** Services are told apart by their paths. */
const areApart = (services: readonly SetUpService[]): boolean =>
  new Set(services.map(({ paths }) => JSON.stringify(paths))).size === services.length && services.length > 1;

const servicesReason = (services: readonly SetUpService[], source: string) =>
  `Found ${counted(services.length, 'service')} with paths of their own, ${source}: ${listed(services.map(({ name }) => oneLine(name, 40)))}. The file .github/deploy-latency.yml describes them.`;

const byName = (services: SetUpService[]) => services.sort((a, b) => (a.name < b.name ? -1 : 1));

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

// Jobs

interface DeployJob {
  workflow: SurveyedWorkflow;
  job: FileJob;
  rank: number;
  /** Why it seems to deploy. */
  why: string;
}

const textOf = ({ name, uses, run }: FileStep) => [name, uses, run].filter(Boolean).join('\n');
const makesReleases = ({ steps, id, name }: FileJob) =>
  steps.some((step) => RELEASING_STEP.test(textOf(step))) || RELEASING_STEP.test(`${id} ${name}`);

/** The repository whose files a job changes and pushes, as GitOps does. `null` if it does not. */
function gitopsTarget({ steps }: FileJob): string | null {
  const script = steps.map(({ run }) => run ?? '').join('\n');
  if (
    !/git push/.test(script) ||
    !/kustomize edit|\byq\b|image\.?tag|values[\w-]*\.ya?ml|sed -i/i.test(script)
  )
    return null;
  const checkedOut = steps.map((step) => step.with.repository).find((name) => typeof name === 'string');
  return checkedOut ?? /github\.com[/:]([\w.-]+\/[\w-]+)/.exec(script)?.[1] ?? 'this repository';
}

/** How likely a job makes changes live, by its names and steps. `null`: it does not look like it. */
function deployJobOf(workflow: SurveyedWorkflow, job: FileJob): DeployJob | null {
  const own = `${job.id} ${job.name} ${job.environment ?? ''}`.replaceAll('_', ' ');
  const words = `${own} ${workflow.file} ${workflow.name}`.replace(/[-_.]/g, ' ');
  const steps = job.steps.map(textOf);
  const step = job.steps.find(
    ({ uses, run, name }) =>
      DEPLOYING_STEP.test(run ?? '') || DEPLOYING_ACTION.test(uses ?? '') || DEPLOYS.test(name ?? ''),
  );
  const isNamed = DEPLOYS.test(own) || DEPLOYS.test(job.calls ?? '');
  const gitops = gitopsTarget(job);
  const isStage = BEFORE_PRODUCTION.test(own) || (!PRODUCTION.test(words) && BEFORE_PRODUCTION.test(words));
  const found = (rank: number, why: string) => ({ workflow, job, rank, why });
  const subject = `Job ${named(job.name)} in ${oneLine(workflow.file, 60)}`;
  const isElsewhere =
    NOT_PRODUCTION.test(words.replace(/github pages/i, 'pages')) ||
    steps.some((text) => PAGES_STEP.test(text));
  if (isNamed || step || gitops) {
    const rank =
      isElsewhere || (isStage && !PRODUCTION.test(own))
        ? 4
        : PRODUCTION.test(words)
          ? 1
          : isNamed
            ? 1.1
            : 1.2;
    if (isNamed && !(makesReleases(job) && !step))
      return found(rank, `${subject} seems to deploy, judging by its name.`);
    if (step)
      return found(
        rank,
        `${subject} has the step ${named(step.name ?? step.uses ?? step.run ?? '')}, so it seems to deploy.`,
      );
    if (gitops) return found(rank, `${subject} changes the configuration of a cluster.`);
  }
  if (makesReleases(job) || PUBLISHES.test(own))
    return found(
      isElsewhere || isStage ? 4 : 3.1,
      `${subject} publishes, judging by its ${PUBLISHES.test(own) ? 'name' : 'steps'}, and nothing else seems to deploy.`,
    );
  return null;
}

/** Runs by workflow file. `null`: unknown. */
type Activity = ReadonlyMap<string, Awaited<ReturnType<Lookups['activityOf']>>>;

async function jobCandidates(survey: Survey, lookups: Lookups, now: Date) {
  const recorded = new Set(
    survey.deployments
      .filter(({ isSuccess }) => isSuccess)
      .map(({ environment }) => environment.toLowerCase()),
  );
  const found = survey.workflows
    .filter((workflow) =>
      workflow.events.some((event) =>
        ['push', 'release', 'workflow_dispatch', 'schedule', 'workflow_run'].includes(event),
      ),
    )
    .flatMap((workflow) => workflow.jobs.flatMap((job) => deployJobOf(workflow, job) ?? []))
    // Its deployments are recorded, and show more than its runs.
    .filter(({ job }) => {
      const environment = job.makesDeployment ? job.environment : null;
      return (
        environment === null ||
        !(recorded.has(environment.toLowerCase()) || (environment.includes('${{') && recorded.size > 0))
      );
    });
  const activity = new Map(
    await Promise.all(
      [...new Set(found.map(({ workflow }) => workflow.file))].map(
        async (file) => [file, await lookups.activityOf(file)] as const,
      ),
    ),
  );
  const candidates = found.map((deployJob): Candidate => {
    const { workflow, job, rank, why } = deployJob;
    const { count = 0, newest = null } = activity.get(workflow.file) ?? {};
    const isAlone = workflow.jobs.length === 1 || job.calls !== null || job.name.includes('${{');
    const asOf = newest !== null && ageOf(newest, now) > RECENT_MS ? newest : null;
    return {
      label: labelOf(deployJob),
      tier: rank + (asOf === null ? 0 : 3),
      count,
      inputs: {
        'deploy-source': 'workflow',
        'deploy-workflow': workflow.file,
        ...(isAlone ? {} : { 'deploy-job': job.name }),
      },
      services: null,
      source: 'workflow',
      start: afterWorkflows([workflow], survey.baseBranch),
      asOf,
      reasons: [
        ...(asOf === null
          ? []
          : [`The last run was on ${dayOf(asOf)}, so everything below is as of that day.`]),
        `${recorded.size > 0 ? 'No deployment to production was recorded in the last 90 days.' : 'No environment has a deployment in the last 90 days.'} ${why} Each successful ${isAlone ? 'run' : 'job'} counts as a deployment. ${job.environment === null ? 'With "environment:" in that job' : 'Without "deployment: false" in its environment'}, GitHub would record each one.`,
        ...missingFor(deployJob),
      ],
    };
  });
  const services = jobServices(found, activity, survey.baseBranch);
  return {
    candidates: [...(services ? [services] : []), ...candidates],
    remarks: (chosen: Candidate) => jobRemarks(found, candidates, chosen, activity, survey.baseBranch),
  };
}

const labelOf = ({ job, workflow }: DeployJob) => `job ${named(job.name)} in ${oneLine(workflow.file, 60)}`;

/** What the runs of a job do not show. */
function missingFor({ job, workflow }: DeployJob): string[] {
  const repository = gitopsTarget(job);
  const subject = `Job ${named(job.name)} in ${oneLine(workflow.file, 60)}`;
  if (repository !== null)
    return [
      `${subject} commits to ${oneLine(repository, 80)}, which looks like GitOps. A change is live only when the cluster has applied that commit. To count that, use "deploy-source: gitops" with the file that it changes. The recipe is in docs/recipes.md#gitops.`,
    ];
  const isImage = job.steps.some((step) => IMAGE_STEP.test(textOf(step)));
  return isImage && !job.steps.some(({ run }) => DEPLOYING_STEP.test(run ?? ''))
    ? [
        `${subject} pushes an image, and no record shows when it runs. The guard measures until the push. To measure until it runs, record a deployment, or use "live-url" (docs/recipes.md#ask-production).`,
      ]
    : [];
}

function jobRemarks(
  found: readonly DeployJob[],
  candidates: readonly Candidate[],
  chosen: Candidate,
  activity: Activity,
  baseBranch: string,
): string[] {
  const others = found.filter((_, i) => candidates[i]?.label !== chosen.label);
  const isIdle = ({ workflow }: DeployJob) => activity.get(workflow.file)?.count === 0;
  const isCovered = ({ workflow }: DeployJob) =>
    chosen.services?.some(({ keys }) => keys.workflow === workflow.file) || false;
  const listOf = (jobs: readonly DeployJob[]) =>
    listed([
      ...new Set(
        jobs.slice(0, 5).map(({ job, workflow }) => `${named(job.name)} in ${oneLine(workflow.file, 40)}`),
      ),
    ]);
  const releasing = others.filter(({ rank, job }) => rank === 3.1 && makesReleases(job));
  const elsewhere = chosen.tier < 4 ? others.filter(({ rank }) => rank === 4) : [];
  const likely =
    chosen.tier >= 0.2 && chosen.tier < 3
      ? others.filter((other) => other.rank < 2 && !isCovered(other))
      : [];
  const possible = likely.filter((other) => !isIdle(other));
  const idle = likely.filter(isIdle);
  return [
    ...(releasing.length > 0 && chosen.source !== 'workflow'
      ? [`Job ${listOf(releasing)} makes releases, so its success is no deployment.`]
      : []),
    ...(possible.length > 0 ? [`Also possible: ${listOf(possible)}.`] : []),
    ...(idle.length > 0 ? [`No runs on ${oneLine(baseBranch, 60)}: ${listOf(idle)}.`] : []),
    ...(elsewhere.length > 0
      ? [`Not counted: ${listOf(elsewhere)}. Judging by the names, that is not production.`]
      : []),
  ];
}

/** Jobs in workflows with different paths, as services. `null` if they are not apart. */
function jobServices(found: readonly DeployJob[], activity: Activity, baseBranch: string): Candidate | null {
  const active = found.filter(({ rank, workflow }) => rank < 2 && activity.get(workflow.file)?.count !== 0);
  const byFile = groupedBy(active, ({ workflow }) => workflow);
  if (byFile.size < 2) return null;
  const services = [...byFile].flatMap(([workflow, [first]]): SetUpService[] => {
    if (!first) return [];
    const isAlone = workflow.jobs.length === 1 || first.job.calls !== null || first.job.name.includes('${{');
    return [
      {
        name: serviceNameOf(workflow.file),
        paths: pathsOf(workflow),
        keys: { workflow: workflow.file, ...(isAlone ? {} : { job: first.job.name }) },
      },
    ];
  });
  if (!areApart(services) || services.some(({ paths }) => paths === null)) return null;
  byName(services);
  const workflows = [...byFile.keys()].sort((a, b) => (a.file < b.file ? -1 : 1));
  return {
    label: `services ${listed(services.map(({ name }) => oneLine(name, 40)))}`,
    tier: 0.9,
    count: 0,
    inputs: {},
    services,
    source: 'workflow',
    start: afterWorkflows(workflows, baseBranch),
    asOf: null,
    reasons: [
      `${servicesReason(services, 'from the workflows')} No environment has a deployment, so each successful job counts as one.`,
    ],
  };
}

// Releases and tags

async function releaseCandidates(
  survey: Survey,
  lookups: Lookups,
  at: Date,
  asOf: Date | null,
): Promise<Candidate[]> {
  const isRecent = (instant: Date) => ageOf(instant, at) >= 0 && ageOf(instant, at) <= RECENT_MS;
  const releases = survey.releases.filter(({ publishedAt }) => isRecent(publishedAt));
  const tags = survey.tags.filter((tag) => isRecent(tag.at));
  const candidates: Candidate[] = [];
  const asOfReason =
    asOf === null ? [] : [`The last one was on ${dayOf(asOf)}, so everything below is as of that day.`];
  const [release] = releases;
  const add = async (candidate: Omit<Candidate, 'services' | 'asOf' | 'count'>, names: readonly string[]) => {
    const services = await componentServices(candidate.source, names, lookups);
    if (services !== null)
      candidates.push({
        ...candidate,
        count: names.length,
        asOf,
        inputs: {},
        services,
        start:
          candidate.start.on === 'push-of-tags'
            ? { on: 'push-of-tags', patterns: services.map(({ keys }) => String(keys['deploy-tag'])) }
            : candidate.start,
        reasons: [
          servicesReason(services, `from the names of the ${candidate.source}`),
          ...candidate.reasons,
        ],
      });
    candidates.push({ ...candidate, count: names.length, asOf, services: null });
  };
  if (release) {
    const isByJob = release.author !== null && GITHUB_ITSELF.test(release.author);
    const releasing = isByJob ? survey.workflows.filter(({ jobs }) => jobs.some(makesReleases)) : [];
    await add(
      {
        label: 'releases',
        tier: 2,
        inputs: { 'deploy-source': 'releases' },
        source: 'releases',
        start: !isByJob
          ? { on: 'release' }
          : releasing.length > 0
            ? afterWorkflows(releasing, survey.baseBranch)
            : { on: 'nothing' },
        reasons: [
          ...asOfReason,
          `Found ${releases.length >= 100 ? 'at least ' : ''}${counted(releases.length, 'release')} from the last 90 days, the newest ${oneLine(release.tag, 60)}. Each release counts as a deployment.`,
          !isByJob
            ? 'The guard runs after each release.'
            : releasing.length > 0
              ? `The releases use GITHUB_TOKEN and do not start workflows, so the guard runs when ${filesOf(releasing)} has finished ("workflow_run").`
              : 'The releases use GITHUB_TOKEN and do not start workflows, and no workflow file here makes them. So only pull requests and the weekly check measure them.',
        ],
      },
      releases.map(({ tag }) => tag),
    );
  }
  const [newest] = tags;
  if (newest) {
    const byPattern = groupedBy(tags, ({ name }) => patternOf(name));
    const [[pattern] = ['v*']] = [...byPattern].sort(([, a], [, b]) => b.length - a.length);
    await add(
      {
        label: 'annotated tags',
        tier: 2.1,
        inputs: { 'deploy-source': 'tags', 'deploy-tag': pattern },
        source: 'tags',
        start: { on: 'push-of-tags', patterns: [pattern] },
        reasons: [
          ...asOfReason,
          `Found annotated tags, the newest ${oneLine(newest.name, 60)}. Each tag that matches ${oneLine(pattern, 60)} counts as a deployment at the time it was tagged.`,
        ],
      },
      tags.map(({ name }) => name),
    );
  }
  return candidates;
}

/** `v*` for `v1.2.3`, `api-v*` for `api-v1.2.3`. */
const patternOf = (tag: string) => `${/^(.*?)\d+\.\d/.exec(tag)?.[1] ?? /^(.*?)\d/.exec(tag)?.[1] ?? ''}*`;

/** The components that tags name, as services, if each has a folder. */
async function componentServices(
  source: string,
  tags: readonly string[],
  lookups: Lookups,
): Promise<SetUpService[] | null> {
  const patterns = new Map(tags.map((tag) => [componentOf(tag), patternOf(tag)]));
  if (patterns.size < 2) return null;
  const folders = await lookups.folders();
  const services = [...patterns].map(([name, pattern]): SetUpService => {
    const folder = folders.get(name.split('/').at(-1)?.toLowerCase() ?? '');
    return {
      name,
      paths: folder === undefined ? null : [`${folder}/**`],
      keys: { 'deploy-source': source, 'deploy-tag': pattern },
    };
  });
  return areApart(services) && services.every(({ paths }) => paths !== null) ? byName(services) : null;
}
