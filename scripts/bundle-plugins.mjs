/** What esbuild leaves out of the bundle, as no run of the guard needs it. */

/**
 * `@actions/core` pulls an HTTP client in for its OIDC helper, which the guard does not use. Without side effects
 * declared it would be kept, and set up at every start.
 */
export const leaveOutOidc = {
  name: 'leave-out-oidc',
  setup({ onResolve, resolve }) {
    onResolve(
      { filter: /^@actions\/http-client/ },
      async ({ path, importer, kind, resolveDir, pluginData }) => {
        if (pluginData === leaveOutOidc || !importer.includes('/@actions/core/')) return undefined;
        const { path: found } = await resolve(path, { importer, kind, resolveDir, pluginData: leaveOutOidc });
        return { path: found, sideEffects: false };
      },
    );
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

export const PLUGINS = [leaveOutOidc, leaveOutEndpointMethods, leaveOutStyleSheets];
