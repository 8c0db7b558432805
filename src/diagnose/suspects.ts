import type { Evicted } from '../model/pipeline.ts';
import type { CriticalPath, PathJob, PathStep, Seen } from './critical-path.ts';
import { quantileOf } from '../measure/survival.ts';
import type { StageReport, Staged } from './stage-report.ts';
import type { Stage } from './stages.ts';

/** One of the usual suspects, caught: what shows it, what it may save, what to do. */
export interface Suspect {
  rule: string;
  title: string;
  /** The step, job or stage, as the runs call it. */
  where: string;
  medianSeconds: number;
  /** In how many of the runs that were looked at. */
  times: number;
  /** Of all time from merge to live, from 0 to 1. */
  share: number;
  /** Seconds a deployment, from … to: observed less what is plausible, never more than another job would let it save. */
  saving: { low: number; high: number };
  advice: string;
  yaml: string | null;
  /** Addresses of runs that show it, three at most. */
  runs: string[];
}

/** What rules look at. */
export interface Evidence {
  path: CriticalPath;
  report: StageReport;
  evicted: readonly Evicted[];
  environment: string;
}

interface Hit {
  where: string;
  seen: Seen[];
  medianSeconds: number;
  share: number;
  slackSeconds: number | null;
}

export interface Rule {
  id: string;
  title: string;
  advice: string;
  yaml: string | null;
  /** The share of what was observed that would plausibly remain, at best and at worst. */
  remains: [number, number];
  find(evidence: Evidence): Hit[];
}

/** Fewer runs than this are an accident. */
const LEAST_RUNS = 5;
const LEAST_SHARE = 0.1;
const LEAST_SECONDS = 60;

const step =
  (matches: (step: PathStep) => boolean) =>
  ({ path }: Evidence): Hit[] =>
    path.steps.filter(matches).map((each) => ({
      ...each,
      where: `${each.job} / ${each.step}`,
      slackSeconds: slackOf(path, each.job),
    }));
const job =
  (matches: (job: PathJob, evidence: Evidence) => boolean) =>
  (evidence: Evidence): Hit[] =>
    evidence.path.jobs
      .filter((each) => matches(each, evidence))
      .map((each) => ({ ...each, where: each.job }));
const stage =
  (name: Stage, where: string) =>
  ({ report }: Evidence): Hit[] =>
    inStage(report, name, where);

const slackOf = (path: CriticalPath, name: string): number | null =>
  path.jobs.find((each) => each.job === name)?.slackSeconds ?? null;

function inStage({ staged }: StageReport, name: Stage, where: string): Hit[] {
  const with_ = onePerRun(staged).filter((each) => (each.seconds[name] ?? 0) > 0);
  if (with_.length === 0) return [];
  const total = onePerRun(staged).reduce((sum, each) => sum + each.leadTimeSeconds, 0);
  const seen = with_.map((each) => ({
    seconds: each.seconds[name] ?? 0,
    run: each.pipeline?.run.id ?? 0,
    url: each.pipeline?.run.url ?? '',
  }));
  return [
    {
      where,
      seen,
      medianSeconds: quantileOf(
        seen.map((each) => each.seconds),
        0.5,
      ),
      share: seen.reduce((sum, each) => sum + each.seconds, 0) / total,
      slackSeconds: null,
    },
  ];
}

function onePerRun(staged: readonly Staged[]): Staged[] {
  const longest = new Map<number, Staged>();
  for (const each of staged) {
    const id = each.pipeline?.run.id;
    if (id !== undefined && each.leadTimeSeconds > (longest.get(id)?.leadTimeSeconds ?? -1))
      longest.set(id, each);
  }
  return [...longest.values()];
}

const script = ({ fileStep }: PathStep): string => fileStep?.run ?? '';
const uses = ({ fileStep }: PathStep, action: RegExp): boolean => action.test(fileStep?.uses ?? '');
const cached = ({ fileJob }: PathStep): boolean =>
  fileJob?.steps.some(
    (each) =>
      /(?:^|\/)cache(?:@|\/)/.test(each.uses ?? '') ||
      each.with.cache !== undefined ||
      each.with['cache-dependency-path'] !== undefined ||
      each.with['bundler-cache'] !== undefined,
  ) ?? false;

const INSTALL =
  /\b(?:npm (?:ci|i|install)|yarn(?: install)?(?=\s|$)|pnpm (?:i|install)|pip3? install|poetry install|bundle install|composer install|go mod download|cargo fetch)\b/m;
const IMAGE = /\bdocker (?:build|buildx build|pull|compose (?:build|pull))\b/;
const PROVISION =
  /\b(?:terraform (?:apply|init)|tofu apply|pulumi up|cdk deploy|aws cloudformation (?:deploy|create-stack|update-stack)|az deployment)\b/;
const TESTS = /\b(?:test|tests|jest|vitest|pytest|rspec|phpunit|spec)\b/i;
const ANALYSIS = /\b(?:eslint|lint|sonar\w*|codeql|semgrep|cypress|playwright|selenium|e2e|end-to-end)\b/i;
const TOOLCHAIN =
  /\b(?:rustup|apt-get install|apt install|brew install|sdk install|nvm install|asdf install|choco install)\b/;
const BUILD =
  /\b(?:npm run build|yarn build|pnpm (?:run )?build|gradlew? (?:build|assemble)|mvn (?:package|install)|cargo build|go build|make build|make)\b/;
/** A name that says so, of a step that always takes the same. */
const WAITS = /\b(?:wait|sleep|pause|settle|cool[- ]?down)\b/i;
const SLEEP = /\bsleep (\d+)(m?)\b/;

function isConstant(seen: readonly Seen[]): boolean {
  const times = seen.map((each) => each.seconds);
  return Math.min(...times) >= 30 && Math.max(...times) - Math.min(...times) <= 1;
}

/**
 * The usual suspects. A rule looks at what stands on the critical path, and fires on a name or a time it can show and
 * that the workflow file confirms; to add one, add a row.
 */
export const RULES: readonly Rule[] = [
  {
    id: 'install-without-cache',
    title: 'Dependencies are installed without a cache',
    advice: "Let the setup action keep the package manager's cache.",
    yaml: '- uses: actions/setup-node@v4\n  with:\n    node-version: 24\n    cache: npm',
    remains: [0.2, 0.6],
    find: step((each) => INSTALL.test(script(each)) && !cached(each)),
  },
  {
    id: 'full-history',
    title: 'The whole history is checked out',
    advice: 'Check out one commit; fetch more only where a step needs it.',
    yaml: '- uses: actions/checkout@v5\n  with:\n    fetch-depth: 1',
    remains: [0.1, 0.4],
    find: step(
      (each) => uses(each, /^actions\/checkout@/) && String(each.fileStep?.with['fetch-depth']) === '0',
    ),
  },
  {
    id: 'image-without-layer-cache',
    title: 'An image is built or pulled without a layer cache',
    advice: 'Keep the layers between runs.',
    yaml: '- uses: docker/build-push-action@v6\n  with:\n    cache-from: type=gha\n    cache-to: type=gha,mode=max',
    remains: [0.3, 0.7],
    find: step(
      (each) =>
        (IMAGE.test(script(each)) && !/--cache-from/.test(script(each))) ||
        (uses(each, /^docker\/(?:build-push-action|bake-action)@/) &&
          each.fileStep?.with['cache-from'] === undefined),
    ),
  },
  {
    id: 'provisioned-in-path',
    title: 'Infrastructure is provisioned on the way to live',
    advice: 'Provision when the infrastructure changes, in a workflow of its own, and only deploy here.',
    yaml: 'on:\n  push:\n    paths: [infrastructure/**]',
    remains: [0, 0.5],
    find: step((each) => PROVISION.test(script(each))),
  },
  {
    id: 'environment-hop',
    title: 'Another environment is passed through first',
    advice: 'Deploy to production when the checks pass, and to the other environment beside it.',
    yaml: null,
    remains: [0, 0.3],
    find: job((each, { environment }) => {
      const other = each.fileJob?.environment ?? null;
      return !each.isDeploy && other !== null && other.toLowerCase() !== environment.toLowerCase();
    }),
  },
  {
    id: 'runner-starvation',
    title: 'Jobs wait for a runner',
    advice: 'Add runners or larger pools for the deploying workflow, or a runner group of its own.',
    yaml: null,
    remains: [0.1, 0.5],
    find: stage('runner', 'waiting for a runner'),
  },
  {
    id: 'needless-sequence',
    title: 'Jobs run one after the other that share nothing',
    advice: 'Drop the "needs" between them, and let the deploy job need both.',
    yaml: 'deploy:\n  needs: [lint, test]',
    remains: [0, 0.4],
    find: job((each, { path }) => {
      const before = path.jobs.find((other) => other.job === each.after && other.workflow === each.workflow);
      return (
        !each.isDeploy &&
        each.fileJob !== null &&
        before?.fileJob != null &&
        each.fileJob.needs.includes(before.fileJob.id) &&
        !each.fileJob.takesFromOthers
      );
    }),
  },
  {
    id: 'one-long-test-job',
    title: 'One test job takes most of the path, in one piece',
    advice: 'Split it over several runners.',
    yaml: 'strategy:\n  matrix:\n    shard: [1, 2, 3, 4]\nsteps:\n  - run: npx jest --shard=$SHARD/4',
    remains: [0.3, 0.6],
    find: job(
      (each) =>
        each.share >= 0.3 &&
        each.fileJob !== null &&
        !each.fileJob.matrix &&
        each.fileJob.steps.some(
          (one) => TESTS.test(one.run ?? one.name ?? '') && !/shard/i.test(one.run ?? ''),
        ),
    ),
  },
  {
    id: 'toolchain-from-scratch',
    title: 'The toolchain is set up from scratch',
    advice: 'Use an image that has it, or the versions that the runner ships with.',
    yaml: 'container: ghcr.io/your-team/build:latest',
    remains: [0.1, 0.5],
    find: step((each) => TOOLCHAIN.test(script(each)) || (uses(each, /\/setup-[a-z]+@/) && !cached(each))),
  },
  {
    id: 'built-twice',
    title: 'The same is built more than once',
    advice: 'Build once, upload it as an artifact, and download it where it is needed.',
    yaml: '- uses: actions/upload-artifact@v4\n  with:\n    name: build\n    path: dist',
    remains: [0, 0.2],
    find: (evidence) => {
      const builds = evidence.path.steps.filter((each) => BUILD.test(script(each)));
      return step((each) =>
        builds.some(
          (first) =>
            first !== each &&
            builds.indexOf(first) < builds.indexOf(each) &&
            script(first).trim() === script(each).trim(),
        ),
      )(evidence);
    },
  },
  {
    id: 'analysis-in-path',
    title: 'Static analysis or browser tests stand before the deploy',
    advice: 'Run them on the pull request, and beside the deploy; let them alarm instead of hold.',
    yaml: null,
    remains: [0, 0.3],
    find: step(
      (each) =>
        ANALYSIS.test(script(each)) ||
        ANALYSIS.test(each.fileStep?.uses ?? '') ||
        (each.fileStep !== null && ANALYSIS.test(each.step)),
    ),
  },
  {
    id: 'fixed-wait',
    title: 'A step waits for a fixed time',
    advice: 'Wait for the thing itself (a health check, a rollout status), not for a time.',
    yaml: '- run: kubectl rollout status deployment/app --timeout=5m',
    remains: [0, 0.3],
    find: step((each) => {
      const match = SLEEP.exec(script(each));
      const seconds = Number(match?.[1] ?? 0) * (match?.[2] === 'm' ? 60 : 1);
      if (seconds >= 10) return each.medianSeconds >= seconds;
      return WAITS.test(each.step) && isConstant(each.seen);
    }),
  },
  {
    id: 're-runs',
    title: 'Deployments are run again',
    advice: 'Find what fails at first and passes later, and mend or quarantine it.',
    yaml: null,
    remains: [0, 0.2],
    find: stage('re-runs', 'earlier attempts'),
  },
  {
    id: 'queued-behind',
    title: 'Deployments wait behind one another',
    advice:
      'Make the deploy job shorter, keep only it in the concurrency group, and let the group queue all of its runs.',
    yaml: 'concurrency:\n  group: production\n  queue: max',
    remains: [0.1, 0.6],
    find: stage('behind', 'behind another deployment'),
  },
  {
    id: 'evicted',
    title: 'Deployments are replaced in their queue by newer ones',
    advice:
      'A concurrency group keeps one waiting run: let it queue all, so that each change ships by itself.',
    yaml: 'concurrency:\n  group: production\n  queue: max',
    remains: [0, 1],
    find: ({ evicted, report }) => {
      const total = report.staged.reduce((sum, each) => sum + each.leadTimeSeconds, 0);
      const hit = report.staged.filter((each) =>
        evicted.some((one) => one.sha === each.mergeset.mergeCommit),
      );
      const seen = hit.map((each) => ({
        seconds: each.leadTimeSeconds,
        run: evicted.find((one) => one.sha === each.mergeset.mergeCommit)?.id ?? 0,
        url: evicted.find((one) => one.sha === each.mergeset.mergeCommit)?.url ?? '',
      }));
      if (seen.length === 0) return [];
      return [
        {
          where: 'the concurrency group',
          seen,
          medianSeconds: quantileOf(
            seen.map((each) => each.seconds),
            0.5,
          ),
          share: total > 0 ? seen.reduce((sum, each) => sum + each.seconds, 0) / total : 0,
          slackSeconds: null,
        },
      ];
    },
  },
  {
    id: 'approval',
    title: 'Deployments wait for an approval or a timer',
    advice: 'Let the checks decide: take reviewers and wait timers off the environment.',
    yaml: null,
    remains: [0, 0],
    find: stage('approval', "the environment's protection rules"),
  },
  {
    id: 'by-the-calendar',
    title: 'Deploying is started by hand or by the clock',
    advice: 'Deploy on every push to the branch.',
    yaml: 'on:\n  push:\n    branches: [main]',
    remains: [0, 0.1],
    find: ({ report }) => {
      const held = report.staged.filter((each) =>
        ['schedule', 'workflow_dispatch', 'release'].includes(each.pipeline?.run.event ?? ''),
      );
      const runs = onePerRun(held);
      if (runs.length * 2 < onePerRun(report.staged).length) return [];
      return ['by-hand' as const, 'starting' as const].flatMap((name) =>
        inStage({ ...report, staged: held }, name, 'until the workflow was started'),
      );
    },
  },
];

/** @returns those that fired, the largest likely saving first. */
export function suspectsIn(
  path: CriticalPath,
  report: StageReport,
  evicted: readonly Evicted[],
  environment: string,
): Suspect[] {
  const evidence: Evidence = { path, report, evicted, environment };
  return RULES.flatMap((rule) =>
    rule
      .find(evidence)
      .filter(isWorthIt)
      .map((hit) => suspect(rule, hit)),
  )
    .filter((each) => each.saving.high > 0)
    .sort((a, b) => b.saving.high * b.times - a.saving.high * a.times);
}

function isWorthIt({ seen, medianSeconds, share }: Hit): boolean {
  return (
    new Set(seen.map((each) => each.run)).size >= LEAST_RUNS &&
    (share >= LEAST_SHARE || medianSeconds >= LEAST_SECONDS)
  );
}

function suspect(rule: Rule, { where, seen, medianSeconds, share, slackSeconds }: Hit): Suspect {
  const most = slackSeconds ?? Number.POSITIVE_INFINITY;
  const save = (remains: number) => Math.round(Math.min(most, medianSeconds * (1 - remains)));
  return {
    rule: rule.id,
    title: rule.title,
    where,
    medianSeconds,
    times: new Set(seen.map((each) => each.run)).size,
    share,
    saving: { low: save(rule.remains[1]), high: save(rule.remains[0]) },
    advice: rule.advice,
    yaml: rule.yaml,
    runs: [...new Set(seen.toSorted((a, b) => b.seconds - a.seconds).map((each) => each.url))]
      .filter((url) => url !== '')
      .slice(0, 3),
  };
}
