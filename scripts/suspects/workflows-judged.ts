import { type Judged, real } from './judging.ts';

/** A person's judgment of each finding in the twenty workflows of `workflows`, and what the guard missed in them. */

export const JUDGED: Record<string, Judged> = {
  '01-node-image-to-ecs': {
    findings: {
      'image-without-layer-cache @ build / Build the image': real(
        'Every run builds every layer, because there is no layer cache.',
      ),
      'install-without-cache @ build / Run npm ci': real(
        '`setup-node` has no `cache`, and no other step caches packages.',
      ),
      'image-after-tests @ build / Build the image': real(
        'The image takes nothing from the packages and the tests.',
      ),
    },
    missed: [],
  },
  '02-rails-to-heroku': {
    findings: {
      'one-long-test-job @ specs': real('Ten minutes of specs run on one runner. They can be split by time.'),
    },
    missed: [],
  },
  '03-go-goreleaser': {
    findings: {
      'full-history-with-files @ release / Run actions/checkout@v5': real(
        'The release notes need commits and tags, but no old files.',
      ),
    },
    missed: [],
  },
  '04-python-poetry-to-cloud-run': {
    findings: {
      'install-without-cache @ test / Run poetry install --no-interaction': real(
        '`setup-python` supports `cache: poetry`, but it is not set.',
      ),
    },
    missed: [],
  },
  '05-nx-monorepo': {
    findings: {
      'full-history-with-files @ main / Run actions/checkout@v5': real(
        'Finding affected projects needs commits and trees, but no old files.',
      ),
      'no-compiler-cache @ main / Run npx nx affected -t lint test build': real(
        'Earlier outputs are not kept: there is no remote cache for nx.',
      ),
    },
    missed: [],
  },
  '06-next-to-vercel': {
    findings: {},
    missed: [
      {
        where: 'deploy / pnpm vercel build',
        why: 'The build cache of Next.js (`.next/cache`) is not kept between runs.',
      },
    ],
  },
  '07-terraform-then-lambda': {
    findings: {
      'provisioned-in-path @ infrastructure / Run terraform apply -auto-approve': real(
        'Every merge applies infrastructure before it deploys code.',
      ),
    },
    missed: [],
  },
  '08-helm-by-staging': {
    findings: {
      'fixed-wait @ staging / Let it settle': real('`helm --wait` has already waited for the rollout.'),
    },
    missed: [],
  },
  '09-gradle-twice': {
    findings: {
      'built-twice @ deploy / Run ./gradlew build': real(
        'The next job repeats the build instead of downloading an artifact.',
      ),
    },
    missed: [],
  },
  '10-maven-to-a-server': {
    findings: {
      'no-compiler-cache @ deploy / Run mvn -B package': real(
        '`setup-java` has no `cache: maven`, so every run downloads all packages and plugins.',
      ),
    },
    missed: [],
  },
  '11-rust-to-a-bucket': {
    findings: {
      'needless-sequence @ ship / Run cargo build --release': real(
        'The tests compile for debugging. A job beside them would build the release meanwhile.',
      ),
    },
    missed: [],
  },
  '12-php-composer': {
    findings: {
      'install-without-cache @ check / Run composer install --no-progress': real(
        'Nothing caches composer packages.',
      ),
      'analysis-in-path @ check / Run vendor/bin/phpstan analyse': real(
        'It can run on the pull request. The deployment does not have to wait for it.',
      ),
    },
    missed: [],
  },
  '13-cypress-by-matrix': {
    findings: {},
    missed: [],
  },
  '14-called-workflow': {
    findings: {
      'one-long-test-job @ test / unit': real(
        'Fourteen minutes of Jest run on one runner. They can be sharded.',
      ),
    },
    missed: [],
  },
  '15-docs-with-dates': {
    findings: {
      'full-history-with-files @ build / Run actions/checkout@v5': real(
        'The dates come from commits, so old files are not needed.',
      ),
    },
    missed: [],
  },
  '16-dotnet-to-azure': {
    findings: {
      'install-without-cache @ build / Run dotnet restore': real('NuGet downloads everything on every run.'),
    },
    missed: [],
  },
  '17-bake-with-a-cache': { findings: {}, missed: [] },
  '18-lint-before-tests': {
    findings: {
      'needless-sequence @ test': real(
        'The tests use nothing from the lint job. In parallel, the shorter of the two is saved.',
      ),
    },
    missed: [],
  },
  '19-uv-on-its-own-runners': {
    findings: {
      'runner-starvation @ waiting for a runner': real(
        'Both jobs wait for a machine for more than a third of the time.',
      ),
    },
    missed: [],
  },
  '20-cdk-with-sonar': {
    findings: {
      'analysis-in-path @ quality / Run SonarSource/sonarqube-scan-action@v6': real(
        'The quality gate belongs on the pull request. Here it delays merged changes.',
      ),
    },
    missed: [],
  },
};
