import type { SuiteJob } from '../github/actions/jobs.ts';
import type { Suite } from '../github/actions/suites.ts';
import type { Measurement } from '../measure/measure.ts';
import { containedCommits, firstParents } from '../model/commit-graph.ts';
import type { Deployment, Gap, Oid, Remark } from '../model/facts.ts';
import { GuardError, oneLine, OutOfTime } from '../model/guard-error.ts';
import type { Mergeset } from '../model/mergesets.ts';
import { runOf } from '../model/pipeline.ts';
import type { Service } from '../model/service.ts';
import type { Facts } from '../read/facts-request.ts';
import type { RecordState } from './reporting/judged.ts';
import type { JobOptions } from '../sources/job-inputs.ts';
import type { DeploymentElsewhere, Everywhere } from '../sources/elsewhere.ts';
import { listed, moment } from '../report/words.ts';

/**
 * Changes can seem to wait because their deployments are recorded elsewhere: under another environment or task, by another
 * workflow, or not at all. Before waiting alone makes a drift, the guard looks once whether that is so.
 */

/** Usual intervals between deployments without an attempt, after which deployments have stopped. */
const SEVERAL = 3;
/** Waiting changes whose runs are looked up. */
const MOST_CHANGES = 10;

/**
 * @param waiting - the changes that wait since the last deployment, oldest first.
 * @param gaps - receives what could not be read, and where the deployments are recorded now.
 */
export async function movedRecordOf(
  facts: Facts,
  services: readonly Service[],
  service: Service,
  measurement: Measurement,
  waiting: readonly Mergeset[],
  gaps: Gap[],
): Promise<RecordState> {
  const shipment = measurement.attribution.shipments.at(-1);
  if (shipment === undefined) return {};
  const { deployment: last, at: liveAt } = shipment;
  const movedTo = ({ what, consequence: fix }: Remark): RecordState => {
    const consequence = `The waiting changes were deployed, so there is no verdict. ${fix}`;
    gaps.push({ what, consequence, verdictAtRisk: true });
    return { moved: { what, fix } };
  };
  const task = movedTask(measurement, waiting, last);
  if (task !== null) return movedTo(task);
  const stopped = () => stoppedRecord(measurement, service, waiting);
  try {
    if (service.source.kind === 'workflow') {
      const workflow = await movedWorkflow(facts, service, waiting, last, liveAt);
      return workflow ? movedTo(workflow) : stopped();
    }
    if (service.source.kind !== 'deployments') return stopped();
    const isByActions = runOf(last) !== null;
    const [everywhere, runs] = await Promise.all([
      facts.everywhere(),
      isByActions ? runsOf(facts, waiting, last) : { ofLast: [], ofWaiting: [] },
    ]);
    const record =
      movedEnvironment(measurement, services, waiting, last, everywhere) ??
      unrecordedJob(service, last, runs, everywhere);
    if (record !== null) return movedTo(record);
    if (everywhere.readTo > last.createdAt)
      gaps.push({
        what: `Deployments to other environments were read back to ${moment(everywhere.readTo)} UTC only.`,
        consequence: 'If the waiting changes were deployed there before, they only seem to wait.',
        verdictAtRisk: false,
      });
    return hasTried(last, runs) ? {} : stopped();
  } catch (error) {
    if (!(error instanceof GuardError) || error instanceof OutOfTime) throw error;
    gaps.push({
      what: `Deployments to other environments could not be read. ${error.message}`,
      consequence: 'If the waiting changes were deployed there, they only seem to wait.',
      verdictAtRisk: true,
    });
    return {};
  }
}

const oldestOf = <T extends { createdAt: Date }>(records: readonly T[]): T | undefined =>
  records.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())[0];

/** Another task that replaced the last one, according to what was read. */
function movedTask(
  { attribution: { facts, repository, asOf } }: Measurement,
  waiting: readonly Mergeset[],
  last: Deployment,
): Remark | null {
  const others = (facts.otherTasks ?? []).filter(({ createdAt }) => createdAt <= asOf);
  for (const task of new Set(others.map((deployment) => deployment.task))) {
    const ofTask = others.filter((deployment) => deployment.task === task);
    const shas = ofTask.filter(({ succeeded }) => succeeded).map(({ sha }) => sha);
    const first = oldestOf(ofTask);
    const isNew = first !== undefined && first.createdAt > last.createdAt;
    if (!isNew || !containedCommits(repository.commits, shas).has(waiting[0]?.mergeCommit ?? '')) continue;
    const name = oneLine(task, 60);
    return {
      what: `Since ${moment(first.createdAt)} UTC, deployments have the task ${name}.`,
      consequence: `Set "deploy-task: ${name}".`,
    };
  }
  return null;
}

/** Another environment that got its first deployment after the last one here, and that has the waiting changes. */
function movedEnvironment(
  { attribution: { repository, facts } }: Measurement,
  services: readonly Service[],
  waiting: readonly Mergeset[],
  last: Deployment,
  { deployments, readTo }: Everywhere,
): Remark | null {
  // Environments in use at the same time, such as staging, show nothing. How long a list ago they began must be known.
  if (readTo > last.createdAt) return null;
  const { commits, tips } = repository;
  const known = new Set([
    ...services.flatMap(({ environments, stages }) => [...environments, ...stages]),
    ...(facts.regions ?? []),
    ...(facts.environment ? [facts.environment] : []),
  ]);
  const line = new Set(firstParents(commits, tips[0]).map(({ oid }) => oid));
  const refs = new Set(facts.deployments.flatMap(({ ref }) => ref ?? []));
  const isOfBranch = ({ sha, ref }: DeploymentElsewhere) => line.has(sha) || (ref !== null && refs.has(ref));
  const candidates = [...new Set(deployments.map(({ environment }) => environment))].flatMap(
    (environment) => {
      const records = deployments.filter((deployment) => deployment.environment === environment);
      const first = oldestOf(records);
      if (!first || known.has(environment) || first.createdAt <= last.createdAt) return [];
      const tipsOf = records.filter((deployment) => deployment.succeeded && isOfBranch(deployment));
      const contained = containedCommits(
        commits,
        tipsOf.flatMap(({ sha, parents }) => [sha, ...parents]),
      );
      const live = waiting.filter(({ mergeCommit }) => contained.has(mergeCommit)).length;
      return contained.has(waiting[0]?.mergeCommit ?? '')
        ? [{ environment, since: first.createdAt, live }]
        : [];
    },
  );
  const [best, ...others] = candidates.sort(
    (a, b) => b.live - a.live || a.since.getTime() - b.since.getTime(),
  );
  if (!best) return null;
  // Regions move together.
  const regions = (facts.regions ?? []).length > 1 ? others.filter(({ live }) => live === best.live) : [];
  const names = [best, ...regions].map(({ environment }) => oneLine(environment, 60)).sort();
  return {
    what: `Since ${moment(best.since)} UTC, deployments go to ${listed(names)}.`,
    consequence:
      names.length === 1 ? `Set "environment: ${names[0]}".` : `Set "environment" to ${listed(names)}.`,
  };
}

interface RunWithJobs {
  suite: Suite;
  jobs: readonly SuiteJob[];
}

interface RunsOfCommits {
  ofLast: RunWithJobs[];
  ofWaiting: RunWithJobs[];
}

/** The runs of the last deployment's commit, and those for the waiting changes themselves, oldest first. */
async function runsOf(
  { commitRuns }: Facts,
  waiting: readonly Mergeset[],
  { sha, runSha = sha }: Deployment,
): Promise<RunsOfCommits> {
  const oids = waiting.slice(0, MOST_CHANGES).map(({ mergeCommit }) => mergeCommit);
  const runs = await commitRuns.runsWithJobsOf([...new Set([...oids, runSha])]);
  const withJobs = (oid: Oid): RunWithJobs[] => {
    const { suites = [], all } = runs.get(oid) ?? {};
    return suites.map((suite) => ({ suite, jobs: all?.get(suite.id)?.jobs ?? [] }));
  };
  return {
    ofLast: withJobs(runSha),
    ofWaiting: waiting
      .flatMap(({ mergeCommit }) => withJobs(mergeCommit))
      .filter(({ suite }) => !suite.event.startsWith('pull_request'))
      .sort((a, b) => a.suite.createdAt.getTime() - b.suite.createdAt.getTime()),
  };
}

/** Deployments that stopped, although changes went on being merged for several times the usual interval. */
function stoppedRecord(
  { attribution: { facts, asOf } }: Measurement,
  { source }: Service,
  waiting: readonly Mergeset[],
): RecordState {
  const times = facts.deployments
    .map(({ createdAt }) => createdAt.getTime())
    .filter((time) => time <= asOf.getTime())
    .sort((a, b) => a - b);
  const intervals = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  const usual = intervals.sort((a, b) => a - b)[Math.floor(intervals.length / 2)];
  const [since, newest] = [times.at(-1), waiting.at(-1)?.mergedAt.getTime()];
  if (usual === undefined || since === undefined || newest === undefined) return {};
  if (intervals.length < 2 || newest - since <= SEVERAL * usual) return {};
  const options = [OPTIONS_OF[source.kind] ?? [], 'deploy-source'].flat().map((name) => `"${name}"`);
  const at = new Date(since);
  return {
    stopped: {
      since: at,
      reason: `no deployment has been tried since ${moment(at)} UTC. If deployments are recorded elsewhere now, set ${options.join(' or ')}.`,
    },
  };
}

/** The option that selects the record of a source. */
const OPTIONS_OF: Readonly<Record<string, string>> = {
  deployments: 'environment',
  releases: 'deploy-tag',
  tags: 'deploy-tag',
  workflow: 'deploy-workflow',
};

/** True if a run of the workflow that deployed last has not succeeded for a waiting change. */
function hasTried(last: Deployment, { ofLast, ofWaiting }: RunsOfCommits): boolean {
  const made = runOf(last)?.run;
  const before = ofLast.find(({ suite }) => suite.run === made);
  return ofWaiting.some(
    ({ suite, jobs }) =>
      suite.file === before?.suite.file &&
      jobs.some(({ conclusion }) => conclusion !== 'success' && conclusion !== 'skipped'),
  );
}

const hasSucceeded = ({ jobs }: RunWithJobs, name: string) =>
  jobs.some((job) => job.name === name && job.conclusion === 'success');
const fileName = ({ file, workflow }: Suite) => oneLine(file?.replace(/^.*\//, '') ?? workflow, 60);

/** The job that made the last deployment, if it now succeeds without making one. */
function unrecordedJob(
  { environment }: Service,
  last: Deployment,
  { ofLast, ofWaiting }: RunsOfCommits,
  { deployments, readTo }: Everywhere,
): Remark | null {
  const made = runOf(last);
  const before = ofLast.find(({ suite }) => suite.run === made?.run);
  const job = before?.jobs.find(({ id }) => id === made?.job);
  if (!before || !job) return null;
  const recording = new Set(
    deployments.flatMap(({ logUrl }) => Number(/\/runs\/(\d+)/.exec(logUrl ?? '')?.[1] ?? 0)),
  );
  const unrecorded = ofWaiting.find(
    (run) =>
      run.suite.file === before.suite.file &&
      run.suite.workflow === before.suite.workflow &&
      run.suite.createdAt >= readTo &&
      !recording.has(run.suite.run) &&
      hasSucceeded(run, job.name),
  );
  if (!unrecorded) return null;
  const [name, file] = [oneLine(job.name, 60), fileName(before.suite)];
  return {
    what: `Since ${moment(unrecorded.suite.createdAt)} UTC, job ${name} in ${file} makes no deployment to ${oneLine(environment, 60)}.`,
    consequence: `Remove "deployment: false" from the job, or set "deploy-source: workflow" with "deploy-workflow: ${file}" and "deploy-job: ${name}".`,
  };
}

/** Another workflow file whose runs replaced those of the measured one. */
async function movedWorkflow(
  facts: Facts,
  { source }: Service,
  waiting: readonly Mergeset[],
  last: Deployment,
  liveAt: Date,
): Promise<Remark | null> {
  const options = source.options as JobOptions;
  const { ofLast, ofWaiting } = await runsOf(facts, waiting, last);
  const before = ofLast.find(({ suite }) => suite.run === last.id);
  const byEnd = (before?.jobs ?? []).toSorted(
    (a, b) => (a.completedAt?.getTime() ?? 0) - (b.completedAt?.getTime() ?? 0),
  );
  const job = options.job ?? byEnd.at(-1)?.name;
  if (!before || job === undefined) return null;
  // A later run on the same commit can be the replacement, too.
  const known = new Set(
    ofLast.filter(({ suite }) => suite.createdAt <= liveAt).map(({ suite }) => suite.file),
  );
  const isReplaced = !ofWaiting.some(({ suite }) => suite.file === before.suite.file);
  const replacement = ofWaiting.find((run) => !known.has(run.suite.file) && hasSucceeded(run, job));
  if (!isReplaced || !replacement) return null;
  const file = fileName(replacement.suite);
  return {
    what: `Since ${moment(replacement.suite.createdAt)} UTC, ${file} runs instead of ${fileName(before.suite)}.`,
    consequence: `Set "deploy-workflow: ${file}".`,
  };
}
