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
      - run: helm upgrade --install shop . --wait # 90s
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
