/**
 * Prepares a release. `npm run release:version` runs Changesets, which updates package.json and CHANGELOG.md, and updates all other
 * files with the version. `npm run release:notes -- VERSION` prints the notes of a version in CHANGELOG.md.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const VERSION_FILE = 'src/model/version.ts';

/** The source of `VERSION_FILE` with a new version. */
export const withVersion = (source: string, version: string): string =>
  source.replace(/(VERSION = ')[^']*'/, `$1${version}'`);

/** The notes of a version in a changelog, without its heading. */
export function notesOf(changelog: string, version: string): string {
  const [, after] = changelog.split(`\n## ${version}\n`);
  if (after === undefined) throw new Error(`CHANGELOG.md has no section for ${version}.`);
  const [notes = ''] = after.split(/^## /m);
  return `${notes.trim()}\n`;
}

function makeVersion(): void {
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'inherit' });
  run('scripts/release/node_modules/.bin/changeset', 'version');
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  writeFileSync(VERSION_FILE, withVersion(readFileSync(VERSION_FILE, 'utf8'), version));
  run('npm', 'install', '--package-lock-only', '--ignore-scripts');
  run('npm', 'run', 'docs');
  run('npm', 'run', 'build');
}

if (process.argv[1]?.endsWith('release.ts')) {
  const [command, version = ''] = process.argv.slice(2);
  if (command === 'notes') process.stdout.write(notesOf(readFileSync('CHANGELOG.md', 'utf8'), version));
  else makeVersion();
}
