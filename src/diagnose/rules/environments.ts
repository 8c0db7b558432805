import { allSteps, type FileJob, filledIn, isUnresolved } from '../../model/workflow-file.ts';
import type { PathJob, PathStep } from '../critical-path.ts';
import {
  ancestorsOf,
  type Change,
  fileJobOf,
  type GraphJob,
  idOf,
  type JobGraph,
  keyOf,
  savedBy,
} from '../job-graph.ts';
import {
  does,
  type Evidence,
  findingOf,
  type Hit,
  isOpaque,
  jobDeploys,
  jobDoes,
  newest,
  newestJobs,
  type Rule,
  scriptOf,
  stepsOf,
  together,
} from './rule.ts';
import { type Group, inParallelTo, onPath } from './waiting-jobs.ts';

/** Rules about other environments that a change passes through. */

/** True if people approve most deployments. */
export const isHeld = ({ report }: Evidence): boolean =>
  report.staged.filter(({ seconds }) => (seconds?.approval ?? 0) > 0).length * 2 > report.staged.length;

/** A hosted runner starts sooner. Seconds. */
export const LONG_WAIT = 30;

/** Names of environments that are not live. */
export const NOT_LIVE =
  /(?:^|[^a-z])(?:dev|devel|develop|development|test|testing|qa|quality|staging|stage|stg|sandbox|sbx|int|integration|uat|acc|accept|acceptance|pre|pre-?prod\w*|non-?prod|non-?live|demo|alpha|beta|internal|preview|review|lab|perf|tst|rc|validation|val|trial|pilot|training|play|playground|hml|homolog\w*|recette|nightly|mock)(?:[^a-z]|$)/i;

export const LIVE = /(?:^|[^a-z])(?:prod|production|live|prd)(?:[^a-z]|$)/i;

const BEFORE_LIVE = /(?:^|[^a-z])(?:pre|non)[-_ ]?prod/i;

/** A slot or a canary is a part of the deployment itself. */
const SLOT = /\bslot\b|slot-name|canary|blue.?green|\bswap\b/i;

/** Names of jobs that look at what was deployed before the next deployment. */
const CHECK_NAME =
  /\b(?:e2e|tests?|testing|regression|smoke|sanity|try|tries|probe|ping|assert|confirm|verify|verification|validate|validation|check|checks|health\w*|approv\w*|gate|soak|bake|monitor|acceptance|cypress|playwright|qa|load|scan|wait for|ready|hold|pause|promote)\b/i;

/** A step that deploys and looks at the result itself. */
const VERIFIES = /\b(?:health|smoke|verif\w*|(?:and|then) (?:try|test|check|probe)\w*)(?:\b|[_-])/i;

/** Steps that let another workflow deploy. */
const DISPATCHES = /workflow-dispatch|repository-dispatch|gh workflow run|az pipelines run|\/dispatches\b/;

/** Commands that take an environment down again. */
const REMOVES = /\b(?:uninstall|delete|destroy|remove|tear-?down|cleanup)\b/i;

/** True if a job deploys to another environment than the one that is measured. */
export function isHop(job: GraphJob, { path, environment }: Evidence): boolean {
  const inFile = fileJobOf(job);
  if (!inFile || onPath(path, job)?.isDeploy) return false;
  // The deployment does not wait for a leg that runs in parallel.
  const graph = newest(path);
  const key = keyOf(job);
  if (key !== graph.last && !ancestorsOf(graph, graph.last).has(key)) return false;
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
    (other) =>
      other.isDeploy &&
      values.some(
        (value) =>
          NOT_LIVE.test(value) && Object.values(graph.jobs.get(keyOf(other))?.values ?? {}).includes(value),
      ),
  );
  return !isOwn && deploys && !jobDoes(inFile, 'test') && NOT_LIVE.test(names) && !LIVE.test(names);
}

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
  CHECK_NAME.test(name ?? '') || CALLS.test(run ?? '') || CHECKS.test(run ?? '');

/** Commands that call what was deployed. */
const CALLS =
  /\b(?:curl|wget|grpcurl|nc -\w*z|lambda invoke|functions call|remote invoke|(?:sls|serverless) invoke)\b/;
/** Commands of a tool that check something. */
const CHECKS = /^\s*[\w./-]+ (?:check|verify|smoke|health)\b/m;

/** True if a job deploys and then looks at the result, in the same step or in a later one. */
function looksAtItself(job: GraphJob): boolean {
  const verifies = (step: LookStep) => VERIFIES.test([step.name, ...Object.keys(step.with)].join(' '));
  // An action of the repository may look at the result after it has deployed.
  const steps = (fileJobOf(job)?.steps ?? []).flatMap((step) =>
    step.steps && allSteps([step]).some((inner) => does({ fileStep: inner }, 'deploy', 'infrastructure'))
      ? allSteps([step])
      : [step],
  );
  // A tool that deploys may have a command to check, too.
  const deploys = (fileStep: LookStep) =>
    does({ fileStep }, 'deploy', 'infrastructure') && !CHECKS.test(fileStep.run ?? '');
  const deployed = steps.findLastIndex(deploys);
  if (fileJobOf(job)?.steps.some((step) => deploys(step) && verifies(step))) return true;
  // Which step deploys is unknown, but a later one may check by its own command.
  if (deployed < 0) return steps.findLastIndex(({ run }) => CHECKS.test(run ?? '')) > 0;
  return steps.some((step, i) => {
    const isTest = does({ fileStep: step }, 'test');
    if (i > deployed) return isTest || isLook(step);
    return deploys(step) && (isTest || verifies(step));
  });
}

/** The check of a deployment, a later step of it or a job before the next deployment, and its work; `null` if nothing does. */
function checkOf(hop: GraphJob, graph: JobGraph, evidence: Evidence): { job: GraphJob; work: string } | null {
  if (looksAtItself(hop)) return { job: hop, work: workOf(hop, graph) };
  const place = environmentOf(hop);
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
      if (needed === keyOf(hop)) return { job, work: workOf(job, graph) };
      const other = graph.jobs.get(needed);
      if (other && !isOther(other)) open.push(...other.needs.filter((need) => !open.includes(need)));
    }
  }
  return null;
}

/** Jobs that deploy to another environment without need: nothing looks at it, or what does has looked at one before. */
export function needlessHops(evidence: Evidence): { unchecked: PathJob[]; repeated: PathJob[] } {
  const { path } = evidence;
  const graph = newest(path);
  const checks = newestJobs(path).flatMap((job) => {
    const hop = isHop(job, evidence) ? onPath(path, job) : undefined;
    return hop ? [{ hop, place: environmentOf(job), check: checkOf(job, graph, evidence) }] : [];
  });
  const unchecked = [...new Set(checks.map(({ hop }) => hop))].filter((hop) =>
    checks.every((other) => other.hop !== hop || other.check === null),
  );
  const first = new Map<string, string>();
  for (const { place, check } of checks) if (check && !first.has(check.work)) first.set(check.work, place);
  // Only long tests of their own are worth it, and only if they ran before.
  const again = checks.filter(
    ({ place, hop, check }) =>
      check &&
      place !== '' &&
      first.get(check.work) !== place &&
      onPath(path, check.job) !== hop &&
      jobDoes(fileJobOf(check.job), 'test'),
  );
  const checkers = again.flatMap(({ check }) => (check && onPath(path, check.job)) ?? []);
  return { unchecked, repeated: [...new Set([...again.map(({ hop }) => hop), ...checkers])] };
}

export const environmentHop: Rule = {
  id: 'environment-hop',
  title: 'Changes pass through another environment first',
  advice:
    'Nothing checks the other environment before this one is deployed, or the same checks ran in another one before. Deploy to both in parallel, or test the first one.',
  remains: [0, 0.3],
  cause: 'order',
  find: (evidence) => {
    const { path } = evidence;
    const graph = newest(path);
    // A person who approves the deployment may look at the other environment first.
    if (isHeld(evidence)) return [];
    const { unchecked, repeated } = needlessHops(evidence);
    const find = (hops: readonly PathJob[], doubt: string, withOthers: boolean) => {
      // Parallel hops are not needed either.
      const members = newestJobs(path).filter(
        (job) => hops.some((hop) => hop === onPath(path, job)) && isHop(job, evidence),
      );
      const places = members.map(environmentOf);
      const isOne = (job: GraphJob) =>
        hops.some((hop) => hop === onPath(path, job) || hop.id === idOf(job)) ||
        (withOthers && isHop(job, evidence) && places.includes(environmentOf(job)));
      // The first of several may show that the change can be deployed. The others show nothing more.
      const groupOf = ({ workflow, chain }: GraphJob): Group => ({
        workflow,
        ids: chain.map(({ id }) => id),
      });
      const row = members.map((job) => ({
        own: groupOf(job),
        others: members
          .filter(
            (other) =>
              environmentOf(other) !== environmentOf(job) && ancestorsOf(graph, keyOf(job)).has(keyOf(other)),
          )
          .map(groupOf),
        isInside: false,
      }));
      const isRow = !withOthers && !places.includes('') && row.some(({ others }) => others.length > 0);
      const change: Change = isRow
        ? inParallelTo(row)
        : (job) => (isOne(job) ? { ...job, seconds: 0, lagSeconds: 0 } : job);
      const saved = savedBy(path.graphs, change);
      const where = [...new Set(hops.map(({ job }) => job.split(' / ')[0] ?? job))].join(' and ');
      return together(hops.map((hop) => ({ ...hop, where: hop.job }))).map((hit) => ({
        ...hit,
        doubt,
        where,
        change,
        ...(isRow ? { advice: AT_ONCE } : {}),
        slackSeconds: null,
        atStakeSeconds: saved >= SHORT_HOP || isRow ? saved : 0,
      }));
    };
    return [
      ...(isRehearsal(unchecked, evidence) ? [] : find(unchecked, LOOKED_AT, false)),
      ...find(
        repeated,
        'The second environment may show what the first one cannot, such as with its data.',
        true,
      ),
      ...hopsInJob(evidence),
    ];
  },
};

/**
 * True if the only environment before this one waits until its rollout is done. A change that does not start there does not come
 * further, though nothing else looks at it.
 */
function isRehearsal(hops: readonly PathJob[], evidence: Evidence): boolean {
  const before = newestJobs(evidence.path).filter((job) => isHop(job, evidence));
  const own = before.filter((job) => hops.some((hop) => hop === onPath(evidence.path, job)));
  return (
    new Set(before.map(environmentOf)).size === 1 &&
    own.some((job) => WAITS_FOR_ROLLOUT.test(JSON.stringify(fileJobOf(job)?.steps ?? [])))
  );
}
/** Options and commands that wait until a rollout is done. */
const WAITS_FOR_ROLLOUT =
  /--wait\b|--atomic|rollout status|kubectl wait|wait-for-service-stability\W+true|services-stable|app wait/;

const AT_ONCE =
  'Nothing checks one of these environments before the next one is deployed. Deploy to all of them at the same time. If nothing looks at them before this one either, deploy to it in parallel, too.';

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
    return findingOf(evidence, hops).map((hit) => ({
      ...hit,
      doubt: LOOKED_AT,
      atStakeSeconds: hit.medianSeconds >= SHORT_HOP ? hit.medianSeconds : 0,
    }));
  });
