import { max } from 'date-fns';
import type { Page } from '../../github/answers.ts';
import { NotFound, recoverFrom } from '../../github/errors.ts';
import { commitsByName, isSha } from '../../github/history/commits-by-name.ts';
import type { DeployedCommit } from '../../github/history/commits.ts';
import { pageListOf } from '../../github/once.ts';
import { pagedFeed } from '../../github/paging.ts';
import { personOf } from '../../github/person.ts';
import type { RepositoryName } from '../../github/repo.ts';
import { type DeploymentFeed, newestOf } from '../../model/deployment-feed.ts';
import type { Deployment, Gap, Oid, Remark } from '../../model/facts.ts';
import { GuardError, oneLine } from '../../model/guard-error.ts';
import type { Service } from '../../model/service.ts';
import { counted, firstOf, noteIf } from '../phrases.ts';
import type { SourceIO } from '../source.ts';
import { type Bump, bumpsOf, type Proof, proofsOf } from './bumps.ts';
import { fullNameOf, type GitopsOptions } from './gitops-options.ts';
import { valuesIn } from './values-in-file.ts';

/** A bump that changed the value, and the commit of this repository that the value means. */
interface Deploy extends Bump {
  /** Possible values, the most likely first. */
  values: string[];
  commit: DeployedCommit | null;
}

/**
 * Changes of a file's value as deployments, newest first. Each one is *declared* and counts as live when it arrives. Once
 * a success proves it, it counts as live from that success. A revert is a deployment like any other.
 *
 * @throws {GuardError} if the token cannot find the repository.
 */
export async function bumpFeed(
  { repo, history }: Pick<SourceIO, 'repo' | 'history'>,
  { environment }: Pick<Service, 'environment'>,
  { repository, file, pattern }: GitopsOptions,
): Promise<DeploymentFeed> {
  const config = repo.otherRepo(repository);
  const find = pattern === null ? null : (await import('../../model/linear-pattern.ts')).groupFinder(pattern);
  const unread: Unread = { unknown: new Map(), truncated: 0, withoutText: 0, withoutAllProofs: 0 };
  let isByArgo = false;
  /** The oldest bump of a page: only the next page can say whether it changed the value. */
  let heldBack: (Bump & { values: string[] }) | null = null;
  const page = async (after: string | null): Promise<Page<Deploy>> => {
    const { nodes, pageInfo, hasDeployments } = await bumpsOf(config, file, after);
    const bumps = heldBack === null ? [] : [heldBack];
    for (const node of nodes) {
      const values = node.text === null ? [] : valuesIn(node.text, find);
      if (values.length > 0) bumps.push({ ...node, values });
    }
    const oldest = bumps.at(-1);
    const undecided = pageInfo.hasNextPage && oldest ? oldest : null;
    const changed = bumps.filter((bump, i) => {
      const before = bumps[i + 1];
      return before === undefined ? undecided === null : before.values.join() !== bump.values.join();
    });
    const [commits, proofs] = await Promise.all([
      commitsByName(
        repo,
        changed.flatMap((bump) => bump.values),
      ),
      hasDeployments
        ? proofsOf(
            config,
            changed.map((bump) => bump.oid),
            environment,
          )
        : new Map<string, never>(),
    ]);
    // If a request above fails, the page is read again. That is why nothing is counted before.
    heldBack = undecided;
    unread.truncated += nodes.filter((node) => node.isCut).length;
    unread.withoutText += nodes.filter((node) => node.text === null).length;
    return {
      pageInfo,
      nodes: changed.map((bump) => {
        const ofDeployments = proofs.get(bump.oid);
        isByArgo ||= ofDeployments?.isArgo === true;
        if (ofDeployments?.isCut) unread.withoutAllProofs += 1;
        return {
          ...bump,
          commit: bump.values.flatMap((value) => commits.get(value) ?? [])[0] ?? null,
          proofs: [...bump.proofs, ...(ofDeployments?.proofs ?? [])],
        };
      }),
    };
  };
  const feed = await pagedFeed(
    pageListOf((after) => page(after).catch(explainNotFound(repository))),
    (node: Deploy): Deployment | null => {
      if (node.commit === null) {
        const name = node.values.at(-1) ?? '';
        const { unknown } = unread;
        if (node.arrivedAt > (unknown.get(name) ?? new Date(0))) unknown.set(name, node.arrivedAt);
        return null;
      }
      history.add(node.commit);
      return deploymentOf(node, node.commit.oid);
    },
  );
  return Object.defineProperties(feed as DeploymentFeed, {
    gaps: { get: () => gapsOf(unread, file, newestOf(feed.items)) },
    remarks: { get: () => remarksOf(feed.items, isByArgo, fullNameOf(config)) },
  });
}

const explainNotFound = (repository: RepositoryName) =>
  recoverFrom(NotFound, (): never => {
    throw new GuardError(
      `Input "gitops-repository" is "${oneLine(fullNameOf(repository))}"; the token cannot find this repository. Check the spelling. If the repository is private, use the token of a GitHub App that is installed there with "contents: read".`,
    );
  });

/** Why the file declares no deployment. */
export function explainNoBump({ repository, file, pattern }: GitopsOptions): string {
  const value = pattern === null ? 'an image tag or a SHA' : 'a match of "gitops-pattern"';
  return `Input "gitops-file" is "${oneLine(file)}"; the default branch of ${oneLine(fullNameOf(repository))} has no commit where that file contains ${value} that is a commit or a tag of this repository. Accepted: the path of the file that is changed to deploy, such as shop/values.yaml.`;
}

/** The deployment of a bump, live from its first proven success or declared. */
function deploymentOf({ oid, url, arrivedAt, author, proofs }: Deploy, sha: Oid): Deployment {
  const oldestFirst = proofs.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const proof = oldestFirst.find((proof) => proof.state === 'success') ?? oldestFirst.at(-1);
  // As clocks differ, a proof can be older than the bump.
  const at = max([arrivedAt, ...(proof ? [proof.at] : [])]);
  const state = STATES[proof?.state ?? 'success'];
  return {
    id: oid.slice(0, 12),
    sha,
    commitExists: true,
    createdAt: arrivedAt,
    state,
    statuses: [{ state, createdAt: at, logUrl: null }],
    creator: author === null ? null : personOf(author, null),
    trigger: 'gitops',
    url,
    hasAllStatuses: true,
    ...(proof ? {} : { declared: true }),
  };
}

const STATES = { success: 'SUCCESS', failure: 'FAILURE', running: 'IN_PROGRESS' } as const satisfies Record<
  Proof['state'],
  Deployment['state']
>;

interface Unread {
  /** Values that match no commit here, with the arrival of the newest bump to each one. */
  unknown: Map<string, Date>;
  /** Number of commits whose file GitHub truncated. */
  truncated: number;
  /** Number of commits that have no text of the file. */
  withoutText: number;
  /** Number of commits with more deployments or statuses than were read. */
  withoutAllProofs: number;
}

/** @param newest - arrival of the newest known deployment. */
function gapsOf(
  { unknown, truncated, withoutText, withoutAllProofs }: Unread,
  file: string,
  newest: Date,
): Gap[] {
  const isNewest = [...unknown.values()].some((at) => at > newest);
  const names = firstOf([...unknown.keys()].map((value) => (isSha(value) ? value.slice(0, 12) : value)));
  return [
    ...noteIf(unknown.size > 0, {
      what: `Skipped values of the configuration that do not match exactly one commit or tag of this repository: ${names}.`,
      consequence: `${isNewest ? 'The newest value is among them, so what is live now is unknown.' : 'Their changes count with the next deployment.'} Put the SHA into the image tag, or select it with "gitops-pattern".`,
      verdictAtRisk: isNewest,
    }),
    ...noteIf(withoutText > 0, {
      what: `${oneLine(file)} was deleted or is not text in ${counted(withoutText, 'commit')} that changed it.`,
      consequence: 'If such a commit deployed something, it counts with the next deployment.',
      verdictAtRisk: false,
    }),
    ...noteIf(withoutAllProofs > 0, {
      what: `Not all deployments or statuses were read for ${counted(withoutAllProofs, 'commit')} of the configuration.`,
      consequence: 'The first success may be earlier than shown.',
      verdictAtRisk: true,
    }),
    ...noteIf(truncated > 0, {
      what: `${oneLine(file)} is so large that GitHub returns only its beginning.`,
      consequence: 'Values further down are not seen.',
      verdictAtRisk: true,
    }),
  ];
}

function remarksOf(items: readonly Deployment[], isByArgo: boolean, config: string): Remark[] {
  const isDeclared = items.some((item) => item.declared);
  return [
    ...noteIf(isDeclared, {
      what: `Deployments are declared in ${oneLine(config)}, but nothing proves that they run.`,
      consequence:
        'They count as live as soon as the change arrives there. A GitHub deployment or a continuous-delivery/* status on that commit would prove the time.',
    }),
    ...noteIf(isByArgo, {
      what: `Argo CD records its deployments under the commits of ${oneLine(config)}.`,
      consequence: 'Each one counts for the commit of this repository that the configuration names.',
    }),
  ];
}
