import { max } from 'date-fns';
import type { Asker } from '../model/asker.ts';
import type { Oid, RepositoryFacts, ServiceFacts } from '../model/facts.ts';
import type { GuardError } from '../model/guard-error.ts';
import type { Window } from '../model/terms.ts';
import type { Outside } from '../sources/source.ts';
import type { ChangedFiles } from './changed-files.ts';
import type { Shared } from './open.ts';

/** What a run asks about, and what it is told. */

export interface FactsRequest {
  window: Window;
  /** True if the window ends now; a question about the past can leave later commits out. */
  live: boolean;
  asker: Asker;
  outside: Outside;
  /** True if the answer depends on labels of pull requests. */
  withLabels: boolean;
  /** What time it is at GitHub, by its latest answer; `null`: there was none. */
  clock(): Date | null;
}

/** What was read of a window. */
export interface Facts extends Pick<Shared, 'repo' | 'runs' | 'commitRuns'> {
  /** Now: the later of the runner's clock and GitHub's, as what GitHub tells of is not in the future. */
  now: Date;
  /** The window that was asked about, up to that moment where it ends now. */
  window: Window;
  repository: RepositoryFacts;
  /** In the order of the services; of one that cannot be told, why. */
  services: (ServiceFacts | GuardError)[];
  /** Labels of pull requests, by the commit that merged them. */
  labels: ReadonlyMap<Oid, readonly string[]>;
  /** The files that changes changed, by the commit that merged them; `null`: not all of a change's are known. */
  changedFiles: ChangedFiles;
  /** The workflow files of the base branch. */
  workflowFiles(): Promise<{ name: string; text: string }[]>;
  /**
   * Reads the same of a longer time. What was told before stays as it is, so that what is lacking there puts nothing of
   * it at risk.
   *
   * @param from - an instant before the window's beginning.
   */
  deepen(from: Date): Promise<Facts>;
  /**
   * What is known of a longer time without asking for more: back to `from`, or as far as the reading went beyond the
   * window by itself. `null`: no further than the window.
   */
  recall(from: Date): Promise<Facts | null>;
  /** About how far back so many more requests lead, for commits and for the deployments of each destination. */
  reach(requests: number): Date;
}

/** The same question, by GitHub's clock where the runner's is behind it. */
export function atGitHubsTime(request: FactsRequest): FactsRequest {
  const { asker, clock, live, window } = request;
  const now = max([asker.now, clock() ?? asker.now]);
  const late = now.getTime() - asker.now.getTime();
  const moved = (date: Date) => new Date(date.getTime() + late);
  return {
    ...request,
    asker: { ...asker, now },
    window: live ? { from: moved(window.from), to: moved(window.to) } : window,
  };
}
