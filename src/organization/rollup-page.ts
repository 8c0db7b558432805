import { type Block, figure, heading } from '../report/blocks.ts';
import { html } from '../report/render/html.ts';
import { curveChart } from '../report/render/charts.ts';
import { counted, moment } from '../report/words.ts';
import type { Rollup } from './rollup.ts';
import { type LeftOut, sentenceOf, storyOf } from './write.ts';

/** The roll-up as one page; the charting library is loaded with it alone. */
export function pageOfRollup(rollup: Rollup, leftOut: LeftOut | null): string {
  const mark = rollup.teams.drifted > 0 ? '🔴' : rollup.teams.slipping > 0 ? '🟡' : '🟢';
  const about = 'Deploy latency of all teams';
  const distribution: Block[] =
    rollup.curve.length === 0
      ? []
      : [
          heading(2, 'How many are live after how long'),
          figure(
            curveChart(rollup.curve),
            'The share not live yet by the time since the merge, over the changes of all teams: the Kaplan–Meier curve, in which what is pending counts until then.',
          ),
        ];
  return html(
    {
      title: about,
      mark,
      heading: about,
      short: `${counted(rollup.reports.length, 'team')}, ${rollup.teams.drifted} drifted`,
      verdict: sentenceOf(rollup),
      scope: `Merged from ${moment(rollup.window.from)} to ${moment(rollup.window.to)} UTC.`,
      foot: `The youngest report is of ${moment(rollup.generatedAt)} UTC.`,
    },
    storyOf(rollup, leftOut, distribution).slice(1),
  );
}
