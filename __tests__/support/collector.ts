import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/**
 * A collector on loopback, which reads what it is sent by the published protobuf definitions of OTLP: in their binary form
 * as it is; in JSON by making a message of it, which must come to the same JSON again, with nothing unknown in it.
 */

/** What protobufjs makes of a definition. */
interface MessageType {
  fromObject(value: object): object;
  verify(value: object): string | null;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  toObject(message: object, options: object): Json;
}
// biome-ignore lint/suspicious/noExplicitAny: OTLP's messages are read here as any backend reads them.
type Json = any;

// The package does not export its definitions by a path of their own.
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
  /** As the definitions have it, with ids in hexadecimal and 64-bit numbers as texts. */
  message: Json;
  /** Where it was sent as JSON and is not what the definitions make of it again: both. */
  faults: string[];
}

const ID = new Set(['traceId', 'spanId', 'parentSpanId']);

/** OTLP's JSON has ids in hexadecimal, where protobuf's own has base64; numbers of enumerations stay numbers. */
function walked(value: Json, change: (key: string, each: Json) => Json): Json {
  if (Array.isArray(value)) return value.map((each) => walked(each, change));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, walked(change(key, each), change)]),
  );
}

function read(path: string, body: Buffer, isJson: boolean): Pick<Received, 'message' | 'faults'> {
  const type = TYPES[path];
  if (!type) return { message: null, faults: [`nothing is at ${path}`] };
  const told = (message: object) =>
    walked(type.toObject(message, { longs: String, enums: Number }), (key, each) =>
      ID.has(key) ? Buffer.from(each).toString('hex') : each,
    );
  if (!isJson) return { message: told(type.decode(body)), faults: [] };
  const sent = JSON.parse(body.toString());
  const withBytes = walked(sent, (key, each) => (ID.has(key) ? Buffer.from(each, 'hex') : each));
  const message = told(type.decode(type.encode(type.fromObject(withBytes)).finish()));
  const faults: string[] = [];
  different('', sent, message, faults);
  return { message, faults };
}

/** A zero or an empty list may be left out; anything else that is sent must come back. */
function different(path: string, sent: Json, got: Json, faults: string[]): void {
  if (typeof sent === 'object' && sent !== null) {
    for (const [key, each] of Object.entries(sent)) different(`${path}.${key}`, each, got?.[key], faults);
    return;
  }
  const isDefault = got === undefined && (sent === 0 || sent === '' || sent === '0' || sent === false);
  if (!isDefault && String(sent) !== String(got)) faults.push(`${path}: ${sent} became ${got}`);
}

export interface Collector {
  endpoint: string;
  received: Received[];
  close(): Promise<void>;
}

/** @param status - what it answers; `null`: it takes the request and never answers. */
export async function startCollector(status: number | null = 200): Promise<Collector> {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      const isJson = request.headers['content-type'] === 'application/json';
      const path = request.url ?? '';
      received.push({ path, headers: request.headers, ...read(path, body, isJson) });
      if (status !== null)
        response
          .writeHead(status, { 'content-type': request.headers['content-type'] ?? '' })
          .end(isJson ? '{}' : undefined);
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

/** All spans of what was received. */
export const spansIn = (received: readonly Received[]): Json[] =>
  received.flatMap(({ message }) =>
    (message.resourceSpans ?? []).flatMap((resourceSpan: Json) =>
      resourceSpan.scopeSpans.flatMap((scope: Json) => scope.spans),
    ),
  );

/** All points of gauges, with the metric's name and unit. */
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

/** Attributes by their keys. */
export const attributesOf = ({ attributes = [] }: Json): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }: Json) => [key, Object.values(value)[0]]));

export const resourceIn = ({ message }: Received): Record<string, unknown> =>
  attributesOf((message.resourceSpans ?? message.resourceMetrics)[0].resource);
