/**
 * Whether and how to send to OpenTelemetry, by the standard variables: they alone say so, and what reads them further
 * (addresses, headers, time-outs, compression, certificates) is the official exporter.
 * Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ and …/protocol/exporter/.
 */

/** What a signal is sent as, over HTTP. */
export type Protocol = 'http/json' | 'http/protobuf';

export interface Telemetry {
  /** `null`: not sent. */
  traces: Protocol | null;
  metrics: Protocol | null;
  /** OTEL_TRACES_SAMPLER, as it was given, and its argument. */
  sampler: { name: string; ratio: number };
  /** The limits of attributes and links that are set. */
  limits: { attributeCountLimit?: number; attributeValueLengthLimit?: number; linkCountLimit?: number };
  /** How many spans are sent together. */
  batch: number;
  /** OTEL_LOG_LEVEL: how much the SDK tells of itself; `null`: nothing. */
  logLevel: string | null;
  /** What cannot be done as it was asked for; it is not sent then. */
  faults: string[];
  /** Milliseconds after which sending gives up. */
  patience: number;
}

/** With the time that loading the SDK takes, a run stays below the ten seconds that the documentation promises. */
const PATIENCE = 9_000;

type Env = Readonly<Record<string, string | undefined>>;

/** @returns `null` where nothing is to be sent: no endpoint is set, or OTEL_SDK_DISABLED is. */
export function telemetryOf(env: Env): Telemetry | null {
  if (/^true$/i.test((env.OTEL_SDK_DISABLED ?? '').trim())) return null;
  const faults: string[] = [];
  const [traces = null, metrics = null] = (['TRACES', 'METRICS'] as const).map((signal) => {
    if (!env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] && !env.OTEL_EXPORTER_OTLP_ENDPOINT) return null;
    const exporter = (env[`OTEL_${signal}_EXPORTER`] || 'otlp').split(',').map((each) => each.trim());
    if (!exporter.includes('otlp')) return null;
    const protocol =
      env[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] || env.OTEL_EXPORTER_OTLP_PROTOCOL || 'http/json';
    if (protocol === 'http/json' || protocol === 'http/protobuf') return protocol;
    faults.push(
      `OTEL_EXPORTER_OTLP_PROTOCOL is "${protocol.slice(0, 40)}" for ${signal.toLowerCase()}; accepted: http/json, http/protobuf`,
    );
    return null;
  });
  if (traces === null && metrics === null && faults.length === 0) return null;
  return {
    traces,
    metrics,
    sampler: {
      name: env.OTEL_TRACES_SAMPLER || 'parentbased_always_on',
      ratio: numberIn(env.OTEL_TRACES_SAMPLER_ARG) ?? 1,
    },
    limits: limitsIn(env),
    logLevel: env.OTEL_LOG_LEVEL || null,
    batch: numberIn(env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE) || 512,
    faults,
    patience: PATIENCE,
  };
}

/** Zero or more; anything else is as if it were not set, as the specification has it. */
function numberIn(text: string | undefined): number | null {
  const number = Number(text || Number.NaN);
  return Number.isFinite(number) && number >= 0 ? number : null;
}

/** Of spans, or else of all. */
function limitsIn(env: Env): Telemetry['limits'] {
  const limit = (...names: string[]) =>
    names.map((name) => numberIn(env[name])).find((each) => each !== null);
  const attributeCountLimit = limit('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT');
  const attributeValueLengthLimit = limit(
    'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
  );
  const linkCountLimit = limit('OTEL_SPAN_LINK_COUNT_LIMIT');
  return {
    ...(attributeCountLimit === undefined ? {} : { attributeCountLimit }),
    ...(attributeValueLengthLimit === undefined ? {} : { attributeValueLengthLimit }),
    ...(linkCountLimit === undefined ? {} : { linkCountLimit }),
  };
}
