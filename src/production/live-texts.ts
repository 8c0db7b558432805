import type { Missing } from '../github/history/compare.ts';
import { counted, duration } from '../report/words.ts';
import type { Remark } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import type { SeenState } from '../model/seen.ts';
import type { Waited } from './wait.ts';
import { countWithout, IN_A_ROW, latestWithout, type Reason, type Sighting } from './watch.ts';

/** What the action and the guard say. Nothing of an answer but the commit is part of a text. */

/** What GitHub reports about the commit that production runs instead. */
export interface Instead {
  missing: Missing | null;
  /** `null`: unknown. */
  isOnBranch: boolean | null;
}

/** Why an answer names no commit, and what to do about it. */
const REASONS: Record<Reason, { words: string; remedy: string }> = {
  status: { words: 'status', remedy: 'Check the address, or raise "timeout" if production starts slowly.' },
  silence: {
    words: 'nothing within 10 seconds',
    remedy: 'Check that the runner can reach the address, and that it answers quickly.',
  },
  connection: {
    words: 'no connection',
    remedy: 'Check that the runner can reach the address. It may need a proxy (HTTPS_PROXY).',
  },
  redirect: {
    words: 'a redirect that leaves the host or does not end',
    remedy: 'Set "url" to the address that answers without a redirect.',
  },
  size: { words: 'more than 64 kB', remedy: 'Set "url" to an address with a short answer.' },
  encoding: { words: 'a compressed answer', remedy: 'Set "url" to an address that answers with plain text.' },
  'no-commit': {
    words: 'a text without a commit',
    remedy: 'Let the address answer with the full commit, or set "match" to a pattern that finds it.',
  },
  'several-commits': {
    words: 'several possible commits',
    remedy: 'Set "match" to a pattern whose first group is the commit that runs.',
  },
  'other-commits': {
    words: 'several names, none of them a commit of this repository',
    remedy: 'Set "match" to a pattern whose first group is the commit that runs.',
  },
};

const short = (commit: string) => commit.slice(0, 7);

const reasonWords = ({ reason, detail }: { reason: Reason; detail?: string }): string =>
  `${REASONS[reason].words}${detail === undefined ? '' : reason === 'status' ? ` ${detail}` : ` (${detail})`}`;

/** One answer, for a line in the log. */
export function sightingLine(sighting: Sighting, deployed: string): string {
  if (sighting.kind === 'none') return `Production gave no commit: ${reasonWords(sighting)}.`;
  const [commit, expected] = [short(sighting.commit), short(deployed)];
  if (sighting.kind === 'other')
    return sighting.relation === 'not-compared'
      ? `Production answers with ${commit}. Whether it contains ${expected} is unknown.`
      : `Production answers with ${commit}, which does not contain ${expected}.`;
  const line =
    sighting.commit === deployed
      ? `Production answers with ${commit}, the deployed commit.`
      : `Production answers with ${commit}, which contains ${expected}.`;
  return sighting.cached ? `${line} This answer came from a cache.` : line;
}

export function liveLine({ seconds, recent }: Waited, deployed: string, live: 'first' | 'last'): string {
  const rule = live === 'last' ? ` The last ${recent.length} answers contained it.` : '';
  return `Production runs ${short(deployed)}, seen after ${duration(seconds)}.${rule}`;
}

/**
 * Why the deployment fails: what production answers instead, why, and what to do.
 *
 * @param now - for the age of the oldest change that is missing.
 */
export function failure(waited: Waited, deployed: string, instead: Instead, now: Date): string {
  const commit = short(deployed);
  const time = duration(waited.seconds);
  const answers = waited.recent.length;
  const without = latestWithout(waited);
  if (without === null)
    return answers === 0
      ? `Production answered with ${commit} only from a cache for ${time}, so its instances were not seen. Exclude the address from the cache, or accept one answer with "live: first".`
      : `Production answered with ${commit} only ${counted(answers, 'time')} in a row within ${time}; "live: last" needs ${IN_A_ROW}. Raise "timeout", or accept one answer with "live: first".`;
  const others = countWithout(waited);
  const isMixed = others < answers;
  const mixed = `Production does not answer with ${commit} every time: ${others} of the last ${answers} answers after ${time} did not contain it.`;
  if (without.kind === 'none') {
    const words = reasonWords(without);
    const start = isMixed
      ? `${mixed} The latest of these: ${words}.`
      : `Production gave no commit for ${time}. Last answer: ${words}.`;
    return `${start} ${REASONS[without.reason].remedy}`;
  }
  const other = short(without.commit);
  return [
    isMixed
      ? `${mixed} The latest of these: ${other}.`
      : `Production answers with ${other} after ${time}, not with ${commit}.`,
    ...comparison(without, instead, now),
    remedyFor(without, isMixed, instead),
  ].join(' ');
}

type Other = Extract<Sighting, { kind: 'other' }>;

/** How the commit that production runs relates to the deployed one. */
function comparison({ commit, relation, why }: Other, { missing, isOnBranch }: Instead, now: Date): string[] {
  const other = short(commit);
  if (relation === 'not-in-repository') return [`The repository has no commit ${other}.`];
  if (relation === 'not-compared')
    return [`Whether it contains the deployed commit is unknown. ${why ?? ''}`];
  const branch =
    relation === 'behind' || isOnBranch === true
      ? []
      : isOnBranch === false
        ? [`${other} is on no branch.`]
        : [`Whether ${other} is on a branch is unknown.`];
  return [...(missing === null ? [] : [behindWords(other, missing, now)]), ...branch];
}

function behindWords(other: string, { changes, commits, oldest }: Missing, now: Date): string {
  const amount = changes === null ? counted(commits, 'commit') : counted(changes, 'change');
  if (oldest === null) return `${other} lacks ${amount}.`;
  const age = duration(Math.max(0, (now.getTime() - oldest.getTime()) / 1000));
  return changes === 1
    ? `${other} lacks ${amount}, merged ${age} ago.`
    : `${other} lacks ${amount}, the oldest merged ${age} ago.`;
}

/** What to do if production runs another commit. */
const REMEDIES = {
  'not-compared': {
    remedy: 'Grant "permissions: contents: read" to the job to accept newer commits, or check the rollout.',
  },
  'not-in-repository': {
    remedy: 'Set "match" if the answer has another number, or check what was deployed.',
  },
  'on-no-branch': { remedy: 'Check which commit the image was built from.' },
  mixed: {
    remedy: 'Wait for every instance with a longer "timeout", or accept one answer with "live: first".',
  },
  old: { remedy: 'Check the rollout, or raise "timeout".' },
};

function remedyFor({ relation }: Other, isMixed: boolean, { isOnBranch }: Instead): string {
  const situation =
    relation === 'not-compared' || relation === 'not-in-repository'
      ? relation
      : isOnBranch === false
        ? 'on-no-branch'
        : isMixed
          ? 'mixed'
          : 'old';
  return REMEDIES[situation].remedy;
}

type Unseen = Extract<Sighting, { kind: 'none' }> | Other;

/** A look of the guard that shows no commit, or one that could not be compared. The guard asks once and has other options. */
export function unseenRemark(sighting: Unseen, subject: string): Remark {
  if (sighting.kind === 'other')
    return {
      what: `${subject} answers with ${short(sighting.commit)}. Whether it contains the newest record is unknown. ${sighting.why ?? ''}`,
      consequence: 'The verdict believes the record.',
    };
  const remedy = REASONS[sighting.reason].remedy
    .replace(/, or raise "timeout".*(?=\.$)/, '')
    .replace(/"(?=url|match)/, '"live-');
  return {
    what: `${subject} gave no commit: ${reasonWords(sighting)}.`,
    consequence: `The verdict believes the record. ${remedy}`,
  };
}

/** Production's commit next to the newest record. */
export interface SeenFacts {
  state: SeenState;
  subject: string;
  commit: string;
  pullRequest: number | null;
  record: { commit: string; pullRequest: number | null } | null;
  behind: number | null;
  /** Seconds since which the record claims more than production runs. */
  seconds: number | null;
  isOverdue: boolean;
  isRecorded: boolean;
  /** True if the base branch does not have the commit; `null`: unknown. */
  isOffBranch: boolean | null;
  isCached: boolean;
  /** True if the record may claim more changes than were read. */
  isAtLeast: boolean;
  baseBranch: string;
}

const LAPTOP = 'It may have been deployed outside the recorded pipeline, for example from a laptop.';

export function seenSentence(seen: SeenFacts): string {
  const { state, subject, commit, pullRequest, record, isOffBranch, isRecorded } = seen;
  const name = short(commit);
  const runs = `${subject} runs ${pullRequest === null ? name : `#${pullRequest}'s commit (${name})`}`;
  const newest =
    record === null
      ? 'No successful deployment is recorded'
      : `The newest record says ${record.pullRequest === null ? short(record.commit) : `#${record.pullRequest}`}`;
  const branch = oneLine(seen.baseBranch, 60);
  const cached = seen.isCached ? ' This answer came from a cache and may be old.' : '';
  switch (state) {
    case 'recorded':
      return commit === record?.commit
        ? `${runs}, the newest record.`
        : `${runs}, which has every recorded change of this service.`;
    case 'newer':
      return `${runs}, whose deployment is still running. ${newest}.`;
    case 'not-rolled-back':
      return `${runs}. ${newest}, an older commit that was deployed later.${cached}`;
    case 'not-in-repository':
      return `${subject} answers with ${name}, which is no commit of this repository. ${newest}. Set "live-match" if that is another number, or check what was deployed.`;
    case 'unrecorded':
      return `${runs}, which no successful deployment recorded. ${newest}.${isOffBranch === true ? ` ${name} was not on ${branch} when this run began.` : ''} ${LAPTOP}${cached}`;
    case 'diverged':
      return `${runs}, which is ${isOffBranch === true ? `not on ${branch}` : 'on another branch than the newest record'}. ${newest}, and no successful deployment recorded ${name}. ${LAPTOP}${cached}`;
    default:
      return `${runs}. ${newest}.${behindRecord(seen)}${isRecorded ? '' : ` No successful deployment recorded ${name}.`}${seen.isOverdue ? '' : ' The rollout may not be over yet.'}${cached}`;
  }
}

function behindRecord({ behind, seconds, isAtLeast }: SeenFacts): string {
  const age = duration(seconds ?? 0);
  if (behind === null || behind === 0) return ` That was recorded ${age} ago.`;
  const [atLeast, since] = [isAtLeast ? 'At least ' : '', `for ${age} by now`];
  return behind === 1
    ? ` ${atLeast}1 change is recorded as live and does not run, ${since}.`
    : ` ${atLeast}${behind} changes are recorded as live and do not run, the first ${since}.`;
}
