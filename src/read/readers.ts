import { min } from 'date-fns';
import { Unreadable } from '../github/errors.ts';
import { existingRefs, pullRequestsInHeadlines } from '../github/history/names.ts';
import type { Repo } from '../github/repo.ts';
import { labelsIn } from '../model/authors.ts';
import { firstParents } from '../model/commit-graph.ts';
import type { Gap } from '../model/facts.ts';
import { isIntoBase } from '../model/mergesets.ts';
import { pathsOf } from './needs/changes.ts';
import { branchFactsOf, placedIn, type Destination } from './reading.ts';
import type { Kind, RequestOf } from './request.ts';
import type { View } from './view.ts';

/** Makes the requests of every kind, and adds their answers to the reading. */
export type Readers = {
  [K in Kind]: {
    /** Subject of the message if a request fails. */
    subject: string;
    read(requests: readonly RequestOf<K>[], view: View, gaps: Gap[]): Promise<void>;
  };
};

export function readersOf(repo: Repo): Readers {
  return {
    branch: {
      subject: 'The history',
      read: (requests, { history }) =>
        history.reachBack(
          min(requests.map((request) => request.since)),
          requests.every((request) => request.isBare),
        ),
    },
    page: {
      subject: 'Deployments',
      read: (requests) => forDestinations(requests, ({ feed }) => feed.next()),
    },
    identity: {
      subject: 'The workflow runs behind deployments',
      read: (requests, { feedQuestion }) =>
        forDestinations(requests, async ({ feed }) => feed.lookUp?.(feedQuestion)),
    },
    below: {
      subject: 'The commits of deployments',
      async read(requests, { history, reading: { gone } }) {
        const commits = requests.map(({ oid, edgeOf }) => ({ oid, isEdge: edgeOf !== undefined }));
        for (const oid of await history.follow(commits)) gone.add(oid);
      },
    },
    pullRequests: {
      subject: 'The pull requests of commits',
      read: (requests, { history }) => history.readPullRequests(requests.map((request) => request.oid)),
    },
    branchName: {
      subject: 'The pull requests of the branch',
      async read(requests, { reading }) {
        const names = requests.map((request) => request.name);
        const existing = await existingRefs(repo, 'refs/heads/', names);
        reading.formerNames.push(...names.filter((name) => !existing.has(name)));
      },
    },
    headline: {
      subject: 'The pull requests of the branch',
      read: (requests, view) => readHeadlines(repo, requests, view),
    },
    paths: {
      subject: 'The files of changes',
      async read(requests, { reading, facts }, gaps) {
        const { pathFactsOf } = await import('../github/history/changed-paths.ts');
        const mergesets = requests.map((request) => request.mergeset);
        reading.paths = await pathFactsOf(
          repo,
          facts,
          mergesets,
          pathsOf(reading.services),
          gaps,
          reading.paths,
        );
      },
    },
    labels: {
      subject: 'The labels of pull requests',
      read: (requests, view, gaps) => readLabels(repo, requests, view, gaps),
    },
  };
}

const forDestinations = async (
  requests: readonly { destination: Destination }[],
  read: (destination: Destination) => Promise<void>,
): Promise<void> => {
  await Promise.all(requests.map(({ destination }) => read(destination)));
};

async function readLabels(
  repo: Repo,
  requests: readonly RequestOf<'labels'>[],
  { reading }: View,
  gaps: Gap[],
): Promise<void> {
  try {
    const { labelsOf } = await import('../github/history/labels.ts');
    const mergesets = requests.map((request) => request.mergeset);
    for (const [oid, labels] of await labelsOf(repo, mergesets)) reading.labels.set(oid, labels);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    gaps.push({
      what: `The labels of pull requests could not be read. ${error.message}`,
      consequence: 'Groups by label show all changes as unassigned, and no change is excluded by its label.',
      verdictAtRisk: reading.services.some((service) => labelsIn(service.authors).length > 0),
    });
  }
}

async function readHeadlines(
  repo: Repo,
  requests: readonly RequestOf<'headline'>[],
  { reading }: View,
): Promise<void> {
  const facts = branchFactsOf(reading);
  const commits = requests.flatMap(({ oid }) => facts.commits.get(oid) ?? []);
  const placed = placedIn(firstParents(facts.commits, facts.tips[0]));
  for (const { number } of reading.named.values()) placed.add(number);
  const byHeadline = await pullRequestsInHeadlines(repo, commits);
  // The oldest commit that names a pull request is its merge.
  for (const { oid } of commits.toReversed()) {
    const pullRequest = byHeadline.get(oid);
    if (!pullRequest || placed.has(pullRequest.number) || !isIntoBase(facts, pullRequest)) continue;
    placed.add(pullRequest.number);
    reading.named.set(oid, pullRequest);
  }
}
