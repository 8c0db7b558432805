import { execFileSync, spawn } from 'node:child_process';
import { GuardError, oneLine } from '../../model/guard-error.ts';

/** Other programs that the command line asks: git for where a clone comes from, gh for a token, the desktop for a browser. */

/** What a program prints; `null`: it is not there, or says no. */
function printedBy(command: string, args: readonly string[], folder?: string): string | null {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
      ...(folder === undefined ? {} : { cwd: folder }),
    }).trim();
  } catch {
    return null;
  }
}

export interface Origin {
  /** `owner/name`. */
  repository: string;
  /** `github.com`, or a GitHub Enterprise Server. */
  host: string;
}

/**
 * Where the clone in a folder comes from, by its `origin`.
 *
 * @throws {GuardError} where there is no clone, no `origin`, or its address names no repository.
 */
export function originOf(folder: string): Origin {
  const address = printedBy('git', ['remote', 'get-url', 'origin'], folder);
  if (address === null)
    throw new GuardError(
      `"${oneLine(folder)}" is no clone with an "origin". Give the repository as OWNER/NAME, or run it in a clone of it.`,
    );
  const origin = originIn(address);
  if (origin === null)
    throw new GuardError(
      `The clone's origin is "${oneLine(address.replace(/\/\/[^@/]*@/, '//'))}", which names no repository of GitHub's. Give it as OWNER/NAME.`,
    );
  return origin;
}

/** `git@github.com:acme/shop.git`, `https://github.com/acme/shop`, `ssh://git@host:22/acme/shop.git`; `null`: none of them. */
export function originIn(address: string): Origin | null {
  const [, host, path] =
    /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([\w.-]+)(?::\d+)?\/(.+)$/.exec(address) ??
    /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(address) ??
    [];
  const [, repository] = /^\/?([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(path ?? '') ?? [];
  return host === undefined || repository === undefined ? null : { repository, host: host.toLowerCase() };
}

/** The token that GitHub's own command line keeps; empty where there is none. */
export const tokenOfGh = (host: string): string =>
  printedBy('gh', ['auth', 'token', '--hostname', host]) ?? '';

/** Hands a file to the desktop's own opener, past any shell. */
export function openInBrowser(file: string, onMissing: (command: string) => void): void {
  const openers: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
    darwin: ['open'],
    win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  };
  const [command, ...args] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, file], { detached: true, stdio: 'ignore' });
  child.on('error', () => onMissing(command));
  child.unref();
}
