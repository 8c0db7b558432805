import * as v from 'valibot';
import type { Person } from '../../model/facts.ts';
import { account, personOf } from '../person.ts';
import type { Repo } from '../repo.ts';

const approvals = v.array(v.object({ state: v.string(), user: account }));

/** Who approved a run that protection rules held; `null`: nobody, as after a wait timer. */
export async function approverOf(repo: Repo, run: number): Promise<Person | null> {
  const answer = await repo.get(`/actions/runs/${run}/approvals`, {}, approvals);
  const user = answer.find(({ state }) => state === 'approved')?.user;
  return user ? personOf(user.login, user.type) : null;
}
