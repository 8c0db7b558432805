import type { Survey, SurveyedWorkflow } from '../github/survey.ts';
import { GuardError, oneLine } from '../model/guard-error.ts';
import { counted } from '../report/words.ts';

/** From how a repository deploys to how the guard is to look at it, and why. */

/** What starts the guard after a deploy. */
export type Start =
  /** When workflows of these names have ended. */
  | {
      on: 'workflow_run';
      workflows: string[];
      branch: string | null;
      /** The job that deploys, by its key, and its file: where the guard could be a job of its own that needs it. */
      job: { file: string; id: string } | null;
    }
  | { on: 'deployment_status'; environment: string }
  | { on: 'release' }
  | { on: 'push-of-tags'; pattern: string }
  /** Nothing that GitHub tells of: the schedule alone looks at it. */
  | { on: 'nothing' };

export interface Choice {
  /** Of the action: what is a deploy. */
  inputs: Record<string, string>;
  source: 'deployments' | 'workflow' | 'releases' | 'tags';
  start: Start;
  /** When it was deployed last, where that is long ago: what is measured is measured up to then. `null`: now. */
  asOf: Date | null;
  /** What was seen, why this was chosen, and what else it could have been: a line each. */
  why: string[];
}

/** What was not deployed to for so long is not how a team deploys now, in milliseconds: ninety days. */
const LATELY = 90 * 86_400_000;
const PREVIEW = /preview|^review\b|(?:^|[-_/ ])pr[-_ ]?\d+/i;
const BEFORE_PRODUCTION =
  /(?:^|[-_/ ])(?:staging|stage|stg|dev|development|test|testing|qa|uat|sandbox|demo|pre-?prod(?:uction)?|non-?prod(?:uction)?|canary)(?:[-_/ ]|$)/i;
const DEPLOYS = /deploy|release|publish|promote|roll-?out|\bship\b/i;
const GITHUB_ITSELF = /^github-actions(?:\[bot\])?$/;

/** How likely an environment is where changes are live: 0 is surest. */
function rankOf(environment: string): number {
  if (/^prod(?:uction)?$/i.test(environment)) return 0;
  if (BEFORE_PRODUCTION.test(environment)) return 3;
  return /prod|live/i.test(environment) ? 1 : 2;
}

/**
 * Chooses what is a deploy, and what starts the guard after one.
 *
 * @throws {GuardError} where nothing shows how it deploys: what was looked for, and what to do.
 */
export function choose(survey: Survey, now: Date): Choice {
  const last = lastOf(survey);
  const isStale = last !== null && now.getTime() - last.getTime() > LATELY;
  const at = isStale ? last : now;
  const choice = byDeployments(survey, at) ?? byWorkflow(survey) ?? byReleases(survey, at) ?? byTags(survey);
  if (choice !== null && survey.readTo !== null)
    choice.why.push(
      `There are more deployments than were read: those before ${survey.readTo.toISOString().slice(0, 10)} were not looked at, so an environment that was deployed to before then alone is not among these.`,
    );
  if (choice !== null)
    return isStale
      ? {
          ...choice,
          asOf: last,
          why: [
            `Nothing has been deployed since ${last.toISOString().slice(0, 10)}: what follows is as of that day.`,
            ...choice.why,
          ],
        }
      : { ...choice, asOf: null };
  throw new GuardError(
    `Nothing shows how this repository deploys: no successful deployment, no job of a workflow that says it deploys, no release, no annotated tag. Let the job that deploys name an "environment:" and run this again after its next success, or take one of docs/recipes.md by hand.`,
  );
}

/** What each way of deploying comes to. */
type Found = Omit<Choice, 'asOf'>;

/** When something went live last, as deployments and releases tell. */
function lastOf({ deployments, releases }: Survey): Date | null {
  const deployed = deployments.find(
    (deployment) => deployment.isSuccess && !PREVIEW.test(deployment.environment),
  )?.at;
  return deployed ?? releases[0]?.publishedAt ?? null;
}

function byDeployments({ deployments, workflows, baseBranch }: Survey, now: Date): Found | null {
  const lately = deployments.filter(
    (deployment) => deployment.isSuccess && now.getTime() - deployment.at.getTime() <= LATELY,
  );
  const previews = new Set(lately.map((each) => each.environment).filter((each) => PREVIEW.test(each)));
  const counts = new Map<string, number>();
  for (const { environment } of lately)
    if (!previews.has(environment)) counts.set(environment, (counts.get(environment) ?? 0) + 1);
  const ranked = [...counts].sort(
    (a, b) => rankOf(a[0]) - rankOf(b[0]) || b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
  );
  const [first] = ranked;
  if (first === undefined) return null;
  const [environment, count] = first;
  const equals = ranked
    .slice(1)
    .filter(([name]) => Math.min(rankOf(name), 1) === Math.min(rankOf(environment), 1));
  const before = ranked.filter(([name]) => rankOf(name) === 3 && name !== environment).map(([name]) => name);
  const makers = [
    ...new Set(lately.filter((each) => each.environment === environment).map((each) => each.creator)),
  ];
  const why = [
    `Environment "${oneLine(environment, 60)}": ${counted(count, 'successful deployment')} in the last 90 days${rankOf(environment) === 0 ? ', and the name says it is live' : ranked.length === 1 ? ', and no other has any' : ', and no other is more likely to be live'}.`,
    ...(equals.length > 0
      ? [
          `Ambiguous: ${equals.map(([name, times]) => `"${oneLine(name, 60)}" (${times})`).join(', ')} could be live too. Services each name theirs under "services" in .github/deploy-latency.yml; regions of one stand as several lines under "environment".`,
        ]
      : []),
    ...(before.length > 0
      ? [
          `Taken for stages before it, by their names: ${before
            .slice(0, 5)
            .map((each) => oneLine(each, 40))
            .join(', ')}.`,
        ]
      : []),
    ...(previews.size > 0 ? [`Left out as previews: ${counted(previews.size, 'environment')}.`] : []),
  ];
  const choice = { inputs: { environment }, source: 'deployments' as const };
  const deploying = workflowsThatDeploy(workflows, (workflow) =>
    workflow.jobs.some(
      (job) => job.makesDeployment && job.environment?.toLowerCase() === environment.toLowerCase(),
    ),
  );
  if (deploying.length > 0) {
    const jobs = deploying.flatMap(({ file, jobs: all }) =>
      all
        .filter((job) => job.environment?.toLowerCase() === environment.toLowerCase())
        .map(({ id, name }) => ({ file, id, name })),
    );
    const [job] = jobs;
    return {
      ...choice,
      start: afterWorkflows(deploying, baseBranch, jobs.length === 1 ? job : undefined),
      why: [
        ...why,
        `It is deployed to by ${deploying.map(({ file }) => oneLine(file, 60)).join(', ')}${job ? ` (job "${oneLine(job.name, 60)}")` : ''}, with the job's own token, whose deployments start no workflow: so the guard starts when that workflow has ended ("workflow_run").${jobs.length === 1 ? ' As a job of that file that needs it, which stands below as a comment, it would do the same; that file is not touched.' : ''}`,
      ],
    };
  }
  if (makers.every((run) => run !== null && !GITHUB_ITSELF.test(run)))
    return {
      ...choice,
      start: { on: 'deployment_status', environment },
      why: [
        ...why,
        `It is deployed to by ${makers.map((run) => oneLine(run ?? '', 40)).join(', ')}, whose deployments start workflows: so the guard starts with each that succeeds ("deployment_status").`,
      ],
    };
  const byScript = workflowsThatDeploy(workflows, (workflow) => workflow.makesDeployments);
  if (byScript.length > 0)
    return {
      ...choice,
      start: afterWorkflows(byScript, baseBranch),
      why: [
        ...why,
        `Its deployments are made with a job's own token, which starts no workflow, most likely by ${byScript.map(({ file }) => oneLine(file, 60)).join(', ')}: so the guard starts when that has ended ("workflow_run").`,
      ],
    };
  return {
    ...choice,
    start: { on: 'nothing' },
    why: [
      ...why,
      'Its deployments are made with a token that starts no workflow, and no workflow file here shows where: so the weekly check alone looks at it.',
    ],
  };
}

/** Those that do it, or call one that does; not those of pull requests alone. */
function workflowsThatDeploy(
  all: readonly SurveyedWorkflow[],
  deploys: (each: SurveyedWorkflow) => boolean,
): SurveyedWorkflow[] {
  const own = all.filter(deploys);
  const callers = all.filter((workflow) =>
    workflow.jobs.some((job) => own.some(({ file }) => job.calls === `./.github/workflows/${file}`)),
  );
  return [...new Set([...own, ...callers])].filter((workflow) =>
    workflow.events.some((event) => event !== 'workflow_call' && !event.startsWith('pull_request')),
  );
}

/** Runs of releases and tags are on no branch: only where all are of pushes to it, it is asked for. */
function afterWorkflows(
  workflows: readonly SurveyedWorkflow[],
  baseBranch: string,
  job?: { file: string; id: string },
): Start {
  const isOfBranch = workflows.every((workflow) =>
    workflow.events.every(
      (event) =>
        ['push', 'workflow_dispatch', 'schedule', 'merge_group', 'workflow_call'].includes(event) ||
        event.startsWith('pull_request'),
    ),
  );
  return {
    on: 'workflow_run',
    workflows: workflows.map(({ name }) => name),
    branch: isOfBranch ? baseBranch : null,
    job: job && /^[\w-]+$/.test(job.id) ? { file: job.file, id: job.id } : null,
  };
}

function byWorkflow({ workflows, baseBranch }: Survey): Found | null {
  const found = workflows
    .filter((workflow) =>
      workflow.events.some((event) => ['push', 'release', 'workflow_dispatch', 'schedule'].includes(event)),
    )
    .flatMap((workflow) =>
      workflow.jobs
        .filter((job) => DEPLOYS.test(job.name) || DEPLOYS.test(job.id))
        .map((job) => ({ workflow: workflow, job })),
    )
    .sort((a, b) => Number(DEPLOYS.test(b.workflow.file)) - Number(DEPLOYS.test(a.workflow.file)));
  const [first, ...others] = found;
  if (first === undefined) return null;
  const { workflow, job } = first;
  const isAlone = workflow.jobs.length === 1 || job.matrix || job.calls !== null;
  return {
    inputs: {
      'deploy-source': 'workflow',
      'deploy-workflow': workflow.file,
      ...(isAlone ? {} : { 'deploy-job': job.name }),
    },
    source: 'workflow',
    start: afterWorkflows([workflow], baseBranch),
    why: [
      'No environment was deployed to in 90 days.',
      `Job "${oneLine(job.name, 60)}" of ${oneLine(workflow.file, 60)} says by its name that it deploys, so ${isAlone ? "a run's" : 'its'} success is taken for a deploy. With "environment:" in that job GitHub would record each one.`,
      ...(others.length > 0
        ? [
            `Ambiguous: ${others
              .slice(0, 5)
              .map((each) => `"${oneLine(each.job.name, 40)}" of ${oneLine(each.workflow.file, 40)}`)
              .join(', ')} could be it too.`,
          ]
        : []),
    ],
  };
}

function byReleases({ releases }: Survey, now: Date): Found | null {
  const lately = releases.filter((release) => now.getTime() - release.publishedAt.getTime() <= LATELY);
  const [newest] = lately;
  if (newest === undefined) return null;
  const isByJob = newest.author !== null && GITHUB_ITSELF.test(newest.author);
  return {
    inputs: { 'deploy-source': 'releases' },
    source: 'releases',
    start: isByJob ? { on: 'nothing' } : { on: 'release' },
    why: [
      'No environment was deployed to in 90 days, and no job says that it deploys.',
      `${lately.length === releases.length && lately.length >= 100 ? 'At least ' : ''}${counted(lately.length, 'release')} published in the last 90 days, the newest ${oneLine(newest.tag, 60)}: each is taken for a deploy.`,
      isByJob
        ? "They are published with a job's own token, which starts no workflow: so the weekly check alone looks at them."
        : 'The guard starts with each that is published.',
    ],
  };
}

function byTags({ tags }: Survey): Found | null {
  const annotated = tags.filter((tag) => tag.isAnnotated);
  const [newest] = annotated;
  if (newest === undefined) return null;
  const [, prefix = ''] = /^(.*?)\d/.exec(newest.name) ?? [];
  const pattern = `${prefix}*`;
  return {
    inputs: { 'deploy-source': 'tags', 'deploy-tag': pattern },
    source: 'tags',
    start: { on: 'push-of-tags', pattern },
    why: [
      'No environment was deployed to in 90 days, no job says that it deploys, and there is no release.',
      `Annotated tags, the newest ${oneLine(newest.name, 60)}: each that is called ${oneLine(pattern, 60)} is taken for a deploy, at its tagger's time.`,
    ],
  };
}
