import { commitRunsOf } from '../github/actions/suites.ts';
import { runListsOf } from '../github/actions/runs.ts';
import { type OpenedRepository, openRepository } from '../github/history/opening.ts';
import { onceByName } from '../github/once.ts';
import type { Repo } from '../github/repo.ts';
import type { GuardRun } from '../model/guard-run.ts';
import type { Window } from '../model/terms.ts';
import type { Service } from '../model/service.ts';
import { sourceOf } from '../sources/registry.ts';
import type { RunnerMachine, SourceIO } from '../sources/source.ts';
import { keepWorkflowFiles } from '../sources/workflow-jobs.ts';

/** The answer of the first request. */
export interface Opened {
  repository: OpenedRepository;
  /** The service whose deployments it has; `null`: it has none. */
  service: Service | null;
  /** Newer commits are left out; `null`: none are. */
  until: Date | null;
}

/**
 * Makes the first request: the repository, the deployments of one service, and configuration files.
 *
 * @param endsNow - true if the window ends now. Otherwise later commits need not be read.
 * @param before - the answer for other services. If it serves these, too, no request is made.
 */
export async function open(
  repo: Repo,
  services: readonly Service[],
  { endsNow, window }: { endsNow: boolean; window: Window },
  { files = [], before }: { files?: readonly string[]; before?: Opened } = {},
): Promise<Opened> {
  const baseBranch = services[0]?.baseBranch ?? null;
  // Direct pushes can only be recognized on a branch that is read from its tip.
  const until = endsNow || services.some((service) => service.countDirectPushes) ? null : window.to;
  const isSame =
    before !== undefined &&
    (baseBranch === null ? before.repository.isDefaultBranch : baseBranch === before.repository.baseBranch) &&
    (before.until?.getTime() ?? null) === (until?.getTime() ?? null);
  if (isSame) return before;
  const partFor = (service: Service) => sourceOf(service).opening?.(service, service.source.options) ?? null;
  const service = services.find((service) => partFor(service) !== null) ?? null;
  const part = service && partFor(service);
  // Which commit a run deployed depends on its workflow file.
  const withWorkflows = services.some(({ source }) => source.kind === 'deployments');
  const repository = await openRepository(repo, baseBranch, until, part, files, withWorkflows);
  return { repository, service, until };
}

/** Shared by all readers of a run, so that every list and every workflow run is read once. */
export type Shared = Omit<SourceIO, 'opened'>;

export function sharedBy(
  repo: Repo,
  { repository }: Opened,
  { asker, outside, until }: { asker: GuardRun; outside: RunnerMachine; until: Date },
): Shared {
  const { baseBranch, history, workflowFiles } = repository;
  const once = onceByName();
  if (workflowFiles) keepWorkflowFiles(once, workflowFiles);
  return {
    repo,
    outside,
    once,
    runs: runListsOf(repo, until),
    commitRuns: commitRunsOf(repo),
    baseBranch,
    until,
    asker,
    history,
  };
}
