import { closeIssue, keepIssueOpen, ownIssues } from '../github/threads/issues.ts';
import type { UnitAnswer } from '../report/answer.ts';
import { markdown } from '../report/render/markdown.ts';
import { closingComment, weeklyIssue } from '../report/weekly.ts';
import { markerOf } from '../report/marker.ts';
import { hiddenWeeks, weekOf, weeksIn, withWeek } from '../report/weeks.ts';
import { orElse, SILENT, type Told, type Voice } from './voice.ts';

/** Keeps the one issue of the weeks: open while lead time has drifted, closed when it is back on target. */
export async function keepWeek(answer: UnitAnswer, voice: Voice): Promise<Told> {
  if (voice.issue === 'never') return SILENT;
  const { issueRepo: repo, writer } = voice;
  const marker = markerOf('weekly', voice.environment);
  const { status } = answer;
  const textOf = (weeks: ReturnType<typeof weeksIn>) => {
    const { title, blocks } = weeklyIssue(answer, weeks, status === 'drifted' ? voice.mention.handles : []);
    return {
      title,
      body: markdown(blocks, { surface: 'thread', marker: `${marker}\n${hiddenWeeks(weeks)}` }),
    };
  };
  const week = weekOf(answer);
  return orElse(
    status === 'drifted' ? { ...SILENT, extra: weeklyIssue(answer, [week], []).blocks } : SILENT,
    'Add "permissions: issues: write" to the job to have it as an issue.',
    async () => {
      const [own] = await ownIssues(repo, voice.issueLabel, marker);
      if (status !== 'drifted' && own?.state !== 'OPEN') return SILENT;
      const text = textOf(withWeek(own ? weeksIn(own.body) : [], week));
      if (own && status === 'on-target') {
        const closedMarker = `${markerOf('closed', voice.environment)}<!-- ${week.week} -->`;
        const comment = markdown(closingComment(answer), { surface: 'thread', marker: closedMarker });
        const written = await closeIssue(repo, writer, own, text, closedMarker, comment);
        return { ...SILENT, issueUrl: written.url };
      }
      const written = await keepIssueOpen(repo, writer, voice.issueLabel, marker, own, text);
      return { ...SILENT, issueUrl: written.url };
    },
  );
}
