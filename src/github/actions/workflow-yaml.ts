import { load } from 'js-yaml';
import type { FileJob } from '../../model/workflow-file.ts';

/**
 * Reads a workflow file's jobs and steps.
 *
 * @returns its jobs; none for a text that is no workflow.
 */
export function jobsInFile(text: string): FileJob[] {
  let file: unknown;
  try {
    file = load(text);
  } catch {
    return [];
  }
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
      matrix: Object.keys(record(record(job.strategy).matrix)).length > 0,
      steps,
      takesFromOthers:
        JSON.stringify(job).includes('needs.') ||
        steps.some((step) => step.uses?.startsWith('actions/download-artifact')),
    };
  });
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const string = (value: unknown): string | null => (typeof value === 'string' ? value : null);
