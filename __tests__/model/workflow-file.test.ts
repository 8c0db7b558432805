import { describe, expect, test } from '@jest/globals';
import { jobsInFile } from '../../src/github/actions/workflow-yaml.ts';
import {
  calledBy,
  fileJobOf,
  fileJobsNamed,
  filledIn,
  jobNamed,
  needsOf as needsIn,
  runJobsOf,
} from '../../src/model/workflow-file.ts';

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

describe('an expression', () => {
  test.each([
    ['inputs.to', 'staging'],
    ["inputs.to || 'production'", 'staging'],
    ["inputs.none || 'production'", 'production'],
    ["inputs.to == 'Staging' && 'test' || 'live'", 'test'],
    ["inputs.to != 'staging' && 'test' || 'live'", 'live'],
    ["!inputs.dry && 'it''s live'", "it's live"],
    ["(inputs.none || inputs.to) == 'staging' && 'a' || 'b'", 'a'],
    ['vars.ENVIRONMENT', null],
    ["vars.ENVIRONMENT || 'production'", null],
    ["github.ref == 'refs/heads/main' && 'production' || 'staging'", null],
    ["format('{0}', inputs.to)", null],
    ["inputs.to == 'a' 'b'", null],
  ])('%s', (inside, value) => {
    const values = { 'inputs.to': 'staging', 'inputs.none': '', 'inputs.dry': 'false' };
    const text = `to ${expression(inside)}`;
    expect(filledIn(text, values)).toBe(value === null ? text : `to ${value}`);
  });
});

describe('the environment of a job', () => {
  const caller = (passes: string, more = '') =>
    jobsInFile(`
on: { push: , workflow_dispatch: { inputs: { target: { type: string } } } }
jobs:
  ship: { uses: ./.github/workflows/ship.yml${passes === '' ? '' : `, with: { to: ${passes} }`}${more} }
`);
  const called = (byDefault = '') =>
    jobsInFile(`
on: { workflow_call: { inputs: { to: { type: string${byDefault} } } } }
jobs:
  push: { environment: "${expression('inputs.to')}", steps: [{ run: ./push.sh }] }
`);
  const environments = (
    jobs: ReturnType<typeof jobsInFile>,
    ship = called(),
    event = 'push',
    name = 'ship / push',
  ) =>
    runJobsOf(
      new Map([
        ['ci.yml', jobs],
        ['.github/workflows/ship.yml', ship],
      ]),
      'ci.yml',
      name,
      event,
    ).map(({ job }) => job.environment);

  test('is what the caller passes, or the default', () => {
    expect(environments(caller('production'))).toEqual(['production']);
    expect(environments(caller(''), called(', default: staging'))).toEqual(['staging']);
    expect(environments(caller('production'), called(', default: staging'))).toEqual(['production']);
  });

  test('is the value of the matrix of its caller', () => {
    const matrix = ', strategy: { matrix: { env: [staging, production] } }';
    const jobs = caller(`"${expression('matrix.env')}"`, matrix);
    expect(environments(jobs, called(), 'push', 'ship (production) / push')).toEqual(['production']);
    expect(environments(jobs, called(), 'push', 'ship (staging) / push')).toEqual(['staging']);
  });

  test('is unknown if a person may have chosen it', () => {
    const jobs = caller(`"${expression("inputs.target || 'production'")}"`);
    expect(environments(jobs)).toEqual(['production']);
    expect(environments(jobs, called(), 'workflow_dispatch')).toEqual([expression('inputs.to')]);
    expect(environments(caller(`"${expression('vars.TO')}"`))).toEqual([expression('inputs.to')]);
  });

  test('is that of the leg, with "include" and "exclude"', () => {
    const legs = jobsInFile(`
jobs:
  deploy:
    environment: ${expression('matrix.target.env')}
    strategy:
      matrix:
        target: [{ env: staging, size: 1 }, { env: production, size: 3 }]
        region: [eu, us]
        exclude: [{ target: { env: staging }, region: us }]
        include: [{ region: eu, zone: a }, { target: { env: demo }, region: ap }]
    steps: []
`);
    expect(legs[0]?.legs).toHaveLength(4);
    const found = (name: string) =>
      runJobsOf(new Map([['d.yml', legs]]), 'd.yml', name, 'push')[0]?.job.environment;
    expect(found('deploy (production, 3, us)')).toBe('production');
    expect(found('deploy (staging, 1, eu, a)')).toBe('staging');
    expect(found('deploy (staging, 1, eu)')).toBe('staging');
    expect(found('deploy (demo, ap)')).toBe('demo');
    expect(found('deploy (qa, eu)')).toBe(expression('matrix.target.env'));
  });
});

describe('jobs that fit one name', () => {
  const idsFor = (text: string, name: string) => fileJobsNamed(jobsInFile(text), name).map(({ id }) => id);
  const template = (id: string, name: string, more = '') =>
    `  ${id}: { name: "${name}"${more}, steps: [] }\n`;

  test('are those with the most exact name', () => {
    const open = template('any', `upgrade-${expression('inputs.a')}`);
    const narrow = template('db', `upgrade-db-${expression('inputs.b')}`);
    for (const text of [`jobs:\n${open}${narrow}`, `jobs:\n${narrow}${open}`]) {
      expect(idsFor(text, 'upgrade-db-eu')).toEqual(['db']);
      expect(idsFor(text, 'upgrade-web')).toEqual(['any']);
      expect(idsFor(`${text}${template('exact', 'upgrade-db-eu')}`, 'upgrade-db-eu')).toEqual(['exact']);
    }
  });

  test('are those whose matrix has the values', () => {
    const leg = (id: string, value: string) =>
      template(id, `upgrade-${expression('matrix.to')}`, `, strategy: { matrix: { to: [${value}] } }`);
    const text = `jobs:\n${leg('first', 'staging')}${leg('second', 'production')}`;
    expect(idsFor(text, 'upgrade-production')).toEqual(['second']);
    expect(idsFor(text, 'upgrade-staging')).toEqual(['first']);
    expect(idsFor(text, 'upgrade-qa')).toEqual(['first', 'second']);
    expect(jobNamed(jobsInFile(text), 'upgrade-qa')).toBeUndefined();
  });

  test('are several if they have the same name', () => {
    expect(idsFor(`jobs:\n${template('a', 'Deploy')}${template('b', 'Deploy')}`, 'Deploy')).toEqual([
      'a',
      'b',
    ]);
  });
});
