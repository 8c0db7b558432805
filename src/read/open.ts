import { commitRunsOf, type CommitRuns } from '../github/actions/suites.ts';
import { runListsOf, type RunLists } from '../github/actions/runs.ts';
import { type OpenedRepository, openRepository } from '../github/history/opening.ts';
import { onceEach } from '../github/once.ts';
import type { Repo } from '../github/repo.ts';
import type { Asker } from '../model/asker.ts';
import type { Window } from '../model/terms.ts';
import type { Service } from '../model/service.ts';
import { sourceOf } from '../sources/registry.ts';
import type { Outside, SourceIO } from '../sources/source.ts';

/** The repository as the first request brought it. */
export interface Opened {
  repository: OpenedRepository;
  /** The service whose deployments came along; `null`: none did. */
  service: Service | null;
  /** Commits that are younger were left out; `null`: none were. */
  until: Date | null;
}

interface Asked {
  window: Window;
  /** True if the window ends now. A question about the past can leave later commits out. */
  live: boolean;
}

/**
 * Opens the repository along with the deployments of one service, and files of settings where some are asked for.
 *
 * @param before - what was opened for other services: where it serves these too, nothing is asked again.
 */
export async function open(
  repo: Repo,
  services: readonly Service[],
  { live, window }: Asked,
  { files = [], before }: { files?: readonly string[]; before?: Opened } = {},
): Promise<Opened> {
  const baseBranch = services[0]?.baseBranch ?? null;
  // The branch's own line has to be told from its tip on where direct pushes are counted.
  const until = live || services.some((service) => service.countDirectPushes) ? null : window.to;
  const isSame =
    before !== undefined &&
    (baseBranch === null ? before.repository.isDefaultBranch : baseBranch === before.repository.baseBranch) &&
    (before.until?.getTime() ?? null) === (until?.getTime() ?? null);
  if (isSame) return before;
  const service =
    services.find((service) => sourceOf(service).opening(service, service.source.options) !== null) ?? null;
  const part = service && sourceOf(service).opening(service, service.source.options);
  return { repository: await openRepository(repo, baseBranch, until, part, files), service, until };
}

/** What several readers share in a run: each list and each run is read once. */
export interface Shared {
  repo: Repo;
  outside: Outside;
  runs: RunLists;
  commitRuns: CommitRuns;
  io: Omit<SourceIO, 'opened'>;
}

export function sharedBy(
  repo: Repo,
  { repository }: Opened,
  { asker, outside, until }: { asker: Asker; outside: Outside; until: Date },
): Shared {
  const runs = runListsOf(repo, until);
  const commitRuns = commitRunsOf(repo);
  const { baseBranch, history } = repository;
  const once = onceEach();
  return {
    repo,
    outside,
    runs,
    commitRuns,
    io: { repo, outside, once, runs, commitRuns, baseBranch, until, asker, history },
  };
}
