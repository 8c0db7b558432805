import { isHeld, type RunsOfChange, type Wait, waitOf } from '../diagnose/waiting-for.ts';
import { holdOf, runsNowOf } from '../github/actions/runs-now.ts';
import type { Gap, Oid } from '../model/facts.ts';
import { GuardError, OutOfTime } from '../model/guard-error.ts';
import { type Hold, type RunNow, runOf } from '../model/pipeline.ts';
import { isPast } from '../publish/publish-options.ts';
import type { Facts } from '../read/facts-request.ts';
import type { Report, ReportedChange } from '../report/contract.ts';
import { overdueIn } from '../publish/texts/overdue.ts';
import { pendingIn } from '../report/parts.ts';
import type { Answer } from './answer.ts';
import type { MeasuredService } from './service-past.ts';

/** Reads what overdue changes wait for, and adds it to the reports. Reads nothing if no change is overdue. */

/** Overdue changes per service whose runs are read. */
const MOST_CHANGES = 25;
/** Runs whose reviewers are read, one request each. */
const MOST_HOLDS = 10;

/** An overdue change with the commits whose runs show what it waits for. */
interface Subject {
  change: ReportedChange;
  newer: readonly Oid[];
  /** The commit and the run of the running deployment. */
  deploying: { sha: Oid; run: number | null } | null;
  /** The commit and the run of the newest success, which show the workflow that deploys. */
  success: { sha: Oid; run: number } | null;
}

export async function withWaits(
  answers: readonly Answer[],
  services: readonly MeasuredService[],
  { repo }: Facts,
): Promise<Answer[]> {
  const subjects = answers.map((answer, i) => subjectsOf(answer, services[i]));
  if (subjects.every((own) => own.length === 0)) return [...answers];
  const gaps: Gap[] = [];
  const gapOf = (message: string): Gap => ({
    what: `The obstacles of overdue changes could not be read. ${message}`,
    consequence: 'Their comments may not say what they wait for.',
    verdictAtRisk: false,
  });
  const oids = subjects
    .flat()
    .flatMap(({ change, newer, deploying, success }) => [
      change.mergeCommit,
      ...newer,
      ...(deploying ? [deploying.sha] : []),
      ...(success ? [success.sha] : []),
    ]);
  const runs = await readOr(new Map<Oid, RunNow[] | null>(), gaps, gapOf, () =>
    runsNowOf(repo, [...new Set(oids)]),
  );
  if (gaps.length === 0 && [...runs.values()].includes(null))
    gaps.push(gapOf('A commit has more workflow runs than the guard reads.'));
  const known = [...runs.values()].flatMap((list) => list ?? []);
  const held = [...new Map(known.map((run) => [run.id, run])).values()].filter(isHeld).slice(0, MOST_HOLDS);
  const holds = new Map<number, Hold>();
  await Promise.all(
    held.map(async (run) => {
      const hold = await readOr(null, gaps, gapOf, () => holdOf(repo, run.id));
      if (hold) holds.set(run.id, hold);
    }),
  );
  return answers.map((answer, i) => {
    const own = subjects[i] ?? [];
    if (own.length === 0) return answer;
    const waits = new Map(
      own.flatMap((subject) => {
        const wait = waitIn(subject, runs, holds);
        return wait ? [[subject.change, wait] as const] : [];
      }),
    );
    return { ...answer, report: withData(answer.report, waits, gaps.slice(0, 1)) };
  });
}

/** The value, or `fallback` with a gap if GitHub does not return it. */
async function readOr<T>(
  fallback: T,
  gaps: Gap[],
  gapOf: (message: string) => Gap,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof GuardError) || error instanceof OutOfTime) throw error;
    gaps.push(gapOf(error.message));
    return fallback;
  }
}

/** Only deployments and workflow runs belong to runs of the commit. */
const FROM_RUNS = new Set(['deployments', 'workflow']);

function subjectsOf({ report, service }: Answer, measured: MeasuredService | undefined): Subject[] {
  // Runs are read as they are now.
  if (measured === undefined || isPast(report) || !FROM_RUNS.has(service.source.kind)) return [];
  const { attribution } = measured;
  const newest = attribution.shipments.findLast(({ deployment }) => runOf(deployment) !== null)?.deployment;
  const successRun = newest && runOf(newest);
  const pending = pendingIn(report);
  const running = new Map(
    attribution.outcomes
      .filter(({ outcome }) => outcome === 'running')
      .map(({ deployment }) => [deployment.id, deployment]),
  );
  return overdueIn(report)
    .slice(0, MOST_CHANGES)
    .map((change): Subject => {
      const last = pending.at(-1);
      const deployment = running.get(change.runningDeployment?.id ?? '');
      return {
        change,
        newer: last && last.mergedAt > change.mergedAt ? [last.mergeCommit] : [],
        deploying: deployment ? { sha: deployment.sha, run: runOf(deployment)?.run ?? null } : null,
        success: newest && successRun ? { sha: newest.sha, run: successRun.run } : null,
      };
    });
}

/** What a change waits for; `null` if the runs that would show it are unknown. */
function waitIn(
  { change, newer, deploying, success }: Subject,
  runs: ReadonlyMap<Oid, RunNow[] | null>,
  holds: ReadonlyMap<number, Hold>,
): Wait | null {
  const own = runs.get(change.mergeCommit);
  if (!own) return null;
  const deployed = success && runs.get(success.sha)?.find(({ id }) => id === success.run);
  if (success && !deployed) return null;
  const isSameWorkflow = ({ file, workflow }: RunNow, { file: otherFile, workflow: other }: RunNow) =>
    (file ?? workflow) === (otherFile ?? other);
  const request: RunsOfChange = {
    own,
    newer: newer.flatMap((oid) => runs.get(oid) ?? []),
    deploying: (deploying && runs.get(deploying.sha)?.find(({ id }) => id === deploying.run)) ?? null,
    // Without a known workflow, only a run that an environment holds is certain to deploy.
    deploys: (run) => (deployed ? isSameWorkflow(run, deployed) : isHeld(run)),
    holdOf: ({ id }) => holds.get(id),
  };
  const wait = waitOf(request);
  // A deployment without a run that was read is all that is known.
  return wait.kind === 'not-started' && change.runningDeployment ? null : wait;
}

function withData(report: Report, waits: ReadonlyMap<ReportedChange, Wait>, gaps: readonly Gap[]): Report {
  const withWait = (change: ReportedChange): ReportedChange => {
    const waitingFor = waits.get(change);
    return waitingFor ? { ...change, waitingFor } : change;
  };
  const { completeness } = report;
  return {
    ...report,
    mergesets: report.mergesets.map(withWait),
    earlier: report.earlier.map(withWait),
    completeness: {
      complete: completeness.complete && gaps.length === 0,
      gaps: [...completeness.gaps, ...gaps],
    },
  };
}
