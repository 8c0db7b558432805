import * as v from 'valibot';
import { checked, instant, pageOf } from '../github/answers.ts';
import { deployedCommit } from '../github/history/commits.ts';
import { type PageList, pageListOf } from '../github/once.ts';
import { fitting, PAGE, pagedFeed, SHARE_OF_A_PAGE } from '../github/paging.ts';
import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type { Gap } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import { matches } from '../model/pattern.ts';
import type { SourceIO } from './source.ts';
import { tagsFrom } from './tag-lists.ts';
import type { TagOptions } from './tag-pattern.ts';

/** Tags as deployments, newest first. */

const TAGS = `
query Tags($owner: String!, $name: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) { ${tagsFrom(', after: $after')} }
}`;

const commit = v.object({ __typename: v.literal('Commit'), ...deployedCommit.entries });
/** A tag can be of a file, a folder or another tag; no commit is deployed by that. */
const other = v.object({ __typename: v.picklist(['Tree', 'Blob']) });
const nested = v.object({ __typename: v.literal('Tag') });
const tagPage = v.object({
  refs: pageOf(
    v.object({
      name: v.string(),
      target: v.variant('__typename', [
        commit,
        v.object({
          __typename: v.literal('Tag'),
          tagger: v.nullable(v.object({ date: v.nullable(instant) })),
          target: v.variant('__typename', [commit, nested, other]),
        }),
        other,
      ]),
    }),
  ),
});
type TagNode = v.InferOutput<typeof tagPage>['refs']['nodes'][number];

export async function tagFeed(
  { repo, once, opened, history }: SourceIO,
  { pattern }: TagOptions,
): Promise<DeploymentFeed> {
  const untimed: string[] = [];
  const floating: string[] = [];
  const names = new Set<string>();
  const all = await once('tags', async () =>
    pageListOf<TagNode>(
      async (after) => {
        const { repository } = await fitting(PAGE, (first) =>
          repo.graphql(TAGS, { after, first }, v.object({ repository: tagPage }), SHARE_OF_A_PAGE),
        );
        return repository.refs;
      },
      opened === null ? null : checked(tagPage, opened, 'query Opening').refs,
    ),
  );
  // The names of a page are noted before any of its tags is looked at: `v1` may come before `v1.4.0`.
  const list: PageList<TagNode> = {
    async page(index) {
      const page = await all.page(index);
      for (const { name } of page.nodes) if (matches(pattern, name)) names.add(name);
      return page;
    },
  };
  const feed = await pagedFeed(list, ({ name, target }) => {
    const of = 'target' in target ? target.target : target;
    if (!matches(pattern, name) || !('oid' in of)) return null;
    if ([...names].some((other) => other.startsWith(`${name}.`))) {
      floating.push(name);
      return null;
    }
    history.add(of);
    const date = 'tagger' in target ? (target.tagger?.date ?? null) : null;
    if (date === null) untimed.push(name);
    return {
      id: name,
      sha: of.oid,
      commitExists: true,
      createdAt: new Date(of.committedDate),
      state: date === null ? 'INACTIVE' : 'SUCCESS',
      statuses: date === null ? [] : [{ state: 'SUCCESS', createdAt: new Date(date), logUrl: null }],
      creator: null,
      trigger: 'tag',
      url: null,
    };
  });
  return Object.defineProperty(feed, 'gaps', { get: () => [...timeless(untimed), ...moving(floating)] });
}

function timeless(names: readonly string[]): Gap[] {
  if (names.length === 0) return [];
  return [
    {
      what: `${listed(names)} ${names.length === 1 ? 'has' : 'have'} no time: only an annotated tag (git tag -a) says when it was made.`,
      consequence: 'What a tag without a time ships is left untimed.',
      verdictAtRisk: false,
    },
  ];
}

/** `v1` beside `v1.4.0` goes along with each version: when it was anywhere is not known. */
function moving(names: readonly string[]): Gap[] {
  if (names.length === 0) return [];
  return [
    {
      what: `${listed(names)} ${names.length === 1 ? 'moves' : 'move'} with the versions below: left out.`,
      consequence:
        'Nothing is lost by it; a "deploy-tag" that takes whole versions only, such as v*.*.*, says the same.',
      verdictAtRisk: false,
    },
  ];
}

const listed = (names: readonly string[]): string =>
  `${names.length === 1 ? 'Tag' : 'Tags'} ${oneLine(names.slice(0, 10).join(', '))}${names.length > 10 ? ` and ${names.length - 10} more` : ''}`;
