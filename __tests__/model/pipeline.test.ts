import { describe, expect, test } from '@jest/globals';
import type { DeploymentState, DeploymentStatus } from '../../src/model/facts.ts';
import { holdsOf, runOf } from '../../src/model/pipeline.ts';

const log = (path: string) => `https://github.com/acme/shop/actions/runs/${path}`;
const status = (state: DeploymentState, second: number, logUrl: string | null = null): DeploymentStatus => ({
  state,
  createdAt: new Date(second * 1000),
  logUrl,
});
const inAnyOrder = (statuses: DeploymentStatus[]) => [statuses, statuses.toReversed()];

describe('the run of a deployment', () => {
  test('is unknown for a deployment made outside of Actions', () => {
    expect(
      runOf({ statuses: [status('SUCCESS', 1, 'https://deploys.example/1'), status('INACTIVE', 2)] }),
    ).toBeNull();
  });

  test('includes the job if any status links to it', () => {
    const statuses = [status('QUEUED', 1, log('7/job/70')), status('SUCCESS', 2, log('7'))];
    for (const ordered of inAnyOrder(statuses))
      expect(runOf({ statuses: ordered })).toEqual({ run: 7, job: 70 });
  });

  test('is the newest of two runs', () => {
    const statuses = [status('FAILURE', 1, log('7/job/70')), status('SUCCESS', 2, log('8/job/80'))];
    for (const ordered of inAnyOrder(statuses))
      expect(runOf({ statuses: ordered })).toEqual({ run: 8, job: 80 });
  });

  test('does not take the job of another run', () => {
    const statuses = [status('FAILURE', 1, log('7/job/70')), status('SUCCESS', 2, log('8'))];
    expect(runOf({ statuses })).toEqual({ run: 8, job: null });
  });
});

describe('a wait for protection rules', () => {
  test('lasts from WAITING to the next status', () => {
    const statuses = [status('WAITING', 10), status('IN_PROGRESS', 70), status('SUCCESS', 90)];
    for (const ordered of inAnyOrder(statuses))
      expect(holdsOf({ statuses: ordered })).toEqual([{ from: new Date(10_000), to: new Date(70_000) }]);
  });

  test('ends at once if the next status has the same second', () => {
    const statuses = [status('WAITING', 10), status('IN_PROGRESS', 10), status('SUCCESS', 90)];
    for (const ordered of inAnyOrder(statuses))
      expect(holdsOf({ statuses: ordered })).toEqual([{ from: new Date(10_000), to: new Date(10_000) }]);
  });

  test('is not reported while it lasts', () => {
    expect(holdsOf({ statuses: [status('WAITING', 10)] })).toEqual([]);
  });
});
