import { Refused, Unreadable } from '../github/errors.ts';
import type { Measurement } from '../measure/measure.ts';
import type { Gap, Remark } from '../model/facts.ts';
import type { Mergeset } from '../model/mergesets.ts';
import { thresholdOf } from '../model/terms.ts';
import type { Service } from '../model/service.ts';
import type { Facts } from '../read/facts-request.ts';
import { sourceOf } from '../sources/registry.ts';
import { fileMatcher } from './path-rules.ts';

/**
 * Finds changes that start no deployment, because `on.push.paths` or `paths-ignore` of the deploy workflow leaves them
 * out. They go live with the next deployment. Reads the workflow only if a slow change, a batch or a failed deployment needs
 * an explanation.
 *
 * @param remarks - receives a remark if several workflows deploy different paths.
 */
export async function changesWithoutDeploy(
  facts: Facts,
  service: Service,
  measurement: Measurement,
  gaps: Gap[],
  remarks: Remark[],
): Promise<(mergeset: Mergeset) => boolean> {
  const none = () => false;
  const isWhole = service.paths === null && service.service === null;
  const readsWorkflows = 'deploy-workflow' in sourceOf(service).inputs;
  if (!isWhole || !readsWorkflows || !needsExplanation(service, measurement)) return none;
  try {
    // Without a filter anywhere, the YAML parser need not be loaded.
    if (!(await facts.workflowFiles()).some(({ text }) => /\bpaths\b/.test(text))) return none;
    const { pushPathsOf } = await import('./push-paths.ts');
    const { regions = [] } = measurement.attribution.facts;
    const paths = await pushPathsOf(facts, service, regions, remarks);
    if (paths === null) return none;
    const changes = [...new Set([...measurement.mergesets, ...measurement.pending])];
    const files = await facts.changedFiles(changes, gaps);
    const matches = await fileMatcher(paths.paths, 'workflow');
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
    deployments.some((deployment) => deployment.batched || deployment.outcome === 'failure')
  );
}
