import { Refused, Unreadable } from '../github/errors.ts';
import { matches } from '../model/pattern.ts';
import type { Service } from '../model/service.ts';
import type { Facts } from '../read/facts-request.ts';
import { sourceOf } from '../sources/registry.ts';

type Files = Pick<Facts, 'workflowFiles'>;

/** The workflow files that may deploy a service: the one of an input, or those with a job for the environment. */
export async function deployWorkflowsOf(
  facts: Files,
  service: Service,
): Promise<{ name: string; text: string }[]> {
  const { options } = service.source;
  if (!('deploy-workflow' in sourceOf(service).inputs)) return [];
  const { file } = options as { file: string | null };
  const texts = await facts.workflowFiles();
  const { jobsInFile } = await import('../github/actions/workflow-yaml.ts');
  return texts.filter(({ name, text }) =>
    file !== null
      ? name === file
      : jobsInFile(text).some((job) => job.environment?.toLowerCase() === service.environment.toLowerCase()),
  );
}

/**
 * True if a concurrency group keeps the deployments of a service apart: a group of the workflow, of a job that may
 * deploy, or of a job that calls it. False if the workflow cannot be read.
 */
export async function hasDeployQueue(facts: Files, service: Service): Promise<boolean> {
  try {
    const deploying = await deployWorkflowsOf(facts, service);
    const { jobsInFile } = await import('../github/actions/workflow-yaml.ts');
    const files = (await facts.workflowFiles()).map(({ name, text }) => ({ name, jobs: jobsInFile(text) }));
    const names = new Set(deploying.map(({ name }) => name));
    const nameOfCalled = (calls: string | null) => calls?.split('/').at(-1) ?? '';
    const isEnvironment = (name: string | null) =>
      name !== null &&
      (name.includes('${{') ||
        service.environments.some((pattern) => matches(pattern.toLowerCase(), name.toLowerCase())));
    return files.some(({ name, jobs }) =>
      jobs.some(
        (job) =>
          job.isQueued &&
          (names.has(name) || isEnvironment(job.environment) || names.has(nameOfCalled(job.calls))),
      ),
    );
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof Refused)) throw error;
    return false;
  }
}
