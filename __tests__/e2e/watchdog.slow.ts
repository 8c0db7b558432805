import { expect, test } from '@jest/globals';
import { sampleTeam } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';
import { runStep } from '../support/runner.ts';

/** A run whose code holds the process after its time is over. */

/** A module that blocks the process once the run has begun. */
const BUSY = `data:text/javascript,${encodeURIComponent('setTimeout(() => { for (;;); }, 800);')}`;

test('a busy loop ends five seconds after "timeout", with one line', async () => {
  await withGitHub(sampleTeam(), { latency: 300 }, async ({ apiUrl }) => {
    const begin = performance.now();
    const { code, log } = await runStep({
      apiUrl,
      repository: 'larkspur/storefront',
      inputs: { timeout: '2s' },
      env: { NODE_OPTIONS: `--import ${BUSY}` },
    });
    expect(code).not.toBe(0);
    expect(log.trim().split('\n').at(-1)).toBe(
      '::error title=Deploy latency guard was ended::The guard kept the processor busy after "timeout" was over, so it was ended. There is no verdict. Report this as a bug, with the log.',
    );
    expect((performance.now() - begin) / 1000).toBeGreaterThan(7);
  });
}, 30_000);
