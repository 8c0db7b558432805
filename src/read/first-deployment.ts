import { isAtMerge, oneRun } from '../github/actions/runs.ts';
import type { ServiceFacts } from '../model/facts.ts';
import { GuardError, OutOfTime } from '../model/guard-error.ts';
import { type BranchFacts, isIntoBase } from '../model/mergesets.ts';
import { successes } from '../model/outcome.ts';
import { runOf } from '../model/pipeline.ts';
import type { Service } from '../model/service.ts';
import { isIn } from '../model/terms.ts';
import type { SourceIO } from '../sources/source.ts';
import type { Period } from './boundary.ts';

type Context = BranchFacts & Pick<SourceIO, 'repo' | 'once'> & Pick<Service, 'countDirectPushes'> & Period;

/**
 * Marks the environment's first success if the push of its commit started its run. Its own change was not live before
 * then. Takes one request, and only if that success is in the window and deployed a change.
 */
export async function withPushOfFirst(facts: ServiceFacts, context: Context): Promise<ServiceFacts> {
  const { repo, once, commits, to, runId } = context;
  if (!facts.deploymentsComplete) return facts;
  const existing = facts.deployments.filter(({ commitExists }) => commitExists);
  const [first] = successes(existing, to, runId);
  const run = first && runOf(first.deployment)?.run;
  if (!run || !first.succeededAt || !isIn(context, first.succeededAt)) return facts;
  const { deployment } = first;
  if (deployment.trigger !== null && deployment.trigger !== 'push') return facts;
  const commit = commits.get(deployment.sha);
  const merge =
    context.pullRequestsByHeadline?.get(deployment.sha) ??
    commit?.pullRequests?.find(
      (pullRequest) => pullRequest.mergeCommit === commit.oid && isIntoBase(context, pullRequest),
    );
  const landedAt = merge?.mergedAt ?? (context.countDirectPushes ? commit?.committedAt : undefined);
  if (!landedAt || !isIn(context, landedAt)) return facts;
  try {
    const pushed = await once(`run ${run}`, () => oneRun(repo, run));
    const { event, sha, branch, attempt, attemptStartedAt } = pushed;
    const isOfPush =
      event === 'push' &&
      sha === deployment.sha &&
      (branch === context.baseBranch || context.formerNames?.includes(branch ?? '') === true) &&
      isAtMerge(pushed, landedAt);
    // A third attempt leaves open which of the others this success belongs to.
    const isFirstAttempt = attempt === 1 || (attempt === 2 && first.succeededAt <= attemptStartedAt);
    if (!isOfPush || !isFirstAttempt) return facts;
  } catch (error) {
    if (!(error instanceof GuardError) || error instanceof OutOfTime) throw error;
    return facts;
  }
  return {
    ...facts,
    deployments: facts.deployments.map((other) =>
      other === deployment ? { ...deployment, isOfOwnPush: true } : other,
    ),
  };
}
