import { allSteps, type FileJob, type FileStep } from '../../model/workflow-file.ts';
import type { CriticalPath, PathJob } from '../critical-path.ts';
import { type Change, fileJobOf, type GraphJob, idOf, type JobGraph, savedBy } from '../job-graph.ts';
import { commandsIn, runsAny } from './commands.ts';
import { artifactsIn, does, DOWNLOAD, type Evidence, isOpaque, jobDeploys, jobDoes, UPLOAD } from './rule.ts';

/** What a job waits for, and whether it takes anything from it. The rules about the order of jobs start here. */

/** Actions that log in to a cloud, whose state a job then may change. */
const LOGIN =
  /^(?:aws-actions\/configure-aws-credentials|azure\/login|google-github-actions\/auth|redhat-actions\/oc-login|azure\/(?:aks-set-context|k8s-set-context))/;

/** The job of the graph, by its file, that is on the path. */
export const onPath = ({ jobs }: CriticalPath, job: GraphJob): PathJob | undefined =>
  jobs.find((other) => other.workflow === job.workflow && (other.job === job.job || other.id === idOf(job)));

/** A job and those of one workflow that it calls, by their ids. */
export interface Group {
  workflow: string;
  ids: string[];
}

export const isIn = (job: GraphJob | undefined, { workflow, ids }: Group): boolean =>
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
export const onlyProvisions = (job: FileJob | undefined): boolean =>
  jobDoes(job, 'infrastructure') &&
  !isOpaque(job) &&
  !jobDoes(job, 'deploy', 'image', 'machine-image', 'build', 'publish', 'database');

/** True if a job only changes a database, which a build of an image has no use for. */
export const onlyMigrates = (job: FileJob | undefined): boolean =>
  jobDoes(job, 'database') &&
  !isOpaque(job) &&
  !jobDoes(job, 'deploy', 'image', 'machine-image', 'build', 'publish', 'infrastructure');

/** True if a job makes an artifact, and changes nothing outside of its runner. */
export const onlyPacks = (job: FileJob | undefined): boolean =>
  !isOpaque(job) &&
  !jobDoes(job, 'test', 'deploy', 'database', 'infrastructure', 'machine-image') &&
  allSteps(job?.steps ?? []).some(({ uses }) => UPLOAD.test(uses ?? '')) &&
  allSteps(job?.steps ?? []).every(
    (step) =>
      !LOGIN.test(step.uses ?? '') && (UPLOAD.test(step.uses ?? '') || !does({ fileStep: step }, 'publish')),
  );

/** The folders that steps keep in caches, or take from them. */
export const cachesOf = (steps: FileJob['steps']): string[] =>
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

export const artifactsOf = (jobs: readonly GraphJob[], action: RegExp): string[] =>
  jobs.flatMap((job) => artifactsIn(fileJobOf(job)?.steps ?? [], action));

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

/** Seconds that deployments would save without a job. */
export const savedWithout = (job: GraphJob, { graphs }: CriticalPath): number =>
  savedBy(graphs, (other) => (idOf(other) === idOf(job) ? { ...other, seconds: 0, lagSeconds: 0 } : other));

/** The jobs that a job waits for, though it takes nothing from them and they only check the code. */
export function needless(job: GraphJob, { jobs }: JobGraph): Waiting | null {
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
  const taken = artifactsOf(membersOf(own), DOWNLOAD);
  const toTags = membersOf(own).some(readsTags);
  const builds = isBuild(fileJobOf(job));
  const isImage = jobDoes(fileJobOf(job), 'image') && (builds || jobDeploys(fileJobOf(job)));
  const isFree = (other: FileJob | undefined) =>
    (isImage && onlyProvisions(other)) ||
    ((isImage || builds || onlyPacks(fileJobOf(job))) && onlyMigrates(other));
  const isOther = (group: Group) => {
    const members = membersOf(group);
    const id = group.ids.at(-1) ?? '';
    const handsOver = (member: GraphJob) => mayHandOver(member, caches, toTags) && !isFree(fileJobOf(member));
    if (members.length === 0 || members.some(handsOver)) return false;
    const computes =
      members.every((member) => canComputeElsewhere(fileJobOf(member))) ||
      membersOf(own).every((member) => takesForTags(fileJobOf(member), id));
    if (waiting.takes.some((other) => (other === id && !computes) || other === '*')) return false;
    const uploaded = artifactsOf(members, UPLOAD);
    return !taken.includes('*') && !uploaded.some((name) => taken.some((other) => mayBeSame(name, other)));
  };
  // Also what those jobs waited for.
  const others = waiting.needs.map(groupOf).filter(isOther);
  for (const group of others)
    for (const id of membersOf(group)[0]?.chain[level]?.needs ?? []) {
      const next = groupOf(id);
      if (!others.some((other) => other.ids.at(-1) === id) && isOther(next)) others.push(next);
    }
  const computed = others.flatMap(({ ids }) => ids.slice(-1)).filter((id) => waiting.takes.includes(id));
  return others.length > 0 ? { own, others, isInside, ...(computed.length > 0 ? { computed } : {}) } : null;
}

/** Commands that any job could run to the same end: they only look at the commit, the clock and the event. */
export const COMPUTES =
  /^(?:echo|printf|date|cut|tr|sed|head|tail|basename|if|elif|then|else|fi|case|esac|\[\[?|test|true|exit|git (?:rev-parse|describe|log)|\w+=)/;

/** True if a job has outputs, and only steps make them that a job without the others could do as well. */
function canComputeElsewhere(job: FileJob | undefined): boolean {
  const values = Object.values(job?.outputs ?? {}).map(String);
  const ids = values.flatMap((value) => [...value.matchAll(/steps\.([\w-]+)\./g)].map(([, id]) => id));
  const makes = (id: string | undefined) => {
    const step = job?.steps.find((other) => other.id === id);
    if (/^(?:docker\/metadata-action|actions\/setup-)/.test(step?.uses ?? '')) return true;
    const run = step?.run ?? '';
    return (
      run !== '' &&
      commandsIn(run).every((command) => COMPUTES.test(command)) &&
      !/\$\(\s*(?!date|git |echo|printf|cut|basename)|steps\.|needs\./.test(run)
    );
  };
  return values.length > 0 && values.every((value) => /steps\./.test(value)) && ids.every(makes);
}

/** True if a job builds images, and takes outputs of another one only to name them. They can have another name first. */
function takesForTags(job: FileJob | undefined, id: string): boolean {
  const steps = allSteps(job?.steps ?? []);
  const names = ({ uses }: FileStep) => /^docker\/(?:build-push|metadata)-action@/.test(uses ?? '');
  const rest = steps.map((step) => (names(step) ? { ...step, with: { ...step.with, tags: '' } } : step));
  const takes = (part: unknown) => (JSON.stringify(part) ?? '').includes(`needs.${id}.`);
  return (
    jobDoes(job, 'image') &&
    takes(steps.filter(names).map((step) => step.with.tags)) &&
    !takes([rest, job?.env])
  );
}

/** A build that waits for the checks of the workflow that started its own, though it takes nothing from them. */
export function needlessAcross(job: GraphJob, { jobs }: JobGraph, isFree = false): Waiting | null {
  const before = job.needs.flatMap((key) => jobs.get(key) ?? []);
  const members = isFree ? [] : job.chain.map((fileJob) => fileJob.needs.length);
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

export interface Waiting {
  own: Group;
  others: Group[];
  /** True if the jobs that it waits for belong to another workflow. */
  isAcross?: true;
  /** The ids of those from which it takes an output that it could compute itself. */
  computed?: string[];
  /** True if only a part of the called workflow that waits need not wait. */
  isInside: boolean;
}

/** Seconds that deployments would save if jobs did not wait for others, and the jobs after them waited for both. */
export const savedInParallel = ({ path }: Evidence, ...waits: readonly Waiting[]): number =>
  savedBy(path.graphs, inParallelTo(waits));

export function inParallelTo(waits: readonly Waiting[]): Change {
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

export const isBuild = (job: FileJob | undefined): boolean =>
  jobDoes(job, 'image', 'machine-image', 'build') && !jobDoes(job, 'test') && !jobDeploys(job);
