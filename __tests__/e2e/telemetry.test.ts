import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import {
  attributesOf,
  type Collector,
  gaugesIn,
  type Received,
  resourceIn,
  spansIn,
  startCollector,
} from '../support/collector.ts';
import { withGitHub } from '../support/github.ts';
import { runStep, type StepResult } from '../support/runner.ts';

/** The built action with the variables of OpenTelemetry, against a collector on loopback that reads OTLP by its definitions. */

const OF_A_WEEK = { event: 'schedule' };
const OF_A_DEPLOYMENT = {
  event: 'deployment_status',
  payload: {
    deployment: { id: 9012, environment: 'production' },
    deployment_status: { state: 'success' },
  },
};

async function sent(
  env: (endpoint: string) => Record<string, string>,
  options: {
    event?: string;
    payload?: object;
    inputs?: Record<string, string>;
    answers?: number | null;
  } = {},
): Promise<StepResult & { received: Received[]; milliseconds: number }> {
  const { answers = 200, inputs = {}, ...step } = { ...OF_A_WEEK, ...options };
  const collector: Collector = await startCollector(answers);
  try {
    return await withGitHub(sampleTeam(), {}, async (github) => {
      const began = performance.now();
      const result = await runStep({
        apiUrl: github.apiUrl,
        repository: 'larkspur/storefront',
        ...step,
        inputs: { 'as-of': SAMPLE_NOW, comment: 'never', issue: 'never', ...inputs },
        env: env(collector.endpoint),
      });
      return { ...result, received: collector.received, milliseconds: performance.now() - began };
    });
  } finally {
    await collector.close();
  }
}
const at = (endpoint: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });

const nanoseconds = (instant: string) => `${new Date(instant).getTime()}000000`;
const seconds = (span: { startTimeUnixNano: string; endTimeUnixNano: string }) =>
  Number((BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1_000_000_000n);

describe('a week, with OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  let week: Awaited<ReturnType<typeof sent>>;
  let plain: StepResult;
  beforeAll(async () => {
    [week, plain] = await Promise.all([sent(at), sent(() => ({}))]);
  });
  const live = () =>
    week.report.mergesets.filter((each: { leadTimeSeconds: unknown }) => each.leadTimeSeconds !== null);
  const roots = () => spansIn(week.received).filter((each) => each.name === 'merge to live');

  test('both signals are sent as JSON that the definitions know in full', () => {
    expect(
      week.received.map((each) => [each.path, each.headers['content-type'], each.faults]).sort(),
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
    expect(roots().map((each) => each.traceId)).toEqual(expected);
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
        .filter((each) => each.parentSpanId === root.spanId)
        .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)));
      const staged = week.report.stages.mergesets.find(
        (each: { mergeset: number | string }) => each.mergeset === (change.number ?? change.mergeCommit),
      );
      expect(children.length > 0).toBe(staged !== undefined);
      if (children.length === 0) continue;
      expect(children.reduce((sum, each) => sum + seconds(each), 0)).toBe(change.leadTimeSeconds);
      expect(children[0].startTimeUnixNano).toBe(root.startTimeUnixNano);
      expect(children.at(-1)?.endTimeUnixNano).toBe(root.endTimeUnixNano);
      for (const [j, each] of children.entries())
        if (j > 0) expect(each.startTimeUnixNano).toBe(children[j - 1]?.endTimeUnixNano);
    }
    expect(spans.length).toBeGreaterThan(roots().length);
  });

  test("a trace is linked to the deploying run's, as the collector's GitHub receiver makes it", () => {
    const linked = roots().filter((each) => each.links?.length > 0);
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
      ...spansIn(week.received).flatMap((each) => Object.keys(attributesOf(each))),
      ...week.received.flatMap((each) => Object.keys(resourceIn(each))),
    ]);
    expect(names.size).toBeGreaterThan(10);
    expect([...names].filter((each) => !known.has(each) && !each.startsWith('deploy_latency.'))).toEqual([]);
  });

  test('the resource says what is told of', () => {
    for (const each of week.received)
      expect(resourceIn(each)).toMatchObject({
        'service.name': 'deploy-latency-guard',
        'vcs.repository.url.full': 'https://github.com/larkspur/storefront',
        'deployment.environment.name': 'production',
      });
  });

  test('gauges are stamped at window end, and are what the report has; no histogram', () => {
    const points = gaugesIn(week.received);
    expect(new Set(points.map((each) => each.timeUnixNano))).toEqual(new Set([nanoseconds(SAMPLE_NOW)]));
    const value = (name: string, statistic?: string) =>
      points.find(
        (each) =>
          each.name === `deploy_latency.${name}` &&
          (statistic === undefined || attributesOf(each)['deploy_latency.statistic'] === statistic),
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
    const outcome = ({ code, outputs, log, summary }: StepResult) => {
      const { report, html, badge, rows, devlake, ...figures } = outputs;
      return [code, figures, log, summary];
    };
    expect(outcome(week)).toEqual(outcome(plain));
  });

  test('a second run sends the same ids', async () => {
    const again = await sent(at);
    const ids = ({ received }: { received: Received[] }) =>
      spansIn(received)
        .map((each) => `${each.traceId} ${each.spanId}`)
        .sort();
    expect(ids(again)).toEqual(ids(week));
  });
});

describe('which changes', () => {
  const roots = (received: Received[]) =>
    spansIn(received).filter((each) => each.name === 'merge to live').length;

  test('guard mode: those just shipped', async () => {
    const { received, report } = await sent(at, OF_A_DEPLOYMENT);
    const shipped = report.deployments.find((each: { id: number }) => each.id === 9012);
    expect(shipped.mergesets.length).toBeGreaterThan(0);
    expect(roots(received)).toBe(shipped.mergesets.length);
  });

  test('otel: window sends all in guard mode, too; never sends nothing', async () => {
    const { received } = await sent(at, { ...OF_A_DEPLOYMENT, inputs: { otel: 'window' } });
    expect(roots(received)).toBeGreaterThan(5);
    expect((await sent(at, { inputs: { otel: 'never' } })).received).toEqual([]);
  });
});

describe('the standard variables', () => {
  test('OTEL_SDK_DISABLED: nothing is sent', async () => {
    expect((await sent((to) => ({ ...at(to), OTEL_SDK_DISABLED: 'true' }))).received).toEqual([]);
  });

  test("the traces' endpoint alone, used as is; headers percent-decoded; gzip", async () => {
    const { received } = await sent((to) => ({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${to}/v1/traces`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    }));
    expect(
      received.map((each) => [each.path, each.headers['x-key'], each.headers['content-encoding']]),
    ).toEqual([['/v1/traces', 'a b', 'gzip']]);
  });

  test('OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf: the same spans, in binary', async () => {
    const [json, binary] = await Promise.all([
      sent(at),
      sent((to) => ({ ...at(to), OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' })),
    ]);
    expect(new Set(binary.received.map((each) => each.headers['content-type']))).toEqual(
      new Set(['application/x-protobuf']),
    );
    const known = ({ received }: { received: Received[] }) =>
      spansIn(received).map((each) => [each.traceId, each.spanId, each.name, each.endTimeUnixNano]);
    expect(known(binary)).toEqual(known(json));
    expect(gaugesIn(binary.received)).toHaveLength(gaugesIn(json.received).length);
  });

  test('OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win', async () => {
    const { received } = await sent((to) => ({
      ...at(to),
      OTEL_SERVICE_NAME: 'latency',
      OTEL_RESOURCE_ATTRIBUTES: 'team=web,deployment.environment.name=prod',
    }));
    for (const each of received)
      expect(resourceIn(each)).toMatchObject({
        'service.name': 'latency',
        team: 'web',
        'deployment.environment.name': 'prod',
      });
  });

  test('OTEL_METRICS_EXPORTER=none and OTEL_TRACES_SAMPLER=always_off are taken at their word', async () => {
    expect(
      (await sent((to) => ({ ...at(to), OTEL_METRICS_EXPORTER: 'none' }))).received.map((each) => each.path),
    ).toEqual(['/v1/traces']);
    expect(
      (await sent((to) => ({ ...at(to), OTEL_TRACES_SAMPLER: 'always_off' }))).received.map(
        (each) => each.path,
      ),
    ).toEqual(['/v1/metrics']);
  });

  test('OTEL_LOG_LEVEL: what the SDK tells of itself is in the log', async () => {
    const { log } = await sent((to) => ({ ...at(to), OTEL_LOG_LEVEL: 'debug' }));
    expect(log).toContain('OTLPExportDelegate');
  });

  test('gRPC is not spoken, and that is said', async () => {
    const { received, log } = await sent((to) => ({ ...at(to), OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }));
    expect(received).toEqual([]);
    expect(log).toContain('is "grpc" for traces; accepted: http/json, http/protobuf');
  });
});

describe('sending never changes the outcome', () => {
  const outcome = ({ code, outputs, summary }: StepResult) => {
    const { report, html, badge, rows, devlake, ...figures } = outputs;
    return [code, figures, summary];
  };
  // Each takes its time, so all are under way together.
  const CASES = {
    'nobody is at the endpoint': [{}, () => at('http://127.0.0.1:9'), /ECONNREFUSED|retryable/],
    'it answers 401': [{ answers: 401 }, at, /401/],
    'it is no address': [{}, () => at('no address'), /not (all )?sent/],
    'it takes the request and never answers': [{ answers: null }, at, /not taken within 9 seconds/],
  } as const;
  let plain: StepResult;
  let results: Map<string, Awaited<ReturnType<typeof sent>>>;
  beforeAll(async () => {
    plain = await sent(() => ({}));
    results = new Map(
      await Promise.all(
        Object.entries(CASES).map(
          async ([name, [options, env]]) => [name, await sent(env, options)] as const,
        ),
      ),
    );
  });

  test.each(Object.keys(CASES) as (keyof typeof CASES)[])('%s: a notice, and nothing more', (name) => {
    const result = results.get(name) as StepResult & { milliseconds: number };
    expect(outcome(result)).toEqual(outcome(plain));
    const notices = result.log
      .split('\n')
      .filter((line) => line.startsWith('::notice title=Not sent to OpenTelemetry'));
    expect(notices.length).toBeGreaterThan(0);
    expect(notices.join(' ')).toMatch(CASES[name][2]);
    console.log(`${name}: ${Math.round(result.milliseconds)} ms in all`);
  });
});
