import type { InputName } from '../config/inputs.ts';
import type { Surroundings } from '../config/surroundings.ts';
import { planOf, type Settings } from '../config/units.ts';
import type { ClientOptions, GitHub, GitHubWriter } from '../github/client.ts';
import { fileAt } from '../github/actions/files.ts';
import { repoOf } from '../github/repo.ts';
import { GuardError, OutOfTime } from '../model/guard-error.ts';
import type { Unit } from '../model/unit.ts';

/** What a door hands in: the inputs as they were given, where it runs, and how GitHub is reached from there. */
export interface RunContext {
  inputs: Partial<Record<InputName, string>>;
  surroundings: Surroundings;
  client: Pick<ClientOptions, 'proxied' | 'pace' | 'onAnswer' | 'onNotice'>;
}

/** A run that may begin: its inputs are checked, its clock is running. */
export interface Prepared {
  settings: Settings;
  units: readonly Unit[];
  github: GitHub;
  writer: GitHubWriter;
}

/**
 * Starts the clock: when the time that `timeout` allows is over, each request rejects with {@link OutOfTime}.
 *
 * @throws {GuardError} on the first input that cannot be used, before any request is made.
 */
export async function prepare({ inputs, surroundings, client }: RunContext): Promise<Prepared> {
  const { settings, units } = planOf(inputs, surroundings);
  const end = new AbortController();
  setTimeout(() => end.abort(new OutOfTime(settings.timeout)), settings.timeout * 1000).unref();
  // Octokit is most of what is loaded, and no bad input should wait for it.
  const { connect, connectWriter } = await import('../github/client.ts');
  const options = {
    token: settings.token,
    apiUrl: surroundings.apiUrl,
    graphqlUrl: surroundings.graphqlUrl,
    maxRequests: settings.maxRequests,
    signal: end.signal,
    ...client,
  };
  const github = connect(options);
  const writer = connectWriter(options);
  const { workflow } = surroundings;
  if (!settings.modeRests || workflow === null) return { settings, units, github, writer };
  const plan = planOf(inputs, { ...surroundings, hasSchedule: await hasSchedule(github, workflow) });
  return { ...plan, github, writer };
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
