import type { SurveyedRun, SurveyedWorkflow } from '../github/survey.ts';
import { oneLine } from '../model/guard-error.ts';
import { counted, listed } from '../report/words.ts';

/** A way to measure a repository, and what its kinds have in common. */

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

/** Milliseconds. An older deployment does not show how a team deploys now. */
export const RECENT_MS = 90 * 86_400_000;
export const GITHUB_ITSELF = /^github-actions(?:\[bot\])?$/;
export const BEFORE_PRODUCTION =
  /(?:^|[-_/ ])(?:staging|stage|stg|dev|development|test|testing|qa|uat|sandbox|demo|pre-?prod(?:uction)?|non-?prod(?:uction)?|canary)(?:[-_/ ]|$)/i;
export const PRODUCTION = /prod|live/i;

export function groupedBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** True within 90 days before `now`. */
export const isRecent = (at: Date, now: Date) => ageOf(at, now) >= 0 && ageOf(at, now) <= RECENT_MS;
/** The reason why measurements end in the past; `false` if they end now. */
export const asOfReason = (last: string, asOf: Date | null) =>
  asOf !== null && `The last ${last} was on ${dayOf(asOf)}, so everything below is as of that day.`;
export const dayOf = (instant: Date) => instant.toISOString().slice(0, 10);
export const ageOf = (at: Date, now: Date) => now.getTime() - at.getTime();
export const named = (name: string) => `"${oneLine(name, 60)}"`;

export const runsAfter = ({ length }: readonly SurveyedWorkflow[]) =>
  `They do not start workflows, so the guard runs when ${length === 1 ? 'that workflow' : 'one of these workflows'} has finished ("workflow_run").`;

export const filesOf = (workflows: readonly SurveyedWorkflow[]) =>
  workflows.map(({ file }) => oneLine(file, 60)).join(', ');

/** Workflows that deploy or call one that does, except those that run only for pull requests. */
export function workflowsThatDeploy(
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
export function afterWorkflows(
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

/** Paths of a service from those that start its workflow, without workflow files. `null`: any file. */
export function pathsOf({ paths }: SurveyedWorkflow): string[] | null {
  if (paths === null) return null;
  const own = paths.paths.filter((path) => !/^!?\.github\//.test(path));
  if (own.length === 0) return null;
  return paths.ignore ? own.map((path) => `!${path}`) : own;
}

/** A name such as `api` for `deploy-api.yml`. */
export const serviceNameOf = (file: string) =>
  file
    .replace(/\.ya?ml$/i, '')
    .split(/[-_. ]+/)
    .filter(
      (word) => !/^(?:deploy(?:ment)?|release|publish|ship|cd|ci|prod(?:uction)?|live|to|main)$/i.test(word),
    )
    .join('-') || file;

/** The paths separate the services. */
export const areApart = (services: readonly SetUpService[]): boolean =>
  new Set(services.map(({ paths }) => JSON.stringify(paths))).size === services.length && services.length > 1;

export const servicesReason = (services: readonly SetUpService[], source: string) =>
  `Found ${counted(services.length, 'service')} with paths of their own, ${source}: ${listed(services.map(({ name }) => oneLine(name, 40)))}. The file .github/deploy-latency.yml describes them.`;

export const byName = (services: SetUpService[]) => services.sort((a, b) => (a.name < b.name ? -1 : 1));
