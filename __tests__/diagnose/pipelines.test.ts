import { describe, expect, test } from '@jest/globals';
import { sampleOf, suspectsOf } from '../../scripts/suspects/play.ts';

/** Pipelines as their files, played as deployments with the times behind their steps, and the suspects in them. */

/** The jobs of `deploy.yml`, and other files after a line `--- path`. */
const found = async (jobs: string, on = 'push') => {
  const sample = sampleOf('shop', `on:\n  ${on}:\njobs:\n${jobs}`);
  return (await suspectsOf(sample)).map(({ rule, where, doubt, advice, diff, yaml }) => ({
    name: `${rule} @ ${where}`,
    isQuestion: doubt !== undefined,
    advice,
    diff,
    yaml,
  }));
};
const names = async (...pipeline: Parameters<typeof found>) =>
  (await found(...pipeline)).map(({ name }) => name);
const one = async (rule: string, ...pipeline: Parameters<typeof found>) =>
  (await found(...pipeline)).find(({ name }) => name.startsWith(`${rule} @ `));

const TESTS = `  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm test # 120s
`;
const DEPLOY = `      - name: Ship # 40s
        run: kubectl apply -f shop.yml
`;
const deploy = (needs: string, steps: string) => `  deploy:
    needs: ${needs}
    runs-on: ubuntu-latest
    environment: production
    steps:
${steps}`;
const image = (name: string, scope = '') => `      - name: ${name} image # 90s
        uses: docker/build-push-action@v6
        with: { context: ${name}, push: true, tags: "shop/${name}", cache-from: "type=gha${scope}", cache-to: "type=gha,mode=max${scope}" }
`;

describe('two images with the cache of GitHub', () => {
  test('overwrite each other without a scope, and the diff gives each its own', async () => {
    const scopes = await one(
      'image-without-layer-cache',
      `  images:\n    runs-on: ubuntu-latest\n    steps:\n${image('api')}${image('web')}${deploy('images', DEPLOY)}`,
    );
    expect(scopes?.advice).toContain('Give each image a `scope`');
    expect(scopes?.diff).toContain('-          cache-from: type=gha\n');
    expect(scopes?.diff).toContain('+          cache-from: type=gha,scope=api\n');
    expect(scopes?.diff).toContain('+          cache-from: type=gha,scope=web\n');
  });

  test('keep their layers with a scope each', async () => {
    const files = `  images:\n    runs-on: ubuntu-latest\n    steps:\n${image('api', ',scope=api')}${image('web', ',scope=web')}${deploy('images', DEPLOY)}`;
    expect(await one('image-without-layer-cache', files)).toBeUndefined();
  });

  test('are two if the legs of a matrix build it for two processors', async () => {
    const leg = `  image:
    runs-on: ubuntu-latest
    strategy: { matrix: { platform: [amd64, arm64] } }
    steps:
      - name: Image # 120s
        uses: docker/build-push-action@v6
        with: { platforms: "linux/\${{ matrix.platform }}", push: true, cache-from: type=gha, cache-to: "type=gha,mode=max" }
`;
    const scope = await one('image-without-layer-cache', `${leg}${deploy('image', DEPLOY)}`);
    expect(scope?.diff).toContain(`+          cache-from: type=gha,scope=$\{{ matrix.platform }}\n`);
  });

  test('find no layers of another tag', async () => {
    const files = `  images:\n    runs-on: ubuntu-latest\n    steps:\n${image('api')}${deploy('images', DEPLOY)}`;
    expect((await one('image-without-layer-cache', files, 'release'))?.advice).toContain('type=registry');
  });
});

describe('a build starts too late', () => {
  const built = `      - name: Image # 150s
        uses: docker/build-push-action@v6
        with: { push: true, tags: "shop:\${{ github.sha }}", cache-from: "type=gha", cache-to: "type=gha" }
`;

  test('in a workflow that waits for another one that tests', async () => {
    const ci = `--- ci.yml\nname: CI\non: push\njobs:\n${TESTS}`;
    const files = `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${built}${DEPLOY}${ci}`;
    const late = await one(
      'image-after-tests',
      files,
      'workflow_run:\n    workflows: [CI]\n  workflow_dispatch',
    );
    expect(late?.name).toBe('image-after-tests @ deploy / Image');
    expect(late?.advice).toMatch(/^Build on the push/);
  });

  test('in a deployment that builds from the sources after the tests of its job', async () => {
    const steps = `      - run: mvn -B test # 130s
      - name: Cloud Run # 280s
        run: gcloud run deploy shop --source . --region europe-west1
`;
    const late = await one(
      'image-after-tests',
      `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${steps}`,
    );
    expect(late).toMatchObject({ name: 'image-after-tests @ deploy / Cloud Run', isQuestion: true });
    expect(late?.advice).toContain('gcloud run deploy --image');
  });

  test('in the job of the deployment, with the packages that it needs', async () => {
    const steps = `      - run: npm ci # 25s
      - name: Build # 58s
        run: npm run build -- --mode production
      - run: aws s3 sync dist s3://shop # 12s
`;
    expect(await names(`${TESTS}${deploy('test', steps)}`)).toContain('image-after-tests @ deploy / Build');
  });

  test('in a workflow of jobs that are called after the tests', async () => {
    const image = `--- image.yml\non: workflow_call\njobs:
  look:
    runs-on: ubuntu-latest
    outputs: { is-here: "\${{ steps.look.outputs.here }}" }
    steps:
      - id: look # 5s
        run: docker manifest inspect shop
  build:
    needs: look
    if: needs.look.outputs.is-here != 'true'
    runs-on: ubuntu-latest
    steps:
${built}`;
    const rollOut = `--- roll-out.yml\non: workflow_call\njobs:\n  image:\n    uses: ./.github/workflows/image.yml\n${deploy('image', DEPLOY)}`;
    const files = `${TESTS}  release:\n    needs: test\n    uses: ./.github/workflows/roll-out.yml\n${rollOut}${image}`;
    expect(await names(files)).toEqual(['image-after-tests @ release / image / build']);
  });

  test('with an action of a registry', async () => {
    const action = `  publish:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - name: Build and push # 112s
        uses: appleboy/docker-ecr-action@v1
        with: { repo: shop, tags: latest }
`;
    expect(await names(`${TESTS}${action}${deploy('publish', DEPLOY)}`)).toContain(
      'image-after-tests @ publish',
    );
  });

  test('behind infrastructure that it hardly needs, as a question', async () => {
    const files = `${TESTS}  infrastructure:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - run: terraform apply -auto-approve # 60s
  image:
    needs: infrastructure
    runs-on: ubuntu-latest
    steps:
${built}${deploy('image', DEPLOY)}`;
    const late = await one('image-after-tests', files);
    expect(late).toMatchObject({ name: 'image-after-tests @ image', isQuestion: true });
    expect(late?.diff).toContain('+    needs: [image, infrastructure, test]');
  });

  test.each([
    ['is none behind a program that is packed', './gradlew bootJar', undefined],
    ['is a question behind a site that may be built again', 'npm run build', true],
    ['is one behind a solution that was built for its tests', 'dotnet build', false],
  ])('%s', async (_, build, isQuestion) => {
    const steps = `      - run: ${build} # 40s
      - name: Tests # 100s
        run: make test
      - name: Image # 150s
        run: docker build -t shop . && docker push shop
`;
    const late = await one(
      'image-after-tests',
      `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${steps}${DEPLOY}`,
    );
    expect(late?.isQuestion).toBe(isQuestion);
  });
});

describe('rollouts of one job', () => {
  const job = (steps: string) =>
    `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${steps}`;
  const start = (name: string) => `      - run: kubectl set image deployment/${name} ${name}=shop # 1s\n`;
  const wait = (name: string) => `      - run: kubectl rollout status deployment/${name} # 70s\n`;

  test('take turns if each is waited for before the next one starts', async () => {
    const files = job(`${start('web')}${wait('web')}${start('tasks')}${wait('tasks')}`);
    expect((await one('rolled-out-in-sequence', files))?.isQuestion).toBe(true);
  });

  test('do not if all start first', async () => {
    const files = job(`${start('web')}${start('tasks')}${wait('web')}${wait('tasks')}`);
    expect(await one('rolled-out-in-sequence', files)).toBeUndefined();
  });

  test('take turns on two machines', async () => {
    const on = (host: string) => `      - name: ${host} # 60s
        uses: appleboy/ssh-action@v1
        with: { host: "${host}", script: "docker compose pull && docker compose up -d --wait" }
`;
    expect(await names(job(`${on('one')}${on('two')}`))).toEqual(['rolled-out-in-sequence @ deploy / two']);
  });
});

describe('something is built twice', () => {
  test('by Kamal, after the image was pushed', async () => {
    const steps = `      - name: Image # 120s
        uses: docker/build-push-action@v6
        with: { push: true, tags: shop, cache-from: "type=gha", cache-to: "type=gha" }
      - name: Kamal # 240s
        run: kamal deploy
`;
    const twice = await one(
      'built-twice',
      `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${steps}`,
    );
    expect(twice?.advice).toContain('kamal deploy --skip-push');
  });

  test('by Vercel, after another job', async () => {
    const checks = `  checks:
    runs-on: ubuntu-latest
    steps:
      - run: npm test # 60s
      - name: Build # 90s
        run: npm run build
`;
    const steps = `      - run: vercel build --prod # 100s\n      - run: vercel deploy --prebuilt --prod # 20s\n`;
    expect(await names(`${checks}${deploy('checks', steps)}`)).toContain('built-twice @ checks / Build');
  });

  test('but not by two Compose files', async () => {
    const build = `      - run: docker compose build # 200s\n`;
    const ci = `--- ci.yml\nname: CI\non: push\nenv: { COMPOSE_FILE: compose.test.yml }\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n${build}`;
    const files = `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${build}${DEPLOY}${ci}`;
    expect(
      await one('built-twice', files, 'workflow_run:\n    workflows: [CI]\n  workflow_dispatch'),
    ).toBeUndefined();
  });
});

test('images that a registry builds one after the other could run at once, but the base comes first', async () => {
  const builds = ['base', 'api', 'web', 'jobs']
    .map((name) => `          az acr build -r shop -t ${name} -f ${name}.Dockerfile .\n`)
    .join('');
  const steps = `      - name: Images # 400s\n        run: |\n${builds}${DEPLOY}`;
  const all = await found(
    `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${steps}`,
  );
  expect(all.map(({ name }) => name).sort()).toEqual([
    'built-in-sequence @ deploy / Images',
    'image-without-layer-cache @ deploy / Images',
  ]);
});

describe('one job builds things of several folders one after the other', () => {
  const job = (steps: string) =>
    `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${steps}${DEPLOY}`;
  const image = (
    folder: string,
    seconds: number,
    uses = 'docker/build-push-action@v6',
  ) => `      - name: ${folder} # ${seconds}s
        uses: ${uses}
        with: { context: ${folder}, push: true, tags: ${folder}, cache-from: "type=gha,scope=${folder}", cache-to: "type=gha,scope=${folder}" }
`;

  test('programs in folders that the scripts enter', async () => {
    const build = (folder: string) =>
      `      - name: ${folder} # 30s\n        run: cd ${folder} && mvn package -DskipTests\n`;
    const cache = `      - uses: actions/cache@v4 # 3s\n        with: { path: ~/.m2, key: maven }\n`;
    expect(await names(job(`${cache}${build('router')}${build('accounts')}${build('jobs')}`))).toEqual([
      'built-in-sequence @ deploy / router, accounts and jobs',
    ]);
  });

  test('an image after programs that it has nothing to do with', async () => {
    const cache = `      - uses: actions/cache@v4 # 3s\n        with: { path: ~/.m2, key: maven }\n`;
    const jars = (folder: string) => `      - run: mvn package -DskipTests -pl ${folder}/planner # 60s\n`;
    expect(await names(job(`${cache}${jars('services')}${image('web', 120)}`))).toEqual([
      'built-in-sequence @ deploy / web',
    ]);
    expect(await names(job(`${cache}${jars('web')}${image('web', 120)}`))).toEqual([]);
  });

  test('images that any action builds', async () => {
    const action = 'whoan/docker-build-with-cache-action@v8';
    expect(await names(job(`${image('server', 90, action)}${image('client', 150, action)}`))).toContain(
      'built-in-sequence @ deploy / client',
    );
  });
});

describe('an image that a job before the deployment builds', () => {
  const files = (more = '') =>
    `  image:\n    runs-on: ubuntu-latest\n    steps:\n      - run: docker compose build shop # 200s\n${more}${deploy('image', DEPLOY)}`;

  test('is not needed if nothing takes it', async () => {
    expect(await names(files())).toContain(
      'not-needed-by-deployment @ image / Run docker compose build shop',
    );
  });

  test.each(['docker compose push shop', 'docker compose run shop npm test', 'docker save -o shop.tar shop'])(
    'may be needed with %s',
    async (command) => {
      expect(await one('not-needed-by-deployment', files(`      - run: ${command} # 9s\n`))).toBeUndefined();
    },
  );
});

test('the diff of a chain of tests starts all of them at once', async () => {
  const tests = (id: string, needs: string) => `  ${id}:
    needs: [${needs}]
    runs-on: ubuntu-latest
    steps:
      - run: npm run test:${id} # 90s
`;
  const chain = await one(
    'needless-sequence',
    `${TESTS}${tests('unit', 'test')}${tests('api', 'unit')}${deploy('api', DEPLOY)}`,
  );
  expect(chain?.diff?.split('\n').slice(3)).toEqual([
    '   unit:',
    '-    needs: test',
    '   api:',
    '-    needs: unit',
    '   deploy:',
    '-    needs: api',
    '+    needs: [api, unit, test]',
  ]);
});

test('caches of two folders hand nothing over', async () => {
  const cached = (id: string, needs: string, path: string) => `  ${id}:
${needs}    runs-on: ubuntu-latest
    steps:
      - uses: actions/cache@v4 # 3s
        with: { path: ${path}, key: ${path} }
      - run: make ${id} # 90s
`;
  const chain = (path: string) =>
    `${cached('build', '', 'node_modules')}${cached('test', '    needs: build\n', path)}${deploy('test', DEPLOY)}`;
  expect(await names(chain('vendor'))).toContain('needless-sequence @ test');
  expect(await names(chain('node_modules'))).not.toContain('needless-sequence @ test');
});

test('infrastructure that brings a fetched build live is the deployment', async () => {
  const site = `  site:
    runs-on: ubuntu-latest
    steps:
      - run: npm run build # 60s
      - uses: actions/upload-artifact@v4 # 3s
        with: { name: pages, path: dist }
`;
  const steps = (fetches: string) => `${fetches}      - name: Stack # 300s\n        run: pulumi up --yes\n`;
  const fetch = `      - uses: actions/download-artifact@v4 # 3s\n        with: { name: pages }\n`;
  expect(await names(`${site}${deploy('site', steps(fetch))}`)).toEqual([]);
  const other = `${deploy('[site, stack]', DEPLOY)}`;
  const before = `  stack:\n    needs: site\n    runs-on: ubuntu-latest\n    steps:\n${steps('')}`;
  expect(await names(`${site}${before}${other}`)).toContain('provisioned-in-path @ stack / Stack');
});

test('asking the broker of Pact is no look at another environment', async () => {
  const stage = (id: string, needs: string) => `  ${id}:
    needs: ${needs}
    runs-on: ubuntu-latest
    environment: ${id}
    steps:
      - run: docker run pactfoundation/pact-cli broker can-i-deploy --to-environment ${id} # 6s
      - run: helm upgrade --install shop . # 90s
      - run: docker run pactfoundation/pact-cli broker record-deployment --environment ${id} # 4s
`;
  expect(await names(`${TESTS}${stage('staging', 'test')}${stage('production', 'staging')}`)).toContain(
    'environment-hop @ staging',
  );
});

test('packages count in a step that also builds with them, if the job has no cache', async () => {
  const steps = `      - name: Assets # 80s
        run: |
          npm install
          npx tailwindcss -i site.css -o site.min.css
          npm run build
      - run: composer install # 45s
`;
  expect(
    await names(
      `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${steps}${DEPLOY}`,
    ),
  ).toContain('install-without-cache @ deploy / Assets and Run composer install');
});

test('wheels for other processors are built before the checks end, and on their own runners', async () => {
  const wheels = `  wheels:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - uses: docker/setup-qemu-action@v3 # 9s
      - name: Wheels # 900s
        uses: pypa/cibuildwheel@v3
        env: { CIBW_ARCHS_LINUX: aarch64 }
      - uses: actions/upload-artifact@v4 # 3s
        with: { name: wheels, path: wheelhouse }
`;
  const publish = `      - uses: actions/download-artifact@v4 # 3s\n        with: { name: wheels }\n      - name: Ship # 30s\n        run: ./deploy.sh\n`;
  expect(await names(`${TESTS}${wheels}${deploy('wheels', publish)}`)).toEqual([
    'emulated-platform @ wheels / Wheels',
    'image-after-tests @ wheels',
  ]);
});

describe('packages are installed', () => {
  const job = (steps: string) =>
    `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${steps}${DEPLOY}`;

  test('again by the action of Cypress, unless it is told not to', async () => {
    const steps = (more: string) => `      - uses: actions/setup-node@v6 # 3s\n        with: { cache: npm }
      - run: npm ci # 60s
      - name: Browser # 110s
        uses: cypress-io/github-action@v6
        with: { start: npm start${more} }
`;
    expect(await names(job(steps('')))).toContain('set-up-again @ deploy / Browser');
    expect(await one('set-up-again', job(steps(', install: false')))).toBeUndefined();
  });

  test('before their cache is fetched', async () => {
    const pnpm = `      - name: pnpm # 86s\n        uses: pnpm/action-setup@v4\n        with: { run_install: true }\n`;
    const node = `      - uses: actions/setup-node@v6 # 9s\n        with: { node-version: 22, cache: pnpm }\n`;
    expect(await names(job(`${pnpm}${node}`))).toContain('install-without-cache @ deploy / pnpm');
    expect(await names(job(`${node}${pnpm}`))).toEqual([]);
  });
});

test('an image of what an earlier step writes keeps no layers, and a scan that stops an image is needed', async () => {
  const steps = (
    context: string,
  ) => `      - run: npm run bundle --workspace shop -- --output bundles/shop # 40s
      - name: Image # 100s
        uses: docker/build-push-action@v6
        with: { context: ${context}, push: true, tags: shop }
      - name: Scan # 60s
        uses: aquasecurity/trivy-action@0.30.0
        with: { image-ref: shop, exit-code: "1" }
`;
  const job = (context: string) =>
    `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${steps(context)}${DEPLOY}`;
  expect(await names(job('bundles/shop'))).toEqual([]);
  expect(await names(job('.'))).toEqual(['image-without-layer-cache @ deploy / Image']);
  // The build may name the folder without writing it.
  expect(await names(job('shop'))).toEqual(['image-without-layer-cache @ deploy / Image']);
});

test('a build with Skaffold waits for tests that it takes nothing from, and a test environment is no test', async () => {
  const steps = `      - name: Shop # 420s\n        run: skaffold run --default-repo=registry.example\n`;
  const late = await one('image-after-tests', `${TESTS}${deploy('test', steps)}`);
  expect(late?.advice).toContain('skaffold deploy --build-artifacts=built.json');
  const image = `      - name: Image # 150s\n        run: docker build -t shop . && docker run -d --env NODE_ENV=test shop && docker push shop\n`;
  expect(await names(`${TESTS}${deploy('test', `${image}${DEPLOY}`)}`)).toContain(
    'image-after-tests @ deploy / Image',
  );
});

test('the applications of a workspace are built one after the other by their targets', async () => {
  const steps = ['notes', 'codes', 'share'].map((name) => `      - run: yarn build:${name} # 40s\n`).join('');
  expect(
    await names(
      `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${steps}${DEPLOY}`,
    ),
  ).toEqual(['built-in-sequence @ deploy / Run yarn build:codes and Run yarn build:share']);
});

test('a step that installs a tool for its tests is no installation', async () => {
  const steps = (command: string) =>
    `      - name: Tools # 110s\n        run: |\n          sudo apt-get install -y xvfb\n          ${command}\n`;
  const job = (command: string) =>
    `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${steps(command)}${DEPLOY}`;
  expect(await names(job('xvfb-run npx grunt browser'))).toEqual([]);
  expect(await names(job('sudo apt-get update'))).toEqual(['toolchain-from-scratch @ deploy / Tools']);
});

describe('on Azure', () => {
  const job = (steps: string) =>
    `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${steps}`;

  test('packages that the platform installs again are not needed', async () => {
    const steps = (builds: boolean) => `      - name: Packages # 45s
        run: |
          pushd .
          pip install -r requirements.txt --target=.python_packages
          popd
      - name: Function # 150s
        uses: Azure/functions-action@v1
        with: { app-name: shop, package: ., scm-do-build-during-deployment: ${builds} }
`;
    expect((await one('set-up-again', job(steps(true))))?.advice).toMatch(/^The platform installs/);
    expect(await one('set-up-again', job(steps(false)))).toBeUndefined();
  });

  test('the whole folder with its packages is a large artifact', async () => {
    const build = (path: string) => `  build:
    runs-on: ubuntu-latest
    steps:
      - run: npm install && npm run build && npm test # 80s
      - name: Keep # 41s
        uses: actions/upload-artifact@v4
        with: { name: shop, path: ${path} }
`;
    const steps = `      - name: Fetch # 16s\n        uses: actions/download-artifact@v4\n        with: { name: shop }\n${DEPLOY}`;
    expect(await names(`${build('.')}${deploy('build', steps)}`)).toContain(
      'large-artifact @ build / Keep and deploy / Fetch',
    );
    expect(await one('large-artifact', `${build('dist')}${deploy('build', steps)}`)).toBeUndefined();
  });

  test('the Developer CLI provisions apart from its deployment', async () => {
    expect(
      await names(
        job(`      - run: azd provision --no-prompt # 90s\n      - run: azd deploy --no-prompt # 200s\n`),
      ),
    ).toEqual(['provisioned-in-path @ deploy / Run azd provision --no-prompt']);
  });
});

test('an image for an emulated processor may have no cache either', async () => {
  const steps = `      - uses: docker/setup-qemu-action@v3 # 9s
      - name: Image # 600s
        uses: docker/build-push-action@v6
        with: { platforms: "linux/amd64,linux/arm64", push: true }
`;
  expect(
    (
      await names(
        `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${steps}${DEPLOY}`,
      )
    ).sort(),
  ).toEqual(['emulated-platform @ deploy / Image', 'image-without-layer-cache @ deploy / Image']);
});

test('two kinds of tests of a minute each are worth two jobs, and slow services do not forbid to split long tests', async () => {
  const job = (steps: string, services = '') =>
    `  test:\n    runs-on: ubuntu-latest\n${services}    steps:\n${steps}${deploy('test', DEPLOY)}`;
  const unit = `      - run: bin/rails test # 74s\n`;
  const browser = `      - run: bin/rails test:system # 121s\n`;
  expect(await names(job(`${unit}${browser}`))).toEqual([
    'one-long-test-job @ test / Run bin/rails test and Run bin/rails test:system',
  ]);
  const services = `    services: # 64s\n      db: { image: postgres }\n`;
  const long = (seconds: number) => `      - run: ./manage.py test # ${seconds}s\n`;
  expect(await names(job(long(1400), services))).toContain('one-long-test-job @ test');
  expect(await names(job(long(600), services))).not.toContain('one-long-test-job @ test');
  // Six minutes are enough if they are half of the time to live.
  expect(await names(job(long(390)))).toContain('one-long-test-job @ test');
});

test('browser tests of four minutes are worth several runners', async () => {
  const e2e = `  e2e:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npx playwright test # 260s\n`;
  expect(await names(`${e2e}${deploy('e2e', DEPLOY)}`)).toContain('one-long-test-job @ e2e');
  expect(await names(`${e2e.replace('260', '200')}${deploy('e2e', DEPLOY)}`)).not.toContain(
    'one-long-test-job @ e2e',
  );
});

test('the action for an image gets what `docker build` had, below the working directory of the workflow', async () => {
  const sample = sampleOf(
    'shop',
    `on: push
env: { IMAGE: registry.example/shop }
defaults: { run: { working-directory: src } }
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - name: Image # 150s
        run: |
          docker build -f Api/Dockerfile --build-arg COMMIT=$GITHUB_SHA -t "$IMAGE:\${{ github.sha }}" .
          docker push "$IMAGE:\${{ github.sha }}"
${DEPLOY}`,
  );
  const [image] = await suspectsOf(sample);
  expect(image?.yaml?.split('\n').slice(6)).toEqual([
    '          context: src',
    '          file: src/Api/Dockerfile',
    `          build-args: COMMIT=$\{{ github.sha }}`,
    `          tags: $\{{ env.IMAGE }}:$\{{ github.sha }}`,
    '          push: true',
    '          cache-from: type=gha',
    '          cache-to: type=gha,mode=max',
  ]);
});

test('the cache of pnpm comes after the step that installs pnpm', async () => {
  const job = (steps: string) =>
    `  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n${steps}${DEPLOY}`;
  const install = `      - run: pnpm install --frozen-lockfile # 80s\n`;
  const setUp = `      - uses: actions/setup-node@v6 # 5s\n        with: { node-version: 22, package-manager-cache: false }\n`;
  const pnpm = `      - run: npm install -g pnpm # 3s\n`;
  const late = await one('install-without-cache', job(`${setUp}${pnpm}${install}`));
  expect(late?.diff).toBeUndefined();
  expect(late?.yaml).toContain('- run: npm install -g pnpm\n      - uses: actions/setup-node');
  const early = await one('install-without-cache', job(`${pnpm}${setUp}${install}`));
  expect(early?.diff).toContain('+          cache: pnpm');
});

test('a leg for another environment that runs in parallel is no hop', async () => {
  const release = `  release:
    name: Release to $\{{ matrix.environment }}
    strategy:
      matrix:
        environment: [trial, production]
    uses: ./.github/workflows/release.yml
    with: { environment: "$\{{ matrix.environment }}" }
--- release.yml
on:
  workflow_call:
    inputs:
      environment: { type: string }
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - run: make REPOSITORY="$REPOSITORY" release-image # 120s
  rollout:
    needs: image
    runs-on: ubuntu-latest
    environment: $\{{ inputs.environment }}
    steps:
      - run: make deploy ENVIRONMENT=$\{{ inputs.environment }} # 90s
`;
  expect(await names(release)).toEqual([]);
});

test('an image of several that only packs a JAR has few layers to keep', async () => {
  const build = (name: string, seconds: number) =>
    `      - name: Image of the ${name} # ${seconds}s
        uses: docker/build-push-action@v6
        with: { context: ${name}, push: true, tags: "shop/${name}" }
`;
  const jars = `      - run: mvn package # 60s\n`;
  const job = (before: string) =>
    `  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
${before}${build('frontend', 170)}${build('api', 40)}${DEPLOY}`;
  const rule = 'image-without-layer-cache @ deploy / Image of the frontend';
  expect(await names(job(jars))).toContain(rule);
  expect(await names(job(''))).toContain(`${rule} and Image of the api`);
});

test('layers that may hold a secret do not belong in the cache that pull requests read', async () => {
  const job = (write: string) => `  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - name: Settings # 1s
        env: { SETTINGS: "$\{{ secrets.SETTINGS }}" }
        run: |
          ${write}
      - name: Image # 150s
        uses: docker/build-push-action@v6
        with: { context: ., push: true, tags: shop }
${DEPLOY}`;
  const held = [
    `echo "$\{{ secrets.SETTINGS }}" > src/settings.json`,
    'echo "$SETTINGS" | tee .env',
    'cat > .env <<END\n          KEY=$SETTINGS\n          END',
  ];
  const others = [
    'echo "$SETTINGS" > ~/.kube/config',
    'echo "KEY=$SETTINGS" >> "$GITHUB_ENV"',
    'echo "1.2.3" > version.txt',
  ];
  for (const write of held) {
    const found = await one('image-without-layer-cache', job(write));
    expect([write, found?.advice]).toEqual([write, expect.stringContaining('pull requests can read')]);
    expect(found?.diff ?? found?.yaml ?? null).toBeNull();
  }
  for (const write of others) {
    const found = await one('image-without-layer-cache', job(write));
    expect([write, found?.diff]).toEqual([write, expect.stringContaining('cache-to: type=gha')]);
  }
});

test('an environment of conda is installed again, unless it is kept', async () => {
  const job = (cache: string) => `  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
${cache}      - uses: conda-incubator/setup-miniconda@v3 # 98s
        with: { environment-file: environment.yml }
${DEPLOY}`;
  const kept = `      - uses: actions/cache@v4 # 8s\n        with: { path: ~/conda_pkgs_dir, key: conda }\n`;
  expect(await names(job(''))).toEqual([
    'install-without-cache @ deploy / Run conda-incubator/setup-miniconda@v3',
  ]);
  expect(await names(job(kept))).toEqual([]);
});

test('artifacts whose names cannot be the same are not handed over', async () => {
  const pipeline = (name: string) => `${TESTS}        env: { PART: 1 }
      - uses: actions/upload-artifact@v4 # 2s
        with: { name: "${name}-$\{{ github.run_id }}", path: report }
  site:
    runs-on: ubuntu-latest
    steps:
      - run: npm run build # 20s
      - uses: actions/upload-artifact@v4 # 2s
        with: { name: site-files, path: build }
  image:
    needs: [test, site]
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v4 # 2s
        with: { pattern: "site-*" }
      - name: Image # 100s
        uses: docker/build-push-action@v6
        with: { context: ., push: true, tags: shop, cache-from: "type=gha", cache-to: "type=gha" }
${deploy('image', DEPLOY)}`;
  expect(await names(pipeline('report'))).toContain('image-after-tests @ image');
  expect(await names(pipeline('site'))).not.toContain('image-after-tests @ image');
});

test('a cache of Python packages leaves the version of Python as it is', async () => {
  const yaml = async (install: string) => {
    const job = `  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - run: ${install} # 90s
${DEPLOY}`;
    return (await one('install-without-cache', job))?.yaml?.split('\n').slice(3);
  };
  const cache = (path: string, key: string) => [
    '      - uses: actions/cache@v4',
    '        with:',
    `          path: ${path}`,
    `          key: ${key}`,
  ];
  expect(await yaml('pip install --target build -r ./api/requirements.txt')).toEqual(
    cache('~/.cache/pip', `pip-$\{{ hashFiles('**/api/requirements.txt') }}`),
  );
  // An expression cannot stand in another one.
  expect(await yaml('pip install -r "$LIST"')).toEqual(
    cache('~/.cache/pip', `pip-$\{{ hashFiles('**/requirements.txt') }}`),
  );
  expect(await yaml('poetry install')).toEqual(
    cache('~/.cache/pypoetry', `poetry-$\{{ hashFiles('**/poetry.lock') }}`),
  );
});

test('a deployment to staging that also tries it is neither a needless hop nor provisioning', async () => {
  const stage = (id: string, needs: string, name: string) => `  ${id}:
    needs: ${needs}
    runs-on: ubuntu-latest
    environment: ${id}
    steps:
      - name: ${name} # 300s
        run: npx cdk deploy --all && ./try.sh
        env: { STAGE: "$\{{ vars.STAGE }}" }
`;
  const both = (name: string) =>
    `${TESTS}${stage('staging', 'test', name)}${stage('production', 'staging', name)}`;
  expect(await names(both('Deploy and try'))).toEqual([]);
  expect(await names(both('Deploy'))).toEqual(['environment-hop @ staging']);
});

test.each(['docker compose up -d', 'docker run --name shop -d shop'])(
  'containers that the last job starts with %s are the deployment, so their image can be built earlier',
  async (start) => {
    const run = `      - name: Image # 150s
        run: docker build -t shop . && docker save shop > shop.tar
      - name: Start # 24s
        run: ${start}
`;
    const rule = 'image-after-tests @ deploy / Image';
    expect(await names(`${TESTS}${deploy('test', run)}`)).toContain(rule);
    expect(await names(`${TESTS}${deploy('test', run.replace(start, 'docker ps'))}`)).not.toContain(rule);
  },
);

describe('an image is built with --no-cache', () => {
  const server = (build: string) => `  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - name: Update # 200s
        uses: appleboy/ssh-action@v1
        with:
          host: shop.example
          script: |
            cd /srv/shop && git pull
            ${build}
            docker compose up -d
`;

  test('on a server that still has its layers', async () => {
    const found = await one('image-without-layer-cache', server('docker compose build --no-cache web'));
    expect(found?.name).toBe('image-without-layer-cache @ deploy / Update');
    expect(found?.advice).toMatch(/^Remove `--no-cache`/);
  });

  test('but not on a server that uses its layers', async () => {
    expect(await names(server('docker compose build web'))).toEqual([]);
  });

  test('by an action that has a cache', async () => {
    const job = (more: string) =>
      `  image:\n    runs-on: ubuntu-latest\n    steps:\n${image('api').replace(', push', `${more}, push`)}${deploy('image', DEPLOY)}`;
    expect((await one('image-without-layer-cache', job(', no-cache: true')))?.advice).toMatch(/^Remove/);
    expect(await names(job(''))).toEqual([]);
  });
});

test('an image that is scanned before it is pushed stays on the runner', async () => {
  const job = (scan: string) => `  image:
    runs-on: ubuntu-latest
    steps:
      - name: Image # 150s
        run: docker build -t "$IMAGE" --secret id=TOKEN .
${scan}      - name: Push # 10s
        run: docker push "$IMAGE"
${deploy('image', DEPLOY)}`;
  const scan =
    '      - uses: aws-actions/vulnerability-scan-github-action-for-amazon-inspector@v1 # 20s\n        with: { artifact_type: container }\n';
  expect((await one('image-without-layer-cache', job(scan)))?.advice).toContain('--load');
  expect((await one('image-without-layer-cache', job('')))?.advice).not.toContain('--load');
});

describe('a build tool starts from nothing', () => {
  const job = (cache: string, run: string, more = '') => `  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: actions/cache@v4 # 2s
        with: { path: "${cache}", key: one }
      - name: Build # 140s
        run: ${run}
${more}${DEPLOY}`;
  const gatsby = '        env: { GATSBY_API: "https://api.shop.example" }\n';

  test('if the folder that is kept is that of another tool', async () => {
    expect(await names(job('~/.cache/yarn', 'yarn build', gatsby))).toEqual([
      'no-compiler-cache @ deploy / Build',
    ]);
    expect(await names(job('.cache', 'yarn build', gatsby))).toEqual([]);
  });

  test('if Mix compiles for the tests', async () => {
    const rule = 'no-compiler-cache @ deploy / Build';
    expect(await names(job('~/.npm', 'mix test'))).toEqual([rule]);
    expect((await one('no-compiler-cache', job('~/.npm', 'mix test')))?.advice).toContain(
      '`deps` and `_build`',
    );
    expect(await names(job('_build', 'mix test'))).toEqual([]);
  });

  test('if ccache is named, but nothing keeps its folder', async () => {
    const named = '        env: { CMAKE_CXX_COMPILER_LAUNCHER: ccache }\n';
    expect(await names(job('~/.npm', 'cmake --build out', named))).toEqual([
      'no-compiler-cache @ deploy / Build',
    ]);
    expect(await names(job('~/.cache/ccache', 'cmake --build out', named))).toEqual([]);
  });

  test('but not if Turborepo leaves out what did not change', async () => {
    expect(await names(job('~/.npm', 'npx turbo build'))).toEqual(['no-compiler-cache @ deploy / Build']);
    expect(await names(job('~/.npm', "npx turbo build --filter='...[HEAD^]'"))).toEqual([]);
    expect(await names(job('~/.npm', 'npx turbo build --affected'))).toEqual([]);
  });
});

test('tests of two folders run one after the other, with their packages', async () => {
  const pipeline = (folder: string) => `  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm ci # 20s
      - name: Packages of the site # 20s
        run: npm ci
        working-directory: ${folder}
      - name: Tests # 45s
        run: npm run test
      - name: Tests of the site # 60s
        run: npm run test
        working-directory: ${folder}
${deploy('test', DEPLOY)}`;
  const found = await one('one-long-test-job', pipeline('site'));
  expect(found?.name).toBe('one-long-test-job @ test / Tests and Tests of the site');
  expect(found?.isQuestion).toBe(true);
  expect(await one('one-long-test-job', pipeline('.'))).toBeUndefined();
});

test('a function that is called on staging was looked at', async () => {
  const stage = (id: string, needs: string, steps = '') => `  ${id}:
    needs: ${needs}
    runs-on: ubuntu-latest
    environment: ${id}
    steps:
      - name: Deploy # 100s
        run: sam deploy --config-env ${id}
${steps}`;
  const both = (steps: string) =>
    `${TESTS}${stage('staging', 'test', steps)}${stage('production', 'staging')}`;
  const call = '      - run: aws lambda invoke --function-name shop answer.json # 10s\n';
  expect(await names(both(''))).toEqual(['environment-hop @ staging']);
  expect(await names(both(call))).toEqual([]);
});

describe('a runner keeps its disk', () => {
  const job = (runsOn: string, more = '') => `  image:
    runs-on: ${runsOn}
    steps:
      - uses: actions/checkout@v4 # 4s
        with: { clean: ${more === 'clean' ? 'false' : 'true'} }
      - name: Image # 150s
        run: docker build -t shop . && docker push shop
      - run: docker system prune --force${more === 'prune' ? ' --filter until=72h' : ''} # 1s
${deploy('image', DEPLOY)}`;
  test.each([
    ['ubuntu-latest', '', true],
    ['ubuntu-latest', 'clean', false],
    ['ubuntu-latest', 'prune', false],
    ['namespace-profile-large', '', false],
  ])('on %s with %j: an image without a cache of layers counts: %j', async (runsOn, more, counts) => {
    expect((await one('image-without-layer-cache', job(runsOn, more))) !== undefined).toBe(counts);
  });
});

test('layers of an earlier run help an image little, if those of the image before it did not', async () => {
  const build = (program: string, seconds: number) => `      - name: Image of ${program} # ${seconds}s
        run: docker build --build-arg program=${program} -t shop/${program} . && docker push shop/${program}
`;
  const job = (second: number) =>
    `  image:\n    runs-on: ubuntu-latest\n    steps:\n${build('api', 100)}${build('jobs', second)}${deploy('image', DEPLOY)}`;
  expect(await one('image-without-layer-cache', job(95))).toBeUndefined();
  expect(await one('image-without-layer-cache', job(40))).toBeDefined();
});

test('a question has to save a tenth of the time', async () => {
  const pipeline = (rollout: number) => `  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm run test:unit # 60s
      - run: npm run test:contracts # 150s
${deploy('test', DEPLOY.replace('40s', `${rollout}s`))}`;
  const rule = 'one-long-test-job @ test / Run npm run test:unit and Run npm run test:contracts';
  expect(await names(pipeline(300))).toEqual([rule]);
  expect(await names(pipeline(500))).toEqual([]);
});

test('the workflow that deploys is called for staging first, with its infrastructure', async () => {
  const pipeline = (path: string) => `  staging:
    uses: ./.github/workflows/apply.yml
    with: { stage: staging, path: cloud }
  production:
    needs: staging
    uses: ./.github/workflows/apply.yml
    with: { stage: production, path: ${path} }
--- apply.yml
on:
  workflow_call:
    inputs: { stage: { type: string }, path: { type: string } }
jobs:
  apply:
    runs-on: ubuntu-latest
    environment: $\{{ inputs.stage }}
    steps:
      - name: Apply # 90s
        run: terraform -chdir=$\{{ inputs.path }} apply -auto-approve
      - name: Try it # 10s
        run: ./smoke.sh
`;
  expect(await names(pipeline('cloud'))).toEqual([]);
  expect(await names(pipeline('service'))).toEqual(['provisioned-in-path @ staging / apply / Apply']);
});

describe('packages are cached', () => {
  const job = (install: string, setUp = 'uses: actions/setup-node@v4') => `  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: actions/checkout@v4 # 2s
      - ${setUp} # 3s
        with: { check-latest: true }
      - name: Packages # 90s
        run: ${install}
${DEPLOY}`;

  test('by the manager that installs them, not by the one that installs the manager', async () => {
    const found = await one('install-without-cache', job('npm install -g yarn && yarn'));
    expect(found?.diff).toContain('+          cache: yarn');
    expect(found?.advice).not.toContain('corepack');
  });

  test('only if pip may use its cache', async () => {
    const setUp = 'uses: actions/setup-python@v5';
    const found = await one(
      'install-without-cache',
      job('pip install --no-cache-dir -r requirements.txt', setUp),
    );
    expect(found?.advice).toMatch(/Remove `--no-cache-dir`, too\.$/);
  });
});

describe('a build waits', () => {
  const IMAGE = `      - name: Image # 70s
        uses: docker/build-push-action@v6
        with: { context: ., push: true, tags: shop, cache-from: "type=gha", cache-to: "type=gha" }
`;
  const schema = (more = '') => `  schema:
    needs: test
    runs-on: ubuntu-latest
${more}    steps:
      - id: tag # 0s
        run: echo "tag=$GITHUB_SHA" >> "$GITHUB_OUTPUT"
      - uses: google-github-actions/auth@v2 # 1s
      - run: npx prisma migrate deploy # 40s
`;
  const OUTPUTS = `    outputs: { tag: "$\{{ steps.tag.outputs.tag }}" }\n`;

  test('for migrations that its image takes nothing from', async () => {
    expect(await names(`${TESTS}${schema()}${deploy('schema', `${IMAGE}${DEPLOY}`)}`)).toContain(
      'image-after-tests @ deploy / Image',
    );
  });

  test('for an output that it can compute itself', async () => {
    const image = (tag: string) =>
      `  image:\n    needs: schema\n    runs-on: ubuntu-latest\n    steps:\n${IMAGE.replace('tags: shop', `tags: "shop:${tag}"`)}`;
    const pipeline = (more: string, outputs: string) =>
      `${TESTS}${schema(outputs)}${image(`$\{{ needs.schema.outputs.tag }}`)}${deploy('[schema, image]', `${more}${DEPLOY}`)}`;
    const found = await one('image-after-tests', pipeline('', OUTPUTS));
    expect(found?.name).toBe('image-after-tests @ image');
    expect(found?.advice).toContain('What it takes of `schema` it can compute itself');
    expect(found?.diff).toBeUndefined();
    // A tag that only the database knows can be added afterwards, but not an argument of the build.
    const fromDatabase = pipeline('', OUTPUTS.replace('steps.tag.', 'steps.version.'));
    expect((await one('image-after-tests', fromDatabase))?.advice).toContain('add the other one afterwards');
    const inBuild = fromDatabase.replace('push: true, tags:', 'push: true, build-args:');
    expect(await one('image-after-tests', inBuild)).toBeUndefined();
  });

  test('for checks, though it is copied to the server in its own job', async () => {
    const build = `  build:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - name: Build # 90s
        run: npm run build
      - uses: appleboy/scp-action@v1 # 10s
        with: { source: dist, target: shop }
`;
    expect(await names(`${TESTS}${build}${deploy('build', DEPLOY)}`)).toContain(
      'image-after-tests @ build / Build',
    );
  });

  test('for a step that waits for the checks of other workflows', async () => {
    const wait = '      - uses: poseidon/wait-for-status-checks@v0.6.0 # 140s\n';
    const found = await names(deploy('[]', `${wait}${IMAGE}${DEPLOY}`));
    expect(found).toEqual(['image-after-tests @ deploy / Image']);
  });

  test('in one job for the browser tests of staging, built with other settings', async () => {
    const build = (stage: string) => `      - name: Build for ${stage} # 80s
        run: npm run build
        env: { STAGE: ${stage} }
      - name: To ${stage} # 20s
        run: npx wrangler deploy --env ${stage}
`;
    const tests = '      - run: npx playwright test # 200s\n';
    const found = await one(
      'image-after-tests',
      deploy('[]', `${build('staging')}${tests}${build('production')}`),
    );
    expect(found?.name).toBe('image-after-tests @ deploy / Build for production');
    expect(found?.advice).toContain('from the start');
  });
});

test('checks of a workflow that starts the deployment have to leave it', async () => {
  const sample = sampleOf(
    'shop',
    `on:
  workflow_run: { workflows: [Image], types: [completed] }
jobs:
${deploy('[]', DEPLOY)}--- image.yml
name: Image
on: push
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6 # 60s
        with: { push: true, tags: shop, cache-from: "type=gha", cache-to: "type=gha" }
      - name: Scan # 60s
        uses: aquasecurity/trivy-action@v1
        with: { image-ref: shop }
        continue-on-error: true
`,
  );
  const [scan] = (await suspectsOf(sample)).filter(({ where }) => where.endsWith('/ Scan'));
  expect(scan?.advice).toContain('another workflow');
});

test('modules of Terragrunt are applied one after the other', async () => {
  const apply = (module: string) => `      - name: Apply ${module} # 60s
        run: terragrunt apply -auto-approve
        working-directory: live/${module}
`;
  const found = await one(
    'rolled-out-in-sequence',
    deploy('[]', ['dns', 'vpc', 'api', 'cdn'].map(apply).join('')),
  );
  expect(found?.advice).toContain('terragrunt run --all apply');
  expect(found?.isQuestion).toBe(true);
});

test('the same tests run once more for their coverage', async () => {
  const pipeline = (coverage: string) => `  test:
    runs-on: ubuntu-latest
    steps:
      - name: Tests # 80s
        run: npm test
      - name: Coverage # 95s
        run: ${coverage}
${deploy('test', DEPLOY)}`;
  const found = await one('one-long-test-job', pipeline('npm run test:coverage'));
  expect(found).toMatchObject({ name: 'one-long-test-job @ test / Tests', isQuestion: false });
  expect(found?.advice).toContain('Run them once, with coverage');
  expect((await one('one-long-test-job', pipeline('npm run test:api')))?.isQuestion).toBe(true);
});

describe('a tool keeps what it made', () => {
  const job = (cache: string, run: string, after = DEPLOY) => `  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
${cache}      - name: Build # 170s
        run: ${run}
${after}`;
  const kept = (path: string) =>
    `      - uses: actions/cache@v4 # 2s\n        with: { path: "${path}", key: one }\n`;
  const rule = 'no-compiler-cache @ deploy / Build';

  test('Mix in `_build`, not in the folder of its packages', async () => {
    expect(await names(job(kept('deps'), 'mix coveralls.json'))).toEqual([rule]);
    expect(await names(job(kept('_build'), 'mix coveralls.json'))).toEqual([]);
  });

  test('sbt in `target`, beside its packages', async () => {
    const packages = '      - uses: actions/setup-java@v4 # 9s\n        with: { cache: sbt }\n';
    const found = await one('no-compiler-cache', job(packages, 'sbt assembly'));
    expect(found?.advice).toBe('Keep `target` and `project/target` between runs with `actions/cache`.');
    expect(found?.diff).toBeUndefined();
  });

  test('Docusaurus, which puts pages into `build`', async () => {
    const pages = (path: string) =>
      `      - uses: actions/upload-pages-artifact@v3 # 5s\n        with: { path: ${path} }\n      - uses: actions/deploy-pages@v4 # 9s\n`;
    expect(await names(job('', 'npm run build', pages('manual/build')))).toEqual([rule]);
    expect(await names(job('', 'npm run build', pages('dist')))).toEqual([]);
  });

  test('Docker, whose layers an action keeps', async () => {
    const build = 'docker build -t shop . && docker push shop';
    expect(await names(job('', build))).toEqual(['image-without-layer-cache @ deploy / Build']);
    expect(
      await names(job('      - uses: satackey/action-docker-layer-caching@v0.0.11 # 60s\n', build)),
    ).toEqual([]);
  });
});

test('short images after a long one can be built beside it', async () => {
  const build = (name: string, seconds: number) => `      - name: ${name} # ${seconds}s
        uses: docker/build-push-action@v6
        with: { context: ${name}, push: true, tags: "shop/${name}", cache-from: "type=gha,scope=${name}", cache-to: "type=gha,scope=${name}" }
`;
  const job = `  images:\n    runs-on: ubuntu-latest\n    steps:\n${build('web', 140)}${build('proxy', 24)}${build('cable', 36)}${deploy('images', DEPLOY)}`;
  expect(await names(job)).toEqual(['built-in-sequence @ images / proxy and cable']);
});

test('environments in a row are deployed at once, and the first may show that the change can be deployed', async () => {
  const stage = (id: string, needs: string, seconds: number) => `  ${id}:
    needs: ${needs}
    runs-on: ubuntu-latest
    environment: ${id}
    steps:
      - name: Deploy # ${seconds}s
        run: kubectl apply -f ${id}.yml
`;
  const first = `${TESTS}${stage('dev', 'test', 100)}`;
  const row = `${first}${stage('staging', 'dev', 120)}${stage('production', 'staging', 100)}`;
  const found = await one('environment-hop', row);
  expect(found?.name).toBe('environment-hop @ dev and staging');
  expect(found?.advice).toContain('Deploy to all of them at the same time');
  const single = await one('environment-hop', `${first}${stage('production', 'dev', 100)}`);
  expect(single?.advice).toContain('Deploy to both in parallel');
});

test('a build is not needed if nobody takes its result, and what is deployed is built later', async () => {
  const pipeline = (after: string, rollout: string) => `  verify:
    runs-on: ubuntu-latest
    steps:
      - run: npm ci # 20s
      - run: npm test # 100s
      - name: Build # 80s
        run: npm run build
${after}${deploy('verify', `      - name: Ship # 90s\n        run: ${rollout}\n`)}`;
  const rule = 'not-needed-by-deployment @ verify / Build';
  const upload = '      - uses: actions/upload-artifact@v4 # 2s\n        with: { name: site, path: dist }\n';
  expect(await names(pipeline('', 'fly deploy --remote-only'))).toContain(rule);
  expect(await names(pipeline(upload, 'fly deploy --remote-only'))).not.toContain(rule);
  expect(await names(pipeline('      - run: npm run test:build # 9s\n', 'fly deploy'))).not.toContain(rule);
  expect(await names(pipeline('', 'kubectl apply -f shop.yml'))).not.toContain(rule);
});

test('checks of the style are no tests, whatever their option is called', async () => {
  const checks = `  analysis:
    runs-on: ubuntu-latest
    steps:
      - run: vendor/bin/pint --test # 10s
      - name: PHPStan # 150s
        run: vendor/bin/phpstan analyse
${deploy('analysis', DEPLOY)}`;
  expect(await names(checks)).toEqual(['analysis-in-path @ analysis / PHPStan']);
});

test('a command that compiles, checks and tests does not show how long its tests take', async () => {
  const job = (run: string) => `  test:
    runs-on: ubuntu-latest
    steps:
      - uses: gradle/actions/setup-gradle@v4 # 5s
      - run: ${run} # 600s
${deploy('test', DEPLOY)}`;
  expect(await names(job('./gradlew test'))).toEqual(['one-long-test-job @ test']);
  expect(await names(job('./gradlew clean check'))).toEqual([]);
});

test('a question is not asked about a step that a finding would move', async () => {
  const job = `${TESTS}${deploy(
    'test',
    `      - name: Site and component # 130s
        run: npm run build:site && npm run build:component
${DEPLOY}`,
  )}`;
  expect(await names(job)).toEqual(['image-after-tests @ deploy / Site and component']);
});

test('a release is built while the tests compile for debugging', async () => {
  const job = (build: string) => `  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: actions-rust-lang/setup-rust-toolchain@v1 # 15s
      - run: cargo test # 90s
      - run: ${build} # 100s
${DEPLOY}`;
  // That action also keeps what Cargo compiled.
  expect(await names(job('cargo build --release'))).toEqual([
    'needless-sequence @ deploy / Run cargo build --release',
  ]);
  expect(await names(job('cargo build'))).toEqual([]);
});

test('a target that is called for settings tests nothing', async () => {
  const stage = (id: string, needs: string, target: string) => `  ${id}:
    needs: ${needs}
    runs-on: ubuntu-latest
    environment: ${id}
    steps:
      - run: make ${target} # 140s
        env: { TF_VAR_image: "$\{{ github.sha }}" }
`;
  const pipeline = (target: string) =>
    `${TESTS}${stage('dev', 'test', target)}${stage('production', 'dev', target)}`;
  expect(await names(pipeline('ci terraform-apply'))).toEqual(['environment-hop @ dev']);
});

test('a version that a setup action names is no reason to wait', async () => {
  const pipeline = (id: string) => `  quality:
    runs-on: ubuntu-latest
    outputs: { python: "$\{{ steps.${id}.outputs.python-version }}" }
    steps:
      - uses: actions/setup-python@v5 # 2s
        id: python
      - name: Types # 90s
        id: types
        run: mypy .
  test:
    needs: quality
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-python@v5 # 2s
        with: { python-version: "$\{{ needs.quality.outputs.python }}" }
      - run: pytest # 150s
${deploy('test', DEPLOY)}`;
  expect(await names(pipeline('python'))).toEqual(['needless-sequence @ test']);
  expect(await names(pipeline('types'))).not.toContain('needless-sequence @ test');
});

test('a suite that builds its own part is a suite of another folder', async () => {
  const job = `  test:
    runs-on: ubuntu-latest
    steps:
      - name: Page # 70s
        run: cd page && npm install && npm run build && npm run test
      - name: Specs # 120s
        run: bundle exec rake db:setup && bundle exec rspec
${deploy('test', DEPLOY)}`;
  expect(await names(job)).toEqual(['one-long-test-job @ test / Page and Specs']);
});

test('an image of a job that also makes a release is built in a job of its own', async () => {
  const pipeline = `${TESTS}  release:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - uses: cycjimmy/semantic-release-action@v4 # 20s
      - name: Image # 150s
        uses: docker/build-push-action@v6
        with: { push: true, tags: shop, cache-from: "type=gha", cache-to: "type=gha" }
${deploy('release', DEPLOY)}`;
  const found = await one('image-after-tests', pipeline);
  expect(found?.name).toBe('image-after-tests @ release / Image');
  expect(found?.advice).toContain('this one also makes a release');
  expect(found?.diff ?? found?.yaml ?? null).toBeNull();
});

test('infrastructure that gets the tag of an image is the deployment, however its variable is quoted', async () => {
  const stage = (apply: string) => `  infrastructure:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - name: Apply # 60s
        run: ${apply}
`;
  const pipeline = (apply: string) => `${TESTS}${stage(apply)}${deploy('infrastructure', DEPLOY)}`;
  const rule = 'provisioned-in-path @ infrastructure / Apply';
  expect(await names(pipeline('terraform apply -auto-approve -var "size=small"'))).toContain(rule);
  expect(
    await names(pipeline('terraform apply -auto-approve -var "api_tag=$(git rev-parse HEAD)"')),
  ).not.toContain(rule);
});

test('what later jobs take from infrastructure has to be kept somewhere', async () => {
  const pipeline = (more: string) => `  infrastructure:
    runs-on: ubuntu-latest
    outputs: { address: "$\{{ steps.apply.outputs.address }}" }
    steps:
      - name: Apply # 60s
        id: apply
        run: terraform apply -auto-approve
${deploy('infrastructure', `${DEPLOY}${more}`)}`;
  const taken = `        env: { ADDRESS: "$\{{ needs.infrastructure.outputs.address }}" }\n`;
  expect((await one('provisioned-in-path', pipeline(taken)))?.advice).toContain('in variables');
  expect((await one('provisioned-in-path', pipeline('')))?.advice).not.toContain('in variables');
});

test('two images that different commands build have no YAML in common', async () => {
  const job = (id: string, target: string) => `  ${id}:
    runs-on: ubuntu-latest
    steps:
      - name: Build # 120s
        run: docker build --target ${target} -t shop:${target} .
`;
  const check = `      - run: docker run shop:test # 20s\n`;
  const pipeline = `${job('check', 'test')}${check}${job('image', 'live').replace('steps', 'needs: check\n    steps')}      - run: docker push shop:live # 9s
${deploy('image', DEPLOY)}`;
  expect((await one('image-without-layer-cache', pipeline))?.yaml).toBeNull();
});

test('a copy from a bucket to the runner changes nothing, so an image need not wait for it', async () => {
  const pipeline = (copy: string) => `  test:
    runs-on: ubuntu-latest
    steps:
      - run: ${copy} # 20s
      - run: npm test # 120s
  image:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6 # 150s
        with: { push: true, tags: shop, cache-from: "type=gha", cache-to: "type=gha" }
${deploy('image', DEPLOY)}`;
  expect(await names(pipeline('aws s3 cp "s3://backups/shop.sql" /tmp/shop.sql'))).toEqual([
    'image-after-tests @ image',
  ]);
  expect(await names(pipeline('aws s3 cp site s3://shop'))).toEqual([]);
});

test('a part that is built between two deployments can be built beside the first one', async () => {
  const job = (build: string) =>
    deploy(
      '[]',
      `      - name: API # 100s
        run: git push heroku main
      - name: Frontend # 90s
        run: ${build}
      - name: Upload # 20s
        run: aws s3 sync build s3://shop
`,
    );
  expect(await names(job('npm run build'))).toContain('needless-sequence @ deploy / Frontend');
  expect(await names(job('sleep 5'))).not.toContain('needless-sequence @ deploy / Frontend');
});

test('Copilot builds no image if its manifest names one', async () => {
  const job = (before: string) =>
    deploy('[]', `${before}      - name: Roll out # 300s\n        run: copilot svc deploy --name shop\n`);
  const named = `      - run: yq -i ".image.location = \\"shop:1\\"" copilot/shop/manifest.yml # 1s\n`;
  expect(await names(job(''))).toEqual(['image-without-layer-cache @ deploy / Roll out']);
  expect(await names(job(named))).toEqual([]);
});

test('a tool that checks staging by its own command looks at it', async () => {
  const stage = (id: string, needs: string, steps = '') => `  ${id}:
    needs: ${needs}
    runs-on: ubuntu-latest
    environment: ${id}
    steps:
      - name: Upgrade # 150s
        run: helm upgrade hub chart
${steps}`;
  const both = (steps: string) =>
    `${TESTS}${stage('staging', 'test', steps)}${stage('production', 'staging')}`;
  expect(await names(both('      - run: deployer check hub staging # 60s\n'))).toEqual([]);
  expect(await names(both(''))).toEqual(['environment-hop @ staging']);
});

test('an action that installs packages of different folders does not install them again', async () => {
  const job = (id: string, needs: string, folder: string) => `  ${id}:
    needs: ${needs}
    runs-on: ubuntu-latest
    steps:
      - name: Packages # 80s
        uses: ./.github/actions/packages
        with: { directory: ${folder} }
      - run: npm test # 60s
      - uses: actions/upload-artifact@v4 # 1s
        with: { name: ${id}, path: out }
`;
  const action = `--- .github/actions/packages/action.yml
runs:
  using: composite
  steps:
    - uses: actions/cache@v4
      with: { path: ~/.npm, key: npm }
    - run: npm ci
      working-directory: $\{{ inputs.directory }}
`;
  const jobs = (folders: readonly string[]) =>
    folders
      .map((folder, i) =>
        job(`part${i}`, i === 0 ? '[]' : `part${i - 1}`, folder).replace(
          'steps:\n',
          i === 0
            ? 'steps:\n'
            : `steps:\n      - uses: actions/download-artifact@v4 # 1s\n        with: { name: part${i - 1} }\n`,
        ),
      )
      .join('');
  const again = async (folders: readonly string[]) =>
    (await names(`${jobs(folders)}${deploy('part2', DEPLOY)}${action}`)).filter((name) =>
      name.startsWith('set-up-again'),
    );
  expect(await again(['api', 'api', 'api'])).toHaveLength(1);
  expect(await again(['api', 'web', 'site'])).toEqual([]);
});

test('setup-python can keep the packages of Poetry only if Poetry is there before', async () => {
  const setUp = '      - uses: actions/setup-python@v5 # 2s\n        with: { python-version: "3.12" }\n';
  const poetry = '      - run: pipx install poetry # 12s\n';
  const job = (before: string) => deploy('[]', `${before}      - run: poetry install # 90s\n${DEPLOY}`);
  expect((await one('install-without-cache', job(`${poetry}${setUp}`)))?.diff).toContain('cache: poetry');
  const late = await one('install-without-cache', job(`${setUp}${poetry}`));
  expect(late?.diff).toBeUndefined();
  expect(late?.yaml).toContain('~/.cache/pypoetry');
});

test('tests that measure coverage guard the deployment', async () => {
  const pipeline = `  coverage:
    name: Tests and coverage
    runs-on: ubuntu-latest
    steps:
      - run: npm test -- --coverage # 200s
${deploy('coverage', DEPLOY)}`;
  expect(await names(pipeline)).toEqual([]);
});

describe('what can be pasted fits the file', () => {
  test('a shard of tests keeps the options of the command', async () => {
    const pipeline = (run: string) => `  test:
    runs-on: ubuntu-latest
    steps:
      - run: ${run} # 600s
        working-directory: api
${deploy('test', DEPLOY)}`;
    const yaml = async (run: string) => (await one('one-long-test-job', pipeline(run)))?.yaml ?? null;
    expect(await yaml('pnpm vitest run -c slow.ts --bail=1')).toContain(
      `- run: pnpm vitest run -c slow.ts --bail=1 --shard=$\{{ matrix.shard }}/4\n        working-directory: api`,
    );
    expect(await yaml('npm ci && npx jest')).toBeNull();
  });

  test('an image that an action of the repository builds has to change there', async () => {
    const files = `  image:
    runs-on: ubuntu-latest
    steps:
      - name: Image # 150s
        uses: ./.github/actions/image
        with: { name: shop }
${deploy('image', DEPLOY)}--- .github/actions/image/action.yml
runs:
  using: composite
  steps:
    - run: docker build -t $\{{ inputs.name }} . && docker push $\{{ inputs.name }}
`;
    const found = await one('image-without-layer-cache', files);
    expect(found?.name).toBe('image-without-layer-cache @ image / Image');
    expect(found?.yaml ?? found?.diff ?? null).toBeNull();
  });

  test('a cache has no list of platforms in its name', async () => {
    const files = `  image:
    uses: ./.github/workflows/image.yml
    with: { platforms: "linux/amd64,linux/arm64" }
${deploy('image', DEPLOY)}--- image.yml
on:
  workflow_call:
    inputs: { platforms: { type: string } }
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6 # 200s
        with: { push: true, tags: shop, platforms: "$\{{ inputs.platforms }}" }
`;
    const diff = (await one('image-without-layer-cache', files))?.diff;
    expect(diff).toContain('cache-to: type=gha,mode=max');
    expect(diff).not.toContain('scope');
  });

  test('caches of a tool that runs in a container have to be mounted', async () => {
    const job = (run: string) =>
      `  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${run} # 200s\n${deploy('test', DEPLOY)}`;
    expect(
      (await one('no-compiler-cache', job('docker compose run --rm test go test ./...')))?.advice,
    ).toContain('mount them into the container');
    expect((await one('no-compiler-cache', job('go test ./...')))?.advice).not.toContain('mount');
  });

  test('Sonar gets what the tests made', async () => {
    const job = (check: string) => `  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm test -- --coverage # 100s
      - uses: ${check} # 100s
${deploy('test', DEPLOY)}`;
    expect((await one('analysis-in-path', job('SonarSource/sonarqube-scan-action@v6')))?.advice).toContain(
      'coverage',
    );
    expect((await one('analysis-in-path', job('golangci/golangci-lint-action@v6')))?.advice).not.toContain(
      'coverage',
    );
  });
});

test('a workflow that applies infrastructure for two environments is one finding', async () => {
  const stage = (id: string, needs: string) => `  ${id}:
    needs: ${needs}
    uses: ./.github/workflows/release.yml
    with: { stage: ${id} }
`;
  const files = `${TESTS}${stage('staging', 'test')}${stage('production', 'staging')}--- release.yml
on:
  workflow_call:
    inputs: { stage: { type: string } }
jobs:
  infrastructure:
    runs-on: ubuntu-latest
    steps:
      - name: Bicep # 100s
        uses: azure/arm-deploy@v2
        with: { template: main.bicep }
  release:
    needs: infrastructure
    runs-on: ubuntu-latest
    environment: $\{{ inputs.stage }}
    steps:
      - name: Ship # 60s
        uses: azure/webapps-deploy@v3
      - name: Try it # 9s
        run: ./smoke.sh
`;
  expect((await names(files)).filter((name) => name.startsWith('provisioned'))).toEqual([
    'provisioned-in-path @ staging / infrastructure / Bicep and production / infrastructure / Bicep',
  ]);
});

test('Kamal builds with the cache of GitHub if an action lets it', async () => {
  const job = (before: string) =>
    deploy('[]', `${before}      - name: Ship # 200s\n        run: kamal deploy\n`);
  expect(await names(job(''))).toEqual(['image-without-layer-cache @ deploy / Ship']);
  const runtime = '      - uses: crazy-max/ghaction-github-runtime@v3 # 1s\n';
  expect(await names(job(runtime))).toEqual([]);
  // `docker build` uses it only if an option says so.
  const plain = job(runtime).replace('kamal deploy', 'docker build -t shop . && docker push shop');
  expect(await names(plain)).toContain('image-without-layer-cache @ deploy / Ship');
});

test('the only environment before this one is a rehearsal if it waits for its rollout', async () => {
  const stage = (id: string, needs: string, wait: string) => `  ${id}:
    needs: ${needs}
    runs-on: ubuntu-latest
    environment: ${id}
    steps:
      - name: Upgrade # 120s
        run: helm upgrade shop chart${wait}
`;
  const one = (wait: string) =>
    `${TESTS}${stage('staging', 'test', wait)}${stage('production', 'staging', wait)}`;
  expect(await names(one(''))).toEqual(['environment-hop @ staging']);
  expect(await names(one(' --wait'))).toEqual([]);
  const two = `${TESTS}${stage('dev', 'test', ' --wait')}${stage('staging', 'dev', ' --wait')}${stage('production', 'staging', ' --wait')}`;
  expect(await names(two)).toEqual(['environment-hop @ dev and staging']);
});

test('modules whose infrastructure leaves the path are not asked about', async () => {
  const apply = (module: string) => `      - name: Apply ${module} # 60s
        run: terragrunt apply -auto-approve --terragrunt-working-dir live/${module}
`;
  const job = deploy('[]', `${['dns', 'vpc', 'api'].map(apply).join('')}${DEPLOY}`);
  const found = await names(job);
  expect(found.some((name) => name.startsWith('provisioned-in-path'))).toBe(true);
  expect(found.some((name) => name.startsWith('rolled-out-in-sequence'))).toBe(false);
});
