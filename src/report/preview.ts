import type { MeasuredMergeset } from '../measure/measured.ts';
import type { AnswerDeployment, UnitAnswer } from './answer.ts';
import type { Block, Inline } from './blocks.ts';
import { topStages } from './diagnosis.ts';
import { changeSentence } from './past.ts';
import { numbers } from './summary.ts';
import { missing, waitingTable } from './thread-parts.ts';
import {
  counted,
  duration,
  listed,
  moment,
  nameOf,
  STATUS_WORDS,
  verdictSentence,
  verdictTitle,
  windowWords,
} from './words.ts';

const LAST_DEPLOYMENTS = 5;

/** On an open pull request: what merging now means. `own` is its number: it does not wait for itself. */
export function previewComment(answer: UnitAnswer, own: number | null): Block[] {
  const waiting = answer.pending.filter((each) => each.number === null || each.number !== own);
  const running = underWayIn(answer);
  return [
    { kind: 'heading', level: 3, text: [headingOf(answer)] },
    { kind: 'paragraph', text: [...toDo(waiting, answer), ` ${underWay(running, answer)}`] },
    ...missing(answer),
    ...whyThat(answer),
    ...goesWhere(answer),
    ...foldedDeployments(answer),
    {
      kind: 'details',
      summary: 'The numbers',
      blocks: [
        { kind: 'paragraph', text: [`In the ${windowWords(answer)}:`] },
        numbers(answer),
        ...waitingTable(waiting),
      ],
    },
  ];
}

/** On an open pull request, of the services that it concerns: each in short, its numbers folded. */
export function previewOfServices(answers: readonly UnitAnswer[], own: number | null): Block[] {
  const [only, ...others] = answers;
  if (only === undefined)
    return [
      { kind: 'heading', level: 3, text: ['⚪ Nothing is deployed by this change'] },
      { kind: 'paragraph', text: ['It concerns none of the services that are told about.'] },
    ];
  if (others.length === 0) return previewComment(only, own);
  const told = answers.slice(0, MOST_SERVICES);
  const more = answers.length - told.length;
  const rest: Block[] =
    more > 0
      ? [
          {
            kind: 'paragraph',
            text: [`It concerns ${counted(more, 'more service')}: the job summary has them.`],
          },
        ]
      : [];
  return [...told.flatMap((answer) => inShort(answer, own)), ...rest];
}

/** So many services have room in a comment. */
const MOST_SERVICES = 10;

function inShort(answer: UnitAnswer, own: number | null): Block[] {
  const waiting = answer.pending.filter((each) => each.number === null || each.number !== own);
  return [
    { kind: 'heading', level: 3, text: [headingOf(answer)] },
    { kind: 'paragraph', text: [...toDo(waiting, answer), ' ', underWay(underWayIn(answer), answer)] },
    ...missing(answer),
    {
      kind: 'details',
      summary: verdictTitle(answer),
      blocks: [
        { kind: 'paragraph', text: [verdictSentence(answer)] },
        numbers(answer),
        ...waitingTable(waiting),
        ...lastDeployments(answer),
      ],
    },
  ];
}

const headingOf = (answer: UnitAnswer): string =>
  `${STATUS_WORDS[answer.status].mark} ${answer.name.service ? `${answer.name.service}: ` : ''}${mergingNow(answer)}`;

function mergingNow({ status, leadTimeSeconds, leadTimeAtLeastSeconds }: UnitAnswer): string {
  if (status === 'insufficient-data') return 'Merged now, live when? Not known yet';
  if (leadTimeSeconds !== null) return `Merged now, live in about ${duration(leadTimeSeconds)}`;
  return `Merged now, live in no less than ${duration(leadTimeAtLeastSeconds ?? 0)}`;
}

/** What to do, and why: the second line, of which the beginning is enough. */
function toDo(waiting: readonly MeasuredMergeset[], { target }: UnitAnswer): Inline {
  const [oldest] = waiting;
  if (oldest === undefined)
    return [{ text: 'Merge when it is ready:', strong: true }, ' nothing else waits, it would ship alone.'];
  const named = waiting.map((each) => `${nameOf(each)} (${duration(each.waitingSeconds ?? 0)})`);
  const isStuck = (oldest.waitingSeconds ?? 0) > target.thresholdSeconds;
  return [
    { text: isStuck ? `Deploy ${nameOf(oldest)} first:` : 'Let what is merged go live first:', strong: true },
    ` ${listed(named)} ${waiting.length === 1 ? 'is' : 'are'} merged and not live, and this change would ship with ${waiting.length === 1 ? 'it' : 'them'}.`,
  ];
}

/** Why no verdict can be given stands open; a verdict is folded under its title. */
function whyThat(answer: UnitAnswer): Block[] {
  const blocks: Block[] = [{ kind: 'paragraph', text: [verdictSentence(answer)] }, ...slipped(answer)];
  return answer.status === 'insufficient-data'
    ? blocks
    : [{ kind: 'details', summary: verdictTitle(answer), blocks }];
}

/** Those created since the newest success: what was overtaken is not going to end. */
function underWayIn({ deployments }: UnitAnswer): AnswerDeployment[] {
  const newest =
    deployments.findLast((each) => each.outcome === 'success')?.deployment.createdAt ?? new Date(0);
  return deployments.filter((each) => each.outcome === 'running' && each.deployment.createdAt > newest);
}

function underWay(running: readonly AnswerDeployment[], { window }: UnitAnswer): string {
  const newest = running.at(-1);
  if (newest === undefined) return 'No deployment is under way.';
  const since = (window.to.getTime() - newest.deployment.createdAt.getTime()) / 1000;
  const others = running.length > 1 ? ` (and ${running.length - 1} more)` : '';
  return `Deployment ${newest.id} has been under way for ${duration(since)}${others}.`;
}

/** The stages that take most, folded. */
function goesWhere({ diagnosis }: UnitAnswer): Block[] {
  const { stages } = diagnosis;
  if (!stages?.inActions || stages.rows.length === 0) return [];
  return [{ kind: 'details', summary: 'Where the time goes', blocks: [topStages(stages)] }];
}

/** What slipped lately against the team's own past, in one line. */
function slipped({ change }: UnitAnswer): Block[] {
  return change === null ? [] : [{ kind: 'paragraph', text: [changeSentence(change)] }];
}

function foldedDeployments(answer: UnitAnswer): Block[] {
  const blocks = lastDeployments(answer);
  return blocks.length === 0 ? [] : [{ kind: 'details', summary: 'The last deployments', blocks }];
}

function lastDeployments({ deployments, target }: UnitAnswer): Block[] {
  const last = deployments
    .filter((each) => each.outcome !== 'running')
    .slice(-LAST_DEPLOYMENTS)
    .toReversed();
  if (last.length === 0) return [];
  return [
    {
      kind: 'table',
      columns: [{ title: 'When (UTC)' }, { title: 'Shipped' }, { title: 'Lead time', align: 'right' }],
      rows: last.map((each) => {
        const times = each.mergesets.map((one) => one.leadTimeSeconds).filter((one) => one !== null);
        const longest = Math.max(...times);
        return [
          [moment(each.succeededAt ?? each.at)],
          [outcomeWords(each)],
          times.length > 0 ? [{ text: duration(longest), strong: longest > target.thresholdSeconds }] : ['–'],
        ];
      }),
      noun: 'deployment',
    },
  ];
}

function outcomeWords(each: AnswerDeployment): string {
  if (each.outcome === 'failure') return 'failed';
  if (each.rollback) return 'nothing new (rollback)';
  if (each.redeploy) return 'nothing new (same commit again)';
  if (each.mergesets.length === 0) return 'nothing new (no change was merged since)';
  return `${listed(each.mergesets.map(nameOf))}${each.batched ? `, a batch of ${each.mergesets.length}` : ''}`;
}
