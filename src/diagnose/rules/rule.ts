import type { EvictedRun, Pipeline } from '../../model/pipeline.ts';
import { quantileOf } from '../../model/survival.ts';
import type { Stage } from '../../model/terms.ts';
import { allSteps, type FileJob, type FileStep, filledIn } from '../../model/workflow-file.ts';
import {
  type CriticalPath,
  longestPerRun,
  mostFrequent,
  type PathJob,
  type PathStep,
  type Seen,
} from '../critical-path.ts';
import { type Change, fileJobOf, type GraphJob, type JobGraph, keyOf } from '../job-graph.ts';
import type { StageReport } from '../stage-report.ts';
import type { Segment } from '../stages.ts';
import { type Kind, kindsOf, ownScriptOf, runsAny } from './commands.ts';

/** The type of a rule, and helpers that find steps, jobs and stages on the critical path. */

export interface Evidence {
  path: CriticalPath;
  report: StageReport;
  evicted: readonly EvictedRun[];
  environment: string;
}

/** A finding. The job and the step in the workflow file are absent if it does not belong to a job. */
export interface Hit
  extends Pick<PathStep, 'seen' | 'medianSeconds' | 'share'>,
    Partial<Pick<PathStep, 'id' | 'job' | 'file' | 'callerFile' | 'fileJob' | 'fileStep'>> {
  /** The step, job or stage, as people read it. */
  where: string;
  slackSeconds: number | null;
  /** The part of its time that could be saved at best. Defaults to `medianSeconds`. */
  atStakeSeconds?: number;
  /** The share of its time that would probably remain, if that of the rule is not right for it. */
  remains?: [number, number];
  /** A fact that would make the finding wrong and the files do not show, as a sentence. Then it is a question. */
  doubt?: string;
  /** The findings that this one combines. */
  parts?: Hit[];
  /** The advice, if that of the rule is not right for it. */
  advice?: string;
  /** The change of the jobs, if it is another one than to make the job or the step shorter. */
  change?: Change;
  /** The ids of all jobs that the change starts earlier. Defaults to its own. */
  moves?: string[];
}

export interface Rule {
  id: string;
  title: string;
  advice: string;
  /** YAML to paste, with the names of the workflow file; `null` if it cannot write YAML that would run. */
  yaml?: (hit: Hit, evidence: Evidence) => string | null;
  /** The change of the workflow file as a diff; `null` if the file does not show enough to write it. */
  diff?: (hit: Hit, evidence: Evidence) => string | null;
  /** The share of the observed time that would probably remain, at best and at worst. */
  remains: [number, number];
  /** The share of the median lead time that it must take, if it needs stronger evidence than others. */
  minShare?: number;
  /**
   * Findings about one step with the same cause are reported once. By default, what the step does takes long; with `order`,
   * it runs at the wrong time; with `twice`, something did it before; with `processor`, it runs on the wrong machine.
   */
  cause?: 'order' | 'twice' | 'processor';
  find(evidence: Evidence): Hit[];
}

/** The jobs of the newest run. */
export const newest = ({ graphs }: CriticalPath): JobGraph => graphs.at(-1) ?? { jobs: new Map(), last: '' };
export const newestJobs = (path: CriticalPath): GraphJob[] => [...newest(path).jobs.values()];

export const stepsWhere =
  (matches: (step: PathStep, evidence: Evidence) => boolean) =>
  (evidence: Evidence): Hit[] =>
    evidence.path.steps.filter((step) => matches(step, evidence)).map((step) => hitOf(step, evidence));

export const hitOf = (step: PathStep, { path }: Pick<Evidence, 'path'>): Hit => ({
  ...step,
  where: `${step.job} / ${step.step}`,
  slackSeconds: jobOf(step, path)?.slackSeconds ?? null,
});

/** The job of a step. */
export const jobOf = ({ id }: Pick<PathStep, 'id'>, { jobs }: CriticalPath): PathJob | undefined =>
  jobs.find((job) => job.id === id);

/** The steps of a job, in the order in which they ran. */
export const stepsOf = ({ id }: Pick<PathJob, 'id'>, { steps }: CriticalPath): PathStep[] =>
  steps.filter((step) => step.id === id);

/** One finding for several that one change would make faster, named after the first; nothing without one. */
export function together(hits: readonly Hit[]): Hit[] {
  const [first] = hits;
  if (!first || hits.length === 1) return [...hits];
  const runs = new Map<number, Seen>();
  for (const { run, seconds, url } of hits.flatMap(({ seen }) => seen))
    runs.set(run, { run, url: runs.get(run)?.url ?? url, seconds: (runs.get(run)?.seconds ?? 0) + seconds });
  const sum = (value: (hit: Hit) => number) => hits.reduce((total, hit) => total + value(hit), 0);
  const limit = ({ slackSeconds, medianSeconds }: Hit) =>
    Math.min(slackSeconds ?? medianSeconds, medianSeconds);
  return [
    {
      ...first,
      seen: [...runs.values()],
      medianSeconds: sum(({ medianSeconds }) => medianSeconds),
      share: sum(({ share }) => share),
      slackSeconds: hits.some(({ slackSeconds }) => slackSeconds !== null) ? sum(limit) : null,
      parts: [...hits],
    },
  ];
}

/** One finding for several steps that one change would make faster, with what a rule knows of it; nothing without a step. */
export const findingOf = (
  evidence: Pick<Evidence, 'path'>,
  steps: readonly PathStep[],
  more: Partial<Hit> = {},
): Hit[] => together(steps.map((step) => hitOf(step, evidence))).map((hit) => ({ ...hit, ...more }));

/** The findings that a finding combines, or itself, and the steps or jobs that they name. */
export const partsOf = (hit: Hit): Hit[] => hit.parts ?? [hit];
export const namesIn = (hits: readonly Hit[]): string[] => hits.flatMap(partsOf).map(({ where }) => where);

/** A finding for several steps, named after the one that takes longest. */
export const byCostliest = (hit: Hit): Hit => {
  const [costliest] = (hit.parts ?? []).toSorted((a, b) => b.medianSeconds - a.medianSeconds);
  if (!costliest) return hit;
  return { ...hit, where: costliest.where, fileStep: costliest.fileStep ?? null };
};

/** The steps of each group. A step without a group is not in any. */
export function byGroup({ path }: Evidence, groupOf: (step: PathStep) => string | null): PathStep[][] {
  const groups = new Map<string, PathStep[]>();
  for (const step of path.steps) {
    const group = groupOf(step);
    if (group !== null) groups.set(group, [...(groups.get(group) ?? []), step]);
  }
  return [...groups.values()];
}

export const does = ({ fileStep }: Pick<PathStep, 'fileStep'>, ...kinds: Kind[]): boolean =>
  fileStep !== null && kinds.some((kind) => kindsOf(fileStep).has(kind));

/** True if a job of a file does some kind of work. */
export const jobDoes = (job: FileJob | null | undefined, ...kinds: Kind[]): boolean =>
  job?.steps.some((fileStep) => does({ fileStep }, ...kinds)) ?? false;

/** A cluster or a cloud on the runner for tests. */
const LOCAL = /\b(?:kind|minikube|k3d|k3s|microk8s|localstack)\b/i;

/** True if a job deploys, and not only to a cluster of its own. */
export const jobDeploys = (job: FileJob | null | undefined): boolean =>
  jobDoes(job, 'deploy', 'infrastructure') &&
  !allSteps(job?.steps ?? []).some(({ uses, run }) => LOCAL.test(`${uses} ${run}`));

/** Text that hands a version to a tool for infrastructure, so that it deploys. */
const VERSION =
  /(?:needs|steps)\.[\w-]+\.outputs|github\.sha|GITHUB_SHA|github\.ref_name|(?:\bTF_VAR_\w*|-var[ =]\\?['"]?\w*)(?:image|tag|version|sha|ami|release)/i;

/** True if the job of a step has fetched what another job built, so that applying infrastructure brings it live. */
const takesBuild = (step: PathStep, path: CriticalPath): boolean => {
  const isOther = (other: PathStep) =>
    other.id === step.id && does(other, 'deploy') && other.medianSeconds >= MARK;
  if (path.steps.some(isOther)) return false;
  const taken = artifactsIn(step.fileJob?.steps ?? [], DOWNLOAD);
  return newestJobs(path).some((graphJob) => {
    const job = fileJobOf(graphJob);
    const uploads = allSteps(job?.steps ?? []).filter(({ uses }) => UPLOAD.test(uses ?? ''));
    const isTaken = (name: string) =>
      taken.some((other) => other === '*' || other === name || /[*$]/.test(`${other}${name}`));
    return (
      jobDoes(job, 'build', 'image') && uploads.some(({ with: inputs }) => isTaken(String(inputs.name ?? '')))
    );
  });
};

/** A job that takes less, in seconds, deploys nothing. */
const MARK = 15;

/** The steps on the path that are the deployment itself, or a deployment to another environment. */
export function deploymentsIn({ path }: Pick<Evidence, 'path'>): PathStep[] {
  const isDeployJob = (step: PathStep) => jobOf(step, path)?.isDeploy ?? false;
  // A stack of the CDK contains the code, too.
  const isOwnStack = (step: PathStep) => isDeployJob(step) && runsAny(scriptOf(step), /^cdk deploy/);
  const steps = path.steps.filter(
    (step) =>
      does(step, 'deploy') ||
      (does(step, 'infrastructure') &&
        (handsVersion(step, path) || isOwnStack(step) || takesBuild(step, path))),
  );
  if (steps.some(isDeployJob)) return steps;
  const started = path.steps.findLast(
    (step) => isDeployJob(step) && runsAny(scriptOf(step), STARTS_CONTAINERS) && !does(step, 'image', 'test'),
  );
  const own = path.steps.filter(
    (step) => step === started || (isDeployJob(step) && does(step, 'infrastructure')),
  );
  // The job with the environment may only mark what an earlier job did. Then the last step that could deploy did.
  const isMark = path.jobs.every(({ isDeploy, medianSeconds }) => !isDeploy || medianSeconds < MARK);
  const last = isMark ? path.steps.filter((step) => does(step, 'infrastructure')).at(-1) : undefined;
  return [...steps, ...(own.length > 0 ? own : steps.length === 0 && last ? [last] : [])];
}

/** On a runner of the team, or with the Docker of a server, these deploy. */
const STARTS_CONTAINERS = /^docker (?:compose up\b|run\b.* (?:-d|--detach)\b)/;

function handsVersion(step: PathStep, path: CriticalPath): boolean {
  const { fileStep, fileJob } = step;
  const place = newest(path).jobs.get(keyOf(step));
  // The variables of a called workflow may be empty for one of its callers.
  const variables = Object.entries(fileJob?.env ?? {}).filter(
    ([name, value]) => /^TF_VAR_/.test(name) && filledIn(String(value), place?.values ?? {}) !== '',
  );
  return (
    VERSION.test(JSON.stringify([fileStep?.run, fileStep?.env, fileStep?.with])) ||
    variables.some(([name]) => VERSION.test(name))
  );
}

export const jobsWhere =
  (matches: (job: PathJob, evidence: Evidence) => boolean) =>
  (evidence: Evidence): Hit[] =>
    evidence.path.jobs.filter((job) => matches(job, evidence)).map((job) => ({ ...job, where: job.job }));

/**
 * The time that runs spent in a stage, as one hit that names the most frequent cause; nothing if no run did.
 *
 * @param counts - the segments of the stage that count. Defaults to all.
 */
export const inStage =
  (stage: Stage, where: string, counts: (segment: Segment, pipeline: Pipeline) => boolean = () => true) =>
  ({ report }: Pick<Evidence, 'report'>): Hit[] => {
    const changes = longestPerRun(report.staged);
    const causes: string[] = [];
    const seen = changes.flatMap(({ pipeline, segments }) => {
      const inStage = segments.filter(
        (segment) => segment.stage === stage && pipeline && counts(segment, pipeline),
      );
      const seconds = inStage.reduce((sum, { from, to }) => sum + to - from, 0);
      causes.push(...new Set(inStage.flatMap(({ cause }) => cause ?? [])));
      return pipeline && seconds > 0 ? [{ seconds, run: pipeline.run.id, url: pipeline.run.url }] : [];
    });
    const cause = mostFrequent(causes);
    return hitIn(cause === null ? where : `${where} (group ${cause})`, seen, changes);
  };

/** A hit whose share is its part of the lead times of some changes; nothing if it was never seen. */
export function hitIn(
  where: string,
  seen: Seen[],
  changes: readonly Pick<StageReport['staged'][number], 'leadTimeSeconds'>[],
): Hit[] {
  if (seen.length === 0) return [];
  const times = seen.map(({ seconds }) => seconds);
  const sum = times.reduce((subtotal, seconds) => subtotal + seconds, 0);
  const total = changes.reduce((subtotal, change) => subtotal + change.leadTimeSeconds, 0);
  const share = total > 0 ? sum / total : 0;
  return [{ where, seen, medianSeconds: quantileOf(times, 0.5), share, slackSeconds: null }];
}

export const scriptOf = ({ fileStep }: Pick<Hit, 'fileStep'>): string =>
  fileStep ? allSteps([fileStep]).map(ownScriptOf).join('\n') : '';
export const usesAction = ({ fileStep }: Pick<Hit, 'fileStep'>, action: RegExp): boolean =>
  fileStep != null && allSteps([fileStep]).some(({ uses }) => action.test(uses ?? ''));

/** True if a job names the image of a service of Copilot, so that its deployment builds none. */
export const namesImage = ({ fileJob }: Pick<PathStep, 'fileJob'>): boolean =>
  /image\.location/.test(JSON.stringify(fileJob?.steps ?? []));

/** True if the files do not show all of a job: it calls a workflow, or uses an action of its own repository that was not read. */
export const isOpaque = (job: FileJob | null | undefined): boolean =>
  job != null && (job.calls !== null || allSteps(job.steps).some((step) => step.uses?.startsWith('./')));

/** Actions that cache by default. */
const CACHES_BY_DEFAULT =
  /^(?:swatinem\/rust-cache|actions-rust-lang\/setup-rust-toolchain|astral-sh\/setup-uv|gradle\/(?:actions\/setup-gradle|gradle-build-action)|burrunan\/gradle-cache|actions\/setup-go@v(?:[4-9]|\d\d)|jdx\/mise-action|pre-commit\/action|useblacksmith\/|buildjet\/cache|mozilla-actions\/sccache-action|nick-fields\/cache|ramsey\/composer-install|bahmutov\/npm-install|coursier\/cache|hendrikmuhs\/ccache|awalsh128\/cache-apt|cypress-io\/github-action)/i;
/** Inputs that turn a cache on, such as `cache`, `enable-cache` and `bundler-cache`. */
const isCacheInput = (name: string): boolean =>
  /cache/i.test(name) &&
  !/no-cache|read-only|package-manager-cache|cache-(?:from|to|disabled|key|version)/i.test(name);

/** Words in a cache step that show what it keeps: of a tool's commands, and of its caches. */
const CACHES: readonly [tool: RegExp, cache: RegExp][] = [
  [/^(?:npm|yarn|pnpm|bun)\b/, /npm|node|yarn|bun\b/],
  [/^(?:pip|pip3|poetry|pipenv|pdm|python3?|uv)\b/, /\bpip|poetry|venv|python|\buv\b/],
  [/^bundle\b/, /bundle|gems?\b|ruby/],
  [/^composer\b/, /composer|\bvendor\b/],
  [/^go\b/, /\bgo\b|go-build|setup-go/],
  [/^(?:cargo|cross|wasm-pack|trunk|maturin)\b/, /cargo|rust|\btarget\b/],
  [/^(?:dotnet|nuget)\b/, /nuget|dotnet/],
  [/^pod\b/, /pods\b|cocoapods/],
  [/^(?:conda|mamba)\b/, /conda/],
  [/^(?:\.\/)?gradlew?\b/, /gradle/],
  [/^(?:\.\/)?mvnw?\b/, /maven|\.m2/],
  [/^mix\b/, /\bmix\b|\bdeps\b|_build/],
  [/^sbt\b/, /\bsbt\b|ivy|coursier/],
];

/** True if the job of a step keeps what a tool downloads or makes, or anything at all without the tool's command. */
export function hasCache({ fileJob }: Pick<PathStep, 'fileJob'>, command = ''): boolean {
  if (fileJob?.keepsDisk) return true;
  const own = CACHES.find(([tool]) => tool.test(command))?.[1];
  return allSteps(fileJob?.steps ?? []).some((step) => {
    const inputs = Object.keys(step.with).filter(isCacheInput);
    const off = inputs.filter((name) => String(step.with[name]) === 'false');
    const keeps =
      /(?:^|\/)cache(?:@|\/)/.test(step.uses ?? '') ||
      (CACHES_BY_DEFAULT.test(step.uses ?? '') && off.length === 0) ||
      off.length < inputs.length;
    const text = JSON.stringify([step.uses, step.with]).toLowerCase().replace('actions/cache', '');
    // A cache that belongs to another tool keeps nothing for this one.
    if (!keeps || !own || own.test(text)) return keeps;
    // A folder whose name says nothing may be that of any tool, but data of the repository are not packages.
    const isFolder =
      step.uses?.startsWith('actions/cache') && /^[\w/-]*\/[\w-]+$/.test(String(step.with.path).trim());
    return !isFolder && !CACHES.some(([, words]) => words.test(text));
  });
}

/** A diff of some lines of jobs, by their ids. Each line begins with its sign, and its indentation within the file. */
export const diffIn = (
  file: string | null | undefined,
  jobs: readonly [id: string, lines: string[]][],
): string =>
  [
    `--- a/${file}`,
    `+++ b/${file}`,
    ' jobs:',
    ...jobs.flatMap(([id, lines]) => [`   ${id}:`, ...lines]),
  ].join('\n');

/** A diff of the steps of a finding's jobs; `null` if it would not change them all, and so not save what the finding says. */
export function jobsDiff(
  hit: Hit,
  linesOf: (fileJob: FileJob, parts: readonly Hit[]) => string[] | null,
): string | null {
  const parts = partsOf(hit).filter(({ file }) => file === hit.file);
  const jobs = new Map(parts.flatMap(({ fileJob }) => (fileJob ? [[fileJob.id, fileJob] as const] : [])));
  const changes = [...jobs.values()].flatMap((fileJob): [string, string[]][] => {
    const lines = linesOf(fileJob, parts);
    return lines ? [[fileJob.id, ['     steps:', ...lines]]] : [];
  });
  return changes.length > 0 && changes.length === jobs.size ? diffIn(hit.file, changes) : null;
}

interface StepChange {
  inputs?: string[];
  /** Inputs to remove. */
  without?: string[];
  /** An action to use after the step. */
  step?: string;
  /** The action that a job without such a step needs, and the last step that it comes after. `null`: it cannot be added. */
  missing?: (fileJob: FileJob) => { uses: string; after: FileStep } | null;
  /** True if a step of the job has to come before the changed one, but comes later. */
  isTooEarly?: (fileJob: FileJob, step: FileStep) => boolean;
}

/** A diff that adds inputs to a step that uses an action, or a step after it; `null` if a job has none and none can be added. */
export function stepDiff(
  hit: Hit,
  action: RegExp,
  { inputs = [], without = [], step, missing, isTooEarly }: StepChange,
): string | null {
  return jobsDiff(hit, (fileJob, parts) => {
    const found = fileJob.steps.find(({ uses }) => action.test(uses ?? ''));
    if (!found) {
      const added = missing?.(fileJob);
      return added
        ? [
            ...contextOf(added.after),
            `+      - uses: ${added.uses}`,
            '+        with:',
            ...inputs.map((input) => `+          ${input}`),
          ]
        : null;
    }
    const uses = parts.filter((part) => part.fileJob === fileJob).map(({ fileStep }) => fileStep);
    const first = fileJob.steps.findIndex((other) => uses.includes(other));
    // What comes after the step has no effect on it.
    if (first >= 0 && fileJob.steps.indexOf(found) > first) return null;
    if (isTooEarly?.(fileJob, found)) return null;
    if (step) return [...contextOf(found), `+      - uses: ${step}`];
    const hasInputs = Object.keys(found.with).length > 0;
    return [
      `       - uses: ${found.uses}`,
      `${hasInputs ? ' ' : '+'}        with:`,
      ...without.map((input) => `-          ${input}`),
      ...inputs.map((input) => `+          ${input}`),
    ];
  });
}

/** The lines of a step that stay as they are. */
const contextOf = ({ name, uses, run, with: inputs }: FileStep): string[] => {
  const [first = '', ...more] = (run ?? '').trim().split('\n');
  const rest = uses
    ? [`uses: ${uses}`, ...(Object.keys(inputs).length > 0 ? ['with:'] : [])]
    : more.length === 0
      ? [`run: ${first}`]
      : ['run: |'];
  const own = uses
    ? Object.entries(inputs).map(([input, value]) => `  ${input}: ${String(value).split('\n').join(' ')}`)
    : more.length === 0
      ? []
      : [first, ...more].map((line) => `  ${line}`);
  const lines = [...(name === null ? [] : [`name: ${name}`]), ...rest, ...own];
  return lines.map((line, i) => `       ${i === 0 ? '- ' : '  '}${line}`);
};

/** Steps to add to a job, as YAML; `null` if the file does not have the job or its name needs quotes. */
export function jobYaml({ fileJob }: Pick<Hit, 'fileJob'>, steps: readonly string[]): string | null {
  if (!fileJob || !/^[\w-]+$/.test(fileJob.id)) return null;
  return [`jobs:`, `  ${fileJob.id}:`, `    steps:`, ...steps.map((step) => `      ${step}`)].join('\n');
}

/** Steps that take this long, in seconds, are worth a job of their own. */
export const LONG_STEP = 30;

export const UPLOAD = /^actions\/upload-artifact@/;
export const DOWNLOAD = /^actions\/download-artifact@/;

/** The names of artifacts that steps upload or download; `*` if one downloads all. */
export const artifactsIn = (steps: readonly FileStep[], action: RegExp): string[] =>
  allSteps(steps).flatMap(({ uses, with: inputs }) =>
    action.test(uses ?? '') ? String(inputs.name ?? inputs.pattern ?? '*') : [],
  );

/** True if a part of a file takes an output of a step. */
export const takesOutput = (part: unknown, steps: readonly Pick<PathStep, 'fileStep'>[]): boolean =>
  steps.some(({ fileStep }) => fileStep?.id && JSON.stringify([part]).includes(`steps.${fileStep.id}.`));

export const secondsOf = (steps: readonly Pick<PathStep, 'medianSeconds'>[]): number =>
  steps.reduce((sum, { medianSeconds }) => sum + medianSeconds, 0);

/** Seconds that steps would save if they ran in parallel and not one after the other. */
export const parallelSaving = (steps: readonly Pick<PathStep, 'medianSeconds'>[]): number =>
  secondsOf(steps) - Math.max(...steps.map(({ medianSeconds }) => medianSeconds));
