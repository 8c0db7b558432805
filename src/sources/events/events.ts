import * as v from 'valibot';
import type { Page } from '../../github/answers.ts';
import { DEPLOYED_COMMIT, deployedCommit } from '../../github/history/commits.ts';
import { inGroups, PAGE, pagedFeed } from '../../github/paging.ts';
import type { Repo } from '../../github/repo.ts';
import { personOf } from '../../github/person.ts';
import type { Gap, Remark } from '../../model/facts.ts';
import { badInput, oneLine } from '../../model/guard-error.ts';
import { matches } from '../../model/pattern.ts';
import type { Unit } from '../../model/unit.ts';
import type { DeploySource, SourceIO } from '../source.ts';
import type { Place } from './place.ts';
import type { Deploy, EventFile } from './reading.ts';

/** Deploys that a file of events tells of: of clusters, registries and servers that GitHub knows nothing about. */

type Options = Place;
type Node = Deploy & { commit: v.InferOutput<typeof deployedCommit> | null };

export const events = {
  kind: 'events',
  summary: 'what a file of events tells, events-file or events-url',
  permissions: [],
  inputs: {
    'events-file': {
      default: '',
      description:
        'With deploy-source events: a file in the workspace that tells of deploys, as JSON Lines, a JSON array or CSV.',
    },
    'events-url': {
      default: '',
      description:
        'With deploy-source events: an https address to read such a file from; no token is sent there, and no other host is asked.',
    },
  },
  parse(inputs): Options {
    const [file = '', url = ''] = [inputs['events-file'], inputs['events-url']];
    if ((file === '') === (url === ''))
      throw badInput(
        'events-file',
        file,
        'the path of a file in the workspace, such as deploys.jsonl; or "events-url" in its stead (deploy-source events needs one of them)',
      );
    if (file !== '' && (/^(?:[\\/]|[A-Za-z]:)/.test(file) || file.split(/[\\/]/).includes('..')))
      throw badInput('events-file', file, 'a path below the workspace, such as deploys.jsonl');
    if (url !== '' && !/^https:\/\/[\w.-]+(?::\d+)?\//.test(url))
      throw badInput('events-url', url, 'an address that begins with https://');
    return { file, url };
  },
  subject: ({ file, url }) => `events ${file || new URL(url).hostname}`,
  opening: () => null,
  async open({ repo, history, until, outside }, unit, place) {
    const file = await fileOf({ repo, outside }, place, until);
    const { deploysOf } = await import('./reading.ts');
    const deploys = deploysOf(file.events.filter((each) => isOf(each, unit)));
    const gone: string[] = [];
    const page = async (after: string | null): Promise<Page<Node>> => {
      const from = Number(after ?? 0);
      const some = deploys.slice(from, from + PAGE);
      const commits = await commitsOf(
        repo,
        some.map((each) => each.last.sha),
      );
      return {
        pageInfo: { hasNextPage: from + PAGE < deploys.length, endCursor: String(from + PAGE) },
        nodes: some.map((each) => ({ ...each, commit: commits.get(each.last.sha) ?? null })),
      };
    };
    const feed = await pagedFeed(
      await page(null),
      ({ first, last, commit }: Node) => {
        if (commit === null) {
          gone.push(`${last.sha.slice(0, 12)} (line ${last.line})`);
          return null;
        }
        history.add(commit);
        const state = { success: 'SUCCESS', failure: 'FAILURE', running: 'IN_PROGRESS' } as const;
        return {
          id: last.id ?? `${last.sha.slice(0, 7)} at ${last.time.toISOString()}`,
          sha: commit.oid,
          commitExists: true,
          createdAt: first.time,
          state: state[last.status],
          statuses: [{ state: state[last.status], createdAt: last.time, logUrl: null }],
          creator: last.actor === null ? null : personOf(last.actor, null),
          trigger: 'event',
          url: last.url !== null && /^https?:\/\/[^\s]+$/.test(last.url) ? last.url : null,
          hasAllStatuses: true,
        };
      },
      page,
    );
    Object.defineProperty(feed, 'gaps', { get: () => lost(gone) });
    return Object.assign(feed, { remarks: asideOf(file) });
  },
  async explainEmpty(io, unit, place) {
    const { events: all } = await fileOf(io, place, new Date(8.64e15));
    const names = [...new Set(all.map((each) => each.environment))]
      .slice(0, 12)
      .map((each) => oneLine(each, 60));
    const start = `Input "environment" is "${oneLine(unit.environment)}"; ${oneLine(place.file || place.url)} tells of no deploy there.`;
    return `${start} Accepted: ${names.join(', ') || 'an environment that it names; it has no event of this repository'}.`;
  },
} satisfies DeploySource<Options>;

/** The reader is loaded where there is a file to read. */
async function fileOf(
  { repo, outside }: Pick<SourceIO, 'repo' | 'outside'>,
  place: Place,
  now: Date,
): Promise<EventFile> {
  const [{ textAt }, { readEvents }] = await Promise.all([import('./place.ts'), import('./reading.ts')]);
  return readEvents(await textAt(place, outside), {
    name: place.file || place.url,
    repository: `${repo.owner}/${repo.name}`,
    now,
  });
}

function isOf(
  { environment, service }: { environment: string; service: string | null },
  unit: Unit,
): boolean {
  if (!matches(unit.environment.toLowerCase(), environment.toLowerCase())) return false;
  return unit.service === null || service === null || service === unit.service;
}

/** Commits by what the file calls them; one that is gone, or whose short name is of several, is not among them. */
async function commitsOf(
  repo: Repo,
  shas: readonly string[],
): Promise<Map<string, v.InferOutput<typeof deployedCommit>>> {
  const found = new Map<string, v.InferOutput<typeof deployedCommit>>();
  const answer = v.nullable(
    v.union([deployedCommit, v.object({ __typename: v.picklist(['Tree', 'Blob', 'Tag']) })]),
  );
  await inGroups([...new Set(shas)], PAGE, async (group) => {
    const query = `
query Deployed($owner: String!, $name: String!, ${group.map((_, i) => `$sha${i}: String!`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${group.map((_, i) => `commit${i}: object(expression: $sha${i}) { __typename ... on Commit { ${DEPLOYED_COMMIT} } }`).join('\n    ')}
  }
}`;
    const { repository } = await repo.graphql(
      query,
      Object.fromEntries(group.map((sha, i) => [`sha${i}`, sha])),
      v.object({ repository: v.object(Object.fromEntries(group.map((_, i) => [`commit${i}`, answer]))) }),
    );
    group.forEach((sha, i) => {
      const commit = repository[`commit${i}`];
      if (commit && 'oid' in commit) found.set(sha, commit);
    });
  });
  return found;
}

function lost(gone: readonly string[]): Gap[] {
  if (gone.length === 0) return [];
  const names = `${gone.slice(0, 10).join(', ')}${gone.length > 10 ? ` and ${gone.length - 10} more` : ''}`;
  return [
    {
      what: `The repository has no one commit that is called ${names}: skipped.`,
      consequence:
        'What these deploys shipped is counted with the deploy after them. The whole sha of a commit is never of two.',
      verdictAtRisk: false,
    },
  ];
}

function asideOf({ elsewhere, others, withoutCommit }: EventFile): Remark[] {
  const remarks: Remark[] = [];
  if (elsewhere > 0)
    remarks.push({
      what: `Events of other repositories in the file of events: ${elsewhere}.`,
      consequence: 'They are left out.',
    });
  if (others > 0)
    remarks.push({
      what: `Events in the file of events that tell of no deploy: ${others}.`,
      consequence: 'They are left out.',
    });
  if (withoutCommit > 0)
    remarks.push({
      what: `Events of deploys in the file of events that name no commit: ${withoutCommit}.`,
      consequence:
        'They are left out. Put it into "customData" as "sha", or into the version of the artifact.',
    });
  return remarks;
}
