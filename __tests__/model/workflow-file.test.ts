import { describe, expect, test } from '@jest/globals';
import { jobsInFile } from '../../src/github/actions/workflow-yaml.ts';
import { calledBy, fileJobOf, jobNamed, needsOf as needsIn } from '../../src/model/workflow-file.ts';

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
  notify: { needs: [deploy], steps: [{ run: ./notify.sh }] }
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

const needsOf = (texts: typeof files, file: string, name: string) => needsIn(texts, file, name, 'push');

describe('a job that a run shows', () => {
  test('is found by its name with expressions', () => {
    expect(jobNamed(jobs, 'test ubuntu-latest / node 24')?.id).toBe('unit');
    expect(jobNamed(jobs, 'lint ubuntu-latest')).toBeUndefined();
  });

  test('has a matrix, even if the matrix is an expression', () => {
    expect(jobs.find((job) => job.id === 'unit')?.matrix).toBe(true);
  });

  test('in a reusable workflow is split into the caller and the called job', () => {
    expect(fileJobOf(files, 'ci.yml', 'deploy / to production')?.id).toBe('ship');
    expect(fileJobOf(files, 'ci.yml', 'unit / x')).toBeNull();
    expect(fileJobOf(files, 'ci.yml', 'deploy')?.id).toBe('deploy');
  });

  test('may call a file of the same repository', () => {
    expect(calledBy(jobs)).toEqual(['.github/workflows/ship.yml']);
  });

  test('has the needs of its file, and unknown needs if it is not in the file', () => {
    const needs = needsOf(files, 'ci.yml', 'notify');
    expect(needs?.any).toBe(true);
    expect(needs?.includes('deploy / to production')).toBe(true);
    expect(needs?.includes('test ubuntu-latest / node 24')).toBe(false);
    expect(needsOf(files, 'ci.yml', 'test ubuntu-latest / node 24')?.any).toBe(false);
    expect(needsOf(files, 'ci.yml', 'other')).toBeNull();
    expect(needsOf(files, 'other.yml', 'notify')).toBeNull();
    expect(needsOf(files, 'ci.yml', 'outside / x')).toBeNull();
  });

  test('in a reusable workflow has the needs there, and a first job those of its caller', () => {
    const ship = needsOf(files, 'ci.yml', 'deploy / to production');
    expect(ship?.includes('deploy / to build')).toBe(true);
    expect(ship?.includes('deploy / lint')).toBe(false);
    expect(ship?.includes('test ubuntu-latest / node 24')).toBe(false);
    const first = needsOf(files, 'ci.yml', 'deploy / to build');
    expect(first?.includes('test ubuntu-latest / node 24')).toBe(true);
    expect(first?.includes('deploy / lint')).toBe(false);
  });
});
