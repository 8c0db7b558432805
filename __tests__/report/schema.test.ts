import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { sampleMonorepo } from '../../src/demo/monorepo.ts';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { ask } from '../support/ask.ts';
import { runWithConfigFile } from '../support/config-file.ts';
import { randomTeam } from '../support/random-team.ts';

const ajv = new Ajv2020({ allowUnionTypes: true });
ajv.addFormat('date-time', (text) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(text));
const isReport = ajv.compile(JSON.parse(readFileSync('docs/report.schema.json', 'utf8')));

const faults = (report: unknown) => {
  isReport(JSON.parse(JSON.stringify(report)));
  return isReport.errors ?? [];
};

describe('docs/report.schema.json describes every report', () => {
  test('of the sample team, with every kind of finding', async () => {
    const { report } = await ask(sampleTeam(), {
      now: SAMPLE_NOW,
      inputs: { mode: 'scheduled', 'direct-pushes': 'count' },
    });
    expect(report.regression).not.toBeNull();
    expect(report.suspects.length).toBeGreaterThan(0);
    expect(new Set(report.findings.map((finding) => finding.kind))).toEqual(
      new Set(['drift', 'batch', 'slow', 'stuck', 'manual']),
    );
    expect(faults(report)).toEqual([]);
  });

  test('of an empty window', async () => {
    const { report } = await ask(sampleTeam(), {
      now: '2026-02-28T00:00:00Z',
      inputs: { window: '1h', stages: 'none' },
    });
    expect(faults(report)).toEqual([]);
  });

  test.each([1, 2, 3, 4, 5])('of random team %d', async (seed) => {
    const { world, ends } = randomTeam(seed, 120);
    const { report } = await ask(world, {
      now: new Date(ends).toISOString(),
      inputs: { window: '14d', mode: 'scheduled', 'direct-pushes': 'count' },
    });
    expect(faults(report)).toEqual([]);
  });

  test('and no other object', async () => {
    const { report } = await ask(sampleTeam(), { now: SAMPLE_NOW });
    expect(faults({ ...report, extra: 1 })).not.toEqual([]);
    expect(faults({ ...report, status: 'fine' })).not.toEqual([]);
  });
});

test('docs/report-of-services.schema.json describes a report of several services', async () => {
  const isRun = ajv.compile(JSON.parse(readFileSync('docs/report-of-services.schema.json', 'utf8')));
  const { report } = await runWithConfigFile(sampleMonorepo(), null, {
    at: SAMPLE_NOW,
    inputs: { window: '7d' },
  });
  expect(report.units).toHaveLength(3);
  isRun(report);
  expect(isRun.errors ?? []).toEqual([]);
});
