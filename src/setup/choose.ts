import type { Lookups, Survey } from '../github/survey.ts';
import { oneLine } from '../model/guard-error.ts';
import { ageOf, type Candidate, dayOf, RECENT_MS } from './candidate.ts';
import { environmentCandidates, PAGES, PREVIEW, rankOf, stagesRemark } from './environments.ts';
import { jobCandidates } from './jobs.ts';
import { releaseCandidates } from './releases.ts';

/** Finds the ways to measure a repository, from how it deploys. The most likely one comes first. */

export interface Candidates {
  /** The most likely one first. */
  candidates: Candidate[];
  /** Sentences about what is not a candidate, or may be another one than was chosen. */
  remarks(chosen: Candidate): string[];
}

/** Every way that the repository may deploy. */
export async function candidatesFor(survey: Survey, lookups: Lookups, now: Date): Promise<Candidates> {
  const { releases, tags, deployments } = survey;
  const skipped = new Set<string>();
  const jobs = await jobCandidates(survey, lookups, now);
  const candidatesAt = async (at: Date, asOf: Date | null) => [
    ...(await environmentCandidates(survey, lookups, at, asOf, skipped)),
    ...(await releaseCandidates(survey, lookups, at, asOf)),
  ];
  const lastDeployed = deployments.find(
    (deployment) => deployment.isSuccess && !PREVIEW.test(deployment.environment),
  )?.at;
  const last = lastDeployed ?? releases[0]?.publishedAt ?? tags[0]?.at;
  const candidates = [...(await candidatesAt(now, null)), ...jobs.candidates];
  if (!candidates.some((candidate) => candidate.asOf === null) && last && ageOf(last, now) > RECENT_MS)
    candidates.push(...(await candidatesAt(last, last)));
  candidates.sort((a, b) => a.tier - b.tier || b.count - a.count);
  return {
    candidates,
    remarks: (chosen) =>
      [
        survey.isArchived &&
          'This repository is archived, so no workflow runs in it. Unarchive it before you add these files.',
        ...survey.workflows
          .filter(({ runsGuard }) => runsGuard)
          .map(
            ({ file }) =>
              `Workflow ${oneLine(file, 60)} already runs the guard. Remove it, or keep it instead of these files.`,
          ),
        ...skipped,
        ...jobs.remarks(chosen),
        ...otherEnvironments(candidates, chosen),
        survey.readTo !== null &&
          `Deployments before ${dayOf(survey.readTo)} were not read. Environments with only older ones are missing here.`,
      ].filter((remark) => remark !== false),
  };
}

/** Environments that were not chosen, because they are not production. */
function otherEnvironments(candidates: readonly Candidate[], chosen: Candidate): string[] {
  const others = candidates.flatMap(({ inputs: { environment } }) => environment ?? []);
  const stages = chosen.source === 'deployments' ? [] : others.filter((name) => rankOf(name) === 3);
  const isPages = others.some((name) => PAGES.test(name)) && !PAGES.test(chosen.inputs.environment ?? '');
  return [
    stages.length > 0 && stagesRemark(stages),
    isPages &&
      'Environment "github-pages" is probably a site next to the product. To measure the site, set "environment: github-pages".',
  ].filter((remark) => remark !== false);
}
