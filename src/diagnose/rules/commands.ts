import { allSteps, type FileStep } from '../../model/workflow-file.ts';

/** What the commands of a script and the actions of a step do, without running a shell. */

/** Words before a command that do not change what it does: `sudo`, `time`, assignments, `npx`. */
const PREFIXES =
  /^(?:(?:sudo(?: -\S+)*|time|exec|command|nice|env|corepack|if|then|else|do|!|retry|npx(?: --yes| -y)?|bunx|bundle exec|(?:pnpm|yarn)(?: --?\w+ \S+)* (?:exec|dlx)|(?:poetry|uv|pipenv) run|(?:yarn|pnpm|bun)(?= (?:playwright|cypress|prisma|vercel|turbo|nx|lerna|serverless|cdk|wrangler) ))\s+|[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\S*)\s+|timeout \S+\s+)+/;

/** Commands that take no time worth measuring. */
const TRIVIAL =
  /^(?:cd|echo|printf|set|export|source|\.|pwd|ls|true|:|mkdir|cat|test|\[|fi|done|for|while|until|sleep|exit|node -v|npm -v)(?:\s|$)/;

/** The commands of a script, in order, without comments and trivial commands. */
export function commandsIn(script: string): string[] {
  return script
    .replace(/\\\r?\n/g, ' ')
    .replace(/\$\{\{.*?\}\}/g, (expression) => expression.replace(/\s+/g, ''))
    .split(/\r?\n|&&|\|\||;|(?<!\|)\|(?!\|)/)
    .map((command) => command.trim().replace(/^\(+/, '').replace(PREFIXES, '').trim())
    .filter((command) => command !== '' && !command.startsWith('#') && !TRIVIAL.test(command));
}

/** Options before a subcommand, such as those of `kubectl -n shop apply`. */
const OPTIONS =
  /^(\S+)(?: (?:-(?:-namespace|-context|-kubeconfig|-file|-project-name|-prefix|-filter|-cwd|-region|-profile|-project|-workspace|n|f|p|F|C|w)(?: |=)(?:"[^"]*"|\S+)|-chdir=\S+|-[a-zA-Z]|--[\w-]+(?:=\S+)?))+ /;

/** A command without options before its subcommand, and as it runs inside a container of Compose. */
export function plain(command: string): string {
  const bare = command.replace(/^docker-compose\b/, 'docker compose').replace(/^docker compose/, 'compose');
  const inside = bare.replace(OPTIONS, '$1 ').replace(/^compose /, 'docker compose ');
  return inside.replace(/^docker compose (?:exec|run)(?: -\S+)* \S+ (?=\S)/, '').replace(PREFIXES, '');
}

/** True if at most one command of a script is different, so that the time of the script is the time of these commands. */
export function isMostly(script: string, pattern: RegExp): boolean {
  const commands = commandsIn(script);
  const hits = commands.filter((command) => pattern.test(command)).length;
  return hits > 0 && commands.length - hits <= 1;
}

export const runsAny = (script: string, pattern: RegExp): boolean =>
  commandsIn(script).some((command) => pattern.test(plain(command)));

/** True if a script loops or retries: a wait in a loop ends as soon as the thing it waits for is ready. */
export const isLoop = (script: string): boolean =>
  /\b(?:for|while|until)\b[\s\S]*\bdo\b/.test(script) || /\b(?:retry|retries|attempt)/i.test(script);

/** Kinds of work. A step may do several. */
export type Kind =
  | 'test'
  | 'check'
  | 'build'
  | 'image'
  | 'machine-image'
  | 'database'
  | 'infrastructure'
  | 'deploy'
  | 'publish';

/** Commands whose words are names of images, files or resources, and say nothing about tests or checks. */
const NAMES_ONLY =
  /^(?:docker (?!run|exec)|podman|buildah|kind |minikube|k3d|kubectl|helm|aws|gcloud|az|terraform|tofu|pulumi|git|gh|cp|mv|rm|tar|zip|unzip|curl|wget|chmod|apt|apk|brew|choco|rsync|scp|ssh|npm (?:ci|i|install)|yarn (?:install|add)|pnpm (?:i|install|add)|pip3?|pipx|gem install|cargo install|go install|composer (?:install|require|update|dump\S*)|playwright install|ansible|rustup|find|sed|awk|jq)/;

/** The words of a command that may name tests or checks. */
const wordsOf = (command: string): string =>
  NAMES_ONLY.test(command) ? '' : command.replace(/ (?:-t|--tag|--name|-f|--file|-o|--output)[ =]\S+/g, '');

const TESTS =
  /\b(?:tests?|unit|integration|jest|vitest|pytest|rspec|phpunit|spec|ctest|tox|nox|dusk|cypress|playwright|selenium|e2e|end-to-end|acceptance|smoke|newman|k6|nextest|lhci|lighthouse|behat|codecept\w*|maestro|detox)\b/i;
/** Gradle's names of tasks, such as `testReleaseUnitTest`. */
const TEST_TASKS = /\b(?:test[A-Z]\w*|\w+Test)\b/;
/** Commands that test unless they are told not to. */
const ALSO_TESTS =
  /^(?:(?:\.\/)?gradlew? (?:.* )?(?:build|check)\b|(?:\.\/)?mvnw? (?!.*skipTests)(?:.* )?(?:package|verify|install)\b)/;
const CHECKS =
  /\b(?:eslint|lint\w*|oxlint|pre-commit|gitleaks|trufflehog|scorecard|scan-action|osv-scanner|dependency-check|depcheck|knip|dprint|standardrb|erb-?lint|phpmd|phpcs|php-cs-fixer|rector|swiftlint|swiftformat|isort|pyright|yamllint|cfn-lint|kubeconform|kube-linter|conftest|terrascan|kics|clang-tidy|clang-format|cppcheck|svelte-check|astro check|vue-tsc|pip-audit|cargo deny|buf (?:lint|breaking)|spectral|sqlfluff|stylelint|prettier|biome|sonar\w*|codeql|semgrep|phpstan|psalm|pint|mypy|pylint|flake8|ruff|black|rubocop|brakeman|clippy|fmt|scalafmt\w*|checkstyle|checkov|tflint|tfsec|spotbugs|detekt|ktlint|credo|dialyzer|golangci-lint|gosec|staticcheck|vet|trivy|grype|snyk|bandit|shellcheck|hadolint|actionlint|audit|lychee|htmlproofer|link-?check\w*|markdownlint\S*|vale|codespell|cspell|analy[sz]e|check-?types|type-?check|tsc|dotnet[- ]format|format[-:]check|check[-:]format\w*|formatted|formatting)\b/i;
/** A command that also tests or builds is not only a check. */
const BUILDS = /\b(?:build|test|compile|package|deploy)\b/i;

const COMMANDS: readonly [Kind, RegExp][] = [
  [
    'image',
    /^(?:(?:docker|podman) (?:build|buildx (?:build|bake)|compose build)|buildah bu(?:il)?d|ko (?:build|publish)|pack build|skaffold build|sbt .*docker:publish\w*|earthly .*\+(?:docker|image)\S*|(?:\.\/)?(?:gradlew?|mvnw?) .*(?:jib|build-?image))\b/i,
  ],
  ['machine-image', /^packer build\b/],
  [
    'build',
    /^(?:(?:npm|yarn|pnpm|bun)(?: workspaces? \S+)?(?: -\S+)*(?: run)?(?: -\S+(?: \S+)?)* \S*build\S*|(?:deno task|just|task|rake|earthly) \S*build\S*|(?:hatch|python3? -m|swift|nix|eas|melos run) build\b|(?:bin\/)?(?:rails|rake) assets:precompile|(?:bash |sh )?\.{0,2}[\w./-]*\bbuild[\w-]*\.(?:sh|py|js|mjs|ts)\b|mdbook build|doxygen|@11ty\/eleventy|expo export|ninja\b|meson compile|(?:hugo|jekyll|mkdocs(?! gh-deploy)|sphinx-build|zola|eleventy|astro|vite|next|nuxt|ng|docusaurus|gatsby|hexo|vercel)\b.*(?:build|-|$)|make(?: -\S+)* \S*build\S*|(?:\.\/)?gradlew? (?:.* )?(?:[\w:-]*:)?(?:build|assemble\w*|bundle\w*|bootJar|jar|war|installDist|shadowJar)\b|(?:\.\/)?mvnw? (?:.* )?(?:package|verify|install)\b|cargo build|go build|dotnet (?:build|publish)|sam build|bazel(?:isk)? build|mix (?:compile|release|assets)|sbt .*(?:compile|package|assembly|stage)|turbo (?:run )?.*build|nx .*build|cmake (?!-)|xcodebuild|fastlane .*(?:build|gym)|msbuild|flutter build|make(?: -\S+(?: \S+)?)*(?: (?:build|compile|all|dist|html|docs)\b|$))/,
  ],
  [
    'database',
    /^(?:\S*(?:rails|rake) (?:db:|parallel:(?:setup|prepare|create))|(?:python3? )?\S*manage\.py (?:migrate|loaddata)|mix (?:ecto\.|run \S*seed)|(?:php )?\S*artisan (?:migrate|db:seed)|flask db upgrade|prisma (?:migrate|db)|alembic upgrade|sqlx (?:database|migrate)|flyway|liquibase|pg_restore|knex (?:migrate|seed)|sequelize(?:-cli)? db:|typeorm migration:run|dotnet ef database|diesel (?:database|migration)|(?:npm|yarn|pnpm)(?: run)? \S*(?:migrat|seed)\S*|make (?!\S*check)\S*(?:migrat|seed)\S*|\.?\/?\S*(?:migrate|seed)\S*\.(?:sh|py|rb|js|ts)\b)/,
  ],
  [
    'infrastructure',
    /^(?:(?:terraform|tofu) apply|make (?:.* )?\S*(?:terraform|tofu|tf)-apply|terragrunt (?:run-all )?apply|pulumi up|cdk deploy|aws cloudformation (?:deploy|create-stack|update-stack)|az deployment \w* ?create|eksctl create|aws (?:rds|elbv2) create-)\b/,
  ],
  [
    'deploy',
    /^(?:kubectl (?:apply|rollout|set image|replace|patch)|helm(?:file)? (?:upgrade|install|apply|sync)|argocd app (?:sync|wait|set)|flux reconcile|aws (?:ecs (?:update-service|deploy|wait)|lambda (?:update-function|publish)|deploy |elasticbeanstalk|apprunner|s3 sync|cloudfront create-inv|ssm send-command|autoscaling start-instance-refresh|amplify)|eb deploy|cf (?:push|deploy|v3-)|gcloud (?!components|auth|config).*\b(?:deploy|update|rolling-action)\b|gsutil .*rsync|az (?!deployment|config|extension|login|account|bicep|acr).*\b(?:deploy\w*|up|update|swap|config)\b|serverless deploy|sls deploy|sam deploy|fly(?:ctl)? deploy|wrangler (?:deploy|publish|pages)|vercel\b(?! (?:build|pull)).*(?:deploy|--prod)|netlify deploy|firebase deploy|heroku |git push (?:heroku|dokku|production)|cap \w+ deploy|dep deploy|kamal (?:deploy|redeploy)|ansible-playbook|(?:rsync|scp|ssh)(?=\s)|nomad (?:job )?run|docker stack deploy|railway up|doctl apps|func azure functionapp publish|swa deploy|sst deploy|lftp\b|eas update|mkdocs gh-deploy|copilot (?:svc )?deploy|fastlane .*(?:upload|beta|release|deploy|deliver|pilot|supply|internal|production)|eas submit|skaffold (?:run|deploy)|waypoint|oc (?:apply|rollout|process))/,
  ],
  [
    'deploy',
    /^(?=(?:npm|yarn|pnpm|bun|make|rake|just|task|bash|sh|python3?)\b|\.{0,2}\/?[\w.-]*\/)(?!.*(?:--dry-?run|\bbuild|publish|migrat|\bpush|-notes|-tag\b))(?:\S+ ){0,2}\S*\b(?:deploy|release|roll-?out|ship|promote)\b/,
  ],
  [
    'publish',
    /\b(?:docker (?:push|buildx build .*--push|compose push)|podman push|buildah push|skopeo copy|semantic-release|release-it|goreleaser|standard-version|(?:changeset|lerna) (?:publish|version)|git (?:push|tag)|ko (?:build|publish)|(?:gradlew?|mvnw?) .*(?:jib|publish|deploy)|helm push|npm publish|twine upload|make \S*(?:publish|push)\S*|gem push|cargo publish|aws s3 (?:cp|sync)|gsutil|gcloud (?:storage|builds)|az (?:storage|acr)|gh release|curl .*(?:-T|-X POST|--upload-file)|scp|rsync|rclone|\S*push\S*\.sh|sam package)\b/,
  ],
];

const ACTIONS: readonly [Kind, RegExp][] = [
  ['image', /^(?:docker\/(?:build-push-action|bake-action)|redhat-actions\/buildah-build|\S*kaniko)/],
  ['machine-image', /packer-(?:github-actions|build)/],
  ['test', /^(?:cypress-io\/github-action|\S*playwright)/],
  ['check', CHECKS],
  [
    'infrastructure',
    /^(?:pulumi\/actions|aws-actions\/aws-cloudformation|azure\/arm-deploy|dflook\/terraform-apply)/i,
  ],
  [
    'deploy',
    /(?:deploy(?!ments?\b|ment-status)|publish-?pages|ssh-action|scp-action|rsync|wrangler-action|vercel-action|actions-netlify|gh-pages|cg-cli-tools|cf-cli|functions-action|upload-google-play|\/(?:release|rollout)$|argocd|helm-(?:upgrade|deploy))/i,
  ],
  [
    'publish',
    /^(?:actions\/(?:upload-artifact|upload-pages-artifact)|docker\/(?:build-push-action|bake-action)|softprops\/action-gh-release|goreleaser\/|ko-build\/|(?!\S*(?:sarif|test|coverage|report|codecov))\S*(?:push|publish|upload|release|changesets|-tag|bump|version))/,
  ],
];

/** The commands of a step: its script, or that of an input of an action that runs one elsewhere. */
export const scriptIn = ({ run, with: inputs }: FileStep): string =>
  run ??
  [inputs.script, inputs.command, inputs.inlineScript].filter((text) => typeof text === 'string').join('\n');

const known = new WeakMap<FileStep, ReadonlySet<Kind>>();

/** The kinds of work that a step does, with the steps of the action that it uses. */
export function kindsOf(step: FileStep): ReadonlySet<Kind> {
  const before = known.get(step);
  if (before) return before;
  const kinds = new Set<Kind>(
    allSteps([step]).flatMap((inner) => [
      ...ACTIONS.filter(([, pattern]) => pattern.test((inner.uses ?? '').replace(/@.*/, ''))).map(
        ([kind]) => kind,
      ),
      ...commandsIn(scriptIn(inner)).flatMap((command) => kindsOfCommand(plain(command))),
    ]),
  );
  // What an action of the repository runs may hide what it is for.
  if (step.steps && /\/deploy\b(?!-)/.test(step.uses ?? '')) kinds.add('deploy');
  if (kinds.size === 0 && step.name !== null && (step.uses || commandsIn(scriptIn(step)).length > 0)) {
    if (/^(?:deploy|roll ?out|release|promote)\b/i.test(step.name)) kinds.add('deploy');
    else if (step.uses && !step.uses.startsWith('actions/') && TESTS.test(step.name)) kinds.add('test');
    else if (/\b(?:databases?|migrations?|seeds?)\b/i.test(step.name) && !/check/i.test(scriptIn(step)))
      kinds.add('database');
    else if (CHECKS.test(step.name) && !NAMES_ONLY.test(commandsIn(scriptIn(step))[0] ?? ''))
      kinds.add('check');
  }
  known.set(step, kinds);
  return kinds;
}

function kindsOfCommand(command: string): Kind[] {
  const kinds = COMMANDS.filter(([, pattern]) => pattern.test(command)).map(([kind]) => kind);
  const words = wordsOf(command);
  if (/^snyk\b/.test(command)) return ['check'];
  if (TESTS.test(words) || /\bcoverage\b/.test(words) || TEST_TASKS.test(words) || ALSO_TESTS.test(command))
    kinds.push('test');
  // Autotools and many projects run their tests by these targets.
  if (/^make(?: -\S+)* (?:check|verify|ci)\b/.test(command)) kinds.push('test');
  if (/^(?:npm|yarn|pnpm|bun)(?: run)? (?:check|verify)(?:$|[ :])/.test(command)) kinds.push('check');
  if (CHECKS.test(words) && !BUILDS.test(words)) kinds.push('check');
  return kinds;
}

/** The items that a loop of a step's script goes through one after the other, and its body; `null` without such a loop. */
export function loopIn(
  step: FileStep,
  env: Record<string, unknown> = {},
): { items: number; body: string } | null {
  const script = scriptIn(step);
  const [, list = '', body = ''] =
    /\bfor \w+ in ([^;\n]+?)\s*(?:;|\n)\s*do\b([\s\S]*?)\bdone\b/.exec(script) ?? [];
  const [, name = ''] = /^"?\$\{?(\w+)(?:\[@\])?\}?"?$/.exec(list.trim()) ?? [];
  const assigned = [...script.matchAll(/\b(\w+)=["'(]([^"')]*)/g)].find(
    ([, variable]) => variable === name,
  )?.[2];
  const words = name === '' ? list : (assigned ?? String(step.env?.[name] ?? env[name] ?? '$'));
  const items = words.trim().split(/\s+/);
  // Commands in the background run in parallel, and nobody knows how many items a command returns.
  if (list === '' || /[$`*(]/.test(words) || /(?<!&)&\s*(?:$|\n|done)/m.test(body)) return null;
  return items.length > 1 ? { items: items.length, body } : null;
}
