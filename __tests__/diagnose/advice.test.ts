import { expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { jobsInFile } from '../../src/github/actions/workflow-yaml.ts';
import type { Evidence, Hit } from '../../src/diagnose/rules/rule.ts';
import { RULES } from '../../src/diagnose/suspects.ts';
import { lintErrors } from '../support/workflow.ts';

/** What is told to be pasted, put into a workflow, as GitHub would check it. */

const FILE = `
on: push
jobs:
  unit-tests: { runs-on: ubuntu-latest, steps: [{ run: npm ci }, { run: npx jest }] }
  browser-tests: { needs: unit-tests, runs-on: ubuntu-latest, steps: [{ run: npx playwright test }] }
  ship: { needs: browser-tests, runs-on: ubuntu-latest, environment: production, steps: [{ run: ./deploy.sh }] }
`;
const jobs = jobsInFile(FILE);
const evidence = { path: { jobs: jobs.map((fileJob) => ({ fileJob })), steps: [] } } as unknown as Evidence;

/** Every rule's piece for every job and step of a file, by what it is for. */
const pieces = RULES.flatMap((rule) =>
  jobs.flatMap((fileJob) =>
    [...fileJob.steps, null].flatMap((fileStep) => {
      const hit = { fileJob, fileStep, job: fileJob.name, where: fileJob.name, seen: [] } as unknown as Hit;
      const text = rule.yaml?.(hit, evidence) ?? null;
      return text === null ? [] : [{ name: `${rule.id} in ${fileJob.id}`, text }];
    }),
  ),
);

type Jobs = Record<string, Record<string, unknown>>;

/** The file with the piece in it: what it says of a job is that job's, steps come before those that are there. */
function pasted(text: string): string {
  const whole = parse(FILE) as { jobs: Jobs };
  const { jobs: own = {}, ...top } = parse(text) as { jobs?: Jobs };
  for (const [id, more] of Object.entries(own)) {
    expect(Object.keys(whole.jobs)).toContain(id);
    const before = whole.jobs[id] ?? {};
    const steps = [...((more.steps as unknown[] | undefined) ?? []), ...((before.steps as unknown[]) ?? [])];
    whole.jobs[id] = { ...before, ...more, steps };
  }
  return stringify({ name: 'Deploy', ...whole, ...top });
}

test('every piece of YAML is of the jobs of the file, and passes actionlint in it', () => {
  expect(pieces.length).toBeGreaterThan(8);
  expect(lintErrors(pieces.map(({ text }) => pasted(text)))).toBe('');
});

test('the jobs that it names are there: needs of the one that comes after', () => {
  const needs = pieces.find((piece) => piece.name === 'needless-sequence in browser-tests');
  expect(parse(needs?.text ?? '')).toEqual({ jobs: { ship: { needs: ['browser-tests', 'unit-tests'] } } });
});

const SHARD = `$\{{ matrix.shard }}`;

test('tests are split as their own runner does it', () => {
  const of = (id: string) => pieces.find((piece) => piece.name === `one-long-test-job in ${id}`)?.text;
  expect(of('unit-tests')).toContain(`npx jest --shard=${SHARD}/4`);
  expect(of('browser-tests')).toContain(`npx playwright test --shard=${SHARD}/4`);
  expect(of('ship')).toBeUndefined();
});
