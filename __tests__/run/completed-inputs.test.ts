import { expect, test } from '@jest/globals';
import { SAMPLE_NOW } from '../../src/demo/sample.ts';
import { runWithConfigFile } from '../support/config-file.ts';
import { sampleFor } from '../support/every-source.ts';

/** Inputs that are complete only with the configuration file. */

const run = (file: string | null, inputs: Record<string, string>) =>
  runWithConfigFile(sampleFor('tags'), file, { at: SAMPLE_NOW, inputs: { window: '', ...inputs } });

test.each([
  ['a window in the file', 'window: 20d\n', { target: '4d' }],
  ['a target in the file', 'target: 5m\n', { window: '30m', widen: 'none' }],
  ['a tolerance in the file', 'tolerance: 0%\n', { target: '3d12h' }],
  ['a source in the file', 'deploy-source: tags\n', { 'deploy-tag': 'v*' }],
  ['a workflow in the file', 'deploy-workflow: deploy.yml\n', { 'deploy-source': 'workflow' }],
] as const)('are used with %s', async (_, file, inputs) => {
  const { report, log } = await run(file, inputs);
  expect([log, report?.repository]).toEqual([expect.any(String), 'larkspur/storefront']);
});

test.each([
  ['a window', { target: '4d' }, 'Input "window" is "7d"; accepted: at least 10d'],
  ['a source', { 'deploy-tag': 'v*' }, 'Input "deploy-tag" is "v*"; accepted: no value'],
  ['a workflow', { 'deploy-source': 'workflow' }, 'Input "deploy-workflow" is ""'],
])('without a file, the error names %s', async (_, inputs, message) => {
  const { log, report } = await run(null, inputs as Record<string, string>);
  expect([log, report]).toEqual([expect.stringContaining(message), null]);
});
