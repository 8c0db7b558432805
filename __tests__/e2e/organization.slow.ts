import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runCli } from '../support/cli.ts';
import { withGitHub } from '../support/github.ts';
import { MANY_NOW, teamOf, together } from '../support/organization.ts';
import { runStep } from '../support/runner.ts';
import { workflowOf } from '../support/workflow.ts';

/** The built organization action and the built command line, with many repositories. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'organization-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const COUNT = 45;
const world = () =>
  together(Array.from({ length: COUNT }, (_, i) => teamOf(`team-${i}`, { minutes: 5 + i, changes: 3 })));
const INPUTS = { 'as-of': MANY_NOW, 'min-samples': '1', stages: 'none' };

const cli = (args: string[], env: Record<string, string> = {}) => runCli(args, { GITHUB_TOKEN: 'x', ...env });

describe('the reusable workflow', () => {
  const workflow = workflowOf(readFileSync('.github/workflows/organization.yml', 'utf8'));
  const inputsOf = (job: string) =>
    workflow.jobs[job]?.steps?.find((step) => step.uses?.startsWith('deploy-latency-guard/'))?.with ?? {};

  test('list, matrix and roll-up give the same result as one run', async () => {
    expect(Object.keys(workflow.jobs)).toEqual(['list', 'measure', 'roll-up']);
    await withGitHub(world(), { points: { limit: 1e6 } }, async (github) => {
      const step = (inputs: Record<string, string>) =>
        runStep({
          apiUrl: github.apiUrl,
          repository: 'acme/ops',
          event: 'schedule',
          inputs,
          action: 'organization',
        });
      expect(inputsOf('list')).toMatchObject({ shard: 'list' });
      const list = await step({ repositories: 'acme/*', window: '7d', 'as-of': MANY_NOW, shard: 'list' });
      const shards: string[] = JSON.parse(list.outputs.shards ?? '');
      expect([list.code, shards]).toEqual([0, ['1/3', '2/3', '3/3']]);

      expect(Object.keys(inputsOf('measure'))).toContain('as-of');
      const reports = join(folder, 'reports');
      mkdirSync(reports);
      for (const [i, shard] of shards.entries()) {
        const shardReports = join(folder, `shard-${i}`);
        const measured = await step({ ...INPUTS, repositories: 'acme/*', shard, reports: shardReports });
        expect([measured.code, measured.outputs.reports]).toEqual([0, shardReports]);
        // Artifacts are downloaded into one folder, without hidden files.
        for (const file of readdirSync(shardReports).filter((name) => !name.startsWith('.')))
          renameSync(join(shardReports, file), join(reports, file));
      }
      // One report and one file of rows per repository.
      expect(readdirSync(reports)).toHaveLength(COUNT * 2);

      expect(inputsOf('roll-up')).toMatchObject({ 'roll-up': 'reports' });
      const rolled = await step({ 'roll-up': reports, html: 'all.html' });
      const single = await step({ ...INPUTS, repositories: 'acme/*' });
      expect([rolled.code, single.code]).toEqual([0, 0]);
      const { generatedAt: _, skipped: __, unmeasured, stopped, renamed, ...expected } = single.report;
      const { generatedAt: ___, ...combined } = rolled.report;
      expect(combined).toEqual(expected);
      expect([unmeasured, stopped, renamed]).toEqual([[], null, []]);
      expect(rolled.report.units).toHaveLength(COUNT);
      expect(rolled.outputs).toMatchObject({
        status: 'drifted',
        mergesets: String(COUNT * 3),
        html: expect.stringMatching(/all\.html$/),
        csv: expect.stringMatching(/rollup\.csv$/),
      });
      expect(rolled.page).toContain('acme/team-10');
      expect([single.outputs.html, single.page]).toEqual([undefined, null]);
      expect(rolled.summary).toContain('## Deploy latency: ');
    });
  });
});

describe('the command line', () => {
  test('organization and rollup show the same teams as text, CSV and a page', async () => {
    await withGitHub(world(), {}, async ({ apiUrl }) => {
      const reports = join(folder, 'reports');
      const flags = Object.entries(INPUTS).flatMap(([name, value]) => [`--${name}`, value]);
      const page = join(folder, 'all.html');
      const measured = await cli(
        ['organization', 'acme', '--repositories', 'team-1*', '--reports', reports, '--html', page, ...flags],
        { GITHUB_API_URL: apiUrl },
      );
      expect([measured.code, measured.err.match(/of 11: acme/g)?.length]).toEqual([0, 11]);
      expect(measured.out).toContain(
        '6 of 11 repositories have drifted, 3 are slipping and 2 are on target.',
      );
      expect(readFileSync(page, 'utf8')).toContain('acme/team-10');

      const rolled = await cli(['rollup', reports]);
      expect([rolled.code, rolled.err]).toEqual([0, '']);
      expect(rolled.out).toContain('6 of 11 repositories have drifted, 3 are slipping and 2 are on target.');
      const { out } = await cli(['rollup', reports, '--csv']);
      expect(out.trimEnd().split('\r\n')).toHaveLength(12);
      expect((await cli(['rollup', reports, '--fail-on', 'drift', '--quiet'])).code).toBe(1);
    });
  });

  test('exits with 2 if no repository could be measured', async () => {
    await withGitHub(world(), {}, async ({ apiUrl }) => {
      const { code, out, err } = await cli(['organization', 'acme', '--repositories', 'nope'], {
        GITHUB_API_URL: apiUrl,
      });
      expect(code).toBe(2);
      expect(out).toContain('1 could not be measured.');
      expect(err).toContain(
        'error: No repository could be measured: Input "repository": GitHub has no such repository',
      );
    });
  });

  test.each([
    [['organization'], '"organization" needs one organization or user. See "organization --help".'],
    [['rollup'], '"rollup" needs report files, or folders that contain them. See "rollup --help".'],
    [['rollup', '/none'], '"/none" does not exist. Give report files or a folder of them'],
    [['organization', 'acme', '--shard', '9/3'], 'Flag --shard is "9/3"; accepted: one part of up to 256'],
    [['organization', 'acme', '--repositories', 'other/x'], 'repositories of acme, such as acme/web-*'],
    [['check', 'acme/shop', '--repositories', 'x'], 'Flag --repositories has no effect on "check"'],
  ])('%j is an error with the accepted values', async (args, message) => {
    const { code, err } = await cli(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
