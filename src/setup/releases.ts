import type { Lookups, Survey } from '../github/survey.ts';
import { componentOf } from '../model/components.ts';
import { oneLine } from '../model/guard-error.ts';
import { counted } from '../report/words.ts';
import {
  afterWorkflows,
  areApart,
  asOfReason,
  byName,
  type Candidate,
  filesOf,
  GITHUB_ITSELF,
  groupedBy,
  isRecent,
  type SetUpService,
  servicesReason,
} from './candidate.ts';
import { makesReleases } from './jobs.ts';

/** Releases and annotated tags as candidates. */

export async function releaseCandidates(
  survey: Survey,
  lookups: Lookups,
  at: Date,
  asOf: Date | null,
): Promise<Candidate[]> {
  const releases = survey.releases.filter(({ publishedAt }) => isRecent(publishedAt, at));
  const tags = survey.tags.filter((tag) => isRecent(tag.at, at));
  const candidates: Candidate[] = [];
  const [release] = releases;
  const add = async (candidate: Omit<Candidate, 'services' | 'asOf' | 'count'>, names: readonly string[]) => {
    const services = await componentServices(candidate.source, names, lookups);
    if (services !== null)
      candidates.push({
        ...candidate,
        count: names.length,
        asOf,
        inputs: {},
        services,
        start:
          candidate.start.on === 'push-of-tags'
            ? { on: 'push-of-tags', patterns: services.map(({ keys }) => String(keys['deploy-tag'])) }
            : candidate.start,
        reasons: [
          servicesReason(services, `from the names of the ${candidate.source}`),
          ...candidate.reasons,
        ],
      });
    candidates.push({ ...candidate, count: names.length, asOf, services: null });
  };
  if (release) {
    const isByJob = release.author !== null && GITHUB_ITSELF.test(release.author);
    const releasing = isByJob ? survey.workflows.filter(({ jobs }) => jobs.some(makesReleases)) : [];
    await add(
      {
        label: 'releases',
        tier: 2,
        inputs: { 'deploy-source': 'releases' },
        source: 'releases',
        start: !isByJob
          ? { on: 'release' }
          : releasing.length > 0
            ? afterWorkflows(releasing, survey.baseBranch)
            : { on: 'nothing' },
        reasons: [
          asOfReason('one', asOf),
          `Found ${releases.length >= 100 ? 'at least ' : ''}${counted(releases.length, 'release')} from the last 90 days, the newest ${oneLine(release.tag, 60)}. Each release counts as a deployment.`,
          !isByJob
            ? 'The guard runs after each release.'
            : releasing.length > 0
              ? `The releases use GITHUB_TOKEN and do not start workflows, so the guard runs when ${filesOf(releasing)} has finished ("workflow_run").`
              : 'The releases use GITHUB_TOKEN and do not start workflows, and no workflow file here makes them. So only pull requests and the weekly check measure them.',
        ].filter((reason) => reason !== false),
      },
      releases.map(({ tag }) => tag),
    );
  }
  const [newest] = tags;
  if (newest) {
    const byPattern = groupedBy(tags, ({ name }) => patternOf(name));
    const [[pattern] = ['v*']] = [...byPattern].sort(([, a], [, b]) => b.length - a.length);
    await add(
      {
        label: 'annotated tags',
        tier: 2.1,
        inputs: { 'deploy-source': 'tags', 'deploy-tag': pattern },
        source: 'tags',
        start: { on: 'push-of-tags', patterns: [pattern] },
        reasons: [
          asOfReason('one', asOf),
          `Found annotated tags, the newest ${oneLine(newest.name, 60)}. Each tag that matches ${oneLine(pattern, 60)} counts as a deployment at the time it was tagged.`,
        ].filter((reason) => reason !== false),
      },
      tags.map(({ name }) => name),
    );
  }
  return candidates;
}

/** `v*` for `v1.2.3`, `api-v*` for `api-v1.2.3`. */
const patternOf = (tag: string) => `${/^(.*?)\d+\.\d/.exec(tag)?.[1] ?? /^(.*?)\d/.exec(tag)?.[1] ?? ''}*`;

/** The components that tags name, as services, if each has a folder. */
async function componentServices(
  source: string,
  tags: readonly string[],
  lookups: Lookups,
): Promise<SetUpService[] | null> {
  const patterns = new Map(tags.map((tag) => [componentOf(tag), patternOf(tag)]));
  if (patterns.size < 2) return null;
  const folders = await lookups.folders();
  const services = [...patterns].map(([name, pattern]): SetUpService => {
    const folder = folders.get(name.split('/').at(-1)?.toLowerCase() ?? '');
    return {
      name,
      paths: folder === undefined ? null : [`${folder}/**`],
      keys: { 'deploy-source': source, 'deploy-tag': pattern },
    };
  });
  return areApart(services) && services.every(({ paths }) => paths !== null) ? byName(services) : null;
}
