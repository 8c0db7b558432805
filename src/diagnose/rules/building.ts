import { allSteps, type FileStep } from '../../model/workflow-file.ts';
import type { PathStep } from '../critical-path.ts';
import { commandsIn, isMostly, kindsOfCommand, ownScriptOf, plain, runsAny } from './commands.ts';
import { OF_BUILD } from './late-builds.ts';
import {
  byCostliest,
  byGroup,
  does,
  type Evidence,
  findingOf,
  hasCache,
  type Hit,
  hitOf,
  LONG_STEP,
  namesIn,
  type Rule,
  scriptOf,
  stepDiff,
  stepsOf,
  UPLOAD,
} from './rule.ts';
import { inFolder, INSTALL } from './setting-up.ts';

/** Rules about builds that are made again, or from nothing. */

/** The product of a build, so that another command that makes it again is known. `null` for another command. */
function productOf(command: string): string | null {
  const gradle = /^(?:\.\/)?gradlew? (?:.* )?(?:build|assemble|jar|bootJar|war|installDist|shadowJar)\b/.test(
    command,
  );
  if (gradle) return 'gradle';
  if (/^(?:\.\/)?mvnw? (?:.* )?(?:package|verify|install|deploy)\b/.test(command)) return 'maven';
  if (/^bazel(?:isk)? (?:build|test)\b/.test(command)) return 'bazel';
  // The tag and the way out say nothing about what is in an image.
  if (/^docker (?:build|buildx build)/.test(command))
    return command
      .replace('buildx build', 'build')
      .replace(
        / (?:-t|--tag|--output|-o|--label|--cache-\w+|--progress)[ =](?:"[^"]*"|\S+)| --(?:push|load|pull)\b/g,
        '',
      )
      .trim();
  const kinds = kindsOfCommand(command);
  // The same words may name another stage or part.
  const isGiven = /(?:inputs|matrix|env)\.|\$\{?(?!GITHUB_)\w/.test(command);
  const isBuild = kinds.includes('image') || (kinds.includes('build') && !kinds.includes('test'));
  return isBuild && !isGiven && !kinds.includes('deploy') ? command.trim() : null;
}

/** The image that an action builds, by all inputs that say what is in it. */
function imageOf({ uses, with: inputs }: FileStep): string | null {
  if (!/\/build-push-action@/.test(uses ?? '')) return null;
  const image = JSON.stringify([inputs.context ?? '.', inputs.file, inputs.target, inputs['build-args']]);
  return /(?:inputs|matrix|vars)\./.test(image) ? null : image;
}

/** The products of a step's actions, and of its commands that match a pattern. */
const productsOf = ({ fileStep }: PathStep, pattern = /^/): string[] =>
  allSteps(fileStep ? [fileStep] : []).flatMap((inner) => {
    const commands = commandsIn(ownScriptOf(inner)).map(plain);
    const products = commands.filter((command) => pattern.test(command)).map(productOf);
    return [...products, imageOf(inner)].filter((product) => product !== null);
  });

/** Names of actions that set up what a job needs. */
const SETS_UP = /set-?up|prepare|workspace|install|bootstrap|init/i;

/** Builds for debugging, and builds of the same tool for a release. */
const CONFIGURATIONS: readonly [debug: RegExp, release: RegExp][] = [
  [
    /^dotnet (?:build|test)\b(?!.*(?:-c|--configuration|-p:Configuration)[ =:]?['"]?Release|.*--no-build)/i,
    /^dotnet (?:build|publish|pack)\b.*(?:-c|--configuration|-p:Configuration)[ =:]?['"]?Release/i,
  ],
  [/^cargo build\b(?!.*--release)/, /^cargo build\b.*--release/],
];

/** Builds for a release after a build for debugging in the same job: the tests could use what is released. */
const builtForDebugFirst = (evidence: Evidence): Hit[] =>
  evidence.path.steps.flatMap((step): Hit[] => {
    const own = stepsOf(step, evidence.path);
    const before = own.slice(0, own.indexOf(step));
    const isAgain = CONFIGURATIONS.some(
      ([debug, release]) =>
        runsAny(scriptOf(step), release) &&
        before.some((other) => runsAny(scriptOf(other), debug)) &&
        !own.some((other) => other !== step && before.includes(other) && runsAny(scriptOf(other), release)),
    );
    if (!isAgain || step.medianSeconds < LONG_STEP) return [];
    return [{ ...hitOf(step, evidence), remains: [0.1, 0.5], advice: ONE_CONFIGURATION }];
  });
const ONE_CONFIGURATION =
  'Build once for release, and test what was built: with .NET, `dotnet test --configuration Release`, then `dotnet publish --no-build`.';

/** Files that a job writes before its build, which may differ between environments. */
const WRITES = /\.env\b|sed -i|envsubst|>>? *[\w./-]+\.(?:json|ya?ml|ts|js|properties)\b/;

/** Images without a value of an environment that are built again for another environment, after tests of the first one. */
export const builtForEach = (evidence: Evidence): Hit[] => {
  const { steps } = evidence.path;
  const groups = byGroup(evidence, (step) => {
    const products = productsOf(step, /^docker (?:build|buildx build)/);
    const isSame = products.length > 0 && products.every((product) => !/\$|build-arg/.test(product));
    if (!isSame || WRITES.test(JSON.stringify(step.fileJob?.steps)) || step.fileStep?.with['build-args'])
      return null;
    return [step.fileStep?.directory ?? step.fileJob?.directory ?? '', ...products].join('\n');
  });
  return groups.flatMap(([first, ...others]) => {
    const again = others.filter(
      (step) =>
        first &&
        step.id !== first.id &&
        step.fileJob?.environment != null &&
        first.fileJob?.environment != null &&
        steps.slice(steps.indexOf(first), steps.indexOf(step)).some((other) => does(other, 'test')),
    );
    return findingOf(evidence, again, { advice: COPY });
  });
};
const COPY =
  'Build the image once, and deploy the one that was tested: copy it to the other registry or give it another tag, with `docker buildx imagetools create --tag NEW OLD`.';

/** Commands that build and push the image that they deploy, and how to deploy one that was pushed before. */
const BUILDS_AGAIN: readonly [command: RegExp, instead: string][] = [
  [/^kamal (?:deploy|redeploy)\b(?!.*(?:--skip-push|-P)\b)/, 'kamal deploy --skip-push'],
  [/^fly(?:ctl)? deploy\b(?!.*(?:--image|-i)[ =])/, 'fly deploy --image'],
  [/^gcloud (?:beta )?run deploy\b.*--source/, 'gcloud run deploy --image'],
];

/** Deployments that build the image again which a step before them has built. */
const builtAgainByDeployment = (evidence: Evidence): Hit[] =>
  evidence.path.steps.flatMap((step): Hit[] => {
    const [, instead] = BUILDS_AGAIN.find(([command]) => runsAny(scriptOf(step), command)) ?? [];
    const before = evidence.path.steps.slice(0, evidence.path.steps.indexOf(step));
    const isPushed = before.some(
      (other) => does(other, 'image') && !does(other, 'deploy', 'test') && does(other, 'publish'),
    );
    if (!instead || !isPushed) return [];
    const label = /kamal/.test(instead) ? ' It needs the label `service` with the name of the service.' : '';
    const advice = `Deploy the image that was built before, with \`${instead}\`, instead of building it again.${label}`;
    const doubt = /^fly/.test(instead) ? { doubt: 'fly.toml may name the image that was built before.' } : {};
    return [{ ...hitOf(step, evidence), ...doubt, advice, remains: [0.4, 0.7] }];
  });

/** Tools that run the build of the framework before they make their own output. */
const BUILDS_ITSELF =
  /^(?:(?:@opennextjs\/cloudflare|opennextjs-cloudflare)(?:@\S+)? build\b(?!.*(?:-s\b|--skip))|(?:@cloudflare\/)?next-on-pages(?:@\S+)?(?:$|\s)(?!.*(?:-s\b|--skip))|(?:vercel|netlify) build\b)/;

/** Builds whose result is thrown away, because a later step of their job, or of another one, runs the same build. */
const thrownAway = (evidence: Evidence): Hit[] =>
  evidence.path.steps.flatMap((step): Hit[] => {
    const ofJob = stepsOf(step, evidence.path);
    // Another job builds it again, unless it takes an artifact.
    const uploads = ofJob.some(({ fileStep }) => UPLOAD.test(fileStep?.uses ?? ''));
    const steps = uploads ? ofJob : evidence.path.steps;
    const after = steps.slice(steps.indexOf(step) + 1);
    const next = after.findIndex(
      (other) => runsAny(scriptOf(other), BUILDS_ITSELF) && inFolder(other, '') === inFolder(step, ''),
    );
    const isOnlyBuild = isMostly(
      scriptOf(step),
      /^(?:next build|(?:npm|pnpm|bun) run build|(?:yarn|pnpm) build)(?:\s|$)/,
    );
    // Tests may look at the first result.
    if (!isOnlyBuild || next < 0 || runsAny(scriptOf(step), BUILDS_ITSELF)) return [];
    const own = after.slice(0, next).filter(({ id }) => id === step.id);
    if (
      own.some((other) => does(other, 'publish') || (does(other, 'test') && OF_BUILD.test(scriptOf(other))))
    )
      return [];
    return [{ ...hitOf(step, evidence), remains: [0, 0.1], advice: DROP }];
  });
const DROP = 'Leave this build out: a later step runs it again and does not use its result.';

export const builtTwice: Rule = {
  id: 'built-twice',
  title: 'The same code is built more than once',
  advice:
    'Build once, upload the result as an artifact or push the image, and use it in the jobs that need it.',
  remains: [0, 0.2],
  cause: 'twice',
  find: (evidence) => {
    const forEach = namesIn(builtForEach(evidence));
    return [
      ...builtForDebugFirst(evidence),
      ...builtForEach(evidence),
      ...thrownAway(evidence),
      ...builtAgainByDeployment(evidence),
      ...byGroup(evidence, (step) => {
        const products = productsOf(step);
        const directory = step.fileStep?.directory ?? step.fileJob?.directory ?? '';
        // Setting up a workspace again is another finding.
        const setsUp =
          step.fileStep?.steps && runsAny(scriptOf(step), INSTALL) && SETS_UP.test(step.fileStep.uses ?? '');
        return products.length === 0 || setsUp || step.fileJob?.hasRemoteCache
          ? null
          : [directory, String(step.fileJob?.env?.COMPOSE_FILE ?? ''), ...products].join('\n');
      }).flatMap((steps) => {
        const [first, ...others] = steps;
        // Tools that know what changed build only once in a job. For two environments, the outputs may differ.
        const environments = (step: PathStep) => step.fileJob?.environment ?? null;
        const again = others.filter(
          (step) =>
            step.id !== first?.id &&
            !others.slice(0, others.indexOf(step)).some(({ id }) => id === step.id) &&
            !(
              first &&
              environments(first) &&
              environments(step) &&
              environments(first) !== environments(step)
            ) &&
            !forEach.includes(`${step.job} / ${step.step}`),
        );
        const settings = ({ fileStep }: PathStep) => Object.keys(fileStep?.env ?? {}).join();
        const isOther = again.some((step) => first && settings(step) !== settings(first));
        return findingOf(evidence, again, isOther ? { doubt: 'The builds have different settings.' } : {});
      }),
    ];
  },
};

const WEB_BUILD = /^(?:npm|yarn|pnpm|bun)(?: run)?(?: --?\S+(?: \S+)?)* \S*build/;

/** Docusaurus puts its pages into `build`, and so do few other tools that make pages. */
const DOCUSAURUS =
  /docusaurus|(?:upload-pages-artifact|gh-pages|github-pages)[^}]*"(?:path|publish_dir|folder|build_dir)":"(?:[^"]*\/)?build\/?"/i;

/**
 * Tools that can keep what they compiled, what a job that lets them do so mentions, and what a job has that uses the tool, if the
 * command does not show it.
 */
const COMPILERS: readonly [tool: string, command: RegExp, cache: RegExp | null, sign?: RegExp][] = [
  ['Gradle', /^(?:\.\/)?gradlew? /, null],
  ['Maven', /^(?:\.\/)?mvnw? /, null],
  [
    'Cargo',
    /^(?:cargo (?:build|test|check|clippy|nextest|run|doc|llvm-cov|zigbuild|leptos|lambda|xtask|install --path)|cross build|wasm-pack build|trunk build|maturin (?:build|develop))\b/,
    null,
  ],
  ['Go', /^(?:go (?:build|test|vet|install \.)|goreleaser (?:release|build))/, null],
  ['Mix', /^mix (?:deps\.(?:get|compile)|compile|test|coveralls|credo|release)\b/, /_build/],
  ['sbt', /^sbt /, /target/],
  [
    'Bazel',
    /^bazel(?:isk)? (?:build|test|run)\b/,
    /disk[-_]cache|repository[-_]cache|remote[-_]cache|actions\/cache/,
  ],
  ['Turborepo', /^(?:pnpm |yarn |npm exec )?turbo (?:run )?\S/, /turbo/],
  ['Nx', /^(?:pnpm |yarn )?nx (?:affected|run-many|build|run)\b/, /nx|actions\/cache/],
  ['SAM', /^sam build\b/, /\.aws-sam/],
  ['Stack', /^(?:stack|cabal) (?:build|test|install)\b/, null],
  ['Dune', /^dune (?:build|test)\b/, /_build|dune-cache/],
  ['Swift', /^swift (?:build|test)\b/, /\.build/],
  ['Nix', /^(?:nix (?:build|flake check)|nix-build)\b/, /cachix|nix-cache|flakehub|attic|cache-nix/],
  [
    'the compiler',
    /^(?:cmake build|ninja|meson compile|(?:python3? )?(?:-m )?pip.* --no-build-isolation)/,
    /ccache/,
  ],
  [
    'the compiler',
    /^make(?: -\S+(?: \d+)?)*(?: all)?$/,
    /ccache/,
    /cmake|configure|\bg?cc\b|g\+\+|clang|autoreconf/,
  ],
  ['Unity', /^unity-builder\b/, /library/i],
  [
    'Next.js',
    /^(?:next build|(?:@opennextjs\/cloudflare|opennextjs-cloudflare)(?:@\S+)? build|(?:@cloudflare\/)?next-on-pages\b)/,
    /\.next/,
  ],
  ['Next.js', WEB_BUILD, /\.next\/?cache|\.next["/]/, /\.next\b|NEXT_(?:PUBLIC|TELEMETRY)/],
  [
    'Gatsby',
    /^(?:gatsby build|(?:npm|yarn|pnpm|bun)(?: run)?(?: --?\S+(?: \S+)?)* \S*build)/,
    /(?<!~\/)\.cache|gatsby/,
    /gatsby|"path":"[^"]*\bpublic\/?"|s3 sync \S*\bpublic\b/i,
  ],
  ['Docusaurus', WEB_BUILD, /node_modules|(?<!~\/)\.cache|\.docusaurus/, DOCUSAURUS],
  ['Docusaurus', /^(?:yarn |pnpm )?docusaurus build/, /node_modules(?!\/?\*\*)|\.cache|\.docusaurus/],
  [
    'Angular',
    /^(?:ng build|(?:npm|yarn|pnpm|bun)(?: run)?(?: --?\S+(?: \S+)?)* \S*build)/,
    /\.angular/,
    /\bng build|\.angular\b/,
  ],
];

/** Options that let Turborepo leave out what did not change. */
const OF_CHANGED = /--affected|--filter[= ]\S*\[|\$\{\{[^}]*(?:filter|changed|affected)[^}]*\}\}/i;

const mayNameCache = (tool: string): string =>
  `The configuration of ${tool} may name a remote cache that the workflow does not show.`;
/** Facts that the files do not show, by tool. */
const DOUBTS: Readonly<Record<string, string>> = {
  Bazel: mayNameCache('Bazel'),
  Nx: mayNameCache('Nx'),
  SAM: 'How many functions a change touches is in no workflow file.',
};
/** Tools that the file only lets one guess. */
const GUESSED = new Set(['Next.js', 'Gatsby', 'Docusaurus']);

/** What remains if a cache that was missing keeps mostly downloads. */
const OF_DOWNLOADS: [number, number] = [0.45, 0.75];
/** The advice for tools whose job keeps nothing of them. */
const NOTHING_KEPT: Readonly<Record<string, string>> = {
  Gradle:
    'Nothing keeps what Gradle downloads: Gradle itself, plugins and libraries. Use `gradle/actions/setup-gradle`, or `cache: gradle` in setup-java. With `--build-cache`, it also keeps what it compiled.',
  Maven: 'Nothing keeps the plugins and libraries that Maven downloads. Set `cache: maven` in setup-java.',
  sbt: 'Nothing keeps sbt, the compilers and the libraries that it downloads. Set `cache: sbt` in setup-java.',
};

const IN_CONTAINER =
  'Keep the caches of the tool with `actions/cache`, and mount them into the container. What a setup action keeps does not reach it.';
const SAM = 'Build with `sam build --cached --parallel`, and keep `.aws-sam` with `actions/cache`.';
/** The folders that tools keep, within the folder of the site or the program. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  'Next.js': ['.next/cache'],
  Gatsby: ['.cache', 'public'],
  Docusaurus: ['node_modules/.cache'],
  Angular: ['.angular/cache'],
  Mix: ['deps', '_build'],
  sbt: ['target', 'project/target'],
};

function keeping(tool: string, folders: readonly string[], hit: Hit): string {
  const isEverywhere = (hit.parts ?? []).length > 1 && tool === 'Next.js';
  const names = folders.map((folder) => `\`${inFolder(hit, isEverywhere ? `**/${folder}` : folder)}\``);
  const more = tool === 'Angular' ? ' Angular needs `ng config cli.cache.environment all` for that.' : '';
  return `Keep ${names.join(' and ')} between runs with \`actions/cache\`.${more}`;
}

export const noCompilerCache: Rule = {
  id: 'no-compiler-cache',
  title: 'A build tool starts from nothing on every run',
  advice:
    "Keep the tool's build cache between runs: its setup action with a cache, `actions/cache`, or a remote cache.",
  diff: (hit) => {
    const script = scriptOf(hit);
    if (/gradlew?\b/.test(script))
      return stepDiff(hit, /^actions\/setup-java@/, { step: 'gradle/actions/setup-gradle@v4' });
    if (/\bsbt\b/.test(script) && hasCache({ fileJob: hit.fileJob ?? null }, 'sbt')) return null;
    if (/\bsbt\b/.test(script)) return stepDiff(hit, /^actions\/setup-java@/, { inputs: ['cache: sbt'] });
    if (/mvnw?\b/.test(script)) return stepDiff(hit, /^actions\/setup-java@/, { inputs: ['cache: maven'] });
    const isCargo = /^cargo/m.test(script);
    return isCargo ? stepDiff(hit, /^actions\/checkout@/, { step: 'Swatinem/rust-cache@v2' }) : null;
  },
  remains: [0.3, 0.7],
  find: (evidence) =>
    COMPILERS.flatMap(([tool, command, cache, sign]) => {
      const steps = evidence.path.steps.filter((step) => {
        const { fileJob } = step;
        const run = commandsIn(scriptOf(step)).find((line) => command.test(plain(line)));
        if (run === undefined || !fileJob || fileJob.hasRemoteCache) return false;
        if (sign && !sign.test(JSON.stringify(fileJob))) return false;
        if (tool === 'Docusaurus' && /storybook/.test(run)) return false;
        // A cache has nothing of what changed.
        if (tool === 'Turborepo' && OF_CHANGED.test(run)) return false;
        // Tests and checks compile only what no earlier step has compiled.
        const compiles = (other: FileStep) => runsAny(ownScriptOf(other), /^mix (?:deps\.)?compile\b/);
        if (
          /\bmix (?:test|coveralls|credo)\b/.test(run) &&
          (step.medianSeconds < LONG_STEP || allSteps(fileJob.steps).some(compiles))
        )
          return false;
        // A checkout removes what SAM built.
        if (fileJob.keepsDisk && (tool !== 'SAM' || /--cached/.test(run))) return false;
        // In a container, SAM keeps nothing of a function that changed.
        if (does(step, 'deploy') || /--use-container|sam build.* -u\b/.test(run)) return false;
        if (!cache) return !hasCache(step, run);
        const caches = allSteps(fileJob.steps).filter(({ uses }) =>
          /cache|setup-bazel|turbo/.test(uses ?? ''),
        );
        return !caches.some((other) => cache.test(JSON.stringify([other.uses, other.with])));
      });
      const isKept = steps.some((step) => hasCache(step, tool.toLowerCase()));
      return findingOf(evidence, steps)
        .map(byCostliest)
        .map((hit): Hit => {
          const texts: [boolean, string | undefined][] = [
            [tool === 'SAM', SAM],
            [/docker[ -]compose (?:run|exec)|docker run/.test(scriptOf(hit)), IN_CONTAINER],
            [!isKept, NOTHING_KEPT[tool]],
            [true, KEPT[tool] && keeping(tool, KEPT[tool], hit)],
          ];
          const [, advice] = texts.find(([counts, text]) => counts && text) ?? [];
          const doubt = DOUBTS[tool] ?? (sign && GUESSED.has(tool) && `The file only hints at ${tool}.`);
          return {
            ...hit,
            ...(advice ? { advice } : {}),
            ...(advice && advice === NOTHING_KEPT[tool] ? { remains: OF_DOWNLOADS } : {}),
            ...(doubt ? { doubt } : {}),
          };
        });
    }),
};
