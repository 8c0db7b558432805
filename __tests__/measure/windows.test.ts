import { describe, expect, test } from '@jest/globals';
import { attribute } from '../../src/measure/attribution.ts';
import { measureIn } from '../../src/measure/measure.ts';
import type { Commit } from '../../src/model/facts.ts';
import { at, commit, deployment, facts } from '../support/facts.ts';
import { measured } from '../support/measured.ts';

/** Commits that count their lookups. */
class CountedCommits extends Map<string, Commit> {
  lookups = 0;
  override get(oid: string) {
    this.lookups += 1;
    return super.get(oid);
  }
}

/** A direct push at 300. #4 is merged into a branch at 400, which #5 merges at 500. #6 is pending. */
const line = [
  commit('c1', [], -100),
  commit('c2', ['c1'], 100),
  commit('c3', ['c2'], 300, { merged: null }),
  commit('c4', ['c3'], 400, { base: 'develop' }),
  commit('c5', ['c3', 'c4'], 500),
  commit('c6', ['c5'], 800),
];
const commits = new CountedCommits(line.map((commit) => [commit.oid, commit]));
const history = facts(
  line,
  [
    deployment(1, 'c1', -90),
    deployment(2, 'c2', 150),
    deployment(3, 'c5', 550, { statuses: [['FAILURE', 560]] }),
    deployment(4, 'c5', 600),
    deployment(5, 'gone', 700, { gone: true }),
  ],
  { commits },
);
const options = { runId: null, countDirectPushes: false };
const upTo = (now: number, from: number) => ({ window: { from: at(from), to: at(now) }, maxBatch: 1 });

describe('one attribution', () => {
  const attribution = attribute(history, history, { ...options, asOf: at(1000) });

  test('gives the figures of every window that ends at its instant', () => {
    for (const from of [-200, 0, 350, 700, 1000]) {
      const { attribution: measuredAttribution, ...figures } = measureIn(attribution, upTo(1000, from));
      const { attribution: other, ...expected } = measured(history, history, {
        ...options,
        ...upTo(1000, from),
      });
      expect(figures).toEqual(expected);
      expect(measuredAttribution).toBe(attribution);
      expect(other).not.toBe(attribution);
    }
    expect(measureIn(attribution, upTo(1000, 0)).caveats).toMatchObject({
      withoutPullRequest: 1,
      carried: [{ branch: 'develop', pullRequests: 1, deployments: 1 }],
    });
    expect(measureIn(attribution, upTo(1000, 450)).caveats).toMatchObject({
      withoutPullRequest: 0,
      carried: [],
    });
  });

  test('is measured again without looking up a commit', () => {
    measureIn(attribution, upTo(1000, 0));
    const before = commits.lookups;
    const { mergesets, caveats } = measureIn(attribution, upTo(1000, -200));
    expect(mergesets).toHaveLength(4);
    expect(caveats.carried).toHaveLength(1);
    expect(commits.lookups).toBe(before);
  });

  test('rejects a window that ends at another instant', () => {
    for (const now of [999, 1001])
      expect(() => measureIn(attribution, upTo(now, 0))).toThrow(
        new RangeError(
          `The window ends at ${at(now).toISOString()}, and the attribution is as of 2026-03-02T12:16:40.000Z. Both must be the same instant.`,
        ),
      );
  });
});

test('outcomes are in the order of success and include the shipments', () => {
  const { outcomes, shipments } = attribute(history, history, { ...options, asOf: at(605) });
  expect(outcomes.map((outcome) => [outcome.deployment.id, outcome.outcome])).toEqual([
    [1, 'success'],
    [2, 'success'],
    [3, 'failure'],
    [4, 'running'],
  ]);
  expect(shipments).toEqual([outcomes[0], outcomes[1]]);
  expect(shipments[1]).toBe(outcomes[1]);
});
