import * as v from 'valibot';
import type { Person } from '../../model/facts.ts';
import { account, personOf } from '../person.ts';
import type { Repo } from '../repo.ts';

const approvals = v.array(v.object({ state: v.string(), user: account }));

/** Who let a run go on that protection rules held. A wait timer holds too, and then it was nobody: `null`. */
export async function approverOf(repo: Repo, run: number): Promise<Person | null> {
  const answer = await repo.get(`/actions/runs/${run}/approvals`, {}, approvals);
  const user = answer.find((each) => each.state === 'approved')?.user;
  return user ? personOf(user.login, user.type) : null;
}
