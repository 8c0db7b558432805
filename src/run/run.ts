import type { Settings } from '../config/plan.ts';
import type { Surroundings } from '../config/surroundings.ts';
import { changeOf } from '../diagnose/change.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import { worthOpening } from '../diagnose/stage-report.ts';
import { collectPipelines } from '../github/actions/pipelines.ts';
import type { GitHub } from '../github/client.ts';
import { repoOf } from '../github/repo.ts';
import { subjectOf, type Trigger, type TriggerEvent } from '../judge/judge.ts';
import { attribute as attributeChanges } from '../measure/attribution.ts';
import { timelineOf } from '../measure/timeline.ts';
import { type PromotionPath, wayOf } from '../measure/promotion-path.ts';
import type { Deployment, Gap, RepositoryFacts } from '../model/facts.ts';
import { GuardError } from '../model/guard-error.ts';
import { mergesetsOf } from '../model/mergesets.ts';
import { NO_PIPELINES, type Pipelines, partOf } from '../model/pipeline.ts';
import { thresholdOf } from '../model/terms.ts';
import type { Service } from '../model/service.ts';
import { NothingDeployed } from '../read/nothing-deployed.ts';
import type { Opened } from '../read/open.ts';
import type { Facts } from '../read/facts-request.ts';
import { readFacts } from '../read/read.ts';
import { sourceOf } from '../sources/registry.ts';
import type { Report, RunReport } from '../report/contract.ts';
import { runReportOf } from './reporting/report-of.ts';
import { type Answer, answerFor, type Diagnosed } from './answer.ts';
import { changesWithoutDeploy } from './non-deploying-paths.ts';
import { NO_PAST, pastOf, type Present, type Remember, type ServicePast } from './service-past.ts';
import {
  concernsFor,
  measured,
  needsLabels,
  type AttributedService,
  type AttributionInput,
} from './attributed-services.ts';
import { widened } from './widen.ts';

/** What a run came to. */
export interface Answers {
  /** In the order of the services. */
  answers: Answer[];
  /** Of one service, or of several where there are more, or some without an answer. */
  report: Report | RunReport;
  /** What was read of the repository. */
  facts: RepositoryFacts;
}

export interface RunOptions {
  /** The repository, where it was opened already. */
  opened?: Opened | undefined;
  /** What earlier runs knew of the alert; nothing by default. */
  remember?: Remember;
  /** How changes are attributed; called once for each service and set of facts. */
  attribute?: typeof attributeChanges;
}

/** The whole story: facts, attribution, figures, diagnosis, judgement, words, for each service. What becomes of the words is the door's business. */
export async function run(
  github: GitHub,
  services: readonly Service[],
  settings: Settings,
  surroundings: Surroundings,
  { opened, remember = async () => ({}), attribute = attributeChanges }: RunOptions = {},
): Promise<Answers> {
  const { live, window, splits, freezes } = settings;
  const { now, job, action, workspace, proxied } = surroundings;
  const runId = live ? surroundings.runId : null;
  const tellers: AttributionInput = { services, runId, splits, freezes, attribute };
  const asked = await readFacts(
    repoOf(github, { owner: settings.owner, name: settings.repo }),
    services,
    {
      window,
      live,
      asker: { now, runId, job, action },
      outside: { workspace, proxied },
      withLabels: needsLabels(tellers),
      clock: github.clock,
    },
    opened,
  );
  const set = { ...settings, window: asked.window };
  const around = { ...surroundings, now: asked.now };
  const { facts, attributedServices, gap } = await widened(github, tellers, asked, set);
  const untold = untoldIn(facts, services);
  if (attributedServices.length === 0)
    throw new NothingDeployed(
      `Nothing can be told of any unit. ${untold.map(({ id, reason }) => `${id}: ${reason}`).join(' ')}`,
      facts.repository.baseBranch,
    );
  const present = await Promise.all(
    attributedServices.map((attributed) => figuresOf(attributed, facts, tellers, set, around, gap)),
  );
  const past = await pastOf(github, tellers, facts, present, set, remember);
  const pipelines = await pipelinesOf(present, facts, set);
  const diagnosed = present.map((figures) =>
    diagnosisOf(figures, pipelines.get(figures) ?? NO_PIPELINES, past.get(figures.service) ?? NO_PAST, set),
  );
  const answers = await Promise.all(
    diagnosed.map((diagnosed) => answerFor(diagnosed, facts, tellers, set, around)),
  );
  const [only, ...others] = answers.map((answer) => answer.report);
  return {
    answers,
    report:
      only && others.length === 0 && untold.length === 0
        ? only
        : runReportOf(
            answers.map((answer) => answer.report),
            untold.map(({ id, ...each }) => each),
            await elsewhereIn(facts, services),
          ),
    facts: facts.repository,
  };
}

/** A service without an answer, and why. */
type Untold = RunReport['untold'][number] & { id: string };

function untoldIn({ services: found }: Facts, services: readonly Service[]): Untold[] {
  return services.flatMap(({ id, service, environment }, i): Untold[] => {
    const own = found[i];
    return own instanceof GuardError ? [{ id, service, environment, reason: own.message }] : [];
  });
}

/** Of the window's mergesets, how many concern none of the services. */
async function elsewhereIn(
  { repository, window: { from, to } }: Facts,
  services: readonly Service[],
): Promise<number | null> {
  if (services.some((service) => service.paths === null)) return null;
  const concerns = await Promise.all(services.map((service) => concernsFor(service, repository)));
  return mergesetsOf(repository, false).filter(
    (mergeset) =>
      mergeset.mergedAt >= from && mergeset.mergedAt <= to && !concerns.some((concern) => concern(mergeset)),
  ).length;
}

/** A service with the figures of its window, and the deployments that are worth opening to see where the time goes. */
interface Figures extends Present {
  trigger: Trigger;
  promotion: PromotionPath | null;
  opened: Deployment[];
  deployJob: string | null;
}

/** @param lack - what could not be read for it, if anything. */
async function figuresOf(
  attributed: AttributedService,
  facts: Facts,
  tellers: AttributionInput,
  { mode, stages }: Settings,
  surroundings: Surroundings,
  lack: Gap | null,
): Promise<Figures> {
  const { service } = attributed;
  const source = sourceOf(service);
  const trigger: Trigger = { mode, event: eventOf(surroundings, source.kind) };
  const gaps: Gap[] = lack ? [lack] : [];
  const first = measured(attributed, tellers);
  const rides = await changesWithoutDeploy(facts, service, first, gaps);
  const ridesAlong = first.mergesets.some(rides) || first.pending.some(rides) ? rides : null;
  const measurement =
    ridesAlong || gaps.length > 0 ? measured(attributed, tellers, { ridesAlong, gaps }) : first;
  const opened = worthOpening(measurement, {
    depth: stages,
    thresholdSeconds: thresholdOf(service.target),
    judged: subjectOf(measurement, trigger).judged,
  });
  return {
    ...attributed,
    trigger,
    measurement,
    ridesAlong,
    promotion: wayOf(measurement, attributed.stages),
    opened: opened.map((deployment) => deployment.deployment),
    deployJob: source.deployJob?.(service.source.options) ?? null,
  };
}

/** Deployments that are opened in all: those of several services together are no more than those of one. */
const MOST_OPENED = 100;

/** How the deployments of all services came about, read together: those whose deploy job is called the same share a reading. */
async function pipelinesOf(
  all: readonly Figures[],
  { repo, runs, commitRuns, repository: { baseBranch } }: Facts,
  { window }: Settings,
): Promise<Map<Figures, Pipelines>> {
  const isOnly = all.length === 1;
  const share = Math.max(1, Math.floor(MOST_OPENED / Math.max(1, all.length)));
  const openedOf = ({ opened }: Figures) => (isOnly ? opened : opened.slice(-share));
  const groups = new Map<string | null, Figures[]>();
  for (const figures of all)
    groups.set(figures.deployJob, [...(groups.get(figures.deployJob) ?? []), figures]);
  const found = new Map<Figures, Pipelines>();
  await Promise.all(
    [...groups].map(async ([deployJob, group]) => {
      const deployments = new Map(group.flatMap(openedOf).map((deployment) => [deployment.id, deployment]));
      const pipelines = await collectPipelines({ repo, lists: runs, commitRuns }, [...deployments.values()], {
        ...window,
        baseBranch,
        deployJob,
      });
      for (const figures of group)
        found.set(figures, isOnly ? pipelines : partOf(pipelines, openedOf(figures)));
    }),
  );
  return found;
}

function diagnosisOf(
  figures: Figures,
  pipelines: Pipelines,
  { past, measurement: whole, gap }: ServicePast,
  { stages, window }: Settings,
): Diagnosed {
  const { measurement, service } = figures;
  const diagnosis = diagnose(measurement, pipelines, {
    environment: service.environment,
    withStages: stages !== 'none',
  });
  const timeline = past?.timeline ?? timelineOf(measurement);
  return {
    ...figures,
    diagnosis: gap ? { ...diagnosis, gaps: [...diagnosis.gaps, gap] } : diagnosis,
    past,
    widest: whole ?? measurement,
    change: changeOf(timeline, diagnosis.stages, window.to.getTime()),
  };
}

/**
 * What the event says of its deployment. Events of a `workflow_run` and of a deployment are of another run than the one
 * that asks, and so may be their commit.
 */
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
