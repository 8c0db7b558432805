import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { INPUT_NAMES } from '../../src/config/inputs.ts';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';

/** The command line, from a folder that holds nothing but `dist` and `package.json`: as a fresh clone, nothing installed. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clone-'));
  cpSync('dist', join(folder, 'dist'), { recursive: true });
  cpSync('package.json', join(folder, 'package.json'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function cli(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      ['dist/cli.js', ...args],
      { cwd: folder, env: { PATH: process.env.PATH ?? '', ...env } },
      (error, out, err) => done({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

describe('demo', () => {
  test('shows the sample team and writes the report, with nothing installed', async () => {
    const { code, out, err } = await cli(['demo']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Drifted: p50 lead time from merge to live in production is 24m 35s');
    for (const story of ['batch of 2', 'rollback', 'failed', 'Merged, not live: 1', 'as a merge queue does'])
      expect(out).toContain(story);
    const report = JSON.parse(readFileSync(join(folder, 'deploy-latency-report.json'), 'utf8'));
    expect(report).toMatchObject({ status: 'drifted', repository: 'larkspur/storefront' });
  });

  test('no proxy stands before the loopback address', async () => {
    const { code } = await cli(['demo'], {
      https_proxy: 'http://127.0.0.1:9',
      http_proxy: 'http://127.0.0.1:9',
    });
    expect(code).toBe(0);
  });

  test('--html writes the page; --open says where there is nothing to open it with', async () => {
    const { code, out, err } = await cli(['demo', '--html', 'page.html', '--open'], { PATH: '' });
    expect(code).toBe(0);
    expect(out).toContain('Page: page.html');
    expect(err).toContain('No program to open it with was found');
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toMatch(
      /^<!doctype html>[\s\S]*<svg[\s\S]*<\/html>\n$/,
    );
  });

  test('takes the same flags', async () => {
    const { out } = await cli(['demo', '--target', '30m', '--report', 'other.json']);
    expect(out).toContain('On target');
    expect(out).toContain('Report: other.json');
  });
});

describe('check', () => {
  const check = (args: string[], env: Record<string, string> = {}) =>
    withGitHub(sampleTeam(), { token: 'laptop' }, ({ apiUrl }) =>
      cli(['check', ...args], { GITHUB_API_URL: apiUrl, GITHUB_TOKEN: 'laptop', ...env }),
    );

  test('asks about a repository with the token from GITHUB_TOKEN, and exits 1 on drift', async () => {
    const { code, out, err } = await check(['larkspur/storefront', '--as-of', SAMPLE_NOW]);
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain('error: Drifted: p50 lead time');
  });

  test('says what is wrong in one line on stderr', async () => {
    for (const [args, line] of [
      [['larkspur/nothing'], /^error: .*Input "repository".*\n$/],
      [[], /^error: "check" takes one repository, as OWNER\/NAME\. See --help\.\n$/],
      [['larkspur/storefront', '--target', 'soon'], /^error: Input "target" is "soon"; accepted: .*\n$/],
      [['larkspur/storefront', '--speed', '9'], /^error: Unknown option '--speed'.*\n$/],
    ] as const) {
      const { code, err } = await check([...args]);
      expect(code).toBe(1);
      expect(err).toMatch(line);
    }
    expect((await check(['larkspur/storefront'], { GITHUB_TOKEN: '' })).err).toContain('set GITHUB_TOKEN');
  });
});

test('--help names every flag, the environment and the exit codes', async () => {
  const { code, out } = await cli(['--help']);
  expect(code).toBe(0);
  const flags = INPUT_NAMES.filter((name) => !['github-token', 'repository'].includes(name));
  for (const word of [
    ...flags.map((name) => `--${name} `),
    '--report',
    '--html',
    '--open',
    'GITHUB_TOKEN',
    'GITHUB_API_URL',
    'GITHUB_GRAPHQL_URL',
    'NO_COLOR',
    'Exit:',
    'demo',
    'check OWNER/NAME',
  ])
    expect(out).toContain(word);
});

test('an unknown command names those that there are', async () => {
  const { code, err } = await cli(['deploy']);
  expect([code, err]).toEqual([
    1,
    'error: There is no command "deploy". Accepted: demo, check OWNER/NAME. See --help.\n',
  ]);
});

test('a path that cannot be written is named with its flag', async () => {
  const { code, err } = await cli(['demo', '--html', '/no/such/page.html']);
  expect(code).toBe(1);
  expect(err).toContain('error: Nothing can be written to "/no/such/page.html" (ENOENT');
});
