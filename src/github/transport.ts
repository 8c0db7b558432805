import type { IncomingMessage } from 'node:http';

/**
 * Sends one request with Node's own HTTP client. `fetch` wraps every body in web streams, which took a third of a run's
 * processor time. Behind a proxy the guard uses the `fetch` of `@actions/github` instead.
 */

export interface Sent {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

export interface Received {
  status: number;
  /** The address that answered, after redirects. */
  url: string;
  /** Names are in lower case. */
  headers: ReadonlyMap<string, string>;
  text: string;
}

export type Transport = (url: string, sent: Sent) => Promise<Received>;

/** The same limit as `fetch`. */
const MOST_REDIRECTS = 20;
const REDIRECTS = [301, 302, 303, 307, 308];

export const direct: Transport = async (url, sent) => {
  let from = new URL(url);
  let next: Sent = { ...sent, headers: { ...sent.headers, 'accept-encoding': 'gzip' } };
  for (let redirects = 0; ; redirects++) {
    const received = await exchange(from, next);
    const location = received.headers.get('location');
    if (!REDIRECTS.includes(received.status) || location === undefined) return received;
    if (redirects === MOST_REDIRECTS) throw new Error(`more than ${MOST_REDIRECTS} redirects`);
    const to = new URL(location, from);
    next = redirected(next, received.status, to.origin === from.origin);
    from = to;
  }
};

/** The request that follows a redirect, as `fetch` makes it. The token is not sent to another host. */
function redirected(sent: Sent, status: number, isSameOrigin: boolean): Sent {
  const isRepeated = status >= 307 || sent.method === 'GET';
  const dropped = [...(isSameOrigin ? [] : ['authorization']), ...(isRepeated ? [] : ['content-type'])];
  const headers = Object.fromEntries(
    Object.entries(sent.headers).filter(([name]) => !dropped.includes(name.toLowerCase())),
  );
  if (isRepeated) return { ...sent, headers };
  const { body: _, ...bodiless } = sent;
  return { ...bodiless, method: 'GET', headers };
}

async function exchange(url: URL, { method, headers, body, signal }: Sent): Promise<Received> {
  signal.throwIfAborted();
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Error(`the address is neither https nor http: ${url.protocol}`);
  const { request } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  const { message, bytes } = await new Promise<{ message: IncomingMessage; bytes: Buffer }>(
    (resolve, reject) => {
      const sending = request(url, { method, headers, signal }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => resolve({ message: answer, bytes: Buffer.concat(parts) }));
      });
      sending.on('error', reject);
      sending.end(body);
    },
  ).catch((error: unknown) => {
    // The signal's reason is more specific than Node's abort error.
    signal.throwIfAborted();
    throw error;
  });
  return {
    status: message.statusCode ?? 0,
    url: url.href,
    headers: new Map(
      Object.entries(message.headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]),
    ),
    text: (await unpacked(bytes, message.headers['content-encoding'])).toString('utf8'),
  };
}

async function unpacked(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity' || bytes.length === 0) return bytes;
  if (!/^(?:x-)?gzip$/i.test(encoding)) throw new Error(`the answer has an unexpected encoding: ${encoding}`);
  const { gunzip } = await import('node:zlib');
  return new Promise((resolve, reject) => {
    gunzip(bytes, (error, text) => (error ? reject(error) : resolve(text)));
  });
}
