/**
 * The built bundle with nothing installed, on whatever system this is: `node --test scripts/smoke.test.mjs`. The demo's own
 * small GitHub stands in for GitHub.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'smoke test '));
const node = (args, env = {}) =>
  spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } });
const cli = resolve('dist/cli.js');

test('the demo writes its report and its page into a folder with a space in its name', () => {
  const { status, stderr } = node([cli, 'demo', '--report', 'report.json', '--html', 'page.html']);
  assert.equal(stderr, '');
  assert.equal(status, 0);
  assert.equal(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).status, 'drifted');
  assert.match(readFileSync(join(folder, 'page.html'), 'utf8'), /^<!doctype html>/);
});

test('the demo of several services', () => {
  const { status, stdout } = node([cli, 'demo', '--sample', 'monorepo', '--json']);
  assert.equal(status, 0);
  assert.equal(JSON.parse(stdout).units.length, 3);
});

test('a clone with an address of any form is known', () => {
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  execFileSync('git', ['remote', 'add', 'origin', 'https://github.com/acme/shop.git'], { cwd: folder });
  const { status, stderr } = node([cli, 'check', '.'], {
    GITHUB_TOKEN: 'x',
    GITHUB_API_URL: 'http://127.0.0.1:9',
  });
  assert.equal(status, 1);
  assert.match(stderr, /^error: .*127\.0\.0\.1|^error: The request to GitHub failed/);
});

test('the action, as a runner starts it, says in one line what is wrong', () => {
  const output = join(folder, 'output');
  writeFileSync(output, '');
  const { status, stdout } = node([resolve('dist/index.js')], {
    GITHUB_OUTPUT: output,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_EVENT_NAME: 'push',
    RUNNER_TEMP: folder,
    INPUT_TARGET: 'soon',
    'INPUT_GITHUB-TOKEN': 'x',
  });
  assert.equal(status, 1);
  assert.match(stdout, /::error::Input "target" is "soon"; accepted: /);
});
