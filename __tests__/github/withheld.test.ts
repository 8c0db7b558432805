import { describe, expect, test } from '@jest/globals';
import type { Execute, GraphqlResponse } from '../../src/fake-github/execute.ts';
import { sampleTeam } from '../../src/demo/sample.ts';
import { ask } from '../support/ask.ts';
import { withGitHub } from '../support/github.ts';
import { withOpenPull } from '../support/open-pull.ts';
import { executeAsGitHub } from '../support/schema.ts';
import { steadyTeam } from '../support/steady-team.ts';
import { opened, performOn, shippedBy, writes } from '../support/written.ts';

/** An answer with data and errors, through the client with its plugins: GitHub withholds single entries of a list. */

type Error = NonNullable<GraphqlResponse['errors']>[number] & { extensions?: object };
type Path = (string | number)[];

const SAML = {
  type: 'FORBIDDEN',
  extensions: { saml_failure: true },
  message:
    'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
};
const FORBIDDEN = { type: 'FORBIDDEN', message: 'Resource not accessible by integration' };
const NOT_FOUND = { type: 'NOT_FOUND', message: 'Could not resolve to a node with the global id of 7.' };

/** Replaces entries by null, with an error for each. */
const withholding =
  (isWithheld: (path: string, entry: Record<string, unknown>) => boolean, error: Error): Execute =>
  async (root, request) => {
    const answer = await executeAsGitHub(root, request);
    const copy = JSON.parse(JSON.stringify(answer)) as GraphqlResponse;
    const errors: Error[] = [];
    const visit = (value: unknown, path: Path): unknown => {
      if (typeof value !== 'object' || value === null) return value;
      if (isWithheld(path.join('.'), value as Record<string, unknown>)) {
        errors.push({ ...error, path });
        return null;
      }
      for (const [key, field] of Object.entries(value))
        Object.assign(value, { [key]: visit(field, [...path, Array.isArray(value) ? Number(key) : key]) });
      return value;
    };
    const data = visit(copy.data, []);
    return { ...copy, data, ...(errors.length > 0 ? { errors: [...(copy.errors ?? []), ...errors] } : {}) };
  };

const TEAM = steadyTeam({ commits: 60, days: 7, deployEvery: 2 });
const PULL = /associatedPullRequests\.nodes\.\d+$|\bpull\d+$/;
const askWith = (execute: Execute, inputs: Record<string, string> = {}) =>
  ask(TEAM.world, { now: TEAM.now, inputs, github: { execute } });
const somePull = TEAM.world.pulls.at(-5)?.number;

describe('one withheld pull request of a page', () => {
  test.each([
    ['SAML', SAML, 'Authorize the token for the organization'],
    ['a permission', FORBIDDEN, 'Add "permissions: pull-requests: read"'],
    ['a missing node', NOT_FOUND, 'the token may not see it'],
  ])('is a gap, and the others count: %s', async (_, error, advice) => {
    const all = await askWith(executeAsGitHub);
    const { report } = await askWith(
      withholding((path, { number }) => PULL.test(path) && number === somePull, error),
    );
    expect(report.mergesets).toHaveLength(all.report.mergesets.length - 1);
    expect(report.status).toBe('insufficient-data');
    const [gap, ...others] = report.completeness.gaps;
    expect(others).toEqual([]);
    expect(gap?.verdictAtRisk).toBe(true);
    expect(gap?.what).toMatch(/^GitHub withheld some pull requests\. /);
    expect(gap?.what).toContain(error.message.slice(0, 40));
    expect(gap?.what).toContain(advice);
  });
});

test('all pull requests withheld by SAML leave no verdict, and the advice', async () => {
  const { report } = await askWith(withholding((path) => PULL.test(path), SAML));
  expect(report.status).toBe('insufficient-data');
  expect(report.completeness.gaps[0]?.what).toContain('Authorize the token');
});

test('if a permission withholds every pull request, the run ends and names it', async () => {
  await expect(askWith(withholding((path) => PULL.test(path), FORBIDDEN))).rejects.toThrow(
    'Add "permissions: pull-requests: read" to the job',
  );
});

test('an error for the whole repository ends the run', async () => {
  await expect(askWith(withholding((path) => path === 'repository', SAML))).rejects.toThrow(
    'Authorize the token for the organization',
  );
});

test.each<[string, Record<string, string>, (path: string) => boolean]>([
  ['a deployment', {}, (path) => /deployments\.nodes\.3$/.test(path)],
  ['every deployment', {}, (path) => /deployments\.nodes\.\d+$/.test(path)],
  ['a commit', {}, (path) => /history\.nodes\.7$/.test(path)],
])('%s that is withheld takes the verdict away', async (_, inputs, isWithheld) => {
  const { report } = await askWith(withholding(isWithheld, SAML), inputs);
  expect(report.status).toBe('insufficient-data');
  expect(report.completeness.gaps.map(({ what }) => what).join()).toContain('Authorize the token');
});

test('jobs that are withheld leave the verdict, and the stages say so', async () => {
  const world = sampleTeam();
  const execute = withholding((path) => /checkRuns\.nodes\.1$/.test(path), SAML);
  await withGitHub(world, { execute }, async (github) => {
    const { report } = await performOn(world, github, { ...shippedBy(9010), inputs: { stages: 'full' } });
    const gaps = report?.completeness.gaps.filter(({ what }: { what: string }) => /withheld/.test(what));
    expect(gaps).toMatchObject([{ verdictAtRisk: false }]);
    expect(report?.status).not.toBe('insufficient-data');
  });
});

test('if a comment is withheld, no second one is written', async () => {
  const world = withOpenPull();
  const run = (execute: Execute) =>
    withGitHub(world, { execute }, async (github) => {
      const { log } = await performOn(world, github, { ...opened, inputs: { comment: 'always' } });
      return { log, written: writes(github) };
    });
  await run(executeAsGitHub);
  expect(world.comments).toHaveLength(1);
  const { log, written } = await run(withholding((path) => /comments\.nodes\.\d+$/.test(path), SAML));
  expect(written).toEqual([]);
  expect(log).toContain('Authorize the token');
});

test('if the newest deployment may be withheld, no pull request gets a comment', async () => {
  const world = sampleTeam();
  const execute = withholding((path) => /deployments\.nodes\.0$/.test(path), SAML);
  await withGitHub(world, { execute }, async (github) => {
    const { log } = await performOn(world, github, { ...shippedBy(9010), inputs: { comment: 'always' } });
    expect(writes(github)).toEqual([]);
    expect(log).toContain('GitHub withheld some data, so no comment was posted');
  });
});
