import DataLoader from 'dataloader';
import { BudgetSpent, type GraphqlError, RateLimited, Unreadable } from './errors.ts';

/** GraphQL queries that are asked for at once go to GitHub as one request. */

export interface Query {
  text: string;
  variables: Readonly<Record<string, unknown>>;
}

/** The body of an answer. */
export interface GraphqlAnswer {
  data?: Readonly<Record<string, unknown>> | null;
  errors?: GraphqlError[];
}

/**
 * How much of what GitHub answers in one request a query asks for: from 0 to 1. Queries of one turn go together as long
 * as that is no more than 1 in all.
 */
export type Share = number;

/** A query and its share. */
interface Asked extends Query {
  share: Share;
}

/** Makes one request. What fails together is asked for alone, and need not be tried again before. */
type Send = (query: Query, isJoined: boolean) => Promise<GraphqlAnswer>;

/**
 * @returns what answers a query, alone or together with others that were asked for in the same turn. Where several fail
 *   together, each is asked for alone; where a limit of requests is reached, none is.
 */
export function together(send: Send): (query: Query, share: Share) => Promise<GraphqlAnswer> {
  const loader = new DataLoader<Asked, GraphqlAnswer>(
    async (asked) => {
      const answers = new Map<Asked, GraphqlAnswer | Error>();
      await Promise.all(
        groupsOf(asked).map(async (group) => {
          const found = await answersOf(group, send);
          group.forEach((each, i) => void answers.set(each, found[i] as GraphqlAnswer | Error));
        }),
      );
      return asked.map((each) => answers.get(each) as GraphqlAnswer | Error);
    },
    { cache: false, batchScheduleFn: (dispatch) => void setImmediate(dispatch) },
  );
  return (query, share) => (share < 1 ? loader.load({ ...query, share }) : send(query, false));
}

/** Puts each query into the first group that has room for it. */
function groupsOf(asked: readonly Asked[]): Asked[][] {
  const groups: { share: Share; members: Asked[] }[] = [];
  for (const each of asked) {
    const found = groups.find(({ share }) => share + each.share <= 1);
    if (!found) groups.push({ share: each.share, members: [each] });
    else {
      found.share += each.share;
      found.members.push(each);
    }
  }
  return groups.map(({ members }) => members);
}

async function answersOf(group: readonly Query[], send: Send): Promise<(GraphqlAnswer | Error)[]> {
  const alone = () =>
    Promise.all(group.map((query) => send(query, false).catch((error: unknown) => error as Error)));
  if (group.length === 1) return alone();
  try {
    const answer = await send(joined(group), true);
    const parts = group.map((_, i) => partOf(answer, i));
    return isRefused(answer) ? await alone() : parts;
  } catch (error) {
    const isOfAll =
      !(error instanceof Unreadable) || error instanceof BudgetSpent || error instanceof RateLimited;
    return isOfAll ? group.map(() => error as Error) : alone();
  }
}

/** Whether GitHub did not answer the queries at all, though it may answer one of them. */
function isRefused({ data, errors = [] }: GraphqlAnswer): boolean {
  if (errors.some(({ type }) => type?.startsWith('RATE_LIMIT'))) return false;
  return !data || errors.some(({ path }) => path === undefined);
}

const prefixOf = (index: number): string => `q${index}_`;

/** Several queries as one, in which all names of the first begin with `q0_`, those of the second with `q1_`, and so on. */
function joined(queries: readonly Query[]): Query {
  const parts = queries.map(({ text }, i) => renamed(text, prefixOf(i)));
  const each = (which: keyof Part, between: string) => parts.map((part) => part[which]).join(between);
  return {
    text: `query ${each('name', '_')}(${each('declarations', ', ')}) {${each('selection', '\n')}}${each('fragments', '')}`,
    variables: Object.fromEntries(
      queries.flatMap(({ variables }, i) =>
        Object.entries(variables).map(([name, value]) => [`${prefixOf(i)}${name}`, value]),
      ),
    ),
  };
}

interface Part {
  name: string;
  declarations: string;
  selection: string;
  fragments: string;
}

/** A query's parts with the prefix before each variable, each fragment, and each key of its answer. */
function renamed(text: string, prefix: string): Part {
  const own = text
    .replace(/\$(?=\w)/g, `$$${prefix}`)
    .replace(/(\.\.\.\s*|\bfragment\s+)(?!on\b)(?=\w)/g, `$1${prefix}`);
  const [head = '', name = '', declarations = ''] = /^\s*query\s+(\w+)\(([^)]*)\)\s*\{/.exec(own) ?? [];
  const rest = own.slice(head.length);
  const end = endOf(rest);
  return {
    name,
    declarations,
    selection: withAliases(rest.slice(0, end), prefix),
    fragments: rest.slice(end + 1),
  };
}

/** Where the brace is that closes what `text` is the inside of. */
function endOf(text: string): number {
  let depth = 0;
  for (const { 0: brace, index } of text.matchAll(/[{}]/g)) {
    depth += brace === '{' ? 1 : -1;
    if (depth < 0) return index;
  }
  return text.length;
}

/** Calls the outermost fields by their names with the prefix. */
function withAliases(selection: string, prefix: string): string {
  let depth = 0;
  return selection.replace(/[{(]|[})]|\w+/g, (token) => {
    if (/\w/.test(token)) return depth === 0 ? `${prefix}${token}: ${token}` : token;
    depth += /[{(]/.test(token) ? 1 : -1;
    return token;
  });
}

/** What of the answer to {@link joined} queries is one's own. Errors of no place are everyone's. */
function partOf({ data, errors = [] }: GraphqlAnswer, index: number): GraphqlAnswer {
  const prefix = prefixOf(index);
  const isOwn = (name: unknown) => typeof name === 'string' && name.startsWith(prefix);
  const own = Object.entries(data ?? {}).filter(([name]) => isOwn(name));
  return {
    data: data ? Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value])) : null,
    errors: errors.flatMap((error): GraphqlError[] => {
      const [first, ...deeper] = error.path ?? [];
      if (first === undefined) return [error];
      return isOwn(first) ? [{ ...error, path: [String(first).slice(prefix.length), ...deeper] }] : [];
    }),
  };
}
