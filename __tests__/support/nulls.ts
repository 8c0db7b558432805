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
import { publish, publishUnknown } from '../../src/publish/publish.ts';
import { markdown } from '../../src/report/render/markdown.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { NothingDeployed } from '../../src/read/nothing-deployed.ts';
import { nameOf } from '../../src/run/answer.ts';
import { run } from '../../src/run/run.ts';
import { restOf } from '../../src/fake-github/rest.ts';
import { startGitHub } from './github.ts';
import { executeAsGitHub, githubSchema } from './schema.ts';
import { inPagesOf } from './requests.ts';

/** One question about one world, of which every answer is spoilt in turn. */
export interface Scenario {
  name: string;
  world: () => World;
  now: string;
  event: string;
  inputs: Record<string, string>;
  /** The most items that GitHub brings a page, so that lists go on. */
  page: number;
}

export interface Measured {
  /** `null`: it ended without an answer. */
  // biome-ignore lint/suspicious/noExplicitAny: the report as any script reads it.
  report: any;
  summary: string;
  notices: string[];
  comments: { number: number; body: string }[];
  issues: { number: number; state: string; body: string }[];
  /** The one line with which it ended. */
  ended: string | null;
  /** An error that nobody wrote for people. */
  defect: string | null;
}

/** Runs a scenario in this process, writing and all. */
export async function answerWith(scenario: Scenario, eye: Eye): Promise<Measured> {
  const world = scenario.world();
  const server = await startGitHub(world, watching(world, scenario, eye));
  const told: Measured = {
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
      isOfADeployment: true,
      isElsewhere: false,
      written: { at: new Date(0), runUrl: null },
    };
    try {
      const {
        answers: [answer],
      } = await run(client, services, settings, surroundings);
      if (!answer) throw new Error('no answer');
      const published = await publish(answer, voice);
      told.report = JSON.parse(JSON.stringify(answer.report));
      told.summary = markdown(summaryOf(answer.report), { surface: 'summary' });
      told.notices = published.notices;
    } catch (error) {
      if (!(error instanceof NothingDeployed) || settings.mode !== 'pull-request') throw error;
      const [service] = services;
      if (service) await publishUnknown(error.message, nameOf(service, error.baseBranch), voice);
      told.ended = error.message;
    }
  } catch (error) {
    if (error instanceof GuardError) told.ended = error.message;
    else told.defect = error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    await server.close();
  }
  told.comments = (world.comments ?? []).map(({ number, body }) => ({ number, body }));
  told.issues = (world.issues ?? []).map(({ number, state, body }) => ({ number, state, body }));
  return told;
}

/** Sees each answer before it is sent, and may change it; resolves to the errors that go with it, if any. */
type Eye = (operation: string, request: number, data: unknown, query: string | null) => unknown;

export type Path = (string | number)[];

/** A place in the answers of a query where GitHub's schema allows null, and where there was something. */
export interface Position {
  operation: string;
  /** With `*` for each place in a list, and without the numbers of aliases. */
  name: string;
  /** Where it was, in which request of the operation. */
  found: { request: number; path: Path }[];
}

/** What a path of REST is called: `GET /actions/runs/{id}/jobs`. */
const operationOf = (path: string): string =>
  `GET ${path
    .replace(/^\/repos\/[^/]+\/[^/]+/, '')
    .replace(/\/workflows\/[^/]+/, '/workflows/{workflow_id}')
    .replace(/\/runs\/\d+/, '/runs/{run_id}')
    .replace(/\/attempts\/\d+/, '/attempts/{attempt_number}')}`;

/** GitHub as the scenario meets it, with an eye on each answer. */
function watching(world: World, { page }: Scenario, eye: Eye): LoopbackOptions {
  const counts = new Map<string, number>();
  const next = (operation: string) => {
    const request = counts.get(operation) ?? 0;
    counts.set(operation, request + 1);
    return request;
  };
  const rest = restOf(world);
  return {
    execute: watched(page, next, eye),
    interfere: async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
      if (request.method !== 'GET') return false;
      const operation = operationOf(pathname);
      const { status, body, headers } = rest(pathname, searchParams, 'http://127.0.0.1');
      if (status === 200) eye(operation, next(operation), body, null);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
      return true;
    },
  };
}

function watched(page: number, next: (operation: string) => number, eye: Eye): Execute {
  return async (root, asked) => {
    const operation = /query (\w+)/.exec(asked.query)?.[1] ?? '';
    const request = next(operation);
    const answer = await executeAsGitHub(root, inPagesOf(page, asked));
    if (!answer.data) return answer;
    const errors = eye(operation, request, answer.data, asked.query);
    return errors ? { ...answer, errors: errors as [] } : answer;
  };
}

/** Every nullable position of the answers that a scenario gets. */
export async function positionsOf(
  scenario: Scenario,
  described: (operation: string, data: unknown) => Path[],
): Promise<{ known: Measured; positions: Position[] }> {
  const positions = new Map<string, Position>();
  const known = await answerWith(scenario, (operation, request, data, query) => {
    const copy = JSON.parse(JSON.stringify(data));
    for (const path of query === null
      ? described(operation, copy)
      : nullablePaths(githubSchema(), query, copy)) {
      const name = path.map((each) => (typeof each === 'number' ? '*' : each.replace(/\d+$/, ''))).join('.');
      const key = `${operation} ${name}`;
      const position = positions.get(key) ?? { operation, name, found: [] };
      position.found.push({ request, path });
      positions.set(key, position);
    }
    return undefined;
  });
  return { known, positions: [...positions.values()] };
}

function nullablePaths(schema: GraphQLSchema, query: string, data: unknown): Path[] {
  const document = parse(query);
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const found: Path[] = [];
  const visit = (
    type: GraphQLOutputType,
    selection: SelectionSetNode | undefined,
    value: unknown,
    path: Path,
  ) => {
    if (value === null || value === undefined) return;
    if (!isNonNullType(type) && path.length > 0) found.push(path);
    const bare = getNullableType(type);
    if (isListType(bare)) {
      for (const [i, item] of (value as unknown[]).entries())
        visit(bare.ofType, selection, item, [...path, i]);
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
  return found;
}

/** How a position is spoilt: null in one place, in each, or in one with an error beside the data. */
export const FAULT_KINDS = ['one', 'every', 'with an error'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The scenario again, with null at a position. */
export function spoilt(
  scenario: Scenario,
  { operation, found }: Position,
  way: FaultKind,
): Promise<Measured> {
  const middle = found[Math.floor(found.length / 2)];
  const places = way === 'every' ? found : middle ? [middle] : [];
  return answerWith(scenario, (asked, request, data) => {
    const here = asked === operation ? places.filter((place) => place.request === request) : [];
    for (const { path } of here) put(data, path);
    return way === 'with an error' && here[0]
      ? [{ message: 'Something went wrong while executing your query.', path: here[0].path }]
      : undefined;
  });
}

function put(data: unknown, path: Path): void {
  let at = data as Record<string | number, unknown> | null | undefined;
  for (const key of path.slice(0, -1)) at = at?.[key] as typeof at;
  const last = path.at(-1);
  if (at && last !== undefined && last in at) at[last] = null;
}

export type Outcome = 'same' | 'told' | 'ended' | 'silent' | 'second write' | 'defect';

/** What became of a cell, held against the answer that nothing had spoilt. */
export function outcomeOf(known: Measured, told: Measured, mayDiffer: readonly string[]): Outcome {
  if (told.defect !== null) return 'defect';
  const bodies = (it: Measured) => JSON.stringify([it.comments, it.issues]);
  if (told.comments.length > known.comments.length || told.issues.length > known.issues.length)
    return 'second write';
  if (told.report === null) return told.ended !== null ? 'ended' : 'silent';
  const left = (it: Measured, without: readonly string[] = []) =>
    JSON.stringify(
      Object.fromEntries(
        Object.entries(it.report ?? {}).filter(([key]) => ![...mayDiffer, ...without].includes(key)),
      ),
    );
  // How far back the alerts are known depends on what else was read, and the report says it.
  const { from: _, ...alerts } = told.report.alerts ?? {};
  const { from: before, ...knownAlerts } = known.report?.alerts ?? {};
  if (
    told.report.alerts?.from !== before &&
    JSON.stringify(alerts) === JSON.stringify(knownAlerts) &&
    left(told, ['alerts']) === left(known, ['alerts'])
  )
    return 'told';
  if (left(told) === left(known))
    return mayDiffer.length > 0 || (told.summary === known.summary && bodies(told) === bodies(known))
      ? 'same'
      : told.notices.length > 0
        ? 'told'
        : 'silent';
  const gaps: { verdictAtRisk: boolean }[] = told.report.completeness.gaps;
  if (gaps.length <= known.report.completeness.gaps.length) return 'silent';
  // Less may be known than before, and no verdict given; another verdict may not.
  const { status } = told.report;
  if (status === 'insufficient-data') return 'told';
  return status === known.report.status && !gaps.some((gap) => gap.verdictAtRisk) ? 'told' : 'silent';
}
