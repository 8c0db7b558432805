/**
 * Null at every position where GitHub's published schema allows it, one at a time, in every answer that a run reads:
 *
 *     npm run nulls
 *
 * GraphQL by the published schema, REST by the published description. In each mode and by each source: in one place, in all places of the position, and in one with an error beside the
 * data. Allowed is the same answer, a gap that is told, or one line that ends the run. Exits 1 where there is another
 * answer and not a word, a second comment or issue, or a defect.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { VIEWER } from '../src/fake-github/graphql.ts';
import type { World } from '../src/fake-github/world.ts';
import { SAMPLE_NOW } from '../src/demo/sample.ts';
import { formerly } from '../src/report/hidden-marker.ts';
import {
  outcomeOf,
  positionsOf,
  type Path,
  type Scenario,
  spoilt,
  FAULT_KINDS,
  type Outcome,
} from '../__tests__/support/nulls.ts';
import { GITOPS, withClusters } from '../__tests__/support/clusters.ts';
import { withOpenPull } from '../__tests__/support/open-pull.ts';

/** What stands otherwise in a report where a deploy is declared and not proved. */
const PROVED = [
  'mergesets',
  'deployments',
  'findings',
  'stages',
  'leadTime',
  'leadTimeSeconds',
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

/** Where null says something by itself, and what of the report then reads otherwise, as it should. */
const MEANINGS: [RegExp, string[]][] = [
  // A deployment that was made from outside of Actions.
  [/\.logUrl$/, ['deployments', 'findings', 'stages', 'suspects', 'regression']],
  // A person who is gone, or has no account.
  [
    /(?:^|\.)(?:author|creator)$|\.author\.(?:user|name)$/,
    ['mergesets', 'earlier', 'deployments', 'findings', 'stages'],
  ],
  // Nothing says of a commit that it runs: what it deploys is declared, and marked so.
  [/^repository\.defaultBranchRef\.target\.history\.nodes\.\*\.status$/, PROVED],
];

const SOURCES: [string, Record<string, string>][] = [
  ['deployments', {}],
  ['a whole run', { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml' }],
  ['a job', { 'deploy-source': 'workflow', 'deploy-workflow': 'deploy.yml', 'deploy-job': 'deploy' }],
  ['releases', { 'deploy-source': 'releases' }],
  ['tags', { 'deploy-source': 'tags' }],
  ['gitops', GITOPS],
];
const OUTCOMES: Outcome[] = ['same', 'reported', 'ended', 'silent', 'second write', 'defect'];
const EVENTS = ['push', 'pull_request', 'schedule'];

const scenarios: Scenario[] = EVENTS.flatMap((event) =>
  SOURCES.filter(([source]) => source !== 'gitops' || event === 'schedule').flatMap(([source, inputs]) =>
    [100, 7].map((page) => ({
      name: `${event}, ${source}, pages of ${page}`,
      world: source === 'gitops' ? () => withClusters(sample()) : sample,
      now: SAMPLE_NOW,
      event,
      inputs: { ...inputs, 'direct-pushes': page === 7 ? 'count' : 'ignore', comment: 'always' },
      page,
    })),
  ),
);

/** The sample with releases, a comment and an issue that were written before. */
function sample(): World {
  const world = withOpenPull();
  world.releases = world.deployments
    .filter((_, i) => i % 2 === 0)
    .map((deployment, i) => ({
      tag: `v1.${i}`,
      sha: deployment.sha,
      createdAt: deployment.createdAt,
      publishedAt: deployment.statuses.at(-1)?.createdAt ?? deployment.createdAt,
      author: 'mira',
    }));
  world.tags = world.releases.map((release) => ({
    name: release.tag,
    sha: release.sha,
    ...(release.publishedAt ? { taggedAt: release.publishedAt } : {}),
  }));
  const comment = (id: number, number: number, kind: 'preview' | 'shipped') => ({
    id,
    number,
    author: VIEWER,
    body: `${formerly(kind, 'production')}\nbefore`,
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
      body: `${formerly('weekly', 'production')}\nbefore`,
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

/** What `npm run contract` installs: the descriptions of GitHub's REST API, too large for everyday. */
const DESCRIPTION = 'scripts/contract/node_modules/@octokit/openapi/generated/api.github.com.deref.json';
if (!existsSync(DESCRIPTION))
  throw new Error(`${DESCRIPTION} is not there. Run "npm ci --prefix scripts/contract" first.`);
const { paths } = JSON.parse(readFileSync(DESCRIPTION, 'utf8'));

/** The nullable positions of a REST answer, by GitHub's description of it. */
function described(operation: string, data: unknown): Path[] {
  const template = operation.replace('GET ', '/repos/{owner}/{repo}');
  const schema = paths[template]?.get?.responses?.['200']?.content?.['application/json']?.schema;
  if (!schema) throw new Error(`${template} is not described`);
  const found: Path[] = [];
  const visit = (of: Schema, value: unknown, path: Path): void => {
    if (value === null || value === undefined) return;
    const parts = [of, ...(of.allOf ?? []), ...(of.oneOf ?? []), ...(of.anyOf ?? [])];
    if (path.length > 0 && parts.some((part) => part.nullable)) found.push(path);
    if (Array.isArray(value)) {
      value.forEach((item, i) => {
        for (const { items } of parts) if (items) visit(items, item, [...path, i]);
      });
    } else if (typeof value === 'object')
      for (const [key, it] of Object.entries(value)) {
        const property = parts.map((part) => part.properties?.[key]).find((each) => each !== undefined);
        if (property) visit(property, it, [...path, key]);
      }
  };
  visit(schema, data, []);
  return found;
}

interface Tally {
  counts: Partial<Record<Outcome, number>>;
  bad: string[];
  names: string[];
}

/** A position is spoilt once for each mode and source, with the largest pages in which it turns up. */
async function tally(event: string, source: string): Promise<Tally> {
  const told: Tally = { counts: {}, bad: [], names: [] };
  const done = new Set<string>();
  for (const scenario of scenarios.filter(
    (scenario) => scenario.event === event && scenario.name.startsWith(`${event}, ${source}, `),
  )) {
    const { known, positions } = await positionsOf(scenario, described);
    if (known.defect !== null) throw new Error(known.defect);
    for (const position of positions) {
      const name = `${position.operation} ${position.name}`;
      const key = `${JSON.stringify(scenario.inputs['deploy-source'])} ${scenario.inputs['deploy-job']} ${name}`;
      if (done.has(key)) continue;
      done.add(key);
      told.names.push(name);
      const mayDiffer = MEANINGS.find(([pattern]) => pattern.test(position.name))?.[1] ?? [];
      // REST has no errors beside its data.
      for (const way of position.operation.startsWith('GET') ? FAULT_KINDS.slice(0, 2) : FAULT_KINDS) {
        const cell = await spoilt(scenario, position, way);
        const outcome = outcomeOf(known, cell, mayDiffer);
        told.counts[outcome] = (told.counts[outcome] ?? 0) + 1;
        if (!['same', 'reported', 'ended'].includes(outcome))
          told.bad.push(
            `${outcome}: ${scenario.name}: ${name}, ${way}${cell.defect ? `: ${cell.defect}` : ''}`,
          );
      }
    }
  }
  return told;
}

const [, , mine, from] = process.argv;
if (mine !== undefined && from !== undefined) console.log(JSON.stringify(await tally(mine, from)));
else {
  const began = performance.now();
  const tallies: Tally[] = [];
  // The longest first, so that none is left alone at the end.
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
