import { type Change, type ChangedFile, pipelineFilesIn } from '../diagnose/change.ts';
import { GuardError, OutOfTime } from '../model/guard-error.ts';
import type { Measurement } from '../measure/measure.ts';
import type { Gap } from '../model/facts.ts';
import type { Facts } from '../read/facts-request.ts';

/** More changes than this went in: what any of them touched says nothing. */
const MOST = 30;

/**
 * Files of the pipeline (workflows, locks, images) among those that the changes touched which went live with a change of
 * level; `null`: that is not known.
 *
 * @param lacks - takes what could not be read of it.
 */
export async function filesWith(
  { facts: { changedFiles }, measurement }: { facts: Pick<Facts, 'changedFiles'>; measurement: Measurement },
  { lastGood, firstBad }: Pick<Change, 'lastGood' | 'firstBad'>,
  lacks: Gap[],
): Promise<ChangedFile[] | null> {
  const mergesets = measurement.attribution.shipments
    .filter(({ succeededAt }) => {
      const at = succeededAt?.getTime() ?? 0;
      return at > lastGood.at && at <= firstBad.at;
    })
    .flatMap((shipment) => shipment.mergesets);
  if (mergesets.length === 0 || mergesets.length > MOST) return null;
  const gaps: Gap[] = [];
  try {
    const files = await changedFiles(mergesets, gaps);
    if (gaps[0]) lacks.push(unknown(gaps[0].what));
    const known = mergesets.map((mergeset) => files.get(mergeset.mergeCommit) ?? null);
    return known.some((each) => each === null) ? null : pipelineFilesIn(known.flatMap((each) => each ?? []));
  } catch (error) {
    if (!(error instanceof GuardError) || error instanceof OutOfTime) throw error;
    lacks.push(unknown(error.message));
    return null;
  }
}

const unknown = (why: string): Gap => ({
  what: `What the changes touched that went live with the slip could not be read in full. ${why}`,
  consequence: 'Whether a workflow, lock or image file was among it is not told.',
  verdictAtRisk: false,
});
