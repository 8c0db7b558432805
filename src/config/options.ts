import { MODES, STATISTICS } from '../model/terms.ts';
import { SOURCE_INPUTS, SOURCE_KINDS, SOURCES } from '../sources/registry.ts';
import type { SourceInput } from '../sources/source.ts';
import {
  addresses,
  authorRule,
  branch,
  choice,
  commitPattern,
  configPath,
  count,
  duration,
  environmentNames,
  failKinds,
  instant,
  matching,
  type OptionType,
  mention,
  objective,
  optional,
  pageFile,
  percentage,
  repository,
  text,
  weeks,
  widening,
} from './option-types.ts';

/**
 * All options. The inputs of both actions, the keys and the JSON Schema of the configuration file, the flags of each
 * command, shell completion and the tables in the documentation are generated from this list.
 */

/** The subject of an option: a run, one of its services, or many repositories together. */
export type Scope = 'run' | 'service' | 'organization';

/** Commands that take options as flags. */
export const COMMANDS_WITH_OPTIONS = ['demo', 'check', 'organization', 'rollup'] as const;
export type OptionCommand = (typeof COMMANDS_WITH_OPTIONS)[number];

/** A place to set an option: an input of either action, a key of the configuration file, or a flag of a command. */
export type Door = 'input' | 'organization input' | 'file' | OptionCommand;

/** Headings, in the order of the documentation. */
export const GROUPS = {
  first: 'Essentials',
  deploys: 'Deployments',
  changes: 'Changes and verdict',
  output: 'Output',
  run: 'Run',
  many: 'Organizations',
} as const;

export interface Option<T = unknown> extends OptionType<T> {
  default: string;
  /** For documents and `--help`. The bundle has it for `--help` only. */
  description: string;
  scopes: readonly Scope[];
  doors: readonly Door[];
  group: keyof typeof GROUPS;
}

const FLAGS = ['demo', 'check', 'organization'] as const;
const ONE_REPOSITORY = ['input', 'file', ...FLAGS] as const;
const EVERYWHERE = ['organization input', ...ONE_REPOSITORY] as const;
const ORGANIZATION = ['organization input', 'organization'] as const;

const PER_SERVICE = ['run', 'service'] as const;

type Row = OptionType<unknown> &
  Pick<Option, 'default' | 'description'> &
  Partial<Pick<Option, 'scopes' | 'doors'>>;

/** Completes the rows of a group. Most options apply to a run and are set for one repository. */
function inGroup<T extends Record<string, Row>>(
  group: Option['group'],
  rows: T,
  defaults: Pick<Option, 'scopes' | 'doors'> = { scopes: ['run'], doors: ONE_REPOSITORY },
) {
  return Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [name, { group, ...defaults, ...row }]),
  ) as { [Name in keyof T]: T[Name] & Pick<Option, 'scopes' | 'doors' | 'group'> };
}

export const OPTIONS = {
  ...inGroup('first', {
    target: {
      ...duration(),
      default: '15m',
      description: 'Merge-to-live time to aim for, such as `90s`, `15m` or `1h30m`. Defaults to `15m`.',
      scopes: PER_SERVICE,
      doors: EVERYWHERE,
    },
    environment: {
      ...environmentNames,
      default: 'production',
      description:
        'Environments to measure, one per line. `*` matches any characters, `!` excludes. Several matches are regions of one service. Defaults to `production`.',
      scopes: PER_SERVICE,
      doors: [...EVERYWHERE, 'rollup'],
    },
    'deploy-source': {
      ...choice(SOURCE_KINDS),
      default: SOURCES[0].kind,
      description: `Selects what counts as a deployment: ${SOURCE_KINDS.map((kind) => `\`${kind}\``)
        .join(', ')
        .replace(/, (?=[^,]*$)/, ' or ')}. Defaults to \`deployments\`.`,
      scopes: PER_SERVICE,
      doors: EVERYWHERE,
    },
  }),
  ...sourceOptions(),
  ...inGroup('first', {
    window: {
      ...duration(),
      default: '7d',
      description: 'Time span to measure, such as `7d`. Must be at least twice the limit. Defaults to `7d`.',
      doors: EVERYWHERE,
    },
    'fail-on': {
      ...failKinds,
      default: 'auto',
      description:
        'Findings that fail the step: `drift`, `sure-drift`, `batch`, `slow`, `stuck`, `manual`, `not-live`, `no-data`, `budget-spent`, `budget-burning` or `none`. Defaults to `sure-drift` in guard mode.',
      scopes: PER_SERVICE,
      doors: [...EVERYWHERE, 'rollup'],
    },
    comment: {
      ...choice(['auto', 'always', 'overdue', 'never']),
      default: 'auto',
      description:
        'Posts comments on pull requests: `auto` (on open ones, and on shipped ones with a problem), `always`, `overdue` (in scheduled mode, on changes that are not live in time) or `never`. Defaults to `auto`.',
      doors: ['input', 'file'],
    },
    issue: {
      ...choice(['auto', 'always', 'per-service', 'never']),
      default: 'auto',
      description:
        'Opens an issue while the alert is on, in scheduled mode: `auto`, `per-service`, `always` (even with `as-of`) or `never`. Defaults to `auto`.',
      doors: ['input', 'file'],
    },
  }),
  ...inGroup('deploys', {
    live: {
      ...optional(choice(['first', 'last'])),
      default: '',
      description:
        'With several regions, counts a change as live in the `first` one or only in the `last` one. Defaults to `first`, and to `last` for the jobs of a matrix.',
      scopes: PER_SERVICE,
      doors: ['file', ...FLAGS],
    },
    'live-url': {
      ...addresses,
      default: '',
      description:
        'Address where production answers with its commit, or a map with one for each environment or region. Defaults to none.',
      scopes: PER_SERVICE,
      doors: ['file', 'check'],
    },
    'live-match': {
      ...commitPattern,
      default: '',
      description:
        'Regular expression whose first group is the commit in that answer. Defaults to the only commit in it.',
      scopes: PER_SERVICE,
      doors: ['file', 'check'],
    },
  }),
  ...inGroup('changes', {
    'base-branch': {
      ...branch,
      default: '',
      description: "Branch that changes are merged into. Defaults to the repository's default branch.",
    },
    'direct-pushes': {
      ...choice(['ignore', 'count']),
      default: 'ignore',
      description:
        'Treatment of commits pushed without a pull request: `ignore` or `count`. Defaults to `ignore`.',
      scopes: PER_SERVICE,
    },
    authors: {
      ...authorRule,
      default: 'all',
      description:
        'Authors whose changes count: `all`, `people`, `bots` or logins. `*` matches any characters, `!` excludes. Other changes are still attributed. Defaults to `all`.',
      scopes: PER_SERVICE,
    },
    tolerance: {
      ...percentage,
      default: '25%',
      description:
        'Percentage above the target that lead time may reach before it counts as drift. Defaults to `25%`.',
      scopes: PER_SERVICE,
    },
    statistic: {
      ...choice(STATISTICS),
      default: 'p50',
      description:
        'Statistic to compare with the target: `p50`, `p75`, `p90`, `p95`, `mean` or `max`. Defaults to `p50`.',
      scopes: PER_SERVICE,
    },
    objective: {
      ...objective,
      default: '',
      description:
        'Share of changes that should be live within the limit over 28 days, such as `90%`. Adds an error budget. Defaults to `none`.',
      scopes: PER_SERVICE,
    },
    'max-batch': {
      ...count,
      default: '1',
      description:
        'Maximum number of changes that one deployment may ship without counting as a batch. Defaults to `1`.',
      scopes: PER_SERVICE,
    },
    'min-samples': {
      ...count,
      default: '5',
      description: 'Minimum number of changes for a verdict. Defaults to `5`.',
      scopes: PER_SERVICE,
      doors: EVERYWHERE,
    },
    widen: {
      ...widening,
      default: '28d',
      description:
        'Longest time span for a window with fewer than ten changes, up to `28d`, or `none`. Defaults to `28d`.',
    },
  }),
  ...inGroup('output', {
    weeks: {
      ...weeks,
      default: '',
      description: 'Number of past weeks to show in addition to the window, up to 104. Defaults to none.',
    },
    stages: {
      ...choice(['auto', 'full', 'none']),
      default: 'auto',
      description:
        'Reads the stages of deployments: `auto` (slow ones and a sample), `full` (up to 100) or `none`. Defaults to `auto`.',
      doors: EVERYWHERE,
    },
    html: {
      ...pageFile,
      default: '',
      description:
        'Path of an HTML page to write, such as `report.html`, relative to the workspace. Defaults to no page.',
      doors: ['input', 'organization input'],
    },
    mention: {
      ...mention,
      default: 'none',
      description:
        'Accounts to mention when something is wrong: `authors`, handles such as `@octocat`, or `none`. Defaults to `none`.',
      doors: ['file'],
    },
    'issue-label': {
      ...text,
      default: 'deploy-latency',
      description: 'Label for the issue. Defaults to `deploy-latency`.',
      doors: ['file'],
    },
    'issue-repository': {
      ...optional(repository),
      default: '',
      description:
        'Repository for the issue, as `owner/name`. Defaults to the repository that the workflow runs in.',
      doors: ['file'],
    },
    otel: {
      ...choice(['auto', 'shipped', 'window', 'never']),
      default: 'auto',
      description:
        'Changes to send traces for if `OTEL_EXPORTER_OTLP_ENDPOINT` is set: `shipped`, `window`, `never` or `auto` (depends on the mode). Defaults to `auto`.',
      doors: ['file', 'check'],
    },
  }),
  ...inGroup('run', {
    mode: {
      ...choice(['auto', ...MODES]),
      default: 'auto',
      description:
        'Purpose of the run: `guard`, `pull-request`, `scheduled` or `auto` (depends on the event). Defaults to `auto`.',
      doors: ['input', 'file', 'demo', 'check'],
    },
    'pull-request': {
      ...optional(count),
      default: '',
      description:
        "Number of the pull request to comment on in mode `pull-request`. Defaults to the event's pull request.",
      doors: ['input'],
    },
    'as-of': {
      ...instant,
      default: '',
      description: 'Time to measure at, in ISO 8601, such as `2026-01-31T12:00:00Z`. Defaults to now.',
      doors: EVERYWHERE,
    },
    repository: {
      ...optional(repository),
      default: '',
      description:
        'Repository to measure, as `owner/name`. Defaults to the repository that the workflow runs in.',
      doors: ['input'],
    },
    config: {
      ...configPath,
      default: '',
      description:
        'Path of the configuration file in the repository. Inputs override the file. Defaults to `.github/deploy-latency.yml` or `.yaml`, if present.',
      doors: ['input', 'check', 'organization'],
    },
    'github-token': {
      ...text,
      default: '',
      description: "Token for reading and for comments. Defaults to the job's `GITHUB_TOKEN`.",
      doors: ['input', 'organization input'],
    },
    timeout: {
      ...duration(6 * 3600),
      default: '5m',
      description: 'Maximum duration of a run. Defaults to `5m`.',
    },
    'max-requests': {
      ...count,
      default: '300',
      description: 'Maximum number of read requests in a run. Defaults to `300`.',
    },
  }),
  ...inGroup(
    'many',
    {
      repositories: {
        ...text,
        isList: 'lines',
        default: '',
        description:
          'Repositories to measure, such as `octo-org/*`, one per line. `!` excludes. Archived, forked and dormant ones are skipped. Defaults to none.',
      },
      topic: {
        ...text,
        default: '',
        description: 'Topic of the repositories to measure. Defaults to any.',
      },
      property: {
        ...text,
        default: '',
        description: 'Custom property of the repositories to measure, as `name=value`. Defaults to any.',
      },
      shard: {
        ...text,
        default: '',
        description:
          'Part of the repositories to measure, such as `3/7`. `list` only outputs the parts for a matrix. Defaults to all.',
      },
      reports: {
        ...text,
        default: '',
        description:
          'Folder for the reports. An interrupted run continues from it. Defaults to a new folder.',
      },
      'roll-up': {
        ...text,
        isList: 'lines',
        default: '',
        description:
          'Combines saved reports instead of measuring: files or folders, one per line. Defaults to none.',
        doors: ['organization input'],
      },
      'budget-points': {
        ...optional(count),
        default: '',
        description:
          "GitHub API points for all repositories. Defaults to all but 10% of the token's hourly limit.",
      },
      'budget-time': {
        ...duration(Number.POSITIVE_INFINITY),
        default: '50m',
        description: 'Maximum duration for all repositories. Defaults to `50m`.',
      },
    },
    { scopes: ['organization'], doors: ORGANIZATION },
  ),
} satisfies Record<string, Option>;

/** Options of the deploy sources. They stay text here, because each source parses its own. */
function sourceOptions(): Record<keyof typeof SOURCE_INPUTS, Option<string>> {
  return Object.fromEntries(
    Object.entries<SourceInput>(SOURCE_INPUTS).map(([name, { isInput, isFirst = false, ...row }]) => {
      const doors: Door[] = ['file', ...FLAGS];
      if (isInput) doors.push('input');
      if (isFirst) doors.push('organization input');
      const { parse } = row.accepts
        ? matching(new RegExp(row.accepts.pattern), row.accepts.words, String)
        : text;
      const type: OptionType<string> = { ...row, parse: (value, ...at) => value && parse(value, ...at) };
      return [name, { ...row, ...type, scopes: PER_SERVICE, doors, group: isFirst ? 'first' : 'deploys' }];
    }),
  ) as unknown as Record<keyof typeof SOURCE_INPUTS, Option<string>>;
}

export type OptionName = keyof typeof OPTIONS;
export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

const rowOf = (name: OptionName): Option => OPTIONS[name];
/** The options that can be set in a place, in the order of {@link OPTIONS}. */
export const optionsAt = (door: Door): OptionName[] =>
  OPTION_NAMES.filter((name) => rowOf(name).doors.includes(door));
export const appliesTo = (name: OptionName, scope: Scope): boolean => rowOf(name).scopes.includes(scope);
export const isOption = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name);

/** Unparsed values by option name. */
export type RawOptions = Partial<Record<OptionName, string>>;

type Values = {
  [Name in OptionName]: (typeof OPTIONS)[Name] extends OptionType<infer T> ? T : never;
};

/** Parsed options, with defaults filled in. Options of deploy sources stay text until the source parses them. */
export interface ParsedOptions {
  value: Values;
  /** Names of the options that were set. */
  given: ReadonlySet<OptionName>;
}

export type OptionReader = (raw: RawOptions) => ParsedOptions;

/**
 * A reader for one run. It parses every option, caches parsed values, and replaces an empty or missing option by its default.
 * It throws a {@link GuardError} for the first invalid option, with its name, its value and the accepted values.
 */
export function optionReader(now: Date): OptionReader {
  const cache = new Map<string, unknown>();
  const read = (name: OptionName, text: string): unknown => {
    const key = `${name} ${text}`;
    if (!cache.has(key)) cache.set(key, rowOf(name).parse(text, name, now));
    return cache.get(key);
  };
  return (raw) => ({
    given: new Set(OPTION_NAMES.filter((name) => raw[name]?.trim())),
    value: Object.fromEntries(
      OPTION_NAMES.map((name) => [name, read(name, raw[name]?.trim() || OPTIONS[name].default)]),
    ) as Values,
  });
}
