import { setTimeout as sleep } from 'node:timers/promises';
import { parseDuration } from '../config/duration.ts';
import { OPTIONS, type OptionName } from '../config/options.ts';
import type { OrganizationSettings } from '../config/many.ts';
import type { Surroundings } from '../config/surroundings.ts';
import { planOf } from '../config/plan.ts';
import { connect } from '../github/client.ts';
import { badInput, GuardError } from '../model/guard-error.ts';
import { requestBudgetOf } from './request-budget.ts';
import type { Window } from '../model/terms.ts';
import { savedReports } from '../run/saved-files.ts';
import { type Entry, entriesOf, isFailed } from './entries.ts';
import { fileOf, filesIn, make, noteRound, roundIn } from './folder.ts';
import { repositoriesOf, withProperty } from './list.ts';
import { type Listed, pick, shardOf } from './pick.ts';
import { type Rollup, rollUp } from './rollup.ts';
import type { LeftOut } from './write.ts';
import { walkRepositories } from './repository-walk.ts';

/** Many repositories, from the list of them to their roll-up. */

export interface Organizing {
  settings: OrganizationSettings;
  /** As for one repository; they hold for each. */
  inputs: Partial<Record<OptionName, string>>;
  surroundings: Surroundings;
  /** Where reports are kept. */
  folder: string;
  onNotice(line: string): void;
  onStep(done: number, all: number, name: string): void;
}

export interface Organized {
  rollup: Rollup;
  leftOut: LeftOut;
  used: { points: number; requests: number; milliseconds: number; waited: number };
}

/** Repositories that one job of a matrix measures, about; and the most jobs that GitHub's has. */
const OF_A_SHARD = 20;
const SHARDS = 256;

/** @throws {GuardError} where nothing can be begun: an input, the token, or no repository is left. */
export async function organize(of: Organizing): Promise<Organized> {
  const { settings, surroundings, folder, inputs } = of;
  checkOnce(of);
  const budget = requestBudgetOf(
    { points: settings.points, time: settings.time * 1000 },
    { now: () => performance.now(), sleep },
  );
  make(folder);
  const window = windowAt(of, roundIn(folder, surroundings.now));
  const { repositories, skipped } = await picked(of, window.from, budget);
  if (repositories.length === 0)
    throw new GuardError(
      `No repository is left to measure (skipped: ${Object.entries(skipped)
        .map(([why, count]) => `${count} ${why}`)
        .join(', ')}). See "repositories", "topic" and "property", and what the token may see.`,
    );
  noteRound(folder, window.to, false);
  const {
    measured: told,
    unmeasured,
    stopped,
  } = await walkRepositories({
    names: repositories,
    folder,
    window,
    inputs,
    surroundings,
    budget,
    onNotice: of.onNotice,
    onStep: of.onStep,
  });
  if (stopped === null) noteRound(folder, window.to, true);
  if (told.length === 0)
    throw new GuardError(
      `Nothing was measured: ${stopped ?? ''} Give it more ("budget-points", "budget-time"), or a token with a limit of its own.`,
    );
  const byName = told.map((name) => ({ name, entries: entriesIn(fileOf(folder, name)) }));
  const entries = byName.flatMap((each) => each.entries);
  const renamed = byName.flatMap(({ name, entries: [first] }) =>
    first && first.repository.toLowerCase() !== name.toLowerCase() ? [`${name} → ${first.repository}`] : [],
  );
  return {
    rollup: rollUp(entries, environmentsIn(entries)),
    leftOut: { skipped, unmeasured, stopped, renamed },
    used: budget.used(),
  };
}

/** An input that cannot be used, or no token, is told once, and not of each repository. */
function checkOnce({ inputs, surroundings, settings }: Organizing): void {
  planOf({ ...inputs, mode: 'scheduled', repository: `${settings.owners[0] ?? ''}/any` }, surroundings);
}

/** The parts of a matrix that measures all, such as `["1/3", "2/3", "3/3"]`. */
export async function shardsOf(of: Organizing): Promise<string[]> {
  const { repositories } = await picked(of, windowAt(of, of.surroundings.now).from);
  const n = Math.min(SHARDS, Math.max(1, Math.ceil(repositories.length / OF_A_SHARD)));
  return Array.from({ length: n }, (_, i) => `${i + 1}/${n}`);
}

/**
 * Reports of files, or of folders, as one.
 *
 * @param environments - those that mean the same; `null`: there has to be one.
 * @throws {GuardError} where a file is no report, or they cannot be put together.
 */
export function rollUpFiles(paths: readonly string[], environments: readonly string[] | null): Rollup {
  return rollUp(filesIn(paths).flatMap(entriesIn), environments);
}

const entriesIn = (file: string): Entry[] => savedReports(file).flatMap(entriesOf);

/** Each team's own settings name what counts there: of an organization they are taken for the same, and told. */
const environmentsIn = (entries: readonly Entry[]): string[] => [
  ...new Set(entries.flatMap((entry) => (isFailed(entry) ? [] : [entry.environment]))),
];

async function picked(of: Organizing, since: Date, meter?: ReturnType<typeof requestBudgetOf>) {
  const { settings, surroundings, inputs } = of;
  const github = connect({
    token: inputs['github-token'] ?? '',
    apiUrl: surroundings.apiUrl,
    graphqlUrl: surroundings.graphqlUrl,
    proxied: surroundings.proxied,
    onNotice: of.onNotice,
    ...(meter ? { meter } : {}),
  });
  const { topic, property, shard, repositories } = settings;
  const total = {
    repositories: [] as string[],
    skipped: { archived: 0, forks: 0, dormant: 0, elsewhere: 0 },
  };
  for (const owner of settings.owners) {
    const all = await repositoriesOf(github, owner);
    const some = pick(all, {
      repositories: repositories.filter((repository) => isOf(owner, repository.replace(/^!/, ''))),
      topic,
      withProperty: property === null ? null : await withProperty(github, owner, property),
      since,
      shard: shard === 'list' ? null : shard,
    });
    total.repositories.push(...some.repositories, ...renamedIn(of, owner, all));
    for (const key of Object.keys(total.skipped) as (keyof typeof total.skipped)[])
      total.skipped[key] += some.skipped[key];
  }
  return total;
}

const isOf = (owner: string, name: string): boolean =>
  name.toLowerCase().startsWith(`${owner.toLowerCase()}/`);

/** Repositories that are named and not in the list: GitHub knows whether they were renamed, or are gone. */
function renamedIn({ settings }: Organizing, owner: string, all: readonly Listed[]): string[] {
  const { shard, topic, property } = settings;
  if (topic !== null || property !== null) return [];
  const known = new Set(all.map((run) => run.nameWithOwner.toLowerCase()));
  return settings.repositories.filter(
    (repository) =>
      /^[^!*]+$/.test(repository) &&
      isOf(owner, repository) &&
      !known.has(repository.toLowerCase()) &&
      (shard === null || shard === 'list' || shardOf(repository, shard.n) === shard.i),
  );
}

const windowSeconds = ({ inputs }: Pick<Organizing, 'inputs'>): number => {
  const text = inputs.window?.trim() || OPTIONS.window.default;
  const seconds = parseDuration(text);
  if (seconds === null) throw badInput('window', text, 'a time such as 7d');
  return seconds;
};

/** The window up to the instant that is asked about, or else up to another. */
function windowAt(of: Organizing, otherwise: Date): Window {
  const given = of.inputs['as-of']?.trim();
  const asked = given ? OPTIONS['as-of'].parse(given, 'as-of', of.surroundings.now) : null;
  const to = asked ?? otherwise;
  return { from: new Date(to.getTime() - windowSeconds(of) * 1000), to };
}
