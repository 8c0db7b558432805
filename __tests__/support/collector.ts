import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/**
 * An OpenTelemetry collector on loopback. It reads requests with the published protobuf definitions of OTLP. A JSON request
 * is converted to a message and back, and has to stay the same.
 */

/** A definition in protobufjs. */
interface MessageType {
  fromObject(value: object): object;
  verify(value: object): string | null;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  toObject(message: object, options: object): Json;
}
// biome-ignore lint/suspicious/noExplicitAny: this reads OTLP messages like any backend.
type Json = any;

// The package does not export its definitions.
const require = createRequire(import.meta.url);
const root = require(
  require.resolve('otlp-proto').replace(/build\/src\/.*$/, 'build/src/generated/root.js'),
) as Json;
const { trace, metrics } = root.opentelemetry.proto.collector;
const TYPES: Record<string, MessageType> = {
  '/v1/traces': trace.v1.ExportTraceServiceRequest,
  '/v1/metrics': metrics.v1.ExportMetricsServiceRequest,
};

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  /** The message, with ids in hexadecimal and 64-bit numbers as strings. */
  message: Json;
  /** Differences between the JSON that was sent and its message. */
  faults: string[];
}

const ID_KEYS = new Set(['traceId', 'spanId', 'parentSpanId']);

/** Replaces values by key. OTLP's JSON has ids in hexadecimal, and protobuf's has them in base64. */
function replaced(value: Json, replace: (key: string, value: Json) => Json): Json {
  if (Array.isArray(value)) return value.map((item) => replaced(item, replace));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, replaced(replace(key, field), replace)]),
  );
}

function read(path: string, body: Buffer, isJson: boolean): Pick<Received, 'message' | 'faults'> {
  const type = TYPES[path];
  if (!type) return { message: null, faults: [`nothing is at ${path}`] };
  const jsonOf = (message: object) =>
    replaced(type.toObject(message, { longs: String, enums: Number }), (key, value) =>
      ID_KEYS.has(key) ? Buffer.from(value).toString('hex') : value,
    );
  if (!isJson) return { message: jsonOf(type.decode(body)), faults: [] };
  const sent = JSON.parse(body.toString());
  const withBytes = replaced(sent, (key, value) => (ID_KEYS.has(key) ? Buffer.from(value, 'hex') : value));
  const message = jsonOf(type.decode(type.encode(type.fromObject(withBytes)).finish()));
  const faults: string[] = [];
  compare('', sent, message, faults);
  return { message, faults };
}

/** Everything that was sent has to come back, except for default values. */
function compare(path: string, sent: Json, message: Json, faults: string[]): void {
  if (typeof sent === 'object' && sent !== null) {
    for (const [key, value] of Object.entries(sent)) compare(`${path}.${key}`, value, message?.[key], faults);
    return;
  }
  const isDefault = message === undefined && (sent === 0 || sent === '' || sent === '0' || sent === false);
  if (!isDefault && String(sent) !== String(message)) faults.push(`${path}: ${sent} became ${message}`);
}

export interface Collector {
  endpoint: string;
  received: Received[];
  close(): Promise<void>;
}

/** The response to a request, some of whose spans are older than a backend accepts. */
function responseTo(path: string, message: Json, isJson: boolean, rejected: number): Buffer | string {
  const partialSuccess =
    rejected === 0 ? null : { rejectedSpans: rejected, errorMessage: 'span started too long ago' };
  if (isJson) return JSON.stringify(partialSuccess === null ? {} : { partialSuccess });
  if (message === null || partialSuccess === null || path !== '/v1/traces') return '';
  const type: MessageType = trace.v1.ExportTraceServiceResponse;
  return Buffer.from(type.encode(type.fromObject({ partialSuccess })).finish());
}

/** Removes the spans that started before an instant, and counts them. */
function dropBefore(message: Json, milliseconds: number): number {
  let dropped = 0;
  for (const { scopeSpans } of message?.resourceSpans ?? [])
    for (const scope of scopeSpans) {
      const kept = scope.spans.filter((span: Json) => Number(span.startTimeUnixNano) / 1e6 >= milliseconds);
      dropped += scope.spans.length - kept.length;
      scope.spans = kept;
    }
  return dropped;
}

export interface CollectorOptions {
  /** HTTP status of its responses; `null`: it never responds. */
  status?: number | null;
  /** It rejects spans that started before this instant, in milliseconds since the epoch. */
  from?: number;
}

export async function startCollector({ status = 200, from = 0 }: CollectorOptions = {}): Promise<Collector> {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      const isJson = request.headers['content-type'] === 'application/json';
      const path = request.url ?? '';
      const { message, faults } = read(path, body, isJson);
      const rejected = dropBefore(message, from);
      received.push({ path, headers: request.headers, message, faults });
      if (status !== null)
        response
          .writeHead(status, { 'content-type': request.headers['content-type'] ?? '' })
          .end(responseTo(path, message, isJson, rejected));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

/** All spans in the requests. */
export const spansIn = (received: readonly Received[]): Json[] =>
  received.flatMap(({ message }) =>
    (message.resourceSpans ?? []).flatMap((resourceSpan: Json) =>
      resourceSpan.scopeSpans.flatMap((scope: Json) => scope.spans),
    ),
  );

/** All gauge points, with the name and unit of the metric. */
export const gaugesIn = (received: readonly Received[]): Json[] =>
  received.flatMap(({ message }) =>
    (message.resourceMetrics ?? []).flatMap((resourceMetric: Json) =>
      resourceMetric.scopeMetrics.flatMap((scope: Json) =>
        scope.metrics.flatMap((metric: Json) =>
          metric.gauge.dataPoints.map((point: Json) => ({ name: metric.name, unit: metric.unit, ...point })),
        ),
      ),
    ),
  );

/** Attribute values by key. */
export const attributesOf = ({ attributes = [] }: Json): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }: Json) => [key, Object.values(value)[0]]));

export const resourceIn = ({ message }: Received): Record<string, unknown> =>
  attributesOf((message.resourceSpans ?? message.resourceMetrics)[0].resource);
