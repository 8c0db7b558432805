import { isValid, parseISO } from 'date-fns';
import { badInput } from '../model/guard-error.ts';
import { FAIL_KINDS, type FailKind } from '../model/terms.ts';
import type { AuthorRule, LiveAddress } from '../model/service.ts';
import { groupsIn, isPattern } from '../sources/gitops/value-pattern.ts';
import { DURATION_FORMS, DURATION_PATTERN, parseDuration } from './duration.ts';

/** Types of option values: how to parse each, and what the JSON Schema accepts. */

export interface OptionType<T> {
  /**
   * @param now - latest instant to accept, for types that are dates.
   * @throws {GuardError} with the option, the value and the accepted values.
   */
  parse(value: string, name: string, now: Date): T;
  /** Accepted values for the JSON Schema. Defaults to any text. */
  accepts?: { pattern: string } | { enum: readonly string[] };
  /** If the configuration file may set a list: what one text may also separate its items by. */
  isList?: 'spaces' | 'lines';
  /** `true` if the configuration file may set a map: a line `name: value` for each entry. */
  isMap?: boolean;
  /** Pattern for an item of a list. Defaults to the pattern of a single value. */
  item?: string;
  /** Pattern that at least one item of a list has to match. */
  contains?: string;
}

const DAY_SECONDS = 86_400;
const LONGEST = 5 * 366 * DAY_SECONDS;
/** Seconds. Older changes have little to do with the present. */
const WIDEST = 28 * 86_400;

const either = (...patterns: readonly string[]) => patterns.map((pattern) => `(?:${pattern})`).join('|');

export const text: OptionType<string> = { parse: (value) => value };

/** Values that match a pattern. */
export const matching = <T>(
  pattern: RegExp,
  accepted: string,
  read: (value: string) => T,
): OptionType<T> => ({
  parse(value, name) {
    if (!pattern.test(value)) throw badInput(name, value, accepted);
    return read(value);
  },
  accepts: { pattern: pattern.source },
});

export const choice = <const T extends string>(accepted: readonly T[]): OptionType<T> => ({
  parse(value, name) {
    const choice = accepted.find((word) => word === value);
    if (choice === undefined) throw badInput(name, value, accepted.join(', '));
    return choice;
  },
  accepts: { enum: accepted },
});

/** Seconds. */
export const duration = (longest: number = LONGEST): OptionType<number> => ({
  parse(value, name) {
    const seconds = parseDuration(value);
    const [most, unit] = longest >= DAY_SECONDS ? [longest / DAY_SECONDS, 'days'] : [longest / 3600, 'hours'];
    const bound = Number.isFinite(longest) ? ` and at most ${most} ${unit}` : '';
    if (seconds === null || seconds <= 0 || seconds > longest)
      throw badInput(name, value, `${DURATION_FORMS}, longer than zero${bound}`);
    return seconds;
  },
  accepts: { pattern: DURATION_PATTERN },
});

export const count = matching(/^[1-9]\d{0,5}$/, 'a whole number from 1 to 999999', Number);

/** The same type, with `null` for an empty value. */
export const optional = <T>({ parse, ...kind }: OptionType<T>): OptionType<T | null> => ({
  ...kind,
  parse: (value, name, now) => (value === '' ? null : parse(value, name, now)),
});

export const repository: OptionType<string> = {
  parse(value, name) {
    if (!/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/.test(value))
      throw badInput(name, value, 'owner/name, such as octo-org/shop');
    return value;
  },
  accepts: { pattern: '^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$' },
};

/** A fraction: `25%` is 0.25. */
export const percentage = matching(
  /^\d{1,6}(?:\.\d+)?\s*%$/,
  'a percentage from 0% to 999999%, such as 25%',
  (value) => Number.parseFloat(value) / 100,
);

/** A fraction above 0 and below 1. `null`: there is no objective. */
export const objective: OptionType<number | null> = {
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

/** Seconds. `none` is 0. */
export const widening: OptionType<number> = {
  parse(value, name) {
    if (value === 'none') return 0;
    const seconds = parseDuration(value);
    if (seconds === null || seconds <= 0 || seconds > WIDEST)
      throw badInput(name, value, `none, or ${DURATION_FORMS}, at most ${WIDEST / 86_400} days`);
    return seconds;
  },
  accepts: { pattern: either('^none$', DURATION_PATTERN) },
};

export const weeks = optional(
  matching(/^(?:[1-9]\d?|10[0-4])$/, 'a whole number from 1 to 104, such as 26', Number),
);

/** A day that exists. */
export const DAY =
  '(?:\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))|(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)';
const INSTANT = new RegExp(`^${DAY}(?:[T ]\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?:Z|[+-]\\d{2}:?\\d{2}))?$`);

/** A date without a time means midnight UTC, so that the result does not depend on the time zone. */
export const instant: OptionType<Date | null> = optional({
  parse(value, name, now) {
    const date = parseISO(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00Z` : value);
    if (!INSTANT.test(value) || !isValid(date) || date > now)
      throw badInput(
        name,
        value,
        'an ISO 8601 date or time that is not in the future, such as 2026-01-31T12:00:00Z',
      );
    return date;
  },
  accepts: { pattern: INSTANT.source },
});

/** `auto`: the mode decides. */
export const failKinds: OptionType<ReadonlySet<FailKind> | 'auto'> = {
  parse(value, name) {
    const words = wordsIn(value);
    const [only] = words;
    if (words.length === 1 && only === 'auto') return only;
    if (words.length === 1 && only === 'none') return new Set();
    return new Set(
      words.map((word) => {
        const kind = FAIL_KINDS.find((name) => name === word);
        if (kind === undefined)
          throw badInput(name, value, `auto, none, or a list of ${FAIL_KINDS.join(', ')}`);
        return kind;
      }),
    );
  },
  accepts: {
    pattern: `^\\s*(?:auto|none|(?:${FAIL_KINDS.join('|')})(?:[\\s,]+(?:${FAIL_KINDS.join('|')}))*)\\s*$`,
  },
  isList: 'spaces',
  item: `^(?:${FAIL_KINDS.join('|')})$`,
};

const HANDLE = '(?!none(?:[\\s,]|$))@?[A-Za-z0-9][A-Za-z0-9-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)?';

export const mention: OptionType<{ authors: boolean; handles: string[] }> = {
  parse(value, name) {
    const words = wordsIn(value);
    if (words.length === 1 && words[0] === 'none') return { authors: false, handles: [] };
    const handles = words.filter((word) => word !== 'authors').map((word) => word.replace(/^@/, ''));
    if (!handles.every((handle) => new RegExp(`^${HANDLE}$`).test(handle)))
      throw badInput(name, value, 'none, authors, or handles such as @octocat @octo-org/platform');
    return { authors: words.includes('authors'), handles };
  },
  accepts: { pattern: `^\\s*(?:none|${HANDLE}(?:[\\s,]+${HANDLE})*)\\s*$` },
  isList: 'spaces',
  item: `^${HANDLE}$`,
};

/** A file in the repository. `null`: the default file, if it exists. */
export const configPath = optional(
  matching(
    /^(?:\.\/)?(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\s:\\][^:\\]*\.[yY][aA]?[mM][lL]$/,
    'the path of a YAML file in the repository, such as .github/deploy-latency.yml',
    (value) => value.replace(/^\.\//, ''),
  ),
);

/** A file on the runner. A relative path starts in the workspace. */
export const pageFile: OptionType<string | null> = optional({
  parse(value, name) {
    if (/^~|(?:^|[/\\])\.?$|\p{Cc}/u.test(value) || value.split(/[/\\]/).includes('..'))
      throw badInput(
        name,
        value,
        'the path of a file in the workspace, such as report.html, or an absolute path',
      );
    return value;
  },
});

/** Each named environment takes a request of its own. */
const MOST_ENVIRONMENTS = 50;

const linesIn = (value: string): string[] => value.split('\n').flatMap((line) => line.trim() || []);

/** One per line, because a name may contain any other character. `!` excludes. */
export const environmentNames: OptionType<string[]> = {
  parse(value, name) {
    const patterns = linesIn(value);
    if (patterns.some((pattern) => /^!?\*+$/.test(pattern)))
      throw badInput(name, value, 'environment names or patterns such as prod-*, but not * alone');
    if (patterns.length > MOST_ENVIRONMENTS)
      throw badInput(
        name,
        `${patterns.length} names`,
        `at most ${MOST_ENVIRONMENTS} names; use a pattern such as prod-*`,
      );
    if (patterns.every((pattern) => pattern.startsWith('!')))
      throw badInput(name, value, 'at least one name or pattern without !, such as prod-*');
    return patterns;
  },
  accepts: { pattern: '^(?!\\s*\\*+\\s*$)(?!\\s*![^\\n]*$)[\\s\\S]*\\S' },
  isList: 'lines',
  item: '^(?!\\s*!?\\*+\\s*$).*\\S.*$',
  contains: '^(?!\\s*!)',
};

/** A character of a path, or some in square brackets. */
const IN_PATH = '\\\\[\\s\\S]|\\[[^\\]]+\\]|[^\\\\[{},\\n]';
const IN_BRACES = `(?:${IN_PATH}|,)*`;
/** A path whose brackets are closed. A comma and a space are in braces only: others probably separate two paths. */
const PATH = `(?![^\\n]*[@+!?*]\\()(?:${IN_PATH}|,(?!\\s)|\\{(?:${IN_PATH}|,|\\{${IN_BRACES}\\})*\\}|\\})+`;

/** Paths of a service's files, one per line. `!` excludes, and exclusions only include all other files. */
export const pathPatterns: OptionType<string[]> = {
  parse(value, name) {
    const paths = linesIn(value);
    const isWrong = (path: string) =>
      !new RegExp(`^${PATH}$`).test(path) ||
      path.match(/\[[^\]]+\]/g)?.some((characters) => groupsIn(characters) === null);
    const wrong = paths.length === 0 ? '' : paths.find(isWrong);
    if (wrong !== undefined)
      throw badInput(
        name,
        wrong,
        'a path such as services/api/** or {api,web}/**, with all its brackets closed and without groups such as @(a|b); several paths are a list',
      );
    return paths;
  },
  accepts: { pattern: `^${PATH}(?:\\n+${PATH})*\\n*$` },
  isList: 'lines',
  item: `^${PATH}$`,
};

const AUTHOR = '!?(?:label:\\S+|@?[\\w*.-]+(?:\\[[bB][oO][tT]\\])?(?:/[\\w*.-]+)?)';

export const authorRule: OptionType<AuthorRule> = {
  parse(value, name) {
    const words = wordsIn(value);
    const wrong = words.find((word) => !new RegExp(`^${AUTHOR}$`).test(word));
    if (wrong !== undefined)
      throw badInput(
        name,
        wrong,
        'all, people, bots or logins such as octocat; * matches any characters, ! excludes',
      );
    const authors = words.map((word) => {
      const author = word.replace('@', '');
      return /^!?(?:all|people|bots)$/i.test(author) ? author.toLowerCase() : author;
    });
    const named = authors.filter((author) => !author.startsWith('!'));
    if (authors.includes('!all') || authors.includes('!people'))
      throw badInput(name, words.join(', '), 'exclusions of bots or logins, such as !bots or !octocat');
    const everyone = named.filter((author) => author === 'all' || author === 'people');
    if (everyone.length > 0 && named.length > 1)
      throw badInput(
        name,
        words.join(', '),
        `"${everyone[0]}" alone or with exclusions such as !octocat, or a list of bots and logins`,
      );
    return {
      only: everyone.length > 0 ? [] : named,
      exclude: [
        ...(everyone.includes('people') ? ['bots'] : []),
        ...authors.filter((author) => author.startsWith('!')).map((author) => author.slice(1)),
      ],
    };
  },
  accepts: { pattern: `^\\s*${AUTHOR}(?:[\\s,]+${AUTHOR})*\\s*$` },
  isList: 'spaces',
  item: `^${AUTHOR}$`,
};

const ADDRESS =
  '^(?:https://[^\\s/?#@]+|http://(?:localhost|127(?:\\.\\d{1,3}){3}|\\[::1\\])(?::\\d+)?)(?:[/?#]\\S*)?$';

/** Whether an address may be asked: https, or http on this machine. */
export const mayBeAsked = ({ href }: URL): boolean => new RegExp(ADDRESS).test(href);

export const address: OptionType<URL> = {
  parse(value, name) {
    const url = URL.canParse(value) ? new URL(value) : null;
    // The error does not repeat a password.
    if (url?.username || url?.password)
      throw badInput(name, url.host, 'an address without a user name and a password');
    if (url === null || !mayBeAsked(url))
      throw badInput(name, value, 'an https address, such as https://shop.example/version');
    return url;
  },
  accepts: { pattern: ADDRESS },
};

/** One address, or one for each environment or region. */
export const addresses: OptionType<LiveAddress[]> = {
  ...address,
  parse: (value, name, now) =>
    value.split('\n').flatMap((line) => {
      const [, environment = null, url = line] = /^(?:(.*\S):\s+)?(\S+)$/.exec(line.trim()) ?? [];
      return line.trim() === '' ? [] : [{ environment, url: address.parse(url, name, now) }];
    }),
  isMap: true,
};

/** A pattern whose first group is a commit. */
export const commitPattern: OptionType<string | null> = optional({
  parse(value, name) {
    if (!isPattern(value) || groupsIn(value) === 0)
      throw badInput(
        name,
        value,
        'a regular expression whose first group is the commit, such as revision: (\\w+), without a look ahead, a look behind or a back reference',
      );
    return value;
  },
  accepts: { pattern: '\\(.+\\)' },
});

export const branch: OptionType<string | null> = {
  parse: (value) => value.replace(/^refs\/heads\//, '') || null,
};

const wordsIn = (value: string): string[] => value.split(/[\s,]+/).filter((word) => word !== '');
