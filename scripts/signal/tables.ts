import { noticesAYear, slipsFound } from './changes.ts';
import {
  type AfterStep,
  alertsAYear,
  afterStep,
  type SteadyCase,
  type StepCase,
  TARGET,
} from './simulate.ts';
import { KINDS } from './teams.ts';

/** What is simulated, what is asked of it, and the page that says how it came out. */

/** Team-years a row, as published; steps are told by five times as many teams. */
export const PUBLISHED = 200;
const STEPS_A_YEAR = 5;
const RATES = [3, 10, 30, 100];
const WEEKS = 12;

export type Task =
  | { kind: 'steady'; case: SteadyCase; years: number }
  | { kind: 'step'; case: StepCase; teams: number }
  | { kind: 'change'; case: { rate: number; sigma: number }; years: number };

export type TaskResult =
  | { alert: number; bare: number }
  | { alert: StepFigures; bare: StepFigures }
  | { falseAYear: number; within2: number; within4: number };

export interface StepFigures {
  toAlert: [p50: number, p90: number];
  flips: number;
  toLeft: [p50: number, p90: number];
  again: number;
}

interface Bound {
  /** Of all cells of the level together, and of each. */
  mean: number;
  each?: number;
}

const LEVELS: { sigma: number; level: number; bound: Bound }[] = [
  { sigma: 0.35, level: 0.8, bound: { mean: 0.02 } },
  { sigma: 0.35, level: 0.95, bound: { mean: 0.1, each: 0.5 } },
  { sigma: 0.35, level: 1.1, bound: { mean: 1 } },
  { sigma: 0.7, level: 0.95, bound: { mean: 1 } },
];

const STEPS: {
  case: StepCase;
  bound?: Partial<Record<'p50' | 'p90' | 'flips' | 'left50' | 'left90' | 'again', number>>;
}[] = [
  {
    case: { kind: 'outliers', rate: 10, sigma: 0.15, before: 0.95, after: 1.42 },
    bound: { p50: 8, p90: 14 },
  },
  { case: { kind: 'outliers', rate: 30, sigma: 0.15, before: 0.95, after: 1.42 }, bound: { p50: 6, p90: 9 } },
  { case: { kind: 'plain', rate: 3, sigma: 0.35, before: 0.95, after: 1.9 }, bound: { p50: 20, p90: 30 } },
  { case: { kind: 'plain', rate: 10, sigma: 0.35, before: 0.95, after: 1.9 }, bound: { p50: 7, p90: 10 } },
  {
    case: { kind: 'plain', rate: 10, sigma: 0.35, before: 0.95, after: 1.42 },
    bound: { flips: 1.5, left50: 8, left90: 14, again: 0.05 },
  },
  { case: { kind: 'outliers', rate: 3, sigma: 0.35, before: 0.95, after: 1.9 } },
  { case: { kind: 'batches', rate: 10, sigma: 0.35, before: 0.95, after: 1.9 } },
];

const CHANGES = [
  { rate: 10, sigma: 0.15 },
  { rate: 10, sigma: 0.35 },
  { rate: 30, sigma: 0.15 },
  { rate: 30, sigma: 0.35 },
];

export function tasksFor(years: number): Task[] {
  return [
    ...LEVELS.flatMap(({ sigma, level }) =>
      RATES.flatMap((rate) =>
        KINDS.map((kind): Task => ({ kind: 'steady', case: { kind, rate, sigma, level }, years })),
      ),
    ),
    ...STEPS.map((each): Task => ({ kind: 'step', case: each.case, teams: years * STEPS_A_YEAR })),
    ...CHANGES.map((each): Task => ({ kind: 'change', case: each, years })),
  ];
}

/** Each task has seeds of its own, which are the same in each run. */
export function resultOf(task: Task): TaskResult {
  if (task.kind === 'steady') return alertsAYear(task.case, task.years, 1);
  if (task.kind === 'change')
    return { falseAYear: noticesAYear(task.case, task.years, 2), ...slipsFound(task.case, task.years, 3) };
  const teams = Array.from({ length: task.teams }, (_, i) => afterStep(task.case, 1_000_000 + i));
  return {
    alert: figuresOf(teams.map((each) => each.alert)),
    bare: figuresOf(teams.map((each) => each.bare)),
  };
}

function figuresOf(all: readonly AfterStep[]): StepFigures {
  const left = all.flatMap(({ toLeft }) => toLeft ?? []);
  const days = all.map((each) => each.toAlert);
  return {
    toAlert: [rank(days, 0.5), rank(days, 0.9)],
    flips: mean(all.map((each) => each.flips)),
    toLeft: [rank(left, 0.5), rank(left, 0.9)],
    again: mean(all.map((each) => each.again)),
  };
}

const mean = (all: readonly number[]): number => all.reduce((sum, each) => sum + each, 0) / all.length;
const rank = (all: readonly number[], share: number): number =>
  all.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * all.length) - 1)] ?? Number.NaN;

const percent = (share: number): string => `${Math.round(share * 100)}%`;
const days = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : 'later');

/** The page, and each bound that was missed. */
export function pageOf(
  years: number,
  tasks: readonly Task[],
  results: readonly TaskResult[],
): { text: string; missed: string[] } {
  const missed: string[] = [];
  const hold = (what: string, value: number, bound: number | undefined): string => {
    if (bound === undefined) return '';
    if (!(value <= bound)) missed.push(`${what}: ${value.toFixed(3)}, at most ${bound}`);
    return ` (≤ ${bound})`;
  };
  const of = (task: Task) => results[tasks.indexOf(task)];

  const steady = LEVELS.map(({ sigma, level, bound }) => {
    const name = `σ ${sigma} at ${percent(level)} of the target`;
    const own = tasks.filter(
      (each) => each.kind === 'steady' && each.case.sigma === sigma && each.case.level === level,
    );
    const told = own.map((each) => of(each) as { alert: number; bare: number });
    const all = mean(told.map((each) => each.alert));
    const most = Math.max(...told.map((each) => each.alert));
    const rows = RATES.map((rate) => {
      const cells = own.flatMap((each, i) =>
        each.case.rate === rate ? [`${told[i]?.alert.toFixed(2)} | ${told[i]?.bare.toFixed(1)}`] : [],
      );
      return `| ${rate} | ${cells.join(' | ')} |`;
    });
    return [
      `### ${name}`,
      '',
      `Mean of all cells ${all.toFixed(3)}${hold(name, all, bound.mean)}, the largest ${most.toFixed(2)}${hold(`${name}, each cell`, most, bound.each)}; without memory ${mean(told.map((each) => each.bare)).toFixed(1)} and ${Math.max(...told.map((each) => each.bare)).toFixed(1)}.`,
      '',
      `| changes a week | ${KINDS.map((kind) => `${kind} | bare`).join(' | ')} |`,
      `| ---: | ${KINDS.map(() => '---: | ---:').join(' | ')} |`,
      ...rows,
    ].join('\n');
  });

  const steps = STEPS.map(({ case: it, bound = {} }) => {
    const task = tasks.find((each) => each.kind === 'step' && each.case === it);
    const told = task && (of(task) as { alert: StepFigures; bare: StepFigures });
    if (!told) throw new RangeError('a step that was not simulated');
    const name = `${it.rate} a week, ${it.kind}, σ ${it.sigma}, ${percent(it.before)} to ${percent(it.after)}`;
    const { alert, bare } = told;
    // The alert itself is one change of state, and the right one.
    const more = Math.max(0, alert.flips - 1);
    const cell = (value: string, bareValue: string, held: string) => `${value}${held} | ${bareValue}`;
    return `| ${it.rate} | ${it.kind} | ${it.sigma} | ${percent(it.after)} | ${[
      cell(
        days(alert.toAlert[0]),
        days(bare.toAlert[0]),
        hold(`${name}: days to the alert, p50`, alert.toAlert[0], bound.p50),
      ),
      cell(
        days(alert.toAlert[1]),
        days(bare.toAlert[1]),
        hold(`${name}: days to the alert, p90`, alert.toAlert[1], bound.p90),
      ),
      cell(
        more.toFixed(2),
        Math.max(0, bare.flips - 1).toFixed(2),
        hold(`${name}: flips`, more, bound.flips),
      ),
      cell(
        days(alert.toLeft[0]),
        days(bare.toLeft[0]),
        hold(`${name}: days to the end, p50`, alert.toLeft[0], bound.left50),
      ),
      cell(
        days(alert.toLeft[1]),
        days(bare.toLeft[1]),
        hold(`${name}: days to the end, p90`, alert.toLeft[1], bound.left90),
      ),
      cell(alert.again.toFixed(3), bare.again.toFixed(3), hold(`${name}: again`, alert.again, bound.again)),
    ].join(' | ')} |`;
  });

  const changes = tasks
    .filter((each) => each.kind === 'change')
    .map((each) => {
      const { falseAYear, within2, within4 } = of(each) as Extract<TaskResult, { falseAYear: number }>;
      return `| ${each.case.rate} | ${each.case.sigma} | ${falseAYear.toFixed(2)} | ${percent(within2)} | ${percent(within4)} |`;
    });

  const text = `# How often it cries, and how soon

Written by \`npm run signal\`: made-up teams whose lead times are known, ${years} team-years a row (${years * STEPS_A_YEAR} teams for a step), from fixed seeds. Each deployment is judged as it would have been then. The target is ${TARGET / 60} minutes, the window 7 days, widened to 28; "bare" is the rule without votes and without memory: each drift of the plain window is an alert.

## The rule

1. Every deployment of the window that shipped something has one vote: over, where the lower median of its changes' lead times is past the limit. The oldest change that still waits past the limit has one more.
2. A drift is *sure* where P(Bin(n, ½) ≥ over) ≤ 0.10 (5 of 5, 8 of 10, 11 of 15); or where all of at least two deployments are over, and the same test over the changes is at most 0.001; or where the statistic is unknown and at least five changes each wait past the limit. Otherwise it is *likely*.
3. The alert is on from the first sure drift. It is over at the target; or when slipping and surely under the limit (P(Bin(n, ½) ≥ under) ≤ 0.10); or when nothing was sure for 28 days, or for the last five deployments if that is longer, 90 days at most.
4. Nothing is stored: the state is replayed over the deployments before, as they were known then.

## A steady team: alerts a year

Merges are a Poisson process, lead times lognormal with the given σ; \`plain\`: each change is deployed by itself; \`outliers\`: one in twenty takes a day more; \`weekends\`: nothing is merged on two days of seven; \`batches\`: groups of two and a half on average. Eight weeks before each year are not counted.

${steady.join('\n\n')}

## A step, and its end

Eight weeks at 95% of the target, ${WEEKS} weeks slow, ${WEEKS} weeks mended. "Flips" are changes of state in the slow weeks after the alert, which itself is one more; "again" are alerts after it was mended. The second figure of each pair is the bare rule's.

| changes a week | | σ | to | days to the alert, p50 | bare | p90 | bare | flips | bare | days to its end, p50 | bare | p90 | bare | again | bare |
| ---: | --- | ---: | ---: | ${Array.from({ length: 12 }, () => '---:').join(' | ')} |
${steps.join('\n')}

The bare rule is sooner, as it waits for nothing; that is what its false alerts are paid for.

## A slip against the own past

Pettitt's test on the last 60 deployments, judged weekly: α 0.01, at least five on each side, at least 10% slower, at most one in 28 days. False ones on a steady team, and how many slips by 25% are found in two and in four weeks.

| changes a week | σ | false a year | found in two weeks | in four |
| ---: | ---: | ---: | ---: | ---: |
${changes.join('\n')}

With few changes or a wide spread most slips by a quarter are not found: what is not told is not shown to be unchanged.

## Limits

- A team's lead times are no independent draws: a broken runner or a long queue touches several deployments in a row, and then more alerts come than here, and more of them in vain.
- Deployments here contain nothing but their own changes, so an outlier stays one; where a later deployment carries an earlier change along, outliers are fewer.
- \`sure\` is a statement about the limit, not about the cause.
`;
  return { text, missed };
}
