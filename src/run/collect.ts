import { max, min } from 'date-fns';
import { runListsOf, type RunLists } from '../github/actions/runs.ts';
import { Refused, Unreadable } from '../github/errors.ts';
import type { History } from '../github/history/history.ts';
import { type OpenedRepository, openRepository } from '../github/history/opening.ts';
import { branchesGone, numberIn, pullRequestsNamed } from '../github/history/named.ts';
import { boundary, commonWith, type Question, type Unread, unread } from '../github/history/reach.ts';
import type { Repo } from '../github/repo.ts';
import type { Asker } from '../model/asker.ts';
import { type DeploymentFeed, shared } from '../model/deployment-feed.ts';
import { contained, firstParents } from '../model/commit-graph.ts';
import { plainPathsIn } from '../model/concerns.ts';
import type { Commit, Gap, PathFacts, RepositoryFacts, UnitFacts } from '../model/facts.ts';
import { badInput, GuardError, oneLine, OutOfTime } from '../model/guard-error.ts';
import {
  type BranchFacts,
  branchAt,
  isIntoBase,
  mergesetsOf,
  withoutPullRequest,
} from '../model/mergesets.ts';
import { together } from '../model/regions.ts';
import type { Window } from '../model/terms.ts';
import type { Unit } from '../model/unit.ts';
import { sourceOf } from '../sources/registry.ts';
import type { Outside, SourceIO } from '../sources/source.ts';

/** Reads what the answers of some units need and nothing else: the history once for all, each one's deployments. */

export interface CollectRequest {
  window: Window;
  /** Whether the window ends now; a question about the past can leave later commits out. */
  live: boolean;
  asker: Asker;
  outside: Outside;
  /** What time it is at GitHub, by its latest answer; `null`: there was none. */
  clock(): Date | null;
}

export interface Collected {
  /** Now: the later of the runner's clock and GitHub's, as what GitHub tells of is not in the future. */
  now: Date;
  /** The window that was asked about, up to that moment where it ends now. */
  window: Window;
  repository: RepositoryFacts;
  /** In the order of the units; of one that cannot be told, why. */
  units: (UnitFacts | GuardError)[];
  runs: RunLists;
  /**
   * Reads the same of a longer time. What was told before stays as it is, so that what is lacking there puts nothing of
   * it at risk.
   *
   * @param from - an instant before the window's beginning.
   */
  deepen(from: Date): Promise<Collected>;
}

/** Commits read to prove what an old branch stands on; past that the proof is left out, and that is said. */
const PROOF_LIMIT = 3000;
/** A proof may lead back this far at least, in milliseconds: thirty days. */
const SHORTEST_PROOF = 30 * 86_400_000;
/** Headlines that are asked which pull request they name. */
const MOST_NAMED = 100;
/** Rounds of asking for what the last answers turned out to need; each one reads something new. */
const MOST_ROUNDS = 50;

/** Opens the repository along with the deployments of one unit, and the file of settings where one is asked for. */
export function open(
  repo: Repo,
  units: readonly Unit[],
  { live, window }: Pick<CollectRequest, 'live' | 'window'>,
  file: string | null = null,
): Promise<Opened> {
  const baseBranch = units[0]?.baseBranch ?? null;
  // Commits that are younger than the question are left out, except where the branch's own line has to be told.
  const until = live || units.some((each) => each.countDirectPushes) ? null : window.to;
  const unit = units.find((each) => sourceOf(each).opening(each, each.source.options) !== null) ?? null;
  const part = unit && sourceOf(unit).opening(unit, unit.source.options);
  return openRepository(repo, baseBranch, until, part, file).then((repository) => ({ repository, unit }));
}

export interface Opened {
  repository: OpenedRepository;
  /** The unit whose deployments came along. */
  unit: Unit | null;
}

/**
 * Deployments back to the last success before the window, and commits back to what that success contains.
 *
 * @param units - of one base branch; at least one. Where there are several, one that cannot be told keeps no other from it.
 * @throws {GuardError} where something could not be read, or where an input names what is not there.
 */
export async function collect(
  repo: Repo,
  units: readonly Unit[],
  asking: CollectRequest,
  before?: Opened,
): Promise<Collected> {
  const { repository: opened, unit: along } = before ?? (await open(repo, units, asking));
  const { history } = opened;
  const request = atGitHubsTime(asking);
  const { window } = request;
  const runs = runListsOf(repo, window.to);
  const io = {
    repo,
    outside: request.outside,
    runs,
    baseBranch: opened.baseBranch,
    until: window.to,
    asker: request.asker,
    history,
  };
  const isOnly = units.length === 1;
  // Services of one environment are told of the same deployments, which are read once.
  const feeds = new Map<string, Promise<DeploymentFeed>>();
  const told = await Promise.all(
    units.map((unit) =>
      askedOf(
        unit,
        { ...io, feeds },
        along && isAlike(unit, along) ? opened.answer : null,
        questionOf(unit, request),
      ).catch((error: unknown) => {
        if (isOnly || !(error instanceof GuardError) || isOfAll(error)) throw error;
        return error;
      }),
    ),
  );
  const names: BranchNames = { formerNames: [], named: new Map() };
  const asked: AskedAlready = { former: new Set(), headlines: new Set(), paths: null };
  const read = (from: Date) =>
    reach(
      repo,
      units,
      { opened, names, asked, runs, told },
      { ...request, window: { ...window, from } },
      window,
    );
  const first = await read(window.from);
  if (isOnly && first.units[0] instanceof GuardError) throw first.units[0];
  return first;
}

/** What was asked and answered before: it is not asked again. */
interface AskedAlready {
  former: Set<string>;
  headlines: Set<string>;
  paths: PathFacts | null;
}

/** What was opened, to be read as far back as it turns out to be needed. */
interface Opening {
  opened: OpenedRepository;
  names: BranchNames;
  asked: AskedAlready;
  runs: RunLists;
  told: readonly (Asked[] | GuardError)[];
}

/**
 * Reads what a window needs, and nothing that was read before.
 *
 * @param near - the window that was asked about first: in it a region has to have been deployed to.
 */
async function reach(
  repo: Repo,
  units: readonly Unit[],
  opening: Opening,
  request: CollectRequest,
  near: Window,
): Promise<Collected> {
  const { opened, names, runs } = opening;
  const { history } = opened;
  const { window } = request;
  const told = opening.told.map((each) =>
    each instanceof GuardError
      ? each
      : each.map((one): Asked => ({ ...one, question: { ...one.question, ...window }, gaps: [] })),
  );
  const asked = told.flatMap((each) => (each instanceof GuardError ? [] : each));

  const gaps: Gap[] = [];
  await Promise.all([
    ...asked.map((each) => partly('Deployments', each.gaps, () => readBackTo(each))),
    partly('History', gaps, () => history.reachBack(window.from)),
  ]);
  await partly('What pull requests belong to the branch', gaps, () => nameBranch(repo, opening, window));
  const read: Reading = { opened, names, asked };
  await vetAll(read);
  const io = { repo, outside: request.outside, baseBranch: opened.baseBranch };
  const silent = await Promise.all(
    told.map((each, i) => {
      const unit = units[i];
      return each instanceof GuardError || !unit ? each : nothingIn(io, unit, each);
    }),
  );
  const isSilent = (each: unknown): each is GuardError => each instanceof GuardError;
  if (!silent.every(isSilent))
    await partly('What the deployments stand on', gaps, async () => {
      gaps.push(...(await readWhatIsMissing(read, window)));
      await askWhatIsCommon(read);
      await followPromotions(read, window);
    });
  const facts = factsOf(read);
  const paths = await pathsAsked(repo, units, facts, gaps, opening.asked.paths);
  opening.asked.paths = paths;
  const collected: Collected = {
    now: request.asker.now,
    window,
    repository: {
      ...facts,
      ...(paths ? { paths } : {}),
      repository: opened.repository,
      url: opened.url,
      gaps: [...gaps, ...unplaced(read, window)],
    },
    units: told.map((each, i) => {
      const reason = silent[i];
      if (each instanceof GuardError) return each;
      return reason instanceof GuardError ? reason : unitFacts(facts, each, request, near);
    }),
    runs,
    deepen(from) {
      // The history goes on growing; this keeps what it was.
      collected.repository.commits = new Map(history.commits);
      return reach(repo, units, opening, { ...request, window: { ...window, from } }, near);
    },
  };
  return collected;
}

/** What a source is asked for: units of one key are told of the same deployments. */
const keyOf = ({ source, environment }: Unit): string => JSON.stringify([source, environment]);
const isAlike = (one: Unit, other: Unit): boolean =>
  keyOf(one) === keyOf(other) && one.environments.length === 1;

/** Whether an error is of the token, of GitHub or of the time, and not of one unit. */
const isOfAll = (error: GuardError): boolean =>
  error instanceof Unreadable || error instanceof Refused || error instanceof OutOfTime;

/** What is asked for one unit: of each region of what is judged, and of each stage before it. */
async function askedOf(
  unit: Unit,
  { feeds, ...io }: Omit<SourceIO, 'opened'> & { feeds: Map<string, Promise<DeploymentFeed>> },
  opened: unknown,
  question: Question,
): Promise<Asked[]> {
  const source = sourceOf(unit);
  const { options } = unit.source;
  const named = async (patterns: readonly string[]) =>
    (await source.environmentsOf?.(io.repo, patterns)) ?? [unit.environment];
  const places = [
    ...(await named(unit.environments)).map((environment) => ({ environment, stage: false })),
    ...(await Promise.all(unit.stages.map(async (each) => onlyOf(each, await named([each]))))).map(
      (environment) => ({ environment, stage: true }),
    ),
  ];
  const regions = places.filter((each) => !each.stage).length;
  if (regions === 0) throw new NothingDeployed(await source.explainEmpty(io, unit, options), io.baseBranch);
  return Promise.all(
    places.map(async ({ environment, stage }): Promise<Asked> => {
      const one =
        regions === 1 && !stage && environment === unit.environment
          ? unit
          : { ...unit, environment, environments: [environment] };
      const key = keyOf(one);
      const opening =
        feeds.get(key) ??
        source.open({ ...io, opened: one === unit ? opened : null }, one, options).then(shared);
      feeds.set(key, opening);
      const feed = await opening;
      return { unit: one, feed, question, gaps: [], gone: new Set(), stage };
    }),
  );
}

/** The one environment of a stage; its pattern where there is none. */
function onlyOf(pattern: string, found: readonly string[]): string {
  if (found.length > 1)
    throw badInput(
      'environments',
      pattern,
      `a stage of one environment; this one is of ${found.map((each) => oneLine(each, 60)).join(', ')}`,
    );
  return found[0] ?? pattern;
}

/** Why a unit has nothing to tell of; `null`: it has. */
async function nothingIn(
  io: Pick<SourceIO, 'repo' | 'outside' | 'baseBranch'>,
  unit: Unit,
  asked: readonly Asked[],
): Promise<NothingDeployed | null> {
  const judged = asked.filter((each) => !each.stage);
  const mayHaveSome = judged.some(
    ({ feed, gaps }) =>
      feed.items.length > 0 || [...gaps, ...(feed.gaps ?? [])].some((each) => each.verdictAtRisk),
  );
  if (mayHaveSome) return null;
  const one = judged.length === 1 ? (judged[0]?.unit ?? unit) : unit;
  return new NothingDeployed(await sourceOf(unit).explainEmpty(io, one, unit.source.options), io.baseBranch);
}

function unitFacts(
  { commits }: Pick<BranchFacts, 'commits'>,
  asked: readonly Asked[],
  { asker }: CollectRequest,
  window: Window,
): UnitFacts {
  const factsOfOne = ({ feed, gaps, gone }: Asked): UnitFacts => ({
    deployments: present(feed, gone),
    deploymentsComplete: feed.complete,
    environment: feed.environment ?? null,
    gaps: [...gaps, ...(feed.gaps ?? [])],
    remarks: feed.remarks ?? [],
  });
  const judged = asked.filter((each) => !each.stage);
  const stages = asked
    .filter((each) => each.stage)
    .map((each) => ({ name: each.unit.environment, ...factsOfOne(each) }));
  const [only, ...others] = judged;
  if (!only) throw new RangeError('a unit that nothing was asked for');
  // Only the last is judged: what lacks before it puts no verdict at risk.
  const ofStages: Pick<UnitFacts, 'gaps' | 'remarks'> = {
    gaps: stages.flatMap((each) => each.gaps).map((each) => ({ ...each, verdictAtRisk: false })),
    remarks: stages
      .filter((each) => each.deployments.length === 0)
      .map((each) => ({
        what: `Stage "${oneLine(each.name, 60)}": nothing was deployed there.`,
        consequence: 'Each change counts as having skipped it. Check how it is spelled.',
      })),
  };
  const more = stages.length > 0 ? { stages } : {};
  if (others.length === 0) {
    const facts = factsOfOne(only);
    return {
      ...facts,
      ...more,
      gaps: [...facts.gaps, ...ofStages.gaps],
      remarks: [...(facts.remarks ?? []), ...(ofStages.remarks ?? [])],
    };
  }
  const told = judged.map((each) => ({ name: each.unit.environment, facts: factsOfOne(each) }));
  const { deployments, retired } = together(
    commits,
    told.map(({ name, facts }) => ({ name, deployments: facts.deployments })),
    only.unit.live,
    window,
    asker.runId,
  );
  return {
    deployments,
    deploymentsComplete: told.every(({ facts }) => facts.deploymentsComplete),
    gaps: [...told.flatMap(({ facts }) => facts.gaps), ...ofStages.gaps],
    remarks: [
      ...(ofStages.remarks ?? []),
      ...told.flatMap(({ facts }) => facts.remarks ?? []),
      ...(retired.length > 0
        ? [
            {
              what: `${retired.map((each) => oneLine(each, 60)).join(', ')}: nothing was deployed there in the window, and it was behind the other regions before.`,
              consequence: 'It is taken for retired, and nothing waits for it.',
            },
          ]
        : []),
    ],
    regions: told.map((each) => each.name),
    ...more,
  };
}

/** What tells which mergesets concern which of the units' paths; `null`: none of them has any. */
async function pathsAsked(
  repo: Repo,
  units: readonly Unit[],
  facts: BranchFacts,
  gaps: Gap[],
  known: PathFacts | null,
): Promise<PathFacts | null> {
  const asked = units.flatMap(({ paths }) => (paths === null ? [] : [plainPathsIn(paths)]));
  if (asked.length === 0) return null;
  const mergesets = mergesetsOf(
    facts,
    units.some((each) => each.countDirectPushes),
  );
  const { pathFactsOf } = await import('../github/history/concerning.ts');
  return pathFactsOf(
    repo,
    facts,
    mergesets,
    { paths: [...new Set(asked.flatMap((each) => each ?? []))], files: asked.includes(null) },
    gaps,
    known,
  );
}

/** The same question, by GitHub's clock where the runner's is behind it. */
function atGitHubsTime(request: CollectRequest): CollectRequest {
  const { asker, clock, live, window } = request;
  const now = max([asker.now, clock() ?? asker.now]);
  const late = now.getTime() - asker.now.getTime();
  const moved = (date: Date) => new Date(date.getTime() + late);
  return {
    ...request,
    asker: { ...asker, now },
    window: live ? { from: moved(window.from), to: moved(window.to) } : window,
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
  /** Whether it is an environment before the one that is judged. */
  stage: boolean;
}

function questionOf({ countDirectPushes }: Unit, { window, asker }: CollectRequest): Question {
  return { ...window, runId: asker.runId, countDirectPushes };
}

/** What the branch and its pull requests are called, beyond what GitHub links. */
type BranchNames = Required<Pick<RepositoryFacts, 'formerNames'>> & {
  named: NonNullable<RepositoryFacts['named']>;
};

/** All that is read, as far as it is. */
interface Reading {
  opened: OpenedRepository;
  names: BranchNames;
  asked: readonly Asked[];
}

function factsOf({ opened: { history, baseBranch }, names }: Omit<Reading, 'asked'>): BranchFacts {
  return { commits: history.commits, tips: history.tips(), baseBranch, ...names };
}

/**
 * Finds what was merged into the branch under another name: into a name that it had before (which is no branch any
 * more), and pull requests that GitHub does not link with a commit whose headline names them.
 */
async function nameBranch(
  repo: Repo,
  { opened, names, asked }: Pick<Opening, 'opened' | 'names' | 'asked'>,
  window: Window,
): Promise<void> {
  const facts = factsOf({ opened, names });
  const line = firstParents(facts.commits, facts.tips[0]);
  const former = formerNames(facts, line).filter((each) => !asked.former.has(each));
  if (former.length > 0) {
    names.formerNames = [...names.formerNames, ...(await branchesGone(repo, former))];
    for (const each of former) asked.former.add(each);
  }
  const naming = withoutPullRequest(factsOf({ opened, names }))
    .filter((each) => each.committedAt >= window.from && numberIn(each.headline) !== null)
    .filter((each) => !asked.headlines.has(each.oid))
    .slice(0, MOST_NAMED);
  if (naming.length === 0) return;
  const placed = new Set(
    line.flatMap((commit) =>
      (commit.pullRequests ?? [])
        .filter((each) => each.mergeCommit === commit.oid)
        .map((each) => each.number),
    ),
  );
  const found = await pullRequestsNamed(repo, naming);
  for (const { oid } of naming) asked.headlines.add(oid);
  // The oldest commit that names it is the one that brought it.
  for (const { oid } of naming.toReversed()) {
    const pull = found.get(oid);
    if (!pull || placed.has(pull.number) || !isIntoBase(factsOf({ opened, names }), pull)) continue;
    placed.add(pull.number);
    names.named = new Map([...names.named, [oid, pull]]);
  }
}

/**
 * Names that what landed on the branch's own line was merged into, all before the first merge into the name that it has.
 * (A commit that is of a merge into this one as well was merged there elsewhere: a stack, a backport.)
 */
function formerNames(facts: BranchFacts, line: readonly Commit[]): string[] {
  const all = line.map((commit) => ({ commit, pullRequests: commit.pullRequests ?? [] }));
  const renamed = min(
    all.flatMap(({ pullRequests }) =>
      pullRequests.filter((each) => isIntoBase(facts, each)).map((each) => each.mergedAt),
    ),
  );
  const others = all
    .filter(({ pullRequests }) => pullRequests.every((each) => !isIntoBase(facts, each)))
    .flatMap(({ commit, pullRequests }) => pullRequests.filter((each) => each.mergeCommit === commit.oid));
  const late = new Set(others.filter((each) => each.mergedAt >= renamed).map((each) => each.base));
  return [...new Set(others.map((each) => each.base))].filter((each) => !late.has(each)).slice(0, 20);
}

async function vetAll(read: Reading, some: readonly Asked[] = read.asked): Promise<void> {
  const wasOnBranch = branchAt(factsOf(read));
  await Promise.all(
    some.map(({ feed, gaps }) =>
      partly('What the deployments are', gaps, async () => feed.vet?.(wasOnBranch)),
    ),
  );
}

/** One more page of each, and what its deployments are. */
async function readOn(read: Reading, some: readonly Asked[]): Promise<void> {
  await Promise.all(some.map(({ feed }) => feed.next()));
  await vetAll(read, some);
}

/** Where deployments hold no known change of the branch, its newest commits that they hold are asked what they are. */
async function askWhatIsCommon(read: Reading): Promise<void> {
  const { history } = read.opened;
  const oids = new Set<string>();
  for (const { feed, question, gone } of read.asked) {
    const { holdsChanges, newest } = commonWith(factsOf(read), present(feed, gone), question);
    if (!holdsChanges) for (const oid of newest) oids.add(oid);
  }
  const unasked = [...oids].filter((oid) => history.commits.get(oid)?.pullRequests === null);
  if (unasked.length > 0) await history.askPullRequests(unasked);
}

const INCOMPLETE =
  'Changes or deployments may be missing, so there is no verdict. Run it again later, with a shorter "window", or with a higher "max-requests".';

/** Heads that are followed, and commits below them that are asked for their pull requests. */
const MOST_PROMOTIONS = 20;
const MOST_PROMOTED = 200;

/**
 * Where one branch is squashed onto the base branch again and again, what it brought is read too: the pull requests that
 * were merged there. (Of a merge commit it comes with the base branch's history.)
 */
async function followPromotions(read: Reading, window: Window): Promise<void> {
  const { history } = read.opened;
  const facts = factsOf(read);
  const landed = firstParents(facts.commits, facts.tips[0]).flatMap((commit) =>
    (commit.pullRequests ?? [])
      .filter((each) => isIntoBase(facts, each) && each.mergeCommit === commit.oid && each.headName !== '')
      .map(({ head, headName, mergedAt }) => ({ commit, head, headName, mergedAt })),
  );
  const isAgain = (name: string) => landed.filter((each) => each.headName === name).length > 1;
  const promotions = landed
    .filter(({ commit, mergedAt }) => commit.parents.length === 1 && mergedAt >= window.from)
    .filter(({ head, headName }) => head !== null && head !== '' && isAgain(headName))
    .slice(0, MOST_PROMOTIONS);
  if (promotions.length === 0) return;
  const heads = promotions.map((each) => each.head).filter((each) => each !== null);
  const gone = new Set(await history.follow(heads.filter((each) => !history.commits.has(each))));
  for (const { commit, head } of promotions) if (head !== null && !gone.has(head)) commit.promotes = head;
  const promoted = [...contained(history.commits, heads)].filter((oid) => {
    const commit = history.commits.get(oid);
    return commit?.pullRequests === null && commit.committedAt >= window.from;
  });
  if (promoted.length > 0) await history.askPullRequests(promoted.slice(0, MOST_PROMOTED));
}

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
async function readWhatIsMissing(read: Reading, window: Window): Promise<Gap[]> {
  const {
    opened: { history },
    asked,
  } = read;
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
      await readOn(read, edgeless);
      continue;
    }
    const facts = factsOf(read);
    const needs = asked.map(({ feed, question, gone }) =>
      unread(facts, present(feed, gone), feed.complete, question, history.dateOf),
    );
    const named = [...new Set(needs.flatMap((each) => each.deployed))].filter((oid) => !tried.has(oid));
    const missing = [...new Set(needs.flatMap((each) => each.commits))].filter((oid) => !tried.has(oid));
    const provable = missing.filter((oid) => age(oid) >= horizon);
    // The branch was read back to there, so what is younger and unread is on another one.
    const beside = provable.filter((oid) => age(oid) >= reachedTo);
    const below = provable.map(age).filter((date) => date < reachedTo);
    const withoutPullRequests = [...new Set(needs.flatMap((each) => each.withoutPullRequests))];
    const edges = needs.flatMap(({ liveEdge }, i) =>
      liveEdge === null ? [] : toLookBelow(liveEdge, lookedBelow[i] ?? new Set(), age),
    );
    const doubtful = asked.filter(({ feed }, i) => {
      const doubtFrom = needs[i]?.doubtFrom ?? null;
      return doubtFrom !== null && !feed.complete && feed.readTo > doubtFrom;
    });

    if (named.length + beside.length > 0) {
      const next = [...new Set([...named, ...beside])];
      for (const oid of next) tried.add(oid);
      for (const oid of await history.follow(next)) for (const { gone } of asked) gone.add(oid);
    } else if (below.length > 0) {
      reachedTo = min(below);
      await history.reachBack(reachedTo, true);
    } else if (missing.length > 0) {
      return [unproved(missing.length, reachedTo, false)];
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
      await readOn(read, doubtful);
    } else return [];
  }
  return [unproved(0, reachedTo, true)];
}

/** The date of the newest commit that was live before the window, as far as it is known. */
function liveBefore({ feed, question }: Asked, history: History, window: Window): Date {
  const { settled } = boundary(feed.items, feed.complete, question);
  const live = settled
    .map((each) => history.dateOf(each.deployment.sha))
    .filter((each) => each !== undefined);
  return live.length > 0 ? max(live) : window.from;
}

/**
 * Merged pull requests of which GitHub does not say what commit put them on the base branch: those that a headline names,
 * and those that nothing does.
 */
function unplaced({ opened: { history, baseBranch }, names }: Reading, window: Window): Gap[] {
  const placed = new Set(
    [...history.commits.values()].flatMap((each) =>
      (each.pullRequests ?? []).filter((one) => one.mergeCommit === each.oid).map((one) => one.number),
    ),
  );
  const named = new Set([...names.named.values()].map((each) => each.number));
  const lost: { number: number; mergedAt: Date }[] = [];
  const found: number[] = [];
  for (const [number, { base, mergedAt }] of history.unplaced) {
    if (base !== baseBranch || placed.has(number)) continue;
    if (named.has(number)) found.push(number);
    else lost.push({ number, mergedAt });
  }
  const inWindow = lost.filter(({ mergedAt }) => mergedAt >= window.from && mergedAt <= window.to);
  const isInWindow = inWindow.length > 0;
  const listed = (isInWindow ? inWindow : lost).map((each) => each.number);
  return [
    ...(found.length > 0
      ? [asWhichCommit(found, 'A headline of the branch names it, and that commit is taken.', false)]
      : []),
    ...(lost.length > 0
      ? [
          asWhichCommit(
            listed,
            isInWindow
              ? 'When they were live cannot be told, so there is no verdict.'
              : 'They were merged outside the window; they may be missing among the pending ones.',
            isInWindow,
          ),
        ]
      : []),
  ];
}

function asWhichCommit(numbers: readonly number[], consequence: string, verdictAtRisk: boolean): Gap {
  const names = numbers.slice(0, 20).map((each) => `#${each}`);
  return {
    what: `GitHub does not say as which commit ${names.join(', ')} ${names.length === 1 ? 'was' : 'were'} merged.`,
    consequence,
    verdictAtRisk,
  };
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

/** @param isBroken - whether the reading itself was broken off, so that anything may be missing. */
function unproved(count: number, reachedTo: Date, isBroken: boolean): Gap {
  return {
    what: `History before ${reachedTo.toISOString()} was not read${count > 0 ? `, although ${count} older commits are built upon` : ''}.`,
    consequence: isBroken
      ? `What the deployments stand on was not found in ${MOST_ROUNDS} rounds of reading, so there is no verdict. A shorter "window" asks about less.`
      : 'A change merged before the window may be missing among the pending ones, or be listed with a deployment although it was live before.',
    verdictAtRisk: isBroken,
  };
}

/** There is nothing to measure yet, and this is what to set up. */
export class NothingDeployed extends GuardError {
  constructor(
    message: string,
    /** The branch whose merges were asked about. */
    readonly baseBranch: string,
  ) {
    super(message);
  }
}
