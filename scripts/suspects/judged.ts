/** What a person says of each finding in the twenty workflows, and what they would have named besides. */

export interface Judged {
  /** By rule and place: `install-without-cache @ build / Run npm ci`. */
  findings: Record<string, { is: 'true' | 'arguable' | 'false'; why: string }>;
  missed: { where: string; why: string }[];
}

const real = (why: string) => ({ is: 'true' as const, why });
const arguable = (why: string) => ({ is: 'arguable' as const, why });

export const JUDGED: Record<string, Judged> = {
  '01-node-image-to-ecs': {
    findings: {
      'image-without-layer-cache @ build / Build the image': real(
        'Every run builds every layer: nothing says where they could come from.',
      ),
      'install-without-cache @ build / Run npm ci': real(
        'setup-node has no `cache`, and nothing else keeps packages.',
      ),
    },
    missed: [],
  },
  '02-rails-to-heroku': {
    findings: {
      'one-long-test-job @ specs': real('Ten minutes of specs on one runner; they can be split by time.'),
    },
    missed: [],
  },
  '03-go-goreleaser': {
    findings: {
      'full-history-with-files @ release / Run actions/checkout@v5': real(
        'The notes need commits and tags, and no old file.',
      ),
    },
    missed: [],
  },
  '04-python-poetry-to-cloud-run': {
    findings: {
      'install-without-cache @ test / Run poetry install --no-interaction': real(
        'setup-python knows `cache: poetry`, and is not told.',
      ),
    },
    missed: [],
  },
  '05-nx-monorepo': {
    findings: {
      'full-history-with-files @ main / Run actions/checkout@v5': real(
        'What is affected is told by commits and trees.',
      ),
    },
    missed: [
      {
        where: 'nx affected',
        why: "The outputs of earlier runs are kept nowhere: no remote cache of nx's own.",
      },
    ],
  },
  '06-next-to-vercel': {
    findings: {},
    missed: [
      {
        where: 'deploy / pnpm vercel build',
        why: 'The build cache of Next (.next/cache) is not kept between runs.',
      },
    ],
  },
  '07-terraform-then-lambda': {
    findings: {
      'provisioned-in-path @ infrastructure / Run terraform apply -auto-approve': real(
        'Infrastructure is applied at every merge, before any code goes out.',
      ),
    },
    missed: [],
  },
  '08-helm-by-staging': {
    findings: {
      'environment-hop @ staging': arguable(
        'It takes that time; a team may want it for what only a second cluster shows.',
      ),
      'fixed-wait @ staging / Let it settle': real('`helm --wait` has waited for the thing itself already.'),
    },
    missed: [],
  },
  '09-gradle-twice': {
    findings: {
      'built-twice @ deploy / Run ./gradlew build': real(
        'The same build a job later, instead of an artifact.',
      ),
    },
    missed: [],
  },
  '10-maven-to-a-server': {
    findings: {},
    missed: [
      {
        where: 'deploy / mvn package',
        why: 'setup-java is not told `cache: maven`; what part of the step that is cannot be seen from outside, so nothing is said.',
      },
    ],
  },
  '11-rust-to-a-bucket': {
    findings: {
      'toolchain-from-scratch @ ship / Run sudo apt-get update && sudo apt-get install -y libssl-dev protobuf-compiler':
        real('The same packages each time; an image that has them needs none.'),
    },
    missed: [],
  },
  '12-php-composer': {
    findings: {
      'install-without-cache @ check / Run composer install --no-progress': real(
        "Nothing keeps composer's cache.",
      ),
      'analysis-in-path @ check / Run vendor/bin/phpstan analyse': real(
        'What it finds is found on the pull request; it need not hold the deploy.',
      ),
    },
    missed: [],
  },
  '13-cypress-by-matrix': {
    findings: {
      'analysis-in-path @ browsers / Run cypress-io/github-action@v6': arguable(
        'It takes that time; many teams want browser tests before and not beside the deploy.',
      ),
    },
    missed: [],
  },
  '14-called-workflow': {
    findings: {
      'one-long-test-job @ test / unit': real('Fourteen minutes of jest on one runner; it can be sharded.'),
    },
    missed: [],
  },
  '15-docs-with-dates': {
    findings: {
      'full-history-with-files @ build / Run actions/checkout@v5': real(
        'Dates are of commits; the files of the past are not needed for them.',
      ),
    },
    missed: [],
  },
  '16-dotnet-to-azure': {
    findings: {
      'install-without-cache @ build / Run dotnet restore': real(
        'setup-dotnet knows `cache`, and is not told.',
      ),
    },
    missed: [],
  },
  '17-bake-with-a-cache': { findings: {}, missed: [] },
  '18-lint-before-tests': {
    findings: {
      'needless-sequence @ test': real(
        'Tests take nothing from lint: side by side the shorter of both is saved.',
      ),
    },
    missed: [],
  },
  '19-uv-on-its-own-runners': {
    findings: {
      'runner-starvation @ waiting for a runner': real(
        'A third and more of the time both jobs wait for a machine.',
      ),
    },
    missed: [],
  },
  '20-cdk-with-sonar': {
    findings: {
      'analysis-in-path @ quality / Run SonarSource/sonarqube-scan-action@v6': real(
        'The gate is of the pull request; here it holds what is merged already.',
      ),
    },
    missed: [],
  },
};
