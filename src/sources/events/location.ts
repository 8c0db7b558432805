import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { GuardError, oneLine, withoutQuery } from '../../model/guard-error.ts';
import type { RunnerMachine } from '../source.ts';

export interface EventsLocation {
  /** Path in the workspace. Empty if the file is at `url`. */
  file: string;
  url: string;
}

/** The name of the file in messages. */
export const nameOfLocation = ({ file, url }: EventsLocation): string => file || withoutQuery(url);

const MEBIBYTE = 1024 * 1024;
/** Largest file that is read, in bytes. */
const LARGEST = 32 * MEBIBYTE;
/** In milliseconds. */
const TIMEOUT = 30_000;

/**
 * The text of an events file.
 *
 * @param patience - time for a download, in milliseconds.
 * @throws {GuardError} if it cannot be read.
 */
export async function textAt(
  { file, url }: EventsLocation,
  outside: RunnerMachine,
  patience = TIMEOUT,
): Promise<string> {
  try {
    return file === ''
      ? await download(url, outside, patience)
      : await bounded(createReadStream(await regularFile(outside.workspace, file)));
  } catch (error) {
    throw new GuardError(
      file !== ''
        ? `Input "events-file" is "${oneLine(file)}"; it cannot be read (${oneLine((error as Error).message)}). Create it in an earlier step, or check out the repository that has it.`
        : `Input "events-url" is "${oneLine(withoutQuery(url))}"; it cannot be read (${oneLine(reasonOf(error as Error))}). Check that the runner can reach this address.`,
    );
  }
}

/**
 * The path of a file without its links. Reading a pipe or a device could wait forever.
 *
 * @throws if it is not a regular file in the workspace.
 */
async function regularFile(workspace: string, file: string): Promise<string> {
  const path = await realpath(join(workspace, file));
  if (relative(await realpath(workspace), path).split(/[/\\]/)[0] === '..')
    throw new Error('a symbolic link leads out of the workspace');
  if (!(await stat(path)).isFile()) throw new Error('it is not a regular file');
  return path;
}

/** Node's `fetch` only says that it failed. Its cause says why. */
const reasonOf = ({ message, cause }: Error): string => (cause instanceof Error ? cause.message : message);

/** Sends no token and follows no redirect, so that no other host is contacted. */
async function download(url: string, { proxied }: RunnerMachine, patience: number): Promise<string> {
  const signal = AbortSignal.timeout(patience);
  try {
    if (proxied) return await throughProxy(url, signal);
    const response = await fetch(url, { redirect: 'manual', signal });
    if (response.status !== 200) throw new Error(refusal(response.status));
    return await bounded(response.body ?? []);
  } catch (error) {
    if (signal.aborted) throw new Error(`reading it takes longer than ${patience / 1000} seconds`);
    throw error;
  }
}

/** Node's `fetch` does not use a proxy. This client does, and respects NO_PROXY. Its own time-out starts again with every byte. */
async function throughProxy(url: string, signal: AbortSignal): Promise<string> {
  const { HttpClient } = await import('@actions/http-client');
  const client = new HttpClient('deploy-latency-guard', [], {
    allowRedirects: false,
    socketTimeout: TIMEOUT,
  });
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const { message } = await Promise.race([client.get(url), late]);
  addAbortSignal(signal, message);
  if (message.statusCode !== 200) throw new Error(refusal(message.statusCode ?? 0));
  return bounded(message);
}

/** Stops as soon as the text is too large. */
async function bounded(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > LARGEST) throw new Error(`it is larger than ${LARGEST / MEBIBYTE} MiB`);
    read.push(chunk);
  }
  const bytes = Buffer.concat(read);
  const mark = bytes.toString('hex', 0, 2);
  return new TextDecoder(ENCODINGS[mark] ?? 'utf-8').decode(bytes);
}

/** Encodings by the mark at the beginning of a file. PowerShell writes UTF-16 by default. */
const ENCODINGS: Record<string, string> = { fffe: 'utf-16le', feff: 'utf-16be' };

const refusal = (status: number): string =>
  `the server returned ${status}${status >= 300 && status < 400 ? '; redirects are not followed' : ''}`;
