import type { MeasuredMergeset } from '../measure/measured.ts';
import type { AnswerDeployment, UnitAnswer } from './answer.ts';
import type { Block } from './blocks.ts';
import { duration, listed, moment, nameOf } from './words.ts';

/** Whether a shipped change has something to be told about: it was past the threshold, or one of a batch. */
export function isWrong(
  change: MeasuredMergeset,
  deployment: AnswerDeployment,
  thresholdSeconds: number,
): boolean {
  return deployment.batched || (change.leadTimeSeconds ?? 0) > thresholdSeconds;
}

/** On a pull request that a deployment has shipped: live how long after the merge, alone or with which others. */
export function shippedComment(
  change: MeasuredMergeset,
  deployment: AnswerDeployment,
  answer: UnitAnswer,
  mention: readonly string[],
): Block[] {
  const { target, environment } = answer;
  const seconds = change.leadTimeSeconds ?? 0;
  const others = deployment.mergesets.filter((each) => each !== change);
  const mark = seconds > target.thresholdSeconds ? '🔴' : seconds > target.seconds ? '🟡' : '🟢';
  const [goal, limit] = [duration(target.seconds), duration(target.thresholdSeconds)];
  const against =
    seconds > target.thresholdSeconds
      ? `past the limit of ${limit} (the target is ${goal})`
      : `${seconds <= target.seconds ? 'within' : 'past'} the target of ${goal} (the limit is ${limit})`;
  const company =
    others.length === 0
      ? 'It shipped alone.'
      : `It shipped together with ${listed(others.map(nameOf))}${deployment.batched ? `: a batch of ${deployment.mergesets.length}, where ${answer.maxBatch} is the most` : ''}.`;
  return [
    {
      kind: 'heading',
      level: 3,
      text: [
        `${mark} ${answer.name.service ? `${answer.name.service}: live` : 'Live'} in ${environment} ${duration(seconds)} after the merge`,
      ],
    },
    {
      kind: 'paragraph',
      text: [
        `That is ${against}. ${company} `,
        `Deployment ${deployment.id}, ${moment(deployment.succeededAt ?? deployment.at)} UTC.`,
      ],
    },
    ...(mention.length > 0 ? [{ kind: 'mention' as const, handles: [...mention] }] : []),
  ];
}

/** In the comment on a change that one service has shipped: where it is with another one that it concerns. */
export function elsewhereLine(
  number: number,
  { name, environment, mergesets, pending }: UnitAnswer,
): Block[] {
  const own = [...mergesets, ...pending].find((each) => each.number === number);
  if (!own) return [];
  const where = name.service ? `${name.service} (${environment})` : environment;
  const state =
    own.waitingSeconds !== null
      ? `not live yet, ${duration(own.waitingSeconds)} after the merge`
      : own.leadTimeSeconds !== null
        ? `live ${duration(own.leadTimeSeconds)} after the merge`
        : 'live, nobody knows since when';
  return [{ kind: 'paragraph', text: [`${where}: ${state}.`] }];
}
