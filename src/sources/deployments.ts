import { max } from 'date-fns';
import * as v from 'valibot';
import { instant, pageOf } from '../github/answers.ts';
import { deployedCommit, DEPLOYED_COMMIT } from '../github/history/commits.ts';
import type { PageList } from '../github/once.ts';
import { pagedFeed } from '../github/paging.ts';
import { actor, personOf } from '../github/person.ts';
import type { Repo } from '../github/repo.ts';
import type { DeploymentFeed } from '../model/deployment-feed.ts';
import type { Deployment, DeploymentState, Gap, Remark } from '../model/facts.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { runOf } from '../model/pipeline.ts';
import { isArgo } from '../model/statuses.ts';
import { JOB_INPUTS, type JobOptions, jobOptionsIn } from './job-inputs.ts';
import { firstOf, noteIf } from './phrases.ts';
import type { RawDeployment } from './raw-deployment.ts';
import { repositoryPages } from './repository-pages.ts';
import type { DeploySource, SourceIO } from './source.ts';
import type { TriggeredWorkflows } from './triggering-commits.ts';
import { type VettingOptions, vettingOf } from './vetting.ts';
import { workflowFilesOf } from './workflow-jobs.ts';

/** Deployments of an environment as GitHub records them. */

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

/** A state that is unknown here is neither a success nor a failure: such a deployment counts as running. */
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
  // `null`: made from a commit, or the branch is gone.
  ref: v.nullable(v.object({ name: v.string(), prefix: v.string() })),
  creator: actor,
  commit: v.nullable(deployedCommit),
  statuses: statusPage,
});
const deploymentPage = v.object({ deployments: pageOf(deploymentNode) });

type DeploymentNode = v.InferOutput<typeof deploymentNode>;

export type DeploymentOptions = Omit<VettingOptions, 'liveWith'>;

/** GitHub keeps statuses for 90 days. This is a day less, in milliseconds, because clocks may differ. */
const STATUSES_KEPT = 89 * 86_400_000;

export const deployments = {
  kind: 'deployments',
  inputs: {
    ...JOB_INPUTS,
    'deploy-task': {
      default: '',
      isInput: false,
      accepts: { pattern: '^[\\s\\S]{1,128}$', words: 'the task of a deployment, such as deploy' },
      description: 'Task of the deployments that count. Defaults to `deploy`, or to the only task there is.',
    },
  },
  parse: (inputs): DeploymentOptions => ({
    ...jobOptionsIn(inputs),
    task: inputs['deploy-task'] || null,
  }),
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
    patterns.some((pattern) => /^!|\*/.test(pattern))
      ? (await import('./environments.ts')).environmentsLike(io, patterns)
      : [...patterns],
  async open(io, { environment, liveWith }, options) {
    const vettingOptions = { ...options, liveWith };
    const feed = await openNamed(io, environment, vettingOptions);
    if (feed.items.length > 0 || !feed.complete) return feed;
    const { environmentLike } = await import('./environments.ts');
    const spelledByGitHub = await environmentLike(io, environment);
    if (spelledByGitHub === null) return feed;
    const remark = {
      what: `Input "environment" is "${oneLine(environment)}". GitHub spells it "${oneLine(spelledByGitHub)}", so that environment was used.`,
      consequence: 'Spell it the same way in case an environment with a similar name is added.',
    };
    return openNamed({ ...io, opened: null }, spelledByGitHub, vettingOptions, remark);
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

/** All deployments of an environment, including those that a service does not count. */
function listOf(io: SourceIO, environment: string): Promise<PageList<RawDeployment>> {
  const list = {
    name: `deployments to ${environment}`,
    query: DEPLOYMENTS,
    variables: { environments: [environment] },
  };
  return repositoryPages(io, list, deploymentPage, async ({ deployments: { nodes, pageInfo } }) => ({
    pageInfo,
    nodes: await Promise.all(
      nodes.map(async (node) => {
        if (node.commit) io.history.add(node.commit);
        return rawOf(node, await everyStatus(io.repo, node), io.asker.now);
      }),
    ),
  }));
}

async function openNamed(
  io: SourceIO,
  environment: string,
  options: VettingOptions,
  /** Says that the input spells the environment differently. */
  respelled?: Remark,
): Promise<DeploymentFeed> {
  const raw = await pagedFeed(await listOf(io, environment), (node: RawDeployment) => node);
  const vetting = vettingOf(io, options, await triggeredBy(io, environment, options));
  return {
    get items() {
      return vetting.classify(completeRuns(raw).items).deployments;
    },
    environment: respelled ? environment : null,
    get complete() {
      return raw.complete;
    },
    // The list itself, the runs on its commits, and their jobs.
    requestsAPage: options.job !== null ? 3 : options.file !== null ? 2 : 1,
    get listed() {
      return completeRuns(raw).items.length;
    },
    get isIdentified() {
      return vetting.classify(completeRuns(raw).items).isComplete;
    },
    get readTo() {
      const { heldBackFrom } = completeRuns(raw);
      return heldBackFrom && heldBackFrom > raw.readTo ? heldBackFrom : raw.readTo;
    },
    get gaps() {
      return [...unnumbered(raw.items), ...vetting.gaps];
    },
    get remarks() {
      const { remarks } = vetting.classify(completeRuns(raw).items);
      return [...(respelled ? [respelled] : []), ...byArgo(raw.items), ...remarks];
    },
    get error() {
      const { tasks } = vetting.classify(completeRuns(raw).items);
      return tasks.size > 0 ? severalTasks(environment, tasks) : null;
    },
    get otherTasks() {
      return vetting.classify(completeRuns(raw).items).otherTasks;
    },
    next: () => raw.next(),
    get isExhausted() {
      return vetting.isSpent;
    },
    neededLookups: (question) => vetting.unknown(completeRuns(raw).items, question),
    hasCandidates: (question) => vetting.hasCandidates(completeRuns(raw).items, question),
    lookUp: (question) => vetting.lookUp(completeRuns(raw).items, question),
  };
}

/** Few repositories have such workflows, so the code for them is not loaded before. */
async function triggeredBy(
  io: SourceIO,
  environment: string,
  options: JobOptions,
): Promise<TriggeredWorkflows | null> {
  const files = await workflowFilesOf(io);
  if (!files.some(({ text }) => /\bworkflow_run\b|\b(?:inputs|client_payload)\./.test(text))) return null;
  return (await import('./triggering-commits.ts')).triggeredWorkflows(io, environment, options);
}

function severalTasks(environment: string, tasks: ReadonlyMap<string, number>): GuardError {
  const counts = [...tasks]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([task, count]) => `${oneLine(task, 60)} (${count})`);
  return new GuardError(
    `Input "deploy-task" is not set; the deployments to ${oneLine(environment, 60)} have ${tasks.size} tasks, and none is "deploy". Accepted: one of ${firstOf(counts)}.`,
  );
}

/** Argo CD deploys commits of the repository that it reads. If the code is elsewhere, those are configuration changes. */
function byArgo(deployments: readonly Deployment[]): Remark[] {
  const isByArgo = deployments.some(({ statuses }) => statuses.some((status) => isArgo(status.logUrl)));
  return noteIf(isByArgo, {
    what: 'Argo CD records these deployments.',
    consequence:
      'By default it records them under the commits of the repository it reads. If the code is in another repository, this measures configuration changes. Run the guard there with "deploy-source: gitops".',
  });
}

interface RawFeed {
  items: readonly RawDeployment[];
  complete: boolean;
}

interface CompleteRuns {
  items: readonly RawDeployment[];
  /** Creation of the newest deployment that is held back; `null`: none is. */
  heldBackFrom: Date | null;
}

/** Results by feed, with the feed's state at that time. */
const results = new WeakMap<RawFeed, { length: number; complete: boolean; result: CompleteRuns }>();

/** The deployments that were read, without those of the oldest run: the next page may have more of it. */
function completeRuns(raw: RawFeed): CompleteRuns {
  const cached = results.get(raw);
  if (cached?.length === raw.items.length && cached.complete === raw.complete) return cached.result;
  const oldest = raw.items.at(-1);
  const run = raw.complete || !oldest ? undefined : runOf(oldest)?.run;
  const isHeldBack = (deployment: RawDeployment) => run !== undefined && runOf(deployment)?.run === run;
  const heldBack = raw.items.filter(isHeldBack);
  const result = {
    items: raw.items.filter((item) => !isHeldBack(item)),
    heldBackFrom: heldBack.length > 0 ? max(heldBack.map((deployment) => deployment.createdAt)) : null,
  };
  results.set(raw, { length: raw.items.length, complete: raw.complete, result });
  return result;
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

/** GraphQL integers end at 2,147,483,647. GitHub may omit larger numbers. */
function unnumbered(deployments: readonly Deployment[]): Gap[] {
  return deployments
    .filter((deployment) => typeof deployment.id === 'string')
    .map(({ id }) => ({
      what: `GitHub returned no number for deployment ${id}.`,
      consequence: 'The report shows its node id, and an event that names its number does not find it.',
      verdictAtRisk: false,
    }));
}

/** All statuses of a deployment. The first success may be on the last page. */
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
