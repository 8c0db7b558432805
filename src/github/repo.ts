import type * as v from 'valibot';
import { checked } from './answers.ts';
import type { GitHub } from './client.ts';
import type { Share } from './query-batching.ts';

/** Owner and name of a repository. */
export interface RepositoryName {
  owner: string;
  name: string;
}

/** A client for one repository that checks answers before it returns them. */
export interface Repo extends RepositoryName {
  /**
   * Sends a query. `$owner` and `$name` are set to the repository's.
   *
   * @param share - the query's share of a request; by default 1.
   */
  graphql<S extends v.GenericSchema>(
    query: string,
    variables: Record<string, unknown>,
    answer: S,
    share?: Share,
  ): Promise<v.InferOutput<S>>;
  /** Gets one object, or one page of a list. `path` is relative to the repository: `/actions/workflows`. */
  get<S extends v.GenericSchema>(
    path: string,
    parameters: Record<string, string | number>,
    answer: S,
  ): Promise<v.InferOutput<S>>;
  /** Another repository, with the same token. */
  otherRepo(repository: RepositoryName): Repo;
  /** What GitHub withheld of lists so far, and why. */
  withheld(): string[];
}

/** @param usesRest - uses the rest of a list if GitHub withholds some of its entries. By default, such an answer is an error. */
export function repoOf(github: GitHub, { owner, name }: RepositoryName, usesRest = false): Repo {
  return {
    owner,
    name,
    graphql: async (query, variables, answer, share) =>
      checked(
        answer,
        await github.graphql(query, { owner, name, ...variables }, share, usesRest),
        /^\s*(query \w+)/.exec(query)?.[1] ?? 'a query',
      ),
    otherRepo: (repository) => repoOf(github, repository, usesRest),
    withheld: github.withheld,
    get: async (path, parameters, answer) =>
      checked(answer, await github.get(`/repos/${owner}/${name}${path}`, parameters), `GET ${path}`),
  };
}
