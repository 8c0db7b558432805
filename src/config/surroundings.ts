import type { Telemetry } from '../telemetry/settings.ts';

/** Where and why it runs, as the runner or the command line tells it. Nothing below the doors reads the environment. */
export interface Surroundings {
  now: Date;
  /** `owner/name` of the repository that the workflow runs in; empty on a laptop. */
  repository: string;
  eventName: string;
  /** The deployment that the event is about, if it is about one. */
  eventDeployment: { id: number; environment: string } | null;
  /** What of it happened, where the event says it: `closed`, `published`, … */
  eventAction: string | null;
  /** The pull request that the event is about; `null` for any other event, and for a merge group. */
  pullRequest: number | null;
  /** The branch that it goes into. */
  pullRequestBase: string | null;
  /** Whether it was merged. */
  isMerged: boolean;
  /** The workflow run that this is a step of. */
  runId: number | null;
  /** Its address, for people. */
  runUrl: string | null;
  /** The key of its job in the workflow's file. */
  job: string | null;
  /** The repository of the action as the workflow names it; `null` where it is taken from the repository itself. */
  action: string | null;
  /** The commit that the event is about. */
  sha: string | null;
  /** The workflow run that the event is about: it, and not this one, may have deployed. */
  eventRun: number | null;
  /** The tag that the event is about: a release's, or one that was pushed. */
  tag: string | null;
  /** The file of the workflow that was started, as GITHUB_WORKFLOW_REF and GITHUB_WORKFLOW_SHA name it. */
  workflow: { owner: string; name: string; path: string; commit: string } | null;
  /** Whether that workflow has a schedule; `null`: not known. */
  hasSchedule: boolean | null;
  /** The folder that files of the workflow are below. */
  workspace: string;
  /** Whether requests go through a proxy. */
  proxied: boolean;
  /** What the variables of OpenTelemetry ask for; `null`: nothing. */
  telemetry: Telemetry | null;
  apiUrl: string;
  graphqlUrl: string;
}

/** What is known, and for the rest what holds outside of a workflow: nothing started it, and it is about nothing. */
export function surroundingsOf(
  known: Pick<Surroundings, 'now' | 'repository' | 'apiUrl' | 'graphqlUrl'> & Partial<Surroundings>,
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
    action: null,
    sha: null,
    eventRun: null,
    tag: null,
    workflow: null,
    hasSchedule: null,
    workspace: '.',
    proxied: false,
    telemetry: null,
    ...known,
  };
}

/** A workflow's file by the runner's variables: `octo-org/shop/.github/workflows/weekly.yml@refs/heads/main`. */
export function workflowIn(ref: string, commit: string): Surroundings['workflow'] {
  const [, owner, name, path, branch] = /^([^/]+)\/([^/]+)\/([^@]+)@(.+)$/.exec(ref) ?? [];
  if (!owner || !name || !path || !branch) return null;
  return { owner, name, path, commit: commit || branch };
}

/** Whether an API is on this machine: then nobody has to be spared. */
export function isLoopback(apiUrl: string): boolean {
  return new URL(apiUrl).hostname === '127.0.0.1';
}

/** Whether requests go through a proxy, by the variables that say so everywhere. */
export function isProxied(env: Readonly<Record<string, string | undefined>>): boolean {
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => env[name]);
}

/** Where GraphQL is, given where REST is: beside it on github.com, at `/api/graphql` on GitHub Enterprise Server. */
export function graphqlUrlOf(apiUrl: string): string {
  return `${apiUrl.replace(/\/+$/, '').replace(/\/api\/v3$/, '/api')}/graphql`;
}
