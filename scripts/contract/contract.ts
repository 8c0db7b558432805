/**
 * Every request that the tests see the guard make, against what GitHub says it accepts: `npm run contract [-- FILE]`.
 *
 * REST against the descriptions of api.github.com and of the oldest GitHub Enterprise Server that `@octokit/openapi`
 * holds; GraphQL against today's schema and the one of September 2023, as no schema of a GHES is published.
 *
 * @param FILE - requests that tests left there (the environment variable RECORD_REQUESTS); without it, they are run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { schema as today } from '@octokit/graphql-schema';
import { buildSchema, parse, validate } from 'graphql';
import of2023 from 'graphql-schema-2023';
import { type Document, OpenAPIBackend } from 'openapi-backend';
import { againstEventSchemas } from './events.ts';
import type { LoggedRequest } from '../../src/fake-github/loopback.ts';

type Recorded = Pick<LoggedRequest, 'method' | 'path' | 'query' | 'graphql' | 'body'>;
type Parameter = { name: string; in: string };
type Json = Record<string, unknown>;

/** `created` is said to be a date-time, and beside it that it takes what the search takes: ranges of dates. */
const FORMATS = { 'date-time': true as const };

const file = process.argv[2] ?? recordNow();
const recorded = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Recorded);
const faults = [
  ...(await againstDescriptions(recorded)),
  ...againstSchemas(recorded),
  ...againstEventSchemas(),
];
for (const fault of faults) console.error(fault);
if (recorded.length === 0) console.error(`${file} holds no requests.`);
process.exitCode = faults.length > 0 || recorded.length === 0 ? 1 : 0;

function recordNow(): string {
  const into = join(mkdtempSync(join(tmpdir(), 'contract-')), 'requests');
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const { status } = spawnSync(process.execPath, [...jest, 'run', 'sources', 'github', 'e2e'], {
    env: { ...process.env, RECORD_REQUESTS: into },
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The tests that make the requests failed.');
  return into;
}

async function againstDescriptions(requests: readonly Recorded[]): Promise<string[]> {
  const folder = join(
    dirname(createRequire(import.meta.url).resolve('@octokit/openapi/package.json')),
    'generated',
  );
  const versions = readdirSync(folder)
    .flatMap((name) => /^ghes-(\d+)\.(\d+)\.deref\.json$/.exec(name) ?? [])
    .filter((part) => /^\d+$/.test(part));
  const oldest = Math.min(...versions.filter((_, i) => i % 2 === 1).map(Number));
  const names = ['api.github.com', `ghes-3.${oldest}`];
  const rest = unique(
    requests.filter((each) => !each.graphql),
    ({ method, path, query, body }) => [method, path.replace(/\/\d+/g, '/1'), query, shape(body)],
  );
  const faults: string[] = [];
  for (const name of names) {
    const whole = JSON.parse(readFileSync(join(folder, `${name}.deref.json`), 'utf8')) as Document;
    const accepted = new Set<string>();
    const api = new OpenAPIBackend({
      definition: pickedFor(whole, rest),
      quick: true,
      validate: true,
      ajvOpts: { strict: false, formats: FORMATS },
    });
    await api.init();
    for (const { method, path, query, body } of rest) {
      const request = { method, path, query, body, headers: { 'content-type': 'application/json' } };
      const told = `${name}: ${method} ${path} ${JSON.stringify(query)} ${JSON.stringify(shape(body))}`;
      const operation = api.matchOperation(request);
      if (!operation) {
        faults.push(`${told}: there is no such operation`);
        continue;
      }
      accepted.add(`${method} ${operation.path}`);
      const known = ((operation.parameters ?? []) as Parameter[])
        .filter((each) => each.in === 'query')
        .map((each) => each.name);
      const stray = Object.keys(query).filter((each) => !known.includes(each));
      if (stray.length > 0) faults.push(`${told}: takes no ${stray.join(', ')}`);
      for (const error of api.validateRequest(request, operation).errors ?? [])
        faults.push(`${told}: ${error.instancePath} ${error.message}`);
    }
    console.log(`${name}: ${rest.length} requests of ${accepted.size} operations`);
    for (const each of [...accepted].sort()) console.log(`  ${each}`);
  }
  return faults;
}

/** Only the paths that were asked for: a description of all of GitHub takes minutes to compile. */
function pickedFor(whole: Document, requests: readonly Recorded[]): Document {
  const paths = Object.entries(whole.paths ?? {}).filter(([template]) => {
    const pattern = new RegExp(
      `^${template
        .split(/\{[^}]+\}/)
        .map(literally)
        .join('[^/]+')}$`,
    );
    return requests.some((each) => pattern.test(each.path));
  });
  return nullableByType({ ...whole, components: {}, paths: Object.fromEntries(paths) }) as Document;
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** GitHub writes `nullable` beside `oneOf`; Ajv takes it beside a `type` alone. */
function nullableByType(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nullableByType);
  if (value === null || typeof value !== 'object') return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, it]) => [key, nullableByType(it)]),
  ) as Json;
  if (copy.nullable !== true || copy.type !== undefined) return copy;
  const { nullable: _, ...rest } = copy;
  return { anyOf: [rest, { enum: [null] }] };
}

function againstSchemas(requests: readonly Recorded[]): string[] {
  const queries = unique(
    requests.flatMap(({ graphql }) => (graphql ? [graphql.query.replace(/\s+/g, ' ')] : [])),
    (query) => query,
  );
  return Object.entries({
    'the schema of today': today.idl,
    'the schema of September 2023': of2023.schema.idl,
  }).flatMap(([name, idl]) => {
    const schema = buildSchema(idl, { assumeValidSDL: true });
    console.log(`${name}: ${queries.length} queries`);
    return queries.flatMap((query) =>
      validate(schema, parse(query)).map((error) => `${name}: ${error.message} (${query.slice(0, 60)})`),
    );
  });
}

function shape(body: unknown): unknown {
  if (body === null || typeof body !== 'object') return typeof body;
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, Array.isArray(value) ? 'list' : typeof value]),
  );
}

function unique<T>(items: readonly T[], key: (item: T) => unknown): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(key(item)), item])).values()];
}
