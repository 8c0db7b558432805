/**
 * Holds the built action against a real team's history and its known answers.
 *
 *     npm run check:real -- FOLDER
 *
 * FOLDER holds pairs of `NAME.json.gz` (a history, see `src/demo/world.ts`) and `NAME.truth.json` (for windows of
 * it, which deployment first shipped each pull request, and after how many seconds).
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
for (const file of readdirSync(folder).filter((each) => each.endsWith('.json.gz'))) {
  const name = file.replace(/\.json\.gz$/, '');
  const raw = JSON.parse(gunzipSync(readFileSync(join(folder, file))).toString()) as World;
  const world = { ...raw, pulls: raw.pulls.map((pull) => ({ ...pull, title: pull.title ?? '' })) };
  const truths = JSON.parse(readFileSync(join(folder, `${name}.truth.json`), 'utf8')) as Truth[];
  const github = await startLoopback(world, { execute: executeAsGitHub });
  for (const truth of truths) differences += await compare(world, truth, github);
  differences += await everySum(world, github);
  for (const target of ['6m', '15m']) differences += await alerts(world, github, target);
  await github.close();
}
console.log(differences === 0 ? 'The action gives the known answers.' : `${differences} differences.`);
process.exitCode = differences === 0 ? 0 : 1;

/** Over the whole history at once: the stages of every shipped change sum to its lead time. */
async function everySum(world: World, github: Awaited<ReturnType<typeof startLoopback>>): Promise<number> {
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
    (each) => Object.values(each.seconds).reduce((sum, one) => sum + one, 0) !== each.leadTimeSeconds,
  );
  const missing = Math.max(0, shipped.length - cut.length);
  console.log(`the whole history: ${cut.length} sums of stages, ${wrong.length} wrong, ${missing} missing`);
  return wrong.length + missing;
}

/**
 * A team whose lead time stays where it is raises no alert, neither after a deployment nor week by week; and few weeks are
 * without a verdict. The plain window, without memory, beside it.
 */
async function alerts(
  world: World,
  github: Awaited<ReturnType<typeof startLoopback>>,
  target: string,
): Promise<number> {
  const times = world.deployments.map((deployment) => Date.parse(deployment.createdAt));
  // What was merged after the last deployment waits for ever in a recording.
  const [first, last] = [Math.min(...times), Math.max(...times) + 3_600_000];
  const weeks = Math.floor((last - first) / (7 * 86_400_000));
  const told = async (widen: string) => {
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
  const [now, plain] = [await told('28d'), await told('none')];
  const share = (report: Report, status: string) =>
    (report.weeks ?? []).filter((week) => week.status === status).length;
  const entered = now.alerts.all.length;
  const onAlert = (now.weeks ?? []).filter((week) => week.alert).length;
  const without = share(now, 'insufficient-data') / weeks;
  console.log(
    `target ${target}, ${times.length} deployments, ${weeks} weeks: ${entered} alerts after a deployment, ${onAlert} weeks on alert; without a verdict ${(without * 100).toFixed(1)}% of the weeks, drifted ${share(now, 'drifted')}; of the plain window ${((share(plain, 'insufficient-data') / weeks) * 100).toFixed(1)}%, drifted ${share(plain, 'drifted')}`,
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
  const same = (what: string, got: unknown, known: unknown) => {
    if (got !== known) problems.push(`${what}: ${String(got)}, known ${String(known)}`);
  };
  if (report === null) problems.push(step.log.trim());
  else {
    // biome-ignore lint/suspicious/noExplicitAny: the report as any script reads it.
    const found = new Map<number, any>(report.mergesets.map((mergeset: any) => [mergeset.number, mergeset]));
    same('mergesets', report.mergesets.length, truth.mergesets);
    same('pending', outputs.pending, String(truth.pending));
    same('batched', outputs['batched-deployments'], String(truth.batchedDeployments));
    same('deployments', outputs.deployments, String(truth.deployments));
    same('p50', report.leadTime.p50, truth.p50Seconds);
    same('p90', report.leadTime.p90, truth.p90Seconds);
    for (const { mergeset, leadTimeSeconds, seconds } of report.stages.mergesets) {
      const sum = Object.values<number>(seconds).reduce((all, each) => all + each, 0);
      same(`#${mergeset} sum of its stages`, sum, leadTimeSeconds);
    }
    const timed = report.mergesets.filter(
      (mergeset: { leadTimeSeconds: number | null }) => mergeset.leadTimeSeconds !== null,
    );
    // Of what a deployment of the window shipped: those and changes merged before it.
    if (report.stages.mergesets.length < timed.length) problems.push('a shipped change without stages');
    for (const change of truth.changes) {
      same(`#${change.number} deployment`, found.get(change.number)?.deployment, change.deployment);
      same(`#${change.number} seconds`, found.get(change.number)?.leadTimeSeconds, change.seconds);
    }
  }
  const stuck = (report?.findings ?? []).filter((finding: { kind: string }) => finding.kind === 'stuck');
  console.log(
    [
      `${truth.from.slice(0, 10)} to ${truth.to.slice(0, 10)}: ${outputs.status}`,
      `drift ${outputs['drift-percent'] || 'unknown'}%, exit ${step.code}`,
      `${truth.changes.length} changes compared, ${report?.stages.mergesets.length ?? 0} sums of stages, ${problems.length} differences`,
      `${github.requests.length} requests`,
      `stuck: ${stuck.map((each: { evidence: { mergeset: number } }) => each.evidence.mergeset).join(', ') || 'none'}`,
    ].join('; '),
  );
  for (const problem of problems) console.log(`  ${problem}`);
  return problems.length;
}
