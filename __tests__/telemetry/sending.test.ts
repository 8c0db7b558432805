import { beforeAll, describe, expect, test } from '@jest/globals';
import { SAMPLE_NOW } from '../../src/demo/sample.ts';
import { attributesOf, type Received, resourceIn, spansIn } from '../support/collector.ts';
import type { StepOptions, StepResult } from '../support/runner.ts';
import { at, noticesOf, outcomeOf, performSending, type SendingOptions, sentBy } from '../support/sending.ts';

/** Variables that control sending, and what sending must not change. `e2e` tests the built action. */

const send = (env: (endpoint: string) => Record<string, string>, options?: SendingOptions) =>
  sentBy(performSending, env, options);

const DEPLOYMENT_EVENT = {
  event: 'deployment_status',
  payload: {
    deployment: { id: 9012, environment: 'production' },
    deployment_status: { state: 'success' },
  },
};

describe('traces are sent for', () => {
  const roots = (received: Received[]) =>
    spansIn(received).filter((span) => span.name === 'merge to live').length;

  test('the changes just shipped, in guard mode', async () => {
    const { received, report } = await send(at, DEPLOYMENT_EVENT);
    const shipped = report.deployments.find((deployment: { id: number }) => deployment.id === 9012);
    expect(shipped.mergesets.length).toBeGreaterThan(0);
    expect(roots(received)).toBe(shipped.mergesets.length);
  });

  test('all changes with otel: window, and none with otel: never', async () => {
    const { received } = await send(at, { ...DEPLOYMENT_EVENT, inputs: { otel: 'window' } });
    expect(roots(received)).toBeGreaterThan(5);
    expect((await send(at, { inputs: { otel: 'never' } })).received).toEqual([]);
  });
});

describe('the standard variables', () => {
  test('OTEL_SDK_DISABLED disables sending', async () => {
    expect((await send((to) => ({ ...at(to), OTEL_SDK_DISABLED: 'true' }))).received).toEqual([]);
  });

  test('an endpoint for traces is used as is, with decoded headers and compression', async () => {
    const { received } = await send((to) => ({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${to}/v1/traces`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    }));
    expect(
      received.map((request) => [
        request.path,
        request.headers['x-key'],
        request.headers['content-encoding'],
      ]),
    ).toEqual([['/v1/traces', 'a b', 'gzip']]);
  });

  test('OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override our attributes', async () => {
    const { received } = await send((to) => ({
      ...at(to),
      OTEL_SERVICE_NAME: 'latency',
      OTEL_RESOURCE_ATTRIBUTES: 'team=web,deployment.environment.name=prod',
    }));
    expect(received).toHaveLength(2);
    for (const request of received)
      expect(resourceIn(request)).toMatchObject({
        'service.name': 'latency',
        team: 'web',
        'deployment.environment.name': 'prod',
      });
  });

  test('OTEL_METRICS_EXPORTER=none and OTEL_TRACES_SAMPLER=always_off turn off their signal', async () => {
    expect(
      (await send((to) => ({ ...at(to), OTEL_METRICS_EXPORTER: 'none' }))).received.map(
        (request) => request.path,
      ),
    ).toEqual(['/v1/traces']);
    expect(
      (await send((to) => ({ ...at(to), OTEL_TRACES_SAMPLER: 'always_off' }))).received.map(
        (request) => request.path,
      ),
    ).toEqual(['/v1/metrics']);
  });

  test('gRPC is reported as not supported', async () => {
    const { received, log } = await send((to) => ({ ...at(to), OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }));
    expect(received).toEqual([]);
    expect(log).toContain('is "grpc" for traces; accepted: http/json, http/protobuf');
  });
});

describe('a collector that rejects spans that started more than a day ago', () => {
  const DAY_BEFORE = { from: Date.parse(SAMPLE_NOW) - 86_400_000 };
  const idsOf = (spans: { attributes: object[] }[]) =>
    spans.map((span) => [
      attributesOf(span)['vcs.change.id'],
      attributesOf(span)['deploy_latency.lead_time'],
    ]);

  test.each(['http/json', 'http/protobuf'])(
    'still gets the lead time of each change, over %s',
    async (protocol) => {
      const over = (to: string) => ({ ...at(to), OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
      const all = spansIn((await send(over)).received);
      const roots = all.filter((span) => span.name === 'merge to live');
      const arrived = spansIn((await send(over, DAY_BEFORE)).received);
      expect(arrived.filter((span) => span.name === 'merge to live').length).toBeLessThan(roots.length);
      expect(idsOf(arrived.filter((span) => span.name === 'live'))).toEqual(idsOf(roots));
    },
  );

  test.each(['http/json', 'http/protobuf'])('is quoted in one notice, over %s', async (protocol) => {
    const result = await send(
      (to) => ({
        ...at(to),
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
      }),
      DAY_BEFORE,
    );
    const notices = noticesOf(result);
    expect(notices).toHaveLength(1);
    const all = spansIn((await send(at)).received).length;
    const rejected = all - spansIn(result.received).length;
    expect(notices[0]).toContain(`The collector rejected ${rejected} spans: span started too long ago.`);
  });
});

describe('sending never changes the outcome', () => {
  // An exporter retries until its time-out. A short one ends before the test does.
  const withTimeout = (endpoint: string, milliseconds = 2000) => ({
    ...at(endpoint),
    OTEL_EXPORTER_OTLP_TIMEOUT: String(milliseconds),
  });
  let plain: StepResult;
  beforeAll(async () => {
    plain = await send(() => ({}));
  });

  test.each<[string, SendingOptions, (endpoint: string) => Record<string, string>, RegExp]>([
    ['the endpoint does not exist', {}, () => withTimeout('http://127.0.0.1:9'), /ECONNREFUSED|retryable/],
    ['the endpoint answers 401', { answers: 401 }, at, /401/],
    ['the endpoint is not an address', {}, () => withTimeout('no address'), /not (all )?sent/],
  ])('if %s, there is only a notice', async (_, options, env, reason) => {
    const result = await send(env, options);
    expect(outcomeOf(result)).toEqual(outcomeOf(plain));
    expect(noticesOf(result).join(' ')).toMatch(reason);
  });

  test('if the endpoint never answers, there is only a notice', async () => {
    const impatient = (step: StepOptions) => performSending(step, { timeoutMilliseconds: 100 });
    const result = await sentBy(impatient, (to) => withTimeout(to, 700), { answers: null });
    expect(outcomeOf(result)).toEqual(outcomeOf(plain));
    expect(noticesOf(result).join(' ')).toMatch(/no answer within 0\.1 seconds/);
  });
});
