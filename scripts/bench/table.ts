import type { LoggedRequest } from '../../src/fake-github/loopback.ts';
import type { Figure, Group } from './figures.ts';
import type { Cost, Scenario } from './measuring.ts';

/** The table: a row for each figure, with the worst of its scenarios. */

export interface Measured {
  scenario: Scenario;
  cost: Cost;
}

const NAME = 68;
const NUMBER = 12;

const row = (name: string, numbers: readonly string[], note: string): string =>
  `${name.padEnd(NAME)}${numbers.map((number) => number.padStart(NUMBER)).join('')}  ${note}`.trimEnd();

export const headline = (revision: string | undefined): string =>
  row('figure', [...(revision === undefined ? [] : [revision.slice(0, 10)]), 'today', 'at most'], 'worst at');

/** @param builds - measurements of each build, the current one last. */
export function rowsOf(
  group: Group,
  builds: readonly (readonly Measured[])[],
  withRequests: boolean,
): { lines: string[]; over: boolean } {
  const today = builds.at(-1) ?? [];
  let over = false;
  const lines = group.figures.map((figure) => {
    const { name, atMost = Number.POSITIVE_INFINITY } = figure;
    const numbers = builds.map((build) => figure.of(worst(figure, build).cost));
    const { scenario, cost } = worst(figure, today);
    const isOver = figure.of(cost) > atMost;
    over ||= isOver;
    const shown = numbers.map((number) => number.toFixed(figure.digits ?? 0));
    const bound = figure.atMost === undefined ? '' : String(atMost);
    const note = `${scenario.name}${isOver ? ' — over' : ''}`;
    return row(`${group.name}: ${name}`, [...shown, bound], note);
  });
  if (withRequests) {
    const [most] = group.figures;
    if (most) lines.push(...requestsIn(worst(most, today).cost).map((request) => `    ${request}`));
  }
  for (const { scenario, cost } of today)
    if (scenario.status !== undefined && scenario.status !== cost.status) {
      lines.push(`    ${scenario.name}: the status is ${cost.status}, not ${scenario.status}`);
      over = true;
    }
  return { lines, over };
}

function worst(figure: Figure, measured: readonly Measured[]): Measured {
  const [first, ...others] = measured;
  if (!first) throw new RangeError(`nothing was measured for ${figure.name}`);
  return others.reduce(
    (most, measured) => (figure.of(measured.cost) > figure.of(most.cost) ? measured : most),
    first,
  );
}

/** Number of requests by query and REST path. */
function requestsIn({ requests, points }: Cost): string[] {
  const counts = new Map<string, number>();
  for (const request of requests) counts.set(nameOf(request), (counts.get(nameOf(request)) ?? 0) + 1);
  return [
    ...[...counts].sort((a, b) => b[1] - a[1]).map(([name, count]) => `${String(count).padStart(4)} ${name}`),
    `${String(points).padStart(4)} points`,
  ];
}

function nameOf({ method, path, graphql }: LoggedRequest): string {
  if (graphql) return /query (\w+)/.exec(graphql.query)?.[1] ?? 'a query without a name';
  const kind = path
    .replace(/^\/repos\/[^/]+\/[^/]+/, '')
    .replace(/\/[0-9a-f]{40}\b/g, '/SHA')
    .replace(/\/\d+\b/g, '/NUMBER');
  return `${method} ${kind}`;
}

/** A row of the table of docs/limits.md. */
export function rowOfLimits(
  name: string,
  { requests, points, milliseconds, mebibytes, longestTurn }: Cost,
): string {
  const cells = [
    name,
    requests.length.toLocaleString('en'),
    points.toLocaleString('en'),
    `${(milliseconds / 1000).toFixed(1)} s`,
    `${mebibytes.toFixed(0)} MiB`,
    `${(longestTurn / 1000).toFixed(1)} s`,
  ];
  return `| ${cells.join(' | ')} |`;
}

export const tableOfLimits = (rows: readonly string[]): string =>
  [
    '| Repository | Requests | Points | Processor time | Peak memory | Longest turn of the event loop |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
