import { thresholdOf } from '../model/terms.ts';
import { spelled } from '../config/duration.ts';
import { connect } from '../github/client.ts';
import { repoOf } from '../github/repo.ts';
import { surveyOf } from '../github/survey.ts';
import { badInput, GuardError, oneLine } from '../model/guard-error.ts';
import type { Report } from '../report/contract.ts';
import { counted, duration } from '../report/words.ts';
import { prepare, type RunContext } from '../run/context.ts';
import { run } from '../run/run.ts';
import { type Choice, choose } from './choose.ts';
import { type SetUpFile, workflowsFor } from './workflows.ts';

/** Looks at a repository, chooses how the guard looks at it, measures how long it takes now, and writes the workflows. */

export interface SetUp {
  /** What was seen and why this was chosen, a line each. */
  reasons: string[];
  files: SetUpFile[];
}

const GOAL = 15 * 60;
const TOLERANCE = 0.25;
/** The quarter that the target is made of, and the weeks that are looked at. */
const QUARTER = '90d';
const WEEKS = 26;

/** @throws {GuardError} where it cannot be read, or nothing shows how it deploys. */
export async function setUp({
  repository,
  token,
  surroundings,
  client,
}: { repository: string; token: string } & Pick<RunContext, 'surroundings' | 'client'>): Promise<SetUp> {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? [];
  if (owner === undefined || name === undefined) throw badInput('repository', repository, 'owner/name');
  const github = connect({
    token,
    apiUrl: surroundings.apiUrl,
    graphqlUrl: surroundings.graphqlUrl,
    ...client,
  });
  const choice = choose(await surveyOf(repoOf(github, { owner, name })), surroundings.now);
  const measured = await measuredWith(choice, { repository, token, surroundings, client });
  const target = targetOf(typeof measured === 'string' ? null : measured);
  const limit = thresholdOf({ seconds: target.seconds, tolerance: TOLERANCE, statistic: 'p50' });
  const days = Math.ceil((2 * limit) / 86_400);
  return {
    reasons: [
      ...choice.why,
      ...(typeof measured === 'string' ? [measured] : paceWords(measured, choice.asOf)),
      `Target ${target.value}: ${target.why}.`,
    ],
    files: workflowsFor({ ...choice, target, window: days > 7 ? `${days}d` : null }),
  };
}

/** How it deployed in the last quarter and in the weeks before; or why that could not be told, in a sentence. */
async function measuredWith(
  { inputs, asOf }: Choice,
  { repository, token, surroundings, client }: Parameters<typeof setUp>[0],
): Promise<Report | string> {
  try {
    const made = await prepare({
      inputs: {
        ...inputs,
        repository,
        'github-token': token,
        ...(asOf === null ? {} : { 'as-of': asOf.toISOString() }),
        mode: 'scheduled',
        window: QUARTER,
        widen: 'none',
        weeks: String(WEEKS),
        stages: 'none',
        'fail-on': 'none',
      },
      surroundings,
      client,
    });
    const { answers } = await run(made.github, made.services, made.settings, surroundings, {
      opened: made.opened,
    });
    const [first] = answers;
    return first?.report ?? 'How long it takes now could not be told.';
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    return `How long it takes now could not be told: ${oneLine(error.message)}`;
  }
}

function paceWords({ leadTime, weeks: all }: Report, asOf: Date | null): string[] {
  const quarterWords = asOf === null ? 'In the last 90 days' : 'In the 90 days before';
  const weeks = (all ?? []).flatMap((each) => (each.leadTimeSeconds === null ? [] : [each.leadTimeSeconds]));
  const quarter =
    leadTime.p50 === null
      ? `${quarterWords} ${counted(leadTime.count, 'change')} merged, too few of them live to tell a median.`
      : `${quarterWords} ${counted(leadTime.count, 'change')} merged, ${leadTime.pending} of them not live: half were live within ${duration(leadTime.p50)}, nine in ten within ${leadTime.p90 === null ? 'a time not known yet' : duration(leadTime.p90)}.`;
  if (weeks.length === 0) return [quarter];
  return [
    quarter,
    `Of ${WEEKS} weeks ${weeks.length} had a median: the fastest ${duration(Math.min(...weeks))}, the slowest ${duration(Math.max(...weeks))}.`,
  ];
}

interface Target {
  seconds: number;
  /** As an input takes it. */
  value: string;
  why: string;
}

/** Steps that a target is rounded up to, and up to where each is used, in seconds. */
const STEPS: readonly [step: number, upTo: number][] = [
  [60, 10 * 60],
  [5 * 60, 3600],
  [30 * 60, 6 * 3600],
  [3600, 2 * 86_400],
  [86_400, Number.POSITIVE_INFINITY],
];
/** Fewer changes are no pace of a team's own. */
const ENOUGH = 10;

/** The team's own median of the quarter, rounded up; the goal where there is none. */
export function targetOf(measured: Pick<Report, 'leadTime'> | null): Target {
  const p50 = measured !== null && measured.leadTime.count >= ENOUGH ? measured.leadTime.p50 : null;
  if (p50 === null)
    return { seconds: GOAL, value: '15m', why: 'the goal, as there is no pace of its own yet' };
  const [step] = STEPS.find(([, upTo]) => p50 <= upTo) ?? [86_400];
  const seconds = Math.max(step, Math.ceil(p50 / step) * step);
  const value = spelled(seconds);
  return { seconds, value, why: 'your median of the last quarter, rounded up; 15m is the goal' };
}
