import type { PathJob, PathStep } from '../../diagnose/critical-path.ts';
import type { Staged } from '../../diagnose/stage-report.ts';
import type { Finding } from '../../judge/findings.ts';
import type { Verdict } from '../../judge/verdict.ts';
import { paceOf } from '../../measure/batches.ts';
import { codeToLiveSeconds, type MeasuredMergeset } from '../../measure/measured.ts';
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
import {
  awaitedParts,
  batchReason,
  deploymentNotes,
  findingMessage,
  notesOf,
  verdictSentence,
} from './sentences.ts';
import { worstOf } from '../../report/parts.ts';

type OrNull<T, N> = null extends N ? T | null : T;

const iso = <I extends Date | number | null>(instant: I): OrNull<string, I> =>
  (instant === null ? null : new Date(instant).toISOString()) as OrNull<string, I>;

const round = <V extends number | null>(value: V, digits: number): OrNull<number, V> =>
  (value === null ? null : Number(value.toFixed(digits))) as OrNull<number, V>;

const figuresOf = (leadTime: LeadTime): LeadTime => ({ ...leadTime, mean: round(leadTime.mean, 3) });

const boundsOf = ({ leadTimeSeconds, leadTimeAtLeastSeconds }: Verdict) => ({
  leadTimeSeconds: round(leadTimeSeconds, 3),
  leadTimeAtLeastSeconds: round(leadTimeAtLeastSeconds, 3),
});

/** The report as plain data: camelCase, instants in ISO 8601 UTC, durations in seconds, people as logins. */
export function reportOf(judged: Judged): Report {
  const { repository, service, facts, measurement, judgement, diagnosis, codeToLive, promotion } = judged;
  const { regions = [], idleRegions = [] } = facts;
  const { window, leadTime } = measurement;
  const { requestedWindow } = judged;
  const { verdict, findings, gaps } = judgement;
  const { target, policy } = service;
  const change = (mergeset: MeasuredMergeset) => changeIn(mergeset, judged);
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
      ...(window.from < requestedWindow.from ? { askedFrom: iso(requestedWindow.from) } : {}),
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
    ...(idleRegions.length > 0
      ? { idleRegions: idleRegions.map(({ name, since }) => ({ name, since: iso(since) })) }
      : {}),
    ...(judged.stopped ? { stopped: { ...judged.stopped, since: iso(judged.stopped.since) } } : {}),
    ...(measurement.proof ? { seen: measurement.proof.seen } : {}),
    codeToLive: { ...figuresOf(codeToLive.leadTime), undated: codeToLive.undated },
    ...(promotion ? { way: { steps: promotion.steps, skipped: promotion.skipped } } : {}),
    ...splitsIn(judged),
    mergesets: measurement.mergesets.map(change),
    earlier: earlierIn(measurement).map(change),
    judged: judgement.judged?.id ?? null,
    deployments: deploymentsIn(judged),
    findings: findings.map((finding) => ({
      kind: finding.kind,
      severity: finding.severity,
      message: findingMessage(finding, judged),
      ...evidenceOf(finding, judged),
    })),
    remarks: remarksOf(judged),
    completeness: { complete: gaps.length === 0, gaps },
    stages: stagesIn(judged),
    suspects: [],
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
 * The report of a run over several services.
 *
 * @param untold - services that could not be measured, with reasons.
 * @param elsewhere - number of changes in the window that touch no service; `null` if a service includes all paths.
 */
export function runReportOf(
  reports: Report[],
  untold: RunReport['untold'],
  elsewhere: number | null,
): RunReport {
  const [first] = reports;
  if (!first) throw new RangeError('a run report without a report');
  const { repository, baseBranch, generatedAt, window } = first;
  return {
    schemaVersion: SCHEMA_VERSION,
    repository,
    baseBranch,
    generatedAt,
    // The window that was asked for. Each service may have a wider one.
    window: { from: window.askedFrom ?? window.from, to: window.to },
    status: worstOf(reports, untold),
    units: reports,
    untold,
    elsewhere,
  };
}

function signalIn({ judgement: { signal }, change }: Judged) {
  const { confidence, votes, chance, changes, alert, memory, budget, weeks } = signal;
  const alerts = memory?.spells ?? [];
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
      from: iso(memory?.from ?? null),
      all: alerts.map((spell) => ({
        enteredAt: iso(spell.enteredAt),
        deployment: spell.deployment,
        orBefore: !spell.isCertain,
        by: spell.by,
        votes: { ...spell.votes, chance: round(spell.chance, 6) },
        leftAt: iso(spell.leftAt),
        left: spell.left,
        borneOut: spell.borneOut,
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
      what: change.slippedStage,
      stage: change.stageAlongside,
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
      weeks?.map(({ from, to, verdict, ...week }) => ({
        from: iso(from),
        to: iso(to),
        status: verdict.status,
        ...boundsOf(verdict),
        ...week,
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

/** Changes merged before the window: those that its deployments shipped, then those still pending. */
function earlierIn({ mergesets, pending, deployments }: Measurement): MeasuredMergeset[] {
  const inWindow = new Set(mergesets);
  const shippedOrPending = [...deployments.flatMap((deployment) => deployment.mergesets), ...pending];
  return [...new Set(shippedOrPending)].filter((mergeset) => !inWindow.has(mergeset));
}

/** A change's pull request number, or the commit of a direct push. */
const reference = (mergeset: MeasuredMergeset): number | string => mergeset.number ?? mergeset.mergeCommit;

function changeIn(mergeset: MeasuredMergeset, { promotion, measurement }: Judged): ReportedChange {
  const isNotSeen = measurement.proof?.notSeen.has(mergeset.mergeCommit) ?? false;
  const running =
    mergeset.waitingSeconds === null ? undefined : measurement.attribution.runningOf(mergeset)?.deployment;
  return {
    kind: mergeset.kind,
    number: mergeset.number,
    title: mergeset.title,
    author: mergeset.author?.login ?? null,
    ...(mergeset.author?.isBot ? { bot: true as const } : {}),
    url: mergeset.url,
    mergeCommit: mergeset.mergeCommit,
    firstCommitAt: iso(mergeset.firstCommitAt),
    mergedAt: iso(mergeset.mergedAt),
    deployment: mergeset.deployment,
    deployedAt: iso(mergeset.deployedAt),
    leadTimeSeconds: mergeset.leadTimeSeconds,
    waitingSeconds: mergeset.waitingSeconds,
    ...(running ? { runningDeployment: { id: running.id, createdAt: iso(running.createdAt) } } : {}),
    untimed: mergeset.untimed,
    ...(mergeset.excludedBecause === null ? {} : { counted: false as const, why: mergeset.excludedBecause }),
    ...(mergeset.deploysNothing ? { ridesAlong: true as const } : {}),
    ...(mergeset.waitsForIdleRegions ? { waitsForIdleRegions: true as const } : {}),
    ...(mergeset.frozenSeconds > 0 ? { frozenSeconds: mergeset.frozenSeconds } : {}),
    ...(isNotSeen ? { notSeen: true as const } : {}),
    notes: notesOf(mergeset, isNotSeen),
    codeToLiveSeconds: codeToLiveSeconds(mergeset),
    ...(isRevert(mergeset.title) ? { revert: true as const } : {}),
    ...(promotion ? { stages: (promotion.liveAt.get(mergeset.mergeCommit) ?? []).map((at) => iso(at)) } : {}),
  };
}

function deploymentsIn({ measurement: { deployments }, diagnosis }: Judged): ReportedDeployment[] {
  const hands = new Map(diagnosis.manualDeployments.map(({ deployment, hand }) => [deployment.id, hand]));
  const runs = new Map(
    diagnosis.stages?.staged.map((change) => [change.deployment.id, change.pipeline?.run ?? null]),
  );
  return deployments.map((deployment) => {
    const origin = diagnosis.origins.get(deployment.id);
    const run = runs.get(deployment.id);
    const causes = [...deployment.causes, ...(diagnosis.evictions.get(deployment.id) ?? [])];
    const parts = deployment.parts.filter((part) => !part.deployment.isAwaited);
    const awaited = awaitedParts(deployment).flatMap(({ job }) => job ?? []);
    return {
      id: deployment.id,
      sha: deployment.deployment.sha,
      createdAt: iso(deployment.deployment.createdAt),
      succeededAt: iso(deployment.succeededAt),
      ...(deployment.succeededAt === null ? { at: iso(deployment.at) } : {}),
      outcome: deployment.outcome,
      mergesets: deployment.mergesets.map(reference),
      authors: deployment.authors,
      batched: deployment.batched,
      ...(deployment.batched ? { why: batchReason(causes, paceOf(deployment, deployments)) } : {}),
      assumed: deployment.assumed,
      redeploy: deployment.redeploy,
      rollback: deployment.rollback,
      ...(deployment.race ? { race: true as const } : {}),
      seed: deployment.isFirstSuccess,
      trigger: origin?.trigger ?? deployment.deployment.trigger,
      url: deployment.deployment.url ?? origin?.url ?? null,
      ...(run ? { run: { id: run.id, attempt: run.attempt, workflow: run.workflow, url: run.url } } : {}),
      notes: deploymentNotes(deployment, hands.get(deployment.id) ?? null),
      ...(deployment.deployment.declared ? { declared: true as const } : {}),
      ...(deployment.deployment.failedInGuard ? { failedInGuard: true as const } : {}),
      ...(deployment.records > 1 ? { records: deployment.records } : {}),
      ...(parts.length > 0 ? { parts: parts.map(partOf) } : {}),
      ...(awaited.length > 0 ? { waitsFor: awaited } : {}),
    };
  });
}

function partOf({ deployment: { id, createdAt }, job, outcome, succeededAt }: PartOutcome) {
  return { id, job, outcome, createdAt: iso(createdAt), succeededAt: iso(succeededAt) };
}

/** A finding's subject and the figures that prove it. */
function evidenceOf(
  finding: Finding,
  { judgement: { verdict, signal }, measurement: { leadTime }, service }: Judged,
) {
  const thresholdSeconds = thresholdOf(service.target);
  switch (finding.kind) {
    case 'budget-spent':
    case 'budget-burning':
      return { subject: 'window', evidence: { ...finding.budget } };
    case 'not-live':
      return { subject: finding.subject, evidence: finding.evidence };
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
          ...(finding.kind === 'drift'
            ? { confidence: finding.confidence, votes: signal.votes, chance: round(signal.chance, 6) }
            : {}),
        },
      };
    case 'batch':
      return {
        subject: `deployment ${finding.deployment.id}`,
        evidence: {
          deployment: finding.deployment.id,
          mergesets: finding.deployment.mergesets.map(reference),
          authors: finding.deployment.authors,
          causes: finding.causes.map((cause) => ({ ...cause, at: iso(cause.at) })),
        },
      };
    case 'manual':
      return {
        subject: `deployment ${finding.deployment.id}`,
        evidence: { deployment: finding.deployment.id, ...finding.hand },
      };
    case 'slow':
    case 'stuck': {
      const { mergedAt, leadTimeSeconds, waitingSeconds } = finding.mergeset;
      const mergeset = reference(finding.mergeset);
      const times =
        finding.kind === 'slow'
          ? { deployment: finding.deployment, leadTimeSeconds }
          : { mergedAt: iso(mergedAt), waitingSeconds };
      return { subject: `mergeset ${mergeset}`, evidence: { mergeset, ...times, thresholdSeconds } };
    }
  }
}

function stagesIn({ diagnosis: { stages, path }, measurement: { mergesets } }: Judged): Report['stages'] {
  return (
    stages && {
      shipped: stages.shipped,
      opened: stages.opened,
      inActions: stages.inActions,
      rows: stages.rows.map((row) => ({ ...row, share: round(row.share, 4) })),
      mergesets: [
        // A change that was live at its merge spent no time in any stage.
        ...mergesets
          .filter((mergeset) => mergeset.notes.includes('deployed-before-merge'))
          .map((mergeset) => ({
            mergeset: reference(mergeset),
            deployment: mergeset.deployment ?? '',
            leadTimeSeconds: 0,
            seconds: {},
          })),
        ...stages.staged.map((change) => ({
          mergeset: reference(change.mergeset),
          deployment: change.deployment.id,
          leadTimeSeconds: change.leadTimeSeconds,
          seconds: change.seconds,
          segments: change.segments.map(({ stage, from, to, name, cause }) => ({
            stage,
            seconds: to - from,
            ...(name === null ? {} : { name }),
            ...(cause === undefined ? {} : { cause }),
          })),
        })),
      ],
      jobs: (path?.now.jobs ?? []).map((entry) => {
        const { workflow, job } = entry;
        return { workflow, job, ...pathFigures(entry, path?.before.jobs) };
      }),
      steps: (path?.now.steps ?? []).map((entry) => {
        const { workflow, job, step } = entry;
        return { workflow, job, step, ...pathFigures(entry, path?.before.steps) };
      }),
      slowest: stages.slowest && waterfall(stages.slowest),
      median: stages.median && waterfall(stages.median),
    }
  );
}

/** The figures of a job or step on the critical path, with its median in the period before. */
function pathFigures(entry: PathJob | PathStep, entriesBefore: readonly (PathJob | PathStep)[] = []) {
  const stepOf = (entry: object) => ('step' in entry ? entry.step : null);
  const before = entriesBefore.find(
    (other) =>
      other.workflow === entry.workflow && other.job === entry.job && stepOf(other) === stepOf(entry),
  );
  return {
    runs: new Set(entry.seen.map((sighting) => sighting.run)).size,
    medianSeconds: entry.medianSeconds,
    share: round(entry.share, 4),
    beforeSeconds: before?.medianSeconds ?? null,
  };
}

function waterfall({ mergeset, deployment: { id }, segments }: Staged): Waterfall {
  return {
    mergeset: reference(mergeset),
    deployment: id,
    segments: segments.map(({ stage, from, to, name, cause }) => ({
      stage,
      name,
      from: iso(from * 1000),
      seconds: to - from,
      ...(cause === undefined ? {} : { cause }),
    })),
  };
}
