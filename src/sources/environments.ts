import leven from 'leven';
import * as v from 'valibot';
import { instant, pageOf } from '../github/answers.ts';
import { PAGE } from '../github/paging.ts';
import { queryEach } from '../github/query-each.ts';
import type { Repo } from '../github/repo.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { matches } from '../model/pattern.ts';
import { firstOf } from './phrases.ts';
import type { SourceIO } from './source.ts';
import { workflowFilesOf } from './workflow-jobs.ts';

/** The environments of a repository: which ones a pattern matches, and suggestions for a name without deployments. */

const ENVIRONMENTS = `
query Environments($owner: String!, $name: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    environments(first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes { name } }
    deployments(first: $first, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { environment } }
  }
}`;
const environments = v.object({
  repository: v.object({
    // `null`: the token may not list them.
    environments: v.nullable(pageOf(v.object({ name: v.string() }))),
    deployments: v.object({ nodes: v.array(v.object({ environment: v.nullable(v.string()) })) }),
  }),
});
/** Pages of environments that are read. Previews create hundreds of environments. */
const MOST_PAGES = 5;
/** Names that an error lists, and whose last deployment is looked up. */
const MOST_NAMES = 12;
/** Each region takes requests of its own. */
const MOST_REGIONS = 30;

interface Names {
  existing: Set<string>;
  /** Environments of the newest deployments; they need not exist any more. */
  deployed: Set<string>;
  /** Both, without duplicates. */
  all: string[];
}

const namesOf = ({ repo, once }: Pick<SourceIO, 'repo' | 'once'>): Promise<Names> =>
  once('names of environments', () => readNames(repo));

async function readNames(repo: Repo): Promise<Names> {
  const existing = new Set<string>();
  const deployed = new Set<string>();
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { repository }: v.InferOutput<typeof environments> = await repo.graphql(
      ENVIRONMENTS,
      { first: PAGE, after },
      environments,
    );
    for (const node of repository.deployments.nodes)
      if (node.environment !== null) deployed.add(node.environment);
    for (const { name } of repository.environments?.nodes ?? []) existing.add(name);
    if (!repository.environments?.pageInfo.hasNextPage) break;
    after = repository.environments.pageInfo.endCursor;
  }
  return { existing, deployed, all: [...new Set([...deployed, ...existing])] };
}

const DASHES = /[\u2010-\u2015\u2212]/g;
/** A name in lower case, with a hyphen for each dash: most keyboards have no other. */
const bareName = (name: string) => name.toLowerCase().replace(DASHES, '-');
/** `Production – web`: Vercel's name for one of several projects of a repository. */
const PROJECT = / \u2013 /;

/**
 * The environments that names and patterns match, as GitHub spells them. A pattern that begins with `!` excludes.
 *
 * @throws {GuardError} if a pattern matches several projects, which are not regions of one service.
 */
export async function environmentsLike(
  io: Pick<SourceIO, 'repo' | 'once'>,
  patterns: readonly string[],
): Promise<string[]> {
  const excluded = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  if (excluded.length === 0 && !wanted.some((pattern) => pattern.includes('*'))) return [...patterns];
  const { all } = wanted.some((pattern) => pattern.includes('*')) ? await namesOf(io) : { all: [] };
  const isLike = (pattern: string, name: string) => matches(bareName(pattern), bareName(name));
  const matching = wanted.flatMap((pattern) => {
    if (!pattern.includes('*')) return [pattern];
    const exact = all.filter((name) => matches(pattern, name));
    return exact.length > 0 ? exact : all.filter((name) => isLike(pattern, name));
  });
  const names = [...new Set(matching)]
    .filter((name) => !excluded.some((pattern) => isLike(pattern, name)))
    .sort();
  if (names.length > MOST_REGIONS)
    throw new GuardError(
      `Input "environment" is "${oneLine(patterns.join(', '))}"; it matches ${names.length} environments. Accepted: patterns that match at most ${MOST_REGIONS}.`,
    );
  if (names.length > 1 && names.every((name) => PROJECT.test(name)))
    throw new GuardError(
      `Input "environment" is "${oneLine(patterns.join(', '))}"; ${firstOf(names, names.length)} are separate projects, not regions of one service. List them under "services" in the configuration file, or name one of them here.`,
    );
  return names;
}

/** The only environment whose name differs just in case and dashes; `null` if there is none, or more than one. */
export async function environmentLike(
  io: Pick<SourceIO, 'repo' | 'once'>,
  environment: string,
): Promise<string | null> {
  const { all } = await namesOf(io);
  const alike = all.filter((name) => bareName(name) === bareName(environment));
  const [only] = alike;
  return alike.length === 1 && only !== undefined && only !== environment ? only : null;
}

/**
 * Why nothing was deployed to an environment, and which names would be accepted, the most similar first.
 *
 * @param filters - inputs that exclude deployments, with their values.
 */
export async function explainEnvironment(
  io: Pick<SourceIO, 'repo' | 'once' | 'baseBranch'>,
  environment: string,
  filters: readonly string[],
): Promise<string> {
  const { repo } = io;
  const { existing, deployed, all } = await namesOf(io);
  const others = all.filter((name) => name !== environment);
  const unrecordedJob = await jobWithoutDeployment(io, environment);
  const why = deployed.has(environment)
    ? `it has deployments, but none that counts${filters.length > 0 ? ` with ${filters.join(' and ')}` : ''}`
    : existing.has(environment)
      ? 'it has no deployments'
      : 'there is no such environment';
  const start = `Input "environment" is "${oneLine(environment)}"; ${why}.`;
  if (unrecordedJob !== null)
    return `${start} Job ${unrecordedJob} uses it with "deployment: false", so GitHub records no deployment. Remove that line, or set "deploy-source: workflow" with "deploy-workflow".`;
  if (others.length === 0)
    return `${start} Accepted: an environment that a job names with "environment:". This repository has none, so set "deploy-source: workflow" with "deploy-workflow", or "deploy-source: releases".`;
  const suggestions = mostSimilarFirst(others, environment);
  const successes = await lastSuccesses(repo, suggestions.slice(0, MOST_NAMES));
  const recent = [...successes]
    .slice(0, 5)
    .map(([name, at]) => `${oneLine(name, 60)} (${at.toISOString().slice(0, 10)})`);
  return `${start} Accepted: ${others.length === 1 ? '' : 'one of '}${firstOf(suggestions, MOST_NAMES)}.${recent.length > 0 ? ` Last successful deployments: ${recent.join(', ')}.` : ''}`;
}

/**
 * Sorts by edits per letter, ignoring case: a quarter of that if one name contains the other, half if the first four
 * letters are the same.
 */
function mostSimilarFirst(names: readonly string[], wanted: string): string[] {
  const bare = wanted.toLowerCase();
  const distance = (name: string) => {
    const other = name.toLowerCase();
    if (other === bare) return 0;
    const edits = leven(other, bare) / Math.max(other.length, bare.length);
    const isPart = other.includes(bare) || bare.includes(other);
    const begins = other.slice(0, 4) === bare.slice(0, 4);
    return isPart ? edits / 4 : begins ? edits / 2 : edits;
  };
  const distances = new Map(names.map((name) => [name, distance(name)]));
  return names.toSorted((a, b) => (distances.get(a) ?? 0) - (distances.get(b) ?? 0) || (a < b ? -1 : 1));
}

/** The newest successful deployment of each environment, in their order; only the five newest deployments are read. */
async function lastSuccesses(repo: Repo, names: readonly string[]): Promise<Map<string, Date>> {
  const newest = await queryEach(repo, names, {
    query: 'LastDeployed',
    alias: 'last',
    variables: { environment: ['[String!]', (name) => [name]] },
    field: (i) =>
      `deployments(first: 5, environments: $environment${i}, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { createdAt state } }`,
    answer: v.nullable(
      v.object({ nodes: v.array(v.object({ createdAt: instant, state: v.nullable(v.string()) })) }),
    ),
  });
  return new Map(
    names.flatMap((name, i) => {
      const success = newest[i]?.nodes.find((node) =>
        ['ACTIVE', 'INACTIVE', 'SUCCESS'].includes(node.state ?? ''),
      );
      return success ? [[name, new Date(success.createdAt)] as const] : [];
    }),
  );
}

/** A job that uses the environment with `deployment: false`: `"deploy" in deploy.yml`. */
async function jobWithoutDeployment(
  io: Pick<SourceIO, 'repo' | 'once' | 'baseBranch'>,
  environment: string,
): Promise<string | null> {
  const files = await workflowFilesOf(io);
  if (files.length === 0) return null;
  const { jobsInFile } = await import('../github/actions/workflow-yaml.ts');
  for (const { name, text } of files)
    for (const job of jobsInFile(text))
      if (!job.makesDeployment && job.environment?.toLowerCase() === environment.toLowerCase())
        return `"${oneLine(job.name, 60)}" in ${oneLine(name, 60)}`;
  return null;
}
