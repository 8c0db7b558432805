import type { Measurement } from '../measure/measure.ts';
import type { Deployment, Gap } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import { looksDeploying } from '../model/job-name.ts';
import { checkoutOf } from '../model/checkout.ts';
import { type Job, type Pipelines, runOf } from '../model/pipeline.ts';

/** Successes whose run shows that something else than the recorded commit may be live. */
export interface DoubtfulDeployments {
  /** The job skipped the step that deploys. */
  skippedSteps: { id: Deployment['id']; step: string }[];
  /** Runs of `workflow_run` may have checked out another commit than GitHub recorded. */
  gaps: Gap[];
}

/** Steps that prepare a job or clean up after it. */
const PREPARES =
  /^(?:Set up job$|Complete job$|Post |Initialize containers$|Stop containers$|Run actions\/(?:checkout|setup-|cache|(?:up|down)load-artifact))/;
/** Steps that follow a deploy, or undo a failed one. */
const FOLLOWS = /fail|notif|roll-?back|slack|comment|summary|\bif\b/i;

export function doubtfulDeployments(
  { deployments }: Measurement,
  { byDeployment, files }: Pipelines,
): DoubtfulDeployments {
  const skippedSteps: DoubtfulDeployments['skippedSteps'] = [];
  const otherCheckouts: string[] = [];
  for (const { id, outcome, deployment } of deployments) {
    const pipeline = byDeployment.get(id);
    if (outcome !== 'success' || !pipeline) continue;
    const { run, deployJob } = pipeline;
    const job = run.jobs.find((candidate) => candidate.id === deployJob);
    const step = job && skippedDeploy(job);
    if (step) skippedSteps.push({ id, step });
    // Only a job with an environment records the commit of its run.
    if (run.event !== 'workflow_run' || !runOf(deployment)?.job || deployment.runSha !== undefined) continue;
    if (checkoutOf(files, run.file ?? '', (name) => name === job?.name) !== 'own')
      otherCheckouts.push(run.file?.replace(/^.*\//, '') ?? run.workflow);
  }
  return { skippedSteps, gaps: unknownCheckouts(otherCheckouts) };
}

/** Runs whose workflow file no longer says which commit they deployed. */
function unknownCheckouts(files: readonly string[]): Gap[] {
  if (files.length === 0) return [];
  const names = [...new Set(files)].map((name) => oneLine(name, 60)).join(', ');
  return [
    {
      what: `The commits that ${names} deployed after a workflow_run are not known for ${files.length === 1 ? '1 deployment' : `${files.length} deployments`}.`,
      consequence:
        'They may be older than the recorded ones, so there is no verdict. Keep the workflow file in the repository until these deployments are older than the window.',
      verdictAtRisk: true,
    },
  ];
}

/** The step that deploys, if the job skipped it; otherwise `null`. */
function skippedDeploy({ steps }: Job): string | null {
  const work = steps.filter(({ name }) => !PREPARES.test(name));
  const skipped = work.filter(({ conclusion, name }) => conclusion === 'skipped' && !FOLLOWS.test(name));
  const ran = work.filter(({ conclusion }) => conclusion !== 'skipped');
  if (ran.length === 0) return skipped[0]?.name ?? null;
  if (ran.some(({ name }) => looksDeploying(name))) return null;
  return skipped.find(({ name }) => looksDeploying(name))?.name ?? null;
}
