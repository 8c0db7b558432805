import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

/** The README's two commands: one shows what the guard does, the other runs the tests. */

const readme = readFileSync('README.md', 'utf8');
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block = '']) => block.trim().split('\n'))
  .map((line) => line.replace(/\s+#.*/, ''));

test('the README names the demo and the tests, and no other command', () => {
  expect(commands).toEqual(['node dist/cli.js demo', 'npm cit']);
});

test('the demo runs as the README writes it', async () => {
  const [demo = ''] = commands;
  const { stdout, stderr } = await promisify(execFile)(demo, { shell: true });
  expect(stdout).toContain('lead time from merge to live');
  expect(stderr).toBe('');
});
