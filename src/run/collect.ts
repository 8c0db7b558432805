import { max, min } from 'date-fns';
import { runListsOf, type RunLists } from '../github/actions/runs.ts';
import { Unreadable } from '../github/errors.ts';
import type { History } from '../github/history/history.ts';
import { type OpenedRepository, openRepository } from '../github/history/opening.ts';
import { boundary, type Question, type Unread, unread } from '../github/history/reach.ts';
import type { Repo } from '../github/repo.ts';
import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type { Gap, RepositoryFacts, UnitFacts } from '../model/facts.ts';
import { GuardError } from '../model/guard-error.ts';
import type { Window } from '../model/terms.ts';
import type { Unit } from '../model/unit.ts';
import { sourceOf } from '../sources/registry.ts';

/** Reads what the answers of some units need and nothing else: the history once for all, each one's deployments. */

export interface CollectRequest {
  window: Window;
  /** Whether the window ends now; a question about the past can leave later commits out. */
  live: boolean;
  runId: number | null;
}

export interface Collected {
  repository: RepositoryFacts;
  /** In the order of the units. */
  units: UnitFacts[];
  runs: RunLists;
}

/** Commits read to prove what an old branch stands on; past that the proof is left out, and that is said. */
const PROOF_LIMIT = 3000;
/** A proof may lead back this far at least, in milliseconds: thirty days. */
const SHORTEST_PROOF = 30 * 86_400_000;
/** Rounds of asking for what the last answers turned out to need; each one reads something new. */
const MOST_ROUNDS = 50;

/**
 * Deployments back to the last success before the window, and commits back to what that success contains.
 *
 * @param units - of one base branch; at least one.
 * @throws {GuardError} where something could not be read, or where an input names what is not there.
 */
export async function collect(
  repo: Repo,
  units: readonly Unit[],
  request: CollectRequest,
): Promise<Collected> {
  const { window } = request;
  const baseBranch = units[0]?.baseBranch ?? null;
  // Commits that are younger than the question are left out, except where the branch's own line has to be told.
  const until = request.live || units.some((each) => each.countDirectPushes) ? null : window.to;
  const firstUnit = units.find((each) => sourceOf(each).opening(each, each.source.options) !== null);
  const part = firstUnit ? sourceOf(firstUnit).opening(firstUnit, firstUnit.source.options) : null;
  const opened = await openRepository(repo, baseBranch, until, part);
  const { history } = opened;
  const runs = runListsOf(repo, window.to);
  const asked = await Promise.all(
    units.map(async (unit): Promise<Asked> => {
      const feed = await sourceOf(unit).open(
        {
          repo,
          runs,
          opened: unit === firstUnit ? opened.answer : null,
          baseBranch: opened.baseBranch,
          until: window.to,
          history,
        },
        unit,
        unit.source.options,
      );
      return { unit, feed, question: questionOf(unit, request), gaps: [], gone: new Set() };
    }),
  );

  const gaps: Gap[] = [];
  await Promise.all([
    ...asked.map((each) => partly('Deployments', each.gaps, () => readBackTo(each))),
    partly('History', gaps, () => history.reachBack(window.from)),
  ]);
  for (const { unit, feed, gaps: own } of asked)
    if (feed.items.length === 0 && own.length === 0)
      throw new NothingDeployed(await sourceOf(unit).explainEmpty(repo, unit, unit.source.options));

  await partly('What the deployments stand on', gaps, async () => {
    gaps.push(...(await readWhatIsMissing(opened, asked, window)));
  });
  return {
    repository: {
      commits: history.commits,
      tips: history.tips(),
      baseBranch: opened.baseBranch,
      repository: opened.repository,
      url: opened.url,
      gaps: [...gaps, ...unplaced(opened, window)],
    },
    units: asked.map(({ feed, gaps: own, gone }) => ({
      deployments: present(feed, gone),
      deploymentsComplete: feed.complete,
      gaps: [...own, ...(feed.gaps ?? [])],
    })),
    runs,
  };
}

/** A unit with what is read for it. */
interface Asked {
  unit: Unit;
  feed: DeploymentFeed;
  question: Question;
  gaps: Gap[];
  /** Commits that deployments name and the repository no longer has. */
  gone: Set<string>;
}

function questionOf({ countDirectPushes }: Unit, { window, runId }: CollectRequest): Question {
  return { ...window, runId, countDirectPushes };
}

const INCOMPLETE =
  'Changes or deployments may be missing, so there is no verdict. Run it again later, with a shorter "window", or with a higher "max-requests".';

/** What may be mended by asking again is told with what it lacks; anything else is an error. */
async function partly(what: string, gaps: Gap[], read: () => Promise<unknown>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    gaps.push({
      what: `${what} could not be read in full. ${error.message}`,
      consequence: INCOMPLETE,
      verdictAtRisk: true,
    });
  }
}

const present = ({ items }: DeploymentFeed, gone: ReadonlySet<string>) =>
  items.map((each) => (gone.has(each.sha) ? { ...each, commitExists: false } : each));

/** Reads the feed back to a success before the window, or to its end. */
async function readBackTo({ feed, question }: Asked): Promise<void> {
  while (!feed.complete && boundary(feed.items, false, question).settled.length === 0) await feed.next();
}

/** Goes on asking until nothing is missing. Everything is tried once: first along the base branch, then by name. */
async function readWhatIsMissing(
  { history, baseBranch }: OpenedRepository,
  asked: readonly Asked[],
  window: Window,
): Promise<Gap[]> {
  const tried = new Set<string>();
  const askedFor = new Set<string>();
  const lookedBelow = asked.map(() => new Set<string>());
  const age = (oid: string) => history.dateOf(oid) ?? window.to;
  let reachedTo = min([window.from, ...asked.map((each) => liveBefore(each, history, window))]);
  await history.reachBack(reachedTo);
  const horizon = proofHorizon(history.commits, reachedTo);

  for (let round = 0; round < MOST_ROUNDS; round++) {
    const edgeless = asked.filter(
      ({ feed, question, gone }) =>
        !feed.complete && boundary(present(feed, gone), false, question).settled.length === 0,
    );
    if (edgeless.length > 0) {
      await Promise.all(edgeless.map(({ feed }) => feed.next()));
      continue;
    }
    const facts = { commits: history.commits, tips: history.tips(), baseBranch };
    const needs = asked.map(({ feed, question, gone }) =>
      unread(facts, present(feed, gone), feed.complete, question, history.dateOf),
    );
    const missing = [...new Set(needs.flatMap((each) => each.commits))].filter((oid) => !tried.has(oid));
    const provable = missing.filter((oid) => age(oid) >= horizon);
    const below = provable.map(age).filter((date) => date < reachedTo);
    const withoutPullRequests = [...new Set(needs.flatMap((each) => each.withoutPullRequests))];
    const edges = needs.flatMap(({ liveEdge }, i) =>
      liveEdge === null ? [] : toLookBelow(liveEdge, lookedBelow[i] ?? new Set(), age),
    );
    const doubtful = asked.filter(({ feed }, i) => {
      const doubtFrom = needs[i]?.doubtFrom ?? null;
      return doubtFrom !== null && !feed.complete && feed.readTo > doubtFrom;
    });

    if (below.length > 0) {
      reachedTo = min(below);
      await history.reachBack(reachedTo, true);
    } else if (provable.length > 0) {
      for (const oid of provable) tried.add(oid);
      for (const oid of await history.follow(provable)) for (const { gone } of asked) gone.add(oid);
    } else if (missing.length > 0) {
      return [unproved(missing.length, reachedTo)];
    } else if (withoutPullRequests.some((oid) => !askedFor.has(oid))) {
      for (const oid of withoutPullRequests) askedFor.add(oid);
      await history.askPullRequests(withoutPullRequests);
    } else if (edges.length > 0) {
      needs.forEach(({ liveEdge }, i) => {
        const looked = lookedBelow[i];
        if (liveEdge && looked) for (const oid of toLookBelow(liveEdge, looked, age)) looked.add(oid);
      });
      await history.follow([...new Set(edges)]);
    } else if (doubtful.length > 0) {
      await Promise.all(doubtful.map(({ feed }) => feed.next()));
    } else return [];
  }
  return [unproved(0, reachedTo)];
}

/** The date of the newest commit that was live before the window, as far as it is known. */
function liveBefore({ feed, question }: Asked, history: History, window: Window): Date {
  const { settled } = boundary(feed.items, feed.complete, question);
  const live = settled
    .map((each) => history.dateOf(each.deployment.sha))
    .filter((each) => each !== undefined);
  return live.length > 0 ? max(live) : window.from;
}

/** Merged pull requests of which GitHub does not say what commit put them on the base branch. */
function unplaced({ history, baseBranch }: OpenedRepository, window: Window): Gap[] {
  const placed = new Set(
    [...history.commits.values()].flatMap((each) =>
      (each.pullRequests ?? []).filter((one) => one.mergeCommit === each.oid).map((one) => one.number),
    ),
  );
  const lost = [...history.unplaced].filter(
    ([number, { base }]) => base === baseBranch && !placed.has(number),
  );
  if (lost.length === 0) return [];
  const inWindow = lost.filter(([, { mergedAt }]) => mergedAt >= window.from && mergedAt <= window.to);
  const named = (inWindow.length > 0 ? inWindow : lost).slice(0, 20).map(([number]) => `#${number}`);
  return [
    {
      what: `GitHub does not say as which commit ${named.join(', ')} ${named.length === 1 ? 'was' : 'were'} merged.`,
      consequence:
        inWindow.length > 0
          ? 'When they were live cannot be told, so there is no verdict.'
          : 'They were merged outside the window; they may be missing among the pending ones.',
      verdictAtRisk: inWindow.length > 0,
    },
  ];
}

/**
 * Of the places where the walk from what was live broke off, those to look below: each once, at first all of them, and
 * then those that are as young as the oldest mergeset in doubt, as what contains it is.
 */
function toLookBelow(
  { oids, doubted }: NonNullable<Unread['liveEdge']>,
  looked: ReadonlySet<string>,
  age: (oid: string) => Date,
): string[] {
  return oids.filter((oid) => !looked.has(oid) && (looked.size === 0 || age(oid) >= doubted));
}

/**
 * How far back a proof may lead: about {@link PROOF_LIMIT} commits more, at the pace of those that were read. The
 * oldest fifth is left out of the pace, as one commit with a wild date would stretch it.
 */
function proofHorizon(commits: RepositoryFacts['commits'], reachedTo: Date): Date {
  const times = [...commits.values()].map((each) => each.committedAt.getTime()).sort((a, b) => b - a);
  const most = Math.floor(times.length * 0.8);
  const pace = ((times[0] ?? 0) - (times[most] ?? 0)) / Math.max(1, most);
  return new Date(reachedTo.getTime() - Math.max(pace * PROOF_LIMIT, SHORTEST_PROOF));
}

function unproved(count: number, reachedTo: Date): Gap {
  return {
    what: `History before ${reachedTo.toISOString()} was not read${count > 0 ? `, although ${count} older commits are built upon` : ''}.`,
    consequence:
      'A change merged before the window may be missing among the pending ones, or be listed with a deployment although it was live before.',
    verdictAtRisk: false,
  };
}

/** There is nothing to measure yet, and this is what to set up. */
export class NothingDeployed extends GuardError {}
