import { describe, expect, test } from '@jest/globals';
import { originIn } from '../../src/entries/command/programs.ts';
import { progressOn } from '../../src/entries/command/progress.ts';

describe('originIn', () => {
  test.each([
    ['git@github.com:acme/shop.git', 'acme/shop', 'github.com'],
    ['https://github.com/acme/shop', 'acme/shop', 'github.com'],
    ['https://x-access-token:secret@github.com/acme/shop.js.git', 'acme/shop.js', 'github.com'],
    ['ssh://git@GitHub.example.com:2222/acme/shop.git', 'acme/shop', 'github.example.com'],
    ['org-1234@github.com:acme/shop', 'acme/shop', 'github.com'],
  ])('reads repository and host from %s', (address, repository, host) => {
    expect(originIn(address)).toEqual({ repository, host });
  });

  test.each(['/srv/git/shop.git', '../shop', 'https://gitlab.com/a/b/c', ''])(
    '%s is not a GitHub repository',
    (address) => {
      expect(originIn(address)).toBeNull();
    },
  );
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
