import type { Settings } from '../config/units.ts';
import type { Surroundings } from '../config/surroundings.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import { worthOpening } from '../diagnose/stage-report.ts';
import { collectPipelines } from '../github/actions/pipelines.ts';
import type { RunLists } from '../github/actions/runs.ts';
import type { GitHub } from '../github/client.ts';
import { type Repo, repoOf } from '../github/repo.ts';
import { judge, subjectOf, type Trigger, type TriggerEvent } from '../judge/judge.ts';
import { measure } from '../measure/measure.ts';
import type { RepositoryFacts, UnitFacts } from '../model/facts.ts';
import { thresholdOf } from '../model/terms.ts';
import type { Unit, UnitName } from '../model/unit.ts';
import { type Annotation, annotationsOf } from '../report/annotations.ts';
import { answerOf, type UnitAnswer } from '../report/answer.ts';
import type { Block } from '../report/blocks.ts';
import { reportOf } from '../report/report.ts';
import { summaryOf } from '../report/summary.ts';
import { verdictSentence } from '../report/words.ts';
import { sourceOf } from '../sources/registry.ts';
import { collect } from './collect.ts';

/** What a run came to for one unit, in every form but those that are written to GitHub. */
export interface Answer {
  answer: UnitAnswer;
  /** The verdict in one sentence. */
  sentence: string;
  summary: Block[];
  report: ReturnType<typeof reportOf>;
  annotations: Annotation[];
  /** Whether a finding is of a kind that `fail-on` names. */
  failed: boolean;
}

/** The whole story: facts → measures → diagnosis → judgement → words, for each unit. What becomes of the words is the door's business. */
export async function run(
  github: GitHub,
  units: readonly Unit[],
  settings: Settings,
  surroundings: Surroundings,
): Promise<Answer[]> {
  const repo = repoOf(github, { owner: settings.owner, name: settings.repo });
  const { live } = settings;
  const { now, job, action } = surroundings;
  const runId = live ? surroundings.runId : null;
  const facts = await collect(repo, units, {
    window: settings.window,
    live,
    asker: { now, runId, job, action },
    clock: github.clock,
  });
  return Promise.all(
    units.map((unit, i) => {
      const own = facts.units[i];
      if (!own) throw new RangeError(`no facts of unit ${unit.id}`);
      return tellUnit(
        { repo, runs: facts.runs, history: facts.repository, own, unit, runId },
        { ...settings, window: facts.window },
        { ...surroundings, now: facts.now },
      );
    }),
  );
}

/** What a unit is known by where it is written about. */
export function nameOf(unit: Unit, baseBranch: string): UnitName {
  return {
    environment: unit.environment,
    source: sourceOf(unit).subject(unit.source.options),
    baseBranch,
  };
}

interface UnitStory {
  repo: Repo;
  runs: RunLists;
  history: RepositoryFacts;
  own: UnitFacts;
  unit: Unit;
  runId: number | null;
}

async function tellUnit(
  { repo, runs, history, own, unit, runId }: UnitStory,
  { window, mode, stages, engineers }: Settings,
  surroundings: Surroundings,
): Promise<Answer> {
  const source = sourceOf(unit);
  const trigger: Trigger = {
    mode,
    event: eventOf(surroundings, source.kind),
  };
  const measurement = measure(history, own, {
    window,
    maxBatch: unit.policy.maxBatch,
    countDirectPushes: unit.countDirectPushes,
    runId,
  });

  const opened = worthOpening(measurement, {
    depth: stages,
    thresholdSeconds: thresholdOf(unit.target),
    judged: subjectOf(measurement, trigger).judged,
  });
  const pipelines = await collectPipelines(
    repo,
    runs,
    opened.map((each) => each.deployment),
    {
      ...window,
      baseBranch: history.baseBranch,
      deployJob: source.deployJob?.(unit.source.options) ?? null,
    },
  );
  const diagnosis = diagnose(measurement, pipelines, {
    environment: unit.environment,
    statistic: unit.target.statistic,
    withStages: stages !== 'none',
    engineers,
  });

  const judgement = judge(
    measurement,
    diagnosis,
    { ...unit.policy, target: unit.target },
    trigger,
    history.baseBranch,
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
    judgement,
    {
      mode,
      generatedAt: surroundings.now,
    },
  );
  return {
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
