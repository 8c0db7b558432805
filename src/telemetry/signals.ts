import { createHash } from 'node:crypto';
import { STATISTICS } from '../model/terms.ts';
import type { Report, ReportedChange, ReportedDeployment } from '../report/contract.ts';
import { batchesIn, judgedIn, pendingIn, referenceOf, shippedIn } from '../report/parts.ts';

/**
 * What OpenTelemetry is told of an answer: a trace for each change that is live, and gauges. Names are those of the
 * semantic conventions of VCS, CI/CD and deployments where there are some, and `deploy_latency.*` where there are none.
 */

type Attributes = Record<string, string | number | boolean>;

/** A stretch of time; instants in milliseconds since the epoch. */
export interface SpanFacts {
  /** Sixteen hexadecimal digits. */
  id: string;
  name: string;
  from: number;
  to: number;
  attributes: Attributes;
}

/** From a change's merge to when it was live. */
export interface TraceFacts {
  /** Thirty-two hexadecimal digits, the same for the same repository, commit, environment and service. */
  traceId: string;
  root: SpanFacts;
  /** The stages, which add up to it; none where they are not known. */
  children: SpanFacts[];
  /** The run that deployed it, as the collector's GitHub receiver names its trace; `null`: it is not known. */
  link: { traceId: string; spanId: string } | null;
}

export interface GaugeFacts {
  name: string;
  description: string;
  unit: string;
  value: number;
  attributes: Attributes;
}

/** What holds for all signals of an environment. */
export interface EnvironmentSignals {
  resource: Attributes;
  /** When the gauges hold, in milliseconds since the epoch. */
  at: number;
  traces: TraceFacts[];
  gauges: GaugeFacts[];
}

/** Of which changes traces are sent: what the run's own deployment shipped, all of the window, or none. */
export type Which = 'shipped' | 'window' | 'none';

const SERVICE_NAME = 'deploy-latency-guard';

/** The signals of a repository's units, those of one environment together. */
export function signalsOf(reports: readonly Report[], which: Which): EnvironmentSignals[] {
  const environments = [...new Set(reports.map((report) => report.environment))];
  return environments.flatMap((environment) => {
    const units = reports.filter((report) => report.environment === environment);
    const [first] = units;
    if (!first) return [];
    return [
      {
        resource: {
          'service.name': SERVICE_NAME,
          'vcs.repository.url.full': first.repositoryUrl,
          'deployment.environment.name': first.environment,
        },
        at: Date.parse(first.window.to),
        traces: units.flatMap((report) => tracesOf(report, which)),
        gauges: units.flatMap(gaugesOf),
      },
    ];
  });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The ids that the collector's GitHub receiver gives a run's attempt and its first span (receiver/githubreceiver). */
export const receiverIdsOf = (run: number, attempt: number) => ({
  traceId: sha256(`${run}${attempt}t`).slice(0, 32),
  spanId: sha256(`${run}${attempt}s`).slice(16, 32),
});

function tracesOf(report: Report, which: Which): TraceFacts[] {
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

/** `null`: it is not live, or since when is not known. */
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
  let reached = from;
  return {
    traceId: digest.slice(0, 32),
    root: {
      id: digest.slice(32, 48),
      name: 'merge to live',
      from,
      to: from + change.leadTimeSeconds * 1000,
      attributes: {
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
      },
    },
    children: segments.map(({ stage, name: job, seconds }, i) => {
      const begin = reached;
      reached += seconds * 1000;
      return {
        id: sha256(`${key}|${i}`).slice(0, 16),
        name: stage,
        from: begin,
        to: reached,
        attributes: {
          'deploy_latency.stage': stage,
          ...(job === undefined ? {} : { 'cicd.pipeline.task.name': job }),
          ...(stage === 'deploy' ? { 'cicd.pipeline.task.type': 'deploy' } : {}),
        },
      };
    }),
    link: run === null ? null : receiverIdsOf(run.id, run.attempt),
  };
}

/** A figure that is unknown, or that what could not be read puts at risk, is left out: it is never a zero. */
function gaugesOf(report: Report): GaugeFacts[] {
  const own: Attributes = report.service ? { 'deploy_latency.service': report.service } : {};
  const gauge = (
    name: string,
    service: string,
    description: string,
    value: number,
    attributes: Attributes = {},
  ): GaugeFacts => ({
    name: `deploy_latency.${name}`,
    unit: service,
    description,
    value,
    attributes: { ...own, ...attributes },
  });
  const isKnown = !report.completeness.gaps.some((gap) => gap.verdictAtRisk);
  const pending = pendingIn(report);
  const oldest = pending.reduce((most, mergeset) => Math.max(most, mergeset.waitingSeconds ?? 0), 0);
  return [
    ...STATISTICS.flatMap((statistic) => {
      const value = report.leadTime[statistic];
      return value === null || !isKnown
        ? []
        : [
            gauge('lead_time', 's', 'From merge to live, of the window', value, {
              'deploy_latency.statistic': statistic,
            }),
          ];
    }),
    gauge('target', 's', "The team's time from merge to live", report.target.seconds, {
      'deploy_latency.statistic': report.target.statistic,
    }),
    ...(isKnown
      ? [
          gauge('pending', '{change}', 'Merged changes that are not live', pending.length),
          gauge(
            'batched',
            '{deployment}',
            'Deployments of the window that shipped more changes than max-batch',
            batchesIn(report),
          ),
          gauge('oldest_pending', 's', 'How long the oldest of them waits; 0: none does', oldest),
        ]
      : []),
  ];
}
