import { calledPath, type FileJob, type FileStep } from './workflow-file.ts';

/** The commit that a `workflow_run` deploys: its own, or that of the run that triggered it. */
export type Checkout = 'own' | 'triggering' | 'unknown';

const TRIGGERING = /\bworkflow_run\.(?:head_sha|head_commit\.id)\b/;
const GIT = /\bgit\s+(?:checkout|fetch|reset|switch)\b/;
/** What somebody who starts a run by hand can set. */
const CHOSEN = /\b(?:inputs|client_payload)\./;
const OWN = /^\$\{\{\s*github\.(?:sha|ref|ref_name)\s*\}\}$/;

export function checkoutOf(...args: Parameters<typeof checkoutsOf>): Checkout {
  const checkouts = checkoutsOf(...args);
  if (checkouts.includes('triggering')) return 'triggering';
  return checkouts.includes('unknown') ? 'unknown' : 'own';
}

/** True if whoever starts a run can choose the commit that it deploys. */
export const canChooseCommit = (...args: Parameters<typeof checkoutsOf>): boolean =>
  checkoutsOf(...args).includes('chosen');

/** What the jobs that deploy check out, or all jobs if those that deploy check out nothing. */
function checkoutsOf(
  files: ReadonlyMap<string, FileJob[]>,
  path: string,
  isDeploying: (name: string) => boolean,
): (Checkout | 'chosen')[] {
  if (!files.has(path)) return ['unknown'];
  const checkoutsIn = (job: FileJob, depth = 0): (Checkout | 'chosen')[] => {
    if (job.calls && !files.has(calledPath(job)))
      return [
        Object.values(job.passes ?? {}).some((text) => TRIGGERING.test(`${text}`)) ? 'triggering' : 'unknown',
      ];
    const called = depth > 4 ? [] : (files.get(calledPath(job)) ?? []);
    return [
      ...job.steps.flatMap((step) => checkoutIn(step, {})),
      ...called.flatMap((inner) => [
        ...inner.steps.flatMap((step) => checkoutIn(step, job.passes ?? {})),
        ...(inner.calls ? checkoutsIn(inner, depth + 1) : []),
      ]),
    ];
  };
  const jobs = files.get(path) ?? [];
  const ofDeploying = jobs.filter((job) => isDeploying(job.name)).flatMap((job) => checkoutsIn(job));
  const isReadable = (job: FileJob) => !job.calls || files.has(calledPath(job));
  return ofDeploying.length > 0 ? ofDeploying : jobs.filter(isReadable).flatMap((job) => checkoutsIn(job));
}

/** @param inputs - the inputs that the workflow of the step was called with. */
function checkoutIn(
  { uses, run, with: given }: FileStep,
  inputs: Record<string, unknown>,
): (Checkout | 'chosen')[] {
  const chosenIn = (text: string): 'chosen'[] => (CHOSEN.test(text) ? ['chosen'] : []);
  if (run !== null && !GIT.test(run)) return [];
  if (run !== null) return [...(TRIGGERING.test(run) ? ['triggering' as const] : []), ...chosenIn(run)];
  const textOf = (value: unknown): string => {
    const text = typeof value === 'string' ? value.trim() : '';
    const input = /^\$\{\{\s*inputs\.([\w-]+)\s*\}\}$/.exec(text)?.[1];
    return input !== undefined && input in inputs ? textOf(inputs[input]) : text;
  };
  // The triggering run's artifacts were built from its commit.
  if (uses?.includes('download-artifact'))
    return /\bworkflow_run\.id\b/.test(textOf(given['run-id'] ?? given.run_id)) ? ['triggering'] : [];
  if (!uses?.startsWith('actions/checkout@')) return [];
  const repository = textOf(given.repository);
  if (repository !== '' && !repository.includes('github.repository')) return [];
  const ref = textOf(given.ref);
  if (TRIGGERING.test(ref)) return ['triggering', ...chosenIn(ref)];
  return [ref.includes('${' + '{') && !OWN.test(ref) ? 'unknown' : 'own', ...chosenIn(ref)];
}
