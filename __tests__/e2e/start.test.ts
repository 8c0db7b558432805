import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { sampleMonorepo } from '../../src/demo/monorepo.ts';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import type { World } from '../../src/fake-github/world.ts';
import { withGitHub } from '../support/github.ts';
import { runStep } from '../support/runner.ts';

/** Files of the bundle that a run loads, by size and number. */

const DIST = 'dist';
const chunk = (name: string) =>
  readdirSync(join(DIST, 'chunks'))
    .filter((file) => file.startsWith(`${name}-`))
    .map((file) => join('chunks', file));

const STATIC_IMPORT = /(?:from|import)\s*"(\.{1,2}\/[^"]+)"/g;
const ANY_IMPORT = /(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g;

/** A file of the bundle and all files that it imports directly or indirectly, without `except` and its imports. */
function importsOf(file: string, imports: RegExp, except = ''): Set<string> {
  const files = new Set<string>();
  const open = [file];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (files.has(next) || next === except) continue;
    files.add(next);
    const text = readFileSync(join(DIST, next), 'utf8');
    for (const [, path = ''] of text.matchAll(imports)) open.push(normalize(join(dirname(next), path)));
  }
  return files;
}

/** A module that logs each file of the bundle when it is loaded. */
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

/** Files that a run of the built action loads: until it logs its verdict, and until it ends. */
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
  const filesIn = (lines: readonly string[]) =>
    lines.flatMap((line) => (line.startsWith('loaded: ') ? [line.slice('loaded: '.length)] : []));
  const verdict = lines.findIndex((line) => line.includes(' to go live in '));
  expect(verdict).toBeGreaterThan(0);
  return { untilVerdict: filesIn(lines.slice(0, verdict)), untilEnd: filesIn(lines) };
}

const bytesOf = (files: Iterable<string>) =>
  [...files].reduce((sum, file) => sum + statSync(join(DIST, file)).size, 0);

describe('the bundle', () => {
  test('prints its first line before it loads another file', () => {
    expect([...importsOf('index.js', STATIC_IMPORT)]).toEqual(['index.js']);
    expect(statSync(join(DIST, 'index.js')).size).toBeLessThan(1000);
  });

  describe('limits the bytes that a run loads', () => {
    test.each([
      ['guard mode, with comments', sampleTeam, 'push', 351_000, 519_000],
      ['three services on schedule, with an issue', sampleMonorepo, 'schedule', 381_000, 424_000],
    ] as const)('%s', async (_, world, event, untilVerdict, untilEnd) => {
      const loaded = await loadedBy(world(), event);
      expect(bytesOf(loaded.untilVerdict)).toBeLessThanOrEqual(untilVerdict);
      expect(bytesOf(loaded.untilEnd)).toBeLessThanOrEqual(untilEnd);
      expect(loaded.untilEnd.length).toBeLessThanOrEqual(36);
      const text = loaded.untilEnd.map((file) => readFileSync(join(DIST, file), 'utf8')).join('\n');
      expect(loaded.untilEnd.join()).not.toContain('production-look');
      expect(text).not.toContain('ProxyAgent');
      expect(text).not.toContain('parseHTML');
    });
  });

  const telemetry = () => {
    const [file = ''] = chunk('telemetry');
    const others = new Set(
      ['index.js', 'cli.js'].flatMap((entry) => [...importsOf(entry, ANY_IMPORT, file)]),
    );
    return [...importsOf(file, ANY_IMPORT)].filter((other) => !others.has(other));
  };

  test('has at most 1.515 MB without licences and OpenTelemetry', () => {
    const excluded = new Set(telemetry());
    const files = [
      'index.js',
      'cli.js',
      ...readdirSync(join(DIST, 'chunks')).map((file) => join('chunks', file)),
    ].filter((file) => !excluded.has(file));
    expect(bytesOf(files)).toBeLessThanOrEqual(1_515_000);
  });

  test('loads OpenTelemetry separately, with at most 130 kB', () => {
    const text = telemetry()
      .map((file) => readFileSync(join(DIST, file), 'utf8'))
      .join('\n');
    expect(text).toContain('OTEL_EXPORTER_OTLP_TIMEOUT');
    expect(bytesOf(telemetry())).toBeLessThanOrEqual(130_000);
  });
});
