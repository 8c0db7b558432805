import type { Chart } from '../blocks.ts';
import type { Report } from '../contract.ts';
import { duration, moment } from '../words.ts';
import { hrefOf, text } from './html.ts';

/**
 * Draws charts without a script. Positions are shares of the chart's width and height, and letters keep their size, so one
 * drawing fits a phone and a wide screen. Lines and labels are SVG. Marks are links or other elements with a focus, and show
 * their text next to them. Colors are CSS variables of the page.
 */

/** A point of a chart. `x` and `y` are shares, from the left and from the top. `kind`: its class, for shape and color. */
export interface Mark {
  x: number;
  y: number;
  kind: string;
  words: string;
  href?: string;
}

/** Lower bound of a logarithmic axis of times, in seconds. */
export const FASTEST = 1;
/** Widths of a chart on a wide screen and on a phone, in pixels. */
const [WIDE, NARROW] = [880, 260];
/** From this number of marks on, they are drawn smaller. */
const MANY = 150;
/** A Monday at midnight, in seconds since 1970: weeks start on Mondays. */
const MONDAY = 4 * 86_400;

/** Round times in seconds, the roundest first. */
const ROUND = [
  3600, 60, 86_400, 604_800, 2_592_000, 1, 600, 14_400, 10, 259_200, 1800, 300, 900, 43_200, 7200, 120,
  28_800, 172_800, 1_209_600, 7_776_000, 30, 5, 1200, 2700, 10_800, 21_600, 432_000, 15, 2, 240, 180,
];
/** Steps between two ticks of a linear axis of times, in seconds. */
const STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000,
];

/** Ticks at round times, with a room of `most` between both ends. */
function linearTicks([low, high]: readonly [number, number], most: number, start = 0): number[] {
  const step = STEPS.find((seconds) => (high - low) / seconds <= Math.max(1, most)) ?? STEPS.at(-1) ?? 1;
  const ticks: number[] = [];
  for (let at = Math.ceil((low - start) / step) * step + start; at <= high; at += step) ticks.push(at);
  return ticks;
}

/** Ticks at round times of a logarithmic axis, at least `room` apart, added to `ticks`. The roundest times win. */
function logTicks(
  domain: readonly [number, number],
  pixels: number,
  room: number,
  ticks: readonly number[] = [],
): number[] {
  const share = logScale(domain);
  const all = [...ticks];
  for (const time of ROUND)
    if (
      time >= domain[0] &&
      time <= domain[1] &&
      all.every((tick) => Math.abs(share(tick) - share(time)) * pixels >= room)
    )
      all.push(time);
  return all.length >= 2 ? all : linearTicks(domain, pixels / room / 2);
}

/** The range of a logarithmic axis that shows all these times. */
export function domainOf(times: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, FASTEST];
  for (const time of times) {
    low = Math.min(low, time);
    high = Math.max(high, time);
  }
  return [Math.max(FASTEST, low / 1.3), Math.max(FASTEST * 2, high * 1.3)];
}

/** A time's share of a logarithmic axis, from its lower end. */
export const logScale =
  ([low, high]: readonly [number, number]) =>
  (seconds: number): number =>
    Math.log(Math.max(low, seconds) / low) / Math.log(high / low);

const percentOf = (share: number): string => `${Number((share * 100).toFixed(2))}%`;

export const line = (x1: number, y1: number, x2: number, y2: number, kind: string): string =>
  `<line class="${kind}" x1="${percentOf(x1)}" y1="${percentOf(y1)}" x2="${percentOf(x2)}" y2="${percentOf(y2)}"/>`;

export const bar = (x: number, y: number, width: number, height: number, kind: string): string =>
  `<rect class="${kind}" x="${percentOf(x)}" y="${percentOf(y)}" width="${percentOf(width)}" height="${percentOf(height)}"/>`;

export const disc = (x: number, y: number): string =>
  `<circle cx="${percentOf(x)}" cy="${percentOf(y)}" r="5"/>`;

/** A label of our own words. `wide`: words that only a wide screen shows. */
export const label = (x: number, y: number, words: string, kind: string, wide = ''): string =>
  `<text class="${kind}" x="${percentOf(x)}" y="${percentOf(y)}">${wide && `<tspan class="more">${wide} </tspan>`}${words}</text>`;

/** A line through points, in shares. With `isArea`, filled down to the axis. */
export function path(points: readonly (readonly [number, number])[], kind: string, isArea = false): string {
  const at = ([x, y]: readonly [number, number]) =>
    `${Number((x * 100).toFixed(2))} ${Number((y * 100).toFixed(2))}`;
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) return '';
  const lines = `M${[...new Set(points.map(at))].join('L')}`;
  const area = isArea ? `<path class="area" d="${lines}L${at([last[0], 1])}L${at([first[0], 1])}Z"/>` : '';
  return `<svg width="100%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none">${area}<path class="${kind}" d="${lines}" vector-effect="non-scaling-stroke"/></svg>`;
}

/** Contents of the axes. */
export const axes = (up: string, across: string): string[] => [
  label(0, 0, up, 'axis'),
  label(1, 1, across, 'axis end'),
];

/** Grid lines and labels at the left. */
export const valuesUp = (ticks: readonly (readonly [number, string])[]): string[] =>
  ticks.flatMap(([y, words]) => [line(0, y, 1, y, 'grid'), label(0, y, words, 'left')]);

/** A logarithmic axis of times upwards, over `height` pixels, which are a `part` of the chart. */
export const timesUp = (domain: readonly [number, number], height: number, part = 1): string[] =>
  valuesUp(
    logTicks(domain, height, 26).map((seconds) => [
      (1 - logScale(domain)(seconds)) * part,
      duration(seconds),
    ]),
  );

/** A logarithmic axis of times to the right. A phone shows only the ticks that have room there. */
export function timesAcross(domain: readonly [number, number]): string[] {
  const few = logTicks(domain, NARROW, 52);
  return logTicks(domain, WIDE, 56, few).map((seconds, i) => {
    return label(logScale(domain)(seconds), 1, duration(seconds), i < few.length ? 'below' : 'below more');
  });
}

/** An axis of dates in UTC. A phone shows every other label. */
export function datesAcross({ from, to }: { from: string; to: string }): string[] {
  const [first, last] = [Date.parse(from) / 1000, Date.parse(to) / 1000];
  return linearTicks([first, last], 9, MONDAY).flatMap((at, i) => {
    const [date = '', time = ''] = moment(new Date(at * 1000)).split(', ');
    const x = (at - first) / (last - first);
    return [
      line(x, 0, x, 1, 'grid'),
      label(x, 1, time === '00:00' ? date : time, i % 2 === 0 ? 'below' : 'below more'),
    ];
  });
}

/** Target and limit as lines: upwards with labels above them, else across with labels at the right. */
export const limits = ({ target }: Report, share: (seconds: number) => number, isUpwards = false): string[] =>
  [
    { at: target.seconds, kind: 'target' },
    { at: target.thresholdSeconds, kind: 'limit' },
  ].flatMap(({ at, kind }) => {
    const place = share(at);
    return isUpwards
      ? [
          line(place, 0, place, 1, `rule ${kind}`),
          label(place, 0, `${kind} ${duration(at)}`, `above ${kind}${place > 0.5 ? ' end' : ''}`),
        ]
      : [line(0, place, 1, place, `rule ${kind}`), label(1, place, duration(at), `right ${kind}`, kind)];
  });

function drawMark({ x, y, kind, words, href }: Mark): string {
  const link = href === undefined ? '' : hrefOf(href);
  const tag = link === '' ? 'span' : 'a';
  return `<${tag} class="mark ${kind}${x > 0.5 ? ' end' : ''}" style="left:${percentOf(x)};top:${percentOf(y)}" ${link === '' ? 'role="img" tabindex="0"' : `href="${link}"`} aria-label="${text(words)}"></${tag}>`;
}

/**
 * A chart with its key.
 *
 * @param words - describe the chart to a screen reader.
 * @param key - what the shapes and colors mean: the class of each, and its meaning.
 */
export const drawChart = (
  height: number,
  words: string,
  shapes: string[],
  marks: Mark[] = [],
  key: (readonly [string, string])[] = [],
): Chart =>
  `<div class="plot${marks.length > MANY ? ' many' : ''}" role="group" aria-label="${text(words)}" style="--height:${height}px"><svg aria-hidden="true">${shapes.join('')}</svg>${marks.map(drawMark).join('')}</div>${key.length > 0 ? `<ul class="key">${key.map(([kind, meaning]) => `<li><i class="${kind}"></i> ${text(meaning)}</li>`).join('')}</ul>` : ''}`;
