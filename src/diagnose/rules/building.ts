import { allSteps, type FileJob, type FileStep, filledIn } from '../../model/workflow-file.ts';
import type { PathJob, PathStep } from '../critical-path.ts';
import type { GraphJob } from '../job-graph.ts';
import {
  commandsIn,
  isMostly,
  kindsOf,
  kindsOfCommand,
  loopIn,
  ownScriptOf,
  plain,
  runsAny,
  scriptIn,
} from './commands.ts';
import {
  byCostliest,
  byGroup,
  deploymentsIn,
  diffIn,
  does,
  type Evidence,
  type Hit,
  hasCache,
  hitOf,
  jobDoes,
  jobOf,
  jobYaml,
  type Rule,
  scriptOf,
  stepDiff,
  stepsOf,
  stepsWhere,
  together,
  usesAction,
} from './rule.ts';
import { INSTALL, inFolder } from './setting-up.ts';

/** Rules about builds and what they hand over. */

const IMAGE =
  /^(?:docker (?:build|buildx build|compose (?:build|up\b.*--build))|podman build|buildah bu(?:il)?d|heroku container:push|kamal (?:build|deploy|redeploy|setup)|copilot (?:svc )?deploy|gcloud builds submit .*(?:-t|--tag)|az acr build|(?:\/kaniko\/)?executor)\b/;
const LAYERS = /--cache-from|cache-from|cache-to|BUILDKIT_INLINE_CACHE|--cache=true|--layers\b/;
/** Builders on other machines, which keep their layers. */
const REMOTE_BUILDER = /depot|blacksmith|nscloud|namespacelabs|setup-docker-builder/;

const COMPOSE = /^docker compose (?:build|up)\b/;
const BAKE =
  'Keep the layers between runs: build the images of the Compose file with `docker buildx bake`, or `docker/bake-action`, and set `cache-from` and `cache-to` for each target.';
const NO_BUILD = ' Then start them without `--build`.';

const KAMAL =
  'Keep the layers between runs: set `cache` of `builder` in config/deploy.yml, such as with `type: registry`.';
const OF_COMMAND =
  'Keep the layers between runs: set up `docker/setup-buildx-action`, sign in to the registry, and then build and push in one step with `docker buildx build --push --cache-from type=registry,ref=IMAGE:cache --cache-to type=registry,ref=IMAGE:cache,mode=max`.';
const ACR =
  'Build with `docker buildx build` and a cache in the registry: `--cache-from type=registry,ref=IMAGE:cache` and `--cache-to type=registry,ref=IMAGE:cache,mode=max`. `az acr build` keeps no layers.';
const INLINE =
  'The image that `--cache-from` names was pushed without its cache, so none of its layers are used. Build with `docker buildx build` and set `cache-to`, or add `--build-arg BUILDKIT_INLINE_CACHE=1`.';

/** True if commands name an image as cache, but nothing writes a cache into it. Docker takes no layers from such an image. */
const hasEmptyCache = (step: Pick<PathStep, 'fileStep' | 'fileJob'>): boolean =>
  runsAny(scriptOf(step), /^docker (?:build|buildx build)\b.*--cache-from[ =](?!\S*type=)/) &&
  !/cache-to|INLINE_CACHE|DOCKER_BUILDKIT\W+0/.test(JSON.stringify([step.fileStep, step.fileJob]));

/**
 * Languages that are compiled from all sources at once, so that a layer with the result is kept only if no file changed: how the
 * jobs of a pipeline show them, and what the Dockerfile has to do.
 */
const COMPILED: readonly [sign: RegExp, advice: string][] = [
  [
    /^(?:cargo|cross|rustup) |dtolnay\/rust-toolchain|rust-cache/m,
    'In the Dockerfile, compile the dependencies before it copies the sources, such as with `cargo-chef`. A change compiles everything otherwise.',
  ],
  [
    /^(?:go (?:build|test|vet|mod|generate)|gotestsum) |actions\/setup-go@|golangci/m,
    'In the Dockerfile, run `go mod download` before it copies the sources.',
  ],
];
const compiledIn = ({ path }: Evidence): (typeof COMPILED)[number] | undefined => {
  const steps = [...(path.graphs.at(-1)?.jobs.values() ?? [])].flatMap(({ chain }) =>
    allSteps(chain.at(-1)?.steps ?? []),
  );
  const text = steps
    .map((step) => [step.uses, ...commandsIn(ownScriptOf(step)).map(plain)].join('\n'))
    .join('\n');
  return COMPILED.find(([sign]) => sign.test(text));
};

const BUILD_ACTION = /^docker\/build-push-action@/;
const OF_TAG =
  'Keep the layers between runs in the registry: with Buildx, set `cache-from: type=registry,ref=IMAGE:cache` and `cache-to: type=registry,ref=IMAGE:cache,mode=max`. A run for a tag cannot read the GitHub cache of another tag.';
const OF_SEVERAL =
  'Keep the layers of each image between runs: after `docker/setup-buildx-action`, `docker buildx build` with `--cache-from type=registry,ref=IMAGE:cache` and `--cache-to type=registry,ref=IMAGE:cache,mode=max`, or `docker/build-push-action` and `type=gha` with a `scope` for each image. In one scope, the images overwrite each other.';

/** True if a job runs for tags or releases only. */
const isForTag = ({ job }: Pick<Hit, 'job'>, { path, report }: Evidence): boolean =>
  [...(path.graphs.at(-1)?.jobs.values() ?? [])].some(
    (other) => other.job === job && other.chain[0]?.isForTags,
  ) ||
  (report.staged.length > 0 && report.staged.every(({ pipeline }) => pipeline?.run.event === 'release'));

/** The number of images that a step builds: in a loop, or command by command. */
const imagesIn = (step: FileStep, fileJob: FileJob): number => {
  if (BUILD_ACTION.test(step.uses ?? '')) return 1;
  const isImage = (command: string) => IMAGE_BUILDS.test(plain(command));
  const loop = loopIn(step, fileJob.env);
  const ofLoop = loop && commandsIn(loop.body).some(isImage) ? loop.items : 0;
  const commands = new Set(commandsIn(scriptIn(step)).filter(isImage));
  // A loop over what a command returns may build any number of images.
  const isInLoop =
    ofLoop === 0 && commands.size > 0 && /\bfor \w+ in\b[\s\S]*\bdo\b[\s\S]*\bbuild\b/.test(scriptIn(step));
  return Math.max(ofLoop, commands.size + (isInLoop ? 1 : 0));
};

/** The number of images that all jobs of a run build. */
const imagesOf = ({ path }: Evidence): number => {
  const all = [...(path.graphs.at(-1)?.jobs.values() ?? [])].flatMap(({ chain }) => chain.at(-1) ?? []);
  // A workflow that is called twice builds one image.
  const distinct = new Map(all.map((fileJob) => [JSON.stringify(fileJob.steps), fileJob]));
  return [...distinct.values()]
    .flatMap((fileJob) => fileJob.steps.map((step) => imagesIn(step, fileJob)))
    .reduce((sum, count) => sum + count, 0);
};

/** The name under which an image keeps its layers, as the end of a cache option; empty if the file builds one image only. */
function scopeOf(step: FileStep, fileJob: FileJob, images: number): string {
  const { with: inputs, name, id } = step;
  const ofCommand = inputsOf(buildIn({ fileStep: step }), { fileStep: step, fileJob }) ?? [];
  const expressionsIn = (...texts: unknown[]) =>
    [...JSON.stringify(texts).matchAll(/\$\{\{ *(?:matrix|inputs)\.[\w.-]+ *\}\}/g)]
      .map(([expression]) => expression)
      .filter((expression) => !OF_RUN.test(expression));
  const varies =
    expressionsIn(
      inputs.context,
      inputs.file,
      inputs.target,
      inputs.platforms,
      ofCommand.filter((line) => /^(?:context|file|target|platforms):/.test(line)),
    )[0] ??
    expressionsIn(inputs.tags, fileJob.steps).find((expression) =>
      /(?:name|image|service|app|component)\b/.test(expression),
    );
  const [file, folder = ''] = String(inputs.file ?? '')
    .split('/')
    .toReversed();
  const named = file?.replace(/^dockerfile\.?|\.?dockerfile$/i, '');
  const own = [
    inputs.target,
    named,
    folder,
    String(inputs.context ?? '')
      .split('/')
      .at(-1),
    name,
    id,
    fileJob.id,
  ]
    .map((text) =>
      String(text ?? '')
        .toLowerCase()
        .replace(/\b(?:docker|images?|build|push|and|the|of)\b/g, ' '),
    )
    .map((text) => text.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, ''))
    .find((text) => /[a-z]/.test(text) && text !== 'docker');
  const isAlone = allSteps(fileJob.steps).filter(({ uses }) => BUILD_ACTION.test(uses ?? '')).length < 2;
  const scope = [...(varies ? [varies] : []), ...(varies && isAlone ? [] : [own ?? fileJob.id])].join('-');
  return varies || images > 1 ? `,scope=${scope}` : '';
}
/** Expressions whose value is another one in each run or environment. */
const OF_RUN = /tag|version|\bref|sha\b|digest|environment|stage|release/i;

/** Adds a cache to each step that builds an image with the action, and a builder that can write it. */
const cacheDiff: Rule['diff'] = (hit, evidence) => {
  if (isForTag(hit, evidence)) return null;
  const isList = ({ fileStep }: Hit) =>
    /\n./.test(`${fileStep?.with['cache-from']} ${fileStep?.with['cache-to']}`.trim());
  if ((hit.parts ?? [hit]).some(isList)) return null;
  const parts = (hit.parts ?? [hit]).filter(({ file }) => file === hit.file);
  const jobs = new Map(parts.flatMap(({ fileJob }) => (fileJob ? [[fileJob.id, fileJob] as const] : [])));
  const isImage = ({ uses }: FileStep) => BUILD_ACTION.test(uses ?? '');
  const images = imagesOf(evidence);
  const isHit = (step: FileStep) => parts.some(({ fileStep }) => fileStep === step) && isImage(step);
  const scopes = [...jobs.values()].flatMap((fileJob) =>
    fileJob.steps.filter(isHit).map((step) => scopeOf(step, fileJob, images)),
  );
  if (new Set(scopes).size < scopes.length) return null;
  const changes = [...jobs.values()].flatMap((fileJob): [string, string[]][] => {
    const steps = fileJob.steps.filter(isHit);
    const hasBuilder = fileJob.steps.some(({ uses }) => /setup-buildx|setup-docker/.test(uses ?? ''));
    const lines = steps.flatMap((step) => {
      const scope = scopeOf(step, fileJob, images);
      return [
        ...(step.name
          ? [`       - name: ${step.name}`, `         uses: ${step.uses}`]
          : [`       - uses: ${step.uses}`]),
        `${Object.keys(step.with).length > 0 ? ' ' : '+'}        with:`,
        ...['cache-from', 'cache-to'].flatMap((input) =>
          step.with[input] === undefined ? [] : `-          ${input}: ${String(step.with[input]).trim()}`,
        ),
        `+          cache-from: type=gha${scope}`,
        `+          cache-to: type=gha,mode=max${scope}`,
      ];
    });
    const builder = hasBuilder ? [] : ['+      - uses: docker/setup-buildx-action@v4'];
    return lines.length > 0 ? [[fileJob.id, ['     steps:', ...builder, ...lines]]] : [];
  });
  return changes.length > 0 && changes.length === jobs.size ? diffIn(hit.file, changes) : null;
};

/** The command of a step that builds an image. */
const buildIn = (step: Pick<Hit, 'fileStep'>): string =>
  commandsIn(scriptOf(step))
    .map(plain)
    .find((command) => IMAGE.test(command)) ?? '';

/** The options of `docker build` that the action has as inputs. */
const INPUTS: readonly [option: RegExp, input: string][] = [
  [/^(?:-f|--file)$/, 'file'],
  [/^(?:-t|--tag)$/, 'tags'],
  [/^--target$/, 'target'],
  [/^--platform$/, 'platforms'],
  [/^--build-arg$/, 'build-args'],
  [/^--label$/, 'labels'],
];

/** The inputs of `docker/build-push-action` for a `docker build`; `null` if an input cannot say what an option does. */
function inputsOf(command: string, hit: Pick<Hit, 'fileStep' | 'fileJob'>): string[] | null {
  const { fileStep, fileJob } = hit;
  // An action would not set what the script does.
  if (/GITHUB_(?:OUTPUT|ENV)/.test(fileStep?.run ?? '')) return null;
  const [, ...words] =
    command.replace(/^docker (?:buildx )?build/, 'build').match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? [];
  const given = new Map<string, string[]>();
  let context: string | undefined;
  while (words.length > 0) {
    const [option = '', ...assigned] = (words.shift() ?? '').split(/=(.*)/s);
    const [, input] = INPUTS.find(([pattern]) => pattern.test(option)) ?? [];
    if (!option.startsWith('-')) context = [option, ...assigned].join('=').replace(/=$/, '');
    else if (input) given.set(input, [...(given.get(input) ?? []), assigned[0] ?? words.shift() ?? '']);
    else if (!/^--(?:push|load|pull|progress|rm|cache-from|cache-to|no-cache)$/.test(option)) return null;
    else if (/^--(?:cache-from|cache-to|progress)$/.test(option) && assigned.length === 0) words.shift();
  }
  const folder = fileStep?.directory ?? fileJob?.directory ?? '';
  const below = (path: string) =>
    [folder, path]
      .filter((part) => !/^(?:|\.)$/.test(part))
      .join('/')
      .replace(/(?:^|\/)\.\//g, '') || '.';
  const file = given.get('file')?.[0];
  const lines: [string, string[]][] = [
    ['context', [below(context ?? '.')]],
    ...(file ? [['file', [below(file)]] as [string, string[]]] : []),
    ...[...given].filter(([input]) => input !== 'file'),
  ];
  const texts = lines.map(([input, values]) => {
    const filled = values.map((value) => asExpression(value.replace(/^(['"])(.*)\1$/s, '$2'), hit));
    if (filled.some((value) => value === null)) return null;
    return filled.length === 1
      ? [`${input}: ${filled[0]}`]
      : [`${input}: |`, ...filled.map((value) => `  ${value}`)];
  });
  if (texts.some((text) => text === null)) return null;
  // A tag that the script adds needs the image on the runner.
  const pushes =
    / --push\b/.test(command) ||
    (runsAny(scriptOf(hit), /^docker push\b/) && !runsAny(scriptOf(hit), /^docker tag\b/));
  return [...texts.flatMap((text) => text ?? []), pushes ? 'push: true' : 'load: true'];
}

/** A word of a shell with expressions instead of variables; `null` if it uses what only the shell knows. */
function asExpression(word: string, { fileStep, fileJob }: Pick<Hit, 'fileStep' | 'fileJob'>): string | null {
  const text = word.replace(/\$(?!\{\{)\{?(\w+)\}?/g, (variable, name: string) => {
    if (/^GITHUB_(?:SHA|REF_NAME|REPOSITORY|RUN_NUMBER|ACTOR|REPOSITORY_OWNER)$/.test(name))
      return `$\{{ github.${name.replace('GITHUB_', '').toLowerCase()} }}`;
    const own = fileStep?.env?.[name];
    if (own !== undefined) return String(own);
    return fileJob?.env?.[name] === undefined ? variable : `$\{{ env.${name} }}`;
  });
  const isShell = /[$`](?!\{\{)|["']/.test(text.replace(/\$\{\{.*?\}\}/g, ''));
  return isShell ? null : text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, inside) => `$\{{ ${inside} }}`);
}

const LAYERS_ADVICE = 'Keep the layers between runs: set `cache-from` and `cache-to`.';

export const imageWithoutLayerCache: Rule = {
  id: 'image-without-layer-cache',
  title: 'Every image layer is built again',
  advice: `${LAYERS_ADVICE} They are used up to the first file that changed, so the Dockerfile should install packages before it copies the sources.`,
  yaml: (match, evidence) => {
    const { fileStep, fileJob, advice = '' } = match;
    const isOther =
      runsAny(scriptOf(match), IMAGE) && !runsAny(scriptOf(match), /^docker (?:build|buildx build)/);
    const isText = [OF_SEVERAL, OF_TAG, OF_ONE_SCOPE, OF_COMMAND].some((text) => advice.startsWith(text));
    const commands = commandsIn(scriptOf(match))
      .map(plain)
      .filter((command) => IMAGE.test(command));
    const inputs = commands.length === 1 ? inputsOf(commands[0] ?? '', match) : [];
    if (isOther || isText || inputs === null || !fileStep || !fileJob) return null;
    const images = imagesOf(evidence);
    const scope = scopeOf(fileStep, fileJob, images);
    return jobYaml(match, [
      '- uses: docker/setup-buildx-action@v4',
      '- uses: docker/build-push-action@v7',
      '  with:',
      ...inputs.map((input) => `    ${input}`),
      `    cache-from: type=gha${scope}`,
      `    cache-to: type=gha,mode=max${scope}`,
    ]);
  },
  diff: cacheDiff,
  remains: [0.3, 0.7],
  find: (evidence) => {
    const overwritten = inOneScope(evidence).size > 1;
    const isOverwritten = ({ fileStep }: PathStep) =>
      overwritten && fileStep !== null && allSteps([fileStep]).some(hasNoScope);
    const isUnread = (step: PathStep) =>
      isForTag(step, evidence) &&
      /type=gha/.test(JSON.stringify(step.fileStep?.with ?? {})) &&
      !/type=(?:registry|inline)/.test(JSON.stringify(step.fileStep?.with ?? {}));
    // A shorter one only packs what was built before.
    const isPacked = (step: PathStep) => step.medianSeconds < LONG_STEP;
    const steps = evidence.path.steps.filter(
      (step) =>
        !step.fileJob?.keepsDisk &&
        !isPacked(step) &&
        !isOfOutput(step) &&
        !allSteps(step.fileJob?.steps ?? []).some(
          ({ uses, with: inputs }) =>
            REMOTE_BUILDER.test(uses ?? '') ||
            (/setup-buildx/.test(uses ?? '') &&
              (inputs.endpoint || /remote|cloud/.test(String(inputs.driver)))),
        ) &&
        ((runsAny(scriptOf(step), IMAGE) && (!LAYERS.test(scriptOf(step)) || hasEmptyCache(step))) ||
          // The file of Bake may have a cache that the workflow does not show.
          (usesAction(step, /^(?:docker\/build-push-action|redhat-actions\/buildah-build|\S*kaniko\S*)@/) &&
            (!cachesLayers(step) || isOverwritten(step) || isUnread(step)))),
    );
    // Each way to build needs another change.
    const isCompose = (step: PathStep) => runsAny(scriptOf(step), COMPOSE);
    const isAction = (step: PathStep) => !runsAny(scriptOf(step), IMAGE);
    const ways = [
      steps.filter(isCompose),
      steps.filter(isAction),
      steps.filter((step) => !isCompose(step) && !isAction(step)),
    ];
    return ways.flatMap((own) =>
      together(own.map((step) => hitOf(step, evidence))).map((hit): Hit => {
        // A part of the time is the rollout, or tests.
        const isPart = own.some((step) => does(step, 'deploy', 'test'));
        const ofKamal = own.some((step) => runsAny(scriptOf(step), /^kamal\b/));
        const advice = ofKamal
          ? KAMAL
          : own.some(isCompose)
            ? `${BAKE}${own.some((step) => runsAny(scriptOf(step), /\bup\b.*--build\b/)) ? NO_BUILD : ''}`
            : own.some((step) => runsAny(scriptOf(step), /^az acr build\b/))
              ? ACR
              : own.some(hasEmptyCache)
                ? INLINE
                : own.some((step) => isForTag(step, evidence))
                  ? OF_TAG
                  : own.every(isOverwritten)
                    ? OF_ONE_SCOPE
                    : own.some(
                          ({ fileStep, fileJob }) => fileStep && fileJob && imagesIn(fileStep, fileJob) > 1,
                        )
                      ? OF_SEVERAL
                      : own.some(
                            (step) =>
                              !isAction(step) && inputsOf(buildIn(step), hitOf(step, evidence)) === null,
                          )
                        ? OF_COMMAND
                        : undefined;
        const [, inDockerfile] = compiledIn(evidence) ?? [];
        return {
          ...byCostliest(hit),
          // A cache has to be fetched and kept, too.
          atStakeSeconds: Math.max(0, hit.medianSeconds - own.length * CACHE_SECONDS),
          ...(isPart ? { remains: [0.5, 0.8] } : {}),
          ...(advice || inDockerfile
            ? { advice: [advice ?? LAYERS_ADVICE, inDockerfile ?? ''].join(' ').trim() }
            : {}),
          ...(ofKamal ? { doubt: 'config/deploy.yml may name a cache.' } : {}),
        };
      }),
    );
  },
};

/** The images of a run that write GitHub's cache without a name of their own, by their context, file and platforms. The last one stays. */
const inOneScope = ({ path }: Evidence): Set<string> =>
  new Set(
    [...(path.graphs.at(-1)?.jobs.values() ?? [])].flatMap(({ chain, values }) =>
      allSteps(chain.at(-1)?.steps ?? [])
        .filter(hasNoScope)
        .map(({ with: { context = '.', file, platforms } }) =>
          filledIn(JSON.stringify([context, file, platforms]), values),
        ),
    ),
  );
const hasNoScope = ({ uses, with: inputs }: FileStep): boolean =>
  BUILD_ACTION.test(uses ?? '') &&
  String(inputs['cache-to'] ?? '')
    .split('\n')
    .some((line) => /type=gha/.test(line) && !/scope=/.test(line));
const OF_ONE_SCOPE =
  'Give each image a `scope` of its own in `cache-from` and `cache-to`. The images now write one cache, so each run finds only the layers of the one that was built last.';

/** Seconds to fetch and to keep the layers of an image. */
const CACHE_SECONDS = 15;

/** Layers are cached with the input `cache-from`, or with a line of another input, such as `set` of bake. */
const cachesLayers = ({ fileStep }: PathStep): boolean =>
  fileStep !== null &&
  allSteps([fileStep]).some(
    ({ with: inputs }) =>
      inputs['cache-from'] !== undefined ||
      (inputs.layers !== undefined && inputs['extra-args'] !== undefined) ||
      (inputs.cache !== undefined && String(inputs.cache) !== 'false') ||
      Object.values(inputs).some((input) => LAYERS.test(String(input))),
  );

/** True if an image is made of a folder that an earlier step writes. Its layers are new for each commit. */
const isOfOutput = ({ fileStep, fileJob }: Pick<Hit, 'fileStep' | 'fileJob'>): boolean => {
  const context = String(fileStep?.with.context ?? '.').replace(/^\.\/|\/$/g, '');
  const before = (fileJob?.steps ?? []).slice(0, fileStep ? (fileJob?.steps.indexOf(fileStep) ?? 0) : 0);
  return (
    /\w/.test(context) &&
    before.some((other) => kindsOf(other).has('build') && (other.run ?? '').includes(context))
  );
};

/** True if a step builds an image, or wheels, for another processor than that of its runner. */
const isEmulated = (step: PathStep): boolean => {
  const jobText = JSON.stringify(step.fileJob ?? {});
  if (!allSteps(step.fileJob?.steps ?? []).some(({ uses }) => /setup-qemu/.test(uses ?? ''))) return false;
  const isForArm = /(?:platforms?["=: ]+[^"]*|--platform[= ])[^"]*arm/.test(JSON.stringify(step.fileStep));
  return (does(step, 'image') && isForArm) || (isWheels(step) && /aarch64|arm64|ppc64le|s390x/.test(jobText));
};
const isWheels = (step: PathStep): boolean => usesAction(step, /^pypa\/cibuildwheel@/);

export const emulatedPlatform: Rule = {
  id: 'emulated-platform',
  title: 'A build runs on an emulated processor',
  advice:
    'Build the image for ARM on an ARM runner such as `ubuntu-24.04-arm`, in parallel. Or cross-compile it, or leave it out of the deployment.',
  yaml: null,
  remains: [0.2, 0.5],
  cause: 'processor',
  find: (evidence) =>
    stepsWhere(isEmulated)(evidence).map((hit) =>
      usesAction(hit, /^pypa\/cibuildwheel@/)
        ? { ...hit, advice: WHEELS, remains: [0.3, 0.6] }
        : isOfOutput(hit)
          ? { ...hit, remains: [0.5, 0.8], doubt: 'The image may only copy what was built before.' }
          : hit,
    ),
};
const WHEELS =
  'Build the wheels for ARM on an ARM runner such as `ubuntu-24.04-arm`. Split what stays emulated over more jobs, such as one for each version of Python.';

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
    const products = allSteps(step.fileStep ? [step.fileStep] : []).flatMap((inner) => [
      ...commandsIn(ownScriptOf(inner))
        .map(plain)
        .filter((command) => /^docker (?:build|buildx build)/.test(command))
        .flatMap((command) => productOf(command) ?? []),
      ...[imageOf(inner)].filter((image) => image !== null),
    ]);
    const isSame = products.length > 0 && products.every((product) => !/\$|build-arg/.test(product));
    if (!isSame || WRITES.test(JSON.stringify(step.fileJob?.steps)) || step.fileStep?.with['build-args'])
      return null;
    return [step.fileStep?.directory ?? step.fileJob?.directory ?? '', ...products].join('\n');
  });
  return [...groups.values()].flatMap(([first, ...others]) => {
    const again = others.filter(
      (step) =>
        first &&
        step.id !== first.id &&
        step.fileJob?.environment != null &&
        first.fileJob?.environment != null &&
        steps.slice(steps.indexOf(first), steps.indexOf(step)).some((other) => does(other, 'test')),
    );
    return together(again.map((step) => hitOf(step, evidence))).map((hit) => ({ ...hit, advice: COPY }));
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
    return [{ ...hitOf(step, evidence), advice, remains: [0.4, 0.7] }];
  });

/** Tools that run the build of the framework before they make their own output. */
const BUILDS_ITSELF =
  /^(?:(?:@opennextjs\/cloudflare|opennextjs-cloudflare)(?:@\S+)? build\b(?!.*(?:-s\b|--skip))|(?:@cloudflare\/)?next-on-pages(?:@\S+)?(?:$|\s)(?!.*(?:-s\b|--skip))|(?:vercel|netlify) build\b)/;

/** Builds whose result is thrown away, because a later step of the job runs the same build. */
const thrownAway = (evidence: Evidence): Hit[] =>
  evidence.path.steps.flatMap((step): Hit[] => {
    const { steps } = evidence.path;
    const uploads = stepsOf(step, evidence.path).some(({ fileStep }) => UPLOAD.test(fileStep?.uses ?? ''));
    // In another job it is built again, unless that one takes an artifact.
    const after = (uploads ? stepsOf(step, evidence.path) : steps).slice(
      (uploads ? stepsOf(step, evidence.path) : steps).indexOf(step) + 1,
    );
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
  yaml: null,
  remains: [0, 0.2],
  cause: 'twice',
  find: (evidence) => {
    const forEach = builtForEach(evidence).flatMap((hit) => (hit.parts ?? [hit]).map(({ where }) => where));
    return [
      ...builtForDebugFirst(evidence),
      ...builtForEach(evidence),
      ...thrownAway(evidence),
      ...builtAgainByDeployment(evidence),
      ...[
        ...byGroup(evidence, (step) => {
          const products = allSteps(step.fileStep ? [step.fileStep] : []).flatMap((inner) => [
            ...commandsIn(ownScriptOf(inner)).flatMap((command) => productOf(plain(command)) ?? []),
            ...[imageOf(inner)].filter((image) => image !== null),
          ]);
          const directory = step.fileStep?.directory ?? step.fileJob?.directory ?? '';
          // Setting up a workspace again is another finding.
          const setsUp =
            step.fileStep?.steps &&
            runsAny(scriptOf(step), INSTALL) &&
            SETS_UP.test(step.fileStep.uses ?? '');
          return products.length === 0 || setsUp || step.fileJob?.hasRemoteCache
            ? null
            : [directory, String(step.fileJob?.env?.COMPOSE_FILE ?? ''), ...products].join('\n');
        }).values(),
      ].flatMap((steps) => {
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
        return together(again.map((step) => hitOf(step, evidence)));
      }),
    ];
  },
};

const WEB_BUILD = /^(?:npm|yarn|pnpm|bun)(?: run)?(?: --?\S+(?: \S+)?)* \S*build/;

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
  ['Mix', /^mix (?:deps\.(?:get|compile)|compile|release)\b/, null],
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
    /^(?:cmake --build|ninja|meson compile|(?:python3? )?(?:-m )?pip.* --no-build-isolation)/,
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
    /\.cache|gatsby/,
    /gatsby|"path":"[^"]*\bpublic\/?"|s3 sync \S*\bpublic\b/i,
  ],
  ['Docusaurus', WEB_BUILD, /node_modules|\.cache|\.docusaurus/, /docusaurus/i],
  ['Docusaurus', /^(?:yarn |pnpm )?docusaurus build/, /node_modules(?!\/?\*\*)|\.cache|\.docusaurus/],
  [
    'Angular',
    /^(?:ng build|(?:npm|yarn|pnpm|bun)(?: run)?(?: --?\S+(?: \S+)?)* \S*build)/,
    /\.angular/,
    /\bng build|\.angular\b/,
  ],
];

/** Tools whose own files often name a cache, or that the file only lets one guess. */
const CONFIGURED = new Set(['Bazel', 'Nx']);
const GUESSED = new Set(['Next.js', 'Gatsby']);

/** What setup actions keep is mostly downloads. */
const OF_JVM: [number, number] = [0.45, 0.75];
const JVM: Readonly<Record<string, string>> = {
  Gradle:
    'Nothing keeps what Gradle downloads: Gradle itself, plugins and libraries. Use `gradle/actions/setup-gradle`, or `cache: gradle` in setup-java. With `--build-cache`, it also keeps what it compiled.',
  Maven: 'Nothing keeps the plugins and libraries that Maven downloads. Set `cache: maven` in setup-java.',
  sbt: 'Nothing keeps sbt, the compilers and the libraries that it downloads. Set `cache: sbt` in setup-java.',
};

const SAM = 'Build with `sam build --cached --parallel`, and keep `.aws-sam` with `actions/cache`.';
/** The folders that tools of the web keep, within the folder of the site. */
const KEPT: Readonly<Record<string, string>> = {
  'Next.js': '.next/cache',
  Gatsby: '.cache',
  Docusaurus: 'node_modules/.cache',
  Angular: '.angular/cache',
};

export const noCompilerCache: Rule = {
  id: 'no-compiler-cache',
  title: 'A build tool starts from nothing on every run',
  advice:
    "Keep the tool's build cache between runs: its setup action with a cache, `actions/cache`, or a remote cache.",
  yaml: null,
  diff: (hit) => {
    const script = scriptOf(hit);
    if (/gradlew?\b/.test(script))
      return stepDiff(hit, /^actions\/setup-java@/, { step: 'gradle/actions/setup-gradle@v4' });
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
      return together(steps.map((step) => hitOf(step, evidence)))
        .map(byCostliest)
        .map((hit) => (tool === 'SAM' ? { ...hit, advice: SAM } : hit))
        .map(
          (hit): Hit =>
            JVM[tool] && !steps.some((step) => hasCache(step, tool.toLowerCase()))
              ? { ...hit, advice: JVM[tool], remains: OF_JVM }
              : hit,
        )
        .map((hit) =>
          KEPT[tool]
            ? {
                ...hit,
                advice: `Keep \`${inFolder(hit, (hit.parts ?? []).length > 1 && tool === 'Next.js' ? `**/${KEPT[tool]}` : KEPT[tool])}\` between runs with \`actions/cache\`.${tool === 'Angular' ? ' Angular needs `ng config cli.cache.environment all` for that.' : ''}`,
              }
            : hit,
        )
        .map((hit) =>
          CONFIGURED.has(tool)
            ? {
                ...hit,
                doubt: `The configuration of ${tool} may name a remote cache that the workflow does not show.`,
              }
            : sign && GUESSED.has(tool)
              ? { ...hit, doubt: `The file only hints at ${tool}.` }
              : hit,
        );
    }),
};

export const machineImageInPath: Rule = {
  id: 'machine-image-in-path',
  title: 'A whole machine image is built for every change',
  advice:
    'Build a base image with everything but the application in a workflow of its own. Add only the application to it, or install it when a machine starts.',
  yaml: null,
  remains: [0.25, 0.6],
  find: (evidence) =>
    together(
      evidence.path.steps.filter((step) => does(step, 'machine-image')).map((step) => hitOf(step, evidence)),
    ),
};

/** The name of an artifact that a step uploads or downloads; `*` if it downloads all. */
function artifactOf(step: PathStep, action: RegExp): string | null {
  const inner = allSteps(step.fileStep ? [step.fileStep] : []).find(({ uses }) => action.test(uses ?? ''));
  return inner ? String(inner.with.name ?? inner.with.pattern ?? '*') : null;
}
const UPLOAD = /^actions\/upload-artifact@/;
const DOWNLOAD = /^actions\/download-artifact@/;
/** Commands that write an image to a file or read one. */
const IMAGE_FILES = /^docker (?:image )?(?:save|load|import|export)\b/;
const hasImageFile = (step: PathStep): boolean =>
  runsAny(scriptOf(step), IMAGE_FILES) ||
  /type=(?:docker|oci|tar),dest=/.test(JSON.stringify(step.fileStep?.with ?? {}));

/** The steps that hand artifacts from one job to the next. The time of an action that also does other work is not theirs. */
const handOvers = (evidence: Evidence): PathStep[] =>
  evidence.path.steps.filter(
    (step) =>
      (artifactOf(step, UPLOAD) !== null || artifactOf(step, DOWNLOAD) !== null) &&
      !does(step, 'test', 'check', 'build', 'image', 'database', 'infrastructure', 'deploy'),
  );

const carriesImage = ({ path }: Evidence): boolean => {
  const files = path.steps.filter(hasImageFile);
  return files.some((step) => /save|dest=|export/.test(JSON.stringify(step.fileStep))) && files.length > 0;
};

export const imageAsArtifact: Rule = {
  id: 'image-as-artifact',
  title: 'An image travels between jobs as a file',
  advice:
    'Push the image to a registry in the job that builds it, and pull it in the others. Tag it for the deployment later. Then only changed layers travel. Pull requests from forks cannot push.',
  yaml: null,
  remains: [0, 0.4],
  find: (evidence) => {
    if (!carriesImage(evidence)) return [];
    const steps = evidence.path.steps.filter(
      (step) =>
        handOvers(evidence).includes(step) ||
        (isMostlyImageFile(step) && !does(step, 'image')) ||
        /scp-action/.test(step.fileStep?.uses ?? ''),
    );
    // The step of an action may build the image, too.
    return together(steps.filter((step) => !does(step, 'image')).map((step) => hitOf(step, evidence)));
  },
};

const isMostlyImageFile = (step: PathStep): boolean =>
  commandsIn(scriptOf(step)).some((command) => IMAGE_FILES.test(command));

export const largeArtifact: Rule = {
  id: 'large-artifact',
  title: 'A large artifact is handed from job to job',
  advice:
    'Upload only what later jobs need, with `compression-level: 0` if it is compressed already. Use a cache for packages. Upload reports after the deployment.',
  yaml: null,
  remains: [0.1, 0.6],
  find: (evidence) => {
    if (carriesImage(evidence)) return [];
    const steps = handOvers(evidence);
    const names = new Set(
      steps.flatMap((step) => artifactOf(step, UPLOAD) ?? artifactOf(step, DOWNLOAD) ?? []),
    );
    return [...names].flatMap((name) => {
      const uploads = steps.filter((step) => artifactOf(step, UPLOAD) === name);
      const downloads = steps.filter((step) => [name, '*'].includes(artifactOf(step, DOWNLOAD) ?? ''));
      const own = [...new Set([...uploads, ...downloads])];
      const isPackages = own.some(
        (step) =>
          PACKAGES.test(JSON.stringify(step.fileStep?.with)) ||
          (uploads.includes(step) && isWholeFolder(step)) ||
          (uploads.includes(step) && copiesPackages(step)),
      );
      const remains: [number, number] =
        downloads.length === 0 ? [0, 0.1] : isPackages ? [0.1, 0.4] : [0.4, 0.7];
      return together(own.map((step) => hitOf(step, evidence)))
        .filter(({ medianSeconds }) => medianSeconds >= (isPackages ? LARGE_PACKAGES : LARGE))
        .map((hit) => ({ ...hit, remains }));
    });
  },
};

const PACKAGES = /node_modules|vendor|venv/;
/** True if the job of an upload copies packages into what it uploads. */
const copiesPackages = ({ fileStep, fileJob }: PathStep): boolean => {
  const path = String(fileStep?.with.path ?? '').replace(/^\.\/|\/$/g, '');
  const isCopy = (command: string) =>
    /^(?:cp|mv|rsync|tar|zip) /.test(command) && PACKAGES.test(command) && command.includes(path);
  return path !== '' && (fileJob?.steps ?? []).some((step) => commandsIn(scriptIn(step)).some(isCopy));
};

/** True if an upload takes everything of a job that installs packages into its folder. */
const isWholeFolder = ({ fileStep, fileJob }: PathStep): boolean =>
  /^\.?\/?$/.test(String(fileStep?.with.path ?? '')) &&
  (fileJob?.steps ?? []).some(({ run }) =>
    runsAny(run ?? '', /^(?:npm|yarn|pnpm|bun) (?:ci|i|install)\b|^yarn$/),
  );

/** Handing over a smaller artifact takes less. Many small files, such as packages, need not be so many. Seconds. */
const LARGE = 75;
const LARGE_PACKAGES = 45;

/** Steps that take this long, in seconds, are worth a job of their own. */
const LONG_STEP = 30;

const matchIn = (text: string, patterns: readonly RegExp[]): string | undefined =>
  patterns.flatMap((pattern) => pattern.exec(text)?.[0] ?? [])[0];

/** The same tool, by its action or the first words of its command. */
const toolOf = (step: PathStep, patterns: readonly RegExp[]): string | null => {
  const [uses, ...commands] = [step.fileStep?.uses?.replace(/@.*/, '') ?? '', ...commandsIn(scriptOf(step))];
  const found = [uses, ...commands].flatMap((text) => matchIn(text ?? '', patterns) ?? [])[0];
  // Any action that builds images.
  return found ?? (patterns.includes(IMAGE_BUILDS) && uses && does(step, 'image') ? uses : null);
};

/** The names of the images that a step builds. */
const tagsOf = ({ fileStep }: PathStep): string[] =>
  [
    ...String(fileStep?.with.tags ?? '').split(/[\n,]+/),
    ...[...(fileStep?.run ?? '').matchAll(/ (?:-t|--tag)[ =]((?:\$\{\{.*?\}\}|\S)+)/g)].map(
      ([, tag = '']) => tag,
    ),
  ]
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');

/**
 * Steps of one job that do the same to different things, one after the other, and take nothing from one another: the later
 * ones, with what running them in parallel would save.
 */
function inSequence(
  evidence: Evidence,
  patterns: readonly RegExp[],
  counts: (step: PathStep) => boolean,
): Hit[] {
  const steps = evidence.path.steps.filter((step) => counts(step) && step.medianSeconds >= LONG_STEP);
  const groups = byGroup({ ...evidence, path: { ...evidence.path, steps } }, (step) => {
    const tool = toolOf(step, patterns);
    return tool === null ? null : `${step.id}\n${tool}`;
  });
  return [...groups.values()].flatMap((own) => {
    const ids = own.flatMap(({ fileStep }) => fileStep?.id ?? []);
    const text = (step: PathStep) =>
      JSON.stringify([step.fileStep?.with, step.fileStep?.run, step.fileStep?.env]);
    const takes = (step: PathStep) => ids.some((id) => text(step).includes(`steps.${id}.`));
    // An image may be made from one that is called the base, or from the layers of another one.
    const isBase = own.some(
      (step, i) =>
        /\bbase\b/i.test(text(step)) ||
        own.slice(0, i).some((other) => tagsOf(other).some((tag) => text(step).includes(tag))),
    );
    if (own.length < 2 || own.some(takes) || isBase || new Set(own.map(text)).size < own.length) return [];
    const [hit] = together(own.slice(1).map((step) => hitOf(step, evidence)));
    const times = own.map(({ medianSeconds }) => medianSeconds);
    const saved = times.reduce((sum, time) => sum + time, 0) - Math.max(...times);
    return hit ? [{ ...hit, atStakeSeconds: saved }] : [];
  });
}

/** Steps whose script does the same for several things, one after the other: in a loop, or command by command. */
const inOneScript = (evidence: Evidence, steps: readonly PathStep[], ...patterns: RegExp[]): Hit[] => {
  const matches = (command: string) => patterns.some((pattern) => pattern.test(plain(command)));
  return steps.flatMap((step): Hit[] => {
    if (!step.fileStep || step.medianSeconds < LONG_STEP) return [];
    const loop = loopIn(step.fileStep, step.fileJob?.env);
    const body = loop && commandsIn(loop.body);
    const commands = commandsIn(scriptIn(step.fileStep)).filter(matches);
    const isInLoop = body?.some(matches);
    // A command in another folder is another one.
    const things =
      step.fileStep.run?.match(/\bcd [^-\s]/g) && commands.length > 1 ? commands : [...new Set(commands)];
    const tools = things.map((command) => matchIn(plain(command), patterns));
    const most = Math.max(0, ...tools.map((tool) => tools.filter((other) => other === tool).length));
    const items = isInLoop && loop ? loop.items : most;
    const targets = things.flatMap((command) => dockerfileOf(command) ?? []);
    if (new Set(targets).size < targets.length) return [];
    if (commands.some((command) => /&$/.test(command))) return [];
    // What the others are made from comes first.
    const based = isInLoop
      ? 0
      : things.findLastIndex((command) => /\bbase\b/i.test(withoutTags(command))) + 1;
    if (items - based < 2) return [];
    return [
      {
        ...hitOf(step, evidence),
        atStakeSeconds: step.medianSeconds * ((items - based - 1) / items),
        ...(based > 0 ? { advice: BASE_FIRST } : {}),
      },
    ];
  });
};

/** A command without the names of what it takes, such as in \`sed\`. */
const withoutTags = (command: string): string => command.replace(/ --build-arg[ =]\S+/g, '');

const BASE_FIRST = 'Build the image that the others start from first, and then the others in parallel.';

/** The Dockerfile of a command that builds one of its targets. Targets share their layers. */
const dockerfileOf = (command: string): string | null =>
  / --target\b/.test(command)
    ? [/ (?:-f|--file)[ =](\S+)/.exec(command)?.[1], command.trim().split(' ').at(-1)].join()
    : null;

const IMAGE_BUILDS =
  /^(?:docker (?:build|buildx build)|podman build|buildah bu(?:il)?d|packer build|az acr build|docker\/build-push-action)/;
/** Builds that could run in parallel, or as one, if a script has several. */
const BUILDS =
  /^(?:(?:\.\/)?gradlew?(?=\s)|(?:\.\/)?mvnw?(?=\s)|dotnet publish|cargo build|go build|flutter build|electron-builder|(?:npm|yarn|pnpm|bun)(?=\s.*build)|(?:sls|serverless) package|xcodebuild)/;
/** One target of several, such as a site in one language. */
const TARGETS =
  /^(?:(?:make|just|task) (?:-\S+ )*\w+(?=[-_:.]\w)|(?:npm|yarn|pnpm|bun)(?: run)? build(?=[-_:.]\w)|sphinx-build(?=\s))/;
const LONG_BUILDS = 120;

/** Several builds of one tool in one script. */
const buildsInOneScript = (evidence: Evidence): Hit[] =>
  evidence.path.steps.flatMap((step): Hit[] => {
    // Commands in the background run in parallel.
    if (
      step.medianSeconds < LONG_BUILDS ||
      does(step, 'deploy', 'image') ||
      /(?<!&)&\s*$/m.test(scriptOf(step))
    )
      return [];
    const builds = commandsIn(scriptOf(step)).filter((command) => {
      const kinds = kindsOfCommand(plain(command));
      return BUILDS.test(plain(command)) && kinds.includes('build') && !kinds.includes('check');
    });
    const tools = new Set(builds.map((command) => BUILDS.exec(plain(command))?.[0]));
    const folders = new Set(scriptOf(step).match(/\bcd [^-\s]\S*/g)).size;
    const count = Math.max(new Set(builds).size, folders > 1 ? Math.min(folders, builds.length) : 0);
    const isShared = /^(?:\.\/)?(?:gradle|mvn)/.test(builds[0] ?? '');
    if (count < (isShared ? 3 : 2) || tools.size > 1) return [];
    return [
      {
        ...hitOf(step, evidence),
        atStakeSeconds: step.medianSeconds * (1 - 1 / count),
        remains: isShared ? [0.35, 0.7] : [0, 0.4],
        doubt: 'A later build may take what an earlier one makes.',
      },
    ];
  });

/** Nothing shows how long each image of a script takes. */
const OF_SCRIPT: [number, number] = [0.2, 0.55];

/** Steps of several folders count from here on, if together they save enough. Seconds. */
const SHORT_STEP = 20;
const WORTH_SPLITTING = 45;

/** Images of one folder that are built after builds and images of other folders, in one job. */
const imageOfAnotherFolder = (evidence: Evidence): Hit[] =>
  evidence.path.jobs.flatMap((job): Hit[] => {
    const steps = stepsOf(job, evidence.path).filter(
      (step) => does(step, 'image', 'build') && !does(step, 'test', 'deploy', 'infrastructure'),
    );
    const folderOf = ({ fileStep }: PathStep) =>
      BUILD_ACTION.test(fileStep?.uses ?? '')
        ? String(fileStep?.with.context ?? '').replace(/^\.\/|\/$/g, '')
        : '';
    const [image] = steps
      .filter((step) => /^[\w-]+(?:\/[\w-]+)*$/.test(folderOf(step)))
      .toSorted((a, b) => b.medianSeconds - a.medianSeconds);
    if (!image) return [];
    const folder = folderOf(image);
    // A build of the whole repository may make something in the folder.
    const isElsewhere = (step: PathStep) => {
      const text = JSON.stringify([step.fileStep?.with, step.fileStep?.run, inFolder(step, '')]);
      const hasFolder =
        folderOf(step) !== '' || inFolder(step, '') !== '' || /[ ,=][\w-]+\/[\w/-]+/.test(scriptOf(step));
      return hasFolder && !` ${text.replace(/[^\w-]+/g, ' ')} `.includes(` ${folder.replace(/\W+/g, ' ')} `);
    };
    const others = steps.filter((step) => step !== image);
    const ids = others.flatMap(({ fileStep }) => fileStep?.id ?? []);
    const takes = ids.some((id) => JSON.stringify(image.fileStep).includes(`steps.${id}.`));
    const saved = Math.min(image.medianSeconds, sumOf(others));
    if (takes || others.length === 0 || !others.every(isElsewhere) || saved < WORTH_SPLITTING) return [];
    return [{ ...hitOf(image, evidence), atStakeSeconds: saved, advice: IN_A_JOB }];
  });
const IN_A_JOB =
  'Build this image in a job of its own, at the same time: it takes nothing from the other builds of its job. Let the deployment need both.';

const INSTALLS_BROWSER = /playwright|cypress|puppeteer|install/;

/** Builds of several folders, one after the other in one job. The longest folder decides if each has a job of its own. */
function inSeveralFolders(evidence: Evidence): Hit[] {
  const folderOf = (step: PathStep) => inFolder(step, '');
  const jobs = byGroup(evidence, (step) => {
    const isUnknown =
      step.fileStep?.run != null &&
      !isMostly(scriptOf(step), INSTALL) &&
      kindsOf(step.fileStep).size === 0 &&
      (step.fileStep.directory ?? step.fileJob?.directory ?? '') !== '';
    const counts =
      (does(step, 'build') || (isUnknown && !INSTALLS_BROWSER.test(scriptOf(step)))) &&
      !does(step, 'test', 'deploy', 'infrastructure', 'image');
    return counts && step.medianSeconds >= SHORT_STEP ? step.id : null;
  });
  return [...jobs.values()].flatMap((steps) => {
    const folders = [...new Set(steps.map(folderOf))].map((folder) =>
      steps.filter((step) => folderOf(step) === folder),
    );
    const times = folders.map((own) => own.reduce((sum, { medianSeconds }) => sum + medianSeconds, 0));
    const saved = times.reduce((sum, time) => sum + time, 0) - Math.max(...times);
    // A step that names another folder takes what is made there.
    const takes = steps.some((step) =>
      steps.some((other) => {
        const name = folderOf(other)
          .split('/')
          .filter((part) => /\w/.test(part))
          .at(-1);
        return (
          folderOf(other) !== folderOf(step) && name !== undefined && scriptOf(step).includes(`${name}/`)
        );
      }),
    );
    // Without a build, these are tests of one build.
    const isOfAll = steps.some((step) => folderOf(step) === '');
    if (
      takes ||
      isOfAll ||
      folders.length < 2 ||
      saved < WORTH_SPLITTING ||
      !steps.some((step) => does(step, 'build'))
    )
      return [];
    return together(steps.map((step) => hitOf(step, evidence))).map((hit) => ({
      ...hit,
      atStakeSeconds: saved,
      doubt: 'A later build may take the result of an earlier one.',
    }));
  });
}

export const builtInSequence: Rule = {
  id: 'built-in-sequence',
  title: 'Things that could be built in parallel are built one after the other',
  advice:
    'Build them in parallel: a job for each with a matrix, one `docker buildx bake` for all images, or all tasks in one command of the tool. Let the deployment wait for all of them.',
  yaml: null,
  remains: [0, 0.3],
  cause: 'order',
  find: (evidence) => [
    ...inOneScript(evidence, evidence.path.steps, IMAGE_BUILDS).map(
      (hit): Hit => ({ ...hit, remains: OF_SCRIPT }),
    ),
    ...buildsInOneScript(evidence),
    ...packedInSequence(evidence),
    ...inSequence(evidence, [IMAGE_BUILDS], (step) => !step.fileJob?.keepsDisk),
    ...inSequence(
      evidence,
      [TARGETS],
      (step) =>
        does(step, 'build') &&
        isMostly(scriptOf(step), TARGETS) &&
        !does(step, 'test', 'deploy', 'image', 'infrastructure', 'publish'),
    )
      .filter(({ parts = [] }) => parts.length >= 2)
      .map((hit) => ({ ...hit, doubt: 'A later build may take what an earlier one makes.' })),
    ...inSeveralFolders(evidence),
    ...imageOfAnotherFolder(evidence),
  ],
};

/** Folders that are packed one after the other, in steps of one job. */
const packedInSequence = (evidence: Evidence): Hit[] =>
  [
    ...byGroup(evidence, (step) =>
      runsAny(scriptOf(step), /^(?:tar|zip|7z) /) &&
      step.fileStep?.steps === undefined &&
      !does(step, 'build', 'deploy', 'test')
        ? step.id
        : null,
    ).values(),
  ].flatMap((steps) => {
    const times = steps.map(({ medianSeconds }) => medianSeconds);
    const saved = times.reduce((sum, time) => sum + time, 0) - Math.max(...times);
    if (steps.length < 3 || saved < LONG_STEP) return [];
    return together(steps.map((step) => hitOf(step, evidence))).map((hit) => ({
      ...hit,
      atStakeSeconds: saved,
    }));
  });

const ROLLOUTS =
  /^(?:helm upgrade|aws ecs deploy|cf push|gcloud (?:run|functions|app) deploy|serverless deploy|sls deploy|sam deploy|fly(?:ctl)? deploy|wrangler deploy|vercel (?:deploy|--prod)|netlify deploy|firebase deploy|az (?:webapp|functionapp|containerapp) (?:deploy\b|up\b|update\b|deployment source config-zip)|func azure functionapp publish|eb deploy|copilot (?:svc )?deploy|kamal (?:deploy|redeploy)|railway up|heroku container:release|gcloud run services update|cdk deploy|aws-actions\/amazon-ecs-deploy\S*|azure\/(?:functions-action|webapps-deploy|container-apps)\S*|google-github-actions\/deploy\S*|\S*\/\S*(?:vercel|netlify|wrangler)\S*)/i;
/** Names of jobs that roll out by region or in steps, or prepare what the next one needs. */
const IN_TURN =
  /(?:^|[^a-z])(?:us|eu|uk|ap|emea|apac|asia|europe|united|america|east|west|north|south|central|regions?|canary|blue|green|primary|secondary|infra\w*|databases?|db|migrat\w*|schema|dns|cdn|base|core|shared|networks?|\d+)(?:[^a-z]|$)/i;

/** Jobs that roll out to one environment, each after another one from which it takes nothing. */
const rolloutJobs = (evidence: Evidence): Hit[] => {
  const graph = evidence.path.graphs.at(-1);
  const jobs = [...(graph?.jobs.values() ?? [])];
  const rollsOut = ({ chain }: GraphJob) => {
    const job = chain.at(-1);
    return jobDoes(job, 'deploy') && !jobDoes(job, 'database', 'infrastructure', 'test') && !job?.matrix;
  };
  const nameOf = ({ job, chain }: GraphJob) =>
    [job, ...chain.map(({ id }) => id)].join(' ').replace(/_/g, ' ');
  const placeOf = ({ chain }: GraphJob) => chain.at(-1)?.environment ?? chain.at(-1)?.calls;
  return jobs.flatMap((job): Hit[] => {
    const shown = evidence.path.jobs.find(
      (other) => other.job === job.job && other.workflow === job.workflow,
    );
    const [before] = job.needs.flatMap((key) => graph?.jobs.get(key) ?? []).filter(rollsOut);
    const place = placeOf(job);
    if (!shown || !before || !place || !rollsOut(job) || placeOf(before) !== place) return [];
    const takes = job.chain.some((one) =>
      one.takes.some((id) => id === '*' || before.chain.some((other) => other.id === id)),
    );
    if (takes || [job, before].some((one) => IN_TURN.test(nameOf(one)))) return [];
    const doubt = 'A service may need the one before it.';
    return [
      {
        ...shown,
        where: shown.job,
        slackSeconds: null,
        doubt,
        atStakeSeconds: Math.min(job.seconds, before.seconds),
      },
    ];
  });
};

/** In a loop, each rollout is waited for before the next one starts. */
const WAITS_FOR_ROLLOUT = /^(?:kubectl (?:rollout status|wait)|aws ecs wait)\b/;
/** Commands that start a rollout. If none is in a loop, the rollouts started before it and run at the same time. */
const STARTS =
  /^(?:kubectl (?:set|apply|patch|replace|rollout restart|scale)|helm |aws (?:ecs (?:update-service|deploy)|deploy)|cf |gcloud |az |serverless |sls |sam |fly|wrangler|vercel|netlify|firebase|docker |kustomize |aws-actions\/amazon-ecs-deploy)/;
const startsInLoop = ({ fileStep, fileJob }: PathStep): boolean => {
  const loop = fileStep && loopIn(fileStep, fileJob?.env);
  return loop !== null && commandsIn(loop.body).some((command) => STARTS.test(plain(command)));
};
const TO_MACHINES = /^(?:ssh|scp|rsync)(?=\s)/;

/** Steps of one job that each wait for a rollout that was started after the wait before: all but the first, or one with several. */
const waitedInTurn = (evidence: Evidence, deploying: readonly PathStep[]): Hit[] =>
  [...byGroup(evidence, (step) => (deploying.includes(step) ? step.id : null)).values()].flatMap((steps) => {
    let isStarted = false;
    const turns = steps.flatMap((step) =>
      allSteps(step.fileStep ? [step.fileStep] : [])
        .flatMap((inner) => [inner.uses ?? '', ...commandsIn(scriptIn(inner)).map(plain)])
        .flatMap((command) => {
          if (!WAITS_FOR_ROLLOUT.test(command)) {
            isStarted ||= STARTS.test(command);
            return [];
          }
          const isTurn = isStarted;
          isStarted = false;
          return isTurn ? [step] : [];
        }),
    );
    const waits = [...new Set(turns)].filter(({ medianSeconds }) => medianSeconds >= LONG_STEP);
    const [first] = waits;
    if (!first || turns.length < 2) return [];
    const doubt = 'A service may need the one before it.';
    if (waits.length === 1) {
      const own = turns.filter((step) => step === first).length;
      const atStakeSeconds = first.medianSeconds * (1 - 1 / own);
      return own < 2 ? [] : [{ ...hitOf(first, evidence), atStakeSeconds, doubt }];
    }
    const atStakeSeconds = sumOf(waits) - Math.max(...waits.map(({ medianSeconds }) => medianSeconds));
    return together(waits.slice(1).map((step) => hitOf(step, evidence))).map((hit) => ({
      ...hit,
      atStakeSeconds,
      doubt,
    }));
  });

/** Steps that run the same script on one machine after another. */
const machinesInTurn = (evidence: Evidence, deploying: readonly PathStep[]): Hit[] =>
  [
    ...byGroup(evidence, (step) => {
      const { script, host } = step.fileStep?.with ?? {};
      const counts = deploying.includes(step) && step.medianSeconds >= LONG_STEP && script && host;
      return counts ? `${step.id}\n${String(script)}` : null;
    }).values(),
  ].flatMap((steps) => {
    if (steps.length < 2) return [];
    const atStakeSeconds = sumOf(steps) - Math.max(...steps.map(({ medianSeconds }) => medianSeconds));
    return together(steps.slice(1).map((step) => hitOf(step, evidence))).map((hit) => ({
      ...hit,
      atStakeSeconds,
      doubt: MACHINES,
    }));
  });
const MACHINES = 'The machines may take turns, so that one of them always answers.';

export const rolledOutInSequence: Rule = {
  id: 'rolled-out-in-sequence',
  title: 'Services are rolled out one after the other',
  advice:
    'Start all rollouts first and wait for all of them at the end, or use a job for each service with a matrix. Keep the order only where a service needs another one.',
  yaml: null,
  remains: [0, 0.25],
  cause: 'order',
  find: (evidence) => {
    const deploying = deploymentsIn(evidence);
    const loops = deploying.filter(({ fileStep, fileJob }) => fileStep && loopIn(fileStep, fileJob?.env));
    const scripts = deploying.filter((step) => !loops.includes(step));
    return [
      ...inOneScript(evidence, loops.filter(startsInLoop), ROLLOUTS, WAITS_FOR_ROLLOUT),
      ...inOneScript(evidence, loops, TO_MACHINES).map((hit) => ({
        ...hit,
        doubt: MACHINES,
      })),
      ...machinesInTurn(evidence, deploying),
      ...waitedInTurn(evidence, scripts),
      ...inOneScript(evidence, scripts, ROLLOUTS),
      ...rolloutJobs(evidence),
      ...inSequence(
        evidence,
        [ROLLOUTS],
        (step) => deploying.includes(step) && !/canary/i.test(step.step),
      ).map((hit) => ({
        ...hit,
        doubt: 'A service may need the one before it.',
      })),
    ];
  },
};

/** Images that a job builds after tests which they take nothing from. */
export const imagesAfterTests = (evidence: Evidence): Hit[] =>
  evidence.path.jobs.flatMap((job) => {
    const steps = stepsOf(job, evidence.path);
    const isTest = (step: PathStep) =>
      does(step, 'test', 'database', 'check') && !does(step, 'build', 'image', 'infrastructure', 'deploy');
    const first = steps.findIndex(isTest);
    const images = steps.filter(
      (step, i) =>
        first >= 0 &&
        i > first &&
        does(step, 'image') &&
        !does(step, 'test') &&
        step.medianSeconds >= LONG_STEP,
    );
    const [image] = images;
    const before = steps.slice(0, image ? steps.indexOf(image) : 0);
    const builds = before.filter((step) => does(step, 'build') && !does(step, 'image'));
    // A program is packed into the image. What builds a site or a solution for the tests is probably built again in it.
    if (builds.some((step) => !buildsForTests(step))) return [];
    const mayContain = builds.some((step) => !runsAny(scriptOf(step), /^dotnet build\b/));
    if (mayContain && sumOf(images) < sumOf(builds)) return [];
    // The image has no use for the packages on the runner either.
    const others = before.filter(
      (step) => isTest(step) || builds.includes(step) || isMostly(scriptOf(step), INSTALL),
    );
    const saved = Math.min(sumOf(others), sumOf(images));
    if (saved < 2 * LONG_STEP || sumOf(before.filter(isTest)) < LONG_STEP) return [];
    return together(images.map((step) => hitOf(step, evidence))).map((hit) => ({
      ...hit,
      atStakeSeconds: saved,
      ...(mayContain ? { doubt: 'The image may contain what the build before it made.' } : {}),
    }));
  });

const sumOf = (steps: readonly PathStep[]): number =>
  steps.reduce((total, { medianSeconds }) => total + medianSeconds, 0);

/** True if a step builds nothing that is usually copied into an image as it is. */
const buildsForTests = (step: PathStep): boolean =>
  commandsIn(scriptOf(step)).every((command) => {
    const isBuild = kindsOfCommand(plain(command)).includes('build');
    return !isBuild || /^(?:dotnet build|(?:npm|yarn|pnpm|bun)(?: run)? \S*build)\b/.test(plain(command));
  });

/** Tests that look at what was built, so that they need it. */
const OF_BUILD =
  /e2e|end-to-end|playwright|cypress|selenium|smoke|lhci|lighthouse|browser|integration|acceptance|serve|preview|wait-on|pytest|ctest|docker|storybook|links?|html|a11y|visual|size/i;
/** Tools that build and test apart from one another. Others compile for both. */
const APART =
  /^(?:npm|yarn|pnpm|bun|flutter|jest|vitest|mocha|composer|phpunit|pest|php|rspec|rake|rails|vite|next|ng|webpack)\b/;

/** True if another job on the path that does not deploy takes what a job uploads. */
function isTakenBeforeDeployment({ id, fileJob }: PathJob, { path }: Evidence): boolean {
  const uploads = (fileJob?.steps ?? []).some(({ uses }) => UPLOAD.test(uses ?? ''));
  const next = path.jobs.filter((job) => fileJob && job.id !== id && job.fileJob?.needs.includes(fileJob.id));
  const takes = (job: PathJob) => job.fileJob?.steps.some(({ uses }) => DOWNLOAD.test(uses ?? ''));
  return uploads && next.length > 0 && next.every((job) => !job.isDeploy && takes(job));
}

/** Tests and builds of one job that run one after the other, though neither takes anything from the other one. */
export const testsBesideBuilds = (evidence: Evidence): Hit[] =>
  evidence.path.jobs.flatMap((job): Hit[] => {
    const isTaken = isTakenBeforeDeployment(job, evidence);
    const steps = stepsOf(job, evidence.path).filter(
      ({ medianSeconds }) => isTaken || medianSeconds >= LONG_STEP,
    );
    const isApart = ({ fileStep }: PathStep) =>
      fileStep?.run != null &&
      commandsIn(fileStep.run).every((command) => APART.test(plain(command)) || INSTALL.test(command));
    const builds = steps.filter(
      (step) =>
        does(step, 'build') &&
        !does(step, 'test', 'check', 'image', 'deploy', 'publish') &&
        !/upload|sign/i.test(step.step) &&
        isApart(step),
    );
    const [first] = builds;
    const checks = steps.filter(
      (step) =>
        does(step, 'test', 'check') &&
        !does(step, 'build', 'image', 'deploy', 'database') &&
        isApart(step) &&
        !OF_BUILD.test(scriptOf(step)),
    );
    if (
      !first ||
      !checks.some((step) => does(step, 'test')) ||
      new Set([...checks, ...builds].map(({ fileStep }) => fileStep?.directory)).size > 1
    )
      return [];
    const before = checks.filter((step) => steps.indexOf(step) < steps.indexOf(first));
    // What else the job does takes its time beside the tests, too.
    const tests = checks.filter((step) => does(step, 'test'));
    const others = stepsOf(job, evidence.path).filter(
      (step) =>
        !tests.includes(step) && does(step, 'build', 'check', 'image') && !does(step, 'deploy', 'publish'),
    );
    const saved = isTaken
      ? sumOf(before)
      : Math.max(Math.min(sumOf(checks), sumOf(builds)), Math.min(sumOf(tests), sumOf(others)));
    if (saved < 2 * LONG_STEP) return [];
    const later = isTaken ? before : before.length > 0 ? builds : checks;
    return together(later.map((step) => hitOf(step, evidence))).map((hit) => ({
      ...byCostliest(hit),
      atStakeSeconds: saved,
      advice: isTaken ? BUILD_FIRST : IN_TWO_JOBS,
      doubt: 'The tests may look at what is built.',
    }));
  });
const BUILD_FIRST =
  'Move the checks to a job of their own, so that the next job starts when the build is done. Let the deployment need both.';
const IN_TWO_JOBS =
  'Run the checks and the build in two jobs at the same time. Let the deployment need both.';

/** Commands that deploy what they build first, as their options show, and can also deploy what was built before. */
const BUILDS_REMOTELY =
  /^(?:fly(?:ctl)? deploy\b(?=.*--(?:build-(?:arg|secret|target)|dockerfile|no-cache|local-only))(?!.*(?:--image|-i)[ =])|gcloud (?:beta )?run deploy\b.*--source|kamal (?:deploy|redeploy)\b(?!.*(?:--skip-push|-P)\b)|copilot (?:svc )?deploy|netlify deploy\b.*--build|skaffold run\b)/;

/** A step that deploys and builds an image for it elsewhere, which takes most of its time; `undefined` without such a step. */
export const buildOnServer = (
  evidence: Evidence,
  id: string,
): { step: PathStep; isRemote: boolean } | undefined => {
  const steps = deploymentsIn(evidence).filter(
    ({ id: own, medianSeconds, fileStep }) => own === id && medianSeconds >= LONG_BUILDS && fileStep !== null,
  );
  const onServer = steps.find(
    ({ fileStep }) =>
      fileStep &&
      /ssh|remote/.test(fileStep.uses ?? '') &&
      runsAny(scriptIn(fileStep), /^(?:docker (?:build|buildx build|compose (?:build|up\b.*--build)))\b/),
  );
  const remote = steps.find((step) => runsAny(scriptOf(step), BUILDS_REMOTELY));
  if (onServer) return { step: onServer, isRemote: false };
  return remote && { step: remote, isRemote: true };
};

/** Deployments that build on another machine after tests in the same job. */
export const builtRemotelyAfterTests = (evidence: Evidence): { step: PathStep; saved: number }[] =>
  evidence.path.jobs.flatMap((job) => {
    const found = buildOnServer(evidence, job.id);
    if (!found?.isRemote) return [];
    const steps = stepsOf(job, evidence.path);
    const before = steps.slice(0, steps.indexOf(found.step));
    const saved = Math.min(
      sumOf(before.filter((step) => does(step, 'test') && !does(step, 'build', 'deploy'))),
      found.step.medianSeconds * 0.6,
    );
    return saved < 2 * LONG_STEP ? [] : [{ step: found.step, saved }];
  });

/** The seconds of a job until its first step that deploys, and the builds among them. */
export const buildsBefore = (evidence: Evidence, id: string): PathStep[] => {
  const job = jobOf({ id }, evidence.path);
  const steps = job ? stepsOf(job, evidence.path) : [];
  const deploying = deploymentsIn(evidence);
  const first = steps.findIndex((step) => deploying.includes(step));
  return steps
    .slice(0, Math.max(0, first))
    .filter((step) => does(step, 'image', 'build') && !does(step, 'test') && step.medianSeconds >= LONG_STEP);
};
