import { expect, test } from '@jest/globals';
import { runStep } from '../support/runner.ts';
import { at, noticesOf, outcomeOf, sentBy } from '../support/sending.ts';

/** Time-out of the built action for a collector. */

test('if the collector never answers, there is only a notice after nine seconds', async () => {
  const [plain, result] = await Promise.all([
    sentBy(runStep, () => ({})),
    sentBy(runStep, at, { answers: null }),
  ]);
  expect(outcomeOf(result)).toEqual(outcomeOf(plain));
  expect(noticesOf(result).join(' ')).toMatch(/no answer within 9 seconds/);
});
