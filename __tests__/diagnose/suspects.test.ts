import { describe, expect, test } from '@jest/globals';
import type { FileJob, FileStep } from '../../src/model/workflow-file.ts';
import type { CriticalPath, PathJob, PathStep, Seen } from '../../src/diagnose/critical-path.ts';
import { type GraphJob, type JobGraph, keyOf } from '../../src/diagnose/job-graph.ts';
import type { StageReport, Staged } from '../../src/diagnose/stage-report.ts';
import type { Stage } from '../../src/model/terms.ts';
import type { Evidence } from '../../src/diagnose/rules/rule.ts';
import { RULES, suspectsIn } from '../../src/diagnose/suspects.ts';
import { fileJob, pipeline, run } from '../support/facts.ts';

/** Rules on evidence made for one case. `run/suspects.test.ts` has a complete team for each rule. */

const url = (id: number) => `https://github.com/acme/shop/actions/runs/${id}`;
const seenFor = (...times: number[]): Seen[] =>
  times.map((seconds, i) => ({ seconds, run: i + 1, url: url(i + 1) }));
const always = (seconds: number) => seenFor(...Array.from({ length: 5 }, () => seconds));

const fileStep = (more: Partial<FileStep> = {}): FileStep => ({
  name: null,
  uses: null,
  run: null,
  with: {},
  ...more,
});

function step(file: Partial<FileStep> | null, more: Partial<PathStep> = {}): PathStep {
  return {
    workflow: 'deploy',
    job: 'build',
    id: `deploy\n${more.job ?? 'build'}`,
    step: 'a step',
    seen: always(100),
    medianSeconds: 100,
    share: 0.5,
    fileJob: fileJob(),
    fileStep: file === null ? null : fileStep(file),
    ...more,
  };
}

function job(name: string, more: Partial<PathJob> = {}): PathJob {
  return {
    workflow: 'deploy',
    job: name,
    id: `deploy\n${name}`,
    seen: always(100),
    medianSeconds: 100,
    share: 0.5,
    slackSeconds: null,
    fileJob: fileJob({ id: name, name }),
    after: null,
    isDeploy: false,
    isAfter: false,
    ...more,
  };
}

function staged(
  id: number,
  seconds: Partial<Record<Stage, number>>,
  more: { event?: string; sha?: string } = {},
): Staged {
  return {
    pipeline: pipeline(run(id, 0, [], { event: more.event ?? 'push' })),
    seconds,
    segments: Object.entries(seconds).map(([stage, to]) => ({ stage, from: 0, to, name: null })),
    leadTimeSeconds: Object.values(seconds).reduce((sum, time) => sum + time, 0),
    mergeset: { mergeCommit: more.sha ?? `c${id}` },
  } as unknown as Staged;
}

function evidence(more: {
  steps?: PathStep[];
  jobs?: PathJob[];
  staged?: Staged[];
  evicted?: Evidence['evicted'];
}): Evidence {
  const { jobs = [], steps = [] } = more;
  const path: CriticalPath = { runs: 5, jobs, steps, graphs: [graphOf(jobs)] };
  const report = { staged: more.staged ?? [] } as unknown as StageReport;
  return { path, report, evicted: more.evicted ?? [], environment: 'production' };
}

/** A run of the jobs, each after the one named in `after`. */
function graphOf(jobs: readonly PathJob[]): JobGraph {
  const graphJobs = jobs.map(({ workflow, job, after, medianSeconds, fileJob }): [string, GraphJob] => [
    keyOf({ workflow, job }),
    {
      workflow,
      job,
      chain: fileJob ? [fileJob] : [],
      values: {},
      needs: after === null ? [] : [keyOf({ workflow, job: after })],
      seconds: medianSeconds,
      lagSeconds: 0,
    },
  ]);
  return { jobs: new Map(graphJobs), last: graphJobs.at(-1)?.[0] ?? '' };
}

function rule(id: string) {
  const match = RULES.find((rule) => rule.id === id);
  if (!match) throw new Error(`There is no rule "${id}".`);
  return match;
}
const hits = (id: string, ...parameters: Parameters<typeof evidence>) =>
  rule(id).find(evidence(...parameters));
const catches = (id: string, ...steps: PathStep[]) => hits(id, { steps }).length > 0;
const deployment = step({ run: 'kubectl apply -f shop.yml' }, { job: 'deploy', step: 'ship' });
const script = (text: string) => step({ run: text });
const action = (name: string, inputs: Record<string, unknown> = {}) => step({ uses: name, with: inputs });

test.each(RULES.map((rule) => [rule.id, rule] as const))('%s has a title and advice', (_, rule) => {
  expect(rule.title).toMatch(/^[A-Z][\w ,']{15,}[a-z]$/);
  expect(rule.advice).toMatch(/^[A-Z].{20,}\.$/s);
  const [best, worst] = rule.remains;
  expect(best).toBeGreaterThanOrEqual(0);
  expect(worst).toBeGreaterThanOrEqual(best);
  expect(worst).toBeLessThanOrEqual(1);
});

describe('scripts with and without a suspect', () => {
  test.each<[string, string[], string[]]>([
    [
      'install-without-cache',
      [
        'npm ci',
        'npm i',
        'npm install',
        'yarn',
        'yarn install',
        'pnpm i',
        'pnpm install',
        'pip install -r requirements.txt',
        'poetry install',
        'bundle install',
        'composer install',
        'go mod download',
        'cargo fetch',
        'cd web && npm ci',
        'yarn --frozen-lockfile',
        'NODE_ENV=test npm ci',
        'sudo pip3 install -r requirements.txt',
        'bun install',
        'pod install',
      ],
      [
        'yarn build',
        'yarn test --ci',
        'uv pip install -r requirements.txt',
        'echo "npm install"',
        '# npm ci',
        'npm ci\nnpm run build\nnpm test',
        'npm run ci',
        'xnpm ci',
        'npm init',
        'npm cite',
        'yarns',
        'yarn-build',
        'yarning install',
        'pipe install',
        'echo ok',
      ],
    ],
    [
      'image-without-layer-cache',
      [
        'docker build --cache-from app .',
        'docker build .',
        'docker buildx build .',
        'docker compose build',
        'docker compose -f ci.yml build',
        'podman build .',
      ],
      [
        'docker pull app',
        'docker compose pull',
        'docker push app',
        'mydocker build',
        'docker builder',
        'docker compose up',
        'docker build --cache-from app --build-arg BUILDKIT_INLINE_CACHE=1 .',
        '',
      ],
    ],
    [
      'provisioned-in-path',
      [
        'terraform apply',
        'tofu apply',
        'pulumi up',
        'cdk deploy',
        'aws cloudformation deploy',
        'aws cloudformation create-stack',
        'aws cloudformation update-stack',
        'az deployment group create',
      ],
      [
        'terraform init',
        'terraform plan',
        'terraform applying',
        'xterraform apply',
        'aws cloudformation describe-stacks',
        'cdk synth',
        '',
      ],
    ],
    [
      'toolchain-from-scratch',
      [
        'rustup default stable',
        'sudo apt-get install -y jq',
        'apt install jq',
        'brew install jq',
        'sdk install java',
        'nvm install 20',
        'asdf install',
        'choco install jq',
        'cargo install sqlx-cli',
        'pip install ansible',
        'ansible-galaxy install -r requirements.yml',
      ],
      [
        'pip install -r requirements.txt',
        'pip install .',
        'apt-get update',
        'trustup',
        'brew installed',
        'nvm use',
        '',
      ],
    ],
    [
      'analysis-in-path',
      [
        'npx eslint .',
        'npm run lint',
        'sonar-scanner',
        'sonarqube',
        'codeql analyze',
        'semgrep ci',
        'bundle exec brakeman',
        'npm run check-types',
        'golangci-lint run',
      ],
      [
        'npm run splinter',
        'npx cypress run',
        'npx playwright test',
        'npm run e2e',
        'pnpm turbo run lint test build',
        'docker build -t lint .',
        'pip install flake8',
        '',
      ],
    ],
    [
      'fixed-wait',
      ['sleep 10', 'sleep 100', 'deploy && sleep 90', 'sleep 1m', 'asleep\nsleep 60'],
      [
        'for i in 1 2 3; do\n  curl -f $URL && break\n  sleep 20\ndone',
        'until curl -f $URL; do sleep 15; done',
        'sleep 9',
        'sleep 101',
        'sleep 2m',
        'asleep 60',
        'sleepy 60',
        '',
      ],
    ],
  ])('%s', (id, suspicious, harmless) => {
    expect(suspicious.filter((text) => !catches(id, script(text), deployment))).toEqual([]);
    expect(harmless.filter((text) => catches(id, script(text), deployment))).toEqual([]);
    // A step that is not in the workflow file is never a suspect.
    expect(catches(id, step(null))).toBe(false);
  });
});

describe('actions that cache by default', () => {
  const isCaughtIn = (run: string, ...others: Partial<FileStep>[]) =>
    ['install-without-cache', 'no-compiler-cache'].some((id) =>
      catches(id, step({ run }, { fileJob: fileJob({ steps: others.map(fileStep) }) })),
    );
  const setUp = (name: string, inputs: Record<string, unknown> = {}) => ({ uses: name, with: inputs });
  test.each<[string, string, Partial<FileStep>]>([
    ['rust-cache', 'cargo build', setUp('Swatinem/rust-cache@v2')],
    ['setup-go', 'go mod download', setUp('actions/setup-go@v5')],
    ['setup-uv', 'pip install -r requirements.txt', setUp('astral-sh/setup-uv@v6')],
    ['setup-gradle', './gradlew build', setUp('gradle/actions/setup-gradle@v4')],
    ['setup-java with one', 'mvn package', setUp('actions/setup-java@v4', { cache: 'maven' })],
    ['pnpm', 'pnpm install', setUp('pnpm/action-setup@v4', { cache: true })],
    ["an action of the repository's own, which may cache", 'npm ci', setUp('./.github/actions/setup')],
  ])('%s', (_, command, cachingStep) => {
    expect(isCaughtIn(command)).toBe(true);
    expect(isCaughtIn(command, cachingStep)).toBe(false);
  });

  test('a cache of another tool keeps nothing', () => {
    const composer = setUp('actions/cache@v4', { path: 'vendor', key: 'composer' });
    expect(isCaughtIn('composer install', composer)).toBe(false);
    expect(isCaughtIn('npm ci', composer)).toBe(true);
    expect(isCaughtIn('./gradlew build', setUp('actions/setup-java@v4', { cache: 'maven' }))).toBe(true);
    // Nobody knows what this one keeps.
    expect(isCaughtIn('npm ci', setUp('actions/cache@v4', { path: `$\{{ env.CACHED }}` }))).toBe(false);
  });

  test('a self-hosted runner may keep everything on its disk', () => {
    const onDisk = { fileJob: fileJob({ keepsDisk: true }) };
    for (const [id, run] of [
      ['install-without-cache', 'npm ci'],
      ['no-compiler-cache', './gradlew build'],
      ['image-without-layer-cache', 'docker build .'],
      ['toolchain-from-scratch', 'apt-get install jq'],
    ] as const)
      expect([id, catches(id, step({ run })), catches(id, step({ run }, onDisk))]).toEqual([id, true, false]);
  });

  test('version 5 of setup-node may cache the packages of yarn and pnpm, but not of npm', () => {
    const isCaught = (run: string, more: Record<string, unknown> = {}) =>
      catches(
        'install-without-cache',
        step(
          { run },
          { fileJob: fileJob({ steps: [fileStep({ uses: 'actions/setup-node@v5', with: more })] }) },
        ),
      );
    expect([isCaught('pnpm install'), isCaught('yarn install'), isCaught('npm ci')]).toEqual([
      false,
      false,
      true,
    ]);
    expect(isCaught('pnpm install', { 'package-manager-cache': false })).toBe(true);
  });

  test('do not cache if the cache is turned off', () => {
    expect(isCaughtIn('go mod download', setUp('actions/setup-go@v5', { cache: false }))).toBe(true);
  });

  test('bake caches layers with a line of "set"', () => {
    const bake = { uses: 'docker/bake-action@v5', with: { set: '*.cache-from=type=gha' } };
    expect(catches('image-without-layer-cache', step(bake))).toBe(false);
  });
});

describe('steps that keep packages between runs', () => {
  const isCaughtWith = (...steps: Partial<FileStep>[]) =>
    catches(
      'install-without-cache',
      step({ run: 'npm ci' }, { fileJob: fileJob({ steps: steps.map(fileStep) }) }),
    );

  test.each<[string, Partial<FileStep>]>([
    ['actions/cache', { uses: 'actions/cache@v4' }],
    ['a part of actions/cache', { uses: 'actions/cache/restore@v4' }],
    ['another cache action', { uses: 'cache@v1' }],
    ['a setup action with a cache', { uses: 'actions/setup-node@v4', with: { cache: 'npm' } }],
    [
      'a setup action with the path of a lock file',
      { uses: 'actions/setup-node@v4', with: { 'cache-dependency-path': 'web/package-lock.json' } },
    ],
  ])('%s', (_, cachingStep) => {
    expect(isCaughtWith({ run: 'echo' }, cachingStep)).toBe(false);
  });

  test('are not actions with a similar name, setup actions without a cache, or steps of an unknown job', () => {
    expect(
      isCaughtWith(
        { uses: 'acme/mycache@v1' },
        { uses: 'acme/cached@v1' },
        { uses: 'actions/setup-node@v4' },
      ),
    ).toBe(true);
    expect(isCaughtWith()).toBe(true);
    expect(catches('install-without-cache', step({ run: 'npm ci' }, { fileJob: null }))).toBe(true);
  });
});

describe('actions with a suspect', () => {
  test('a full checkout whose history a later step needs: fetch it without old files', () => {
    const fullCheckout = (...others: Partial<FileStep>[]) =>
      step(
        { uses: 'actions/checkout@v5', with: { 'fetch-depth': 0 } },
        { fileJob: fileJob({ steps: others.map(fileStep) }) },
      );
    for (const laterStep of [
      { uses: 'goreleaser/goreleaser-action@v6' },
      { run: 'sentry-cli releases set-commits --auto' },
      { run: 'npx nx affected -t test' },
      { run: 'npx turbo run build --affected' },
      { uses: 'SonarSource/sonarqube-scan-action@v5' },
      { run: 'git log -1 --format=%cI -- docs' },
      { uses: './.github/actions/release' },
      { run: 'npm run build' },
      { run: './deploy.sh' },
    ]) {
      expect([laterStep, catches('full-history', fullCheckout(laterStep))]).toEqual([laterStep, false]);
      expect([laterStep, catches('full-history-with-files', fullCheckout(laterStep))]).toEqual([
        laterStep,
        true,
      ]);
    }
    expect(catches('full-history', fullCheckout({ run: 'kubectl apply -f shop.yml' }))).toBe(true);
    expect(catches('full-history-with-files', fullCheckout({ run: 'kubectl apply -f shop.yml' }))).toBe(
      false,
    );
    const filtered = { uses: 'actions/checkout@v5', with: { 'fetch-depth': 0, filter: 'blob:none' } };
    expect(catches('full-history-with-files', step(filtered, { fileJob: fileJob() }))).toBe(false);
  });

  test('a full checkout', () => {
    const full = { 'fetch-depth': 0 };
    expect(catches('full-history', action('actions/checkout@v5', full))).toBe(true);
    expect(catches('full-history', action('actions/checkout@v5', { 'fetch-depth': '0' }))).toBe(true);
    expect(catches('full-history', action('actions/checkout@v5', { 'fetch-depth': 1 }))).toBe(false);
    expect(catches('full-history', action('actions/checkout@v5'))).toBe(false);
    expect(catches('full-history', action('actions/checkout-all@v5', full))).toBe(false);
    expect(catches('full-history', action('my/actions/checkout@v5', full))).toBe(false);
    expect(catches('full-history', step({ with: full }))).toBe(false);
    expect(catches('full-history', step(null))).toBe(false);
  });

  test('an image that is built without cached layers', () => {
    const id = 'image-without-layer-cache';
    expect(catches(id, action('docker/build-push-action@v6'))).toBe(true);
    expect(catches(id, action('docker/bake-action@v5'))).toBe(false);
    expect(catches(id, action('docker/build-push-action@v6', { 'cache-from': 'type=gha' }))).toBe(false);
    expect(catches(id, action('docker/login-action@v3'))).toBe(false);
    expect(catches(id, action('my/docker/build-push-action@v6'))).toBe(false);
  });

  test('a tool that a script installs is a suspect, whatever the job caches, and a setup action is none', () => {
    const id = 'toolchain-from-scratch';
    expect(catches(id, action('actions/setup-java@v4'))).toBe(false);
    expect(catches(id, action('android-actions/setup-android@v3'))).toBe(false);
    expect(catches(id, action('asdf-vm/actions/install@v3'))).toBe(true);
    expect(catches(id, step({ run: 'xcodebuild -downloadPlatform iOS' }))).toBe(true);
    expect(
      catches(
        id,
        step(
          { run: 'rustup update' },
          { fileJob: fileJob({ steps: [fileStep({ uses: 'actions/cache@v4' })] }) },
        ),
      ),
    ).toBe(true);
  });

  test('an analysis is known by its action, or by its name if the step is in the file', () => {
    const id = 'analysis-in-path';
    expect(catches(id, action('github/codeql-action/analyze@v3'))).toBe(true);
    expect(catches(id, step({ run: './check.sh', name: 'Semgrep' }))).toBe(true);
    expect(catches(id, step(null, { step: 'Semgrep' }))).toBe(false);
    expect(catches(id, step({ run: './check.sh', name: 'Check' }))).toBe(false);
  });
});

describe('a fixed wait', () => {
  const named = (name: string, ...times: number[]) =>
    catches('fixed-wait', step(null, { step: name, seen: seenFor(...times), medianSeconds: times[0] ?? 0 }));

  test('has a name that says so, and always takes the same time', () => {
    for (const name of [
      'Wait for DNS',
      'sleep a bit',
      'Pause',
      'Let it settle',
      'cool-down',
      'cool down',
      'cooldown',
    ])
      expect([name, named(name, 60, 61, 60)]).toEqual([name, true]);
    expect(named('Wait', 60, 62)).toBe(false);
    expect(named('Wait', 30, 30)).toBe(true);
    expect(named('Wait', 29, 29)).toBe(false);
    expect(named('Waiter', 60, 60)).toBe(false);
    expect(named('Deploy', 60, 60)).toBe(false);
  });

  test('takes at least as long as its script sleeps, because the sleep may be conditional', () => {
    const slept = (seconds: number) =>
      catches('fixed-wait', step({ run: 'sleep 60' }, { medianSeconds: seconds, seen: seenFor(seconds, 5) }));
    expect(slept(60)).toBe(true);
    expect(slept(59)).toBe(false);
  });

  test('may be given in minutes', () => {
    const slept = (seconds: number) =>
      catches('fixed-wait', step({ run: 'sleep 2m' }, { medianSeconds: seconds }));
    expect(slept(120)).toBe(true);
    expect(slept(119)).toBe(false);
  });

  test('with a short sleep is known by its name', () => {
    const named = step({ run: 'sleep 5' }, { step: 'Wait', seen: seenFor(40, 40), medianSeconds: 40 });
    expect(catches('fixed-wait', named)).toBe(true);
  });
});

describe('code that is built twice', () => {
  const repeatedBuilds = (...steps: PathStep[]) => hits('built-twice', { steps }).map((match) => match.where);
  const buildIn = (name: string, text: string) => step({ run: text }, { job: name, step: 'Build' });

  test.each([
    'npm run build',
    'yarn build',
    'pnpm build',
    'pnpm run build',
    './gradlew build',
    'gradle assemble',
    'mvn package',
    'mvn install',
    'cargo build',
    'go build',
    'make build',
    'make',
  ])('%s: the second build is the suspect', (text) => {
    expect(repeatedBuilds(buildIn('one', text), buildIn('two', ` ${text}\n`))).toEqual(['two / Build']);
  });

  test('the first of several builds is not a suspect', () => {
    expect(repeatedBuilds(buildIn('one', 'make'), buildIn('two', 'make'), buildIn('three', 'make'))).toEqual([
      'two / Build',
    ]);
    const [hit] = hits('built-twice', {
      steps: ['one', 'two', 'three'].map((name) => buildIn(name, 'make')),
    });
    expect(hit?.parts?.map(({ where }) => where)).toEqual(['two / Build', 'three / Build']);
  });

  test('different builds, and equal commands that are not builds, are not suspects', () => {
    expect(repeatedBuilds(buildIn('one', 'make a'), buildIn('two', 'make b'))).toEqual([]);
    const inFolder = (name: string, directory: string) =>
      step({ run: 'npm run build', directory }, { job: name, step: 'Build' });
    expect(repeatedBuilds(inFolder('one', 'web'), inFolder('two', 'api'))).toEqual([]);
    expect(repeatedBuilds(inFolder('one', 'web'), inFolder('two', 'web'))).toEqual(['two / Build']);
    expect(repeatedBuilds(buildIn('one', 'cmaker'), buildIn('two', 'cmaker'))).toEqual([]);
    expect(repeatedBuilds(buildIn('one', './deploy'), buildIn('two', './deploy'))).toEqual([]);
    expect(repeatedBuilds(buildIn('one', 'make'))).toEqual([]);
    expect(repeatedBuilds(step(null), step(null))).toEqual([]);
  });
});

describe('steps of one job', () => {
  const inJob = (name: string, run: string, more: Partial<FileStep> = {}, seconds = 100) =>
    step({ run, ...more }, { job: 'ship', step: name, id: 'deploy\nship', medianSeconds: seconds });
  const ship = (...steps: PathStep[]) => ({ steps, jobs: [job('ship', { isDeploy: true })] });
  const found = (id: string, ...steps: PathStep[]) => hits(id, ship(...steps)).map(({ where }) => where);

  test('unit tests and a build of JavaScript take nothing from one another, but browser tests need the build', () => {
    const build = inJob('Build', 'npm run build');
    expect(found('needless-sequence', build, inJob('Test', 'npm test'))).toEqual(['ship / Test']);
    expect(found('needless-sequence', build, inJob('Test', 'npm run e2e'))).toEqual([]);
    expect(found('needless-sequence', build, inJob('Test', 'npm test', {}, 50))).toEqual([]);
    expect(
      found('needless-sequence', inJob('Build', 'go build ./...'), inJob('Test', 'go test ./...')),
    ).toEqual([]);
  });

  test('a step that deploys to a test cluster before the live one is a hop, unless something looks at it', () => {
    const to = (cluster: string) => inJob(`Deploy to ${cluster}`, `./deploy.sh ${cluster}`);
    const look = inJob('Smoke tests', './smoke.sh');
    expect(found('environment-hop', to('staging'), to('production'))).toEqual(['ship / Deploy to staging']);
    expect(found('environment-hop', to('staging'), look, to('production'))).toEqual([]);
    expect(found('environment-hop', to('production'), to('staging'))).toEqual([]);
    expect(found('environment-hop', to('europe'), to('production'))).toEqual([]);
  });

  test('several builds of one tool in a script could run in parallel, but not those that do already', () => {
    const [api, web] = ['cd api && npm run build', 'cd ../web && npm run build'];
    expect(found('built-in-sequence', inJob('Build', `${api}\n${web}`, {}, 300))).toEqual(['ship / Build']);
    expect(
      found('built-in-sequence', inJob('Build', `npm run build:a &\nnpm run build:b &\nwait`, {}, 300)),
    ).toEqual([]);
    expect(found('built-in-sequence', inJob('Build', './gradlew clean\n./gradlew build', {}, 300))).toEqual(
      [],
    );
    const targets = 'docker build --target a -t a .\ndocker build --target b -t b .';
    expect(found('built-in-sequence', inJob('Build', targets, {}, 300))).toEqual([]);
  });

  test('packages that a job installs before it only builds an image are installed again in the image', () => {
    const steps = [{ run: 'npm ci' }, { uses: 'docker/build-push-action@v6' }].map(fileStep);
    const [install, image] = steps as [FileStep, FileStep];
    const uses = (...all: FileStep[]) =>
      hits('set-up-again', { steps: [step(null, { fileStep: install, fileJob: fileJob({ steps: all }) })] })
        .length;
    expect(uses(install, image)).toBe(1);
    expect(uses(install, fileStep({ run: 'npm run build' }), image)).toBe(0);
    expect(uses(install)).toBe(0);
  });

  test('tests in a job that also deploys count only before the deployment', () => {
    const test = inJob('Test', 'mvn -B test', {}, 600);
    const roll = inJob('Roll out', 'kubectl apply -f shop.yml');
    const long = (...steps: PathStep[]) => {
      const own = job('ship', {
        isDeploy: true,
        medianSeconds: 700,
        fileJob: fileJob({ steps: steps.flatMap(({ fileStep }) => fileStep ?? []) }),
      });
      return hits('one-long-test-job', { steps, jobs: [own] }).map(({ where }) => where);
    };
    expect(long(test, roll)).toEqual(['ship / Test']);
    expect(long(roll, inJob('Smoke', 'npm run smoke', {}, 600))).toEqual([]);
  });
});

test('the same image is built twice, whatever its tag is, but not another target of its file', () => {
  const build = (name: string, run: string) => step({ run }, { job: name, step: 'Image' });
  const again = (...runs: string[]) =>
    hits('built-twice', { steps: runs.map((run, i) => build(`job ${i}`, run)) }).length;
  expect(again('docker build -t app:test .', 'docker buildx build --push -t app:1 .')).toBe(1);
  expect(again('docker build --target test -t app .', 'docker build -t app .')).toBe(0);
  expect(again('./image.sh "$GITHUB_SHA"', './image.sh "$GITHUB_SHA"')).toBe(1);
  expect(again('./image.sh "$STAGE"', './image.sh "$STAGE"')).toBe(0);
});

test('a job that only tags the commit is no reason to wait, unless the later job reads tags', () => {
  const tag = fileJob({ id: 'tag', name: 'tag', steps: [fileStep({ run: 'npx semantic-release' })] });
  const build = (...steps: Partial<FileStep>[]) =>
    fileJob({
      id: 'build',
      name: 'build',
      needs: ['tag'],
      steps: [...steps, { run: 'npm run build' }].map(fileStep),
    });
  const waits = (file: FileJob) =>
    hits('image-after-tests', {
      jobs: [job('tag', { fileJob: tag }), job('build', { after: 'tag', fileJob: file })],
    }).length;
  expect(waits(build())).toBe(1);
  expect(waits(build({ uses: 'actions/checkout@v4', with: { 'fetch-depth': 0 } }))).toBe(0);
  expect(waits(build({ run: 'git describe --tags' }))).toBe(0);
});

test('a loop that only waits for rollouts is no sequence of them', () => {
  const roll = (body: string) =>
    hits('rolled-out-in-sequence', {
      steps: [step({ run: `for service in api web; do\n${body}\ndone` }, { step: 'Roll out' })],
      jobs: [job('build', { isDeploy: true })],
    }).length;
  const wait = 'kubectl rollout status "deployment/$service"';
  expect(roll(wait)).toBe(0);
  expect(roll(`kubectl set image "deployment/$service" app=r/$service:1\n${wait}`)).toBe(1);
});

test('tools are those that a step mainly installs, and packages of the repository are none', () => {
  const installs = (run: string) => catches('toolchain-from-scratch', step({ run }));
  expect(installs('sudo apt-get install -y graphviz')).toBe(true);
  expect(installs('cargo install wasm-pack')).toBe(true);
  expect(installs('sudo apt-get install -y trivy\ntrivy image app')).toBe(false);
  expect(installs("pip install -e '.[test]'\nnpm install --global firebase-tools")).toBe(false);
});

test('a build for debugging before that for a release is one too many, unless it is for a release, too', () => {
  const builds = (first: string, second: string) =>
    hits('built-twice', {
      steps: [step({ run: first }, { step: 'Tests' }), step({ run: second }, { step: 'Build' })],
    }).length;
  expect(builds('dotnet test', 'dotnet publish --configuration Release')).toBe(1);
  expect(builds('dotnet test -c Release', 'dotnet publish -c Release')).toBe(0);
  expect(builds('cargo build', 'cargo build --release')).toBe(1);
  expect(builds('cargo test', 'cargo build --release')).toBe(0);
});

test('tests and an install in other folders are not built in sequence', () => {
  const inFolders = (...runs: string[]) =>
    hits('built-in-sequence', {
      steps: runs.map((run, i) => step({ run, directory: `part-${i}` }, { step: run })),
    }).length;
  expect(inFolders('npm run build', 'npm run build')).toBe(1);
  expect(inFolders('npm run build', 'npx playwright install', 'npm run test:browser')).toBe(0);
});

test('an image is not built after tests if it may be made of what was built before', () => {
  const found = (...runs: string[]) =>
    hits('image-after-tests', {
      steps: runs.map((run) => step({ run }, { step: run })),
      jobs: [job('build')],
    }).length;
  expect(found('mvn -B test', 'docker build .')).toBe(1);
  expect(found('./gradlew bootJar', 'npm test', 'docker build .')).toBe(0);
});

test('services that are rolled out job after job are a question, and regions are none', () => {
  const rollOut = (id: string, needs: string[], takes: string[] = []) =>
    job(id, {
      after: needs[0] ?? null,
      fileJob: fileJob({
        id,
        name: id,
        needs,
        takes,
        environment: 'production',
        steps: [fileStep({ run: 'fly deploy' })],
      }),
    });
  const second = (...jobs: PathJob[]) => hits('rolled-out-in-sequence', { jobs }).map(({ where }) => where);
  expect(second(rollOut('api', []), rollOut('web', ['api']))).toEqual(['web']);
  expect(second(rollOut('api', []), rollOut('web', ['api'], ['api']))).toEqual([]);
  expect(second(rollOut('us', []), rollOut('eu', ['us']))).toEqual([]);
});

test('the arguments of an action that runs a tool are its command', () => {
  expect(catches('no-compiler-cache', action('actions-rs/cargo@v1', { command: 'build' }))).toBe(true);
  expect(catches('no-compiler-cache', action('game-ci/unity-builder@v4'))).toBe(true);
});

test('the time of an action that builds and uploads a report is not that of an artifact', () => {
  const uses = (...inner: Partial<FileStep>[]) =>
    step({ uses: './.github/actions/work', steps: inner.map(fileStep) });
  const upload = { uses: 'actions/upload-artifact@v4', with: { name: 'report' } };
  expect(catches('large-artifact', uses(upload))).toBe(true);
  expect(catches('large-artifact', uses({ run: 'npm run build' }, upload))).toBe(false);
});

describe('jobs', () => {
  const names = (id: string, ...jobs: PathJob[]) => hits(id, { jobs }).map((match) => match.where);

  test('a job that deploys to another environment', () => {
    const to = (environment: string | null, more: Partial<PathJob> = {}) =>
      names('environment-hop', job('hop', { fileJob: fileJob({ environment }), ...more }));
    expect(to('staging')).toEqual(['hop']);
    expect(to('Production')).toEqual([]);
    expect(to(null)).toEqual([]);
    expect(to('staging', { isDeploy: true })).toEqual([]);
    expect(names('environment-hop', job('hop', { fileJob: null }))).toEqual([]);
  });

  test('a job that waits for a job it does not need', () => {
    const first = job('lint');
    const second = (more: Partial<PathJob> = {}, file: Partial<FileJob> = {}) =>
      job('unit', { after: 'lint', fileJob: fileJob({ id: 'unit', needs: ['lint'], ...file }), ...more });
    const suspects = (...jobs: PathJob[]) => names('needless-sequence', ...jobs);
    expect(suspects(first, second())).toEqual(['unit']);
    // A job that pushes an image, caches or uses an action of the repository may hand something to the next job.
    const publishing = (...steps: Partial<FileStep>[]) =>
      job('lint', { fileJob: fileJob({ id: 'lint', name: 'lint', steps: steps.map(fileStep) }) });
    expect(suspects(publishing({ run: 'docker build -t app .\ndocker push app' }), second())).toEqual([]);
    expect(suspects(publishing({ uses: 'docker/build-push-action@v6' }), second())).toEqual([]);
    const restores = { steps: [fileStep({ uses: 'actions/cache/restore@v4' })] };
    expect(suspects(publishing({ uses: 'actions/cache@v4' }), second({}, restores))).toEqual([]);
    expect(suspects(publishing({ uses: 'actions/cache@v4' }), second())).toEqual(['unit']);
    // A job that logs in to a cloud may change what the next job looks at.
    const login = { uses: 'aws-actions/configure-aws-credentials@v4' };
    expect(suspects(publishing(login, { run: 'python fill.py' }), second())).toEqual([]);
    expect(suspects(publishing({ uses: './.github/actions/build' }), second())).toEqual([]);
    expect(suspects(publishing({ run: 'npx eslint .' }), second())).toEqual(['unit']);
    expect(suspects(first, second({ isDeploy: true }))).toEqual([]);
    expect(suspects(first, second({}, { takes: ['lint'] }))).toEqual([]);
    expect(suspects(first, second({}, { takes: ['version'] }))).toEqual(['unit']);
    // An artifact that another job uploaded is no reason to wait for this one.
    const download = fileStep({ uses: 'actions/download-artifact@v4', with: { name: 'site' } });
    const uploading = (name: string) => publishing({ uses: 'actions/upload-artifact@v4', with: { name } });
    expect(suspects(uploading('site'), second({}, { steps: [download] }))).toEqual([]);
    expect(suspects(uploading('report'), second({}, { steps: [download] }))).toEqual(['unit']);
    expect(suspects(first, second({}, { needs: ['types'] }))).toEqual([]);
    expect(suspects(first, second({ workflow: 'other' }))).toEqual([]);
    expect(suspects(first, second({ fileJob: null }))).toEqual([]);
    expect(suspects({ ...first, fileJob: null }, second())).toEqual([]);
    expect(suspects(second())).toEqual([]);
  });

  test('one long test job that is not split', () => {
    const tests = (more: Partial<PathJob> = {}, file: Partial<FileJob> = {}) =>
      names(
        'one-long-test-job',
        job('test', {
          medianSeconds: 480,
          fileJob: fileJob({ steps: [fileStep({ run: 'npx jest' })], ...file }),
          ...more,
        }),
      );
    expect(tests()).toEqual(['test']);
    expect(tests({ share: 0.3 })).toEqual(['test']);
    expect(tests({ share: 0.29 })).toEqual([]);
    expect(tests({ medianSeconds: 359, share: 0.4 })).toEqual([]);
    expect(tests({ medianSeconds: 280 })).toEqual(['test']);
    expect(tests({ medianSeconds: 279 })).toEqual([]);
    expect(tests({ fileJob: null })).toEqual([]);
    expect(tests({}, { matrix: true })).toEqual([]);
    expect(tests({}, { services: ['postgres:16'] })).toEqual([]);
    // A deploy job with a smoke test is not a test job.
    expect(tests({ isDeploy: true })).toEqual([]);
    expect(tests({}, { environment: 'production' })).toEqual([]);
    expect(tests({}, { steps: [fileStep({ run: 'npx jest --shard=1/4' })] })).toEqual([]);
    expect(tests({}, { steps: [fileStep({ run: './gather.sh' })] })).toEqual([]);
    expect(
      tests(
        {},
        { steps: [fileStep({ run: './gather.sh' }), fileStep({ name: 'Unit tests', uses: 'acme/run@v1' })] },
      ),
    ).toEqual(['test']);
    expect(tests({}, { steps: [fileStep({})] })).toEqual([]);
    for (const text of [
      'npm test',
      'make tests',
      'npx vitest',
      'pytest',
      'bundle exec rspec',
      'phpunit',
      'RSPEC',
      'rake spec',
    ])
      expect([text, tests({}, { steps: [fileStep({ run: text })] })]).toEqual([text, ['test']]);
    for (const text of ['contested', 'fastest', 'testing', 'inspect'])
      expect([text, tests({}, { steps: [fileStep({ run: text })] })]).toEqual([text, []]);
  });
});

describe('stages', () => {
  test.each<[string, Stage, string]>([
    ['runner-starvation', 'runner', 'waiting for a runner'],
    ['re-runs', 're-runs', 'earlier attempts'],
    ['queued-behind', 'behind', 'waiting for another deployment'],
    ['approval', 'approval', 'approval or other protection rule'],
  ])('%s', (id, stage, where) => {
    const changes = [1, 2, 3].map((id) => staged(id, { [stage]: id * 100, deploy: 100 }));
    expect(hits(id, { staged: [...changes, staged(4, { deploy: 100 })] })).toEqual([
      {
        where,
        seen: [
          { seconds: 100, run: 1, url: url(1) },
          { seconds: 200, run: 2, url: url(2) },
          { seconds: 300, run: 3, url: url(3) },
        ],
        medianSeconds: 200,
        share: 600 / 1000,
        slackSeconds: null,
      },
    ]);
    expect(hits(id, { staged: [staged(4, { deploy: 100 })] })).toEqual([]);
  });

  test('a run with several changes counts once, with the change that took longest', () => {
    const ofOneRun = [staged(1, { runner: 50 }), staged(1, { runner: 90 }), staged(1, { runner: 70 })];
    expect(hits('runner-starvation', { staged: ofOneRun })).toMatchObject([
      { seen: [{ seconds: 90 }], share: 1 },
    ]);
  });

  test('changes that were deployed outside GitHub Actions do not wait for a runner', () => {
    const outside = { ...staged(1, { runner: 90 }), pipeline: null };
    expect(hits('runner-starvation', { staged: [outside] })).toEqual([]);
  });
});

describe('deployments that a person or a schedule starts', () => {
  const suspects = (...changes: Staged[]) => hits('by-the-calendar', { staged: changes });

  test.each(['schedule', 'workflow_dispatch', 'release'])('are found by their event: %s', (event) => {
    expect(suspects(staged(1, { 'by-hand': 500, starting: 100, deploy: 60 }, { event }))).toMatchObject([
      { where: 'waiting for the workflow to start', medianSeconds: 500 },
      { where: 'waiting for the workflow to start', medianSeconds: 100 },
    ]);
  });

  test('at least half of the runs must be started this way, and only their time counts', () => {
    const held = staged(1, { starting: 300 }, { event: 'schedule' });
    const pushed = (id: number) => staged(id, { starting: 5, deploy: 60 });
    expect(suspects(held, pushed(2))).toMatchObject([{ seen: [{ run: 1 }], share: 1 }]);
    expect(suspects(held, pushed(2), pushed(3))).toEqual([]);
    expect(suspects(pushed(2))).toEqual([]);
    expect(suspects({ ...staged(9, { starting: 300 }), pipeline: null })).toEqual([]);
  });
});

describe('runs that a newer run replaced', () => {
  const replacedRun = (sha: string, id: number) => ({ id, sha, url: url(id), at: new Date(0) });

  test('changes whose run was replaced are a suspect, with that run', () => {
    const changes = [
      staged(1, { deploy: 100 }, { sha: 'a' }),
      staged(2, { deploy: 300 }, { sha: 'b' }),
      staged(3, { deploy: 100 }),
    ];
    expect(
      hits('evicted', {
        staged: changes,
        evicted: [replacedRun('b', 8), replacedRun('a', 9), replacedRun('z', 7)],
      }),
    ).toEqual([
      {
        where: 'the concurrency group',
        seen: [
          { seconds: 100, run: 9, url: url(9) },
          { seconds: 300, run: 8, url: url(8) },
        ],
        medianSeconds: 100,
        share: 400 / 500,
        slackSeconds: null,
      },
    ]);
  });

  test('a replaced run without a change is not a suspect', () => {
    expect(hits('evicted', { staged: [staged(1, { deploy: 100 })], evicted: [replacedRun('z', 7)] })).toEqual(
      [],
    );
    expect(hits('evicted', { evicted: [replacedRun('z', 7)] })).toEqual([]);
  });

  test('a change that was live at once has a share of 0', () => {
    expect(
      hits('evicted', { staged: [staged(1, {}, { sha: 'a' })], evicted: [replacedRun('a', 9)] }),
    ).toMatchObject([{ share: 0 }]);
  });
});

describe('the reported suspects', () => {
  const npm = (more: Partial<PathStep>) => step({ run: 'npm ci' }, more);
  const reported = (steps: PathStep[], jobs: PathJob[] = []) => {
    const { path, report } = evidence({ steps, jobs });
    return suspectsIn(path, report, [], 'production');
  };

  test('were seen in at least five runs and save at least 36 seconds of a short path', () => {
    expect(reported([npm({})])).toHaveLength(1);
    expect(reported([npm({ seen: seenFor(100, 100, 100, 100) })])).toEqual([]);
    // Two changes of one run are one run.
    expect(reported([npm({ seen: [...seenFor(100, 100, 100, 100), ...seenFor(100, 100)] })])).toEqual([]);

    expect(reported([npm({ medianSeconds: 29 })])).toEqual([]);
    expect(reported([npm({ medianSeconds: 44 })])).toEqual([]);
    expect(reported([npm({ medianSeconds: 45 })])).toHaveLength(1);
  });

  test('save at least 6% of the median lead time, or 150 seconds', () => {
    const long = [1, 2, 3].map((id) => staged(id, { checks: 1200 }));
    const reportedWith = (medianSeconds: number) => {
      const { path, report } = evidence({ steps: [npm({ medianSeconds })] });
      return suspectsIn(path, { ...report, staged: long }, [], 'production');
    };
    expect(reportedWith(89)).toEqual([]);
    expect(reportedWith(90)).toHaveLength(1);
  });

  test('are at most four of steps and jobs', () => {
    const tools = [
      'npm ci',
      'docker build .',
      'packer build app.pkr.hcl',
      './mvnw package',
      'sleep 90',
      'snyk test',
    ];
    const steps = tools.map((run, i) =>
      step(
        { run },
        {
          id: `${i}`,
          job: `job ${i}`,
          step: run,
          fileJob: fileJob({ id: `j${i}`, steps: [fileStep({ run })] }),
        },
      ),
    );
    expect(reported(steps)).toHaveLength(4);
  });

  test('an image that names a cache in the registry without one is built again, with advice of its own', () => {
    const run = 'docker pull app:latest\ndocker build --cache-from app:latest -t app:latest .';
    const [suspect] = reported([step({ run }, { fileJob: fileJob({ steps: [fileStep({ run })] }) })]);
    expect(suspect?.advice).toContain('BUILDKIT_INLINE_CACHE');
  });

  test('keep the packages of NuGet by the project files without a lock file, because the cache of setup-dotnet fails then', () => {
    const restore = (run: string) => {
      const setup = fileStep({ uses: 'actions/setup-dotnet@v5' });
      const [hit] = hits('install-without-cache', {
        steps: [step({ run }, { fileJob: fileJob({ id: 'build', steps: [setup, fileStep({ run })] }) })],
      });
      const own = rule('install-without-cache');
      return { yaml: hit && own.yaml?.(hit, evidence({})), diff: hit && own.diff?.(hit, evidence({})) };
    };
    expect(restore('dotnet restore')).toEqual({
      yaml: expect.stringContaining('~/.nuget/packages'),
      diff: null,
    });
    expect(restore('dotnet restore --locked-mode').diff).toContain('cache: true');
  });

  test('have one entry for a job and the step that takes most of it', () => {
    const tests = fileJob({ id: 'e2e', name: 'e2e', steps: [fileStep({ run: 'npx playwright test' })] });
    const testJob = job('e2e', { share: 0.5, medianSeconds: 600, fileJob: tests });
    const testStep = step(
      { run: 'cargo test' },
      { job: 'e2e', step: 'browsers', medianSeconds: 500, fileJob: tests },
    );
    expect(reported([testStep], [testJob]).map((suspect) => suspect.rule)).toEqual(['no-compiler-cache']);
    // Another step of the job is another cause.
    const install = step(
      { run: 'npm ci' },
      { job: 'e2e', step: 'install', medianSeconds: 100, fileJob: tests },
    );
    expect(reported([testStep, install], [testJob]).map((suspect) => suspect.rule)).toEqual([
      'no-compiler-cache',
      'install-without-cache',
    ]);
  });

  test('have their saving and their slowest three runs', () => {
    const seen = [
      ...seenFor(100, 300, 200, 400, 100, 100),
      { seconds: 999, run: 9, url: '' },
      { seconds: 50, run: 4, url: url(4) },
    ];
    expect(reported([npm({ seen })])).toEqual([
      {
        rule: 'install-without-cache',
        title: 'Packages are downloaded on every run',
        where: 'build / a step',
        medianSeconds: 100,
        times: 7,
        share: 0.5,
        saving: { low: 40, high: 80 },
        advice:
          'Turn on the cache of the setup action, or use `actions/cache` if it has none, so that packages are downloaded only if the lock file changes.',
        yaml: expect.stringContaining('cache: npm'),
        runs: [url(4), url(2), url(3)],
      },
    ]);
  });

  test('save no more than a parallel job allows', () => {
    expect(reported([npm({})], [job('other'), job('build', { slackSeconds: 50 })])).toMatchObject([
      { saving: { low: 40, high: 50 } },
    ]);
    expect(reported([npm({})], [job('build', { slackSeconds: 0 })])).toEqual([]);
    expect(reported([npm({})], [job('other', { slackSeconds: 0 })])).toHaveLength(1);
  });

  test('start with the largest saving of all runs', () => {
    const git = (more: Partial<PathStep>) =>
      step({ uses: 'actions/checkout@v5', with: { 'fetch-depth': 0 } }, more);
    const rare = git({ medianSeconds: 150, job: 'rare' });
    const frequent = git({ seen: seenFor(...Array.from({ length: 20 }, () => 100)), job: 'frequent' });
    const order = (...steps: PathStep[]) => reported(steps).map((suspect) => suspect.where.split(' ')[0]);
    expect(order(rare, frequent)).toEqual(['frequent', 'rare']);
    expect(order(frequent, rare)).toEqual(['frequent', 'rare']);
    const sized = (job: string, medianSeconds: number) => git({ job, medianSeconds });
    expect(order(sized('small', 70), sized('large', 170))).toEqual(['large', 'small']);
  });
});
