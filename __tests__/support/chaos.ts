import { VIEWER } from '../../src/fake-github/graphql.ts';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import type { World } from '../../src/fake-github/world.ts';
import { formerly } from '../../src/report/marker.ts';
import { FAULTS, faultAt } from './faults.ts';
import { withGitHub } from './github.ts';
import { runStep, type StepResult } from './runner.ts';

/** What became of a run that met a fault. */
export type Outcome =
  /** The answer, as without the fault. */
  | 'recovered'
  /** An answer that says what it lacks, or that something was not written. */
  | 'told'
  /** No answer: one line that says what happened and what to do. */
  | 'ended'
  | 'wrong answer'
  | 'hang';

export interface Cell {
  fault: string;
  at: number;
  forever: boolean;
  outcome: Outcome;
  line: string;
}

const LIMIT = 60_000;
const TOKEN = 'ghs_a-token-that-is-never-shown';
/** A batch of two: on the first of them there is a comment already, on the other there is none. */
const EVENT = {
  event: 'deployment_status',
  payload: { deployment: { id: 9010, environment: 'production' }, deployment_status: { state: 'success' } },
};
const BEFORE = { id: 3_000_000_001, number: 419 };

function worldWithAComment(): World {
  const world = sampleTeam();
  const body = `${formerly('shipped', 'production')}\nWhat it said before.`;
  world.comments = [{ ...BEFORE, author: VIEWER, body, createdAt: '2026-03-12T12:00:00Z' }];
  return world;
}

async function run(
  world: World,
  options: Parameters<typeof withGitHub>[1],
): Promise<{ step: StepResult | null; requests: number }> {
  return withGitHub(world, options, async (github) => {
    const step = await Promise.race([
      runStep({
        apiUrl: github.apiUrl,
        repository: 'larkspur/storefront',
        ...EVENT,
        inputs: {
          'as-of': SAMPLE_NOW,
          'fail-on': 'none',
          comment: 'always',
          'github-token': TOKEN,
          timeout: '45s',
        },
      }),
      new Promise<null>((done) => setTimeout(() => done(null), LIMIT).unref()),
    ]);
    return { step, requests: github.requests.length };
  });
}

export interface Baseline {
  requests: number;
  report: unknown;
  comments: string[];
}

/** The same run with nothing in its way. */
export async function baseline(): Promise<Baseline> {
  const world = worldWithAComment();
  const { step, requests } = await run(world, {});
  return { requests, report: comparable(step?.report), comments: bodiesOf(world) };
}

const bodiesOf = (world: World) => (world.comments ?? []).map((each) => each.body).sort();
const comparable = (report: object | undefined | null) =>
  JSON.parse(JSON.stringify({ ...report, generatedAt: null }));

export async function cell(known: Baseline, fault: string, at: number, forever: boolean): Promise<Cell> {
  const world = worldWithAComment();
  const answer = FAULTS[fault];
  if (!answer) throw new Error(`no fault "${fault}"`);
  const { step } = await run(world, faultAt(answer, at, forever));
  const result = (outcome: Outcome, line = ''): Cell => ({ fault, at, forever, outcome, line });
  if (step === null) return result('hang');

  const errors = step.log.split('\n').filter((line) => line.startsWith('::error'));
  const said =
    step.log
      .split('\n')
      .find((line) => line.startsWith('::error') || line.startsWith('::notice title=Not written')) ?? '';
  const shown = [step.log.replace(`::add-mask::${TOKEN}`, ''), step.summary, ...Object.values(step.outputs)];
  if ([...shown, JSON.stringify(step.report), ...bodiesOf(world)].some((text) => text.includes(TOKEN)))
    return result('wrong answer', 'the token is shown');
  const commented = (world.comments ?? []).map((each) => each.number);
  if (new Set(commented).size < commented.length)
    return result('wrong answer', 'a comment was written twice');
  if (!world.comments?.some((each) => each.id === BEFORE.id && each.number === BEFORE.number))
    return result('wrong answer', 'a comment was lost');

  if (step.report === null) {
    if (step.code === 1 && errors.length === 1 && !said.includes('has a defect'))
      return result('ended', said);
    return result('wrong answer', `exit ${step.code}, ${errors.length} errors: ${step.log.slice(-300)}`);
  }
  const same = JSON.stringify(comparable(step.report)) === JSON.stringify(known.report);
  if (same && JSON.stringify(bodiesOf(world)) === JSON.stringify(known.comments)) return result('recovered');
  if (same && said !== '') return result('told', said);
  const { completeness, status } = step.report;
  const atRisk = completeness.gaps.some((gap: { verdictAtRisk: boolean }) => gap.verdictAtRisk);
  const verdict = (known.report as { status: string }).status;
  if (completeness.gaps.length > 0 && (atRisk ? status === 'insufficient-data' : status === verdict))
    return result('told', completeness.gaps[0].what);
  return result('wrong answer', `status ${status}, gaps ${JSON.stringify(completeness.gaps)}`);
}
