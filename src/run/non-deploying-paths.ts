import { Refused, Unreadable } from '../github/errors.ts';
import type { Measurement } from '../measure/measure.ts';
import type { Gap } from '../model/facts.ts';
import type { Mergeset } from '../model/mergesets.ts';
import { thresholdOf } from '../model/terms.ts';
import type { Service } from '../model/service.ts';
import type { Facts } from '../read/facts-request.ts';
import { sourceOf } from '../sources/registry.ts';
import { fileMatcher } from './path-rules.ts';

/**
 * Changes that the deploy workflow's own `on.push.paths` or `paths-ignore` leaves out deploy nothing by themselves: they
 * ride along with the next that does. Asked where something took or waits too long, or went out in a batch, as that is
 * what it may explain.
 */
export async function changesWithoutDeploy(
  facts: Facts,
  service: Service,
  measurement: Measurement,
  gaps: Gap[],
): Promise<(mergeset: Mergeset) => boolean> {
  const none = () => false;
  if (service.paths !== null || service.service !== null || !hasSomethingToExplain(service, measurement))
    return none;
  try {
    const paths = await pushPathsOf(facts, service);
    if (paths === null) return none;
    const asked = [...new Set([...measurement.mergesets, ...measurement.pending])];
    const files = await facts.changedFiles(asked, gaps);
    const matches = await fileMatcher(paths.paths);
    const starts = (file: string) => matches(file) !== paths.ignore;
    return ({ mergeCommit }) => files.get(mergeCommit)?.some(starts) === false;
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof Refused)) throw error;
    gaps.push({
      what: `The workflow that deploys could not be read. ${error.message}`,
      consequence: 'Whether its "paths" leave changes out is not known: all count.',
      verdictAtRisk: false,
    });
    return none;
  }
}

function hasSomethingToExplain(
  { target }: Service,
  { mergesets, pending, deployments }: Measurement,
): boolean {
  const limit = thresholdOf(target);
  return (
    mergesets.some((mergeset) => (mergeset.leadTimeSeconds ?? 0) > limit) ||
    pending.some((mergeset) => (mergeset.waitingSeconds ?? 0) > limit) ||
    deployments.some((deployment) => deployment.batched)
  );
}

/** The paths of the workflow that deploys: that of an input, or the only one with a job of the environment. */
async function pushPathsOf({ workflowFiles }: Facts, service: Service) {
  const { options } = service.source;
  if (!('deploy-workflow' in sourceOf(service).inputs)) return null;
  const { file } = options as { file: string | null };
  const texts = await workflowFiles();
  const { jobsInFile, pushPathsIn } = await import('../github/actions/workflow-yaml.ts');
  const own = texts.filter(({ name, text }) =>
    file !== null
      ? name === file
      : jobsInFile(text).some((job) => job.environment?.toLowerCase() === service.environment.toLowerCase()),
  );
  const [only, ...others] = own;
  return only && others.length === 0 ? pushPathsIn(only.text) : null;
}
