import { expect, test } from '@jest/globals';
import { runStep } from '../support/runner.ts';
import { at, noticesOf, outcomeOf, sentBy } from '../support/sending.ts';

/** How long the built action waits for a collector. */

test('a collector that takes the request and never answers: a notice after nine seconds, and nothing more', async () => {
  const [plain, result] = await Promise.all([
    sentBy(runStep, () => ({})),
    sentBy(runStep, at, { answers: null }),
  ]);
  expect(outcomeOf(result)).toEqual(outcomeOf(plain));
  expect(noticesOf(result).join(' ')).toMatch(/not taken within 9 seconds/);
});
