import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Chart } from '../blocks.ts';
import type { Report } from '../contract.ts';
import { duration } from '../words.ts';

/**
 * Draws charts as SVG text without a script, in a wide and a narrow size, so that letters are readable on a phone. Colours
 * are CSS variables of the page. A mark shows its text on hover or focus, on a free line below the chart.
 */

const SIZES = { wide: 960, narrow: 360 };
/** Lower bound of a logarithmic axis of times, in seconds. */
export const FASTEST = 1;
/** Height below the axis, for its labels and the text of a mark. */
export const BOTTOM = 50;
/** Upper bound of the average width of a letter, in pixels. */
export const LETTER = 6.6;
/** Number of marks that take the keyboard's focus. More would be in a reader's way. */
const MOST_FOCUS = 12;

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

/** Ticks at round times of a linear axis, at least `room` pixels apart. */
export function linearTicks([low, high]: readonly [number, number], pixels: number, room = 70): number[] {
  const step =
    STEPS.find((seconds) => (high - low) / seconds <= Math.max(1, pixels / room)) ?? STEPS.at(-1) ?? 1;
  const ticks: number[] = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) ticks.push(at);
  return ticks;
}

/** Ticks at round times of a logarithmic axis, at least `room` pixels apart. The roundest times win. */
export function logTicks([low, high]: readonly [number, number], pixels: number, room = 22): number[] {
  const at = (tick: number) => (Math.log(tick / low) / Math.log(high / low)) * pixels;
  const ticks: number[] = [];
  for (const time of ROUND)
    if (time >= low && time <= high && ticks.every((tick) => Math.abs(at(tick) - at(time)) >= room))
      ticks.push(time);
  return ticks.length >= 2 ? ticks.sort((a, b) => a - b) : linearTicks([low, high], pixels, room * 2);
}

/** A vertical axis of times with grid lines. It labels every tick: Plot drops some labels of a logarithmic axis. */
export const timesUp = (ticks: readonly number[]) => [
  Plot.gridY(ticks),
  Plot.axisY(ticks, { text: duration, label: null, tickSize: 4 }),
];

/** A horizontal axis of times. */
export const timesAcross = (ticks: readonly number[]) =>
  Plot.axisX(ticks, { text: duration, label: null, tickSize: 4 });

/** The range of a logarithmic axis that shows all these times. */
export function domainOf(times: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, FASTEST];
  for (const time of times) {
    low = Math.min(low, time);
    high = Math.max(high, time);
  }
  return [Math.max(FASTEST, low / 1.5), Math.max(FASTEST * 2, high * 1.5)];
}

/** Target and limit as horizontal lines, labelled at the right. `right`: width of the labels. */
export function limitsAcross({ target }: Report, isWide: boolean) {
  return {
    right: isWide ? 104 : 60,
    marks: limitsOf(target).flatMap(({ at, name, colour, dash }, i) => [
      Plot.ruleY([at], { stroke: colour, strokeWidth: 1.5, strokeDasharray: dash }),
      Plot.text([at], {
        y: (seconds: number) => seconds,
        text: () => `${isWide ? `${name} ` : ''}${duration(at)}`,
        frameAnchor: 'right',
        textAnchor: 'start',
        dx: 5,
        // The labels do not overlap, even if the lines are close.
        dy: i === 0 ? 7 : -7,
        fill: colour,
        fontSize: 11,
      }),
    ]),
  };
}

/** Target and limit as vertical lines, labelled above the chart on two lines. `top`: height of the labels. */
export function limitsUpwards({ target }: Report, [low, high]: readonly [number, number]) {
  const share = (at: number) => Math.log(at / low) / Math.log(high / low);
  return {
    top: 38,
    marks: limitsOf(target).flatMap(({ at, name, colour, dash }, i) => [
      Plot.ruleX([at], { stroke: colour, strokeWidth: 1.5, strokeDasharray: dash }),
      Plot.text([at], {
        x: (seconds: number) => seconds,
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
 * @param label - describes the chart to a screen reader.
 * @param notable - class names of the marks that take the focus, the most notable last.
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
    makeFocusable(svg, notable, { width, height: options.height });
    return svg.outerHTML;
  };
  return { wide: draw(SIZES.wide), narrow: draw(SIZES.narrow) };
}

/** Makes the notable marks focusable, with their text below the chart. */
function makeFocusable(
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
