import { expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { jobsInFile } from '../../src/github/actions/workflow-yaml.ts';
import type { Evidence, Hit } from '../../src/diagnose/rules/rule.ts';
import { RULES } from '../../src/diagnose/suspects.ts';
import { lintErrors } from '../support/workflow.ts';

/** The YAML of the suspects, pasted into a workflow and checked like GitHub does. */

const FILE = `
on: push
jobs:
  unit-tests: { runs-on: ubuntu-latest, steps: [{ run: npm ci }, { run: npx jest }] }
  browser-tests: { needs: unit-tests, runs-on: ubuntu-latest, steps: [{ run: npx playwright test }] }
  ship: { needs: browser-tests, runs-on: ubuntu-latest, environment: production, steps: [{ run: ./deploy.sh }] }
`;
const jobs = jobsInFile(FILE);
const evidence = {
  path: { jobs: jobs.map((fileJob) => ({ fileJob })), steps: [], graphs: [] },
  report: { staged: [] },
} as unknown as Evidence;

/** The YAML of every rule, for every job and step of the file. */
const snippets = RULES.flatMap((rule) =>
  jobs.flatMap((fileJob) =>
    [...fileJob.steps, null].flatMap((fileStep) => {
      const hit = { fileJob, fileStep, job: fileJob.name, where: fileJob.name, seen: [] } as unknown as Hit;
      const text = rule.yaml?.(hit, evidence) ?? null;
      return text === null ? [] : [{ name: `${rule.id} in ${fileJob.id}`, text }];
    }),
  ),
);

type Jobs = Record<string, Record<string, unknown>>;

/** The file with the YAML pasted into its jobs. Pasted steps come first. */
function pasted(text: string): string {
  const file = parse(FILE) as { jobs: Jobs };
  const { jobs: pastedJobs = {}, ...top } = parse(text) as { jobs?: Jobs };
  for (const [id, pastedJob] of Object.entries(pastedJobs)) {
    expect(Object.keys(file.jobs)).toContain(id);
    const job = file.jobs[id] ?? {};
    const steps = [
      ...((pastedJob.steps as unknown[] | undefined) ?? []),
      ...((job.steps as unknown[]) ?? []),
    ];
    file.jobs[id] = { ...job, ...pastedJob, steps };
  }
  return stringify({ name: 'Deploy', ...file, ...top });
}

test('the YAML names jobs of the file and passes actionlint when it is pasted', () => {
  expect(snippets.length).toBeGreaterThan(8);
  expect(lintErrors(snippets.map(({ text }) => pasted(text)))).toBe('');
});

test('the YAML for a needless sequence lets the next job need both', () => {
  const needs = snippets.find(({ name }) => name === 'needless-sequence in browser-tests');
  expect(parse(needs?.text ?? '')).toEqual({ jobs: { ship: { needs: ['browser-tests', 'unit-tests'] } } });
});

const SHARD = `$\{{ matrix.shard }}`;

test('tests are split with the option of their test runner', () => {
  const shards = (id: string) => snippets.find(({ name }) => name === `one-long-test-job in ${id}`)?.text;
  expect(shards('unit-tests')).toContain(`npx jest --shard=${SHARD}/4`);
  expect(shards('browser-tests')).toContain(`npx playwright test --shard=${SHARD}/4`);
  expect(shards('ship')).toBeUndefined();
});
