import { describe, expect, test } from '@jest/globals';
import { globMatcher, type GlobSyntax, groupFinder } from '../../src/model/linear-pattern.ts';

/** Patterns from settings, against names that outsiders choose. */

const LONG = 'a'.repeat(250);

describe('a text that is chosen to be slow is matched at once', () => {
  test.each([
    ['a name against a glob with many wildcards', '*a*a*a*a*a*a*b', LONG],
    ['a deep folder against a glob with many folders', '**/**/**/**/**/**/b', 'a/'.repeat(120)],
    ['a name against nested alternatives', '{a,aa,aaa}*{a,aa}*{a,aa}*b', LONG],
  ])('%s', (_, glob, name) => {
    expect(globMatcher(glob, 'service')(name)).toBe(false);
  });

  test('a file against nested repetition', () => {
    expect(groupFinder('(a+)+$')(`${'a'.repeat(5000)}b`)).toBeNull();
  });
});

const matched = (glob: string, syntax: GlobSyntax, names: readonly string[]) =>
  names.filter(globMatcher(glob, syntax));

describe("a glob of a service's paths", () => {
  test.each([
    ['*.ts', ['a.ts', '.ts'], ['src/a.ts', 'a.tsx']],
    ['src/**', ['src', 'src/a.ts', 'src/.env', 'src/a/b/c'], ['lib/src/a', 'srcs/a']],
    ['**/*.md', ['README.md', 'docs/a.md', 'a/b/c.md'], ['a.mdx']],
    ['**.md', ['README.md', 'docs/a.md'], ['a.mdx']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/xb', 'b']],
    ['services/*/src', ['services/api/src'], ['services/src', 'services/a/b/src']],
    ['a?b', ['axb'], ['ab', 'a/b']],
    ['*.{ts,js}', ['a.ts', 'a.js'], ['a.css', 'a.{ts,js}']],
    ['{api,web/{a,b}}/**', ['api/x', 'web/a/x', 'web/b'], ['web/c', 'a/x']],
    ['[ab].ts', ['a.ts', 'b.ts'], ['c.ts', 'ab.ts']],
    ['[!ab].ts', ['c.ts'], ['a.ts']],
    ['app/(shop)/**', ['app/(shop)/page.tsx'], ['app/shop/page.tsx']],
    ['a+b.ts', ['a+b.ts'], ['aab.ts']],
    ['a\\*b', ['a*b'], ['axb']],
    ['x,y.*', ['x,y.ts'], ['x', 'y.ts']],
  ])('%s', (glob, included, excluded) => {
    expect(matched(glob, 'service', [...included, ...excluded])).toEqual(included);
  });

  test.each(['{a,b', '[z-a]'])('%s is not valid', (glob) => {
    expect(() => globMatcher(glob, 'service')).toThrow('is not valid. Check its brackets.');
  });
});

// The examples are from GitHub's cheat sheet for filter patterns.
describe("a glob of a workflow's paths", () => {
  test.each([
    ['*', ['README.md', 'server.rb'], ['docs/a']],
    ['*.jsx?', ['page.js', 'page.jsx'], ['page.jsxx']],
    ['**', ['all/the/files.md'], []],
    ['*.js', ['app.js'], ['js/index.js']],
    ['**.js', ['index.js', 'js/index.js', 'src/js/app.js'], []],
    ['docs/**/*.md', ['docs/README.md', 'docs/mona/hello-world.md', 'docs/a/markdown/file.md'], []],
    ['**/README.md', ['README.md', 'js/README.md'], []],
    ['**/*src/**', ['a/src/app.js', 'my-src/code/js/app.js'], []],
    ['**/migrate-*.sql', ['migrate-10909.sql', 'db/migrate-v1.0.sql'], []],
    ['v[12].[0-9]+.[0-9]+', ['v1.10.1', 'v2.0.0'], ['v3.1.0']],
    ['{a,b}', ['{a,b}'], ['a']],
  ])('%s', (glob, included, excluded) => {
    expect(matched(glob, 'workflow', [...included, ...excluded])).toEqual(included);
  });
});
