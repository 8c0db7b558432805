import { GuardError, oneLine } from '../../model/guard-error.ts';

/** Repositories and owners as people write them, and the GitHub that has them. */

export interface Origin {
  /** `owner/name`. */
  repository: string;
  /** `github.com`, or another GitHub. */
  host: string;
}

/** A repository's path, also that of one of its pages, so that an address from the browser works. */
const PATH =
  /^\/?([\w.-]+\/[\w.-]+?)(?:\.git)?\/?(?:\/(?:actions|blob|branches|commits?|compare|deployments|discussions|graphs|issues|network|packages|projects|pulls?|pulse|releases|security|settings|tags|tree|wiki)\b.*|[?#].*)?$/;

/**
 * `git@github.com:acme/shop.git`, `https://github.com/acme/shop`, `github.com/acme/shop`, `ssh://git@host:22/acme/shop.git`.
 * `null`: anything else.
 */
export function originIn(address: string): Origin | null {
  const [, host, path] =
    /^https?:\/\/(?:[^@/]*@)?([\w.-]+(?::\d+)?)\/(.+)$/i.exec(address) ??
    /^(?:ssh|git):\/\/(?:[^@/]*@)?([\w.-]+)(?::\d+)?\/(.+)$/.exec(address) ??
    /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(address) ??
    /^([\w-]+(?:\.[\w-]+)+)\/(.+\/.+)$/.exec(address) ??
    [];
  const [, repository] = PATH.exec(path ?? '') ?? [];
  return host === undefined || repository === undefined ? null : { repository, host: hostOf(host) };
}

/** GitHub itself has several names, and SSH has aliases, such as `github.com-work`. */
const hostOf = (host: string): string =>
  host.toLowerCase().replace(/^(?:(?:www|ssh)\.)?(github\.com)(?:-.*)?$/, '$1');

/**
 * An organization or a user: `octo-org`, `@octo-org`, `https://github.com/octo-org`. `host` is null without an address.
 *
 * @throws {GuardError} for anything else.
 */
export function ownerIn(text: string): { owner: string; host: string | null } {
  const [, host = null, organization, owner = organization] =
    /^(?:@|(?:https?:\/\/)?([\w-]+(?:\.[\w-]+)+)\/)?(?:orgs\/([\w-]+)(?:\/.*)?|([\w-]+)\/?)$/.exec(text) ??
    [];
  if (owner === undefined)
    throw new GuardError(
      `"${oneLine(text)}" is not an owner; accepted: an organization or a user, such as octo-org.`,
    );
  return { owner, host: host && hostOf(host) };
}

/** An API, the host whose token it takes, and the variables that may have the token. */
export interface Server {
  apiUrl: string;
  host: string;
  tokens: readonly string[];
}

/**
 * The API of a host. `GITHUB_API_URL` decides first.
 *
 * @param host - the host of an address; `null` without one.
 * @throws {GuardError} if `GITHUB_API_URL` is the API of another host, which would have another repository of that name.
 */
export function serverOf(host: string | null, apiUrl: string): Server {
  if (apiUrl !== '') {
    if (!URL.canParse(apiUrl))
      throw new GuardError(
        `GITHUB_API_URL is "${oneLine(apiUrl)}"; accepted: an address such as https://HOST/api/v3.`,
      );
    const api = new URL(apiUrl).host.replace(/^api\./, '');
    if (host !== null && !isServedBy(api, host))
      throw new GuardError(
        `The address is on ${host}, and GITHUB_API_URL is the API of ${api}. Unset GITHUB_API_URL, or give the name without an address.`,
      );
    return { apiUrl, host: api, tokens: ['GITHUB_TOKEN', 'GH_TOKEN'] };
  }
  if (host === null || host === 'github.com')
    return { apiUrl: 'https://api.github.com', host: 'github.com', tokens: ['GITHUB_TOKEN', 'GH_TOKEN'] };
  if (host.endsWith('.ghe.com'))
    return { apiUrl: `https://api.${host}`, host, tokens: ['GITHUB_TOKEN', 'GH_TOKEN'] };
  // A token of github.com must not reach another server.
  return {
    apiUrl: `https://${host}/api/v3`,
    host,
    tokens: ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'],
  };
}

/** True if an API may be that of a host. SSH has aliases, such as `github.com-work`, and an API on this machine stands for github.com. */
const isServedBy = (api: string, host: string): boolean =>
  host === api ||
  host.startsWith(`${api}-`) ||
  !host.includes('.') ||
  (host === 'github.com' && /^(?:localhost|127\.[\d.]+|\[::1\])(?::\d+)?$/.test(api));
