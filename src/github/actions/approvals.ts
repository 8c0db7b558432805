import * as v from 'valibot';
import type { Person } from '../../model/facts.ts';
import type { Hold } from '../../model/pipeline.ts';
import { account, personOf } from '../person.ts';
import type { Repo } from '../repo.ts';

const approvals = v.array(v.object({ state: v.string(), user: account }));

/** Who approved a run that protection rules held; `null`: nobody, as after a wait timer. */
export async function approverOf(repo: Repo, run: number): Promise<Person | null> {
  const answer = await repo.get(`/actions/runs/${run}/approvals`, {}, approvals);
  const user = answer.find(({ state }) => state === 'approved')?.user;
  return user ? personOf(user.login, user.type) : null;
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
