import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';

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

const bytesOf = (files: Iterable<string>) =>
  [...files].reduce((sum, file) => sum + statSync(join(DIST, file)).size, 0);

describe('the bundle', () => {
  test('says its first line before anything else of it is loaded', () => {
    expect([...loadedWith('index.js')]).toEqual(['index.js']);
    expect(statSync(join(DIST, 'index.js')).size).toBeLessThan(1000);
  });

  test('without a proxy a run loads 372 kB at most until its verdict, the reader of workflow files included', () => {
    const parts = ['step', 'client', 'workflow-yaml'].map(chunk);
    expect(parts.map((each) => each.length)).toEqual([1, 1, 1]);
    expect(bytesOf(loadedWith('index.js', ...parts.flat()))).toBeLessThanOrEqual(372_000);
  });

  test('and 400 kB with what it writes to GitHub', () => {
    const parts = ['step', 'client', 'workflow-yaml', 'publish'].map(chunk);
    expect(parts.map((each) => each.length)).toEqual([1, 1, 1, 1]);
    const loaded = loadedWith('index.js', ...parts.flat());
    expect(bytesOf(loaded)).toBeLessThanOrEqual(400_000);
    const text = [...loaded].map((file) => readFileSync(join(DIST, file), 'utf8')).join('\n');
    expect(text).not.toContain('ProxyAgent');
    expect(text).not.toContain('parseHTML');
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
