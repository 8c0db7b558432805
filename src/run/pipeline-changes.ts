import { type Change, type ChangedFile, pipelineFilesIn } from '../diagnose/change.ts';
import { GuardError, OutOfTime } from '../model/guard-error.ts';
import type { Shipment } from '../measure/attribution.ts';
import type { Gap } from '../model/facts.ts';
import type { Facts } from '../read/facts-request.ts';

/** With more changes than this, the files of one of them explain nothing. */
const MAX_CHANGES = 30;

/**
 * Pipeline files (workflows, lock files, images) in the changes that went live between the last good and the first bad
 * deployment; `null` if unknown.
 *
 * @param gaps - receives what could not be read.
 */
export async function pipelineFilesOf(
  { changedFiles }: Facts,
  shipments: readonly Shipment[],
  { lastGood, firstBad }: Change,
  gaps: Gap[],
): Promise<ChangedFile[] | null> {
  const mergesets = shipments
    .filter(({ succeededAt }) => {
      const at = succeededAt?.getTime() ?? 0;
      return at > lastGood.at && at <= firstBad.at;
    })
    .flatMap((shipment) => shipment.mergesets);
  if (mergesets.length === 0 || mergesets.length > MAX_CHANGES) return null;
  const unread: Gap[] = [];
  try {
    const filesByCommit = await changedFiles(mergesets, unread);
    if (unread[0]) gaps.push(filesUnknown(unread[0].what));
    const lists = mergesets.map((mergeset) => filesByCommit.get(mergeset.mergeCommit) ?? null);
    return lists.every((files) => files !== null) ? pipelineFilesIn(lists.flat()) : null;
  } catch (error) {
    if (!(error instanceof GuardError) || error instanceof OutOfTime) throw error;
    gaps.push(filesUnknown(error.message));
    return null;
  }
}

const filesUnknown = (why: string): Gap => ({
  what: `The files of the changes that went live when lead time slipped could not all be read. ${why}`,
  consequence: 'The report does not say whether a workflow, lock file or image was among them.',
  verdictAtRisk: false,
});
