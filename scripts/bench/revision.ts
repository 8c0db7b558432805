import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Takes `dist` of a revision out of git. */
export function buildOf(revision: string): { dist: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'build-'));
  execFileSync('sh', ['-c', `git archive "$1" dist | tar -x -C "$2"`, 'sh', revision, folder]);
  return { dist: join(folder, 'dist'), remove: () => rmSync(folder, { recursive: true }) };
}
