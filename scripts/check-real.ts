/**
 * Compares the built action with the known answers of a real team's history.
 *
 *     npm run check:real -- FOLDER
 *
 * FOLDER contains pairs of `NAME.json.gz` (a history, see `src/fake-github/world.ts`) and `NAME.truth.json` (for several
 * windows, the deployment that first shipped each pull request, and the seconds since the merge).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { startLoopback } from '../src/fake-github/loopback.ts';
import type { World } from '../src/fake-github/world.ts';
import { runStep } from '../__tests__/support/runner.ts';
import type { Report } from '../src/report/contract.ts';
import { executeAsGitHub } from '../__tests__/support/schema.ts';

interface Truth {
  from: string;
  to: string;
  mergesets: number;
  pending: number;
  p50Seconds: number | null;
  p90Seconds: number | null;
  deployments: number;
  batchedDeployments: number;
  changes: { number: number; deployment: number | null; seconds: number | null }[];
}

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: npm run check:real -- FOLDER');
  process.exit(2);
}

let differences = 0;
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json.gz'))) {
  const name = file.replace(/\.json\.gz$/, '');
  const raw = JSON.parse(gunzipSync(readFileSync(join(folder, file))).toString()) as World;
  const world = { ...raw, pulls: raw.pulls.map((pull) => ({ ...pull, title: pull.title ?? '' })) };
  const truths = JSON.parse(readFileSync(join(folder, `${name}.truth.json`), 'utf8')) as Truth[];
  const github = await startLoopback(world, { execute: executeAsGitHub });
  for (const truth of truths) differences += await compare(world, truth, github);
  differences += await compareStages(world, github);
  for (const target of ['6m', '15m']) differences += await countAlerts(world, github, target);
  await github.close();
}
console.log(differences === 0 ? 'The action gives the known answers.' : `${differences} differences.`);
process.exitCode = differences === 0 ? 0 : 1;

/** Checks over the entire history that the stages of every shipped change sum to its lead time. */
async function compareStages(
  world: World,
  github: Awaited<ReturnType<typeof startLoopback>>,
): Promise<number> {
  const last =
    Math.max(...world.deployments.map((deployment) => Date.parse(deployment.createdAt))) + 86_400_000;
  const first = Math.min(...world.deployments.map((deployment) => Date.parse(deployment.createdAt)));
  const { report, log } = await runStep({
    apiUrl: github.apiUrl,
    repository: `${world.owner}/${world.name}`,
    inputs: {
      'as-of': new Date(last).toISOString(),
      window: `${Math.ceil((last - first) / 1000)}s`,
      comment: 'never',
      'fail-on': 'none',
    },
  });
  if (report === null) throw new Error(log);
  const cut: { leadTimeSeconds: number; seconds: Record<string, number> }[] = report.stages.mergesets;
  const shipped = report.mergesets.filter(
    (mergeset: { leadTimeSeconds: number | null }) => mergeset.leadTimeSeconds !== null,
  );
  const wrong = cut.filter(
    ({ seconds, leadTimeSeconds }) =>
      Object.values(seconds).reduce((sum, stage) => sum + stage, 0) !== leadTimeSeconds,
  );
  const missing = Math.max(0, shipped.length - cut.length);
  console.log(`entire history: ${cut.length} sums of stages, ${wrong.length} wrong, ${missing} missing`);
  return wrong.length + missing;
}

/**
 * Checks that a team with a steady lead time gets no alerts, neither after a deployment nor weekly, and that few weeks have no
 * verdict. Prints the results of the plain window for comparison.
 */
async function countAlerts(
  world: World,
  github: Awaited<ReturnType<typeof startLoopback>>,
  target: string,
): Promise<number> {
  const times = world.deployments.map((deployment) => Date.parse(deployment.createdAt));
  // Changes after the last deployment stay pending in a recording.
  const [first, last] = [Math.min(...times), Math.max(...times) + 3_600_000];
  const weeks = Math.floor((last - first) / (7 * 86_400_000));
  const reportWith = async (widen: string) => {
    const { report, log } = await runStep({
      apiUrl: github.apiUrl,
      repository: `${world.owner}/${world.name}`,
      event: 'schedule',
      inputs: {
        'as-of': new Date(last).toISOString(),
        target,
        widen,
        weeks: String(weeks),
        stages: 'none',
        issue: 'never',
      },
    });
    if (report === null) throw new Error(log);
    return report as Report;
  };
  const [now, plain] = [await reportWith('28d'), await reportWith('none')];
  const weeksWith = (report: Report, status: string) =>
    (report.weeks ?? []).filter((week) => week.status === status).length;
  const entered = now.alerts.all.length;
  const onAlert = (now.weeks ?? []).filter((week) => week.alert).length;
  const without = weeksWith(now, 'insufficient-data') / weeks;
  console.log(
    `target ${target}, ${times.length} deployments, ${weeks} weeks: ${entered} alerts after a deployment, ${onAlert} weeks on alert; without a verdict ${(without * 100).toFixed(1)}% of the weeks, drifted ${weeksWith(now, 'drifted')}; plain window: ${((weeksWith(plain, 'insufficient-data') / weeks) * 100).toFixed(1)}%, drifted ${weeksWith(plain, 'drifted')}`,
  );
  return entered + onAlert + (without > 0.02 ? 1 : 0);
}

async function compare(
  world: World,
  truth: Truth,
  github: Awaited<ReturnType<typeof startLoopback>>,
): Promise<number> {
  github.requests.length = 0;
  const step = await runStep({
    apiUrl: github.apiUrl,
    repository: `${world.owner}/${world.name}`,
    inputs: {
      'as-of': truth.to,
      window: `${(Date.parse(truth.to) - Date.parse(truth.from)) / 1000}s`,
      target: '5m',
      comment: 'never',
    },
  });
  const { report, outputs } = step;
  const problems: string[] = [];
  const same = (what: string, actual: unknown, expected: unknown) => {
    if (actual !== expected) problems.push(`${what}: ${String(actual)}, expected ${String(expected)}`);
  };
  if (report === null) problems.push(step.log.trim());
  else {
    // biome-ignore lint/suspicious/noExplicitAny: this reads a report like a user's script.
    const actual = new Map<number, any>(report.mergesets.map((mergeset: any) => [mergeset.number, mergeset]));
    same('mergesets', report.mergesets.length, truth.mergesets);
    same('pending', outputs.pending, String(truth.pending));
    same('batched', outputs['batched-deployments'], String(truth.batchedDeployments));
    same('deployments', outputs.deployments, String(truth.deployments));
    same('p50', report.leadTime.p50, truth.p50Seconds);
    same('p90', report.leadTime.p90, truth.p90Seconds);
    for (const { mergeset, leadTimeSeconds, seconds } of report.stages.mergesets) {
      const sum = Object.values<number>(seconds).reduce((total, stage) => total + stage, 0);
      same(`#${mergeset} sum of its stages`, sum, leadTimeSeconds);
    }
    const timed = report.mergesets.filter(
      (mergeset: { leadTimeSeconds: number | null }) => mergeset.leadTimeSeconds !== null,
    );
    // Deployments in the window also ship changes that were merged before it.
    if (report.stages.mergesets.length < timed.length) problems.push('a shipped change without stages');
    for (const change of truth.changes) {
      same(`#${change.number} deployment`, actual.get(change.number)?.deployment, change.deployment);
      same(`#${change.number} seconds`, actual.get(change.number)?.leadTimeSeconds, change.seconds);
    }
  }
  const stuck = (report?.findings ?? []).filter((finding: { kind: string }) => finding.kind === 'stuck');
  console.log(
    [
      `${truth.from.slice(0, 10)} to ${truth.to.slice(0, 10)}: ${outputs.status}`,
      `drift ${outputs['drift-percent'] || 'unknown'}%, exit ${step.code}`,
      `${truth.changes.length} changes compared, ${report?.stages.mergesets.length ?? 0} sums of stages, ${problems.length} differences`,
      `${github.requests.length} requests`,
      `stuck: ${stuck.map(({ evidence }: { evidence: { mergeset: number } }) => evidence.mergeset).join(', ') || 'none'}`,
    ].join('; '),
  );
  for (const problem of problems) console.log(`  ${problem}`);
  return problems.length;
}
