import { quantileOf } from '../model/survival.ts';
import { LIVE } from '../model/terms.ts';
import { type Block, heading, type Inline, paragraph, right, table } from './blocks.ts';
import type { Report, ReportedChange } from './contract.ts';
import { withLinks } from './parts.ts';
import { counted, duration, listed, nameOf, statisticWords } from './words.ts';

/** What a configuration file adds: stages before production, changes that are not counted, and the time since the first commit. */

export function extraBlocks(report: Report): Block[] {
  return [
    ...codeBlocks(report),
    ...leftOutBlocks(report),
    ...freezeBlocks(report),
    ...promotionBlocks(report),
    ...splitBlocks(report),
  ];
}

export function codeBlocks({ codeToLive }: Report): Block[] {
  if (codeToLive === undefined) return [];
  const { undated } = codeToLive;
  const without =
    undated > 0
      ? ` ${counted(undated, 'change')} ${undated === 1 ? 'is' : 'are'} left out, because the first commit is unknown or dated after the merge.`
      : '';
  return [
    paragraph(
      `From the first commit to live: p50 ${statisticWords(codeToLive, 'p50')}, p90 ${statisticWords(codeToLive, 'p90')}.${without}`,
    ),
  ];
}

function leftOutBlocks(report: Report): Block[] {
  const { mergesets } = report;
  return [
    ...noDeployBlocks(report),
    ...authorBlocks(mergesets.filter((mergeset) => mergeset.counted === false && !mergeset.ridesAlong)),
  ];
}

/** Changes that the deploy workflow's `paths` exclude. */
function noDeployBlocks(report: Report): Block[] {
  const changes = report.mergesets.filter((mergeset) => mergeset.ridesAlong);
  if (changes.length === 0) return [];
  const isSingle = changes.length === 1;
  return [
    paragraph(
      ...withLinks(
        report,
        `${listed(changes.map(nameOf))} ${isSingle ? 'starts' : 'start'} no deployment, because the deploy workflow's "paths" exclude ${isSingle ? 'its' : 'their'} files. ${isSingle ? 'It goes' : 'They go'} live with the next change and ${isSingle ? 'is' : 'are'} not counted.`,
      ),
    ),
  ];
}

const botWords = (count: number) => (count === 1 ? 'by a bot' : 'by bots');

function authorBlocks(excluded: readonly ReportedChange[]): Block[] {
  if (excluded.length === 0) return [];
  const reasons = new Map<string, number>();
  for (const { why = '' } of excluded) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  const words = [...reasons].map(([why, count]) => `${count} ${why === 'a bot' ? botWords(count) : why}`);
  return [
    paragraph(
      `${counted(excluded.length, 'change')} ${excluded.length === 1 ? 'is' : 'are'} not counted, because "authors" excludes ${excluded.length === 1 ? 'it' : 'them'}: ${listed(words)}.`,
    ),
  ];
}

function freezeBlocks({ frozen, mergesets }: Report): Block[] {
  const waited = mergesets.flatMap((mergeset) => mergeset.frozenSeconds ?? []);
  if (!frozen && waited.length === 0) return [];
  const longest = Math.max(0, ...waited);
  const text = [
    ...(frozen ? ['A freeze is on, so no change is called stuck.'] : []),
    ...(waited.length > 0
      ? [
          `${counted(waited.length, 'change')} waited in a freeze, for up to ${duration(longest)}. That time counts.`,
        ]
      : []),
  ];
  return [paragraph(text.join(' '))];
}

function promotionBlocks(report: Report): Block[] {
  const { way: promotion, environment, mergesets } = report;
  if (promotion === undefined) return [];
  const name = (place: string) => (place === LIVE ? environment : place);
  const longest = Math.max(0, ...promotion.steps.map(median));
  const rows = promotion.steps.map((step): Inline[] => {
    const middle = median(step);
    return [
      [`${name(step.from)} → ${name(step.to)}`],
      [{ text: duration(middle), strong: middle === longest && promotion.steps.length > 1 }],
      [duration(quantileOf(step.seconds, 0.9))],
      [`${step.seconds.length}`],
    ];
  });
  const skipped = promotion.skipped.map(({ mergeCommit, stage }) => {
    const change = mergesets.find((mergeset) => mergeset.mergeCommit === mergeCommit);
    return `${change ? nameOf(change) : mergeCommit.slice(0, 7)} skipped ${stage}`;
  });
  return [
    heading(3, 'Stages before production'),
    table(['Step', right('Median'), right('p90'), right('Changes')], rows, 'step'),
    ...(skipped.length > 0 ? [paragraph(...withLinks(report, `${listed(skipped)}.`))] : []),
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
