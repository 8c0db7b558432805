import { quantileOf } from '../model/survival.ts';
import { LIVE } from '../model/terms.ts';
import { type Block, heading, type Inline, paragraph, right, table } from './blocks.ts';
import type { Report, ReportedChange } from './contract.ts';
import { counted, duration, listed, nameOf, statisticWords } from './words.ts';

/** What a file of settings adds to the story: where changes wait on their way, whose are not counted, the time since the code was written. */

export function extraBlocks(report: Report): Block[] {
  return [
    ...codeBlocks(report),
    ...leftOutBlocks(report),
    ...freezeBlocks(report),
    ...wayBlocks(report),
    ...splitBlocks(report),
  ];
}

export function codeBlocks({ codeToLive }: Report): Block[] {
  if (codeToLive === undefined) return [];
  const { undated } = codeToLive;
  const without =
    undated > 0
      ? ` Of ${counted(undated, 'change')} the first commit is not known, or dated after the merge: left out here.`
      : '';
  return [
    paragraph(
      `From when the code was written (the first commit) to live: p50 ${statisticWords(codeToLive, 'p50')}, p90 ${statisticWords(codeToLive, 'p90')}.${without}`,
    ),
  ];
}

function leftOutBlocks({ mergesets }: Report): Block[] {
  const riders = mergesets.filter((mergeset) => mergeset.ridesAlong);
  const left = mergesets.filter((mergeset) => mergeset.counted === false && !mergeset.ridesAlong);
  return [...riderBlocks(riders), ...authorBlocks(left)];
}

/** The deploy workflow's own paths leave them out. */
function riderBlocks(riders: readonly ReportedChange[]): Block[] {
  if (riders.length === 0) return [];
  const one = riders.length === 1;
  return [
    paragraph(
      `${listed(riders.map(nameOf))} ${one ? 'deploys nothing by itself' : 'deploy nothing by themselves'}, as the deploy workflow's "paths" have it: ${one ? 'it rides' : 'they ride'} along with the next change, and ${one ? 'is' : 'are'} not counted.`,
    ),
  ];
}

function authorBlocks(left: readonly ReportedChange[]): Block[] {
  if (left.length === 0) return [];
  const reasons = new Map<string, number>();
  for (const { why = '' } of left) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  const words = [...reasons].map(([why, count]) => `${count} ${why}`);
  return [
    paragraph(
      `${counted(left.length, 'change')} ${left.length === 1 ? 'is' : 'are'} attributed and not counted, as "authors" says: ${listed(words)}.`,
    ),
  ];
}

function freezeBlocks({ frozen, mergesets }: Report): Block[] {
  const waited = mergesets.flatMap((mergeset) => mergeset.frozenSeconds ?? []);
  if (!frozen && waited.length === 0) return [];
  const longest = Math.max(0, ...waited);
  const beside =
    waited.length > 0
      ? `${counted(waited.length, 'change')} waited in a freeze, up to ${duration(longest)} of the time; it counts all the same.`
      : '';
  const quiet = frozen ? 'There is a freeze: what waits is not called stuck.' : '';
  return [paragraph([quiet, beside].filter((each) => each !== '').join(' '))];
}

function wayBlocks({ way, environment, mergesets }: Report): Block[] {
  if (way === undefined) return [];
  const name = (place: string) => (place === LIVE ? environment : place);
  const longest = Math.max(0, ...way.steps.map(median));
  const rows = way.steps.map((step): Inline[] => {
    const middle = median(step);
    return [
      [`${name(step.from)} → ${name(step.to)}`],
      [{ text: duration(middle), strong: middle === longest && way.steps.length > 1 }],
      [duration(quantileOf(step.seconds, 0.9))],
      [`${step.seconds.length}`],
    ];
  });
  const skipped = way.skipped.map(({ mergeCommit, stage }) => {
    const change = mergesets.find((mergeset) => mergeset.mergeCommit === mergeCommit);
    return `${change ? nameOf(change) : mergeCommit.slice(0, 7)} skipped ${stage}`;
  });
  return [
    heading(3, 'The way'),
    table(['Step', right('Median'), right('p90'), right('Changes')], rows, 'step'),
    ...(skipped.length > 0 ? [paragraph(`${listed(skipped)}.`)] : []),
  ];
}

const median = ({ seconds }: { seconds: readonly number[] }): number => quantileOf(seconds, 0.5);

function splitBlocks({ splits = [], policy: { minSamples } }: Report): Block[] {
  return splits.flatMap((split): Block[] => [
    heading(3, `By ${split.by}`),
    table(
      ['Group', right('p50'), right('p90'), right('Changes'), right('Pending')],
      split.groups.map(({ name, leadTime }) => [
        [name],
        [leadTime.count < minSamples ? 'too few' : statisticWords(leadTime, 'p50')],
        [leadTime.count < minSamples ? '–' : statisticWords(leadTime, 'p90')],
        [`${leadTime.count}`],
        [`${leadTime.pending}`],
      ]),
      'group',
    ),
  ]);
}
