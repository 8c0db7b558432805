import type { Telemetry } from '../telemetry/settings.ts';

/**
 * The event, the workflow run and the machine, as the runner or the command line describes them. Only `src/entries` reads
 * environment variables.
 */
export interface Surroundings {
  now: Date;
  /** Repository that the workflow runs in, as `owner/name`. Empty on a laptop. */
  repository: string;
  eventName: string;
  /** Deployment of a `deployment` or `deployment_status` event. */
  eventDeployment: { id: number; environment: string } | null;
  /** Activity type of the event, such as `closed` or `published`. */
  eventAction: string | null;
  /** Number of the event's pull request. `null` for a merge group. */
  pullRequest: number | null;
  /** Branch that the pull request merges into. */
  pullRequestBase: string | null;
  /** `true` if the event is the merge of its pull request. */
  isMerged: boolean;
  /** This workflow run. */
  runId: number | null;
  /** Web address of this workflow run. */
  runUrl: string | null;
  /** Key of this job in the workflow file. */
  job: string | null;
  /** Workflow, job and step of this run, by which its texts are found again. */
  guard: string;
  /** Repository of the action as `uses` names it. `null` for an action in the same repository. */
  action: string | null;
  /** Commit of the event. */
  sha: string | null;
  /** Workflow run of a `workflow_run` event, which may have deployed. */
  eventRun: number | null;
  /** Tag of a release event, or the pushed tag. */
  tag: string | null;
  /** The workflow file of this run, from GITHUB_WORKFLOW_REF and GITHUB_WORKFLOW_SHA. */
  workflow: { owner: string; name: string; path: string; commit: string } | null;
  /** `true` if that workflow has a schedule. `null`: unknown. */
  hasSchedule: boolean | null;
  /** Folder for relative paths. */
  workspace: string;
  /** `true` if requests go through a proxy. */
  isProxied: boolean;
  /** Settings from OpenTelemetry's variables. `null`: send nothing. */
  telemetry: Telemetry | null;
  apiUrl: string;
  graphqlUrl: string;
}

/** Fills in the defaults of a run outside of a workflow, without an event. */
export function surroundingsOf(
  values: Pick<Surroundings, 'now' | 'repository' | 'apiUrl' | 'graphqlUrl'> & Partial<Surroundings>,
): Surroundings {
  return {
    eventName: '',
    eventDeployment: null,
    eventAction: null,
    pullRequest: null,
    pullRequestBase: null,
    isMerged: false,
    runId: null,
    runUrl: null,
    job: null,
    guard: '',
    action: null,
    sha: null,
    eventRun: null,
    tag: null,
    workflow: null,
    hasSchedule: null,
    workspace: '.',
    isProxied: false,
    telemetry: null,
    ...values,
  };
}

/** Parses GITHUB_WORKFLOW_REF, such as `octo-org/shop/.github/workflows/weekly.yml@refs/heads/main`. */
export function workflowIn(ref: string, commit: string): Surroundings['workflow'] {
  const [, owner, name, path, branch] = /^([^/]+)\/([^/]+)\/([^@]+)@(.+)$/.exec(ref) ?? [];
  if (!owner || !name || !path || !branch) return null;
  return { owner, name, path, commit: commit || branch };
}

/** `true` for an API on this machine, where requests need no pauses. */
export function isLoopback(apiUrl: string): boolean {
  return new URL(apiUrl).hostname === '127.0.0.1';
}

export function isProxied(env: Readonly<Record<string, string | undefined>>): boolean {
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => env[name]);
}

/** Address of the GraphQL API for a REST API on github.com or, below `/api/v3`, on GitHub Enterprise Server. */
export function graphqlUrlOf(apiUrl: string): string {
  return `${apiUrl.replace(/\/+$/, '').replace(/\/api\/v3$/, '/api')}/graphql`;
}
