import { max } from 'date-fns';
import * as v from 'valibot';
import { checked, instant, pageOf } from '../github/answers.ts';
import { deployedCommit, DEPLOYED_COMMIT } from '../github/history/commits.ts';
import { type PageList, pageListOf } from '../github/once.ts';
import { fitting, PAGE, pagedFeed, SHARE_OF_A_PAGE } from '../github/paging.ts';
import { actor, personOf } from '../github/person.ts';
import type { Repo } from '../github/repo.ts';
import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type { Deployment, DeploymentState, Gap, Remark } from '../model/facts.ts';
import { badInput, oneLine } from '../model/guard-error.ts';
import { runOf } from '../model/pipeline.ts';
import { isArgo } from '../model/statuses.ts';
import { JOB_INPUTS, type JobOptions, jobOptionsIn } from './job-inputs.ts';
import type { DeploySource, SourceIO } from './source.ts';
import type { RawDeployment } from './raw-deployment.ts';
import { vettingOf } from './vetting.ts';

/** GitHub's own record: the deployments of an environment. */

const STATUS_PAGE = 'pageInfo { hasNextPage endCursor } nodes { state createdAt logUrl }';
const DEPLOYMENT_PAGE = `
  pageInfo { hasNextPage endCursor }
  nodes {
    id databaseId commitOid createdAt state task
    ref { name prefix }
    creator { __typename login }
    commit { ${DEPLOYED_COMMIT} }
    statuses(first: 100) { ${STATUS_PAGE} }
  }`;
const NEWEST_FIRST = 'orderBy: { field: CREATED_AT, direction: DESC }';

const DEPLOYMENTS = `
query Deployments($owner: String!, $name: String!, $first: Int!, $after: String, $environments: [String!]) {
  repository(owner: $owner, name: $name) {
    deployments(first: $first, after: $after, environments: $environments, ${NEWEST_FIRST}) { ${DEPLOYMENT_PAGE} }
  }
}`;
const STATUSES = `
query Statuses($id: ID!, $after: String) {
  node(id: $id) { ... on Deployment { statuses(first: 100, after: $after) { ${STATUS_PAGE} } } }
}`;

/** A state that is new to GitHub is neither a success nor a failure here: what has it is still running. */
const state = v.pipe(
  v.string(),
  v.transform((text) => text as DeploymentState),
);
const statusPage = pageOf(v.object({ state: state, createdAt: instant, logUrl: v.nullable(v.string()) }));
const deploymentNode = v.object({
  id: v.string(),
  databaseId: v.nullable(v.number()),
  commitOid: v.string(),
  createdAt: instant,
  state: state,
  task: v.nullable(v.string()),
  // `null`: made from a commit, or of a branch that is gone.
  ref: v.nullable(v.object({ name: v.string(), prefix: v.string() })),
  creator: actor,
  commit: v.nullable(deployedCommit),
  statuses: statusPage,
});
const deploymentPage = v.object({ deployments: pageOf(deploymentNode) });

type DeploymentNode = v.InferOutput<typeof deploymentNode>;

export interface DeploymentOptions extends JobOptions {
  /** The task of a deployment that is a deploy; `null`: the usual one. */
  task: string | null;
}

/** GitHub keeps a deployment's statuses for so many milliseconds: ninety days, less one for a clock that is not ours. */
const STATUSES_KEPT = 89 * 86_400_000;

export const deployments = {
  kind: 'deployments',
  inputs: {
    ...JOB_INPUTS,
    'deploy-task': {
      default: '',
      isInput: false,
      description:
        'Task of the deployments that count. Defaults to `deploy`, or to the most common task if there is no `deploy`.',
    },
  },
  parse(inputs): DeploymentOptions {
    const task = inputs['deploy-task'] ?? '';
    if ([...task].length > 128)
      throw badInput('deploy-task', task, 'the task of a deployment, such as deploy');
    return { ...jobOptionsIn(inputs), task: task || null };
  },
  subject: ({ file, job, task }) =>
    ['deployments', task && `task ${task}`, file && `workflow ${file}`, job && `job ${job}`]
      .filter(Boolean)
      .join(', '),
  opening: ({ environment, environments }) =>
    environments.length > 1 || environment.includes('*')
      ? null
      : {
          declarations: ['$environments: [String!]'],
          variables: { environments: [environment] },
          selection: `deployments(first: $first, environments: $environments, ${NEWEST_FIRST}) { ${DEPLOYMENT_PAGE} }`,
        },
  listOf: ({ environment }) => environment,
  environmentsOf: async (io, patterns) =>
    patterns.some((pattern) => pattern.includes('*'))
      ? (await import('./environments.ts')).environmentsLike(io, patterns)
      : [...patterns],
  async open(io, { environment }, options) {
    const feed = await openNamed(io, environment, options);
    if (feed.items.length > 0 || !feed.complete) return feed;
    const { environmentLike } = await import('./environments.ts');
    const other = await environmentLike(io, environment);
    if (other === null) return feed;
    const remark = {
      what: `Input "environment" is "${oneLine(environment)}"; GitHub spells it "${oneLine(other)}", and that was taken.`,
      consequence: 'Spell it so to say which is meant, should there be another one day.',
    };
    return openNamed({ ...io, opened: null }, other, options, remark);
  },
  explainEmpty: async (io, { environment }, { job, file, task }) =>
    (await import('./environments.ts')).explainEnvironment(
      io,
      environment,
      Object.entries({ 'deploy-job': job, 'deploy-workflow': file, 'deploy-task': task })
        .filter(([, value]) => value !== null)
        .map(([name, value]) => `"${name}" (${oneLine(value ?? '', 60)})`),
    ),
  deployJob: ({ job }) => job,
} satisfies DeploySource<DeploymentOptions>;

/** All deployments of an environment, whichever of them a service counts. */
function listOf(
  { repo, once, opened, history, asker }: SourceIO,
  environment: string,
): Promise<PageList<RawDeployment>> {
  const converted = async ({ nodes, pageInfo }: v.InferOutput<typeof deploymentPage>['deployments']) => ({
    pageInfo,
    nodes: await Promise.all(
      nodes.map(async (node) => {
        if (node.commit) history.add(node.commit);
        return rawOf(node, await everyStatus(repo, node), asker.now);
      }),
    ),
  });
  return once(`deployments to ${environment}`, async () =>
    pageListOf<RawDeployment>(
      async (after) => {
        const { repository } = await fitting(PAGE, (first) =>
          repo.graphql(
            DEPLOYMENTS,
            { environments: [environment], after, first },
            v.object({ repository: deploymentPage }),
            SHARE_OF_A_PAGE,
          ),
        );
        return converted(repository.deployments);
      },
      opened === null ? null : await converted(checked(deploymentPage, opened, 'query Opening').deployments),
    ),
  );
}

async function openNamed(
  io: SourceIO,
  environment: string,
  options: DeploymentOptions,
  /** Why it is called otherwise than it was asked for. */
  respelled?: Remark,
): Promise<DeploymentFeed> {
  const raw = await pagedFeed(await listOf(io, environment), (node: RawDeployment) => node);
  const vetting = vettingOf(io, options);
  return {
    get items() {
      return vetting.vet(whole(raw)).deployments;
    },
    environment: respelled ? environment : null,
    get complete() {
      return raw.complete;
    },
    // The list, the runs on its commits, and their jobs.
    requestsAPage: options.job !== null ? 3 : options.file !== null ? 2 : 1,
    get listed() {
      return whole(raw).items.length;
    },
    get isIdentified() {
      return vetting.vet(whole(raw)).isComplete;
    },
    get readTo() {
      const { heldFrom } = whole(raw);
      return heldFrom && heldFrom > raw.readTo ? heldFrom : raw.readTo;
    },
    get gaps() {
      return [...unnumbered(raw.items), ...vetting.gaps];
    },
    get remarks() {
      const { remarks } = vetting.vet(whole(raw));
      return [...(respelled ? [respelled] : []), ...byArgo(raw.items), ...remarks];
    },
    next: () => raw.next(),
    get isSpent() {
      return vetting.isSpent;
    },
    unknown: (question) => vetting.unknown(whole(raw).items, question),
    hasCandidates: (question) => vetting.hasCandidates(whole(raw).items, question),
    vet: (question) => vetting.ask(whole(raw).items, question),
  };
}

/** Argo CD names commits of the repository that it reads: those are changes of configuration, where the code is elsewhere. */
function byArgo(all: readonly Deployment[]): Remark[] {
  if (!all.some((deployment) => deployment.statuses.some((status) => isArgo(status.logUrl)))) return [];
  return [
    {
      what: 'Argo CD records these deployments.',
      consequence:
        'By default it does so under the commits of the repository that it reads. Where the code is in another, these are times of its configuration: ask there, with "deploy-source: gitops".',
    },
  ];
}

interface Whole {
  items: readonly RawDeployment[];
  /** When the youngest of what is held back was created; `null`: nothing is. */
  heldFrom: Date | null;
  /** Of what it was made. */
  length: number;
  complete: boolean;
}

const wholes = new WeakMap<object, Whole>();

/** What was read, without the deployments of a run of which more may come with the next page. */
function whole(raw: { items: readonly RawDeployment[]; complete: boolean }): Whole {
  const known = wholes.get(raw);
  if (known && known.length === raw.items.length && known.complete === raw.complete) return known;
  const oldest = raw.items.at(-1);
  const run = raw.complete || !oldest ? undefined : runOf(oldest)?.run;
  const isHeld = (deployment: RawDeployment) => run !== undefined && runOf(deployment)?.run === run;
  const held = raw.items.filter(isHeld);
  const made = {
    items: raw.items.filter((item) => !isHeld(item)),
    heldFrom: held.length > 0 ? max(held.map((deployment) => deployment.createdAt)) : null,
    length: raw.items.length,
    complete: raw.complete,
  };
  wholes.set(raw, made);
  return made;
}

function rawOf(
  node: DeploymentNode,
  statuses: v.InferOutput<typeof statusPage>['nodes'],
  now: Date,
): RawDeployment {
  const createdAt = new Date(node.createdAt);
  const deployment: Deployment = {
    id: node.databaseId ?? node.id,
    sha: node.commitOid,
    commitExists: node.commit !== null,
    createdAt,
    state: node.state,
    statuses: statuses.map((status) => ({ ...status, createdAt: new Date(status.createdAt) })),
    creator: node.creator && personOf(node.creator.login, node.creator.__typename),
    trigger: null,
    url: null,
    ref: node.ref?.name ?? null,
    hasAllStatuses: now.getTime() - createdAt.getTime() < STATUSES_KEPT,
  };
  return { ...deployment, task: node.task, refPrefix: node.ref?.prefix ?? null };
}

/** GraphQL's integers end at 2,147,483,647; a number past that may be left out. */
function unnumbered(all: readonly Deployment[]): Gap[] {
  return all
    .filter((deployment) => typeof deployment.id === 'string')
    .map(({ id }) => ({
      what: `GitHub did not say the number of deployment ${id}.`,
      consequence: 'It is called by its node id, and is not found where an event names it by its number.',
      verdictAtRisk: false,
    }));
}

/** All of a deployment's statuses: the first success may be the oldest of more than a page. */
async function everyStatus(repo: Repo, node: DeploymentNode) {
  const statuses = [...node.statuses.nodes];
  let page = node.statuses;
  while (page.pageInfo.hasNextPage) {
    const answer = await repo.graphql(
      STATUSES,
      { id: node.id, after: page.pageInfo.endCursor },
      v.object({ node: v.object({ statuses: statusPage }) }),
    );
    page = answer.node.statuses;
    statuses.push(...page.nodes);
  }
  return statuses;
}
