import { max } from 'date-fns';
import type { GuardRun } from '../model/guard-run.ts';
import type { Oid, RepositoryFacts, ServiceFacts } from '../model/facts.ts';
import type { GuardError } from '../model/guard-error.ts';
import type { Window } from '../model/terms.ts';
import type { Everywhere } from '../sources/elsewhere.ts';
import type { RunnerMachine } from '../sources/source.ts';
import type { ChangedFiles } from './changed-files.ts';
import type { Shared } from './open.ts';

export interface FactsRequest {
  window: Window;
  /** True if the window ends now. Otherwise later commits need not be read. */
  endsNow: boolean;
  asker: GuardRun;
  outside: RunnerMachine;
  /** True if the answer depends on labels of pull requests. */
  withLabels: boolean;
  /** The time in GitHub's latest answer; `null` before the first one. */
  clock(): Date | null;
}

/** Everything that was read for a window. */
export interface Facts extends Pick<Shared, 'repo' | 'runs' | 'commitRuns'> {
  /** The later of the runner's and GitHub's clocks, because events on GitHub are never in the future. */
  now: Date;
  /** The requested window; if it ends now, its end is {@link now}. */
  window: Window;
  repository: RepositoryFacts;
  /** In the order of the services; an error says why a service cannot be measured. */
  services: (ServiceFacts | GuardError)[];
  /** Labels of pull requests by merge commit. */
  labels: ReadonlyMap<Oid, readonly string[]>;
  /** Files of changes by merge commit; `null`: not all files of a change are known. */
  changedFiles: ChangedFiles;
  /** Workflow files of the base branch. */
  workflowFiles(): Promise<{ name: string; text: string }[]>;
  /** The newest deployments to any environment. */
  everywhere(): Promise<Everywhere>;
  /**
   * Reads a longer period. These facts do not change, so that a failure does not put them at risk.
   *
   * @param from - a time before the window.
   */
  readFurtherBack(from: Date): Promise<Facts>;
  /**
   * Facts about a longer period without further requests, at most back to `from`; `null` if nothing more was read than
   * the window needs.
   */
  fromMemory(from: Date): Promise<Facts | null>;
  /** Estimates how far back this number of further requests would lead. */
  reach(requests: number): Date;
}

/** The request, moved to GitHub's time if the runner's clock is slow. */
export function atGitHubsTime(request: FactsRequest): FactsRequest {
  const { asker, clock, endsNow, window } = request;
  const now = max([asker.now, clock() ?? asker.now]);
  const delay = now.getTime() - asker.now.getTime();
  const moved = (date: Date) => new Date(date.getTime() + delay);
  return {
    ...request,
    asker: { ...asker, now },
    window: endsNow ? { from: moved(window.from), to: moved(window.to) } : window,
  };
}
