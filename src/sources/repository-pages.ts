import * as v from 'valibot';
import { checked, type Page } from '../github/answers.ts';
import { type PageList, pageListOf } from '../github/once.ts';
import { withFittingPage, PAGE, SHARE_OF_A_PAGE } from '../github/paging.ts';
import type { SourceIO } from './source.ts';

/** A list of the repository, each page read once. The opening query may have brought the first page. */
export function repositoryPages<S extends v.GenericSchema, Node>(
  { repo, once, opened }: SourceIO,
  { name, query, variables = {} }: { name: string; query: string; variables?: Record<string, unknown> },
  schema: S,
  pageIn: (repository: v.InferOutput<S>) => Page<Node> | Promise<Page<Node>>,
): Promise<PageList<Node>> {
  const page = { size: PAGE };
  return once(name, async () =>
    pageListOf<Node>(
      async (after) => {
        const { repository } = await withFittingPage(page, (first) =>
          repo.graphql(
            query,
            { ...variables, after, first },
            v.object({ repository: schema }),
            SHARE_OF_A_PAGE,
          ),
        );
        return pageIn(repository);
      },
      opened === null ? null : await pageIn(checked(schema, opened, 'query Opening')),
    ),
  );
}
