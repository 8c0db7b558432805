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
    description: "The team's time from merge to live: 90s, 15m, 1h30m, PT15M.",
    scopes: OF_A_SERVICE,
    doors: ['input', 'organization input', 'file', ...FLAGS],
    group: 'first',
  },
  environment: {
    ...environmentNames,
    default: 'production',
    description:
      'Environment whose deployments count; * stands for any characters, ! leaves out, and a further line is a further name: then they are regions of one.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'organization input', 'file', ...FLAGS, 'rollup'],
    group: 'first',
  },
  'deploy-source': {
    ...choice(SOURCE_KINDS),
    default: SOURCES[0].kind,
    description: `What a deploy is: ${SOURCES.map((each) => `${each.kind} (${each.summary})`)
      .join(', ')
      .replace(/, (?=[^,]*$)/, ' or ')}.`,
    scopes: OF_A_SERVICE,
    doors: ['input', 'organization input', 'file', ...FLAGS],
    group: 'first',
  },
  ...sourceOptions(),
  window: {
    ...duration(),
    default: '7d',
    description: 'How far back merged changes are taken from; at least twice the limit.',
    scopes: OF_A_RUN,
    doors: ['input', 'organization input', 'file', ...FLAGS],
    group: 'first',
  },
  'fail-on': {
    ...failKinds,
    default: 'auto',
    description:
      'Findings that fail the step: a list of drift, sure-drift, batch, slow, stuck, manual, no-data, budget-spent, budget-burning; or none. auto is sure-drift in guard mode and none in the others.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'organization input', 'file', ...FLAGS, 'rollup'],
    group: 'first',
  },
  comment: {
    ...choice(['auto', 'always', 'never']),
    default: 'auto',
    description:
      'Comments on pull requests: auto (always on open ones; on shipped ones when something is wrong), always (also when nothing is wrong, and for an as-of that is more than a day ago) or never.',
    scopes: OF_A_RUN,
    doors: ['input', ...WRITTEN],
    group: 'first',
  },
  issue: {
    ...choice(['auto', 'always', 'per-service', 'never']),
    default: 'auto',
    description:
      'auto keeps one issue in scheduled mode while the alert is on; per-service one for each service; always does as auto for an as-of that is more than a day ago, too; never keeps none.',
    scopes: OF_A_RUN,
    doors: ['input', ...WRITTEN],
    group: 'first',
  },
  live: {
    ...choice(['first', 'last']),
    default: 'first',
    description:
      'With several environments: first (live with the first of them) or last (live in every one in use).',
    scopes: OF_A_SERVICE,
    doors: ['file', ...FLAGS],
    group: 'deploys',
  },
  'base-branch': {
    ...branch,
    default: '',
    description: 'Branch that changes are merged into. The default branch by default.',
    scopes: OF_A_RUN,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  'direct-pushes': {
    ...choice(['ignore', 'count']),
    default: 'ignore',
    description: 'ignore, or count commits that were pushed to the base branch without a pull request.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  authors: {
    ...authorRule,
    default: 'all',
    description:
      'Whose changes the statistic takes: all, people (no bots), or a list of logins, with * for any characters and ! for all but. What is left out is still attributed.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  tolerance: {
    ...percentage,
    default: '25%',
    description: 'How far past the target is still no drift.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  statistic: {
    ...choice(STATISTICS),
    default: 'p50',
    description: 'What is held against the target: p50, p75, p90, p95, mean or max.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  objective: {
    ...objective,
    default: '',
    description:
      'Share of changes that is to be live within the limit over 28 days, such as 90%: then the error budget is told. Off by default.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  'max-batch': {
    ...count,
    default: '1',
    description: 'A deployment that ships more merged changes than this is a batch.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  'min-samples': {
    ...count,
    default: '5',
    description: 'Fewer merged changes than this are no verdict.',
    scopes: OF_A_SERVICE,
    doors: ['input', 'organization input', 'file', ...FLAGS],
    group: 'changes',
  },
  widen: {
    ...widening,
    default: '28d',
    description:
      'Where the window holds fewer than ten changes: how far back it is widened at most, to the last ten; or none.',
    scopes: OF_A_RUN,
    doors: ['input', 'file', ...FLAGS],
    group: 'changes',
  },
  weeks: {
    ...weeks,
    default: '',
    description:
      'So many weeks are shown beside the window: lead time, verdict, alert, deployments, batches. Off by default.',
    scopes: OF_A_RUN,
    doors: ['input', 'file', ...FLAGS],
    group: 'told',
  },
  stages: {
    ...choice(['auto', 'full', 'none']),
    default: 'auto',
    description:
      'Where the time goes: auto opens all slow deployments and a sample of the others, full all (100 at most), none none.',
    scopes: OF_A_RUN,
    doors: ['input', 'organization input', 'file', ...FLAGS],
    group: 'told',
  },
  html: {
    ...pageFile,
    default: '',
    description:
      "Path to write the page to, such as report.html: one HTML file with charts and tables, for a browser or an artifact. A relative path starts in the job's workspace. Defaults to no page.",
    scopes: OF_A_RUN,
    doors: ['input', 'organization input'],
    group: 'told',
  },
  mention: {
    ...mention,
    default: 'none',
    description: 'none, authors, or handles to name when something is wrong.',
    scopes: OF_A_RUN,
    doors: WRITTEN,
    group: 'told',
  },
  'issue-label': {
    ...text,
    default: 'deploy-latency',
    description: 'Label of the issue.',
    scopes: OF_A_RUN,
    doors: WRITTEN,
    group: 'told',
  },
  'issue-repository': {
    ...optional(repository),
    default: '',
    description:
      'Repository that the issue is kept in, as owner/name. The one that the workflow is in by default.',
    scopes: OF_A_RUN,
    doors: WRITTEN,
    group: 'told',
  },
  otel: {
    ...choice(['auto', 'shipped', 'window', 'never']),
    default: 'auto',
    description:
      'Where OTEL_EXPORTER_OTLP_ENDPOINT is set, the changes that a trace is sent of: shipped (by the deployment that the run is about), window (all that are live), or never. auto is shipped in guard mode, window in scheduled mode, and in pull-request mode nothing.',
    scopes: OF_A_RUN,
    doors: ['file', ...FLAGS],
    group: 'told',
  },
  mode: {
    ...choice(['auto', ...MODES]),
    default: 'auto',
    description: 'guard, pull-request or scheduled. auto takes it from the event.',
    scopes: OF_A_RUN,
    doors: ['input', 'file', ...FLAGS],
    group: 'run',
  },
  'pull-request': {
    ...optional(count),
    default: '',
    description:
      'With mode pull-request, on an event that is about no pull request: the number of the one to comment on.',
    scopes: OF_A_RUN,
    doors: ['input'],
    group: 'run',
  },
  'as-of': {
    ...instant,
    default: '',
    description: 'An ISO 8601 instant: answers as it would have then. Now by default.',
    scopes: OF_A_RUN,
    doors: ['input', 'organization input', 'file', ...FLAGS],
    group: 'run',
  },
  repository: {
    ...optional(repository),
    default: '',
    description: 'Repository to measure, as owner/name. This repository by default.',
    scopes: OF_A_RUN,
    doors: ['input'],
    group: 'run',
  },
  config: {
    ...configPath,
    default: '',
    description:
      'File of settings in the repository; what it says holds where no input says otherwise. .github/deploy-latency.yml (or .yaml) by default, where it is there.',
    scopes: OF_A_RUN,
    doors: ['input', ...FLAGS],
    group: 'run',
  },
  'github-token': {
    ...text,
    default: '',
    description: "Token to read and comment with. The job's own token by default.",
    scopes: OF_A_RUN,
    doors: ['input', 'organization input'],
    group: 'run',
  },
  timeout: {
    ...duration(6 * 3600),
    default: '5m',
    description: 'How long it may take in all.',
    scopes: OF_A_RUN,
    doors: ['input', 'file', ...FLAGS],
    group: 'run',
  },
  'max-requests': {
    ...count,
    default: '300',
    description: 'How many requests it may make to read.',
    scopes: OF_A_RUN,
    doors: ['input', 'file', ...FLAGS],
    group: 'run',
  },
  repositories: {
    ...text,
    isList: true,
    default: '',
    description:
      'Repositories to measure, one after the other: names and patterns, such as octo-org/*, a line or a comma each; ! leaves out. Archived ones, forks and dormant ones are skipped.',
    scopes: ['organization'],
    doors: MANY,
    group: 'many',
  },
  topic: {
    ...text,
    default: '',
    description: 'Only those of a topic.',
    scopes: ['organization'],
    doors: MANY,
    group: 'many',
  },
  property: {
    ...text,
    default: '',
    description: 'Only those that have a custom property, as name=value.',
    scopes: ['organization'],
    doors: MANY,
    group: 'many',
  },
  shard: {
    ...text,
    default: '',
    description:
      'One part of several, such as 3/7; or list, which measures nothing and gives output "shards" for a matrix.',
    scopes: ['organization'],
    doors: MANY,
    group: 'many',
  },
  reports: {
    ...text,
    default: '',
    description:
      "The folder that keeps each one's report, from which a run that was stopped goes on. A new one by default.",
    scopes: ['organization'],
    doors: MANY,
    group: 'many',
  },
  'roll-up': {
    ...text,
    isList: true,
    default: '',
    description:
      'Instead of measuring: a folder, or files, of reports that are put together, a line or a comma each.',
    scopes: ['organization'],
    doors: ['organization input'],
    group: 'many',
  },
  'budget-points': {
    ...optional(count),
    default: '',
    description: "How many of GitHub's points all may use. By default nine tenths of what the token has.",
    scopes: ['organization'],
    doors: MANY,
    group: 'many',
  },
  'budget-time': {
    ...duration(Number.MAX_SAFE_INTEGER),
    default: '50m',
    description: 'How long all may take.',
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
