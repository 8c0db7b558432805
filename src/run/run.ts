import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Settings } from '../config/plan.ts';
import type { Surroundings } from '../config/surroundings.ts';
import { changeOf } from '../diagnose/change.ts';
import { type Diagnosis, diagnose } from '../diagnose/diagnose.ts';
import { MIN_RUNS, worthOpening } from '../diagnose/stage-report.ts';
import { collectPipelines } from '../github/actions/pipelines.ts';
import type { GitHub } from '../github/client.ts';
import { repoOf } from '../github/repo.ts';
import { subjectOf, type Trigger, type TriggerEvent } from '../judge/judge.ts';
import { attribute as attributeChanges } from '../measure/attribution.ts';
import type { Measurement } from '../measure/measure.ts';
import { timelineOf } from '../measure/timeline.ts';
import type { Deployment, Gap, Remark } from '../model/facts.ts';
import { GuardError } from '../model/guard-error.ts';
import { mergesetsOf } from '../model/mergesets.ts';
import { NO_PIPELINES, type Pipelines, pipelinesFor } from '../model/pipeline.ts';
import { isIn, thresholdOf } from '../model/terms.ts';
import type { Service } from '../model/service.ts';
import { NothingDeployed } from '../read/nothing-deployed.ts';
import type { Ask } from '../production/ask.ts';
import type { Opened } from '../read/open.ts';
import type { Facts } from '../read/facts-request.ts';
import { readFacts, withheldFrom } from '../read/read.ts';
import { sourceOf } from '../sources/registry.ts';
import type { Report, RunReport } from '../report/contract.ts';
import type { RecordState } from './reporting/judged.ts';
import { runReportOf } from './reporting/report-of.ts';
import { type Answer, answerFor, type DiagnosedService } from './answer.ts';
import { changesWithoutDeploy } from './non-deploying-paths.ts';
import type { LookAtProduction } from './production-look.ts';
import {
  longestOf,
  NO_PAST,
  pastOf,
  type MeasuredService,
  type Remember,
  type ServicePast,
} from './service-past.ts';
import {
  concernsFor,
  measured,
  needsLabels,
  type AttributedService,
  type AttributionInput,
} from './attributed-services.ts';
import { changesThatDecide } from './waiting-changes.ts';
import { widened } from './widen.ts';

/** The result of a run. */
export interface Answers {
  /** In the order of the services. */
  answers: Answer[];
  /** A `RunReport` if there are several services, including those that could not be measured. */
  report: Report | RunReport;
  baseBranch: string;
  /** Adds the suspects to the reports. Already done, unless `suspectsLater` is set. */
  addSuspects: () => Promise<void>;
}

export interface RunOptions {
  /** The repository, if it was opened already. */
  opened?: Opened | undefined;
  /** Loads the alert states that an earlier run saved. By default there are none. */
  remember?: Remember;
  /** Asks production. By default over the network. */
  ask?: Ask;
  /** Leaves the suspects out of the reports until the caller adds them, because their rules take time to load. */
  suspectsLater?: boolean;
  /** For tests that count calls. Called once for each service and set of facts. */
  attribute?: typeof attributeChanges;
}

/** Reads, measures, diagnoses and judges each service, and writes nothing. Publishing is up to the caller. */
export async function run(
  github: GitHub,
  services: readonly Service[],
  settings: Settings,
  surroundings: Surroundings,
  {
    opened,
    remember = async () => ({}),
    suspectsLater = false,
    attribute = attributeChanges,
    ask,
  }: RunOptions = {},
): Promise<Answers> {
  const { mode, endsNow, window, splits, freezes } = settings;
  const { now, job, action, workspace, isProxied } = surroundings;
  const runId = endsNow ? surroundings.runId : null;
  const input: AttributionInput = { services, runId, splits, freezes, attribute };
  const read = await readFacts(
    repoOf(github, { owner: settings.owner, name: settings.repo }, true),
    services,
    {
      window,
      endsNow,
      asker: { now, runId, job, action },
      outside: { workspace, proxied: isProxied },
      withLabels: needsLabels(input),
      clock: github.clock,
    },
    opened,
  ).catch((error: unknown) => {
    throw settings.locate(services.length === 1 ? (services[0]?.service ?? null) : null, error);
  });
  // The window and the time of the run, corrected by GitHub's clock.
  const runSettings = { ...settings, window: read.window };
  const runSurroundings = { ...surroundings, now: read.now };
  const { facts, attributedServices, gap } = await widened(github, input, read, runSettings);
  const failures = failuresIn(facts, services, settings);
  if (attributedServices.length === 0)
    throw new NothingDeployed(
      `No service could be measured. ${failures.map(({ id, reason }) => `${id}: ${reason}`).join(' ')}`,
      facts.repository.baseBranch,
    );
  // Production runs one commit now. A pull request's change is not deployed yet.
  const isAsked =
    endsNow && mode !== 'pull-request' && services.some(({ addresses }) => addresses.length > 0);
  const lookAtProduction = isAsked
    ? (await import('./production-look.ts')).lookingAtProduction(facts, settings, surroundings, ask)
    : null;
  const measuredServices = await Promise.all(
    attributedServices.map((service) =>
      measure(service, facts, input, runSettings, runSurroundings, gap, lookAtProduction),
    ),
  );
  const known = facts.repo.withheld();
  // Work on thousands of changes is cut here, so that the process can end in time and memory is freed.
  await nextTurn();
  const past = await pastOf(github, input, facts, measuredServices, runSettings, remember);
  const pipelines = await pipelinesOf(measuredServices, facts, runSettings);
  await nextTurn();
  const unfinished: UnfinishedReport[] = [];
  const judged = await Promise.all(
    measuredServices.map(async (service) => {
      const { evicted, ...ofService } = pipelines.get(service) ?? NO_PIPELINES;
      const diagnosed = await diagnosisOf(
        service,
        { ...ofService, evicted, gaps: [...ofService.gaps, ...withheldFrom(facts.repo, known, false)] },
        past.get(service.service) ?? NO_PAST,
        runSettings,
      );
      const answer = await answerFor(diagnosed, facts, input, runSettings, runSurroundings);
      const { environment } = service.service;
      unfinished.push({ diagnosis: diagnosed.diagnosis, evicted, environment, report: answer.report });
      return answer;
    }),
  );
  const addSuspects = withSuspects(unfinished);
  if (!suspectsLater) await addSuspects();
  // Comments say what overdue changes wait for.
  const needsWaits = settings.comment === 'overdue' && mode === 'scheduled';
  const answers = needsWaits
    ? await (await import('./overdue-waits.ts')).withWaits(judged, measuredServices, facts)
    : judged;
  const reports = answers.map((answer) => answer.report);
  const [only, ...others] = reports;
  const report =
    only && others.length === 0 && failures.length === 0
      ? only
      : runReportOf(
          reports,
          failures.map(({ id, ...failure }) => failure),
          await changesElsewhere(facts, services),
        );
  return { answers, report, baseBranch: facts.repository.baseBranch, addSuspects };
}

interface UnfinishedReport extends Pick<Pipelines, 'evicted'> {
  diagnosis: Diagnosis;
  environment: string;
  report: Report;
}

/**
 * A function that adds suspects to reports. Copies of a report share its list. It is made outside of `run`, because a closure
 * keeps everything in memory that the closures next to it use.
 */
const withSuspects = (reports: UnfinishedReport[]) => async (): Promise<void> => {
  for (const { diagnosis, evicted, environment, report } of reports.splice(0)) {
    const { path, stages } = diagnosis;
    // A suspect is seen in several runs.
    if (!path || !stages || path.now.runs + evicted.length < MIN_RUNS) continue;
    const { suspectsIn } = await import('../diagnose/suspects.ts');
    report.suspects.push(...suspectsIn(path.now, stages, evicted, environment));
  }
};

/** A service that could not be measured, with the reason. */
type Failure = RunReport['untold'][number] & { id: string };

function failuresIn(facts: Facts, services: readonly Service[], { locate }: Settings): Failure[] {
  return services.flatMap(({ id, service, environment }, i): Failure[] => {
    const error = facts.services[i];
    if (!(error instanceof GuardError)) return [];
    return [{ id, service, environment, reason: locate(service, error).message }];
  });
}

/** The number of changes in the window that touch no service; `null` if a service includes all paths. */
async function changesElsewhere(
  { repository, window }: Facts,
  services: readonly Service[],
): Promise<number | null> {
  if (services.some((service) => service.paths === null)) return null;
  const concerns = await Promise.all(services.map((service) => concernsFor(service, repository)));
  return mergesetsOf(repository, false).filter(
    (mergeset) => isIn(window, mergeset.mergedAt) && !concerns.some((concern) => concern(mergeset)),
  ).length;
}

/** A service with the figures of its window, and the deployments whose pipelines to read. */
interface ServiceToDiagnose extends MeasuredService, Pick<DiagnosedService, 'trigger' | 'promotion'> {
  opened: Deployment[];
  deployJob: string | null;
}

/** @param windowGap - why the window could not be widened. */
async function measure(
  attributed: AttributedService,
  facts: Facts,
  input: AttributionInput,
  { mode, stages, formerName }: Settings,
  surroundings: Surroundings,
  windowGap: Gap | null,
  lookAtProduction: LookAtProduction | null,
): Promise<ServiceToDiagnose> {
  const { service } = attributed;
  const source = sourceOf(service);
  const trigger: Trigger = { mode, event: eventOf(surroundings, source.kind) };
  const gaps: Gap[] = windowGap ? [windowGap] : [];
  const first = measured(attributed, input);
  const remarks: Remark[] =
    formerName === undefined ? [] : [renamed(formerName, facts.repository.repository)];
  const isWithoutDeploy = await changesWithoutDeploy(facts, service, first, gaps, remarks);
  const deploysNothing = [...first.mergesets, ...first.pending].some(isWithoutDeploy)
    ? isWithoutDeploy
    : null;
  const isQueued =
    first.caveats.races.some(({ isByActions }) => isByActions) &&
    (await (await import('./deploy-workflows.ts')).hasDeployQueue(facts, service));
  const withPaths =
    deploysNothing || gaps.length > 0 || isQueued
      ? measured(attributed, input, { deploysNothing, gaps, isQueued })
      : first;
  const waiting = changesThatDecide(withPaths, service);
  const record: RecordState = waiting
    ? await (await import('./moved-record.ts')).movedRecordOf(
        facts,
        input.services,
        service,
        withPaths,
        waiting,
        gaps,
      )
    : {};
  const look = service.addresses.length > 0 ? await lookAtProduction?.(service, withPaths) : undefined;
  if (look) {
    gaps.push(...look.gaps);
    remarks.push(...look.remarks);
  }
  const known = new Set(facts.repository.gaps.map(({ what }) => what));
  gaps.push(...withheldFrom(facts.repo).filter(({ what }) => !known.has(what)));
  const measurement = {
    ...(gaps.length > 0 ? measured(attributed, input, { deploysNothing, gaps, isQueued }) : withPaths),
    isMoved: record.moved !== undefined,
    ...(look ? { proof: look.proof } : {}),
  };
  const opened = worthOpening(measurement, {
    depth: stages,
    thresholdSeconds: thresholdOf(service.target),
    judged: subjectOf(measurement, trigger).judged,
  });
  const mixed = await mixedIn(service, first);
  if (mixed) remarks.push(mixed);
  return {
    ...attributed,
    facts: { ...attributed.facts, remarks: [...remarks, ...(attributed.facts.remarks ?? [])] },
    trigger,
    measurement,
    deploysNothing,
    ...record,
    promotion:
      attributed.stages.length > 0
        ? (await import('../measure/promotion-path.ts')).promotionPathOf(measurement, attributed.stages)
        : null,
    opened: opened.map((deployment) => deployment.deployment),
    deployJob: source.deployJob?.(service.source.options) ?? null,
  };
}

const renamed = (former: string, repository: string): Remark => ({
  what: `Repository ${former} is now ${repository}.`,
  consequence: 'The guard follows the new name. Update the settings that have the old one.',
});

/** Only regions, releases and tags may belong to several services that no configuration file names. */
async function mixedIn(service: Service, measurement: Measurement): Promise<Remark | null> {
  const { kind } = service.source;
  if (service.service !== null || service.paths !== null) return null;
  if (!measurement.attribution.facts.regions && kind !== 'releases' && kind !== 'tags') return null;
  return (await import('./mixed-services.ts')).mixedServices(service, measurement);
}

/** Deployments whose pipelines are read, for all services together. */
const MAX_OPENED = 100;

/** Reads the pipelines of all services' deployments. Services with the same deploy job share a reading. */
async function pipelinesOf(
  services: readonly ServiceToDiagnose[],
  { repo, runs, commitRuns, repository: { baseBranch } }: Facts,
  { window }: Settings,
): Promise<Map<ServiceToDiagnose, Pipelines>> {
  const isOnly = services.length === 1;
  const share = Math.max(1, Math.floor(MAX_OPENED / Math.max(1, services.length)));
  const openedOf = ({ opened }: ServiceToDiagnose) => (isOnly ? opened : opened.slice(-share));
  const groups = new Map<string | null, ServiceToDiagnose[]>();
  for (const service of services)
    groups.set(service.deployJob, [...(groups.get(service.deployJob) ?? []), service]);
  const pipelinesByService = new Map<ServiceToDiagnose, Pipelines>();
  await Promise.all(
    [...groups].map(async ([deployJob, group]) => {
      const deployments = new Map(group.flatMap(openedOf).map((deployment) => [deployment.id, deployment]));
      const pipelines = await collectPipelines({ repo, lists: runs, commitRuns }, [...deployments.values()], {
        ...window,
        baseBranch,
        deployJob,
      });
      for (const service of group)
        pipelinesByService.set(service, isOnly ? pipelines : pipelinesFor(pipelines, openedOf(service)));
    }),
  );
  return pipelinesByService;
}

async function diagnosisOf(
  service: ServiceToDiagnose,
  pipelines: Pipelines,
  { past, longest, gap }: ServicePast,
  { stages, window }: Settings,
): Promise<DiagnosedService> {
  const { measurement } = service;
  const doubtful = mayBeDoubtful(pipelines)
    ? (await import('../diagnose/doubtful-deployments.ts')).doubtfulDeployments(measurement, pipelines)
    : undefined;
  const diagnosis = diagnose(measurement, pipelines, {
    withStages: stages !== 'none',
    ...(doubtful ? { doubtful } : {}),
  });
  const timeline = past?.timeline ?? timelineOf(measurement);
  return {
    ...service,
    diagnosis: gap ? { ...diagnosis, gaps: [...diagnosis.gaps, gap] } : diagnosis,
    past,
    longest: longest ?? longestOf(measurement),
    change: changeOf(timeline, diagnosis.stages, window.to.getTime()),
  };
}

/** A `workflow_run` may check out another commit, and a skipped step may be the one that deploys. */
const mayBeDoubtful = ({ byDeployment }: Pipelines): boolean =>
  [...byDeployment.values()].some(
    ({ run, deployJob }) =>
      run.event === 'workflow_run' ||
      run.jobs.some(
        ({ id, steps }) => id === deployJob && steps.some(({ conclusion }) => conclusion === 'skipped'),
      ),
  );

/** What the event says about its deployment. The events of a workflow run or a deployment belong to another run. */
function eventOf(surroundings: Surroundings, source: string): TriggerEvent | null {
  const { eventName, eventDeployment, eventRun, runId, tag, sha } = surroundings;
  if (eventName === '') return null;
  const deployment = source === 'deployments' ? (eventDeployment?.id ?? null) : null;
  return {
    deployment,
    run: eventRun ?? (eventDeployment ? null : runId),
    tag,
    sha,
    isNamed: deployment !== null || eventRun !== null || tag !== null,
  };
}
