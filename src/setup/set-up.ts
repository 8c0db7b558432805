import { thresholdOf } from '../model/terms.ts';
import { clockForm } from '../config/duration.ts';
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

/** Surveys a repository, chooses how to measure it, measures its current lead time, and generates workflows. */

export interface SetUp {
  /** Reasons for the choices, as sentences. */
  reasons: string[];
  files: SetUpFile[];
}

const GOAL = 15 * 60;
const TOLERANCE = 0.25;
/** Period for the suggested target, and the number of past weeks to summarize. */
const QUARTER = '90d';
const WEEKS = 26;

/** @throws {GuardError} if the repository cannot be read, or there is no sign of a deployment. */
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
      ...choice.reasons,
      ...(typeof measured === 'string' ? [measured] : paceWords(measured, choice.asOf)),
      `Target ${target.value}: ${target.why}.`,
      'Weekly check: in a file of its own, because GitHub disables a workflow with a schedule after 60 days without activity in a public repository. "gh workflow enable deploy-latency-weekly.yml" enables it again.',
    ],
    files: workflowsFor({ ...choice, target, window: days > 7 ? `${days}d` : null }),
  };
}

/** A report about the last quarter with the weeks before, or a sentence about why there is none. */
async function measuredWith(
  { inputs, asOf }: Choice,
  { repository, token, surroundings, client }: Parameters<typeof setUp>[0],
): Promise<Report | string> {
  try {
    const { github, services, settings, opened } = await prepare({
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
    const { answers } = await run(github, services, settings, surroundings, { opened });
    return answers[0]?.report ?? 'The current lead time could not be measured.';
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    return `The current lead time could not be measured: ${oneLine(error.message)}`;
  }
}

function paceWords({ leadTime, weeks }: Report, asOf: Date | null): string[] {
  const { count, pending, p50, p90 } = leadTime;
  const merged = `Merged in the ${asOf === null ? 'last 90 days' : '90 days before'}: ${counted(count, 'change')}.`;
  const medians = (weeks ?? []).flatMap(({ leadTimeSeconds }) => leadTimeSeconds ?? []);
  const quarter =
    p50 === null
      ? `${merged} Too few are live for a median.`
      : `${merged} Not live: ${pending}. Half were live within ${duration(p50)}${p90 === null ? '' : `, and 90% within ${duration(p90)}`}.`;
  if (medians.length === 0) return [quarter];
  return [
    quarter,
    `Weeks with a median: ${medians.length} of ${WEEKS}. The fastest took ${duration(Math.min(...medians))}, the slowest ${duration(Math.max(...medians))}.`,
  ];
}

interface Target {
  seconds: number;
  /** Value for input `target`. */
  value: string;
  why: string;
}

/** Rounding steps and the longest lead time for each, in seconds. */
const STEPS: readonly [step: number, upTo: number][] = [
  [60, 10 * 60],
  [5 * 60, 3600],
  [30 * 60, 6 * 3600],
  [3600, 2 * 86_400],
  [86_400, Number.POSITIVE_INFINITY],
];
/** Minimum number of changes to derive a target from. */
const ENOUGH = 10;

/** The median of the quarter, rounded up, or the goal if there are too few changes. */
export function targetOf(measured: Pick<Report, 'leadTime'> | null): Target {
  const p50 = measured !== null && measured.leadTime.count >= ENOUGH ? measured.leadTime.p50 : null;
  if (p50 === null)
    return {
      seconds: GOAL,
      value: '15m',
      why: 'the default, because there are too few changes for a median',
    };
  const [step] = STEPS.find(([, upTo]) => p50 <= upTo) ?? [86_400];
  const seconds = Math.max(step, Math.ceil(p50 / step) * step);
  const value = clockForm(seconds);
  return { seconds, value, why: 'your median of the last 90 days, rounded up; aim for 15m' };
}
