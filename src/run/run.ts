import { differenceInSeconds, min, subSeconds } from 'date-fns';
import type { Settings } from '../config/units.ts';
import type { Surroundings } from '../config/surroundings.ts';
import { type Change, changeOf } from '../diagnose/change.ts';
import { type Diagnosis, diagnose } from '../diagnose/diagnose.ts';
import { worthOpening } from '../diagnose/stage-report.ts';
import { collectPipelines } from '../github/actions/pipelines.ts';
import { Unreadable } from '../github/errors.ts';
import type { RunLists } from '../github/actions/runs.ts';
import type { GitHub } from '../github/client.ts';
import { type Repo, repoOf } from '../github/repo.ts';
import { judge, subjectOf, type Trigger, type TriggerEvent } from '../judge/judge.ts';
import { ENOUGH, type Rule, sampleAt } from '../judge/look.ts';
import type { Past } from '../judge/signal.ts';
import { attribute, type AttributionOptions } from '../measure/attribution.ts';
import { codeToLiveOf, type Measurement, measureIn, type Question } from '../measure/measure.ts';
import type { MeasuredMergeset } from '../measure/measured.ts';
import { labelPatternsIn, type Split, splitsOf } from '../measure/splits.ts';
import { timelineOf } from '../measure/timeline.ts';
import { type Way, wayOf } from '../measure/way.ts';
import { labelsIn, leftOut } from '../model/authors.ts';
import { concernsOf, pathsNowhere } from '../model/concerns.ts';
import type { Deployment, Gap, RepositoryFacts, UnitFacts } from '../model/facts.ts';
import { NO_PIPELINES, type Pipelines, partOf } from '../model/pipeline.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { type Mergeset, mergesetsOf } from '../model/mergesets.ts';
import { thresholdOf, type Window } from '../model/terms.ts';
import type { Unit, UnitName } from '../model/unit.ts';
import { type Annotation, annotationsOf } from '../report/annotations.ts';
import { answerOf, type UnitAnswer } from '../report/answer.ts';
import type { Block } from '../report/blocks.ts';
import { reportOf } from '../report/report.ts';
import { summaryOf } from '../report/summary.ts';
import { verdictSentence } from '../report/words.ts';
import { sourceOf } from '../sources/registry.ts';
import { type Collected, collect, NothingDeployed, type Opened } from './collect.ts';
import { ridersOf } from './by-itself.ts';
import { needOf, readOn } from './deeper.ts';
import { filesWith } from './went-in.ts';
import { pathRuleOf } from './path-rules.ts';

/** What a run came to for one unit, in every form but those that are written to GitHub. */
export interface Answer {
  unit: Unit;
  answer: UnitAnswer;
  /** The verdict in one sentence. */
  sentence: string;
  summary: Block[];
  report: ReturnType<typeof reportOf>;
  annotations: Annotation[];
  /** Whether a finding is of a kind that `fail-on` names. */
  failed: boolean;
}

/** A unit of which nothing can be told, beside others of which something can. */
export interface Untold {
  unit: Unit;
  name: UnitName;
  reason: string;
}

/** What a run came to. */
export interface Answers {
  /** In the order of the units. */
  answers: Answer[];
  untold: Untold[];
  /** Of the window's mergesets, how many concern none of the units; `null`: one unit has all. */
  elsewhere: number | null;
  /** What was read of the repository. */
  facts: RepositoryFacts;
}

/** The whole story: facts → measures → diagnosis → judgement → words, for each unit. What becomes of the words is the door's business. */
export async function run(
  github: GitHub,
  units: readonly Unit[],
  settings: Settings,
  surroundings: Surroundings,
  opened?: Opened,
): Promise<Answers> {
  const repo = repoOf(github, { owner: settings.owner, name: settings.repo });
  const { live } = settings;
  const { now, job, action, workspace, proxied } = surroundings;
  const runId = live ? surroundings.runId : null;
  const asked = await collect(
    repo,
    units,
    {
      window: settings.window,
      live,
      asker: { now, runId, job, action },
      outside: { workspace, proxied },
      clock: github.clock,
    },
    opened,
  );
  const at = [
    { ...settings, window: asked.window },
    { ...surroundings, now: asked.now },
  ] as const;
  const tellers: Tellers = { repo, units, runId, splits: settings.splits };
  const { facts, stories, gap } = await widened(github, tellers, asked, at[0]);
  const untold: Untold[] = [];
  const { baseBranch } = facts.repository;
  for (const [i, unit] of units.entries()) {
    const own = facts.units[i];
    if (own instanceof GuardError) untold.push({ unit, name: nameOf(unit, baseBranch), reason: own.message });
  }
  if (stories.length === 0)
    throw new NothingDeployed(
      `Nothing can be told of any unit. ${untold.map(({ unit, reason }) => `${unit.id}: ${reason}`).join(' ')}`,
      baseBranch,
    );
  const measured = await Promise.all(stories.map((each) => measureUnit(each, ...at, gap)));
  const past = await pastOf(github, tellers, facts, measured, at[0]);
  const pipelines = await pipelinesOf(measured, at[0]);
  const diagnosed = measured.map((each) =>
    diagnoseUnit(each, pipelines.get(each) ?? NO_PIPELINES, past.get(each.unit) ?? NO_PAST, at[0]),
  );
  return {
    answers: await Promise.all(diagnosed.map((each) => tellUnit(each, ...at))),
    untold,
    elsewhere: elsewhereIn(
      facts.repository,
      units,
      await Promise.all(units.map((unit) => concernsFor(unit, facts.repository))),
      facts.window,
    ),
    facts: facts.repository,
  };
}

/** What the stories of some facts are told with. */
interface Tellers {
  repo: Repo;
  units: readonly Unit[];
  runId: number | null;
  splits: readonly string[];
}

/** Each unit's story by some facts, of those that can be told. */
async function storiesOf({ repo, units, runId, splits }: Tellers, facts: Collected): Promise<UnitStory[]> {
  const patterns = labelPatternsIn(splits);
  const isLabelled = patterns.length > 0 || units.some((each) => labelsIn(each.authors).length > 0);
  const labels = isLabelled ? await labelsRead(repo, facts, units) : new Map<string, string[]>();
  const stories = await Promise.all(
    units.map(async (unit, i): Promise<UnitStory[]> => {
      const own = facts.units[i];
      if (own === undefined || own instanceof GuardError) return [];
      return [
        {
          repo,
          runs: facts.runs,
          history: facts.repository,
          own: withoutPaths(own, unit, facts.repository),
          unit,
          runId,
          window: facts.window,
          concerns: await concernsFor(unit, facts.repository),
          isOnly: units.length === 1,
          splits: (mergesets) => splitsOf(mergesets, patterns, labels),
          labelsOf: ({ mergeCommit }) => labels.get(mergeCommit) ?? [],
        },
      ];
    }),
  );
  return stories.flat();
}

/**
 * Where a window holds too few changes, it is widened backwards to the last ten of those that the longer one holds; that
 * of each unit by itself. Where that cannot be read, the window stays as it was asked for, and that is said.
 */
async function widened(
  github: GitHub,
  tellers: Tellers,
  asked: Collected,
  { widen, window, freezes }: Settings,
): Promise<{ facts: Collected; stories: UnitStory[]; gap: Gap | null }> {
  const stories = await storiesOf(tellers, asked);
  const seconds = differenceInSeconds(window.to, window.from);
  const isThin = (each: UnitStory) =>
    measure(each.history, each.own, questionOf(each, { window, freezes })).leadTime.count < ENOUGH;
  if (widen <= seconds || !stories.some(isThin)) return { facts: asked, stories, gap: null };
  const deeper = await readOn(github, asked, widen);
  if ('reason' in deeper)
    return {
      facts: asked,
      stories,
      gap: {
        what: `The window holds fewer than ${ENOUGH} changes, and what was merged before it could not be read. ${deeper.reason}`,
        consequence: 'It is not widened, and the verdict stands on fewer changes.',
        verdictAtRisk: false,
      },
    };
  const wide = await storiesOf(tellers, deeper);
  const facts = { ...deeper, window: asked.window };
  return {
    facts,
    gap: null,
    stories: wide.map((each) => {
      const longest = { ...window, from: subSeconds(window.to, widen) };
      const { from } = sampleAt(
        timelineOf(measure(each.history, each.own, questionOf(each, { window: longest, freezes }))),
        window.to.getTime(),
        ruleOf(each.unit, { widen, window }),
      );
      return { ...each, window: { ...window, from: min([window.from, new Date(from)]) } };
    }),
  };
}

/** What a unit is held to at any instant. */
const ruleOf = ({ target, policy }: Unit, { widen, window }: Pick<Settings, 'widen' | 'window'>): Rule => ({
  target,
  minSamples: policy.minSamples,
  window: differenceInSeconds(window.to, window.from),
  widen,
});

/** What the time before a unit's window says, as far as it was worth reading and could be read. */
interface UnitPast {
  past: Past | null;
  /** Over all of the time that was read. */
  measurement: Measurement | null;
  /** What could not be read of it. */
  gap: Gap | null;
}

const NO_PAST: UnitPast = { past: null, measurement: null, gap: null };

/**
 * Reads what the state of the alert, the error budget, a change of level and the weeks stand on: first what tells how it
 * is now, then what tells how it was.
 */
async function pastOf(
  github: GitHub,
  tellers: Tellers,
  facts: Collected,
  measured: readonly Measured[],
  settings: Settings,
): Promise<Map<Unit, UnitPast>> {
  const { window, widen, weeks, mode, freezes } = settings;
  const seconds = differenceInSeconds(window.to, window.from);
  const needs = measured.map((each) =>
    needOf(each.unit, each.measurement, { mode, window: seconds, widen, weeks }),
  );
  const told = new Map<Unit, UnitPast>();
  let known = facts;
  for (const which of ['state', 'record'] as const) {
    const need = Math.max(0, ...needs.map((each) => each[which]));
    if (need === 0 || (which === 'record' && need <= Math.max(...needs.map((each) => each.state)))) continue;
    const deeper = await readOn(github, known, need);
    if ('reason' in deeper) {
      const gap: Gap = {
        what: `What was before the window could not be read in full. ${deeper.reason}`,
        consequence:
          which === 'state'
            ? 'Since when it is so, and what changed, is not told.'
            : 'The weeks and alerts before are not told in full.',
        verdictAtRisk: false,
      };
      for (const { unit } of measured) told.set(unit, { ...(told.get(unit) ?? NO_PAST), gap });
      break;
    }
    known = deeper;
    const from = min([window.from, subSeconds(window.to, need)]);
    const stories = await storiesOf(tellers, deeper);
    for (const each of stories) {
      const { ridesAlong } = measured.find((one) => one.unit === each.unit) ?? {};
      const question = questionOf(each, { window: { ...window, from }, freezes });
      const measurement = measure(
        each.history,
        each.own,
        ridesAlong ? { ...question, ridesAlong } : question,
      );
      const timeline = timelineOf(measurement);
      const judgedFrom = from.getTime() + Math.max(seconds, widen) * 1000;
      told.set(each.unit, {
        past: { timeline, from: Math.min(judgedFrom, window.to.getTime()) },
        measurement,
        gap: null,
      });
    }
  }
  return told;
}

/** The labels of what was merged in the window; what they could not be read of stands as unassigned, with a gap. */
async function labelsRead(
  repo: Repo,
  { repository, window }: Collected,
  units: readonly Unit[],
): Promise<Map<string, string[]>> {
  const mergesets = mergesetsOf(repository, false).filter(
    (each) => each.mergedAt >= window.from && each.mergedAt <= window.to,
  );
  try {
    const { labelsOf } = await import('../github/history/labels.ts');
    return await labelsOf(repo, mergesets);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    repository.gaps = [
      ...repository.gaps,
      {
        what: `The labels of pull requests could not be read. ${error.message}`,
        consequence: 'By label, all stand as unassigned, and none is left out.',
        verdictAtRisk: units.some((each) => labelsIn(each.authors).length > 0),
      },
    ];
    return new Map();
  }
}

/** Says of a unit's paths that are not there that nothing concerns them. */
function withoutPaths(own: UnitFacts, { paths }: Unit, repository: RepositoryFacts): UnitFacts {
  const nowhere = paths !== null && repository.paths ? pathsNowhere(paths, repository.paths) : [];
  if (nowhere.length === 0) return own;
  const remark = {
    what: `${oneLine(nowhere.join(', '))}: there is no such path in any of the commits that were looked at.`,
    consequence: 'No change concerns it. Check how it is spelled, capitals too.',
  };
  return { ...own, remarks: [...(own.remarks ?? []), remark] };
}

/** Whether a mergeset is one of a unit: where that is not known, it is. */
async function concernsFor(
  { paths }: Unit,
  repository: RepositoryFacts,
): Promise<(mergeset: Mergeset) => boolean> {
  if (paths === null || !repository.paths) return () => true;
  const known = concernsOf(repository, repository.paths, await pathRuleOf(paths));
  return (mergeset) => known(mergeset) ?? true;
}

function elsewhereIn(
  repository: RepositoryFacts,
  units: readonly Unit[],
  concerns: readonly ((mergeset: Mergeset) => boolean)[],
  { from, to }: Window,
): number | null {
  if (units.some((each) => each.paths === null)) return null;
  return mergesetsOf(repository, false).filter(
    (each) => each.mergedAt >= from && each.mergedAt <= to && !concerns.some((is) => is(each)),
  ).length;
}

/** What a unit is known by where it is written about. */
export function nameOf(unit: Unit, baseBranch: string): UnitName {
  return {
    ...(unit.service === null ? {} : { service: unit.service }),
    environment: unit.environment,
    source: sourceOf(unit).subject(unit.source.options),
    baseBranch,
  };
}

interface UnitStory {
  /** What its mergesets are taken from. */
  window: Window;
  repo: Repo;
  runs: RunLists;
  history: RepositoryFacts;
  own: UnitFacts;
  unit: Unit;
  runId: number | null;
  concerns(mergeset: Mergeset): boolean;
  /** Whether no other unit may be what the event is about. */
  isOnly: boolean;
  splits(mergesets: readonly MeasuredMergeset[]): Split[];
  labelsOf(mergeset: Mergeset): readonly string[];
}

/** A question about a service's facts: how to attribute its changes, and the window to measure. */
type ServiceQuestion = Question & Omit<AttributionOptions, 'asOf'>;

/** Attributes the changes of a service, and measures them in a window that ends now. */
function measure(repository: RepositoryFacts, own: UnitFacts, question: ServiceQuestion): Measurement {
  return measureIn(attribute(repository, own, { ...question, asOf: question.window.to }), question);
}

/** What is asked of a unit's facts over a window. */
function questionOf(
  { unit, runId, concerns, labelsOf }: UnitStory,
  { window, freezes }: Pick<Settings, 'window' | 'freezes'>,
): ServiceQuestion {
  return {
    window,
    maxBatch: unit.policy.maxBatch,
    countDirectPushes: unit.countDirectPushes,
    runId,
    concerns,
    leftOut: (each) => leftOut(unit.authors, { ...each, labels: labelsOf(each) }),
    freezes,
  };
}

/** A unit with its times, and the deployments that are worth opening to see where the time goes. */
interface Measured extends UnitStory {
  trigger: Trigger;
  measurement: Measurement;
  /** Which mergesets deploy nothing by themselves, where any do. */
  ridesAlong: ((mergeset: Mergeset) => boolean) | null;
  way: Way | null;
  opened: Deployment[];
  deployJob: string | null;
}

/** @param lack - what could not be read for it, if anything. */
async function measureUnit(
  story: UnitStory,
  { mode, stages, freezes }: Settings,
  surroundings: Surroundings,
  lack: Gap | null,
): Promise<Measured> {
  const { repo, history, own, unit, window } = story;
  const source = sourceOf(unit);
  const trigger: Trigger = {
    mode,
    event: eventOf(surroundings, source.kind),
  };
  const question = questionOf(story, { window, freezes });
  const gaps: Gap[] = lack ? [lack] : [];
  const first = measure(history, own, question);
  const ridesAlong = await ridersOf(repo, history, unit, first, gaps);
  const isAnyRider = first.mergesets.some(ridesAlong) || first.pending.some(ridesAlong);
  const measurement =
    isAnyRider || gaps.length > 0
      ? measure({ ...history, gaps: [...history.gaps, ...gaps] }, own, { ...question, ridesAlong })
      : first;
  const way = wayOf(
    measurement,
    (own.stages ?? []).map((each) => ({
      name: each.name,
      attribution: attribute(history, each, { ...question, asOf: window.to }),
    })),
  );

  const opened = worthOpening(measurement, {
    depth: stages,
    thresholdSeconds: thresholdOf(unit.target),
    judged: subjectOf(measurement, trigger).judged,
  });
  return {
    ...story,
    trigger,
    measurement,
    ridesAlong: isAnyRider ? ridesAlong : null,
    way,
    opened: opened.map((each) => each.deployment),
    deployJob: source.deployJob?.(unit.source.options) ?? null,
  };
}

/** Deployments that are opened in all: those of several units together are no more than those of one. */
const MOST_OPENED = 100;

/** How the deployments of all units came about, read together: units whose deploy job is called the same share a reading. */
async function pipelinesOf(
  units: readonly Measured[],
  { window }: Settings,
): Promise<Map<Measured, Pipelines>> {
  const share = Math.max(1, Math.floor(MOST_OPENED / Math.max(1, units.length)));
  const openedOf = ({ opened }: Measured) => (units.length === 1 ? opened : opened.slice(-share));
  const groups = new Map<string | null, Measured[]>();
  for (const each of units) groups.set(each.deployJob, [...(groups.get(each.deployJob) ?? []), each]);
  const told = new Map<Measured, Pipelines>();
  await Promise.all(
    [...groups].map(async ([deployJob, group]) => {
      const [first] = group;
      if (!first) return;
      const all = new Map(group.flatMap(openedOf).map((each) => [each.id, each]));
      const pipelines = await collectPipelines(first.repo, first.runs, [...all.values()], {
        ...window,
        baseBranch: first.history.baseBranch,
        deployJob,
      });
      for (const each of group)
        told.set(each, units.length === 1 ? pipelines : partOf(pipelines, openedOf(each)));
    }),
  );
  return told;
}

/** A unit with its diagnosis, and what the time before says. */
interface Diagnosed extends Measured {
  diagnosis: Diagnosis;
  past: Past | null;
  /** Over all of the time that was read. */
  whole: Measurement;
  change: Change | null;
}

function diagnoseUnit(
  measured: Measured,
  pipelines: Pipelines,
  { past, measurement: whole, gap }: UnitPast,
  { stages, engineers }: Settings,
): Diagnosed {
  const { measurement, unit, window } = measured;
  const diagnosis = diagnose(measurement, pipelines, {
    environment: unit.environment,
    statistic: unit.target.statistic,
    withStages: stages !== 'none',
    engineers,
  });
  const timeline = past?.timeline ?? timelineOf(measurement);
  return {
    ...measured,
    diagnosis: gap ? { ...diagnosis, gaps: [...diagnosis.gaps, gap] } : diagnosis,
    past,
    whole: whole ?? measurement,
    change: changeOf(timeline, diagnosis.stages, window.to.getTime()),
  };
}

async function tellUnit(told: Diagnosed, settings: Settings, surroundings: Surroundings): Promise<Answer> {
  const { history, own, unit, isOnly, splits, trigger, measurement, way, diagnosis, past, whole, change } =
    told;
  const { mode, hasFile, window, weeks } = settings;
  const lacks: Gap[] = [];
  const repo = told.repo;
  const files = change && (await filesWith({ repo, history, measurement: whole }, change, lacks));
  const known = { ...diagnosis, gaps: [...diagnosis.gaps, ...lacks] };
  const judgement = judge(
    measurement,
    known,
    { ...unit.policy, target: unit.target },
    trigger,
    history.baseBranch,
    { asked: window, past, rule: ruleOf(unit, settings), objective: unit.policy.objective ?? null, weeks },
  );
  const environment = own.environment ?? unit.environment;
  const answer = answerOf(
    history,
    { ...unit, environment },
    {
      ...nameOf({ ...unit, environment }, history.baseBranch),
      asGiven: unit.environment,
      formerBranches: history.formerNames ?? [],
    },
    own,
    measurement,
    diagnosis,
    // Another unit may be what the event is about.
    isOnly || judgement.unjudged?.why !== 'none' ? judgement : { ...judgement, unjudged: null },
    {
      mode,
      generatedAt: surroundings.now,
      asked: window,
      change: change && { ...change, files },
      way,
      splits: splits(measurement.mergesets),
      // From the first commit on: where there is a file of settings, as a run without one says what it always did.
      codeToLive: hasFile ? codeToLiveOf(measurement.mergesets) : null,
    },
  );
  return {
    unit,
    answer,
    sentence: verdictSentence(answer),
    summary: summaryOf(answer),
    report: reportOf(answer),
    annotations: annotationsOf(answer),
    failed: answer.findings.some((each) => each.severity === 'error'),
  };
}

/**
 * What the event says of its deployment. Events of a `workflow_run` and of a deployment are of another run than the one
 * that asks, and so may be their commit.
 */
function eventOf(surroundings: Surroundings, source: string): TriggerEvent | null {
  const { eventName, eventDeployment, eventRun, runId, tag, sha } = surroundings;
  if (eventName === '') return null;
  const deployment = source === 'deployments' ? (eventDeployment?.id ?? null) : null;
  return {
    deployment,
    run: eventRun ?? (eventDeployment ? null : runId),
    tag,
    sha,
    isNamed: deployment !== null || eventRun !== null || tag !== null,
  };
}
