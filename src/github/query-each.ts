import * as v from 'valibot';
import { inGroups } from './paging.ts';
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
  /** The field of an item, with its arguments and selection. */
  field: (index: number, item: Item) => string;
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
    ${items.map((item, i) => `${names[i]}: ${field(i, item)}`).join('\n    ')}
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

/** Like {@link queryEach}, for any number of items, with up to `size` of them per query. */
export async function queryInGroups<Item, Answer extends v.GenericSchema>(
  repo: Repo,
  items: readonly Item[],
  size: number,
  query: QueryEach<Item, Answer>,
): Promise<v.InferOutput<Answer>[]> {
  const answers: v.InferOutput<Answer>[] = [];
  await inGroups([...items.entries()], size, async (group, share) => {
    const groupItems = group.map(([, item]) => item);
    const groupAnswers = await queryEach(repo, groupItems, query, share);
    group.forEach(([index], i) => {
      answers[index] = groupAnswers[i] as v.InferOutput<Answer>;
    });
  });
  return answers;
}
