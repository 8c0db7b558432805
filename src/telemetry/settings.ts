/**
 * Settings from OpenTelemetry's standard variables. The official exporter reads the others: addresses, headers, time-outs,
 * compression and certificates.
 * Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ and …/protocol/exporter/.
 */

export type Protocol = 'http/json' | 'http/protobuf';

export interface Telemetry {
  /** `null`: traces are not sent. The same applies to metrics. */
  traces: Protocol | null;
  metrics: Protocol | null;
  /** OTEL_TRACES_SAMPLER and its argument. */
  sampler: { name: string; ratio: number };
  limits: { attributeCountLimit?: number; attributeValueLengthLimit?: number; linkCountLimit?: number };
  /** Maximum number of spans per request. */
  batch: number;
  /** OTEL_LOG_LEVEL. `null`: the SDK logs nothing. */
  logLevel: string | null;
  /** Addresses to reach through a proxy. The official exporter would not use one. */
  proxied: { traces: Proxied | null; metrics: Proxied | null };
  /** Errors in the variables. The guard does not send a signal with an error. */
  errors: string[];
  /** Milliseconds after which sending gives up. */
  timeoutMilliseconds: number;
}

export interface Proxied {
  address: string;
  /** Files of certificates and of a key, by the option of Node's TLS. */
  files: Partial<Record<'ca' | 'cert' | 'key', string>>;
}

/** The documentation promises ten seconds, which include loading the SDK. */
const PATIENCE = 9_000;

type Env = Readonly<Record<string, string | undefined>>;

/** @returns `null` if there is nothing to send: no endpoint is set, or OTEL_SDK_DISABLED is. */
export function readTelemetry(env: Env, isProxied = false): Telemetry | null {
  if (/^true$/i.test((env.OTEL_SDK_DISABLED ?? '').trim())) return null;
  const faults: string[] = [];
  const [traces = null, metrics = null] = (['TRACES', 'METRICS'] as const).map((signal) => {
    if (!env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] && !env.OTEL_EXPORTER_OTLP_ENDPOINT) return null;
    const exporters = (env[`OTEL_${signal}_EXPORTER`] || 'otlp').split(',').map((name) => name.trim());
    if (!exporters.includes('otlp')) return null;
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
    proxied: {
      traces: isProxied ? proxiedIn(env, 'TRACES') : null,
      metrics: isProxied ? proxiedIn(env, 'METRICS') : null,
    },
    batch: numberIn(env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE) || 512,
    errors: faults,
    timeoutMilliseconds: PATIENCE,
  };
}

/** `null`: no address is set, or it cannot be read, which the exporter reports. */
function proxiedIn(env: Env, signal: 'TRACES' | 'METRICS'): Proxied | null {
  const variable = (name: string) =>
    env[`OTEL_EXPORTER_OTLP_${signal}_${name}`] || env[`OTEL_EXPORTER_OTLP_${name}`];
  const address = variable('ENDPOINT');
  if (!address || !URL.canParse(address)) return null;
  const [ca, cert, key] = ['CERTIFICATE', 'CLIENT_CERTIFICATE', 'CLIENT_KEY'].map(variable);
  return { address, files: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } };
}

/** Zero or more. The specification treats any other value like an unset variable. */
function numberIn(text: string | undefined): number | null {
  const number = Number(text || Number.NaN);
  return Number.isFinite(number) && number >= 0 ? number : null;
}

/** A limit for spans overrides the general one. */
function limitsIn(env: Env): Telemetry['limits'] {
  const variables = {
    attributeCountLimit: ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
    attributeValueLengthLimit: [
      'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
      'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    ],
    linkCountLimit: ['OTEL_SPAN_LINK_COUNT_LIMIT'],
  };
  return Object.fromEntries(
    Object.entries(variables).flatMap(([limit, names]) => {
      const value = names.map((name) => numberIn(env[name])).find((number) => number !== null);
      return value === undefined ? [] : [[limit, value]];
    }),
  );
}
