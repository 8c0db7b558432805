import { pushPathsIn, type PushPaths } from '../github/actions/workflow-yaml.ts';
import type { Remark } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import type { Service } from '../model/service.ts';
import type { Facts } from '../read/facts-request.ts';
import { listed } from '../report/words.ts';
import { firstOf } from '../sources/phrases.ts';
import { deployWorkflowsOf } from './deploy-workflows.ts';

/** The path filter of the only workflow that deploys the service. */
export async function pushPathsOf(
  facts: Facts,
  service: Service,
  regions: readonly string[],
  remarks: Remark[],
): Promise<PushPaths | null> {
  const { deploying, callers } = await deployWorkflowsOf(facts, service, regions);
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
