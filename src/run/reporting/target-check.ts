import { differenceInSeconds } from 'date-fns';
import type { Remark } from '../../model/facts.ts';
import type { Window } from '../../model/terms.ts';
import { counted, duration } from '../../report/words.ts';
import type { Judged } from './judged.ts';

/** A target that every change beats by this factor notices no slowdown. */
const FAR_BELOW = 10;
/** Fewer changes say too little about a target. */
const MIN_CHANGES = 5;

/**
 * A remark about a target that does not fit: no change that was read met it, or every one beat it tenfold. It needs a few
 * changes.
 *
 * @param longest - everything that was read: the window, and the time before it if that was needed.
 */
export function targetRemark({ service: { target, policy }, longest }: Judged): Remark | null {
  const sample = longest.observations;
  const shipped = sample.filter((observation) => observation.shipped);
  if (sample.length < Math.max(MIN_CHANGES, policy.minSamples) || shipped.length === 0) return null;
  const seconds = sample.map((observation) => observation.seconds);
  const [fastest, slowest] = [
    Math.min(...shipped.map((observation) => observation.seconds)),
    Math.max(...seconds),
  ];
  const goal = duration(target.seconds);
  const period = `the last ${daysOrWeeks({ from: longest.firstMerge, to: longest.window.to })}`;
  if (Math.min(...seconds) > target.seconds)
    return {
      what: `No change of ${period} met the target of ${goal}. The fastest took ${duration(fastest)}.`,
      consequence:
        'Set "target" to what you want to hold. The command "init" proposes one from your history.',
      isForIssue: true,
    };
  if (shipped.length === sample.length && slowest * FAR_BELOW <= target.seconds)
    return {
      what: `Every change of ${period} was live in less than a tenth of the target of ${goal}. The slowest took ${duration(slowest)}.`,
      consequence: 'A lower "target" would notice a slowdown sooner.',
      isForIssue: true,
    };
  return null;
}

/** Whole weeks from two weeks on. */
function daysOrWeeks({ from, to }: Window): string {
  const days = Math.max(1, Math.floor(differenceInSeconds(to, from) / 86_400));
  return days >= 14 ? counted(Math.floor(days / 7), 'week') : days === 1 ? 'day' : counted(days, 'day');
}
