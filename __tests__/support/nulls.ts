import {
  getNamedType,
  getNullableType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { surroundingsOf } from '../../src/config/surroundings.ts';
import { planOf } from '../../src/config/plan.ts';
import type { Execute } from '../../src/fake-github/execute.ts';
import type { LoopbackOptions } from '../../src/fake-github/loopback.ts';
import type { World } from '../../src/fake-github/world.ts';
import { connect, connectWriter } from '../../src/github/client.ts';
import { repoOf } from '../../src/github/repo.ts';
import { GuardError } from '../../src/model/guard-error.ts';
import { publish, publishNoVerdict } from '../../src/publish/publish.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { NothingDeployed } from '../../src/read/nothing-deployed.ts';
import { nameOf } from '../../src/run/answer.ts';
import { run } from '../../src/run/run.ts';
import { restOf } from '../../src/fake-github/rest.ts';
import { startGitHub } from './github.ts';
import { executeAsGitHub, githubSchema } from './schema.ts';
import { inPagesOf } from './requests.ts';

/** A run on a world. Each field of GitHub's responses is replaced by null in turn. */
export interface Scenario {
  name: string;
  world: () => World;
  now: string;
  event: string;
  inputs: Record<string, string>;
  /** Maximum number of items a page, so that lists have several pages. */
  page: number;
}

export interface NullRun {
  /** `null`: the run ended without a result. */
  // biome-ignore lint/suspicious/noExplicitAny: this reads a report like a user's script.
  report: any;
  summary: string;
  notices: string[];
  comments: { number: number; body: string }[];
  issues: { number: number; state: string; body: string }[];
  /** The line with which the run ended. */
  ended: string | null;
  /** An unexpected error. */
  defect: string | null;
}

/** Runs a scenario in this process, with its comments and issues. */
export async function answerWith(scenario: Scenario, inspect: Inspect): Promise<NullRun> {
  const world = scenario.world();
  const server = await startGitHub(world, inspected(world, scenario, inspect));
  const result: NullRun = {
    report: null,
    summary: '',
    notices: [],
    comments: [],
    issues: [],
    ended: null,
    defect: null,
  };
  try {
    const surroundings = surroundingsOf({
      now: new Date(scenario.now),
      repository: `${world.owner}/${world.name}`,
      eventName: scenario.event,
      pullRequest: scenario.event === 'pull_request' ? 500 : null,
      apiUrl: server.apiUrl,
      graphqlUrl: server.graphqlUrl,
    });
    const { settings, services } = planOf({ 'github-token': 't', ...scenario.inputs }, surroundings);
    const options = { token: 't', apiUrl: server.apiUrl, graphqlUrl: server.graphqlUrl, pace: 0 };
    const client = connect(options);
    const voice = {
      ...settings,
      repo: repoOf(client, { owner: settings.owner, name: settings.repo }),
      writer: connectWriter(options),
      eventName: scenario.event,
      issueRepo: repoOf(client, { owner: settings.owner, name: settings.repo }),
      pullRequest: surroundings.pullRequest,
      pullRequestBase: null,
      isDeploymentEvent: true,
      measuresAnotherRepository: false,
      guard: { id: '', settings: '' },
      footer: { at: new Date(0), runUrl: null },
    };
    try {
      const {
        answers: [answer],
      } = await run(client, services, settings, surroundings);
      if (!answer) throw new Error('no answer');
      const published = await publish(answer.report, [answer], answer.name, voice, null);
      result.report = JSON.parse(JSON.stringify(answer.report));
      result.summary = markdown(summaryOf(answer.report), { surface: 'summary' });
      result.notices = published.notices;
    } catch (error) {
      if (!(error instanceof NothingDeployed) || settings.mode !== 'pull-request') throw error;
      const [service] = services;
      if (service) await publishNoVerdict(error.message, nameOf(service, error.baseBranch), voice);
      result.ended = error.message;
    }
  } catch (error) {
    if (error instanceof GuardError) result.ended = error.message;
    else result.defect = error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    await server.close();
  }
  result.comments = (world.comments ?? []).map(({ number, body }) => ({ number, body }));
  result.issues = (world.issues ?? []).map(({ number, state, body }) => ({ number, state, body }));
  return result;
}

/** Sees each response before it is sent and may change it. Returns errors to add to the response. */
type Inspect = (operation: string, request: number, data: unknown, query: string | null) => unknown;

export type Path = (string | number)[];

/** A field of a response that GitHub's schema allows to be null, and that had a value. */
export interface Position {
  operation: string;
  /** Path with `*` for list indexes and without the numbers of aliases. */
  name: string;
  /** Its occurrences: the number of the operation's request, and the path. */
  places: { request: number; path: Path }[];
}

/** The operation of a REST path, such as `GET /actions/runs/{run_id}/jobs`. */
const operationOf = (path: string): string =>
  `GET ${path
    .replace(/^\/repos\/[^/]+\/[^/]+/, '')
    .replace(/\/workflows\/[^/]+/, '/workflows/{workflow_id}')
    .replace(/\/runs\/\d+/, '/runs/{run_id}')
    .replace(/\/attempts\/\d+/, '/attempts/{attempt_number}')}`;

/** A fake GitHub that inspects each response. */
function inspected(world: World, { page }: Scenario, inspect: Inspect): LoopbackOptions {
  const counts = new Map<string, number>();
  const next = (operation: string) => {
    const request = counts.get(operation) ?? 0;
    counts.set(operation, request + 1);
    return request;
  };
  const rest = restOf(world);
  return {
    execute: inspectedGraphql(page, next, inspect),
    interfere: async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
      if (request.method !== 'GET') return false;
      const operation = operationOf(pathname);
      const { status, body, headers } = rest(pathname, searchParams, 'http://127.0.0.1');
      if (status === 200) inspect(operation, next(operation), body, null);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
      return true;
    },
  };
}

function inspectedGraphql(page: number, next: (operation: string) => number, inspect: Inspect): Execute {
  return async (root, sent) => {
    const operation = /query (\w+)/.exec(sent.query)?.[1] ?? '';
    const request = next(operation);
    const answer = await executeAsGitHub(root, inPagesOf(page, sent));
    if (!answer.data) return answer;
    const errors = inspect(operation, request, answer.data, sent.query);
    return errors ? { ...answer, errors: errors as [] } : answer;
  };
}

/** All nullable positions in the responses of a scenario. */
export async function positionsOf(
  scenario: Scenario,
  described: (operation: string, data: unknown) => Path[],
): Promise<{ expected: NullRun; positions: Position[] }> {
  const positions = new Map<string, Position>();
  const expected = await answerWith(scenario, (operation, request, data, query) => {
    const copy = JSON.parse(JSON.stringify(data));
    for (const path of query === null
      ? described(operation, copy)
      : nullablePaths(githubSchema(), query, copy)) {
      const name = path.map((key) => (typeof key === 'number' ? '*' : key.replace(/\d+$/, ''))).join('.');
      const key = `${operation} ${name}`;
      const position = positions.get(key) ?? { operation, name, places: [] };
      position.places.push({ request, path });
      positions.set(key, position);
    }
    return undefined;
  });
  return { expected, positions: [...positions.values()] };
}

function nullablePaths(schema: GraphQLSchema, query: string, data: unknown): Path[] {
  const document = parse(query);
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const paths: Path[] = [];
  const visit = (
    type: GraphQLOutputType,
    selection: SelectionSetNode | undefined,
    value: unknown,
    path: Path,
  ) => {
    if (value === null || value === undefined) return;
    if (!isNonNullType(type) && path.length > 0) paths.push(path);
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      for (const [i, item] of (value as unknown[]).entries())
        visit(nullable.ofType, selection, item, [...path, i]);
      return;
    }
    if (selection) fields(getNamedType(type).name, selection, value as Record<string, unknown>, path);
  };
  const fields = (
    typeName: string,
    selection: SelectionSetNode,
    value: Record<string, unknown>,
    path: Path,
  ): void => {
    for (const node of selection.selections) {
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        const type = schema.getType(typeName);
        if (!(key in value) || !type || !('getFields' in type)) continue;
        const field = type.getFields()[node.name.value];
        if (field) visit(field.type as GraphQLOutputType, node.selectionSet, value[key], [...path, key]);
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
      const on = fragment?.typeCondition?.name.value ?? typeName;
      if (fragment && isObjectType(schema.getType(on))) fields(on, fragment.selectionSet, value, path);
      else if (fragment) fields(typeName, fragment.selectionSet, value, path);
    }
  };
  if (operation) fields('Query', operation.selectionSet, data as Record<string, unknown>, []);
  return paths;
}

/** How a position is replaced by null: in one place, in all places, or in one place with an error in the response. */
export const FAULT_KINDS = ['one', 'every', 'with an error'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Runs the scenario with null at a position. */
export function answerWithNull(
  scenario: Scenario,
  { operation, places }: Position,
  kind: FaultKind,
): Promise<NullRun> {
  const middle = places[Math.floor(places.length / 2)];
  const replaced = kind === 'every' ? places : middle ? [middle] : [];
  return answerWith(scenario, (current, request, data) => {
    const here = current === operation ? replaced.filter((place) => place.request === request) : [];
    for (const { path } of here) setNull(data, path);
    return kind === 'with an error' && here[0]
      ? [{ message: 'Something went wrong while executing your query.', path: here[0].path }]
      : undefined;
  });
}

function setNull(data: unknown, path: Path): void {
  let at = data as Record<string | number, unknown> | null | undefined;
  for (const key of path.slice(0, -1)) at = at?.[key] as typeof at;
  const last = path.at(-1);
  if (at && last !== undefined && last in at) at[last] = null;
}

export type Outcome = 'same' | 'reported' | 'ended' | 'silent' | 'second write' | 'defect';

/** Compares a result with the expected one. */
export function outcomeOf(expected: NullRun, result: NullRun, mayDiffer: readonly string[]): Outcome {
  if (result.defect !== null) return 'defect';
  // The memory for the next run contains instants before the window, of which a report says nothing.
  const bodies = ({ comments, issues }: NullRun) =>
    JSON.stringify([comments, issues]).replace(/<!-- alerts: [\w+/=]+ -->/g, '');
  if (result.comments.length > expected.comments.length || result.issues.length > expected.issues.length)
    return 'second write';
  if (result.report === null) return result.ended !== null ? 'ended' : 'silent';
  const comparable = ({ report }: NullRun, without: readonly string[] = []) =>
    JSON.stringify(
      Object.fromEntries(
        Object.entries(report ?? {}).filter(([key]) => ![...mayDiffer, ...without].includes(key)),
      ),
    );
  // The report says how far back the alerts are known, which depends on what else was read, or that their state is unknown.
  const { from: _, ...alerts } = result.report.alerts ?? {};
  const { from: before, ...knownAlerts } = expected.report?.alerts ?? {};
  const isUnknown = result.report.alert.on === null;
  const withoutAlerts = ['alerts', ...(isUnknown ? ['alert'] : [])];
  if (
    (isUnknown || result.report.alerts?.from !== before) &&
    JSON.stringify(alerts) === JSON.stringify(knownAlerts) &&
    comparable(result, withoutAlerts) === comparable(expected, withoutAlerts)
  )
    return 'reported';
  if (comparable(result) === comparable(expected))
    return mayDiffer.length > 0 ||
      (result.summary === expected.summary && bodies(result) === bodies(expected))
      ? 'same'
      : result.notices.length > 0
        ? 'reported'
        : 'silent';
  const gaps: { verdictAtRisk: boolean }[] = result.report.completeness.gaps;
  if (gaps.length <= expected.report.completeness.gaps.length) return 'silent';
  // Missing data may remove the verdict, but may not change it.
  const { status } = result.report;
  if (status === 'insufficient-data') return 'reported';
  return status === expected.report.status && !gaps.some((gap) => gap.verdictAtRisk) ? 'reported' : 'silent';
}
