import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { COMMANDS, flagsOf } from '../../src/entries/command/flags.ts';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { runCli } from '../support/cli.ts';
import { withGitHub } from '../support/github.ts';

/** The built command line, in a folder with only `dist` and `package.json`, like a clone without installed packages. */

/** Errors end with a link to the section that explains them. */
const HELP =
  ' Help: https://github.com/deploy-latency-guard/deploy-latency-guard/blob/main/docs/messages.md#';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clone-'));
  cpSync('dist', join(folder, 'dist'), { recursive: true });
  cpSync('package.json', join(folder, 'package.json'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const cli = (args: string[], env: Record<string, string> = {}) => runCli(args, env, folder);

describe('demo', () => {
  test('shows the sample team without installed packages, and leaves no files', async () => {
    const before = readdirSync(folder);
    const { code, out, err } = await cli(['demo']);
    expect(readdirSync(folder)).toEqual(before);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Half of the changes take more than 24m 35s to go live in production.');
    for (const event of [
      'batch of 2',
      'rollback',
      'failed',
      '1 change merged, not live',
      'merged at the same',
    ])
      expect(out).toContain(event);
  });

  test('--json prints only the report, like --report -; --report FILE writes it', async () => {
    const { out, err } = await cli(['demo', '--json']);
    expect(err).toBe('');
    const report = JSON.parse(out);
    expect((await cli(['demo', '--report', '-'])).out).toBe(out);
    await cli(['demo', '--report', 'here.json']);
    expect(readFileSync(join(folder, 'here.json'), 'utf8')).toBe(out);
    expect(report).toMatchObject({ status: 'drifted', repository: 'larkspur/storefront' });
  });

  test('--csv prints a row for each change', async () => {
    const { out } = await cli(['demo', '--csv']);
    const [head, ...rows] = out.trimEnd().split('\r\n');
    expect(head).toMatch(/^repository,service,environment,pull_request,.*,lead_time_seconds,/);
    expect(rows).toHaveLength(12);
    expect(rows[0]).toMatch(/^larkspur\/storefront,,production,412,[0-9a-f]{40},.*,572,,false,,main,/);
  });

  test('--quiet prints nothing, and two formats for standard output are an error', async () => {
    expect(await cli(['demo', '--quiet'])).toEqual({ code: 0, out: '', err: '' });
    expect((await cli(['demo', '--json', '--csv'])).err).toBe(
      `error: --json and --csv both write to standard output. Keep one, and give the other a file.${HELP}command-line\n`,
    );
  });

  test('--redact removes every name from the report', async () => {
    const { out } = await cli(['demo', '--json', '--redact']);
    const original = JSON.parse((await cli(['demo', '--json'])).out);
    expect(Object.keys(JSON.parse(out))).toEqual(Object.keys(original));
    expect(JSON.parse(out)).toMatchObject({ status: 'drifted', leadTime: original.leadTime });
    for (const name of [
      'larkspur',
      'storefront',
      'production',
      'jonas',
      'Sort search',
      'npm ci',
      'deploy.yml',
    ])
      expect([name, out.includes(name)]).toEqual([name, false]);
    expect(out).not.toMatch(/[0-9a-f]{40}|https?:|@/);
  });

  test.each([60, 80, 120, 200])('at %i columns no line is wider, and no word is broken', async (columns) => {
    const demoAt = async (width: number) =>
      (await cli(['demo'], { COLUMNS: String(width) })).out.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:4000');
    const [out, wide] = [await demoAt(columns), await demoAt(2000)];
    const words = new Set(wide.split(/\s+/));
    for (const line of out.split('\n')) {
      // YAML to paste cannot be broken.
      if (!/^ {4}.*(?:: |:$)/.test(line)) expect([...line].length).toBeLessThanOrEqual(columns);
      for (const word of line.split(/\s+/))
        expect([word, word === '…' || words.has(word)]).toEqual([word, true]);
    }
  });

  test('ignores a proxy for the loopback address', async () => {
    const { code } = await cli(['demo'], {
      https_proxy: 'http://127.0.0.1:9',
      http_proxy: 'http://127.0.0.1:9',
    });
    expect(code).toBe(0);
  });

  test('--html writes the page, and --open reports a missing browser', async () => {
    const { code, out, err } = await cli(['demo', '--html', 'page.html', '--open'], { PATH: '' });
    expect(code).toBe(0);
    expect(out).toContain('Page: page.html');
    expect(err).toContain(
      'No browser was opened, because "xdg-open" was not found. Open page.html yourself.',
    );
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toMatch(
      /^<!doctype html>[\s\S]*<svg[\s\S]*<\/html>\n$/,
    );
  });

  test('accepts options as flags', async () => {
    const { out } = await cli(['demo', '--target', '30m', '--report', 'other.json']);
    expect(out).toContain('On target');
    expect(out).toContain('Report: other.json');
  });
});

describe('check', () => {
  const check = (args: string[], env: Record<string, string> = {}) =>
    withGitHub(sampleTeam(), { token: 'laptop' }, ({ apiUrl }) =>
      cli(['check', ...args], { GITHUB_API_URL: apiUrl, GITHUB_TOKEN: 'laptop', ...env }),
    );

  test('measures a repository with the token from GITHUB_TOKEN, and exits with 1 on a drift', async () => {
    const { code, out, err } = await check(['larkspur/storefront', '--as-of', SAMPLE_NOW]);
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain('error: Half of the changes take more than');
  });

  test('reports an error in one line on standard error', async () => {
    for (const [args, line] of [
      [['larkspur/nothing'], /^error: .*Input "repository".*\n$/],
      [[], /^error: "check" needs one repository, as OWNER\/NAME\. See "check --help"\. Help: \S+\n$/],
      [['larkspur/storefront', '--target', 'soon'], /^error: Flag --target is "soon"; accepted: .*\n$/],
      [
        ['larkspur/storefront', '--taget', '9m'],
        /^error: Flag --taget does not exist; did you mean --target\? .*\n$/,
      ],
      [
        ['larkspur/storefront', '--target'],
        /^error: Flag --target needs a value, such as --target 15m\..*\n$/,
      ],
      [['larkspur/storefront', '--json=yes'], /^error: Flag --json takes no value\..*\n$/],
      [
        ['larkspur/storefront', '--comment', 'never'],
        /^error: Flag --comment is about comments and issues.*\n$/,
      ],
    ] as const) {
      const { code, err } = await check([...args]);
      expect(code).toBe(2);
      expect(err).toMatch(line);
    }
  });
});

describe('without a token', () => {
  test.each([
    ['check', 'a/b'],
    ['init', 'a/b'],
    ['organization', 'a'],
  ])('%s names the variables to set', async (...args) => {
    const { code, out, err } = await cli(args, { GITHUB_TOKEN: '', PATH: '' });
    expect([code, out]).toEqual([2, '']);
    expect(err).toBe(
      `error: No token for github.com was found. Set GITHUB_TOKEN or GH_TOKEN to a token with read access, or run "gh auth login".${HELP}command-line\n`,
    );
  });

  test('GH_TOKEN works, too', async () => {
    const { code, err } = await withGitHub(sampleTeam(), { token: 'other' }, ({ apiUrl }) =>
      cli(['check', 'larkspur/storefront', '--as-of', SAMPLE_NOW, '--fail-on', 'none'], {
        GITHUB_API_URL: apiUrl,
        GITHUB_TOKEN: '',
        GH_TOKEN: 'other',
      }),
    );
    expect([code, err]).toEqual([0, '']);
  });
});

describe('help', () => {
  test('names every command, variable and exit code on one screen', async () => {
    const { code, out } = await cli(['--help'], { COLUMNS: '80' });
    expect(code).toBe(0);
    expect(out.split('\n').length).toBeLessThanOrEqual(25);
    for (const word of [
      ...Object.keys(COMMANDS),
      'GITHUB_TOKEN',
      'GH_TOKEN',
      'GITHUB_API_URL',
      'GITHUB_GRAPHQL_URL',
      'NO_COLOR',
      'TERM=dumb',
      '--version',
      'Exit codes:',
    ])
      expect(out).toContain(word);
  });

  test.each(Object.keys(COMMANDS))('%s --help names exactly its own flags, on one screen', async (name) => {
    const { code, out } = await cli([name, '--help'], { COLUMNS: '80' });
    expect(code).toBe(0);
    expect(out.split('\n').length).toBeLessThanOrEqual(30);
    const names = flagsOf(name as keyof typeof COMMANDS).map((flag) => flag.name);
    const named = new Set([...out.matchAll(/--([a-z-]+)/g)].map(([, flag = '']) => flag));
    expect([...named].toSorted()).toEqual(names.toSorted());
  });

  test('without a command goes to standard error, with exit code 2', async () => {
    const { code, out, err } = await cli([]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('Usage:');
  });
});

test('a repository can be given by its address', async () => {
  for (const address of [
    'https://github.com/larkspur/storefront',
    'git@github.com:larkspur/storefront.git',
  ]) {
    const { code } = await withGitHub(sampleTeam(), {}, ({ apiUrl }) =>
      cli(['check', address, '--as-of', SAMPLE_NOW, '--fail-on', 'none', '--quiet'], {
        GITHUB_API_URL: apiUrl,
        GITHUB_TOKEN: 'x',
      }),
    );
    expect([address, code]).toEqual([address, 0]);
  }
});

describe('report', () => {
  test.each(['team', 'monorepo'])(
    'shows a saved report of %s again, byte for byte, without requests',
    async (sample) => {
      const made = await cli(['demo', '--sample', sample, '--report', 'saved.json', '--html', 'made.html']);
      const withoutFrame = (out: string) =>
        out.slice(out.indexOf('\n\n') + 2).replace(/\n\nReport: [\s\S]*$/, '');
      const drawn = await cli(['report', 'saved.json', '--html', 'drawn.html'], {
        GITHUB_TOKEN: '',
        PATH: '',
      });
      expect([drawn.code, drawn.err]).toEqual([made.code, '']);
      expect(drawn.out.replace(/Page: .*\n$/, '').trimEnd()).toBe(
        withoutFrame(made.out)
          .replace(/Page: .*$/, '')
          .trimEnd(),
      );
      expect(readFileSync(join(folder, 'drawn.html'), 'utf8')).toBe(
        readFileSync(join(folder, 'made.html'), 'utf8'),
      );
      const json = await cli(['report', 'saved.json', '--json']);
      expect(json.out).toBe(readFileSync(join(folder, 'saved.json'), 'utf8'));
      const rows = await cli(['demo', '--sample', sample, '--csv']);
      expect((await cli(['report', 'saved.json', '--csv'])).out).toBe(rows.out);
    },
  );

  test('names a file that is missing or not a report', async () => {
    writeFileSync(join(folder, 'other.json'), '{"name": "x"}');
    for (const file of ['none.json', 'other.json']) {
      const { code, out, err } = await cli(['report', file]);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(new RegExp(`^error: .*${file}.*\\n$`));
    }
  });
});

test('the error for an unknown command suggests the closest one and lists all', async () => {
  const { code, err } = await cli(['chek']);
  expect([code, err]).toEqual([
    2,
    `error: "chek" is not a command; did you mean "check"? Accepted: demo, check, init, organization, report, rollup, completion. See --help.${HELP}command-line\n`,
  ]);
});

test('the error for a path that cannot be written names the path', async () => {
  const { code, err } = await cli(['demo', '--html', '/no/such/page.html']);
  expect(code).toBe(2);
  expect(err).toContain('error: "/no/such/page.html" cannot be written (ENOENT');
});

test('--version matches package.json', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect((await cli(['--version'])).out).toBe(`${version}\n`);
});

test('--redact removes every name from the text, the page and the rows, too', async () => {
  const [page, rows] = [join(folder, 'redacted.html'), join(folder, 'redacted.jsonl')];
  const { out } = await cli(['demo', '--redact', '--html', page, '--rows', rows]);
  const texts = [out.replace(/^A sample team.*/, ''), readFileSync(page, 'utf8'), readFileSync(rows, 'utf8')];
  for (const text of texts) expect(text).not.toMatch(/larkspur|storefront|jonas|Sort search|deploy\.yml/);
});

test('files are written even if the reader of standard output closes it', async () => {
  const files = ['report.json', 'rows.jsonl', 'page.html'].map((name) => join(folder, `piped-${name}`));
  const [report = '', rows = '', page = ''] = files;
  execFileSync('sh', [
    '-c',
    '"$0" "$4/dist/cli.js" demo --report "$1" --rows "$2" --html "$3" | head -1',
    process.execPath,
    report,
    rows,
    page,
    folder,
  ]);
  expect(files.map((file) => existsSync(file))).toEqual([true, true, true]);
});

test('the error for a flag without effect names its command', async () => {
  expect((await cli(['check', 'a/b', '--write'])).err).toBe(
    `error: Flag --write has no effect on "check". It belongs to init. See "check --help".${HELP}command-line\n`,
  );
});

describe('completion', () => {
  test('for bash offers commands and their flags', async () => {
    const { out } = await cli(['completion', 'bash']);
    const complete = (words: string) =>
      execFileSync(
        'bash',
        [
          '-c',
          `${out}\nCOMP_WORDS=(x ${words}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _deploy_latency_guard; echo "\${COMPREPLY[*]}"`,
        ],
        { encoding: 'utf8' },
      ).trim();
    expect(complete('che')).toBe('check');
    expect(complete('init --w')).toBe('--write');
    expect(complete('check --ob')).toBe('--objective');
  });

  test('for zsh and fish has every flag, and other shells are an error', async () => {
    for (const shell of ['zsh', 'fish']) {
      const { out } = await cli(['completion', shell]);
      for (const flag of ['target', 'objective', 'write', 'quiet'])
        expect(out).toMatch(new RegExp(`-l ${flag}\\b|--${flag}\\b`));
    }
    expect((await cli(['completion', 'tcsh'])).err).toBe(
      `error: Shell "tcsh" is not supported; accepted: bash, zsh, fish.${HELP}command-line\n`,
    );
  });
});

describe('in a clone', () => {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });

  test('"check ." uses the repository of origin and the token of gh', async () => {
    git('init', '-q');
    git('remote', 'add', 'origin', 'git@github.com:larkspur/storefront.git');
    writeFileSync(join(folder, 'gh'), '#!/bin/sh\n[ "$1 $2" = "auth token" ] && echo laptop\n', {
      mode: 0o755,
    });
    await withGitHub(sampleTeam(), { token: 'laptop' }, async ({ apiUrl }) => {
      const env = { GITHUB_API_URL: apiUrl, PATH: `${folder}:${process.env.PATH}` };
      const { out, err } = await cli(['check', '.', '--as-of', SAMPLE_NOW], env);
      expect(err).toBe('');
      expect(out).toContain('larkspur/storefront → production');
    });
  });

  test('without an origin, the error has the next step', async () => {
    git('init', '-q');
    expect((await cli(['check', '.'])).err).toMatch(
      /^error: ".*" is not a clone with a remote "origin"\. Give the repository as OWNER\/NAME, or run the command in its clone\. Help: \S+\n$/,
    );
  });
});
