import { type Block, heading, paragraph } from './blocks.ts';
import type { Report, ReportedChange, ReportedDeployment } from './contract.ts';
import { referenceOf, timeOf } from './parts.ts';
import { calledBy, duration, listed, moment, serviceName } from './words.ts';

/** Whether a shipped change has something to be told about: it was past the threshold, or one of a batch. */
export function isWrong(
  change: ReportedChange,
  deployment: ReportedDeployment,
  thresholdSeconds: number,
): boolean {
  return deployment.batched || (change.leadTimeSeconds ?? 0) > thresholdSeconds;
}

/** On a pull request that a deployment has shipped: live how long after the merge, alone or with which others. */
export function shippedComment(
  change: ReportedChange,
  deployment: ReportedDeployment,
  report: Report,
  mention: readonly string[],
): Block[] {
  const { target, environment } = report;
  const seconds = change.leadTimeSeconds ?? 0;
  const others = deployment.mergesets.filter((mergeset) => mergeset !== referenceOf(change));
  const mark = seconds > target.thresholdSeconds ? '🔴' : seconds > target.seconds ? '🟡' : '🟢';
  const [goal, limit] = [duration(target.seconds), duration(target.thresholdSeconds)];
  const against =
    seconds > target.thresholdSeconds
      ? `past the limit of ${limit} (the target is ${goal})`
      : `${seconds <= target.seconds ? 'within' : 'past'} the target of ${goal} (the limit is ${limit})`;
  const company =
    others.length === 0
      ? 'It shipped alone.'
      : `It shipped together with ${listed(others.map(calledBy))}${deployment.batched ? `: a batch of ${deployment.mergesets.length}, where ${report.policy.maxBatch} is the most` : ''}.`;
  return [
    heading(
      3,
      `${mark} ${report.service ? `${report.service}: live` : 'Live'} in ${environment} ${duration(seconds)} after the merge`,
    ),
    paragraph(
      `That is ${against}. ${company} `,
      `Deployment ${deployment.id}, ${moment(timeOf(deployment))} UTC.`,
    ),
    ...(mention.length > 0 ? [{ kind: 'mention' as const, handles: [...mention] }] : []),
  ];
}

/** In the comment on a change that one service has shipped: where it is with another one that it concerns. */
export function elsewhereLine(number: number, report: Report): Block[] {
  const own = [...report.mergesets, ...report.earlier].find((mergeset) => mergeset.number === number);
  if (!own) return [];
  const state =
    own.waitingSeconds !== null
      ? `not live yet, ${duration(own.waitingSeconds)} after the merge`
      : own.leadTimeSeconds !== null
        ? `live ${duration(own.leadTimeSeconds)} after the merge`
        : 'live, nobody knows since when';
  return [paragraph(`${serviceName(report)}: ${state}.`)];
}
