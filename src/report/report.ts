import type { Finding } from '../judge/findings.ts';
import { isRevert } from '../model/authors.ts';
import { SCHEMA_VERSION } from '../model/version.ts';
import { codeToLiveSeconds } from '../measure/measured.ts';
import type { MeasuredMergeset } from '../measure/measured.ts';
import type { AnswerDeployment, UnitAnswer } from './answer.ts';
import type { CriticalPath, PathJob, PathStep } from '../diagnose/critical-path.ts';
import type { Staged } from '../diagnose/stage-report.ts';
import type { PartOutcome } from '../model/outcome.ts';
import type { Report } from './contract.ts';
import { remarksOf } from './remarks.ts';
import { findingMessage, notesOf } from './words.ts';

function iso(instant: Date): string;
function iso(instant: Date | null): string | null;
function iso(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}
/** To the millisecond, or a tenth of a percent: more digits would only be noise. */
function round(value: number, digits: number): number;
function round(value: number | null, digits: number): number | null;
function round(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}

/** The report as plain data: camelCase, instants in ISO 8601 UTC, times in seconds, logins for people. */
export function reportOf(answer: UnitAnswer): Report {
  const { target, leadTime } = answer;
  return {
    schemaVersion: SCHEMA_VERSION,
    repository: answer.repository,
    environment: answer.environment,
    baseBranch: answer.baseBranch,
    generatedAt: iso(answer.generatedAt),
    window: {
      from: iso(answer.window.from),
      to: iso(answer.window.to),
      ...(answer.window.from < answer.askedWindow.from ? { askedFrom: iso(answer.askedWindow.from) } : {}),
    },
    target: {
      seconds: target.seconds,
      tolerance: target.tolerance,
      thresholdSeconds: target.thresholdSeconds,
      statistic: target.statistic,
    },
    status: answer.status,
    leadTimeSeconds: round(answer.leadTimeSeconds, 3),
    leadTimeAtLeastSeconds: round(answer.leadTimeAtLeastSeconds, 3),
    driftPercent: round(answer.driftPercent, 1),
    ...signalIn(answer),
    leadTime: { ...leadTime, mean: round(leadTime.mean, 3) },
    ...filed(answer),
    mergesets: answer.mergesets.map((each) => ({ ...mergeset(each), ...beside(each, answer) })),
    deployments: answer.deployments.map(deployment),
    findings: answer.findings.map((each) => finding(each, answer)),
    remarks: remarksOf(answer),
    completeness: { complete: answer.gaps.length === 0, gaps: answer.gaps },
    ...diagnosisOf(answer),
  };
}

const isoOf = (milliseconds: number) => new Date(milliseconds).toISOString();

/** How sure it is, what became of the alert, and what else the time before says. */
function signalIn({ signal, change }: UnitAnswer) {
  const { confidence, votes, chance, changes, alert, alerts, alertsFrom, budget, weeks } = signal;
  const current = alert === true ? alerts.at(-1) : undefined;
  return {
    confidence,
    votes: { ...votes, chance: round(chance, 6), changes },
    alert: {
      on: alert,
      since: current
        ? {
            at: isoOf(current.enteredAt),
            deployment: current.deployment,
            orBefore: !current.isCertain,
          }
        : null,
    },
    alerts: {
      from: alertsFrom === null ? null : isoOf(alertsFrom),
      all: alerts.map((each) => ({
        enteredAt: isoOf(each.enteredAt),
        deployment: each.deployment,
        orBefore: !each.isCertain,
        votes: { ...each.votes, chance: round(each.chance, 6) },
        leftAt: each.leftAt === null ? null : isoOf(each.leftAt),
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
      noticedAt: isoOf(change.noticedAt),
      lastGood: { deployment: change.lastGood.id, at: isoOf(change.lastGood.at) },
      firstBad: { deployment: change.firstBad.id, at: isoOf(change.firstBad.at) },
      pullRequests: change.pullRequests,
      files: change.files,
    },
    weeks:
      weeks === null
        ? null
        : weeks.map((each) => ({
            from: isoOf(each.from),
            to: isoOf(each.to),
            status: each.verdict.status,
            leadTimeSeconds: round(each.verdict.leadTimeSeconds, 3),
            leadTimeAtLeastSeconds: round(each.verdict.leadTimeAtLeastSeconds, 3),
            confidence: each.confidence,
            alert: each.alert,
            deployments: each.deployments,
            batches: each.batches,
          })),
  };
}

/** What a file of settings adds. */
function filed({ name, codeToLive, way, splits, regions }: UnitAnswer) {
  return {
    ...(name.service ? { service: name.service } : {}),
    ...(regions.length > 0 ? { regions: [...regions] } : {}),
    ...(codeToLive
      ? {
          codeToLive: {
            ...codeToLive.leadTime,
            mean: round(codeToLive.leadTime.mean, 3),
            undated: codeToLive.undated,
          },
        }
      : {}),
    ...(way ? { way: { steps: way.steps, skipped: way.skipped } } : {}),
    ...(splits.length > 0
      ? {
          splits: splits.map(({ by, groups }) => ({
            by,
            groups: groups.map((each) => ({
              name: each.name,
              leadTime: { ...each.leadTime, mean: round(each.leadTime.mean, 3) },
            })),
          })),
        }
      : {}),
  };
}

/** What it adds to a change: from its first commit, and when it was live in each stage before. */
function beside(each: MeasuredMergeset, { codeToLive, way }: UnitAnswer) {
  return {
    ...(codeToLive ? { codeToLiveSeconds: codeToLiveSeconds(each) } : {}),
    ...(codeToLive && isRevert(each.title) ? { revert: true as const } : {}),
    ...(way ? { stages: (way.liveAt.get(each.mergeCommit) ?? []).map((at) => iso(at)) } : {}),
  };
}

/** What a deployment's list calls a mergeset: its number, or a direct push's commit. */
const reference = (each: MeasuredMergeset): number | string => each.number ?? each.mergeCommit;

function mergeset(each: MeasuredMergeset) {
  return {
    kind: each.kind,
    number: each.number,
    title: each.title,
    author: each.author?.login ?? null,
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
    ...(each.frozenSeconds > 0 ? { frozenSeconds: each.frozenSeconds } : {}),
    notes: notesOf(each),
  };
}

function deployment(each: AnswerDeployment) {
  return {
    id: each.id,
    sha: each.deployment.sha,
    createdAt: iso(each.deployment.createdAt),
    succeededAt: iso(each.succeededAt),
    outcome: each.outcome,
    mergesets: each.mergesets.map(reference),
    authors: each.authors,
    batched: each.batched,
    assumed: each.assumed,
    redeploy: each.redeploy,
    rollback: each.rollback,
    seed: each.seed,
    trigger: each.trigger,
    url: each.url,
    ...(each.deployment.declared ? { declared: true as const } : {}),
    ...(each.deployment.failedInGuard ? { failedInGuard: true as const } : {}),
    ...(each.parts.length > 0 ? { parts: each.parts.map(partOf) } : {}),
  };
}

function partOf({ deployment: { id, createdAt }, job, outcome, succeededAt }: PartOutcome) {
  return { id, job, outcome, createdAt: iso(createdAt), succeededAt: iso(succeededAt) };
}

function finding(each: Finding, answer: UnitAnswer) {
  return {
    kind: each.kind,
    severity: each.severity,
    message: findingMessage(each, answer),
    ...shown(each, answer),
  };
}

/** What a finding is about, and the figures that show it. */
function shown(
  each: Finding,
  { status, leadTimeSeconds, leadTimeAtLeastSeconds, target, leadTime, signal }: UnitAnswer,
) {
  switch (each.kind) {
    case 'budget-spent':
    case 'budget-burning':
      return { subject: 'window', evidence: { ...each.budget } };
    case 'drift':
    case 'no-data':
      return {
        subject: 'window',
        evidence: {
          status,
          leadTimeSeconds,
          leadTimeAtLeastSeconds,
          targetSeconds: target.seconds,
          thresholdSeconds: target.thresholdSeconds,
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
          causes: each.causes,
        },
      };
    case 'slow':
      return {
        subject: `mergeset ${reference(each.mergeset)}`,
        evidence: {
          mergeset: reference(each.mergeset),
          deployment: each.deployment,
          leadTimeSeconds: each.mergeset.leadTimeSeconds,
          thresholdSeconds: target.thresholdSeconds,
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
          thresholdSeconds: target.thresholdSeconds,
        },
      };
  }
}

/** `stages`, `suspects` and `regression`: see docs/report.md. */
function diagnosisOf({ diagnosis: { stages, path, suspects, regression }, mergesets }: UnitAnswer) {
  return {
    stages: stages && {
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
        })),
      ],
      jobs: path ? jobsOn(path) : [],
      steps: path ? stepsOn(path) : [],
      slowest: stages.slowest && waterfall(stages.slowest),
      median: stages.median && waterfall(stages.median),
    },
    suspects: suspects.map((each) => ({ ...each, share: round(each.share, 4) })),
    regression: regression && {
      ...regression,
      since: regression.since && { ...regression.since, at: iso(regression.since.at) },
    },
  };
}

/** Jobs of the critical path, with the median of the period before where they stood on it. */
function jobsOn({ now, before }: { now: CriticalPath; before: CriticalPath }) {
  return now.jobs.map((each) => {
    const { workflow, job } = each;
    const was = before.jobs.find((one) => one.workflow === workflow && one.job === job);
    return { workflow, job, ...figures(each, was) };
  });
}

/** The same of steps. */
function stepsOn({ now, before }: { now: CriticalPath; before: CriticalPath }) {
  return now.steps.map((each) => {
    const { workflow, job, step } = each;
    const was = before.steps.find((one) => one.workflow === workflow && one.job === job && one.step === step);
    return { workflow, job, step, ...figures(each, was) };
  });
}

function figures({ seen, medianSeconds, share }: PathJob | PathStep, was: PathJob | PathStep | undefined) {
  return {
    runs: new Set(seen.map((each) => each.run)).size,
    medianSeconds,
    share: round(share, 4),
    beforeSeconds: was?.medianSeconds ?? null,
  };
}

function waterfall({ mergeset, deployment: { id }, segments }: Staged) {
  return {
    mergeset: reference(mergeset),
    deployment: id,
    segments: segments.map(({ stage, from, to, name }) => ({
      stage,
      name,
      from: iso(new Date(from * 1000)),
      seconds: to - from,
    })),
  };
}
