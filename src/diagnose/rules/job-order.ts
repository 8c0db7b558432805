import { calledPath, type FileJob } from '../../model/workflow-file.ts';
import type { PathStep } from '../critical-path.ts';
import { fileJobOf, type GraphJob, idOf, type JobGraph, keyOf, savedBy } from '../job-graph.ts';
import { builtForEach } from './building.ts';
import { isMostly, runsAny } from './commands.ts';
import { isHop } from './environments.ts';
import {
  buildOnServer,
  buildsBefore,
  buildsBetweenDeployments,
  buildsOfNextEnvironment,
  builtRemotelyAfterTests,
  imagesAfterTests,
  testsBesideBuilds,
} from './late-builds.ts';
import {
  diffIn,
  does,
  type Evidence,
  findingOf,
  type Hit,
  hitOf,
  isOpaque,
  jobDeploys,
  jobDoes,
  LONG_STEP,
  namesIn,
  newest,
  newestJobs,
  partsOf,
  type Rule,
  scriptOf,
  secondsOf,
  stepsOf,
} from './rule.ts';
import { INSTALL, TOOLCHAIN } from './setting-up.ts';
import {
  inParallelTo,
  isBuild,
  isIn,
  needless,
  needlessAcross,
  onlyMigrates,
  onlyPacks,
  onlyProvisions,
  onPath,
  savedInParallel,
  type Waiting,
} from './waiting-jobs.ts';

/** Rules about jobs and steps that wait for others without need. */

/** A job of its own has to check the code out and set tools up, too. Seconds. */
const WORTH_A_JOB = 120;

/** Builds that take less, with their packages, are hardly worth handing over. Seconds. */
export const WORTH_MOVING = 60;

/** The steps that install packages for builds, which move with them. */
const packagesBefore = ({ path }: Evidence, builds: readonly PathStep[]): PathStep[] => {
  const [last] = builds.slice(-1);
  const own = last ? stepsOf(last, path) : [];
  return own.slice(0, last ? own.indexOf(last) : 0).filter(
    (step) =>
      !builds.includes(step) &&
      isMostly(scriptOf(step), INSTALL) &&
      // The deployment needs its tools, too.
      !runsAny(scriptOf(step), TOOLCHAIN),
  );
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

const WITH_RELEASE =
  'Build in a job of its own: this one also makes a release, which has to wait for the tests. Push an image with a tag for its commit, and give it the tag of the release afterwards.';
/** Steps that make a release or publish a package. */
const RELEASES =
  /semantic-release|release-please|action-gh-release|gh release create|create-release|npm publish|changesets\/action/;
const TAG_LATER =
  'Start the build together with the tests, with a tag for the commit. When both are done, let a short job move the tag that is deployed.';

const isImageOnly = (job: FileJob): boolean =>
  isBuild(job) && jobDoes(job, 'image') && jobDoes(job, 'publish');

const ofOutputs = (ids: readonly string[]): string =>
  `What it takes of ${ids.map((id) => `\`${id}\``).join(' and ')} it can compute itself, or a short job before both can. If it is the tag of an image, push that with a tag for its commit, and add the other one afterwards.`;

/** Words of jobs that may change what is live, and so wait for the tests. */
const CHANGES =
  /\bdatabase|\bdb\b|release|publish|deploy|promot|notif|\btag\b|roll-?out|swap|switch|enable|\bflag/i;

const LOADS = /\bk6\b|locust|artillery|gatling|jmeter|\bload\b[- ]?test/i;

const MIGRATES = /migrat|\bseed/i;

type Sequence = 'build' | 'quick' | 'other';

/** What a job waits for without need, in its workflow, and for a build also in the workflow that started its own. */
function waitsOf(job: GraphJob, graph: JobGraph, kind: Sequence): Waiting | null {
  const own = needless(job, graph);
  if (kind !== 'build') return own;
  const isOther = (key: string) => own?.others.some((group) => isIn(graph.jobs.get(key), group)) === true;
  const open = [...job.needs];
  for (const key of open) if (isOther(key)) open.push(...(graph.jobs.get(key)?.needs ?? []));
  const needs = [...new Set(open.filter((key) => !isOther(key)))];
  const across = needlessAcross({ ...job, needs }, graph, own !== null);
  return own && across
    ? { ...across, ...own, others: [...own.others, ...across.others], isAcross: true }
    : (own ?? across);
}

/** Jobs on the path that wait for checks which they do not need. */
function sequences(evidence: Evidence, kind: Sequence): Hit[] {
  const { path } = evidence;
  const graph = newest(path);
  const jobs = newestJobs(path);
  return path.jobs.flatMap((pathJob): Hit[] => {
    const job = jobs.find((other) => onPath(path, other) === pathJob);
    const inFile = job && fileJobOf(job);
    const waits = job && waitsOf(job, graph, kind);
    if (!job || !inFile || !waits || isOpaque(inFile)) return [];
    const isOther = (member: GraphJob | undefined) => waits.others.some((group) => isIn(member, group));
    const before = path.jobs.find((other) => isOther(jobs.find((member) => onPath(path, member) === other)));
    const alike = alikeTo(job, kind, evidence);
    const isAfter = (does: typeof onlyProvisions) =>
      jobs.some((other) => does(fileJobOf(other)) && isOther(other));
    const ofInfrastructure = isAfter(onlyProvisions)
      ? { doubt: 'The infrastructure may change the registry.' }
      : {};
    const publishes = isAfter((other) => jobDoes(other, 'image'));
    const across: { advice?: string; doubt?: string } = waits.isAcross
      ? {
          advice: ON_PUSH,
          ...(publishes ? { doubt: 'The build may take what the other workflow pushes.' } : {}),
        }
      : {};
    const { advice } = kind === 'build' ? imageAfterTests : needlessSequence;
    const noted = waits.computed
      ? { ...across, advice: `${across.advice ?? advice} ${ofOutputs(waits.computed)}` }
      : across;
    const hit = { ...pathJob, where: pathJob.job, slackSeconds: null, ...noted };
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
      const tested = namesIn(builtForEach(evidence));
      const builds =
        kind === 'build' && (pathJob.isDeploy || !isHop(job, evidence)) && before
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
      return findingOf(evidence, builds, {
        ...ofInfrastructure,
        ...noted,
        slackSeconds: null,
        atStakeSeconds: Math.min(seconds, savedInParallel(evidence, waits, ...alike)),
      });
    }
    const builds = isBuild(inFile);
    const isQuick =
      jobDoes(inFile, 'test', 'check') && pathJob.medianSeconds * 2 <= (before?.medianSeconds ?? 0);
    if ((builds ? 'build' : isQuick ? 'quick' : 'other') !== kind) return [];
    // A release has to wait for the tests.
    if (builds && RELEASES.test(JSON.stringify(inFile.steps))) {
      const made = stepsOf({ id: pathJob.id }, path).filter(
        (step) =>
          does(step, 'image', 'build') && !does(step, 'test', 'deploy') && step.medianSeconds >= LONG_STEP,
      );
      const saved = Math.min(secondsOf(made), savedInParallel(evidence, waits, ...alike));
      return findingOf(evidence, made, {
        ...noted,
        advice: `${noted.advice ?? advice} ${WITH_RELEASE}`,
        slackSeconds: null,
        atStakeSeconds: saved,
      });
    }
    // A job that publishes or changes something may have to wait for the checks.
    const changes =
      MIGRATES.test(JSON.stringify(inFile.steps)) ||
      (!onlyPacks(inFile) && jobDoes(inFile, 'publish', 'database'));
    if (!builds && !jobDoes(inFile, 'test') && changes) return [];
    const names = `${pathJob.job} ${inFile.id}`;
    // Other tests of the same place would fail under load.
    if (LOADS.test(JSON.stringify([names, inFile.steps]))) return [];
    if (!builds && !jobDoes(inFile, 'test', 'check') && CHANGES.test(names)) return [];
    const makes = builds || onlyPacks(inFile);
    const isKnown = makes || jobDoes(inFile, 'test', 'check') || inFile.steps.length === 0;
    const doubt = !isKnown
      ? { doubt: 'The job may change something that has to wait for the tests.' }
      : makes && !jobDoes(inFile, 'image') && isAfter(onlyMigrates)
        ? { doubt: 'The build may read the database.' }
        : ofInfrastructure;
    const change = inParallelTo([waits, ...alike]);
    const moves = jobs.flatMap((other) => (isIn(other, waits.own) ? [idOf(other), keyOf(other)] : []));
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
  return newestJobs(path).flatMap((other) =>
    idOf(other) !== idOf(job) && isAlike(other) ? (needless(other, graph) ?? []) : [],
  );
}

/** The `needs` of jobs without what they do not need, and of the jobs after them, which need both. */
const needsDiff = (hit: Hit, evidence: Evidence, kind: Sequence): string | null => {
  // A step has to move to another job first, or the tag that is deployed.
  if (hit.where !== hit.job || hit.advice === TAG_LATER) return null;
  const graph = newest(evidence.path);
  const jobs = newestJobs(evidence.path);
  const job = jobs.find((other) => onPath(evidence.path, other)?.job === hit.job);
  const waits = job ? waitsOf(job, graph, kind) : null;
  if (!job || !waits || waits.isInside || waits.isAcross || waits.computed) return null;
  const level = waits.own.ids.length - 1;
  const caller = job.chain[level - 1];
  const needs = new Map(
    jobs.flatMap(({ chain, workflow }) => {
      const sibling =
        workflow === job.workflow && chain[level - 1]?.id === caller?.id ? chain[level] : undefined;
      return sibling ? [[sibling.id, sibling.needs] as const] : [];
    }),
  );
  const before = new Map(needs);
  const isHere = ({ own, isInside, computed }: Waiting) =>
    !isInside &&
    !computed &&
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
  find: (evidence) => [
    ...sequences(evidence, 'other'),
    ...testsBesideBuilds(evidence),
    ...buildsBetweenDeployments(evidence),
  ],
};

export const imageAfterTests: Rule = {
  id: 'image-after-tests',
  title: 'A build waits for tests that it takes nothing from',
  cause: 'order',
  advice:
    'Start the build together with the tests. Let the deployment need both, so that it still ships only what was tested.',
  yaml: (hit, evidence) => (hit.advice?.includes(WITH_RELEASE) ? null : inParallel(hit, evidence)),
  diff: (hit, evidence) => needsDiff(hit, evidence, 'build'),
  remains: [0, 0.3],
  find: (evidence) =>
    [
      ...sequences(evidence, 'build'),
      ...imagesAfterTests(evidence),
      ...buildsOfNextEnvironment(evidence),
      ...builtRemotelyAfterTests(evidence).map(({ step, saved }) => ({
        ...hitOf(step, evidence),
        advice: builtRemotely(step),
        doubt: 'The build may be a small part of this step.',
        atStakeSeconds: saved,
      })),
    ].map((hit: Hit) => {
      const pushes = partsOf(hit).some(
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
