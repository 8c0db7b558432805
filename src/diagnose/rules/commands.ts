import { allSteps, type FileStep } from '../../model/workflow-file.ts';

/** What the commands of a script and the actions of a step do, without running a shell. */

/** Words before a command that do not change what it does: `sudo`, `time`, assignments, `npx`. */
const PREFIXES =
  /^(?:(?:sudo(?: -\S+)*|time|exec|command|nice|env|corepack|if|then|else|do|!|retry|xvfb-run(?: -\S+)*|npx(?: --?\S+)*|npm exec(?: --?\S+)*|bunx|uvx|pipx run|bundle exec|(?:pnpm|yarn)(?: --?\w+ \S+)* (?:exec|dlx)|(?:poetry|uv|pipenv|pdm|hatch|rye) run(?: --\S+)*|(?:doppler|infisical|op|devbox|dotenvx) run (?:\S+ )*?--|(?:aws-vault|chamber|mise|direnv) (?:exec|x) (?:\S+ )*?--?|dotenv (?:-\S+ \S+ )*--|(?:\.\/)?vendor\/bin\/(?=dep |envoy )|(?:\.\/)?node_modules\/\.bin\/|(?:yarn|pnpm|bun)(?= (?:playwright|cypress|prisma|vercel|turbo|nx|lerna|serverless|sls|sst|cdk|cdktf|wrangler|netlify|firebase|heroku|pulumi|eas|expo|knex|typeorm|drizzle-kit|next|nuxt|gatsby|astro|vite|ng|webpack) ))\s+|[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\S*)\s+|timeout \S+\s+)+/;

/** Commands that take no time worth measuring. */
const TRIVIAL =
  /^(?:do|then|else|cd|pushd|popd|echo|printf|set|export|source|\.|pwd|ls|true|:|mkdir|cat|test|\[|fi|done|for|while|until|sleep|exit|node -v|npm -v)(?:\s|$)/;

/** The commands of a script, in order, without comments and trivial commands. */
export function commandsIn(script: string): string[] {
  return script
    .replace(/\\\r?\n/g, ' ')
    .replace(/\$\{\{.*?\}\}/g, (expression) => expression.replace(/\s+/g, ''))
    .split(/\r?\n|&&|\|\||;|(?<!\|)\|(?!\|)/)
    .map((command) =>
      command
        .trim()
        .replace(/^(?:\w+="?\$)?\(+/, '')
        .replace(PREFIXES, '')
        .trim(),
    )
    .filter((command) => command !== '' && !command.startsWith('#') && !TRIVIAL.test(command));
}

/** Options before a subcommand, such as those of `kubectl -n shop apply`. */
const OPTIONS =
  /^(\S+)(?: (?:-(?:-namespace|-context|-kubeconfig|-file|-project-name|-prefix|-filter|-cwd|-region|-profile|-project|-workspace|n|f|p|F|C|w)(?: |=)(?:"[^"]*"|\S+)|-chdir=\S+|-[a-zA-Z]|--[\w-]+(?:=\S+)?))+ /;

/** A command without options before its subcommand, and as it runs inside a container of Compose. */
export function plain(command: string): string {
  const bare = command
    .replace(/^docker-compose\b/, 'docker compose')
    .replace(/^docker compose/, 'compose')
    .replace(/^(docker|podman) (?:image|builder) (?=build|push|pull)/, '$1 ')
    .replace(/^(?:nerdctl|finch) (?=build|push|pull)/, 'docker ')
    .replace(/^docker buildx b /, 'docker buildx build ')
    .replace(/^cmake --build /, 'cmake build ');
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
  /^(?:docker (?!run|exec)|podman|buildah|kind |minikube|k3d|kubectl|helm|aws|gcloud|az|terraform|tofu|pulumi|(?:git|gh|cp|mv|rm|tar|zip|unzip|curl|wget|chmod|apt|apk|brew|choco|rsync|scp|ssh|ansible|find|sed|awk|jq)(?![\w-])|apt-get|ansible-(?:playbook|galaxy)|npm (?:ci|i|install)|yarn (?:install|add)|pnpm (?:i|install|add)|pip3?|pipx|gem install|cargo install|go install|composer (?:install|require|update|dump\S*)|playwright install|rustup)/;

/** The words of a command that may name tests or checks. */
const wordsOf = (command: string): string =>
  NAMES_ONLY.test(command)
    ? ''
    : // `-t` names the targets of a build tool.
      /^(?:nx|turbo|lerna|moon)\b/.test(command)
      ? command
      : command.replace(
          / (?:-t|--tag|--name|-f|--file|-o|--output|-x|--exclude-task)[ =]\S+| (?:-e|--env)[ =]\w+=\S+| -D\S*skip\S*| --no-tests?\b/gi,
          '',
        );

/** Words, or parts of words with `\w*`, as one pattern. */
const anyOf = (words: string): RegExp => new RegExp(`\\b(?:${words.trim().split(/\s+/).join('|')})\\b`, 'i');

const TESTS = anyOf(String.raw`
  tests? unit integration jest vitest pytest rspec phpunit paratest pest spec specs ctest tox nox dusk cypress playwright selenium
  e2e end-to-end acceptance smoke newman k6 nextest lhci lighthouse behat behave codecept\w* cucumber maestro detox mocha ava karma
  jasmine testcafe nightwatch wdio bats gotestsum ginkgo regression artillery locust gatling jmeter patrol pact connected\w*check
  chromatic backstop`);
/** A name of a step that says no more than that it tests. */
const ONLY_TESTS =
  /^(?:run )?(?:the |all )?(?:(?:unit|integration|e2e|end-to-end|browser|acceptance) )?(?:tests?|specs?)(?: (?:in|of|on|with) .*)?$/i;
/** Gradle's names of tasks, such as `testReleaseUnitTest`. */
const TEST_TASKS = /\b(?:test[A-Z]\w*|\w+Test)\b/;
/** Commands that test unless an option says otherwise. */
const ALSO_TESTS =
  /^(?:(?:\.\/)?gradlew? (?:.* )?(?:build|check)\b|(?:\.\/)?mvnw? (?!.*skipTests)(?:.* )?(?:package|verify|install)\b)/;
const CHECKS = anyOf(String.raw`
  eslint lint\w* tslint oxlint xo jshint htmlhint ls-lint pre-commit gitleaks trufflehog ggshield detect-secrets scorecard scan-action
  osv-scanner dependency-check depcheck knip madge depcruise dependency-cruiser dprint standardrb erb-?lint haml-lint slim-lint reek
  rubycritic bundler-audit bundle-audit phpmd phpcs php-cs-fixer ecs rector deptrac larastan swiftlint swiftformat periphery isort
  pyright pyre vulture xenon radon yamllint cfn-lint cfn_nag kubeconform kubeval kube-linter kube-score kubescape polaris datree
  conftest terrascan kics regula infracost clang-tidy clang-format cppcheck svelte-check astro\scheck vue-tsc pip-audit
  cargo\sdeny cargo-deny buf\s(?:lint|breaking) spectral redocly sqlfluff squawk stylelint prettier biome sonar\w* qodana codacy
  codeclimate deepsource codeql semgrep phpstan psalm pint mypy pylint flake8 ruff black rubocop brakeman clippy fmt scalafmt\w*
  scalafix\w* checkstyle\w* checkov tflint tfsec spotbugs\w* spotless\w* pmd\w* detekt\w* ktlint\w* ktfmt\w* credo sobelow dialyzer
  golangci-lint gosec govulncheck nancy revive staticcheck vet trivy grype snyk anchore dockle clair docker-scout fossa whitesource
  mend veracode checkmarx fortify blackduck coverity nexus-iq bandit safety shellcheck shfmt hadolint actionlint zizmor audit lychee
  linkinator muffet htmlproofer link-?check\w* markdownlint\S* vale textlint proselint codespell cspell analy[sz]e licen[cs]es?
  license-checker commitlint editorconfig-checker size-limit bundlesize bundlewatch pa11y axe check-?types type-?check tsc
  dotnet[-\s]format format[-:]check check[-:]format\w* formatted formatting`);
/** A command that also tests or builds is not only a check. */
const BUILDS = /\b(?:build|test|compile|package|deploy)\b/i;

/** A script of the repository, or a target of a runner of tasks, that is run by its name: `make image`, `./image.sh`, `npm run ship`. */
const SCRIPT = String.raw`^(?:(?:npm|yarn|pnpm|bun)(?: run)?(?: --?\S+(?: \S+)?)*? |(?:make|just|task|mage|invoke|inv|rake|moon run|deno task|composer run(?:-script)?|composer)(?: -\S+(?: \.?\/?\S+)?)*? |(?:bash |sh |python3? |node |ruby )?(?=\S*[/.])[\w./-]*?)`;
/** Words in the name of a script. */
const named = (words: string, not = String.raw`\0`): RegExp =>
  new RegExp(`${SCRIPT}(?!\\S*(?:${not}))(?:\\S*[\\W_])?(?:${words})(?:$|[\\s:_.-])`, 'i');

const COMMANDS: readonly [Kind, RegExp][] = [
  [
    'image',
    /^(?:(?:docker|podman) (?:build|buildx (?:build|bake)|compose build)|docker compose up\b.*--build|depot (?:build|bake)|buildah bu(?:il)?d|(?:\/kaniko\/)?executor .*--dockerfile|ko (?:build|publish|apply|resolve)|pack build|nixpacks build|railpack build|s2i build|werf (?:build|converge)|skaffold (?:build|run)|kamal (?:build|deploy|redeploy|setup)|copilot (?:svc )?deploy|gcloud (?:beta )?builds submit|az acr build|heroku container:push|sbt .*docker:publish\w*|sbt .*Docker\/publish\w*|earthly .*\+(?:docker|image|container)\S*|dagger .*(?:build|publish|image)|dotnet publish .*PublishContainer|bazel(?:isk)? run .*(?:image|docker|oci|push)|(?:\.\/)?(?:gradlew?|mvnw?) .*(?:jib|build-?image|dockerBuild|buildDocker|docker:build|docker:push|dockerPush))\b/i,
  ],
  [
    'image',
    named(
      'images?|docker|containers?|dockeri[sz]e',
      'pull|scan|test|lint|login|clean|prune|down|stop|logs?|deploy|sign|tag|verify|check|url|name|exists|wait|assets|optimi[sz]e|compress|resize|up\\b|run\\b(?! )',
    ),
  ],
  [
    'machine-image',
    /^(?:packer build|aws imagebuilder start|az image builder run|gcloud compute images create)\b/,
  ],
  [
    'build',
    /^(?:(?:npm|yarn|pnpm|bun)(?: workspaces? \S+)?(?: -\S+)*(?: run)?(?: -\S+(?: \S+)?)* \S*(?:build|bundle(?!-)|webpack|storybook)\S*|(?:npm|pnpm|bun) run(?: -\S+)* (?:prod|production|compile|dist|generate|export|package|assets)(?:$|[\s:])|yarn (?:run )?(?:prod|production|compile|dist|generate|export|package|assets)(?:$|[\s:])|(?:deno task|just|task|rake|mage|invoke|inv|earthly|moon run) \S*build\S*|(?:hatch|python3? -m|poetry|uv|swift|nix|zig|eas|melos run|stack|cabal(?: new-)?|dune|trunk|wasm-pack|tauri|cross|gulp|grunt|ionic|cordova|jupyter lite|goreleaser|ncc|tsup|rollup|esbuild|parcel|webpack|electron-builder|electron-forge|quarto|antora|vuepress|vitepress|bundle)(?: --?\S+)* (?:build|package|make|render|compile)\b|(?:webpack|rollup|esbuild|gulp|grunt|electron-builder|antora|asciidoctor|latexmk|ant)(?:\s|$)(?! --version)|lein (?:uberjar|compile|cljsbuild)|clo?jure? .*-T:build|cdk(?:tf)? synth|(?:serverless|sls) package|(?:bin\/)?(?:rails|rake) assets:precompile|(?:php )?\S*bin\/console asset\S*|(?:bash |sh )?\.{0,2}[\w./-]*\b(?:build|compile|bundle|package)[\w-]*\.(?:sh|py|js|mjs|ts)\b|mdbook build|doxygen|@11ty\/eleventy|expo (?:export|prebuild)|ninja\b|meson compile|scons\b|(?:hugo|jekyll|mkdocs(?! gh-deploy)|sphinx-build|zola|eleventy|astro|vite|next|nuxt|ng|docusaurus|gatsby|hexo|vercel)\b.*(?:build|generate|-|$)|make(?: -\S+)* \S*build\S*|(?:\.\/)?gradlew? (?:.* )?(?:[\w:-]*:)?(?:build|assemble\w*|bundle\w*|bootJar|jar|war|installDist|shadowJar|distZip|distTar|nativeCompile|package\w*)\b|(?:\.\/)?mvnw? (?:.* )?(?:compile|package|verify|install)\b|cargo (?:build|zigbuild|leptos build|lambda build|install --path)|go (?:build|install \.)|dotnet (?:build|publish|pack)|sam build|bazel(?:isk)? build|pants .*package|mix (?:compile|release|assets)|rebar3 (?:compile|release|tar)|sbt .*(?:compile|package|assembly|stage|fastOptJS|fullOptJS)|turbo (?:run )?.*build|nx .*build|lerna run build|rush (?:re)?build|cmake (?!-)|cmake --build|xcodebuild(?! -(?:downloadPlatform|version|runFirstLaunch|license))|fastlane .*(?:build|gym)|msbuild|flutter build|make(?: -\S+(?: \S+)?)*(?: (?:build|compile|all|dist|html|docs|bundle|package)\b|$))/,
  ],
  [
    'database',
    /^(?:\S*(?:rails|rake) (?:db:|parallel:(?:setup|prepare|create))|(?:python3? )?\S*manage\.py (?:migrate|loaddata)|mix (?:ecto\.|run \S*seed)|(?:php )?\S*artisan (?:migrate|db:seed)|(?:php )?\S*bin\/console doctrine:(?:migr|schema|database|fixtures)|flask db upgrade|prisma (?:migrate|db)|drizzle-kit (?:migrate|push)|alembic upgrade|sqlx (?:database|migrate)|goose\b.* up|dbmate|atlas (?:migrate|schema) apply|migrate .*-(?:path|database|source)|flyway|liquibase|pg_restore|psql .*(?:-f |<)|mysql .*<|mongorestore|supabase (?:db|migration)|hasura migrate|knex (?:migrate|seed)|sequelize(?:-cli)? db:|typeorm migration:run|dotnet ef database|diesel (?:database|migration)|(?:npm|yarn|pnpm|bun)(?: run)? (?:\S*(?:migrat|seed)\S*|db:\S+)|make (?!\S*check)\S*(?:migrat|seed)\S*|\.?\/?\S*(?:migrate|seed)\S*\.(?:sh|py|rb|js|ts)\b)/,
  ],
  [
    'infrastructure',
    /^(?:(?:terraform|tofu) apply|make (?:.* )?\S*(?:terraform|tofu|tf|infra\w*)-apply|(?:make|just|task) \S*(?:apply-(?:terraform|tofu|tf|infra)|terraform|tofu|infra\w*)(?:$|\s)|terragrunt (?:run-all |run --all (?:-- )?)?apply|pulumi (?:up|update)|cdk(?:tf)? deploy|aws cloudformation (?:deploy|create-stack|update-stack|execute-change-set)|az (?:deployment|stack) \w* ?create|gcloud (?:infra-manager|deployment-manager) deployments|eksctl (?:create|upgrade)|azd provision|aws (?:rds|elbv2) create-)\b/,
  ],
  [
    'deploy',
    /^(?:kubectl (?:apply|rollout|set image|replace|patch)|helm(?:file)? (?:secrets )?(?:upgrade|install|apply|sync)|kapp deploy|tk apply|werf converge|argocd app (?:sync|wait|set)|flux (?:reconcile|push)|aws (?:ecs (?:update-service|deploy|wait)|lambda (?:update-function|publish)|deploy |elasticbeanstalk|apprunner|s3 sync|cloudfront create-inv|ssm send-command|autoscaling start-instance-refresh|amplify)|eb deploy|(?:ecspresso|ecs-deploy|lambroll|chalice|claudia|arc|apex)\b.*(?:deploy|\S)|zappa (?:deploy|update)|cf (?:push|deploy|v3-)|gcloud (?!components|auth|config).*\b(?:deploy|update|rolling-action|replace)\b|gsutil .*rsync|gcloud storage rsync|az (?!deployment|config|extension|login|account|bicep|acr).*\b(?:deploy\w*|up|update|swap|config|upload-batch|sync)\b|azcopy|azd (?:deploy|up)|serverless deploy|sls deploy|sam deploy|fly(?:ctl)? deploy|wrangler (?:deploy|publish|pages|versions)|vercel\b(?! (?:build|pull)).*(?:deploy|--prod)|netlify deploy|firebase (?:deploy|hosting)|appcenter distribute|supabase functions deploy|convex deploy|heroku (?!container:(?:push|login)|auth|login)|git push (?:heroku|dokku|gigalixir|clever|scalingo|platform|production|live)|(?:gigalixir|clever|scalingo|caprover|koyeb|vapor|mina|envoy run|ampx pipeline-)\s?\S*deploy|(?:platform|upsun) push|surge |s3cmd sync|s3deploy|s5cmd|mc mirror|rclone sync|curl .*(?:deploy[-_]?hook|render\.com\/deploy)|cap \w+ deploy|dep deploy|(?:php )?deployer\S* deploy|pm2 deploy|kamal (?:deploy|redeploy|setup)|ansible-playbook|(?:rsync|scp|ssh|sftp)(?=\s)|nomad (?:job )?run|docker (?:stack deploy|service update|--context)|railway up|doctl apps|func azure functionapp publish|swa deploy|sst deploy|dotnet lambda deploy|ng deploy|lftp\b|ncftpput|eas update|mkdocs gh-deploy|mike deploy|copilot (?:svc )?deploy|fastlane .*(?:upload|beta|release|deploy|deliver|pilot|supply|internal|production)|xcrun (?:altool|notarytool)|butler push|vsce publish|eas submit|skaffold (?:run|deploy)|waypoint|oc (?:apply|rollout|process|start-build|set image)|sqlpackage|gh workflow run|(?:nx|turbo|lerna|moon) .*\bdeploy\b|(?:gh api|curl) .*\/dispatches|(?:\.\/)?gradlew? (?:.* )?(?:\w*appDistributionUpload\w*|publish\w*Bundle|publish\w*Apk|appengineDeploy))/i,
  ],
  [
    'deploy',
    /^(?=(?:npm|yarn|pnpm|bun|make|rake|just|task|mage|inv|invoke|composer|bash|sh|python3?)\b|\.{0,2}\/?[\w.-]*\/)(?!.*(?:--dry-?run|\bbuild|publish|migrat|\bpush|-notes|-tag\b))(?:\S+ ){0,2}\S*\b(?:deploy|release|roll-?out|ship|promote|go-?live)\b/,
  ],
  ['deploy', /^(?:make|just|task) (?:\S+ )?(?!\S*(?:terraform|tofu|tf-|infra))(?:\S*[-_:])?apply\b/],
  [
    'publish',
    /\b(?:sbt .*(?:docker:|Docker\/)publish\w*|docker (?:push|buildx build .*--push|buildx bake .*--push|compose push)|depot (?:build|bake) .*--push|podman push|buildah push|crane (?:push|copy|tag)|skopeo copy|oras push|semantic-release|release-it|goreleaser|standard-version|(?:changeset|lerna) (?:publish|version)|git (?:push|tag)|ko (?:build|publish)|kamal build|pack build .*--publish|gcloud builds|heroku container:push|(?:gradlew?|mvnw?) .*(?:jib|publish|deploy)|helm push|(?:npm|yarn|pnpm|bun|cargo|poetry|uv|hatch|flit|dart pub|flutter pub|mix hex\.) ?publish|twine upload|(?:dotnet )?nuget push|pod trunk push|(?:make|just|task) \S*(?:publish|push|upload)\S*|gem push|luarocks upload|aws s3 (?:cp|sync)|aws s3api put|gsutil|gcloud (?:storage|builds)|az (?:storage|acr)|gh release|curl .*(?:-T|-X POST|-X PUT|--upload-file)|scp|rsync|rclone|\S*(?:push|upload|publish)\S*\.sh|sam package)\b/,
  ],
];

/** The inputs of an action say which command it runs: `args: deploy` of flyctl-actions is `fly deploy`. */
const TOOL_OF: readonly [RegExp, string][] = [
  [/\/flyctl-actions/, 'fly'],
  [/^serverless\/github-action/, 'serverless'],
  [/firebase-action$/, 'firebase'],
  [/wrangler-action$/, 'wrangler'],
  [/^pulumi\/actions/, 'pulumi'],
  [/^netlify\/actions/, 'netlify'],
  [/^actions-hub\/kubectl/, 'kubectl'],
  [/gradle-(?:build|command|cache)-action$/, './gradlew'],
  [/^actions-rs\/cargo/, 'cargo'],
  [/^(?:earthly|dagger)\/\S*action|dagger-for-github/, 'dagger'],
  [/terragrunt-action$/, 'terragrunt'],
  [/^goreleaser\/goreleaser-action/, 'goreleaser'],
  [/(?:helmfile|helm)-\S*action$/, 'helm'],
  [/^game-ci\/unity-builder/, 'unity-builder'],
  [/actions\/cdk|aws-cdk|cdk-github-actions/, 'cdk'],
];

const ACTIONS: readonly [Kind, RegExp][] = [
  [
    'image',
    /^(?:(?:docker|depot|useblacksmith)\/(?:build-push-action|bake-action)|redhat-actions\/(?:buildah-build|s2i-build)|\S*kaniko|\S*(?:docker|image|container|ecr|gcr)-?(?:build|publish|push)|\S*build-?(?:and-?push-?)?(?:docker|image|container)|\S*(?:ecr|gcr|dockerhub)-(?:action|push)|elgohr\/publish-docker|mr-smith-org\/|whoan\/docker-build|buildpacks\/)/i,
  ],
  ['machine-image', /packer-(?:github-actions|build)|hashicorp\/packer/],
  [
    'build',
    /^(?:pypa\/cibuildwheel|pyo3\/maturin-action|game-ci\/unity-builder|withastro\/action|\S*(?:jekyll|hugo|mkdocs|zola|gatsby)-?build)/i,
  ],
  [
    'test',
    /^(?:cypress-io\/github-action|\S*playwright|reactivecircus\/android-emulator-runner|game-ci\/unity-test|grafana\/(?:run-)?k6|matt-ball\/newman|treosh\/lighthouse|chromaui\/action|percy\/|browserstack\/|saucelabs\/|\S*(?:wait-(?:for|on)-(?:status-)?checks?)\b)/,
  ],
  ['check', CHECKS],
  [
    'infrastructure',
    /^(?:aws-actions\/aws-cloudformation|azure\/(?:arm|bicep)-deploy|\S*\b(?:terraform|tofu|terragrunt)\b\S*\bapply\b|gruntwork-io\/terragrunt-action|hashicorp\/tfc-workflows\S*apply)/i,
  ],
  [
    'deploy',
    /^(?!\S*(?:airbrake|rollbar|sentry|newrelic|new-relic|datadog|honeybadger|bugsnag|appsignal|slack|notif))\S*(?:(?<!arm-|bicep-|github-)deploy(?!ments?\b|ment-status)|(?<=pages-)deploy|publish-?pages|ssh-action|scp-action|ssh-execute|remote-ssh|rsync|ftp-|wrangler-action|vercel-action|actions-netlify|gh-pages|pages-action|cg-cli-tools|cf-cli|functions-action|static-web-apps|upload-google-play|upload-testflight|app-store|firebase-distribution|app_action|beanstalk|codedeploy|dokku|caprover|coolify|portainer|capistrano|s3-sync|k8s-|kubectl|helmfile|\/(?:release|rollout)$|argocd|repository-dispatch|workflow-dispatch|helm-(?:upgrade|deploy))/i,
  ],
  [
    'publish',
    /^(?:actions\/(?:upload-artifact|upload-pages-artifact)|(?:docker|depot|useblacksmith)\/(?:build-push-action|bake-action)|softprops\/action-gh-release|goreleaser\/|ko-build\/|(?!\S*(?:sarif|test|coverage|report|codecov))\S*(?:push|publish|upload|release|changesets|-tag|bump|version))/i,
  ],
];

/** The commands that a step runs on the runner: its script, or the arguments of a tool that an action runs. */
export function ownScriptOf({ run, uses, with: inputs }: FileStep): string {
  if (run !== null) return run;
  const [, tool] = TOOL_OF.find(([action]) => action.test((uses ?? '').replace(/@.*/, ''))) ?? [];
  if (tool === undefined) return /emulator-runner|xvfb|\/retry@/.test(uses ?? '') ? textOf(inputs, RUNS) : '';
  const lines = textOf(inputs, ARGUMENTS).split('\n');
  return lines.map((line) => (line.startsWith(`${tool} `) ? line : `${tool} ${line.trim()}`)).join('\n');
}
const RUNS = ['script', 'run', 'command', 'options'];
const ARGUMENTS = ['command', 'args', 'arguments', 'tg_command', 'cmd'];
const textOf = (inputs: FileStep['with'], names: readonly string[]): string => {
  const texts = names.map((name) => inputs[name]).filter((text) => typeof text === 'string');
  return texts.join(texts.some((text) => text.includes('\n')) ? '\n' : ' ');
};

/** The commands of a step, also those that its action runs on another machine. */
export const scriptIn = (step: FileStep): string =>
  ownScriptOf(step) ||
  [step.with.script, step.with.command, step.with.inlineScript]
    .filter((text) => typeof text === 'string')
    .join('\n');

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
  // The steps of an action of the repository may hide what it is for.
  if (step.steps && /\/deploy\b(?!-)/.test(step.uses ?? '')) kinds.add('deploy');
  if (kinds.size === 0 && step.name !== null && (step.uses || commandsIn(scriptIn(step)).length > 0)) {
    if (/^(?:deploy|roll ?out|release(?! notes)|promote|apply|go live|swap)\b/i.test(step.name))
      kinds.add('deploy');
    else if (
      step.uses ? !step.uses.startsWith('actions/') && TESTS.test(step.name) : ONLY_TESTS.test(step.name)
    )
      kinds.add('test');
    else if (/\b(?:databases?|migrations?|seeds?)\b/i.test(step.name) && !/check/i.test(scriptIn(step)))
      kinds.add('database');
    else if (CHECKS.test(step.name) && !NAMES_ONLY.test(commandsIn(scriptIn(step))[0] ?? ''))
      kinds.add('check');
  }
  known.set(step, kinds);
  return kinds;
}

export function kindsOfCommand(command: string): Kind[] {
  const kinds = COMMANDS.filter(([, pattern]) => pattern.test(command)).map(([kind]) => kind);
  const words = wordsOf(command);
  // A copy from a bucket to the runner changes nothing.
  if (/^aws s3 (?:cp|sync|mv) (?:--\S+ )*["']?s3:\/\/\S*(?: --\S+)* (?!["']?s3:)/.test(command)) return [];
  if (/^(?:snyk|(?:\S*\/)?pint|php artisan (?:enlightn|insights))\b/.test(command)) return ['check'];
  // The broker of Pact only knows which versions were tested together.
  if (/pact-(?:cli )?broker|can-i-deploy|record-deployment/.test(command)) return kinds;
  if (TESTS.test(words) || /\bcoverage\b/.test(words) || TEST_TASKS.test(words) || ALSO_TESTS.test(command))
    kinds.push('test');
  // Autotools and many projects run their tests by these targets.
  // Beside another target, such a word chooses settings.
  if (kinds.length === 0 && /^make(?: -\S+)* (?:check|verify|ci)\b|^rake$/.test(command)) kinds.push('test');
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
  const lines = /\bwhile [^;\n]*\bread\b[^;\n]*(?:;|\n)\s*do\b([\s\S]*?)\bdone\s*<<<\s*"?\$\{?(\w+)/.exec(
    script,
  );
  if (lines) {
    const items = String(step.env?.[lines[2] ?? ''] ?? env[lines[2] ?? ''] ?? '')
      .trim()
      .split('\n').length;
    return items > 1 ? { items, body: lines[1] ?? '' } : null;
  }
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
