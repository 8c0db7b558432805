import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { PLUGINS } from './bundle-plugins.mjs';

/**
 * Both doors as ES modules that run with nothing installed. What not every run needs is imported when it is asked for,
 * and what two of them share is a file of its own, so that nothing is loaded in vain and nothing is bundled twice.
 */
rmSync('dist', { recursive: true, force: true });
const result = await build({
  entryPoints: {
    index: 'src/entries/action.ts',
    organization: 'src/entries/organization.ts',
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
  // Prefer a package's ES modules, of which only what is used is kept.
  mainFields: ['module', 'main'],
});

/**
 * Some CommonJS packages ask for Node's own modules with `require`, which an ES module lacks. esbuild would put this into
 * every file, as a banner.
 */
const REQUIRE =
  "import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);\n";
for (const file of Object.keys(result.metafile.outputs)) {
  const text = readFileSync(file, 'utf8');
  // What names the program that runs it stays first.
  const [first = ''] = /^#!.*\n/.exec(text) ?? [];
  if (/\brequire\b/.test(text)) writeFileSync(file, `${first}${REQUIRE}${text.slice(first.length)}`);
}
writeFileSync('dist/licenses.txt', licences(Object.keys(result.metafile.inputs)));
for (const file of Object.keys(result.metafile.outputs)) console.log(`${file}: ${statSync(file).size} bytes`);

/** The licence of every package that the bundles hold, as their authors ask for. */
function licences(inputs) {
  const packages = new Set(
    inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  return [...packages]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
      const text =
        file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : '';
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
