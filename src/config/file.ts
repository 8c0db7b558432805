import leven from 'leven';
import * as v from 'valibot';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { INPUTS, type InputName } from './inputs.ts';
import { type Path, readYaml, type YamlFile } from './yaml.ts';

/**
 * The file of settings: its type, its checks, the JSON Schema for editors and the reference page are made of one schema.
 * A key that is an input's is read as the input is; what only a file can say comes on top.
 */

/** What belongs to a run, and not to a file that holds for all of them. */
const OF_A_RUN = ['github-token', 'repository', 'config', 'pull-request', 'html'] as const;
/** What holds for the whole run, and not for one service. */
const OF_ALL = [
  'mode',
  'base-branch',
  'window',
  'widen',
  'weeks',
  'as-of',
  'comment',
  'issue',
  'issue-label',
  'issue-repository',
  'otel',
  'stages',
  'timeout',
  'max-requests',
  'mention',
] as const;

const told = <S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));

/** YAML's numbers are texts here, as they are in an input. */
const text = v.pipe(v.string(), v.minLength(1));
const list = v.array(text);
/** A list, or one text as a list of one. */
const texts = v.union([text, list]);

const isOf = (some: readonly string[], name: string) => some.includes(name);
const keysFor = (isFor: (name: string) => boolean): Record<string, v.GenericSchema> =>
  Object.fromEntries(
    Object.entries(INPUTS)
      .filter(([name]) => isFor(name))
      .map(([name, { description }]) => [
        name,
        v.optional(told(name === 'environment' ? texts : text, description)),
      ]),
  );
const FOR_ALL = keysFor((name) => !isOf(OF_A_RUN, name));
const FOR_ONE = keysFor((name) => !isOf(OF_A_RUN, name) && !isOf(OF_ALL, name));

const stage = v.union([
  text,
  v.strictObject({
    name: told(text, 'Its name, or a pattern with * for any characters.'),
    live: v.optional(told(v.picklist(['first', 'last']), INPUTS.live.description)),
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
    told(v.array(stage), 'Stages in order, such as staging and production; the last one is judged.'),
  ),
  authors: v.optional(told(authors, INPUTS.authors.description)),
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

const day = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z)?$/));
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
  /** Values of inputs, by the input's name. */
  inputs: Partial<Record<InputName, string>>;
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
  const { $schema: _, defaults = {}, services = {}, splits = [], freezes = [], ...top } = parsed.output;
  return {
    path,
    top: settingsIn(top as Entries),
    defaults: settingsIn(defaults as Entries),
    services: new Map(Object.entries(services).map(([name, each]) => [name, settingsIn(each as Entries)])),
    splits,
    weekends: freezes.includes('weekends'),
    freezes: freezes.flatMap((each, i) => {
      if (each === 'weekends') return [];
      const [from, to] = [momentOf(each.from, false), momentOf(each.to, true)];
      if (from < to) return { from, to, why: each.why ?? '' };
      throw new GuardError(
        `${path}, line ${yaml.lineOf(['freezes', i])}: "to" is ${each.to}, which is not after "from"; accepted: a later day.`,
      );
    }),
    at(service, key, error) {
      const places: Path[] =
        service === null
          ? [[key]]
          : [['services', service, key], ['defaults', key], [key], ['services', service]];
      const there = places.find((each) => yaml.has(each));
      const where = service === null ? '' : `services.${service}: `;
      return new GuardError(
        `${path}, line ${yaml.lineOf(there ?? [])}: ${where}${error.message.replace(/^Input ("[^"]+")/, '$1')}`,
      );
    },
  };
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
  const inputs: Partial<Record<InputName, string>> = {};
  for (const [name, value] of Object.entries(rest))
    if (value !== undefined) inputs[name as InputName] = Array.isArray(value) ? value.join('\n') : value;
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

/** Whether a path is a key of one service, or of the defaults for all of them. */
const isServiceKey = (path: readonly (string | number)[]): boolean =>
  (path[0] === 'services' && path.length === 3) || (path[0] === 'defaults' && path.length === 2);

/** What is wrong, where, and what is accepted there. */
function wordsOf(issue: v.BaseIssue<unknown>, yaml: YamlFile, file: string): string {
  // Of several shapes that were tried, the one that the value comes nearest to says more.
  const inner = (issue.issues ?? []).find((each) => (each.path?.length ?? 0) > 0) ?? null;
  const path = [...(issue.path ?? []), ...(inner?.path ?? [])].map(
    (each) => (each as { key: string | number }).key,
  );
  const last = inner ?? issue;
  const name = String(path.at(-1) ?? '');
  const line = yaml.lineOf(path);
  const parent = path.slice(0, -1).join('.');
  if (last.type === 'strict_object' && last.expected === 'never') {
    if (isOf(OF_ALL, name) && isServiceKey(path))
      return `${file}, line ${line}: "${name}" applies to all services, so ${oneLine(parent, 80)} cannot set it. Move it to the top level of the file.`;
    const accepted = keysAt(path.slice(0, -1));
    const [nearest] = accepted
      .map((each) => ({ each, far: leven(each, name) }))
      .sort((a, b) => a.far - b.far)
      .filter(({ each, far }) => far <= Math.max(2, each.length / 3));
    const meant = nearest ? `; did you mean "${nearest.each}"?` : '';
    return `${file}, line ${line}: "${oneLine(name, 60)}" is no key${parent ? ` of ${oneLine(parent, 80)}` : ''}${meant || '.'} Accepted: ${accepted.join(', ')}.`;
  }
  const got = last.received === 'Object' ? 'a map' : last.received === 'Array' ? 'a list' : last.received;
  return `${file}, line ${line}: "${oneLine(path.join('.'), 80)}" is ${oneLine(got, 60)}; accepted: ${acceptedAt(path, last)}.`;
}

function acceptedAt(path: readonly (string | number)[], issue: v.BaseIssue<unknown>): string {
  const key = path.findLast((each) => typeof each === 'string');
  if (key === 'services') return 'a map of services, each with its name, and a hundred at most';
  if (key === 'freezes') return 'a list of { from, to, why }';
  if (key === 'from' || key === 'to')
    return 'a day or an instant in UTC, such as 2026-12-20 or 2026-12-20T18:00Z';
  if (key === 'paths') return 'a path or a list of paths, such as services/api/**';
  if (key === 'environments' || key === 'live') return 'a list of names, or of { name, live: first or last }';
  if (key === 'splits') return 'a list such as [label:team/*, service]';
  if (key === 'authors') return 'all, people, a list of logins, or { exclude, only }';
  if (path.length === 0) return 'a map of keys';
  if (issue.type === 'strict_object') return `a map of ${keysAt(path).slice(0, 12).join(', ')}, …`;
  return key !== undefined && key in INPUTS ? 'one value, as the input of that name takes it' : 'a text';
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
