import type { Settings } from '../config/plan.ts';
import { oneLine } from '../model/guard-error.ts';
import type { Report, RunReport } from '../report/contract.ts';
import { reportsOf } from '../report/parts.ts';
import { send } from '../telemetry/send.ts';
import type { Telemetry } from '../telemetry/settings.ts';
import { signalsOf, type Which } from '../telemetry/signals.ts';

/**
 * Sends what the run came to, where the variables of OpenTelemetry ask for it; this file, and the SDK with it, is loaded only then. All has been
 * said by now, and nothing of it changes.
 *
 * @returns what was not sent, for people, a line each.
 */
export async function sendTelemetry(
  report: Report | RunReport,
  { mode, otel }: Pick<Settings, 'mode' | 'otel'>,
  telemetry: Telemetry,
): Promise<string[]> {
  if (otel === 'never' || (otel === 'auto' && mode === 'pull-request')) return [];
  const which: Which = otel === 'auto' ? (mode === 'guard' ? 'shipped' : 'window') : otel;
  try {
    const signals = signalsOf(reportsOf(report), which);
    return (await send(signals, telemetry)).map(
      (each) =>
        `Traces and gauges were not all sent: ${oneLine(each, 300)}. The verdict stands; see that OTEL_EXPORTER_OTLP_ENDPOINT can be reached and takes OTLP over HTTP.`,
    );
  } catch (error) {
    return [
      `Traces and gauges were not sent: ${oneLine(String(error), 300)}. The verdict stands. Please report it.`,
    ];
  }
}
