import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GuardError, oneLine } from '../../model/guard-error.ts';
import type { Outside } from '../source.ts';

/** Where a file of events is, and its text. */

export interface Place {
  /** Below the workspace; empty: it is at `url`. */
  file: string;
  url: string;
}

/** More than a file of events has, in bytes; and longer than it takes to come, in milliseconds. */
const LARGEST = 32 * 1024 * 1024;
const PATIENCE = 30_000;

/** @throws {GuardError} where it cannot be read: why, and what to do. */
export async function textAt({ file, url }: Place, outside: Outside): Promise<string> {
  try {
    const text = file !== '' ? await readFile(join(outside.workspace, file), 'utf8') : await at(url, outside);
    if (text.length > LARGEST) throw new Error(`it is larger than ${LARGEST} bytes`);
    return text;
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
  return response.text();
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
  return response.readBody();
}

const answers = (status: number): string =>
  status >= 300 && status < 400
    ? `it answers ${status}: a redirect, which is not followed`
    : `it answers ${status}`;
