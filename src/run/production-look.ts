import { differenceInSeconds } from 'date-fns';
import type { Settings } from '../config/plan.ts';
import type { Surroundings } from '../config/surroundings.ts';
import { verdictOf } from '../judge/verdict.ts';
import { againstRecord, type Placed, successesIn } from '../measure/against-record.ts';
import type { Measurement } from '../measure/measure.ts';
import { observationsOf } from '../measure/measured.ts';
import { containedCommits } from '../model/commit-graph.ts';
import type { Gap, Oid, Remark } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import { leadTimeOf } from '../model/lead-time.ts';
import type { Mergeset } from '../model/mergesets.ts';
import type { Proof, Seen } from '../model/seen.ts';
import type { Service } from '../model/service.ts';
import { thresholdOf } from '../model/terms.ts';
import { type Ask, asker } from '../production/ask.ts';
import { judgeFor } from '../production/commit-check.ts';
import { seenSentence, unseenRemark } from '../production/live-texts.ts';
import { look, type Judge } from '../production/wait.ts';
import type { Facts } from '../read/facts-request.ts';
import { duration, listed } from '../report/words.ts';

/** One look at production for each address, next to the newest record. */

export interface Looked {
  proof: Proof;
  remarks: Remark[];
  gaps: Gap[];
}

export type LookAtProduction = (service: Service, measurement: Measurement) => Promise<Looked>;

/** @param ask - asks production. By default over the network. */
export function lookingAtProduction(
  facts: Facts,
  { owner, repo }: Settings,
  { runId, repository, isProxied }: Surroundings,
  ask: Ask = asker(isProxied),
): LookAtProduction {
  const isOwnRun = runId !== null && repository.toLowerCase() === `${owner}/${repo}`.toLowerCase();
  const askOnce = onceEach(ask);
  return async (service, measurement) => {
    const { places, missing, unused } = placesOf(service, measurement);
    const looks = await Promise.all(
      places.map(
        async (place): Promise<Look> =>
          place.url.protocol === 'https:' || isOwnRun
            ? lookAt(place, { facts, service, measurement, ask: askOnce })
            : { ...NOTHING_SEEN, remark: ONLY_HERE },
      ),
    );
    const remarks = looks.flatMap(({ remark }) => remark ?? []);
    return {
      ...proofOf(looks, service, measurement),
      remarks: [
        ...(missing.length > 0 ? [withoutAddress(missing)] : []),
        ...(unused.length > 0 ? [unusedAddress(unused)] : []),
        ...remarks,
      ],
    };
  };
}

/** The result for one address. */
interface Look {
  seen: Seen | null;
  /** Changes that the record has claimed for longer than the limit and that do not run. */
  missing: readonly Mergeset[];
  overdue: Proof['overdue'][number] | null;
  remark: Remark | null;
}

const NOTHING_SEEN: Look = { seen: null, missing: [], overdue: null, remark: null };

/** Services may share an address. */
function onceEach(ask: Ask): Ask {
  const answers = new Map<string, ReturnType<Ask>>();
  return (url) => {
    const answer = answers.get(url.href) ?? ask(url);
    answers.set(url.href, answer);
    return answer;
  };
}

const ONLY_HERE: Remark = {
  what: '"live-url" is an address on this machine, so it was not asked.',
  consequence: 'Only a workflow of the measured repository may ask it. Use an https address.',
};

const withoutAddress = (names: readonly string[]): Remark => ({
  what: `"live-url" has no address for ${listed(names.map((name) => oneLine(name, 60)))}.`,
  consequence: 'Which commit runs there is unknown. Add the address, or check the spelling of the name.',
});

const unusedAddress = (names: readonly string[]): Remark => ({
  what: `"live-url" has an address for ${listed(names.map((name) => oneLine(name, 60)))}, which is not measured.`,
  consequence: 'It was not asked. Remove it, or check the spelling of the name.',
});

interface Place {
  region: string | null;
  url: URL;
}

/** The addresses of a service, its environments or regions that have none, and names that are neither. */
function placesOf(
  { addresses, environment, service, stages }: Service,
  { attribution: { facts } }: Measurement,
): { places: Place[]; missing: string[]; unused: string[] } {
  const [first] = addresses;
  if (first?.environment === null)
    return { places: [{ region: null, url: first.url }], missing: [], unused: [] };
  const regions = facts.regions ?? [];
  const names = regions.length > 0 ? regions : [facts.environment ?? environment];
  const addressOf = (name: string) =>
    addresses.find((address) => address.environment?.toLowerCase() === name.toLowerCase());
  return {
    places: names.flatMap((name) => {
      const address = addressOf(name);
      return address ? [{ region: regions.length > 0 ? name : null, url: address.url }] : [];
    }),
    missing: names.filter((name) => !addressOf(name)),
    // Several services may share a map.
    unused: addresses.flatMap(({ environment }) =>
      environment === null ||
      service !== null ||
      [...names, ...stages].some((name) => name.toLowerCase() === environment.toLowerCase())
        ? []
        : [environment],
    ),
  };
}

interface Question {
  facts: Facts;
  service: Service;
  measurement: Measurement;
  ask: Ask;
}

async function lookAt({ region, url }: Place, { facts, service, measurement, ask }: Question): Promise<Look> {
  const { attribution, window } = measurement;
  const { commits, tips, baseBranch } = attribution.repository;
  const inside = (oid: Oid) => containedCommits(commits, [oid]);
  const successes = successesIn(attribution, region);
  const record = successes.at(-1);
  const known = record?.deployment.sha ?? tips[0] ?? '';
  const fromGitHub = judgeFor(known, async () => facts.repo);
  let isPlaced = false;
  const judge: Judge = async (names) => {
    const commit = names.length === 1 ? onlyCommit(commits, names[0] ?? '') : null;
    if (commit === null) return fromGitHub(names);
    isPlaced =
      successes.some(({ deployment }) => deployment.sha === commit) ||
      inside(commit).has(known) ||
      inside(known).has(commit);
    return isPlaced ? { kind: 'live', commit } : fromGitHub([commit]);
  };
  const { liveMatch } = service;
  const find =
    liveMatch === null ? null : (await import('../model/linear-pattern.ts')).groupFinder(liveMatch);
  const { sighting, cached } = await look(url, { ask, judge, find });
  const subject = region === null ? 'Production' : `Production in ${oneLine(region, 60)}`;
  const recorded = record
    ? {
        commit: record.deployment.sha,
        pullRequest: numberOf(measurement, record.deployment.sha),
        deployment: record.deployment.id,
        at: record.at.toISOString(),
      }
    : null;
  const about = { ...(region === null ? {} : { region }), at: window.to.toISOString(), recorded };
  if (sighting.kind === 'none' || (sighting.kind === 'other' && sighting.relation === 'not-compared')) {
    const remark = unseenRemark(sighting, subject);
    const commit = sighting.kind === 'none' ? null : sighting.commit.slice(0, 7);
    const unknown = { state: 'unknown', commit, pullRequest: null, behind: null } as const;
    return { ...NOTHING_SEEN, seen: { ...about, ...unknown, sentence: remark.what }, remark };
  }
  const { commit } = sighting;
  const placed = isPlaced ? null : sighting.kind === 'live' ? 'ahead' : (sighting.relation as Placed);
  const { state, since, missing, isRecorded, isOnBranch } = againstRecord(
    attribution,
    successes,
    commit,
    placed,
    service.paths !== null,
  );
  const seconds = since && Math.max(0, differenceInSeconds(window.to, since));
  const limit = thresholdOf(service.target);
  const isOverdue = seconds !== null && seconds > limit && !cached;
  const isBranchKnown =
    commits.has(commit) || placed === 'ahead' || containedCommits(commits, tips).has(known);
  const fields = {
    state,
    // What is not a commit of the repository is not printed in full.
    commit: state === 'not-in-repository' ? commit.slice(0, 7) : commit,
    pullRequest: numberOf(measurement, commit),
    behind: state === 'diverged' || state === 'not-in-repository' ? null : missing.length,
  };
  const sentence = seenSentence({
    ...fields,
    subject,
    record: recorded,
    seconds,
    isOverdue,
    isRecorded,
    isOffBranch: isBranchKnown ? !isOnBranch : null,
    isCached: cached,
    isAtLeast: !isPlaced,
    baseBranch,
  });
  const seen = { ...about, ...fields, sentence };
  if (!isOverdue || recorded === null) return { ...NOTHING_SEEN, seen };
  const evidence = {
    commit,
    recorded: recorded.commit,
    mergesets: missing.length,
    seconds,
    thresholdSeconds: limit,
  };
  const message = `${sentence} The limit is ${duration(limit)}. ${ADVICE}`;
  const overdue = { message, subject: `deployment ${recorded.deployment}`, evidence };
  return { seen, missing, overdue, remark: null };
}

const ADVICE = 'Check the rollout, or whether somebody rolled back outside the pipeline.';

/** The commit that a full or abbreviated name stands for; `null` if none or several of those that were read. */
function onlyCommit(commits: ReadonlyMap<Oid, unknown>, name: string): Oid | null {
  if (commits.has(name)) return name;
  const [commit = null, ...others] = [...commits.keys()].filter((oid) => oid.startsWith(name));
  return others.length > 0 ? null : commit;
}

function numberOf({ attribution: { mergesets, repository } }: Measurement, commit: Oid): number | null {
  const pullRequests = repository.commits.get(commit)?.pullRequests ?? [];
  return (
    mergesets.find(({ mergeCommit }) => mergeCommit === commit)?.number ??
    pullRequests.find(({ mergeCommit }) => mergeCommit === commit)?.number ??
    null
  );
}

/**
 * Changes that are recorded as live and do not run. If the verdict would differ while they still waited, there is none:
 * one look may have reached an instance that lags behind, so they do not count as waiting either.
 */
function proofOf(
  looks: readonly Look[],
  { live, target, policy }: Service,
  { attribution, leadTime, mergesets, window }: Measurement,
): Pick<Looked, 'proof' | 'gaps'> {
  // With "live: first", one region that runs the change is enough.
  const isByRegion = live === 'first' && looks.some(({ seen }) => seen?.region !== undefined);
  const enough = isByRegion ? (attribution.facts.regions ?? []).length : 1;
  const notSeen = new Set(
    attribution.mergesets
      .filter(
        (mergeset) =>
          attribution.arrivalOf(mergeset) !== undefined &&
          looks.filter(({ missing }) => missing.includes(mergeset)).length >= enough,
      )
      .map(({ mergeCommit }) => mergeCommit),
  );
  const waiting = mergesets.map((mergeset) =>
    notSeen.has(mergeset.mergeCommit)
      ? {
          ...mergeset,
          leadTimeSeconds: null,
          waitingSeconds: Math.max(0, differenceInSeconds(window.to, mergeset.mergedAt)),
        }
      : mergeset,
  );
  const [status, otherStatus] = [leadTime, leadTimeOf(observationsOf(waiting))].map(
    (measured) => verdictOf(measured, target, policy.minSamples).status,
  );
  const what =
    notSeen.size === 1
      ? '1 change is recorded as live and does not run in production.'
      : `${notSeen.size} changes are recorded as live and do not run in production.`;
  const consequence = `There is no verdict, because the result depends on whether they were live. ${ADVICE}`;
  const isAtRisk = status !== otherStatus;
  return {
    proof: {
      seen: looks.flatMap(({ seen }) => seen ?? []),
      overdue: looks.flatMap(({ overdue }) => overdue ?? []),
      notSeen,
      doubt: isAtRisk ? { what, fix: ADVICE } : null,
    },
    gaps: isAtRisk ? [{ what, consequence, verdictAtRisk: true }] : [],
  };
}
