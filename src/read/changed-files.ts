import type { Repo } from '../github/repo.ts';
import type { Gap, Oid } from '../model/facts.ts';
import type { Mergeset } from '../model/mergesets.ts';
import { branchFactsOf, type Reading } from './reading.ts';

/** Reads the files that changes changed; what could not be read is left out, with a gap. */
export type ChangedFiles = (
  mergesets: readonly Mergeset[],
  gaps: Gap[],
) => Promise<ReadonlyMap<Oid, readonly string[] | null>>;

/** What was read of them before, for the services' paths or for another question, is not asked again. */
export async function changedFilesOf(
  repo: Repo,
  reading: Reading,
  mergesets: readonly Mergeset[],
  gaps: Gap[],
): Promise<ReadonlyMap<Oid, readonly string[] | null>> {
  const { pathFactsOf } = await import('../github/history/concerning.ts');
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
  for (const [oid, own] of files) reading.changedFiles.set(oid, own);
  return files;
}
