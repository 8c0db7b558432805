import { beforeAll, describe, expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import type { Report } from '../../src/report/contract.ts';
import { readTelemetry } from '../../src/telemetry/settings.ts';
import { receiverIdsOf, signalsOf } from '../../src/telemetry/signals.ts';
import { ask } from '../support/ask.ts';

/** Signals before the SDK sends them, and OpenTelemetry's variables. */

let report: Report;
beforeAll(async () => {
  ({ report } = await ask(sampleTeam(), { now: SAMPLE_NOW, inputs: { mode: 'scheduled' } }));
});
const reportOf = (service: string): Report => ({ ...report, service });

describe('traces', () => {
  test('have an id per repository, environment, service and merge commit', () => {
    const ids = (reports: Report[]) =>
      signalsOf(reports, 'window').flatMap((signal) => signal.traces.map(({ traceId }) => traceId));
    const all = ids([
      report,
      reportOf('api'),
      reportOf('web'),
      { ...report, environment: 'staging' },
      { ...report, repository: 'larkspur/other' },
    ]);
    expect(all).toHaveLength(55);
    expect(new Set(all).size).toBe(55);
    expect(ids([reportOf('api')])).toEqual(ids([reportOf('api')]));
  });

  test('have spans with different ids, and none is zero', () => {
    for (const { root, children } of signalsOf([report], 'window').flatMap((signal) => signal.traces)) {
      const ids = [root, ...children].map((span) => span.id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
    }
  });

  test('are empty for shipped changes if the run has no deployment', () => {
    expect(signalsOf([report], 'shipped').flatMap((signal) => signal.traces)).toEqual([]);
  });

  test("link to the ids of the collector's GitHub receiver", () => {
    // sha256 of "42421t" and "42421s", computed with sha256sum.
    expect(receiverIdsOf(4242, 1)).toEqual({
      traceId: '6a11f1c4957c295dafe16d781244c3ef',
      spanId: '130c2aa62f59822e',
    });
  });
});

describe('gauges', () => {
  const names = (reports: Report[]) =>
    signalsOf(reports, 'none').flatMap((signal) => signal.gauges.map(({ name }) => name));

  test('of services share the resource of their environment and differ by an attribute', () => {
    const signals = signalsOf(
      [reportOf('api'), reportOf('web'), { ...report, environment: 'staging' }],
      'none',
    );
    expect(signals.map((signal) => signal.resource['deployment.environment.name'])).toEqual([
      'production',
      'staging',
    ]);
    const targets = signals[0]?.gauges.filter((gauge) => gauge.name === 'deploy_latency.target') ?? [];
    expect(targets.map((target) => target.attributes['deploy_latency.service'])).toEqual(['api', 'web']);
  });

  test('at risk because of unread data are left out', () => {
    const gap = { what: 'x', consequence: 'y', verdictAtRisk: true };
    expect(names([{ ...report, completeness: { complete: false, gaps: [gap] } }])).toEqual([
      'deploy_latency.target',
    ]);
    expect(names([report])).toContain('deploy_latency.oldest_pending');
  });

  test('for unknown statistics are left out', () => {
    const leadTime = { ...report.leadTime, p95: null };
    const statistics = signalsOf([{ ...report, leadTime }], 'none')
      .flatMap((signal) => signal.gauges)
      .filter((gauge) => gauge.name === 'deploy_latency.lead_time')
      .map((gauge) => gauge.attributes['deploy_latency.statistic']);
    expect(statistics).not.toContain('p95');
    expect(statistics).toContain('p50');
  });
});

describe('telemetryOf reads', () => {
  const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x' };
  test.each([
    ['no endpoint', {}, null],
    ['OTEL_SDK_DISABLED', { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }, null],
    ['the endpoint', ENDPOINT, { traces: 'http/json', metrics: 'http/json' }],
    [
      'an endpoint for metrics',
      { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://x' },
      { traces: null, metrics: 'http/json' },
    ],
    [
      'a protocol for traces',
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf' },
      { traces: 'http/protobuf', metrics: 'http/json' },
    ],
    [
      'exporters that are none',
      { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
      null,
    ],
    [
      'limits',
      { ...ENDPOINT, OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '12' },
      { limits: { attributeValueLengthLimit: 12 } },
    ],
    [
      'a sampler',
      { ...ENDPOINT, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' },
      { sampler: { name: 'traceidratio', ratio: 0.5 } },
    ],
  ])('%s', (_, env: Record<string, string>, expected) => {
    if (expected === null) expect(readTelemetry(env)).toBeNull();
    else expect(readTelemetry(env)).toMatchObject(expected);
  });
});
