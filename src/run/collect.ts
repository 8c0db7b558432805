import { max, min } from 'date-fns';
import type { DeploySource } from '../model/terms.ts';
import type { Facts, Gap } from '../model/facts.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { GitHub } from '../github/client.ts';
import { Unreadable } from '../github/errors.ts';
import { type DeploymentList, deploymentsOf } from '../sources/deployments.ts';
import { fitting, PAGE } from '../github/paging.ts';
import { type History, historyOf, PULL_REQUESTS, type Place } from '../github/history/history.ts';
import { ENVIRONMENTS, type EnvironmentsAnswer, OPENING, type OpeningAnswer } from '../github/queries.ts';
import { boundary, type Question, type Unread, unread } from '../github/history/reach.ts';
import { releasesOf } from '../sources/releases.ts';
import { workflowRunsOf } from '../sources/workflow.ts';

export interface Request extends Question, Place {
  /** `null`: the default branch. */
  baseBranch: string | null;
  environment: string;
  source:
    | { kind: Exclude<DeploySource, 'workflow'> }
    | { kind: 'workflow'; file: string; job: string | null };
  /** Whether `to` is now; a question about the past can leave later commits out. */
  live: boolean;
}

/** Commits read to prove what an old branch stands on; past that the proof is left out, and that is said. */
const PROOF_LIMIT = 3000;
/** A proof may lead back this far at least, in milliseconds: thirty days. */
const SHORTEST_PROOF = 30 * 86_400_000;
/** Rounds of asking for what the last answers turned out to need; each one reads something new. */
const MOST_ROUNDS = 50;

/**
 * Reads what the answer needs and nothing else: deployments back to the last success before the window, and
 * commits back to what that success contains.
 *
 * @throws {GuardError} where something could not be read, or where an input names what is not there.
 */
export async function collect(github: GitHub, request: Request): Promise<Facts> {
  const place: Place = { owner: request.owner, name: request.name };
  const opening = await fitting(PAGE, (first) =>
    github.graphql<OpeningAnswer>(OPENING, {
      ...place,
      branch: `refs/heads/${request.baseBranch ?? ''}`,
      named: request.baseBranch !== null,
      until: readsUntil(request),
      first,
      pullRequests: PULL_REQUESTS,
      environments: [request.environment],
      deployments: request.source.kind === 'deployments',
      releases: request.source.kind === 'releases',
    }),
  );
  const repository = opening.repository;
  if (!repository)
    throw new GuardError(
      `Input "repository" is "${place.owner}/${place.name}"; GitHub knows no such repository, or the token may not see it. Check the spelling, or give input "github-token" a token with "contents: read" there.`,
    );
  const branch = request.baseBranch === null ? repository.defaultBranchRef : repository.ref;
  if (!branch?.target?.history)
    throw new GuardError(
      request.baseBranch === null
        ? `Repository ${repository.nameWithOwner} has no commits yet; there is nothing to measure.`
        : `Input "base-branch" is "${oneLine(request.baseBranch)}"; ${repository.nameWithOwner} has no such branch. Accepted: the name of a branch, such as main.`,
    );
  const history = historyOf(
    github,
    place,
    repository.nameWithOwner,
    { tip: branch.target.oid, live: readsUntil(request) === null },
    branch.target.history,
  );

  const list = await listOf(github, place, request, repository, branch.name, history);
  const gaps: Gap[] = [];
  const partly = async (what: string, read: () => Promise<unknown>): Promise<void> => {
    try {
      await read();
    } catch (error) {
      // What may be mended by asking again is told with what it lacks; anything else is an error.
      if (!(error instanceof Unreadable)) throw error;
      gaps.push({
        what: `${what} could not be read in full. ${error.message}`,
        consequence: INCOMPLETE,
        verdictAtRisk: true,
      });
    }
  };
  await Promise.all([
    partly('Deployments', () => readBackTo(list, request)),
    partly('History', () => history.reachBack(request.from)),
  ]);
  if (list.items.length === 0) throw await nothingDeployed(github, place, request);

  const missing = { gaps: [] as Gap[], gone: new Set<string>() };
  await partly('What the deployments stand on', async () => {
    Object.assign(missing, await readWhatIsMissing(branch.name, history, list, request));
  });
  return {
    commits: history.commits,
    tips: history.tips(),
    baseBranch: branch.name,
    repository: repository.nameWithOwner,
    url: repository.url,
    deployments: list.items.map((each) =>
      missing.gone.has(each.sha) ? { ...each, commitExists: false } : each,
    ),
    deploymentsComplete: list.complete,
    gaps: [...gaps, ...missing.gaps],
  };
}

const INCOMPLETE =
  'Changes or deployments may be missing, so there is no verdict. Run it again later, with a shorter "window", or with a higher "max-requests".';

/** Commits that are younger than the question are left out, except where the branch's own line has to be told. */
function readsUntil(request: Request): string | null {
  return request.live || request.countDirectPushes ? null : request.to.toISOString();
}

async function listOf(
  github: GitHub,
  place: Place,
  request: Request,
  repository: NonNullable<OpeningAnswer['repository']>,
  baseBranch: string,
  history: History,
): Promise<DeploymentList> {
  const { source } = request;
  if (source.kind === 'workflow')
    return workflowRunsOf(github, place, source, baseBranch, request.to, history.noteDate);
  if (source.kind === 'releases' && repository.releases)
    return releasesOf(github, place, repository.releases, history.add);
  if (repository.deployments)
    return deploymentsOf(github, place, request.environment, repository.deployments, history.add);
  throw new GuardError('GitHub left the deployments out of its answer. Run it again.');
}

/** Reads the list back to a success before the window, or to its end. */
async function readBackTo(list: DeploymentList, request: Request): Promise<void> {
  while (!list.complete && boundary(list.items, false, request).settled.length === 0) await list.next();
}

/** Goes on asking until nothing is missing. Everything is tried once: first along the base branch, then by name. */
async function readWhatIsMissing(
  baseBranch: string,
  history: History,
  list: DeploymentList,
  request: Request,
): Promise<{ gaps: Gap[]; gone: Set<string> }> {
  const gone = new Set<string>();
  const tried = new Set<string>();
  const asked = new Set<string>();
  const lookedBelow = new Set<string>();
  const { settled } = boundary(list.items, list.complete, request);
  const live = settled
    .map((each) => history.dateOf(each.deployment.sha))
    .filter((each) => each !== undefined);
  let reachedTo = live.length > 0 ? min([request.from, max(live)]) : request.from;
  await history.reachBack(reachedTo);
  const horizon = proofHorizon(history.commits, reachedTo);

  for (let round = 0; round < MOST_ROUNDS; round++) {
    const present = list.items.map((each) => (gone.has(each.sha) ? { ...each, commitExists: false } : each));
    if (boundary(present, list.complete, request).settled.length === 0 && !list.complete) {
      await list.next();
      continue;
    }
    const facts = { commits: history.commits, tips: history.tips(), baseBranch };
    const need = unread(facts, present, list.complete, request, history.dateOf);
    const age = (oid: string) => history.dateOf(oid) ?? request.to;
    const missing = need.commits.filter((oid) => !tried.has(oid));
    const provable = missing.filter((oid) => age(oid) >= horizon);
    const below = provable.map(age).filter((date) => date < reachedTo);

    if (below.length > 0) {
      reachedTo = min(below);
      await history.reachBack(reachedTo, true);
    } else if (provable.length > 0) {
      for (const oid of provable) tried.add(oid);
      for (const oid of await history.follow(provable)) gone.add(oid);
    } else if (missing.length > 0) {
      return { gone, gaps: [unproved(missing.length, reachedTo)] };
    } else if (need.withoutPullRequests.some((oid) => !asked.has(oid))) {
      for (const oid of need.withoutPullRequests) asked.add(oid);
      await history.askPullRequests(need.withoutPullRequests);
    } else if (need.liveEdge !== null && toLookBelow(need.liveEdge, lookedBelow, age).length > 0) {
      const oids = toLookBelow(need.liveEdge, lookedBelow, age);
      for (const oid of oids) lookedBelow.add(oid);
      await history.follow(oids);
    } else if (need.doubtFrom !== null && !list.complete && list.readTo > need.doubtFrom) {
      await list.next();
    } else return { gone, gaps: [] };
  }
  return { gone, gaps: [unproved(0, reachedTo)] };
}

/**
 * Of the places where the walk from what was live broke off, those to look below: each once, at first all of them, and
 * then those that are as young as the oldest mergeset in doubt, as what contains it is.
 */
function toLookBelow(
  { oids, doubted }: NonNullable<Unread['liveEdge']>,
  looked: ReadonlySet<string>,
  age: (oid: string) => Date,
): string[] {
  return oids.filter((oid) => !looked.has(oid) && (looked.size === 0 || age(oid) >= doubted));
}

/**
 * How far back a proof may lead: about {@link PROOF_LIMIT} commits more, at the pace of those that were read. The
 * oldest fifth is left out of the pace, as one commit with a wild date would stretch it.
 */
function proofHorizon(commits: Facts['commits'], reachedTo: Date): Date {
  const times = [...commits.values()].map((each) => each.committedAt.getTime()).sort((a, b) => b - a);
  const most = Math.floor(times.length * 0.8);
  const pace = ((times[0] ?? 0) - (times[most] ?? 0)) / Math.max(1, most);
  return new Date(reachedTo.getTime() - Math.max(pace * PROOF_LIMIT, SHORTEST_PROOF));
}

function unproved(count: number, reachedTo: Date): Gap {
  return {
    what: `History before ${reachedTo.toISOString()} was not read${count > 0 ? `, although ${count} older commits are built upon` : ''}.`,
    consequence:
      'A change merged before the window may be missing among the pending ones, or be listed with a deployment although it was live before.',
    verdictAtRisk: false,
  };
}

/** There is nothing to measure yet, and this is what to set up. */
export class NothingDeployed extends GuardError {}

async function nothingDeployed(github: GitHub, place: Place, request: Request): Promise<NothingDeployed> {
  if (request.source.kind === 'workflow')
    return new NothingDeployed(
      `Input "deploy-workflow" is "${oneLine(request.source.file)}"; it has no runs on the base branch. Accepted: a workflow that has deployed at least once.`,
    );
  if (request.source.kind === 'releases')
    return new NothingDeployed(
      'Input "deploy-source" is "releases"; the repository has no published releases. Accepted: deployments or workflow, where that is how it deploys.',
    );
  const answer = await github.graphql<EnvironmentsAnswer>(ENVIRONMENTS, { ...place });
  const deployed = (answer.repository?.deployments.nodes ?? []).map((each) => each?.environment);
  const named = (answer.repository?.environments?.nodes ?? []).map((each) => each?.name);
  const exists = named.includes(request.environment);
  const others = [...new Set([...deployed, ...named.filter((each) => each !== request.environment)])].filter(
    (each) => typeof each === 'string',
  );
  return new NothingDeployed(
    `Input "environment" is "${oneLine(request.environment)}"; ${exists ? 'it has no deployments' : 'there is no such environment'}. Accepted: ${
      others.length > 0
        ? `one of ${oneLine(others.join(', '), 1000)}`
        : 'an environment that a job deploys to with "environment:"; this repository has none, so set "deploy-source: workflow" with "deploy-workflow", or "deploy-source: releases"'
    }.`,
  );
}
