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
import type { Protocol, Telemetry } from './settings.ts';
import type { EnvironmentSignals, SpanFacts, TraceFacts } from './signals.ts';

/** Sends signals with OpenTelemetry's SDK, which only loads if an endpoint is set. */

/**
 * Sends traces and gauges. It never rejects, and gives up after `telemetry.timeoutMilliseconds`.
 *
 * @returns one line per failure.
 */
export async function send(signals: readonly EnvironmentSignals[], telemetry: Telemetry): Promise<string[]> {
  const failures = new Set(telemetry.errors);
  logAt(telemetry.logLevel);
  const sending = Promise.all(
    signals.flatMap((signal) => [
      sendTraces(signal, telemetry, failures),
      sendGauges(signal, telemetry.metrics, failures),
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
  return [...failures];
}

function logAt(level: string | null): void {
  const logLevel = DiagLogLevel[level?.toUpperCase() as keyof typeof DiagLogLevel];
  if (logLevel !== undefined) diag.setLogger(new DiagConsoleLogger(), { logLevel });
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
  { traces: protocol, sampler, limits, batch }: Telemetry,
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
        exporter: collectingErrors(new OTLPTraceExporter(), failures),
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
  protocol: Protocol | null,
  failures: Set<string>,
): Promise<void> {
  if (protocol === null || signals.gauges.length === 0) return;
  const { OTLPMetricExporter } =
    protocol === 'http/protobuf'
      ? await import('@opentelemetry/exporter-metrics-otlp-proto')
      : await import('@opentelemetry/exporter-metrics-otlp-http');
  const exporter: PushMetricExporter = new OTLPMetricExporter();
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
