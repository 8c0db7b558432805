import type { InputName } from '../config/inputs.ts';
import type { Surroundings } from '../config/surroundings.ts';
import { planOf, type Settings } from '../config/units.ts';
import type { ClientOptions, GitHub, GitHubWriter } from '../github/client.ts';
import type { Unit } from '../model/unit.ts';

/** What a door hands in: the inputs as they were given, where it runs, and how GitHub is reached from there. */
export interface RunContext {
  inputs: Partial<Record<InputName, string>>;
  surroundings: Surroundings;
  client: Pick<ClientOptions, 'proxied' | 'pace' | 'onAnswer' | 'onNotice'>;
  /** Called when the time that `timeout` allows is over; does not come back. */
  onTimeout(seconds: number): never;
}

/** A run that may begin: its inputs are checked, its clock is running. */
export interface Prepared {
  settings: Settings;
  units: readonly Unit[];
  github: GitHub;
  writer: GitHubWriter;
}

/** @throws {GuardError} on the first input that cannot be used, before any request is made. */
export async function prepare({ inputs, surroundings, client, onTimeout }: RunContext): Promise<Prepared> {
  const { settings, units } = planOf(inputs, surroundings);
  const end = new AbortController();
  setTimeout(() => {
    end.abort();
    onTimeout(settings.timeout);
  }, settings.timeout * 1000).unref();
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
  return { settings, units, github: connect(options), writer: connectWriter(options) };
}
