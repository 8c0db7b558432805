import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';
import { runStep } from '../support/runner.ts';

/** Input `html`: where the page is written, and what happens where it cannot be. */

let workspace: string;
let elsewhere: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
});
afterEach(() => {
  for (const each of [workspace, elsewhere]) rmSync(each, { recursive: true });
});

const step = (html: string) =>
  withGitHub(sampleTeam(), {}, ({ apiUrl }) =>
    runStep({
      apiUrl,
      repository: 'larkspur/storefront',
      inputs: { html, 'as-of': SAMPLE_NOW, target: '30m', stages: 'none', comment: 'never' },
      env: { GITHUB_WORKSPACE: workspace },
    }),
  );
const PAGE = /^<!doctype html>[\s\S]*<svg[\s\S]*<\/html>\n$/;

test('no page by default: the output is empty', async () => {
  const { code, outputs } = await step('');
  expect([code, outputs.html]).toEqual([0, '']);
});

test('a relative path starts in the workspace; its folder is made, and the output has the whole path', async () => {
  const { code, outputs, page } = await step('out/report.html');
  expect([code, outputs.html]).toEqual([0, join(workspace, 'out/report.html')]);
  expect(page).toMatch(PAGE);
});

test('an absolute path is taken as it is', async () => {
  const file = join(elsewhere, 'report.html');
  const { outputs, page } = await step(file);
  expect(outputs.html).toBe(file);
  expect(page).toMatch(PAGE);
});

test('a file that is there is replaced; a link is not followed', async () => {
  const other = join(elsewhere, 'other.txt');
  writeFileSync(other, 'as it was');
  symlinkSync(other, join(workspace, 'report.html'));
  const { page } = await step('report.html');
  expect(page).toMatch(PAGE);
  expect(readFileSync(other, 'utf8')).toBe('as it was');
  expect((await step('report.html')).page).toMatch(PAGE);
});

describe('where it cannot be written a warning names the input and the reason, and the verdict stays', () => {
  test.each<[string, string, string, () => void]>([
    ['a folder is in its place', 'out', 'EISDIR', () => mkdirSync(join(workspace, 'out'))],
    ['its folder is a file', 'out/report.html', 'EEXIST', () => writeFileSync(join(workspace, 'out'), '')],
    [
      'a link leads out of the workspace',
      'out/deep/report.html',
      'a symbolic link on that path leads out of the workspace',
      () => symlinkSync(elsewhere, join(workspace, 'out')),
    ],
  ])('%s', async (_, html, reason, prepare) => {
    prepare();
    const { code, log, outputs } = await step(html);
    expect([code, outputs.status, outputs.html]).toEqual([0, 'on-target', '']);
    const [warning = '', ...others] = log
      .split('\n')
      .filter((line) => line.startsWith('::warning title=No page::'));
    expect(others).toEqual([]);
    expect(warning).toContain(`Input "html" is "${html}", but the page could not be written there (`);
    expect(warning).toContain(reason);
    expect(existsSync(join(elsewhere, 'deep'))).toBe(false);
  });
});

test.each(['../report.html', 'out/', '~/report.html'])(
  '%s is refused before anything is read',
  async (html) => {
    const { code, log } = await step(html);
    expect(code).toBe(1);
    expect(log).toContain(
      `::error::Input "html" is "${html}"; accepted: the path of a file in the workspace, such as report.html, or an absolute path.`,
    );
  },
);
