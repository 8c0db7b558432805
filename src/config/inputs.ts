import { isValid, parseISO } from 'date-fns';
import { badInput } from '../model/guard-error.ts';
import { FAIL_KINDS, type FailKind, MODES, STATISTICS } from '../model/terms.ts';
import type { AuthorRule } from '../model/unit.ts';
import { SOURCE_INPUTS, SOURCE_KINDS, SOURCES } from '../sources/registry.ts';
import { DURATION_FORMS, parseDuration } from './duration.ts';

/** The time or the moment at hand, for inputs that are read against it. */
export type Parse<T> = (value: string, name: string, now: Date) => T;

const LONGEST = 5 * 366 * 86_400;
/** A window is widened to so many seconds at most: what is older says little about now. */
const WIDEST = 28 * 86_400;

const text: Parse<string> = (value) => value;

const choice =
  <const T extends string>(accepted: readonly T[]): Parse<T> =>
  (value, name) => {
    const found = accepted.find((each) => each === value);
    if (found === undefined) throw badInput(name, value, accepted.join(', '));
    return found;
  };

/** Seconds. */
const duration =
  (longest: number): Parse<number> =>
  (value, name) => {
    const seconds = parseDuration(value);
    if (seconds === null || seconds <= 0 || seconds > longest)
      throw badInput(name, value, `${DURATION_FORMS}, longer than zero and at most ${longest / 86_400} days`);
    return seconds;
  };

const count: Parse<number> = (value, name) => {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw badInput(name, value, 'a whole number from 1 up');
  return Number(value);
};

/** `null`: the one that the workflow runs in. */
const repository: Parse<string | null> = (value, name) => {
  if (value !== '' && !/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/.test(value))
    throw badInput(name, value, 'owner/name, such as octo-org/shop');
  return value || null;
};

const percentage: Parse<number> = (value, name) => {
  const match = /^(\d{1,6}(?:\.\d+)?)\s*%$/.exec(value);
  if (match === null) throw badInput(name, value, 'a percentage of zero or more, such as 25%');
  return Number(match[1]) / 100;
};

/** A share from 0 to 1, neither of them. `null`: there is none. */
const objective: Parse<number | null> = (value, name, now) => {
  if (value === '' || value === 'none') return null;
  const accepted = 'a percentage above 0% and below 100%, such as 90%, or none';
  if (!/^\d{1,3}(?:\.\d{1,6})?\s*%$/.test(value)) throw badInput(name, value, accepted);
  const share = percentage(value, name, now);
  if (share <= 0 || share >= 1) throw badInput(name, value, accepted);
  return share;
};

/** Seconds; 0: none. */
const widening: Parse<number> = (value, name) => {
  if (value === 'none') return 0;
  const seconds = parseDuration(value);
  if (seconds === null || seconds <= 0 || seconds > WIDEST)
    throw badInput(name, value, `none, or ${DURATION_FORMS}, at most ${WIDEST / 86_400} days`);
  return seconds;
};

/** `null`: none are shown. */
const weeks: Parse<number | null> = (value, name) => {
  if (value === '') return null;
  if (!/^[1-9]\d{0,2}$/.test(value) || Number(value) > 104)
    throw badInput(name, value, 'a whole number from 1 to 104, such as 26');
  return Number(value);
};

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}))?$/;

/** A date alone is its first moment in UTC, so that an answer does not depend on where it is asked. `null`: now. */
const instant: Parse<Date | null> = (value, name, now) => {
  if (value === '') return null;
  const date = parseISO(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00Z` : value);
  if (!INSTANT.test(value) || !isValid(date) || date > now)
    throw badInput(
      name,
      value,
      'an ISO 8601 instant that is not in the future, such as 2026-01-31T12:00:00Z',
    );
  return date;
};

/** `auto`: as the mode has it. */
const kinds: Parse<ReadonlySet<FailKind> | 'auto'> = (value, name) => {
  if (value === 'auto') return value;
  if (value === 'none') return new Set();
  return new Set(
    wordsIn(value).map((each) => {
      const kind = FAIL_KINDS.find((known) => known === each);
      if (kind === undefined)
        throw badInput(name, value, `auto, none, or a list of ${FAIL_KINDS.join(', ')}`);
      return kind;
    }),
  );
};

const mention: Parse<{ authors: boolean; handles: string[] }> = (value, name) => {
  if (value === 'none') return { authors: false, handles: [] };
  const words = wordsIn(value);
  const handles = words.filter((each) => each !== 'authors').map((each) => each.replace(/^@/, ''));
  if (!handles.every((each) => /^[A-Za-z0-9][A-Za-z0-9-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)?$/.test(each)))
    throw badInput(name, value, 'none, authors, or handles such as @octocat @octo-org/platform');
  return { authors: words.includes('authors'), handles };
};

/** A file below the repository's root. `null`: the usual one, where it is there. */
const path: Parse<string | null> = (value, name) => {
  if (value === '') return null;
  if (!/^(?!\/)[^\s:\\][^:\\]*\.ya?ml$/i.test(value) || value.split('/').includes('..'))
    throw badInput(
      name,
      value,
      'the path of a YAML file in the repository, such as .github/deploy-latency.yml',
    );
  return value;
};

/** A file on the runner; a relative path starts in the workspace. `null`: none. */
const pageFile: Parse<string | null> = (value, name) => {
  if (value === '') return null;
  if (/^~|[/\\]$|\p{Cc}/u.test(value) || value.split(/[/\\]/).includes('..'))
    throw badInput(
      name,
      value,
      'the path of a file in the workspace, such as report.html, or an absolute path',
    );
  return value;
};

/** One a line, as a name may have any other character. */
const names: Parse<string[]> = (value, name) => {
  const found = value
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (found.some((each) => /^\*+$/.test(each)))
    throw badInput(name, value, 'names of environments; * alone would be all of them');
  return found;
};

const authorsIn: Parse<AuthorRule> = (value, name) => {
  const words = wordsIn(value);
  const wrong = words.find((each) => !/^!?(?:label:\S+|@?[\w*.-]+(?:\[bot\])?(?:\/[\w*.-]+)?)$/.test(each));
  if (wrong !== undefined)
    throw badInput(
      name,
      wrong,
      'all, people, bots, or logins such as octocat, with * for any characters and ! for all but',
    );
  const plain = words.map((each) => each.replace('@', ''));
  return {
    only: plain.filter((each) => !each.startsWith('!') && each !== 'all' && each !== 'people'),
    exclude: [
      ...(plain.includes('people') ? ['bots'] : []),
      ...plain.filter((each) => each.startsWith('!')).map((each) => each.slice(1)),
    ],
  };
};

const wordsIn = (value: string): string[] => value.split(/[\s,]+/).filter((each) => each !== '');

/**
 * Every input: its default, what it says of itself, and what reads it, a row each, in the order in which the
 * documentation lists them. Those of a deploy source are told by the source. `action.yml`, the command line's `--help`
 * and the README's table are made from this.
 */
export const INPUTS = {
  'github-token': {
    default: '',
    description: "Token to read and comment with. The job's own token by default.",
    parse: text,
  },
  repository: {
    default: '',
    description: 'Repository to measure, as owner/name. This repository by default.',
    parse: repository,
  },
  config: {
    default: '',
    description:
      'File of settings in the repository; what it says holds where no input says otherwise. .github/deploy-latency.yml by default, where it is there.',
    parse: path,
  },
  mode: {
    default: 'auto',
    description: 'guard, pull-request or scheduled. auto takes it from the event.',
    parse: choice(['auto', ...MODES]),
  },
  'pull-request': {
    default: '',
    description:
      'With mode pull-request, on an event that is about no pull request: the number of the one to comment on.',
    parse: (value, name, now) => (value === '' ? null : count(value, name, now)),
  },
  environment: {
    default: 'production',
    description:
      'Environment whose deployments count; * stands for any characters, and a further line for a further name: then they are regions of one.',
    parse: names,
  },
  live: {
    default: 'first',
    description:
      'With several environments: first (live with the first of them) or last (live in every one in use).',
    parse: choice(['first', 'last']),
  },
  'deploy-source': {
    default: SOURCES[0].kind,
    description: `What a deploy is: ${SOURCES.map((each) => `${each.kind} (${each.summary})`)
      .join(', ')
      .replace(/, (?=[^,]*$)/, ' or ')}.`,
    parse: choice(SOURCE_KINDS),
  },
  ...SOURCE_INPUTS,
  'base-branch': {
    default: '',
    description: 'Branch that changes are merged into. The default branch by default.',
    parse: (value) => value.replace(/^refs\/heads\//, '') || null,
  },
  'direct-pushes': {
    default: 'ignore',
    description: 'ignore, or count commits that were pushed to the base branch without a pull request.',
    parse: choice(['ignore', 'count']),
  },
  target: {
    default: '15m',
    description: "The team's time from merge to live: 90s, 15m, 1h30m, PT15M.",
    parse: duration(LONGEST),
  },
  tolerance: {
    default: '25%',
    description: 'How far past the target is still no drift.',
    parse: percentage,
  },
  statistic: {
    default: 'p50',
    description: 'What is held against the target: p50, p75, p90, p95, mean or max.',
    parse: choice(STATISTICS),
  },
  window: {
    default: '7d',
    description: 'How far back merged changes are taken from; at least twice the limit.',
    parse: duration(LONGEST),
  },
  widen: {
    default: '28d',
    description:
      'Where the window holds fewer than ten changes: how far back it is widened at most, to the last ten; or none.',
    parse: widening,
  },
  objective: {
    default: '',
    description:
      'Share of changes that is to be live within the limit over 28 days, such as 90%: then the error budget is told. Off by default.',
    parse: objective,
  },
  weeks: {
    default: '',
    description:
      'So many weeks are shown beside the window: lead time, verdict, alert, deployments, batches. Off by default.',
    parse: weeks,
  },
  'as-of': {
    default: '',
    description: 'An ISO 8601 instant: answers as it would have then. Now by default.',
    parse: instant,
  },
  'min-samples': {
    default: '5',
    description: 'Fewer merged changes than this are no verdict.',
    parse: count,
  },
  authors: {
    default: 'all',
    description:
      'Whose changes the statistic takes: all, people (no bots), or a list of logins, with * for any characters and ! for all but. What is left out is still attributed.',
    parse: authorsIn,
  },
  'max-batch': {
    default: '1',
    description: 'A deployment that ships more merged changes than this is a batch.',
    parse: count,
  },
  'fail-on': {
    default: 'auto',
    description:
      'Findings that fail the step: a list of drift, sure-drift, batch, slow, stuck, manual, no-data, budget-spent, budget-burning; or none. auto is sure-drift in guard mode and none in the others.',
    parse: kinds,
  },
  comment: {
    default: 'auto',
    description:
      'Comments on pull requests: auto (always on open ones; on shipped ones when something is wrong), always (also when nothing is wrong, and for an as-of that is more than a day ago) or never.',
    parse: choice(['auto', 'always', 'never']),
  },
  issue: {
    default: 'auto',
    description:
      'auto keeps one issue in scheduled mode while the alert is on; per-service one for each service; always does as auto for an as-of that is more than a day ago, too; never keeps none.',
    parse: choice(['auto', 'always', 'per-service', 'never']),
  },
  'issue-label': {
    default: 'deploy-latency',
    description: 'Label of the issue.',
    parse: text,
  },
  'issue-repository': {
    default: '',
    description:
      'Repository that the issue is kept in, as owner/name. The one that the workflow is in by default.',
    parse: repository,
  },
  html: {
    default: '',
    description:
      "Path to write the page to, such as report.html: one HTML file with charts and tables, for a browser or an artifact. A relative path starts in the job's workspace. Defaults to no page.",
    parse: pageFile,
  },
  otel: {
    default: 'auto',
    description:
      'Where OTEL_EXPORTER_OTLP_ENDPOINT is set, the changes that a trace is sent of: shipped (by the deployment that the run is about), window (all that are live), or never. auto is shipped in guard mode, window in scheduled mode, and in pull-request mode nothing.',
    parse: choice(['auto', 'shipped', 'window', 'never']),
  },
  stages: {
    default: 'auto',
    description:
      'Where the time goes: auto opens all slow deployments and a sample of the others, full all (100 at most), none none.',
    parse: choice(['auto', 'full', 'none']),
  },
  timeout: {
    default: '5m',
    description: 'How long it may take in all.',
    parse: duration(6 * 3600),
  },
  'max-requests': {
    default: '300',
    description: 'How many requests it may make to read.',
    parse: count,
  },
  mention: {
    default: 'none',
    description: 'none, authors, or handles to name when something is wrong.',
    parse: mention,
  },
} as const satisfies Record<string, { default: string; description: string; parse?: Parse<unknown> }>;

export type InputName = keyof typeof INPUTS;
export const INPUT_NAMES = Object.keys(INPUTS) as InputName[];

type Parsed = {
  [Name in InputName]: (typeof INPUTS)[Name] extends { parse: Parse<infer T> } ? T : string;
};

/** Inputs that were read, each by its own row; those of a deploy source as they were given, for it to read. */
export interface Inputs {
  value: Parsed;
  /** Those that are not empty. */
  given: ReadonlySet<InputName>;
}

/** Reads every input; a value that was read before is not read again. */
export type InputReader = (raw: Partial<Record<InputName, string>>) => Inputs;

/**
 * A reader for one run. An empty or missing input is its default.
 *
 * The reader throws a {@link GuardError} on the first input that cannot be used; the line names the input, the value and
 * what is accepted.
 */
export function inputReader(now: Date): InputReader {
  const known = new Map<string, unknown>();
  const read = (name: InputName, words: string): unknown => {
    const row: { default: string; parse?: Parse<unknown> } = INPUTS[name];
    if (!row.parse) return words;
    const key = `${name} ${words}`;
    if (!known.has(key)) known.set(key, row.parse(words, name, now));
    return known.get(key);
  };
  return (raw) => ({
    given: new Set(INPUT_NAMES.filter((name) => raw[name]?.trim())),
    value: Object.fromEntries(
      INPUT_NAMES.map((name) => [name, read(name, raw[name]?.trim() || INPUTS[name].default)]),
    ) as Parsed,
  });
}
