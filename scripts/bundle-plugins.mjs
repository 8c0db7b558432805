import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** esbuild plugins that drop unused parts of packages, and that reduce the number of chunks. */

/**
 * `@actions/core` loads an HTTP client for OIDC and a summary writer at every start. The guard uses neither. Code that needs the
 * client for a proxy imports it directly.
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
 * Octokit has a method for each of GitHub's endpoints, a request log, pagination and GraphQL: an eighth of the bundle. The
 * guard uses the paths of a few endpoints and its own pagination instead.
 */
export const leaveOutOctokitPlugins = {
  name: 'leave-out-octokit-plugins',
  setup({ onResolve, onLoad }) {
    const filter = /^@octokit\/(?:plugin-(?:rest-endpoint-methods|paginate-rest|request-log)|graphql)$/;
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'left-out' }));
    const plugins = ['restEndpointMethods', 'legacyRestEndpointMethods', 'paginateRest', 'requestLog'];
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents: `${plugins.map((name) => `export const ${name} = () => ({});`).join(' ')} export const withCustomRequest = () => ({ defaults: () => undefined });`,
    }));
  },
};

/** Octokit parses errors and writes requests with a package for numbers over 2^53. The guard has no such numbers. */
export const leaveOutBigints = {
  name: 'leave-out-bigints',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^json-with-bigint$/ }, ({ path }) => ({ path, namespace: 'no-bigints' }));
    onLoad({ filter: /.*/, namespace: 'no-bigints' }, () => ({
      contents: 'export const JSONParse = JSON.parse; export const JSONStringify = JSON.stringify;',
    }));
  },
};

/**
 * Half of js-yaml writes YAML. esbuild keeps its constants, because the calls that make them might have side effects. None
 * has any.
 */
export const leaveOutYamlWriter = {
  name: 'leave-out-yaml-writer',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]js-yaml[\\/]dist[\\/]js-yaml\.mjs$/ }, ({ path }) => {
      const [reader = '', writer] = readFileSync(path, 'utf8').split(/^var INVALID = .*$/m);
      if (writer === undefined) throw new Error('js-yaml is built differently now.');
      const constants = /^(var \w+ = )((?:new )?[\w.]+\((?:.*|[\s\S]*?^[\]}])\));$/gm;
      return {
        contents: `${reader.replace(constants, '$1/* @__PURE__ */ (() => $2)();')}
export { EVENT_ID, getScalarValue, load, parseEvents, YAMLException };`,
      };
    });
  },
};

/** undici has a mock of itself for tests. */
export const leaveOutMocks = {
  name: 'leave-out-mocks',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/lib\/mock\// }, ({ path, importer }) =>
      /[\\/]undici[\\/]index\.js$/.test(importer) ? { path, namespace: 'no-mocks' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'no-mocks' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Only `--help` prints the descriptions of options, so every other module gets the options without them: 5 kB of each run. */
export const leaveOutDescriptions = {
  name: 'leave-out-descriptions',
  setup({ onResolve, onLoad }) {
    const options = /[\\/]src[\\/]config[\\/]options\.ts$/;
    onResolve({ filter: /[\\/]config[\\/]options\.ts$/ }, ({ path, importer, resolveDir }) =>
      /[\\/]command[\\/]flags\.ts$/.test(importer)
        ? { path: join(resolveDir, path), namespace: 'described' }
        : undefined,
    );
    onLoad({ filter: options, namespace: 'described' }, ({ path }) => ({
      contents: readFileSync(path, 'utf8'),
      loader: 'ts',
      resolveDir: dirname(path),
    }));
    onLoad({ filter: options, namespace: 'file' }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        /\bdescription:\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"),/g,
        '',
      ),
      loader: 'ts',
    }));
  },
};

/** Modules that are loaded before the dynamic imports. */
const CORE = 'src/run/perform.ts';
const AFTER_VERDICT = 'src/run/after-verdict.ts';
/** Modules for the verdict of several services, for the alert in the weekly issue, and for rare cases of a measurement. */
const BEFORE_VERDICT = new Set([
  'src/report/services.ts',
  'src/publish/guard-issues.ts',
  'src/run/deploy-workflows.ts',
  'src/run/mixed-services.ts',
  'src/run/moved-record.ts',
  'src/run/overdue-waits.ts',
  'src/run/production-look.ts',
  'src/run/push-paths.ts',
  'src/run/reporting/rare-remarks.ts',
]);
const isAfterVerdict = (path) =>
  /^src\/(?:organization|publish|report|run|setup)\//.test(path) && !BEFORE_VERDICT.has(path);

/**
 * esbuild makes a chunk for each set of entry points that share code: forty in a run, each a third of a millisecond to load.
 * A dynamically imported module therefore imports the modules that are already loaded, so that shared code is in one chunk.
 */
export const fewFiles = {
  name: 'few-files',
  setup({ initialOptions, onResolve, onLoad, resolve }) {
    const root = initialOptions.absWorkingDir ?? process.cwd();
    onResolve({ filter: /^\.{1,2}\// }, async ({ path, kind, importer, resolveDir }) => {
      if (kind !== 'dynamic-import' || !relative(root, importer).startsWith('src')) return undefined;
      const target = await resolve(path, { kind: 'import-statement', importer, resolveDir });
      // A relative path, because the names of chunks are made from it.
      return { path: relative(root, target.path).replaceAll('\\', '/'), namespace: 'imported-later' };
    });
    onLoad({ filter: /.*/, namespace: 'imported-later' }, ({ path }) => {
      const loaded = isAfterVerdict(path) ? [CORE, AFTER_VERDICT] : [CORE];
      const from = (file) => JSON.stringify(join(root, file));
      return {
        contents: `${loaded.map((file) => `import ${from(file)};`).join('')} export * from ${from(path)};`,
        resolveDir: root,
      };
    });
  },
};

export const PLUGINS = [
  leaveOutDescriptions,
  fewFiles,
  leaveOutOfCore,
  leaveOutOctokitPlugins,
  leaveOutBigints,
  leaveOutYamlWriter,
  leaveOutMocks,
];
