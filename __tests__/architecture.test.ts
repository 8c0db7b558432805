import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

/** docs/architecture.md shows the lists of biome.json, and the lint refuses every import that no list names. */

interface Override {
  includes: [string];
  linter: { rules: { style: { noRestrictedImports: { options: { patterns: [{ group: string[] }] } } } } };
}

const { overrides } = JSON.parse(readFileSync('biome.json', 'utf8')) as { overrides: Override[] };
const page = readFileSync('docs/architecture.md', 'utf8');
const foldersIn = (path: string) =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const rooms = foldersIn('src');

/** Rooms that a room, or a folder in it, may import, by its name. */
const everyList: Record<string, string[]> = Object.fromEntries(
  overrides.flatMap(({ includes: [files], linter }) => {
    const room = /^src\/([\w-]+(?:\/[\w-]+)?)\/\*\*$/.exec(files)?.[1];
    const [{ group }] = linter.rules.style.noRestrictedImports.options.patterns;
    const allowed = group.flatMap((pattern) => /^!\*\*\/([\w-]+)\/\*\*$/.exec(pattern)?.[1] ?? []);
    return room ? [[room, allowed.sort()]] : [];
  }),
);

const lists = Object.fromEntries(Object.entries(everyList).filter(([name]) => !name.includes('/')));

const table: Record<string, string[]> = Object.fromEntries(
  [...page.matchAll(/^\| `src\/([\w-]+)\/` \|.*\| ([^|]*) \|$/gm)].map(([, room = '', allowed = '']) => [
    room,
    [...allowed.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name).sort(),
  ]),
);

const picture: Record<string, string[]> = {};
for (const [, from = '', to = ''] of page.matchAll(/^ {2}([\w& -]+?) --> ([\w& -]+)$/gm))
  for (const room of from.split(' & ')) picture[room] = [...(picture[room] ?? []), ...to.split(' & ')];

/** Rooms that the picture's arrows lead to. */
const reachedFrom = (room: string): string[] =>
  (picture[room] ?? []).flatMap((next) => [next, ...reachedFrom(next)]);

describe('docs/architecture.md', () => {
  test('each room has a list, and the table shows it', () => {
    expect(Object.keys(lists).sort()).toEqual(rooms.sort());
    expect(table).toEqual(lists);
  });

  test('each arrow of the picture is allowed', () => {
    expect(Object.keys(picture)).not.toEqual([]);
    for (const [room, arrows] of Object.entries(picture))
      expect(lists[room]).toEqual(expect.arrayContaining(arrows));
  });

  test.each(Object.entries(lists))(
    'the picture leads from %s to every room it may import',
    (room, allowed) => {
      expect(reachedFrom(room)).toEqual(expect.arrayContaining(allowed));
    },
  );
});

describe('the lint', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rooms-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('a file can import from its own room, from the rooms of its list, and from no other or new room', () => {
    copyFileSync('biome.json', join(folder, 'biome.json'));
    const everyRoom = [...rooms, 'new-room'];
    const expected: string[] = [];
    for (const room of everyRoom)
      for (const inner of room === 'new-room' ? [''] : ['', ...foldersIn(join('src', room))]) {
        const path = join('src', room, inner);
        const up = inner === '' ? '..' : '../..';
        const lines = [
          ...everyRoom.map((other) => `import type { A } from '${up}/${other}/any.ts';`),
          `import '${inner === '' ? './any.ts' : '../any.ts'}';`,
        ];
        mkdirSync(join(folder, path), { recursive: true });
        writeFileSync(join(folder, path, 'example.ts'), lines.join('\n'));
        const allowed = everyList[`${room}/${inner}`] ?? lists[room];
        const others = everyRoom.filter((other) => !allowed?.includes(other));
        expected.push(...others.map((other) => `${path} imports ${other}`));
      }

    const refused = lint().map(({ location: { path, start } }) => {
      const other = everyRoom[start.line - 1] ?? 'its own room';
      return `${dirname(path)} imports ${other}`;
    });
    expect(refused.sort()).toEqual(expected.sort());
  });

  test('no folder inside a room has the name of a room, as the lists go by names', () => {
    const inner = rooms.flatMap((room) => foldersIn(join('src', room)));
    expect(inner.filter((name) => rooms.includes(name))).toEqual([]);
  });

  /** What the lint finds in the folder. */
  function lint(): { location: { path: string; start: { line: number } } }[] {
    const biome = resolve('node_modules/@biomejs/biome/bin/biome');
    const flags = ['--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none'];
    const { stdout } = spawnSync(process.execPath, [biome, 'lint', ...flags], {
      cwd: folder,
      encoding: 'utf8',
    });
    return JSON.parse(stdout).diagnostics;
  }
});
