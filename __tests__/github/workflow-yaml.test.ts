import { describe, expect, test } from '@jest/globals';
import { jobsInFile } from '../../src/github/actions/workflow-yaml.ts';

/** Workflow files as outsiders may write them. */

describe('a workflow file that is made to hold everything up', () => {
  const nested = (levels: number) =>
    [
      'a0: &a0 [x, x, x, x, x, x, x, x, x]',
      ...Array.from(
        { length: levels },
        (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`,
      ),
      `jobs: { deploy: { with: *a${levels}, steps: [{ run: ./deploy.sh }] } }`,
    ].join('\n');

  test('nested aliases are not expanded: thirty levels are read like none', () => {
    expect(jobsInFile(nested(30))).toMatchObject([{ id: 'deploy', takesFromOthers: false }]);
  });

  test('a circle of aliases ends', () => {
    expect(jobsInFile('jobs:\n  deploy: &d\n    env: *d\n    steps: []\n')).toBeInstanceOf(Array);
  });

  test('a file past every size is none', () => {
    expect(jobsInFile(`jobs:\n  a: {}\n${'#'.repeat(600_000)}`)).toEqual([]);
  });

  test('brackets without an end are none', () => {
    expect(jobsInFile('['.repeat(50_000))).toEqual([]);
  });
});

test('what a job takes from others is found where it stands', () => {
  expect(jobsInFile('jobs:\n  a:\n    if: needs.b.outputs.v\n')).toMatchObject([{ takesFromOthers: true }]);
});
