import { type Block, heading, type Inline, paragraph } from '../../report/blocks.ts';
import type { Report, ReportedChange, ReportedDeployment } from '../../report/contract.ts';
import { oneLine } from '../../model/guard-error.ts';
import { deploymentLink, disagreementsIn, withLinks, referenceOf, timeOf } from '../../report/parts.ts';
import { firstStep } from '../../report/reason-line.ts';
import {
  calledBy,
  duration,
  listed,
  moment,
  serviceName,
  segmentWords,
  timeOfDay,
} from '../../report/words.ts';

/** The comment on a pull request that went live: how long it took, why, and what to do next. */

/** Whether a shipped change needs attention: it was over the limit, or part of a batch. */
export function isWrong(
  change: ReportedChange,
  deployment: ReportedDeployment,
  thresholdSeconds: number,
): boolean {
  return deployment.batched || (change.leadTimeSeconds ?? 0) > thresholdSeconds;
}

export function shippedComment(
  change: ReportedChange,
  deployment: ReportedDeployment,
  report: Report,
  mention: readonly string[],
): Block[] {
  const { target, environment } = report;
  const seconds = change.leadTimeSeconds ?? 0;
  const mark = seconds > target.thresholdSeconds ? '🔴' : seconds > target.seconds ? '🟡' : '🟢';
  const next = nextStep(change, deployment, report);
  const text: Inline = [
    ...withLinks(report, `${targetWords(seconds, report)} ${companyWords(change, deployment, report)} `),
    ...(next === null ? [] : [{ text: 'Next:', strong: true }, ...withLinks(report, ` ${next} `)]),
    'Deployed in ',
    deploymentLink(deployment, report),
    ` on ${moment(timeOf(deployment))} UTC.`,
  ];
  return [
    heading(
      3,
      `${mark} ${report.service ? `${report.service}: live` : 'Live'} in ${environment} ${duration(seconds)} after the merge`,
    ),
    ...(deployment.assumed
      ? [
          paragraph(
            'The deploying job is still running. If it fails, the next deployment updates this comment.',
          ),
        ]
      : []),
    paragraph(...text),
    ...disagreementsIn(report).map((sentence) => paragraph(...withLinks(report, sentence))),
    ...(mention.length > 0 ? [{ kind: 'mention' as const, handles: [...mention] }] : []),
  ];
}

function targetWords(seconds: number, { target }: Report): string {
  const [goal, limit] = [duration(target.seconds), duration(target.thresholdSeconds)];
  if (seconds > target.thresholdSeconds) return `The target is ${goal}, the limit ${limit}.`;
  return seconds > target.seconds ? `The target is ${goal}.` : `That is within the target of ${goal}.`;
}

/** The failed deployments that a change had to wait for, oldest first. */
const failuresBefore = (change: ReportedChange, { deployments }: Report): ReportedDeployment[] =>
  deployments.filter(
    (deployment) =>
      deployment.outcome === 'failure' &&
      deployment.createdAt >= change.mergedAt &&
      (change.deployedAt === null || timeOf(deployment) <= change.deployedAt),
  );

/** `It waited for a failed deployment, then shipped with #420.` */
function companyWords(change: ReportedChange, deployment: ReportedDeployment, report: Report): string {
  const others = deployment.mergesets.filter((mergeset) => mergeset !== referenceOf(change));
  const failed = failuresBefore(change, report).length;
  const waited =
    failed === 0
      ? ''
      : `waited for ${failed === 1 ? 'a failed deployment' : `${failed} failed deployments`}, then `;
  return `It ${waited}shipped ${others.length === 0 ? 'alone' : `with ${listed(others.map(calledBy))}`}.`;
}

/** What would make the next change faster; `null` for a change within its limit that shipped alone. */
function nextStep(change: ReportedChange, deployment: ReportedDeployment, report: Report): string | null {
  if (!isWrong(change, deployment, report.target.thresholdSeconds)) return null;
  const failure = failuresBefore(change, report).at(-1);
  const stage = longestStage(change, report);
  const remainder = stage === null ? '' : `; most of the rest is ${stage}`;
  if (failure) return `fix what failed at ${timeOfDay(timeOf(failure))} UTC${remainder}.`;
  if (deployment.batched) return `deploy each merge on its own${remainder}.`;
  const suspect = report.suspects.find(({ doubt }) => !doubt);
  if (suspect) return firstStep(suspect);
  return stage === null ? null : `shorten ${stage}, the longest stage.`;
}

/** The stage in which a change spent most time, if its deployment was opened: `browser tests (14m 44s)`. */
function longestStage(change: ReportedChange, { stages }: Report): string | null {
  const segments = stages?.mergesets.find(({ mergeset }) => mergeset === referenceOf(change))?.segments ?? [];
  const [longest] = segments.toSorted((a, b) => b.seconds - a.seconds);
  if (!longest || longest.seconds === 0) return null;
  const words = longest.name === undefined ? segmentWords(longest) : oneLine(longest.name, 60);
  return `${words} (${duration(longest.seconds)})`;
}

/** The state of the change in another service that it touches. */
export function elsewhereLine(number: number, report: Report): Block[] {
  const change = [...report.mergesets, ...report.earlier].find((mergeset) => mergeset.number === number);
  if (!change) return [];
  const state =
    change.waitingSeconds !== null
      ? `not live yet, ${duration(change.waitingSeconds)} after the merge`
      : change.leadTimeSeconds !== null
        ? `live ${duration(change.leadTimeSeconds)} after the merge`
        : 'live, at an unknown time';
  return [paragraph(`${serviceName(report)}: ${state}.`)];
}
