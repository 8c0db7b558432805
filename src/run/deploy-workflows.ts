import type { WorkflowText } from '../github/workflow-folder.ts';
import { Refused, Unreadable } from '../github/errors.ts';
import { matches } from '../model/pattern.ts';
import type { Service } from '../model/service.ts';
import type { FileJob } from '../model/workflow-file.ts';
import type { Facts } from '../read/facts-request.ts';
import { sourceOf } from '../sources/registry.ts';

const nameOfCalled = (calls: string | null): string => calls?.split('/').at(-1) ?? '';

/**
 * The workflow files that may deploy a service: the one of an input, or those with a job for the environment or a region.
 * The callers are files that call one of these.
 */
export async function deployWorkflowsOf(
  facts: Facts,
  service: Service,
  regions: readonly string[] = [],
): Promise<{ deploying: WorkflowText[]; callers: WorkflowText[] }> {
  if (!('deploy-workflow' in sourceOf(service).inputs)) return { deploying: [], callers: [] };
  const { file } = service.source.options as { file: string | null };
  const texts = await facts.workflowFiles();
  if (file !== null) return { deploying: texts.filter(({ name }) => name === file), callers: [] };
  const { jobsInFile } = await import('../github/actions/workflow-yaml.ts');
  const environments = new Set([service.environment, ...regions].map((name) => name.toLowerCase()));
  const jobs = new Map(texts.map((file) => [file, jobsInFile(file.text)]));
  const some = (file: WorkflowText, test: (job: FileJob) => boolean) => (jobs.get(file) ?? []).some(test);
  const deploying = texts.filter((file) =>
    some(file, (job) => environments.has(job.environment?.toLowerCase() ?? '')),
  );
  const names = new Set(deploying.map(({ name }) => name));
  const callers = texts.filter(
    (file) => !names.has(file.name) && some(file, ({ calls }) => names.has(nameOfCalled(calls))),
  );
  return { deploying, callers };
}

/**
 * True if a concurrency group keeps the deployments of a service apart: a group of the workflow, of a job that may
 * deploy, or of a job that calls it. False if the workflow cannot be read.
 */
export async function hasDeployQueue(facts: Facts, service: Service): Promise<boolean> {
  try {
    const { deploying } = await deployWorkflowsOf(facts, service);
    const { jobsInFile } = await import('../github/actions/workflow-yaml.ts');
    const files = (await facts.workflowFiles()).map(({ name, text }) => ({ name, jobs: jobsInFile(text) }));
    const names = new Set(deploying.map(({ name }) => name));
    const isEnvironment = (name: string | null) =>
      name !== null &&
      (name.includes('${{') ||
        service.environments.some((pattern) => matches(pattern.toLowerCase(), name.toLowerCase())));
    return files.some(({ name, jobs }) =>
      jobs.some(
        (job) =>
          (job.group ?? job.workflowGroup) !== null &&
          (names.has(name) || isEnvironment(job.environment) || names.has(nameOfCalled(job.calls))),
      ),
    );
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof Refused)) throw error;
    return false;
  }
}
