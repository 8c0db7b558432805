import type { Page } from '../../github/answers.ts';
import { commitsCalled, isSha } from '../../github/history/called.ts';
import type { DeployedCommit } from '../../github/history/commits.ts';
import { pageListOf } from '../../github/once.ts';
import { pagedFeed } from '../../github/paging.ts';
import { personOf } from '../../github/person.ts';
import { NotFound } from '../../github/errors.ts';
import type { RepositoryName } from '../../github/repo.ts';
import { type DeploymentFeed, newestOf } from '../../model/deployment-feed.ts';
import type { Deployment, Gap, Remark } from '../../model/facts.ts';
import { GuardError, oneLine } from '../../model/guard-error.ts';
import type { Service } from '../../model/service.ts';
import type { SourceIO } from '../source.ts';
import { type Bump, bumpsOf, type Proof, proofsOf } from './bumps.ts';
import { type GitopsOptions, nameOf } from './gitops-options.ts';
import { patternOf } from './value-pattern.ts';
import { valuesIn } from './value.ts';

/** A bump that changed the value, and what that stands for here. */
interface Deploy extends Bump {
  /** What it may stand for, in order. */
  values: string[];
  commit: DeployedCommit | null;
}

/**
 * The changes of a file's value as deployments, newest first. Each is live when it arrived, and *declared*, until a
 * success proves it: then it is live with the first one. What a revert declares is a deploy as any other.
 *
 * @throws {GuardError} where the token finds no such repository.
 */
export async function bumpFeed(
  { repo, history }: Pick<SourceIO, 'repo' | 'history'>,
  { environment }: Pick<Service, 'environment'>,
  { repository, file, pattern }: GitopsOptions,
): Promise<DeploymentFeed> {
  const config = repo.sibling(repository);
  const regex = pattern === null ? null : patternOf(pattern);
  const unknown = new Map<string, Date>();
  let cut = 0;
  let gone = 0;
  let argo = 0;
  let unproved = 0;
  /** The oldest of a page: whether it changed the value is told by the next one. */
  let held: (Bump & { values: string[] }) | null = null;
  const page = async (after: string | null): Promise<Page<Deploy>> => {
    const { nodes, pageInfo, hasDeployments } = await bumpsOf(config, file, after);
    const bumps = [...(held === null ? [] : [held])];
    for (const node of nodes) {
      const values = node.text === null ? [] : valuesIn(node.text, regex);
      if (values.length > 0) bumps.push({ ...node, values });
    }
    const oldest = bumps.at(-1);
    const rest = pageInfo.hasNextPage && oldest ? oldest : null;
    const changed = bumps.filter((bump, i) => {
      const before = bumps[i + 1];
      return before === undefined ? rest === null : before.values.join() !== bump.values.join();
    });
    const [commits, proofs] = await Promise.all([
      commitsCalled(
        repo,
        changed.flatMap((each) => each.values),
      ),
      hasDeployments
        ? proofsOf(
            config,
            changed.map((each) => each.oid),
            environment,
          )
        : new Map<string, never>(),
    ]);
    // A page that could not be read in full is read again: nothing is noted of it before.
    held = rest;
    cut += nodes.filter((node) => node.isCut).length;
    gone += nodes.filter((node) => node.text === null).length;
    return {
      pageInfo,
      nodes: changed.map((each) => {
        const told = proofs.get(each.oid);
        if (told?.isArgo) argo += 1;
        if (told?.isCut) unproved += 1;
        return {
          ...each,
          commit: each.values.flatMap((value) => commits.get(value) ?? [])[0] ?? null,
          proofs: [...each.proofs, ...(told?.proofs ?? [])],
        };
      }),
    };
  };
  const feed = await pagedFeed(
    pageListOf((after) => page(after).catch(notThere(repository))),
    (node: Deploy): Deployment | null => {
      if (node.commit === null) {
        const name = node.values.at(-1) ?? '';
        if (node.arrivedAt > (unknown.get(name) ?? new Date(0))) unknown.set(name, node.arrivedAt);
        return null;
      }
      history.add(node.commit);
      return { ...lifeOf(node), sha: node.commit.oid };
    },
  );
  const read = feed as DeploymentFeed;
  Object.defineProperty(read, 'gaps', {
    get: () => gapsOf({ unknown, cut, gone, unproved, file, newest: newestOf(feed.items) }),
  });
  return Object.defineProperty(read, 'remarks', {
    get: () => remarksOf(feed.items, argo, nameOf(config)),
  });
}

const notThere =
  (repository: RepositoryName) =>
  (error: unknown): never => {
    if (!(error instanceof NotFound)) throw error;
    throw new GuardError(
      `Input "gitops-repository" is "${oneLine(nameOf(repository))}"; the token finds no such repository. Check how it is spelled; of a private one the token is a GitHub App's, which is installed there with "contents: read".`,
    );
  };

/** Why nothing was found. */
export function explainNoBump({ repository, file, pattern }: GitopsOptions): string {
  const what = pattern === null ? 'an image tag or a sha' : 'what "gitops-pattern" matches';
  return `Input "gitops-file" is "${oneLine(file)}"; the default branch of ${oneLine(nameOf(repository))} has no commit where that file names ${what} that is a commit or a tag of this repository. Accepted: the path of the file that is changed to deploy.`;
}

/** When it was live, as far as that is proved. */
function lifeOf({ oid, url, arrivedAt, author, proofs }: Deploy): Omit<Deployment, 'sha'> {
  const base = {
    id: oid.slice(0, 12),
    commitExists: true,
    createdAt: arrivedAt,
    creator: author === null ? null : personOf(author, null),
    trigger: 'gitops',
    url,
    hasAllStatuses: true,
  };
  const inOrder = proofs.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const proof = inOrder.find((proof) => proof.state === 'success') ?? inOrder.at(-1);
  if (!proof)
    return {
      ...base,
      state: 'SUCCESS',
      statuses: [{ state: 'SUCCESS', createdAt: arrivedAt, logUrl: null }],
      declared: true,
    };
  // By the clocks of two services it may have been live before it arrived.
  const at = proof.at < arrivedAt ? arrivedAt : proof.at;
  const state = STATES[proof.state];
  return { ...base, state, statuses: [{ state, createdAt: at, logUrl: null }] };
}

const STATES = { success: 'SUCCESS', failure: 'FAILURE', running: 'IN_PROGRESS' } as const satisfies Record<
  Proof['state'],
  Deployment['state']
>;

interface Unread {
  /** Values that are nothing here, with when the newest bump to each arrived. */
  unknown: ReadonlyMap<string, Date>;
  cut: number;
  gone: number;
  unproved: number;
  file: string;
  /** When the newest deploy that is known arrived. */
  newest: Date;
}

function gapsOf({ unknown: values, cut, gone, unproved, file, newest }: Unread): Gap[] {
  const gaps: Gap[] = [];
  const unknown = [...values.keys()];
  if (unknown.length > 0) {
    const isNow = [...values.values()].some((at) => at > newest);
    const names = `${unknown
      .slice(0, 10)
      .map((each) => oneLine(isSha(each) ? each.slice(0, 12) : each, 40))
      .join(', ')}${unknown.length > 10 ? ` and ${unknown.length - 10} more` : ''}`;
    gaps.push({
      what: `The configuration names ${names}, which is no one commit and no tag of this repository: skipped.`,
      consequence: `${isNow ? 'The newest is among them: what is live now is not known.' : 'What these deploys shipped is counted with the deploy after them.'} Put the sha into the image tag, or name it with "gitops-pattern".`,
      verdictAtRisk: isNow,
    });
  }
  if (gone > 0)
    gaps.push({
      what: `In ${gone} of the commits that changed ${oneLine(file)} GitHub shows no text of it: it was taken away there, or is none.`,
      consequence: 'What they deployed, if they did, is counted with the deploy after them.',
      verdictAtRisk: false,
    });
  if (unproved > 0)
    gaps.push({
      what: `Of ${unproved} of its commits GitHub has more deployments or statuses than were read.`,
      consequence: 'Their first success may have been sooner.',
      verdictAtRisk: true,
    });
  if (cut > 0)
    gaps.push({
      what: `GitHub gives only the beginning of so large a file as ${oneLine(file)}.`,
      consequence: 'What it names further down is not seen.',
      verdictAtRisk: true,
    });
  return gaps;
}

function remarksOf(items: readonly Deployment[], argo: number, config: string): Remark[] {
  const remarks: Remark[] = [];
  if (items.some((item) => item.declared))
    remarks.push({
      what: `Deploys are declared in ${oneLine(config)}, and nothing proves that these run.`,
      consequence:
        'They are live here from when the change arrived there. A GitHub deployment on that commit, or a status continuous-delivery/*, would prove it.',
    });
  if (argo > 0)
    remarks.push({
      what: `Argo CD records its deployments under the commits of ${oneLine(config)}.`,
      consequence: 'Each is taken for the commit of this repository that the configuration names there.',
    });
  return remarks;
}
