import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';
import { runStep, type StepOptions } from '../support/runner.ts';

/** A runner that cannot take a file from the guard does not change the verdict. */

const sample = sampleTeam();
const step = (options: Partial<StepOptions>) =>
  withGitHub(sample, {}, (github) =>
    runStep({
      apiUrl: github.apiUrl,
      repository: 'larkspur/storefront',
      ...options,
      inputs: { 'as-of': SAMPLE_NOW, target: '30m', stages: 'none', comment: 'never', ...options.inputs },
    }),
  );
const missingFolder = join(mkdtempSync(join(tmpdir(), 'nowhere-')), 'not', 'there');

describe('a file that cannot be written', () => {
  test.each([
    ['summary', 'GITHUB_STEP_SUMMARY', 'The job summary could not be written'],
    ['temporary folder', 'RUNNER_TEMP', 'The report could not be written'],
    ['outputs', 'GITHUB_OUTPUT', 'The outputs could not be written'],
  ])('%s: the guard warns, logs the verdict and keeps the exit code', async (_, name, warning) => {
    const { code, log } = await step({ env: { [name]: missingFolder } });
    expect(code).toBe(0);
    expect(log).toContain('On target: half of the changes go live in');
    expect(log.split(warning)).toHaveLength(2);
    expect(log).not.toContain('has a bug');
  });

  test('a summary that another program has nearly filled stays below the limit', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'summary-')), 'summary.md');
    for (const [bytes, text] of [
      [800_000, 'On target'],
      [1_030_000, 'had to be left out'],
      [1_048_000, ''],
    ] as const) {
      writeFileSync(file, 'x'.repeat(bytes));
      await step({ env: { GITHUB_STEP_SUMMARY: file }, inputs: { stages: 'auto' } });
      const written = readFileSync(file, 'utf8').slice(bytes);
      expect(written).toContain(text);
      expect(bytes + Buffer.byteLength(written)).toBeLessThanOrEqual(1_048_574);
    }
  });

  test('a drift is the only error', async () => {
    const { code, log } = await step({
      env: { GITHUB_STEP_SUMMARY: missingFolder },
      inputs: { target: '15m' },
    });
    expect(code).toBe(1);
    expect(log.split('\n').filter((line) => line.startsWith('::error'))).toHaveLength(1);
    expect(log).toContain('Deploy latency has drifted');
  });
});
