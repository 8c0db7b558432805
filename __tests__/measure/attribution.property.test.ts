import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Commit, Deployment } from '../../src/model/facts.ts';
import type { Facts } from '../support/facts.ts';
import { attribute } from '../support/by-hand.ts';

/** Commits with up to three earlier commits as parents. Each is the merge of its own pull request. */
const graphs = fc
  .array(fc.tuple(fc.array(fc.nat(), { maxLength: 3 }), fc.nat(1000)), { minLength: 1, maxLength: 40 })
  .map((rows) => {
    const commits = new Map<string, Commit>();
    rows.forEach(([picks, seconds], i) => {
      const oid = `c${i}`;
      const parents = i === 0 ? [] : [...new Set(picks.map((pick) => `c${pick % i}`))];
      commits.set(oid, commit(oid, parents, seconds, i));
    });
    return commits;
  });

function commit(oid: string, parents: string[], seconds: number, number: number): Commit {
  const mergedAt = new Date(seconds * 1000);
  const pullRequest = {
    number,
    title: '',
    url: '',
    author: null,
    mergedAt,
    base: 'main',
    mergeCommit: oid,
    firstCommitAt: null,
    head: null,
    headName: '',
  };
  return {
    oid,
    parents,
    committedAt: mergedAt,
    authoredAt: null,
    authorName: null,
    tree: null,
    pickedFrom: [],
    promotes: null,
    headline: '',
    author: null,
    url: '',
    pullRequests: [pullRequest],
  };
}

const histories = graphs.chain((commits) =>
  fc
    .array(fc.tuple(fc.nat(commits.size - 1), fc.nat(50), fc.nat(50), fc.boolean()), { maxLength: 15 })
    .map((rows) => ({
      commits,
      deployments: rows.map(([pick, created, takes, succeeds], i): Deployment => {
        const createdAt = new Date((1000 + created) * 1000);
        const endedAt = new Date((1000 + created + takes) * 1000);
        return {
          id: i,
          sha: `c${pick}`,
          commitExists: true,
          createdAt,
          state: 'INACTIVE',
          statuses: [
            { state: 'IN_PROGRESS', createdAt, logUrl: null },
            { state: succeeds ? 'SUCCESS' : 'FAILURE', createdAt: endedAt, logUrl: null },
          ],
          creator: null,
          trigger: null,
          url: null,
        };
      }),
    })),
);

function ancestors(commits: Facts['commits'], tip: string): Set<string> {
  const visited = new Set([tip]);
  for (const oid of visited) for (const parent of commits.get(oid)?.parents ?? []) visited.add(parent);
  return visited;
}

const facts = (commits: Facts['commits'], deployments: Deployment[]): Facts => ({
  repository: 'acme/shop',
  url: '',
  baseBranch: 'main',
  tips: [...commits.keys()],
  commits,
  deployments,
  deploymentsComplete: true,
  gaps: [],
});
const now = { asOf: new Date(9_999_000), runId: null, countDirectPushes: false };

describe('for any history', () => {
  test('a mergeset belongs only to the first success that contains its merge commit', () => {
    fc.assert(
      fc.property(histories, ({ commits, deployments }) => {
        const { shipments, shipmentOf } = attribute(facts(commits, deployments), now);
        for (const oid of commits.keys()) {
          const first = shipments.find((shipment) => ancestors(commits, shipment.deployment.sha).has(oid));
          expect(shipmentOf(oid)?.deployment.id).toBe(first?.deployment.id);
        }
        const shipped = shipments.flatMap((shipment) =>
          shipment.mergesets.map((mergeset) => mergeset.mergeCommit),
        );
        expect(new Set(shipped).size).toBe(shipped.length);
      }),
      { numRuns: 400 },
    );
  });

  test('the order of deployments and statuses does not matter', () => {
    fc.assert(
      fc.property(histories, fc.func(fc.nat()), ({ commits, deployments }, rank) => {
        const shuffled = deployments
          .map((deployment) => ({ ...deployment, statuses: [...deployment.statuses].reverse() }))
          .sort((a, b) => rank(a.id) - rank(b.id));
        const outcome = (list: Deployment[]) =>
          attribute(facts(commits, list), now).shipments.map((shipment) => [
            shipment.deployment.id,
            shipment.mergesets.map((mergeset) => mergeset.number),
            shipment.rollback,
            shipment.redeploy,
          ]);
        expect(outcome(shuffled)).toEqual(outcome(deployments));
      }),
      { numRuns: 200 },
    );
  });

  test('a rollback deploys an ancestor of the live commit and ships nothing', () => {
    fc.assert(
      fc.property(histories, ({ commits, deployments }) => {
        let live: string | null = null;
        for (const shipment of attribute(facts(commits, deployments), now).shipments) {
          const { sha } = shipment.deployment;
          const isBehind: boolean = live !== null && live !== sha && ancestors(commits, live).has(sha);
          expect(shipment.rollback).toBe(isBehind);
          if (isBehind) expect(shipment.mergesets).toEqual([]);
          live = sha;
        }
      }),
      { numRuns: 200 },
    );
  });
});
