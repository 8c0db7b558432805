import { min } from 'date-fns';
import { Unreadable } from '../github/errors.ts';
import { branchesGone, pullRequestsNamed } from '../github/history/named.ts';
import type { Repo } from '../github/repo.ts';
import { labelsIn } from '../model/authors.ts';
import { firstParents } from '../model/commit-graph.ts';
import type { Gap } from '../model/facts.ts';
import { isIntoBase } from '../model/mergesets.ts';
import { pathsOf } from './needs/changes.ts';
import { branchFactsOf, type Destination } from './reading.ts';
import type { View } from './view.ts';
import type { Kind, RequestOf } from './request.ts';

/** How each kind of request is made, and what its answer adds to what was read. */
export type Readers = {
  [K in Kind]: {
    /** What could not be read where it fails. */
    what: string;
    read(requests: readonly RequestOf<K>[], view: View, gaps: Gap[]): Promise<void>;
  };
};

export function readersOf(repo: Repo): Readers {
  return {
    branch: {
      what: 'History',
      read: (requests, { history }) =>
        history.reachBack(
          min(requests.map((request) => request.since)),
          requests.every((request) => request.isBare),
        ),
    },
    page: {
      what: 'Deployments',
      read: (requests) => each(requests, ({ feed }) => feed.next()),
    },
    identity: {
      what: 'What the deployments are',
      read: (requests, { feedQuestion }) => each(requests, async ({ feed }) => feed.vet?.(feedQuestion)),
    },
    below: {
      what: 'What the deployments stand on',
      async read(requests, { history, reading: { gone } }) {
        const named = requests.map(({ oid, edgeOf }) => ({ oid, isEdge: edgeOf !== undefined }));
        for (const oid of await history.follow(named)) gone.add(oid);
      },
    },
    pullRequests: {
      what: 'What the deployments stand on',
      read: (requests, { history }) => history.askPullRequests(requests.map((request) => request.oid)),
    },
    branchName: {
      what: 'What pull requests belong to the branch',
      async read(requests, { reading }) {
        const names = requests.map((request) => request.name);
        reading.formerNames.push(...(await branchesGone(repo, names)));
      },
    },
    headline: {
      what: 'What pull requests belong to the branch',
      read: (requests, view) => readHeadlines(repo, requests, view),
    },
    paths: {
      what: 'What the changes changed',
      async read(requests, { reading, facts }, gaps) {
        const { pathFactsOf } = await import('../github/history/concerning.ts');
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
      what: 'The labels of pull requests',
      read: (requests, view, gaps) => readLabels(repo, requests, view, gaps),
    },
  };
}

const each = async (
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
      consequence: 'By label, all stand as unassigned, and none is left out.',
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
  const naming = requests.flatMap(({ oid }) => facts.commits.get(oid) ?? []);
  const placed = new Set(
    firstParents(facts.commits, facts.tips[0]).flatMap((commit) =>
      (commit.pullRequests ?? [])
        .filter((pull) => pull.mergeCommit === commit.oid)
        .map((pull) => pull.number),
    ),
  );
  for (const pull of reading.named.values()) placed.add(pull.number);
  const found = await pullRequestsNamed(repo, naming);
  // The oldest commit that names it is the one that brought it.
  for (const { oid } of naming.toReversed()) {
    const pull = found.get(oid);
    if (!pull || placed.has(pull.number) || !isIntoBase(facts, pull)) continue;
    placed.add(pull.number);
    reading.named.set(oid, pull);
  }
}
