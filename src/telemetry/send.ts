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

/** The official SDK: it is loaded where an endpoint is set, and nowhere else. It changes nothing about the outcome. */

/**
 * Sends traces and gauges. It never rejects, and gives up when its patience ends.
 *
 * @returns what was not sent, a line each; empty: all was taken.
 */
export async function send(signals: readonly EnvironmentSignals[], telemetry: Telemetry): Promise<string[]> {
  const failures = new Set(telemetry.faults);
  logAt(telemetry.logLevel);
  const sending = Promise.all(
    signals.flatMap((signal) => [
      sendTraces(signal, telemetry, failures),
      sendGauges(signal, telemetry.metrics, failures),
    ]),
  ).catch((error: unknown) => void failures.add(reasonOf(error)));
  let clock: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    clock = setTimeout(() => {
      failures.add(`it was not taken within ${telemetry.patience / 1000} seconds`);
      resolve();
    }, telemetry.patience);
  });
  await Promise.race([sending, late]);
  clearTimeout(clock);
  return [...failures];
}

function logAt(level: string | null): void {
  const found = level === null ? undefined : DiagLogLevel[level.toUpperCase() as keyof typeof DiagLogLevel];
  if (found !== undefined) diag.setLogger(new DiagConsoleLogger(), { logLevel: found });
}

const reasonOf = (error: unknown): string => {
  const { message, code } = error as { message?: string; code?: string | number };
  return [code, message].filter((each) => each !== undefined && each !== '').join(' ') || String(error);
};

/** By attributes of our own, then by OTEL_RESOURCE_ATTRIBUTES, then by OTEL_SERVICE_NAME. */
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
  const ids = new GivenIds();
  const spans = signals.traces.reduce((sum, trace) => sum + 1 + trace.children.length, 0);
  const provider = new TracerProvider({
    resource: resourceOf(signals),
    idGenerator: ids,
    sampler: samplerOf(sampler),
    spanLimits: limits,
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: watched(new OTLPTraceExporter(), failures),
        maxExportBatchSize: batch,
        // All are there at once: a queue that is shorter would drop some.
        maxQueueSize: Math.max(spans, batch),
      }),
    ],
  });
  const tracer = provider.getTracer('deploy-latency-guard', VERSION);
  for (const facts of signals.traces) {
    const span = tracer.startSpan(
      ids.given(facts.root, facts.traceId).name,
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
          ids.given(child, facts.traceId).name,
          { kind: SpanKind.INTERNAL, startTime: child.from, attributes: child.attributes },
          within,
        )
        .end(child.to);
    span.end(facts.root.to);
  }
  await provider.forceFlush();
  await provider.shutdown();
}

/** Ids are made of what a span is about, not drawn. */
class GivenIds {
  #traceId = '';
  #spanId = '';
  given(span: SpanFacts, traceId: string): SpanFacts {
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

/** Notes what an exporter could not send: the processor above it tells nobody. */
function watched(exporter: SpanExporter, failures: Set<string>): SpanExporter {
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
  // A meter makes an instrument of a name once, and gives it again.
  for (const { name, description, unit: service, value, attributes } of signals.gauges)
    meter.createGauge(name, { description, unit: service }).record(value, attributes);
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

/** Collected once, at the moment that the figures hold at; a periodic reader would send them again when it is shut down. */
class ReadOnce extends MetricReader {
  protected async onShutdown(): Promise<void> {}
  protected async onForceFlush(): Promise<void> {}
}

/** A sampler that is not known is the default, as the specification has it. */
function samplerOf({ name, ratio }: Telemetry['sampler']): Sampler {
  const of: Record<string, () => Sampler> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  };
  const own = of[name];
  if (own) return own();
  const root = of[name.replace(/^parentbased_/, '')] ?? (() => new AlwaysOnSampler());
  return new ParentBasedSampler({ root: root() });
}
