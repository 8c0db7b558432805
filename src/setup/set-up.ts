import { clockForm } from '../config/duration.ts';
import { CONFIG_FILE, CONFIG_FILES, planOf } from '../config/plan.ts';
import { fileAt } from '../github/actions/workflow-files.ts';
import { connect } from '../github/client.ts';
import { Refused, Unreadable } from '../github/errors.ts';
import { repoOf } from '../github/repo.ts';
import { lookupsIn, surveyOf } from '../github/survey.ts';
import { badInput, GuardError, OutOfTime, oneLine } from '../model/guard-error.ts';
import { thresholdOf } from '../model/terms.ts';
import type { Report } from '../report/contract.ts';
import { counted, duration } from '../report/words.ts';
import { type Prepared, prepare, type RunContext } from '../run/context.ts';
import { run } from '../run/run.ts';
import { type Candidate, groupedBy, type SetUpService } from './candidate.ts';
import { candidatesFor } from './choose.ts';
import { configFor, QUIET_SCHEDULE, type SetUpFile, workflowsFor } from './workflows.ts';

/** Surveys a repository, measures what makes its changes live, and generates workflows with a target. */

export interface SetUp {
  /** Reasons for the choices, as sentences. */
  reasons: string[];
  files: SetUpFile[];
}

type Options = { repository: string; token: string } & Pick<RunContext, 'surroundings' | 'client'>;

const GOAL = 15 * 60;
const TOLERANCE = 0.25;
/** Number of past weeks to measure for the suggested target, and the milliseconds of a week. */
const WEEKS = 13;
const WEEK_MS = 7 * 86_400_000;
/** Candidates to measure until one fits. */
const MAX_TRIED = 8;

/** @throws {GuardError} if the repository cannot be read, or there is no sign of a deployment. */
export async function setUp(options: Options): Promise<SetUp> {
  const { repository, token, surroundings, client } = options;
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? [];
  if (owner === undefined || name === undefined) throw badInput('repository', repository, 'owner/name');
  const { apiUrl, graphqlUrl, now, isProxied: proxied } = surroundings;
  const repo = repoOf(connect({ token, apiUrl, graphqlUrl, proxied, ...client }), { owner, name });
  const survey = await surveyOf(repo);
  const { candidates, remarks } = await candidatesFor(survey, lookupsIn(repo, survey), now);
  const [first] = candidates;
  if (first === undefined)
    throw nothingFound(
      'It has no successful deployment, no job with a name or a step that deploys, no release and no annotated tag.',
    );
  const texts = await Promise.all(CONFIG_FILES.map((path) => fileAt(repo, survey.baseBranch, path)));
  const existing = CONFIG_FILES.find((_, i) => texts[i] !== null);
  const described = existing && {
    ...first,
    label: `file ${existing}`,
    inputs: {},
    services: null,
    reasons: [`${existing} already describes how to measure this repository, so the workflows use it.`],
  };
  const { chosen, measured, passed } = await chosenOf(described ? [described] : candidates, options);
  const targets = measured.map(({ report }) => targetOf(report));
  const [target = targetOf(null)] = targets;
  const longest = Math.max(target.seconds, ...targets.map(({ seconds }) => seconds));
  const limit = thresholdOf({ seconds: longest, tolerance: TOLERANCE, statistic: 'p50' });
  const days = Math.ceil((2 * limit) / 86_400);
  const window = days > 7 ? `${days}d` : null;
  const services = chosen.services?.map((service, i) => ({ ...service, target: targets[i] ?? target }));
  const inputs = described || services ? { target: null, window: null } : { target, window };
  return {
    reasons: [
      ...chosen.reasons,
      ...remarks(described ? first : chosen),
      ...passed,
      ...measured.flatMap(({ name, report }, i) => {
        const pace = typeof report === 'string' ? [report] : paceWords(report, chosen.asOf);
        const proposal = described ? [] : [`Target ${targets[i]?.value}: ${targets[i]?.why}.`];
        return [...pace, ...proposal].map((line) => (name === null ? line : `${oneLine(name, 40)}: ${line}`));
      }),
      QUIET_SCHEDULE,
    ],
    files: [
      ...(services ? [{ path: CONFIG_FILE, text: configFor(services, window) }] : []),
      ...workflowsFor({ ...chosen, ...inputs }),
    ],
  };
}

const nothingFound = (why: string) =>
  new GuardError(
    `Nothing shows how this repository deploys. ${why} Add "environment:" to the job that deploys and run this again after it succeeds, or copy a workflow from docs/recipes.md.`,
  );

interface Measured {
  /** The service. `null`: there is one without a name. */
  name: string | null;
  /** A report about the last weeks, or a sentence about why there is none. */
  report: Report | string;
}

interface Chosen {
  chosen: Candidate;
  measured: Measured[];
  /** Sentences about the candidates before it. */
  passed: string[];
}

/** The first candidate by which changes became live, with the services that could be measured. */
async function chosenOf(candidates: readonly Candidate[], options: Options): Promise<Chosen> {
  const passed: string[] = [];
  let unproven: Chosen | null = null;
  for (const candidate of candidates.slice(0, MAX_TRIED)) {
    const answer = await measuredWith(candidate, options);
    const measured = typeof answer === 'string' ? [] : answer.filter(({ report }) => !isRefuted(report));
    const services = candidate.services?.filter((service) =>
      measured.some(({ name }) => name === service.name),
    );
    const isPossible = services ? services.length > 1 : measured.length > 0;
    const chosen = { chosen: { ...candidate, services: services ?? null }, measured, passed: [...passed] };
    if (isPossible && measured.some(({ report }) => typeof report === 'string' || report.leadTime.count > 0))
      return chosen;
    if (isPossible) unproven ??= chosen;
    const why = typeof answer === 'string' ? answer : 'No change became live that way.';
    passed.push(`Passed over: ${candidate.label}. ${why}`);
  }
  if (unproven !== null) return (await withDirectPushes(unproven, options)) ?? unproven;
  throw nothingFound(passed.join(' '));
}

/** Counts direct pushes, for a team without pull requests. `null`: there are none. */
async function withDirectPushes({ chosen, passed }: Chosen, options: Options): Promise<Chosen | null> {
  if (chosen.services !== null) return null;
  const counting = { ...chosen, inputs: { ...chosen.inputs, 'direct-pushes': 'count' } };
  const measured = await measuredWith(counting, options);
  if (typeof measured === 'string') return null;
  if (!measured.some(({ report }) => typeof report !== 'string' && report.leadTime.deployed > 0)) return null;
  const why = `No pull request was merged in the last ${WEEKS} weeks, so direct pushes count ("direct-pushes: count").`;
  return { chosen: { ...counting, reasons: [...chosen.reasons, why] }, measured, passed };
}

/** True if changes were merged and none is live. */
const isRefuted = (report: Measured['report']): boolean =>
  typeof report !== 'string' && report.leadTime.deployed === 0 && report.leadTime.count > 0;

/** A report for each service that could be measured, or why nothing was deployed that way. */
async function measuredWith(
  { inputs, services, asOf }: Candidate,
  { repository, token, surroundings, client }: Options,
): Promise<Measured[] | string> {
  try {
    const context = {
      inputs: {
        ...inputs,
        repository,
        'github-token': token,
        ...(asOf === null ? {} : { 'as-of': asOf.toISOString() }),
        mode: 'scheduled',
        window: `${WEEKS * 7}d`,
        widen: 'none',
        stages: 'none',
        'fail-on': 'none',
      },
      surroundings,
      client,
    };
    const prepared = await (services === null ? prepare(context) : preparedWith(services, context));
    const { github, settings } = prepared;
    const { answers } = await run(github, prepared.services, settings, surroundings, {
      opened: prepared.opened,
    });
    return answers.map(({ service, report }) => ({ name: service.service, report }));
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    const reason = oneLine(error.message);
    if (!(error instanceof Refused || error instanceof Unreadable || error instanceof OutOfTime))
      return reason;
    const report = `The current lead time could not be measured: ${reason}`;
    return (services ?? [{ name: null }]).map(({ name }) => ({ name, report }));
  }
}

/** A run with a configuration file that the repository does not have yet. */
async function preparedWith(
  services: readonly SetUpService[],
  { inputs, surroundings, client }: RunContext,
): Promise<Pick<Prepared, 'github' | 'services' | 'settings' | 'opened'>> {
  const { readConfig } = await import('../config/file.ts');
  const file = readConfig(configFor(services, null), CONFIG_FILE);
  const plan = planOf(inputs, surroundings, file);
  const { token, maxRequests } = plan.settings;
  const { apiUrl, graphqlUrl, isProxied: proxied } = surroundings;
  return { ...plan, github: connect({ token, apiUrl, graphqlUrl, proxied, maxRequests, ...client }) };
}

/** The median of each week in which changes were merged, in seconds. `Infinity`: most still wait. */
function weeklyMedians({ window, mergesets }: Report): number[] {
  const timed = mergesets.filter((change) => change.leadTimeSeconds !== null || change.deployedAt === null);
  const weeks = groupedBy(timed, ({ mergedAt }) =>
    Math.floor((Date.parse(window.to) - Date.parse(mergedAt)) / WEEK_MS),
  );
  return [...weeks.values()].map((changes) =>
    lowerMedian(changes.map(({ leadTimeSeconds }) => leadTimeSeconds ?? Number.POSITIVE_INFINITY)),
  );
}

/** The lowest value that at least half of the values do not exceed. */
const lowerMedian = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1] ?? Number.POSITIVE_INFINITY;

function paceWords(report: Report, asOf: Date | null): string[] {
  const { count, pending, p50, p90 } = report.leadTime;
  const merged = `Merged in the ${asOf === null ? `last ${WEEKS} weeks` : `${WEEKS} weeks before`}: ${counted(count, 'change')}.`;
  if (p50 === null) return [`${merged} Too few are live for a median.`];
  const medians = weeklyMedians(report).filter(Number.isFinite);
  return [
    `${merged} Not live: ${pending}. Half were live within ${duration(p50)}${p90 === null ? '' : `, and 90% within ${duration(p90)}`}.`,
    medians.length > 1 &&
      `The median of the fastest week is ${duration(Math.min(...medians))}, of the slowest ${duration(Math.max(...medians))}.`,
  ].filter((sentence) => sentence !== false);
}

export interface Target {
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
/** Minimum number of changes to derive a target from. The guard has a verdict from that many on, too. */
const ENOUGH = 5;

/** The lead time that the team holds in half of its weeks, rounded up, or the goal if there are too few changes. */
export function targetOf(report: Report | string | null): Target {
  const isEnough = report !== null && typeof report !== 'string' && report.leadTime.count >= ENOUGH;
  const medians = isEnough ? weeklyMedians(report) : [];
  const median = lowerMedian(medians);
  if (!Number.isFinite(median))
    return {
      seconds: GOAL,
      value: clockForm(GOAL),
      why: 'the default, because there are too few changes for a median',
    };
  const [step] = STEPS.find(([, upTo]) => median <= upTo) ?? [86_400];
  const seconds = Math.max(step, Math.ceil(median / step) * step);
  const held = medians.filter((week) => week <= seconds).length;
  return {
    seconds,
    value: clockForm(seconds),
    why: `your median was within it in ${held} of the last ${counted(medians.length, 'week')}${seconds > GOAL ? '; aim for 15m' : ''}`,
  };
}
