import { isProxied } from '../config/surroundings.ts';
import type { Telemetry } from './settings.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Reads OpenTelemetry's variables if an endpoint is set. Without one, it loads no further code and returns `null`. */
export async function telemetryFor(env: Env): Promise<Telemetry | null> {
  if (!['', 'TRACES_', 'METRICS_'].some((signal) => env[`OTEL_EXPORTER_OTLP_${signal}ENDPOINT`])) return null;
  const { readTelemetry } = await import('./settings.ts');
  return readTelemetry(env, isProxied(env));
}
