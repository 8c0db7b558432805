import { statSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';

/** What the action has to set up before its first log line, and how large it is: counts, not times. */

describe('the bundle', () => {
  test('is no larger than 700 kB', () => {
    expect(statSync('dist/index.js').size).toBeLessThanOrEqual(700_000);
  });

  test('says its first line before Octokit, undici or a chart is set up', async () => {
    const { metafile } = await build({
      entryPoints: ['src/entries/action.ts'],
      outdir: 'dist',
      bundle: true,
      splitting: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      mainFields: ['module', 'main'],
      plugins: [
        // As the bundle does: the HTTP client of `@actions/core`, for OIDC alone, is left out.
        {
          name: 'no-oidc',
          setup: ({ onResolve }) =>
            onResolve({ filter: /^@actions\/http-client/ }, ({ importer, path }) =>
              importer.includes('/@actions/core/') ? { path, external: true, sideEffects: false } : undefined,
            ),
        },
      ],
    });
    const eager = new Set<string>();
    const open = Object.entries(metafile.outputs)
      .filter(([, each]) => each.entryPoint === 'src/entries/action.ts')
      .map(([file]) => file);
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      for (const input of Object.keys(metafile.outputs[file]?.inputs ?? {})) eager.add(input);
      for (const { path, kind } of metafile.outputs[file]?.imports ?? [])
        if (kind === 'import-statement' && metafile.outputs[path]) open.push(path);
    }
    const packages = [...eager]
      .map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1])
      .filter((name) => name !== undefined);
    expect(
      [...new Set(packages)].filter((name) => /octokit|undici|plot|linkedom|js-yaml/.test(name)),
    ).toEqual([]);
    expect(eager).toContain('src/entries/action.ts');
  });
});
