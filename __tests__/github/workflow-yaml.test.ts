import { describe, expect, test } from '@jest/globals';
import { jobsInFile } from '../../src/github/actions/workflow-yaml.ts';

describe('a workflow file made to exhaust time or memory', () => {
  const nested = (levels: number) =>
    [
      'a0: &a0 [x, x, x, x, x, x, x, x, x]',
      ...Array.from(
        { length: levels },
        (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`,
      ),
      `jobs: { deploy: { with: *a${levels}, steps: [{ run: ./deploy.sh }] } }`,
    ].join('\n');

  test('thirty levels of nested aliases are not expanded', () => {
    expect(jobsInFile(nested(30))).toMatchObject([{ id: 'deploy', takes: [] }]);
  });

  test('a circular alias does not hang', () => {
    expect(jobsInFile('jobs:\n  deploy: &d\n    env: *d\n    steps: []\n')).toBeInstanceOf(Array);
  });

  test('a file over the size limit has no jobs', () => {
    expect(jobsInFile(`jobs:\n  a: {}\n${'#'.repeat(600_000)}`)).toEqual([]);
  });

  test('50,000 open brackets have no jobs', () => {
    expect(jobsInFile('['.repeat(50_000))).toEqual([]);
  });
});

test('a job that uses the output of another job depends on it', () => {
  expect(jobsInFile('jobs:\n  a:\n    if: needs.b.outputs.v\n')).toMatchObject([{ takes: ['b'] }]);
});
