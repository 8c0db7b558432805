import { looksDeploying } from '../model/job-name.ts';
import { calledBy, type FileJob, fileJobOf } from '../model/workflow-file.ts';

/** The jobs of a workflow file and of the workflows that it calls. */
export function jobsWithCalled(files: ReadonlyMap<string, FileJob[]>, path: string, depth = 0): FileJob[] {
  const jobs = files.get(path) ?? [];
  if (depth > 4) return jobs;
  return [...jobs, ...calledBy(jobs).flatMap((called) => jobsWithCalled(files, called, depth + 1))];
}

/**
 * Decides by name which jobs of a workflow deploy: those with the service's environment, or else those with any
 * environment, in the file or in a workflow that it calls. Without a file, the names decide.
 *
 * @param files - jobs by path.
 */
export function deployingJobs(
  files: ReadonlyMap<string, FileJob[]>,
  path: string,
  environment: string,
): (name: string) => boolean {
  const jobsFrom = (file: string) => jobsWithCalled(files, file);
  const withEnvironment = jobsFrom(path).filter((job) => job.environment !== null);
  const ofService = withEnvironment.filter(
    (job) => job.environment?.toLowerCase() === environment.toLowerCase(),
  );
  const deploying = ofService.length > 0 ? ofService : withEnvironment;
  return (name) => {
    const job = fileJobOf(files, path, name);
    const called = job?.calls ? jobsFrom(job.calls.replace(/^\.\//, '')) : [];
    if (job && deploying.length > 0 && (!job.calls || called.length > 0))
      return [job, ...called].some((inner) => deploying.includes(inner));
    return looksDeploying(name);
  };
}
