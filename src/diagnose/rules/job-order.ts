import { allSteps, calledPath, type FileJob, filledIn, isUnresolved } from '../../model/workflow-file.ts';
import { type CriticalPath, longestPerRun, type PathJob, type PathStep } from '../critical-path.ts';
import {
  ancestorsOf,
  type Change,
  type GraphJob,
  idOf,
  type JobGraph,
  keyOf,
  savedBy,
} from '../job-graph.ts';
import { builtForEach } from './building.ts';
import {
  buildOnServer,
  buildsBefore,
  builtRemotelyAfterTests,
  imagesAfterTests,
  testsBesideBuilds,
} from './late-builds.ts';
import { commandsIn, isMostly, plain, runsAny } from './commands.ts';
import {
  byCostliest,
  byGroup,
  deploymentsIn,
  diffIn,
  does,
  type Evidence,
  type Hit,
  hitIn,
  hitOf,
  isOpaque,
  jobDeploys,
  jobDoes,
  jobOf,
  jobsWhere,
  jobYaml,
  type Rule,
  scriptOf,
  secondsOf,
  stepsOf,
  together,
} from './rule.ts';
import { INSTALL } from './setting-up.ts';

/** Rules about jobs and steps that do not have to run before the deployment. */

export const provisionedInPath: Rule = {
  id: 'provisioned-in-path',
  title: 'Every deployment also applies infrastructure',
  advice: 'Apply infrastructure in its own workflow, when it changes. Let this workflow only deploy.',
  yaml: null,
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
            JSON.stringify(other.fileJob?.steps) === JSON.stringify(step.fileJob?.steps)),
      );
    const groups = byGroup(evidence, (step) =>
      does(step, 'infrastructure') && !isDeployment(step) && !hops.some((hop) => hop.id === step.id)
        ? scriptOf(step).trim() || `${step.id}\n${step.step}`
        : null,
    );
    return [...groups.values()].flatMap((steps) => together(steps.map((step) => hitOf(step, evidence))));
  },
};

/** Commands that show what another one would change, and work that out again unless they hand it over. */
const PLANS: readonly [plan: RegExp, apply: RegExp][] = [
  [
    /^(?:terraform|tofu|terragrunt(?: run-all)?) plan\b(?!.*(?:-out|-detailed-exitcode|-destroy|\|))/,
    /^(?:terraform|tofu|terragrunt(?: run-all)?) apply\b(?: -\S+)*(?: [|>].*)?$/,
  ],
  [/^pulumi preview\b(?!.*--save-plan)/, /^pulumi up\b/],
  [/^cdk diff\b/, /^cdk deploy\b/],
];

/** True if people approve most deployments. */
const isHeld = ({ report }: Evidence): boolean =>
  report.staged.filter(({ seconds }) => (seconds?.approval ?? 0) > 0).length * 2 > report.staged.length;

const isSamePlace = (fileStep: PathStep['fileStep'], { fileStep: other }: PathStep): boolean =>
  fileStep?.directory === other?.directory &&
  /-chdir=(\S+)/.exec(fileStep?.run ?? '')?.[1] === /-chdir=(\S+)/.exec(other?.run ?? '')?.[1];

export const plannedTwice: Rule = {
  id: 'planned-twice',
  title: 'A plan is made and then thrown away',
  advice:
    'Save the plan, hand the file to the job that applies, and apply it, such as with `terraform plan -out=plan.bin` and `terraform apply plan.bin`. If nobody reads the plan, remove it.',
  yaml: null,
  remains: [0, 0.3],
  cause: 'twice',
  find: (evidence) => {
    const { path } = evidence;
    const steps = path.steps.filter((step) =>
      PLANS.some(([plan, apply]) => {
        if (!runsAny(scriptOf(step), plan) || runsAny(scriptOf(step), apply)) return false;
        const own = path.steps.filter(({ id }) => id === step.id);
        const isUsed =
          step.fileStep?.id !== undefined &&
          JSON.stringify(step.fileJob).includes(`steps.${step.fileStep.id}.`);
        const appliesIn = (some: readonly PathStep[]) =>
          some.some((later) => runsAny(scriptOf(later), apply));
        if (isUsed) return false;
        if (appliesIn(own.slice(own.indexOf(step)))) return true;
        // In another job, the plan is made again unless it is handed over or somebody approves what it shows.
        const isInOrder = path.steps.indexOf(step);
        const handsOver = artifactsOf(
          [...(newest(path)?.jobs.values() ?? [])].filter((job) => onPath(path, job)?.id === step.id),
          /^actions\/upload-artifact@/,
        );
        const later = path.steps
          .slice(isInOrder)
          .filter(({ id, fileStep }) => id !== step.id && isSamePlace(fileStep, step));
        return handsOver.length === 0 && !isHeld(evidence) && appliesIn(later);
      }),
    );
    return together(steps.map((step) => hitOf(step, evidence)));
  },
};

/** A job that works for less does not need a runner of its own. Seconds. */
const LITTLE = 20;

export const smallJob: Rule = {
  id: 'small-job',
  title: 'A job that does little has to wait for a runner',
  advice: 'Move its steps to the job that needs their result, or run it in parallel.',
  yaml: null,
  remains: [0.05, 0.3],
  find: (evidence) => {
    const { path } = evidence;
    const graph = newest(path);
    return [...(graph?.jobs.values() ?? [])].flatMap((job): Hit[] => {
      const pathJob = onPath(path, job);
      const inFile = fileJobOf(job);
      const isSmall =
        job.seconds <= LITTLE && job.lagSeconds >= job.seconds && job.lagSeconds + job.seconds >= LONG_WAIT;
      // Jobs that hold an environment or a lock, and those that only check something, have a purpose of their own.
      if (!graph || !pathJob || !inFile || !isSmall || pathJob.isDeploy || pathJob.isAfter) return [];
      if (
        inFile.environment !== null ||
        inFile.group ||
        inFile.matrix ||
        jobDoes(inFile, 'test', 'deploy', 'infrastructure')
      )
        return [];
      const saved = savedBy(path.graphs, (other) =>
        idOf(other) === idOf(job) ? { ...other, seconds: 0, lagSeconds: 0 } : other,
      );
      const seen = pathJob.seen.map((run) => ({ ...run, seconds: run.seconds + job.lagSeconds }));
      const mayBeHeld = inFile.workflowGroup !== null && job.needs.length === 0;
      const doubt = mayBeHeld
        ? { doubt: 'The run may have waited for another one of its concurrency group.' }
        : {};
      return hitIn(pathJob.job, seen, longestPerRun(evidence.report.staged)).map((hit) => ({
        ...pathJob,
        ...hit,
        ...doubt,
        atStakeSeconds: saved,
      }));
    });
  },
};

/** A hosted runner starts sooner. Seconds. */
const LONG_WAIT = 30;

/** Names of environments that are not live. */
const NOT_LIVE =
  /(?:^|[^a-z])(?:dev|devel|develop|development|test|testing|qa|quality|staging|stage|stg|sandbox|sbx|int|integration|uat|acc|accept|acceptance|pre|pre-?prod\w*|non-?prod|non-?live|demo|alpha|beta|internal|preview|review|lab|perf|tst|rc|validation|val|trial|pilot|training|play|playground|hml|homolog\w*|recette|nightly|mock)(?:[^a-z]|$)/i;
const LIVE = /(?:^|[^a-z])(?:prod|production|live|prd)(?:[^a-z]|$)/i;
const BEFORE_LIVE = /(?:^|[^a-z])(?:pre|non)[-_ ]?prod/i;
/** A slot or a canary is a part of the deployment itself. */
const SLOT = /\bslot\b|slot-name|canary|blue.?green|\bswap\b/i;
/** Names of jobs that look at what was deployed before the next deployment. */
const CHECK_NAME =
  /\b(?:e2e|tests?|testing|regression|smoke|sanity|try|tries|probe|ping|assert|confirm|verify|verification|validate|validation|check|checks|health\w*|approv\w*|gate|soak|bake|monitor|acceptance|cypress|playwright|qa|load|scan|wait for|ready|hold|pause|promote)\b/i;

/** A step that deploys and looks at the result itself. */
const VERIFIES = /\b(?:health|smoke|verif\w*|(?:and|then) (?:try|test|check|probe)\w*)(?:\b|[_-])/i;

/** Steps that let another workflow deploy. */
const DISPATCHES = /workflow-dispatch|repository-dispatch|gh workflow run|\/dispatches\b/;

/** Commands that take an environment down again. */
const REMOVES = /\b(?:uninstall|delete|destroy|remove|tear-?down|cleanup)\b/i;

/** Actions that log in to a cloud, whose state a job then may change. */
const LOGIN =
  /^(?:aws-actions\/configure-aws-credentials|azure\/login|google-github-actions\/auth|redhat-actions\/oc-login|azure\/(?:aks-set-context|k8s-set-context))/;

const fileJobOf = ({ chain }: GraphJob): FileJob | undefined => chain.at(-1);

/** True if a job deploys to another environment than the one that is measured. */
function isHop(job: GraphJob, { path, environment }: Evidence): boolean {
  const inFile = fileJobOf(job);
  if (!inFile || onPath(path, job)?.isDeploy) return false;
  // The deployment does not wait for a leg that runs in parallel.
  const graph = newest(path);
  const key = keyOf(job);
  if (graph && key !== graph.last && !ancestorsOf(graph, graph.last).has(key)) return false;
  if (SLOT.test(JSON.stringify(inFile.steps))) return false;
  // What the workflow of another repository does is unknown.
  if (allSteps(inFile.steps).some(({ uses, run }) => DISPATCHES.test(`${uses} ${run}`))) return false;
  const deploys = jobDeploys(inFile);
  const own = inFile.environment === null ? null : filledIn(inFile.environment, job.values);
  if (own) {
    const [a, b] = [own.toLowerCase(), environment.toLowerCase()];
    const isBefore = BEFORE_LIVE.test(a) && !BEFORE_LIVE.test(b);
    const isSame = a.includes(b) || b.includes(a) || (LIVE.test(a) && LIVE.test(b));
    if (isUnresolved(own) || (isSame && !isBefore)) return false;
    // Other names are those of regions, services or registries.
    const ids = job.chain
      .map(({ id }) => id)
      .join(' ')
      .replace(/_/g, ' ');
    if (NOT_LIVE.test(own))
      return (
        deploys || (!jobDoes(inFile, 'test', 'build', 'image') && !REMOVES.test(JSON.stringify(inFile.steps)))
      );
    return deploys && NOT_LIVE.test(ids) && !LIVE.test(`${own} ${ids}`) && !jobDoes(inFile, 'test');
  }
  const values = Object.entries(job.values).flatMap(([name, value]) =>
    /^(?:inputs|matrix)\./.test(name) ? value : [],
  );
  const names = [job.job, ...job.chain.map(({ id }) => id), ...values].join(' ').replace(/_/g, ' ');
  // A job that is given the same environment as the deployment is a part of it.
  const isOwn = path.jobs.some(
    ({ isDeploy, job: name, workflow }) =>
      isDeploy &&
      values.some(
        (value) =>
          NOT_LIVE.test(value) &&
          [...(newest(path)?.jobs.values() ?? [])].some(
            (other) =>
              other.job === name &&
              other.workflow === workflow &&
              Object.values(other.values).includes(value),
          ),
      ),
  );
  return !isOwn && deploys && !jobDoes(inFile, 'test') && NOT_LIVE.test(names) && !LIVE.test(names);
}

/** The job of the graph, by its file, that is on the path. */
const onPath = ({ jobs }: CriticalPath, job: GraphJob): PathJob | undefined =>
  jobs.find((other) => other.workflow === job.workflow && (other.job === job.job || other.id === idOf(job)));

const newest = ({ graphs }: CriticalPath): JobGraph | undefined => graphs.at(-1);

/** The jobs on the path that deploy to other environments. */
const hopsIn = (evidence: Evidence): PathJob[] => [
  ...new Set(
    [...(newest(evidence.path)?.jobs.values() ?? [])].flatMap((job) =>
      isHop(job, evidence) ? (onPath(evidence.path, job) ?? []) : [],
    ),
  ),
];

/** The environment that a job deploys to, as far as its file shows. */
const environmentOf = ({ chain, values }: GraphJob): string => {
  const own = chain.at(-1)?.environment;
  const passed = Object.entries(values).flatMap(([name, value]) =>
    /^(?:inputs|matrix)\./.test(name) && NOT_LIVE.test(value) ? value : [],
  );
  return own ? filledIn(own, values) : (passed[0] ?? '');
};

/** The work of a job, without names of environments, so that two jobs which check the same are known. */
const workOf = (job: GraphJob, { jobs }: JobGraph): string => {
  const steps = allSteps(fileJobOf(job)?.steps ?? []).map(({ uses, run }) => [uses, run]);
  const names = [...jobs.values()].map(environmentOf).sort((a, b) => b.length - a.length);
  return names.reduce(
    (text, name) => (name === '' ? text : text.replaceAll(name, '')),
    JSON.stringify(steps),
  );
};

type LookStep = FileJob['steps'][number];
const isLook = ({ name, run }: LookStep): boolean =>
  CHECK_NAME.test(name ?? '') || /\bcurl\b/.test(run ?? '');

/** True if a job deploys and then looks at the result, in the same step or in a later one. */
function looksAtItself(job: GraphJob): boolean {
  const verifies = (step: LookStep) => VERIFIES.test([step.name, ...Object.keys(step.with)].join(' '));
  // An action of the repository may look at the result after it has deployed.
  const steps = (fileJobOf(job)?.steps ?? []).flatMap((step) =>
    step.steps && allSteps([step]).some((inner) => does({ fileStep: inner }, 'deploy', 'infrastructure'))
      ? allSteps([step])
      : [step],
  );
  const deploys = (fileStep: LookStep) => does({ fileStep }, 'deploy', 'infrastructure');
  const deployed = steps.findLastIndex(deploys);
  if (fileJobOf(job)?.steps.some((step) => deploys(step) && verifies(step))) return true;
  return (
    deployed >= 0 &&
    steps.some((step, i) => {
      const isTest = does({ fileStep: step }, 'test');
      if (i > deployed) return isTest || isLook(step);
      return deploys(step) && (isTest || verifies(step));
    })
  );
}

/** The check of a deployment, a later step of it or a job before the next deployment, and its work; `null` if nothing does. */
function checkOf(hop: string, graph: JobGraph, evidence: Evidence): { job: string; work: string } | null {
  const hopJob = graph.jobs.get(hop);
  if (!hopJob) return null;
  if (looksAtItself(hopJob)) return { job: hop, work: workOf(hopJob, graph) };
  const place = environmentOf(hopJob);
  // A deployment to the same environment is checked together with this one.
  const isOther = (job: GraphJob) =>
    (isHop(job, evidence) && (place === '' || environmentOf(job) !== place)) ||
    onPath(evidence.path, job)?.isDeploy === true;
  const before = ancestorsOf(graph, graph.last);
  for (const [key, job] of graph.jobs) {
    const looksItself = looksAtItself(job);
    if (!before.has(key) || isOther(job) || (isHop(job, evidence) && !looksItself)) continue;
    const inFile = fileJobOf(job);
    const looks =
      looksItself ||
      jobDoes(inFile, 'test') ||
      (CHECK_NAME.test(`${job.job} ${inFile?.environment ?? ''}`) &&
        (!inFile || isOpaque(inFile) || inFile.steps.some(isLook) || inFile.steps.length === 0));
    if (!looks) continue;
    // Back to the nearest deployments before it.
    const open = [...job.needs];
    for (const needed of open) {
      if (needed === hop) return { job: key, work: workOf(job, graph) };
      const other = graph.jobs.get(needed);
      if (other && !isOther(other)) open.push(...other.needs.filter((need) => !open.includes(need)));
    }
  }
  return null;
}

/** Jobs that deploy to another environment without need: nothing looks at it, or what does has looked at one before. */
function needlessHops(evidence: Evidence): { unchecked: PathJob[]; repeated: PathJob[] } {
  const { path } = evidence;
  const graph = newest(path);
  const checks = [...(graph?.jobs ?? [])].flatMap(([key, job]) => {
    const hop = graph && isHop(job, evidence) ? onPath(path, job) : undefined;
    return graph && hop ? [{ hop, place: environmentOf(job), check: checkOf(key, graph, evidence) }] : [];
  });
  const unchecked = hopsIn(evidence).filter((hop) =>
    checks.every((other) => other.hop !== hop || other.check === null),
  );
  const first = new Map<string, string>();
  for (const { place, check } of checks) if (check && !first.has(check.work)) first.set(check.work, place);
  // Only long tests of their own are worth it, and only if they ran before.
  const again = checks.filter(({ place, hop, check }) => {
    const job = graph?.jobs.get(check?.job ?? '');
    return (
      check &&
      job &&
      place !== '' &&
      first.get(check.work) !== place &&
      onPath(path, job) !== hop &&
      jobDoes(fileJobOf(job), 'test')
    );
  });
  const checkers = again.flatMap(({ check }) => {
    const job = graph?.jobs.get(check?.job ?? '');
    return (job && onPath(path, job)) ?? [];
  });
  return { unchecked, repeated: [...new Set([...again.map(({ hop }) => hop), ...checkers])] };
}

export const environmentHop: Rule = {
  id: 'environment-hop',
  title: 'Changes pass through another environment first',
  advice:
    'Nothing checks the other environment before this one is deployed, or the same checks ran in another one before. Deploy to both in parallel, or test the first one.',
  yaml: null,
  remains: [0, 0.3],
  cause: 'order',
  find: (evidence) => {
    const { path } = evidence;
    const graph = newest(path);
    // A person who approves the deployment may look at the other environment first.
    if (!graph || isHeld(evidence)) return [];
    const { unchecked, repeated } = needlessHops(evidence);
    const find = (hops: readonly PathJob[], doubt: string, withOthers: boolean) => {
      // Parallel hops are not needed either.
      const places = [...graph.jobs.values()].flatMap((job) =>
        hops.some((hop) => hop === onPath(path, job)) && isHop(job, evidence) ? environmentOf(job) : [],
      );
      const isOne = (job: GraphJob) =>
        hops.some((hop) => hop === onPath(path, job) || hop.id === idOf(job)) ||
        (withOthers && isHop(job, evidence) && places.includes(environmentOf(job)));
      const change: Change = (job) => (isOne(job) ? { ...job, seconds: 0, lagSeconds: 0 } : job);
      const saved = savedBy(path.graphs, change);
      const where = [...new Set(hops.map(({ job }) => job.split(' / ')[0] ?? job))].join(' and ');
      return together(hops.map((hop) => ({ ...hop, where: hop.job }))).map((hit) => ({
        ...hit,
        doubt,
        where,
        change,
        slackSeconds: null,
        atStakeSeconds: saved >= SHORT_HOP ? saved : 0,
      }));
    };
    return [
      ...find(unchecked, LOOKED_AT, false),
      ...find(
        repeated,
        'The second environment may show what the first one cannot, such as with its data.',
        true,
      ),
      ...hopsInJob(evidence),
    ];
  },
};

const LOOKED_AT =
  'Somebody may look at the other environment first, or a rollout that fails there is meant to stop this one.';

/** A shorter one is hardly worth a change. Seconds. */
const SHORT_HOP = 60;

/** Steps that deploy to another environment before a step of the same job deploys to the live one. */
const hopsInJob = (evidence: Evidence): Hit[] =>
  evidence.path.jobs.flatMap((job) => {
    const steps = stepsOf(job, evidence.path);
    const deploying = steps.filter((step) => does(step, 'deploy', 'infrastructure'));
    const text = ({ step, fileStep }: PathStep) =>
      JSON.stringify([step, fileStep?.env, fileStep?.with, fileStep?.run]).replace(/_/g, ' ');
    const isLive = (step: PathStep) => LIVE.test(text(step)) && !NOT_LIVE.test(step.step);
    const last = deploying.findLast(isLive);
    const hops = deploying.filter((step) => {
      if (!last || steps.indexOf(step) >= steps.indexOf(last)) return false;
      if (!NOT_LIVE.test(text(step)) || LIVE.test(text(step)) || SLOT.test(text(step))) return false;
      const between = steps.slice(steps.indexOf(step), steps.indexOf(last));
      return !between.some(
        (other) =>
          does(other, 'test') ||
          CHECK_NAME.test(other.step.replace(NOT_LIVE, ' ')) ||
          /\bcurl\b/.test(scriptOf(other)),
      );
    });
    return together(hops.map((step) => hitOf(step, evidence))).map((hit) => ({
      ...hit,
      doubt: LOOKED_AT,
      atStakeSeconds: hit.medianSeconds >= SHORT_HOP ? hit.medianSeconds : 0,
    }));
  });

/** A job and those of one workflow that it calls, by their ids. */
interface Group {
  workflow: string;
  ids: string[];
}

const isIn = (job: GraphJob | undefined, { workflow, ids }: Group): boolean =>
  job?.workflow === workflow &&
  job.chain.length >= ids.length &&
  ids.every((id, i) => job.chain[i]?.id === id);

/** True if a job may leave something for later jobs that `needs` does not show: an image, a package or a state. */
function mayHandOver(job: GraphJob, caches: ReadonlySet<string>, toTags = true): boolean {
  const inFile = fileJobOf(job);
  if (!inFile || isOpaque(inFile) || inFile.environment !== null) return true;
  const steps = allSteps(inFile.steps).filter(({ uses }) => !/^actions\/upload-artifact/.test(uses ?? ''));
  if (jobDeploys(inFile)) return true;
  const publishes = (fileStep: FileJob['steps'][number]) =>
    does({ fileStep }, 'publish', 'machine-image') && !keepsImage(fileStep);
  if (steps.some(publishes) && (toTags || !onlyTags(steps))) return true;
  const isCheck = jobDoes(inFile, 'test', 'check');
  // A script that builds an image may push it.
  const isScript = ({ run }: FileJob['steps'][number]) =>
    run !== null &&
    !runsAny(run, /^(?:docker|podman) /) &&
    /(?:^|\s)\.?[\w-]*\/[\w./-]+|^(?:make|just|task) /m.test(run);
  return (
    !isCheck &&
    (jobDoes(inFile, 'database') ||
      steps.some(
        (fileStep) =>
          isScript(fileStep) &&
          (does({ fileStep }, 'image') || steps.some(({ run }) => /docker login/.test(run ?? ''))),
      ) ||
      steps.some(
        (fileStep) =>
          LOGIN.test(fileStep.uses ?? '') || cachesOf([fileStep]).some((path) => caches.has(path)),
      ))
  );
}

/** True if a job only applies infrastructure. An image needs it for the first time only, if it creates the registry. */
const onlyProvisions = (job: FileJob | undefined): boolean =>
  jobDoes(job, 'infrastructure') &&
  !isOpaque(job) &&
  !jobDoes(job, 'deploy', 'image', 'machine-image', 'build', 'publish', 'database');

/** The folders that steps keep in caches, or take from them. */
const cachesOf = (steps: FileJob['steps']): string[] =>
  allSteps(steps).flatMap(({ uses, with: inputs }) =>
    /^actions\/cache/.test(uses ?? '')
      ? String(inputs.path)
          .split('\n')
          .map((path) => path.trim().replace(/^\.\/|\/$/g, ''))
          .filter((path) => path !== '')
      : [],
  );

/** True if a step builds an image that stays on its runner. */
const keepsImage = ({ uses, with: inputs }: FileJob['steps'][number]): boolean =>
  /^(?:docker|depot|useblacksmith)\/(?:build-push-action|bake-action)@/.test(uses ?? '') &&
  String(inputs.push ?? 'false') === 'false' &&
  (String(inputs.load) === 'true' || /type=docker/.test(String(inputs.outputs))) &&
  !/type=registry|push=true/.test(
    String([inputs.outputs, inputs.set].join()).replace(/cache-(?:to|from)=\S+/g, ''),
  );

const artifactsOf = (jobs: readonly GraphJob[], action: RegExp): string[] =>
  jobs.flatMap((job) =>
    allSteps(fileJobOf(job)?.steps ?? []).flatMap(({ uses, with: inputs }) =>
      action.test(uses ?? '') ? String(inputs.name ?? inputs.pattern ?? '*') : [],
    ),
  );

/** True if two names may be the same, though either may have an expression or a `*`. */
function mayBeSame(a: string, b: string): boolean {
  const starts = [a, b].map((name) => name.replace(/(?:\*|\$\{\{).*$/s, ''));
  const ends = [a, b].map((name) => name.replace(/^.*(?:\*|\}\})/s, ''));
  const [[start = '', otherStart = ''], [end = '', otherEnd = '']] = [starts, ends];
  if (start === a && otherStart === b) return a === b;
  return (
    (start.startsWith(otherStart) || otherStart.startsWith(start)) &&
    (end.endsWith(otherEnd) || otherEnd.endsWith(end))
  );
}

/** True if a job publishes nothing but a tag, a release or notes in Git. */
const onlyTags = (steps: FileJob['steps']): boolean =>
  allSteps(steps).every(
    (fileStep) =>
      !does({ fileStep }, 'publish', 'machine-image', 'image') ||
      (!/docker|push-action|upload|npm publish/i.test(`${fileStep.uses} ${fileStep.run}`) &&
        /semantic-release|git (?:push|tag)|gh release|action-gh-release|-tag|tag-action|bump|version|standard-version|changelog/i.test(
          `${fileStep.uses} ${fileStep.run}`,
        )),
  );

/** True if a job reads tags or the history, or another commit. */
const readsTags = (job: GraphJob): boolean =>
  allSteps(fileJobOf(job)?.steps ?? []).some(
    ({ uses, run, with: inputs }) =>
      (/^actions\/checkout@/.test(uses ?? '') &&
        (String(inputs['fetch-depth']) === '0' || inputs.ref || inputs['fetch-tags'])) ||
      /git (?:describe|fetch|pull|tag|checkout)|docker pull/.test(run ?? ''),
  );

/** The jobs that a job waits for, though it takes nothing from them and they only check the code. */
function needless(job: GraphJob, { jobs }: JobGraph): Waiting | null {
  const levels = job.chain.flatMap(({ needs }, level) => (needs.length > 0 ? [level] : [])).toReversed();
  for (const level of levels) {
    const waiting = needlessAt(job, level, level < (levels[0] ?? 0), jobs);
    if (waiting) return waiting;
  }
  return null;
}

/**
 * The same for one of the jobs that call it, or itself.
 *
 * @param isOuter - true if a job that it calls waits for others, too. Then all of the workflow with the build could start earlier.
 */
function needlessAt(job: GraphJob, level: number, isOuter: boolean, jobs: JobGraph['jobs']): Waiting | null {
  const waiting = job.chain[level];
  if (!waiting) return null;
  const groupOf = (id: string): Group => ({
    workflow: job.workflow,
    ids: [...job.chain.slice(0, level).map((caller) => caller.id), id],
  });
  const membersOf = (group: Group) => [...jobs.values()].filter((other) => isIn(other, group));
  const calling = groupOf(waiting.id);
  // A build that a called workflow begins with need not wait together with the deployment in that workflow.
  const isInside =
    isBuild(fileJobOf(job)) && membersOf(calling).some((other) => jobDeploys(fileJobOf(other)));
  const ids = job.chain.map(({ id }) => id);
  const own = isInside ? { ...calling, ids: isOuter ? ids.slice(0, level + 2) : ids } : calling;
  // A deployment, or a job that begins with one, has to wait.
  if (isOuter && (!isInside || membersOf(own).some((member) => jobDeploys(fileJobOf(member))))) return null;
  const caches = new Set(membersOf(own).flatMap((member) => cachesOf(fileJobOf(member)?.steps ?? [])));
  const taken = artifactsOf(membersOf(own), /^actions\/download-artifact@/);
  const toTags = membersOf(own).some(readsTags);
  const isImage = jobDoes(fileJobOf(job), 'image') && isBuild(fileJobOf(job));
  const isOther = (group: Group) => {
    const members = membersOf(group);
    const id = group.ids.at(-1) ?? '';
    const handsOver = (member: GraphJob) =>
      mayHandOver(member, caches, toTags) && !(isImage && onlyProvisions(fileJobOf(member)));
    if (members.length === 0 || members.some(handsOver)) return false;
    if (waiting.takes.some((other) => other === id || other === '*')) return false;
    const uploaded = artifactsOf(members, /^actions\/upload-artifact@/);
    return !taken.includes('*') && !uploaded.some((name) => taken.some((other) => mayBeSame(name, other)));
  };
  // Also what those jobs waited for.
  const others = waiting.needs.map(groupOf).filter(isOther);
  for (const group of others)
    for (const id of membersOf(group)[0]?.chain[level]?.needs ?? []) {
      const next = groupOf(id);
      if (!others.some((other) => other.ids.at(-1) === id) && isOther(next)) others.push(next);
    }
  return others.length > 0 ? { own, others, isInside } : null;
}

/** A build that waits for the checks of the workflow that started its own, though it takes nothing from them. */
function needlessAcross(job: GraphJob, { jobs }: JobGraph): Waiting | null {
  const before = job.needs.flatMap((key) => jobs.get(key) ?? []);
  const members = job.chain.map((fileJob) => fileJob.needs.length);
  if (
    before.length === 0 ||
    before.some(({ workflow }) => workflow === job.workflow) ||
    members.some((count) => count > 0)
  )
    return null;
  const takes = artifactsOf([job], /download-artifact/).length > 0;
  const [first] = job.chain;
  if (takes || !first || before.some(({ chain }) => chain.length === 0)) return null;
  if (!before.some((other) => jobDoes(fileJobOf(other), 'test', 'check'))) return null;
  const groups = before.map(({ workflow, chain }) => ({
    workflow,
    ids: chain.slice(0, 1).map(({ id }) => id),
  }));
  const others = [...new Map(groups.map((group) => [JSON.stringify(group), group])).values()];
  return {
    own: { workflow: job.workflow, ids: job.chain.map(({ id }) => id) },
    others,
    isInside: true,
    isAcross: true,
  };
}

interface Waiting {
  own: Group;
  others: Group[];
  /** True if the jobs that it waits for belong to another workflow. */
  isAcross?: true;
  /** True if only a part of the called workflow that waits need not wait. */
  isInside: boolean;
}

/** Seconds that deployments would save if jobs did not wait for others, and the jobs after them waited for both. */
const savedInParallel = ({ path }: Evidence, ...waits: readonly Waiting[]): number =>
  savedBy(path.graphs, inParallelTo(waits));

function inParallelTo(waits: readonly Waiting[]): Change {
  const without = (job: GraphJob, jobs: JobGraph['jobs'], { own, others }: Waiting): GraphJob => {
    const isOther = (key: string) => others.some((group) => isIn(jobs.get(key), group));
    if (isIn(job, own)) {
      const kept = job.needs.filter((key) => !isOther(key));
      const before = [...job.needs.filter(isOther)];
      for (const key of before)
        before.push(...(jobs.get(key)?.needs ?? []).filter((need) => !before.includes(need) && isOther(key)));
      return { ...job, needs: [...kept, ...before.filter((key) => !isOther(key))] };
    }
    const waitsForOwn = job.needs.some((key) => isIn(jobs.get(key), own));
    return waitsForOwn ? { ...job, needs: [...job.needs, ...[...jobs.keys()].filter(isOther)] } : job;
  };
  return (job, { jobs }) => waits.reduce((changed, waiting) => without(changed, jobs, waiting), job);
}

/** A job of its own has to check the code out and set tools up, too. Seconds. */
const WORTH_A_JOB = 120;

/** Builds that take less, with their packages, are hardly worth handing over. Seconds. */
const WORTH_MOVING = 60;

/** The steps that install packages for builds, which move with them. */
const packagesBefore = ({ path }: Evidence, builds: readonly PathStep[]): PathStep[] => {
  const [last] = builds.slice(-1);
  const own = last ? stepsOf(last, path) : [];
  return own
    .slice(0, last ? own.indexOf(last) : 0)
    .filter((step) => !builds.includes(step) && isMostly(scriptOf(step), INSTALL));
};

const ON_SERVER =
  'Build the image in a job that runs at the same time as the tests, and push it. Then the deployment only pulls and starts it.';
/** How to build first and deploy later, by tool. */
const APART: readonly [tool: RegExp, build: string, deploy: string][] = [
  [/^fly/m, 'fly deploy --build-only --push', 'fly deploy --image'],
  [/^kamal/m, 'kamal build push', 'kamal deploy --skip-push'],
  [
    /^gcloud/m,
    'gcloud builds submit --pack image=IMAGE` or, with a Dockerfile, `--tag IMAGE',
    'gcloud run deploy --image',
  ],
  [/^skaffold/m, 'skaffold build --file-output=built.json', 'skaffold deploy --build-artifacts=built.json'],
  [/^netlify/m, 'netlify build', 'netlify deploy --prod --no-build'],
];
function builtRemotely(step: PathStep): string {
  const [, build, deploy] = APART.find(([tool]) => runsAny(scriptOf(step), tool)) ?? [];
  const how = build ? `, with \`${build}\`` : '';
  return `Build in a job that runs at the same time as the tests${how}. After the tests, deploy the result${deploy ? ` with \`${deploy}\`` : ''}.`;
}
const ON_PUSH =
  'Build on the push, in the workflow that tests or beside it, with a tag for the commit. When the tests have passed, this workflow only deploys the result.';
const TAGS =
  'Push an image with a tag for its commit, and move `latest` and other shared tags after the tests.';
const TAG_LATER =
  'Start the build together with the tests, with a tag for the commit. When both are done, let a short job move the tag that is deployed.';

const isBuild = (job: FileJob | undefined): boolean =>
  jobDoes(job, 'image', 'machine-image', 'build') && !jobDoes(job, 'test') && !jobDeploys(job);

const isImageOnly = (job: FileJob): boolean =>
  isBuild(job) && jobDoes(job, 'image') && jobDoes(job, 'publish');

/** Words of jobs that may change what is live, and so wait for the tests. */
const CHANGES =
  /\bdatabase|\bdb\b|release|publish|deploy|promot|notif|\btag\b|roll-?out|swap|switch|enable|\bflag/i;

const LOADS = /\bk6\b|locust|artillery|gatling|jmeter|\bload\b[- ]?test/i;
const MIGRATES = /migrat|\bseed/i;

type Sequence = 'build' | 'quick' | 'other';

/** Jobs on the path that wait for checks which they do not need. */
function sequences(evidence: Evidence, kind: Sequence): Hit[] {
  const { path } = evidence;
  const graph = newest(path);
  if (!graph) return [];
  return path.jobs.flatMap((pathJob): Hit[] => {
    const job = [...graph.jobs.values()].find((other) => onPath(path, other) === pathJob);
    const inFile = job && fileJobOf(job);
    const waits = job && (needless(job, graph) ?? (kind === 'build' ? needlessAcross(job, graph) : null));
    if (!job || !inFile || !waits || isOpaque(inFile)) return [];
    const before = path.jobs.find((other) => {
      const member = [...graph.jobs.values()].find((member) => onPath(path, member) === other);
      return member && waits.others.some((group) => isIn(member, group));
    });
    const alike = alikeTo(job, kind, evidence);
    const publishes = (group: Group) =>
      [...graph.jobs.values()].some((other) => isIn(other, group) && jobDoes(fileJobOf(other), 'image'));
    const across = waits.isAcross
      ? {
          advice: ON_PUSH,
          ...(waits.others.some(publishes)
            ? { doubt: 'The build may take what the other workflow pushes.' }
            : {}),
        }
      : {};
    const hit = { ...pathJob, where: pathJob.job, slackSeconds: null, ...across };
    // A cluster may take what the last job pushes. The tag that it takes can be moved later.
    if (
      kind === 'build' &&
      pathJob.isDeploy &&
      before &&
      inFile.environment === null &&
      isImageOnly(inFile)
    ) {
      const saved = Math.min(pathJob.medianSeconds, savedInParallel(evidence, waits, ...alike));
      return saved < WORTH_A_JOB ? [] : [{ advice: TAG_LATER, ...hit, atStakeSeconds: saved }];
    }
    if (pathJob.isDeploy || isHop(job, evidence) || jobDeploys(inFile)) {
      // The deployment must wait for the checks. Its builds need not.
      // An image that was tested before is copied, not built again.
      const tested = builtForEach(evidence).flatMap((hit) => (hit.parts ?? [hit]).map(({ where }) => where));
      const builds =
        kind === 'build' && pathJob.isDeploy && before
          ? buildsBefore(evidence, pathJob.id).filter(({ job, step }) => !tested.includes(`${job} / ${step}`))
          : [];
      const onServer =
        builds.length === 0 &&
        kind === 'build' &&
        pathJob.isDeploy &&
        before &&
        buildOnServer(evidence, pathJob.id);
      if (onServer)
        return [
          {
            ...hitOf(onServer.step, evidence),
            slackSeconds: null,
            advice: onServer.isRemote ? builtRemotely(onServer.step) : ON_SERVER,
            remains: [0, 0.35],
            ...(onServer.isRemote ? { doubt: 'The build may be a small part of this step.' } : {}),
            // The rest of the step starts what was built.
            atStakeSeconds: Math.min(
              onServer.step.medianSeconds * (onServer.isRemote ? 0.6 : 0.9),
              savedInParallel(evidence, waits, ...alike),
            ),
          },
        ];
      const seconds = secondsOf([...builds, ...packagesBefore(evidence, builds)]);
      if (builds.length === 0 || seconds < WORTH_MOVING) return [];
      return together(builds.map((step) => hitOf(step, evidence))).map((hit) => ({
        ...hit,
        ...across,
        slackSeconds: null,
        atStakeSeconds: Math.min(seconds, savedInParallel(evidence, waits, ...alike)),
      }));
    }
    const builds = isBuild(inFile);
    const isQuick =
      jobDoes(inFile, 'test', 'check') && pathJob.medianSeconds * 2 <= (before?.medianSeconds ?? 0);
    if ((builds ? 'build' : isQuick ? 'quick' : 'other') !== kind) return [];
    // A job that publishes or changes something may have to wait for the checks.
    if (
      !builds &&
      (jobDoes(inFile, 'publish') || (jobDoes(inFile, 'database') && !jobDoes(inFile, 'test'))) &&
      !jobDoes(inFile, 'test')
    )
      return [];
    const names = `${pathJob.job} ${inFile.id}`;
    // Other tests of the same place would fail under load.
    if (LOADS.test(JSON.stringify([names, inFile.steps]))) return [];
    if (!builds && !jobDoes(inFile, 'test', 'check') && CHANGES.test(names)) return [];
    if (!builds && !jobDoes(inFile, 'test') && MIGRATES.test(JSON.stringify(inFile.steps))) return [];
    const isAfterInfrastructure = [...graph.jobs.values()].some(
      (other) => onlyProvisions(fileJobOf(other)) && waits.others.some((group) => isIn(other, group)),
    );
    const isKnown = builds || jobDoes(inFile, 'test', 'check') || inFile.steps.length === 0;
    const doubt = !isKnown
      ? { doubt: 'The job may change something that has to wait for the tests.' }
      : isAfterInfrastructure
        ? { doubt: 'The infrastructure may change the registry.' }
        : {};
    const change = inParallelTo([waits, ...alike]);
    const moves = [...graph.jobs.values()].flatMap((other) =>
      isIn(other, waits.own) ? [idOf(other), keyOf(other)] : [],
    );
    return [{ ...hit, ...doubt, change, moves, atStakeSeconds: savedBy(path.graphs, change) }];
  });
}

/**
 * Jobs that wait without need like one of the path, so that the same change helps them: builds off the path, which would decide it
 * next, or the tests of a chain.
 */
function alikeTo(job: GraphJob, kind: Sequence, { path }: Evidence): Waiting[] {
  const graph = newest(path);
  const isAlike = (other: GraphJob): boolean => {
    const inFile = fileJobOf(other);
    if (kind === 'build') return !onPath(path, other) && isBuild(inFile);
    return (
      jobDoes(inFile, 'test', 'check') &&
      jobDoes(fileJobOf(job), 'test', 'check') &&
      !jobDoes(inFile, 'build', 'image', 'deploy', 'infrastructure') &&
      inFile?.environment == null
    );
  };
  return [...(graph?.jobs.values() ?? [])].flatMap((other) =>
    graph && idOf(other) !== idOf(job) && isAlike(other) ? (needless(other, graph) ?? []) : [],
  );
}

/** The `needs` of jobs without what they do not need, and of the jobs after them, which need both. */
const needsDiff = (hit: Hit, evidence: Evidence, kind: Sequence): string | null => {
  // A step has to move to another job first, or the tag that is deployed.
  if (hit.where !== hit.job || hit.advice === TAG_LATER) return null;
  const graph = newest(evidence.path);
  const job = [...(graph?.jobs.values() ?? [])].find(
    (other) => onPath(evidence.path, other)?.job === hit.job,
  );
  const waits = graph && job ? needless(job, graph) : null;
  if (!graph || !job || !waits || waits.isInside) return null;
  const level = waits.own.ids.length - 1;
  const caller = job.chain[level - 1];
  const needs = new Map(
    [...graph.jobs.values()].flatMap(({ chain, workflow }) => {
      const sibling =
        workflow === job.workflow && chain[level - 1]?.id === caller?.id ? chain[level] : undefined;
      return sibling ? [[sibling.id, sibling.needs] as const] : [];
    }),
  );
  const before = new Map(needs);
  const isHere = ({ own, isInside }: Waiting) =>
    !isInside &&
    own.workflow === job.workflow &&
    own.ids.length === level + 1 &&
    own.ids[level - 1] === waits.own.ids[level - 1];
  for (const { own, others } of [waits, ...alikeTo(job, kind, evidence).filter(isHere)]) {
    const id = own.ids.at(-1) ?? '';
    const left = others.flatMap(({ ids }) => ids.at(-1) ?? []);
    // The job may need the jobs that the others waited for, too.
    const added = left.flatMap((other) => before.get(other) ?? []).filter((other) => !left.includes(other));
    for (const [other, own] of needs) {
      if (other === id)
        needs.set(other, [...new Set([...own.filter((need) => !left.includes(need)), ...added])]);
      else if (own.includes(id)) needs.set(other, [...new Set([...own, ...left])]);
    }
  }
  const line = (ids: readonly string[]) =>
    ids.length === 1 ? `needs: ${ids[0]}` : `needs: [${ids.join(', ')}]`;
  const changed = [...needs].flatMap(([id, after]): [string, string[]][] => {
    const own = before.get(id) ?? [];
    if (after.join() === own.join()) return [];
    return [[id, [`-    ${line(own)}`, ...(after.length > 0 ? [`+    ${line(after)}`] : [])]]];
  });
  return diffIn(caller ? calledPath(caller) : hit.callerFile, changed);
};

const inParallel: Rule['yaml'] = ({ fileJob }, { path }) => {
  if (!fileJob) return null;
  const fileJobs = path.jobs.flatMap((job) => job.fileJob ?? []);
  const before = fileJobs.find(({ id }) => fileJob.needs.includes(id));
  const after = fileJobs.find(({ needs }) => needs.includes(fileJob.id));
  if (!before || !after || ![fileJob, before, after].every(({ id }) => /^[\w-]+$/.test(id))) return null;
  const needs = [...new Set([...after.needs, before.id, fileJob.id])];
  return `jobs:\n  ${after.id}:\n    needs: [${needs.join(', ')}]`;
};

export const needlessSequence: Rule = {
  id: 'needless-sequence',
  title: 'A job waits for a job that it does not need',
  cause: 'order',
  advice:
    'Remove the `needs` between the two jobs, so that they run in parallel. Let the next job need both.',
  yaml: inParallel,
  diff: (hit, evidence) => needsDiff(hit, evidence, 'other'),
  remains: [0, 0.4],
  find: (evidence) => [...sequences(evidence, 'other'), ...testsBesideBuilds(evidence)],
};

export const imageAfterTests: Rule = {
  id: 'image-after-tests',
  title: 'A build waits for tests that it takes nothing from',
  cause: 'order',
  advice:
    'Start the build together with the tests. Let the deployment need both, so that it still ships only what was tested.',
  yaml: inParallel,
  diff: (hit, evidence) => needsDiff(hit, evidence, 'build'),
  remains: [0, 0.3],
  find: (evidence) =>
    [
      ...sequences(evidence, 'build'),
      ...imagesAfterTests(evidence),
      ...builtRemotelyAfterTests(evidence).map(({ step, saved }) => ({
        ...hitOf(step, evidence),
        advice: builtRemotely(step),
        doubt: 'The build may be a small part of this step.',
        atStakeSeconds: saved,
      })),
    ].map((hit: Hit) => {
      const pushes = (hit.parts ?? [hit]).some(
        ({ fileStep, fileJob }) =>
          (fileStep ? does({ fileStep }, 'image') : jobDoes(fileJob, 'image')) && jobDoes(fileJob, 'publish'),
      );
      return pushes && !hit.advice ? { ...hit, advice: `${imageAfterTests.advice} ${TAGS}` } : hit;
    }),
};

export const longBeforeQuick: Rule = {
  id: 'long-before-quick',
  title: 'Quick checks wait for long ones',
  cause: 'order',
  advice:
    'Run the quick checks first, or in parallel: they take nothing from the long ones, and a failure shows sooner.',
  yaml: inParallel,
  diff: (hit, evidence) => needsDiff(hit, evidence, 'quick'),
  remains: [0, 0.3],
  find: (evidence) => sequences(evidence, 'quick'),
};

const SHARD = `$\{{ matrix.shard }}/4`;
/** Commands that run a shard of the tests, by test runner. */
const SHARDS: readonly { runner: RegExp; command: string }[] = [
  { runner: /\bplaywright test\b/, command: `npx playwright test --shard=${SHARD}` },
  { runner: /\bvitest\b/, command: `npx vitest run --shard=${SHARD}` },
  { runner: /\bjest\b/, command: `npx jest --shard=${SHARD}` },
];

export const oneLongTestJob: Rule = {
  id: 'one-long-test-job',
  title: 'All tests run on one runner',
  advice: 'Split the tests over several runners.',
  yaml: (hit) => {
    const shard = SHARDS.find(({ runner }) => hit.fileJob?.steps.some((step) => runner.test(step.run ?? '')));
    const steps = shard && jobYaml(hit, [`- run: ${shard.command}`]);
    return (
      steps?.replace('    steps:', '    strategy:\n      matrix:\n        shard: [1, 2, 3, 4]\n    steps:') ??
      null
    );
  },
  remains: [0.3, 0.6],
  find: (evidence) => [
    ...testsOfTwoTools(evidence),
    ...jobsWhere(
      (job, { path }) =>
        job.share >= 0.3 &&
        job.fileJob !== null &&
        (job.isDeploy || job.fileJob.environment === null) &&
        !job.fileJob.matrix &&
        // Each runner would have to start the services, too.
        (!job.fileJob.services ||
          servicesStart(job, path) <= Math.max(QUICK_SERVICES, 0.1 * (testSeconds(job, path) ?? 0))) &&
        job.fileJob.steps.some(
          (fileStep) => does({ fileStep }, 'test') && !/shard/i.test(fileStep.run ?? ''),
        ) &&
        isLong(job, path),
    )(evidence).flatMap((hit) => {
      const job = evidence.path.jobs.find((job) => job.job === hit.where);
      const atStakeSeconds = (job && testSeconds(job, evidence.path)) ?? hit.medianSeconds;
      if (!job?.isDeploy) return [{ ...hit, atStakeSeconds }];
      // A job that also deploys has to be split first. Tests after the deployment do not delay it.
      const [steps, deployments] = [stepsOf(job, evidence.path), deploymentsIn(evidence)];
      const first = steps.findIndex((step) => deployments.includes(step));
      const tests = steps.slice(0, Math.max(0, first)).filter((step) => does(step, 'test'));
      return together(tests.map((step) => hitOf(step, evidence))).filter(
        ({ medianSeconds }) => medianSeconds >= LONG,
      );
    }),
  ],
};

/** Long tests of different tools in one job, one after the other. */
const testsOfTwoTools = (evidence: Evidence): Hit[] =>
  evidence.path.jobs.flatMap((job): Hit[] => {
    const tests = stepsOf(job, evidence.path).filter(
      (step) =>
        does(step, 'test') &&
        !does(step, 'build', 'image', 'deploy', 'database') &&
        step.medianSeconds >= WORTH_MOVING,
    );
    const commands = new Set(tests.map((step) => scriptOf(step).trim()));
    const areSlow = job.fileJob?.services && servicesStart(job, evidence.path) > QUICK_SERVICES;
    if (job.isDeploy || commands.size !== tests.length || commands.size < 2 || areSlow) return [];
    const times = tests.map(({ medianSeconds }) => medianSeconds);
    return together(tests.map((step) => hitOf(step, evidence))).map((hit) => ({
      ...hit,
      remains: [0, 0.3],
      atStakeSeconds: times.reduce((sum, time) => sum + time, 0) - Math.max(...times),
      advice: 'Run them in two jobs at the same time. Let the deployment need both.',
      doubt: 'Both may use the same data.',
    }));
  });

/** Services that start sooner are worth it on each runner. Seconds. */
const QUICK_SERVICES = 40;
const servicesStart = (job: PathJob, path: CriticalPath): number =>
  stepsOf(job, path).find(({ step }) => step === 'Initialize containers')?.medianSeconds ??
  Number.POSITIVE_INFINITY;

/** Shorter tests are hardly faster on several runners, because each has to be set up. Seconds. */
const LONG = 480;
/** The same, if their job takes half of the time. Seconds. */
const LONG_OF_HALF = 360;
/** Playwright shares tests out by itself, and starts soon. Seconds. */
const LONG_IN_BROWSER = 240;

/** Median seconds of the tests of a job; `null` if its steps are unknown. */
function testSeconds(job: PathJob, path: CriticalPath): number | null {
  const steps = stepsOf(job, path);
  if (steps.length === 0) return null;
  return steps.filter((step) => does(step, 'test')).reduce((total, step) => total + step.medianSeconds, 0);
}

/** True if the tests are long, and at least half of the job. A job whose steps are unknown counts as tests. */
function isLong(job: PathJob, path: CriticalPath): boolean {
  const tests = testSeconds(job, path) ?? job.medianSeconds;
  const isInBrowser = stepsOf(job, path).some((step) => runsAny(scriptOf(step), /^playwright test\b/));
  const least = isInBrowser ? LONG_IN_BROWSER : job.share >= 0.5 ? LONG_OF_HALF : LONG;
  return tests >= least && tests * 2 >= job.medianSeconds;
}

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
  const isRead = fileStep.id !== undefined && JSON.stringify(fileJob).includes(`steps.${fileStep.id}.`);
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
    return together(images.map((step) => hitOf(step, evidence))).map((hit) => ({
      ...hit,
      advice: UNUSED_IMAGE,
    }));
  });
/** True if a step builds an image with Docker on its runner and nothing else. */
const isPlainBuild = (step: PathStep['fileStep']): boolean =>
  step !== null &&
  (/^docker\/build-push-action@/.test(step.uses ?? '') ||
    isMostly(step.run ?? '', /^docker(?:-compose| compose)? (?:buildx )?build\b/)) &&
  !/--push|--output|\$\(|push["': =]+true|\$\{\{[^}]*push/.test(JSON.stringify([step.run, step.with]));
const UNUSED_IMAGE =
  'Nothing takes this image: it is not pushed, saved or run. Build it on the pull request, or push it here and let the deployment pull it.';

export const notNeededByDeployment: Rule = {
  id: 'not-needed-by-deployment',
  title: 'The deployment waits for work that it does not need',
  advice:
    'Move it to a job that nothing needs, or after the deployment: it only reports on the change, and neither guards nor makes what is deployed.',
  yaml: null,
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
    const graph = newest(path);
    const jobs = [...(graph?.jobs.values() ?? [])].flatMap((job): Hit[] => {
      const [shown, inFile] = [onPath(path, job), fileJobOf(job)];
      if (!shown || !inFile || shown.isDeploy || inFile.environment !== null || isOpaque(inFile)) return [];
      const isTaken = [...(graph?.jobs.values() ?? [])].some(
        ({ chain }) =>
          chain.some(({ takes }) => takes.includes(inFile.id) || takes.includes('*')) ||
          artifactsOf([{ ...job, chain }], /^actions\/download-artifact@/).length > 0,
      );
      if (isTaken || !ASIDE_JOB.test(`${inFile.id} ${job.job}`) || jobDoes(inFile, 'image', 'database'))
        return [];
      const saved = savedBy(path.graphs, (other) =>
        idOf(other) === idOf(job) ? { ...other, seconds: 0, lagSeconds: 0 } : other,
      );
      return [{ ...shown, where: shown.job, slackSeconds: null, atStakeSeconds: saved }];
    });
    return [
      ...together(steps.map((step) => hitOf(step, evidence))),
      ...unusedImages(evidence),
      ...[...powerless.values()].flatMap((own) =>
        together(own.map((step) => hitOf(step, evidence))).map((hit) => ({ ...hit, advice: POWERLESS })),
      ),
      ...jobs,
    ];
  },
};

export const analysisInPath: Rule = {
  id: 'analysis-in-path',
  title: 'Checks of the code delay the deployment',
  advice:
    'Run them in a job of their own, beside the tests or the deployment. If a failure has to stop the deployment, let it need that job, too.',
  yaml: null,
  remains: [0, 0.3],
  cause: 'order',
  find: (evidence) =>
    [
      ...byGroup(evidence, (step: PathStep) =>
        does(step, 'check') && !does(step, 'test', 'build', 'image', 'deploy') && !guardsImage(step)
          ? (jobOf(step, evidence.path)?.id ?? step.id)
          : null,
      ).values(),
    ].flatMap((steps) => {
      const work = evidence.path.steps.filter(
        (step) => step.id === steps[0]?.id && does(step, 'test', 'build', 'image', 'database', 'publish'),
      );
      const isAlone = !jobDoes(steps[0]?.fileJob, 'test', 'build', 'image', 'database', 'deploy');
      // In a job of its own it takes as long as the work that it ran before, if that is shorter.
      const saved = work.length > 0 ? Math.min(secondsOf(steps), secondsOf(work)) : secondsOf(steps);
      return together(steps.map((step) => hitOf(step, evidence))).map((hit) => ({
        ...byCostliest(hit),
        atStakeSeconds: saved,
        ...(isAlone ? { advice: ALONE } : {}),
      }));
    }),
};
/** True if a step scans the image that ships, and a finding stops it. */
const guardsImage = ({ fileStep }: PathStep): boolean =>
  /trivy|grype|scan-action|docker-scout|anchore|snyk\/actions\/docker/.test(fileStep?.uses ?? '') &&
  ['image-ref', 'image'].some((input) => fileStep?.with[input] !== undefined) &&
  (!/trivy/.test(fileStep?.uses ?? '') || String(fileStep?.with['exit-code'] ?? '0') !== '0') &&
  fileStep?.mayFail !== true;
const ALONE =
  'The deployment waits for this job. Take it out of `needs` if it only reports, or keep what it computes between runs with `actions/cache`.';
