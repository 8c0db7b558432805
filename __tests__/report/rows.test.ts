import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DuckDBInstance } from '@duckdb/node-api';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import type { Report } from '../../src/report/contract.ts';
import { csvOf } from '../../src/report/csv.ts';
import { COLUMNS, jsonLinesOf } from '../../src/report/rows.ts';
import { readEvents } from '../../src/sources/events/event-file.ts';
import { ask } from '../support/ask.ts';

/** The flat row for each change, the queries of the docs, and their recipe for DevLake. */

let report: Report;
let folder: string;
beforeAll(async () => {
  ({ report } = await ask(sampleTeam(), { now: SAMPLE_NOW }));
  folder = mkdtempSync(join(tmpdir(), 'rows-'));
  writeFileSync(join(folder, 'rows.jsonl'), jsonLinesOf([report]));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The queries of the docs page, with the sentence above each. */
const QUERIES = [
  ...readFileSync('docs/report.md', 'utf8').matchAll(/\n([^\n]+)\n\n```sql\n([\s\S]*?)```/g),
].map(([, name = '', query = '']) => [name, query] as const);

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const database = await (await DuckDBInstance.create()).connect();
  try {
    const reader = await database.runAndReadAll(
      sql.replace(/'(rows\.\w+)'/g, (_, file) => `'${join(folder, file)}'`),
    );
    return reader.getRowObjectsJson();
  } finally {
    database.closeSync();
  }
}

describe('rows', () => {
  test('there is one row per change and service, with every column in order', () => {
    const rows = jsonLinesOf([report, report])
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(report.mergesets.length * 2);
    for (const row of rows) expect(Object.keys(row)).toEqual(COLUMNS.map(({ name }) => name));
    expect(rows[0]).toMatchObject({
      repository: 'larkspur/storefront',
      environment: 'production',
      untimed: expect.any(Boolean),
      target_seconds: 900,
    });
  });

  test('the CSV has the same columns', () => {
    expect(csvOf([report]).split('\r\n')[0]).toBe(COLUMNS.map(({ name }) => name).join(','));
  });
});

describe('the queries of the docs work in DuckDB', () => {
  test.each(QUERIES)('%s', async (_, sql) => {
    await expect(query(sql)).resolves.not.toHaveLength(0);
  });

  test('the median with pending changes is the one of the report', async () => {
    const [, sql = ''] = QUERIES.find(([, query]) => query.includes('survival')) ?? [];
    expect(await query(sql)).toEqual([{ p50_seconds: String(report.leadTime.p50) }]);
  });

  test('the median without pending changes is not above it', async () => {
    const [, sql = ''] = QUERIES[0] ?? [];
    const [row] = await query(sql);
    expect(Number(row?.p50_seconds)).toBeLessThanOrEqual(report.leadTime.p50 ?? 0);
  });
});

describe("the recipe of the docs for DevLake's webhook", () => {
  const [, recipe = ''] = /```sh\n(jq [\s\S]*?)```/.exec(readFileSync('docs/report.md', 'utf8')) ?? [];

  test('writes bodies that are read as the deployments that shipped a change', async () => {
    execFileSync('sh', ['-c', recipe], { cwd: folder });
    const bodies = readFileSync(join(folder, 'devlake.jsonl'), 'utf8');
    const { events, elsewhere } = await readEvents(bodies, {
      name: 'devlake.jsonl',
      repository: 'larkspur/storefront',
      now: new Date(SAMPLE_NOW),
    });
    expect(elsewhere).toBe(0);
    const shipped = new Set(report.mergesets.flatMap((mergeset) => mergeset.deployedAt ?? []));
    expect(events.map((event) => event.time.toISOString()).sort()).toEqual([...shipped].sort());
    for (const { sha, time, status, environment } of events) {
      const together = report.mergesets.filter((mergeset) => mergeset.deployedAt === time.toISOString());
      expect([sha, status, environment]).toEqual([together.at(-1)?.mergeCommit, 'success', 'production']);
    }
  });

  test('writes the fields that DevLake requires, with the same id each time', () => {
    const run = () => {
      execFileSync('sh', ['-c', recipe], { cwd: folder });
      return readFileSync(join(folder, 'devlake.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    };
    const bodies = run();
    expect(run()).toEqual(bodies);
    expect(new Set(bodies.map((body) => body.id)).size).toBe(bodies.length);
    for (const {
      id,
      deploymentCommits: [commit],
      ...times
    } of bodies) {
      expect(id).toMatch(/^larkspur\/storefront production \d+$/);
      for (const { startedDate, finishedDate } of [times, commit])
        expect([startedDate, finishedDate]).not.toContain(undefined);
      expect(commit.repoUrl).toMatch(/^https:\/\/.*\/larkspur\/storefront$/);
    }
  });
});
