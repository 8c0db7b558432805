import { join, relative } from 'node:path';

/** What esbuild leaves out of the bundle, as no run of the guard needs it; and what it keeps in one file. */

/**
 * `@actions/core` pulls an HTTP client in for its OIDC helper, and a writer of summaries, of which the guard uses neither.
 * They would be set up at every start. Where a proxy stands in the way, those who need that client load it themselves.
 */
export const leaveOutOfCore = {
  name: 'leave-out-of-core',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/summary\.js$/ }, ({ path, importer }) =>
      importer.includes('/@actions/core/') ? { path, namespace: 'no-summary' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'no-summary' }, () => ({
      contents: 'export const summary = undefined; export const markdownSummary = undefined;',
    }));
    onResolve({ filter: /^@actions\/http-client/ }, ({ path, importer }) =>
      importer.includes('/@actions/core/') ? { path, namespace: 'no-oidc' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'no-oidc' }, () => ({
      contents: 'export class HttpClient {} export class BearerCredentialHandler {}',
    }));
  },
};

/**
 * Octokit brings a method for each of GitHub's thousand endpoints, a log of requests, pages of lists, and GraphQL. The guard
 * names its few endpoints by their paths and turns the pages itself, so these, an eighth of the bundle, are left out.
 */
export const leaveOutOctokitPlugins = {
  name: 'leave-out-octokit-plugins',
  setup({ onResolve, onLoad }) {
    const filter = /^@octokit\/(?:plugin-(?:rest-endpoint-methods|paginate-rest|request-log)|graphql)$/;
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'left-out' }));
    const none = ['restEndpointMethods', 'legacyRestEndpointMethods', 'paginateRest', 'requestLog'];
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents: `${none.map((each) => `export const ${each} = () => ({});`).join(' ')} export const withCustomRequest = () => ({ defaults: () => undefined });`,
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

/** What is there by the time that a file of `src/` is imported later. */
const CORE = 'src/run/perform.ts';
const AFTER_VERDICT = 'src/run/after-verdict.ts';
/** The verdict of several services, and what the weekly issue knows of the alert. */
const BEFORE_VERDICT = new Set(['src/report/services.ts', 'src/publish/issues-found.ts']);
const isAfterVerdict = (path) =>
  /^src\/(?:organization|publish|report|run|setup)\//.test(path) && !BEFORE_VERDICT.has(path);

/**
 * esbuild makes a file for each set of doors that share something: forty for a run, of which Node.js takes a third of a
 * millisecond each. What is imported later is made to import what is there by then, so that all that they share with it
 * is in one file.
 */
export const fewFiles = {
  name: 'few-files',
  setup({ initialOptions, onResolve, onLoad, resolve }) {
    const root = initialOptions.absWorkingDir ?? process.cwd();
    onResolve({ filter: /^\.{1,2}\// }, async ({ path, kind, importer, resolveDir }) => {
      if (kind !== 'dynamic-import' || !relative(root, importer).startsWith('src')) return undefined;
      const target = await resolve(path, { kind: 'import-statement', importer, resolveDir });
      // No path of this machine, as names of files are made of it.
      return { path: relative(root, target.path).replaceAll('\\', '/'), namespace: 'imported-later' };
    });
    onLoad({ filter: /.*/, namespace: 'imported-later' }, ({ path }) => {
      const there = isAfterVerdict(path) ? [CORE, AFTER_VERDICT] : [CORE];
      const from = (each) => JSON.stringify(join(root, each));
      return {
        contents: `${there.map((each) => `import ${from(each)};`).join('')} export * from ${from(path)};`,
        resolveDir: root,
      };
    });
  },
};

export const PLUGINS = [
  fewFiles,
  leaveOutOfCore,
  leaveOutOctokitPlugins,
  leaveOutBigints,
  leaveOutStyleSheets,
];
