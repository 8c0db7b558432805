import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GuardError, oneLine } from '../../model/guard-error.ts';

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
export async function textAt({ file, url }: Place): Promise<string> {
  try {
    return file !== '' ? await fileText(file) : await urlText(url);
  } catch (error) {
    if (error instanceof GuardError) throw error;
    throw new GuardError(
      file !== ''
        ? `Input "events-file" is "${oneLine(file)}"; it cannot be read (${oneLine((error as Error).message)}). Make it before this step, or check it out.`
        : `Input "events-url" is "${oneLine(url)}"; it cannot be read (${oneLine((error as Error).message)}). See that the runner may reach it.`,
    );
  }
}

async function fileText(file: string): Promise<string> {
  const text = await readFile(join(process.env.GITHUB_WORKSPACE || process.cwd(), file), 'utf8');
  if (text.length > LARGEST) throw new Error(`it is larger than ${LARGEST} bytes`);
  return text;
}

/** No token is sent, and a redirect is followed nowhere: only the host that was named is asked. */
async function urlText(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(`it answers ${response.status}`);
  const text = await response.text();
  if (text.length > LARGEST) throw new Error(`it is larger than ${LARGEST} bytes`);
  return text;
}
