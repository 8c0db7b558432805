import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { PLUGINS } from './bundle-plugins.mjs';

/**
 * Bundles the entry points as ES modules that run without installed packages. Dynamic imports and shared code become chunks,
 * so that no run loads code it does not need and no code is bundled twice.
 */
rmSync('dist', { recursive: true, force: true });
const result = await build({
  entryPoints: {
    index: 'src/entries/action.ts',
    organization: 'src/entries/organization.ts',
    live: 'src/entries/live.ts',
    cli: 'src/entries/cli.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minify: true,
  legalComments: 'none',
  metafile: true,
  plugins: PLUGINS,
  // Prefer a package's ES modules, because esbuild drops their unused code.
  mainFields: ['module', 'main'],
});

/** Some CommonJS packages `require` Node's modules, which an ES module cannot. A banner of esbuild would be in every file. */
const REQUIRE =
  "import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);\n";
for (const file of Object.keys(result.metafile.outputs)) {
  const text = readFileSync(file, 'utf8');
  // A shebang stays first.
  const [first = ''] = /^#!.*\n/.exec(text) ?? [];
  if (/\brequire\b/.test(text)) writeFileSync(file, `${first}${REQUIRE}${text.slice(first.length)}`);
}
writeFileSync('dist/licenses.txt', licences(Object.keys(result.metafile.inputs)));
for (const file of Object.keys(result.metafile.outputs)) console.log(`${file}: ${statSync(file).size} bytes`);

/** The licences of all bundled packages, as the licences require. */
function licences(inputs) {
  const packages = new Set(
    inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  return [...packages]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
      const text =
        file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : '';
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
