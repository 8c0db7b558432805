/**
 * Prints a trace and the gauges that the built action sends to a collector: `npm run telemetry`. It uses the tests' collector and
 * the sample team.
 */
import { SAMPLE_NOW, sampleTeam } from '../src/demo/sample.ts';
import {
  attributesOf,
  gaugesIn,
  resourceIn,
  spansIn,
  startCollector,
} from '../__tests__/support/collector.ts';
import { withGitHub } from '../__tests__/support/github.ts';
import { runStep } from '../__tests__/support/runner.ts';

async function received() {
  const collector = await startCollector();
  try {
    await withGitHub(sampleTeam(), {}, (github) =>
      runStep({
        apiUrl: github.apiUrl,
        repository: 'larkspur/storefront',
        event: 'schedule',
        inputs: { 'as-of': SAMPLE_NOW, issue: 'never' },
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint },
      }),
    );
    return collector.received;
  } finally {
    await collector.close();
  }
}

const timeOf = (nanoseconds: string) => new Date(Number(nanoseconds) / 1e6).toISOString();
const [first, again] = [await received(), await received()];
const spans = spansIn(first);
const root = spans.findLast((span) => span.name === 'merge to live');
for (const request of first.slice(0, 1)) console.log('resource', resourceIn(request));
for (const span of [root, ...spans.filter((other) => other.parentSpanId === root.spanId)])
  console.log(
    `${span.traceId} ${span.spanId} ${span.parentSpanId ?? 'root'} ${timeOf(span.startTimeUnixNano)} – ${timeOf(span.endTimeUnixNano)} ${span.name}`,
    span === root ? { ...attributesOf(span), link: span.links?.[0] } : attributesOf(span),
  );
for (const gauge of gaugesIn(first))
  console.log(
    `${gauge.name} ${gauge.asDouble} ${gauge.unit} at ${timeOf(gauge.timeUnixNano)}`,
    attributesOf(gauge),
  );
const ids = (requests: typeof first) =>
  spansIn(requests)
    .map((span) => `${span.traceId} ${span.spanId}`)
    .sort()
    .join();
console.log(`${spans.length} spans; a second run sends the same ids: ${ids(first) === ids(again)}`);
console.log(`differences from the OTLP definitions: ${first.flatMap((request) => request.faults).length}`);
