import type { ServiceName } from '../model/service.ts';
import type { Report, RunReport } from '../report/contract.ts';
import { reportsOf } from '../report/parts.ts';
import { runStory, type ServiceRecord, weeklyStory } from './texts/weekly.ts';
import type { Published, PublishOptions } from './publish-options.ts';
import { keepWeek } from './weekly-issue.ts';

/**
 * Publishes what scheduled mode writes: the issue, or one per service, and the comments on overdue changes.
 *
 * @param name - the name of the common texts.
 * @param notToComment - why no comment may be written, for the log; `null`: it may.
 */
export async function publishOnSchedule(
  run: Report | RunReport,
  remembered: readonly ServiceRecord[],
  name: ServiceName,
  options: PublishOptions,
  notToComment: string | null,
): Promise<Published> {
  const published = await keepIssues(run, remembered, name, options);
  if (options.comment === 'overdue') {
    const { overdueComments } = await import('./texts/overdue.ts');
    const comments = overdueComments(reportsOf(run));
    if (comments.length > 0) {
      const { commentOnOverdue } = await import('./on-overdue.ts');
      published.push(await commentOnOverdue(comments, name, options, notToComment));
    }
  }
  return {
    commentUrl: published.find(({ commentUrl }) => commentUrl !== '')?.commentUrl ?? '',
    issueUrl: published.find(({ issueUrl }) => issueUrl !== '')?.issueUrl ?? '',
    notices: [...new Set(published.flatMap(({ notices }) => notices))],
    extra: published.flatMap(({ extra }) => extra),
  };
}

async function keepIssues(
  run: Report | RunReport,
  remembered: readonly ServiceRecord[],
  name: ServiceName,
  options: PublishOptions,
): Promise<Published[]> {
  if (options.issue === 'never') return [];
  const stories =
    'units' in run && options.issue !== 'per-service'
      ? [runStory(run, remembered, name)].filter((story) => story !== null)
      : remembered.map(weeklyStory);
  const issues: Published[] = [];
  for (const story of stories) issues.push(await keepWeek(story, options));
  return issues;
}
