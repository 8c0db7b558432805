/** Tests the built bundle without installed packages, on any system: `node --test scripts/smoke.test.mjs`. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'smoke test '));
const node = (args, env = {}) =>
  spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } });
const cli = resolve('dist/cli.js');

test('the demo writes a report and a page to a folder with a space in its name', () => {
  const { status, stderr } = node([cli, 'demo', '--report', 'report.json', '--html', 'page.html']);
  assert.equal(stderr, '');
  assert.equal(status, 0);
  assert.equal(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).status, 'drifted');
  assert.match(readFileSync(join(folder, 'page.html'), 'utf8'), /^<!doctype html>/);
});

test('the demo of several services reports three services', () => {
  const { status, stdout } = node([cli, 'demo', '--sample', 'monorepo', '--json']);
  assert.equal(status, 0);
  assert.equal(JSON.parse(stdout).units.length, 3);
});

test('check reads the repository from a clone', () => {
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  execFileSync('git', ['remote', 'add', 'origin', 'https://github.com/acme/shop.git'], { cwd: folder });
  const { status, stderr } = node([cli, 'check', '.'], {
    GITHUB_TOKEN: 'x',
    GITHUB_API_URL: 'http://127.0.0.1:9',
  });
  assert.equal(status, 2);
  assert.match(stderr, /^error: .*127\.0\.0\.1|^error: The request to GitHub failed/);
});

for (const action of ['action.yml', 'organization/action.yml'])
  test(`${action} reports an invalid input in one line`, () => {
    const output = join(folder, 'output');
    writeFileSync(output, '');
    const [, main] = /^ {2}main: (.*)$/m.exec(readFileSync(action, 'utf8'));
    const { status, stdout } = node([resolve(dirname(action), main)], {
      INPUT_REPOSITORIES: action === 'action.yml' ? '' : 'acme/*',
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

test('live/action.yml reports an invalid input in one line', () => {
  const [, main] = /^ {2}main: (.*)$/m.exec(readFileSync('live/action.yml', 'utf8'));
  const { status, stdout } = node([resolve('live', main)], { INPUT_URL: 'http://shop.example' });
  assert.equal(status, 1);
  assert.match(stdout, /::error::Input "url" is "http:\/\/shop.example"; accepted: an https address/);
});

test('the installed package has a command and no dependencies', () => {
  // npm is a shell script on Windows.
  const npm = (args) => execFileSync('npm', args, { encoding: 'utf8', shell: process.platform === 'win32' });
  const [{ filename }] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder]));
  const home = mkdtempSync(join(tmpdir(), 'installed-'));
  npm(['install', '--prefix', home, '--offline', '--no-audit', '--no-fund', join(folder, filename)]);
  assert.deepEqual(
    readdirSync(join(home, 'node_modules')).filter((name) => !name.startsWith('.')),
    ['deploy-latency-guard'],
  );
  const command = join(home, 'node_modules', '.bin', 'deploy-latency-guard');
  const run = (...args) => spawnSync(`"${command}"`, args, { encoding: 'utf8', shell: true, cwd: home });
  assert.equal(run('--version').stdout.trim(), JSON.parse(readFileSync('package.json', 'utf8')).version);
  const { status, stdout } = run('demo');
  assert.equal(status, 0);
  assert.match(stdout, /larkspur\/storefront/);
});

test('the archive that a runner downloads is small, and runs', () => {
  const archive = execFileSync('git', ['archive', '--format=tar.gz', 'HEAD'], { maxBuffer: 2 ** 24 });
  assert.ok(archive.length <= 800_000, `${archive.length} bytes`);
  const home = mkdtempSync(join(tmpdir(), 'archive-'));
  execFileSync('tar', ['-xzf', '-', '-C', home], { input: archive });
  const { status, stdout } = node([join(home, 'dist', 'cli.js'), 'demo']);
  assert.equal(status, 0);
  assert.match(stdout, /larkspur\/storefront/);
  for (const action of ['action.yml', 'organization/action.yml', 'live/action.yml']) {
    const [, main] = /^ {2}main: (.*)$/m.exec(readFileSync(join(home, action), 'utf8'));
    readFileSync(resolve(home, dirname(action), main));
  }
});
