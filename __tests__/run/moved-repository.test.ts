import { describe, expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';
import { performStep } from '../support/in-process.ts';
import { withOpenPull } from '../support/open-pull.ts';
import { DRIFTED, opened, shippedBy, writes } from '../support/written.ts';

/** A repository that was renamed or transferred is followed, for reads and writes. An archived one is reported as such. */

const FORMER = 'acme/once';
const renamed = (make = sampleTeam) => Object.assign(make(), { formerNames: [FORMER] });

/** Runs in the repository under its former name. */
const run = (
  world: ReturnType<typeof sampleTeam>,
  options: { event?: string; payload?: object; inputs?: object; repository?: string },
) =>
  withGitHub(world, {}, async (github) => {
    const result = await performStep({
      apiUrl: github.apiUrl,
      repository: FORMER,
      ...options,
      inputs: { 'as-of': SAMPLE_NOW, comment: 'always', issue: 'always', ...options.inputs },
    });
    return { ...result, written: writes(github), paths: github.requests.map(({ path }) => path) };
  });

describe('A renamed or transferred repository', () => {
  test.each<[string, typeof sampleTeam, Parameters<typeof run>[1], RegExp]>([
    ['the comment on an open pull request', withOpenPull, opened, /^POST \/issues\/500\/comments$/],
    ['the comment on a shipped pull request', sampleTeam, shippedBy(9010), /^POST \/issues\/\d+\/comments$/],
    ['the weekly issue', sampleTeam, { event: 'schedule', inputs: { target: DRIFTED } }, /^POST \/issues$/],
  ])('gets %s under its new name, once', async (_, make, options, written) => {
    const world = renamed(make);
    const first = await run(world, options);
    expect(first.report?.repository).toBe('larkspur/storefront');
    expect(first.written.filter((write) => written.test(write)).length).toBeGreaterThan(0);
    expect(first.paths.filter((path) => /issues/.test(path)).join()).not.toContain(FORMER);
    expect(first.summary).toContain('is now larkspur/storefront');
    const second = await run(world, options);
    expect(second.written.filter((write) => write.startsWith('POST'))).toEqual([]);
  });

  test.each([
    ['deployments', {}],
    ['runs', { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml', 'deploy-job': 'deploy' }],
  ])('has the same verdict under its former name: %s', async (_, inputs) => {
    const world = renamed();
    const before = await run(world, { inputs: { ...inputs, comment: 'never', stages: 'full' } });
    const after = await run(world, {
      repository: 'larkspur/storefront',
      inputs: { ...inputs, comment: 'never', stages: 'full' },
    });
    const { remarks, generatedAt: _at, ...rest } = before.report as unknown as Record<string, unknown>;
    const { remarks: others, generatedAt: __, ...same } = after.report as unknown as Record<string, unknown>;
    expect(rest).toEqual(same);
    expect(remarks).toHaveLength((others as object[]).length + 1);
  });
});

test('An archived repository has no verdict, because its waiting changes never go live', async () => {
  const world = Object.assign(sampleTeam(), { archived: true });
  const { report } = await withGitHub(world, {}, ({ apiUrl }) =>
    performStep(
      {
        apiUrl,
        repository: 'larkspur/storefront',
        event: 'schedule',
        inputs: { issue: 'never', stages: 'none' },
      },
      { now: new Date(SAMPLE_NOW) },
    ),
  );
  expect(report?.status).toBe('insufficient-data');
  expect(report?.completeness.gaps).toMatchObject([
    { what: 'Repository larkspur/storefront is archived, so nothing is merged or deployed any more.' },
  ]);
});
