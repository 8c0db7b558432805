import { parseConfig } from '../../src/config/config.ts';
import { executeWithoutSchema } from '../../src/demo/execute.ts';
import { graphOf } from '../../src/demo/graph.ts';
import type { LoggedRequest } from '../../src/demo/loopback.ts';
import { restOf } from '../../src/demo/rest.ts';
import type { World } from '../../src/demo/world.ts';
import type { GitHub } from '../../src/github/client.ts';
import { explain, notFound } from '../../src/github/errors.ts';
import { guard } from '../../src/guard.ts';
import type { AskOptions, Asked } from './ask.ts';

export { changeOf, deploymentOf } from './answers.ts';

/**
 * As `ask`, without HTTP and without GitHub's schema in between: for mutation testing, where the same questions are
 * asked thousands of times and only what is measured is in doubt.
 */
export async function ask(
  world: World,
  { now, inputs = {}, surroundings = {}, github: options = {} }: AskOptions,
): Promise<Asked> {
  const apiUrl = 'http://127.0.0.1';
  const requests: LoggedRequest[] = [];
  const graph = graphOf(world, options);
  const rest = restOf(world, options.denied);
  const log = (request: Pick<LoggedRequest, 'method' | 'path' | 'graphql'>) =>
    requests.push({ query: {}, ...request, began: requests.length, ended: requests.length + 1 });
  const github: GitHub = {
    async graphql<T>(query: string, variables: Record<string, unknown>): Promise<T> {
      log({ method: 'POST', path: '/graphql', graphql: { query, variables } });
      const { data, errors } = await executeWithoutSchema(graph, { query, variables });
      if (errors?.length)
        throw explain(
          { errors: errors.map((each) => ({ ...each, path: [...(each.path ?? [])] })) },
          'POST /graphql',
        );
      return structuredClone(data) as T;
    },
    async get<T>(path: string, parameters: Record<string, string | number>): Promise<T> {
      log({ method: 'GET', path });
      const left = new Map(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = left.get(name) ?? '';
        left.delete(name);
        return encodeURIComponent(value);
      });
      const { status, body } = rest(filled, new URLSearchParams([...left]), apiUrl);
      if (status === 404) throw notFound(path);
      if (status >= 400)
        throw explain({ status, message: (body as { message?: string }).message }, `GET ${path}`);
      return structuredClone(body) as T;
    },
  };
  const config = parseConfig(
    { 'github-token': 'test-token', 'min-samples': '1', ...inputs },
    {
      now: new Date(now),
      repository: `${world.owner}/${world.name}`,
      eventName: 'push',
      eventDeployment: null,
      pullRequest: null,
      runId: null,
      apiUrl,
      graphqlUrl: `${apiUrl}/graphql`,
      serverUrl: 'https://github.com',
      ...surroundings,
    },
  );
  return { ...(await guard(config, github)), requests, config };
}
