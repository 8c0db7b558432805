/**
 * Replaces each nullable field in GitHub's responses by null, one at a time, in every mode and with every source of GitHub:
 *
 *     npm run nulls
 *
 * GitHub's published schema (GraphQL) and description (REST) say which fields are nullable. A field becomes null in one place,
 * in all places, and in one place with an error in the response. The result has to stay the same, report a gap, or be one
 * line that ends the run. Exits 1 if a result differs silently, a comment or an issue is duplicated, or an unexpected error
 * occurs.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { VIEWER } from '../src/fake-github/graphql.ts';
import type { World } from '../src/fake-github/world.ts';
import { SAMPLE_NOW } from '../src/demo/sample.ts';
import { formerMarker } from '../src/publish/hidden-marker.ts';
import {
  outcomeOf,
  positionsOf,
  type Path,
  type Scenario,
  answerWithNull,
  FAULT_KINDS,
  type Outcome,
} from '../__tests__/support/nulls.ts';
import { sampleFor, SOURCES } from '../__tests__/support/every-source.ts';

/** Fields of a report that differ if a deployment is declared but not proved. */
const PROVED = [
  'mergesets',
  'deployments',
  'findings',
  'stages',
  'leadTime',
  'leadTimeSeconds',
  'codeToLive',
  'driftPercent',
  'status',
  'confidence',
  'votes',
  'alert',
  'change',
  'remarks',
  'sentence',
  'reason',
  'earlier',
  'judged',
];

/** Positions where null has a meaning, and the fields of the report that may differ. */
const MEANINGS: [RegExp, string[]][] = [
  // A deployment made outside of Actions.
  [/\.logUrl$/, ['deployments', 'findings', 'stages', 'suspects', 'regression']],
  // A deleted user, or an author without an account.
  [
    /(?:^|\.)(?:author|creator)$|\.author\.(?:user|name)$/,
    ['mergesets', 'earlier', 'deployments', 'findings', 'stages'],
  ],
  // A commit without a status is a declared deployment, and marked as one.
  [/^repository\.defaultBranchRef\.target\.history\.nodes\.\*\.status$/, PROVED],
];

const OUTCOMES: Outcome[] = ['same', 'reported', 'ended', 'silent', 'second write', 'defect'];
const EVENTS = ['push', 'pull_request', 'schedule'];

const scenarios: Scenario[] = EVENTS.flatMap((event) =>
  SOURCES.filter(([source]) => source !== 'gitops' || event === 'schedule').flatMap(([source, inputs]) =>
    [100, 7].map((page) => ({
      name: `${event}, ${source}, pages of ${page}`,
      world: () => sample(source),
      now: SAMPLE_NOW,
      event,
      inputs: { ...inputs, 'direct-pushes': page === 7 ? 'count' : 'ignore', comment: 'always' },
      page,
    })),
  ),
);

/** The sample team with an earlier comment and issue. */
function sample(source: string): World {
  const world = sampleFor(source, 2);
  const comment = (id: number, number: number, kind: 'preview' | 'shipped') => ({
    id,
    number,
    author: VIEWER,
    body: `${formerMarker(kind, 'production')}\nbefore`,
    createdAt: '2026-03-12T12:00:00Z',
  });
  world.comments = [comment(3_000_000_001, 500, 'preview'), comment(3_000_000_002, 422, 'shipped')];
  world.issues = [
    {
      number: 700,
      title: 'before',
      state: 'open',
      labels: ['deploy-latency'],
      author: VIEWER,
      body: `${formerMarker('weekly', 'production')}\nbefore`,
    },
  ];
  return world;
}

type Schema = {
  nullable?: boolean;
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
};

/** The description of GitHub's REST API, which `npm run contract` installs because it is large. */
const DESCRIPTION = 'scripts/contract/node_modules/@octokit/openapi/generated/api.github.com.deref.json';
if (!existsSync(DESCRIPTION))
  throw new Error(`${DESCRIPTION} does not exist. Run "npm ci --prefix scripts/contract" first.`);
const { paths } = JSON.parse(readFileSync(DESCRIPTION, 'utf8'));

/** The nullable positions of a REST response, according to GitHub's description. */
function described(operation: string, data: unknown): Path[] {
  const template = operation.replace('GET ', '/repos/{owner}/{repo}');
  const schema = paths[template]?.get?.responses?.['200']?.content?.['application/json']?.schema;
  if (!schema) throw new Error(`${template} is not described`);
  const nullable: Path[] = [];
  const visit = (schema: Schema, value: unknown, path: Path): void => {
    if (value === null || value === undefined) return;
    const parts = [schema, ...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
    if (path.length > 0 && parts.some((part) => part.nullable)) nullable.push(path);
    if (Array.isArray(value)) {
      value.forEach((item, i) => {
        for (const { items } of parts) if (items) visit(items, item, [...path, i]);
      });
    } else if (typeof value === 'object')
      for (const [key, field] of Object.entries(value)) {
        const property = parts.map((part) => part.properties?.[key]).find((part) => part !== undefined);
        if (property) visit(property, field, [...path, key]);
      }
  };
  visit(schema, data, []);
  return nullable;
}

interface Tally {
  counts: Partial<Record<Outcome, number>>;
  bad: string[];
  names: string[];
}

/** Replaces each position once for an event and a source, with the largest pages that contain it. */
async function tally(event: string, source: string): Promise<Tally> {
  const result: Tally = { counts: {}, bad: [], names: [] };
  const done = new Set<string>();
  for (const scenario of scenarios.filter(
    (scenario) => scenario.event === event && scenario.name.startsWith(`${event}, ${source}, `),
  )) {
    const { expected, positions } = await positionsOf(scenario, described);
    if (expected.defect !== null) throw new Error(expected.defect);
    for (const position of positions) {
      const name = `${position.operation} ${position.name}`;
      const key = `${JSON.stringify(scenario.inputs['deploy-source'])} ${scenario.inputs['deploy-job']} ${name}`;
      if (done.has(key)) continue;
      done.add(key);
      result.names.push(name);
      const mayDiffer = MEANINGS.find(([pattern]) => pattern.test(position.name))?.[1] ?? [];
      // REST has no errors next to its data.
      for (const kind of position.operation.startsWith('GET') ? FAULT_KINDS.slice(0, 2) : FAULT_KINDS) {
        const cell = await answerWithNull(scenario, position, kind);
        const outcome = outcomeOf(expected, cell, mayDiffer);
        result.counts[outcome] = (result.counts[outcome] ?? 0) + 1;
        if (!['same', 'reported', 'ended'].includes(outcome))
          result.bad.push(
            `${outcome}: ${scenario.name}: ${name}, ${kind}${cell.defect ? `: ${cell.defect}` : ''}`,
          );
      }
    }
  }
  return result;
}

const [, , onlyEvent, onlySource] = process.argv;
if (onlyEvent !== undefined && onlySource !== undefined)
  console.log(JSON.stringify(await tally(onlyEvent, onlySource)));
else {
  const began = performance.now();
  const tallies: Tally[] = [];
  // The longest first, so that the workers end at about the same time.
  const waiting = SOURCES.flatMap(([source]) => EVENTS.map((event) => [event, source] as const));
  await Promise.all(
    Array.from({ length: 3 }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { stdout } = await promisify(execFile)(
          process.execPath,
          [...process.execArgv, import.meta.filename, ...next],
          { maxBuffer: 1e8 },
        );
        tallies.push(JSON.parse(stdout) as Tally);
      }
    }),
  );
  const count = (outcome: Outcome) => tallies.reduce((sum, tally) => sum + (tally.counts[outcome] ?? 0), 0);
  const bad = tallies.flatMap((tally) => tally.bad);
  const cells = OUTCOMES.reduce((sum, outcome) => sum + count(outcome), 0);
  for (const line of bad) console.log(line);
  console.log(
    `${new Set(tallies.flatMap((tally) => tally.names)).size} positions, ${cells} cells: ${count('same')} the same answer, ${count('reported')} reported, ${count('ended')} ended with one line, ${count('silent')} silent, ${count('second write')} second writes, ${count('defect')} defects; ${((performance.now() - began) / 1000).toFixed(0)} s`,
  );
  process.exitCode = bad.length > 0 || cells === 0 ? 1 : 0;
}
