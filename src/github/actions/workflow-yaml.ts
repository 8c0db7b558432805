import { load } from 'js-yaml';
import {
  type FileJob,
  type FileStep,
  filledIn,
  type Group,
  isUnresolved,
  type Values,
} from '../../model/workflow-file.ts';

/** GitHub accepts workflow files of up to half a million characters. */
const MAX_LENGTH = 512_000;

/** The jobs of a workflow file, with their steps; empty for a text that is not a workflow or is too large to be one. */
export function jobsInFile(text: string): FileJob[] {
  const file = parsed(text);
  const inputs = inputsIn(file);
  return Object.entries(record(file.jobs)).map(([id, value]) => {
    const job = record(value);
    const steps = stepsIn(job.steps);
    const { matrix, 'max-parallel': maxParallel } = record(job.strategy);
    const legs = legsOf(matrix);
    const environment = string(job.environment) ?? string(record(job.environment).name);
    const directory = directoryIn(job) ?? directoryIn(file);
    const services = Object.values(record(job.services)).map(
      (service) => string(record(service).image) ?? '',
    );
    return {
      id,
      name: string(job.name) ?? id,
      needs: strings(job.needs),
      environment,
      makesDeployment: environment !== null && record(job.environment).deployment !== false,
      matrix: isMatrix(matrix),
      ...(legs ? { legs } : {}),
      ...(typeof maxParallel === 'number' ? { maxParallel } : {}),
      group: groupOf(job.concurrency),
      workflowGroup: groupOf(file.concurrency),
      calls: string(job.uses),
      passes: record(job.with),
      ...(inputs ? { inputs } : {}),
      steps,
      takes: outputsIn(job),
      ...(job.outputs ? { outputs: record(job.outputs) } : {}),
      ...(job['continue-on-error'] === true ? { mayFail: true } : {}),
      ...(job.env || file.env ? { env: { ...record(file.env), ...record(job.env) } } : {}),
      ...(directory ? { directory } : {}),
      ...(services.length > 0 ? { services } : {}),
      ...(job.container ? { inContainer: true } : {}),
      ...(keepsDisk(job, steps) ? { keepsDisk: true } : {}),
      ...(REMOTE_CACHE.test([...textsIn([job, file.env])].join(' ')) ? { hasRemoteCache: true } : {}),
      ...(isForTags(file.on) ? { isForTags: true } : {}),
    };
  });
}

/** Labels of hosted runners that come with a disk or a builder which keeps layers and caches. */
const KEEPS = /^(?:namespace-profile|nscloud)-/;
/** True if a job runs where another one ran before: its label says so, or it leaves old files and layers there. */
const keepsDisk = (job: Record<string, unknown>, steps: readonly FileStep[]): boolean =>
  mentions(job['runs-on'], 'self-hosted') ||
  strings(job['runs-on']).some((label) => KEEPS.test(label)) ||
  steps.some(
    (step) =>
      (/^actions\/checkout@/.test(step.uses ?? '') && String(step.with.clean) === 'false') ||
      /\bprune\b.*--filter[= ]"?until=/.test(step.run ?? ''),
  );

/** The working directory that a job or a workflow sets for its steps. */
const directoryIn = (owner: Record<string, unknown>): string | null =>
  string(record(record(owner.defaults).run)['working-directory']);

/** True if pushed tags and releases start a workflow, and nothing else but a person. */
function isForTags(on: unknown): boolean {
  const events = typeof on === 'string' || Array.isArray(on) ? strings(on) : Object.keys(record(on));
  const { push } = record(on);
  const hasTags = record(push).tags !== undefined && record(push).branches === undefined;
  const starts = events.filter((event) => event !== 'workflow_dispatch');
  return starts.length > 0 && starts.every((event) => event === 'release' || (event === 'push' && hasTags));
}

const stepsIn = (steps: unknown): FileStep[] =>
  list(steps)
    .map(record)
    .map((step) => ({
      name: string(step.name),
      uses: string(step.uses),
      run: string(step.run),
      with: record(step.with),
      ...(step.id ? { id: String(step.id) } : {}),
      ...(step['continue-on-error'] === true ? { mayFail: true } : {}),
      ...(step.env ? { env: record(step.env) } : {}),
      ...(step['working-directory'] ? { directory: String(step['working-directory']) } : {}),
    }));

/** Settings of build caches that are kept outside of the runner. */
const REMOTE_CACHE =
  /\bTURBO_(?:TOKEN|API)|NX[-_]CLOUD|SCCACHE|CCACHE_REMOTE|remote[-_]?(?:build)?[-_]?cache|disk[-_]cache|repository[-_]cache|\.turbo\b|\.next\/cache|BUILDBUDDY|DEVELOCITY|GRADLE_ENTERPRISE/i;

/** The files in which an action of the same repository may be. */
const filesOfAction = (uses: string | null): string[] =>
  uses?.startsWith('./')
    ? ['action.yml', 'action.yaml'].map(
        (name) => `${uses.slice(2).replace(/\/*$/, '/').replace(/^\//, '')}${name}`,
      )
    : [];

/** The files of the actions of the same repository that jobs and other actions use. */
export const actionFilesOf = (
  jobs: ReadonlyMap<string, FileJob[]>,
  actions: ReadonlyMap<string, string>,
): string[] =>
  [
    ...[...jobs.values()].flat().flatMap(({ steps }) => steps),
    ...[...actions.values()].flatMap((text) => stepsIn(record(parsed(text).runs).steps)),
  ].flatMap(({ uses }) => filesOfAction(uses));

/** Jobs whose steps have the steps of the composite actions that they use. */
export function withActions(
  files: ReadonlyMap<string, FileJob[]>,
  actions: ReadonlyMap<string, string>,
): Map<string, FileJob[]> {
  const opened = (step: FileStep, depth = 0): FileStep => {
    const text = filesOfAction(step.uses).flatMap((path) => actions.get(path) ?? [])[0];
    const action = text === undefined ? {} : parsed(text);
    if (record(action.runs).using !== 'composite' || depth > 9) return step;
    const given = { ...defaultsOf(action.inputs), ...step.with };
    const values = Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => {
        const input = scalar(value);
        return input === null || isUnresolved(input) ? [] : [[`inputs.${name}`, input]];
      }),
    );
    const filled = (text: string | null) => text && filledIn(text, values);
    const steps = stepsIn(record(action.runs).steps).map((inner) => {
      const passed = Object.entries(inner.with).map(([name, value]) => [
        name,
        typeof value === 'string' ? filled(value) : value,
      ]);
      const own = { ...inner, name: filled(inner.name), run: filled(inner.run) };
      return opened({ ...own, with: Object.fromEntries(passed) }, depth + 1);
    });
    return { ...step, steps };
  };
  const openedJob = (job: FileJob) => ({ ...job, steps: job.steps.map((step) => opened(step)) });
  return new Map([...files].map(([path, jobs]) => [path, jobs.map(openedJob)]));
}

const defaultsOf = (inputs: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record(inputs)).map(([name, input]) => [name, scalar(record(input).default) ?? '']),
  );

/** The inputs of a workflow, with their defaults as a reusable workflow; `null` without any. */
function inputsIn({ on }: Record<string, unknown>): Values | null {
  const { workflow_call, workflow_dispatch } = record(on);
  const started = Object.keys(record(record(workflow_dispatch).inputs)).map((name) => [name, ''] as const);
  const inputs = { ...Object.fromEntries(started), ...defaultsOf(record(workflow_call).inputs) };
  return Object.keys(inputs).length > 0 ? inputs : null;
}

/** A concurrency group that several runs share; `null` without one, and for a group of one run. */
function groupOf(concurrency: unknown): Group | null {
  const name = string(concurrency) ?? string(record(concurrency).group);
  if (name === null || /github\.(?:sha|run_id|run_number)\b/.test(name)) return null;
  return { name, cancels: record(concurrency)['cancel-in-progress'] === true };
}

/** GitHub runs at most this many jobs of a matrix. */
const MAX_LEGS = 256;

/** The values of each job of a matrix, by `matrix.key`; `null` if an expression makes some of them. */
function legsOf(matrix: unknown): Values[] | null {
  const { include, exclude, ...keys } = record(matrix);
  if (!isMatrix(matrix) || typeof matrix === 'string' || mentions(matrix, '${{')) return null;
  let legs: Values[] = Object.keys(keys).length > 0 ? [{}] : [];
  for (const [key, values] of Object.entries(keys)) {
    legs = legs.flatMap((leg) => list(values).map((value) => ({ ...leg, ...leavesOf(key, value) })));
    if (legs.length > MAX_LEGS) return null;
  }
  const fits = (leg: Values, part: Values) =>
    Object.entries(part).every(([key, value]) => leg[key] === value);
  const partsOf = (parts: unknown) => list(parts).map((part) => leavesOf('', part));
  legs = legs.filter((leg) => !partsOf(exclude).some((part) => fits(leg, part)));
  // An entry of `include` extends the combinations whose own values it does not change, or else adds one.
  const isOwn = (name: string) => Object.keys(keys).some((key) => `${name}.`.startsWith(`matrix.${key}.`));
  const [combinations, added] = [legs.length, [] as Values[]];
  for (const part of partsOf(include)) {
    const own = Object.fromEntries(Object.entries(part).filter(([name]) => isOwn(name)));
    const extended = legs.map((leg) => (fits(leg, own) ? { ...leg, ...part } : leg));
    if (combinations > 0 && extended.some((leg, i) => leg !== legs[i])) legs = extended;
    else added.push(part);
  }
  return [...legs, ...added];
}

/** A value of a matrix by the names that expressions use: `matrix.os`, or `matrix.target.os` for an object. */
function leavesOf(key: string, value: unknown, parent = 'matrix'): Record<string, string> {
  const name = key === '' ? parent : `${parent}.${key}`;
  const text = scalar(value);
  if (text !== null) return { [name]: text };
  return Object.assign(
    {},
    ...Object.entries(record(value)).map(([inner, part]) => leavesOf(inner, part, name)),
  );
}

const scalar = (value: unknown): string | null =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : null;

/** A matrix can be a single expression, such as `${{ fromJSON(…) }}`. */
const isMatrix = (value: unknown): boolean =>
  typeof value === 'string' || Object.keys(record(value)).length > 0;

/** The keys and texts within a value. Visits each object once, as YAML aliases can form huge structures. */
function textsIn(value: unknown): Set<string> {
  const seen = new Set<unknown>();
  const texts = new Set<string>();
  const open: unknown[] = [value];
  while (open.length > 0) {
    const node = open.pop();
    if (typeof node === 'string') texts.add(node);
    else if (typeof node === 'object' && node !== null && !seen.has(node)) {
      seen.add(node);
      if (!Array.isArray(node)) for (const key of Object.keys(node)) texts.add(key);
      open.push(...Object.values(node));
    }
  }
  return texts;
}

const mentions = (value: unknown, text: string): boolean =>
  [...textsIn(value)].some((found) => found.includes(text));

/** The ids of jobs whose outputs a job uses; `*` if it uses all. */
const outputsIn = (job: unknown): string[] => [
  ...new Set(
    [...textsIn(job)].flatMap((text) => [
      ...[...text.matchAll(/needs\.([\w-]+)\.outputs/g)].map(([, id]) => id ?? ''),
      ...(/toJSON\(needs\)|needs\[|needs\.\*/i.test(text) ? ['*'] : []),
    ]),
  ),
];

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const string = (value: unknown): string | null => (typeof value === 'string' ? value : null);
/** A string, or the strings of a list. */
const strings = (value: unknown): string[] =>
  (typeof value === 'string' ? [value] : list(value)).filter((item) => typeof item === 'string');

/** The events that start a workflow; empty for a text that is not a workflow. */
export function eventsIn(text: string): string[] {
  const { on } = parsed(text);
  return typeof on === 'string' || Array.isArray(on) ? strings(on) : Object.keys(record(on));
}

/** The workflows whose runs start a workflow, and at which points of a run. */
export function workflowRunIn(text: string): { workflows: string[]; types: string[] } {
  const event = record(record(parsed(text).on).workflow_run);
  const types = strings(event.types);
  return { workflows: strings(event.workflows), types: types.length > 0 ? types : ['completed'] };
}

/** The name of a workflow, which defaults to its path, as in `workflow_run`. */
export function nameIn(text: string, path: string): string {
  return string(parsed(text).name) ?? path;
}

export interface PushPaths {
  paths: string[];
  /** True for `paths-ignore`. */
  ignore: boolean;
}

/** The `paths` or `paths-ignore` of a workflow's `push` event; `null` if it has neither. */
export function pushPathsIn(text: string): PushPaths | null {
  const push = record(record(parsed(text).on).push);
  const paths = strings(push.paths);
  const ignored = strings(push['paths-ignore']);
  if (paths.length > 0) return { paths, ignore: false };
  return ignored.length > 0 ? { paths: ignored, ignore: true } : null;
}

/** The branches whose pushes start a workflow (`null`: any), and whether pushed tags do. */
export function pushRefsIn(text: string): { branches: string[] | null; tags: boolean } {
  const { branches, tags } = record(record(parsed(text).on).push);
  return {
    branches: branches === undefined ? null : strings(branches),
    tags: tags !== undefined,
  };
}

/** The content of a workflow file; empty if it is not valid YAML or is too large. */
function parsed(text: string): Record<string, unknown> {
  if (text.length > MAX_LENGTH) return {};
  try {
    return record(load(text));
  } catch {
    return {};
  }
}
