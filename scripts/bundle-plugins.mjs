/** What esbuild leaves out of the bundle, as no run of the guard needs it. */

/**
 * `@actions/core` pulls an HTTP client in for its OIDC helper, which the guard does not use. It would be set up at every
 * start. Where a proxy stands in the way, those who need that client load it themselves.
 */
export const leaveOutOidc = {
  name: 'leave-out-oidc',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@actions\/http-client/ }, ({ path, importer }) =>
      importer.includes('/@actions/core/') ? { path, namespace: 'no-oidc' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'no-oidc' }, () => ({
      contents: 'export class HttpClient {} export class BearerCredentialHandler {}',
    }));
  },
};

/**
 * Octokit brings a method for each of GitHub's thousand endpoints. The guard names its few by their paths, so the
 * table of all of them, an eighth of the bundle, is left out.
 */
export const leaveOutEndpointMethods = {
  name: 'leave-out-endpoint-methods',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@octokit\/plugin-rest-endpoint-methods$/ }, ({ path }) => ({
      path,
      namespace: 'left-out',
    }));
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents:
        'export const restEndpointMethods = () => ({}); export const legacyRestEndpointMethods = restEndpointMethods;',
    }));
  },
};

/**
 * Octokit parses errors, and writes requests, with a package that keeps numbers of more than 2^53 as bigints. The guard
 * parses every other answer itself and has no such number.
 */
export const leaveOutBigints = {
  name: 'leave-out-bigints',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^json-with-bigint$/ }, ({ path }) => ({ path, namespace: 'no-bigints' }));
    onLoad({ filter: /.*/, namespace: 'no-bigints' }, () => ({
      contents: 'export const JSONParse = JSON.parse; export const JSONStringify = JSON.stringify;',
    }));
  },
};

/** linkedom can read style sheets; the charts are drawn without any, and the reader is a quarter of the page's code. */
export const leaveOutStyleSheets = {
  name: 'leave-out-style-sheets',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cssomnom\/parse$/ }, ({ path }) => ({ path, namespace: 'no-style-sheets' }));
    onLoad({ filter: /.*/, namespace: 'no-style-sheets' }, () => ({
      contents: 'export const parse = () => ({ cssRules: [] });',
    }));
  },
};

export const PLUGINS = [leaveOutOidc, leaveOutEndpointMethods, leaveOutBigints, leaveOutStyleSheets];
