import { expect, test } from '@jest/globals';
import { compareRecords } from '../support/records.ts';

/** A small part of `npm run records-property`. */

test('no lead time and no verdict of thirty random teams differs from their servers in silence', async () => {
  let changes = 0;
  for (let seed = 1; seed <= 30; seed++) {
    const compared = await compareRecords(seed);
    changes += compared.changes;
    expect(compared.differences.filter(({ isSaid }) => !isSaid)).toEqual([]);
  }
  expect(changes).toBeGreaterThan(200);
}, 60_000);
