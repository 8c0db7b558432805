import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Deployment, DeploymentState, DeploymentStatus } from '../../src/model/facts.ts';
import { outcomeOf, successes } from '../../src/model/outcome.ts';

const NOON = Date.parse('2026-03-02T12:00:00Z');
const RUN = 77;
const later = (seconds: number) => new Date(NOON + seconds * 1000);

function deployment(statuses: [DeploymentState, number][], more: Partial<Deployment> = {}): Deployment {
  return {
    id: 1,
    sha: 'a'.repeat(40),
    commitExists: true,
    createdAt: later(0),
    state: statuses.at(-1)?.[0] ?? 'PENDING',
    statuses: statuses.map(([state, at]) => ({
      state,
      createdAt: later(at),
      logUrl: `https://github.com/o/n/actions/runs/${RUN}/job/1`,
    })),
    creator: null,
    trigger: null,
    url: null,
    ...more,
  };
}

describe('statuses of the same second', () => {
  test('in progress and failed is a failure, in either order', () => {
    for (const order of [[0, 1] as const, [1, 0] as const]) {
      const both: [DeploymentState, number][] = [
        ['IN_PROGRESS', 5],
        ['FAILURE', 5],
      ];
      const failed = deployment(order.map((i) => both[i] ?? ['PENDING', 0]));
      expect(outcomeOf(failed, later(60), RUN)).toMatchObject({ outcome: 'failure', at: later(5) });
    }
  });

  test("queued and in progress in the guard's own run counts as live now", () => {
    const ownRun = deployment([
      ['IN_PROGRESS', 5],
      ['QUEUED', 5],
    ]);
    expect(outcomeOf(ownRun, later(60), RUN)).toMatchObject({ assumed: true, succeededAt: later(60) });
  });

  test('the order of the statuses never changes the outcome', () => {
    const states: DeploymentState[] = [
      'PENDING',
      'WAITING',
      'QUEUED',
      'IN_PROGRESS',
      'SUCCESS',
      'FAILURE',
      'ERROR',
      'INACTIVE',
    ];
    const status = fc.record<DeploymentStatus>({
      state: fc.constantFrom(...states),
      createdAt: fc.integer({ min: 0, max: 3 }).map(later),
      logUrl: fc.constantFrom(null, `https://github.com/o/n/actions/runs/${RUN}/job/1`),
    });
    const outcome = (statuses: DeploymentStatus[]) => {
      const { deployment: _, ...fields } = outcomeOf({ ...deployment([]), statuses }, later(60), RUN) ?? {};
      return fields;
    };
    fc.assert(
      fc.property(
        // Two statuses of the same state and second would make the log ambiguous.
        fc
          .uniqueArray(status, {
            selector: ({ state, createdAt }) => `${state} ${createdAt.getTime()}`,
            maxLength: 6,
          })
          .chain((statuses) =>
            fc.tuple(
              fc.constant(statuses),
              fc.shuffledSubarray(statuses, { minLength: statuses.length, maxLength: statuses.length }),
            ),
          ),
        ([statuses, shuffled]) => {
          expect(outcome(shuffled)).toEqual(outcome(statuses));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the outcome at an instant', () => {
  test('ignores later statuses', () => {
    const success = deployment([
      ['IN_PROGRESS', 5],
      ['SUCCESS', 30],
    ]);
    expect(outcomeOf(success, later(29), null)).toMatchObject({ outcome: 'running', succeededAt: null });
    expect(outcomeOf(success, later(30), null)).toMatchObject({ outcome: 'success', succeededAt: later(30) });
  });

  test('ignores later deployments', () => {
    expect(outcomeOf(deployment([['SUCCESS', 5]]), later(-1), null)).toBeNull();
  });
});

test('successes of the same second are ordered by creation and then by id', () => {
  const at = (id: number, createdAt: number) =>
    deployment([['SUCCESS', 9]], { id, createdAt: later(createdAt) });
  const listed = [at(3, 1), at(10, 1), at(2, 4), at(4, 0)];
  for (const deployments of [listed, listed.toReversed()])
    expect(successes(deployments, later(60), null).map(({ deployment: { id } }) => id)).toEqual([
      4, 3, 10, 2,
    ]);
});
