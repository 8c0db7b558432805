import { noticesAYear, slipsFound } from './changes.ts';
import {
  type AfterStep,
  alertsAYear,
  afterStep,
  type SteadyCase,
  type StepCase,
  TARGET,
  type YearFigures,
  yearOf,
} from './simulate.ts';
import { KINDS, NAMED_TEAMS } from './teams.ts';

/** What is simulated, the bounds that it must keep, and the section of the page that shows the results. */

/** Team-years in each row of the published tables. A row about a slowdown has five times as many teams. */
export const PUBLISHED = 200;
const SLOWDOWNS_PER_YEAR = 5;
const RATES = [3, 10, 30, 100];
const WEEKS = 12;

export type Task =
  | { kind: 'steady'; case: SteadyCase; years: number }
  | { kind: 'step'; case: StepCase; teams: number }
  | { kind: 'named'; case: { team: number; rate: number }; years: number }
  | { kind: 'change'; case: { rate: number; sigma: number }; years: number };

export type TaskResult =
  | { alert: number; bare: number }
  | { alert: StepFigures; bare: StepFigures }
  | { years: YearFigures[] }
  | { falseAYear: number; within2: number; within4: number };

export interface StepFigures {
  daysToAlert: [p50: number, p90: number];
  flips: number;
  daysToEnd: [p50: number, p90: number];
  repeats: number;
}

interface Bound {
  /** For the average of a level's cells. */
  mean: number;
  /** For the highest cell. */
  highest?: number;
}

const LEVELS: { sigma: number; level: number; bound: Bound }[] = [
  { sigma: 0.35, level: 0.8, bound: { mean: 0.02 } },
  { sigma: 0.35, level: 0.95, bound: { mean: 0.05, highest: 0.5 } },
  { sigma: 0.35, level: 1.1, bound: { mean: 0.7 } },
  { sigma: 0.7, level: 0.95, bound: { mean: 1 } },
];

const STEPS: {
  case: StepCase;
  bound?: Partial<Record<'p50' | 'p90' | 'flips' | 'end50' | 'end90' | 'repeats', number>>;
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
    bound: { flips: 1.5, end50: 8, end90: 14, repeats: 0.05 },
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
    // The busiest team takes longest, so it comes first.
    ...NAMED_TEAMS.map(
      ({ share = 1 }, team): Task => ({
        kind: 'named',
        case: { team, rate: share < 1 ? 1400 : 5 },
        years: Math.ceil(years * share),
      }),
    ),
    ...STEPS.map((step): Task => ({ kind: 'step', case: step.case, teams: years * SLOWDOWNS_PER_YEAR })),
    ...CHANGES.map((change): Task => ({ kind: 'change', case: change, years })),
  ];
}

/** Every task has its own fixed seeds, so that each run simulates the same teams. */
export function resultOf(task: Task): TaskResult {
  if (task.kind === 'steady') return alertsAYear(task.case, task.years, 1);
  if (task.kind === 'named') {
    const team = NAMED_TEAMS[task.case.team];
    if (!team) throw new RangeError('a team without a name');
    return { years: Array.from({ length: task.years }, (_, i) => yearOf(team, 1 + i * 7919)) };
  }
  if (task.kind === 'change')
    return { falseAYear: noticesAYear(task.case, task.years, 2), ...slipsFound(task.case, task.years, 3) };
  const teams = Array.from({ length: task.teams }, (_, i) => afterStep(task.case, 1_000_000 + i));
  return {
    alert: figuresOf(teams.map((team) => team.alert)),
    bare: figuresOf(teams.map((team) => team.bare)),
  };
}

function figuresOf(teams: readonly AfterStep[]): StepFigures {
  const toAlert = teams.map((team) => team.daysToAlert);
  const toEnd = teams.flatMap((team) => team.daysToEnd ?? []);
  return {
    daysToAlert: [rank(toAlert, 0.5), rank(toAlert, 0.9)],
    flips: mean(teams.map((team) => team.flips)),
    daysToEnd: [rank(toEnd, 0.5), rank(toEnd, 0.9)],
    repeats: mean(teams.map((team) => team.repeats)),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const rank = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? Number.NaN;

const percent = (share: number): string => `${Math.round(share * 100)}%`;
const days = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : 'later');

/** The section of the page, and the bounds that the results exceed. */
export function sectionOf(
  years: number,
  tasks: readonly Task[],
  results: readonly TaskResult[],
): { text: string; exceeded: string[] } {
  const exceeded: string[] = [];
  /** Checks a value, and returns its bound as the tables show it. */
  const check = (what: string, value: number, bound: number | undefined): string => {
    if (bound === undefined) return '';
    if (!(value <= bound)) exceeded.push(`${what} is ${value.toFixed(3)}. The bound is ${bound}.`);
    return ` (≤ ${bound})`;
  };
  const result = (task: Task) => results[tasks.indexOf(task)];

  const steady = LEVELS.map(({ sigma, level, bound }) => {
    const name = `σ ${sigma} at ${percent(level)} of the target`;
    const levelTasks = tasks.filter(
      (task) => task.kind === 'steady' && task.case.sigma === sigma && task.case.level === level,
    );
    const figures = levelTasks.map((task) => result(task) as { alert: number; bare: number });
    const alerts = figures.map(({ alert }) => alert);
    const bareAlerts = figures.map(({ bare }) => bare);
    const [average, highest] = [mean(alerts), Math.max(...alerts)];
    const rows = RATES.map((rate) => {
      const cells = levelTasks.flatMap((task, i) =>
        task.case.rate === rate ? [`${alerts[i]?.toFixed(2)} | ${bareAlerts[i]?.toFixed(1)}`] : [],
      );
      return `| ${rate} | ${cells.join(' | ')} |`;
    });
    return [
      `#### ${name}`,
      '',
      `Guard: ${average.toFixed(3)}${check(`The average at ${name}`, average, bound.mean)} on average, ${highest.toFixed(2)}${check(`The highest cell at ${name}`, highest, bound.highest)} at most. Simple rule: ${mean(bareAlerts).toFixed(1)} on average, ${Math.max(...bareAlerts).toFixed(1)} at most.`,
      '',
      `| Changes a week | ${KINDS.map((kind) => `${kind} | simple`).join(' | ')} |`,
      `| ---: | ${KINDS.map(() => '---: | ---:').join(' | ')} |`,
      ...rows,
    ].join('\n');
  });

  const steps = STEPS.map(({ case: step, bound = {} }) => {
    const task = tasks.find(({ kind, case: simulated }) => kind === 'step' && simulated === step);
    const figures = task && (result(task) as { alert: StepFigures; bare: StepFigures });
    if (!figures) throw new RangeError('a step that was not simulated');
    const name = `${step.rate} a week, ${step.kind}, σ ${step.sigma}, ${percent(step.before)} to ${percent(step.after)}`;
    const { alert, bare } = figures;
    // The start of the alert is a change of state too, and the right one.
    const flips = Math.max(0, alert.flips - 1);
    const cell = (value: string, bareValue: string, bound: string) => `${value}${bound} | ${bareValue}`;
    return `| ${step.rate} | ${step.kind} | ${step.sigma} | ${percent(step.after)} | ${[
      cell(
        days(alert.daysToAlert[0]),
        days(bare.daysToAlert[0]),
        check(`Days to the alert (p50) for ${name}`, alert.daysToAlert[0], bound.p50),
      ),
      cell(
        days(alert.daysToAlert[1]),
        days(bare.daysToAlert[1]),
        check(`Days to the alert (p90) for ${name}`, alert.daysToAlert[1], bound.p90),
      ),
      cell(
        flips.toFixed(2),
        Math.max(0, bare.flips - 1).toFixed(2),
        check(`Flips for ${name}`, flips, bound.flips),
      ),
      cell(
        days(alert.daysToEnd[0]),
        days(bare.daysToEnd[0]),
        check(`Days to the end (p50) for ${name}`, alert.daysToEnd[0], bound.end50),
      ),
      cell(
        days(alert.daysToEnd[1]),
        days(bare.daysToEnd[1]),
        check(`Days to the end (p90) for ${name}`, alert.daysToEnd[1], bound.end90),
      ),
      cell(
        alert.repeats.toFixed(3),
        bare.repeats.toFixed(3),
        check(`Repeats for ${name}`, alert.repeats, bound.repeats),
      ),
    ].join(' | ')} |`;
  });

  const named = tasks
    .filter((task) => task.kind === 'named')
    .map((task) => {
      const team = NAMED_TEAMS[task.case.team];
      if (!team) throw new RangeError('a team without a name');
      const { years } = result(task) as { years: YearFigures[] };
      const { name, what, soon } = team;
      const average = (figure: (year: YearFigures) => number) => mean(years.map(figure));
      const falseAlerts = average(({ alerts }) => alerts);
      const toAlert = rank(
        years.map(({ daysToAlert }) => daysToAlert),
        0.9,
      );
      const deployments = rank(
        years.map(({ deploymentsToAlert }) => deploymentsToAlert),
        0.9,
      );
      const turns = average(({ weeks }) => weeks.turns) / 4;
      const closed = average(({ weeks }) => weeks.closedWhileDrifted);
      return `| **${name}**: ${what} | ${[
        soon ? '–' : `${falseAlerts.toFixed(2)}${check(`False alerts of "${name}"`, falseAlerts, 0.3)}`,
        soon ? `${days(toAlert)}${check(`Days to the alert of "${name}"`, toAlert, soon.days)}` : '–',
        soon
          ? `${deployments}${check(`Deployments to the alert of "${name}"`, deployments, soon.deployments)}`
          : '–',
        average(({ weeks }) => weeks.drifted).toFixed(1),
        average(({ weeks }) => weeks.on).toFixed(1),
        average(({ weeks }) => weeks.noVerdict).toFixed(1),
        `${turns.toFixed(2)}${check(`Flips a quarter of "${name}"`, turns, 1)}`,
        (average(({ turnsAtDeployments }) => turnsAtDeployments) / 4).toFixed(2),
        `${closed}${check(`Closed while drifted for "${name}"`, closed, 0)}`,
      ].join(' | ')} |`;
    });

  const changes = tasks
    .filter((task) => task.kind === 'change')
    .map((task) => {
      const { falseAYear, within2, within4 } = result(task) as Extract<TaskResult, { falseAYear: number }>;
      return `| ${task.case.rate} | ${task.case.sigma} | ${falseAYear.toFixed(2)} | ${percent(within2)} | ${percent(within4)} |`;
    });

  const text = `\`npm run signal\` writes this section. It takes about seven minutes on two cores.

The script simulates teams with known lead times and judges each deployment, each midnight and each late change by what was known
at that moment. A row covers ${years} team-years (one for the team that deploys 200 times a day), or ${years * SLOWDOWNS_PER_YEAR} teams for a slowdown, with fixed
random seeds. The target is ${TARGET / 60} minutes and the window 7 days, widened to 28.
The guard follows the [rule for alerts](alerts.md#sure-or-likely). The **simple** rule raises an alert for every drift of a 7-day window.
Figures in parentheses are bounds: the script fails if a result exceeds one.

### False alarms

These teams have a steady median within the limit, so every alert is false. The tables show alerts a year. Merges are a Poisson
process, and lead times are lognormal with the σ shown. The first eight weeks of each team do not count.

- **plain**: each change is deployed alone.
- **outliers**: one change in twenty takes a day longer.
- **weekends**: nothing is merged on two days of the week.
- **batches**: 2.5 changes go live together on average.

${steady.join('\n\n')}

### Slowdowns

Each team spends eight weeks at 95% of the target, ${WEEKS} weeks slower, and ${WEEKS} weeks at the old pace. **Flips** are further changes of state
during the slow weeks, after the alert started. **Repeats** are alerts that start after the recovery.

| Changes a week | Team | σ | Slows to | Days to alert, p50 | simple | p90 | simple | Flips | simple | Days to end, p50 | simple | p90 | simple | Repeats | simple |
| ---: | --- | ---: | ---: | ${Array.from({ length: 12 }, () => '---:').join(' | ')} |
${steps.join('\n')}

The simple rule is faster because it waits for no confirmation. The price is its false alarms.

### Teams with their own rhythm

These teams deploy in ways that are hard to judge. Some are over the limit all the time, and some never. The columns show alerts a
year of a team that is not over its limit; days and deployments until nine of ten slow teams have an alert; the Mondays of a year
with the verdict \`drifted\`, with the alert on, and without a verdict; changes of the alert in a quarter, as weekly runs on Mondays
and runs at each deployment see them; and alerts that ended while the verdict was \`drifted\`. A year has 53 Mondays.

| Team | False alerts | Days to alert, p90 | Deployments, p90 | Drifted | On | No verdict | Flips, Mondays | Flips, deployments | Ended while drifted |
| --- | ${Array.from({ length: 9 }, () => '---:').join(' | ')} |
${named.join('\n')}

### Slowdowns compared with your own past

This is the test behind ["Slower than before"](alerts.md#slower-than-before): Pettitt's test on the last 60 deployments, with α 0.01,
at least five deployments on each side, and at least 10% slower. False reports are from steady teams, checked weekly, with at most one
report in 28 days. The last two columns show how many slowdowns of 25% the test finds.

| Changes a week | σ | False reports a year | Found in two weeks | Found in four weeks |
| ---: | ---: | ---: | ---: | ---: |
${changes.join('\n')}

With few changes or widely spread lead times, the test misses most slowdowns of 25%. No report does not mean that nothing changed.

### Limits of the simulation

- Real lead times depend on each other. A broken runner or a long queue slows several deployments in a row. Expect more alerts
  than here, and more false ones.
- Simulated deployments contain only their own changes. In practice a later deployment can also ship an earlier change,
  and there are fewer outliers.
- A sure drift says that lead time is over the limit. It does not say why.`;
  return { text, exceeded };
}
