import { subSeconds } from 'date-fns';
import { badInput, GuardError } from '../model/guard-error.ts';
import { type FailKind, type Mode, thresholdOf, type Window } from '../model/terms.ts';
import type { AuthorRule, Service } from '../model/service.ts';
import { SOURCE_INPUTS, SOURCES, sourceOf } from '../sources/registry.ts';
import type { AuthorSettings, ConfigFile, ServiceSettings, StageSettings } from './file.ts';
import { spelled } from './duration.ts';
import { type InputReader, inputReader, type Inputs, OPTIONS, type Raw } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** Where a file of settings is looked for; at the first of them where there is none. */
export const CONFIG_FILES = ['.github/deploy-latency.yml', '.github/deploy-latency.yaml'] as const;
export const [CONFIG_FILE] = CONFIG_FILES;

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
  /** How far a window that holds too few changes is widened at most, in seconds; 0: not at all. */
  widen: number;
  /** So many weeks are shown; `null`: none. */
  weeks: number | null;
  /** Whether the window ends now; `false` where `as-of` asks about the past. */
  live: boolean;
  comment: 'auto' | 'always' | 'never';
  issue: 'auto' | 'always' | 'per-service' | 'never';
  /** The file of settings that an input names; `null`: the usual one, where it is there. */
  config: string | null;
  /** Whether there is a file of settings. */
  hasFile: boolean;
  /** By what the same figures are shown again: `label:team/*`, `service`. */
  splits: readonly string[];
  /** Times when nothing is deployed. */
  freezes: readonly Freeze[];
  issueLabel: string;
  /** The pull request that an input names. */
  pullRequest: number | null;
  /** Where the weekly issue is kept: by default where the workflow is. */
  issueRepository: { owner: string; name: string };
  mention: { authors: boolean; handles: string[] };
  stages: 'auto' | 'full' | 'none';
  otel: 'auto' | 'shipped' | 'window' | 'never';
  /** The path of the page that an input names; `null`: no page is drawn. */
  html: string | null;
  /** Seconds. */
  timeout: number;
  maxRequests: number;
}

/** A time when nothing is deployed, and why. */
export interface Freeze {
  from: Date;
  to: Date;
  why: string;
}

export interface Plan {
  settings: Settings;
  /** What the run answers for: one, or each service of a file of settings. */
  services: readonly Service[];
}

/**
 * Turns the inputs, and what a file of settings says where they say nothing, into what a run has to do.
 *
 * @throws {GuardError} on the first value that cannot be used; the line names the input, or the file and the line, the
 *   value and what is accepted.
 */
export const planOf = (raw: Raw, surroundings: Surroundings, file: ConfigFile | null = null): Plan =>
  plannerOf(raw, surroundings.now)(surroundings, file);

/** Plans a run, and plans it again when more is known of it: each input is read once. */
export type Planner = (surroundings: Surroundings, file?: ConfigFile | null) => Plan;

export function plannerOf(raw: Raw, now: Date): Planner {
  const given = givenIn(raw);
  const readInputs = inputReader(now);
  return (surroundings, file = null) => plan(given, readInputs, surroundings, file);
}

function plan(
  given: Raw,
  readInputs: InputReader,
  surroundings: Surroundings,
  file: ConfigFile | null,
): Plan {
  const { now } = surroundings;
  // A bad input is told before anything else is.
  const inputs = readInputs(given);
  const repository = given.repository ?? surroundings.repository;
  const top = inFile(file, null, () =>
    readInputs({ ...file?.defaults.inputs, ...file?.top.inputs, ...given, repository }),
  );
  const { value } = top;
  if (value.repository === null) throw badInput('repository', '', 'owner/name, such as octo-org/shop');
  const [owner = '', repo = ''] = value.repository.split('/');
  const { mode, reason, rests } =
    value.mode === 'auto'
      ? modeOf(surroundings)
      : { mode: value.mode, reason: 'as input "mode" says', rests: false };
  const to = value['as-of'] ?? now;
  const services =
    file === null ? [unitOf(inputs, mode, NO_SETTINGS)] : unitsOf(given, mode, readInputs, file);
  for (const service of services) canShowDrift(service, value.window, file);
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
      widen: value.widen,
      weeks: value.weeks,
      live: value['as-of'] === null,
      comment: value.comment,
      issue: value.issue,
      config: value.config,
      hasFile: file !== null,
      splits: file?.splits ?? [],
      freezes: apart([
        ...(file?.freezes ?? []),
        ...(file?.weekends ? weekendsIn(subSeconds(to, value.window + WAITED), to) : []),
      ]),
      issueLabel: value['issue-label'],
      pullRequest: value['pull-request'],
      issueRepository: placeOf(value['issue-repository'] ?? (surroundings.repository || value.repository)),
      mention: value.mention,
      timeout: value.timeout,
      maxRequests: value['max-requests'],
      stages: value.stages,
      otel: value.otel,
      html: value.html,
    },
    services,
  };
}

/** In a window that is not twice as long as the limit most of what drifts is still waiting, or out of it again. */
function canShowDrift({ target, service }: Service, window: number, file: ConfigFile | null): void {
  const limit = thresholdOf(target);
  if (window >= 2 * limit) return;
  inFile(file, service, () => {
    throw badInput(
      'window',
      spelled(window),
      `at least ${spelled(2 * limit)}, which is twice the limit: target ${spelled(target.seconds)} and tolerance ${Number((target.tolerance * 100).toFixed(6))}% make ${spelled(limit)}, and a shorter window cannot show a drift past it. Lengthen "window", or lower "target"`,
    );
  });
}

/** What waits may have been merged so many seconds before the window: ninety days. */
const WAITED = 90 * 86_400;
const DAY = 86_400_000;

/** The same times, none of which overlaps another. */
function apart(freezes: readonly Freeze[]): Freeze[] {
  const told: Freeze[] = [];
  for (const freeze of freezes.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = told.at(-1);
    if (!last || freeze.from > last.to) told.push({ ...freeze });
    else if (freeze.to > last.to) last.to = freeze.to;
  }
  return told;
}

/** Saturdays and Sundays in UTC. */
function weekendsIn(from: Date, to: Date): Freeze[] {
  const first = from.getTime() - (from.getTime() % DAY);
  const days = Array.from({ length: Math.ceil((to.getTime() - first) / DAY) }, (_, i) => first + i * DAY);
  return days
    .filter((day) => new Date(day).getUTCDay() === 6)
    .map((day) => ({ from: new Date(day), to: new Date(day + 2 * DAY), why: 'weekend' }));
}

/**
 * The inputs that say something. A runner fills in the defaults of `action.yml`: one that says its default says no more
 * than one that was left out, and the file of settings holds.
 */
const givenIn = (raw: Raw): Raw =>
  Object.fromEntries(
    Object.entries(raw).filter(([name, value]) => {
      const said = value?.trim() ?? '';
      return said !== '' && said !== OPTIONS[name as keyof Raw]?.default;
    }),
  );

/** Reads what a file says; an error of one of its values says where it stands in it. */
function inFile<T>(file: ConfigFile | null, service: string | null, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (file === null || !(error instanceof GuardError)) throw error;
    const [, key = ''] = /^Input "([^"]+)"/.exec(error.message) ?? [];
    throw file.at(service, key, error);
  }
}

function unitsOf(given: Raw, mode: Mode, readInputs: InputReader, file: ConfigFile): Service[] {
  // `own`: whose inputs count as given. An input of another source in what services share is none of theirs.
  const inputsOf = (settings: ServiceSettings, own = settings): Inputs => ({
    value: readInputs({ ...settings.inputs, ...given }).value,
    given: readInputs({ ...own.inputs, ...given }).given,
  });
  const shared = mergedSettings(file.defaults, file.top);
  if (file.services.size === 0)
    return [inFile(file, null, () => unitOf(inputsOf(shared), mode, { ...shared, name: null }))];
  return [...file.services].map(([name, each]) =>
    inFile(file, name, () => {
      const merged = mergedSettings(shared, each);
      return unitOf(inputsOf(merged, each), mode, { ...merged, name });
    }),
  );
}

/** What a service says, and where it says nothing what all of them say. */
function mergedSettings(shared: ServiceSettings, own: ServiceSettings): ServiceSettings {
  return {
    inputs: { ...shared.inputs, ...own.inputs },
    paths: own.paths ?? shared.paths,
    // An environment of its own is no stage of what all have.
    stages: own.stages ?? (own.inputs.environment === undefined ? shared.stages : null),
    authors: own.authors ?? shared.authors,
  };
}

type Named = ServiceSettings & { name: string | null };
const NO_SETTINGS: Named = { name: null, inputs: {}, paths: null, stages: null, authors: null };

const placeOf = (repository: string): Settings['issueRepository'] => {
  const [owner = '', name = ''] = repository.split('/');
  return { owner, name };
};

function unitOf(inputs: Inputs, mode: Mode, { name, paths, stages, authors }: Named): Service {
  const { value, given } = inputs;
  const kind = value['deploy-source'];
  // An input says more than the file's stages do.
  const way = stages === null || given.has('environment') ? [] : stages.map(stageOf);
  const last = way.at(-1);
  const environments = last ? [last.name] : value.environment;
  // Other sources know of no environment: theirs is a name for people.
  if (
    (way.length > 1 || environments.length > 1) &&
    !sourceOf({ source: { kind, options: null } }).environmentsOf
  )
    throw badInput(
      way.length > 1 ? 'environments' : 'environment',
      (way.length > 1 ? way.map((each) => each.name) : environments).join(', '),
      `one name, as deploy-source is ${kind}; stages and regions go with deploy-source deployments`,
    );
  for (const { name: stage } of way)
    if (stage.startsWith('!'))
      throw badInput('environments', stage, 'a stage; what a pattern leaves out stands in "environment"');
  return {
    id: name ?? environments.join(', '),
    service: name,
    paths,
    source: { kind, options: sourceOptions(kind, inputs) },
    environment: environments.join(', '),
    environments,
    live: last?.live ?? value.live,
    stages: way.slice(0, -1).map((each) => each.name),
    authors: authors === null || given.has('authors') ? value.authors : authorsOf(authors),
    baseBranch: value['base-branch'],
    countDirectPushes: value['direct-pushes'] === 'count',
    target: { seconds: value.target, tolerance: value.tolerance, statistic: value.statistic },
    policy: {
      minSamples: value['min-samples'],
      maxBatch: value['max-batch'],
      objective: value.objective,
      failOn: value['fail-on'] === 'auto' ? byMode(mode) : value['fail-on'],
    },
  };
}

const stageOf = (stage: StageSettings) =>
  typeof stage === 'string' ? { name: stage, live: undefined } : stage;

function authorsOf(settings: AuthorSettings): AuthorRule {
  const read = (words: string | string[] | undefined): string[] => [words ?? []].flat();
  if (typeof settings === 'string' || Array.isArray(settings))
    return OPTIONS.authors.parse([settings].flat().join(' '), 'authors', new Date(0));
  return { only: read(settings.only), exclude: read(settings.exclude) };
}

/** In the other modes the voice is the comment or the issue. */
function byMode(mode: Mode): ReadonlySet<FailKind> {
  return new Set(mode === 'guard' ? ['sure-drift'] : []);
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
