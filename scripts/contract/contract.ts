/**
 * Validates every request that the guard makes in the tests: `npm run contract [-- FILE]`.
 *
 * REST requests are validated against the descriptions of api.github.com and of the oldest GitHub Enterprise Server in
 * `@octokit/openapi`. Queries are validated against today's schema and the one of September 2023, because no schema of
 * GitHub Enterprise Server is published. FILE contains requests that tests recorded (RECORD_REQUESTS). Without it, the tests
 * run first.
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

/** `created` is described as a date-time, but also accepts ranges of dates like the search. */
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
if (recorded.length === 0) console.error(`${file} contains no requests.`);
process.exitCode = faults.length > 0 || recorded.length === 0 ? 1 : 0;

function recordNow(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'contract-')), 'requests');
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const { status } = spawnSync(process.execPath, [...jest, 'run', 'sources', 'github', 'e2e'], {
    env: { ...process.env, RECORD_REQUESTS: file },
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The tests that make the requests failed.');
  return file;
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
    requests.filter(({ graphql }) => !graphql),
    ({ method, path, query, body }) => [method, path.replace(/\/\d+/g, '/1'), query, shape(body)],
  );
  const faults: string[] = [];
  for (const name of names) {
    const description = JSON.parse(readFileSync(join(folder, `${name}.deref.json`), 'utf8')) as Document;
    const accepted = new Set<string>();
    const api = new OpenAPIBackend({
      definition: pathsFor(description, rest),
      quick: true,
      validate: true,
      ajvOpts: { strict: false, formats: FORMATS },
    });
    await api.init();
    for (const { method, path, query, body } of rest) {
      const request = { method, path, query, body, headers: { 'content-type': 'application/json' } };
      const label = `${name}: ${method} ${path} ${JSON.stringify(query)} ${JSON.stringify(shape(body))}`;
      const operation = api.matchOperation(request);
      if (!operation) {
        faults.push(`${label}: unknown operation`);
        continue;
      }
      accepted.add(`${method} ${operation.path}`);
      const known = ((operation.parameters ?? []) as Parameter[])
        .filter((parameter) => parameter.in === 'query')
        .map((parameter) => parameter.name);
      const unknown = Object.keys(query).filter((parameter) => !known.includes(parameter));
      if (unknown.length > 0) faults.push(`${label}: unknown parameters ${unknown.join(', ')}`);
      for (const error of api.validateRequest(request, operation).errors ?? [])
        faults.push(`${label}: ${error.instancePath} ${error.message}`);
    }
    console.log(`${name}: ${rest.length} requests of ${accepted.size} operations`);
    for (const operation of [...accepted].sort()) console.log(`  ${operation}`);
  }
  return faults;
}

/** A description of the requested paths alone. Compiling all of GitHub's takes minutes. */
function pathsFor(description: Document, requests: readonly Recorded[]): Document {
  const paths = Object.entries(description.paths ?? {}).filter(([template]) => {
    const pattern = new RegExp(
      `^${template
        .split(/\{[^}]+\}/)
        .map(escapeRegExp)
        .join('[^/]+')}$`,
    );
    return requests.some(({ path }) => pattern.test(path));
  });
  return nullableByType({ ...description, components: {}, paths: Object.fromEntries(paths) }) as Document;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** GitHub writes `nullable` with `oneOf`. Ajv accepts it only with `type`. */
function nullableByType(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nullableByType);
  if (value === null || typeof value !== 'object') return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, nullableByType(field)]),
  ) as Json;
  if (copy.nullable !== true || copy.type !== undefined) return copy;
  const { nullable: _, ...schema } = copy;
  return { anyOf: [schema, { enum: [null] }] };
}

function againstSchemas(requests: readonly Recorded[]): string[] {
  const queries = unique(
    requests.flatMap(({ graphql }) => (graphql ? [graphql.query.replace(/\s+/g, ' ')] : [])),
    (query) => query,
  );
  return Object.entries({
    "today's schema": today.idl,
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
