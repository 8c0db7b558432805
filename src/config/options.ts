import { MODES, STATISTICS } from '../model/terms.ts';
import { SOURCE_INPUTS, SOURCE_KINDS, SOURCES } from '../sources/registry.ts';
import type { SourceInput } from '../sources/source.ts';
import {
  authorRule,
  branch,
  choice,
  configPath,
  count,
  duration,
  environmentNames,
  failKinds,
  instant,
  type Kind,
  mention,
  objective,
  optional,
  pageFile,
  percentage,
  repository,
  text,
  weeks,
  widening,
} from './kinds.ts';

/**
 * Every option, a row each. The inputs of both actions, the keys of the file of settings and their JSON Schema, the flags
 * of each command, the completion and the tables of the documentation are made of these rows.
 */

/** What an option can be said of: a whole run, one service of it, or many repositories together. */
export type Scope = 'run' | 'service' | 'organization';

/** Commands of the command line that take options as flags. */
export const COMMANDS_WITH_OPTIONS = ['demo', 'check', 'organization', 'rollup'] as const;
export type OptionCommand = (typeof COMMANDS_WITH_OPTIONS)[number];

/** Where it is said: an input of the action, one of the action for organizations, a key of the file, a flag of a command. */
export type Door = 'input' | 'organization input' | 'file' | OptionCommand;

/** In the order in which they are listed, each with its heading. */
export const GROUPS = {
  first: 'What matters first',
  deploys: 'What a deploy is',
  changes: 'Which changes count, and how',
  told: 'What is said, and where',
  run: 'The run itself',
  many: 'Many repositories',
} as const;

export interface Option<T = unknown> extends Kind<T> {
  default: string;
  description: string;
  scopes: readonly Scope[];
  doors: readonly Door[];
  group: keyof typeof GROUPS;
}

const FLAGS = ['demo', 'check', 'organization'] as const;
/** The command line writes nothing to GitHub, and its options of what it writes are no flags. */
const WRITTEN = ['file'] as const;
const MANY = ['organization input', 'organization'] as const;

const OF_A_SERVICE = ['run', 'service'] as const;
const OF_A_RUN = ['run'] as const;

export const OPTIONS = {
  target: {
    ...duration(),
    default: '15m',
    description:
      'Time from merge to live that the team aims for, such as 90s, 15m, 1h30m or PT15M. Default: 15m.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'organization input', 'file', ...FLAGS],
    group: 'first',
  },
  environment: {
    ...environmentNames,
    default: 'production',
    description:
      'Environment whose deployments count, one a line; * matches any characters, ! excludes. Several are regions of one service. Default: production.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'organization input', 'file', ...FLAGS, 'rollup'],
    group: 'first',
  },
  'deploy-source': {
    ...choice(SOURCE_KINDS),
    default: SOURCES[0].kind,
    description: `What counts as a deploy: ${SOURCE_KINDS.join(', ').replace(/, (?=[^,]*$)/, ' or ')}. Default: deployments.`,
    scopes: OF_A_SERVICE,
    doors: ['input', 'organization input', 'file', ...FLAGS],
    group: 'first',
  },
  ...sourceOptions(),
  window: {
    ...duration(),
    default: '7d',
    description: 'How far back merged changes are measured; at least twice the limit. Default: 7d.',
    scopes: OF_A_RUN,
    doors: ['input', 'organization input', 'file', ...FLAGS],
    group: 'first',
  },
  'fail-on': {
    ...failKinds,
    default: 'auto',
    description:
      'Findings that fail the step: drift, sure-drift, batch, slow, stuck, manual, no-data, budget-spent, budget-burning; or none. Default: sure-drift in guard mode.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'organization input', 'file', ...FLAGS, 'rollup'],
    group: 'first',
  },
  comment: {
    ...choice(['auto', 'always', 'never']),
    default: 'auto',
    description:
      'When to comment on pull requests: auto (open ones; shipped ones if something is wrong), always or never. Default: auto.',
    scopes: OF_A_RUN,
    doors: ['input', ...WRITTEN],
    group: 'first',
  },
  issue: {
    ...choice(['auto', 'always', 'per-service', 'never']),
    default: 'auto',
    description:
      'Issue that scheduled runs keep while the alert is on: auto (one), per-service, always (also for a past as-of) or never. Default: auto.',
    scopes: OF_A_RUN,
    doors: ['input', ...WRITTEN],
    group: 'first',
  },
  live: {
    ...choice(['first', 'last']),
    default: 'first',
    description:
      'With several environments, where a change has to be to count as live: in the first, or in the last one in use. Default: first.',
    scopes: OF_A_SERVICE,
    doors: ['file', ...FLAGS],
    group: 'deploys',
  },
  'base-branch': {
    ...branch,
    default: '',
    description: "Branch that changes are merged into. Default: the repository's default branch.",
    scopes: OF_A_RUN,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  'direct-pushes': {
    ...choice(['ignore', 'count']),
    default: 'ignore',
    description:
      'Whether commits that were pushed without a pull request count: ignore or count. Default: ignore.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  authors: {
    ...authorRule,
    default: 'all',
    description:
      'Whose changes count: all, people, bots or logins; * matches any characters, ! excludes. Others are still attributed. Default: all.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  tolerance: {
    ...percentage,
    default: '25%',
    description: 'How far past the target is not yet drift. Default: 25%.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  statistic: {
    ...choice(STATISTICS),
    default: 'p50',
    description: 'Figure that is compared with the target: p50, p75, p90, p95, mean or max. Default: p50.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  objective: {
    ...objective,
    default: '',
    description:
      'Share of changes to be live within the limit over 28 days, such as 90%; shows the error budget. Default: none.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  'max-batch': {
    ...count,
    default: '1',
    description: 'Most changes that one deployment may ship without being a batch. Default: 1.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  'min-samples': {
    ...count,
    default: '5',
    description: 'Fewest changes that a verdict may rest on. Default: 5.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'organization input', 'file', ...FLAGS],
    group: 'changes',
  },
  widen: {
    ...widening,
    default: '28d',
    description:
      'How far back a window with fewer than ten changes is widened, up to 28d; or none. Default: 28d.',
    scopes: OF_A_RUN,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  weeks: {
    ...weeks,
    default: '',
    description: 'Number of past weeks to show beside the window, up to 104. Default: none.',
    scopes: OF_A_RUN,
    doors: ['input', 'file', ...FLAGS],
    group: 'told',
  },
  stages: {
    ...choice(['auto', 'full', 'none']),
    default: 'auto',
    description:
      'Deployments whose stages are read: auto (slow ones and a sample), full (up to 100) or none. Default: auto.',
    scopes: OF_A_RUN,
    doors: ['input', 'organization input', 'file', ...FLAGS],
    group: 'told',
  },
  html: {
    ...pageFile,
    default: '',
    description:
      'Path of an HTML page to write, such as report.html; relative to the workspace. Default: no page.',
    scopes: OF_A_RUN,
    doors: ['input', 'organization input'],
    group: 'told',
  },
  mention: {
    ...mention,
    default: 'none',
    description:
      'Whom comments and issues mention when something is wrong: authors, handles such as @octocat, or none. Default: none.',
    scopes: OF_A_RUN,
    doors: WRITTEN,
    group: 'told',
  },
  'issue-label': {
    ...text,
    default: 'deploy-latency',
    description: 'Label of the issue. Default: deploy-latency.',
    scopes: OF_A_RUN,
    doors: WRITTEN,
    group: 'told',
  },
  'issue-repository': {
    ...optional(repository),
    default: '',
    description:
      'Repository that keeps the issue, as owner/name. Default: the one that the workflow runs in.',
    scopes: OF_A_RUN,
    doors: WRITTEN,
    group: 'told',
  },
  otel: {
    ...choice(['auto', 'shipped', 'window', 'never']),
    default: 'auto',
    description:
      'Changes that traces are sent for if OTEL_EXPORTER_OTLP_ENDPOINT is set: shipped, window or never. Default: auto, by the mode.',
    scopes: OF_A_RUN,
    doors: ['file', ...FLAGS],
    group: 'told',
  },
  mode: {
    ...choice(['auto', ...MODES]),
    default: 'auto',
    description: 'What the run is for: guard, pull-request or scheduled. Default: auto, by the event.',
    scopes: OF_A_RUN,
    doors: ['input', 'file', ...FLAGS],
    group: 'run',
  },
  'pull-request': {
    ...optional(count),
    default: '',
    description: "Number of the pull request to comment on, in mode pull-request. Default: the event's.",
    scopes: OF_A_RUN,
    doors: ['input'],
    group: 'run',
  },
  'as-of': {
    ...instant,
    default: '',
    description: 'Instant to answer for, in ISO 8601. Default: now.',
    scopes: OF_A_RUN,
    doors: ['input', 'organization input', 'file', ...FLAGS],
    group: 'run',
  },
  repository: {
    ...optional(repository),
    default: '',
    description: 'Repository to measure, as owner/name. Default: this one.',
    scopes: OF_A_RUN,
    doors: ['input'],
    group: 'run',
  },
  config: {
    ...configPath,
    default: '',
    description:
      'File of settings in the repository; inputs override it. Default: .github/deploy-latency.yml or .yaml, if it exists.',
    scopes: OF_A_RUN,
    doors: ['input', ...FLAGS],
    group: 'run',
  },
  'github-token': {
    ...text,
    default: '',
    description: "Token to read and to comment with. Default: the job's own.",
    scopes: OF_A_RUN,
    doors: ['input', 'organization input'],
    group: 'run',
  },
  timeout: {
    ...duration(6 * 3600),
    default: '5m',
    description: 'Longest time that a run may take. Default: 5m.',
    scopes: OF_A_RUN,
    doors: ['input', 'file', ...FLAGS],
    group: 'run',
  },
  'max-requests': {
    ...count,
    default: '300',
    description: 'Most requests that a run may make to read. Default: 300.',
    scopes: OF_A_RUN,
    doors: ['input', 'file', ...FLAGS],
    group: 'run',
  },
  repositories: {
    ...text,
    isList: true,
    default: '',
    description:
      'Repositories to measure: names and patterns such as octo-org/*, one a line; ! excludes. Archived, forked and dormant ones are skipped. Default: none.',
    scopes: ['organization'],
    doors: MANY,
    group: 'many',
  },
  topic: {
    ...text,
    default: '',
    description: 'Topic of the repositories to measure. Default: any.',
    scopes: ['organization'],
    doors: MANY,
    group: 'many',
  },
  property: {
    ...text,
    default: '',
    description: 'Custom property of the repositories to measure, as name=value. Default: any.',
    scopes: ['organization'],
    doors: MANY,
    group: 'many',
  },
  shard: {
    ...text,
    default: '',
    description:
      'Part of the repositories to measure, such as 3/7; list only outputs the parts for a matrix. Default: all.',
    scopes: ['organization'],
    doors: MANY,
    group: 'many',
  },
  reports: {
    ...text,
    default: '',
    description: 'Folder for the reports; a run that was stopped continues from it. Default: a new folder.',
    scopes: ['organization'],
    doors: MANY,
    group: 'many',
  },
  'roll-up': {
    ...text,
    isList: true,
    default: '',
    description:
      'Puts saved reports together instead of measuring: files or folders, one a line. Default: none.',
    scopes: ['organization'],
    doors: ['organization input'],
    group: 'many',
  },
  'budget-points': {
    ...optional(count),
    default: '',
    description: 'GitHub API points that all may use together. Default: nine tenths of what the token has.',
    scopes: ['organization'],
    doors: MANY,
    group: 'many',
  },
  'budget-time': {
    ...duration(Number.POSITIVE_INFINITY),
    default: '50m',
    description: 'Time that all may take together. Default: 50m.',
    scopes: ['organization'],
    doors: MANY,
    group: 'many',
  },
} as const satisfies Record<string, Option>;

/** The options of the deploy sources, as each source tells them; the source reads their values. */
function sourceOptions(): Record<keyof typeof SOURCE_INPUTS, Option<string>> {
  return Object.fromEntries(
    Object.entries<SourceInput>(SOURCE_INPUTS).map(([name, { isInput, isFirst = false, ...row }]) => {
      const inputs: Door[] = [
        ...(isInput ? ['input' as const] : []),
        ...(isFirst ? ['organization input' as const] : []),
      ];
      const doors: Door[] = [...inputs, 'file', ...FLAGS];
      return [name, { ...text, ...row, scopes: OF_A_SERVICE, doors, group: isFirst ? 'first' : 'deploys' }];
    }),
  ) as unknown as Record<keyof typeof SOURCE_INPUTS, Option<string>>;
}

export type OptionName = keyof typeof OPTIONS;
export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

const rowOf = (name: OptionName): Option => OPTIONS[name];
/** The options that a door takes, in the order of the table. */
export const optionsAt = (door: Door): OptionName[] =>
  OPTION_NAMES.filter((name) => rowOf(name).doors.includes(door));
/** Whether an option can be said of that. */
export const isOf = (name: OptionName, scope: Scope): boolean => rowOf(name).scopes.includes(scope);
export const isOption = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name);

/** Values as they were given, each by its option's name. */
export type Raw = Partial<Record<OptionName, string>>;

type Values = {
  [Name in OptionName]: (typeof OPTIONS)[Name] extends Kind<infer T> ? T : never;
};

/** Options that were read, each by its own row; those of a deploy source as they were given, for it to read. */
export interface Inputs {
  value: Values;
  /** Those that are not empty. */
  given: ReadonlySet<OptionName>;
}

/** Reads every option; a value that was read before is not read again. */
export type InputReader = (raw: Raw) => Inputs;

/**
 * A reader for one run. An empty or missing option is its default.
 *
 * The reader throws a {@link GuardError} on the first option that cannot be used; the line names the option, the value and
 * what is accepted.
 */
export function inputReader(now: Date): InputReader {
  const known = new Map<string, unknown>();
  const read = (name: OptionName, words: string): unknown => {
    const key = `${name} ${words}`;
    if (!known.has(key)) known.set(key, rowOf(name).parse(words, name, now));
    return known.get(key);
  };
  return (raw) => ({
    given: new Set(OPTION_NAMES.filter((name) => raw[name]?.trim())),
    value: Object.fromEntries(
      OPTION_NAMES.map((name) => [name, read(name, raw[name]?.trim() || OPTIONS[name].default)]),
    ) as Values,
  });
}
