import { observationsOf } from '../../measure/measured.ts';
import type { Remark } from '../../model/facts.ts';
import { duration } from '../../report/words.ts';
import type { Judged } from './judged.ts';

/** A target that every change beats by this factor notices no slowdown. */
const FAR_BELOW = 10;
/** Fewer changes say too little about a target. */
const MIN_CHANGES = 5;

/**
 * A remark about a target that does not fit: no change of the window met it, or every change beat it tenfold. Windows with
 * too few changes get none.
 */
export function targetRemarks({
  service: { target, policy },
  measurement,
}: Pick<Judged, 'service' | 'measurement'>): Remark[] {
  const sample = observationsOf(measurement.mergesets);
  const shipped = sample.filter((observation) => observation.shipped);
  if (sample.length < Math.max(MIN_CHANGES, policy.minSamples) || shipped.length === 0) return [];
  const seconds = sample.map((observation) => observation.seconds);
  const [fastest, slowest] = [
    Math.min(...shipped.map((observation) => observation.seconds)),
    Math.max(...seconds),
  ];
  const goal = duration(target.seconds);
  if (Math.min(...seconds) > target.seconds)
    return [
      {
        what: `No change in this window met the target of ${goal}. The fastest took ${duration(fastest)}.`,
        consequence: 'Check that "target" fits your team. The command "init" proposes one from your history.',
      },
    ];
  if (shipped.length === sample.length && slowest * FAR_BELOW <= target.seconds)
    return [
      {
        what: `Every change in this window was live in less than a tenth of the target of ${goal}. The slowest took ${duration(slowest)}.`,
        consequence: 'A lower "target" would notice a slowdown sooner.',
      },
    ];
  return [];
}
