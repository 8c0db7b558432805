import * as v from 'valibot';
import { GuardError, oneLine } from '../../model/guard-error.ts';

/**
 * What a file of events says: deploys that GitHub knows nothing of, told by whatever made them. JSON Lines, a JSON array, or CSV
 * with a header; each event in our own words, as a CloudEvent, as a CDEvent, or as the body of DevLake's webhook.
 */

export interface DeployEvent {
  /** From 1; in a JSON array, which has no lines, the place in it. */
  line: number;
  time: Date;
  /** Seven to forty hexadecimal digits, in small letters. */
  sha: string;
  environment: string;
  /** Of DevLake's body, where it has no name of its own: one of its four words. */
  word: string | null;
  status: 'success' | 'failure' | 'running';
  service: string | null;
  id: string | null;
  actor: string | null;
  url: string | null;
}

export interface EventFile {
  /** In the order of the file. */
  events: DeployEvent[];
  /** How many lines are of other repositories. */
  elsewhere: number;
  /** How many are events of another kind than a deploy. */
  others: number;
  /** How many deploys name no commit. */
  withoutCommit: number;
}

const STATUSES = ['success', 'failure', 'running'] as const;
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;
const SHA = /^[0-9a-f]{7,40}$/i;
/** Clocks differ; what is further ahead has not happened. */
const AHEAD = 5 * 60_000;

const optional = v.nullish(v.union([v.string(), v.number()]));
const plain = v.looseObject({
  time: v.string(),
  sha: v.string(),
  environment: v.string(),
  status: v.picklist(STATUSES),
  service: optional,
  repository: optional,
  id: optional,
  actor: optional,
  url: optional,
});
const cdEvent = v.looseObject({
  context: v.looseObject({ id: v.string(), type: v.string(), timestamp: v.string() }),
  subject: v.looseObject({
    id: v.optional(v.string()),
    content: v.looseObject({
      environment: v.optional(v.looseObject({ id: v.string() })),
      artifactId: v.optional(v.string()),
    }),
  }),
  customData: v.optional(v.unknown()),
});
const CD_DEPLOY = /^dev\.cdevents\.service\.(?:deployed|upgraded|rolledback)\./;
const devLake = v.looseObject({
  id: optional,
  result: v.nullish(v.string()),
  environment: v.nullish(v.string()),
  originalEnvironment: v.nullish(v.string()),
  deploymentCommits: v.array(
    v.looseObject({
      repoUrl: v.nullish(v.string()),
      commitSha: v.string(),
      finishedDate: v.string(),
      result: v.nullish(v.string()),
      environment: v.nullish(v.string()),
    }),
  ),
});

/**
 * @param name - the file or address, for what is wrong in it.
 * @param repository - `owner/name`: other repositories' events are counted and left out.
 * @param now - nothing later has happened.
 * @throws {GuardError} on the first line that is wrong, naming it.
 */
export async function readEvents(
  text: string,
  { name, repository, now }: { name: string; repository: string; now: Date },
): Promise<EventFile> {
  const file: EventFile = { events: [], elsewhere: 0, others: 0, withoutCommit: 0 };
  for (const { line, value } of await linesOf(text, name)) {
    const wrong = (why: string) => new GuardError(`${oneLine(name)}, line ${line}: ${why}.`);
    take(value, { file, line, repository, now, wrong });
  }
  return file;
}

interface Line {
  line: number;
  value: unknown;
}

/** The events of a text, by its form, which its first character tells. */
async function linesOf(text: string, name: string): Promise<Line[]> {
  const bare = text.replace(/^\uFEFF/, '');
  const whole = bare.trim();
  if (whole === '') return [];
  if (whole.startsWith('[')) {
    const all = jsonOf(whole, name, 1);
    return (Array.isArray(all) ? all : [all]).map((value, i) => ({ line: i + 1, value }));
  }
  if (whole.startsWith('{')) {
    // One object over several lines, or one a line.
    const one = whole.includes('\n') ? asJson(whole) : null;
    if (one !== null) return [{ line: 1, value: one }];
    return bare
      .split(/\r?\n/)
      .map((each, i) => ({ each: each.trim(), line: i + 1 }))
      .filter(({ each }) => each !== '')
      .map(({ each, line }) => ({ line, value: jsonOf(each, name, line) }));
  }
  const { parse } = await import('csv-parse/sync');
  try {
    const rows = parse(bare, {
      columns: true,
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as {
      info: { lines: number };
      record: Record<string, string>;
    }[];
    return rows.map(({ info, record }) => ({
      line: info.lines,
      // An empty cell says nothing.
      value: Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== '')),
    }));
  } catch (error) {
    const { lines = 1, message } = error as { lines?: number; message: string };
    throw new GuardError(
      `${oneLine(name)}, line ${lines}: it is no CSV that can be read (${oneLine(message)}).`,
    );
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function jsonOf(text: string, name: string, line: number): unknown {
  const value = asJson(text);
  if (value === null)
    throw new GuardError(
      `${oneLine(name)}, line ${line}: it is no JSON that can be read. Accepted: an object a line, an array, or CSV.`,
    );
  return value;
}

interface Taking {
  file: EventFile;
  line: number;
  repository: string;
  now: Date;
  wrong(why: string): GuardError;
}

function take(value: unknown, taking: Taking): void {
  if (typeof value !== 'object' || value === null) throw taking.wrong('it is no event; accepted: an object');
  if ('specversion' in value && 'type' in value) takeCloudEvent(value, taking);
  else if ('context' in value && 'subject' in value) takeCdEvent(value, taking);
  else if ('deploymentCommits' in value) takeDevLake(value, taking);
  else takePlain(value, taking);
}

/** An event in our own words. */
function takePlain(value: object, taking: Taking): void {
  const { file, wrong } = taking;
  const parsed = v.safeParse(plain, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const key = v.getDotPath(issue) ?? 'it';
    const accepted = key === 'status' ? STATUSES.join(', ') : 'time, sha, environment and status, as texts';
    throw wrong(`"${key}" is ${issue.received}; accepted: ${accepted}`);
  }
  const { output } = parsed;
  const text = (one: string | number | null | undefined) =>
    one === null || one === undefined ? null : String(one);
  if (!isOurs(text(output.repository), taking)) return void file.elsewhere++;
  add(
    {
      time: output.time,
      sha: output.sha,
      environment: output.environment,
      word: null,
      status: output.status,
      service: text(output.service),
      id: text(output.id),
      actor: text(output.actor),
      url: text(output.url),
    },
    taking,
  );
}

/** The envelope of CloudEvents 1.0, in its structured form: the event is its data. */
function takeCloudEvent(value: object, taking: Taking): void {
  const { data, time, id, source } = value as Record<string, unknown>;
  if (typeof data !== 'object' || data === null) return void taking.file.others++;
  if ('context' in data) takeCdEvent(data, taking);
  else if ('sha' in data) take({ time, id: `${String(source)} ${String(id)}`, ...data }, taking);
  else taking.file.others++;
}

/** A CDEvent names no commit of its own: it stands in its custom data, or is the version of the artifact. */
function takeCdEvent(value: object, taking: Taking): void {
  const { file, wrong } = taking;
  const type = String((value as { context?: { type?: unknown } }).context?.type ?? '');
  if (!CD_DEPLOY.test(type)) return void file.others++;
  const parsed = v.safeParse(cdEvent, value);
  if (!parsed.success)
    throw wrong(
      `"${v.getDotPath(parsed.issues[0]) ?? 'it'}" is no part of a CDEvent of a service that was deployed`,
    );
  const { context, subject, customData } = parsed.output;
  const custom = customOf(customData);
  if (!isOurs(typeof custom.repository === 'string' ? custom.repository : null, taking))
    return void file.elsewhere++;
  const [, version] = /@([0-9a-f]{7,40})(?:[?#]|$)/i.exec(subject.content.artifactId ?? '') ?? [];
  const sha = [custom.sha, custom.commitSha, version].find(
    (each) => typeof each === 'string' && SHA.test(each),
  );
  if (sha === undefined) return void file.withoutCommit++;
  add(
    {
      time: context.timestamp,
      sha: String(sha),
      environment: subject.content.environment?.id ?? '',
      word: null,
      status: 'success',
      service: subject.id ?? null,
      id: context.id,
      actor: null,
      url: null,
    },
    taking,
  );
}

/** Custom data is an object, or the base64 of a text that may be one. */
function customOf(data: unknown): Record<string, unknown> {
  const value = typeof data === 'string' ? asJson(Buffer.from(data, 'base64').toString()) : data;
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function takeDevLake(value: object, taking: Taking): void {
  const { file, wrong } = taking;
  const parsed = v.safeParse(devLake, value);
  if (!parsed.success)
    throw wrong(
      `"${v.getDotPath(parsed.issues[0]) ?? 'it'}" is no part of the body of DevLake's deployment webhook`,
    );
  for (const commit of parsed.output.deploymentCommits) {
    if (!isOurs(commit.repoUrl ?? null, taking)) {
      file.elsewhere++;
      continue;
    }
    // As DevLake has it: what names none is production.
    const word = (commit.environment ?? parsed.output.environment) || 'PRODUCTION';
    const own = parsed.output.originalEnvironment || null;
    const result = (commit.result ?? parsed.output.result ?? 'SUCCESS').toUpperCase();
    add(
      {
        time: commit.finishedDate,
        sha: commit.commitSha,
        environment: own ?? word.toLowerCase(),
        word: own === null ? word.toUpperCase() : null,
        status: result === 'SUCCESS' ? 'success' : 'failure',
        service: null,
        id:
          parsed.output.id === null || parsed.output.id === undefined
            ? null
            : `${parsed.output.id} ${commit.commitSha}`,
        actor: null,
        url: null,
      },
      taking,
    );
  }
}

/** Without a name it is this repository's. */
function isOurs(named: string | null, { repository }: Taking): boolean {
  if (named === null) return true;
  const [, bare = named] = /^(?:https?:\/\/[^/]+\/|git@[^:]+:)(.+?)(?:\.git)?\/?$/.exec(named) ?? [];
  return bare.toLowerCase() === repository.toLowerCase();
}

function add(
  { time, sha, environment, ...event }: Omit<DeployEvent, 'line' | 'time'> & { time: string },
  { file, line, now, wrong }: Taking,
): void {
  const at = INSTANT.test(time) ? new Date(time.replace(' ', 'T')) : new Date(Number.NaN);
  if (Number.isNaN(at.getTime()) || at.getTime() > now.getTime() + AHEAD)
    throw wrong(
      `"time" is "${oneLine(time, 60)}"; accepted: an instant with its zone that is not in the future, such as 2026-01-31T12:00:00Z`,
    );
  if (!SHA.test(sha))
    throw wrong(`"sha" is "${oneLine(sha, 60)}"; accepted: seven to forty hexadecimal digits of a commit`);
  if (environment === '') throw wrong('"environment" is empty; accepted: the name of one');
  file.events.push({ line, time: at, sha: sha.toLowerCase(), environment, ...event });
}

/** One deploy of several lines with its id, the last of which says how it stands; without an id, of its commit and time. */
export interface Deploy {
  first: DeployEvent;
  last: DeployEvent;
}

/** Deploys, newest first by when they began. */
export function deploysOf(events: readonly DeployEvent[]): Deploy[] {
  const deploys = new Map<string, Deploy>();
  for (const event of events) {
    const key = event.id ?? `${event.sha} ${event.environment} ${event.time.toISOString()}`;
    const known = deploys.get(key);
    const first = known && known.first.time <= event.time ? known.first : event;
    deploys.set(key, { first, last: event });
  }
  return [...deploys.values()].sort((a, b) => b.first.time.getTime() - a.first.time.getTime());
}
