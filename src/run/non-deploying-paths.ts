import { Refused, Unreadable } from '../github/errors.ts';
import type { Measurement } from '../measure/measure.ts';
import type { Gap, Remark } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import type { Mergeset } from '../model/mergesets.ts';
import { thresholdOf } from '../model/terms.ts';
import type { Service } from '../model/service.ts';
import type { PushPaths } from '../github/actions/workflow-yaml.ts';
import type { Facts } from '../read/facts-request.ts';
import { listed } from '../report/words.ts';
import { firstOf } from '../sources/phrases.ts';
import { deployWorkflowsOf, readsWorkflows } from './deploy-workflows.ts';
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
  if (service.paths !== null || service.service !== null || !needsExplanation(service, measurement))
    return none;
  try {
    const paths = await pushPathsOf(facts, service, measurement, remarks);
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
    deployments.some((deployment) => deployment.batched || deployment.outcome === 'failure')
  );
}

/** The path filter of the only workflow that deploys the service. */
async function pushPathsOf(
  facts: Facts,
  service: Service,
  {
    attribution: {
      facts: { regions = [] },
    },
  }: Measurement,
  remarks: Remark[],
): Promise<PushPaths | null> {
  if (!readsWorkflows(service)) return null;
  const texts = await facts.workflowFiles();
  // Without a filter anywhere, the YAML parser need not be loaded.
  if (!texts.some(({ text }) => /\bpaths\b/.test(text))) return null;
  const { deploying, callers } = await deployWorkflowsOf(facts, service, regions);
  const { pushPathsIn } = await import('../github/actions/workflow-yaml.ts');
  const withPaths = ({ name, text }: { name: string; text: string }) => ({ name, paths: pushPathsIn(text) });
  remarks.push(...pathsPerWorkflow([...deploying, ...callers].map(withPaths), service.environment));
  const [only, ...others] = deploying;
  return only && others.length === 0 ? withPaths(only).paths : null;
}

/** Workflows that deploy different paths to one environment deploy different services. */
function pathsPerWorkflow(
  workflows: readonly { name: string; paths: PushPaths | null }[],
  environment: string,
): Remark[] {
  const filtered = workflows.flatMap(({ name, paths }) => (paths === null ? [] : [{ name, ...paths }]));
  if (new Set(filtered.map(({ paths, ignore }) => JSON.stringify([ignore, paths.toSorted()]))).size < 2)
    return [];
  const names = filtered.map(
    ({ name, paths, ignore }) =>
      `${oneLine(name, 60)} (${ignore ? 'not ' : ''}${oneLine(firstOf(paths, 3), 120)})`,
  );
  return [
    {
      what: `${filtered.length} workflows deploy different paths to ${oneLine(environment, 60)}: ${listed(names)}.`,
      consequence:
        'They count as one service, so a change can seem live when only another path was deployed. List them under "services" in the configuration file, each with its "paths" and "deploy-workflow".',
    },
  ];
}
