import { execFileSync, spawn } from 'node:child_process';
import { GuardError, oneLine } from '../../model/guard-error.ts';
import { type Origin, originIn } from './address.ts';

/** Other programs: git for the repository of a clone, gh for a token, the desktop for a browser. */

/** Standard output of a program. `null`: the program is missing or failed. */
function outputOf(command: string, args: readonly string[], folder?: string): string | null {
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

/** @throws {GuardError} if the folder is not a clone, or its `origin` is not a GitHub repository. */
export function originOf(folder: string): Origin {
  const address = outputOf('git', ['remote', 'get-url', 'origin'], folder);
  if (address === null)
    throw new GuardError(
      `"${oneLine(folder)}" is not a clone with a remote "origin". Give the repository as OWNER/NAME, or run the command in its clone.`,
    );
  const origin = originIn(address);
  if (origin === null)
    throw new GuardError(
      `The remote "origin" is "${oneLine(address.replace(/\/\/[^@/]*@/, '//'))}", which is not a GitHub repository. Give the repository as OWNER/NAME.`,
    );
  return origin;
}

/** The token of GitHub's command line. Empty if there is none. */
export const tokenOfGh = (host: string): string =>
  outputOf('gh', ['auth', 'token', '--hostname', host]) ?? '';

/** Opens a file with the desktop's default program, without a shell. */
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
