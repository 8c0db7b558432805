import * as v from 'valibot';
import type { Oid } from '../../model/facts.ts';
import type { Hold, RunNow } from '../../model/pipeline.ts';
import type { Repo } from '../repo.ts';
import { checkRunPage, jobsIn, jobsSelection, type SuiteJob } from './jobs.ts';
import { MAX_SUITES, readSuites, SUITE, suiteFields, suiteOf } from './suites.ts';

/** Reads what the runs of a few commits are doing now, and what holds them. */

const suiteNow = v.union([
  v.object({ ...suiteFields, workflowRun: v.null() }),
  v.object({
    ...suiteFields,
    status: v.string(),
    conclusion: v.nullable(v.string()),
    now: checkRunPage,
    failedNow: checkRunPage,
  }),
]);

/** The runs of a few commits as they are now, with their jobs; `null` for a commit whose runs did not fit on a page. */
export async function runsNowOf(repo: Repo, oids: readonly Oid[]): Promise<Map<Oid, RunNow[] | null>> {
  const selection = `${SUITE} status conclusion now: ${jobsSelection('now')} failedNow: ${jobsSelection('failedNow')}`;
  const query = { size: 50, first: MAX_SUITES, selection, node: suiteNow };
  const commits = await readSuites(repo, oids, query, (nodes) => ({
    runs: nodes.flatMap((node): RunNow[] => {
      const [suite] = suiteOf(node);
      if (suite === undefined || !('now' in node)) return [];
      return [
        {
          ...suite,
          id: suite.run,
          status: node.status.toLowerCase(),
          conclusion: node.conclusion?.toLowerCase() ?? null,
          jobs: jobsIn(node.now).jobs,
          failedAt: failedAt(jobsIn(node.failedNow).jobs),
        },
      ];
    }),
  }));
  return new Map([...commits].map(([oid, { runs, isTruncated }]) => [oid, isTruncated ? null : runs]));
}

function failedAt([job]: readonly SuiteJob[]): string | null {
  const step = job?.steps?.find(({ conclusion }) => conclusion === 'failure' || conclusion === 'timed_out');
  return step?.name ?? job?.name ?? null;
}

const named = v.object({ login: v.optional(v.string()), slug: v.optional(v.string()) });
const pending = v.array(
  v.object({
    wait_timer: v.optional(v.number(), 0),
    reviewers: v.optional(v.array(v.object({ reviewer: v.optional(named) })), []),
  }),
);

/** What the protection rules of a waiting run wait for. */
export async function holdOf(repo: Repo, run: number): Promise<Hold> {
  const answer = await repo.get(`/actions/runs/${run}/pending_deployments`, {}, pending);
  const reviewers = answer.flatMap(({ reviewers }) =>
    reviewers.flatMap(({ reviewer }) => reviewer?.login ?? reviewer?.slug ?? []),
  );
  return {
    reviewers: [...new Set(reviewers)],
    hasTimer: answer.some(({ wait_timer }) => wait_timer > 0),
  };
}
