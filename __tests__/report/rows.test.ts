import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DuckDBInstance } from '@duckdb/node-api';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import type { Report } from '../../src/report/contract.ts';
import { csvOf } from '../../src/report/csv.ts';
import { devlakeLinesOf } from '../../src/report/devlake.ts';
import { COLUMNS, jsonLinesOf } from '../../src/report/rows.ts';
import { readEvents } from '../../src/sources/events/reading.ts';
import { ask } from '../support/ask.ts';

/** The hand-off: a flat row for each change, queries that are in the docs, and DevLake's webhook. */

let report: Report;
let folder: string;
beforeAll(async () => {
  ({ report } = await ask(sampleTeam(), { now: SAMPLE_NOW }));
  folder = mkdtempSync(join(tmpdir(), 'rows-'));
  writeFileSync(join(folder, 'rows.jsonl'), jsonLinesOf([report]));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The queries of the docs page, by the sentence above them. */
const QUERIES = [
  ...readFileSync('docs/rows.md', 'utf8').matchAll(/\n([^\n]+)\n\n```sql\n([\s\S]*?)```/g),
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
  test('a row a mergeset and unit, each with every column, in one order', () => {
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

describe('the queries of the docs, by DuckDB', () => {
  test.each(QUERIES)('%s', async (_, sql) => {
    await expect(query(sql)).resolves.not.toHaveLength(0);
  });

  test('the median with what waits is the one of the report', async () => {
    const [, sql = ''] = QUERIES.find(([, each]) => each.includes('survival')) ?? [];
    expect(await query(sql)).toEqual([{ p50_seconds: String(report.leadTime.p50) }]);
  });

  test('without what waits it is another: that is why there are two', async () => {
    const [, sql = ''] = QUERIES[0] ?? [];
    const [row] = await query(sql);
    expect(Number(row?.p50_seconds)).toBeLessThanOrEqual(report.leadTime.p50 ?? 0);
  });
});

describe("DevLake's webhook", () => {
  const bodies = () =>
    devlakeLinesOf([report])
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  test('a body for each deployment that has ended, with what DevLake requires', () => {
    const ended = report.deployments.filter((each) => each.outcome !== 'running' && !each.assumed);
    expect(bodies()).toHaveLength(ended.length);
    for (const body of bodies())
      expect(body).toEqual({
        id: expect.stringMatching(/^larkspur\/storefront production \d+$/),
        displayTitle: expect.any(String),
        result: expect.stringMatching(/^(SUCCESS|FAILURE)$/),
        environment: 'PRODUCTION',
        originalEnvironment: 'production',
        createdDate: expect.any(String),
        startedDate: expect.any(String),
        finishedDate: expect.any(String),
        deploymentCommits: [
          {
            repoUrl: expect.stringMatching(/\/larkspur\/storefront$/),
            refName: 'main',
            commitSha: expect.stringMatching(/^[0-9a-f]{40}$/),
            name: expect.any(String),
            result: body.result,
            startedDate: body.startedDate,
            finishedDate: body.finishedDate,
          },
        ],
      });
    expect(new Set(bodies().map((each) => each.id)).size).toBe(ended.length);
  });

  test('same mapping as output: what is written is read again as the same deploys', async () => {
    const { events, elsewhere } = await readEvents(devlakeLinesOf([report]), {
      name: 'devlake.jsonl',
      repository: 'larkspur/storefront',
      now: new Date(SAMPLE_NOW),
    });
    expect(elsewhere).toBe(0);
    const told = (each: { time: Date | string | null | undefined; sha: string; status: string }) => [
      each.time && new Date(each.time).toISOString(),
      each.sha,
      each.status,
    ];
    expect(events.map(told)).toEqual(
      report.deployments
        .filter((each) => each.outcome !== 'running')
        .map((each) =>
          told({
            time: each.outcome === 'success' ? each.succeededAt : each.at,
            sha: each.sha,
            status: each.outcome,
          }),
        ),
    );
  });

  test.each([
    ['staging-eu', 'STAGING'],
    ['qa', 'TESTING'],
    ['dev', 'DEVELOPMENT'],
    ['live', 'PRODUCTION'],
  ])('environment in four fixed words: %s is %s, and its own name stays', (environment, word) => {
    const [line = ''] = devlakeLinesOf([{ ...report, environment }]).split('\n');
    expect(JSON.parse(line)).toMatchObject({ environment: word, originalEnvironment: environment });
  });
});
