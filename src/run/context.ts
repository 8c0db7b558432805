import { setMaxListeners } from 'node:events';
import type { OptionName } from '../config/options.ts';
import type { Surroundings } from '../config/surroundings.ts';
import {
  CONFIG_FILES,
  type FirstPlan,
  type Plan,
  type Planner,
  plannerOf,
  type Settings,
} from '../config/plan.ts';
import type { ClientOptions, GitHub, GitHubWriter } from '../github/client.ts';
import { fileAt } from '../github/actions/workflow-files.ts';
import { repoOf } from '../github/repo.ts';
import { badInput, GuardError, oneLine, OutOfTime } from '../model/guard-error.ts';
import type { Service } from '../model/service.ts';
import { open, type Opened } from '../read/open.ts';

/** What an entry point passes in: its inputs, its surroundings and the options of its GitHub client. */
export interface RunContext {
  inputs: Partial<Record<OptionName, string>>;
  surroundings: Surroundings;
  client: Pick<ClientOptions, 'pace' | 'onAnswer' | 'onNotice' | 'meter'>;
  /** Learns how many seconds the run may take from now on, to end a process that no timer can end. */
  watch?: ((seconds: number) => void) | undefined;
}

/** A run whose inputs are valid and whose `timeout` is running. */
export interface Prepared {
  settings: Settings;
  services: readonly Service[];
  github: GitHub;
  writer: GitHubWriter;
  /** The repository, if preparing opened it. */
  opened?: Opened;
}

/**
 * Validates the inputs and starts the clock: once `timeout` is over, each request rejects with {@link OutOfTime}.
 *
 * @throws {GuardError} for the first invalid input, before any request.
 */
export async function prepare({
  inputs,
  surroundings,
  client,
  watch = () => undefined,
}: RunContext): Promise<Prepared> {
  const planner = plannerOf(inputs, surroundings.now);
  const first = planner.first(surroundings);
  const { settings } = first;
  const timeout = new AbortController();
  // Every running request adds a listener.
  setMaxListeners(0, timeout.signal);
  const startedAt = performance.now();
  const abortAfter = (seconds: number) => {
    const left = Math.max(0, seconds * 1000 - (performance.now() - startedAt));
    watch(left / 1000);
    return setTimeout(() => timeout.abort(new OutOfTime(seconds)), left).unref();
  };
  const timer = abortAfter(settings.timeout);
  // Octokit takes long to load, and the error for a bad input should not wait for it.
  const { connect, connectWriter } = await import('../github/client.ts');
  const options = {
    token: settings.token,
    apiUrl: surroundings.apiUrl,
    graphqlUrl: surroundings.graphqlUrl,
    maxRequests: settings.maxRequests,
    signal: timeout.signal,
    proxied: surroundings.isProxied,
    ...client,
  };
  const github = connect(options);
  const { workflow, runId } = surroundings;
  const asker = { workflow, runId, signal: timeout.signal, isLocal: client.pace === 0, hadTurn: false };
  const writer: GitHubWriter = {
    ...connectWriter(options),
    turn: async () => (await import('../github/threads/turn.ts')).takeTurn(github, asker),
  };
  const withSchedule =
    settings.modeDependsOnSchedule && workflow !== null
      ? { ...surroundings, hasSchedule: await hasSchedule(github, workflow) }
      : surroundings;
  const plan = withSchedule === surroundings ? first : planner.first(withSchedule);
  if (isClosedUnmerged(plan.settings, withSchedule)) return { ...plan, github, writer };
  const opened = await openWithConfig(github, plan, planner, withSchedule);
  // The configuration file may change the limits.
  clearTimeout(timer);
  abortAfter(opened.settings.timeout);
  options.maxRequests = opened.settings.maxRequests;
  return { ...opened, github, writer };
}

/** A pull request that was closed without a merge needs no report and no requests. */
export const isClosedUnmerged = ({ mode }: Settings, { eventAction, isMerged }: Surroundings) =>
  mode === 'pull-request' && eventAction === 'closed' && !isMerged;

/**
 * Opens the repository and reads its configuration file. If there is one, plans the run again with it, and opens the
 * repository again if the file names another branch.
 */
async function openWithConfig(
  github: GitHub,
  { settings, services, fault }: FirstPlan,
  planner: Planner,
  surroundings: Surroundings,
): Promise<Plan & { opened: Opened }> {
  const repo = repoOf(github, { owner: settings.owner, name: settings.repo }, true);
  const paths = settings.config === null ? CONFIG_FILES : [settings.config];
  const opened = await open(repo, services, settings, { files: paths });
  const [file, other] = opened.repository.files;
  const currentName = (settings: Settings) => underCurrentName(settings, opened.repository.repository);
  if (file === undefined) {
    if (settings.config === null && fault !== null) throw fault;
    if (settings.config === null) return { settings: currentName(settings), services, opened };
    throw badInput(
      'config',
      settings.config,
      `a file on branch ${oneLine(opened.repository.baseBranch, 60)} of the repository`,
    );
  }
  if (other !== undefined)
    throw new GuardError(
      `There are two configuration files, "${file.path}" and "${other.path}". Keep one of them, or name one with input "config".`,
    );
  const { readConfig } = await import('../config/file.ts');
  const plan = planner.plan(surroundings, readConfig(file.text, file.path));
  return {
    ...plan,
    settings: currentName(plan.settings),
    opened: await open(repo, plan.services, plan.settings, { before: opened }).catch((error: unknown) => {
      throw plan.settings.locate(null, error);
    }),
  };
}

/** The settings with the name that GitHub uses now. It follows renames and transfers only in a part of its API. */
function underCurrentName(settings: Settings, repository: string): Settings {
  const former = `${settings.owner}/${settings.repo}`;
  if (repository.toLowerCase() === former.toLowerCase()) return settings;
  const [owner = '', repo = ''] = repository.split('/');
  const issues = `${settings.issueRepository.owner}/${settings.issueRepository.name}`;
  return {
    ...settings,
    owner,
    repo,
    formerName: former,
    ...(issues.toLowerCase() === former.toLowerCase() ? { issueRepository: { owner, name: repo } } : {}),
  };
}

/** Whether a workflow has a schedule; `null` if its file could not be read. */
async function hasSchedule(
  github: GitHub,
  { owner, name, commit, path }: NonNullable<Surroundings['workflow']>,
): Promise<boolean | null> {
  try {
    const text = await fileAt(repoOf(github, { owner, name }), commit, path);
    const { eventsIn } = await import('../github/actions/workflow-yaml.ts');
    return text === null ? null : eventsIn(text).includes('schedule');
  } catch (error) {
    if (!(error instanceof GuardError) || error instanceof OutOfTime) throw error;
    return null;
  }
}
