import { load } from 'js-yaml';
import type { FileJob } from '../../model/workflow-file.ts';

/** GitHub accepts workflow files of up to half a million characters. */
const MAX_LENGTH = 512_000;

/** The jobs of a workflow file, with their steps; empty for a text that is not a workflow or is too large to be one. */
export function jobsInFile(text: string): FileJob[] {
  const file = parsed(text);
  return Object.entries(record(file.jobs)).map(([id, value]) => {
    const job = record(value);
    const steps = list(job.steps)
      .map(record)
      .map((step) => ({
        name: string(step.name),
        uses: string(step.uses),
        run: string(step.run),
        with: record(step.with),
      }));
    const environment = string(job.environment) ?? string(record(job.environment).name);
    return {
      id,
      name: string(job.name) ?? id,
      needs: strings(job.needs),
      environment,
      makesDeployment: environment !== null && record(job.environment).deployment !== false,
      matrix: isMatrix(record(job.strategy).matrix),
      isQueued: isGroup(file.concurrency) || isGroup(job.concurrency),
      calls: string(job.uses),
      passes: record(job.with),
      steps,
      takesFromOthers:
        mentions(job, 'needs.') || steps.some((step) => step.uses?.startsWith('actions/download-artifact')),
    };
  });
}

/** True for a concurrency group that several runs share. */
function isGroup(concurrency: unknown): boolean {
  const group = string(concurrency) ?? string(record(concurrency).group);
  return group !== null && !/github\.(?:sha|run_id|run_number)\b/.test(group);
}

/** A matrix can be a single expression, such as `${{ fromJSON(…) }}`. */
const isMatrix = (value: unknown): boolean =>
  typeof value === 'string' || Object.keys(record(value)).length > 0;

/** Whether any string within a value contains `text`. Visits each object once, as YAML aliases can form huge structures. */
function mentions(value: unknown, text: string): boolean {
  const seen = new Set<unknown>();
  const open: unknown[] = [value];
  while (open.length > 0) {
    const node = open.pop();
    if (typeof node === 'string') {
      if (node.includes(text)) return true;
    } else if (typeof node === 'object' && node !== null && !seen.has(node)) {
      seen.add(node);
      open.push(...Object.values(node));
    }
  }
  return false;
}

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

/** The content of a workflow file; empty if it is not valid YAML or is too large. */
function parsed(text: string): Record<string, unknown> {
  if (text.length > MAX_LENGTH) return {};
  try {
    return record(load(text));
  } catch {
    return {};
  }
}
