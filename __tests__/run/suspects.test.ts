import { describe, expect, test } from '@jest/globals';
import { RULES } from '../../src/diagnose/suspects.ts';
import type { WorldJob, WorldRun } from '../../src/fake-github/world.ts';
import { hasRequest } from '../support/requests.ts';
import { type PipelineTeamOptions, pipelineTeam, workflowFile } from '../support/pipeline-team.ts';

/** For each suspect, a team that has it and one that only looks like it. */

interface Case {
  caught: PipelineTeamOptions;
  where: string;
  medianSeconds: number;
  saving: { low: number; high: number };
  nearMiss: [why: string, team: PipelineTeamOptions];
}

const deploy = { name: 'deploy', takes: 60 };
const build = (steps: [string, number][]) => ({ jobs: [{ name: 'build', steps }, deploy] });
const file = (steps: object[]) =>
  workflowFile({
    build: { 'runs-on': 'ubuntu-latest', steps },
    deploy: { needs: 'build', environment: 'production', steps: [{ run: './deploy.sh' }] },
  });
const run = (script: string, name?: string) => ({ ...(name ? { name } : {}), run: script });

/** Two jobs with a step each, and then the deployment. */
const twoJobs = (
  first: string,
  firstStep: string,
  firstSeconds: number,
  second: string,
  secondStep: string,
  secondSeconds: number,
): PipelineTeamOptions['ship'] => ({
  jobs: [
    { name: first, steps: [[firstStep, firstSeconds]] },
    { name: second, steps: [[secondStep, secondSeconds]] },
    deploy,
  ],
});
/** Jobs that need the one before them, and then the deployment. */
const chain = (jobs: Record<string, object[]>) =>
  workflowFile(
    Object.fromEntries(
      [
        ...Object.entries(jobs).map(([name, steps]) => [name, { steps }] as const),
        ['deploy', { environment: 'production', steps: [{ run: './deploy.sh' }] }] as const,
      ].map(([name, job], i, all) => [name, { ...job, ...(i > 0 ? { needs: all[i - 1]?.[0] } : {}) }]),
    ),
  );
const image = (inputs: object) => ({
  name: 'Image',
  uses: 'docker/build-push-action@v6',
  with: { 'cache-from': 'type=gha', ...inputs },
});
const rollout = (script: string) =>
  workflowFile({ deploy: { environment: 'production', steps: [run(script, 'Update the services')] } });
const handedOver = (save: string, load: string) =>
  workflowFile({
    build: {
      steps: [
        run(save, 'Save'),
        { name: 'Upload', uses: 'actions/upload-artifact@v4', with: { name: 'app', path: 'app.tar' } },
      ],
    },
    deploy: {
      needs: 'build',
      environment: 'production',
      steps: [
        { name: 'Download', uses: 'actions/download-artifact@v4', with: { name: 'app' } },
        run(load, 'Load'),
        run('./deploy.sh', 'Deploy'),
      ],
    },
  });

const CASES: Record<string, Case> = {
  'install-without-cache': {
    caught: {
      ship: build([
        ['Run npm ci', 100],
        ['Run npm test', 20],
      ]),
      file: file([run('npm ci'), run('npm test')]),
    },
    where: 'build / Run npm ci',
    medianSeconds: 100,
    saving: { low: 40, high: 80 },
    nearMiss: [
      'the setup action keeps a cache',
      {
        ship: build([['Run npm ci', 100]]),
        file: file([{ uses: 'actions/setup-node@v4', with: { cache: 'npm' } }, run('npm ci')]),
      },
    ],
  },
  'full-history': {
    caught: {
      ship: build([['Run actions/checkout@v5', 90]]),
      file: file([{ uses: 'actions/checkout@v5', with: { 'fetch-depth': 0 } }]),
    },
    where: 'build / Run actions/checkout@v5',
    medianSeconds: 90,
    saving: { low: 54, high: 81 },
    nearMiss: [
      'the checkout is slow but fetches only one commit',
      { ship: build([['Run actions/checkout@v5', 90]]), file: file([{ uses: 'actions/checkout@v5' }]) },
    ],
  },
  'full-history-with-files': {
    caught: {
      ship: build([['Run actions/checkout@v5', 90]]),
      file: file([
        { uses: 'actions/checkout@v5', with: { 'fetch-depth': 0 } },
        run('npx semantic-release', 'Release'),
      ]),
    },
    where: 'build / Run actions/checkout@v5',
    medianSeconds: 90,
    saving: { low: 36, high: 72 },
    nearMiss: [
      'the checkout leaves out old files',
      {
        ship: build([['Run actions/checkout@v5', 90]]),
        file: file([
          { uses: 'actions/checkout@v5', with: { 'fetch-depth': 0, filter: 'blob:none' } },
          run('npx semantic-release', 'Release'),
        ]),
      },
    ],
  },
  'image-without-layer-cache': {
    caught: {
      ship: build([['Build the image', 200]]),
      file: file([run('docker build -t app .', 'Build the image')]),
    },
    where: 'build / Build the image',
    medianSeconds: 200,
    saving: { low: 56, high: 130 },
    nearMiss: [
      'it has a layer cache',
      {
        ship: build([['Build the image', 200]]),
        file: file([run('docker build --cache-from type=gha -t app .', 'Build the image')]),
      },
    ],
  },
  'provisioned-in-path': {
    caught: {
      ship: build([['Infrastructure', 120]]),
      file: file([run('terraform apply -auto-approve', 'Infrastructure')]),
    },
    where: 'build / Infrastructure',
    medianSeconds: 120,
    saving: { low: 60, high: 120 },
    nearMiss: [
      'it only plans',
      { ship: build([['Infrastructure', 120]]), file: file([run('terraform plan', 'Infrastructure')]) },
    ],
  },
  'planned-twice': {
    caught: {
      ship: {
        jobs: [
          {
            name: 'apply',
            steps: [
              ['Plan', 120],
              ['Apply', 200],
            ],
          },
          deploy,
        ],
      },
      file: chain({
        apply: [run('tofu plan -input=false', 'Plan'), run('tofu apply -auto-approve', 'Apply')],
      }),
    },
    where: 'apply / Plan',
    medianSeconds: 120,
    saving: { low: 84, high: 120 },
    nearMiss: [
      'the plan is saved and applied',
      {
        ship: {
          jobs: [
            {
              name: 'apply',
              steps: [
                ['Plan', 120],
                ['Apply', 200],
              ],
            },
            deploy,
          ],
        },
        file: chain({ apply: [run('tofu plan -out=plan.bin', 'Plan'), run('tofu apply plan.bin', 'Apply')] }),
      },
    ],
  },
  'small-job': {
    caught: {
      ship: { jobs: [{ name: 'build', takes: 60 }, { name: 'version', queue: 80, takes: 5 }, deploy] },
      file: chain({ build: [run('npm run build')], version: [run('cat VERSION')] }),
    },
    where: 'version',
    medianSeconds: 85,
    saving: { low: 59, high: 81 },
    nearMiss: [
      'the runner starts at once',
      {
        ship: { jobs: [{ name: 'build', takes: 60 }, { name: 'version', queue: 4, takes: 5 }, deploy] },
        file: chain({ build: [run('npm run build')], version: [run('cat VERSION')] }),
      },
    ],
  },
  'set-up-again': {
    caught: {
      ship: {
        jobs: [
          ...['lint', 'unit', 'browser'].map((name) => ({
            name,
            steps: [
              ['Packages', 90],
              ['Check', 60],
            ] as [string, number][],
          })),
          deploy,
        ],
      },
      file: chain(
        Object.fromEntries(
          ['lint', 'unit', 'browser'].map((name) => [
            name,
            [
              { uses: 'actions/setup-node@v4', with: { cache: 'npm' } },
              run('npm ci', 'Packages'),
              run(`./check.sh ${name}`, 'Check'),
            ],
          ]),
        ),
      ),
    },
    where: 'unit / Packages and browser / Packages',
    medianSeconds: 180,
    saving: { low: 72, high: 144 },
    nearMiss: [
      'only two jobs install them',
      {
        ship: {
          jobs: [
            ...['lint', 'unit'].map((name) => ({
              name,
              steps: [
                ['Packages', 90],
                ['Check', 60],
              ] as [string, number][],
            })),
            deploy,
          ],
        },
        file: chain(
          Object.fromEntries(
            ['lint', 'unit'].map((name) => [
              name,
              [
                { uses: 'actions/setup-node@v4', with: { cache: 'npm' } },
                run('npm ci', 'Packages'),
                run(`./check.sh ${name}`, 'Check'),
              ],
            ]),
          ),
        ),
      },
    ],
  },
  'environment-hop': {
    caught: {
      ship: { jobs: [{ name: 'staging', takes: 300 }, deploy] },
      file: workflowFile({
        staging: { environment: 'staging', steps: [] },
        deploy: { needs: 'staging', environment: 'production', steps: [] },
      }),
    },
    where: 'staging',
    medianSeconds: 300,
    saving: { low: 210, high: 300 },
    nearMiss: [
      'a job only has the name of an environment',
      {
        ship: { jobs: [{ name: 'staging', takes: 300 }, deploy] },
        file: workflowFile({
          staging: { steps: [] },
          deploy: { needs: 'staging', environment: 'production', steps: [] },
        }),
      },
    ],
  },
  'runner-starvation': {
    caught: { ship: { jobs: [{ name: 'build', queue: 240, takes: 100 }, deploy] } },
    where: 'waiting for a runner',
    medianSeconds: 240,
    saving: { low: 120, high: 216 },
    nearMiss: [
      'the wait takes only seconds',
      { ship: { jobs: [{ name: 'build', queue: 8, takes: 100 }, deploy] } },
    ],
  },
  'needless-sequence': {
    caught: {
      ship: { jobs: [{ name: 'lint', takes: 90 }, { name: 'unit', takes: 120 }, deploy] },
      file: workflowFile({
        lint: { steps: [] },
        unit: { needs: 'lint', steps: [run('true')] },
        deploy: { needs: 'unit', environment: 'production', steps: [] },
      }),
    },
    where: 'unit',
    medianSeconds: 120,
    saving: { low: 54, high: 90 },
    nearMiss: [
      'the later job uses an artifact of the earlier one',
      {
        ship: { jobs: [{ name: 'lint', takes: 90 }, { name: 'unit', takes: 120 }, deploy] },
        file: workflowFile({
          lint: { steps: [] },
          unit: { needs: 'lint', steps: [{ uses: 'actions/download-artifact@v4' }] },
          deploy: { needs: 'unit', environment: 'production', steps: [] },
        }),
      },
    ],
  },
  'one-long-test-job': {
    caught: { ship: build([['Run npm test', 900]]), file: file([run('npm test')]) },
    where: 'build',
    medianSeconds: 900,
    saving: { low: 360, high: 630 },
    nearMiss: [
      'it is sharded',
      { ship: build([['Run npm test -- --shard=1/4', 900]]), file: file([run('npm test -- --shard=1/4')]) },
    ],
  },
  'toolchain-from-scratch': {
    caught: {
      ship: build([['Tools', 120]]),
      file: file([run('sudo apt-get install -y build-essential', 'Tools')]),
    },
    where: 'build / Tools',
    medianSeconds: 120,
    saving: { low: 60, high: 108 },
    nearMiss: [
      'the step is too short to matter',
      {
        ship: build([
          ['Tools', 12],
          ['Work', 600],
        ]),
        file: file([run('sudo apt-get install -y jq', 'Tools'), run('./work', 'Work')]),
      },
    ],
  },
  'built-twice': {
    caught: {
      ship: {
        jobs: [
          { name: 'build', steps: [['Run npm run build', 150]] },
          {
            name: 'deploy',
            steps: [
              ['Run npm run build', 140],
              ['Run ./deploy.sh', 20],
            ],
          },
        ],
      },
      file: workflowFile({
        build: { steps: [run('npm run build')] },
        deploy: {
          needs: 'build',
          environment: 'production',
          steps: [run('npm run build'), run('./deploy.sh')],
        },
      }),
    },
    where: 'deploy / Run npm run build',
    medianSeconds: 140,
    saving: { low: 112, high: 140 },
    nearMiss: [
      'something else is built',
      {
        ship: {
          jobs: [
            { name: 'build', steps: [['Run npm run build', 150]] },
            { name: 'deploy', steps: [['Run make', 140]] },
          ],
        },
        file: workflowFile({
          build: { steps: [run('npm run build')] },
          deploy: { needs: 'build', environment: 'production', steps: [run('make')] },
        }),
      },
    ],
  },
  'analysis-in-path': {
    caught: {
      ship: build([['Static analysis', 400]]),
      file: file([run('npx eslint . && npx tsc --noEmit', 'Static analysis')]),
    },
    where: 'build / Static analysis',
    medianSeconds: 400,
    saving: { low: 280, high: 400 },
    nearMiss: [
      'browser tests guard the deployment',
      { ship: build([['Browser tests', 200]]), file: file([run('npx playwright test', 'Browser tests')]) },
    ],
  },
  'not-needed-by-deployment': {
    caught: {
      ship: build([['Coverage', 200]]),
      file: file([{ uses: 'codecov/codecov-action@v5', name: 'Coverage' }]),
    },
    where: 'build / Coverage',
    medianSeconds: 200,
    saving: { low: 160, high: 200 },
    nearMiss: [
      'tests that measure the coverage guard the deployment',
      { ship: build([['Coverage', 200]]), file: file([run('npm test -- --coverage', 'Coverage')]) },
    ],
  },
  'image-after-tests': {
    caught: {
      ship: twoJobs('test', 'Run npm test', 200, 'image', 'Image', 120),
      file: chain({ test: [run('npm test')], image: [run('docker build --cache-from type=gha .', 'Image')] }),
    },
    where: 'image',
    medianSeconds: 120,
    saving: { low: 84, high: 120 },
    nearMiss: [
      'the build uses an output of the tests',
      {
        ship: twoJobs('test', 'Run npm test', 200, 'image', 'Image', 120),
        file: chain({
          test: [run('npm test')],
          image: [run(`docker build --cache-from app:$\{{ needs.test.outputs.base }} .`, 'Image')],
        }),
      },
    ],
  },
  'long-before-quick': {
    caught: {
      ship: twoJobs('browser', 'Run npm run e2e', 280, 'quick', 'Run npm run lint', 70),
      file: chain({ browser: [run('npm run e2e')], quick: [run('npm run lint')] }),
    },
    where: 'quick',
    medianSeconds: 70,
    saving: { low: 49, high: 70 },
    nearMiss: [
      'the quick checks come first',
      {
        ship: twoJobs('quick', 'Run npm run lint', 70, 'browser', 'Run npm run e2e', 280),
        file: chain({ quick: [run('npm run lint')], browser: [run('npm run e2e')] }),
      },
    ],
  },
  'database-set-up-again': {
    caught: {
      ship: {
        jobs: [
          {
            name: 'unit',
            steps: [
              ['Set up', 90],
              ['Run bin/rails test', 100],
            ],
          },
          {
            name: 'browser',
            steps: [
              ['Set up', 80],
              ['Run bin/rails test:system', 100],
            ],
          },
          deploy,
        ],
      },
      file: chain({
        unit: [run('bin/rails db:setup', 'Set up'), run('bin/rails test')],
        browser: [run('bin/rails db:setup', 'Set up'), run('bin/rails test:system')],
      }),
    },
    where: 'unit / Set up and browser / Set up',
    medianSeconds: 170,
    saving: { low: 36, high: 72 },
    nearMiss: [
      'a job sets it up once and the deployment migrates it',
      {
        ship: {
          jobs: [
            {
              name: 'build',
              steps: [
                ['Set up', 90],
                ['Run bin/rails test', 100],
              ],
            },
            {
              name: 'deploy',
              steps: [
                ['Migrate', 80],
                ['Deploy', 60],
              ],
            },
          ],
        },
        file: workflowFile({
          build: { steps: [run('bin/rails db:setup', 'Set up'), run('bin/rails test')] },
          deploy: {
            needs: 'build',
            environment: 'production',
            steps: [run('bin/rails db:migrate', 'Migrate'), run('./deploy.sh', 'Deploy')],
          },
        }),
      },
    ],
  },
  'service-containers': {
    caught: {
      ship: build([
        ['Initialize containers', 90],
        ['Run npm test', 100],
      ]),
      file: workflowFile({
        build: { services: { search: { image: 'elasticsearch:8' } }, steps: [run('npm test')] },
        deploy: { needs: 'build', environment: 'production', steps: [run('./deploy.sh')] },
      }),
    },
    where: 'build / Initialize containers',
    medianSeconds: 90,
    saving: { low: 31, high: 68 },
    nearMiss: [
      'they are ready in seconds',
      {
        ship: build([
          ['Initialize containers', 14],
          ['Run npm test', 100],
        ]),
        file: workflowFile({
          build: { services: { db: { image: 'postgres:16' } }, steps: [run('npm test')] },
          deploy: { needs: 'build', environment: 'production', steps: [run('./deploy.sh')] },
        }),
      },
    ],
  },
  'retagged-image': {
    caught: {
      ship: build([
        ['Pull', 60],
        ['Tags', 90],
      ]),
      file: file([
        run('for image in api web; do\n  docker pull "r/$image:build"\ndone', 'Pull'),
        run('docker tag r/api:build r/api:1\ndocker push r/api:1', 'Tags'),
      ]),
    },
    where: 'build / Tags and Pull',
    medianSeconds: 150,
    saving: { low: 105, high: 143 },
    nearMiss: [
      'the job also runs the image that it pulled',
      {
        ship: build([
          ['Pull', 60],
          ['Tags', 90],
        ]),
        file: file([
          run('docker pull r/api:build\ndocker run r/api:build test', 'Pull'),
          run('docker tag r/api:build r/api:1\ndocker push r/api:1', 'Tags'),
        ]),
      },
    ],
  },
  'large-image-pulled': {
    caught: {
      ship: build([['Run docker pull tools', 150]]),
      file: file([run('docker pull tools')]),
    },
    where: 'build / Run docker pull tools',
    medianSeconds: 150,
    saving: { low: 45, high: 105 },
    nearMiss: [
      'the runner keeps images on its disk',
      {
        ship: build([['Run docker pull tools', 150]]),
        file: workflowFile({
          build: { 'runs-on': ['self-hosted'], steps: [run('docker pull tools')] },
          deploy: { needs: 'build', environment: 'production', steps: [run('./deploy.sh')] },
        }),
      },
    ],
  },
  'emulated-platform': {
    caught: {
      ship: build([['Image', 900]]),
      file: file([{ uses: 'docker/setup-qemu-action@v3' }, image({ platforms: 'linux/amd64,linux/arm64' })]),
    },
    where: 'build / Image',
    medianSeconds: 900,
    saving: { low: 450, high: 720 },
    nearMiss: [
      'the image is for the processor of the runner',
      {
        ship: build([['Image', 900]]),
        file: file([{ uses: 'docker/setup-qemu-action@v3' }, image({ platforms: 'linux/amd64' })]),
      },
    ],
  },
  'machine-image-in-path': {
    caught: { ship: build([['Bake', 500]]), file: file([run('packer build web.pkr.hcl', 'Bake')]) },
    where: 'build / Bake',
    medianSeconds: 500,
    saving: { low: 200, high: 375 },
    nearMiss: [
      'the template is only checked',
      { ship: build([['Bake', 500]]), file: file([run('packer validate web.pkr.hcl', 'Bake')]) },
    ],
  },
  'no-compiler-cache': {
    caught: { ship: build([['Compile', 400]]), file: file([run('./gradlew assemble', 'Compile')]) },
    where: 'build / Compile',
    medianSeconds: 400,
    saving: { low: 100, high: 220 },
    nearMiss: [
      'its build cache is kept',
      {
        ship: build([['Compile', 400]]),
        file: file([{ uses: 'gradle/actions/setup-gradle@v4' }, run('./gradlew assemble', 'Compile')]),
      },
    ],
  },
  'built-in-sequence': {
    caught: {
      ship: build([
        ['Web', 200],
        ['Worker', 120],
      ]),
      file: file([
        run('docker build -t web web && docker push web', 'Web'),
        run('docker build -t worker worker && docker push worker', 'Worker'),
      ]),
    },
    where: 'build / Worker',
    medianSeconds: 120,
    saving: { low: 84, high: 120 },
    nearMiss: [
      'one image is made from the other',
      {
        ship: build([
          ['Web', 200],
          ['Worker', 120],
        ]),
        file: file([
          { ...run('docker build web', 'Web'), id: 'web' },
          run(`docker build --build-arg base=$\{{ steps.web.outputs.image }} worker`, 'Worker'),
        ]),
      },
    ],
  },
  'rolled-out-in-sequence': {
    caught: {
      ship: { jobs: [{ name: 'deploy', steps: [['Update the services', 400]] }] },
      file: rollout(
        'for service in web api jobs mail; do\n  kubectl set image "deployment/$service" app=app\n  kubectl rollout status "deployment/$service"\ndone',
      ),
    },
    where: 'deploy / Update the services',
    medianSeconds: 400,
    saving: { low: 225, high: 300 },
    nearMiss: [
      'the loop starts all of them at once',
      {
        ship: { jobs: [{ name: 'deploy', steps: [['Update the services', 400]] }] },
        file: rollout('for service in web api; do\n  ./deploy.sh "$service" &\ndone\nwait'),
      },
    ],
  },
  'image-as-artifact': {
    caught: {
      ship: {
        jobs: [
          {
            name: 'build',
            steps: [
              ['Save', 60],
              ['Upload', 50],
            ],
          },
          {
            name: 'deploy',
            steps: [
              ['Download', 40],
              ['Load', 30],
              ['Deploy', 60],
            ],
          },
        ],
      },
      file: handedOver('docker save app > app.tar', 'docker load --input app.tar'),
    },
    where: 'build / Save, Upload, deploy / Download and Load',
    medianSeconds: 180,
    saving: { low: 108, high: 180 },
    nearMiss: [
      'the artifact is no image',
      {
        ship: {
          jobs: [
            {
              name: 'build',
              steps: [
                ['Save', 60],
                ['Upload', 50],
              ],
            },
            {
              name: 'deploy',
              steps: [
                ['Download', 40],
                ['Load', 30],
                ['Deploy', 60],
              ],
            },
          ],
        },
        file: handedOver('tar -cf app.tar dist', 'tar -xf app.tar'),
      },
    ],
  },
  'large-artifact': {
    caught: {
      ship: {
        jobs: [
          {
            name: 'build',
            steps: [
              ['Save', 6],
              ['Upload', 150],
            ],
          },
          {
            name: 'deploy',
            steps: [
              ['Download', 100],
              ['Load', 3],
              ['Deploy', 60],
            ],
          },
        ],
      },
      file: handedOver('tar -cf app.tar dist', 'tar -xf app.tar'),
    },
    where: 'build / Upload and deploy / Download',
    medianSeconds: 250,
    saving: { low: 75, high: 150 },
    nearMiss: [
      'it is small',
      {
        ship: {
          jobs: [
            {
              name: 'build',
              steps: [
                ['Save', 6],
                ['Upload', 20],
              ],
            },
            {
              name: 'deploy',
              steps: [
                ['Download', 14],
                ['Load', 3],
                ['Deploy', 60],
              ],
            },
          ],
        },
        file: handedOver('tar -cf app.tar dist', 'tar -xf app.tar'),
      },
    ],
  },
  'fixed-wait': {
    caught: { ship: build([['Settle', 95]]), file: file([run('sleep 90', 'Settle')]) },
    where: 'build / Settle',
    medianSeconds: 95,
    saving: { low: 63, high: 90 },
    nearMiss: [
      'a sleep is not what takes the time',
      {
        ship: build([['Settle', 60]]),
        file: file([run('for i in 1 2 3; do curl -f localhost && break; sleep 100; done', 'Settle')]),
      },
    ],
  },
  're-runs': {
    caught: { ship: { failedFor: 600 } },
    where: 'earlier attempts',
    medianSeconds: 600,
    saving: { low: 480, high: 600 },
    nearMiss: [
      'it happened once',
      {
        ship: {},
        record: (team) =>
          void team.ship(team.merge(90, '2026-03-09T06:00:00Z'), '2026-03-09T06:00:00Z', {
            jobs: [deploy],
            failedFor: 600,
          }),
      },
    ],
  },
  'queued-behind': {
    caught: { ship: { delay: 400 }, record: (team) => busy(team, 390) },
    where: 'waiting for another deployment',
    medianSeconds: 390,
    saving: { low: 156, high: 351 },
    nearMiss: ['the run starts late but no other deployment is running', { ship: { delay: 400 } }],
  },
  evicted: {
    caught: { ship: {}, changes: 0, record: (team) => evictions(team, 6, true) },
    where: 'the concurrency group',
    medianSeconds: 365,
    saving: { low: 0, high: 365 },
    nearMiss: [
      'somebody cancelled the runs',
      { ship: {}, changes: 0, record: (team) => evictions(team, 6, false) },
    ],
  },
  approval: {
    caught: { ship: { hold: 1200, approvedBy: 'ben' } },
    where: 'approval or other protection rule',
    medianSeconds: 1200,
    saving: { low: 1200, high: 1200 },
    nearMiss: ['nobody has to approve', { ship: {} }],
  },
  'by-the-calendar': {
    caught: { ship: { delay: 7200, event: 'workflow_dispatch' } },
    where: 'waiting for the workflow to start',
    medianSeconds: 7200,
    saving: { low: 6480, high: 7200 },
    nearMiss: ['a push starts the workflow late', { ship: { delay: 7200 } }],
  },
};

type Team = Parameters<NonNullable<PipelineTeamOptions['record']>>[0];

/** A redeploy that begins just after each day's merge and takes `seconds`. */
function busy(team: Team, seconds: number): void {
  for (let i = 0; i < 6; i++)
    team.deploy(team.tip(), team.later('2026-03-09T10:00:00Z', i * 86_400), {
      takes: seconds,
      creator: 'deploy-bot',
    });
}

/** Pairs of merges. The first merge's run is cancelled when the second merge's run starts, or hours later. */
function evictions(team: Team, count: number, byArrival: boolean): void {
  for (let i = 0; i < count; i++) {
    const first = team.later('2026-03-09T14:00:00Z', i * 86_400);
    const second = team.later(first, 300);
    const cancelled = team.merge(100 + i, first);
    team.world.runs?.push({
      id: 7000 + i,
      workflow: 'deploy.yml',
      sha: cancelled,
      branch: 'main',
      event: 'push',
      status: 'completed',
      conclusion: 'cancelled',
      createdAt: team.later(first, 5),
      updatedAt: byArrival ? team.later(second, 6) : team.later(second, 9000),
      actor: 'ada',
      jobs: [],
    });
    team.ship(team.merge(200 + i, second), second, { jobs: [deploy] });
  }
}

describe.each(RULES.map((rule) => [rule.id, rule.title] as const))('%s: %s', (id) => {
  const example = CASES[id];
  test('has an example', () => {
    expect(example).toBeDefined();
  });
  if (!example) return;

  test('is found, with its evidence', async () => {
    const { report } = await pipelineTeam(example.caught);
    const suspect = report.suspects.find((suspect) => suspect.rule === id);
    expect(suspect).toMatchObject({
      where: example.where,
      medianSeconds: example.medianSeconds,
      times: 6,
      saving: example.saving,
    });
    expect(suspect?.share).toBeGreaterThan(0.05);
    expect(suspect?.runs.length).toBeGreaterThan(0);
    for (const url of suspect?.runs ?? [])
      expect(url).toMatch(/^https:\/\/github\.com\/acme\/shop\/actions\/runs\/\d+/);
  });

  test(`is not found if ${example.nearMiss[0]}`, async () => {
    const { report } = await pipelineTeam(example.nearMiss[1]);
    expect(report.stages?.opened).toBeGreaterThanOrEqual(5);
    expect(report.suspects.filter((suspect) => suspect.rule === id)).toEqual([]);
  });
});

test('a step named "Wait" is a suspect without a workflow file if it always takes the same time', async () => {
  const fixed = await pipelineTeam({ ship: build([['Wait for the cache', 120]]) });
  expect(fixed.report.suspects).toContainEqual(
    expect.objectContaining({ rule: 'fixed-wait', where: 'build / Wait for the cache', medianSeconds: 120 }),
  );
  const varied = await pipelineTeam({
    ship: build([['Wait for the cache', 120]]),
    changes: 5,
    record: (team) =>
      void team.ship(
        team.merge(90, '2026-03-09T06:00:00Z'),
        '2026-03-09T06:00:00Z',
        build([['Wait for the cache', 31]]),
      ),
  });
  expect(varied.report.suspects.filter((suspect) => suspect.rule === 'fixed-wait')).toEqual([]);
});

describe('a deployment to another environment before production', () => {
  const hops = async (jobs: Record<string, object>, names: string[]) => {
    const { report } = await pipelineTeam({
      ship: { jobs: [...names.map((name) => ({ name, takes: 150 })), { name: 'production', takes: 60 }] },
      file: workflowFile(jobs),
    });
    return report.suspects.filter(({ rule }) => rule === 'environment-hop').map(({ where }) => where);
  };
  const helm = { run: 'helm upgrade --install shop chart' };
  const production = { environment: 'production', steps: [helm] };

  test('is found without an environment if the job deploys and has such a name', async () => {
    const jobs = {
      'deploy-staging': { steps: [helm] },
      production: { needs: 'deploy-staging', ...production },
    };
    expect(await hops(jobs, ['deploy-staging'])).toEqual(['deploy-staging']);
  });

  test('is no suspect if tests look at it', async () => {
    const jobs = {
      staging: { environment: 'staging', steps: [helm] },
      acceptance: { needs: 'staging', steps: [{ run: 'npm run test:acceptance' }] },
      production: { needs: 'acceptance', ...production },
    };
    expect(await hops(jobs, ['staging', 'acceptance'])).toEqual([]);
  });

  test('is a suspect if the tests are a placeholder', async () => {
    const jobs = {
      staging: { environment: 'staging', steps: [helm] },
      acceptance: { needs: 'staging', steps: [{ run: 'echo "tests go here"' }] },
      production: { needs: 'acceptance', ...production },
    };
    expect(await hops(jobs, ['staging', 'acceptance'])).toEqual(['staging']);
  });

  test('is no suspect if it is a slot of production', async () => {
    const jobs = {
      staging: { steps: [{ uses: 'azure/webapps-deploy@v3', with: { 'slot-name': 'staging' } }] },
      production: {
        needs: 'staging',
        environment: 'production',
        steps: [{ run: 'az webapp deployment slot swap --slot staging' }],
      },
    };
    expect(await hops(jobs, ['staging'])).toEqual([]);
  });

  test('is no suspect if a matrix deploys to both at once', async () => {
    const { report } = await pipelineTeam({
      ship: {
        jobs: [
          { name: 'build', takes: 50 },
          { name: 'deploy (staging)', takes: 150, parallel: true },
          { name: 'deploy (production)', takes: 160 },
        ],
      },
      file: workflowFile({
        build: { steps: [] },
        deploy: {
          needs: 'build',
          environment: `$\{{ matrix.to }}`,
          strategy: { matrix: { to: ['staging', 'production'] } },
          steps: [helm],
        },
      }),
    });
    expect(report.suspects.filter(({ rule }) => rule === 'environment-hop')).toEqual([]);
  });

  test('is no suspect if the environment is an expression that cannot be resolved', async () => {
    const jobs = {
      staging: { environment: `$\{{ vars.STAGE }}`, steps: [helm] },
      production: { needs: 'staging', ...production },
    };
    expect(await hops(jobs, ['staging'])).toEqual([]);
  });

  test('is one suspect with the others, and only those that nothing checks', async () => {
    const jobs = {
      dev: { environment: 'dev', steps: [helm] },
      qa: { needs: 'dev', environment: 'qa', steps: [helm] },
      staging: { needs: 'qa', environment: 'staging', steps: [helm, { run: './smoke-test.sh' }] },
      production: { needs: 'staging', ...production },
    };
    expect(await hops(jobs, ['dev', 'qa', 'staging'])).toEqual(['dev and qa']);
  });
});

test('a loop may go through a list in the variables of its workflow', async () => {
  const loop =
    'for image in $IMAGES; do\n  docker build --push --cache-from type=gha "services/$image"\ndone';
  const { report } = await pipelineTeam({
    ship: build([['Images', 300]]),
    file: JSON.stringify({
      ...JSON.parse(file([run(loop, 'Images')])),
      env: { IMAGES: 'web api jobs' },
    }),
  });
  expect(report.suspects).toMatchObject([{ rule: 'built-in-sequence', saving: { low: 90, high: 160 } }]);
});

test('an image that each job of a matrix builds is a suspect, though its legs take the same time', async () => {
  const leg = (name: string) => ({ name: `build (${name})`, steps: [['Image', 240]] as [string, number][] });
  const { report } = await pipelineTeam({
    ship: { jobs: [leg('web'), { ...leg('api'), parallel: true }, deploy] },
    file: workflowFile({
      build: {
        strategy: { matrix: { name: ['web', 'api'] } },
        steps: [run('docker build -t shop . && docker push shop', 'Image')],
      },
      deploy: { needs: 'build', environment: 'production', steps: [run('./deploy.sh')] },
    }),
  });
  expect(report.suspects).toMatchObject([
    { rule: 'image-without-layer-cache', saving: { low: 68, high: 158 } },
  ]);
});

describe('a deployment to two environments before production', () => {
  const jobs = ['dev', 'dev-check', 'val', 'val-check'].map((name) => ({ name, takes: 200 }));
  const hop = (environment: string, needs: string[], check: string) => ({
    [environment]: { needs, environment, steps: [run('./deploy.sh')] },
    [`${environment}-check`]: { needs: [environment], steps: [run(check)] },
  });
  const found = async (first: string, second: string) => {
    const { report } = await pipelineTeam({
      ship: { jobs: [...jobs, deploy] },
      file: workflowFile({
        ...hop('dev', [], first),
        ...hop('val', ['dev-check'], second),
        deploy: { needs: 'val-check', environment: 'production', steps: [run('./deploy.sh')] },
      }),
    });
    return report.suspects.filter(({ rule }) => rule === 'environment-hop');
  };

  test('is a question if both are checked in the same way', async () => {
    expect(await found('npx playwright test', 'npx playwright test')).toEqual([
      expect.objectContaining({
        where: 'val and val-check',
        saving: { low: 280, high: 400 },
        doubt: expect.stringContaining('the first one cannot'),
      }),
    ]);
  });

  test('is no suspect if the checks differ', async () => {
    expect(await found('npx playwright test', 'k6 run load.test.js')).toEqual([]);
  });
});

test('an image that is built after the tests of the same job is found, with the time of the shorter part', async () => {
  const { report } = await pipelineTeam({
    ship: {
      jobs: [
        {
          name: 'build',
          steps: [
            ['Tests', 150],
            ['Image', 200],
          ],
        },
        deploy,
      ],
    },
    file: chain({ build: [run('cargo test', 'Tests'), image({})] }),
  });
  expect(report.suspects.find(({ rule }) => rule === 'image-after-tests')).toMatchObject({
    where: 'build / Image',
    saving: { low: 105, high: 150 },
  });
});

test('two steps of the same name have their own times and inputs', async () => {
  const checkout = (inputs: object) => ({ uses: 'actions/checkout@v4', with: inputs });
  const name = 'Run actions/checkout@v4';
  const { report } = await pipelineTeam({
    ship: {
      jobs: [
        {
          name: 'build',
          steps: [
            [name, 100],
            [name, 200],
          ],
        },
        deploy,
      ],
    },
    file: chain({ build: [checkout({ 'fetch-depth': 1 }), checkout({ 'fetch-depth': 0 })] }),
  });
  expect(report.suspects.find(({ rule }) => rule === 'full-history')?.medianSeconds).toBe(200);
});

test('four runs are too few for a suspect', async () => {
  const caught = CASES['install-without-cache']?.caught;
  if (!caught) throw new Error('no such case');
  const { report } = await pipelineTeam({ ...caught, changes: 4 });
  expect(report.suspects).toEqual([]);
});

describe('the diff of a suspect', () => {
  const diffOf = async (rule: string, caught: PipelineTeamOptions | undefined) => {
    if (!caught) throw new Error('no such case');
    const { report } = await pipelineTeam(caught);
    return report.suspects
      .find((suspect) => suspect.rule === rule)
      ?.diff?.split('\n')
      .slice(2);
  };

  test('lets the job start with what the other one needs, and the next job wait for both', async () => {
    const ship = {
      jobs: ['install', 'unit', 'browser'].map((name) => ({ name, takes: 100 })).concat([deploy]),
    };
    const modules = { uses: 'actions/download-artifact@v4', with: { name: 'modules' } };
    const test = (needs: string[]) => ({ needs, steps: [modules, run('npm test')] });
    const jobs = {
      install: { steps: [{ uses: 'actions/upload-artifact@v4', with: { name: 'modules' } }] },
      unit: test(['install']),
      browser: test(['unit']),
      deploy: { needs: ['browser'], environment: 'production', steps: [run('./deploy.sh')] },
    };
    expect(await diffOf('needless-sequence', { ship, file: workflowFile(jobs) })).toEqual([
      ' jobs:',
      '   browser:',
      '-    needs: unit',
      '+    needs: install',
      '   deploy:',
      '-    needs: browser',
      '+    needs: [browser, unit]',
    ]);
  });

  test('adds the inputs of a step that the file has', async () => {
    const setUp = { uses: 'actions/setup-node@v4', with: { 'node-version': 22 } };
    const ship = build([
      ['Run actions/setup-node@v4', 3],
      ['Run npm ci', 100],
    ]);
    expect(await diffOf('install-without-cache', { ship, file: file([setUp, run('npm ci')]) })).toEqual([
      ' jobs:',
      '   build:',
      '     steps:',
      '       - uses: actions/setup-node@v4',
      '         with:',
      '+          cache: npm',
    ]);
    expect(await diffOf('full-history', CASES['full-history']?.caught)).toContain(
      '-          fetch-depth: 0',
    );
  });

  test('is missing if the file has no such step', async () => {
    expect(await diffOf('install-without-cache', CASES['install-without-cache']?.caught)).toBeUndefined();
  });
});

describe('a suspect', () => {
  const doubtOf = async (command: string) => {
    const { report } = await pipelineTeam({
      ship: build([['Compile', 400]]),
      file: file([run(command, 'Compile')]),
    });
    return report.suspects.find(({ rule }) => rule === 'no-compiler-cache')?.doubt;
  };

  test('is a question if a file that is not read could make it wrong', async () => {
    expect(await doubtOf('bazel build //...')).toMatch(/^The configuration of Bazel may name a remote cache/);
  });

  test('is a finding if the workflow shows everything', async () => {
    expect(await doubtOf('cargo build')).toBeUndefined();
  });
});

test('two builds that wait for tests side by side are found, though one of them alone would save little', async () => {
  const part = (name: string, test: number, image: number) => [
    { name: `${name}-test`, steps: [['Test', test]] as [string, number][] },
    { name: `${name}-image`, steps: [['Image', image]] as [string, number][] },
  ];
  const [apiTest, apiImage] = part('api', 230, 130);
  const [webTest, webImage] = part('web', 160, 190);
  if (!apiTest || !apiImage || !webTest || !webImage) throw new Error('no jobs');
  const { report } = await pipelineTeam({
    ship: {
      jobs: [
        { ...webTest, parallel: true },
        apiTest,
        { ...webImage, takes: 120, parallel: true },
        apiImage,
        deploy,
      ],
    },
    file: workflowFile({
      'api-test': { steps: [run('npm test', 'Test')] },
      'web-test': { steps: [run('npm test', 'Test')] },
      'api-image': { needs: 'api-test', steps: [run('docker build --cache-from type=gha .', 'Image')] },
      'web-image': { needs: 'web-test', steps: [run('docker build --cache-from type=gha .', 'Image')] },
      deploy: {
        needs: ['api-image', 'web-image'],
        environment: 'production',
        steps: [run('./deploy.sh')],
      },
    }),
  });
  expect(report.suspects).toMatchObject([
    { rule: 'image-after-tests', where: 'api-image', saving: { low: 91, high: 130 } },
  ]);
});

test('tests that may fail are found, unless a later step looks at their result', async () => {
  const found = async (tests: object, later: string) => {
    const { report } = await pipelineTeam({
      ship: { jobs: [{ name: 'ship', steps: [['Tests', 140] as [string, number], ['Roll out', 60]] }] },
      file: workflowFile({
        ship: {
          environment: 'production',
          steps: [{ ...run('npm test', 'Tests'), ...tests }, run(later, 'Roll out')],
        },
      }),
    });
    return report.suspects
      .filter(({ rule }) => rule === 'not-needed-by-deployment')
      .map(({ where }) => where);
  };
  const roll = 'kubectl apply -f app.yml';
  expect(await found({ 'continue-on-error': true }, roll)).toEqual(['ship / Tests']);
  expect(await found({}, roll)).toEqual([]);
  const looks = `test "$\{{ steps.tests.outcome }}" = success && ${roll}`;
  expect(await found({ 'continue-on-error': true, id: 'tests' }, looks)).toEqual([]);
});

test('checks of a job that needs not be waited for are one suspect', async () => {
  const { report } = await pipelineTeam({
    ship: {
      jobs: [{ name: 'lint', steps: [['Lint', 90]] }, { name: 'test', steps: [['Tests', 200]] }, deploy],
    },
    file: chain({ lint: [run('npm run lint', 'Lint')], test: [run('npm test', 'Tests')] }),
  });
  expect(report.suspects).toMatchObject([{ rule: 'needless-sequence', where: 'test' }]);
});

test('an image that the server builds after the tests is found', async () => {
  const found = async (script: string) => {
    const { report } = await pipelineTeam({
      ship: {
        jobs: [
          { name: 'test', steps: [['Tests', 200]] },
          { name: 'deploy', steps: [['Start', 300]] },
        ],
      },
      file: workflowFile({
        test: { steps: [run('npm test', 'Tests')] },
        deploy: {
          needs: 'test',
          environment: 'production',
          steps: [{ name: 'Start', uses: 'appleboy/ssh-action@v1', with: { script } }],
        },
      }),
    });
    return report.suspects.filter(({ rule }) => rule === 'image-after-tests');
  };
  expect(await found('cd app\ndocker compose up -d --build')).toMatchObject([
    { where: 'deploy / Start', saving: { low: 130, high: 200 } },
  ]);
  expect(await found('cd app\ndocker compose pull\ndocker compose up -d')).toEqual([]);
});

test('a plan that another job makes again is found, unless it is handed over', async () => {
  const found = async (...upload: object[]) => {
    const { report } = await pipelineTeam({
      ship: {
        jobs: [
          { name: 'plan', steps: [['Plan', 90]] },
          { name: 'apply', steps: [['Apply', 200]] },
        ],
      },
      file: workflowFile({
        plan: { steps: [run('terraform plan -input=false', 'Plan'), ...upload] },
        apply: {
          needs: 'plan',
          environment: 'production',
          steps: [run('terraform apply -auto-approve', 'Apply')],
        },
      }),
    });
    return report.suspects.filter(({ rule }) => rule === 'planned-twice').map(({ where }) => where);
  };
  expect(await found()).toEqual(['plan / Plan']);
  expect(await found({ uses: 'actions/upload-artifact@v4', with: { name: 'plan' } })).toEqual([]);
});

test('a wait after the last rollout delays no change', async () => {
  const { report } = await pipelineTeam({
    ship: { jobs: [{ name: 'ship', steps: [['Roll out', 90] as [string, number], ['Settle', 60]] }] },
    file: workflowFile({
      ship: {
        environment: 'production',
        steps: [run('kubectl rollout status deployment/app', 'Roll out'), run('sleep 60', 'Settle')],
      },
    }),
  });
  expect(report.suspects).toEqual([]);
});

test('a release has to wait for the tests', async () => {
  const { report } = await pipelineTeam({
    ship: twoJobs('test', 'Run npm test', 130, 'release', 'Run npx semantic-release', 90),
    file: chain({ test: [run('npm test')], release: [run('npx semantic-release')] }),
  });
  expect(report.suspects).toEqual([]);
});

test('a service that is updated and waited for is one rollout', async () => {
  const { report } = await pipelineTeam({
    ship: { jobs: [{ name: 'deploy', steps: [['Update the services', 214]] }] },
    file: rollout('aws ecs update-service --service web && aws ecs wait services-stable --services web'),
  });
  expect(report.suspects).toEqual([]);
});

describe('a workflow that triggers the deployment', () => {
  const triggered = (others: Record<string, string>) =>
    pipelineTeam({
      ship: {
        upstream: { workflow: 'ci.yml', jobs: [{ name: 'test', steps: [['Tools', 120]] }] },
        jobs: [deploy],
      },
      file: workflowFile({ deploy: { environment: 'production', steps: [run('./deploy.sh')] } }),
      others,
    });
  const ci = {
    'ci.yml': workflowFile({ test: { steps: [run('sudo apt-get install -y libvips', 'Tools')] } }),
  };

  test('is read, so that its steps are suspects, too', async () => {
    const { report } = await triggered(ci);
    expect(report.suspects).toMatchObject([{ rule: 'toolchain-from-scratch', where: 'test / Tools' }]);
  });

  test('takes one request, and none if there is no such workflow', async () => {
    const caught = CASES['toolchain-from-scratch']?.caught;
    if (!caught) throw new Error('no such case');
    const [withCi, alone] = [await triggered(ci), await pipelineTeam(caught)];
    const files = ({ requests }: typeof alone) => requests.filter((request) => hasRequest(request, 'Files'));
    expect([files(withCi).length, files(alone).length]).toEqual([2, 1]);
  });
});

describe('a parallel job', () => {
  const savingIf = async (needs: string[]) => {
    const { report } = await pipelineTeam({
      ship: {
        jobs: [
          { name: 'build', steps: [['Run npm ci', 100]] },
          { name: 'lint', takes: 70, parallel: true },
          deploy,
        ],
      },
      file: workflowFile({
        build: { steps: [run('npm ci')] },
        lint: { steps: [] },
        deploy: { needs, environment: 'production', steps: [run('./deploy.sh')] },
      }),
    });
    return report.suspects.find((suspect) => suspect.rule === 'install-without-cache')?.saving;
  };

  test('limits the saving so far that nothing is reported, if the deployment needs it', async () => {
    expect(await savingIf(['build', 'lint'])).toBeUndefined();
  });

  test('limits nothing if the deployment does not wait for it', async () => {
    expect(await savingIf(['build'])).toEqual({ low: 40, high: 80 });
  });
});

describe('no advice comes from times that are not known', () => {
  const QUEUED = {
    jobs: [
      { name: 'build', queue: 200, steps: [['make', 300]] as [string, number][] },
      { name: 'deploy', steps: [['deploy', 60]] as [string, number][] },
    ],
  };
  const BUSY = {
    jobs: [
      { name: 'build', steps: [['make', 600]] as [string, number][] },
      { name: 'deploy', steps: [['deploy', 60]] as [string, number][] },
    ],
  };
  const FILE = workflowFile({
    build: { 'runs-on': 'ubuntu-latest', steps: [{ name: 'make', run: 'make' }] },
    deploy: {
      'runs-on': 'ubuntu-latest',
      needs: 'build',
      environment: 'production',
      steps: [{ name: 'deploy', run: './deploy' }],
    },
  });
  const minutesAfter = (time: string | null, minutes: number) =>
    new Date(Date.parse(time ?? '') + minutes * 60_000).toISOString();

  test('jobs that wait for a runner are one, if their times are known', async () => {
    const { report } = await pipelineTeam({ ship: QUEUED, file: FILE });
    expect(report.suspects.map(({ rule }) => rule)).toContain('runner-starvation');
    expect(report.completeness.gaps).toEqual([]);
  });

  type Jobs = WorldJob[];
  const damages: [string, (jobs: Jobs) => void][] = [
    [
      'a job that ends before it starts',
      ([build]) => build && Object.assign(build, { completedAt: minutesAfter(build.startedAt, -10) }),
    ],
    [
      'a needed job without an end',
      ([build]) => build && Object.assign(build, { completedAt: null, conclusion: null }),
    ],
    [
      'a needed job without a start',
      ([build]) => build && Object.assign(build, { startedAt: null, conclusion: 'cancelled' }),
    ],
  ];
  test.each(
    damages.flatMap(([name, damage]) => [
      [`${name}, with the workflow file`, FILE, damage] as const,
      [`${name}, without it`, 'name: deploy', damage] as const,
    ]),
  )('%s', async (_, file, damage) => {
    const { report } = await pipelineTeam({ ship: BUSY, file, damage: ({ jobs }) => damage(jobs) });
    expect(report.suspects).toEqual([]);
    expect(report.completeness.gaps).toMatchObject([
      { what: '6 runs have jobs whose times are missing or out of order.', verdictAtRisk: false },
    ]);
    expect(report.status).toBe((await pipelineTeam({ ship: BUSY, file })).report.status);
  });

  test('if neither GitHub nor a file says when a job could have started, a wait is not one for a runner', async () => {
    const damage = ({ jobs }: WorldRun) => {
      for (const job of jobs) delete job.createdAt;
    };
    const team = { ship: QUEUED, damage, changes: 6 };
    const rulesOf = ({ report }: Awaited<ReturnType<typeof pipelineTeam>>) =>
      report.suspects.map(({ rule }) => rule);
    const withoutFile = await pipelineTeam(team);
    expect(rulesOf(withoutFile)).not.toContain('runner-starvation');
    expect(withoutFile.report.completeness.gaps).toMatchObject([
      { what: 'GitHub did not say when the jobs of 2 runs could have started.', verdictAtRisk: false },
    ]);
    const withFile = await pipelineTeam({ ...team, file: FILE });
    expect(rulesOf(withFile)).toContain('runner-starvation');
    expect(withFile.report.completeness.gaps).toEqual([]);
  });
});

test('two jobs of a run with the same name do not hold the run', async () => {
  const { report } = await pipelineTeam({
    ship: {
      jobs: [
        { name: 'deploy', steps: [['Build', 120]] },
        { name: 'deploy', steps: [['Run ./deploy.sh', 60]] },
      ],
    },
    file: workflowFile({ deploy: { environment: 'production', steps: [run('./deploy.sh')] } }),
  });
  expect(report.status).toBe('on-target');
});

test('the cache of Python packages is made of the file that the step installs', async () => {
  const inputsFor = async (install: string) => {
    const { report } = await pipelineTeam({
      ship: { jobs: [{ name: 'build', steps: [['Packages', 120]] }, deploy] },
      file: file([
        { uses: 'actions/setup-python@v5', with: { 'python-version': '3.12' } },
        run(install, 'Packages'),
      ]),
    });
    return report.suspects[0]?.diff?.match(/^\+ *(.*)$/gm)?.map((line) => line.replace(/^\+ */, ''));
  };
  expect(await inputsFor('pip install -r requirements.txt')).toContain('cache: pip');
  expect(await inputsFor('pip install -r requirements.txt')).not.toContain(
    'cache-dependency-path: requirements.txt',
  );
  expect(await inputsFor('pip install -r requirements-dev.txt')).toContain(
    'cache-dependency-path: requirements-dev.txt',
  );
});
