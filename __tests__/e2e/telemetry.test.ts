import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { SAMPLE_NOW } from '../../src/demo/sample.ts';
import { attributesOf, gaugesIn, type Received, resourceIn, spansIn } from '../support/collector.ts';
import { runStep, type StepResult } from '../support/runner.ts';
import { at, outcomeOf, type Sent, sentBy } from '../support/sending.ts';

/** The built action with the variables of OpenTelemetry, against a collector on loopback that reads OTLP by its definitions. */

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

  test('both signals are sent as JSON that the definitions know in full', () => {
    expect(
      week.received.map((request) => [request.path, request.headers['content-type'], request.faults]).sort(),
    ).toEqual([
      ['/v1/metrics', 'application/json', []],
      ['/v1/traces', 'application/json', []],
    ]);
  });

  test('one trace for a change and an environment; pending ones are not spans', () => {
    expect(roots()).toHaveLength(live().length);
    expect(live().length).toBeLessThan(week.report.mergesets.length);
  });

  test('ids are made of repository, commit, environment and service', () => {
    const expected = live().map((each: { mergeCommit: string }) =>
      createHash('sha256')
        .update(`larkspur/storefront|${each.mergeCommit}|production|`)
        .digest('hex')
        .slice(0, 32),
    );
    expect(roots().map((root) => root.traceId)).toEqual(expected);
  });

  test('the root is INTERNAL and runs from merge to live; its children are the stages and add up to it', () => {
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
        .filter((span) => span.parentSpanId === root.spanId)
        .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)));
      const staged = week.report.stages.mergesets.find(
        (other: { mergeset: number | string }) => other.mergeset === (change.number ?? change.mergeCommit),
      );
      expect(children.length > 0).toBe(staged !== undefined);
      if (children.length === 0) continue;
      expect(children.reduce((sum, child) => sum + seconds(child), 0)).toBe(change.leadTimeSeconds);
      expect(children[0].startTimeUnixNano).toBe(root.startTimeUnixNano);
      expect(children.at(-1)?.endTimeUnixNano).toBe(root.endTimeUnixNano);
      for (const [j, each] of children.entries())
        if (j > 0) expect(each.startTimeUnixNano).toBe(children[j - 1]?.endTimeUnixNano);
    }
    expect(spans.length).toBeGreaterThan(roots().length);
  });

  test("a trace is linked to the deploying run's, as the collector's GitHub receiver makes it", () => {
    const linked = roots().filter((root) => root.links?.length > 0);
    expect(linked.length).toBeGreaterThan(0);
    for (const each of linked) {
      const run = attributesOf(each)['cicd.pipeline.run.id'];
      const hash = (end: string) => createHash('sha256').update(`${run}1${end}`).digest('hex');
      expect([each.links[0].traceId, each.links[0].spanId]).toEqual([
        hash('t').slice(0, 32),
        hash('s').slice(16, 32),
      ]);
    }
  });

  test('names are of the semantic conventions, or of our own', () => {
    const known = new Set<unknown>(Object.values(conventions));
    const names = new Set([
      ...spansIn(week.received).flatMap((span) => Object.keys(attributesOf(span))),
      ...week.received.flatMap((request) => Object.keys(resourceIn(request))),
    ]);
    expect(names.size).toBeGreaterThan(10);
    expect([...names].filter((name) => !known.has(name) && !name.startsWith('deploy_latency.'))).toEqual([]);
  });

  test('the resource says what is told of', () => {
    for (const request of week.received)
      expect(resourceIn(request)).toMatchObject({
        'service.name': 'deploy-latency-guard',
        'vcs.repository.url.full': 'https://github.com/larkspur/storefront',
        'deployment.environment.name': 'production',
      });
  });

  test('gauges are stamped at window end, and are what the report has; no histogram', () => {
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

  test('nothing else changes: outputs, exit code, log and summary are those of a run without', () => {
    expect([...outcomeOf(week), week.log]).toEqual([...outcomeOf(plain), plain.log]);
  });

  test('OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf: a second run sends the same spans with the same ids, in binary; OTEL_LOG_LEVEL: the log has what the SDK reports', async () => {
    const binary = await sentBy(runStep, (to) => ({
      ...at(to),
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_LOG_LEVEL: 'debug',
    }));
    expect(new Set(binary.received.map((request) => request.headers['content-type']))).toEqual(
      new Set(['application/x-protobuf']),
    );
    const known = ({ received }: { received: Received[] }) =>
      spansIn(received)
        .map((span) => [span.traceId, span.spanId, span.name, span.endTimeUnixNano])
        .sort();
    expect(known(binary)).toEqual(known(week));
    expect(gaugesIn(binary.received)).toHaveLength(gaugesIn(week.received).length);
    expect(binary.log).toContain('OTLPExportDelegate');
  });
});
