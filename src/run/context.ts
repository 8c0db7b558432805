import { setMaxListeners } from 'node:events';
import type { OptionName } from '../config/options.ts';
import type { Surroundings } from '../config/surroundings.ts';
import { CONFIG_FILES, type Plan, type Planner, plannerOf, type Settings } from '../config/plan.ts';
import type { ClientOptions, GitHub, GitHubWriter } from '../github/client.ts';
import { fileAt } from '../github/actions/files.ts';
import { repoOf } from '../github/repo.ts';
import { badInput, GuardError, oneLine, OutOfTime } from '../model/guard-error.ts';
import type { Service } from '../model/service.ts';
import { open, type Opened } from '../read/open.ts';

/** What a door hands in: the inputs as they were given, where it runs, and how GitHub is reached from there. */
export interface RunContext {
  inputs: Partial<Record<OptionName, string>>;
  surroundings: Surroundings;
  client: Pick<ClientOptions, 'pace' | 'onAnswer' | 'onNotice' | 'meter'>;
}

/** A run that may begin: its inputs are checked, its clock is running. */
export interface Prepared {
  settings: Settings;
  services: readonly Service[];
  github: GitHub;
  writer: GitHubWriter;
  /** The repository, where it was opened already. */
  opened?: Opened;
}

/**
 * Starts the clock: when the time that `timeout` allows is over, each request rejects with {@link OutOfTime}.
 *
 * @throws {GuardError} on the first input that cannot be used, before any request is made.
 */
export async function prepare({ inputs, surroundings, client }: RunContext): Promise<Prepared> {
  const planner = plannerOf(inputs, surroundings.now);
  const { settings, services } = planner(surroundings);
  const end = new AbortController();
  // Each request listens while it is under way, and any number may be.
  setMaxListeners(0, end.signal);
  const began = performance.now();
  const endAfter = (seconds: number) =>
    setTimeout(
      () => end.abort(new OutOfTime(seconds)),
      Math.max(0, seconds * 1000 - (performance.now() - began)),
    ).unref();
  const clock = endAfter(settings.timeout);
  // Octokit is most of what is loaded, and no bad input should wait for it.
  const { connect, connectWriter } = await import('../github/client.ts');
  const options = {
    token: settings.token,
    apiUrl: surroundings.apiUrl,
    graphqlUrl: surroundings.graphqlUrl,
    maxRequests: settings.maxRequests,
    signal: end.signal,
    proxied: surroundings.proxied,
    ...client,
  };
  const github = connect(options);
  const writer = connectWriter(options);
  const { workflow } = surroundings;
  const around =
    settings.modeRests && workflow !== null
      ? { ...surroundings, hasSchedule: await hasSchedule(github, workflow) }
      : surroundings;
  const plan = around === surroundings ? { settings, services } : planner(around);
  if (isClosedUnmerged(plan.settings, around)) return { ...plan, github, writer };
  const opened = await opening(github, plan, planner, around);
  // The file may allow more, or less.
  clearTimeout(clock);
  endAfter(opened.settings.timeout);
  options.maxRequests = opened.settings.maxRequests;
  return { ...opened, github, writer };
}

/** There is nothing to say then, and nothing is asked. */
export const isClosedUnmerged = ({ mode }: Settings, { eventAction, isMerged }: Surroundings) =>
  mode === 'pull-request' && eventAction === 'closed' && !isMerged;

/**
 * Opens the repository, and with it the file of settings. Where there is one, the run is planned again by it, and opened
 * again only where the file names another branch.
 */
async function opening(
  github: GitHub,
  { settings, services }: Plan,
  planner: Planner,
  surroundings: Surroundings,
): Promise<Plan & { opened: Opened }> {
  const repo = repoOf(github, { owner: settings.owner, name: settings.repo });
  const paths = settings.config === null ? CONFIG_FILES : [settings.config];
  const opened = await open(repo, services, settings, { files: paths });
  const [file, other] = opened.repository.files;
  if (file === undefined) {
    if (settings.config === null) return { settings, services, opened };
    throw badInput(
      'config',
      settings.config,
      `a file on branch ${oneLine(opened.repository.baseBranch, 60)} of the repository`,
    );
  }
  if (other !== undefined)
    throw new GuardError(
      `There are two files of settings, ${file.path} and ${other.path}. Keep one of them, or name one with input "config".`,
    );
  const { readConfig } = await import('../config/file.ts');
  const plan = planner(surroundings, readConfig(file.text, file.path));
  return { ...plan, opened: await open(repo, plan.services, plan.settings, { before: opened }) };
}

/** Whether a workflow has a schedule; `null`: its file could not be read. */
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
