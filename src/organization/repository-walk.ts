import type { OptionName } from '../config/options.ts';
import type { Surroundings } from '../config/surroundings.ts';
import { Refused } from '../github/errors.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Window } from '../model/terms.ts';
import { prepare } from '../run/context.ts';
import { SCHEMA_VERSION } from '../model/version.ts';
import { reportsOf } from '../report/parts.ts';
import { jsonLinesOf } from '../report/rows.ts';
import { run } from '../run/run.ts';
import type { RequestBudget } from './request-budget.ts';
import { fileOf, keep, keepRows, keptOf } from './folder.ts';

/** One repository after the other by the path that a single one takes, within a budget that all share. */

export interface RepositoryWalk {
  names: readonly string[];
  folder: string;
  window: Window;
  /** As for one repository. */
  inputs: Partial<Record<OptionName, string>>;
  surroundings: Surroundings;
  budget: RequestBudget;
  onNotice(line: string): void;
  /** Called before each, and after the last. */
  onStep(done: number, all: number, name: string): void;
}

export interface WalkResult {
  /** Those that have an answer, or a reason, of this window; those from before included. */
  measured: string[];
  unmeasured: string[];
  /** Why it stopped; `null`: it came to the end. */
  stopped: string | null;
}

const isOf = (kept: ReturnType<typeof keptOf>, window: Window): boolean =>
  kept?.window.to.getTime() === window.to.getTime() && kept.window.from.getTime() === window.from.getTime();

/** The oldest answer first; what is answered for this window is not asked again, what failed is. */
export async function walkRepositories(of: RepositoryWalk): Promise<WalkResult> {
  const { names, folder, window, budget } = of;
  const kept = new Map(names.map((name) => [name, keptOf(folder, name)]));
  const isTold = (name: string) => isOf(kept.get(name) ?? null, window) && kept.get(name)?.isAnswer === true;
  const age = (name: string) => kept.get(name)?.window.to.getTime() ?? 0;
  const open = names.filter((name) => !isTold(name)).toSorted((a, b) => age(a) - age(b) || (a < b ? -1 : 1));
  const told = names.filter(isTold);
  const all = names.length;
  for (const [i, name] of open.entries()) {
    of.onStep(told.length, all, name);
    const stopped = budget.begin() ?? (await one(of, name));
    if (stopped !== null) {
      // What failed before is a failure still.
      const left = open.slice(i);
      const failedBefore = left.filter((each) => isOf(kept.get(each) ?? null, window));
      return {
        measured: [...told, ...failedBefore],
        unmeasured: left.filter((each) => !failedBefore.includes(each)),
        stopped,
      };
    }
    told.push(name);
  }
  of.onStep(told.length, all, '');
  return { measured: told, unmeasured: [], stopped: null };
}

/** Asks about one and keeps what it says, or why it says nothing; resolves to why no other may be asked, or `null`. */
async function one({ folder, window, inputs, surroundings, budget, onNotice }: RepositoryWalk, name: string) {
  const seconds = Math.round((window.to.getTime() - window.from.getTime()) / 1000);
  try {
    const { github, services, settings, opened } = await prepare({
      inputs: {
        ...inputs,
        repository: name,
        mode: 'scheduled',
        'as-of': window.to.toISOString(),
        // In seconds it is no default, so that no repository's own settings have another.
        window: `${seconds}s`,
      },
      surroundings,
      client: { onNotice, meter: budget },
    });
    const { report } = await run(github, services, settings, surroundings, { opened });
    // Of several services it may be one alone that had no points left: then nothing of them is told as if it were all.
    if (budget.refused() !== null) return budget.refused();
    keepRows(folder, name, jsonLinesOf(reportsOf(report)));
    keep(fileOf(folder, name), report);
    return null;
  } catch (error) {
    if (budget.refused() !== null) return budget.refused();
    // The token is over, or is none: every other would be refused alike.
    if (error instanceof Refused && error.reach === 'token' && /\(401 /.test(error.message)) throw error;
    const reason =
      error instanceof GuardError ? error.message : `A defect of the guard: ${oneLine(String(error))}`;
    keep(fileOf(folder, name), {
      schemaVersion: SCHEMA_VERSION,
      repository: name,
      generatedAt: surroundings.now.toISOString(),
      window: { from: window.from.toISOString(), to: window.to.toISOString() },
      failed: oneLine(reason, 500),
    });
    return null;
  }
}
