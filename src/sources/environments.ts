import leven from 'leven';
import * as v from 'valibot';
import { instant, pageOf } from '../github/answers.ts';
import { PAGE } from '../github/paging.ts';
import type { Repo } from '../github/repo.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { matches } from '../model/pattern.ts';
import type { SourceIO } from './source.ts';
import { workflowFilesOf } from './workflow-jobs.ts';

/** What a repository deploys to, for a name that is not among it. */

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
/** So many pages of environments are looked at: previews make hundreds. */
const MOST_PAGES = 5;
/** So many names are listed, and asked when they were deployed to. */
const MOST_NAMES = 12;
/** More regions than this nobody asks one by one. */
const MOST_REGIONS = 30;

interface Names {
  /** Environments that exist. */
  existing: Set<string>;
  /** Those that the newest deployments name. */
  deployed: Set<string>;
  /** Those and what the newest deployments name. */
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

const LIKE_A_HYPHEN = /[\u2010-\u2015\u2212]/g;
/** A name without its case, and with a hyphen for each dash: on most keyboards there is no other. */
const bareName = (name: string) => name.toLowerCase().replace(LIKE_A_HYPHEN, '-');
/** `Production – web`: what Vercel calls the projects of one repository. */
const PROJECT = / \u2013 /;

/**
 * The environments that some names and patterns are of, as GitHub spells them; what `!` begins leaves out.
 *
 * @throws {GuardError} where a pattern is of several services, which are no regions of one.
 */
export async function environmentsLike(
  io: Pick<SourceIO, 'repo' | 'once'>,
  patterns: readonly string[],
): Promise<string[]> {
  const left = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  if (left.length === 0 && !wanted.some((each) => each.includes('*'))) return [...patterns];
  const { all } = await namesOf(io);
  const isLeftOut = (name: string) => left.some((each) => matches(bareName(each), bareName(name)));
  const found = wanted.flatMap((pattern) => {
    if (!pattern.includes('*')) return [pattern];
    const exact = all.filter((each) => matches(pattern, each));
    return exact.length > 0 ? exact : all.filter((each) => matches(bareName(pattern), bareName(each)));
  });
  const names = [...new Set(found)].filter((each) => !isLeftOut(each)).sort();
  if (names.length > MOST_REGIONS)
    throw new GuardError(
      `Input "environment" is "${oneLine(patterns.join(', '))}"; ${names.length} environments are called so. Accepted: what matches ${MOST_REGIONS} at most.`,
    );
  if (names.length > 1 && names.every((name) => PROJECT.test(name)))
    throw new GuardError(
      `Input "environment" is "${oneLine(patterns.join(', '))}"; ${names.map((name) => oneLine(name, 60)).join(', ')} are projects of their own, not regions of one. Name each of them under "services" in the file of settings, or one of them here.`,
    );
  return names;
}

/** The one environment whose name differs in nothing but case and dashes; `null` where there is none, or more than one. */
export async function environmentLike(
  io: Pick<SourceIO, 'repo' | 'once'>,
  environment: string,
): Promise<string | null> {
  const { all } = await namesOf(io);
  const alike = all.filter((each) => bareName(each) === bareName(environment));
  const [only] = alike;
  return alike.length === 1 && only !== undefined && only !== environment ? only : null;
}

/**
 * Why nothing was deployed to an environment, and which names would be accepted: the nearest first.
 *
 * @param narrowing - inputs that leave deployments out, with their values.
 */
export async function explainEnvironment(
  io: Pick<SourceIO, 'repo' | 'once' | 'baseBranch'>,
  environment: string,
  narrowing: readonly string[],
): Promise<string> {
  const { repo } = io;
  const { existing, deployed, all } = await namesOf(io);
  const others = all.filter((each) => each !== environment);
  const silent = await jobWithoutDeployment(io, environment);
  const why = deployed.has(environment)
    ? `none of its deployments is a deploy${narrowing.length > 0 ? ` by ${narrowing.join(' and ')}` : ''}`
    : existing.has(environment)
      ? 'it has no deployments'
      : 'there is no such environment';
  const start = `Input "environment" is "${oneLine(environment)}"; ${why}.`;
  if (silent !== null)
    return `${start} Job ${silent} names it with "deployment: false", which leaves no deployment. Take that line out, or set "deploy-source: workflow" with "deploy-workflow".`;
  if (others.length === 0)
    return `${start} Accepted: an environment that a job deploys to with "environment:"; this repository has none, so set "deploy-source: workflow" with "deploy-workflow", or "deploy-source: releases".`;
  const nearest = nearestFirst(others, environment).slice(0, MOST_NAMES);
  const last = await lastDeployed(repo, nearest);
  const more = others.length > nearest.length ? ` and ${others.length - nearest.length} more` : '';
  const lately = nearest
    .flatMap((each) => {
      const at = last.get(each);
      return at ? [`${oneLine(each, 60)} (${at.toISOString().slice(0, 10)})`] : [];
    })
    .slice(0, 5);
  const names = nearest.map((each) => oneLine(each, 60)).join(', ');
  const choice = others.length === 1 ? names : `one of ${names}${more}`;
  return `${start} Accepted: ${choice}.${lately.length > 0 ? ` Last deployed with success: ${lately.join(', ')}.` : ''}`;
}

/**
 * By how alike they are: what holds the name or is held by it first, then by edit distance without regard to case, as
 * letters changed per letter.
 */
function nearestFirst(names: readonly string[], wanted: string): string[] {
  const bare = wanted.toLowerCase();
  const distance = (name: string) => {
    const other = name.toLowerCase();
    if (other === bare) return 0;
    const letters = Math.max(other.length, bare.length);
    const edits = leven(other, bare) / letters;
    const isPart = other.includes(bare) || bare.includes(other);
    const begins = other.slice(0, 4) === bare.slice(0, 4);
    return isPart ? edits / 4 : begins ? edits / 2 : edits;
  };
  const known = new Map(names.map((name) => [name, distance(name)]));
  return names.toSorted((a, b) => (known.get(a) ?? 0) - (known.get(b) ?? 0) || (a < b ? -1 : 1));
}

/** When each of some environments had its newest successful deployment; those that had none lately are left out. */
async function lastDeployed(repo: Repo, names: readonly string[]): Promise<Map<string, Date>> {
  const query = `
query LastDeployed($owner: String!, $name: String!, ${names.map((_, i) => `$environment${i}: [String!]`).join(', ')}) {
  repository(owner: $owner, name: $name) {
    ${names
      .map(
        (_, i) =>
          `last${i}: deployments(first: 5, environments: $environment${i}, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { createdAt state } }`,
      )
      .join('\n    ')}
  }
}`;
  const last = v.nullable(
    v.object({ nodes: v.array(v.object({ createdAt: instant, state: v.nullable(v.string()) })) }),
  );
  const { repository } = await repo.graphql(
    query,
    Object.fromEntries(names.map((name, i) => [`environment${i}`, [name]])),
    v.object({ repository: v.object(Object.fromEntries(names.map((_, i) => [`last${i}`, last]))) }),
  );
  return new Map(
    names.flatMap((name, i) => {
      const found = repository[`last${i}`]?.nodes.find((node) =>
        ['ACTIVE', 'INACTIVE', 'SUCCESS'].includes(node.state ?? ''),
      );
      return found ? [[name, new Date(found.createdAt)] as const] : [];
    }),
  );
}

/** A job that names the environment and makes no deployment: `deploy in deploy.yml`. */
async function jobWithoutDeployment(
  io: Pick<SourceIO, 'repo' | 'once' | 'baseBranch'>,
  environment: string,
): Promise<string | null> {
  const texts = await workflowFilesOf(io);
  if (texts.length === 0) return null;
  const { jobsInFile } = await import('../github/actions/workflow-yaml.ts');
  for (const { name, text } of texts)
    for (const job of jobsInFile(text))
      if (!job.makesDeployment && job.environment?.toLowerCase() === environment.toLowerCase())
        return `"${oneLine(job.name, 60)}" in ${oneLine(name, 60)}`;
  return null;
}
