import { describe, expect, test } from '@jest/globals';
import { LIVE_INPUTS, liveInputs } from '../../src/production/inputs.ts';

const SHA = 'a'.repeat(40);
const URL_INPUT = { url: 'https://shop.example/version' };

test('the defaults wait five minutes for ten answers with the commit of the job', () => {
  expect(liveInputs(URL_INPUT, SHA)).toMatchObject({ timeout: 300, live: 'last', match: null, commit: SHA });
});

test('"commit" replaces the commit of the job', () => {
  expect(liveInputs({ ...URL_INPUT, commit: 'B'.repeat(40) }, SHA).commit).toBe('b'.repeat(40));
});

test.each(['http://localhost:8080/', 'http://127.0.0.1/', 'http://[::1]:3000/v', 'https://shop.example'])(
  '%s may be asked',
  (url) => {
    expect(liveInputs({ url }, SHA).url.href).toContain(url);
  },
);

describe('an error names the input', () => {
  test.each([
    ['url', '', 'an https address, such as https://shop.example/version'],
    ['url', 'shop.example', 'an https address'],
    ['url', 'http://shop.example/version', 'an https address'],
    ['url', 'http://localhost.shop.example/', 'an https address'],
    ['url', 'file:///etc/passwd', 'an https address'],
    ['match', '(', 'a regular expression whose first group is the commit'],
    ['match', 'revision: \\w+', 'a regular expression whose first group is the commit'],
    ['commit', 'main', 'a commit with all forty digits'],
    ['live', 'all', 'last, first'],
    ['timeout', '5', 'a duration'],
  ])('%s: "%s"', (name, value, accepted) => {
    expect(() => liveInputs({ ...URL_INPUT, [name]: value }, SHA)).toThrow(
      `Input "${name}" is "${value}"; accepted: ${accepted}`,
    );
  });

  test('and does not repeat a password', () => {
    expect(() => liveInputs({ url: 'https://me:secret@shop.example/' }, SHA)).toThrow(
      /^Input "url" is "shop.example"; accepted: an address without a user name and a password.$/,
    );
  });

  test('if the job has no commit', () => {
    expect(() => liveInputs(URL_INPUT, '')).toThrow('Input "commit" is ""');
  });
});

test.each(Object.entries(LIVE_INPUTS))(
  'the description of %s has at most 25 words and its default',
  (_, row) => {
    expect(row.description.split(' ').length).toBeLessThanOrEqual(25);
    expect(row.description).toMatch(/(?:Defaults to [^.]*|Has no default)\.$/);
    if (row.default) expect(row.description).toContain(`Defaults to \`${row.default}\`.`);
  },
);
