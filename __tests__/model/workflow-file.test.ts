import { describe, expect, test } from '@jest/globals';
import { jobsInFile } from '../../src/github/actions/workflow-yaml.ts';
import { calledBy, callerOf, jobNamed, needsOf } from '../../src/model/workflow-file.ts';

const expression = (text: string) => `$\{{ ${text} }}`;
const jobs = jobsInFile(`
on: push
jobs:
  unit:
    name: test ${expression('matrix.os')} / node ${expression('matrix.node')}
    strategy:
      matrix: ${expression('fromJSON(needs.plan.outputs.matrix)')}
    steps: [{ run: npm test }]
  deploy: { needs: unit, uses: ./.github/workflows/ship.yml }
  outside: { uses: acme/flows/.github/workflows/x.yml@v1 }
  tell: { needs: [deploy], steps: [{ run: ./tell.sh }] }
`);
const files = new Map([
  ['ci.yml', jobs],
  [
    '.github/workflows/ship.yml',
    jobsInFile(`
on: workflow_call
jobs:
  build: { name: to build, steps: [{ run: make }] }
  lint: { steps: [{ run: make lint }] }
  ship: { name: to production, needs: build, steps: [{ run: ./ship.sh }] }
`),
  ],
]);

describe('the job of a file that a run shows', () => {
  test('by a name with expressions, filled in', () => {
    expect(jobNamed(jobs, 'test ubuntu-latest / node 24')?.id).toBe('unit');
    expect(jobNamed(jobs, 'lint ubuntu-latest')).toBeUndefined();
  });

  test('a matrix may be one expression', () => {
    expect(jobs.find((job) => job.id === 'unit')?.matrix).toBe(true);
  });

  test('of a workflow that is called: the one that calls, and what is called there', () => {
    expect(callerOf(jobs, 'deploy / to production')).toMatchObject({
      caller: { id: 'deploy' },
      job: 'to production',
    });
    expect(callerOf(jobs, 'unit / x')).toBeNull();
    expect(callerOf(jobs, 'deploy')).toBeNull();
  });

  test('files of the same repository that are called', () => {
    expect(calledBy(jobs)).toEqual(['.github/workflows/ship.yml']);
  });

  test('needs what its file says; nothing is known of one that is not in it', () => {
    const needs = needsOf(files, 'ci.yml', 'tell');
    expect(needs?.any).toBe(true);
    expect(needs?.includes('deploy / to production')).toBe(true);
    expect(needs?.includes('test ubuntu-latest / node 24')).toBe(false);
    expect(needsOf(files, 'ci.yml', 'test ubuntu-latest / node 24')?.any).toBe(false);
    expect(needsOf(files, 'ci.yml', 'other')).toBeNull();
    expect(needsOf(files, 'other.yml', 'tell')).toBeNull();
    expect(needsOf(files, 'ci.yml', 'outside / x')).toBeNull();
  });

  test('in a called workflow: what is needed there, and of its first jobs what the calling one needs', () => {
    const ship = needsOf(files, 'ci.yml', 'deploy / to production');
    expect(ship?.includes('deploy / to build')).toBe(true);
    expect(ship?.includes('deploy / lint')).toBe(false);
    expect(ship?.includes('test ubuntu-latest / node 24')).toBe(false);
    const first = needsOf(files, 'ci.yml', 'deploy / to build');
    expect(first?.includes('test ubuntu-latest / node 24')).toBe(true);
    expect(first?.includes('deploy / lint')).toBe(false);
  });
});
