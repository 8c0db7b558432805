import type { Page } from '../../github/answers.ts';
import { commitsCalled } from '../../github/history/called.ts';
import type { DeployedCommit } from '../../github/history/commits.ts';
import { pageListOf } from '../../github/once.ts';
import { PAGE, pagedFeed } from '../../github/paging.ts';
import { personOf } from '../../github/person.ts';
import { type DeploymentFeed, newestOf } from '../../model/deployment-feed.ts';
import type { Gap, Remark } from '../../model/facts.ts';
import { oneLine } from '../../model/guard-error.ts';
import { matches } from '../../model/pattern.ts';
import type { Service } from '../../model/service.ts';
import type { SourceIO } from '../source.ts';
import { devlakeWordOf } from './devlake.ts';
import { type EventsLocation, textAt } from './location.ts';
import { type Deploy, type DeployEvent, deploysOf, type EventFile, readEvents } from './event-file.ts';

/** The deploys that a file of events tells of, as deployments. */

type Node = Deploy & { commit: DeployedCommit | null };

/** The deploys of a file, newest first. */
export async function eventFeed(
  { repo, once, history, until, outside }: SourceIO,
  service: Service,
  location: EventsLocation,
): Promise<DeploymentFeed> {
  const file = await once(`events in ${location.file} at ${location.url}`, () =>
    fileOf({ repo, outside }, location, until),
  );
  const deploys = deploysOf(file.events.filter((event) => isOf(event, service)));
  const gone: DeployEvent[] = [];
  const page = async (after: string | null): Promise<Page<Node>> => {
    const from = Number(after ?? 0);
    const some = deploys.slice(from, from + PAGE);
    const commits = await commitsCalled(
      repo,
      some.map((deploy) => deploy.last.sha),
    );
    return {
      pageInfo: { hasNextPage: from + PAGE < deploys.length, endCursor: String(from + PAGE) },
      nodes: some.map((deploy) => ({ ...deploy, commit: commits.get(deploy.last.sha) ?? null })),
    };
  };
  const feed = await pagedFeed(pageListOf(page), ({ first, last, commit }: Node) => {
    if (commit === null) {
      gone.push(last);
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
  });
  Object.defineProperty(feed, 'gaps', { get: () => lost(gone, newestOf(feed.items)) });
  return Object.assign(feed, { remarks: asideOf(file) });
}

/** Why a file has no deploy of an environment. */
export async function explainNoEvent(
  io: Pick<SourceIO, 'repo' | 'outside'>,
  service: Service,
  location: EventsLocation,
): Promise<string> {
  const { events: all } = await fileOf(io, location, new Date(8.64e15));
  const names = [...new Set(all.map((event) => event.environment))]
    .slice(0, 12)
    .map((each) => oneLine(each, 60));
  const start = `Input "environment" is "${oneLine(service.environment)}"; ${oneLine(location.file || location.url)} tells of no deploy there.`;
  return `${start} Accepted: ${names.join(', ') || 'an environment that it names; it has no event of this repository'}.`;
}

async function fileOf(
  { repo, outside }: Pick<SourceIO, 'repo' | 'outside'>,
  location: EventsLocation,
  now: Date,
): Promise<EventFile> {
  return readEvents(await textAt(location, outside), {
    name: location.file || location.url,
    repository: `${repo.owner}/${repo.name}`,
    now,
  });
}

function isOf(
  { environment, word, service }: Pick<DeployEvent, 'environment' | 'word' | 'service'>,
  unit: Service,
): boolean {
  const isNamed = matches(unit.environment.toLowerCase(), environment.toLowerCase());
  if (!isNamed && word !== devlakeWordOf(unit.environment)) return false;
  return unit.service === null || service === null || service === unit.service;
}

/** @param newest - when the newest deploy whose commit is known began. */
function lost(gone: readonly DeployEvent[], newest: Date): Gap[] {
  if (gone.length === 0) return [];
  const isNow = gone.some((event) => event.status === 'success' && event.time > newest);
  const names = `${gone
    .slice(0, 10)
    .map((event) => `${event.sha.slice(0, 12)} (line ${event.line})`)
    .join(', ')}${gone.length > 10 ? ` and ${gone.length - 10} more` : ''}`;
  return [
    {
      what: `The repository has no one commit that is called ${names}: skipped.`,
      consequence: `${isNow ? 'The newest is among them: what is live now is not known.' : 'What these deploys shipped is counted with the deploy after them.'} The whole sha of a commit is never of two.`,
      verdictAtRisk: isNow,
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
