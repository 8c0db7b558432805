import type { OptionName } from '../config/options.ts';
import type { Surroundings } from '../config/surroundings.ts';
import { Refused } from '../github/errors.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import type { Window } from '../model/terms.ts';
import { SCHEMA_VERSION } from '../model/version.ts';
import { reportsOf } from '../report/parts.ts';
import { jsonLinesOf } from '../report/rows.ts';
import { prepare, type RunContext } from '../run/context.ts';
import { run } from '../run/run.ts';
import { savedWindow, saveReport, saveRows } from './folder.ts';
import type { RequestBudget } from './request-budget.ts';

/** Measures repositories one after the other, each as it would be measured alone, within a budget they share. */

export interface RepositoryWalk {
  names: readonly string[];
  folder: string;
  window: Window;
  /** The inputs of a single repository; they apply to every one. */
  inputs: Partial<Record<OptionName, string>>;
  surroundings: Surroundings;
  budget: RequestBudget;
  onNotice(line: string): void;
  watch?: RunContext['watch'];
  /** Called before each repository, and after the last with an empty name. */
  onStep(done: number, all: number, name: string): void;
}

export interface WalkResult {
  /** Repositories with a report, or a reason for its absence, for this window; earlier runs included. */
  measured: string[];
  /** Repositories that the budget did not cover. */
  unmeasured: string[];
  /** Why the walk stopped early; `null` if it did not. */
  stopped: string | null;
}

/**
 * Begins with the repository whose report is oldest. A repository that has a report for this window is not measured
 * again; one that failed is.
 */
export async function walkRepositories(walk: RepositoryWalk): Promise<WalkResult> {
  const { names, folder, window, budget } = walk;
  const saved = new Map(names.map((name) => [name, savedWindow(folder, name)]));
  const isSaved = (name: string) => {
    const other = saved.get(name)?.window;
    return other?.to.getTime() === window.to.getTime() && other.from.getTime() === window.from.getTime();
  };
  const isMeasured = (name: string) => isSaved(name) && saved.get(name)?.isMeasured === true;
  const age = (name: string) => saved.get(name)?.window.to.getTime() ?? 0;
  const measured = names.filter(isMeasured);
  const open = names
    .filter((name) => !isMeasured(name))
    .toSorted((a, b) => age(a) - age(b) || (a < b ? -1 : 1));
  for (const [i, name] of open.entries()) {
    walk.onStep(measured.length, names.length, name);
    const stopped = budget.begin() ?? (await measureRepository(walk, name));
    if (stopped !== null) {
      const remaining = open.slice(i);
      return {
        // A repository that failed earlier in this round keeps its reason.
        measured: [...measured, ...remaining.filter(isSaved)],
        unmeasured: remaining.filter((other) => !isSaved(other)),
        stopped,
      };
    }
    measured.push(name);
  }
  walk.onStep(measured.length, names.length, '');
  return { measured, unmeasured: [], stopped: null };
}

/** The inputs of one repository. The mode and the window are the same for all. */
export const inputsFor = (name: string, inputs: RepositoryWalk['inputs'], window: Window) => ({
  ...inputs,
  repository: name,
  mode: 'scheduled',
  'as-of': window.to.toISOString(),
  window: `${Math.round((window.to.getTime() - window.from.getTime()) / 1000)}s`,
});

/** Saves a repository's report, or why there is none. Returns why the walk has to stop, or `null`. */
async function measureRepository(
  { folder, window, inputs, surroundings, budget, onNotice, watch }: RepositoryWalk,
  name: string,
): Promise<string | null> {
  try {
    const { github, services, settings, opened } = await prepare({
      inputs: inputsFor(name, inputs, window),
      surroundings,
      client: { onNotice, meter: budget },
      watch,
    });
    const { report } = await run(github, services, settings, surroundings, { opened });
    // If the points ran out for only one of several services, the report would look complete.
    if (budget.refused() !== null) return budget.refused();
    saveRows(folder, name, jsonLinesOf(reportsOf(report)));
    saveReport(folder, name, report);
    return null;
  } catch (error) {
    if (budget.refused() !== null) return budget.refused();
    // An expired or invalid token fails for every repository.
    if (error instanceof Refused && error.reach === 'token' && /\(401 /.test(error.message)) throw error;
    const reason =
      error instanceof GuardError
        ? error.message
        : `Internal error, please report it: ${oneLine(String(error))}`;
    // Rows of an earlier round would count as current.
    saveRows(folder, name, '');
    saveReport(folder, name, {
      schemaVersion: SCHEMA_VERSION,
      repository: name,
      generatedAt: surroundings.now.toISOString(),
      window: { from: window.from.toISOString(), to: window.to.toISOString() },
      failed: oneLine(reason, 500),
    });
    return null;
  }
}
