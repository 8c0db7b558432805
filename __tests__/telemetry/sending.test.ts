import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Received, resourceIn, spansIn } from '../support/collector.ts';
import type { StepOptions, StepResult } from '../support/runner.ts';
import { at, noticesOf, outcomeOf, performSending, type SendingOptions, sentBy } from '../support/sending.ts';

/** What is sent by which variables, and what sending must not change. The built action has its own tests in `e2e`. */

const sent = (env: (endpoint: string) => Record<string, string>, options?: SendingOptions) =>
  sentBy(performSending, env, options);

const OF_A_DEPLOYMENT = {
  event: 'deployment_status',
  payload: {
    deployment: { id: 9012, environment: 'production' },
    deployment_status: { state: 'success' },
  },
};

describe('which changes', () => {
  const roots = (received: Received[]) =>
    spansIn(received).filter((span) => span.name === 'merge to live').length;

  test('guard mode: those just shipped', async () => {
    const { received, report } = await sent(at, OF_A_DEPLOYMENT);
    const shipped = report.deployments.find((deployment: { id: number }) => deployment.id === 9012);
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
      received.map((request) => [
        request.path,
        request.headers['x-key'],
        request.headers['content-encoding'],
      ]),
    ).toEqual([['/v1/traces', 'a b', 'gzip']]);
  });

  test('OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win', async () => {
    const { received } = await sent((to) => ({
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

  test('OTEL_METRICS_EXPORTER=none and OTEL_TRACES_SAMPLER=always_off are taken at their word', async () => {
    expect(
      (await sent((to) => ({ ...at(to), OTEL_METRICS_EXPORTER: 'none' }))).received.map(
        (request) => request.path,
      ),
    ).toEqual(['/v1/traces']);
    expect(
      (await sent((to) => ({ ...at(to), OTEL_TRACES_SAMPLER: 'always_off' }))).received.map(
        (request) => request.path,
      ),
    ).toEqual(['/v1/metrics']);
  });

  test('gRPC is not spoken, and that is said', async () => {
    const { received, log } = await sent((to) => ({ ...at(to), OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }));
    expect(received).toEqual([]);
    expect(log).toContain('is "grpc" for traces; accepted: http/json, http/protobuf');
  });
});

describe('sending never changes the outcome', () => {
  // An exporter tries again after a second or so, as long as its own time-out allows. No test should leave it behind.
  const brief = (endpoint: string, milliseconds = 2000) => ({
    ...at(endpoint),
    OTEL_EXPORTER_OTLP_TIMEOUT: String(milliseconds),
  });
  let plain: StepResult;
  beforeAll(async () => {
    plain = await sent(() => ({}));
  });

  test.each<[string, SendingOptions, (endpoint: string) => Record<string, string>, RegExp]>([
    ['nobody is at the endpoint', {}, () => brief('http://127.0.0.1:9'), /ECONNREFUSED|retryable/],
    ['it answers 401', { answers: 401 }, at, /401/],
    ['it is no address', {}, () => brief('no address'), /not (all )?sent/],
  ])('%s: a notice, and nothing more', async (_, options, env, why) => {
    const result = await sent(env, options);
    expect(outcomeOf(result)).toEqual(outcomeOf(plain));
    expect(noticesOf(result).join(' ')).toMatch(why);
  });

  test('it takes the request and never answers: a notice, and nothing more', async () => {
    const impatient = (step: StepOptions) => performSending(step, { patience: 100 });
    const result = await sentBy(impatient, (to) => brief(to, 700), { answers: null });
    expect(outcomeOf(result)).toEqual(outcomeOf(plain));
    expect(noticesOf(result).join(' ')).toMatch(/not taken within 0\.1 seconds/);
  });
});
