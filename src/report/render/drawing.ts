import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Chart } from '../blocks.ts';
import type { Report } from '../contract.ts';
import { duration } from '../words.ts';

/**
 * How a chart is drawn: as SVG text, wide and narrow, so that a phone shows letters that can be read. Colours are the
 * page's own CSS variables; no script is needed to look at them. What a mark says is told where the pointer or the
 * keyboard's focus is, on a line below the chart that is kept free for it.
 */

const SIZES = { wide: 960, narrow: 360 };
/** On an axis of times that is logarithmic nothing is faster than this, in seconds. */
export const FASTEST = 1;
/** Below the axis: its labels, and the line on which a mark tells of itself. */
export const BOTTOM = 50;
/** A letter of the charts' size, in pixels, at its widest on the average. */
export const LETTER = 6.6;
/** So many marks of a chart can be reached by keyboard: with more, nobody gets past it. */
const MOST_FOCUS = 12;

/** Round times in seconds, the roundest first. */
const ROUND = [
  3600, 60, 86_400, 604_800, 2_592_000, 1, 600, 14_400, 10, 259_200, 1800, 300, 900, 43_200, 7200, 120,
  28_800, 172_800, 1_209_600, 7_776_000, 30, 5, 1200, 2700, 10_800, 21_600, 432_000, 15, 2, 240, 180,
];
/** Steps between two ticks of an axis of times that is linear, in seconds. */
const STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000,
];

/** Ticks at round times of a linear axis, no more than have room. */
export function linearTicks([low, high]: readonly [number, number], pixels: number, room = 70): number[] {
  const step = STEPS.find((each) => (high - low) / each <= Math.max(1, pixels / room)) ?? STEPS.at(-1) ?? 1;
  const ticks: number[] = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) ticks.push(at);
  return ticks;
}

/** Ticks at round times of a logarithmic axis, the roundest first, none nearer to another than `room` pixels. */
export function logTicks([low, high]: readonly [number, number], pixels: number, room = 22): number[] {
  const at = (tick: number) => (Math.log(tick / low) / Math.log(high / low)) * pixels;
  const ticks: number[] = [];
  for (const each of ROUND)
    if (each >= low && each <= high && ticks.every((tick) => Math.abs(at(tick) - at(each)) >= room))
      ticks.push(each);
  return ticks.length >= 2 ? ticks.sort((a, b) => a - b) : linearTicks([low, high], pixels, room * 2);
}

/** An axis of times upwards, with its lines. Every tick has its words: Plot drops some of a logarithmic axis by itself. */
export const timesUp = (ticks: readonly number[]) => [
  Plot.gridY(ticks),
  Plot.axisY(ticks, { text: duration, label: null, tickSize: 4 }),
];

/** The same across. */
export const timesAcross = (ticks: readonly number[]) =>
  Plot.axisX(ticks, { text: duration, label: null, tickSize: 4 });

/** Around all times that are drawn, on a logarithmic axis. */
export function domainOf(times: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, FASTEST];
  for (const time of times) {
    low = Math.min(low, time);
    high = Math.max(high, time);
  }
  return [Math.max(FASTEST, low / 1.5), Math.max(FASTEST * 2, high * 1.5)];
}

/** Target and limit as lines across, named at their right ends; `right` is the room that the names take. */
export function limitsAcross({ target }: Report, isWide: boolean) {
  return {
    right: isWide ? 104 : 60,
    marks: limitsOf(target).flatMap(({ at, name, colour, dash }, i) => [
      Plot.ruleY([at], { stroke: colour, strokeWidth: 1.5, strokeDasharray: dash }),
      Plot.text([at], {
        y: (each: number) => each,
        text: () => `${isWide ? `${name} ` : ''}${duration(at)}`,
        frameAnchor: 'right',
        textAnchor: 'start',
        dx: 5,
        // Apart, however near the two are.
        dy: i === 0 ? 7 : -7,
        fill: colour,
        fontSize: 11,
      }),
    ]),
  };
}

/** Target and limit as lines upwards, named above the drawing, each on a line of its own: `top` is the room for them. */
export function limitsUpwards({ target }: Report, [low, high]: readonly [number, number]) {
  const share = (at: number) => Math.log(at / low) / Math.log(high / low);
  return {
    top: 38,
    marks: limitsOf(target).flatMap(({ at, name, colour, dash }, i) => [
      Plot.ruleX([at], { stroke: colour, strokeWidth: 1.5, strokeDasharray: dash }),
      Plot.text([at], {
        x: (each: number) => each,
        text: () => `${name} ${duration(at)}`,
        frameAnchor: 'top',
        lineAnchor: 'bottom',
        dy: i === 0 ? -18 : -4,
        textAnchor: share(at) > 0.6 ? 'end' : 'start',
        fill: colour,
        fontSize: 11,
      }),
    ]),
  };
}

const limitsOf = ({ seconds, thresholdSeconds }: Report['target']) => [
  { at: seconds, name: 'target', colour: 'var(--target)', dash: '' },
  { at: thresholdSeconds, name: 'limit', colour: 'var(--limit)', dash: '6 4' },
];

/**
 * Draws a chart in both sizes.
 *
 * @param label - what it shows, in words.
 * @param notable - the marks that can be reached by keyboard, by their class names, the most notable last.
 */
export function both(
  optionsFor: (width: number, isWide: boolean) => Plot.PlotOptions & { height: number },
  label: string,
  notable: readonly string[] = [],
): Chart {
  const draw = (width: number) => {
    const { document } = parseHTML('<html></html>');
    const options = optionsFor(width, width > 600);
    const svg = Plot.plot({
      ...options,
      document,
      width,
      className: 'chart',
      ariaLabel: label,
      style: { fontSize: '12px' },
    });
    svg.setAttribute('role', 'group');
    for (const part of svg.querySelectorAll('[aria-label]')) {
      part.setAttribute('data-mark', part.getAttribute('aria-label') ?? '');
      part.removeAttribute('aria-label');
    }
    tellOf(svg, notable, { width, height: options.height });
    return svg.outerHTML;
  };
  return { wide: draw(SIZES.wide), narrow: draw(SIZES.narrow) };
}

/** Lets the notable marks be reached, and tell of themselves below the chart. */
function tellOf(
  svg: ReturnType<typeof Plot.plot>,
  notable: readonly string[],
  { width, height }: { width: number; height: number },
): void {
  const titles = notable.flatMap((name) => [...svg.querySelectorAll(`g.${name} > * > title`)]);
  for (const title of titles.slice(-MOST_FOCUS)) {
    const mark = title.parentElement;
    const text = title.textContent ?? '';
    const tip = svg.ownerDocument.createElementNS('http://www.w3.org/2000/svg', 'text');
    const fits = Math.floor((width - 8) / LETTER);
    tip.setAttribute('class', 'tip');
    tip.setAttribute('x', '4');
    tip.setAttribute('y', String(height - 6));
    tip.textContent = text.length > fits ? `${text.slice(0, fits - 1)}…` : text;
    mark?.setAttribute('tabindex', '0');
    mark?.setAttribute('role', 'img');
    mark?.setAttribute('aria-label', text);
    mark?.after(tip);
  }
}
