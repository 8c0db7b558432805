import { setTimeout as sleep } from 'node:timers/promises';
import { parseDuration } from '../config/duration.ts';
import type { OrganizationSettings } from '../config/organization-settings.ts';
import { OPTIONS } from '../config/options.ts';
import { plannerOf } from '../config/plan.ts';
import { connect } from '../github/client.ts';
import { badInput, GuardError } from '../model/guard-error.ts';
import type { Window } from '../model/terms.ts';
import { savedReports } from '../run/saved-files.ts';
import { type Entry, entriesOf, isFailed } from './entries.ts';
import { fileOf, filesIn, makeFolder, roundIn, saveRound, saveRows } from './folder.ts';
import { repositoriesOf, withProperty } from './list.ts';
import { type Listed, pick, type Picked, shardOf } from './pick.ts';
import { type RepositoryWalk, walkRepositories } from './repository-walk.ts';
import { requestBudgetOf, type RequestBudget } from './request-budget.ts';
import { type Rollup, rollUp } from './rollup.ts';
import type { LeftOut } from './write.ts';

/** Measures many repositories, from their list to the roll-up. */

export interface OrganizeOptions extends Omit<RepositoryWalk, 'names' | 'window' | 'budget'> {
  settings: OrganizationSettings;
}

export interface Organized {
  rollup: Rollup;
  leftOut: LeftOut;
  used: ReturnType<RequestBudget['used']>;
}

/** Repositories that one job of a matrix measures, roughly, and the most jobs a GitHub matrix can have. */
const REPOSITORIES_PER_SHARD = 20;
const MAX_SHARDS = 256;

/** @throws {GuardError} if an input or the token is invalid, or no repository is selected or measured. */
export async function organize(options: OrganizeOptions): Promise<Organized> {
  const { settings, surroundings, folder } = options;
  checkInputs(options);
  const budget = requestBudgetOf(
    { points: settings.points, time: settings.time * 1000 },
    { now: () => performance.now(), sleep },
  );
  makeFolder(folder);
  const window = windowUpTo(roundIn(folder, surroundings.now), options);
  const { repositories: names, skipped } = await selectRepositories(options, window.from, budget);
  if (names.length === 0)
    throw new GuardError(
      `No repository matches (skipped: ${Object.entries(skipped)
        .map(([why, count]) => `${count} ${why}`)
        .join(
          ', ',
        )}). Check "repositories", "topic" and "property", and which repositories the token can see.`,
    );
  saveRound(folder, window.to, false);
  const { measured, unmeasured, stopped } = await walkRepositories({ ...options, names, window, budget });
  if (stopped === null) saveRound(folder, window.to, true);
  if (measured.length === 0)
    throw new GuardError(
      `No repository was measured. ${stopped ?? ''} Raise "budget-points" or "budget-time", or use a token with its own rate limit.`,
    );
  const all = measured.map((name) => {
    const entries = entriesIn(fileOf(folder, name));
    const current = entries[0]?.repository ?? name;
    return { name, entries, current, isRenamed: current.toLowerCase() !== name.toLowerCase() };
  });
  const renamed = all.flatMap(({ name, current, isRenamed }) => (isRenamed ? [`${name} → ${current}`] : []));
  // A repository that was measured under its new name, too, counts once.
  const isDouble = ({ current, isRenamed }: (typeof all)[number]) =>
    isRenamed &&
    all.some(
      ({ name, entries }) =>
        name.toLowerCase() === current.toLowerCase() && entries.some((entry) => !isFailed(entry)),
    );
  for (const report of all) if (isDouble(report)) saveRows(folder, report.name, '');
  const entries = all.flatMap((report) => (isDouble(report) ? [] : report.entries));
  // Each team's settings name its environment, so all of them count as the same.
  const environments = entries.flatMap((entry) => (isFailed(entry) ? [] : [entry.environment]));
  return {
    rollup: rollUp(entries, [...new Set(environments)]),
    leftOut: { skipped, unmeasured, stopped, renamed },
    used: budget.used(),
  };
}

/** Reports an invalid input or a missing token once, before the first request. */
function checkInputs({ inputs, surroundings, settings }: OrganizeOptions): void {
  plannerOf(
    { ...inputs, mode: 'scheduled', repository: `${settings.owners[0] ?? ''}/any` },
    surroundings.now,
  ).first(surroundings);
}

/** The parts of a matrix that measures all repositories, such as `["1/3", "2/3", "3/3"]`. */
export async function shardsOf(options: OrganizeOptions): Promise<string[]> {
  const since = windowUpTo(options.surroundings.now, options).from;
  const { repositories } = await selectRepositories(options, since);
  const n = Math.min(MAX_SHARDS, Math.max(1, Math.ceil(repositories.length / REPOSITORIES_PER_SHARD)));
  return Array.from({ length: n }, (_, i) => `${i + 1}/${n}`);
}

/**
 * Combines the reports in files and folders.
 *
 * @param environments - names that mean the same environment; `null`: all reports need the same one.
 * @throws {GuardError} if a file is not a report, or the reports do not fit together.
 */
export function rollUpFiles(paths: readonly string[], environments: readonly string[] | null): Rollup {
  const files = new Map(
    filesIn(paths).flatMap((file) => entriesIn(file).map((entry) => [entry, file] as const)),
  );
  return rollUp([...files.keys()], environments, files);
}

const entriesIn = (file: string): Entry[] => savedReports(file).flatMap(entriesOf);

async function selectRepositories(
  { settings, surroundings, inputs, onNotice }: OrganizeOptions,
  since: Date,
  meter?: RequestBudget,
): Promise<Picked> {
  const github = connect({
    token: inputs['github-token'] ?? '',
    apiUrl: surroundings.apiUrl,
    graphqlUrl: surroundings.graphqlUrl,
    proxied: surroundings.isProxied,
    onNotice,
    ...(meter ? { meter } : {}),
  });
  const { topic, property, shard, repositories } = settings;
  const selection: Picked = {
    repositories: [],
    skipped: { archived: 0, forks: 0, dormant: 0, elsewhere: 0 },
  };
  for (const owner of settings.owners) {
    const listed = await repositoriesOf(github, owner);
    const picked = pick(listed, {
      repositories: repositories.filter((repository) => isOf(owner, repository.replace(/^!/, ''))),
      topic,
      withProperty: property === null ? null : await withProperty(github, owner, property),
      since,
      shard: shard === 'list' ? null : shard,
    });
    selection.repositories.push(...picked.repositories, ...unlistedNames(settings, owner, listed));
    for (const reason of Object.keys(selection.skipped) as (keyof Picked['skipped'])[])
      selection.skipped[reason] += picked.skipped[reason];
  }
  return selection;
}

const isOf = (owner: string, name: string): boolean =>
  name.toLowerCase().startsWith(`${owner.toLowerCase()}/`);

/** Names that are not in the list. They are measured too: GitHub follows a rename, and reports a deleted repository. */
function unlistedNames(
  { repositories, shard, topic, property }: OrganizationSettings,
  owner: string,
  listed: readonly Listed[],
): string[] {
  if (topic !== null || property !== null) return [];
  const names = new Set(listed.map(({ nameWithOwner }) => nameWithOwner.toLowerCase()));
  return repositories.filter(
    (repository) =>
      /^[^!*]+$/.test(repository) &&
      isOf(owner, repository) &&
      !names.has(repository.toLowerCase()) &&
      (shard === null || shard === 'list' || shardOf(repository, shard.n) === shard.i),
  );
}

/** The window that ends at input `as-of`, or at `end` without it. */
function windowUpTo(end: Date, { inputs, surroundings }: OrganizeOptions): Window {
  const asOf = inputs['as-of']?.trim();
  const to = (asOf && OPTIONS['as-of'].parse(asOf, 'as-of', surroundings.now)) || end;
  const length = inputs.window?.trim() || OPTIONS.window.default;
  const seconds = parseDuration(length);
  if (seconds === null) throw badInput('window', length, 'a duration such as 7d');
  return { from: new Date(to.getTime() - seconds * 1000), to };
}
