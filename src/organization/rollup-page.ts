import { type Block, figure, heading } from '../report/blocks.ts';
import { curveChart } from '../report/render/charts.ts';
import { html } from '../report/render/html.ts';
import { withShortNames } from '../report/short-names.ts';
import { moment } from '../report/words.ts';
import type { Rollup } from './rollup.ts';
import { headlineOf, type LeftOut, scopeWords, sectionsOf } from './write.ts';

/** The roll-up as a page. In a file of its own, because it loads the charting library. */
export function pageOfRollup(original: Rollup, leftOut: LeftOut | null): string {
  const rollup = withShortNames(original);
  const { teams, curve, reports, window, generatedAt } = rollup;
  const distribution: Block[] =
    curve.length === 0
      ? []
      : [
          heading(2, 'How long changes take'),
          figure(
            curveChart(curve),
            'Share of changes that are not live yet, by time since the merge (Kaplan–Meier). A pending change counts for the time it has waited so far.',
          ),
        ];
  return html(
    {
      title: 'Deploy latency of all services',
      mark: teams.drifted > 0 ? '🔴' : teams.slipping > 0 ? '🟡' : '🟢',
      heading: 'Deploy latency of all services',
      short: `${scopeWords(reports)}, ${teams.drifted} drifted`,
      verdict: headlineOf(rollup),
      scope: `Merged from ${moment(window.from)} to ${moment(window.to)} UTC.`,
      foot: `Newest report: ${moment(generatedAt)} UTC.`,
    },
    sectionsOf(rollup, leftOut, distribution),
  );
}
