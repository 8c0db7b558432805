import * as v from 'valibot';
import { GuardError, oneLine } from '../../model/guard-error.ts';

/**
 * Reads an events file: JSON Lines, a JSON array, or CSV with a header. Each event has the guard's own form, or is a
 * CloudEvent, a CDEvent, or the body of DevLake's deployment webhook.
 */

export interface DeployEvent {
  /** From 1; in a JSON array, the position in the array. */
  line: number;
  time: Date;
  /** 7 to 40 hexadecimal digits, in lower case. */
  sha: string;
  environment: string;
  /** One of DevLake's four words, if its event has no environment name of its own. */
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
  /** Number of events of other repositories. */
  elsewhere: number;
  /** Number of events that are not deployments. */
  others: number;
  /** Number of deployments without a commit. */
  withoutCommit: number;
}

const STATUSES = ['success', 'failure', 'running'] as const;
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;
const SHA = /^[0-9a-f]{7,40}$/i;
/** How far a sender's clock may be ahead, in milliseconds. */
const CLOCK_TOLERANCE = 5 * 60_000;

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
 * @param name - the file or address, for error messages.
 * @param repository - `owner/name`; events of other repositories are only counted.
 * @param now - events after it are an error.
 * @throws {GuardError} naming the first line that is wrong.
 */
export async function readEvents(
  text: string,
  { name, repository, now }: { name: string; repository: string; now: Date },
): Promise<EventFile> {
  const file: EventFile = { events: [], elsewhere: 0, others: 0, withoutCommit: 0 };
  for (const { line, value } of await linesOf(text, name)) {
    const wrong = (why: string) => new GuardError(`${oneLine(name)}, line ${line}: ${why}.`);
    addEvent(value, { file, line, repository, now, wrong });
  }
  return file;
}

/** The events of a file. Its first character says which format it has. */
async function linesOf(text: string, name: string): Promise<{ line: number; value: unknown }[]> {
  const withoutMark = text.replace(/^\uFEFF/, '');
  const trimmed = withoutMark.trim();
  if (trimmed === '') return [];
  if (trimmed.startsWith('[')) {
    const values = jsonOf(trimmed, name, 1);
    return (Array.isArray(values) ? values : [values]).map((value, i) => ({ line: i + 1, value }));
  }
  if (trimmed.startsWith('{')) {
    // A single object over several lines, or an object per line.
    const object = trimmed.includes('\n') ? asJson(trimmed) : null;
    if (object !== null) return [{ line: 1, value: object }];
    return withoutMark
      .split(/\r?\n/)
      .map((row, i) => ({ row: row.trim(), line: i + 1 }))
      .filter(({ row }) => row !== '')
      .map(({ row, line }) => ({ line, value: jsonOf(row, name, line) }));
  }
  const { parse } = await import('csv-parse/sync');
  try {
    const rows = parse(withoutMark, {
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
      // An empty cell is a missing value.
      value: Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== '')),
    }));
  } catch (error) {
    const { lines = 1, message } = error as { lines?: number; message: string };
    throw new GuardError(`${oneLine(name)}, line ${lines}: this is not valid CSV (${oneLine(message)}).`);
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
      `${oneLine(name)}, line ${line}: this is not valid JSON. Accepted: one object per line, an array, or CSV.`,
    );
  return value;
}

interface EventScope {
  file: EventFile;
  line: number;
  repository: string;
  now: Date;
  wrong(why: string): GuardError;
}

function addEvent(value: unknown, scope: EventScope): void {
  if (typeof value !== 'object' || value === null)
    throw scope.wrong('this is not an event; accepted: an object');
  if ('specversion' in value && 'type' in value) addCloudEvent(value, scope);
  else if ('context' in value && 'subject' in value) addCdEvent(value, scope);
  else if ('deploymentCommits' in value) addDevLake(value, scope);
  else addPlain(value, scope);
}

/** An event in the guard's own form. */
function addPlain(value: object, scope: EventScope): void {
  const { file, wrong } = scope;
  const parsed = v.safeParse(plain, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const key = v.getDotPath(issue) ?? 'it';
    const accepted = key === 'status' ? STATUSES.join(', ') : 'time, sha, environment and status as strings';
    throw wrong(`"${key}" is ${issue.received}; accepted: ${accepted}`);
  }
  const { output } = parsed;
  const text = (field: string | number | null | undefined) => (field == null ? null : String(field));
  if (!isOurs(text(output.repository), scope)) return void file.elsewhere++;
  add(
    {
      time: output.time,
      sha: output.sha,
      environment: output.environment,
      status: output.status,
      service: text(output.service),
      id: text(output.id),
      actor: text(output.actor),
      url: text(output.url),
    },
    scope,
  );
}

/** CloudEvents 1.0 in structured mode: the event is in `data`. */
function addCloudEvent(value: object, scope: EventScope): void {
  const { data, time, id, source } = value as Record<string, unknown>;
  if (typeof data !== 'object' || data === null) return void scope.file.others++;
  if ('context' in data) addCdEvent(data, scope);
  else if ('sha' in data) addEvent({ time, id: `${String(source)} ${String(id)}`, ...data }, scope);
  else scope.file.others++;
}

/** A CDEvent has no field for the commit: it is in the custom data, or is the version of the artifact. */
function addCdEvent(value: object, scope: EventScope): void {
  const { file, wrong } = scope;
  const type = String((value as { context?: { type?: unknown } }).context?.type ?? '');
  if (!CD_DEPLOY.test(type)) return void file.others++;
  const parsed = v.safeParse(cdEvent, value);
  if (!parsed.success)
    throw wrong(
      `"${v.getDotPath(parsed.issues[0]) ?? 'it'}" is missing or not valid in this CDEvent; accepted: a CDEvent for a deployed service`,
    );
  const { context, subject, customData } = parsed.output;
  const custom = customOf(customData);
  if (!isOurs(typeof custom.repository === 'string' ? custom.repository : null, scope))
    return void file.elsewhere++;
  const [, version] = /@([0-9a-f]{7,40})(?:[?#]|$)/i.exec(subject.content.artifactId ?? '') ?? [];
  const sha = [custom.sha, custom.commitSha, version].find(
    (candidate) => typeof candidate === 'string' && SHA.test(candidate),
  );
  if (sha === undefined) return void file.withoutCommit++;
  add(
    {
      time: context.timestamp,
      sha: String(sha),
      environment: subject.content.environment?.id ?? '',
      status: 'success',
      service: subject.id ?? null,
      id: context.id,
    },
    scope,
  );
}

/** Custom data is an object, or base64 that may contain one as JSON. */
function customOf(data: unknown): Record<string, unknown> {
  const value = typeof data === 'string' ? asJson(Buffer.from(data, 'base64').toString()) : data;
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function addDevLake(value: object, scope: EventScope): void {
  const { file, wrong } = scope;
  const parsed = v.safeParse(devLake, value);
  if (!parsed.success)
    throw wrong(
      `"${v.getDotPath(parsed.issues[0]) ?? 'it'}" is missing or not valid; accepted: the body of DevLake's deployment webhook`,
    );
  const { id, deploymentCommits } = parsed.output;
  for (const commit of deploymentCommits) {
    if (!isOurs(commit.repoUrl ?? null, scope)) {
      file.elsewhere++;
      continue;
    }
    // As in DevLake, production is the default.
    const word = (commit.environment ?? parsed.output.environment) || 'PRODUCTION';
    const environmentName = parsed.output.originalEnvironment || null;
    const result = (commit.result ?? parsed.output.result ?? 'SUCCESS').toUpperCase();
    add(
      {
        time: commit.finishedDate,
        sha: commit.commitSha,
        environment: environmentName ?? word.toLowerCase(),
        word: environmentName === null ? word.toUpperCase() : null,
        status: result === 'SUCCESS' ? 'success' : 'failure',
        id: id == null ? null : `${id} ${commit.commitSha}`,
      },
      scope,
    );
  }
}

/** Events without a repository belong to this one. */
function isOurs(name: string | null, { repository }: EventScope): boolean {
  if (name === null) return true;
  const [, path = name] = /^(?:https?:\/\/[^/]+\/|git@[^:]+:)(.+?)(?:\.git)?\/?$/.exec(name) ?? [];
  return path.toLowerCase() === repository.toLowerCase();
}

/** Details that not every form of an event has. */
const DETAILS = { word: null, service: null, id: null, actor: null, url: null };

function add(
  event: Pick<DeployEvent, 'sha' | 'environment' | 'status'> &
    Partial<Pick<DeployEvent, keyof typeof DETAILS>> & { time: string },
  { file, line, now, wrong }: EventScope,
): void {
  const { time, sha, environment } = event;
  const at = INSTANT.test(time) ? new Date(time.replace(' ', 'T')) : new Date(Number.NaN);
  if (Number.isNaN(at.getTime()) || at.getTime() > now.getTime() + CLOCK_TOLERANCE)
    throw wrong(
      `"time" is "${oneLine(time, 60)}"; accepted: a time with a time zone, not in the future, such as 2026-01-31T12:00:00Z`,
    );
  if (!SHA.test(sha))
    throw wrong(`"sha" is "${oneLine(sha, 60)}"; accepted: 7 to 40 hexadecimal digits of a commit`);
  if (environment === '') throw wrong('"environment" is empty; accepted: a name, such as production');
  file.events.push({ ...DETAILS, ...event, line, time: at, sha: sha.toLowerCase() });
}

/** A deployment. Events with the same id report its progress; without an id, those with the same commit and time. */
export interface Deploy {
  first: DeployEvent;
  last: DeployEvent;
}

/** Deployments, newest start first. */
export function deploysOf(events: readonly DeployEvent[]): Deploy[] {
  const deploys = new Map<string, Deploy>();
  for (const event of events) {
    const key = event.id ?? `${event.sha} ${event.environment} ${event.time.toISOString()}`;
    const earlier = deploys.get(key)?.first;
    const first = earlier && earlier.time <= event.time ? earlier : event;
    deploys.set(key, { first, last: event });
  }
  return [...deploys.values()].sort((a, b) => b.first.time.getTime() - a.first.time.getTime());
}
