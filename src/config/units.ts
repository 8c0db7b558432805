import { subSeconds } from 'date-fns';
import { badInput, GuardError } from '../model/guard-error.ts';
import type { FindingKind, Mode, Window } from '../model/terms.ts';
import type { Unit } from '../model/unit.ts';
import { SOURCE_INPUTS, SOURCES, sourceOf } from '../sources/registry.ts';
import { type InputName, type Inputs, readInputs } from './inputs.ts';
import type { Surroundings } from './surroundings.ts';

/** What holds for a whole run, whatever it answers for. */
export interface Settings {
  token: string;
  owner: string;
  repo: string;
  mode: Mode;
  /** Why that mode, for the log. */
  modeReason: string;
  /** Whether the mode rests on what is not known yet: whether the workflow that was started by hand has a schedule. */
  modeRests: boolean;
  window: Window;
  /** Whether the window ends now; `false` where `as-of` asks about the past. */
  live: boolean;
  comment: 'auto' | 'always' | 'never';
  issue: 'auto' | 'always' | 'never';
  issueLabel: string;
  /** The pull request that an input names. */
  pullRequest: number | null;
  /** Where the weekly issue is kept: by default where the workflow is. */
  issueRepository: { owner: string; name: string };
  mention: { authors: boolean; handles: string[] };
  stages: 'auto' | 'full' | 'none';
  /** `null`: what waiting costs is not estimated. */
  engineers: { count: number; cost: number } | null;
  /** Seconds. */
  timeout: number;
  maxRequests: number;
}

export interface Plan {
  settings: Settings;
  /** What the run answers for; today's inputs make exactly one. */
  units: readonly Unit[];
}

/**
 * Turns the inputs into what a run has to do.
 *
 * @throws {GuardError} on the first input that cannot be used; the line names the input, the value and what is accepted.
 */
export function planOf(raw: Partial<Record<InputName, string>>, surroundings: Surroundings): Plan {
  const inputs = readInputs(
    { ...raw, repository: raw.repository || surroundings.repository },
    surroundings.now,
  );
  const { value } = inputs;
  if (value.repository === null) throw badInput('repository', '', 'owner/name, such as octo-org/shop');
  const [owner = '', repo = ''] = value.repository.split('/');
  const { mode, reason, rests } =
    value.mode === 'auto'
      ? modeOf(surroundings)
      : { mode: value.mode, reason: 'as input "mode" says', rests: false };
  const to = value['as-of'] ?? surroundings.now;
  const unit = unitOf(inputs, mode);
  if (value['github-token'] === '')
    throw new NoToken(
      mode,
      'Input "github-token" is empty; give it a token that may read the repository: in a workflow leave it out (the job\'s token, with "permissions: contents: read, deployments: read, pull-requests: read"), on a laptop set GITHUB_TOKEN.',
    );
  return {
    settings: {
      token: value['github-token'],
      owner,
      repo,
      mode,
      modeReason: reason,
      modeRests: rests,
      window: { from: subSeconds(to, value.window), to },
      live: value['as-of'] === null,
      comment: value.comment,
      issue: value.issue,
      issueLabel: value['issue-label'],
      pullRequest: value['pull-request'],
      issueRepository: placeOf(value['issue-repository'] ?? (surroundings.repository || value.repository)),
      mention: value.mention,
      timeout: value.timeout,
      maxRequests: value['max-requests'],
      stages: value.stages,
      engineers: value.engineers === null ? null : { count: value.engineers, cost: value['engineer-cost'] },
    },
    units: [unit],
  };
}

const placeOf = (repository: string): Settings['issueRepository'] => {
  const [owner = '', name = ''] = repository.split('/');
  return { owner, name };
};

function unitOf(inputs: Inputs, mode: Mode): Unit {
  const { value } = inputs;
  const kind = value['deploy-source'];
  return {
    id: value.environment,
    source: { kind, options: sourceOptions(kind, inputs) },
    environment: value.environment,
    baseBranch: value['base-branch'],
    countDirectPushes: value['direct-pushes'] === 'count',
    target: { seconds: value.target, tolerance: value.tolerance, statistic: value.statistic },
    policy: {
      minSamples: value['min-samples'],
      maxBatch: value['max-batch'],
      failOn: value['fail-on'] === 'auto' ? byMode(mode) : value['fail-on'],
    },
  };
}

/** In the other modes the voice is the comment or the issue. */
function byMode(mode: Mode): ReadonlySet<FindingKind> {
  return new Set(mode === 'guard' ? ['drift'] : []);
}

/** A source reads its own inputs; one that belongs to another source would do nothing, and is refused. */
function sourceOptions(kind: string, { value, given }: Inputs): unknown {
  const source = sourceOf({ source: { kind, options: null } });
  for (const name of Object.keys(SOURCE_INPUTS) as (keyof typeof SOURCE_INPUTS)[])
    if (given.has(name) && !(name in source.inputs)) {
      const takers = SOURCES.filter((each) => name in each.inputs).map((each) => each.kind);
      throw badInput(
        name,
        String(value[name]),
        `nothing, as deploy-source is ${kind}; it goes with deploy-source ${takers.toReversed().join(' or ')}`,
      );
    }
  return source.parse(value as unknown as Record<string, string>);
}

/** Events about a pull request; its own and those of its reviews. */
const ABOUT_A_PULL_REQUEST = /^(?:pull_request(?:_target|_review|_review_comment)?|merge_group)$/;

interface ModeOf {
  mode: Mode;
  reason: string;
  rests: boolean;
}

/**
 * A pull request that was merged is what teams deploy by: then it is the deployment that counts. A workflow that has a
 * schedule and is started by hand is asked for what it does on schedule.
 */
function modeOf({ eventName, isMerged, hasSchedule }: Surroundings): ModeOf {
  const by = (mode: Mode, reason = `by the event ${eventName || 'that there is none'}`): ModeOf => ({
    mode,
    reason,
    rests: false,
  });
  if (ABOUT_A_PULL_REQUEST.test(eventName)) return by(isMerged ? 'guard' : 'pull-request');
  if (eventName === 'schedule') return by('scheduled');
  if (eventName !== 'workflow_dispatch') return by('guard');
  if (hasSchedule === null)
    return {
      ...by('guard', 'by the event workflow_dispatch; whether the workflow has a schedule could not be read'),
      rests: true,
    };
  return hasSchedule
    ? by('scheduled', 'by the event workflow_dispatch of a workflow that has a schedule')
    : by('guard', 'by the event workflow_dispatch of a workflow that has no schedule');
}

/** There is no token: an error, but on a pull request that may not have one. */
export class NoToken extends GuardError {
  constructor(
    readonly mode: Mode,
    message: string,
  ) {
    super(message);
  }
}
