import type { CriticalPath, PathJob, PathStep } from '../../diagnose/critical-path.ts';
import type { Diagnosis } from '../../diagnose/diagnose.ts';
import type { Staged } from '../../diagnose/stage-report.ts';
import type { Finding } from '../../judge/findings.ts';
import type { Verdict } from '../../judge/verdict.ts';
import { paceOf } from '../../measure/batches.ts';
import { codeToLiveSeconds, type MeasuredDeployment, type MeasuredMergeset } from '../../measure/measured.ts';
import type { Measurement } from '../../measure/measure.ts';
import { isRevert } from '../../model/authors.ts';
import type { LeadTime } from '../../model/lead-time.ts';
import type { PartOutcome } from '../../model/outcome.ts';
import { thresholdOf } from '../../model/terms.ts';
import { SCHEMA_VERSION } from '../../model/version.ts';
import type {
  Report,
  ReportedChange,
  ReportedDeployment,
  RunReport,
  Waterfall,
} from '../../report/contract.ts';
import type { Judged } from './judged.ts';
import { remarksOf } from './remarks.ts';
import { batchReason, deploymentNotes, findingMessage, notesOf, verdictSentence } from './sentences.ts';
import { worstOf } from '../../report/parts.ts';

type OrNull<T, N> = null extends N ? T | null : T;

const iso = <I extends Date | number | null>(instant: I): OrNull<string, I> =>
  (instant === null ? null : new Date(instant).toISOString()) as OrNull<string, I>;

/** To the millisecond, or a tenth of a percent: more digits would only be noise. */
const round = <V extends number | null>(value: V, digits: number): OrNull<number, V> =>
  (value === null ? null : Number(value.toFixed(digits))) as OrNull<number, V>;

const figuresOf = (leadTime: LeadTime): LeadTime => ({ ...leadTime, mean: round(leadTime.mean, 3) });

const boundsOf = ({ leadTimeSeconds, leadTimeAtLeastSeconds }: Verdict) => ({
  leadTimeSeconds: round(leadTimeSeconds, 3),
  leadTimeAtLeastSeconds: round(leadTimeAtLeastSeconds, 3),
});

/** The report as plain data: camelCase, instants in ISO 8601 UTC, times in seconds, logins for people. */
export function reportOf(judged: Judged): Report {
  const { repository, service, own, measurement, judgement, diagnosis, asked, codeToLive, way } = judged;
  const { window, leadTime } = measurement;
  const { verdict, findings, gaps } = judgement;
  const { target, policy } = service;
  const { regions = [] } = own;
  const change = (each: MeasuredMergeset) => changeIn(each, judged);
  return {
    schemaVersion: SCHEMA_VERSION,
    repository: repository.repository,
    repositoryUrl: repository.url,
    environment: service.environment,
    baseBranch: repository.baseBranch,
    generatedAt: iso(judged.generatedAt),
    mode: judged.mode,
    window: {
      from: iso(window.from),
      to: iso(window.to),
      ...(window.from < asked.from ? { askedFrom: iso(asked.from) } : {}),
    },
    target: {
      seconds: target.seconds,
      tolerance: target.tolerance,
      thresholdSeconds: thresholdOf(target),
      statistic: target.statistic,
    },
    policy: { minSamples: policy.minSamples, maxBatch: policy.maxBatch },
    status: verdict.status,
    reason: verdict.reason,
    sentence: verdictSentence(judged),
    ...boundsOf(verdict),
    driftPercent: round(verdict.driftPercent, 1),
    ...signalIn(judged),
    leadTime: figuresOf(leadTime),
    ...(measurement.isFrozen ? { frozen: true as const } : {}),
    ...(service.service ? { service: service.service } : {}),
    ...(regions.length > 0 ? { regions: [...regions] } : {}),
    ...(codeToLive ? { codeToLive: { ...figuresOf(codeToLive.leadTime), undated: codeToLive.undated } } : {}),
    ...(way ? { way: { steps: way.steps, skipped: way.skipped } } : {}),
    ...splitsIn(judged),
    mergesets: measurement.mergesets.map(change),
    earlier: earlierIn(measurement).map(change),
    judged: judgement.judged?.id ?? null,
    deployments: deploymentsIn(judged),
    findings: findings.map((each) => ({
      kind: each.kind,
      severity: each.severity,
      message: findingMessage(each, judged),
      ...shown(each, judged),
    })),
    remarks: remarksOf(judged),
    completeness: { complete: gaps.length === 0, gaps },
    stages: stagesIn(judged),
    suspects: diagnosis.suspects.map((each) => ({ ...each, share: round(each.share, 4) })),
    regression: diagnosis.regression && {
      ...diagnosis.regression,
      since: diagnosis.regression.since && {
        ...diagnosis.regression.since,
        at: iso(diagnosis.regression.since.at),
      },
    },
  };
}

/**
 * The report of several services: what holds for all, and each one's own report.
 *
 * @param untold - services without an answer, and why.
 * @param elsewhere - changes of the window that touch no service; `null`: one service has all.
 */
export function runReportOf(
  units: Report[],
  untold: RunReport['untold'],
  elsewhere: number | null,
): RunReport {
  const [first] = units;
  if (!first) throw new RangeError('a report of no service');
  const { repository, baseBranch, generatedAt, window } = first;
  return {
    schemaVersion: SCHEMA_VERSION,
    repository,
    baseBranch,
    generatedAt,
    window: { from: window.from, to: window.to },
    status: worstOf(units, untold),
    units,
    untold,
    elsewhere,
  };
}

/** How sure it is, what became of the alert, and what else the time before says. */
function signalIn({ judgement: { signal }, change }: Judged) {
  const { confidence, votes, chance, changes, alert, alerts, alertsFrom, budget, weeks } = signal;
  const current = alert === true ? alerts.at(-1) : undefined;
  return {
    confidence,
    votes: { ...votes, chance: round(chance, 6), changes },
    alert: {
      on: alert,
      since: current
        ? { at: iso(current.enteredAt), deployment: current.deployment, orBefore: !current.isCertain }
        : null,
    },
    alerts: {
      from: iso(alertsFrom),
      all: alerts.map((each) => ({
        enteredAt: iso(each.enteredAt),
        deployment: each.deployment,
        orBefore: !each.isCertain,
        votes: { ...each.votes, chance: round(each.chance, 6) },
        leftAt: iso(each.leftAt),
        left: each.left,
        borneOut: each.borneOut,
      })),
    },
    budget: budget && {
      objective: budget.objective,
      changes: budget.changes,
      late: budget.late,
      share: round(budget.share, 4),
      left: round(budget.left, 4),
      burn: { of5: round(budget.burn.of5, 2), of20: round(budget.burn.of20, 2) },
      spent: budget.isSpent,
      burning: budget.isBurning,
      chance: round(budget.chance, 6),
    },
    change: change && {
      what: change.what,
      stage: change.stage,
      beforeSeconds: change.before,
      afterSeconds: change.after,
      deployments: change.counts,
      p: round(change.p, 6),
      noticedAt: iso(change.noticedAt),
      lastGood: { deployment: change.lastGood.id, at: iso(change.lastGood.at) },
      firstBad: { deployment: change.firstBad.id, at: iso(change.firstBad.at) },
      pullRequests: change.pullRequests,
      files: change.files,
    },
    weeks:
      weeks?.map((each) => ({
        from: iso(each.from),
        to: iso(each.to),
        status: each.verdict.status,
        ...boundsOf(each.verdict),
        confidence: each.confidence,
        alert: each.alert,
        deployments: each.deployments,
        batches: each.batches,
      })) ?? null,
  };
}

function splitsIn({ splits }: Judged) {
  if (splits.length === 0) return {};
  return {
    splits: splits.map(({ by, groups }) => ({
      by,
      groups: groups.map(({ name, leadTime }) => ({ name, leadTime: figuresOf(leadTime) })),
    })),
  };
}

/** What was merged before the window: shipped by its deployments, then what still waits, each once. */
function earlierIn({ mergesets, pending, deployments }: Measurement): MeasuredMergeset[] {
  const inWindow = new Set(mergesets);
  const named = [...deployments.flatMap((each) => each.mergesets), ...pending];
  return [...new Set(named.filter((each) => !inWindow.has(each)))];
}

/** How a deployment's list names a change: by its number, or by a direct push's commit. */
const reference = (each: MeasuredMergeset): number | string => each.number ?? each.mergeCommit;

function changeIn(each: MeasuredMergeset, { codeToLive, way }: Judged): ReportedChange {
  return {
    kind: each.kind,
    number: each.number,
    title: each.title,
    author: each.author?.login ?? null,
    ...(each.author?.isBot ? { bot: true as const } : {}),
    url: each.url,
    mergeCommit: each.mergeCommit,
    firstCommitAt: iso(each.firstCommitAt),
    mergedAt: iso(each.mergedAt),
    deployment: each.deployment,
    deployedAt: iso(each.deployedAt),
    leadTimeSeconds: each.leadTimeSeconds,
    waitingSeconds: each.waitingSeconds,
    untimed: each.untimed,
    ...(each.leftOut === null ? {} : { counted: false as const, why: each.leftOut }),
    ...(each.ridesAlong ? { ridesAlong: true as const } : {}),
    ...(each.frozenSeconds > 0 ? { frozenSeconds: each.frozenSeconds } : {}),
    notes: notesOf(each),
    ...(codeToLive ? { codeToLiveSeconds: codeToLiveSeconds(each) } : {}),
    ...(codeToLive && isRevert(each.title) ? { revert: true as const } : {}),
    ...(way ? { stages: (way.liveAt.get(each.mergeCommit) ?? []).map((at) => iso(at)) } : {}),
  };
}

function deploymentsIn({ measurement: { deployments }, diagnosis }: Judged): ReportedDeployment[] {
  const hands = new Map(diagnosis.hands.map(({ deployment, hand }) => [deployment.id, hand]));
  const runs = new Map(
    diagnosis.stages?.staged.map((each) => [each.deployment.id, each.pipeline?.run ?? null]),
  );
  return deployments.map((each) => {
    const origin = diagnosis.origins.get(each.id);
    const run = runs.get(each.id);
    return {
      id: each.id,
      sha: each.deployment.sha,
      createdAt: iso(each.deployment.createdAt),
      succeededAt: iso(each.succeededAt),
      ...(each.succeededAt === null ? { at: iso(each.at) } : {}),
      outcome: each.outcome,
      mergesets: each.mergesets.map(reference),
      authors: each.authors,
      batched: each.batched,
      ...(each.batched ? { why: whyBatched(each, deployments, diagnosis) } : {}),
      assumed: each.assumed,
      redeploy: each.redeploy,
      rollback: each.rollback,
      seed: each.seed,
      trigger: origin?.trigger ?? each.deployment.trigger,
      url: each.deployment.url ?? origin?.url ?? null,
      ...(run ? { run: { id: run.id, attempt: run.attempt, workflow: run.workflow, url: run.url } } : {}),
      notes: deploymentNotes(each, hands.get(each.id) ?? null),
      ...(each.deployment.declared ? { declared: true as const } : {}),
      ...(each.deployment.failedInGuard ? { failedInGuard: true as const } : {}),
      ...(each.parts.length > 0 ? { parts: each.parts.map(partOf) } : {}),
    };
  });
}

const whyBatched = (
  each: MeasuredDeployment,
  all: readonly MeasuredDeployment[],
  { evictions }: Diagnosis,
): string => batchReason([...each.causes, ...(evictions.get(each.id) ?? [])], paceOf(each, all));

function partOf({ deployment: { id, createdAt }, job, outcome, succeededAt }: PartOutcome) {
  return { id, job, outcome, createdAt: iso(createdAt), succeededAt: iso(succeededAt) };
}

/** What a finding is about, and the figures that show it. */
function shown(
  each: Finding,
  { judgement: { verdict, signal }, measurement: { leadTime }, service }: Judged,
) {
  const thresholdSeconds = thresholdOf(service.target);
  switch (each.kind) {
    case 'budget-spent':
    case 'budget-burning':
      return { subject: 'window', evidence: { ...each.budget } };
    case 'drift':
    case 'no-data':
      return {
        subject: 'window',
        evidence: {
          status: verdict.status,
          leadTimeSeconds: verdict.leadTimeSeconds,
          leadTimeAtLeastSeconds: verdict.leadTimeAtLeastSeconds,
          targetSeconds: service.target.seconds,
          thresholdSeconds,
          mergesets: leadTime.count,
          pending: leadTime.pending,
          ...(each.kind === 'drift'
            ? { confidence: each.confidence, votes: signal.votes, chance: round(signal.chance, 6) }
            : {}),
        },
      };
    case 'batch':
      return {
        subject: `deployment ${each.deployment.id}`,
        evidence: {
          deployment: each.deployment.id,
          mergesets: each.deployment.mergesets.map(reference),
          authors: each.deployment.authors,
          causes: each.causes.map((cause) => ({ ...cause, at: iso(cause.at) })),
        },
      };
    case 'slow':
      return {
        subject: `mergeset ${reference(each.mergeset)}`,
        evidence: {
          mergeset: reference(each.mergeset),
          deployment: each.deployment,
          leadTimeSeconds: each.mergeset.leadTimeSeconds,
          thresholdSeconds,
        },
      };
    case 'manual':
      return {
        subject: `deployment ${each.deployment.id}`,
        evidence: { deployment: each.deployment.id, ...each.hand },
      };
    case 'stuck':
      return {
        subject: `mergeset ${reference(each.mergeset)}`,
        evidence: {
          mergeset: reference(each.mergeset),
          mergedAt: iso(each.mergeset.mergedAt),
          waitingSeconds: each.mergeset.waitingSeconds,
          thresholdSeconds,
        },
      };
  }
}

function stagesIn({ diagnosis: { stages, path }, measurement: { mergesets } }: Judged): Report['stages'] {
  return (
    stages && {
      shipped: stages.shipped,
      opened: stages.opened,
      inActions: stages.inActions,
      rows: stages.rows.map((each) => ({ ...each, share: round(each.share, 4) })),
      mergesets: [
        // What was live at its merge took no time in any stage.
        ...mergesets
          .filter((each) => each.notes.includes('deployed-before-merge'))
          .map((each) => ({
            mergeset: reference(each),
            deployment: each.deployment ?? '',
            leadTimeSeconds: 0,
            seconds: {},
          })),
        ...stages.staged.map((each) => ({
          mergeset: reference(each.mergeset),
          deployment: each.deployment.id,
          leadTimeSeconds: each.leadTimeSeconds,
          seconds: each.seconds,
          segments: each.segments.map(({ stage, from, to, name }) => ({
            stage,
            seconds: to - from,
            ...(name === null ? {} : { name }),
          })),
        })),
      ],
      jobs: path
        ? path.now.jobs.map((each) => {
            const { workflow, job } = each;
            return { workflow, job, ...onPath(each, path, 'jobs') };
          })
        : [],
      steps: path
        ? path.now.steps.map((each) => {
            const { workflow, job, step } = each;
            return { workflow, job, step, ...onPath(each, path, 'steps') };
          })
        : [],
      slowest: stages.slowest && waterfall(stages.slowest),
      median: stages.median && waterfall(stages.median),
    }
  );
}

/** The figures of a job or a step on the critical path, with its median of the period before. */
function onPath(
  { seen, medianSeconds, share, ...its }: PathJob | PathStep,
  { before }: { before: CriticalPath },
  kind: 'jobs' | 'steps',
) {
  const stepOf = (each: object) => ('step' in each ? each.step : null);
  const was = (before[kind] as (PathJob | PathStep)[]).find(
    (each) => each.workflow === its.workflow && each.job === its.job && stepOf(each) === stepOf(its),
  );
  return {
    runs: new Set(seen.map((each) => each.run)).size,
    medianSeconds,
    share: round(share, 4),
    beforeSeconds: was?.medianSeconds ?? null,
  };
}

function waterfall({ mergeset, deployment: { id }, segments }: Staged): Waterfall {
  return {
    mergeset: reference(mergeset),
    deployment: id,
    segments: segments.map(({ stage, from, to, name }) => ({
      stage,
      name,
      from: iso(from * 1000),
      seconds: to - from,
    })),
  };
}
