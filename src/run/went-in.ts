import { type Change, type ChangedFile, pipelineFilesIn } from '../diagnose/change.ts';
import { GuardError, OutOfTime } from '../model/guard-error.ts';
import type { Measurement } from '../measure/measure.ts';
import type { RepositoryFacts } from '../model/facts.ts';
import type { Repo } from '../github/repo.ts';

/** More changes than this went in: what any of them touched says nothing. */
const MOST = 30;

/**
 * Files of the pipeline (workflows, locks, images) among those that the changes touched which went live with a change of
 * level; `null`: that is not known.
 */
export async function filesWith(
  { repo, history, measurement }: { repo: Repo; history: RepositoryFacts; measurement: Measurement },
  { lastGood, firstBad }: Pick<Change, 'lastGood' | 'firstBad'>,
): Promise<ChangedFile[] | null> {
  const mergesets = measurement.attribution.shipments
    .filter(({ succeededAt }) => {
      const at = succeededAt?.getTime() ?? 0;
      return at > lastGood.at && at <= firstBad.at;
    })
    .flatMap((each) => each.mergesets);
  if (mergesets.length === 0 || mergesets.length > MOST) return null;
  try {
    const { pathFactsOf } = await import('../github/history/concerning.ts');
    const { files } = await pathFactsOf(repo, history, mergesets, { paths: [], files: true }, []);
    const known = mergesets.map((each) => files.get(each.mergeCommit) ?? null);
    return known.some((each) => each === null) ? null : pipelineFilesIn(known.flatMap((each) => each ?? []));
  } catch (error) {
    if (!(error instanceof GuardError) || error instanceof OutOfTime) throw error;
    return null;
  }
}
