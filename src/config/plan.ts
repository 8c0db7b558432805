import { subSeconds } from 'date-fns';
import { badInput, GuardError } from '../model/guard-error.ts';
import { type FailKind, type Mode, thresholdOf, type Window } from '../model/terms.ts';
import type { Service } from '../model/service.ts';
import { SOURCE_INPUTS, SOURCES, sourceOf } from '../sources/registry.ts';
import type { ConfigFile, ServiceSettings, StageSettings } from './file.ts';
import { clockForm } from './duration.ts';
import {
  appliesTo,
  type OptionName,
  type OptionReader,
  optionReader,
  type ParsedOptions,
  type RawOptions,
} from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** Default paths of the configuration file. The first one is the path that messages recommend. */
export const CONFIG_FILES = ['.github/deploy-latency.yml', '.github/deploy-latency.yaml'] as const;
export const [CONFIG_FILE] = CONFIG_FILES;

/** Settings for the entire run, as opposed to one service. */
export interface Settings {
  token: string;
  owner: string;
  repo: string;
  /** The name that was given, if the repository was renamed or transferred since: `acme/old`. */
  formerName?: string;
  mode: Mode;
  /** Reason for the mode, as a clause for the log. */
  modeReason: string;
  /** `true` if the mode may still change, because it depends on whether the workflow has a schedule. */
  modeDependsOnSchedule: boolean;
  window: Window;
  /** Longest window in seconds if the original one has too few changes. 0 keeps the original. */
  widen: number;
  /** Number of past weeks to show. `null`: none. */
  weeks: number | null;
  /** `true` if the window ends now, `false` with `as-of`. */
  endsNow: boolean;
  comment: 'auto' | 'always' | 'overdue' | 'never';
  issue: 'auto' | 'always' | 'per-service' | 'never';
  /** Path of the configuration file. `null`: the default file, if it exists. */
  config: string | null;
  /** Groups to show the numbers for again: `label:team/*` or `service`. */
  splits: readonly string[];
  freezes: readonly Freeze[];
  issueLabel: string;
  /** Pull request to comment on. `null`: the event's. */
  pullRequest: number | null;
  /** Repository for the issue. Defaults to the repository of the workflow. */
  issueRepository: { owner: string; name: string };
  mention: { authors: boolean; handles: string[] };
  stages: 'auto' | 'full' | 'none';
  otel: 'auto' | 'shipped' | 'window' | 'never';
  /** Path of the HTML page. `null`: no page. */
  html: string | null;
  /** Seconds. */
  timeout: number;
  maxRequests: number;
  /** Adds the file and the line to an error about an option that the file sets for a service, or for all of them. */
  locate<T>(service: string | null, error: T): T;
}

/** A period without deployments. */
export interface Freeze {
  from: Date;
  to: Date;
  why: string;
}

export interface Plan {
  settings: Settings;
  /** Every service of the configuration file, or a single one without a name. */
  services: readonly Service[];
}

/**
 * Combines inputs and configuration file. Inputs override the file, and the file overrides the defaults.
 *
 * @throws {GuardError} for the first invalid value, with the input, or the file and the line, and the accepted values.
 */
export const planOf = (raw: RawOptions, surroundings: Surroundings, file: ConfigFile | null = null): Plan =>
  plannerOf(raw, surroundings.now).plan(surroundings, file);

/** A plan before the configuration file is known. */
export interface FirstPlan extends Plan {
  /** Why there is no plan with these inputs alone; `null`: there is one. A file may complete them. */
  fault: GuardError | null;
}

/** Plans a run, and plans it again once the configuration file or the schedule is known. Parses each input once. */
export interface Planner {
  plan(surroundings: Surroundings, file: ConfigFile | null): Plan;
  first(surroundings: Surroundings): FirstPlan;
}

export function plannerOf(raw: RawOptions, now: Date): Planner {
  const explicit = explicitInputs(raw);
  const readInputs = optionReader(now);
  return {
    plan: (surroundings, file) => plan(explicit, readInputs, surroundings, file),
    first(surroundings) {
      readInputs(explicit);
      try {
        return { ...plan(explicit, readInputs, surroundings, null), fault: null };
      } catch (error) {
        if (!(error instanceof GuardError)) throw error;
        const forRun = Object.entries(explicit).filter(
          ([name]) => name !== 'window' && !appliesTo(name as OptionName, 'service'),
        );
        return { ...plan(Object.fromEntries(forRun), readInputs, surroundings, null), fault: error };
      }
    },
  };
}

function plan(
  explicit: RawOptions,
  readInputs: OptionReader,
  surroundings: Surroundings,
  file: ConfigFile | null,
): Plan {
  // Report an invalid input before anything in the file.
  const inputs = readInputs(explicit);
  const repository = explicit.repository ?? surroundings.repository;
  const { value } = inFile(file, explicit, null, () =>
    readInputs({ ...file?.topLevel.options, ...explicit, repository }),
  );
  if (value.repository === null) throw badInput('repository', '', 'owner/name, such as octo-org/shop');
  const [owner = '', repo = ''] = value.repository.split('/');
  const [issueOwner = '', issueName = ''] = (
    value['issue-repository'] ??
    (surroundings.repository || value.repository)
  ).split('/');
  const { mode, reason, isTentative } =
    value.mode === 'auto'
      ? modeFor(surroundings)
      : { mode: value.mode, reason: 'set by option "mode"', isTentative: false };
  const to = value['as-of'] ?? surroundings.now;
  const services =
    file === null
      ? [serviceOf(null, NO_SETTINGS, inputs, mode)]
      : servicesIn(file, explicit, mode, readInputs);
  for (const service of services)
    inFile(file, explicit, service.service, () => refuseShortWindow(service, value.window));
  refuseUnusedMatch(services, file, explicit);
  if (value['github-token'] === '')
    throw new NoToken(
      mode,
      'Input "github-token" is empty. In a workflow, leave it out and grant the job "permissions: contents: read, deployments: read, pull-requests: read". On a laptop, set GITHUB_TOKEN.',
    );
  return {
    settings: {
      token: value['github-token'],
      owner,
      repo,
      mode,
      modeReason: reason,
      modeDependsOnSchedule: isTentative,
      window: { from: subSeconds(to, value.window), to },
      widen: value.widen,
      weeks: value.weeks,
      endsNow: value['as-of'] === null,
      comment: value.comment,
      issue: value.issue,
      config: value.config,
      splits: file?.splits ?? [],
      freezes: withoutOverlaps([
        ...(file?.freezes ?? []),
        ...(file?.weekends ? weekendsIn(subSeconds(to, value.window + LONGEST_WAIT), to) : []),
      ]),
      issueLabel: value['issue-label'],
      pullRequest: value['pull-request'],
      issueRepository: { owner: issueOwner, name: issueName },
      mention: value.mention,
      timeout: value.timeout,
      maxRequests: value['max-requests'],
      stages: value.stages,
      otel: value.otel,
      html: value.html,
      locate(service, error) {
        if (error instanceof GuardError) file?.locate(service, error, explicit);
        return error;
      },
    },
    services,
  };
}

/** In a window shorter than twice the limit, most late changes are still pending or no longer in the window. */
function refuseShortWindow({ target }: Service, window: number): void {
  const limit = thresholdOf(target);
  if (window >= 2 * limit) return;
  throw badInput(
    'window',
    clockForm(window),
    `at least ${clockForm(2 * limit)}, twice the limit of ${clockForm(limit)} (target ${clockForm(target.seconds)} plus ${Number((target.tolerance * 100).toFixed(6))}%). Raise "window" or lower "target"`,
  );
}

/** A pattern for the answers of production has no effect if no service has an address. */
function refuseUnusedMatch(
  services: readonly Service[],
  file: ConfigFile | null,
  explicit: RawOptions,
): void {
  const unused = services.find(({ liveMatch }) => liveMatch !== null);
  if (unused === undefined || services.some(({ addresses }) => addresses.length > 0)) return;
  inFile(file, explicit, unused.service, () => {
    throw badInput('live-match', unused.liveMatch ?? '', 'no value without "live-url"');
  });
}

/** Seconds before the window that a pending change may have been merged: ninety days. */
const LONGEST_WAIT = 90 * 86_400;
const DAY_MS = 86_400_000;

/** Merges overlapping freezes into one, with the reason of the earlier one. */
function withoutOverlaps(freezes: readonly Freeze[]): Freeze[] {
  const merged: Freeze[] = [];
  for (const freeze of freezes.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = merged.at(-1);
    if (!last || freeze.from > last.to) merged.push({ ...freeze });
    else if (freeze.to > last.to) last.to = freeze.to;
  }
  return merged;
}

/** Saturdays and Sundays in UTC. */
function weekendsIn(from: Date, to: Date): Freeze[] {
  const first = from.getTime() - (from.getTime() % DAY_MS);
  return Array.from({ length: Math.ceil((to.getTime() - first) / DAY_MS) }, (_, i) => first + i * DAY_MS)
    .filter((day) => new Date(day).getUTCDay() === 6)
    .map((day) => ({ from: new Date(day), to: new Date(day + 2 * DAY_MS), why: 'weekend' }));
}

/** Inputs that override the configuration file. */
const explicitInputs = (raw: RawOptions): RawOptions =>
  Object.fromEntries(Object.entries(raw).filter(([, value]) => value?.trim()));

/** Adds the file and the line to an error about a value of the file, and not to one about an input that overrides it. */
function inFile<T>(file: ConfigFile | null, explicit: RawOptions, service: string | null, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw file !== null && error instanceof GuardError ? file.locate(service, error, explicit) : error;
  }
}

function servicesIn(file: ConfigFile, explicit: RawOptions, mode: Mode, readInputs: OptionReader): Service[] {
  // A shared option of another source is ignored, so only the options of the service itself count as set.
  const inputsOf = (merged: ServiceSettings, service = merged): ParsedOptions => ({
    value: readInputs({ ...merged.options, ...explicit }).value,
    given: readInputs({ ...ownOptions(service.options, explicit), ...explicit }).given,
  });
  const shared = mergedSettings(file.topLevel, file.defaults);
  if (file.services.size === 0)
    return [inFile(file, explicit, null, () => serviceOf(null, shared, inputsOf(shared), mode))];
  return [...file.services].map(([name, service]) =>
    inFile(file, explicit, name, () => {
      const merged = mergedSettings(shared, service);
      return serviceOf(name, merged, inputsOf(merged, service), mode);
    }),
  );
}

/** The options of a service, without those of a source that an input replaces. */
const ownOptions = (options: RawOptions, explicit: RawOptions): RawOptions =>
  explicit['deploy-source'] === undefined
    ? options
    : Object.fromEntries(Object.entries(options).filter(([name]) => !(name in SOURCE_INPUTS)));

/** Settings of a service, with shared settings for those that it does not set. */
function mergedSettings(shared: ServiceSettings, service: ServiceSettings): ServiceSettings {
  return {
    options: { ...shared.options, ...service.options },
    paths: service.paths ?? shared.paths,
    // A service with an environment of its own does not go through the shared stages.
    stages: service.stages ?? (service.options.environment === undefined ? shared.stages : null),
  };
}

const NO_SETTINGS: ServiceSettings = { options: {}, paths: null, stages: null };

function serviceOf(
  name: string | null,
  { paths, stages }: ServiceSettings,
  inputs: ParsedOptions,
  mode: Mode,
): Service {
  const { value, given } = inputs;
  const kind = value['deploy-source'];
  // Input "environment" replaces the stages of the file.
  const promotionPath = stages === null || given.has('environment') ? [] : stages.map(stageOf);
  const last = promotionPath.at(-1);
  const environments = last ? [last.name] : value.environment;
  const hasStages = promotionPath.length > 1;
  const names = hasStages ? promotionPath.map((stage) => stage.name) : environments;
  // For other sources, the environment is only a name to display.
  if (names.length > 1 && !sourceOf({ source: { kind, options: null } }).environmentsOf)
    throw badInput(
      hasStages ? 'environments' : 'environment',
      names.join(', '),
      `one name with "deploy-source: ${kind}". Stages and regions need "deploy-source: deployments"`,
    );
  return {
    id: name ?? environments.join(', '),
    service: name,
    paths,
    source: { kind, options: sourceOptions(kind, inputs) },
    environment: environments.join(', '),
    environments,
    live: last?.live ?? value.live ?? 'first',
    liveWith: last?.live ?? value.live ?? 'last',
    stages: promotionPath.slice(0, -1).map((stage) => stage.name),
    authors: value.authors,
    baseBranch: value['base-branch'],
    addresses: value['live-url'],
    liveMatch: value['live-match'],
    countDirectPushes: value['direct-pushes'] === 'count',
    target: { seconds: value.target, tolerance: value.tolerance, statistic: value.statistic },
    policy: {
      minSamples: value['min-samples'],
      maxBatch: value['max-batch'],
      objective: value.objective,
      failOn: value['fail-on'] === 'auto' ? defaultFailOn(mode) : value['fail-on'],
    },
  };
}

const stageOf = (stage: StageSettings) =>
  typeof stage === 'string' ? { name: stage, live: undefined } : stage;

/** The other modes report a drift in a comment or an issue instead. */
const defaultFailOn = (mode: Mode): ReadonlySet<FailKind> => new Set(mode === 'guard' ? ['sure-drift'] : []);

/** Parses the options of a source. An option of another source would have no effect, so it is an error. */
function sourceOptions(kind: string, { value, given }: ParsedOptions): unknown {
  const source = sourceOf({ source: { kind, options: null } });
  for (const name of Object.keys(SOURCE_INPUTS) as (keyof typeof SOURCE_INPUTS)[])
    if (given.has(name) && !(name in source.inputs)) {
      const others = SOURCES.filter((source) => name in source.inputs).map((source) => source.kind);
      throw badInput(
        name,
        String(value[name]),
        `no value with "deploy-source: ${kind}". Remove it, or set deploy-source to ${others.toReversed().join(' or ')}`,
      );
    }
  return source.parse(value as unknown as Record<string, string>);
}

const ABOUT_A_PULL_REQUEST = /^(?:pull_request(?:_target|_review|_review_comment)?|merge_group)$/;

/**
 * The mode for an event. A merged pull request may have started a deployment, so it means guard mode. A workflow with a
 * schedule that somebody starts by hand does what it does on schedule.
 */
function modeFor({ eventName, isMerged, hasSchedule }: Surroundings) {
  const event = eventName === '' ? 'because there is no event' : `because the event is ${eventName}`;
  const because = (mode: Mode, detail = '', isTentative = false) => ({
    mode,
    reason: event + detail,
    isTentative,
  });
  if (ABOUT_A_PULL_REQUEST.test(eventName)) return because(isMerged ? 'guard' : 'pull-request');
  if (eventName === 'schedule') return because('scheduled');
  if (eventName !== 'workflow_dispatch') return because('guard');
  if (hasSchedule === null)
    return because('guard', '; could not read whether the workflow has a schedule', true);
  return hasSchedule
    ? because('scheduled', ' and the workflow has a schedule')
    : because('guard', ' and the workflow has no schedule');
}

/** An error, except for pull requests whose events do not get a token. */
export class NoToken extends GuardError {
  constructor(
    readonly mode: Mode,
    message: string,
  ) {
    super(message);
  }
}
