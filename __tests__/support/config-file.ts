import { CONFIG_FILE } from '../../src/config/plan.ts';
import type { Surroundings } from '../../src/config/surroundings.ts';
import type { LoopbackOptions } from '../../src/fake-github/loopback.ts';
import type { World } from '../../src/fake-github/world.ts';
import { NOW } from './day.ts';
import { withGitHub } from './github.ts';
import { performOn, writes } from './written.ts';

/** Runs a step with a configuration file in the repository. */

export interface FiledOptions {
  at?: string;
  event?: string;
  payload?: object;
  inputs?: Record<string, string>;
  around?: Partial<Surroundings>;
  github?: LoopbackOptions;
}

// biome-ignore lint/suspicious/noExplicitAny: this reads a report like a user's script.
type Report = any;

export async function runWithConfigFile(world: World, file: string | null, options: FiledOptions = {}) {
  if (file !== null) world.files = { ...world.files, [CONFIG_FILE]: file };
  const { github: githubOptions = {}, event = 'schedule', at = NOW, inputs = {}, ...others } = options;
  return withGitHub(world, githubOptions, async (github) => {
    const step = await performOn(world, github, {
      at,
      event,
      inputs: { window: '20h', 'min-samples': '1', ...inputs },
      ...others,
    });
    const report: Report = step.report;
    const services: Report[] = report?.units ?? (report ? [report] : []);
    const reportOf = (service: string): Report =>
      services.find((other) => other.service === service || other.environment === service);
    return {
      ...step,
      report,
      units: services,
      unit: reportOf,
      /** Numbers of a service's changes in the window. */
      changes: (service: string): number[] =>
        (reportOf(service)?.mergesets ?? []).map(
          (mergeset: Report) => mergeset.number ?? mergeset.mergeCommit,
        ),
      /** Lead times by number, in seconds; `null` while pending. */
      times: (service: string): Record<number, number | null> =>
        Object.fromEntries(
          (reportOf(service)?.mergesets ?? []).map((mergeset: Report) => [
            mergeset.number,
            mergeset.leadTimeSeconds,
          ]),
        ),
      written: writes(github),
      requests: github.requests,
    };
  });
}
