import type { Page } from '../../github/answers.ts';
import { commitsByName } from '../../github/history/commits-by-name.ts';
import type { DeployedCommit } from '../../github/history/commits.ts';
import { pageListOf } from '../../github/once.ts';
import { PAGE, pagedFeed } from '../../github/paging.ts';
import { personOf } from '../../github/person.ts';
import { type DeploymentFeed, newestOf } from '../../model/deployment-feed.ts';
import type { Gap, Remark } from '../../model/facts.ts';
import { oneLine } from '../../model/guard-error.ts';
import { matches } from '../../model/pattern.ts';
import type { Service } from '../../model/service.ts';
import { counted, firstOf, noteIf } from '../phrases.ts';
import type { SourceIO } from '../source.ts';
import { type Deploy, type DeployEvent, deploysOf, type EventFile, readEvents } from './event-file.ts';
import { type EventsLocation, nameOfLocation, textAt } from './location.ts';

type Node = Deploy & { commit: DeployedCommit | null };

const STATES = { success: 'SUCCESS', failure: 'FAILURE', running: 'IN_PROGRESS' } as const;

/** The deployments that an events file lists, newest first. */
export async function eventFeed(
  { repo, once, history, until, outside }: SourceIO,
  service: Service,
  location: EventsLocation,
): Promise<DeploymentFeed> {
  const file = await once(`events in ${location.file} at ${location.url}`, () =>
    fileOf({ repo, outside }, location, until),
  );
  const deploys = deploysOf(file.events.filter((event) => isOf(event, service)));
  const withoutCommit: DeployEvent[] = [];
  const page = async (after: string | null): Promise<Page<Node>> => {
    const from = Number(after ?? 0);
    let to = from;
    // As many commits as a request has room for. A commit can be deployed again and again.
    const names = new Set<string>();
    for (; to < deploys.length; to++) {
      const sha = deploys[to]?.last.sha ?? '';
      if (names.size === PAGE && !names.has(sha)) break;
      names.add(sha);
    }
    const commits = await commitsByName(repo, [...names]);
    return {
      pageInfo: { hasNextPage: to < deploys.length, endCursor: String(to) },
      nodes: deploys
        .slice(from, to)
        .map((deploy) => ({ ...deploy, commit: commits.get(deploy.last.sha) ?? null })),
    };
  };
  const feed = await pagedFeed(pageListOf(page), ({ first, last, commit }: Node) => {
    if (commit === null) {
      withoutCommit.push(last);
      return null;
    }
    history.add(commit);
    const state = STATES[last.status];
    return {
      id: last.id ?? `${last.sha.slice(0, 7)} at ${last.time.toISOString()}`,
      sha: commit.oid,
      commitExists: true,
      createdAt: first.time,
      state,
      statuses: [{ state, createdAt: last.time, logUrl: null }],
      creator: last.actor === null ? null : personOf(last.actor, null),
      trigger: 'event',
      url: last.url !== null && /^https?:\/\/[^\s]+$/.test(last.url) ? last.url : null,
      hasAllStatuses: true,
    };
  });
  Object.defineProperty(feed, 'gaps', { get: () => gapsOf(withoutCommit, newestOf(feed.items)) });
  return Object.assign(feed, { remarks: remarksOf(file) });
}

/** Why the file lists no deployment to an environment. */
export async function explainNoEvent(
  io: Pick<SourceIO, 'repo' | 'outside'>,
  service: Service,
  location: EventsLocation,
): Promise<string> {
  const { events } = await fileOf(io, location, new Date(8.64e15));
  const names = firstOf([...new Set(events.map((event) => event.environment))], 12);
  const start = `Input "environment" is "${oneLine(service.environment)}"; ${oneLine(nameOfLocation(location))} lists no deployment to it.`;
  return `${start} Accepted: ${names || 'an environment in that file, but the file has no event of this repository'}.`;
}

async function fileOf(
  { repo, outside }: Pick<SourceIO, 'repo' | 'outside'>,
  location: EventsLocation,
  now: Date,
): Promise<EventFile> {
  return readEvents(await textAt(location, outside), {
    name: nameOfLocation(location),
    repository: `${repo.owner}/${repo.name}`,
    now,
  });
}

/** DevLake's words for environments other than production, and the names that they match. */
const DEVLAKE_WORDS = [
  ['STAGING', /stag|\bpre-?prod|\buat\b/i],
  ['TESTING', /test|\bqa\b/i],
  ['DEVELOPMENT', /\bdev/i],
] as const;

/** DevLake's word for an environment. Any other name is production, because the guard measures what is live. */
const devlakeWordOf = (environment: string): string =>
  DEVLAKE_WORDS.find(([, pattern]) => pattern.test(environment))?.[0] ?? 'PRODUCTION';

function isOf(
  event: Pick<DeployEvent, 'environment' | 'word' | 'service'>,
  { environment, service }: Service,
): boolean {
  const isNamed = matches(environment.toLowerCase(), event.environment.toLowerCase());
  if (!isNamed && event.word !== devlakeWordOf(environment)) return false;
  return service === null || event.service === null || event.service === service;
}

/** @param newest - start of the newest deployment with a known commit. */
function gapsOf(withoutCommit: readonly DeployEvent[], newest: Date): Gap[] {
  const isNewest = withoutCommit.some((event) => event.status === 'success' && event.time > newest);
  const names = firstOf(withoutCommit.map((event) => `${event.sha.slice(0, 12)} (line ${event.line})`));
  return noteIf(withoutCommit.length > 0, {
    what: `Skipped events whose commits are unknown or ambiguous in this repository: ${names}.`,
    consequence: `${isNewest ? 'The newest deployment is among them, so what is live now is unknown.' : 'Their changes count with the next deployment.'} Use full SHAs, which are never ambiguous.`,
    verdictAtRisk: isNewest,
  });
}

function remarksOf({ elsewhere, others, withoutCommit }: EventFile): Remark[] {
  return [
    ...noteIf(elsewhere > 0, {
      what: `Skipped ${counted(elsewhere, 'event')} of other repositories.`,
      consequence: 'The events file covers more than this repository.',
    }),
    ...noteIf(others > 0, {
      what: `Skipped ${counted(others, 'event')} of types other than deployment.`,
      consequence: 'Only deployments are measured.',
    }),
    ...noteIf(withoutCommit > 0, {
      what: `Skipped ${counted(withoutCommit, 'deployment event')} without a commit.`,
      consequence: 'Put the commit into "customData" as "sha", or into the version of the artifact.',
    }),
  ];
}
