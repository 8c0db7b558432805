import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { sampleMonorepo } from '../../src/demo/monorepo.ts';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import type { World } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { runStep } from '../support/runner.ts';

/** What of the bundle a run loads, and when: counts, not times. */

const DIST = 'dist';
const chunk = (name: string) =>
  readdirSync(join(DIST, 'chunks'))
    .filter((file) => file.startsWith(`${name}-`))
    .map((file) => join('chunks', file));

/** A file of the bundle and all that it imports before it runs. */
function loadedWith(...files: string[]): Set<string> {
  const found = new Set<string>();
  const open = [...files];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const text = readFileSync(join(DIST, file), 'utf8');
    for (const [, path = ''] of text.matchAll(/(?:from|import)\s*"(\.{1,2}\/[^"]+)"/g))
      open.push(normalize(join(dirname(file), path)));
  }
  return found;
}
/** A file and all that it may load, now or later; `except`: as if that one were not there. */
function everything(file: string, except = ''): Set<string> {
  const found = new Set<string>();
  const open = [file];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next) || next === except) continue;
    found.add(next);
    const text = readFileSync(join(DIST, next), 'utf8');
    for (const [, path = ''] of text.matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g))
      open.push(normalize(join(dirname(next), path)));
  }
  return found;
}

/** Logs each file of the bundle when it is loaded. */
const LOGGING = `data:text/javascript,${encodeURIComponent(`
  import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(\`
    import { writeSync } from 'node:fs';
    export async function load(url, context, next) {
      if (url.includes('/dist/')) writeSync(1, 'loaded: ' + url.split('/dist/').at(-1) + '\\\\n');
      return next(url, context);
    }
  \`));
`)}`;

/** The files that a run of the built action loads, in order: until its verdict is logged, and in all. */
async function loadedBy(world: World, event: string) {
  const { log, outputs } = await withGitHub(world, {}, ({ apiUrl }) =>
    runStep({
      apiUrl,
      event,
      repository: `${world.owner}/${world.name}`,
      inputs: { 'as-of': SAMPLE_NOW, comment: 'always', issue: 'always' },
      env: { NODE_OPTIONS: `--import ${LOGGING}` },
    }),
  );
  expect(outputs.status).toBe('drifted');
  const lines = log.split('\n');
  const files = (some: readonly string[]) =>
    some.flatMap((line) => (line.startsWith('loaded: ') ? [line.slice('loaded: '.length)] : []));
  const verdict = lines.findIndex((line) => line.includes('from merge to live in'));
  expect(verdict).toBeGreaterThan(0);
  return { untilVerdict: files(lines.slice(0, verdict)), untilEnd: files(lines) };
}

const bytesOf = (files: Iterable<string>) =>
  [...files].reduce((sum, file) => sum + statSync(join(DIST, file)).size, 0);

describe('the bundle', () => {
  test('says its first line before anything else of it is loaded', () => {
    expect([...loadedWith('index.js')]).toEqual(['index.js']);
    expect(statSync(join(DIST, 'index.js')).size).toBeLessThan(1000);
  });

  describe('the bytes that a run loads until its verdict, and in all, without a proxy and a page', () => {
    test.each([
      ['guard mode, with comments', sampleTeam, 'push', 340_000, 380_000],
      ['three services on schedule, with an issue', sampleMonorepo, 'schedule', 373_000, 412_500],
    ] as const)('%s', async (_, world, event, untilVerdict, untilEnd) => {
      const loaded = await loadedBy(world(), event);
      expect(bytesOf(loaded.untilVerdict)).toBeLessThanOrEqual(untilVerdict);
      expect(bytesOf(loaded.untilEnd)).toBeLessThanOrEqual(untilEnd);
      // Each file has a price of its own.
      expect(loaded.untilEnd.length).toBeLessThanOrEqual(34);
      const text = loaded.untilEnd.map((file) => readFileSync(join(DIST, file), 'utf8')).join('\n');
      expect(text).not.toContain('ProxyAgent');
      expect(text).not.toContain('parseHTML');
    });
  });

  const telemetry = () => {
    const [file = ''] = chunk('telemetry');
    const without = new Set([...everything('index.js', file), ...everything('cli.js', file)]);
    return [...everything(file)].filter((each) => !without.has(each));
  };

  test('dist/ is no larger than 1.65 MB, licences and OpenTelemetry left out', () => {
    const own = new Set(telemetry());
    const files = [
      'index.js',
      'cli.js',
      ...readdirSync(join(DIST, 'chunks')).map((each) => join('chunks', each)),
    ].filter((each) => !own.has(each));
    expect(bytesOf(files)).toBeLessThanOrEqual(1_650_000);
  });

  test('OpenTelemetry is 130 kB of its own, which nothing else loads', () => {
    const text = telemetry()
      .map((file) => readFileSync(join(DIST, file), 'utf8'))
      .join('\n');
    expect(text).toContain('OTEL_EXPORTER_OTLP_TIMEOUT');
    expect(bytesOf(telemetry())).toBeLessThanOrEqual(130_000);
  });
});
