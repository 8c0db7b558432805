/**
 * A repository of twelve services, made with git, against git's own answer:
 *
 *     npm run services-property [-- MERGES [SEED]]
 *
 * Merges by squash, by merge commit (also of old branches) and by rebase; files that are changed, added, removed, moved from
 * one service to another, made executable, or changed and undone on the way. For each merge `git diff --name-only` between
 * the branch before it and after it says which services it concerns; the guard has to say the same of every one.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numbersFrom } from '../__tests__/support/random-team.ts';
import { filed } from '../__tests__/support/filed.ts';
import type { World, WorldCommit } from '../src/fake-github/world.ts';

const SERVICES = 12;
const merges = Number(process.argv[2] ?? 2000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const BEGIN = Date.parse('2026-01-05T08:00:00Z');
const paths = Array.from({ length: SERVICES }, (_, i) => (i % 3 === 0 ? `services/s${i}` : `s${i}`));
const random = numbersFrom(seed);
const upTo = (most: number) => Math.floor(random() * most);
const one = <T>(items: readonly T[]): T => items[upTo(items.length)] as T;
const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');

interface Draft {
  mark: number;
  parents: number[];
  at: number;
  /** `path` → content and mode. */
  files: Map<string, string>;
}

const drafts: Draft[] = [];
const stream: string[] = [];
let clock = BEGIN;
let content = 0;

function commit(parents: number[], files: Map<string, string>): Draft {
  clock += 60_000;
  const draft: Draft = { mark: drafts.length + 1, parents, at: clock, files };
  drafts.push(draft);
  const when = `${Math.floor(draft.at / 1000)} +0000`;
  stream.push(
    `commit refs/heads/work\nmark :${draft.mark}\nauthor a <a@b> ${when}\ncommitter a <a@b> ${when}\ndata 1\nx\n`,
  );
  if (parents.length > 0) {
    stream.push(`from :${parents[0]}\n`);
    for (const parent of parents.slice(1)) stream.push(`merge :${parent}\n`);
  }
  stream.push('deleteall\n');
  for (const [path, text] of files) {
    const [body = '', mode = '100644'] = text.split(' ');
    stream.push(`M ${mode} inline ${path}\ndata ${body.length}\n${body}\n`);
  }
  stream.push('\n');
  return draft;
}

const fileIn = (folder: string) => `${folder}/f${upTo(6)}`;
const place = () => (random() < 0.15 ? one(['docs', 'libs', '.github/workflows']) : one(paths));

/** What one commit does to some files. */
function changed(before: ReadonlyMap<string, string>): Map<string, string> {
  const files = new Map(before);
  for (let i = upTo(3); i >= 0; i--) {
    const path = fileIn(place());
    const kind = random();
    const old = files.get(path);
    if (kind < 0.6 || old === undefined) files.set(path, `c${++content}`);
    else if (kind < 0.75) files.delete(path);
    else if (kind < 0.9) {
      files.delete(path);
      files.set(fileIn(place()), old);
    } else files.set(path, `${old.split(' ')[0]} 100755`);
  }
  return files;
}

interface Landed {
  number: number;
  before: Draft;
  after: Draft;
  commits: Draft[];
}

let tip = commit(
  [],
  new Map(paths.flatMap((path) => Array.from({ length: 6 }, (_, i) => [`${path}/f${i}`, `c${++content}`]))),
);
const first = tip;
const line: Draft[] = [tip];
const landed: Landed[] = [];
for (let number = 1; number <= merges; number++) {
  const before = tip;
  const how = random();
  const count = 1 + upTo(4);
  const commits: Draft[] = [];
  if (how < 0.4) {
    // A squash: the net of what its branch did.
    let files: Map<string, string> = new Map(tip.files);
    for (let i = 0; i < count; i++) files = changed(files);
    tip = commit([tip.mark], files);
    commits.push(tip);
  } else if (how < 0.7) {
    // A rebase, whose last commit may undo what the others did.
    const undone = random() < 0.2;
    for (let i = 0; i < count; i++) {
      tip = commit([tip.mark], undone && i === count - 1 ? new Map(before.files) : changed(tip.files));
      commits.push(tip);
    }
  } else {
    // A merge commit, of a branch that was cut up to thirty merges ago; it brings what differs from there.
    const base = line[Math.max(0, line.length - 1 - upTo(30))] ?? tip;
    let own = base;
    for (let i = 0; i < count; i++) {
      own = commit([own.mark], changed(own.files));
      commits.push(own);
    }
    const merged = new Map(tip.files);
    for (const path of new Set([...own.files.keys(), ...base.files.keys()])) {
      if (own.files.get(path) === base.files.get(path)) continue;
      const text = own.files.get(path);
      if (text === undefined) merged.delete(path);
      else merged.set(path, text);
    }
    tip = commit([tip.mark, own.mark], merged);
  }
  line.push(tip);
  landed.push({ number, before, after: tip, commits });
}

const folder = mkdtempSync(join(tmpdir(), 'services-'));
try {
  const git = (args: string[], input?: string) =>
    execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
      ...(input === undefined ? {} : { input }),
    });
  git(['init', '--quiet', '--bare']);
  git(['fast-import', '--quiet', '--export-marks=marks'], stream.join(''));
  const oids = new Map(
    readFileSync(join(folder, 'marks'), 'utf8')
      .trim()
      .split('\n')
      .map((each) => each.slice(1).split(' '))
      .map(([mark, oid = '']) => [Number(mark), oid]),
  );
  const oid = ({ mark }: Draft) => oids.get(mark) ?? '';

  // The entries of all paths at all commits, as git has them.
  const entries = git(
    ['cat-file', '--batch-check=%(objectname)'],
    drafts.flatMap((draft) => paths.map((path) => `${oid(draft)}:${path}`)).join('\n'),
  )
    .trim()
    .split('\n');
  const commits = drafts.map(
    (draft, i): WorldCommit => ({
      oid: oid(draft),
      parents: draft.parents.map((mark) => oids.get(mark) ?? ''),
      authoredDate: iso(draft.at),
      committedDate: iso(draft.at),
      author: 'ada',
      message: `Commit ${draft.mark}`,
      entries: Object.fromEntries(
        paths.flatMap((path, j) => {
          const entry = entries[i * paths.length + j] ?? '';
          return /^[0-9a-f]{40}$/.test(entry) ? [[path, entry]] : [];
        }),
      ),
    }),
  );

  // What git says that each merge changed.
  const truth = new Map<string, Set<number>>(paths.map((path) => [path, new Set()]));
  for (const { number, before, after } of landed)
    for (const file of git(['diff', '--name-only', '--no-renames', oid(before), oid(after)]).split('\n'))
      for (const path of paths) if (file.startsWith(`${path}/`)) truth.get(path)?.add(number);

  const world: World = {
    owner: 'acme',
    name: 'monorepo',
    defaultBranch: 'main',
    head: oid(tip),
    commits,
    pulls: landed.map(({ number, after, commits: own }) => ({
      number,
      title: `Change ${number}`,
      createdAt: iso(after.at - 60_000),
      mergedAt: iso(after.at),
      mergeCommit: oid(after),
      base: 'main',
      author: 'ada',
      commits: own.map(oid),
    })),
    deployments: [first, tip].map((draft, i) => ({
      id: i + 1,
      environment: 'production',
      sha: oid(draft),
      createdAt: iso(draft.at + 1000),
      creator: 'deploy-bot',
      statuses: [{ state: 'SUCCESS', createdAt: iso(draft.at + 2000) }],
    })),
  };
  const file = `services:\n${paths.map((path, i) => `  s${i}: { paths: ${path}/**, environment: production }`).join('\n')}\n`;
  const days = Math.ceil((clock - BEGIN) / 86_400_000) + 1;
  const { changes, requests, code, log } = await filed(world, file, {
    at: iso(clock + 60_000),
    inputs: { window: `${days}d`, 'max-requests': '5000', issue: 'never', timeout: '1h', 'fail-on': 'none' },
  });
  if (code !== 0) throw new Error(log);
  let [compared, different] = [0, 0];
  paths.forEach((path, i) => {
    const told = new Set(changes(`s${i}`));
    const known = truth.get(path) ?? new Set();
    for (const { number } of landed) {
      compared += 1;
      if (told.has(number) === known.has(number)) continue;
      different += 1;
      console.error(
        `seed ${seed}: #${number} and s${i}: git says ${known.has(number)}, the guard ${told.has(number)}`,
      );
    }
  });
  console.log(
    `seed ${seed}: ${SERVICES} services, ${merges} merges, ${drafts.length} commits, ${compared} answers of git compared: ${different} different; ${requests.length} requests`,
  );
  process.exitCode = different > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}
