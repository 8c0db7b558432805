import { readFile } from 'node:fs/promises';
import type { Agent } from 'node:http';
import {
  DiagConsoleLogger,
  DiagLogLevel,
  diag,
  type HrTime,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { MeterProvider, MetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { VERSION } from '../model/version.ts';
import type { Proxied, Telemetry } from './settings.ts';
import type { EnvironmentSignals, SpanFacts, TraceFacts } from './signals.ts';

/** Sends signals with OpenTelemetry's SDK, which only loads if an endpoint is set. */

export interface Unsent {
  /** One line per failure. */
  failures: string[];
  /** What the collector rejected, in one line; `null`: nothing. */
  rejected: string | null;
}

/** Sends traces and gauges. It never rejects, and gives up after `telemetry.timeoutMilliseconds`. */
export async function send(signals: readonly EnvironmentSignals[], telemetry: Telemetry): Promise<Unsent> {
  const failures = new Set(telemetry.errors);
  const rejections = new Rejections();
  logAt(telemetry.logLevel, rejections);
  const sending = Promise.all(
    signals.flatMap((signal) => [
      sendTraces(signal, telemetry, failures),
      sendGauges(signal, telemetry, failures),
    ]),
  ).catch((error: unknown) => void failures.add(reasonOf(error)));
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      failures.add(`no answer within ${telemetry.timeoutMilliseconds / 1000} seconds`);
      resolve();
    }, telemetry.timeoutMilliseconds);
  });
  await Promise.race([sending, timeout]);
  clearTimeout(timer);
  return { failures: [...failures], rejected: rejections.line() };
}

/** Parts of requests that the collector rejected, by kind. Source: OTLP's `ExportTracePartialSuccess` and its siblings. */
class Rejections {
  readonly #counts = { rejectedSpans: 0, rejectedDataPoints: 0 };
  readonly #reasons = new Set<string>();
  add(partialSuccess: Record<string, unknown>): void {
    for (const kind of ['rejectedSpans', 'rejectedDataPoints'] as const)
      this.#counts[kind] += Number(partialSuccess[kind] ?? 0);
    if (partialSuccess.errorMessage) this.#reasons.add(String(partialSuccess.errorMessage));
  }
  line(): string | null {
    const { rejectedSpans: spans, rejectedDataPoints: points } = this.#counts;
    const reasons = [...this.#reasons].join('; ');
    const counts = [
      ...(spans > 0 ? [spans === 1 ? '1 span' : `${spans} spans`] : []),
      ...(points > 0 ? [points === 1 ? '1 gauge' : `${points} gauges`] : []),
    ].join(' and ');
    if (counts === '') return null;
    return `${counts}${reasons === '' ? '' : `: ${reasons}`}`;
  }
}

/** Logs for OTEL_LOG_LEVEL. The exporters report what a collector rejected only as a warning in this log. */
function logAt(level: string | null, rejections: Rejections): void {
  const logLevel = DiagLogLevel[level?.toUpperCase() as keyof typeof DiagLogLevel] ?? DiagLogLevel.NONE;
  const printed = new DiagConsoleLogger();
  const logger = Object.assign(new DiagConsoleLogger(), {
    warn(message: string, ...details: unknown[]) {
      if (message.includes('Partial Success')) rejections.add(JSON.parse(String(details[0])));
      if (logLevel >= DiagLogLevel.WARN) printed.warn(message, ...details);
    },
    ...(logLevel < DiagLogLevel.ERROR ? { error: () => undefined } : {}),
  });
  diag.setLogger(logger, {
    logLevel: Math.max(logLevel, DiagLogLevel.WARN),
    suppressOverrideMessage: true,
  });
}

/** Options of an exporter that make it use the proxy. The official exporter knows none. */
async function throughProxy(proxied: Proxied | null): Promise<{ httpAgentOptions?: () => Agent }> {
  if (proxied === null) return {};
  const { HttpClient } = await import('@actions/http-client');
  const agent = new HttpClient().getAgent(proxied.address) as Agent & { options: object };
  const certificates = await Promise.all(
    Object.entries(proxied.files).map(async ([option, file]) => [option, await readFile(file)] as const),
  );
  Object.assign(agent.options, Object.fromEntries(certificates));
  return { httpAgentOptions: () => agent };
}

const reasonOf = (error: unknown): string => {
  const { message, code } = error as { message?: string; code?: string | number };
  return [code, message].filter((part) => part !== undefined && part !== '').join(' ') || String(error);
};

/** OTEL_RESOURCE_ATTRIBUTES overrides our attributes, and OTEL_SERVICE_NAME overrides both. */
const resourceOf = ({ resource }: EnvironmentSignals): Resource =>
  defaultResource()
    .merge(resourceFromAttributes(resource))
    .merge(detectResources({ detectors: [envDetector] }));

async function sendTraces(
  signals: EnvironmentSignals,
  { traces: protocol, sampler, limits, batch, proxied }: Telemetry,
  failures: Set<string>,
): Promise<void> {
  if (protocol === null || signals.traces.length === 0) return;
  const { OTLPTraceExporter } =
    protocol === 'http/protobuf'
      ? await import('@opentelemetry/exporter-trace-otlp-proto')
      : await import('@opentelemetry/exporter-trace-otlp-http');
  const ids = new FixedIds();
  const spans = signals.traces.reduce((sum, trace) => sum + 1 + trace.children.length, 0);
  const provider = new TracerProvider({
    resource: resourceOf(signals),
    idGenerator: ids,
    sampler: samplerOf(sampler),
    spanLimits: limits,
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: collectingErrors(new OTLPTraceExporter(await throughProxy(proxied.traces)), failures),
        maxExportBatchSize: batch,
        // All spans arrive at once, and a shorter queue would drop some.
        maxQueueSize: Math.max(spans, batch),
      }),
    ],
  });
  const tracer = provider.getTracer('deploy-latency-guard', VERSION);
  for (const facts of signals.traces) {
    const span = tracer.startSpan(
      ids.next(facts.root, facts.traceId).name,
      {
        kind: SpanKind.INTERNAL,
        startTime: facts.root.from,
        attributes: facts.root.attributes,
        links: linksOf(facts),
        root: true,
      },
      ROOT_CONTEXT,
    );
    const within = trace.setSpan(ROOT_CONTEXT, span);
    for (const child of facts.children)
      tracer
        .startSpan(
          ids.next(child, facts.traceId).name,
          { kind: SpanKind.INTERNAL, startTime: child.from, attributes: child.attributes },
          within,
        )
        .end(child.to);
    span.end(facts.root.to);
  }
  await provider.forceFlush();
  await provider.shutdown();
}

/** Ids that depend on the change, so that every run sends the same ones. The SDK's own would be random. */
class FixedIds {
  #traceId = '';
  #spanId = '';
  /** Sets the ids of the next span. */
  next(span: SpanFacts, traceId: string): SpanFacts {
    this.#traceId = traceId;
    this.#spanId = span.id;
    return span;
  }
  generateTraceId = (): string => this.#traceId;
  generateSpanId = (): string => this.#spanId;
}

function linksOf({ link }: TraceFacts): { context: SpanContext }[] {
  return link === null ? [] : [{ context: { ...link, traceFlags: TraceFlags.SAMPLED, isRemote: true } }];
}

/** Collects the errors of an exporter, because the span processor drops them. */
function collectingErrors(exporter: SpanExporter, failures: Set<string>): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined) failures.add(`traces: ${reasonOf(result.error)}`);
        done({ code: 0 });
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

async function sendGauges(
  signals: EnvironmentSignals,
  { metrics: protocol, proxied }: Telemetry,
  failures: Set<string>,
): Promise<void> {
  if (protocol === null || signals.gauges.length === 0) return;
  const { OTLPMetricExporter } =
    protocol === 'http/protobuf'
      ? await import('@opentelemetry/exporter-metrics-otlp-proto')
      : await import('@opentelemetry/exporter-metrics-otlp-http');
  const exporter: PushMetricExporter = new OTLPMetricExporter(await throughProxy(proxied.metrics));
  const reader = new ReadOnce();
  const provider = new MeterProvider({ resource: resourceOf(signals), readers: [reader] });
  const meter = provider.getMeter('deploy-latency-guard', VERSION);
  // For a name that exists, createGauge returns the same gauge again.
  for (const { name, description, unit, value, attributes } of signals.gauges)
    meter.createGauge(name, { description, unit }).record(value, attributes);
  const { resourceMetrics } = await reader.collect();
  const at: HrTime = [Math.floor(signals.at / 1000), (signals.at % 1000) * 1e6];
  for (const { metrics } of resourceMetrics.scopeMetrics)
    for (const { dataPoints } of metrics)
      for (const point of dataPoints) Object.assign(point, { startTime: at, endTime: at });
  await new Promise<void>((resolve) =>
    exporter.export(resourceMetrics, ({ error }) => {
      if (error !== undefined) failures.add(`metrics: ${reasonOf(error)}`);
      resolve();
    }),
  );
  await exporter.shutdown();
}

/** Collects once. A periodic reader would send the values again at shutdown. */
class ReadOnce extends MetricReader {
  protected async onShutdown(): Promise<void> {}
  protected async onForceFlush(): Promise<void> {}
}

/** The specification treats an unknown sampler like the default. */
function samplerOf({ name, ratio }: Telemetry['sampler']): Sampler {
  const samplers: Record<string, () => Sampler> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  };
  const sampler = samplers[name];
  if (sampler) return sampler();
  const root = samplers[name.replace(/^parentbased_/, '')]?.() ?? new AlwaysOnSampler();
  return new ParentBasedSampler({ root });
}
