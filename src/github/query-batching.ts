import DataLoader from 'dataloader';
import { BudgetSpent, type GraphqlError, RateLimited, Unreadable } from './errors.ts';

/** Sends GraphQL queries that are made at the same time as one request. */

export interface Query {
  text: string;
  variables: Readonly<Record<string, unknown>>;
}

/** The body of a response. */
export interface GraphqlAnswer {
  data?: Readonly<Record<string, unknown>> | null;
  errors?: GraphqlError[];
}

/**
 * A query's size as a share of the most that GitHub answers in one request, from 0 to 1. Queries of the same turn are
 * joined while their shares add up to at most 1.
 */
export type Share = number;

interface PendingQuery extends Query {
  share: Share;
}

/** Makes one request. A joined request needs no retry, as its queries are sent again one by one if it fails. */
type Send = (query: Query, isJoined: boolean) => Promise<GraphqlAnswer>;

/**
 * @returns a function that answers a query, joined with other small queries of the same turn. If a joined request fails,
 *   its queries are sent one by one, unless a limit on requests was the reason.
 */
export function batched(send: Send): (query: Query, share: Share) => Promise<GraphqlAnswer> {
  const loader = new DataLoader<PendingQuery, GraphqlAnswer>(
    async (queries) => {
      const answers = new Map<PendingQuery, GraphqlAnswer | Error>();
      await Promise.all(
        groupsOf(queries).map(async (group) => {
          const groupAnswers = await answersOf(group, send);
          group.forEach((query, i) => void answers.set(query, groupAnswers[i] as GraphqlAnswer | Error));
        }),
      );
      return queries.map((query) => answers.get(query) as GraphqlAnswer | Error);
    },
    { cache: false, batchScheduleFn: (dispatch) => void setImmediate(dispatch) },
  );
  return (query, share) => (share < 1 ? loader.load({ ...query, share }) : send(query, false));
}

/** Puts each query into the first group that has room for it. */
function groupsOf(queries: readonly PendingQuery[]): PendingQuery[][] {
  const groups: { share: Share; members: PendingQuery[] }[] = [];
  for (const query of queries) {
    const group = groups.find(({ share }) => share + query.share <= 1);
    if (!group) groups.push({ share: query.share, members: [query] });
    else {
      group.share += query.share;
      group.members.push(query);
    }
  }
  return groups.map(({ members }) => members);
}

async function answersOf(group: readonly Query[], send: Send): Promise<(GraphqlAnswer | Error)[]> {
  const oneByOne = () =>
    Promise.all(group.map((query) => send(query, false).catch((error: unknown) => error as Error)));
  if (group.length === 1) return oneByOne();
  try {
    const answer = await send(joined(group), true);
    return isRefused(answer) ? await oneByOne() : group.map((_, i) => partOf(answer, i));
  } catch (error) {
    const failsAlone =
      !(error instanceof Unreadable) || error instanceof BudgetSpent || error instanceof RateLimited;
    return failsAlone ? group.map(() => error as Error) : oneByOne();
  }
}

/** Whether GitHub rejected the joined query, though it may answer the queries alone. */
function isRefused({ data, errors = [] }: GraphqlAnswer): boolean {
  if (errors.some(({ type }) => type?.startsWith('RATE_LIMIT'))) return false;
  return !data || errors.some(({ path }) => path === undefined);
}

const prefixOf = (index: number): string => `q${index}_`;

/** Several queries as one. The first query's names get the prefix `q0_`, the second query's names `q1_`, and so on. */
function joined(queries: readonly Query[]): Query {
  const parts = queries.map(({ text }, i) => prefixed(text, prefixOf(i)));
  const join = (key: keyof QueryParts, separator: string) => parts.map((part) => part[key]).join(separator);
  return {
    text: `query ${join('name', '_')}(${join('declarations', ', ')}) {${join('selection', '\n')}}${join('fragments', '')}`,
    variables: Object.fromEntries(
      queries.flatMap(({ variables }, i) =>
        Object.entries(variables).map(([name, value]) => [`${prefixOf(i)}${name}`, value]),
      ),
    ),
  };
}

interface QueryParts {
  name: string;
  declarations: string;
  selection: string;
  fragments: string;
}

/** Puts a prefix before each variable, each fragment and each key of the answer. */
function prefixed(text: string, prefix: string): QueryParts {
  const renamed = text
    .replace(/\$(?=\w)/g, `$$${prefix}`)
    .replace(/(\.\.\.\s*|\bfragment\s+)(?!on\b)(?=\w)/g, `$1${prefix}`);
  const [head = '', name = '', declarations = ''] = /^\s*query\s+(\w+)\(([^)]*)\)\s*\{/.exec(renamed) ?? [];
  const body = renamed.slice(head.length);
  const end = closingBrace(body);
  return {
    name,
    declarations,
    selection: withAliases(body.slice(0, end), prefix),
    fragments: body.slice(end + 1),
  };
}

/** The index of the brace that closes a block whose opening brace is before `text`. */
function closingBrace(text: string): number {
  let depth = 0;
  for (const { 0: brace, index } of text.matchAll(/[{}]/g)) {
    depth += brace === '{' ? 1 : -1;
    if (depth < 0) return index;
  }
  return text.length;
}

/** Gives each outermost field an alias: the prefix followed by its name. */
function withAliases(selection: string, prefix: string): string {
  let depth = 0;
  return selection.replace(/[{(]|[})]|\w+/g, (token) => {
    if (/\w/.test(token)) return depth === 0 ? `${prefix}${token}: ${token}` : token;
    depth += /[{(]/.test(token) ? 1 : -1;
    return token;
  });
}

/** One query's part of the answer to {@link joined} queries. An error without a path belongs to all of them. */
function partOf({ data, errors = [] }: GraphqlAnswer, index: number): GraphqlAnswer {
  const prefix = prefixOf(index);
  const belongs = (name: unknown) => typeof name === 'string' && name.startsWith(prefix);
  const fields = Object.entries(data ?? {}).filter(([name]) => belongs(name));
  return {
    data: data ? Object.fromEntries(fields.map(([name, value]) => [name.slice(prefix.length), value])) : null,
    errors: errors.flatMap((error): GraphqlError[] => {
      const [first, ...deeper] = error.path ?? [];
      if (first === undefined) return [error];
      return belongs(first) ? [{ ...error, path: [String(first).slice(prefix.length), ...deeper] }] : [];
    }),
  };
}
