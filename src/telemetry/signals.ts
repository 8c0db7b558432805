import { createHash } from 'node:crypto';
import { statisticOf } from '../model/lead-time.ts';
import { STATISTICS, STATUSES } from '../model/terms.ts';
import type { Report, ReportedChange, ReportedDeployment } from '../report/contract.ts';
import { batchesIn, judgedIn, pendingIn, referenceOf, shippedIn } from '../report/parts.ts';

/**
 * OpenTelemetry signals of a report: a trace for each live change, and gauges. Names follow the semantic conventions for VCS,
 * CI/CD and deployments. Names without a convention start with `deploy_latency.`.
 */

type Attributes = Record<string, string | number | boolean>;

/** `from` and `to` in milliseconds since the epoch. */
export interface SpanFacts {
  /** 16 hexadecimal digits. */
  id: string;
  name: string;
  from: number;
  to: number;
  attributes: Attributes;
}

/** A change from merge to live. */
export interface TraceFacts {
  /** 32 hexadecimal digits, derived from repository, commit, environment and service. */
  traceId: string;
  root: SpanFacts;
  /** Stages, which add up to the root, if they are known; then the moment at which the change went live. */
  children: SpanFacts[];
  /** Trace of the deploying run, as the collector's GitHub receiver names it. `null`: the run is unknown. */
  link: { traceId: string; spanId: string } | null;
}

export interface GaugeFacts {
  name: string;
  description: string;
  unit: string;
  value: number;
  attributes: Attributes;
}

export interface EnvironmentSignals {
  resource: Attributes;
  /** Time of the gauges in milliseconds since the epoch. */
  at: number;
  traces: TraceFacts[];
  gauges: GaugeFacts[];
}

/** Changes to send traces for: those that the current deployment shipped, all of the window, or none. */
export type TracedChanges = 'shipped' | 'window' | 'none';

const SERVICE_NAME = 'deploy-latency-guard';
/** Some backends drop spans that are an hour old when they arrive. Milliseconds. */
const LATE = 30 * 60_000;

/** Signals by environment. Services in the same environment share a resource. */
export function signalsOf(reports: readonly Report[], which: TracedChanges): EnvironmentSignals[] {
  const environments = [...new Set(reports.map((report) => report.environment))];
  return environments.flatMap((environment) => {
    const services = reports.filter((report) => report.environment === environment);
    const [first] = services;
    if (!first) return [];
    return [
      {
        resource: {
          'service.name': SERVICE_NAME,
          'vcs.repository.url.full': first.repositoryUrl,
          'deployment.environment.name': first.environment,
        },
        at: Date.parse(first.window.to),
        traces: services.flatMap((report) => tracesOf(report, which)),
        gauges: services.flatMap(gaugesOf),
      },
    ];
  });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Ids that the collector's GitHub receiver (receiver/githubreceiver) uses for an attempt of a run and for its first span. */
export const receiverIdsOf = (run: number, attempt: number) => ({
  traceId: sha256(`${run}${attempt}t`).slice(0, 32),
  spanId: sha256(`${run}${attempt}s`).slice(16, 32),
});

function tracesOf(report: Report, which: TracedChanges): TraceFacts[] {
  if (which === 'none') return [];
  const judged = judgedIn(report);
  const changes = which === 'window' ? report.mergesets : judged === null ? [] : shippedIn(report)(judged);
  const staged = new Map(
    report.stages?.mergesets.map((mergeset) => [mergeset.mergeset, mergeset.segments ?? []]),
  );
  const deployments = new Map(report.deployments.map((deployment) => [deployment.id, deployment]));
  return changes.flatMap((change) => {
    const deployment = change.deployment === null ? null : (deployments.get(change.deployment) ?? null);
    return traceOf(report, change, deployment, staged.get(referenceOf(change)) ?? []) ?? [];
  });
}

type Segments = NonNullable<NonNullable<Report['stages']>['mergesets'][number]['segments']>;

/** `null`: the change is not live, or the time is unknown. */
function traceOf(
  report: Report,
  change: ReportedChange,
  deployment: ReportedDeployment | null,
  segments: Segments,
): TraceFacts | null {
  if (change.leadTimeSeconds === null) return null;
  const { service = '' } = report;
  const key = [report.repository, change.mergeCommit, report.environment, service].join('|');
  const digest = sha256(key);
  const from = Date.parse(change.mergedAt);
  const run = deployment?.run ?? null;
  const [owner = '', name = ''] = report.repository.split('/');
  let stageStart = from;
  const live = from + change.leadTimeSeconds * 1000;
  const reportedAt = Date.parse(report.window.to);
  const attributes: Attributes = {
    'vcs.provider.name': 'github',
    'vcs.owner.name': owner,
    'vcs.repository.name': name,
    'vcs.ref.base.name': report.baseBranch,
    'vcs.ref.base.type': 'branch',
    'vcs.ref.base.revision': change.mergeCommit,
    ...(change.number === null
      ? {}
      : {
          'vcs.change.id': String(change.number),
          'vcs.change.state': 'merged',
          'vcs.change.title': change.title,
        }),
    ...(change.deployment === null ? {} : { 'deployment.id': String(change.deployment) }),
    'deployment.status': 'succeeded',
    ...(run === null
      ? {}
      : {
          'cicd.pipeline.name': run.workflow,
          'cicd.pipeline.run.id': String(run.id),
          'cicd.pipeline.run.url.full': run.url,
        }),
    'deploy_latency.lead_time': change.leadTimeSeconds,
    ...(service === '' ? {} : { 'deploy_latency.service': service }),
    ...(deployment?.batched ? { 'deploy_latency.batched': true } : {}),
    ...(deployment?.assumed ? { 'deploy_latency.assumed': true } : {}),
  };
  const stages = segments.map(({ stage, name: job, seconds }, i) => {
    const start = stageStart;
    stageStart += seconds * 1000;
    return {
      id: sha256(`${key}|${i}`).slice(0, 16),
      name: stage,
      from: start,
      to: stageStart,
      attributes: {
        'deploy_latency.stage': stage,
        ...(job === undefined ? {} : { 'cicd.pipeline.task.name': job }),
        ...(stage === 'deploy' ? { 'cicd.pipeline.task.type': 'deploy' } : {}),
      },
    };
  });
  const arrivingAt = live < reportedAt - LATE ? reportedAt : live;
  return {
    traceId: digest.slice(0, 32),
    root: { id: digest.slice(32, 48), name: 'merge to live', from, to: live, attributes },
    children: [
      ...stages,
      {
        id: sha256(`${key}|live`).slice(0, 16),
        name: 'live',
        from: arrivingAt,
        to: arrivingAt,
        attributes: { ...attributes, 'deploy_latency.live_at': new Date(live).toISOString() },
      },
    ],
    link: run === null ? null : receiverIdsOf(run.id, run.attempt),
  };
}

/** Leaves out unknown values, and values that unread data could change. They are never reported as zero. */
function gaugesOf(report: Report): GaugeFacts[] {
  const common: Attributes = report.service ? { 'deploy_latency.service': report.service } : {};
  const gauge = (
    name: string,
    unit: string,
    description: string,
    value: number,
    attributes: Attributes = {},
  ): GaugeFacts => ({
    name: `deploy_latency.${name}`,
    unit,
    description,
    value,
    attributes: { ...common, ...attributes },
  });
  const isKnown = !report.completeness.gaps.some((gap) => gap.verdictAtRisk);
  const pending = pendingIn(report);
  const oldest = pending.reduce((most, mergeset) => Math.max(most, mergeset.waitingSeconds ?? 0), 0);
  return [
    ...STATISTICS.flatMap((statistic) => {
      const { seconds, atLeastSeconds } = statisticOf(report.leadTime, statistic);
      const attributes = { 'deploy_latency.statistic': statistic };
      if (!isKnown || (seconds ?? atLeastSeconds) === null) return [];
      return atLeastSeconds === null
        ? gauge('lead_time', 's', 'Time from merge to live in the window', seconds ?? 0, attributes)
        : gauge(
            'lead_time_lower_bound',
            's',
            'Least possible time from merge to live, as changes are pending',
            atLeastSeconds,
            attributes,
          );
    }),
    gauge('target', 's', 'Target for the time from merge to live', report.target.seconds, {
      'deploy_latency.statistic': report.target.statistic,
    }),
    gauge(
      'limit',
      's',
      'Limit for the time from merge to live: target plus tolerance',
      report.target.thresholdSeconds,
      {
        'deploy_latency.statistic': report.target.statistic,
      },
    ),
    ...STATUSES.map((status) =>
      gauge(
        'verdict',
        '1',
        '1 for the status of the verdict, 0 for the others',
        report.status === status ? 1 : 0,
        {
          'deploy_latency.status': status,
        },
      ),
    ),
    ...(report.alert.on === null
      ? []
      : [gauge('alert', '1', '1 while the alert is on, otherwise 0', report.alert.on ? 1 : 0)]),
    ...(isKnown
      ? [
          gauge('pending', '{change}', 'Merged changes that are not live', pending.length),
          gauge(
            'batched',
            '{deployment}',
            'Deployments in the window that shipped more changes than max-batch',
            batchesIn(report),
          ),
          gauge('oldest_pending', 's', 'Waiting time of the oldest pending change, or 0', oldest),
        ]
      : []),
  ];
}
