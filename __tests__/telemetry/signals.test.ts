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

  test('end with the moment at which the change went live, or is reported if that is more than 30 minutes later', () => {
    const [change] = report.mergesets.filter(({ leadTimeSeconds }) => leadTimeSeconds !== null);
    const deployedAt = Date.parse(change?.deployedAt ?? '');
    const momentsAt = (minutes: number) => {
      const to = new Date(deployedAt + minutes * 60_000).toISOString();
      const [trace] = signalsOf([{ ...report, window: { ...report.window, to } }], 'window').flatMap(
        (signal) => signal.traces,
      );
      const { name, from, to: end, attributes } = trace?.children.at(-1) ?? {};
      return [
        name,
        (from ?? 0) - deployedAt,
        (end ?? 0) - deployedAt,
        attributes?.['deploy_latency.live_at'],
      ];
    };
    expect(momentsAt(30)).toEqual(['live', 0, 0, change?.deployedAt]);
    expect(momentsAt(31)).toEqual(['live', 1_860_000, 1_860_000, change?.deployedAt]);
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
    const known = names([{ ...report, completeness: { complete: false, gaps: [gap] } }]);
    expect(new Set(known)).toEqual(
      new Set(['target', 'limit', 'verdict', 'alert'].map((name) => `deploy_latency.${name}`)),
    );
    expect(names([report])).toContain('deploy_latency.oldest_pending');
  });

  const gaugesOf = (values: Partial<Report>) =>
    signalsOf([{ ...report, ...values }], 'none').flatMap((signal) => signal.gauges);
  const byStatistic = (values: Partial<Report>, name: string) =>
    Object.fromEntries(
      gaugesOf(values)
        .filter((gauge) => gauge.name === `deploy_latency.${name}`)
        .map((gauge) => [gauge.attributes['deploy_latency.statistic'], gauge.value]),
    );

  test('of lead time leave out lower bounds, which have a gauge of their own', () => {
    const leadTime = { ...report.leadTime, pending: 1, p50: 600, p75: 900, p90: 1200, p95: null };
    const bounded = { leadTime: { ...leadTime, mean: 1000, max: 10_800 } };
    expect(byStatistic(bounded, 'lead_time')).toEqual({ p50: 600, p75: 900, p90: 1200 });
    expect(byStatistic(bounded, 'lead_time_lower_bound')).toEqual({ p95: 10_800, mean: 1000, max: 10_800 });
  });

  test('of lead time are complete if no change is pending', () => {
    const leadTime = { ...report.leadTime, pending: 0, mean: 700, max: 1300 };
    expect(byStatistic({ leadTime }, 'lead_time')).toMatchObject({ mean: 700, max: 1300 });
    expect(byStatistic({ leadTime }, 'lead_time_lower_bound')).toEqual({});
  });

  test('of the verdict are 1 for its status and 0 for the others', () => {
    const verdict = gaugesOf({ status: 'slipping' }).filter(({ name }) => name === 'deploy_latency.verdict');
    expect(verdict.map(({ attributes, value }) => [attributes['deploy_latency.status'], value])).toEqual([
      ['on-target', 0],
      ['slipping', 1],
      ['drifted', 0],
      ['insufficient-data', 0],
    ]);
  });

  test('of the alert are 1, 0, or left out if its state is unknown', () => {
    const alertOf = (on: boolean | null) =>
      gaugesOf({ alert: { ...report.alert, on } })
        .filter(({ name }) => name === 'deploy_latency.alert')
        .map(({ value }) => value);
    expect([alertOf(true), alertOf(false), alertOf(null)]).toEqual([[1], [0], []]);
  });

  test('of the limit are the target plus the tolerance', () => {
    expect(byStatistic({}, 'limit')).toEqual({ [report.target.statistic]: report.target.thresholdSeconds });
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
