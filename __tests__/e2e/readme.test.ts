import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

/** The two commands of the README. */

const readme = readFileSync('README.md', 'utf8');
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block = '']) => block.trim().split('\n'))
  .map((line) => line.replace(/\s+#.*/, ''));

test('the README has the commands for the demo and the tests', () => {
  expect(commands).toEqual(['node dist/cli.js demo', 'npm cit']);
});

test('the demo command of the README works', async () => {
  const [demo = ''] = commands;
  const { stdout, stderr } = await promisify(execFile)(demo, { shell: true });
  expect(stdout).toContain('Half of the changes take more than 24m 35s to go live in production.');
  expect(stderr).toBe('');
});
