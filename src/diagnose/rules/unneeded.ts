import type { FileJob } from '../../model/workflow-file.ts';
import { longestPerRun, type PathStep } from '../critical-path.ts';
import { fileJobOf, keyOf } from '../job-graph.ts';
import { builtTwice } from './building.ts';
import { commandsIn, isMostly, plain, runsAny } from './commands.ts';
import { isHeld, LIVE, LONG_WAIT, needlessHops, NOT_LIVE } from './environments.ts';
import { WORTH_SPLITTING } from './in-turn.ts';
import {
  artifactsIn,
  byCostliest,
  byGroup,
  deploymentsIn,
  does,
  DOWNLOAD,
  type Evidence,
  findingOf,
  type Hit,
  hitIn,
  isOpaque,
  jobDoes,
  jobOf,
  namesIn,
  newest,
  newestJobs,
  type Rule,
  scriptOf,
  secondsOf,
  stepsOf,
  takesOutput,
  UPLOAD,
} from './rule.ts';
import { artifactsOf, cachesOf, COMPUTES, onPath, savedWithout } from './waiting-jobs.ts';

/** Rules about work that the deployment does not need. */

export const provisionedInPath: Rule = {
  id: 'provisioned-in-path',
  title: 'Every deployment also applies infrastructure',
  advice: 'Apply infrastructure in its own workflow, when it changes. Let this workflow only deploy.',
  remains: [0, 0.5],
  find: (evidence) => {
    const deployments = deploymentsIn(evidence);
    const hops = Object.values(needlessHops(evidence)).flat();
    // A job that does for another environment what the deploying job does is no provisioning.
    const isDeployment = (step: PathStep) =>
      deployments.some(
        (other) =>
          other === step ||
          (other.fileJob?.id !== step.fileJob?.id &&
            JSON.stringify(other.fileJob?.steps) === JSON.stringify(step.fileJob?.steps)) ||
          isForAnotherEnvironment(step, other, evidence),
      );
    const groups = byGroup(evidence, (step) =>
      does(step, 'infrastructure') && !isDeployment(step) && !hops.some((hop) => hop.id === step.id)
        ? scriptOf(step).trim() || JSON.stringify(step.fileStep) || step.step
        : null,
    );
    const isTaken = ({ fileJob, fileStep }: PathStep) =>
      takesOutput(fileJob?.steps, [{ fileStep }]) ||
      newestJobs(evidence.path).some(({ chain }) =>
        chain.some(({ takes }) => fileJob !== null && takes.includes(fileJob.id)),
      );
    return groups.flatMap((steps) =>
      findingOf(
        evidence,
        steps,
        steps.some(isTaken) ? { advice: `${provisionedInPath.advice} ${OF_VARIABLES}` } : {},
      ),
    );
  },
};
const OF_VARIABLES =
  'Keep what later steps take from it, such as names and addresses, in variables of the repository.';

/** True if two jobs call one workflow, and only names of environments among its inputs differ. */
function isForAnotherEnvironment(step: PathStep, other: PathStep, { path }: Evidence): boolean {
  if (other.id === step.id || JSON.stringify(other.fileStep) !== JSON.stringify(step.fileStep)) return false;
  const [own = {}, others = {}] = [step, other].map((one) => newest(path).jobs.get(keyOf(one))?.values);
  return Object.keys({ ...own, ...others }).every((name) => {
    const values = [own[name] ?? '', others[name] ?? ''];
    return values[0] === values[1] || values.every((value) => NOT_LIVE.test(value) || LIVE.test(value));
  });
}

/** Commands that show what another one would change, and work that out again unless they hand it over. */
const PLANS: readonly [plan: RegExp, apply: RegExp][] = [
  [
    /^(?:terraform|tofu|terragrunt(?: run-all)?) plan\b(?!.*(?:-out|-detailed-exitcode|-destroy|\|))/,
    /^(?:terraform|tofu|terragrunt(?: run-all)?) apply\b(?: -\S+)*(?: [|>].*)?$/,
  ],
  [/^pulumi preview\b(?!.*--save-plan)/, /^pulumi up\b/],
  [/^cdk diff\b/, /^cdk deploy\b/],
];

const isSamePlace = (fileStep: PathStep['fileStep'], { fileStep: other }: PathStep): boolean =>
  fileStep?.directory === other?.directory &&
  /-chdir=(\S+)/.exec(fileStep?.run ?? '')?.[1] === /-chdir=(\S+)/.exec(other?.run ?? '')?.[1];

export const plannedTwice: Rule = {
  id: 'planned-twice',
  title: 'A plan is made and then thrown away',
  advice:
    'Save the plan, hand the file to the job that applies, and apply it, such as with `terraform plan -out=plan.bin` and `terraform apply plan.bin`. If nobody reads the plan, remove it.',
  remains: [0, 0.3],
  cause: 'twice',
  find: (evidence) => {
    const { path } = evidence;
    const steps = path.steps.filter((step) =>
      PLANS.some(([plan, apply]) => {
        if (!runsAny(scriptOf(step), plan) || runsAny(scriptOf(step), apply)) return false;
        const own = path.steps.filter(({ id }) => id === step.id);
        const appliesIn = (some: readonly PathStep[]) =>
          some.some((later) => runsAny(scriptOf(later), apply));
        if (takesOutput(step.fileJob, [step])) return false;
        if (appliesIn(own.slice(own.indexOf(step)))) return true;
        // In another job, the plan is made again unless it is handed over or somebody approves what it shows.
        const isInOrder = path.steps.indexOf(step);
        const handsOver = artifactsOf(
          newestJobs(path).filter((job) => onPath(path, job)?.id === step.id),
          UPLOAD,
        );
        const later = path.steps
          .slice(isInOrder)
          .filter(({ id, fileStep }) => id !== step.id && isSamePlace(fileStep, step));
        return handsOver.length === 0 && !isHeld(evidence) && appliesIn(later);
      }),
    );
    return findingOf(evidence, steps);
  },
};

/** A job that works for less does not need a runner of its own. Seconds. */
const LITTLE = 20;

export const smallJob: Rule = {
  id: 'small-job',
  title: 'A job that does little has to wait for a runner',
  advice: 'Move its steps to the job that needs their result, or run it in parallel.',
  remains: [0.05, 0.3],
  find: (evidence) => {
    const { path } = evidence;
    return newestJobs(path).flatMap((job): Hit[] => {
      const pathJob = onPath(path, job);
      const inFile = fileJobOf(job);
      const isSmall =
        job.seconds <= LITTLE && job.lagSeconds >= job.seconds && job.lagSeconds + job.seconds >= LONG_WAIT;
      // Jobs that hold an environment or a lock, and those that only check something, have a purpose of their own.
      if (!pathJob || !inFile || !isSmall || pathJob.isDeploy || pathJob.isAfter) return [];
      if (
        inFile.environment !== null ||
        inFile.group ||
        inFile.matrix ||
        jobDoes(inFile, 'test', 'deploy', 'infrastructure')
      )
        return [];
      const seen = pathJob.seen.map((run) => ({ ...run, seconds: run.seconds + job.lagSeconds }));
      const mayBeHeld = inFile.workflowGroup !== null && job.needs.length === 0;
      const doubt = mayBeHeld
        ? { doubt: 'The run may have waited for another one of its concurrency group.' }
        : {};
      return hitIn(pathJob.job, seen, longestPerRun(evidence.report.staged)).map((hit) => ({
        ...pathJob,
        ...hit,
        ...doubt,
        atStakeSeconds: savedWithout(job, path),
      }));
    });
  },
};

/** Work that only informs people or other tools about a change. */
const ASIDE =
  /codecov|coveralls|code-?coverage|test-report|publish-unit-test|test-summary|slack|ms-teams|discord|telegram|\bnotif(?:y|ies|ication)|sentry\S*release|action-release|\bsbom|release[- ]notes|release-drafter|change-?log|\bwiki\b|\bjira\b|newrelic|allure|announce|\bbadges?\b/i;

const ASIDE_JOB =
  /\b(?:storybook|chromatic|typedoc|coverage|release-?notes|change-?log|wiki|badges?|sbom|notify)\b/i;

const POWERLESS =
  'Its failure does not stop the deployment, so the deployment only waits for it. Move it to a job that the deployment does not need. Or let a failure stop the deployment.';

/** True if a step only tests or checks, and the job goes on when it fails. */
function cannotStop({ fileStep, fileJob }: PathStep): boolean {
  if (!fileStep || !does({ fileStep }, 'test', 'check')) return false;
  if (does({ fileStep }, 'build', 'image', 'deploy', 'database', 'infrastructure', 'publish')) return false;
  const commands = (fileStep.run ?? '').trim();
  const mayFail =
    fileStep.mayFail ||
    /\|\|\s*(?:true|:|echo [^\n]*|exit 0)\s*$/.test(commands.includes('\n') ? '' : commands);
  // A later step may look at its result.
  const isRead = takesOutput(fileJob, [{ fileStep }]);
  const later = (fileJob?.steps ?? []).slice((fileJob?.steps ?? []).indexOf(fileStep) + 1);
  const isMeasured = later.some(
    ({ run, mayFail }) => !mayFail && /coverage (?:report|check)|fail-under/.test(run ?? ''),
  );
  return Boolean(mayFail) && !isRead && !isMeasured;
}

/** What may do something with an image after it was built. */
const USES_IMAGE =
  /\bdocker(?:-compose| compose)?(?: --?[\w-]+(?:[= ]\S+)?)* (?:run|push|save|tag|up|exec|create|cp|scout|export|image|stack)\b|podman (?:run|push)|trivy|grype|scan|kind load|minikube|type=(?:docker|oci|tar|local|registry)|container-structure-test|dive\b/i;

/** Commands that do nothing with an image. */
const PREPARES = /^(?:cp|mv|ls|touch|sed|git|docker (?:login|version|info|buildx create))\b/;

/** Images that are built only to see that they can be: the job does nothing else with them, and no later job builds one. */
const unusedImages = (evidence: Evidence): Hit[] =>
  evidence.path.jobs.flatMap((job): Hit[] => {
    const { path } = evidence;
    const own = stepsOf(job, path);
    const images = own.filter((step) => does(step, 'image'));
    const isLast = path.steps.every(
      (step) => !does(step, 'image') || path.steps.indexOf(step) <= path.steps.indexOf(images.at(-1) ?? step),
    );
    const text = JSON.stringify([job.fileJob?.steps, job.fileJob?.env]);
    const isUsed =
      job.fileJob === null ||
      job.isDeploy ||
      isOpaque(job.fileJob) ||
      jobDoes(job.fileJob, 'publish', 'deploy', 'test', 'infrastructure') ||
      USES_IMAGE.test(text) ||
      job.fileJob.steps.some(
        (step) =>
          !does({ fileStep: step }, 'image') &&
          commandsIn(step.run ?? '').some((command) => !PREPARES.test(plain(command))),
      ) ||
      !images.every(({ fileStep }) => isPlainBuild(fileStep));
    if (images.length === 0 || !isLast || isUsed) return [];
    return findingOf(evidence, images, {
      advice: UNUSED_IMAGE,
    });
  });

/** True if a step builds an image with Docker on its runner and nothing else. */
const isPlainBuild = (step: PathStep['fileStep']): boolean =>
  step !== null &&
  (/^docker\/build-push-action@/.test(step.uses ?? '') ||
    isMostly(step.run ?? '', /^docker(?:-compose| compose)? (?:buildx )?build\b/)) &&
  !/--push|--output|\$\(|push["': =]+true|\$\{\{[^}]*push/.test(JSON.stringify([step.run, step.with]));

const UNUSED_IMAGE =
  'Nothing takes this image: it is not pushed, saved or run. Build it on the pull request, or push it here and let the deployment pull it.';

/** Deployments that build from the sources, or take them as they are. */
const FROM_SOURCES =
  /fly(?:ctl)? deploy|vercel|heroku|netlify|railway|render\.com|gcloud (?:run|app|builds)|git push|ssh|kamal|gigalixir|dokku/i;

/** Builds whose result nobody takes: their job ends with them, and what is deployed is built later. */
function unusedBuilds(evidence: Evidence): Hit[] {
  const { path } = evidence;
  const again = namesIn(builtTwice.find(evidence));
  return path.jobs.flatMap((job): Hit[] => {
    const { fileJob } = job;
    if (!fileJob || job.isDeploy || fileJob.environment !== null || isOpaque(fileJob)) return [];
    if (fileJob.keepsDisk || fileJob.hasRemoteCache || jobDoes(fileJob, 'publish', 'deploy')) return [];
    const others = newestJobs(path).filter((other) => onPath(path, other) !== job);
    const caches = new Set(others.flatMap((other) => cachesOf(fileJobOf(other)?.steps ?? [])));
    if (
      cachesOf(fileJob.steps).some((folder) => caches.has(folder) && !/(?:^|\/)node_modules|~/.test(folder))
    )
      return [];
    const isBuiltLater = others.some(
      (other) =>
        onPath(path, other) &&
        (jobDoes(fileJobOf(other), 'image', 'build') ||
          FROM_SOURCES.test(JSON.stringify(fileJobOf(other)?.steps))),
    );
    const builds = stepsOf(job, path).filter((step) => {
      const isBuild =
        step.fileStep?.run != null &&
        does(step, 'build') &&
        // A name may say that the build is the check.
        !/\b(?:check|verif\w+|does|whether|can)\b/i.test(step.step) &&
        !does(step, 'test', 'check', 'image', 'deploy', 'publish', 'database');
      const later = fileJob.steps.slice(step.fileStep ? fileJob.steps.indexOf(step.fileStep) + 1 : 0);
      const isIdle = ({ run, uses }: FileJob['steps'][number]) =>
        uses === null
          ? commandsIn(run ?? '').every((command) => COMPUTES.test(command))
          : /^actions\/cache|codecov|coveralls|sonar/i.test(uses);
      return isBuild && later.every(isIdle) && !again.includes(`${job.job} / ${step.step}`);
    });
    if (!isBuiltLater || secondsOf(builds) < WORTH_SPLITTING) return [];
    return findingOf(evidence, builds, {
      advice: UNUSED_BUILD,
    });
  });
}

const UNUSED_BUILD =
  'Nothing takes what this builds, because what is deployed is built again later. Leave it to the pull request. Or move it to a job of its own beside the tests, so that a failure still stops the deployment.';

export const notNeededByDeployment: Rule = {
  id: 'not-needed-by-deployment',
  title: 'The deployment waits for work that it does not need',
  advice:
    'Move it to a job that nothing needs, or after the deployment: it only reports on the change, and neither guards nor makes what is deployed.',
  remains: [0, 0.2],
  cause: 'order',
  find: (evidence) => {
    const { path } = evidence;
    const deployments = deploymentsIn(evidence);
    const isAfterDeployment = (step: PathStep) => {
      const own = stepsOf(step, path);
      const first = own.findIndex((other) => deployments.includes(other) && jobOf(other, path)?.isDeploy);
      return first >= 0 && own.indexOf(step) > first;
    };
    const steps = path.steps.filter((step) => {
      if (isAfterDeployment(step)) return false;
      const text = `${step.fileStep?.uses ?? ''} ${step.fileStep?.name ?? ''}`;
      return (
        ASIDE.test(text) &&
        !does(step, 'test', 'build', 'image', 'deploy', 'database', 'infrastructure', 'check')
      );
    });
    const powerless = byGroup(evidence, (step) =>
      cannotStop(step) && !isAfterDeployment(step) ? step.id : null,
    );
    const jobs = newestJobs(path).flatMap((job): Hit[] => {
      const [shown, inFile] = [onPath(path, job), fileJobOf(job)];
      if (!shown || !inFile || shown.isDeploy || inFile.environment !== null || isOpaque(inFile)) return [];
      const isTaken = newestJobs(path).some(
        ({ chain }) =>
          chain.some(({ takes }) => takes.includes(inFile.id) || takes.includes('*')) ||
          artifactsIn(chain.at(-1)?.steps ?? [], DOWNLOAD).length > 0,
      );
      if (
        isTaken ||
        !ASIDE_JOB.test(`${inFile.id} ${job.job}`) ||
        jobDoes(inFile, 'image', 'database', 'test')
      )
        return [];
      const saved = savedWithout(job, path);
      return [{ ...shown, where: shown.job, slackSeconds: null, atStakeSeconds: saved }];
    });
    return [
      ...findingOf(evidence, steps),
      ...unusedImages(evidence),
      ...unusedBuilds(evidence),
      ...powerless.flatMap((own) => findingOf(evidence, own, { advice: POWERLESS })),
      ...jobs,
    ];
  },
};

export const analysisInPath: Rule = {
  id: 'analysis-in-path',
  title: 'Checks of the code delay the deployment',
  advice:
    'Run them in a job of their own, beside the tests or the deployment. If a failure has to stop the deployment, let it need that job, too.',
  remains: [0, 0.3],
  cause: 'order',
  find: (evidence) =>
    byGroup(evidence, (step) =>
      does(step, 'check') && !does(step, 'test', 'build', 'image', 'deploy') && !guardsImage(step)
        ? (jobOf(step, evidence.path)?.id ?? step.id)
        : null,
    ).flatMap((steps) => {
      const work = evidence.path.steps.filter(
        (step) => step.id === steps[0]?.id && does(step, 'test', 'build', 'image', 'database', 'publish'),
      );
      const isAcross = evidence.path.jobs.some(
        ({ isDeploy, workflow }) => isDeploy && workflow !== steps[0]?.workflow,
      );
      const isAlone = !jobDoes(steps[0]?.fileJob, 'test', 'build', 'image', 'database', 'deploy');
      // In a job of its own it takes as long as the work that it ran before, if that is shorter.
      const saved = work.length > 0 ? Math.min(secondsOf(steps), secondsOf(work)) : secondsOf(steps);
      return findingOf(evidence, steps, {
        atStakeSeconds: saved,
        ...adviceOf(steps, isAcross, isAlone),
      }).map(byCostliest);
    }),
};

function adviceOf(steps: readonly PathStep[], isAcross: boolean, isAlone: boolean): { advice?: string } {
  if (isAcross) return { advice: ACROSS };
  if (isAlone) return { advice: ALONE };
  const isSonar = steps.some(({ fileStep }) => /sonar/i.test(`${fileStep?.uses} ${fileStep?.run}`));
  return isSonar ? { advice: `${analysisInPath.advice} ${OF_SONAR}` } : {};
}
const OF_SONAR = 'Sonar also needs what the tests made, such as their coverage: hand it over as an artifact.';
/** True if a step scans the image that ships, and a finding stops it. */
const guardsImage = ({ fileStep }: PathStep): boolean =>
  /trivy|grype|scan-action|docker-scout|anchore|snyk\/actions\/docker/.test(fileStep?.uses ?? '') &&
  ['image-ref', 'image'].some((input) => fileStep?.with[input] !== undefined) &&
  (!/trivy/.test(fileStep?.uses ?? '') || String(fileStep?.with['exit-code'] ?? '0') !== '0') &&
  fileStep?.mayFail !== true;

const ACROSS =
  'The deployment starts when all of this workflow has ended. Move the checks to another workflow. If a failure has to stop the deployment, run them in the workflow that deploys, beside its first jobs.';

const ALONE =
  'The deployment waits for this job. Take it out of `needs` if it only reports, or keep what it computes between runs with `actions/cache`.';
