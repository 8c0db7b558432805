import type { Block } from '../report/blocks.ts';
import { curveBlocks } from '../report/page.ts';
import { html } from '../report/render/html.ts';
import { withShortNames } from '../report/short-names.ts';
import { counted, moment, statisticWords } from '../report/words.ts';
import { type Rollup, statusOf } from './rollup.ts';
import { headlineOf, type LeftOut, scopeWords, sectionsOf } from './write.ts';

/** The roll-up as a page. In a file of its own, because only a page needs the charts. */
export function pageOfRollup(original: Rollup, leftOut: LeftOut | null): string {
  const rollup = withShortNames(original);
  const { teams, curve, reports, leadTime, window, generatedAt } = rollup;
  const [chart, ...behind] = curve.length === 0 ? [] : curveBlocks(curve, null);
  const overview: Block[] = [
    ...(chart ? [chart] : []),
    {
      kind: 'figures',
      items: [
        { name: 'Drifted', value: String(teams.drifted), note: `of ${scopeWords(reports)}` },
        {
          name: 'Lead time, p50',
          value: statisticWords(leadTime, 'p50'),
          note: `of ${counted(leadTime.count, 'change')}`,
        },
        { name: 'Pending', value: String(leadTime.pending), note: `${leadTime.deployed} live` },
      ],
    },
  ];
  return html(
    {
      title: 'Deploy latency of all services',
      status: statusOf(rollup),
      about: 'Deploy latency of all services',
      headline: `${teams.drifted} of ${scopeWords(reports)} drifted`,
      verdict: [headlineOf(rollup)],
      scope: `Merged from ${moment(window.from)} to ${moment(window.to)} UTC.`,
      foot: `Newest report: ${moment(generatedAt)} UTC.`,
    },
    [
      { kind: 'overview', status: statusOf(rollup), blocks: overview },
      ...sectionsOf(rollup, leftOut, behind),
    ],
  );
}
