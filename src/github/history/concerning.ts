import * as v from 'valibot';
import { beforeOf } from '../../model/concerns.ts';
import type { Gap, Oid, PathFacts, RepositoryFacts } from '../../model/facts.ts';
import type { Mergeset } from '../../model/mergesets.ts';
import { pageOf } from '../answers.ts';
import { Unreadable } from '../errors.ts';
import { inGroups } from '../paging.ts';
import type { Repo } from '../repo.ts';

/** What mergesets changed: the entries of paths before and after each, and, where patterns ask for them, their files. */

/** Entries cost GitHub no points, but time: about so many of them a request. */
const ENTRIES_AT_ONCE = 4000;
const COMMITS_AT_ONCE = 300;
/** A pull request of more files than this is asked page by page. */
const FILES = 100;
/** Most pull requests change a few files. */
const PULLS_AT_ONCE = 200;
const MOST_PAGES = 30;
/** Direct pushes whose files are asked, each with a request of its own. */
const MOST_PUSHES = 50;

const entry = v.nullable(v.object({ oid: v.string(), mode: v.number() }));
const commit = v.nullable(v.record(v.string(), entry));

/** The entry of each path, in their order, at each commit: its object and its mode, which alone can change too. */
async function entriesAt(
  repo: Repo,
  oids: readonly Oid[],
  paths: readonly string[],
): Promise<Map<Oid, (string | null)[]>> {
  const found = new Map<Oid, (string | null)[]>();
  if (paths.length === 0) return found;
  const together = Math.max(1, Math.min(COMMITS_AT_ONCE, Math.floor(ENTRIES_AT_ONCE / paths.length)));
  const declared = paths.map((_, i) => `$path${i}: String!`).join(', ');
  await inGroups(oids, together, async (group, share) => {
    const query = `
query Entries($owner: String!, $name: String!, ${declared}, ${group.map((_, i) => `$oid${i}: GitObjectID!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${group.map((_, i) => `commit${i}: object(oid: $oid${i}) { ...Entries }`).join('\n    ')}
  }
}
fragment Entries on Commit { ${paths.map((_, i) => `entry${i}: file(path: $path${i}) { oid mode }`).join(' ')} }`;
    const { repository } = await repo.graphql(
      query,
      {
        ...Object.fromEntries(paths.map((path, i) => [`path${i}`, path])),
        ...Object.fromEntries(group.map((each, i) => [`oid${i}`, each])),
      },
      v.object({ repository: v.object(Object.fromEntries(group.map((_, i) => [`commit${i}`, commit]))) }),
      share,
    );
    group.forEach((oid, i) => {
      const told = repository[`commit${i}`];
      if (!told) return;
      found.set(
        oid,
        paths.map((_, j) => {
          const one = told[`entry${j}`];
          return one ? `${one.oid} ${one.mode}` : null;
        }),
      );
    });
  });
  return found;
}

const filePage = pageOf(v.object({ path: v.string() }));
const changed = v.nullable(v.object({ changedFiles: v.number(), files: v.nullable(filePage) }));

/** The files of each pull request, two hundred pull requests to a request; `null`: GitHub does not list all of them. */
function filesOfPulls(repo: Repo, mergesets: readonly Mergeset[]): Promise<Map<Oid, string[] | null>> {
  return filesOfNumbers(
    repo,
    mergesets.flatMap(({ number, mergeCommit }) => (number === null ? [] : [{ number, mergeCommit }])),
  );
}

async function filesOfNumbers(
  repo: Repo,
  asked: readonly { number: number; mergeCommit: Oid }[],
): Promise<Map<Oid, string[] | null>> {
  const found = new Map<Oid, string[] | null>();
  let open = asked.map((each) => ({ ...each, after: null as string | null, files: [] as string[] }));
  for (let page = 0; page < MOST_PAGES && open.length > 0; page++) {
    const goOn: typeof open = [];
    await inGroups(open, PULLS_AT_ONCE, async (group, share) => {
      const query = `
query ChangedFiles($owner: String!, $name: String!, ${group.map((_, i) => `$number${i}: Int!, $after${i}: String`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${group.map((_, i) => `pull${i}: pullRequest(number: $number${i}) { changedFiles files(first: ${FILES}, after: $after${i}) { pageInfo { hasNextPage endCursor } nodes { path } } }`).join('\n    ')}
  }
}`;
      const { repository } = await repo.graphql(
        query,
        Object.fromEntries(
          group.flatMap((each, i) => [
            [`number${i}`, each.number],
            [`after${i}`, each.after],
          ]),
        ),
        v.object({ repository: v.object(Object.fromEntries(group.map((_, i) => [`pull${i}`, changed]))) }),
        share,
      );
      group.forEach((each, i) => {
        const told = repository[`pull${i}`];
        const files = [...each.files, ...(told?.files?.nodes ?? []).map((node) => node.path)];
        if (told?.files?.pageInfo.hasNextPage)
          goOn.push({ ...each, after: told.files.pageInfo.endCursor, files });
        else found.set(each.mergeCommit, told && files.length >= told.changedFiles ? files : null);
      });
    });
    open = goOn;
  }
  for (const { mergeCommit } of open) found.set(mergeCommit, null);
  return found;
}

/** The files that a pull request changes, open or not; `null`: GitHub does not list all of them. */
export async function filesOfPull(repo: Repo, number: number): Promise<string[] | null> {
  const found = await filesOfNumbers(repo, [{ number, mergeCommit: '' }]);
  return found.get('') ?? null;
}

const pushed = v.object({
  files: v.optional(v.array(v.object({ filename: v.string(), previous_filename: v.optional(v.string()) }))),
});
/** GitHub lists three hundred files of a commit a page, and three thousand at most. */
const FILES_OF_A_COMMIT = 300;

async function filesOfPush(repo: Repo, oid: Oid): Promise<string[] | null> {
  const files: string[] = [];
  for (let page = 1; page <= 10; page++) {
    const told = await repo.get(`/commits/${oid}`, { per_page: FILES_OF_A_COMMIT, page }, pushed);
    if (told.files === undefined) return null;
    const some = told.files;
    files.push(...some.flatMap((each) => [each.filename, each.previous_filename ?? each.filename]));
    if (some.length < FILES_OF_A_COMMIT) return files;
  }
  return null;
}

/** What is asked about mergesets: paths whose entries tell, and whether patterns ask for their files. */
export interface PathQuestion {
  paths: readonly string[];
  files: boolean;
}

/**
 * Reads what tells whom these mergesets concern. What could not be read is left out, with a gap: a mergeset of which it
 * is not known concerns every service.
 *
 * @param known - what was read before, to the same question: it is not asked again.
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
  const open = mergesets.filter((mergeset) => known?.files.has(mergeset.mergeCommit) !== true);
  for (const mergeset of mergesets) {
    oids.add(mergeset.mergeCommit);
    const before = beforeOf(commits, mergeset);
    if (before !== undefined) oids.add(before);
  }
  const facts = { paths, entries: new Map<Oid, (string | null)[]>(), files: new Map<Oid, string[] | null>() };
  const ask = async <T>(what: string, read: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      gaps.push(unknown(what, error.message, true));
      return otherwise;
    }
  };
  const pushes = open.filter((mergeset) => mergeset.number === null);
  const [newEntries, ofPulls, ofPushes] = await Promise.all([
    ask(
      'The entries of the paths',
      () =>
        entriesAt(
          repo,
          [...oids].filter((oid) => known?.entries.has(oid) !== true),
          paths,
        ),
      facts.entries,
    ),
    files
      ? ask('The files of pull requests', () => filesOfPulls(repo, open), facts.files)
      : Promise.resolve(facts.files),
    files
      ? Promise.all(
          pushes
            .slice(-MOST_PUSHES)
            .map((push) =>
              ask('The files of a commit', () => filesOfPush(repo, push.mergeCommit), null).then(
                (list) => [push.mergeCommit, list] as const,
              ),
            ),
        )
      : Promise.resolve([]),
  ]);
  const entries = new Map([...(known?.entries ?? []), ...newEntries]);
  const unread = paths.length > 0 && entries.size > 0 ? [...oids].filter((oid) => !entries.has(oid)) : [];
  if (unread.length > 0)
    gaps.push(
      unknown(
        `The entries of the paths at ${listed(unread.map((oid) => oid.slice(0, 7)))}`,
        'GitHub does not bring the commits',
        true,
      ),
    );
  const all = new Map([...(known?.files ?? []), ...ofPulls, ...ofPushes]);
  const partial = files ? mergesets.filter((mergeset) => !all.get(mergeset.mergeCommit)) : [];
  if (partial.length > 0)
    gaps.push(
      unknown(
        `The files of ${listed(partial.map((mergeset) => (mergeset.number === null ? mergeset.mergeCommit.slice(0, 7) : `#${mergeset.number}`)))}`,
        'GitHub does not list all of them',
        false,
      ),
    );
  return { paths, entries, files: all };
}

const listed = (names: readonly string[]): string =>
  `${names.slice(0, 10).join(', ')}${names.length > 10 ? ` and ${names.length - 10} more` : ''}`;

const unknown = (what: string, why: string, verdictAtRisk: boolean): Gap => ({
  what: `${what} could not be read in full (${why.replace(/\.$/, '')}).`,
  consequence: 'A change of which it is not known counts, in every service that it may concern.',
  verdictAtRisk,
});
