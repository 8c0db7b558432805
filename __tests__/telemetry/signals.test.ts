import { beforeAll, describe, expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import type { Report } from '../../src/report/contract.ts';
import { telemetryOf } from '../../src/telemetry/settings.ts';
import { receiverIdsOf, signalsOf } from '../../src/telemetry/signals.ts';
import { ask } from '../support/ask.ts';

/** What OpenTelemetry is told of answers, before the SDK has it; and what its variables ask for. */

let report: Report;
beforeAll(async () => {
  ({ report } = await ask(sampleTeam(), { now: SAMPLE_NOW, inputs: { mode: 'scheduled' } }));
});
const ofService = (service: string, more: Partial<Report> = {}): Report => ({
  ...report,
  ...more,
  service,
});

describe('traces', () => {
  test('one per repository, environment, service and merge commit', () => {
    const ids = (some: Report[]) =>
      signalsOf(some, 'window').flatMap((signal) => signal.traces.map(({ traceId }) => traceId));
    const all = ids([
      report,
      ofService('api'),
      ofService('web'),
      { ...report, environment: 'staging' },
      { ...report, repository: 'larkspur/other' },
    ]);
    expect(all).toHaveLength(55);
    expect(new Set(all).size).toBe(55);
    expect(ids([ofService('api')])).toEqual(ids([ofService('api')]));
  });

  test('no two spans of a trace have one id, and none is zero', () => {
    for (const { root, children } of signalsOf([report], 'window').flatMap((signal) => signal.traces)) {
      const ids = [root, ...children].map((span) => span.id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
    }
  });

  test('shipped, without a deployment that the run is about: none', () => {
    expect(signalsOf([report], 'shipped').flatMap((signal) => signal.traces)).toEqual([]);
  });

  test("ids as the collector's GitHub receiver makes them", () => {
    // sha256 of "42421t" and "42421s", by sha256sum.
    expect(receiverIdsOf(4242, 1)).toEqual({
      traceId: '6a11f1c4957c295dafe16d781244c3ef',
      spanId: '130c2aa62f59822e',
    });
  });
});

describe('gauges', () => {
  const names = (some: Report[]) =>
    signalsOf(some, 'none').flatMap((signal) => signal.gauges.map(({ name }) => name));

  test('environments are resources of their own; services of one are told apart by an attribute', () => {
    const signals = signalsOf(
      [ofService('api'), ofService('web'), { ...report, environment: 'staging' }],
      'none',
    );
    expect(signals.map((signal) => signal.resource['deployment.environment.name'])).toEqual([
      'production',
      'staging',
    ]);
    const targets = signals[0]?.gauges.filter((gauge) => gauge.name === 'deploy_latency.target') ?? [];
    expect(targets.map((target) => target.attributes['deploy_latency.service'])).toEqual(['api', 'web']);
  });

  test('what could not be read puts figures at risk: they are left out, and never a zero', () => {
    const gap = { what: 'x', consequence: 'y', verdictAtRisk: true };
    expect(names([{ ...report, completeness: { complete: false, gaps: [gap] } }])).toEqual([
      'deploy_latency.target',
    ]);
    expect(names([report])).toContain('deploy_latency.oldest_pending');
  });

  test('a statistic that is unknown is left out', () => {
    const leadTime = { ...report.leadTime, p95: null };
    const told = signalsOf([{ ...report, leadTime }], 'none')
      .flatMap((signal) => signal.gauges)
      .filter((gauge) => gauge.name === 'deploy_latency.lead_time')
      .map((gauge) => gauge.attributes['deploy_latency.statistic']);
    expect(told).not.toContain('p95');
    expect(told).toContain('p50');
  });
});

describe('the variables', () => {
  const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x' };
  test.each([
    ['no endpoint', {}, null],
    ['OTEL_SDK_DISABLED', { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }, null],
    ['the endpoint', ENDPOINT, { traces: 'http/json', metrics: 'http/json' }],
    [
      "the metrics' own",
      { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://x' },
      { traces: null, metrics: 'http/json' },
    ],
    [
      "a signal's own protocol",
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf' },
      { traces: 'http/protobuf', metrics: 'http/json' },
    ],
    ['none of both', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' }, null],
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
    if (expected === null) expect(telemetryOf(env)).toBeNull();
    else expect(telemetryOf(env)).toMatchObject(expected);
  });
});
