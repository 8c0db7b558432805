import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

/** What is exported and imported by nobody does nothing: a rule or a source that is not in its list, a renderer that is not called. */

const filesIn = (folder: string): [file: string, text: string][] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|mjs)$/.test(file) && !file.includes('node_modules'))
    .map((file) => [join(folder, file), readFileSync(join(folder, file), 'utf8')]);

test('every function, constant and class that a file of src/ exports is named in another file', () => {
  const sources = filesIn('src');
  const all = [...sources, ...filesIn('__tests__'), ...filesIn('scripts')];
  const unused = sources.flatMap(([file, text]) =>
    [...text.matchAll(/^export (?:async )?(?:const|function|class) (\w+)/gm)]
      .map(([, name = '']) => name)
      .filter((name) => {
        const named = new RegExp(`\\b${name}\\b`);
        return !all.some(([other, words]) => other !== file && named.test(words));
      })
      .map((name) => `${file}: ${name}`),
  );
  expect(unused).toEqual([]);
});
