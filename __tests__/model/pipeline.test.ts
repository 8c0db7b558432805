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

describe('the run of a deployment, however its statuses are listed', () => {
  test('one made from outside Actions has none', () => {
    expect(
      runOf({ statuses: [status('SUCCESS', 1, 'https://deploys.example/1'), status('INACTIVE', 2)] }),
    ).toBeNull();
  });

  test('the job is told where any status tells it', () => {
    const statuses = [status('QUEUED', 1, log('7/job/70')), status('SUCCESS', 2, log('7'))];
    for (const each of inAnyOrder(statuses)) expect(runOf({ statuses: each })).toEqual({ run: 7, job: 70 });
  });

  test('of two runs, the one that ended it', () => {
    const statuses = [status('FAILURE', 1, log('7/job/70')), status('SUCCESS', 2, log('8/job/80'))];
    for (const each of inAnyOrder(statuses)) expect(runOf({ statuses: each })).toEqual({ run: 8, job: 80 });
  });

  test('the job of another run is not taken for it', () => {
    const statuses = [status('FAILURE', 1, log('7/job/70')), status('SUCCESS', 2, log('8'))];
    expect(runOf({ statuses })).toEqual({ run: 8, job: null });
  });
});

describe('while protection rules held it', () => {
  test('from waiting to what came next', () => {
    const statuses = [status('WAITING', 10), status('IN_PROGRESS', 70), status('SUCCESS', 90)];
    for (const each of inAnyOrder(statuses))
      expect(holdsOf({ statuses: each })).toEqual([{ from: new Date(10_000), to: new Date(70_000) }]);
  });

  test('let go on within the same second, it was not held until it ended', () => {
    const statuses = [status('WAITING', 10), status('IN_PROGRESS', 10), status('SUCCESS', 90)];
    for (const each of inAnyOrder(statuses))
      expect(holdsOf({ statuses: each })).toEqual([{ from: new Date(10_000), to: new Date(10_000) }]);
  });

  test('still waiting: there is no end to tell yet', () => {
    expect(holdsOf({ statuses: [status('WAITING', 10)] })).toEqual([]);
  });
});
