import { isValid, parseISO } from 'date-fns';
import leven from 'leven';
import * as v from 'valibot';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { isOf, isOption, type Option, OPTIONS, type OptionName, optionsAt, type Raw } from './options.ts';
import { type Path, readYaml, type YamlFile } from './yaml.ts';

/**
 * The file of settings: its type, its checks, the JSON Schema for editors and the reference page are made of one schema.
 * A key that is an input's is read as the input is; what only a file can say comes on top.
 */

const told = <S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));

/** YAML's numbers are texts here, as they are in an input. */
const text = v.pipe(v.string(), v.minLength(1));
const list = v.pipe(v.array(text), v.minLength(1));
/** A list, or one text as a list of one. */
const texts = v.union([text, list]);

const KEYS = optionsAt('file');
const keysOf = (names: readonly OptionName[]): Record<string, v.GenericSchema> =>
  Object.fromEntries(
    names.map((name) => {
      const { isList, description }: Option = OPTIONS[name];
      return [name, v.optional(told(isList ? texts : text, description))];
    }),
  );
const FOR_ALL = keysOf(KEYS);
const FOR_ONE = keysOf(KEYS.filter((name) => isOf(name, 'service')));

const stage = v.union([
  text,
  v.strictObject({
    name: told(text, 'Its name, or a pattern with * for any characters.'),
    live: v.optional(told(v.picklist(['first', 'last']), OPTIONS.live.description)),
  }),
]);
const authors = v.union([
  text,
  list,
  v.strictObject({
    exclude: v.optional(
      told(texts, 'Whose changes the statistic leaves out: bots, logins, patterns with *.'),
    ),
    only: v.optional(told(texts, 'Whose changes alone the statistic takes.')),
  }),
]);
const forOne = {
  ...FOR_ONE,
  environments: v.optional(
    told(
      v.pipe(v.array(stage), v.minLength(1)),
      'Stages in order, such as staging and production; the last one is judged.',
    ),
  ),
  authors: v.optional(told(authors, OPTIONS.authors.description)),
};

const service = v.strictObject({
  ...forOne,
  paths: v.optional(
    told(
      texts,
      'What of the repository it is made of: paths (services/api/**), or patterns as of picomatch, of which the last that matches counts; ! excludes. The whole repository by default.',
    ),
  ),
  workflow: v.optional(told(text, 'deploy-workflow, with deploy-source workflow unless another is given.')),
  job: v.optional(told(text, 'deploy-job.')),
});

const DAY =
  /\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-[012]\d)/;
/** A day that there is, or an instant in UTC. */
const day = v.pipe(
  v.string(),
  v.regex(new RegExp(`^${DAY.source}(?:T(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?Z)?$`)),
  v.check((each) => isValid(parseISO(each))),
);
const freeze = v.strictObject({
  from: told(day, 'Its first day in UTC, or an instant.'),
  to: told(day, 'Its last day in UTC, to its end; or an instant.'),
  why: v.optional(told(text, 'What it is for.')),
});

export const configSchema = v.strictObject({
  $schema: v.optional(told(text, 'For editors.')),
  ...FOR_ALL,
  ...forOne,
  defaults: v.optional(
    told(v.strictObject(forOne), 'What holds for each service that does not say otherwise.'),
  ),
  services: v.optional(
    told(v.pipe(v.record(text, service), v.maxEntries(100)), 'What is deployed on its own, by name.'),
  ),
  splits: v.optional(
    told(
      v.array(v.pipe(text, v.regex(/^(?:label:.+|service)$/))),
      'The same figures by label (label:team/*), or by service (service).',
    ),
  ),
  freezes: v.optional(
    told(
      v.array(v.union([v.literal('weekends'), freeze])),
      'Times when nothing is deployed, and weekends (UTC): they explain, and are never subtracted.',
    ),
  ),
});

type Entries = Partial<Record<string, string | string[]>>;
export type StageSettings = string | { name: string; live?: 'first' | 'last' | undefined };
export type AuthorSettings =
  | string
  | string[]
  | { exclude?: string | string[] | undefined; only?: string | string[] | undefined };

/** What one service says, or all of them. */
export interface ServiceSettings {
  /** Values of options. */
  inputs: Raw;
  paths: string[] | null;
  stages: StageSettings[] | null;
  authors: AuthorSettings | null;
}

export interface ConfigFile {
  path: string;
  /** What stands at the top. */
  top: ServiceSettings;
  defaults: ServiceSettings;
  services: ReadonlyMap<string, ServiceSettings>;
  splits: string[];
  freezes: { from: Date; to: Date; why: string }[];
  /** Whether weekends are freezes. */
  weekends: boolean;
  /** Says an error of a value where it stands in the file: of a service, or of the top. */
  at(service: string | null, key: string, error: GuardError): GuardError;
}

/**
 * Reads a file of settings.
 *
 * @throws {GuardError} in one line: the file, the line, what stands there, what is accepted.
 */
export function readConfig(content: string, path: string): ConfigFile {
  const yaml = readYaml(content, path);
  for (const [place, what] of [
    [[], 'a map of keys'],
    [['services'], 'a map of services, each with its name'],
  ] as const) {
    const value = place.length === 0 ? yaml.value : (yaml.value as Record<string, unknown> | null)?.services;
    if (Array.isArray(value))
      throw new GuardError(
        `${path}, line ${yaml.lineOf(place)}: ${place.length === 0 ? 'the file' : '"services"'} is a list; accepted: ${what}.`,
      );
  }
  const parsed = v.safeParse(configSchema, yaml.value ?? {}, { abortEarly: true });
  if (!parsed.success) throw new GuardError(wordsOf(parsed.issues[0], yaml, path));
  onlyOneEnvironment(parsed.output as Maps, yaml, path);
  const { $schema: _, defaults = {}, services = {}, splits = [], freezes = [], ...top } = parsed.output;
  return {
    path,
    top: settingsIn(top as Entries),
    defaults: settingsIn(defaults as Entries),
    services: new Map(Object.entries(services).map(([name, each]) => [name, settingsIn(each as Entries)])),
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
    at(service, key, error) {
      const places: Path[] =
        service === null
          ? [[key]]
          : [['services', service, key], ['defaults', key], [key], ['services', service]];
      const there = places.find((place) => yaml.has(place));
      const where = service === null ? '' : `services.${service}: `;
      return new GuardError(
        `${path}, line ${yaml.lineOf(there ?? [])}: ${where}${error.message.replace(/^Input ("[^"]+")/, '$1')}`,
      );
    },
  };
}

type Maps = Entries & { defaults?: Entries; services?: Record<string, Entries> };

/** `environment` and `environments` in one map would be two answers to one question. */
function onlyOneEnvironment(file: Maps, yaml: YamlFile, path: string): void {
  const maps: [Path, Entries | undefined][] = [
    [[], file],
    [['defaults'], file.defaults],
    ...Object.entries(file.services ?? {}).map(([name, each]): [Path, Entries] => [['services', name], each]),
  ];
  for (const [place, map] of maps)
    if (map?.environment !== undefined && map.environments !== undefined)
      throw new GuardError(
        `${path}, line ${yaml.lineOf([...place, 'environment'])}: "environment" and "environments" are both set. Keep one of them: of "environments" the last stage is judged.`,
      );
}

/** A day is meant whole: its first moment, or its last. */
function momentOf(day: string, isEnd: boolean): Date {
  if (day.length > 10) return new Date(day.replace(/T(\d{2}:\d{2})Z$/, 'T$1:00Z'));
  return new Date(`${day}T${isEnd ? '23:59:59.999' : '00:00:00'}Z`);
}

function settingsIn(entries: Entries): ServiceSettings {
  const { paths, environments, authors, workflow, job, ...rest } = entries as Entries & {
    environments?: StageSettings[];
    authors?: AuthorSettings;
  };
  const inputs: Raw = {};
  for (const [name, value] of Object.entries(rest))
    if (value !== undefined) inputs[name as OptionName] = Array.isArray(value) ? value.join('\n') : value;
  if (typeof workflow === 'string') {
    inputs['deploy-workflow'] = workflow;
    inputs['deploy-source'] ??= 'workflow';
  }
  if (typeof job === 'string') inputs['deploy-job'] = job;
  return {
    inputs,
    paths: paths === undefined ? null : [paths].flat(),
    stages: (environments as StageSettings[] | undefined) ?? null,
    authors: (authors as AuthorSettings | undefined) ?? null,
  };
}

/** Keys that only one service has, and keys that only the whole file has. */
const OF_ONE = ['paths', 'workflow', 'job'];
const OF_THE_FILE = ['services', 'defaults', 'splits', 'freezes'];

/** Where a key belongs that has no meaning where it stands; `null`: nowhere, as it is no key. */
function placeFor(name: string, at: readonly (string | number)[]): string | null {
  const isOfAll = OF_THE_FILE.includes(name) || (isOption(name) && KEYS.includes(name));
  const isTop = at.length === 0;
  if (isOfAll && !isTop)
    return `"${name}" applies to all services, so ${oneLine(at.join('.'), 80)} cannot set it. Move it to the top level of the file.`;
  if (OF_ONE.includes(name) && at[0] !== 'services')
    return `"${name}" belongs to a service. Move it below services.NAME.`;
  if (!isOption(name) || KEYS.includes(name)) return null;
  return isOf(name, 'organization')
    ? `"${name}" selects repositories of an organization. Make it an input of the organization action, or a flag of "organization".`
    : `"${name}" cannot be set in a file. Make it an input of the action.`;
}

/** What is wrong, where, and what is accepted there. */
function wordsOf(issue: v.BaseIssue<unknown>, yaml: YamlFile, file: string): string {
  // Of several shapes that were tried, the one that the value comes nearest to says more.
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
    const place = at[0] === 'freezes' || at.includes('environments') ? null : placeFor(name, at);
    if (place !== null) return `${file}, line ${line}: ${place}`;
    const accepted = keysAt(at);
    const [nearest] = accepted
      .map((each) => ({ each, far: leven(each, name) }))
      .sort((a, b) => a.far - b.far)
      .filter(({ each, far }) => far <= Math.max(2, each.length / 3));
    const meant = nearest ? `; did you mean "${nearest.each}"?` : '';
    const parent = at.join('.');
    return `${file}, line ${line}: "${oneLine(name, 60)}" is no key${parent ? ` of ${oneLine(parent, 80)}` : ''}${meant || '.'} Accepted: ${accepted.join(', ')}.`;
  }
  const got = last.received === 'Object' ? 'a map' : last.received === 'Array' ? 'a list' : last.received;
  return `${file}, line ${line}: "${oneLine(path.join('.'), 80)}" is ${oneLine(got, 60)}; accepted: ${acceptedAt(path, last)}.`;
}

/** A key that stands where another one is missing, and is none. */
function strayKey(path: readonly (string | number)[], map: unknown): string | undefined {
  const accepted = keysAt(path);
  return Object.keys((map ?? {}) as object).find((each) => !accepted.includes(each));
}

function acceptedAt(path: readonly (string | number)[], issue: v.BaseIssue<unknown>): string {
  const key = path.findLast((each) => typeof each === 'string');
  if (key === 'services') return 'a map of services, each with its name, and a hundred at most';
  if (key === 'freezes') return 'a list of { from, to, why }';
  if (key === 'from' || key === 'to')
    return 'a day or an instant in UTC, such as 2026-12-20 or 2026-12-20T18:00Z';
  if (key === 'paths') return 'a path or a list of one path or more, such as services/api/**';
  if (key === 'environments' || key === 'live') return 'a list of names, or of { name, live: first or last }';
  if (key === 'splits') return 'a list such as [label:team/*, service]';
  if (key === 'authors') return 'all, people, a list of logins, or { exclude, only }';
  if (path.length === 0) return 'a map of keys';
  if (key !== undefined && isOption(String(key)) && (OPTIONS[key as OptionName] as Option).isList)
    return 'one value, or a list of one or more';
  if (issue.type === 'strict_object') return `a map of ${keysAt(path).slice(0, 12).join(', ')}, …`;
  return key !== undefined && key in OPTIONS ? 'one value, as the input of that name takes it' : 'a text';
}

/** The keys that are accepted at a path. */
function keysAt(path: readonly (string | number)[]): string[] {
  const [first] = path;
  const schema =
    first === 'services' && path.length === 2
      ? service
      : first === 'defaults'
        ? v.strictObject(forOne)
        : first === 'freezes'
          ? freeze
          : path.includes('environments')
            ? v.strictObject({ name: text, live: text })
            : path.includes('authors')
              ? v.strictObject({ exclude: text, only: text })
              : configSchema;
  return Object.keys(schema.entries).filter((each) => each !== '$schema');
}
