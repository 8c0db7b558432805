import { isValid, parseISO, subSeconds } from 'date-fns';
import { GuardError } from '../model/guard-error.ts';
import {
  DEPLOY_SOURCES,
  type DeploySource,
  FINDING_KINDS,
  type FindingKind,
  MODES,
  type Mode,
  STATISTICS,
  type Target,
} from '../model/terms.ts';
import { DURATION_FORMS, parseDuration } from './duration.ts';
import { badInput } from './errors.ts';
import { INPUT_NAMES, INPUTS, type InputName } from './inputs.ts';

/** Where and why it runs, as the runner or the command line tells it. Nothing below reads the environment. */
export interface Surroundings {
  now: Date;
  /** `owner/name` of the repository that the workflow runs in; empty on a laptop. */
  repository: string;
  eventName: string;
  /** The deployment that the event is about, if it is about one. */
  eventDeployment: { id: number; environment: string } | null;
  /** The pull request that the event is about; `null` for any other event, and for a merge group. */
  pullRequest: number | null;
  /** The workflow run that this is a step of. */
  runId: number | null;
  apiUrl: string;
  graphqlUrl: string;
  serverUrl: string;
}

export interface Config {
  token: string;
  owner: string;
  repo: string;
  mode: Mode;
  environment: string;
  source:
    | { kind: Exclude<DeploySource, 'workflow'> }
    | { kind: 'workflow'; file: string; job: string | null };
  /** `null`: the repository's default branch. */
  baseBranch: string | null;
  countDirectPushes: boolean;
  target: Target;
  window: { from: Date; to: Date };
  /** Whether the window ends now; `false` where `as-of` asks about the past. */
  live: boolean;
  minSamples: number;
  maxBatch: number;
  failOn: ReadonlySet<FindingKind>;
  comment: 'auto' | 'always' | 'never';
  issue: 'auto' | 'never';
  issueLabel: string;
  mention: { authors: boolean; handles: string[] };
  stages: 'auto' | 'full' | 'none';
  /** `null`: what waiting costs is not reckoned. */
  engineers: { count: number; cost: number } | null;
  /** Seconds. */
  timeout: number;
  maxRequests: number;
  surroundings: Surroundings;
}

const LONGEST_WINDOW = 5 * 366 * 86_400;

/**
 * Turns the inputs into one checked value. An empty or missing input is its default.
 *
 * @throws {GuardError} on the first input that cannot be used; the line names the input, the value and what is accepted.
 */
export function parseConfig(given: Partial<Record<InputName, string>>, surroundings: Surroundings): Config {
  const inputs = Object.fromEntries(
    INPUT_NAMES.map((name) => [name, given[name]?.trim() || INPUTS[name].default]),
  ) as Record<InputName, string>;

  const choice = <T extends string>(name: InputName, accepted: readonly T[]): T => {
    const found = accepted.find((each) => each === inputs[name]);
    if (found === undefined) throw badInput(name, inputs[name], accepted.join(', '));
    return found;
  };
  const duration = (name: InputName, longest: number): number => {
    const seconds = parseDuration(inputs[name]);
    if (seconds === null || seconds <= 0 || seconds > longest)
      throw badInput(
        name,
        inputs[name],
        `${DURATION_FORMS}, longer than zero and at most ${longest / 86_400} days`,
      );
    return seconds;
  };
  const count = (name: InputName): number => {
    if (!/^[1-9]\d{0,5}$/.test(inputs[name])) throw badInput(name, inputs[name], 'a whole number from 1 up');
    return Number(inputs[name]);
  };

  const amount = (name: InputName): number => {
    if (!/^\d{1,9}$/.test(inputs[name])) throw badInput(name, inputs[name], 'a whole number, such as 200000');
    return Number(inputs[name]);
  };

  const [owner = '', repo = ''] = repository(inputs.repository || surroundings.repository);
  const asked = choice('mode', ['auto', ...MODES]);
  const mode = asked === 'auto' ? modeOf(surroundings.eventName) : asked;
  const source = deploySource(choice('deploy-source', DEPLOY_SOURCES), inputs);
  const target: Target = {
    seconds: duration('target', LONGEST_WINDOW),
    tolerance: percentage(inputs.tolerance),
    statistic: choice('statistic', STATISTICS),
  };
  const asOf = instant(inputs['as-of'], surroundings.now);
  const to = asOf ?? surroundings.now;

  const config: Config = {
    token: inputs['github-token'],
    owner,
    repo,
    mode,
    environment: inputs.environment,
    source,
    baseBranch: inputs['base-branch'].replace(/^refs\/heads\//, '') || null,
    countDirectPushes: choice('direct-pushes', ['ignore', 'count']) === 'count',
    target,
    window: { from: subSeconds(to, duration('window', LONGEST_WINDOW)), to },
    live: asOf === null,
    minSamples: count('min-samples'),
    maxBatch: count('max-batch'),
    failOn: failOn(inputs['fail-on'], mode),
    comment: choice('comment', ['auto', 'always', 'never']),
    issue: choice('issue', ['auto', 'never']),
    issueLabel: inputs['issue-label'],
    mention: mention(inputs.mention),
    timeout: duration('timeout', 6 * 3600),
    maxRequests: count('max-requests'),
    stages: choice('stages', ['auto', 'full', 'none']),
    engineers: inputs.engineers === '' ? null : { count: count('engineers'), cost: amount('engineer-cost') },
    surroundings,
  };
  if (config.token === '') {
    throw new GuardError(
      'Input "github-token" is empty; give it a token that may read the repository: in a workflow leave it out (the job\'s token, with "permissions: contents: read, deployments: read, pull-requests: read"), on a laptop set GITHUB_TOKEN.',
    );
  }
  return config;
}

function modeOf(eventName: string): Mode {
  if (['pull_request', 'pull_request_target', 'merge_group'].includes(eventName)) return 'pull-request';
  return eventName === 'schedule' ? 'scheduled' : 'guard';
}

function repository(value: string): string[] {
  if (!/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/.test(value))
    throw badInput('repository', value, 'owner/name, such as octo-org/shop');
  return value.split('/');
}

function deploySource(kind: DeploySource, inputs: Record<InputName, string>): Config['source'] {
  const file = inputs['deploy-workflow'].replace(/^.*\//, '');
  if (kind === 'workflow') {
    if (!/^[^/\\?#%]+\.ya?ml$/i.test(file))
      throw badInput(
        'deploy-workflow',
        inputs['deploy-workflow'],
        'the file name of the workflow that deploys, such as deploy.yml (deploy-source workflow needs it)',
      );
    return { kind, file, job: inputs['deploy-job'] || null };
  }
  for (const name of ['deploy-workflow', 'deploy-job'] as const) {
    if (inputs[name] !== '')
      throw badInput(
        name,
        inputs[name],
        `nothing, as deploy-source is ${kind}; it goes with deploy-source workflow`,
      );
  }
  return { kind };
}

function percentage(value: string): number {
  const match = /^(\d{1,6}(?:\.\d+)?)\s*%$/.exec(value);
  if (match === null) throw badInput('tolerance', value, 'a percentage of zero or more, such as 25%');
  return Number(match[1]) / 100;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}))?$/;

/** A date alone is its first moment in UTC, so that an answer does not depend on where it is asked. */
function instant(value: string, now: Date): Date | null {
  if (value === '') return null;
  const date = parseISO(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00Z` : value);
  const accepted = 'an ISO 8601 instant that is not in the future, such as 2026-01-31T12:00:00Z';
  if (!INSTANT.test(value) || !isValid(date) || date > now) throw badInput('as-of', value, accepted);
  return date;
}

function failOn(value: string, mode: Mode): ReadonlySet<FindingKind> {
  if (value === 'auto') return new Set(mode === 'guard' ? ['drift'] : []);
  if (value === 'none') return new Set();
  const kinds = value.split(/[\s,]+/).filter((each) => each !== '');
  return new Set(
    kinds.map((each) => {
      const kind = FINDING_KINDS.find((known) => known === each);
      if (kind === undefined)
        throw badInput('fail-on', value, `auto, none, or a list of ${FINDING_KINDS.join(', ')}`);
      return kind;
    }),
  );
}

function mention(value: string): Config['mention'] {
  if (value === 'none') return { authors: false, handles: [] };
  const words = value.split(/[\s,]+/).filter((each) => each !== '');
  const handles = words.filter((each) => each !== 'authors').map((each) => each.replace(/^@/, ''));
  if (!handles.every((each) => /^[A-Za-z0-9][A-Za-z0-9-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)?$/.test(each)))
    throw badInput('mention', value, 'none, authors, or handles such as @octocat @octo-org/platform');
  return { authors: words.includes('authors'), handles };
}

/** Where GraphQL is, given where REST is: beside it on github.com, at `/api/graphql` on GitHub Enterprise Server. */
export function graphqlUrlOf(apiUrl: string): string {
  return `${apiUrl.replace(/\/+$/, '').replace(/\/api\/v3$/, '/api')}/graphql`;
}
