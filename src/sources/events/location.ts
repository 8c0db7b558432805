import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { GuardError, oneLine } from '../../model/guard-error.ts';
import type { Outside } from '../source.ts';

/** The location of a file of events, and its text. */

export interface EventsLocation {
  /** Path in the workspace. Empty if the file is at `url`. */
  file: string;
  url: string;
}

/** More than a file of events has, in bytes; and longer than it takes to come, in milliseconds. */
const LARGEST = 32 * 1024 * 1024;
const PATIENCE = 30_000;

/** @throws {GuardError} where it cannot be read: why, and what to do. */
export async function textAt({ file, url }: EventsLocation, outside: Outside): Promise<string> {
  try {
    return file === ''
      ? await at(url, outside)
      : await bounded(createReadStream(join(outside.workspace, file)));
  } catch (error) {
    throw new GuardError(
      file !== ''
        ? `Input "events-file" is "${oneLine(file)}"; it cannot be read (${oneLine((error as Error).message)}). Make it before this step, or check it out.`
        : `Input "events-url" is "${oneLine(url)}"; it cannot be read (${oneLine(reasonOf(error as Error))}). See that the runner may reach it.`,
    );
  }
}

/** Node's `fetch` says only that it failed; what lies below says why. */
const reasonOf = ({ message, cause }: Error): string => (cause instanceof Error ? cause.message : message);

/** No token is sent, and a redirect is followed nowhere: only the host that was named is asked. */
async function at(url: string, { proxied }: Outside): Promise<string> {
  if (proxied) return throughProxy(url);
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) });
  if (response.status !== 200) throw new Error(answers(response.status));
  return bounded(response.body ?? []);
}

/** Node's own `fetch` knows no proxy; the client of `@actions/github` does, and NO_PROXY with it, for each host. */
async function throughProxy(url: string): Promise<string> {
  const { HttpClient } = await import('@actions/http-client');
  const client = new HttpClient('deploy-latency-guard', [], {
    allowRedirects: false,
    socketTimeout: PATIENCE,
  });
  const response = await client.get(url);
  if (response.message.statusCode !== 200) throw new Error(answers(response.message.statusCode ?? 0));
  return bounded(response.message);
}

/** Ends as soon as it is too large, or takes too long. */
async function bounded(parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const end = Date.now() + PATIENCE;
  const read: Uint8Array[] = [];
  let size = 0;
  for await (const part of parts) {
    size += part.length;
    if (size > LARGEST) throw new Error(`it is larger than ${LARGEST} bytes`);
    if (Date.now() > end) throw new Error(`it takes longer than ${PATIENCE / 1000} seconds`);
    read.push(part);
  }
  return Buffer.concat(read).toString('utf8');
}

const answers = (status: number): string =>
  status >= 300 && status < 400
    ? `it answers ${status}: a redirect, which is not followed`
    : `it answers ${status}`;
