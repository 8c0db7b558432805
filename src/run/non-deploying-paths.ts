import { Refused, Unreadable } from '../github/errors.ts';
import type { Measurement } from '../measure/measure.ts';
import type { Gap } from '../model/facts.ts';
import type { Mergeset } from '../model/mergesets.ts';
import { thresholdOf } from '../model/terms.ts';
import type { Service } from '../model/service.ts';
import type { Facts } from '../read/facts-request.ts';
import { deployWorkflowsOf } from './deploy-workflows.ts';
import { fileMatcher } from './path-rules.ts';

/**
 * Finds changes that start no deployment, because `on.push.paths` or `paths-ignore` of the deploy workflow leaves them
 * out. They go live with the next deployment. Reads the workflow only if a slow change or a batch needs an explanation.
 */
export async function changesWithoutDeploy(
  facts: Facts,
  service: Service,
  measurement: Measurement,
  gaps: Gap[],
): Promise<(mergeset: Mergeset) => boolean> {
  const none = () => false;
  if (service.paths !== null || service.service !== null || !needsExplanation(service, measurement))
    return none;
  try {
    const paths = await pushPathsOf(facts, service);
    if (paths === null) return none;
    const changes = [...new Set([...measurement.mergesets, ...measurement.pending])];
    const files = await facts.changedFiles(changes, gaps);
    const matches = await fileMatcher(paths.paths);
    const startsWorkflow = (file: string) => matches(file) !== paths.ignore;
    return ({ mergeCommit }) => files.get(mergeCommit)?.some(startsWorkflow) === false;
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof Refused)) throw error;
    gaps.push({
      what: `The deploy workflow could not be read. ${error.message}`,
      consequence: 'Its "paths" filter is unknown, so all changes count.',
      verdictAtRisk: false,
    });
    return none;
  }
}

function needsExplanation({ target }: Service, { mergesets, pending, deployments }: Measurement): boolean {
  const limit = thresholdOf(target);
  return (
    mergesets.some((mergeset) => (mergeset.leadTimeSeconds ?? 0) > limit) ||
    pending.some((mergeset) => (mergeset.waitingSeconds ?? 0) > limit) ||
    deployments.some((deployment) => deployment.batched)
  );
}

/** The path filter of the only workflow that deploys the service. */
async function pushPathsOf(facts: Facts, service: Service) {
  const [only, ...others] = await deployWorkflowsOf(facts, service);
  if (!only || others.length > 0) return null;
  const { pushPathsIn } = await import('../github/actions/workflow-yaml.ts');
  return pushPathsIn(only.text);
}
