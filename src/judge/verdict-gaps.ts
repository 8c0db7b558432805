import type { Measurement } from '../measure/measure.ts';
import type { Note } from '../measure/measured.ts';
import type { Gap } from '../model/facts.ts';
import { oneLine } from '../model/guard-error.ts';
import type { JudgedService } from './judge.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** Deployments whose commit, time or branch is in doubt. Few repositories have any, so this is loaded only then. */
export function verdictGaps(measurement: Measurement, service: JudgedService, baseBranch: string): Gap[] {
  const verdict = verdictOf(measurement.leadTime, service.target, service.policy.minSamples);
  return [
    ...missingCommits(measurement, verdict, service),
    unknownTimes(measurement, verdict, service),
    otherBranch(measurement, baseBranch),
  ].filter((gap) => gap !== null);
}

/**
 * Deployments of commits that the repository no longer has. There is no verdict if it would be different had they shipped
 * every change merged before them.
 */
function missingCommits(
  { missingCommits: gone, window }: Measurement,
  { status }: Verdict,
  { target, policy: { minSamples } }: JudgedService,
): Gap[] {
  const verdictAtRisk = verdictOf(gone.leadTime, target, minSamples).status !== status;
  return gone.deployments
    .filter((deployment) => deployment.createdAt >= window.from)
    .map((deployment) => ({
      what: `Deployment ${deployment.id} was skipped, because the repository no longer has its commit ${deployment.sha.slice(0, 7) || '(none)'}.`,
      consequence: `Its changes count for the next deployment.${verdictAtRisk ? ' There is no verdict, because the result depends on which changes it shipped.' : ''}`,
      verdictAtRisk,
    }));
}

/** Changes whose deployment has no known time, if the verdict depends on when they went live. */
function unknownTimes(
  { unknownTimes: { mergesets, earliest, latest } }: Measurement,
  { status }: Verdict,
  { target, policy: { minSamples } }: JudgedService,
): Gap | null {
  const count = mergesets.length;
  const isSame = [earliest, latest].every(
    (leadTime) => verdictOf(leadTime, target, minSamples).status === status,
  );
  if (count === 0 || status === 'insufficient-data' || isSame) return null;
  const isNoted = (note: Note) => mergesets.some((mergeset) => mergeset.notes.includes(note));
  const [why, fix] = isNoted('older-commit')
    ? [
        'deployment of an older commit than recorded',
        'Record deployments with their commit, or with the URL of their workflow run as "log_url".',
      ]
    : isNoted('tag-without-time')
      ? [
          'tag that has no time',
          'Create tags with "git tag -a", or select the annotated ones with "deploy-tag".',
        ]
      : ['deployment whose statuses GitHub has deleted', 'A shorter "window" leaves such deployments out.'];
  return {
    what: `${count === 1 ? 'One change' : `${count} changes`} of the window may have gone live with a ${why}.`,
    consequence: `There is no verdict, because the result depends on when ${count === 1 ? 'it' : 'they'} went live. ${fix}`,
    verdictAtRisk: true,
  };
}

/** Deployments that contain no change of the base branch, with the options that would fix that. */
function otherBranch({ isForeign, attribution }: Measurement, baseBranch: string): Gap | null {
  if (!isForeign) return null;
  const { shipments } = attribution;
  const branches = [...new Set(shipments.flatMap((shipment) => shipment.deployment.ref ?? []))].filter(
    (branch) => branch !== baseBranch,
  );
  const names = oneLine(branches.slice(0, 3).join(', '));
  return {
    what: `${shipments.length === 1 ? 'The successful deployment contains' : `The ${shipments.length} successful deployments contain`} no change that was merged into ${oneLine(baseBranch)}.${names === '' ? '' : ` Deployed from: ${names}.`}`,
    consequence: `There is no verdict, because nobody knows which changes are live. Set "base-branch" to the branch whose merges are deployed${names === '' ? '' : `, such as "base-branch: ${oneLine(branches[0] ?? '')}"`}. If you deploy a branch of built files, set "deploy-source: workflow" to use the runs that build it.`,
    verdictAtRisk: true,
  };
}
