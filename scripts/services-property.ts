/**
 * Compares the guard with git on a repository of twelve services:
 *
 *     npm run services-property [-- MERGES [SEED]]
 *
 * The history has squashes, merge commits (some of old branches) and rebases. Files are changed, added, deleted, moved to
 * another service, made executable, or changed and changed back. For each merge, `git diff --name-only` shows which services
 * it concerns. The guard has to find the same services.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numbersFrom } from '../__tests__/support/random-team.ts';
import { runWithConfigFile } from '../__tests__/support/config-file.ts';
import type { World, WorldCommit } from '../src/fake-github/world.ts';

const SERVICES = 12;
const merges = Number(process.argv[2] ?? 2000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const BEGIN = Date.parse('2026-01-05T08:00:00Z');
const paths = Array.from({ length: SERVICES }, (_, i) => (i % 3 === 0 ? `services/s${i}` : `s${i}`));
const random = numbersFrom(seed);
const upTo = (most: number) => Math.floor(random() * most);
const anyOf = <T>(items: readonly T[]): T => items[upTo(items.length)] as T;
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
const place = () => (random() < 0.15 ? anyOf(['docs', 'libs', '.github/workflows']) : anyOf(paths));

/** The files after a random commit. */
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

interface Merged {
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
const history: Merged[] = [];
for (let number = 1; number <= merges; number++) {
  const before = tip;
  const method = random();
  const count = 1 + upTo(4);
  const commits: Draft[] = [];
  if (method < 0.4) {
    // A squash has the net changes of its branch.
    let files: Map<string, string> = new Map(tip.files);
    for (let i = 0; i < count; i++) files = changed(files);
    tip = commit([tip.mark], files);
    commits.push(tip);
  } else if (method < 0.7) {
    // The last commit of a rebase may undo the others.
    const isUndone = random() < 0.2;
    for (let i = 0; i < count; i++) {
      tip = commit([tip.mark], isUndone && i === count - 1 ? new Map(before.files) : changed(tip.files));
      commits.push(tip);
    }
  } else {
    // A merge commit brings the changes of a branch since its start, up to thirty merges ago.
    const base = line[Math.max(0, line.length - 1 - upTo(30))] ?? tip;
    let head = base;
    for (let i = 0; i < count; i++) {
      head = commit([head.mark], changed(head.files));
      commits.push(head);
    }
    const merged = new Map(tip.files);
    for (const path of new Set([...head.files.keys(), ...base.files.keys()])) {
      if (head.files.get(path) === base.files.get(path)) continue;
      const text = head.files.get(path);
      if (text === undefined) merged.delete(path);
      else merged.set(path, text);
    }
    tip = commit([tip.mark, head.mark], merged);
  }
  line.push(tip);
  history.push({ number, before, after: tip, commits });
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
      .map((mark) => mark.slice(1).split(' '))
      .map(([mark, oid = '']) => [Number(mark), oid]),
  );
  const oid = ({ mark }: Draft) => oids.get(mark) ?? '';

  // The tree entries of all paths in all commits.
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

  // The merges that concern each path, according to git.
  const truth = new Map<string, Set<number>>(paths.map((path) => [path, new Set()]));
  for (const { number, before, after } of history)
    for (const file of git(['diff', '--name-only', '--no-renames', oid(before), oid(after)]).split('\n'))
      for (const path of paths) if (file.startsWith(`${path}/`)) truth.get(path)?.add(number);

  const world: World = {
    owner: 'acme',
    name: 'monorepo',
    defaultBranch: 'main',
    head: oid(tip),
    commits,
    pulls: history.map(({ number, after, commits: drafts }) => ({
      number,
      title: `Change ${number}`,
      createdAt: iso(after.at - 60_000),
      mergedAt: iso(after.at),
      mergeCommit: oid(after),
      base: 'main',
      author: 'ada',
      commits: drafts.map(oid),
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
  const { changes, requests, code, log } = await runWithConfigFile(world, file, {
    at: iso(clock + 60_000),
    inputs: { window: `${days}d`, 'max-requests': '5000', issue: 'never', timeout: '1h', 'fail-on': 'none' },
  });
  if (code !== 0) throw new Error(log);
  let [compared, different] = [0, 0];
  paths.forEach((path, i) => {
    const found = new Set(changes(`s${i}`));
    const expected = truth.get(path) ?? new Set();
    for (const { number } of history) {
      compared += 1;
      if (found.has(number) === expected.has(number)) continue;
      different += 1;
      console.error(
        `seed ${seed}: #${number} and s${i}: git says ${expected.has(number)}, the guard says ${found.has(number)}`,
      );
    }
  });
  console.log(
    `seed ${seed}: ${SERVICES} services, ${merges} merges, ${drafts.length} commits, ${compared} answers compared, ${different} different; ${requests.length} requests`,
  );
  process.exitCode = different > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}
