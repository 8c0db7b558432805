import type { Repo } from '../github/repo.ts';
import type { Gap, Oid } from '../model/facts.ts';
import type { Mergeset } from '../model/mergesets.ts';
import { branchFactsOf, type Reading } from './reading.ts';

/** Reads the files of changes. A change that could not be read is missing from the result, and `gaps` says so. */
export type ChangedFiles = (
  mergesets: readonly Mergeset[],
  gaps: Gap[],
) => Promise<ReadonlyMap<Oid, readonly string[] | null>>;

/** Reads only the files that were not read before, for the services' paths or for another question. */
export async function changedFilesOf(
  repo: Repo,
  reading: Reading,
  mergesets: readonly Mergeset[],
  gaps: Gap[],
): Promise<ReadonlyMap<Oid, readonly string[] | null>> {
  const { pathFactsOf } = await import('../github/history/changed-paths.ts');
  const known = {
    paths: [],
    entries: new Map(),
    files: new Map([...(reading.paths?.files ?? []), ...reading.changedFiles]),
  };
  const { files } = await pathFactsOf(
    repo,
    branchFactsOf(reading),
    mergesets,
    { paths: [], files: true },
    gaps,
    known,
  );
  for (const [oid, paths] of files) reading.changedFiles.set(oid, paths);
  return files;
}
