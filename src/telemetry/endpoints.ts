import type { Telemetry } from './settings.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What the variables of OpenTelemetry ask for; they are read further where an endpoint is set, and nothing is loaded where none is. */
export async function telemetryAsked(env: Env): Promise<Telemetry | null> {
  const isAsked = ['', 'TRACES_', 'METRICS_'].some((each) => env[`OTEL_EXPORTER_OTLP_${each}ENDPOINT`]);
  if (!isAsked) return null;
  const { telemetryOf } = await import('./settings.ts');
  return telemetryOf(env);
}
