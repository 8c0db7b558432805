import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';
import { runStep, type StepOptions } from '../support/runner.ts';

/** Never red for the wrong reason: where a runner lacks what the guard would write to, the verdict stands. */

const sample = sampleTeam();
const step = (more: Partial<StepOptions>) =>
  withGitHub(sample, {}, (github) =>
    runStep({
      apiUrl: github.apiUrl,
      repository: 'larkspur/storefront',
      ...more,
      inputs: { 'as-of': SAMPLE_NOW, target: '30m', stages: 'none', comment: 'never', ...more.inputs },
    }),
  );
const nowhere = join(mkdtempSync(join(tmpdir(), 'nowhere-')), 'not', 'there');

describe('a file that cannot be written', () => {
  test.each([
    ['summary', 'GITHUB_STEP_SUMMARY', 'The job summary could not be written'],
    ['temporary folder', 'RUNNER_TEMP', 'The report could not be written'],
    ['outputs', 'GITHUB_OUTPUT', 'Output "status" could not be written'],
  ])('%s: the verdict is logged, a warning, the exit code stays', async (_, name, warning) => {
    const { code, log } = await step({ env: { [name]: nowhere } });
    expect(code).toBe(0);
    expect(log).toContain('On target: p50 lead time');
    expect(log).toContain(warning);
    expect(log).not.toContain('has a defect');
  });

  test('where it has drifted it is red for that reason alone', async () => {
    const { code, log } = await step({ env: { GITHUB_STEP_SUMMARY: nowhere }, inputs: { target: '15m' } });
    expect(code).toBe(1);
    expect(log.split('\n').filter((line) => line.startsWith('::error'))).toHaveLength(1);
    expect(log).toContain('Deploy latency has drifted');
  });
});
