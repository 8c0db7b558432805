import { isValid, parseISO } from 'date-fns';
import { badInput } from '../model/guard-error.ts';
import { FAIL_KINDS, type FailKind } from '../model/terms.ts';
import type { AuthorRule } from '../model/service.ts';
import { DURATION_FORMS, DURATION_PATTERN, parseDuration } from './duration.ts';

/** The kinds of values that options have: how each is read, and what of it an editor can check. */

/** The time or the moment at hand, for values that are read against it. */
export type Parse<T> = (value: string, name: string, now: Date) => T;

export interface Kind<T> {
  /** @throws {GuardError} naming the option, the value and what is accepted. */
  parse: Parse<T>;
  /** One value, as a regular expression for a JSON Schema or as the only words. Without it any text is. */
  accepts?: { pattern: string } | { enum: readonly string[] };
  /** Whether a file may give a list. */
  isList?: boolean;
  /** An item of a list, as a regular expression; by default what one value is. */
  item?: string;
}

const LONGEST = 5 * 366 * 86_400;
/** A window is widened to so many seconds at most: what is older says little about now. */
const WIDEST = 28 * 86_400;

/** Either of two patterns, as a whole. */
const either = (...patterns: readonly string[]) => patterns.map((pattern) => `(?:${pattern})`).join('|');

export const text: Kind<string> = { parse: (value) => value };

export const choice = <const T extends string>(accepted: readonly T[]): Kind<T> => ({
  parse(value, name) {
    const found = accepted.find((each) => each === value);
    if (found === undefined) throw badInput(name, value, accepted.join(', '));
    return found;
  },
  accepts: { enum: accepted },
});

/** Seconds. */
export const duration = (longest: number = LONGEST): Kind<number> => ({
  parse(value, name) {
    const seconds = parseDuration(value);
    const bound = Number.isFinite(longest) ? ` and at most ${longest / 86_400} days` : '';
    if (seconds === null || seconds <= 0 || seconds > longest)
      throw badInput(name, value, `${DURATION_FORMS}, longer than zero${bound}`);
    return seconds;
  },
  accepts: { pattern: DURATION_PATTERN },
});

export const count: Kind<number> = {
  parse(value, name) {
    if (!/^[1-9]\d{0,5}$/.test(value)) throw badInput(name, value, 'a whole number from 1 up');
    return Number(value);
  },
  accepts: { pattern: '^[1-9]\\d{0,5}$' },
};

/** The same, or `null` where nothing is given. */
export const optional = <T>({ parse, ...kind }: Kind<T>): Kind<T | null> => ({
  ...kind,
  parse: (value, name, now) => (value === '' ? null : parse(value, name, now)),
});

export const repository: Kind<string> = {
  parse(value, name) {
    if (!/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/.test(value))
      throw badInput(name, value, 'owner/name, such as octo-org/shop');
    return value;
  },
  accepts: { pattern: '^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$' },
};

/** A share; 1 is the whole. */
export const percentage: Kind<number> = {
  parse(value, name) {
    const match = /^(\d{1,6}(?:\.\d+)?)\s*%$/.exec(value);
    if (match === null) throw badInput(name, value, 'a percentage of zero or more, such as 25%');
    return Number(match[1]) / 100;
  },
  accepts: { pattern: '^\\d{1,6}(?:\\.\\d+)?\\s*%$' },
};

/** A share from 0 to 1, neither of them. `null`: there is none. */
export const objective: Kind<number | null> = {
  parse(value, name, now) {
    if (value === '' || value === 'none') return null;
    const accepted = 'a percentage above 0% and below 100%, such as 90%, or none';
    if (!/^\d{1,3}(?:\.\d{1,6})?\s*%$/.test(value)) throw badInput(name, value, accepted);
    const share = percentage.parse(value, name, now);
    if (share <= 0 || share >= 1) throw badInput(name, value, accepted);
    return share;
  },
  accepts: { pattern: `^(?:${either('none', '(?!0+(?:\\.0+)?\\s*%)0*\\d{1,2}(?:\\.\\d{1,6})?\\s*%')})$` },
};

/** Seconds; 0: none. */
export const widening: Kind<number> = {
  parse(value, name) {
    if (value === 'none') return 0;
    const seconds = parseDuration(value);
    if (seconds === null || seconds <= 0 || seconds > WIDEST)
      throw badInput(name, value, `none, or ${DURATION_FORMS}, at most ${WIDEST / 86_400} days`);
    return seconds;
  },
  accepts: { pattern: either('^none$', DURATION_PATTERN) },
};

/** `null`: none are shown. */
export const weeks: Kind<number | null> = optional({
  parse(value, name) {
    if (!/^[1-9]\d{0,2}$/.test(value) || Number(value) > 104)
      throw badInput(name, value, 'a whole number from 1 to 104, such as 26');
    return Number(value);
  },
  accepts: { pattern: '^(?:[1-9]\\d?|10[0-4])$' },
});

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}))?$/;

/** A date alone is its first moment in UTC, so that an answer does not depend on where it is asked. */
export const instant: Kind<Date | null> = optional({
  parse(value, name, now) {
    const date = parseISO(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00Z` : value);
    if (!INSTANT.test(value) || !isValid(date) || date > now)
      throw badInput(
        name,
        value,
        'an ISO 8601 instant that is not in the future, such as 2026-01-31T12:00:00Z',
      );
    return date;
  },
  accepts: { pattern: INSTANT.source },
});

/** `auto`: as the mode has it. */
export const failKinds: Kind<ReadonlySet<FailKind> | 'auto'> = {
  parse(value, name) {
    const words = wordsIn(value);
    const [only] = words;
    if (words.length === 1 && only === 'auto') return only;
    if (words.length === 1 && only === 'none') return new Set();
    return new Set(
      words.map((word) => {
        const kind = FAIL_KINDS.find((known) => known === word);
        if (kind === undefined)
          throw badInput(name, value, `auto, none, or a list of ${FAIL_KINDS.join(', ')}`);
        return kind;
      }),
    );
  },
  accepts: {
    pattern: `^\\s*(?:auto|none|(?:${FAIL_KINDS.join('|')})(?:[\\s,]+(?:${FAIL_KINDS.join('|')}))*)\\s*$`,
  },
  isList: true,
  item: `^(?:${FAIL_KINDS.join('|')})$`,
};

const HANDLE = '@?[A-Za-z0-9][A-Za-z0-9-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)?';

export const mention: Kind<{ authors: boolean; handles: string[] }> = {
  parse(value, name) {
    const words = wordsIn(value);
    if (words.length === 1 && words[0] === 'none') return { authors: false, handles: [] };
    const handles = words.filter((word) => word !== 'authors').map((word) => word.replace(/^@/, ''));
    if (!handles.every((handle) => new RegExp(`^${HANDLE}$`).test(handle)))
      throw badInput(name, value, 'none, authors, or handles such as @octocat @octo-org/platform');
    return { authors: words.includes('authors'), handles };
  },
  accepts: { pattern: `^\\s*${HANDLE}(?:[\\s,]+${HANDLE})*\\s*$` },
  isList: true,
};

const CONFIG_PATH = '^(?:\\./)?(?!/)(?!.*(?:^|/)\\.\\.(?:/|$))[^\\s:\\\\][^:\\\\]*\\.[yY][aA]?[mM][lL]$';

/** A file below the repository's root. `null`: the usual one, where it is there. */
export const configPath: Kind<string | null> = optional({
  parse(value, name) {
    if (!new RegExp(CONFIG_PATH).test(value))
      throw badInput(
        name,
        value,
        'the path of a YAML file in the repository, such as .github/deploy-latency.yml',
      );
    return value.replace(/^\.\//, '');
  },
});

/** A file on the runner; a relative path starts in the workspace. */
export const pageFile: Kind<string | null> = optional({
  parse(value, name) {
    if (/^~|[/\\]$|\p{Cc}/u.test(value) || value.split(/[/\\]/).includes('..'))
      throw badInput(
        name,
        value,
        'the path of a file in the workspace, such as report.html, or an absolute path',
      );
    return value;
  },
});

/** One a line, as a name may have any other character; `!` leaves out. */
export const environmentNames: Kind<string[]> = {
  parse(value, name) {
    const found = value
      .split('\n')
      .map((each) => each.trim())
      .filter((each) => each !== '');
    if (found.some((each) => /^!?\*+$/.test(each)))
      throw badInput(name, value, 'names of environments; * alone would be all of them');
    if (found.every((each) => each.startsWith('!')))
      throw badInput(name, value, 'a name or a pattern beside those that ! leaves out');
    return found;
  },
  accepts: { pattern: '^(?!\\s*\\*+\\s*$)(?!\\s*![^\\n]*$)[\\s\\S]*\\S' },
  isList: true,
  item: '^(?!\\s*!?\\*+\\s*$)[\\s\\S]*\\S',
};

const AUTHOR = '!?(?:label:\\S+|@?[\\w*.-]+(?:\\[bot\\])?(?:/[\\w*.-]+)?)';

export const authorRule: Kind<AuthorRule> = {
  parse(value, name) {
    const words = wordsIn(value);
    const wrong = words.find((word) => !new RegExp(`^${AUTHOR}$`).test(word));
    if (wrong !== undefined)
      throw badInput(
        name,
        wrong,
        'all, people, bots, or logins such as octocat, with * for any characters and ! for all but',
      );
    const plain = words.map((word) => word.replace('@', ''));
    return {
      only: plain.filter((each) => !each.startsWith('!') && each !== 'all' && each !== 'people'),
      exclude: [
        ...(plain.includes('people') ? ['bots'] : []),
        ...plain.filter((each) => each.startsWith('!')).map((each) => each.slice(1)),
      ],
    };
  },
  accepts: { pattern: `^\\s*${AUTHOR}(?:[\\s,]+${AUTHOR})*\\s*$` },
  isList: true,
};

export const branch: Kind<string | null> = {
  parse: (value) => value.replace(/^refs\/heads\//, '') || null,
};

const wordsIn = (value: string): string[] => value.split(/[\s,]+/).filter((each) => each !== '');
