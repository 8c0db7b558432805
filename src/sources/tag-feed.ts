import * as v from 'valibot';
import { instant, pageOf } from '../github/answers.ts';
import { deployedCommit } from '../github/history/commits.ts';
import type { PageList } from '../github/once.ts';
import { pagedFeed } from '../github/paging.ts';
import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type { Gap } from '../model/facts.ts';
import { matches } from '../model/pattern.ts';
import { firstOf, noteIf } from './phrases.ts';
import { repositoryPages } from './repository-pages.ts';
import type { SourceIO } from './source.ts';
import { tagsFrom } from './tag-lists.ts';
import type { TagOptions } from './tag-pattern.ts';

/** Tags as deployments, newest first. */

const TAGS = `
query Tags($owner: String!, $name: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) { ${tagsFrom(', after: $after')} }
}`;

const commit = v.object({ __typename: v.literal('Commit'), ...deployedCommit.entries });
/** A tag can also point to a file, a folder or another tag. Such a tag deploys no commit. */
const noCommit = v.object({ __typename: v.picklist(['Tree', 'Blob']) });
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
          target: v.variant('__typename', [commit, nested, noCommit]),
        }),
        noCommit,
      ]),
    }),
  ),
});
type TagNode = v.InferOutput<typeof tagPage>['refs']['nodes'][number];

export async function tagFeed(io: SourceIO, { pattern }: TagOptions): Promise<DeploymentFeed> {
  const withoutTime: string[] = [];
  const moving: string[] = [];
  const names = new Set<string>();
  const allTags = await repositoryPages(
    io,
    { name: 'tags', query: TAGS },
    tagPage,
    (repository) => repository.refs,
  );
  // All names of a page are needed before its first tag is converted: `v1` may come before `v1.4.0`.
  const list: PageList<TagNode> = {
    async page(index) {
      const page = await allTags.page(index);
      for (const { name } of page.nodes) if (matches(pattern, name)) names.add(name);
      return page;
    },
  };
  const feed = await pagedFeed(list, ({ name, target }) => {
    const tagged = 'target' in target ? target.target : target;
    if (!matches(pattern, name) || !('oid' in tagged)) return null;
    if ([...names].some((other) => other.startsWith(`${name}.`))) {
      moving.push(name);
      return null;
    }
    io.history.add(tagged);
    const date = 'tagger' in target ? (target.tagger?.date ?? null) : null;
    if (date === null) withoutTime.push(name);
    return {
      id: name,
      sha: tagged.oid,
      commitExists: true,
      createdAt: new Date(tagged.committedDate),
      state: date === null ? 'INACTIVE' : 'SUCCESS',
      statuses: date === null ? [] : [{ state: 'SUCCESS', createdAt: new Date(date), logUrl: null }],
      creator: null,
      trigger: 'tag',
      url: null,
    };
  });
  return Object.defineProperty(feed, 'gaps', {
    get: () => [...timelessTags(withoutTime), ...movingTags(moving)],
  });
}

function timelessTags(names: readonly string[]): Gap[] {
  return noteIf(names.length > 0, {
    what: `Tags without a time: ${firstOf(names)}. Only annotated tags (git tag -a) record when they were made.`,
    consequence: 'Changes that a tag without a time ships have no lead time.',
    verdictAtRisk: false,
  });
}

/** A tag `v1` that moves along with `v1.4.0` does not record when it pointed to which commit. */
function movingTags(names: readonly string[]): Gap[] {
  return noteIf(names.length > 0, {
    what: `Skipped tags that move with each new version: ${firstOf(names)}.`,
    consequence:
      'No deployment is lost. To select full versions only, set "deploy-tag", for example to v*.*.*.',
    verdictAtRisk: false,
  });
}
