import { differenceInSeconds } from 'date-fns';
import type { Settings } from '../config/plan.ts';
import type { Surroundings } from '../config/surroundings.ts';
import { verdictOf } from '../judge/verdict.ts';
import {
  againstRecord,
  type Comparison,
  type Placed,
  type Proof,
  type Seen,
  successesIn,
} from '../measure/against-record.ts';
import type { Measurement } from '../measure/measure.ts';
import { observationsOf } from '../measure/measured.ts';
import { containedCommits } from '../model/commit-graph.ts';
import type { Gap, Oid, Remark } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import { leadTimeOf } from '../model/lead-time.ts';
import type { Service } from '../model/service.ts';
import { thresholdOf } from '../model/terms.ts';
import { type Ask, asker } from '../production/ask.ts';
import { judgeFor } from '../production/commit-check.ts';
import { seenSentence, unseenRemark } from '../production/live-texts.ts';
import { look, type Judge } from '../production/wait.ts';
import type { Facts } from '../read/facts-request.ts';
import { counted, listed } from '../report/words.ts';

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
    const { places, missing } = placesOf(service, measurement);
    const looks = await Promise.all(
      places.map(async (place) =>
        place.url.protocol === 'https:' || isOwnRun
          ? lookAt(place, { facts, service, measurement, ask: askOnce })
          : { seen: null, comparison: null, remarks: [ONLY_HERE] },
      ),
    );
    const all = looks.flatMap(({ seen, comparison }) => (seen ? [{ seen, comparison }] : []));
    const { proof, gaps } = proofOf(all, service, measurement);
    return {
      proof,
      gaps,
      remarks: [
        ...(missing.length > 0 ? [withoutAddress(missing)] : []),
        ...looks.flatMap(({ remarks }) => remarks),
      ],
    };
  };
}

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

interface Place {
  region: string | null;
  url: URL;
}

/** The addresses of a service, and its environments or regions that have none. */
function placesOf(
  { addresses, environment }: Service,
  { attribution: { facts } }: Measurement,
): { places: Place[]; missing: string[] } {
  const [first] = addresses;
  if (first?.environment === null) return { places: [{ region: null, url: first.url }], missing: [] };
  const regions = facts.regions ?? [];
  const names = regions.length > 0 ? regions : [facts.environment ?? environment];
  const found = names.map((name) => ({
    name,
    address: addresses.find((address) => address.environment?.toLowerCase() === name.toLowerCase()),
  }));
  return {
    places: found.flatMap(({ name, address }) =>
      address ? [{ region: regions.length > 0 ? name : null, url: address.url }] : [],
    ),
    missing: found.flatMap(({ name, address }) => (address ? [] : [name])),
  };
}

interface Question {
  facts: Facts;
  service: Service;
  measurement: Measurement;
  ask: Ask;
}

async function lookAt({ region, url }: Place, { facts, service, measurement, ask }: Question) {
  const { attribution, window } = measurement;
  const { commits, tips, baseBranch } = attribution.repository;
  const successes = successesIn(attribution, region);
  const record = successes.at(-1) ?? null;
  const subject = region === null ? 'Production' : `Production in ${oneLine(region, 60)}`;
  const known = record?.deployment.sha ?? tips[0] ?? '';
  const fromGitHub = judgeFor(known, async () => facts.repo);
  const judge: Judge = async (names) => {
    const commit = names.length === 1 ? onlyCommit(commits, names[0] ?? '') : null;
    const isPlaced =
      commit !== null &&
      (record === null ||
        successes.some(({ deployment }) => deployment.sha === commit) ||
        containedCommits(commits, [commit]).has(known) ||
        containedCommits(commits, [known]).has(commit));
    return isPlaced ? { kind: 'live', commit } : fromGitHub(commit === null ? names : [commit]);
  };
  const { sighting, cached } = await look(url, { ask, judge, match: service.liveMatch });
  const about = {
    region,
    at: window.to,
    record: record && {
      commit: record.deployment.sha,
      pullRequest: numberOf(measurement, record.deployment.sha),
      deployment: record.deployment.id,
      at: record.at,
    },
  };
  if (sighting.kind === 'none' || (sighting.kind === 'other' && sighting.relation === 'not-compared')) {
    const remark = unseenRemark(sighting, subject);
    const seen: Seen = {
      ...about,
      state: 'unknown',
      commit: sighting.kind === 'none' ? null : sighting.commit,
      pullRequest: null,
      behind: null,
      seconds: null,
      isOverdue: false,
      sentence: remark.what,
    };
    return { seen, comparison: null, remarks: [remark] };
  }
  const { commit } = sighting;
  const placed: Placed | null = commits.has(commit)
    ? null
    : sighting.kind === 'live'
      ? 'ahead'
      : (sighting.relation as Exclude<typeof sighting.relation, 'not-compared'>);
  const comparison = againstRecord(attribution, successes, commit, placed, service.paths !== null);
  const { state, since, missing, isRecorded, isOnBranch } = comparison;
  const seconds = since && Math.max(0, differenceInSeconds(window.to, since));
  const isOverdue = seconds !== null && seconds > thresholdOf(service.target) && !cached;
  const isKnownBranch =
    commits.has(commit) || placed === 'ahead' || containedCommits(commits, tips).has(known);
  const fields = {
    state,
    commit,
    pullRequest: numberOf(measurement, commit),
    behind: state === 'diverged' || state === 'not-in-repository' ? null : missing.length,
    seconds,
    isOverdue,
  };
  const sentence = seenSentence({
    ...fields,
    subject,
    record: about.record,
    isRecorded,
    isOffBranch: isKnownBranch ? !isOnBranch : null,
    isCached: cached,
    baseBranch,
  });
  return { seen: { ...about, ...fields, sentence }, comparison, remarks: [] };
}

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

interface Compared {
  seen: Seen;
  comparison: Comparison | null;
}

/**
 * Changes that are recorded as live and do not run. If the verdict would differ while they still waited, there is none:
 * one look may have reached an instance that lags behind, so they do not count as waiting either.
 */
function proofOf(
  all: readonly Compared[],
  service: Service,
  measurement: Measurement,
): Pick<Looked, 'proof' | 'gaps'> {
  const { attribution, leadTime, mergesets, window } = measurement;
  const late = all.filter(({ seen }) => seen.isOverdue);
  // With "live: first", one region that runs the change is enough.
  const isByRegion = service.live === 'first' && all.some(({ seen }) => seen.region !== null);
  const enough = isByRegion ? (attribution.facts.regions ?? []).length : 1;
  const isWithout = (oid: Oid) =>
    late.filter(({ comparison }) => comparison?.missing.some(({ mergeCommit }) => mergeCommit === oid))
      .length >= enough;
  const notSeen = new Set(
    attribution.mergesets
      .filter((mergeset) => attribution.arrivalOf(mergeset) !== undefined && isWithout(mergeset.mergeCommit))
      .map(({ mergeCommit }) => mergeCommit),
  );
  const waiting = leadTimeOf(
    observationsOf(
      mergesets.map((mergeset) =>
        notSeen.has(mergeset.mergeCommit)
          ? {
              ...mergeset,
              leadTimeSeconds: null,
              waitingSeconds: Math.max(0, differenceInSeconds(window.to, mergeset.mergedAt)),
            }
          : mergeset,
      ),
    ),
  );
  const statusOf = (measured: typeof leadTime) =>
    verdictOf(measured, service.target, service.policy.minSamples).status;
  const isAtRisk = statusOf(waiting) !== statusOf(leadTime);
  const doubt = isAtRisk
    ? {
        what: `${counted(notSeen.size, 'change')} ${notSeen.size === 1 ? 'is' : 'are'} recorded as live and ${notSeen.size === 1 ? 'does' : 'do'} not run in production.`,
        fix: 'Check the rollout, or whether somebody rolled back outside the pipeline.',
      }
    : null;
  const gaps = doubt
    ? [
        {
          what: doubt.what,
          consequence: `There is no verdict, because the result depends on whether they were live. ${doubt.fix}`,
          verdictAtRisk: true,
        },
      ]
    : [];
  return { proof: { seen: all.map(({ seen }) => seen), notSeen, doubt }, gaps };
}
