import { load } from 'js-yaml';
import type { FileJob } from '../../model/workflow-file.ts';

/** GitHub takes no workflow of more than half a million characters; reading more would hold everything else up. */
const LONGEST_FILE = 512_000;

/**
 * Reads a workflow file's jobs and steps.
 *
 * @returns its jobs; none for a text that is no workflow, or too large to be one.
 */
export function jobsInFile(text: string): FileJob[] {
  const file = loaded(text);
  return Object.entries(record(record(file).jobs)).map(([id, value]) => {
    const job = record(value);
    const steps = list(job.steps).map((each) => {
      const step = record(each);
      return {
        name: string(step.name),
        uses: string(step.uses),
        run: string(step.run),
        with: record(step.with),
      };
    });
    const environment = string(job.environment) ?? string(record(job.environment).name);
    return {
      id,
      name: string(job.name) ?? id,
      needs:
        typeof job.needs === 'string'
          ? [job.needs]
          : list(job.needs).filter((each) => typeof each === 'string'),
      environment,
      makesDeployment: environment !== null && record(job.environment).deployment !== false,
      matrix: isMatrix(record(job.strategy).matrix),
      calls: string(job.uses),
      steps,
      takesFromOthers:
        mentions(job, 'needs.') || steps.some((step) => step.uses?.startsWith('actions/download-artifact')),
    };
  });
}

/** A matrix may be an expression as a whole: `${{ fromJSON(…) }}`. */
const isMatrix = (value: unknown): boolean =>
  typeof value === 'string' || Object.keys(record(value)).length > 0;

/** Whether any text in it has these words. Aliases may make of a short file an endless one: each thing is looked at once. */
function mentions(value: unknown, words: string): boolean {
  const seen = new Set<unknown>();
  const open: unknown[] = [value];
  while (open.length > 0) {
    const each = open.pop();
    if (typeof each === 'string') {
      if (each.includes(words)) return true;
    } else if (typeof each === 'object' && each !== null && !seen.has(each)) {
      seen.add(each);
      open.push(...Object.values(each));
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

/** The events that start a workflow; none for a text that is no workflow. */
export function eventsIn(text: string): string[] {
  const { on } = record(loaded(text));
  if (typeof on === 'string') return [on];
  return Array.isArray(on) ? on.filter((each) => typeof each === 'string') : Object.keys(record(on));
}

/** What a workflow is called: its name, or else its path, as `workflow_run` names it. */
export function nameIn(text: string, path: string): string {
  return string(record(loaded(text)).name) ?? path;
}

/** What of a push to a branch starts a workflow: its `paths`, or all but its `paths-ignore`; `null`: any push, or none. */
export function pushPathsIn(text: string): { paths: string[]; ignore: boolean } | null {
  const push = record(record(record(loaded(text)).on).push);
  const texts = (value: unknown) =>
    (typeof value === 'string' ? [value] : list(value)).filter((each) => typeof each === 'string');
  const [paths, ignored] = [texts(push.paths), texts(push['paths-ignore'])];
  if (paths.length > 0) return { paths, ignore: false };
  return ignored.length > 0 ? { paths: ignored, ignore: true } : null;
}

/** What a file says; `undefined`: it cannot be read, or is too large to be a workflow. */
function loaded(text: string): unknown {
  if (text.length > LONGEST_FILE) return undefined;
  try {
    return load(text);
  } catch {
    return undefined;
  }
}
