import type { Lookups, Survey, SurveyedWorkflow } from '../github/survey.ts';
import { oneLine } from '../model/guard-error.ts';
import type { FileJob, FileStep } from '../model/workflow-file.ts';
import { listed } from '../report/words.ts';
import {
  afterWorkflows,
  ageOf,
  areApart,
  asOfReason,
  BEFORE_PRODUCTION,
  byName,
  type Candidate,
  groupedBy,
  named,
  PRODUCTION,
  pathsOf,
  RECENT_MS,
  type SetUpService,
  serviceNameOf,
  servicesReason,
} from './candidate.ts';

/** Jobs that seem to deploy as candidates. */

const DEPLOYS = /deploy|promote|roll-?out|\bship\b/i;
const PUBLISHES = /release|publish/i;
const NOT_PRODUCTION = /preview|\breview\b|storybook|\b(?:docs?|documentation|pages)\b/i;
const PAGES_STEP = /gh-pages|github-pages|deploy-pages|mkdocs gh-deploy/i;
const DEPLOYING_STEP =
  /\b(?:fly(?:ctl)? deploy|vercel\b.*--prod|netlify deploy\b.*--prod|git push (?:dokku|heroku)|kubectl (?:apply|set image|rollout)|helm (?:upgrade|install)|(?:serverless|sls|cdk|sam|wrangler|firebase|kamal|eb) deploy|gcloud (?:run|app|functions) deploy|aws (?:ecs update-service|lambda update-function-code|deploy )|az (?:webapp|containerapp)|docker stack deploy|railway up|pulumi up|terra(?:form|grunt) (?:\S+ )*apply|ansible-playbook)/;
const DEPLOYING_ACTION = /deploy|flyctl|heroku|wrangler-action|helm-action/i;
const RELEASING_STEP =
  /release-please|semantic-release|action-gh-release|release-action|create-release|changesets\/action|goreleaser|release-drafter|gh release create|release-it/i;
const IMAGE_STEP = /docker\/build-push-action|docker (?:push|buildx build\b.*--push)/i;

interface DeployJob {
  workflow: SurveyedWorkflow;
  job: FileJob;
  rank: number;
  /** Why it seems to deploy. */
  why: string;
}

const textOf = ({ name, uses, run }: FileStep) => [name, uses, run].filter(Boolean).join('\n');
export const makesReleases = ({ steps, id, name }: FileJob) =>
  steps.some((step) => RELEASING_STEP.test(textOf(step))) || RELEASING_STEP.test(`${id} ${name}`);

/** The repository whose files a job changes and pushes, as GitOps does. `null` if it does not. */
function gitopsTarget({ steps }: FileJob): string | null {
  const script = steps.map(({ run }) => run ?? '').join('\n');
  if (
    !/git push/.test(script) ||
    !/kustomize edit|\byq\b|image\.?tag|values[\w-]*\.ya?ml|sed -i/i.test(script)
  )
    return null;
  const checkedOut = steps.map((step) => step.with.repository).find((name) => typeof name === 'string');
  return checkedOut ?? /github\.com[/:]([\w.-]+\/[\w-]+)/.exec(script)?.[1] ?? 'this repository';
}

/** How likely a job makes changes live, by its names and steps. `null`: it does not look like it. */
function deployJobOf(workflow: SurveyedWorkflow, job: FileJob): DeployJob | null {
  const own = `${job.id} ${job.name} ${job.environment ?? ''}`.replaceAll('_', ' ');
  const words = `${own} ${workflow.file} ${workflow.name}`.replace(/[-_.]/g, ' ');
  const steps = job.steps.map(textOf);
  const step = job.steps.find(
    ({ uses, run, name }) =>
      DEPLOYING_STEP.test(run ?? '') || DEPLOYING_ACTION.test(uses ?? '') || DEPLOYS.test(name ?? ''),
  );
  const isNamed = DEPLOYS.test(own) || DEPLOYS.test(job.calls ?? '');
  const gitops = gitopsTarget(job);
  const isStage = BEFORE_PRODUCTION.test(own) || (!PRODUCTION.test(words) && BEFORE_PRODUCTION.test(words));
  const found = (rank: number, why: string) => ({ workflow, job, rank, why });
  const subject = `Job ${named(job.name)} in ${oneLine(workflow.file, 60)}`;
  const isElsewhere =
    NOT_PRODUCTION.test(words.replace(/github pages/i, 'pages')) ||
    steps.some((text) => PAGES_STEP.test(text));
  if (isNamed || step || gitops) {
    const rank =
      isElsewhere || (isStage && !PRODUCTION.test(own))
        ? 4
        : PRODUCTION.test(words)
          ? 1
          : isNamed
            ? 1.1
            : 1.2;
    if (isNamed && !(makesReleases(job) && !step))
      return found(rank, `${subject} seems to deploy, judging by its name.`);
    if (step)
      return found(
        rank,
        `${subject} has the step ${named(step.name ?? step.uses ?? step.run ?? '')}, so it seems to deploy.`,
      );
    if (gitops) return found(rank, `${subject} changes the configuration of a cluster.`);
  }
  if (makesReleases(job) || PUBLISHES.test(own))
    return found(
      isElsewhere || isStage ? 4 : 3.1,
      `${subject} publishes, judging by its ${PUBLISHES.test(own) ? 'name' : 'steps'}, and no other job seems to deploy.`,
    );
  return null;
}

/** Runs by workflow file. `null`: unknown. */
type Activity = ReadonlyMap<string, Awaited<ReturnType<Lookups['activityOf']>>>;

export async function jobCandidates(survey: Survey, lookups: Lookups, now: Date) {
  const recorded = new Set(
    survey.deployments
      .filter(({ isSuccess }) => isSuccess)
      .map(({ environment }) => environment.toLowerCase()),
  );
  const found = survey.workflows
    .filter((workflow) =>
      workflow.events.some((event) =>
        ['push', 'release', 'workflow_dispatch', 'schedule', 'workflow_run'].includes(event),
      ),
    )
    .flatMap((workflow) => workflow.jobs.flatMap((job) => deployJobOf(workflow, job) ?? []))
    // Its deployments are recorded, and show more than its runs.
    .filter(({ job }) => {
      const environment = job.makesDeployment ? job.environment : null;
      return (
        environment === null ||
        !(recorded.has(environment.toLowerCase()) || (environment.includes('${{') && recorded.size > 0))
      );
    });
  const activity = new Map(
    await Promise.all(
      [...new Set(found.map(({ workflow }) => workflow.file))].map(
        async (file) => [file, await lookups.activityOf(file)] as const,
      ),
    ),
  );
  const candidates = found.map((deployJob): Candidate => {
    const { workflow, job, rank, why } = deployJob;
    const { count = 0, newest = null } = activity.get(workflow.file) ?? {};
    const isAlone = workflow.jobs.length === 1 || job.calls !== null || job.name.includes('${{');
    const asOf = newest !== null && ageOf(newest, now) > RECENT_MS ? newest : null;
    return {
      label: labelOf(deployJob),
      tier: rank + (asOf === null ? 0 : 3),
      count,
      inputs: {
        'deploy-source': 'workflow',
        'deploy-workflow': workflow.file,
        ...(isAlone ? {} : { 'deploy-job': job.name }),
      },
      services: null,
      source: 'workflow',
      start: afterWorkflows([workflow], survey.baseBranch),
      asOf,
      reasons: [
        asOfReason('run', asOf),
        `${recorded.size > 0 ? 'No deployment to production was recorded in the last 90 days.' : 'No environment has a deployment in the last 90 days.'} ${why} Each successful ${isAlone ? 'run' : 'job'} counts as a deployment. ${job.environment === null ? 'With "environment:" in that job' : 'Without "deployment: false" in its environment'}, GitHub would record each one.`,
        ...missingFor(deployJob),
      ].filter((reason) => reason !== false),
    };
  });
  const services = jobServices(found, activity, survey.baseBranch);
  return {
    candidates: [...(services ? [services] : []), ...candidates],
    remarks: (chosen: Candidate) => jobRemarks(found, candidates, chosen, activity, survey.baseBranch),
  };
}

const labelOf = ({ job, workflow }: DeployJob) => `job ${named(job.name)} in ${oneLine(workflow.file, 60)}`;

/** Limits of a job's runs. */
function missingFor({ job, workflow }: DeployJob): string[] {
  const repository = gitopsTarget(job);
  const subject = `Job ${named(job.name)} in ${oneLine(workflow.file, 60)}`;
  if (repository !== null)
    return [
      `${subject} commits to ${oneLine(repository, 80)}, which looks like GitOps. A change is live only when the cluster has applied that commit. To count that, use "deploy-source: gitops" with the file that it changes. The recipe is in docs/recipes.md#gitops.`,
    ];
  const isImage = job.steps.some((step) => IMAGE_STEP.test(textOf(step)));
  return isImage && !job.steps.some(({ run }) => DEPLOYING_STEP.test(run ?? ''))
    ? [
        `${subject} pushes an image, and no record shows when it runs. The guard measures until the push. To measure until it runs, record a deployment, or use "live-url" (docs/recipes.md#ask-production).`,
      ]
    : [];
}

function jobRemarks(
  found: readonly DeployJob[],
  candidates: readonly Candidate[],
  chosen: Candidate,
  activity: Activity,
  baseBranch: string,
): string[] {
  const others = found.filter((_, i) => candidates[i]?.label !== chosen.label);
  const isIdle = ({ workflow }: DeployJob) => activity.get(workflow.file)?.count === 0;
  const isCovered = ({ workflow }: DeployJob) =>
    chosen.services?.some(({ keys }) => keys.workflow === workflow.file) || false;
  const listOf = (jobs: readonly DeployJob[]) =>
    listed([
      ...new Set(
        jobs.slice(0, 5).map(({ job, workflow }) => `${named(job.name)} in ${oneLine(workflow.file, 40)}`),
      ),
    ]);
  const releasing = others.filter(({ rank, job }) => rank === 3.1 && makesReleases(job));
  const elsewhere = chosen.tier < 4 ? others.filter(({ rank }) => rank === 4) : [];
  const likely =
    chosen.tier >= 0.2 && chosen.tier < 3
      ? others.filter((other) => other.rank < 2 && !isCovered(other))
      : [];
  const possible = likely.filter((other) => !isIdle(other));
  const idle = likely.filter(isIdle);
  return [
    releasing.length > 0 &&
      chosen.source !== 'workflow' &&
      `Job ${listOf(releasing)} makes releases, so its success is not a deployment.`,
    possible.length > 0 && `Also possible: ${listOf(possible)}.`,
    idle.length > 0 && `No runs on ${oneLine(baseBranch, 60)}: ${listOf(idle)}.`,
    elsewhere.length > 0 &&
      `Not counted: ${listOf(elsewhere)}. Judging by the names, that is not production.`,
  ].filter((remark) => remark !== false);
}

/** Jobs in workflows with different paths, as services. `null` if they are not apart. */
function jobServices(found: readonly DeployJob[], activity: Activity, baseBranch: string): Candidate | null {
  const active = found.filter(({ rank, workflow }) => rank < 2 && activity.get(workflow.file)?.count !== 0);
  const byFile = groupedBy(active, ({ workflow }) => workflow);
  if (byFile.size < 2) return null;
  const services = [...byFile].flatMap(([workflow, [first]]): SetUpService[] => {
    if (!first) return [];
    const isAlone = workflow.jobs.length === 1 || first.job.calls !== null || first.job.name.includes('${{');
    return [
      {
        name: serviceNameOf(workflow.file),
        paths: pathsOf(workflow),
        keys: { workflow: workflow.file, ...(isAlone ? {} : { job: first.job.name }) },
      },
    ];
  });
  if (!areApart(services) || services.some(({ paths }) => paths === null)) return null;
  byName(services);
  const workflows = [...byFile.keys()].sort((a, b) => (a.file < b.file ? -1 : 1));
  return {
    label: `services ${listed(services.map(({ name }) => oneLine(name, 40)))}`,
    tier: 0.9,
    count: 0,
    inputs: {},
    services,
    source: 'workflow',
    start: afterWorkflows(workflows, baseBranch),
    asOf: null,
    reasons: [
      `${servicesReason(services, 'from the workflows')} No environment has a deployment, so each successful job counts as one.`,
    ],
  };
}
