import type { Surroundings } from '../config/surroundings.ts';
import { recoverFrom } from '../github/errors.ts';
import { isOnBranch, missingFrom } from '../github/history/compare.ts';
import { type Repo, repoOf } from '../github/repo.ts';
import { GuardError } from '../model/guard-error.ts';
import type { Ask } from './ask.ts';
import { liveInputs, type LiveInputName } from './inputs.ts';
import { judgeFor } from './commit-check.ts';
import { failure, type Instead, liveLine, sightingLine } from './live-texts.ts';
import { type Waiting, wait } from './wait.ts';
import { latestWithout, type Sighting } from './watch.ts';

/** The action `live`: waits until production answers with a commit that contains the deployed one. */

export interface LiveContext {
  inputs: Partial<Record<LiveInputName, string>>;
  /** Commit of the job. */
  sha: string;
  surroundings: Pick<Surroundings, 'repository' | 'apiUrl' | 'graphqlUrl' | 'isProxied'>;
  ask: Ask;
  clock: Waiting['clock'];
  /** Milliseconds between tries of a request to GitHub. */
  pace?: number;
}

export interface LiveStep {
  info(line: string): void;
  output(name: 'commit', value: string): void;
}

/** Requests to GitHub in a run. */
const MOST_REQUESTS = 100;

/** @throws {GuardError} if an input is invalid, or if production does not answer with the commit in time. */
export async function performLive(context: LiveContext, step: LiveStep): Promise<void> {
  const { ask, clock, sha } = context;
  const { url, match, live, timeout, commit, 'github-token': token } = liveInputs(context.inputs, sha);
  const repo = token === '' ? null : repositoryOf(context, token, step);
  step.info(`Waiting until ${url.host} answers with ${commit.slice(0, 7)}.`);
  const waited = await wait({
    url,
    find: match === null ? null : (await import('../model/linear-pattern.ts')).groupFinder(match),
    live,
    timeout,
    ask,
    clock,
    judge: judgeFor(commit, repo),
    onChange: (sighting) => step.info(sightingLine(sighting, commit)),
  });
  const without = waited.isLive ? null : latestWithout(waited);
  const seen = without ?? waited.latest;
  step.output('commit', seen === null || seen.kind === 'none' ? '' : seen.commit);
  if (waited.isLive) return step.info(liveLine(waited, commit, live));
  const instead = await insteadOf(without, commit, repo);
  throw new GuardError(failure(waited, commit, instead, new Date(clock.now())));
}

/** The repository, connected only if there is a question. Most answers are the deployed commit, which needs none. */
function repositoryOf({ surroundings, pace }: LiveContext, token: string, step: LiveStep) {
  const { repository, apiUrl, graphqlUrl, isProxied: proxied } = surroundings;
  const [owner = '', name = ''] = repository.split('/');
  const connected = async (): Promise<Repo> => {
    const { connect } = await import('../github/client.ts');
    const options = { token, apiUrl, graphqlUrl, proxied, maxRequests: MOST_REQUESTS, onNotice: step.info };
    return repoOf(connect(pace === undefined ? options : { ...options, pace }), { owner, name });
  };
  let repo: Promise<Repo> | undefined;
  return () => {
    repo ??= connected();
    return repo;
  };
}

/** How the commit that production runs instead relates to the deployed one and to the branches, as far as GitHub answers. */
async function insteadOf(
  seen: Sighting | null,
  deployed: string,
  repo: (() => Promise<Repo>) | null,
): Promise<Instead> {
  const unknown = { missing: null, isOnBranch: null };
  if (repo === null || seen?.kind !== 'other') return unknown;
  const { commit, relation } = seen;
  if (relation !== 'behind' && relation !== 'diverged') return unknown;
  const connected = await repo();
  const [missing, onBranch] = await Promise.all([
    orNull(missingFrom(connected, commit, deployed)),
    relation === 'diverged' ? orNull(isOnBranch(connected, commit)) : null,
  ]);
  return { missing, isOnBranch: onBranch };
}

/** The deployment fails in any case, so missing details do not matter. */
const orNull = <T>(details: Promise<T>): Promise<T | null> =>
  details.catch(recoverFrom(GuardError, () => null));
