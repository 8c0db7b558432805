import type { Settings } from '../config/plan.ts';
import { oneLine } from '../model/guard-error.ts';
import type { Report, RunReport } from '../report/contract.ts';
import { reportsOf } from '../report/parts.ts';
import { send } from '../telemetry/send.ts';
import type { Telemetry } from '../telemetry/settings.ts';
import { signalsOf, type TracedChanges } from '../telemetry/signals.ts';

/**
 * Sends traces and gauges to OpenTelemetry. Loaded only if its variables are set, because the SDK is large. Runs last,
 * so a failure changes nothing else.
 *
 * @returns a line for each failure.
 */
export async function sendTelemetry(
  report: Report | RunReport,
  { mode, otel }: Pick<Settings, 'mode' | 'otel'>,
  telemetry: Telemetry,
): Promise<string[]> {
  if (otel === 'never' || (otel === 'auto' && mode === 'pull-request')) return [];
  const which: TracedChanges = otel === 'auto' ? (mode === 'guard' ? 'shipped' : 'window') : otel;
  try {
    const { failures, rejected } = await send(signalsOf(reportsOf(report), which), telemetry);
    return [
      ...failures.map(
        (failure) =>
          `Some traces or gauges were not sent: ${oneLine(failure, 300)}. The verdict is not affected. Check that OTEL_EXPORTER_OTLP_ENDPOINT can be reached and accepts OTLP over HTTP.`,
      ),
      ...(rejected === null
        ? []
        : [
            `The collector rejected ${oneLine(rejected, 300)}. The verdict is not affected. Check the limits of your collector, such as the age of a span.`,
          ]),
    ];
  } catch (error) {
    return [
      `Traces and gauges were not sent: ${oneLine(String(error), 300)}. The verdict is not affected. Report this as a bug.`,
    ];
  }
}
