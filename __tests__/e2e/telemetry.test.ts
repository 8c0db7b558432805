import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { SAMPLE_NOW } from '../../src/demo/sample.ts';
import { attributesOf, gaugesIn, type Received, resourceIn, spansIn } from '../support/collector.ts';
import { runStep, type StepResult } from '../support/runner.ts';
import { at, outcomeOf, type Sent, sentBy } from '../support/sending.ts';

/** The built action with OpenTelemetry's variables and a local collector that checks OTLP against its definitions. */

const nanoseconds = (instant: string) => `${new Date(instant).getTime()}000000`;
const seconds = (span: { startTimeUnixNano: string; endTimeUnixNano: string }) =>
  Number((BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1_000_000_000n);

describe('a week, with OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  let week: Sent;
  let plain: StepResult;
  beforeAll(async () => {
    [week, plain] = await Promise.all([sentBy(runStep, at), sentBy(runStep, () => ({}))]);
  });
  const live = () =>
    week.report.mergesets.filter(
      (mergeset: { leadTimeSeconds: unknown }) => mergeset.leadTimeSeconds !== null,
    );
  const roots = () => spansIn(week.received).filter((span) => span.name === 'merge to live');

  test('both signals are valid OTLP in JSON', () => {
    expect(
      week.received.map((request) => [request.path, request.headers['content-type'], request.faults]).sort(),
    ).toEqual([
      ['/v1/metrics', 'application/json', []],
      ['/v1/traces', 'application/json', []],
    ]);
  });

  test('every live change has a trace, and pending changes have none', () => {
    expect(roots()).toHaveLength(live().length);
    expect(live().length).toBeLessThan(week.report.mergesets.length);
  });

  test('ids depend on repository, commit, environment and service', () => {
    const expected = live().map((change: { mergeCommit: string }) =>
      createHash('sha256')
        .update(`larkspur/storefront|${change.mergeCommit}|production|`)
        .digest('hex')
        .slice(0, 32),
    );
    expect(roots().map((root) => root.traceId)).toEqual(expected);
  });

  test('the root span runs from merge to live, and its stages add up to it', () => {
    const spans = spansIn(week.received);
    for (const [i, root] of roots().entries()) {
      const change = live()[i];
      expect([root.kind, root.startTimeUnixNano, root.endTimeUnixNano, root.parentSpanId]).toEqual([
        1,
        nanoseconds(change.mergedAt),
        nanoseconds(change.deployedAt),
        undefined,
      ]);
      const children = spans
        .filter((span) => span.parentSpanId === root.spanId && span.name !== 'live')
        .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)));
      const staged = week.report.stages.mergesets.find(
        (other: { mergeset: number | string }) => other.mergeset === (change.number ?? change.mergeCommit),
      );
      expect(children.length > 0).toBe(staged !== undefined);
      if (children.length === 0) continue;
      expect(children.reduce((sum, child) => sum + seconds(child), 0)).toBe(change.leadTimeSeconds);
      expect(children[0].startTimeUnixNano).toBe(root.startTimeUnixNano);
      expect(children.at(-1)?.endTimeUnixNano).toBe(root.endTimeUnixNano);
      for (const [j, child] of children.entries())
        if (j > 0) expect(child.startTimeUnixNano).toBe(children[j - 1]?.endTimeUnixNano);
    }
    expect(spans.length).toBeGreaterThan(roots().length);
  });

  test("a trace links to the deploying run in the collector's GitHub receiver", () => {
    const linked = roots().filter((root) => root.links?.length > 0);
    expect(linked.length).toBeGreaterThan(0);
    for (const root of linked) {
      const run = attributesOf(root)['cicd.pipeline.run.id'];
      const hash = (end: string) => createHash('sha256').update(`${run}1${end}`).digest('hex');
      expect([root.links[0].traceId, root.links[0].spanId]).toEqual([
        hash('t').slice(0, 32),
        hash('s').slice(16, 32),
      ]);
    }
  });

  test('attributes follow the semantic conventions or start with deploy_latency', () => {
    const conventionNames = new Set<unknown>(Object.values(conventions));
    const names = new Set([
      ...spansIn(week.received).flatMap((span) => Object.keys(attributesOf(span))),
      ...week.received.flatMap((request) => Object.keys(resourceIn(request))),
    ]);
    expect(names.size).toBeGreaterThan(10);
    expect(
      [...names].filter((name) => !conventionNames.has(name) && !name.startsWith('deploy_latency.')),
    ).toEqual([]);
  });

  test('the resource names the repository and the environment', () => {
    for (const request of week.received)
      expect(resourceIn(request)).toMatchObject({
        'service.name': 'deploy-latency-guard',
        'vcs.repository.url.full': 'https://github.com/larkspur/storefront',
        'deployment.environment.name': 'production',
      });
  });

  test('gauges have the values of the report and the time of the window end', () => {
    const points = gaugesIn(week.received);
    expect(new Set(points.map((point) => point.timeUnixNano))).toEqual(new Set([nanoseconds(SAMPLE_NOW)]));
    const value = (name: string, statistic?: string) =>
      points.find(
        (point) =>
          point.name === `deploy_latency.${name}` &&
          (statistic === undefined || attributesOf(point)['deploy_latency.statistic'] === statistic),
      )?.asDouble;
    const { leadTime, target } = week.report;
    expect({
      p50: value('lead_time', 'p50'),
      p90: value('lead_time', 'p90'),
      target: value('target'),
      batched: value('batched'),
    }).toEqual({
      p50: leadTime.p50,
      p90: leadTime.p90,
      target: target.seconds,
      batched: Number(week.outputs['batched-deployments']),
    });
    expect(value('pending')).toBeGreaterThan(0);
    expect(value('oldest_pending')).toBeGreaterThan(0);
  });

  test('outputs, exit code, log and summary are the same as without telemetry', () => {
    expect([...outcomeOf(week), week.log]).toEqual([...outcomeOf(plain), plain.log]);
  });

  test('OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf sends the same spans in binary, and OTEL_LOG_LEVEL logs what the SDK reports', async () => {
    const binary = await sentBy(runStep, (to) => ({
      ...at(to),
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_LOG_LEVEL: 'debug',
    }));
    expect(new Set(binary.received.map((request) => request.headers['content-type']))).toEqual(
      new Set(['application/x-protobuf']),
    );
    const spanIds = ({ received }: { received: Received[] }) =>
      spansIn(received)
        .map((span) => [span.traceId, span.spanId, span.name, span.endTimeUnixNano])
        .sort();
    expect(spanIds(binary)).toEqual(spanIds(week));
    expect(gaugesIn(binary.received)).toHaveLength(gaugesIn(week.received).length);
    expect(binary.log).toContain('OTLPExportDelegate');
  });
});
