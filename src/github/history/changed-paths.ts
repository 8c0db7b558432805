import * as v from 'valibot';
import { beforeOf } from '../../model/concerns.ts';
import type { Gap, Oid, PathFacts, RepositoryFacts } from '../../model/facts.ts';
import type { Mergeset } from '../../model/mergesets.ts';
import { pageOf } from '../answers.ts';
import { recoverFrom, Unreadable } from '../errors.ts';
import { queryInGroups } from '../query-each.ts';
import type { Repo } from '../repo.ts';

/** Reads what mergesets changed: the entries of paths before and after each, and the changed files if patterns need them. */

/** Tree entries cost time but no points. */
const ENTRIES_PER_REQUEST = 4000;
const COMMITS_PER_REQUEST = 300;
const FILES_PER_PAGE = 100;
/** Most pull requests change only a few files. */
const PULLS_PER_REQUEST = 200;
const MAX_PAGES = 30;
/** Direct pushes whose files are read. Each takes a request. */
const MAX_PUSHES = 50;

const entry = v.nullable(v.object({ oid: v.string(), mode: v.number() }));
const commit = v.nullable(v.record(v.string(), entry));

/** The tree entries of `paths`, in order, at each commit: object and mode, as the mode can change alone. */
async function entriesAt(
  repo: Repo,
  oids: readonly Oid[],
  paths: readonly string[],
): Promise<Map<Oid, (string | null)[]>> {
  if (paths.length === 0) return new Map();
  const size = Math.max(1, Math.min(COMMITS_PER_REQUEST, Math.floor(ENTRIES_PER_REQUEST / paths.length)));
  const selection = paths.map((_, i) => `entry${i}: file(path: $path${i}) { oid mode }`).join(' ');
  const nodes = await queryInGroups(repo, oids, size, {
    query: 'Entries',
    alias: 'commit',
    variables: { oid: ['GitObjectID!', (oid) => oid] },
    shared: Object.fromEntries(paths.map((path, i) => [`path${i}`, ['String!', path]])),
    field: (i) => `object(oid: $oid${i}) { ...Entries }`,
    fragment: `fragment Entries on Commit { ${selection} }`,
    answer: commit,
  });
  const entriesOf = (node: NonNullable<(typeof nodes)[number]>) =>
    paths.map((_, i) => {
      const file = node[`entry${i}`];
      return file ? `${file.oid} ${file.mode}` : null;
    });
  return new Map(
    oids.flatMap((oid, i) => {
      const node = nodes[i];
      return node ? [[oid, entriesOf(node)] as const] : [];
    }),
  );
}

const filePage = pageOf(v.object({ path: v.string() }));
const changed = v.nullable(v.object({ changedFiles: v.number(), files: v.nullable(filePage) }));

/** The files of each pull request by merge commit; `null`: GitHub does not list all of them. */
async function filesOfPulls(
  repo: Repo,
  pulls: readonly Pick<Mergeset, 'number' | 'mergeCommit'>[],
): Promise<Map<Oid, string[] | null>> {
  const filesByCommit = new Map<Oid, string[] | null>();
  let open = pulls
    .filter(({ number }) => number !== null)
    .map(({ number, mergeCommit }) => ({
      number,
      mergeCommit,
      after: null as string | null,
      files: [] as string[],
    }));
  for (let page = 0; page < MAX_PAGES && open.length > 0; page++) {
    const nodes = await queryInGroups(repo, open, PULLS_PER_REQUEST, {
      query: 'ChangedFiles',
      alias: 'pull',
      variables: { number: ['Int!', ({ number }) => number], after: ['String', ({ after }) => after] },
      field: (i) =>
        `pullRequest(number: $number${i}) { changedFiles files(first: ${FILES_PER_PAGE}, after: $after${i}) { pageInfo { hasNextPage endCursor } nodes { path } } }`,
      answer: changed,
    });
    open = open.flatMap((pull, i) => {
      const node = nodes[i];
      const files = [...pull.files, ...(node?.files?.nodes ?? []).map(({ path }) => path)];
      if (node?.files?.pageInfo.hasNextPage)
        return [{ ...pull, after: node.files.pageInfo.endCursor, files }];
      filesByCommit.set(pull.mergeCommit, node && files.length >= node.changedFiles ? files : null);
      return [];
    });
  }
  for (const { mergeCommit } of open) filesByCommit.set(mergeCommit, null);
  return filesByCommit;
}

/** The files of an open or merged pull request; `null`: GitHub does not list all of them. */
export async function filesOfPullRequest(repo: Repo, number: number): Promise<string[] | null> {
  const files = await filesOfPulls(repo, [{ number, mergeCommit: '' }]);
  return files.get('') ?? null;
}

const pushed = v.object({
  files: v.optional(v.array(v.object({ filename: v.string(), previous_filename: v.optional(v.string()) }))),
});
/** GitHub lists up to ten pages of 300 files per commit. */
const FILES_OF_A_COMMIT = 300;

async function filesOfPush(repo: Repo, oid: Oid): Promise<string[] | null> {
  const names: string[] = [];
  for (let page = 1; page <= 10; page++) {
    const { files } = await repo.get(`/commits/${oid}`, { per_page: FILES_OF_A_COMMIT, page }, pushed);
    if (files === undefined) return null;
    names.push(...files.flatMap((file) => [file.filename, file.previous_filename ?? file.filename]));
    if (files.length < FILES_OF_A_COMMIT) return names;
  }
  return null;
}

/** Paths whose entries to read, and whether to read the changed files. */
export interface PathQuestion {
  paths: readonly string[];
  files: boolean;
}

/**
 * Reads the facts that show which services mergesets affect. Missing data becomes a gap, since a mergeset without it
 * counts for every service.
 *
 * @param known - earlier facts for the same question, which are not read again.
 */
export async function pathFactsOf(
  repo: Repo,
  { commits }: Pick<RepositoryFacts, 'commits'>,
  mergesets: readonly Mergeset[],
  { paths, files }: PathQuestion,
  gaps: Gap[],
  known: PathFacts | null = null,
): Promise<PathFacts> {
  const oids = new Set<Oid>();
  for (const mergeset of mergesets) {
    oids.add(mergeset.mergeCommit);
    const before = beforeOf(commits, mergeset);
    if (before !== undefined) oids.add(before);
  }
  const attempt = <T>(subject: string, reading: Promise<T>, fallback: T): Promise<T> =>
    reading.catch(
      recoverFrom(Unreadable, ({ message }) => {
        gaps.push(gapOf(subject, message, true));
        return fallback;
      }),
    );
  const open = files ? mergesets.filter(({ mergeCommit }) => known?.files.has(mergeCommit) !== true) : [];
  const pushes = open.filter(({ number }) => number === null).slice(-MAX_PUSHES);
  const unreadEntries = [...oids].filter((oid) => known?.entries.has(oid) !== true);
  const [newEntries, pullFiles, pushFiles] = await Promise.all([
    attempt('The entries of the paths', entriesAt(repo, unreadEntries, paths), new Map()),
    attempt('The files of pull requests', filesOfPulls(repo, open), new Map()),
    Promise.all(
      pushes.map(async ({ mergeCommit }) => {
        const names = await attempt('The files of a commit', filesOfPush(repo, mergeCommit), null);
        return [mergeCommit, names] as const;
      }),
    ),
  ]);
  const entries = new Map([...(known?.entries ?? []), ...newEntries]);
  const missing = paths.length > 0 && entries.size > 0 ? [...oids].filter((oid) => !entries.has(oid)) : [];
  if (missing.length > 0)
    gaps.push(
      gapOf(
        `The entries of the paths at ${listed(missing.map((oid) => oid.slice(0, 7)))}`,
        'GitHub did not return the commits',
        true,
      ),
    );
  const allFiles = new Map([...(known?.files ?? []), ...pullFiles, ...pushFiles]);
  const partial = files ? mergesets.filter(({ mergeCommit }) => !allFiles.get(mergeCommit)) : [];
  if (partial.length > 0) {
    const names = partial.map(({ number, mergeCommit }) =>
      number === null ? mergeCommit.slice(0, 7) : `#${number}`,
    );
    gaps.push(gapOf(`The files of ${listed(names)}`, 'GitHub does not list all of them', false));
  }
  return { paths, entries, files: allFiles };
}

const listed = (names: readonly string[]): string =>
  `${names.slice(0, 10).join(', ')}${names.length > 10 ? ` and ${names.length - 10} more` : ''}`;

const gapOf = (subject: string, reason: string, verdictAtRisk: boolean): Gap => ({
  what: `${subject} could not be read in full (${reason.replace(/\.$/, '')}).`,
  consequence: 'A change whose files are unknown counts for every service it might affect.',
  verdictAtRisk,
});
