import { closeIssue, keepIssueOpen, ownIssues } from '../github/threads/issues.ts';
import type { UnitAnswer } from '../report/answer.ts';
import { markdown } from '../report/render/markdown.ts';
import { closingComment, weeklyIssue } from '../report/weekly.ts';
import { markerOf } from '../report/marker.ts';
import { hiddenWeeks, weekOf, weeksIn, withWeek } from '../report/weeks.ts';
import { orElse, SILENT, type Told, type Voice } from './voice.ts';

/** GitHub refuses longer ones. */
const LONGEST_TITLE = 256;
const LONGEST_LABEL = 50;

/** Cut by code point, with a mark where something is left out. */
function cut(text: string, length: number): string {
  const points = [...text];
  return points.length > length ? `${points.slice(0, length - 1).join('')}…` : text;
}

/** Keeps the one issue of the weeks: open while lead time has drifted, closed when it is back on target. */
export async function keepWeek(answer: UnitAnswer, voice: Voice): Promise<Told> {
  if (voice.issue === 'never') return SILENT;
  const { issueRepo: repo, writer } = voice;
  const marker = markerOf('weekly', voice.environment);
  const label = cut(voice.issueLabel, LONGEST_LABEL);
  const notices =
    label === voice.issueLabel
      ? []
      : [
          `Input "issue-label" is longer than the ${LONGEST_LABEL} characters of a label: "${label}" is taken.`,
        ];
  const { status } = answer;
  const textOf = (weeks: ReturnType<typeof weeksIn>) => {
    const { title, blocks } = weeklyIssue(answer, weeks, status === 'drifted' ? voice.mention.handles : []);
    return {
      title: cut(title, LONGEST_TITLE),
      body: markdown(blocks, { surface: 'thread', marker: `${marker}\n${hiddenWeeks(weeks)}` }),
    };
  };
  const week = weekOf(answer);
  return orElse(
    status === 'drifted' ? { ...SILENT, extra: weeklyIssue(answer, [week], []).blocks } : SILENT,
    'Add "permissions: issues: write" to the job to have it as an issue.',
    async () => {
      const [own] = await ownIssues(repo, label, marker);
      if (status !== 'drifted' && own?.state !== 'OPEN') return SILENT;
      const text = textOf(withWeek(own ? weeksIn(own.body) : [], week));
      if (own && status === 'on-target') {
        const closedMarker = `${markerOf('closed', voice.environment)}<!-- ${week.week} -->`;
        const comment = markdown(closingComment(answer), { surface: 'thread', marker: closedMarker });
        const written = await closeIssue(repo, writer, own, text, closedMarker, comment);
        return { ...SILENT, issueUrl: written.url };
      }
      const written = await keepIssueOpen(repo, writer, label, marker, own, text);
      return { ...SILENT, issueUrl: written.url, notices };
    },
  );
}
