import { sampleFor, SOURCES } from './every-source.ts';
import { sampleMonorepo } from '../../src/demo/monorepo.ts';
import { SAMPLE_NOW } from '../../src/demo/sample.ts';
import { VIEWER } from '../../src/fake-github/graphql.ts';
import type { World } from '../../src/fake-github/world.ts';
import { formerMarker } from '../../src/publish/hidden-marker.ts';
import { markerOf } from '../../src/publish/marker.ts';
import { weeksIn } from '../../src/publish/week-history.ts';
import { FAULTS, faultAt } from './faults.ts';
import { withGitHub } from './github.ts';
import { performStep } from './in-process.ts';
import { runStep, type StepOptions, type StepResult } from './runner.ts';

/** Runs with a fault of GitHub, in every mode and with every source, and the run after each. */

/** The outcome of a run with a fault. */
export type Outcome =
  /** The same result as without the fault. */
  | 'recovered'
  /** A result that names missing data, or a text that was not written. */
  | 'reported'
  /** No result, and one line that says what happened and what to do. */
  | 'ended'
  | 'wrong answer'
  | 'hang';

export interface Cell {
  scenario: string;
  fault: string;
  at: number;
  forever: boolean;
  outcome: Outcome;
  line: string;
}

export interface Scenario {
  name: string;
  world(): World;
  event: string;
  payload?: object;
  inputs?: Record<string, string>;
}

const LIMIT = 60_000;
const TOKEN = 'ghs_a-token-that-is-never-shown';
/** A batch of two changes, of which the first has a comment. */
const DEPLOYED = {
  event: 'deployment_status',
  payload: { deployment: { id: 9010, environment: 'production' }, deployment_status: { state: 'success' } },
};
const OPENED = { event: 'pull_request', payload: { pull_request: { number: 500 } } };
/** A week in an issue's hidden history. It has to survive every fault. */
const BEFORE = [
  {
    week: '2026-02-23',
    status: 'drifted',
    seconds: 1500,
    atLeast: null,
    mergesets: 9,
    pending: 0,
    batches: 1,
  },
];

const sample = () => sampleFor('deployments');
const commented =
  (kind: 'shipped' | 'preview', number: number, source = 'deployments') =>
  (): World => {
    const world = sampleFor(source);
    const body = `${formerMarker(kind, 'production')}\nAn earlier text.`;
    world.comments = [{ id: 3_000_000_001, number, author: VIEWER, body, createdAt: '2026-03-12T12:00:00Z' }];
    return world;
  };
const issued = (): World => {
  const world = sample();
  const { begin, end } = markerOf('weekly', {
    environment: 'production',
    source: 'deployments',
    baseBranch: 'main',
  });
  const body = `Ask Mira.\n\n${begin}\n<!-- weeks: ${JSON.stringify(BEFORE)} -->\nAn earlier text.\n${end}\n`;
  world.issues = [
    { number: 424, title: 'before', body, state: 'open', labels: ['deploy-latency'], author: VIEWER },
  ];
  return world;
};

/** This scenario also runs the built action. */
export const GUARD: Scenario = { name: 'guard', world: commented('shipped', 419), ...DEPLOYED };

export const SCENARIOS: readonly Scenario[] = [
  GUARD,
  ...SOURCES.slice(1).map(([source, inputs]) => ({
    name: `guard, ${source}`,
    world: commented('shipped', 422, source),
    event: 'push',
    inputs: { ...inputs, stages: 'none' },
  })),
  {
    name: 'pull request, commented',
    world: commented('preview', 500),
    ...OPENED,
    inputs: { stages: 'none' },
  },
  { name: 'pull request', world: sample, ...OPENED, inputs: { stages: 'none' } },
  { name: 'week, opens', world: sample, event: 'schedule', inputs: { target: '15m', stages: 'none' } },
  { name: 'week, updates', world: issued, event: 'schedule', inputs: { target: '22m', stages: 'none' } },
  { name: 'week, closes', world: issued, event: 'schedule', inputs: { target: '30m', stages: 'none' } },
  { name: 'week, services', world: sampleMonorepo, event: 'schedule', inputs: { stages: 'none' } },
];

type Run = (options: StepOptions) => Promise<StepResult>;
const inProcess: Run = (options) => performStep(options);
export const built: Run = runStep;

async function run(
  step: Run,
  { event, payload = {}, inputs }: Scenario,
  world: World,
  options: Parameters<typeof withGitHub>[1],
): Promise<{ result: StepResult | null; requests: number }> {
  return withGitHub(world, options, async (github) => {
    let late: NodeJS.Timeout | undefined;
    const result = await Promise.race([
      step({
        apiUrl: github.apiUrl,
        repository: `${world.owner}/${world.name}`,
        event,
        payload,
        inputs: {
          'as-of': SAMPLE_NOW,
          'fail-on': 'none',
          comment: 'always',
          issue: 'always',
          'github-token': TOKEN,
          timeout: '45s',
          ...inputs,
        },
      }),
      new Promise<null>((done) => {
        late = setTimeout(() => done(null), LIMIT);
      }),
    ]);
    clearTimeout(late);
    return { result, requests: github.requests.length };
  });
}

export interface Baseline {
  requests: number;
  report: unknown;
  written: string;
  /** True if it wrote a comment or an issue. */
  writes: boolean;
}

/** The same run without a fault. */
export async function baseline(scenario: Scenario, step: Run = inProcess): Promise<Baseline> {
  const world = scenario.world();
  const { result, requests } = await run(step, scenario, world, {});
  const written = writtenIn(world);
  const writes = written !== writtenIn(scenario.world());
  return { requests, report: comparable(result?.report), written, writes };
}

/** Comments and issues, without an order and without the numbers of issues. */
function writtenIn({ comments = [], issues = [] }: World): string {
  const labelled = issues.filter((issue) => issue.labels.includes('deploy-latency'));
  return JSON.stringify([
    comments.map(({ number, body }) => ({ number, body })).sort((a, b) => a.number - b.number),
    labelled.map(({ title, body, state, labels }) => ({ title, body, state, labels })),
  ]);
}
const comparable = (report: object | undefined | null) =>
  JSON.parse(JSON.stringify(report ?? null, (key, value) => (key === 'generatedAt' ? null : value)));

/** Damage that no fault may cause; `null` if there is none. */
function harmIn(before: World, after: World): string | null {
  const numbers = (after.comments ?? []).map((comment) => comment.number);
  if (new Set(numbers).size < numbers.length) return 'a comment was written twice';
  for (const comment of before.comments ?? [])
    if (!after.comments?.some(({ id, number }) => id === comment.id && number === comment.number))
      return 'a comment was lost';
  const open = (after.issues ?? []).filter((issue) => issue.state === 'open');
  if (open.length > 1) return 'a second issue was opened';
  for (const issue of before.issues ?? []) {
    const now = after.issues?.find(({ number }) => number === issue.number);
    if (!now?.body.startsWith('Ask Mira.\n\n')) return "a person's words were lost";
    const weeks = weeksIn(now.body).map(({ week }) => week);
    if (!weeksIn(issue.body).every(({ week }) => weeks.includes(week))) return 'a week was lost';
    if (now.state === 'closed' && !numbers.includes(issue.number))
      return 'an issue was closed without a comment';
  }
  return null;
}

export async function cell(
  scenario: Scenario,
  expected: Baseline,
  fault: string,
  at: number,
  forever: boolean,
  step: Run = inProcess,
  /** Checks the next run, too. */
  withNext = true,
): Promise<Cell> {
  const world = scenario.world();
  const answer = FAULTS[fault];
  if (!answer) throw new Error(`no fault "${fault}"`);
  const result = (outcome: Outcome, line = ''): Cell => ({
    scenario: scenario.name,
    fault,
    at,
    forever,
    outcome,
    line,
  });
  const first = await run(step, scenario, world, faultAt(answer, at, forever));
  if (first.result === null) return result('hang');
  const harm = harmIn(scenario.world(), world) ?? shownIn(first.result, world);
  if (harm !== null) return result('wrong answer', harm);
  const outcome = judged(first.result, expected, writtenIn(world));
  if (outcome[0] === 'wrong answer' || !withNext) return result(...outcome);
  // The next run writes the missing texts, and writes nothing twice.
  await run(step, scenario, world, {});
  const after = harmIn(scenario.world(), world);
  if (after !== null) return result('wrong answer', `in the next run: ${after}`);
  if (writtenIn(world) !== expected.written)
    return result('wrong answer', `the next run left ${writtenIn(world).slice(0, 2000)}`);
  return result(...outcome);
}

function shownIn(step: StepResult, world: World): string | null {
  const shown = [
    step.log.replace(`::add-mask::${TOKEN}`, ''),
    step.summary,
    ...Object.values(step.outputs),
    JSON.stringify(step.report),
    ...(world.comments ?? []).map((comment) => comment.body),
    ...(world.issues ?? []).map((issue) => issue.body),
  ];
  return shown.some((text) => text.includes(TOKEN)) ? 'the token is shown' : null;
}

interface ServiceReport {
  status: string;
  completeness?: { gaps: { what: string; verdictAtRisk: boolean }[] };
  units?: ServiceReport[];
}

/** The report of each service. */
const servicesOf = (report: ServiceReport): ServiceReport[] => report.units ?? [report];

function judged(step: StepResult, expected: Baseline, written: string): [Outcome, string] {
  const lines = step.log.split('\n');
  const errors = lines.filter((text) => text.startsWith('::error'));
  const line =
    lines.find((text) => text.startsWith('::error') || text.startsWith('::notice title=Not written')) ?? '';
  if (step.report === null) {
    if (step.code === 1 && errors.length === 1 && !line.includes('has a bug')) return ['ended', line];
    return ['wrong answer', `exit ${step.code}, ${errors.length} errors: ${step.log.slice(-300)}`];
  }
  const same = JSON.stringify(comparable(step.report)) === JSON.stringify(expected.report);
  if (same && written === expected.written) return ['recovered', ''];
  if (same && line !== '') return ['reported', line];
  const [now, before] = [servicesOf(step.report), servicesOf(expected.report as ServiceReport)];
  const gaps = now.flatMap((report) => report.completeness?.gaps ?? []);
  const isHonest = now.every((report, i) => {
    const atRisk = report.completeness?.gaps.some((gap) => gap.verdictAtRisk);
    return report.status === (atRisk ? 'insufficient-data' : before[i]?.status);
  });
  if (gaps.length > 0 && now.length === before.length && isHonest) return ['reported', gaps[0]?.what ?? ''];
  return [
    'wrong answer',
    `status ${step.report.status}, gaps ${JSON.stringify(gaps)}, ${written.slice(0, 2000)}`,
  ];
}
