/** Jobs and steps of a workflow file. */

export interface FileStep {
  name: string | null;
  uses: string | null;
  run: string | null;
  with: Record<string, unknown>;
  id?: string;
  /** True if the job goes on when it fails. */
  mayFail?: boolean;
  env?: Record<string, unknown>;
  /** Its working directory, if it sets one. */
  directory?: string;
  /** The steps of the composite action that it uses; absent for other steps, and if the action was not read. */
  steps?: FileStep[];
}

/** A concurrency group that several runs share. */
export interface Group {
  name: string;
  /** True if a newer run cancels the one in progress. */
  cancels: boolean;
}

/** Values by the names that expressions use, such as `inputs.environment`. A missing name is unknown. */
export type Values = Readonly<Record<string, string>>;

export interface FileJob {
  id: string;
  /** The name that a run shows. */
  name: string;
  needs: string[];
  environment: string | null;
  /** True if its environment records a deployment; not with `deployment: false`. */
  makesDeployment: boolean;
  matrix: boolean;
  /** The values of each job of its matrix; absent without a matrix, or if an expression makes it. */
  legs?: Values[];
  /** Number of jobs of its matrix that may run at once, if it sets a limit. */
  maxParallel?: number;
  /** Its own concurrency group, and that of its workflow. */
  group: Group | null;
  workflowGroup: Group | null;
  steps: FileStep[];
  /** Ids of jobs whose outputs it uses; `*` for all. */
  takes: string[];
  /** What it hands to the jobs that need it, by name; absent if it has no outputs. */
  outputs?: Record<string, unknown>;
  /** True if the run goes on when it fails. */
  mayFail?: boolean;
  /** Variables of its steps, from the job and the workflow. */
  env?: Record<string, unknown>;
  /** The working directory of its steps, if it sets one. */
  directory?: string;
  /** Images of its service containers. */
  services?: string[];
  /** True if its steps run in a container. */
  inContainer?: boolean;
  /** True for a runner whose disk may keep packages, layers and build outputs, such as a self-hosted one. */
  keepsDisk?: boolean;
  /** True if its file sets up a build cache outside of the runner. */
  hasRemoteCache?: boolean;
  /** True if only tags, releases and people start its workflow. */
  isForTags?: boolean;
  /** The reusable workflow that it calls, as the file spells it; `null` if it has steps. */
  calls: string | null;
  /** Inputs of the reusable workflow. */
  passes?: Record<string, unknown>;
  /** The inputs of its workflow with their defaults as a reusable workflow. Empty texts without one. */
  inputs?: Values;
}

const EXPRESSION = /\$\{\{(.*?)\}\}/g;

/** True if a text has expressions whose values are unknown. */
export const isUnresolved = (text: string): boolean => text.includes('${{');

/** A text with its expressions replaced, as far as `values` says what they are. */
export const filledIn = (text: string, values: Values): string =>
  text.replace(EXPRESSION, (expression, inside: string) => expressionValue(inside, values) ?? expression);

/** The value of an expression of names, texts, `==`, `!=`, `!`, `&&` and `||`; `null` if it is unknown. */
function expressionValue(expression: string, values: Values): string | null {
  const tokens = expression.match(/'(?:[^']|'')*'|\|\||&&|[=!]=|[\w.-]+|\S/g) ?? [];
  let at = 0;
  type Value = string | boolean | null;
  const operand = (): Value => {
    const token = tokens[at++] ?? '';
    if (token === '(') {
      const inner = either();
      return tokens[at++] === ')' ? inner : null;
    }
    if (token === '!') {
      const negated = operand();
      return negated === null ? null : !negated;
    }
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    const value = /^(?:true$|false$|\d)/.test(token) ? token : (values[token] ?? null);
    return value === 'false' ? false : value;
  };
  const comparison = (): Value => {
    const left = operand();
    const operator = tokens[at];
    if (operator !== '==' && operator !== '!=') return left;
    at++;
    const right = operand();
    if (left === null || right === null) return null;
    return (String(left).toLowerCase() === String(right).toLowerCase()) === (operator === '==');
  };
  /** `&&` takes the next operand if the value so far is true, and `||` if it is false. */
  const chained = (operator: '&&' | '||', next: () => Value) => (): Value => {
    let left = next();
    while (tokens[at] === operator) {
      at++;
      const right = next();
      if (left !== null && Boolean(left) === (operator === '&&')) left = right;
    }
    return left;
  };
  const either: () => Value = chained('||', chained('&&', comparison));
  const value = either();
  return at === tokens.length && value !== null ? String(value) : null;
}

/** The name of a job of a matrix, or of a job without one, as a run shows it. */
function shownName({ name, matrix }: FileJob, leg: Values, values: Values): string {
  const filled = filledIn(name, { ...values, ...leg });
  return matrix && filled === name ? `${name} (${Object.values(leg).join(', ')})` : filled;
}

const [EXACT, BY_ID, BY_PREFIX] = [4e6, 3e6, 2e6];

/** How well a job fits the name that a run shows, and the values of its matrix; `null` if it does not fit. */
function fitOf(job: FileJob, name: string, values: Values): { rank: number; leg: Values } | null {
  const leg = (job.legs ?? (job.matrix ? [] : [{}])).find((leg) => shownName(job, leg, values) === name);
  if (leg) return { rank: EXACT, leg };
  const ranked = (rank: number, leg: Values = {}) => ({ rank, leg });
  if (job.name === name) return ranked(EXACT - 1);
  if (job.id === name) return ranked(BY_ID);
  if ([job.name, job.id].some((start) => name.startsWith(`${start} (`))) {
    const shown = name.slice(name.lastIndexOf('(') + 1, -1).split(', ');
    const legs = job.legs?.filter((leg) => shown.every((value) => Object.values(leg).includes(value))) ?? [];
    return ranked(BY_PREFIX + (job.matrix ? 1 : 0), legs.length === 1 ? legs[0] : {});
  }
  const template = filledIn(job.name, values);
  if (!isFilledIn(template, name)) return null;
  // A matrix without such values has changed since the run. Then any other job that fits is more likely.
  return ranked(template.replace(EXPRESSION, '').length / (job.legs ? 1000 : 1));
}

/** The jobs that fit a name best: one, or several if the name does not say which. */
function bestFits(jobs: readonly FileJob[], name: string, values: Values): { job: FileJob; leg: Values }[] {
  const fits = jobs.flatMap((job) => {
    const fit = fitOf(job, name, values);
    return fit ? [{ job, ...fit }] : [];
  });
  const best = Math.max(...fits.map(({ rank }) => rank));
  return fits.filter(({ rank }) => rank === best);
}

/** The jobs of a file that a run may show as `name`, with or without the values of a matrix. */
export const fileJobsNamed = (jobs: readonly FileJob[], name: string): FileJob[] =>
  bestFits(jobs, name, {}).map(({ job }) => job);

/** The job of a file that a run shows as `name`; `undefined` if there is none, or if several fit alike. */
export function jobNamed(jobs: readonly FileJob[], name: string): FileJob | undefined {
  const [job, ...others] = fileJobsNamed(jobs, name);
  return others.length === 0 ? job : undefined;
}

/** True if a name is the template with its expressions replaced, as in `test ${{ matrix.os }}`. */
function isFilledIn(template: string, name: string): boolean {
  const parts = template.split(/\$\{\{.*?\}\}/);
  if (parts.length === 1 || parts.join('').trim() === '') return false;
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const index = i === 0 ? (name.startsWith(part) ? 0 : -1) : name.indexOf(part, at);
    if (index < 0) return false;
    at = index + part.length;
  }
  return parts.at(-1) === '' || at === name.length || name.endsWith(parts.at(-1) ?? '');
}

/** The reusable workflows of the same repository that jobs call, without duplicates. */
export const calledBy = (jobs: readonly FileJob[]): string[] => [
  ...new Set(jobs.flatMap(({ calls }) => (calls?.startsWith('./') ? [calls.slice(2)] : []))),
];

/** The files of jobs, and those of the reusable workflows that they call, directly or not. */
export function withCalled(files: ReadonlyMap<string, FileJob[]>, paths: Iterable<string>): Set<string> {
  const all = new Set(paths);
  for (const path of all) for (const called of calledBy(files.get(path) ?? [])) all.add(called);
  return all;
}

/** A group that a job of a run is in: its own, or that of a workflow or a caller around it. */
export interface GroupOfJob extends Group {
  isOwn: boolean;
  /** True if it may hold the job before it starts. A group around it holds only the first jobs. */
  mayHold: boolean;
}

/** A job of a run in its workflow files. */
interface Place {
  /** `null` if the file of the reusable workflow was not read. */
  job: FileJob | null;
  /** The jobs that call it, the outermost first, as a run shows them. */
  callers: { job: FileJob; shown: string }[];
  values: Values;
  groups: GroupOfJob[];
}

/** Where a job of a run may be in its files: its own file, or a reusable workflow, shown as `caller / job`. */
function placesOf(
  files: ReadonlyMap<string, FileJob[]>,
  file: string,
  name: string,
  values: Values = {},
  depth = 0,
): Place[] {
  const jobs = files.get(file) ?? [];
  const placed = ({ job, leg }: { job: FileJob; leg: Values }): Place => {
    const own = { ...values, ...leg };
    const groups = [job.group, job.workflowGroup].flatMap((group) => {
      const isOwn = group === job.group;
      const name = group && filledIn(group.name, own).toLowerCase();
      return group && name ? [{ ...group, name, isOwn, mayHold: isOwn || job.needs.length === 0 }] : [];
    });
    return { job, callers: [], values: own, groups };
  };
  const ownFits = bestFits(jobs, name, values);
  const inCalled = [...name.matchAll(/ \/ /g)].flatMap(({ index }) => {
    const [shown, rest] = [name.slice(0, index), name.slice(index + 3)];
    return bestFits(
      jobs.filter(({ calls }) => calls !== null),
      shown,
      values,
    ).flatMap((fit): Place[] => {
      const caller = placed(fit);
      const callers = [{ job: fit.job, shown }];
      const path = calledPath(fit.job);
      const called = files.get(path);
      if (!called || depth > 9) return [{ ...caller, job: null, callers }];
      return placesOf(files, path, rest, passedValues(fit.job, called, caller.values), depth + 1).map(
        (inner) => {
          const isFirst = [...inner.callers.map(({ job }) => job), inner.job].every(
            (job) => !job?.needs.length,
          );
          const around = caller.groups.map((group) => ({
            ...group,
            isOwn: false,
            mayHold: group.mayHold && isFirst,
          }));
          return { ...inner, callers: [...callers, ...inner.callers], groups: [...inner.groups, ...around] };
        },
      );
    });
  });
  const isExact = ownFits.some(({ job }) => job.name === name);
  return inCalled.length > 0 && !isExact ? inCalled : ownFits.map(placed);
}

/** The inputs of a reusable workflow: what its caller passes, or their defaults. */
function passedValues({ passes = {} }: FileJob, called: readonly FileJob[], values: Values): Values {
  const inputs = Object.entries(called[0]?.inputs ?? {}).map(([input, byDefault]) => {
    const passed = passes[input];
    return [`inputs.${input}`, passed === undefined ? byDefault : filledIn(String(passed), values)] as const;
  });
  const event = values['github.event_name'];
  return Object.fromEntries([
    ...inputs.filter(([, value]) => !isUnresolved(value)),
    ...(event === undefined ? [] : [['github.event_name', event]]),
  ]);
}

/** What is known when an event starts a workflow. The inputs of a manual start are unknown. */
function eventValues(jobs: readonly FileJob[], event: string): Values {
  const inputs = event === 'workflow_dispatch' ? [] : Object.keys(jobs[0]?.inputs ?? {});
  return {
    'github.event_name': event,
    ...Object.fromEntries(inputs.map((input) => [`inputs.${input}`, ''])),
  };
}

/** Jobs of a matrix, or calls by one, of which a limited number run at once. */
export interface Slot {
  /** The matrix, and the job or the call in it. */
  matrix: string;
  leg: string;
  maxParallel: number;
  /** True if the job is among the first of the leg, so that it waits for a free place. */
  isFirst: boolean;
}

/** A job of a run as its files describe it. */
export interface RunJob {
  /** Its environment has the values of the caller, the matrix and the defaults, as far as they are known. */
  job: FileJob;
  /** Its id after those of its callers. */
  path: string;
  groups: GroupOfJob[];
  slots: Slot[];
  /** The jobs that call it, the outermost first. */
  callers: FileJob[];
  values: Values;
}

/** The same jobs are looked up for every change. */
const known = new WeakMap<ReadonlyMap<string, FileJob[]>, Map<string, Place[]>>();

function knownPlacesOf(
  files: ReadonlyMap<string, FileJob[]>,
  file: string,
  name: string,
  event: string,
): Place[] {
  const places = known.get(files) ?? new Map<string, Place[]>();
  known.set(files, places);
  const key = [file, event, name].join('\n');
  const found = places.get(key) ?? placesOf(files, file, name, eventValues(files.get(file) ?? [], event));
  places.set(key, found);
  return found;
}

/**
 * The jobs of the files that a run may show as `name`. Several: the name does not say which.
 *
 * @param files - complete. What was found in them is kept.
 * @param event - the event that started the run.
 */
export function runJobsOf(
  files: ReadonlyMap<string, FileJob[]>,
  file: string,
  name: string,
  event: string,
): RunJob[] {
  return knownPlacesOf(files, file, name, event).flatMap(({ job, callers, groups, values }) => {
    if (!job) return [];
    const environment = job.environment && filledIn(job.environment, values);
    const chain = [...callers, { job, shown: name }];
    const slots = chain.flatMap(({ job: { id, maxParallel }, shown }, i): Slot[] => {
      if (maxParallel === undefined) return [];
      const outer = callers.slice(0, i).map((caller) => caller.shown);
      const isFirst = chain.slice(i + 1).every((inner) => inner.job.needs.length === 0);
      return [
        { matrix: [...outer, id].join(' / '), leg: [...outer, shown].join(' / '), maxParallel, isFirst },
      ];
    });
    const path = chain.map((caller) => caller.job.id).join(' / ');
    const resolved = environment === job.environment ? job : { ...job, environment };
    return [{ job: resolved, path, groups, slots, callers: callers.map((caller) => caller.job), values }];
  });
}

/** The job of a run in its workflow file, or in the reusable workflow's file; `null` if unknown or ambiguous. */
export function fileJobOf(files: ReadonlyMap<string, FileJob[]>, file: string, name: string): FileJob | null {
  const [place, ...others] = placesOf(files, file, name);
  return others.length === 0 ? (place?.job ?? null) : null;
}

/** The path of the reusable workflow that a job calls; empty if it calls none. */
export const calledPath = ({ calls }: FileJob): string => calls?.replace(/^\.\//, '') ?? '';

/** The `needs` of a job, by the names that a run shows. */
export interface Needs {
  any: boolean;
  includes(name: string): boolean;
}

/**
 * The `needs` of a job according to its file. The first jobs of a reusable workflow inherit the needs of their caller.
 *
 * @returns `null` if the file was not read, does not contain the job, or has several that fit its name.
 */
export function needsOf(
  files: ReadonlyMap<string, FileJob[]>,
  file: string,
  name: string,
  event: string,
): Needs | null {
  const [place, ...others] = knownPlacesOf(files, file, name, event);
  if (!place?.job || others.length > 0) return null;
  const chain = [...place.callers.map(({ job }) => job), place.job];
  const level = chain.findLastIndex(({ needs }) => needs.length > 0);
  const needs = chain[level]?.needs ?? [];
  return {
    any: needs.length > 0,
    includes: (other) =>
      knownPlacesOf(files, file, other, event).some(
        ({ job, callers }) =>
          needs.includes((callers[level]?.job ?? (callers.length === level ? job : null))?.id ?? '') &&
          place.callers.slice(0, level).every(({ shown }, i) => callers[i]?.shown === shown),
      ),
  };
}

/** The steps of a job, with those of the composite actions that it uses in their place. */
export const allSteps = (steps: readonly FileStep[]): FileStep[] =>
  steps.flatMap((step) => (step.steps ? allSteps(step.steps) : [step]));

/**
 * The step that a run shows as `name`: its own name, or `Run` with the action or the first line of the script.
 *
 * @param earlier - the number of steps before it that the run shows with the same name.
 */
export function stepNamed(job: FileJob, name: string, earlier = 0): FileStep | undefined {
  const command = name.replace(/^Run /, '');
  const found = (matches: (step: FileStep) => boolean) => {
    const steps = job.steps.filter(matches);
    return steps[earlier] ?? steps[0];
  };
  return (
    found((step) => step.name === name) ??
    found((step) => step.uses === command || step.run?.split('\n')[0]?.trim() === command) ??
    found((step) => step.name !== null && isFilledIn(step.name, name))
  );
}
