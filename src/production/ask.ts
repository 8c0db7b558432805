import type { IncomingMessage } from 'node:http';
import { addAbortSignal } from 'node:stream';
import { mayBeAsked } from '../config/option-types.ts';
import type { Answer } from './production-answer.ts';
import type { Reason } from './watch.ts';

/**
 * Asks production. It sends no token and no cookie, stays on the host, and reads little. Every request has its own
 * connection, because a load balancer keeps a connection on one instance.
 */

export class NoAnswer extends Error {
  constructor(
    readonly reason: Reason,
    readonly detail?: string,
  ) {
    super(reason);
  }
}

/** @throws {NoAnswer} */
export type Ask = (url: URL) => Promise<Answer>;

const HEADERS = {
  accept: '*/*',
  'accept-encoding': 'identity',
  'cache-control': 'no-cache',
  connection: 'close',
  pragma: 'no-cache',
  'user-agent': 'deploy-latency-guard',
};
const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];
/** Largest answer, in bytes. */
const LARGEST = 64 * 1024;
/** Time for an answer with its redirects, in milliseconds. */
const PATIENCE = 10_000;

/** @param proxied - whether a proxy is set. Then NO_PROXY decides for each host. */
export function asker(proxied: boolean, patience = PATIENCE): Ask {
  return async (url) => {
    const signal = AbortSignal.timeout(patience);
    try {
      return await follow(url, proxied ? throughProxy : directly, signal);
    } catch (error) {
      if (error instanceof NoAnswer) throw error;
      if (signal.aborted) throw new NoAnswer('silence');
      const { code } = error as { code?: unknown };
      throw typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)
        ? new NoAnswer('connection', code)
        : new NoAnswer('connection');
    }
  };
}

type Open = (url: URL, signal: AbortSignal) => Promise<IncomingMessage>;

async function follow(from: URL, open: Open, signal: AbortSignal): Promise<Answer> {
  let url = from;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const message = addAbortSignal(signal, await Promise.race([open(url, signal), aborted(signal)]));
    const { statusCode: status = 0, headers } = message;
    if (!REDIRECTS.includes(status)) return answerIn(message);
    message.destroy();
    const next = headers.location ?? '';
    if (!URL.canParse(next, url.href)) break;
    url = new URL(next, url);
    if (url.host !== from.host || !mayBeAsked(url)) break;
  }
  throw new NoAnswer('redirect');
}

async function answerIn(message: IncomingMessage): Promise<Answer> {
  const { statusCode: status = 0 } = message;
  const encoding = message.headers['content-encoding'] ?? 'identity';
  const isRead = status >= 200 && status < 300;
  if (isRead && encoding !== 'identity') throw new NoAnswer('encoding');
  const parts: Buffer[] = [];
  let size = 0;
  // Leaving the loop closes the connection.
  if (isRead)
    for await (const part of message) {
      parts.push(part as Buffer);
      size += (part as Buffer).length;
      if (size > LARGEST) throw new NoAnswer('size');
    }
  else message.destroy();
  return {
    status,
    headers: new Map(
      Object.entries(message.headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]),
    ),
    text: Buffer.concat(parts).toString('utf8'),
  };
}

const directly: Open = async (url, signal) => {
  const { get } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  return new Promise((resolve, reject) => {
    get(url, { headers: HEADERS, agent: false, signal }, resolve).on('error', reject);
  });
};

/** Node's own client does not use a proxy. */
const throughProxy: Open = async (url) => {
  const { HttpClient } = await import('@actions/http-client');
  const client = new HttpClient('deploy-latency-guard', [], {
    allowRedirects: false,
    socketTimeout: PATIENCE,
  });
  return (await client.get(url.href, HEADERS)).message;
};

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
