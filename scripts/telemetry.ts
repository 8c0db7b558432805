/**
 * A trace and the gauges as a collector receives them from the built action: `npm run telemetry`. The collector is the tests'
 * own, which reads OTLP by the published protobuf definitions; the team is the sample.
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

const seconds = (nanoseconds: string) => new Date(Number(nanoseconds) / 1e6).toISOString();
const [first, again] = [await received(), await received()];
const spans = spansIn(first);
const root = spans.findLast((span) => span.name === 'merge to live');
for (const request of first.slice(0, 1)) console.log('resource', resourceIn(request));
for (const each of [root, ...spans.filter((span) => span.parentSpanId === root.spanId)])
  console.log(
    `${each.traceId} ${each.spanId} ${each.parentSpanId ?? 'root'} ${seconds(each.startTimeUnixNano)} – ${seconds(each.endTimeUnixNano)} ${each.name}`,
    each === root ? { ...attributesOf(each), link: each.links?.[0] } : attributesOf(each),
  );
for (const gauge of gaugesIn(first))
  console.log(
    `${gauge.name} ${gauge.asDouble} ${gauge.unit} at ${seconds(gauge.timeUnixNano)}`,
    attributesOf(gauge),
  );
const ids = (all: typeof first) =>
  spansIn(all)
    .map((span) => `${span.traceId} ${span.spanId}`)
    .sort()
    .join();
console.log(`${spans.length} spans; a second run sends the same ids: ${ids(first) === ids(again)}`);
console.log(`not as the definitions have it: ${first.flatMap((request) => request.faults).length}`);
