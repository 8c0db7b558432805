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

/** Input `html`: the place of the page, and paths that cannot be written. */

let workspace: string;
let otherFolder: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  otherFolder = mkdtempSync(join(tmpdir(), 'elsewhere-'));
});
afterEach(() => {
  for (const folder of [workspace, otherFolder]) rmSync(folder, { recursive: true });
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

test('without the input, there is no page and the output is empty', async () => {
  const { code, outputs } = await step('');
  expect([code, outputs.html]).toEqual([0, '']);
});

test('a relative path starts in the workspace, its folder is created, and the output is absolute', async () => {
  const { code, outputs, page } = await step('out/report.html');
  expect([code, outputs.html]).toEqual([0, join(workspace, 'out/report.html')]);
  expect(page).toMatch(PAGE);
});

test('an absolute path is used as is', async () => {
  const file = join(otherFolder, 'report.html');
  const { outputs, page } = await step(file);
  expect(outputs.html).toBe(file);
  expect(page).toMatch(PAGE);
});

test('the page replaces an existing file, and does not follow a link', async () => {
  const linked = join(otherFolder, 'other.txt');
  writeFileSync(linked, 'unchanged');
  symlinkSync(linked, join(workspace, 'report.html'));
  const { page } = await step('report.html');
  expect(page).toMatch(PAGE);
  expect(readFileSync(linked, 'utf8')).toBe('unchanged');
  expect((await step('report.html')).page).toMatch(PAGE);
});

describe('a page that cannot be written is only a warning', () => {
  test.each<[string, string, string, () => void]>([
    ['because a folder has its name', 'out', 'EISDIR', () => mkdirSync(join(workspace, 'out'))],
    [
      'because its folder is a file',
      'out/report.html',
      'EEXIST',
      () => writeFileSync(join(workspace, 'out'), ''),
    ],
    [
      'because a link leads out of the workspace',
      'out/deep/report.html',
      'a symbolic link on that path leads out of the workspace',
      () => symlinkSync(otherFolder, join(workspace, 'out')),
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
    expect(existsSync(join(otherFolder, 'deep'))).toBe(false);
  });
});

test.each(['../report.html', 'out/', '~/report.html'])(
  'the path %s is an error before anything is read',
  async (html) => {
    const { code, log } = await step(html);
    expect(code).toBe(1);
    expect(log).toContain(
      `::error::Input "html" is "${html}"; accepted: the path of a file in the workspace, such as report.html, or an absolute path.`,
    );
  },
);
