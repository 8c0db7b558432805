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

describe('statuses of one second', () => {
  test('in progress and failed: it failed, however GitHub lists the two', () => {
    for (const order of [[0, 1] as const, [1, 0] as const]) {
      const both: [DeploymentState, number][] = [
        ['IN_PROGRESS', 5],
        ['FAILURE', 5],
      ];
      const it = deployment(order.map((i) => both[i] ?? ['PENDING', 0]));
      expect(outcomeOf(it, later(60), RUN)).toMatchObject({ outcome: 'failure', at: later(5) });
    }
  });

  test('queued and in progress, of this very run: live now, however GitHub lists the two', () => {
    const it = deployment([
      ['IN_PROGRESS', 5],
      ['QUEUED', 5],
    ]);
    expect(outcomeOf(it, later(60), RUN)).toMatchObject({ assumed: true, succeededAt: later(60) });
  });

  test('whatever the statuses, no order of them changes what became of the deployment', () => {
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
    const told = (statuses: DeploymentStatus[]) => {
      const { deployment: _, ...rest } = outcomeOf({ ...deployment([]), statuses }, later(60), RUN) ?? {};
      return rest;
    };
    fc.assert(
      fc.property(
        // Of one state in one second there is one status, or which log is meant could not be told.
        fc
          .uniqueArray(status, {
            selector: (each) => `${each.state} ${each.createdAt.getTime()}`,
            maxLength: 6,
          })
          .chain((statuses) =>
            fc.tuple(
              fc.constant(statuses),
              fc.shuffledSubarray(statuses, { minLength: statuses.length, maxLength: statuses.length }),
            ),
          ),
        ([statuses, shuffled]) => {
          expect(told(shuffled)).toEqual(told(statuses));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('as of an instant', () => {
  test('what came later is not known yet', () => {
    const it = deployment([
      ['IN_PROGRESS', 5],
      ['SUCCESS', 30],
    ]);
    expect(outcomeOf(it, later(29), null)).toMatchObject({ outcome: 'running', succeededAt: null });
    expect(outcomeOf(it, later(30), null)).toMatchObject({ outcome: 'success', succeededAt: later(30) });
  });

  test('a deployment made later is none', () => {
    expect(outcomeOf(deployment([['SUCCESS', 5]]), later(-1), null)).toBeNull();
  });
});

test('successes of one second are in the order of their creation, and then of their number', () => {
  const at = (id: number, createdAt: number) =>
    deployment([['SUCCESS', 9]], { id, createdAt: later(createdAt) });
  const listed = [at(3, 1), at(10, 1), at(2, 4), at(4, 0)];
  for (const each of [listed, listed.toReversed()])
    expect(successes(each, later(60), null).map(({ deployment: { id } }) => id)).toEqual([4, 3, 10, 2]);
});
