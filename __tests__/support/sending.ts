// Jest cannot link two dynamic imports at once if they share modules, and the guard loads both exporters together.
import '@opentelemetry/exporter-metrics-otlp-http';
import '@opentelemetry/exporter-trace-otlp-http';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { telemetryFor } from '../../src/telemetry/endpoints.ts';
import { type Received, startCollector } from './collector.ts';
import { withGitHub } from './github.ts';
import { performStep } from './in-process.ts';
import type { StepOptions, StepResult } from './runner.ts';

/** Runs steps that send telemetry to a collector on loopback. */

export type Sent = StepResult & { received: Received[] };

export interface SendingOptions {
  event?: string;
  payload?: object;
  inputs?: Record<string, string>;
  /** HTTP status of the collector's responses; `null`: it never responds. */
  answers?: number | null;
  /** The collector rejects spans that started before this instant, in milliseconds since the epoch. */
  from?: number;
}

/** @param env - makes the variables from the collector's address. */
export async function sentBy(
  run: (step: StepOptions) => Promise<StepResult>,
  env: (endpoint: string) => Record<string, string>,
  { answers = 200, from = 0, event = 'schedule', payload, inputs }: SendingOptions = {},
): Promise<Sent> {
  const collector = await startCollector({ status: answers, from });
  try {
    return await withGitHub(sampleTeam(), {}, async (github) => {
      const result = await run({
        apiUrl: github.apiUrl,
        repository: 'larkspur/storefront',
        event,
        ...(payload ? { payload } : {}),
        inputs: { 'as-of': SAMPLE_NOW, comment: 'never', issue: 'never', ...inputs },
        env: env(collector.endpoint),
      });
      return { ...result, received: collector.received };
    });
  } finally {
    await collector.close();
  }
}

/** Runs a step in this process. The exporters read this process's environment, so run one step at a time. */
export async function performSending(
  { env = {}, ...step }: StepOptions,
  { timeoutMilliseconds }: { timeoutMilliseconds?: number } = {},
): Promise<StepResult> {
  const settings = await telemetryFor(env);
  const telemetry = settings && {
    ...settings,
    timeoutMilliseconds: timeoutMilliseconds ?? settings.timeoutMilliseconds,
  };
  Object.assign(process.env, env);
  try {
    return await performStep(step, { telemetry });
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
  }
}

export const at = (endpoint: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });

/** The results that sending must not change. Paths differ from run to run. */
export function outcomeOf({ code, outputs, summary }: StepResult): unknown[] {
  const { report, html, badge, rows, ...figures } = outputs;
  return [code, figures, summary];
}

export function noticesOf({ log }: StepResult): string[] {
  return log.split('\n').filter((line) => line.startsWith('::notice title=Not sent to OpenTelemetry'));
}
