import { describe, expect, test } from '@jest/globals';
import { originIn, ownerIn, serverOf } from '../../src/entries/command/address.ts';
import { parse } from '../../src/entries/command/flags.ts';
import { progressOn } from '../../src/entries/command/progress.ts';

describe('originIn', () => {
  test.each([
    ['git@github.com:acme/shop.git', 'acme/shop', 'github.com'],
    ['https://github.com/acme/shop', 'acme/shop', 'github.com'],
    ['https://x-access-token:secret@github.com/acme/shop.js.git', 'acme/shop.js', 'github.com'],
    ['ssh://git@GitHub.example.com:2222/acme/shop.git', 'acme/shop', 'github.example.com'],
    ['org-1234@github.com:acme/shop', 'acme/shop', 'github.com'],
    ['github.com/acme/shop', 'acme/shop', 'github.com'],
    ['HTTPS://GitHub.com/acme/shop', 'acme/shop', 'github.com'],
    ['git@github.com-work:acme/shop.git', 'acme/shop', 'github.com'],
    ['https://ghe.example.com:8443/acme/shop', 'acme/shop', 'ghe.example.com:8443'],
    ['https://www.github.com/acme/shop/', 'acme/shop', 'github.com'],
    ['ssh://git@ssh.github.com:443/acme/shop.git', 'acme/shop', 'github.com'],
    ['https://github.com/acme/shop/tree/main/src', 'acme/shop', 'github.com'],
    ['https://github.com/acme/shop?tab=readme', 'acme/shop', 'github.com'],
    ['https://github.com/acme/shop/compare/a...b', 'acme/shop', 'github.com'],
  ])('reads repository and host from %s', (address, repository, host) => {
    expect(originIn(address)).toEqual({ repository, host });
  });

  test.each(['/srv/git/shop.git', '../shop', 'acme/shop', 'acme/shop/main', 'https://gitlab.com/a/b/c', ''])(
    '%s is not a GitHub repository',
    (address) => {
      expect(originIn(address)).toBeNull();
    },
  );
});

describe('ownerIn', () => {
  test.each([
    ['octo-org', 'octo-org', null],
    ['@octo-org', 'octo-org', null],
    ['https://github.com/octo-org', 'octo-org', 'github.com'],
    ['https://github.com/orgs/octo-org/', 'octo-org', 'github.com'],
    ['https://github.com/orgs/octo-org/repositories', 'octo-org', 'github.com'],
    ['github.com/octo-org', 'octo-org', 'github.com'],
    ['https://ghe.example.com/octo-org', 'octo-org', 'ghe.example.com'],
  ])('reads owner and host from %s', (text, owner, host) => {
    expect(ownerIn(text)).toEqual({ owner, host });
  });

  test.each(['octo-org/shop', 'https://github.com/octo-org/shop', '', 'a b'])(
    '%j is not an owner',
    (text) => {
      expect(() => ownerIn(text)).toThrow(`"${text}" is not an owner; accepted: an organization or a user`);
    },
  );
});

describe('the server of an address', () => {
  test.each([
    [null, 'https://api.github.com', 'GITHUB_TOKEN'],
    ['github.com', 'https://api.github.com', 'GITHUB_TOKEN'],
    ['octo.ghe.com', 'https://api.octo.ghe.com', 'GITHUB_TOKEN'],
    ['ghe.example.com', 'https://ghe.example.com/api/v3', 'GH_ENTERPRISE_TOKEN'],
    ['gitlab.com', 'https://gitlab.com/api/v3', 'GH_ENTERPRISE_TOKEN'],
  ])('of %s is %s, with the token in %s', (host, apiUrl, token) => {
    const server = serverOf(host, '');
    expect([server.apiUrl, server.tokens[0]]).toEqual([apiUrl, token]);
  });

  test.each([
    ['https://api.github.com', 'github.com'],
    ['https://api.github.com', 'work'],
    ['https://ghe.example.com/api/v3', 'ghe.example.com'],
    ['https://api.octo.ghe.com', 'octo.ghe.com'],
    ['http://127.0.0.1:4000', 'github.com'],
    ['http://127.0.0.1:4000', null],
  ])('%s may be that of %s', (apiUrl, host) => {
    expect(serverOf(host, apiUrl).apiUrl).toBe(apiUrl);
  });

  test.each([
    ['https://api.github.com', 'gitlab.com'],
    ['https://api.github.com', 'ghe.example.com'],
    ['https://ghe.example.com/api/v3', 'github.com'],
    ['http://127.0.0.1:4000', 'gitlab.com'],
  ])('%s is not that of %s', (apiUrl, host) => {
    expect(() => serverOf(host, apiUrl)).toThrow(
      `The address is on ${host}, and GITHUB_API_URL is the API of`,
    );
  });
});

test('GITHUB_API_URL without a scheme is refused', () => {
  expect(() => serverOf(null, 'ghe.example.com')).toThrow(
    'GITHUB_API_URL is "ghe.example.com"; accepted: an address',
  );
});

describe('the command line refuses', () => {
  test.each([
    [['--hlep'], 'Flag --hlep does not exist; did you mean --help? See --help.'],
    [['--targt', '20m'], 'Flag --targt does not exist; did you mean --target? See --help.'],
    [['check', 'a/b', '--hlp'], 'Flag --hlp does not exist; did you mean --help? See "check --help".'],
    [['check', 'a/b', '-j'], 'Flag -j does not exist. See "check --help".'],
    [['check', 'a/b', '--target', '20m', '--target', '30m'], 'Flag --target is given twice. Keep one.'],
    [['check', 'a/b', '--json', '--json'], 'Flag --json is given twice. Keep one.'],
    [['demo', '--toString'], 'Flag --toString does not exist.'],
    [['help', 'nope'], '"nope" is not a command.'],
    [
      ['organization', 'octo-org', '--mode', 'guard'],
      'Flag --mode has no effect on "organization". It belongs to demo and check.',
    ],
    [
      ['organization', 'octo-org', '--otel', 'never'],
      'Flag --otel has no effect on "organization". It belongs to check.',
    ],
    [
      ['init', 'a/b', '--quiet'],
      'Flag --quiet has no effect on "init". It belongs to demo, check, report, organization and rollup.',
    ],
  ])('%j', (args, message) => {
    expect(() => parse(args)).toThrow(message);
  });
});

describe('the progress line', () => {
  const progressTexts = (isTTY: boolean, isDumb: boolean) => {
    const texts: string[] = [];
    let time = 0;
    const progress = progressOn(
      { isTTY, write: (text) => texts.push(text) },
      { most: 40, now: () => (time += 250), isDumb },
    );
    for (let i = 0; i < 4; i++) progress.step();
    progress.clear();
    return texts;
  };

  test('shows requests and seconds, without escape sequences, and disappears at the end', () => {
    const texts = progressTexts(true, false);
    expect(texts[3]).toContain('██░░░░░░░░░░░░░░░░░░ 4 of at most 40 requests, 1.0 s');
    expect(texts.join('')).not.toContain('\u001b');
    expect(texts.at(-1)?.trim()).toBe('');
  });

  test('is empty without a terminal or on a dumb one', () => {
    expect(progressTexts(false, false)).toEqual([]);
    expect(progressTexts(true, true)).toEqual([]);
  });
});
