import { describe, expect, test } from '@jest/globals';
import type { FileJob, FileStep } from '../../src/model/workflow-file.ts';
import type { CriticalPath, PathJob, PathStep, Seen } from '../../src/diagnose/critical-path.ts';
import type { StageReport, Staged } from '../../src/diagnose/stage-report.ts';
import type { Stage } from '../../src/model/terms.ts';
import type { Evidence } from '../../src/diagnose/rules/rule.ts';
import { RULES, suspectsIn } from '../../src/diagnose/suspects.ts';
import { fileJob, pipeline, run } from '../support/facts.ts';

/** Rules on evidence by hand; `run/suspects.test.ts` has a whole team for each. */

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
    seen: always(100),
    medianSeconds: 100,
    share: 0.5,
    slackSeconds: null,
    fileJob: fileJob({ id: name, name }),
    after: null,
    isDeploy: false,
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
    leadTimeSeconds: Object.values(seconds).reduce((sum, each) => sum + each, 0),
    mergeset: { mergeCommit: more.sha ?? `c${id}` },
  } as unknown as Staged;
}

function evidence(more: {
  steps?: PathStep[];
  jobs?: PathJob[];
  staged?: Staged[];
  evicted?: Evidence['evicted'];
}): Evidence {
  const path: CriticalPath = { runs: 5, jobs: more.jobs ?? [], steps: more.steps ?? [] };
  const report = { staged: more.staged ?? [] } as unknown as StageReport;
  return { path, report, evicted: more.evicted ?? [], environment: 'production' };
}

function rule(id: string) {
  const found = RULES.find((rule) => rule.id === id);
  if (!found) throw new Error(`there is no rule ${id}`);
  return found;
}
const hits = (id: string, ...given: Parameters<typeof evidence>) => rule(id).find(evidence(...given));
const catches = (id: string, ...steps: PathStep[]) => hits(id, { steps }).length > 0;
const script = (text: string) => step({ run: text });
const action = (name: string, inputs: Record<string, unknown> = {}) => step({ uses: name, with: inputs });

test.each(RULES.map((rule) => [rule.id, rule] as const))('%s says what it is and what to do', (_, rule) => {
  expect(rule.title).toMatch(/^[A-Z][\w ,']{15,}[a-z]$/);
  expect(rule.advice).toMatch(/^[A-Z].{20,}\.$/s);
  const [best, worst] = rule.remains;
  expect(best).toBeGreaterThanOrEqual(0);
  expect(worst).toBeGreaterThanOrEqual(best);
  expect(worst).toBeLessThanOrEqual(1);
});

describe('scripts that give a suspect away, and scripts that do not', () => {
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
        'pip3 install flask',
        'poetry install',
        'bundle install',
        'composer install',
        'go mod download',
        'cargo fetch',
        'cd web && npm ci',
        'set -e\nyarn\n./build.sh',
        'yarn --frozen-lockfile',
        'NODE_ENV=test npm ci',
        'sudo pip install tox',
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
        'docker build .',
        'docker buildx build .',
        'docker pull app',
        'docker compose build',
        'docker compose pull',
      ],
      [
        'docker push app',
        'mydocker build',
        'docker builder',
        'docker compose up',
        'docker build --cache-from app .',
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
      ],
      ['apt-get update', 'trustup', 'brew installed', 'nvm use', ''],
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
        'npx cypress run',
        'npx playwright test',
        'selenium',
        'npm run e2e',
        'run END-TO-END tests',
      ],
      ['npm run splinter', 'linting', 'e2ex', ''],
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
  ])('%s', (id, guilty, innocent) => {
    expect(guilty.filter((text) => !catches(id, script(text)))).toEqual([]);
    expect(innocent.filter((text) => catches(id, script(text)))).toEqual([]);
    // A step that the file does not have gives nothing away.
    expect(catches(id, step(null))).toBe(false);
  });
});

describe('caches that an action keeps by itself, and those that it was told not to keep', () => {
  const installs = (...others: Partial<FileStep>[]) =>
    step({ run: 'npm ci' }, { fileJob: fileJob({ steps: others.map(fileStep) }) });
  test.each<[string, Partial<FileStep>]>([
    ['rust-cache', { uses: 'Swatinem/rust-cache@v2' }],
    ['setup-go', { uses: 'actions/setup-go@v5' }],
    ['setup-uv', { uses: 'astral-sh/setup-uv@v6' }],
    ['setup-gradle', { uses: 'gradle/actions/setup-gradle@v4' }],
    ['setup-java with one', { uses: 'actions/setup-java@v4', with: { cache: 'maven' } }],
    ['pnpm', { uses: 'pnpm/action-setup@v4', with: { cache: true } }],
    ["an action of the repository's own, of which nothing is known", { uses: './.github/actions/setup' }],
  ])('%s', (_, partial) => {
    expect(catches('install-without-cache', installs(partial))).toBe(false);
  });

  test('version 5 of setup-node may keep that of yarn and pnpm by itself; of npm hardly anybody says it', () => {
    const by = (run: string, more: Record<string, unknown> = {}) =>
      catches(
        'install-without-cache',
        step(
          { run },
          { fileJob: fileJob({ steps: [fileStep({ uses: 'actions/setup-node@v5', with: more })] }) },
        ),
      );
    expect([by('pnpm install'), by('yarn install'), by('npm ci')]).toEqual([false, false, true]);
    expect(by('pnpm install', { 'package-manager-cache': false })).toBe(true);
  });

  test('but not where it is off', () => {
    expect(
      catches('install-without-cache', installs({ uses: 'actions/setup-go@v5', with: { cache: false } })),
    ).toBe(true);
  });

  test('layers, by a line of bake', () => {
    const bake = { uses: 'docker/bake-action@v5', with: { set: '*.cache-from=type=gha' } };
    expect(catches('image-without-layer-cache', step(bake))).toBe(false);
  });
});

describe('a cache is whatever keeps the packages between runs', () => {
  const beside = (...steps: Partial<FileStep>[]) =>
    catches(
      'install-without-cache',
      step({ run: 'npm ci' }, { fileJob: fileJob({ steps: steps.map(fileStep) }) }),
    );

  test.each<[string, Partial<FileStep>]>([
    ['actions/cache', { uses: 'actions/cache@v4' }],
    ['one of its parts', { uses: 'actions/cache/restore@v4' }],
    ['another cache action', { uses: 'cache@v1' }],
    ["a setup action's", { uses: 'actions/setup-node@v4', with: { cache: 'npm' } }],
    [
      'by where its lock file is',
      { uses: 'actions/setup-go@v5', with: { 'cache-dependency-path': 'go.sum' } },
    ],
    ["Ruby's", { uses: 'ruby/setup-ruby@v1', with: { 'bundler-cache': true } }],
  ])('%s', (_, partial) => {
    expect(beside({ run: 'echo' }, partial)).toBe(false);
  });

  test('neither something of a like name, nor a setup action without, nor a job that the file does not have', () => {
    expect(
      beside({ uses: 'acme/mycache@v1' }, { uses: 'acme/cached@v1' }, { uses: 'actions/setup-node@v4' }),
    ).toBe(true);
    expect(beside()).toBe(true);
    expect(catches('install-without-cache', step({ run: 'npm ci' }, { fileJob: null }))).toBe(true);
  });
});

describe('actions that give a suspect away', () => {
  test('a checkout of the whole history that a later step looks back into: without its files', () => {
    const whole = (...others: Partial<FileStep>[]) =>
      step(
        { uses: 'actions/checkout@v5', with: { 'fetch-depth': 0 } },
        { fileJob: fileJob({ steps: others.map(fileStep) }) },
      );
    for (const each of [
      { uses: 'goreleaser/goreleaser-action@v6' },
      { run: 'sentry-cli releases set-commits --auto' },
      { run: 'npx nx affected -t test' },
      { run: 'npx turbo run build --affected' },
      { uses: 'SonarSource/sonarqube-scan-action@v5' },
      { run: 'git log -1 --format=%cI -- docs' },
      { uses: './.github/actions/release' },
    ]) {
      expect([each, catches('full-history', whole(each))]).toEqual([each, false]);
      expect([each, catches('full-history-with-files', whole(each))]).toEqual([each, true]);
    }
    expect(catches('full-history', whole({ run: './deploy.sh' }))).toBe(true);
    expect(catches('full-history-with-files', whole({ run: './deploy.sh' }))).toBe(false);
    const filtered = { uses: 'actions/checkout@v5', with: { 'fetch-depth': 0, filter: 'blob:none' } };
    expect(catches('full-history-with-files', step(filtered, { fileJob: fileJob() }))).toBe(false);
  });

  test('a checkout of the whole history', () => {
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

  test('an image that is built without its layers', () => {
    const id = 'image-without-layer-cache';
    expect(catches(id, action('docker/build-push-action@v6'))).toBe(true);
    expect(catches(id, action('docker/bake-action@v5'))).toBe(true);
    expect(catches(id, action('docker/build-push-action@v6', { 'cache-from': 'type=gha' }))).toBe(false);
    expect(catches(id, action('docker/login-action@v3'))).toBe(false);
    expect(catches(id, action('my/docker/build-push-action@v6'))).toBe(false);
  });

  test('a toolchain that is set up without a cache', () => {
    const id = 'toolchain-from-scratch';
    expect(catches(id, action('actions/setup-java@v4'))).toBe(true);
    expect(catches(id, action('setup-java@v4'))).toBe(false);
    expect(catches(id, action('actions/setup@v4'))).toBe(false);
    expect(catches(id, action('actions/setup-java'))).toBe(false);
    expect(
      catches(
        id,
        step(
          { uses: 'actions/setup-java@v4' },
          { fileJob: fileJob({ steps: [fileStep({ uses: 'actions/cache@v4' })] }) },
        ),
      ),
    ).toBe(false);
    // Its own script is from scratch all the same.
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

  test('an analysis by its action, or by its name where the file has the step', () => {
    const id = 'analysis-in-path';
    expect(catches(id, action('github/codeql-action/analyze@v3'))).toBe(true);
    expect(catches(id, step({ run: './check.sh' }, { step: 'Semgrep' }))).toBe(true);
    expect(catches(id, step(null, { step: 'Semgrep' }))).toBe(false);
    expect(catches(id, step({ run: './check.sh' }, { step: 'Check' }))).toBe(false);
  });
});

describe('a fixed wait', () => {
  const named = (name: string, ...times: number[]) =>
    catches('fixed-wait', step(null, { step: name, seen: seenFor(...times), medianSeconds: times[0] ?? 0 }));

  test('by its name, where it always takes the same', () => {
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

  test('by its script only where it takes that long: what sleeps on one way alone does not', () => {
    const slept = (seconds: number) =>
      catches('fixed-wait', step({ run: 'sleep 60' }, { medianSeconds: seconds, seen: seenFor(seconds, 5) }));
    expect(slept(60)).toBe(true);
    expect(slept(59)).toBe(false);
  });

  test('minutes are minutes', () => {
    const slept = (seconds: number) =>
      catches('fixed-wait', step({ run: 'sleep 2m' }, { medianSeconds: seconds }));
    expect(slept(120)).toBe(true);
    expect(slept(119)).toBe(false);
  });

  test('a short sleep is judged by its name, as any other', () => {
    const named = step({ run: 'sleep 5' }, { step: 'Wait', seen: seenFor(40, 40), medianSeconds: 40 });
    expect(catches('fixed-wait', named)).toBe(true);
  });
});

describe('built twice', () => {
  const built = (...steps: PathStep[]) => hits('built-twice', { steps }).map((match) => match.where);
  const in_ = (name: string, text: string) => step({ run: text }, { job: name, step: 'Build' });

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
  ])('%s: the second time is the one too many', (text) => {
    expect(built(in_('one', text), in_('two', ` ${text}\n`))).toEqual(['two / Build']);
  });

  test('the first of several is none', () => {
    expect(built(in_('one', 'make'), in_('two', 'make'), in_('three', 'make'))).toEqual([
      'two / Build',
      'three / Build',
    ]);
  });

  test('neither another build, nor the same of something that is no build', () => {
    expect(built(in_('one', 'make a'), in_('two', 'make b'))).toEqual([]);
    expect(built(in_('one', 'cmaker'), in_('two', 'cmaker'))).toEqual([]);
    expect(built(in_('one', './deploy'), in_('two', './deploy'))).toEqual([]);
    expect(built(in_('one', 'make'))).toEqual([]);
    expect(built(step(null), step(null))).toEqual([]);
  });
});

describe('jobs', () => {
  const names = (id: string, ...jobs: PathJob[]) => hits(id, { jobs }).map((match) => match.where);

  test('another environment on the way', () => {
    const to = (environment: string | null, more: Partial<PathJob> = {}) =>
      names('environment-hop', job('hop', { fileJob: fileJob({ environment }), ...more }));
    expect(to('staging')).toEqual(['hop']);
    expect(to('Production')).toEqual([]);
    expect(to(null)).toEqual([]);
    expect(to('staging', { isDeploy: true })).toEqual([]);
    expect(names('environment-hop', job('hop', { fileJob: null }))).toEqual([]);
  });

  test('one after the other, though they share nothing', () => {
    const first = job('lint');
    const second = (more: Partial<PathJob> = {}, file: Partial<FileJob> = {}) =>
      job('unit', { after: 'lint', fileJob: fileJob({ id: 'unit', needs: ['lint'], ...file }), ...more });
    const found = (...jobs: PathJob[]) => names('needless-sequence', ...jobs);
    expect(found(first, second())).toEqual(['unit']);
    // What hands over by a registry, a cache or an action of the repository's own shares something.
    const leaving = (...steps: Partial<FileStep>[]) =>
      job('lint', { fileJob: fileJob({ id: 'lint', name: 'lint', steps: steps.map(fileStep) }) });
    expect(found(leaving({ run: 'docker build -t app .\ndocker push app' }), second())).toEqual([]);
    expect(found(leaving({ uses: 'docker/build-push-action@v6' }), second())).toEqual([]);
    expect(found(leaving({ uses: 'actions/cache@v4' }), second())).toEqual([]);
    expect(found(leaving({ uses: './.github/actions/build' }), second())).toEqual([]);
    expect(found(leaving({ run: 'npx eslint .' }), second())).toEqual(['unit']);
    expect(found(first, second({ isDeploy: true }))).toEqual([]);
    expect(found(first, second({}, { takesFromOthers: true }))).toEqual([]);
    expect(found(first, second({}, { needs: ['types'] }))).toEqual([]);
    expect(found(first, second({ after: 'types' }))).toEqual([]);
    expect(found(first, second({ workflow: 'other' }))).toEqual([]);
    expect(found(first, second({ fileJob: null }))).toEqual([]);
    expect(found({ ...first, fileJob: null }, second())).toEqual([]);
    expect(found(second())).toEqual([]);
  });

  test('one long test job, in one piece', () => {
    const tests = (more: Partial<PathJob> = {}, file: Partial<FileJob> = {}) =>
      names(
        'one-long-test-job',
        job('test', {
          medianSeconds: 240,
          fileJob: fileJob({ steps: [fileStep({ run: 'npx jest' })], ...file }),
          ...more,
        }),
      );
    expect(tests()).toEqual(['test']);
    expect(tests({ share: 0.3 })).toEqual(['test']);
    expect(tests({ share: 0.29 })).toEqual([]);
    expect(tests({ medianSeconds: 239 })).toEqual([]);
    expect(tests({ fileJob: null })).toEqual([]);
    expect(tests({}, { matrix: true })).toEqual([]);
    // A deploy job with a smoke test is no test job.
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
    ['approval', 'approval', 'approval or wait timer'],
  ])('%s', (id, stage, where) => {
    const all = [1, 2, 3].map((each) => staged(each, { [stage]: each * 100, deploy: 100 }));
    expect(hits(id, { staged: [...all, staged(4, { deploy: 100 })] })).toEqual([
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

  test('of several changes of one run, the one that took longest', () => {
    const of = [staged(1, { runner: 50 }), staged(1, { runner: 90 }), staged(1, { runner: 70 })];
    expect(hits('runner-starvation', { staged: of })).toMatchObject([{ seen: [{ seconds: 90 }], share: 1 }]);
  });

  test('changes from outside Actions wait for no runner', () => {
    const outside = { ...staged(1, { runner: 90 }), pipeline: null };
    expect(hits('runner-starvation', { staged: [outside] })).toEqual([]);
  });
});

describe('by the calendar', () => {
  const found = (...all: Staged[]) => hits('by-the-calendar', { staged: all });

  test.each(['schedule', 'workflow_dispatch', 'release'])('a %s', (event) => {
    expect(found(staged(1, { 'by-hand': 500, starting: 100, deploy: 60 }, { event }))).toMatchObject([
      { where: 'waiting for the workflow to start', medianSeconds: 500 },
      { where: 'waiting for the workflow to start', medianSeconds: 100 },
    ]);
  });

  test('where half of the runs are, and of those alone', () => {
    const held = staged(1, { starting: 300 }, { event: 'schedule' });
    const pushed = (id: number) => staged(id, { starting: 5, deploy: 60 });
    expect(found(held, pushed(2))).toMatchObject([{ seen: [{ run: 1 }], share: 1 }]);
    expect(found(held, pushed(2), pushed(3))).toEqual([]);
    expect(found(pushed(2))).toEqual([]);
    expect(found({ ...staged(9, { starting: 300 }), pipeline: null })).toEqual([]);
  });
});

describe('evicted', () => {
  const one = (sha: string, id: number) => ({ id, sha, url: url(id), at: new Date(0) });

  test('changes whose run was replaced, by that run', () => {
    const all = [
      staged(1, { deploy: 100 }, { sha: 'a' }),
      staged(2, { deploy: 300 }, { sha: 'b' }),
      staged(3, { deploy: 100 }),
    ];
    expect(hits('evicted', { staged: all, evicted: [one('b', 8), one('a', 9), one('z', 7)] })).toEqual([
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

  test('none, where no change was', () => {
    expect(hits('evicted', { staged: [staged(1, { deploy: 100 })], evicted: [one('z', 7)] })).toEqual([]);
    expect(hits('evicted', { evicted: [one('z', 7)] })).toEqual([]);
  });

  test('live in no time, it took no share', () => {
    expect(hits('evicted', { staged: [staged(1, {}, { sha: 'a' })], evicted: [one('a', 9)] })).toMatchObject([
      { share: 0 },
    ]);
  });
});

describe('what is worth saying', () => {
  const npm = (more: Partial<PathStep>) => step({ run: 'npm ci' }, more);
  const told = (steps: PathStep[], jobs: PathJob[] = []) => {
    const { path, report } = evidence({ steps, jobs });
    return suspectsIn(path, report, [], 'production');
  };

  test('what five runs show', () => {
    expect(told([npm({})])).toHaveLength(1);
    expect(told([npm({ seen: seenFor(100, 100, 100, 100) })])).toEqual([]);
    // Six times in four runs are four runs.
    expect(told([npm({ seen: [...seenFor(100, 100, 100, 100), ...seenFor(100, 100)] })])).toEqual([]);
    // Of less than half a minute nothing is worth a line, neither of time nor of saving.
    expect(told([npm({ medianSeconds: 29 })])).toEqual([]);
    expect(told([npm({ medianSeconds: 36 })])).toEqual([]);
    expect(told([npm({ medianSeconds: 38 })])).toHaveLength(1);
  });

  test('nothing below a tenth of the median lead time', () => {
    const long = [1, 2, 3].map((id) => staged(id, { checks: 1200 }));
    const of = (medianSeconds: number) => {
      const { path, report } = evidence({ steps: [npm({ medianSeconds })] });
      return suspectsIn(path, { ...report, staged: long }, [], 'production');
    };
    expect(of(119)).toEqual([]);
    expect(of(120)).toHaveLength(1);
  });

  test('one line for one cause: of a job and of the step that is most of it, what may save most', () => {
    const tests = fileJob({ id: 'e2e', name: 'e2e', steps: [fileStep({ run: 'npx playwright test' })] });
    const whole = job('e2e', { share: 0.5, medianSeconds: 300, fileJob: tests });
    const one = step(
      { run: 'npx playwright test' },
      { job: 'e2e', step: 'browsers', medianSeconds: 280, fileJob: tests },
    );
    expect(told([one], [whole]).map((suspect) => suspect.rule)).toEqual(['analysis-in-path']);
    // Another step of it is another cause.
    const install = step(
      { run: 'npm ci' },
      { job: 'e2e', step: 'install', medianSeconds: 100, fileJob: tests },
    );
    expect(told([one, install], [whole]).map((suspect) => suspect.rule)).toEqual([
      'analysis-in-path',
      'install-without-cache',
    ]);
  });

  test('with what shows it: the slowest three runs, and what may be saved', () => {
    const seen = [
      ...seenFor(100, 300, 200, 400, 100, 100),
      { seconds: 999, run: 9, url: '' },
      { seconds: 50, run: 4, url: url(4) },
    ];
    expect(told([npm({ seen })])).toEqual([
      {
        rule: 'install-without-cache',
        title: 'Packages are downloaded on every run',
        where: 'build / a step',
        medianSeconds: 100,
        times: 7,
        share: 0.5,
        saving: { low: 40, high: 80 },
        advice:
          'Turn on the cache of the setup action, so that packages are downloaded only if the lock file changes.',
        yaml: expect.stringContaining('cache: npm'),
        runs: [url(4), url(2), url(3)],
      },
    ]);
  });

  test('no more than another job would let it save, and nothing where that is nothing', () => {
    expect(told([npm({})], [job('other'), job('build', { slackSeconds: 50 })])).toMatchObject([
      { saving: { low: 40, high: 50 } },
    ]);
    expect(told([npm({})], [job('build', { slackSeconds: 0 })])).toEqual([]);
    expect(told([npm({})], [job('other', { slackSeconds: 0 })])).toHaveLength(1);
  });

  test('the largest saving of all runs first', () => {
    const rare = npm({ medianSeconds: 150, job: 'rare' });
    const frequent = npm({ seen: seenFor(...Array.from({ length: 20 }, () => 100)), job: 'frequent' });
    const order = (...steps: PathStep[]) => told(steps).map((suspect) => suspect.where.split(' ')[0]);
    expect(order(rare, frequent)).toEqual(['frequent', 'rare']);
    expect(order(frequent, rare)).toEqual(['frequent', 'rare']);
    expect(
      order(npm({ job: 'small', medianSeconds: 70 }), npm({ job: 'large', medianSeconds: 170 })),
    ).toEqual(['large', 'small']);
  });
});
