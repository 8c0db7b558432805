import * as v from 'valibot';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { nearest } from './nearest.ts';
import { DAY, type OptionType, pathPatterns } from './option-types.ts';
import {
  appliesTo,
  isOption,
  type Option,
  OPTIONS,
  type OptionName,
  optionsAt,
  type RawOptions,
} from './options.ts';
import { type Path, readYaml, type YamlFile } from './yaml.ts';

/**
 * The configuration file. One schema gives its type, its checks, the JSON Schema for editors and the reference table. A key
 * that is also an option is parsed like the option.
 */

const described = <S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));

/** Numbers in YAML stay text, like the value of an input. */
const text = v.pipe(v.string(), v.minLength(1));
/** A list without duplicates. A stage is known by its name. */
const listOf = <S extends v.GenericSchema<unknown, unknown>>(item: S) =>
  v.pipe(
    v.array(item),
    v.minLength(1),
    v.check((items) => {
      const keys = items.map((item) => JSON.stringify((item as { name?: string }).name ?? item));
      return new Set(keys).size === keys.length;
    }),
  );
/** A list with one value in each item. */
const textsOf = (separator: OptionType<unknown>['isList']) =>
  listOf(v.pipe(text, v.regex(separator === 'lines' ? /^.+$/ : /^[^\s,]+$/)));
/** One value, or a list of them. */
const texts = (separator: OptionType<unknown>['isList']) => v.union([text, textsOf(separator)]);

/** Valibot's maps would take a list, too. */
const mapOf = <S extends v.GenericSchema<unknown, unknown>>(schema: S): S => ({
  ...schema,
  '~run': (dataset, config) => {
    if (!Array.isArray(dataset.value)) return schema['~run'](dataset, config);
    v._addIssue(schema, 'type', dataset, config);
    return dataset;
  },
});
const textOrMap = v.union([text, v.pipe(mapOf(v.record(text, text)), v.minEntries(1))]);

/** Short keys of a service, with the options that they set. */
const SHORT_KEYS: Readonly<Record<string, OptionName>> = { workflow: 'deploy-workflow', job: 'deploy-job' };

/** How to read the value of a key. `null`: a key that is not read as text. */
export function rowFor(key: string): OptionType<unknown> | null {
  if (key === 'paths') return pathPatterns;
  const name = SHORT_KEYS[key] ?? key;
  return isOption(name) ? OPTIONS[name] : null;
}

const KEYS = optionsAt('file');
const keysOf = (names: readonly OptionName[]): Record<string, v.GenericSchema> =>
  Object.fromEntries(
    names.map((name) => {
      const { isList, isMap, description }: Option = OPTIONS[name];
      return [name, v.optional(described(isMap ? textOrMap : isList ? texts(isList) : text, description))];
    }),
  );
const FOR_ALL = keysOf(KEYS);
const FOR_ONE = keysOf(KEYS.filter((name) => appliesTo(name, 'service')));

const stageName = v.pipe(text, v.regex(/^(?!\s*!)/));
const stage = v.union([
  stageName,
  mapOf(
    v.strictObject({
      name: described(stageName, 'Name of the environment, or a pattern. `*` matches any characters.'),
      live: v.optional(described(v.picklist(['first', 'last']), OPTIONS.live.description)),
    }),
  ),
]);
const authorNames = texts(OPTIONS.authors.isList);
const authors = v.union([
  text,
  textsOf(OPTIONS.authors.isList),
  v.pipe(
    mapOf(
      v.strictObject({
        exclude: v.optional(
          described(authorNames, 'Authors whose changes do not count: `bots`, logins or patterns with `*`.'),
        ),
        only: v.optional(described(authorNames, 'Authors whose changes count. All others are left out.')),
      }),
    ),
    v.minEntries(1),
  ),
]);
const forOne = {
  ...FOR_ONE,
  environments: v.optional(
    described(
      v.pipe(listOf(stage), v.maxLength(20)),
      'Stages in order, such as `[staging, production]`. Only the last one has a verdict.',
    ),
  ),
  authors: v.optional(described(authors, OPTIONS.authors.description)),
};

const service = mapOf(
  v.strictObject({
    ...forOne,
    paths: v.optional(
      described(
        texts(pathPatterns.isList),
        'Files of the service: paths such as `services/api/**`. `*`, `**`, `?` and `{a,b}` are wildcards, `!` excludes, the last match decides. Defaults to the entire repository.',
      ),
    ),
    workflow: v.optional(
      described(
        text,
        'Short for `deploy-workflow`. Also sets `deploy-source: workflow` if there is no `deploy-source`.',
      ),
    ),
    job: v.optional(described(text, 'Short for `deploy-job`.')),
  }),
);

/** An existing day, or an instant in UTC. */
const day = v.pipe(
  v.string(),
  v.regex(new RegExp(`^${DAY}(?:T(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?Z)?$`)),
);
const freeze = mapOf(
  v.strictObject({
    from: described(day, 'First day in UTC, or an instant.'),
    to: described(day, 'Last day in UTC, inclusive, or an instant.'),
    why: v.optional(described(text, 'Reason for the freeze.')),
  }),
);

export const configSchema = mapOf(
  v.strictObject({
    $schema: v.optional(described(text, 'JSON Schema for editors.')),
    ...FOR_ALL,
    ...forOne,
    defaults: v.optional(
      described(mapOf(v.strictObject(forOne)), 'Options for every service that does not set its own.'),
    ),
    services: v.optional(
      described(
        v.pipe(mapOf(v.record(text, service)), v.minEntries(1), v.maxEntries(100)),
        'Services that are deployed separately, by name.',
      ),
    ),
    splits: v.optional(
      described(
        listOf(v.pipe(text, v.regex(/^(?:label:.+|service)$/))),
        'Shows the numbers again by label (`label:team/*`) or by service (`service`).',
      ),
    ),
    freezes: v.optional(
      described(
        listOf(v.union([v.literal('weekends'), freeze])),
        'Periods without deployments, or `weekends` (in UTC). They explain waiting times and are never subtracted.',
      ),
    ),
  }),
);

type Entries = Partial<Record<string, string | string[] | Record<string, string>>>;
export type StageSettings = v.InferOutput<typeof stage>;
type AuthorSettings = v.InferOutput<typeof authors>;

/** Settings of one service, of `defaults`, or of the top level. */
export interface ServiceSettings {
  options: RawOptions;
  paths: string[] | null;
  stages: StageSettings[] | null;
}

export interface ConfigFile {
  path: string;
  /** Settings at the top level. */
  topLevel: ServiceSettings;
  defaults: ServiceSettings;
  services: ReadonlyMap<string, ServiceSettings>;
  splits: string[];
  freezes: { from: Date; to: Date; why: string }[];
  weekends: boolean;
  /**
   * Adds the line of its key to an error. `service` is `null` for a key at the top level.
   *
   * @param inputs - override the file. An error about one of them, or about an option that the file does not set, stays the same.
   */
  locate(service: string | null, error: GuardError, inputs: RawOptions): GuardError;
}

/** @throws {GuardError} in one line, with the file, the line number, the value and the accepted values. */
export function readConfig(content: string, path: string): ConfigFile {
  const yaml = readYaml(content, path);
  const parsed = v.safeParse(configSchema, yaml.value ?? {}, { abortEarly: true });
  if (!parsed.success) throw new GuardError(messageFor(parsed.issues[0], yaml, path));
  checkValues(parsed.output as Maps, yaml, path);
  const { $schema: _, defaults = {}, services = {}, splits = [], freezes = [], ...top } = parsed.output;
  return {
    path,
    topLevel: settingsIn(top as Entries),
    defaults: settingsIn(defaults as Entries),
    services: new Map(
      Object.entries(services).map(([name, service]) => [name, settingsIn(service as Entries)]),
    ),
    splits,
    weekends: freezes.includes('weekends'),
    freezes: freezes.flatMap((freeze, i) => {
      if (freeze === 'weekends') return [];
      const [from, to] = [momentOf(freeze.from, false), momentOf(freeze.to, true)];
      if (from < to) return { from, to, why: freeze.why ?? '' };
      throw new GuardError(
        `${path}, line ${yaml.lineOf(['freezes', i])}: "to" is ${freeze.to}, which is not after "from"; accepted: a later day.`,
      );
    }),
    locate(service, error, inputs) {
      const [, key = ''] = /^Input "([^"]+)"/.exec(error.message) ?? [];
      const keys = [key, ...(CAUSES[key] ?? [])];
      const place = keys.map((other) => placeOf(service, other, yaml)).find((other) => other !== undefined);
      if (place === undefined || keys.some((other) => other in inputs)) return error;
      const written = String(place.at(-1));
      const isCause = CAUSES[key]?.includes(written) === true;
      const prefix = service === null || isCause ? '' : `services.${service}: `;
      const why = isCause ? error.message.replace(/^Input /, '') : named(error, written);
      error.message = `${path}, line ${yaml.lineOf(place)}: ${prefix}${why}`;
      return error;
    },
  };
}

type Maps = Entries & { defaults?: Entries; services?: Record<string, Entries> };

/** Keys that contradict each other in one map. */
export const RIVALS: readonly (readonly string[])[] = [
  ['environment', 'environments'],
  ...Object.entries(SHORT_KEYS),
];

/** Options that can make the value of another one impossible. */
const CAUSES: Partial<Record<string, readonly string[]>> = {
  window: ['target', 'tolerance'],
  'deploy-workflow': ['deploy-source'],
};

/** The maps that set the options of a service, the first one that has a key before the others. */
const mapsFor = (service: string | null): Path[] => [
  ...(service === null ? [] : [['services', service]]),
  ['defaults'],
  [],
];

function placeOf(service: string | null, key: string, yaml: YamlFile): Path | undefined {
  const keys = [key, ...RIVALS.filter((pair) => pair.includes(key)).flat()];
  return mapsFor(service)
    .flatMap((map) => keys.map((key) => [...map, key]))
    .find(yaml.has);
}

/** Dates in a file may be in the future, unless the run uses them. */
const ANY_TIME = new Date(8.64e15);

/** Checks each value where it is written, even if another one overrides it. */
function checkValues(file: Maps, yaml: YamlFile, path: string): void {
  const maps: [Path, Entries][] = [
    [[], file],
    [['defaults'], file.defaults ?? {}],
    ...Object.entries(file.services ?? {}).map(([name, service]): [Path, Entries] => [
      ['services', name],
      service,
    ]),
  ];
  for (const [place, map] of maps) {
    const lineOf = (key: string) => yaml.lineOf([...place, key]);
    for (const [key = '', other = ''] of RIVALS)
      if (key in map && other in map)
        throw new GuardError(
          `${path}, line ${lineOf(key)}: "${key}" and "${other}" are both set. Keep one.${key === 'environment' ? ' With "environments", the last stage has the verdict.' : ''}`,
        );
    const prefix = place.length > 0 ? `${place.join('.')}: ` : '';
    for (const [key, value] of Object.entries(map)) {
      const fault = faultIn(key, textOf(key, value));
      if (fault === null) continue;
      // An item that is wrong by itself has a line of its own.
      const items = Array.isArray(value) ? value : [];
      const i = items.findIndex((item) => !item.startsWith('!') && faultIn(key, item) !== null);
      const line = i < 0 ? lineOf(key) : yaml.lineOf([...place, key, i]);
      const own = i < 0 ? null : faultIn(key, items[i] ?? '');
      throw new GuardError(`${path}, line ${line}: ${prefix}${named(own ?? fault, key)}`);
    }
  }
}

/** Why a key cannot have a value; `null` if it can. */
function faultIn(key: string, text: string): GuardError | null {
  try {
    rowFor(key)?.parse(text.trim(), key, ANY_TIME);
    return null;
  } catch (error) {
    if (error instanceof GuardError) return error;
    throw error;
  }
}

/** The message of an error about an option, under the key that sets it. */
const named = ({ message }: GuardError, key: string): string => message.replace(/^Input "[^"]+"/, `"${key}"`);

/** A day without a time means its start, or its end. */
function momentOf(day: string, isEnd: boolean): Date {
  if (day.length > 10) return new Date(day.replace(/T(\d{2}:\d{2})Z$/, 'T$1:00Z'));
  return new Date(`${day}T${isEnd ? '23:59:59.999' : '00:00:00'}Z`);
}

function settingsIn({ paths, environments, ...entries }: Entries): ServiceSettings {
  const options: RawOptions = {};
  for (const [key, value] of Object.entries(entries))
    if (value !== undefined) options[SHORT_KEYS[key] ?? (key as OptionName)] = textOf(key, value);
  if (entries.workflow !== undefined) options['deploy-source'] ??= 'workflow';
  return {
    options,
    paths: paths === undefined ? null : pathPatterns.parse(textOf('paths', paths), 'paths', ANY_TIME),
    stages: (environments as unknown as StageSettings[] | undefined) ?? null,
  };
}

/** The value of a key as one text: the items of a list or the entries of a map, one per line. */
function textOf(key: string, value: Entries[string]): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join('\n');
  if (key !== 'authors')
    return Object.entries(value ?? {})
      .map(([name, entry]) => `${name}: ${entry}`)
      .join('\n');
  const { only = [], exclude = [] } = value as Exclude<AuthorSettings, string | string[]>;
  const excluded = [exclude]
    .flat()
    .join(' ')
    .split(/[\s,]+/);
  return [only, excluded.flatMap((author) => (author === '' ? [] : `!${author}`))].flat().join('\n');
}

const SERVICE_KEYS = ['paths', 'workflow', 'job'];
const TOP_LEVEL_KEYS = ['services', 'defaults', 'splits', 'freezes'];

/** Advice for a key in the wrong place. `null`: the key does not exist anywhere. */
function adviceFor(name: string, at: readonly (string | number)[]): string | null {
  const isTopLevelKey = TOP_LEVEL_KEYS.includes(name) || (isOption(name) && KEYS.includes(name));
  if (isTopLevelKey && at.length > 0)
    return `"${name}" applies to all services, so ${oneLine(at.join('.'), 80)} cannot set it. Move it to the top level of the file.`;
  if (SERVICE_KEYS.includes(name) && at[0] !== 'services')
    return `"${name}" belongs to a service. Move it below services.NAME.`;
  if (!isOption(name) || KEYS.includes(name)) return null;
  return appliesTo(name, 'organization')
    ? `"${name}" selects repositories of an organization. Make it an input of the organization action, or a flag of "organization".`
    : `"${name}" cannot be set in a file. Make it an input of the action.`;
}

/** Words for what valibot received, if it is not a value to quote. */
const SHAPES: Partial<Record<string, string>> = {
  Object: 'a map',
  Array: 'a list',
  undefined: 'missing',
  null: 'empty',
};

/** The line, the problem and the accepted values. */
function messageFor(issue: v.BaseIssue<unknown>, yaml: YamlFile, file: string): string {
  // If the schema accepts several shapes, the issue of the closest one is the most specific.
  const inner = (issue.issues ?? []).find((issue) => (issue.path?.length ?? 0) > 0) ?? null;
  const items = [...(issue.path ?? []), ...(inner?.path ?? [])] as { key: string | number; input: unknown }[];
  const keys = items.map((item) => item.key);
  const last = inner ?? issue;
  const isMissing = last.type === 'strict_object' && last.received === 'undefined';
  const stray = isMissing ? strayKey(keys.slice(0, -1), items.at(-1)?.input) : undefined;
  const path = stray === undefined ? keys : [...keys.slice(0, -1), stray];
  const name = String(path.at(-1) ?? '');
  const line = yaml.lineOf(path);
  const at = path.slice(0, -1);
  if (stray !== undefined || (last.type === 'strict_object' && last.expected === 'never')) {
    const advice = at[0] === 'freezes' || at.includes('environments') ? null : adviceFor(name, at);
    if (advice !== null) return `${file}, line ${line}: ${advice}`;
    const accepted = keysAt(at);
    const similar = nearest(name, accepted);
    const suggestion = similar === undefined ? '.' : `; did you mean "${similar}"?`;
    const parent = at.length === 0 ? '' : ` of ${oneLine(at.join('.'), 80)}`;
    return `${file}, line ${line}: "${oneLine(name, 60)}" is not a key${parent}${suggestion} Accepted: ${accepted.join(', ')}.`;
  }
  const values: Partial<Record<string, string>> = {
    min_length: 'empty',
    min_entries: 'empty',
    max_entries: `a map of ${last.received}`,
    max_length: `a list of ${last.received}`,
    check: 'a list with duplicates',
  };
  const value = values[last.type] ?? SHAPES[last.received] ?? last.received;
  if (path.length === 0)
    return `${file}, line ${line}: the file is ${last.received === 'Array' ? 'a list' : 'text'}; accepted: a map of keys.`;
  return `${file}, line ${line}: "${oneLine(path.join('.'), 80)}" is ${oneLine(value, 60)}; accepted: ${acceptedAt(path, last)}.`;
}

/** An unknown key in a map that lacks a required one: probably the required key, misspelled. */
function strayKey(path: readonly (string | number)[], map: unknown): string | undefined {
  const accepted = keysAt(path);
  return Object.keys((map ?? {}) as object).find((key) => !accepted.includes(key));
}

function acceptedAt(keys: readonly (string | number)[], issue: v.BaseIssue<unknown>): string {
  // A service may have the name of a key.
  const path = keys[0] === 'services' && keys.length > 2 ? keys.slice(2) : keys;
  const key = path.findLast((part) => typeof part === 'string');
  if (key === 'services') return 'a map of up to 100 services by name';
  if (key === 'freezes') return 'a list of weekends or { from, to, why }';
  if (key === 'from' || key === 'to')
    return 'a day or an instant in UTC, such as 2026-12-20 or 2026-12-20T18:00Z';
  if (key === 'paths') return 'a path or a list of paths, such as services/api/**';
  if (path.includes('environments') && issue.type === 'regex')
    return 'a name or a pattern without !. Use "environment" to exclude some';
  if (path.includes('environments'))
    return key === 'live' ? 'first or last' : 'a list of up to 20 names, or of { name, live: first or last }';
  if (key === 'splits') return 'a list such as [label:team/*, service]';
  if (path.includes('authors')) return 'all, people, a list of logins, or { exclude, only }';
  if (path.some((part) => isOption(String(part)) && (OPTIONS[part as OptionName] as Option).isMap))
    return 'one value, or a map of values by environment';
  if (key !== undefined && isOption(String(key)) && (OPTIONS[key as OptionName] as Option).isList)
    return 'one value, or a list with one value in each item';
  if (issue.type === 'strict_object') return `a map of ${keysAt(keys).slice(0, 12).join(', ')}, …`;
  return key !== undefined && key in OPTIONS ? 'one value, like the option of that name' : 'text';
}

function keysAt(path: readonly (string | number)[]): string[] {
  const [first] = path;
  const schema =
    first === 'services' && path.length === 2
      ? service
      : first === 'defaults' && path.length === 1
        ? { entries: forOne }
        : first === 'freezes'
          ? freeze
          : path.includes('environments')
            ? { entries: { name: text, live: text } }
            : path.includes('authors')
              ? { entries: { exclude: text, only: text } }
              : configSchema;
  return Object.keys(schema.entries).filter((key) => key !== '$schema');
}
