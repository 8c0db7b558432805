import * as v from 'valibot';
import type { Share } from './query-batching.ts';
import type { Repo } from './repo.ts';

/** One query that asks for the same fields of several items: `pull0: pullRequest(number: $number0) { … }`, `pull1: …`. */
export interface QueryEach<Item, Answer extends v.GenericSchema> {
  query: string;
  /** The alias of an item's field, without its index. The client accepts missing items only for `pull` and `thread`. */
  alias: string;
  /** Types and values of the variables that each item has. Their names get the item's index. */
  variables: Readonly<Record<string, readonly [type: string, read: (item: Item) => unknown]>>;
  /** Types and values of the variables that all items share. */
  shared?: Readonly<Record<string, readonly [type: string, value: unknown]>>;
  /** The field of the item at an index, with its arguments and selection. */
  field: (index: number) => string;
  fragment?: string;
  answer: Answer;
}

/**
 * @param share - the query's share of a request; by default 1.
 * @returns the answers, in the order of the items.
 */
export async function queryEach<Item, Answer extends v.GenericSchema>(
  repo: Repo,
  items: readonly Item[],
  { query, alias, variables, shared = {}, field, fragment = '', answer }: QueryEach<Item, Answer>,
  share?: Share,
): Promise<v.InferOutput<Answer>[]> {
  const names = items.map((_, i) => `${alias}${i}`);
  const declared = [
    ...Object.entries({ owner: ['String!'], name: ['String!'], ...shared }).map(
      ([key, [type]]) => `$${key}: ${type}`,
    ),
    ...items.flatMap((_, i) => Object.entries(variables).map(([key, [type]]) => `$${key}${i}: ${type}`)),
  ];
  const { repository } = await repo.graphql(
    `query ${query}(${declared.join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${names.map((name, i) => `${name}: ${field(i)}`).join('\n    ')}
  }
}
${fragment}`,
    Object.fromEntries([
      ...Object.entries(shared).map(([key, [, value]]) => [key, value]),
      ...items.flatMap((item, i) =>
        Object.entries(variables).map(([key, [, read]]) => [`${key}${i}`, read(item)]),
      ),
    ]),
    v.object({ repository: v.object(Object.fromEntries(names.map((name) => [name, answer]))) }),
    share,
  );
  return names.map((name) => repository[name] as v.InferOutput<Answer>);
}
